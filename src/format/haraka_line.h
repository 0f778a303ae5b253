/*
 * Lines of Haraka's log in their three forms, cut into level, id, origin,
 * message and named values.  It knows nothing of what they tell.
 *
 *   2026-11-23T10:00:00.123Z [NOTICE] [UUID.1] [core] queue code=OK msg="x"
 *   2026-11-23T10:00:00.123Z level=NOTICE uuid=UUID.1 origin=core message=...
 *   2026-11-23T10:00:00.123Z {"level":"NOTICE","uuid":"UUID.1",...}
 *
 * The stamp may be missing, or be that of syslog.
 */
#ifndef EHLOG_FORMAT_HARAKA_LINE_H
#define EHLOG_FORMAT_HARAKA_LINE_H

#include "format/iso_stamp.h"
#include "format/syslog.h"

struct haraka_state {
	struct syslog_state syslog;
	struct iso_minute minute;
};
_Static_assert(sizeof(struct haraka_state) <= FORMAT_STATE_MAX, "state fits");

struct haraka_line {
	int64_t time;            /* CLOCK_NONE: there is none */
	bool new_year;           /* the state changed */
	bool escaped;            /* message and values have backslashes */
	bool json;
	struct slice level;
	struct slice id;         /* "-" where it is of no session */
	struct slice origin;
	struct slice message;    /* in the default form with all behind it */
	struct slice values;     /* where named values stand */
};

/* False when the line is none of Haraka's logger. */
bool haraka_cut(struct haraka_state *hs, struct slice line,
    struct haraka_line *out);

/*
 * The value of that name, without its quotes but with its escapes; p == NULL
 * when there is none.  Names inside of values do not count.
 */
struct slice haraka_value(const struct haraka_line *l, struct slice name);

#endif
