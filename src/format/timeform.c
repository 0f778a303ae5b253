/*
 * Reading time stamps by a form.
 */
#include "config.h"

#include "format/timeform.h"

#include <stdlib.h>

#include "format/syslog_stamp.h"

static const struct {
	struct slice name, form;
} usual[] = {
	{ { "iso", 3 }, { "%Y-%m-%dT%H:%M:%S%f%z", 21 } },
	{ { "unix", 4 }, { "%s%f", 4 } },
};

#define LETTERS "YymbdHIMSpfzas%"

static void
learn(struct timeform *tf, char letter)
{
	tf->utc = tf->utc || letter == 's';
	tf->fraction = tf->fraction || letter == 'f';
	tf->dated = tf->dated || letter == 'd' || letter == 's';
	tf->clocked = tf->clocked || letter == 'H' || letter == 'I' ||
	    letter == 's';
}

int
timeform_make(struct timeform *tf, struct slice form, size_t *at,
    struct err *err)
{
	bool year = false;

	*tf = (struct timeform){ 0 };
	*at = 0;
	if (slice_eq(form, SLICE("tai64n"))) {
		tf->tai64n = tf->utc = tf->fraction = tf->dated = true;
		tf->clocked = true;
		return 0;
	}
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (slice_eq(form, usual[i].name))
			form = usual[i].form;
	for (size_t i = 0; i + 1 < form.n; i++) {
		if (form.p[i] != '%')
			continue;
		*at = i++;
		if (!strchr(LETTERS, form.p[i]))
			return err_set(err, "there is no %%%c; there are %s",
			    form.p[i], "%Y %y %m %b %d %H %I %M %S %p %f %z "
			    "%a %s");
		year = year || form.p[i] == 'Y' || form.p[i] == 'y' ||
		    form.p[i] == 's';
		learn(tf, form.p[i]);
	}
	*at = 0;
	if (!tf->clocked && !tf->dated)
		return err_set(err, "no form of a time: neither %%H nor %%d, "
		    "nor iso, unix or tai64n");
	if (tf->dated && !year)
		return err_set(err, "a day without a year: where the log has "
		    "none, say `frame = syslog`");
	tf->text = mem_slicedup(form);
	return 0;
}

void
timeform_free(struct timeform *tf)
{
	free(tf->text);
	*tf = (struct timeform){ 0 };
}

/* --- reading ---------------------------------------------------------------- */

struct reading {
	struct civil c;
	int64_t unix_seconds;
	int offset;              /* seconds east, with utc */
	bool utc, pm, half_day, is_unix;
};

static bool
number(struct slice s, size_t *at, unsigned most, int *v)
{
	unsigned n = 0;

	*v = 0;
	while (n < most && *at < s.n && ascii_is_digit((unsigned char)s.p[*at])) {
		*v = *v * 10 + (s.p[*at] - '0');
		(*at)++;
		n++;
	}
	return n > 0;
}

static size_t
letters(struct slice s, size_t at)
{
	size_t n = at;

	/* Names of other languages have bytes beyond ASCII. */
	while (n < s.n && ((unsigned char)s.p[n] >= 0x80 ||
	    (ascii_lower((unsigned char)s.p[n]) >= 'a' &&
	    ascii_lower((unsigned char)s.p[n]) <= 'z')))
		n++;
	return n - at;
}

static bool
read_fraction(struct slice s, size_t *at, struct reading *r)
{
	int scale = 100;

	if (*at + 1 >= s.n || (s.p[*at] != '.' && s.p[*at] != ',') ||
	    !ascii_is_digit((unsigned char)s.p[*at + 1]))
		return true;
	for ((*at)++; *at < s.n && ascii_is_digit((unsigned char)s.p[*at]);
	    (*at)++) {
		r->c.ms += (s.p[*at] - '0') * scale;
		scale /= 10;
	}
	return true;
}

static bool
read_zone(struct slice s, size_t *at, struct reading *r)
{
	size_t n = *at;

	if (n < s.n && (s.p[n] == 'Z' || s.p[n] == 'z')) {
		r->utc = true;
		(*at)++;
		return true;
	}
	if (n >= s.n || (s.p[n] != '+' && s.p[n] != '-'))
		return true;
	for (n++; n < s.n && (ascii_is_digit((unsigned char)s.p[n]) ||
	    s.p[n] == ':'); n++)
		;
	r->utc = clock_parse_offset((struct slice){ s.p + *at, n - *at },
	    &r->offset) == 0;
	*at = n;
	return r->utc;
}

static bool
read_unix(struct slice s, size_t *at, struct reading *r)
{
	size_t from = *at;

	r->is_unix = r->utc = true;
	while (*at < s.n && *at < from + 11 &&
	    ascii_is_digit((unsigned char)s.p[*at]))
		r->unix_seconds = r->unix_seconds * 10 + (s.p[(*at)++] - '0');
	return *at > from;
}

static bool
read_name(struct slice s, size_t *at, char letter, struct reading *r)
{
	size_t n = letters(s, *at);
	struct slice name = slice_head(slice_from(s, *at), n);

	*at += n;
	if (letter == 'b') {
		r->c.month = (int)syslog_month(name);
		return r->c.month > 0;
	}
	if (letter == 'p') {
		r->half_day = true;
		r->pm = n && ascii_lower((unsigned char)name.p[0]) == 'p';
		return n == 2;
	}
	return n > 0;
}

static bool
read_item(struct slice s, size_t *at, char letter, struct reading *r)
{
	int year;

	switch (letter) {
	case 'Y':
		return number(s, at, 4, &r->c.year);
	case 'y':
		if (!number(s, at, 2, &year))
			return false;
		r->c.year = year < 69 ? 2000 + year : 1900 + year;
		return true;
	case 'm':
		return number(s, at, 2, &r->c.month);
	case 'd':
		return number(s, at, 2, &r->c.day);
	case 'H':
	case 'I':
		return number(s, at, 2, &r->c.hour);
	case 'M':
		return number(s, at, 2, &r->c.minute);
	case 'S':
		return number(s, at, 2, &r->c.second);
	case 'f':
		return read_fraction(s, at, r);
	case 'z':
		return read_zone(s, at, r);
	case 's':
		return read_unix(s, at, r);
	case '%':
		return *at < s.n && s.p[(*at)++] == '%';
	default:
		return read_name(s, at, letter, r);
	}
}

static bool
read_all(const char *form, struct slice s, struct reading *r)
{
	size_t at = 0;

	for (; *form; form++) {
		if (*form == '%' && form[1]) {
			if (!read_item(s, &at, *++form, r))
				return false;
		} else if (*form == ' ') {
			if (at >= s.n || !ascii_is_blank((unsigned char)s.p[at]))
				return false;
			while (at < s.n &&
			    ascii_is_blank((unsigned char)s.p[at]))
				at++;
		} else if (at >= s.n || s.p[at++] != *form) {
			return false;
		}
	}
	return at == s.n;
}

/* The epoch of TAI64 labels is 2^62 and ten seconds before that of Unix. */
#define TAI_EPOCH ((INT64_C(1) << 62) + 10)

static int64_t
read_tai64n(struct slice s)
{
	uint64_t seconds = 0, nano = 0;

	if (s.n && s.p[0] == '@')
		s = slice_from(s, 1);
	if (s.n != 24)
		return CLOCK_NONE;
	for (size_t i = 0; i < 24; i++) {
		unsigned char c = ascii_lower((unsigned char)s.p[i]);
		unsigned v = ascii_is_digit(c) ? c - '0' : c >= 'a' &&
		    c <= 'f' ? c - 'a' + 10 : 16;

		if (v > 15)
			return CLOCK_NONE;
		if (i < 16)
			seconds = seconds << 4 | v;
		else
			nano = nano << 4 | v;
	}
	if (seconds < (uint64_t)TAI_EPOCH ||
	    seconds > (uint64_t)TAI_EPOCH + UINT32_MAX)
		return CLOCK_NONE;
	return (int64_t)(seconds - (uint64_t)TAI_EPOCH) * 1000 +
	    (int64_t)(nano / 1000000 % 1000);
}

int64_t
timeform_read(const struct timeform *tf, struct slice s, bool *utc)
{
	struct reading r = { .c = { .year = 1970, .month = 1, .day = 1 } };

	*utc = true;
	if (tf->tai64n)
		return read_tai64n(s);
	if (!read_all(tf->text, s, &r))
		return CLOCK_NONE;
	*utc = r.utc;
	if (r.is_unix)
		return r.unix_seconds * 1000 + r.c.ms;
	if (r.half_day) {
		if (r.c.hour > 12)
			return CLOCK_NONE;
		r.c.hour = r.c.hour % 12 + (r.pm ? 12 : 0);
	}
	if (!civil_is_valid(&r.c))
		return CLOCK_NONE;
	return clock_from_civil(&r.c) - (int64_t)r.offset * 1000;
}
