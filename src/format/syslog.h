/*
 * The frame that syslog puts around what a mail server says: a stamp, a host,
 * `program[pid]: `.  Shared by all formats whose logs come through it.
 *
 * Stamps: BSD (RFC 3164: no year, any number of blanks, month names of other
 * languages, fractions), ISO 8601 (fractions, Z or an offset), RFC 5424; each
 * behind `<pri>`, and behind the stamp that a container's log adds, which then
 * is the one that counts.  It knows nothing of mail.
 */
#ifndef EHLOG_FORMAT_SYSLOG_H
#define EHLOG_FORMAT_SYSLOG_H

#include "format/format.h"

/*
 * Stands at the head of the state of a format; zeroed it is valid.  Year and
 * month are what a stamp without a year is measured against.  The minute of
 * the last stamp saves the arithmetic of the calendar; it changes no result.
 */
struct syslog_state {
	int16_t year;            /* of the latest stamp without one; 0: not known */
	uint8_t month;           /* of that stamp, 1 to 12; 0: none yet */
	uint8_t wall;            /* offsets are left out: the log's other times
	                            have none */
	int32_t minute_number;   /* since 1970 */
	char minute[16];         /* as written, or zeros */
};

struct syslog_line {
	int64_t time;            /* CLOCK_NONE: the date is none */
	struct slice host;       /* empty where the log has none */
	struct slice program;    /* "postfix/smtpd", without [pid] */
	struct slice pid;        /* digits, or empty */
	struct slice text;       /* behind "program[pid]: " */
	struct slice body;       /* from the program to the end of the line */
	bool new_year;           /* the state changed: set EVENT_STATE */
};

/* False when the line has no such frame: *out is not to be looked at. */
bool syslog_cut(struct syslog_state *ss, struct slice line,
    struct syslog_line *out);

/*
 * For a probe: the year of the first stamp, by the time the file was written
 * (else by the present), and what kind of times there are.
 */
void syslog_begin(struct syslog_state *ss, struct slice head,
    const struct format_hint *hint, struct format_traits *traits);

#endif
