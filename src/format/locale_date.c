/*
 * Dates as Windows writes them by the locale of the server.
 */
#include "config.h"

#include "format/locale_date.h"

#include <string.h>

static bool
number(struct slice s, size_t *at, unsigned most, unsigned *v, unsigned *digits)
{
	unsigned n = 0;

	*v = 0;
	while (n < most && *at < s.n && ascii_is_digit((unsigned char)s.p[*at])) {
		*v = *v * 10 + ((unsigned)(unsigned char)s.p[*at] - '0');
		(*at)++;
		n++;
	}
	if (digits)
		*digits = n;
	return n > 0;
}

static bool
one_of(struct slice s, size_t *at, const char *set)
{
	if (*at >= s.n || !s.p[*at] || !strchr(set, s.p[*at]))
		return false;
	(*at)++;
	return true;
}

bool
locale_date(struct slice s, size_t *at, struct locale_stamp *st)
{
	for (int i = 0; i < 3; i++) {
		if (!number(s, at, 4, &st->part[i], &st->digits[i]))
			return false;
		if (i == 0) {
			if (*at >= s.n)
				return false;
			st->sep = s.p[*at];
			if (!one_of(s, at, "/.-"))
				return false;
		} else if (i == 1 && (*at >= s.n || s.p[(*at)++] != st->sep)) {
			return false;
		}
	}
	return true;
}

bool
locale_clock(struct slice s, size_t *at, struct locale_stamp *st)
{
	struct slice rest;

	st->second = 0;
	if (!number(s, at, 2, &st->hour, NULL) || !one_of(s, at, ":.") ||
	    !number(s, at, 2, &st->minute, NULL))
		return false;
	if (one_of(s, at, ":.") && !number(s, at, 2, &st->second, NULL))
		return false;
	rest = slice_from(s, *at);
	st->half_day = st->pm = false;
	if (rest.n >= 3 && rest.p[0] == ' ' &&
	    ((rest.p[1] | 32) == 'a' || (rest.p[1] | 32) == 'p')) {
		size_t n = rest.p[2] == '.' ? 3 : 2;

		if (rest.n <= n || (rest.p[n] | 32) != 'm')
			return false;
		st->half_day = true;
		st->pm = (rest.p[1] | 32) == 'p';
		*at += n + 1;
		one_of(s, at, ".");
	}
	return true;
}

static int
full_year(unsigned y, unsigned digits)
{
	if (digits > 2)
		return (int)y;
	return (int)(y < 69 ? 2000 + y : 1900 + y);
}

int64_t
locale_time(const struct locale_stamp *st, enum locale_order order)
{
	static const unsigned char place[3][3] = {       /* y, m, d */
		[LOCALE_MDY] = { 2, 0, 1 },
		[LOCALE_DMY] = { 2, 1, 0 },
		[LOCALE_YMD] = { 0, 1, 2 },
	};
	const unsigned char *at = place[order];
	struct civil c = {
		.year = full_year(st->part[at[0]], st->digits[at[0]]),
		.month = (int)st->part[at[1]],
		.day = (int)st->part[at[2]],
		.hour = (int)st->hour,
		.minute = (int)st->minute,
		.second = (int)st->second,
	};

	if (st->half_day)
		c.hour = c.hour % 12 + (st->pm ? 12 : 0);
	return civil_is_valid(&c) ? clock_from_civil(&c) : CLOCK_NONE;
}

/*
 * The order of the date: a number above 12 tells it.  Where none does, 12 hour
 * clocks go with month/day (the United States), 24 hour clocks with day/month,
 * since no locale of Windows NT joins month/day with a 24 hour clock; dots
 * always mean day.month.
 */
void
locale_vote(struct locale_votes *v, const struct locale_stamp *st)
{
	v->stamps++;
	v->first_over += st->part[0] > 12;
	v->second_over += st->part[1] > 12;
	v->first_long += st->digits[0] > 2;
	v->dots += st->sep == '.';
	v->half_days += st->half_day;
}

enum locale_order
locale_order_of(const struct locale_votes *v)
{
	if (v->first_long)
		return LOCALE_YMD;
	if (v->dots)
		return LOCALE_DMY;
	if (v->first_over != 0 || v->second_over != 0)
		return v->first_over > v->second_over ? LOCALE_DMY : LOCALE_MDY;
	return v->half_days || !v->stamps ? LOCALE_MDY : LOCALE_DMY;
}
