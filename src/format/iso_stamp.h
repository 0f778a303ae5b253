/*
 * The stamp `2026-11-23T10:00:00.123Z` in its common ways of writing: a blank
 * for the T, a comma for the dot, with and without fraction and Z.  Inline: it
 * stands at the head of every line.
 *
 * The minute of the last one saves the arithmetic of the calendar for most of
 * the next; it changes no result.
 */
#ifndef EHLOG_FORMAT_ISO_STAMP_H
#define EHLOG_FORMAT_ISO_STAMP_H

#include "base/clock.h"
#include "format/digits.h"

struct iso_minute {
	char text[16];           /* 2026-11-23 10:00, or zeros */
	int64_t time;
};

/* As said of a state in format.h. */
static inline bool
iso_minute_is_sound(const struct iso_minute *m)
{
	return clock_is_near(m->time);
}

/* Reads text; false when it is no minute of the calendar. */
bool iso_minute_read(struct iso_minute *m, const char *p);

/* How long the stamp at the head of s is, 0 when there is none. */
static inline size_t
iso_stamp(struct iso_minute *m, struct slice s, int64_t *t)
{
	const char *p = s.p;
	unsigned tens, ones, ms = 0, scale = 100;
	size_t n = 19;

	if (s.n < 19 || p[16] != ':' || (memcmp(p, m->text, 16) != 0 &&
	    !iso_minute_read(m, p)))
		return 0;
	tens = digit_value(p[17]);
	ones = digit_value(p[18]);
	/* Second 60 is a leap second. */
	if (tens > 6 || ones > 9 || (tens == 6 && ones))
		return 0;
	if (n + 1 < s.n && (p[n] == '.' || p[n] == ',') &&
	    digit_value(p[n + 1]) < 10)
		for (n++; n < s.n && digit_value(p[n]) < 10; n++) {
			ms += digit_value(p[n]) * scale;
			scale /= 10;
		}
	*t = m->time + (tens * 10 + ones) * 1000 + ms;
	return n < s.n && p[n] == 'Z' ? n + 1 : n;
}

#endif
