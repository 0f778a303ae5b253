/*
 * The stamp of a syslog line in any of its forms, taken apart with patience.
 * It knows of no line before; syslog.c has the ways that are quicker.
 */
#ifndef EHLOG_FORMAT_SYSLOG_STAMP_H
#define EHLOG_FORMAT_SYSLOG_STAMP_H

#include "base/clock.h"
#include "base/slice.h"

struct syslog_stamp {
	struct civil c;          /* year 0: none written */
	size_t length;           /* with the blank behind it */
	int offset;              /* seconds east, with `zoned` */
	bool zoned, iso, ms;
};

/* False when s begins with none; its date may be none of the calendar. */
bool syslog_parse_stamp(struct slice s, struct syslog_stamp *st);

/* Z, +HH:MM, +HHMM, +HH at *at: true also when there is none. */
bool syslog_parse_zone(struct slice s, size_t *at, struct syslog_stamp *st);

/* 1 to 12 for "Mar", "mars", "июн": 0 for what is no month's short name. */
unsigned syslog_month(struct slice name);

/* Up to `most` digits at *at; false when there is none. */
bool syslog_number(struct slice s, size_t *at, unsigned most, int *v);

static inline bool
syslog_one_of(struct slice s, size_t *at, char a, char b)
{
	if (*at >= s.n || (s.p[*at] != a && s.p[*at] != b))
		return false;
	(*at)++;
	return true;
}

static inline size_t
syslog_skip_blanks(struct slice s, size_t at)
{
	while (at < s.n && ascii_is_blank((unsigned char)s.p[at]))
		at++;
	return at;
}

#endif
