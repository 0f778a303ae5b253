/*
 * From the times that a log's stamps tell to the times that hold: the zone that
 * they leave out, and a clock that was wrong.  Both are said of a source by the
 * one who opens it.
 *
 * It knows nothing of logs and their lines.
 */
#ifndef EHLOG_INDEX_STAMP_H
#define EHLOG_INDEX_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct source_clock {
	struct zone zone;        /* of stamps that tell none; ZONE_NONE: it is
	                            not known. The rules are the giver's */
	int64_t skew;            /* ms to add */
};

/* Whether stamps tell the time as it is. */
static inline bool
source_clock_is_plain(const struct source_clock *c)
{
	return c->zone.kind == ZONE_NONE && c->skew == 0;
}

bool source_clock_is_same(const struct source_clock *a,
    const struct source_clock *b);

/* The time that a stamp stands for; one that nothing could reckon with stays. */
int64_t source_clock_correct(const struct source_clock *c, int64_t stamp);
/* The same of n times that lie `step` bytes apart. */
void source_clock_correct_all(const struct source_clock *c, int64_t *first,
    size_t n, size_t step);

/* How far ahead it is, in ms: it may tell of times to come. */
static inline int64_t
source_clock_ahead(const struct source_clock *c)
{
	return c->skew < 0 ? -c->skew : 0;
}

#endif
