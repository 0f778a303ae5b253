/*
 * Times as they are shown.
 */
#include "config.h"

#include "index/shown.h"

int64_t
stream_wall(const struct stream *sm, int64_t t)
{
	if (!sm || !sm->shown || t == CLOCK_NONE)
		return t;
	return t + zone_offset_at(sm->shown, t) * INT64_C(1000);
}

void
stream_iso(struct buf *out, const struct stream *sm, int64_t t)
{
	clock_iso(out, t, sm->traits.times_are_utc, sm->traits.times_have_ms,
	    sm->shown);
}

bool
stream_shows_utc(const struct stream *sm)
{
	if (!sm->shown)
		return sm->traits.times_are_utc;
	return sm->shown->kind == ZONE_FIXED && sm->shown->offset == 0;
}
