/*
 * start: and end:.  A time that was typed without a zone means what is shown;
 * one with a zone means an instant.  Times are instants, some of which are
 * shown in the reader's zone and others as they are: so a term has two ranges.
 */
#include "config.h"

#include "query/range.h"

#include "index/shown.h"

#define DAY_MS INT64_C(86400000)

struct moment {
	struct range said;       /* from the first to the last ms; not of a
	                            moment that is not given */
	bool day;                /* not only a time of day */
	bool zoned;
	bool given;
};

/* After a date there may be Z, UTC, or an offset. */
static bool
has_zone(struct slice s)
{
	int dashes = 0;

	for (size_t i = 0; i < s.n; i++) {
		dashes += s.p[i] == '-';
		if (memchr("+zZcC", s.p[i], 5))
			return true;
	}
	return dashes > 2;
}

static int
read_moment(const struct value *v, struct slice s, struct moment *m)
{
	struct err err;
	int64_t end;

	*m = (struct moment){ .given = s.n > 0, .zoned = has_zone(s) };
	if (!m->given)
		return 0;
	if (clock_parse(s, &m->said.lo, &end, &m->day, &err) < 0)
		return value_mistake_in(v, s, "%.200s", err.text);
	m->said.hi = end - 1;
	return 0;
}

/*
 * When the clocks of a zone show it, or the last ms before: in the hour that
 * comes twice, the first time or the last.  The hour that does not exist is no
 * time at all: what begins in it begins behind it, what ends in it before it.
 */
static int64_t
instant_of(int64_t wall, const struct zone *zone, bool last)
{
	struct zone_span span = zone_span(zone, wall);
	int64_t first = wall - span.offset * INT64_C(1000);
	int offset = zone_offset_at(zone, first);
	int64_t again;

	if (offset != span.offset)
		return span.to - offset * INT64_C(1000) - last;
	if (!last)
		return first;
	/* A change sets clocks back by some hours at most. */
	again = wall - zone_offset_at(zone, first + DAY_MS / 4) * INT64_C(1000);
	return again > first && again + zone_offset_at(zone, again) *
	    INT64_C(1000) == wall ? again : first;
}

static struct moment
moment_in_zone(struct moment m, const struct zone *zone)
{
	if (m.given && !m.zoned && zone) {
		m.said.lo = instant_of(m.said.lo, zone, false);
		m.said.hi = instant_of(m.said.hi, zone, true);
	}
	return m;
}

static struct range
span(const struct sides *s, struct moment lo, struct moment hi)
{
	if (!s->is_range)
		return range_compare(s->op, lo.said, false);
	return (struct range){ lo.given ? lo.said.lo : INT64_MIN,
		hi.given ? hi.said.hi : INT64_MAX };
}

int
parse_time(struct term *t, const struct value *v)
{
	struct moment lo, hi;
	struct sides s;

	if (range_split(v, &s) < 0 || read_moment(v, s.lo, &lo) < 0 ||
	    read_moment(v, s.hi, &hi) < 0)
		return -1;
	if (lo.given && hi.given && lo.day != hi.day)
		return value_mistake(v, "one end of this range has a day and "
		    "the other has none");
	t->of_day = lo.given ? !lo.day : !hi.day;
	t->range = span(&s, lo, hi);
	t->zoned = span(&s, moment_in_zone(lo, v->zone),
	    moment_in_zone(hi, v->zone));
	t->as_shown = !s.is_range && s.op == OP_IS && !lo.zoned;
	/* 23:00..01:00 runs over midnight; a day does not. */
	if (t->range.lo > t->range.hi && !t->of_day)
		return value_mistake(v, "this range runs backwards: write "
		    "%s..%s", excerpt(s.hi).text, excerpt(s.lo).text);
	return 0;
}

static bool
time_holds(const struct term *t, const struct filter_context *c, int64_t at)
{
	const struct range *r = &t->range;
	int64_t ms;

	if (at == CLOCK_NONE)
		return false;
	/* Between two times of one name lie others. */
	if (!t->of_day && c->stream->shown)
		return range_holds(t->zoned, at) && (!t->as_shown ||
		    range_holds(*r, stream_wall(c->stream, at)));
	if (!t->of_day)
		return range_holds(*r, at);
	ms = stream_wall(c->stream, at) % DAY_MS;
	if (ms < 0)
		ms += DAY_MS;
	if (r->lo > r->hi)
		return ms >= r->lo || ms <= r->hi;
	return range_holds(*r, ms);
}

enum answer
ask_start(const struct term *t, struct filter_context *c, enum ask_level level)
{
	(void)level;
	return answer_of(time_holds(t, c, c->rec->start));
}

/*
 * The end is start and duration.  The few sessions of more than 49 days, whose
 * duration is cut in the record, are decoded whatever the level.
 */
enum answer
ask_end(const struct term *t, struct filter_context *c, enum ask_level level)
{
	(void)level;
	if (c->rec->start == CLOCK_NONE)
		return ANSWER_NO;
	if (c->rec->duration == UINT32_MAX)
		return answer_of(time_holds(t, c, evidence_facts(c)->end));
	return answer_of(time_holds(t, c,
	    c->rec->start + c->rec->duration));
}
