/*
 * Times and durations that a person typed, on the command line or in a filter.
 *
 * Generous in what is plain (9:30, 2026-1-5, 1h30m), strict in the rest: what
 * is half understood is refused, with words.  Times in logs are not read here:
 * each format reads its own.
 */
#include "config.h"

#include "base/clock.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define DAY_MS    (24 * 60 * MINUTE_MS)

#define WANTED "say YYYY-MM-DD, YYYY-MM-DDTHH:MM[:SS[.mmm]] " \
	"(Z or +HH:MM may follow) or HH:MM[:SS[.mmm]]"

/* A person's text goes into a message: short, and only what can be shown. */
struct shown {
	char text[44];
};

static struct shown
shown(struct slice s)
{
	struct shown out = { "" };
	size_t n = 0;

	for (; n < s.n && n < sizeof out.text - 4; n++) {
		unsigned char c = (unsigned char)s.p[n];

		out.text[n] = c >= 0x20 && c < 0x7f ? (char)c : '?';
	}
	memcpy(out.text + n, "...", n < s.n ? 3 : 0);
	return out;
}

/* Takes 1 to `most` digits off the front; the number of them, 0 when none. */
static size_t
take_number(struct slice *s, size_t most, int *value)
{
	size_t n = 0;

	*value = 0;
	while (n < s->n && n < most && ascii_is_digit((unsigned char)s->p[n]))
		*value = *value * 10 + (s->p[n++] - '0');
	*s = slice_from(*s, n);
	return n;
}

static bool
take_char(struct slice *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = slice_from(*s, 1);
	return true;
}

static bool
take_date(struct slice *s, struct civil *c)
{
	struct slice rest = *s;
	struct civil date = *c;

	if (take_number(&rest, 4, &date.year) != 4 || !take_char(&rest, '-') ||
	    !take_number(&rest, 2, &date.month) || !take_char(&rest, '-') ||
	    !take_number(&rest, 2, &date.day))
		return false;
	*c = date;
	*s = rest;
	return true;
}

/* The digits behind the point; beyond milliseconds they are cut. */
static bool
take_fraction(struct slice *s, struct civil *c, int64_t *unit)
{
	size_t n = take_number(s, 3, &c->ms);
	int dropped;

	if (n == 0)
		return false;
	for (*unit = 1; n < 3; n++) {
		c->ms *= 10;
		*unit *= 10;
	}
	take_number(s, 6, &dropped);
	return true;
}

/* HH:MM[:SS[.mmm]]; *unit receives the ms that the last field stands for. */
static bool
take_clock(struct slice *s, struct civil *c, int64_t *unit)
{
	struct slice rest = *s;

	if (!take_number(&rest, 2, &c->hour) || !take_char(&rest, ':') ||
	    take_number(&rest, 2, &c->minute) != 2)
		return false;
	*unit = MINUTE_MS;
	if (take_char(&rest, ':')) {
		if (take_number(&rest, 2, &c->second) != 2)
			return false;
		*unit = SECOND_MS;
		if ((take_char(&rest, '.') || take_char(&rest, ',')) &&
		    !take_fraction(&rest, c, unit))
			return false;
	}
	*s = rest;
	return true;
}

/* What may stand between date and clock. */
static bool
take_between(struct slice *s)
{
	if (take_char(s, 'T') || take_char(s, 't'))
		return true;
	if (!take_char(s, ' '))
		return false;
	while (take_char(s, ' '))
		;
	return true;
}

static bool
take_zone(struct slice *s, int *seconds)
{
	struct slice zone = slice_trim(*s);

	*seconds = 0;
	if (zone.n && !slice_case_eq(zone, SLICE("z")) &&
	    !slice_case_eq(zone, SLICE("utc")) &&
	    clock_parse_offset(zone, seconds) != 0)
		return false;
	*s = slice_from(*s, s->n);
	return true;
}

int
clock_parse(struct slice s, int64_t *t, int64_t *end, bool *day,
    struct err *err)
{
	struct slice rest = slice_trim(s), after;
	struct civil c = { .year = 1970, .month = 1, .day = 1 };
	int64_t unit = DAY_MS;
	int zone = 0;
	bool ok = true;

	*day = take_date(&rest, &c);
	after = rest;
	if (!*day)
		ok = take_clock(&rest, &c, &unit);
	else if (take_between(&after) && take_clock(&after, &c, &unit))
		rest = after;
	if (ok && *day)
		ok = take_zone(&rest, &zone);
	if (!ok || rest.n)
		return err_set(err, "'%s' is no time: " WANTED,
		    shown(s).text);
	if (!civil_is_valid(&c))
		return err_set(err, "'%s' is no time: there is no such %s",
		    shown(s).text, *day ? "day or hour" : "time of day");
	*t = clock_from_civil(&c) - (int64_t)zone * SECOND_MS;
	*end = *t + unit;
	return 0;
}

struct unit {
	struct slice name;
	int64_t ms;
};

static const struct unit units[] = {
	{ { "ms", 2 }, 1 },
	{ { "s", 1 }, SECOND_MS },
	{ { "m", 1 }, MINUTE_MS },
	{ { "h", 1 }, 60 * MINUTE_MS },
	{ { "d", 1 }, DAY_MS },
};

/* Cuts the letters off the front of *s; the unit they name, or NULL. */
static const struct unit *
take_unit(struct slice *s)
{
	struct slice word;
	size_t n = 0;

	while (n < s->n && !ascii_is_digit((unsigned char)s->p[n]))
		n++;
	word = slice_head(*s, n);
	*s = slice_from(*s, n);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (slice_case_eq(word, units[i].name))
			return &units[i];
	return NULL;
}

/* One "1.5h"; alone, it needs no unit. */
static bool
take_part(struct slice *s, bool alone, int64_t *ms)
{
	int whole, fraction = 0, scale = 1;
	const struct unit *unit = &units[1];

	/* 9 digits of days are 2.4 million years: no sum can overflow. */
	if (!take_number(s, 9, &whole))
		return false;
	if (take_char(s, '.')) {
		size_t n = take_number(s, 6, &fraction);

		if (n == 0)
			return false;
		while (n-- > 0)
			scale *= 10;
	}
	if (s->n || !alone)
		unit = take_unit(s);
	if (!unit)
		return false;
	*ms = whole * unit->ms + fraction * unit->ms / scale;
	return true;
}

int
clock_parse_duration(struct slice s, int64_t *ms, struct err *err)
{
	struct slice rest = slice_trim(s);
	int64_t sum = 0, last = INT64_MAX, part;
	bool ok = rest.n > 0;

	/* Each part is smaller than the one before: 1h30m, not 1m1m1m... */
	for (bool alone = true; ok && rest.n; alone = false) {
		ok = take_part(&rest, alone, &part) && part < last;
		if (ok) {
			sum += part;
			last = part;
		}
	}
	if (!ok)
		return err_set(err, "'%s' is no duration: say 500ms, 30s, "
		    "1.5s, 2m, 1h or 1d", shown(s).text);
	*ms = sum;
	return 0;
}

int
clock_parse_shift(struct slice s, int64_t *ms, struct err *err)
{
	struct slice rest = slice_trim(s);
	bool minus = take_char(&rest, '-');

	if (!minus)
		take_char(&rest, '+');
	/* "- 1s", "+-1s" are none. */
	if (!rest.n || !ascii_is_digit((unsigned char)rest.p[0]) ||
	    clock_parse_duration(rest, ms, err) < 0)
		return err_set(err, "'%s' is no shift: say +2.5s, -90s, 500ms, "
		    "1h or -1d", shown(s).text);
	if (minus)
		*ms = -*ms;
	return 0;
}

void
clock_shift(struct buf *out, int64_t ms)
{
	uint64_t left = ms < 0 ? (uint64_t)-ms : (uint64_t)ms;
	static const size_t order[] = { 4, 3, 2, 1 };

	if (ms)
		buf_add_char(out, ms < 0 ? '-' : '+');
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const struct unit *u = &units[order[i]];
		uint64_t n = left / (uint64_t)u->ms;

		if (u->ms == SECOND_MS && left % SECOND_MS) {
			char digits[4] = { (char)('0' + left / 100 % 10),
				(char)('0' + left / 10 % 10),
				(char)('0' + left % 10), '\0' };
			size_t k = 3;

			while (digits[k - 1] == '0')
				k--;
			buf_addf(out, "%u.%.*ss", (unsigned)n, (int)k, digits);
			return;
		}
		if (n || (!ms && u->ms == SECOND_MS))
			buf_addf(out, "%u%.*s", (unsigned)n,
			    SLICE_ARGS(u->name));
		left %= (uint64_t)u->ms;
	}
}
