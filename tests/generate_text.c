/*
 * Random numbers, growing text and dates for the generator of logs.
 */
#include "config.h"

#include "generate_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "generate: %s\n", what);
	exit(2);
}

/* SplitMix64: every seed is a good one. */
uint64_t
dice_next(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t
dice_below(struct dice *d, uint32_t n)
{
	return (uint32_t)((dice_next(d) >> 32) * n >> 32);
}

bool
dice_hits(struct dice *d, uint32_t times)
{
	return dice_below(d, 1000) < times;
}

void
text_room(struct text *t, size_t more)
{
	size_t cap = t->cap ? t->cap : 256;

	if (t->cap - t->n >= more)
		return;
	while (cap - t->n < more)
		cap *= 2;
	t->p = realloc(t->p, cap);
	if (!t->p)
		give_up("out of memory");
	t->cap = cap;
}

void
text_bytes(struct text *t, const char *p, size_t n)
{
	if (n == 0)
		return;
	text_room(t, n);
	memcpy(t->p + t->n, p, n);
	t->n += n;
}

void
text_word(struct text *t, const char *s)
{
	text_bytes(t, s, strlen(s));
}

void
text_char(struct text *t, char c)
{
	text_bytes(t, &c, 1);
}

void
text_digits(struct text *t, uint64_t value, int width)
{
	char digit[24];
	int i = (int)sizeof digit;

	do {
		digit[--i] = (char)('0' + value % 10);
		value /= 10;
		width--;
	} while (value > 0 || (width > 0 && i > 0));
	text_bytes(t, digit + i, sizeof digit - (size_t)i);
}

void
text_number(struct text *t, uint64_t value)
{
	text_digits(t, value, 1);
}

static void
add_hex(struct text *t, uint64_t value, int width, const char *digits)
{
	for (int i = width - 1; i >= 0; i--)
		text_char(t, digits[value >> (4 * i) & 15]);
}

void
text_hex(struct text *t, uint64_t value, int width)
{
	add_hex(t, value, width, "0123456789ABCDEF");
}

void
text_small_hex(struct text *t, uint64_t value, int width)
{
	add_hex(t, value, width, "0123456789abcdef");
}

void
text_uuid(struct text *t, uint64_t value)
{
	text_small_hex(t, value >> 32, 8);
	text_word(t, "-8e5d-11e7-b49e-");
	text_small_hex(t, value, 8);
	text_word(t, "0242");
}

/* Length of the UTF-8 sequence at p, 0 when there is none. */
static size_t
sequence_at(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t value, least;
	size_t len;

	if (u[0] < 0x80)
		return 1;
	if (u[0] >= 0xc2 && u[0] <= 0xdf)
		len = 2, value = u[0] & 31u, least = 0x80;
	else if (u[0] >= 0xe0 && u[0] <= 0xef)
		len = 3, value = u[0] & 15u, least = 0x800;
	else if (u[0] >= 0xf0 && u[0] <= 0xf4)
		len = 4, value = u[0] & 7u, least = 0x10000;
	else
		return 0;
	if (len > n)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (u[i] & 63u);
	}
	if (value < least || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return len;
}

void
text_json(struct text *t, const char *p, size_t n)
{
	text_char(t, '"');
	for (size_t i = 0, len; i < n; i += len) {
		unsigned char c = (unsigned char)p[i];

		len = sequence_at(p + i, n - i);
		if (len == 0) {
			len = 1;
			text_char(t, (char)(0xc0 | c >> 6));
			text_char(t, (char)(0x80 | (c & 63)));
		} else if (c < 0x20) {
			text_word(t, "\\u00");
			text_hex(t, c, 2);
		} else {
			if (c == '"' || c == '\\')
				text_char(t, '\\');
			text_bytes(t, p + i, len);
		}
	}
	text_char(t, '"');
}

void
text_free(struct text *t)
{
	free(t->p);
	*t = (struct text){ 0 };
}

/*
 * Days and dates of the Gregorian calendar, counted in years that begin in
 * March, so that the leap day is the last one.
 */
static int64_t
days_before_year(int64_t year)
{
	return year * 365 + year / 4 - year / 100 + year / 400;
}

int64_t
date_to_ms(int year, int month, int day, int hour)
{
	int64_t y = month < 3 ? year - 1 : year;
	int64_t m = month < 3 ? month + 9 : month - 3;
	int64_t days = days_before_year(y) + (153 * m + 2) / 5 + day - 1;

	return (days - 719468) * 86400000 + (int64_t)hour * 3600000;
}

void
date_of(int64_t ms, struct date *d)
{
	int64_t days = ms / 86400000 + 719468, rest = ms % 86400000;
	int64_t year = days / 366, m;

	while (days_before_year(year + 1) <= days)
		year++;
	days -= days_before_year(year);
	m = (5 * days + 2) / 153;
	d->day = (int)(days - (153 * m + 2) / 5) + 1;
	d->month = (int)(m < 10 ? m + 3 : m - 9);
	d->year = (int)(m < 10 ? year : year + 1);
	d->hour = (int)(rest / 3600000);
	d->minute = (int)(rest / 60000 % 60);
	d->second = (int)(rest / 1000 % 60);
	d->ms = (int)(rest % 1000);
}

void
text_day(struct text *t, const struct date *d, char mark)
{
	text_digits(t, (uint64_t)d->year, 4);
	text_char(t, mark);
	text_digits(t, (uint64_t)d->month, 2);
	text_char(t, mark);
	text_digits(t, (uint64_t)d->day, 2);
}

void
text_clock(struct text *t, const struct date *d)
{
	text_digits(t, (uint64_t)d->hour, 2);
	text_char(t, ':');
	text_digits(t, (uint64_t)d->minute, 2);
	text_char(t, ':');
	text_digits(t, (uint64_t)d->second, 2);
}

void
text_iso(struct text *t, int64_t ms, bool fraction)
{
	struct date d;

	date_of(ms, &d);
	text_day(t, &d, '-');
	text_char(t, 'T');
	text_clock(t, &d);
	if (fraction) {
		text_char(t, '.');
		text_digits(t, (uint64_t)d.ms, 3);
	}
}

void
text_stamp(struct text *t, int64_t ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
		"May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct date d;

	date_of(ms, &d);
	text_word(t, months[d.month - 1]);
	text_word(t, d.day < 10 ? "  " : " ");
	text_number(t, (uint64_t)d.day);
	text_char(t, ' ');
	text_clock(t, &d);
}
