/*
 * Mistakes in a filter expression: the words of a message, and guessing what a
 * mistyped word was to be.  Knows nothing of the language itself.
 */
#include "config.h"

#include "query/mistake.h"

#include <stdarg.h>
#include <stdio.h>

/* Longer words than this are no mistyped names. */
#define NEAREST_MAX 24

int
mistake(struct filter_error *fe, size_t at, size_t length, const char *fmt,
    ...)
{
	va_list ap;

	if (!fe)
		return -1;
	fe->at = at;
	fe->length = length ? length : 1;
	va_start(ap, fmt);
	vsnprintf(fe->text, sizeof fe->text, fmt, ap);
	va_end(ap);
	return -1;
}

struct excerpt
excerpt(struct slice s)
{
	struct excerpt out = { "" };
	size_t n = s.n;
	bool cut = n > sizeof out.text - 4;

	if (cut) {
		n = sizeof out.text - 4;
		/* Not in the middle of a character. */
		while (n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
			n--;
	}
	if (n)
		memcpy(out.text, s.p, n);
	if (cut)
		memcpy(out.text + n, "...", 4);
	return out;
}

static bool
same(char a, char b)
{
	return ascii_lower((unsigned char)a) == ascii_lower((unsigned char)b);
}

/* Insertions, deletions, replacements and swaps from one word to another. */
static unsigned
distance(struct slice a, struct slice b)
{
	unsigned row[NEAREST_MAX + 1][NEAREST_MAX + 1];

	for (size_t i = 0; i <= a.n; i++)
		row[i][0] = (unsigned)i;
	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a.n; i++) {
		for (size_t j = 1; j <= b.n; j++) {
			unsigned d = row[i - 1][j - 1] +
			    !same(a.p[i - 1], b.p[j - 1]);

			if (row[i - 1][j] + 1 < d)
				d = row[i - 1][j] + 1;
			if (row[i][j - 1] + 1 < d)
				d = row[i][j - 1] + 1;
			if (i > 1 && j > 1 && same(a.p[i - 1], b.p[j - 2]) &&
			    same(a.p[i - 2], b.p[j - 1]) &&
			    row[i - 2][j - 2] + 1 < d)
				d = row[i - 2][j - 2] + 1;
			row[i][j] = d;
		}
	}
	return row[a.n][b.n];
}

struct nearest
nearest_to(struct slice want)
{
	/* One slip in three letters, two at most. */
	unsigned most = want.n < 3 ? 0 : want.n < 6 ? 1 : 2;

	return (struct nearest){ .want = want, .distance = most + 1 };
}

void
nearest_try(struct nearest *n, const char *candidate)
{
	struct slice c = slice_of(candidate);
	unsigned d;

	if (n->want.n == 0 || n->want.n > NEAREST_MAX || c.n > NEAREST_MAX)
		return;
	d = distance(n->want, c);
	/* What begins like it is as near as one slip. */
	if (n->want.n >= 2 && d > 1 && (slice_case_starts(c, n->want) ||
	    (c.n >= 3 && slice_case_starts(n->want, c))))
		d = 1;
	if (d < n->distance || (!n->best && d == 1)) {
		n->distance = d;
		n->best = candidate;
	}
}
