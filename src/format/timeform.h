/*
 * Forms of time stamps, as a format file writes them: `%d/%b/%Y %H:%M:%S`, or
 * a name for a usual one (iso, unix, tai64n).
 *
 *   %Y %y %m %b %d     year, year of the century, month by number, by name, day
 *   %H %I %M %S %p     hour of 24, hour of 12, minute, second, AM or PM
 *   %f                 .123 or ,123456: a fraction, or nothing at all
 *   %z                 Z, +02:00, +0200, +02, or nothing: local time
 *   %a                 name of a day: read over
 *   %s                 seconds since 1970, UTC
 *   %%                 a per cent sign
 *
 * A blank stands for one blank or more.  Numbers may lack their leading zero.
 */
#ifndef EHLOG_FORMAT_TIMEFORM_H
#define EHLOG_FORMAT_TIMEFORM_H

#include "base/clock.h"

struct timeform {
	char *text;              /* the form, names replaced */
	bool tai64n;
	bool utc;                /* all of its times tell a zone */
	bool fraction;           /* it has milliseconds */
	bool dated;              /* it has a day, not only a time of day */
	bool clocked;            /* it has a time of day */
};

/* -1 with words; *at is the byte of the form that is wrong. */
int timeform_make(struct timeform *tf, struct slice form, size_t *at,
    struct err *err);
void timeform_free(struct timeform *tf);

/*
 * Reads a stamp that fills the whole slice; CLOCK_NONE when it has another
 * form or is no time.  Of an undated form: ms since midnight.  *utc is set
 * when the stamp told its zone.
 */
int64_t timeform_read(const struct timeform *tf, struct slice s, bool *utc);

#endif
