/*
 * A line of Exim's debugging output without its prefix: clock, process,
 * indent.  Knows nothing of what the rest says.
 */
#ifndef EHLOG_FORMAT_EXIM_DEBUG_LINE_H
#define EHLOG_FORMAT_EXIM_DEBUG_LINE_H

#include "format/format.h"

struct debug_state {
	int32_t day;             /* since 1970, of the clock; 0: not known */
	uint8_t hour;            /* the latest that was seen that day */
	uint8_t bare;            /* a dialogue by hand: lines without a mark */
};
_Static_assert(sizeof(struct debug_state) <= FORMAT_STATE_MAX, "state fits");

#define DAY_MS INT64_C(86400000)

struct debug_line {
	int64_t time;
	struct slice pid;        /* empty: not told */
	size_t indent;           /* blanks before the text */
	struct slice text;
	bool state;              /* *ds changed */
	bool clocked;            /* it has a clock, which says `hour` */
	uint8_t hour;
};

void debug_cut_line(struct debug_state *ds, struct slice line,
    struct debug_line *l);

#endif
