/*
 * Names of rotated logs.  Knows nothing of folders, or of what is in a file.
 */
#include "config.h"

#include "input/rotation.h"

/* Longest number that marks an old log: rotate 9999 is nobody's. */
#define NUMBER_DIGITS 4

/* The last `n` bytes. */
static struct slice
ending_of(struct slice s, size_t n)
{
	return slice_from(s, s.n - n);
}

static struct slice
without_compression(struct slice name)
{
	static const char *const endings[] = { ".gz", ".bz2", ".xz", ".zst",
		".lz4", ".lzma", ".zip", ".Z" };

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		struct slice e = slice_of(endings[i]);

		if (name.n > e.n && slice_case_eq(ending_of(name, e.n), e))
			return slice_head(name, name.n - e.n);
	}
	return name;
}

/* Digits at the end of `s`; how many. */
static size_t
digits_at_end(struct slice s)
{
	size_t n = 0;

	while (n < s.n && ascii_is_digit((unsigned char)s.p[s.n - 1 - n]))
		n++;
	return n;
}

/* Of fewer digits than a number can have. */
static uint64_t
value_of(struct slice digits)
{
	uint64_t v = 0;

	slice_to_u64(digits, &v);
	return v;
}

static bool
is_joint(char c)
{
	return c == '.' || c == '-' || c == '_';
}

/* Whether eight digits are a day of this age. */
static bool
is_day(uint64_t v)
{
	uint64_t month = v / 100 % 100, day = v % 100;

	return v >= 19800000 && v < 22000000 && month >= 1 && month <= 12 &&
	    day >= 1 && day <= 31;
}

/* A running number or an hour behind eight digits of a day: -1, .2, -1337. */
static uint64_t
cut_running(struct slice *s)
{
	size_t n = digits_at_end(*s);
	struct slice before;
	uint64_t number;

	if (n == 0 || n > 4 || n == s->n || !is_joint(s->p[s->n - n - 1]))
		return 0;
	before = slice_head(*s, s->n - n - 1);
	if (digits_at_end(before) != 8 || !is_day(value_of(ending_of(before, 8))))
		return 0;
	number = value_of(ending_of(*s, n));
	*s = before;
	return 1 + number;
}

/* 20261122, and two digits each of hour, minute, second. */
static uint64_t
cut_digits(struct slice *s, uint64_t *more)
{
	size_t n = digits_at_end(*s);
	struct slice digits;

	if (n != 8 && n != 10 && n != 12 && n != 14)
		return 0;
	digits = ending_of(*s, n);
	*s = slice_head(*s, s->n - n);
	if (n > 8)
		*more = value_of(slice_from(digits, 8));
	return value_of(slice_head(digits, 8));
}

/* 2026-11-22, with any joint, twice the same. */
static uint64_t
cut_joined(struct slice *s)
{
	struct slice date, year, month;

	if (digits_at_end(*s) != 2 || s->n <= 10)
		return 0;
	date = ending_of(*s, 10);
	year = slice_head(date, 4);
	month = slice_head(slice_from(date, 5), 2);
	if (!is_joint(date.p[4]) || date.p[7] != date.p[4] ||
	    digits_at_end(year) != 4 || digits_at_end(month) != 2)
		return 0;
	*s = slice_head(*s, s->n - 10);
	return value_of(year) * 10000 + value_of(month) * 100 +
	    value_of(slice_from(date, 8));
}

/* A date at the end, behind a joint.  What is before it is the base. */
static bool
cut_date(struct slice s, struct slice *base, uint64_t *rank)
{
	uint64_t more = cut_running(&s), day = cut_digits(&s, &more);

	if (!day)
		day = cut_joined(&s);
	if (!is_day(day) || s.n < 2 || !is_joint(s.p[s.n - 1]))
		return false;
	*base = slice_head(s, s.n - 1);
	*rank = day * 1000000 + more;
	return true;
}

/* The end of the name from its last dot on, where that is an extension. */
static struct slice
extension_of(struct slice name)
{
	for (size_t i = 1; i <= 5 && i < name.n; i++) {
		char c = name.p[name.n - i];

		if (c == '.')
			return i > 1 ? ending_of(name, i) : SLICE_NONE;
		if (ascii_lower((unsigned char)c) < 'a' ||
		    ascii_lower((unsigned char)c) > 'z')
			break;
	}
	return SLICE_NONE;
}

void
rotation_of(struct slice name, struct rotation *out)
{
	struct slice ext;
	size_t n;

	*out = (struct rotation){ .name = without_compression(name) };
	out->base = out->name;
	if (cut_date(out->name, &out->base, &out->rank)) {
		out->mark = ROTATION_DATE;
		return;
	}
	ext = extension_of(out->name);
	if (ext.n && cut_date(slice_head(out->name, out->name.n - ext.n),
	    &out->base, &out->rank)) {
		out->mark = ROTATION_DATE;
		out->ending = ext;
		return;
	}
	/*
	 * A number before an extension counts machines as often as days: only
	 * one at the very end is a mark.
	 */
	n = digits_at_end(out->name);
	if (n > 0 && n <= NUMBER_DIGITS && n + 1 < out->name.n &&
	    out->name.p[out->name.n - n - 1] == '.') {
		out->mark = ROTATION_NUMBER;
		out->rank = value_of(ending_of(out->name, n));
		out->base = slice_head(out->name, out->name.n - n - 1);
	}
}

int
rotation_compare(const struct rotation *a, const struct rotation *b)
{
	if (a->mark == b->mark && a->mark == ROTATION_NUMBER)
		return (a->rank < b->rank) - (a->rank > b->rank);
	if (a->mark == b->mark)
		return (a->rank > b->rank) - (a->rank < b->rank);
	/* Which of a number and a date is the older, no name tells. */
	if (a->mark == ROTATION_LIVE || b->mark == ROTATION_LIVE)
		return a->mark == ROTATION_LIVE ? 1 : -1;
	return 0;
}
