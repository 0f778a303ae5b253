/*
 * Stamps of syslog: BSD and ISO, with and without year, fraction and zone, and
 * months in many languages.
 */
#include "config.h"

#include "format/syslog_stamp.h"

#include "format/digits.h"

bool
syslog_number(struct slice s, size_t *at, unsigned most, int *v)
{
	unsigned n = 0;

	*v = 0;
	while (n < most && *at < s.n && digit_value(s.p[*at]) <= 9) {
		*v = *v * 10 + (int)digit_value(s.p[*at]);
		(*at)++;
		n++;
	}
	return n > 0;
}

/* HH:MM:SS and a fraction. */
static bool
parse_clock(struct slice s, size_t *at, struct syslog_stamp *st)
{
	int scale = 100;

	if (!syslog_number(s, at, 2, &st->c.hour) ||
	    !syslog_one_of(s, at, ':', ':') ||
	    !syslog_number(s, at, 2, &st->c.minute) ||
	    !syslog_one_of(s, at, ':', ':') ||
	    !syslog_number(s, at, 2, &st->c.second))
		return false;
	if (*at + 1 >= s.n || (s.p[*at] != '.' && s.p[*at] != ',') ||
	    digit_value(s.p[*at + 1]) > 9)
		return true;
	st->ms = true;
	for ((*at)++; *at < s.n && digit_value(s.p[*at]) <= 9; (*at)++) {
		st->c.ms += (int)digit_value(s.p[*at]) * scale;
		scale /= 10;
	}
	return true;
}

bool
syslog_parse_zone(struct slice s, size_t *at, struct syslog_stamp *st)
{
	size_t n = *at;

	if (syslog_one_of(s, at, 'Z', 'z')) {
		st->zoned = true;
		return true;
	}
	if (n >= s.n || (s.p[n] != '+' && s.p[n] != '-'))
		return true;
	for (n++; n < s.n && (digit_value(s.p[n]) <= 9 || s.p[n] == ':'); n++)
		;
	st->zoned = clock_parse_offset((struct slice){ s.p + *at, n - *at },
	    &st->offset) == 0;
	*at = n;
	return st->zoned;
}

/* YYYY-MM-DD, T or a blank, the clock, the zone. */
static bool
parse_iso(struct slice s, struct syslog_stamp *st)
{
	size_t at = 0;

	st->iso = true;
	return syslog_number(s, &at, 4, &st->c.year) && at == 4 &&
	    syslog_one_of(s, &at, '-', '-') &&
	    syslog_number(s, &at, 2, &st->c.month) &&
	    syslog_one_of(s, &at, '-', '-') &&
	    syslog_number(s, &at, 2, &st->c.day) &&
	    syslog_one_of(s, &at, 'T', ' ') && parse_clock(s, &at, st) &&
	    syslog_parse_zone(s, &at, st) &&
	    syslog_one_of(s, &at, ' ', '\t') && (st->length = at) != 0;
}

#define MONTH_NAME_MAX 12

/* Month and day, perhaps a year, the clock, perhaps the year there. */
static bool
parse_bsd(struct slice s, struct syslog_stamp *st)
{
	size_t at = syslog_skip_blanks(s, 0), from = at;
	struct slice name;

	while (at < s.n && at - from < MONTH_NAME_MAX && s.p[at] != ' ')
		at++;
	name = (struct slice){ s.p + from, at - from };
	at = syslog_skip_blanks(s, at);
	/* The names are many: first see whether a day follows. */
	if (!syslog_number(s, &at, 2, &st->c.day) ||
	    !(st->c.month = (int)syslog_month(name)))
		return false;
	at = syslog_skip_blanks(s, at);
	if (at + 4 < s.n && s.p[at + 4] == ' ') {
		if (!syslog_number(s, &at, 4, &st->c.year))
			return false;
		at = syslog_skip_blanks(s, at);
	}
	if (!parse_clock(s, &at, st) || at >= s.n)
		return false;
	if (s.p[at] != ' ' && s.p[at] != ':')
		return false;
	st->length = at + 1;
	return true;
}

bool
syslog_parse_stamp(struct slice s, struct syslog_stamp *st)
{
	*st = (struct syslog_stamp){ .length = 0 };
	if (s.n < 14)
		return false;
	return digit_value(s.p[0]) <= 9 && digit_value(s.p[3]) <= 9 ?
	    parse_iso(s, st) : parse_bsd(s, st);
}
