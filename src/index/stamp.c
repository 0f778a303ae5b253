/*
 * Times: as the log writes them, and as they are.
 */
#include "config.h"

#include "index/stamp.h"


bool
source_clock_is_same(const struct source_clock *a, const struct source_clock *b)
{
	return a->skew == b->skew && zone_is_same(&a->zone, &b->zone);
}

static int64_t
moved(int64_t stamp, int64_t by)
{
	/* Neither can be near the ends of its type, nor may their sum be. */
	return clock_is_near(stamp) && clock_is_near(stamp + by) ? stamp + by :
	    stamp;
}

int64_t
source_clock_correct(const struct source_clock *c, int64_t stamp)
{
	return moved(stamp, c->skew - zone_offset(&c->zone, stamp) *
	    INT64_C(1000));
}

void
source_clock_correct_all(const struct source_clock *c, int64_t *first, size_t n,
    size_t step)
{
	struct zone_span span = zone_span(&c->zone, n ? *first : 0);
	char *p = (char *)first;

	for (size_t i = 0; i < n; i++, p += step) {
		int64_t *t = (int64_t *)(void *)p;

		if (*t == CLOCK_NONE)
			continue;
		if (*t < span.from || *t >= span.to)
			span = zone_span(&c->zone, *t);
		*t = moved(*t, c->skew - span.offset * INT64_C(1000));
	}
}
