/*
 * The lines of OpenSMTPD's report stream taken apart.
 */
#include "config.h"

#include "format/opensmtpd_report_line.h"

#include <string.h>

#include "base/clock.h"
#include "format/digits.h"
#include "format/hex.h"

#define ID_DIGITS 16
#define MICROSECONDS 6
/* Seconds: until the year 5138, and no sum overflows. */
#define SECONDS_MAX 11

/* Digits at the head of *s, at most `most`, and the character behind them. */
static bool
cut_digits(struct slice *s, size_t most, char end, int64_t *value)
{
	int64_t v = 0;
	size_t n = 0;

	while (n < s->n && n < most && digit_value(s->p[n]) < 10)
		v = v * 10 + (int64_t)digit_value(s->p[n++]);
	if (n == 0 || n == s->n || s->p[n] != end)
		return false;
	*value = v;
	*s = slice_from(*s, n + 1);
	return true;
}

/* `0.7|`; the first ones counted 1. */
static bool
cut_version(struct slice *s, unsigned *minor)
{
	struct slice first = *s;
	int64_t v;

	if (cut_digits(&first, 3, '|', &v)) {
		*minor = 0;
		*s = first;
		return true;
	}
	if (!cut_digits(s, 3, '.', &v) || !cut_digits(s, 3, '|', &v))
		return false;
	*minor = (unsigned)v;
	return true;
}

static bool
cut_time(struct slice *s, int64_t *time)
{
	struct slice digits;
	int64_t seconds, micro;

	if (!cut_digits(s, SECONDS_MAX, '.', &seconds))
		return false;
	digits = *s;
	if (!cut_digits(s, MICROSECONDS, '|', &micro) ||
	    (size_t)(s->p - digits.p) != MICROSECONDS + 1)
		return false;
	*time = seconds * 1000 + micro / 1000;
	return true;
}

static bool
cut_side(struct slice *s, bool *out)
{
	*out = slice_starts(*s, SLICE("smtp-out|"));
	if (!*out && !slice_starts(*s, SLICE("smtp-in|")))
		return false;
	*s = slice_from(*s, *out ? 9 : 8);
	return true;
}

bool
osmtpd_report_cut(struct slice line, struct osmtpd_report *r)
{
	struct slice s = line, token;
	ptrdiff_t end;

	r->asks = slice_starts(s, SLICE("filter|"));
	if (!r->asks && !slice_starts(s, SLICE("report|")))
		return false;
	s = slice_from(s, 7);
	if (!cut_version(&s, &r->minor) || !cut_time(&s, &r->time) ||
	    !cut_side(&s, &r->out))
		return false;
	end = slice_find_char(s, '|');
	if (end <= 0)
		return false;
	r->event = slice_head(s, (size_t)end);
	s = slice_from(s, (size_t)end + 1);
	if (s.n < ID_DIGITS || !hex16(s.p, &r->key) ||
	    (s.n > ID_DIGITS && s.p[ID_DIGITS] != '|'))
		return false;
	r->id = slice_head(s, ID_DIGITS);
	r->key += !r->key;
	r->rest = slice_from(s, ID_DIGITS + (s.n > ID_DIGITS));
	return !r->asks || slice_cut(&r->rest, '|', &token);
}

bool
osmtpd_report_is_config(struct slice line)
{
	return slice_starts(line, SLICE("config|"));
}

/* Takes the last parameter off. */
static bool
cut_last(struct slice *s, struct slice *last)
{
	const char *bar = s->n ? memrchr(s->p, '|', s->n) : NULL;

	if (!bar)
		return false;
	*last = slice_from(*s, (size_t)(bar - s->p) + 1);
	*s = slice_head(*s, (size_t)(bar - s->p));
	return true;
}

bool
osmtpd_report_ends(const struct osmtpd_report *r, struct slice *from,
    struct slice *to)
{
	struct slice s = r->rest;

	/* From the end: a name that a stranger's zone gives comes first. */
	return cut_last(&s, to) && cut_last(&s, from);
}

bool
osmtpd_report_result(const struct osmtpd_report *r, unsigned since,
    struct slice params, struct slice *result, struct slice *about)
{
	if (r->minor < since) {
		*about = params;
		return cut_last(about, result);
	}
	*about = params;
	return slice_cut(about, '|', result) && about->p;
}
