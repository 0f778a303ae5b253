/*
 * Names of rotated logs.  Knows nothing of folders, or of what is in a file.
 */
#include "config.h"

#include "input/rotation.h"

/* Longest number that marks an old log: rotate 9999 is nobody's. */
#define NUMBER_DIGITS 4

/* The first `n` bytes. */
static struct slice
first_of(struct slice s, size_t n)
{
	return (struct slice){ s.p, n };
}

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
			return first_of(name, name.n - e.n);
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

static uint64_t
value_of(struct slice digits)
{
	uint64_t v = 0;

	for (size_t i = 0; i < digits.n; i++)
		v = v * 10 + (uint64_t)(digits.p[i] - '0');
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

/*
 * A date at the end: 20261122, 2026-11-22, with hours or a running number of
 * that day behind it, after a joint.  What is before it is the base.
 */
static bool
cut_date(struct slice s, struct slice *base, uint64_t *rank)
{
	struct slice rest = s;
	uint64_t more = 0, day = 0;
	size_t n = digits_at_end(rest);

	/* A running number or an hour: -1, .2, -13, -1337. */
	if (n > 0 && n <= 4 && n + 9 < rest.n && is_joint(rest.p[rest.n - n - 1])) {
		struct slice before = first_of(rest, rest.n - n - 1);
		size_t k = digits_at_end(before);

		if (k == 8 && is_day(value_of(ending_of(before, 8)))) {
			more = 1 + value_of(ending_of(rest, n));
			rest = before;
			n = k;
		}
	}
	if (n == 8 || n == 10 || n == 12 || n == 14) {
		struct slice digits = ending_of(rest, n);

		day = value_of(first_of(digits, 8));
		if (n > 8)
			more = value_of(slice_from(digits, 8));
		rest = first_of(rest, rest.n - n);
	} else if (n == 2 && rest.n > 10 && is_joint(rest.p[rest.n - 3]) &&
	    rest.p[rest.n - 6] == rest.p[rest.n - 3]) {
		struct slice date = ending_of(rest, 10);
		struct slice year = first_of(date, 4);
		struct slice month = first_of(slice_from(date, 5), 2);

		if (digits_at_end(year) == 4 && digits_at_end(month) == 2)
			day = value_of(year) * 10000 + value_of(month) * 100 +
			    value_of(slice_from(date, 8));
		rest = first_of(rest, rest.n - 10);
	}
	if (!is_day(day) || rest.n < 2 || !is_joint(rest.p[rest.n - 1]))
		return false;
	*base = first_of(rest, rest.n - 1);
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
	if (ext.n && cut_date(first_of(out->name, out->name.n - ext.n),
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
		out->base = first_of(out->name, out->name.n - n - 1);
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
