/*
 * Times of a log: milliseconds since 1970-01-01, as a plain int64_t.
 *
 * Where the zone of a log is known, because its stamps tell it (Z, an offset) or
 * a person did (--tz), the number is UTC: an instant.  Where it is not, the
 * number is the wall clock taken as if it were UTC.
 */
#ifndef EHLOG_BASE_CLOCK_H
#define EHLOG_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/slice.h"

#define CLOCK_NONE INT64_MIN

/*
 * Times that a log can tell are some hundred thousand years from now at most:
 * nothing that is reckoned with such overflows.
 */
static inline bool
clock_is_near(int64_t t)
{
	return t > -(INT64_C(1) << 53) && t < INT64_C(1) << 53;
}

struct civil {
	int year, month, day;        /* 1 based month and day */
	int hour, minute, second, ms;
};

/* Proleptic Gregorian calendar; no range check beyond the civil fields'. */
int64_t clock_from_civil(const struct civil *c);
void clock_to_civil(int64_t ms, struct civil *c);
bool civil_is_valid(const struct civil *c);

/* Milliseconds of a monotonic clock, for rates and deltas. */
int64_t clock_now_ms(void);

/* A zone: where clocks on the wall show what. */
enum zone_kind { ZONE_NONE, ZONE_FIXED, ZONE_NAMED };
struct zone_rules;
struct zone {
	enum zone_kind kind;
	int offset;                  /* ZONE_FIXED: seconds east of UTC */
	const char *name;            /* as it was given; the giver's */
	struct zone_rules *rules;    /* ZONE_NAMED; copies share it */
};

/*
 * `text`: Z, UTC, +HH[:MM], -HH[:MM], local, or a name of the zone database
 * (Europe/Berlin).  The rules of a name are taken down for the years from 1970
 * to 2069; before and after, the first and the last offset hold.  For that a
 * name stands in TZ for a moment, so call it before threads start.  Free what
 * came of it: one of the copies.
 */
int zone_parse(struct zone *z, const char *text, struct err *err);
void zone_free(struct zone *z);
/* Whether both have the same offset at all times; also of no zone. */
bool zone_is_same(const struct zone *a, const struct zone *b);

/*
 * Seconds east of UTC that the zone has when its clocks on the wall show
 * `wall` (a time without zone, as above); 0 for ZONE_NONE.  The hour that
 * comes twice is taken for the first time it comes.
 */
int zone_offset(const struct zone *z, int64_t wall);
/* The same at an instant. */
int zone_offset_at(const struct zone *z, int64_t utc);

/* Times on the wall at which a zone has one offset: from <= wall < to. */
struct zone_span {
	int64_t from, to;
	int offset;
};
struct zone_span zone_span(const struct zone *z, int64_t wall);
/*
 * From one of its changes to the next, `i` counting from 0: what tells one
 * zone's rules from another's, with the first in *offset alone.  False behind
 * the last.
 */
bool zone_change(const struct zone *z, size_t i, int64_t *utc, int *offset);

/*
 * Appends YYYY-MM-DDTHH:MM:SS[.mmm] and what tells the zone.  With `z` (not
 * NULL, not ZONE_NONE) t is an instant and is shown as that zone's clocks do,
 * with their offset; else t is shown as it is, with Z when `utc`.  `ms`: with
 * fraction.
 */
void clock_iso(struct buf *out, int64_t t, bool utc, bool ms,
    const struct zone *z);

/* "+02", "+0200", "+02:00", "-..." in seconds east; -1 when it is none. */
int clock_parse_offset(struct slice s, int *seconds);

/*
 * Reads a time that a person typed: YYYY-MM-DD, YYYY-MM-DD[T ]HH:MM[:SS[.mmm]]
 * with an optional Z or offset, or HH:MM[:SS[.mmm]] alone.  *day is false when
 * only a time of day was given (*t is then ms since midnight); *end receives
 * the first ms after what was said (2026-11-01 means the whole day, 10:30 the
 * whole minute).  Returns -1 with words when it is none of these.
 */
int clock_parse(struct slice s, int64_t *t, int64_t *end, bool *day,
    struct err *err);

/*
 * A duration a person typed: 30s, 500ms, 2m, 1h, 1.5s, 1d; a bare number is
 * seconds.  Milliseconds in *ms.
 */
int clock_parse_duration(struct slice s, int64_t *ms, struct err *err);
/* The same with a sign before it: -90s, +2.5s; none is a plus. */
int clock_parse_shift(struct slice s, int64_t *ms, struct err *err);
/* How it is written: "+2.5s", "-90s", "+1h", "+1h30m"; "0s". */
void clock_shift(struct buf *out, int64_t ms);

/* "13ms", "1.2s", "59s", "4m03s", "2h05m", "3d04h": at most 6 columns. */
void clock_duration(struct buf *out, int64_t ms);

#endif
