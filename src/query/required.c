/*
 * Required texts.
 *
 * A pattern is read as a row of items: characters that stand for themselves,
 * and others.  Characters side by side that no quantifier makes optional are a
 * text that each match holds; the longest counts.  Anything that may turn the
 * meaning of what stands around it (alternatives at the top, lookarounds,
 * options, quoting, references) ends the reading with no text.
 */
#include "config.h"

#include "query/required.h"

#include "base/mask.h"

/* Shorter ones stand in too many lines. */
#define TEXT_MIN 3
#define TEXT_MAX 64

struct reading {
	struct slice rest;
	char run[TEXT_MAX];
	size_t n;                /* of the run */
	bool leading;            /* it begins the pattern */
	bool any_case, utf;
	bool doubt;
	struct required *best;
};

/* --- runs ----------------------------------------------------------------- */

static void
end_run(struct reading *rd)
{
	struct buf *best = &rd->best->text;

	if (rd->n >= TEXT_MIN && rd->n > best->n && !rd->leading) {
		best->n = 0;
		buf_add(best, (struct slice){ rd->run, rd->n });
	}
	rd->n = 0;
	rd->leading = false;
}

/* In UTF-8, `s` and `k` have a third form where case is ignored. */
static bool
has_more_forms(const struct reading *rd, char c)
{
	return rd->any_case && rd->utf && (c == 's' || c == 'k');
}

static void
add_char(struct reading *rd, char c)
{
	if (rd->any_case)
		c = (char)ascii_lower((unsigned char)c);
	if (has_more_forms(rd, c)) {
		end_run(rd);
		return;
	}
	if (rd->n == TEXT_MAX)
		end_run(rd);
	rd->run[rd->n++] = c;
}

/* --- items ---------------------------------------------------------------- */

static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f;
}

static bool
is_alnum(unsigned char c)
{
	return ascii_is_digit(c) || (ascii_lower(c) >= 'a' &&
	    ascii_lower(c) <= 'z');
}

static char
next(struct reading *rd)
{
	char c = rd->rest.n ? rd->rest.p[0] : '\0';

	rd->rest = slice_from(rd->rest, 1);
	return c;
}

static char
peek(const struct reading *rd)
{
	return rd->rest.n ? rd->rest.p[0] : '\0';
}

/* Behind a backslash: what is no character by itself is a kind, or doubt. */
static bool
read_escape(struct reading *rd, char *c)
{
	*c = next(rd);
	if (is_plain((unsigned char)*c) && !is_alnum((unsigned char)*c))
		return true;
	if (!*c || !memchr("dDwWsSbBhH", *c, 10))
		rd->doubt = true;
	return false;
}

/* Behind the bracket: true when the class is of one character. */
static bool
read_class(struct reading *rd, char *only)
{
	unsigned members = 0;
	bool negated = peek(rd) == '^', single = !negated;

	if (negated)
		next(rd);
	while (rd->rest.n && (peek(rd) != ']' || members == 0)) {
		char c = next(rd);

		members++;
		if (c == '[' || !is_plain((unsigned char)c))
			rd->doubt = true;
		else if (c == '\\' && !read_escape(rd, &c))
			single = false;
		*only = c;
	}
	if (next(rd) != ']')
		rd->doubt = true;
	return single && members == 1;
}

/*
 * How deep groups may lie in one another here; what is deeper is left to PCRE2,
 * which has a limit, too.
 */
#define DEPTH_MAX 50

/* Behind the parenthesis, to the one that closes it; its inside is passed by. */
static void
read_group(struct reading *rd)
{
	unsigned depth = 1;
	char c;

	do {
		/* At the head of a group: options, lookarounds, verbs. */
		if (peek(rd) == '*' || (peek(rd) == '?' &&
		    !slice_starts(rd->rest, SLICE("?:"))))
			rd->doubt = true;
		while (rd->rest.n && (c = next(rd)) != '(') {
			if (c == '\\')
				read_escape(rd, &c);
			else if (c == '[')
				read_class(rd, &c);
			else if (c == ')' && --depth == 0)
				return;
		}
	} while (rd->rest.n && ++depth < DEPTH_MAX && !rd->doubt);
	rd->doubt = true;
}

/* {2}, {2,}, {,2}, {2, 3}: what else stands in braces is in doubt. */
static void
read_braces(struct reading *rd)
{
	while (rd->rest.n && (ascii_is_digit((unsigned char)peek(rd)) ||
	    peek(rd) == ',' || peek(rd) == ' '))
		next(rd);
	if (next(rd) != '}')
		rd->doubt = true;
}

/* What stands behind an item: how often; true when there is something. */
static bool
read_quantifier(struct reading *rd)
{
	char c = peek(rd);

	if (c != '*' && c != '?' && c != '{' && c != '+')
		return false;
	next(rd);
	if (c == '{')
		read_braces(rd);
	/* The character may be left out; with + it stands there once. */
	if (c != '+' && rd->n)
		rd->n--;
	end_run(rd);
	if (peek(rd) == '?' || peek(rd) == '+')
		next(rd);
	return true;
}

/* One item: true when it is a character that stands for itself. */
static bool
read_item(struct reading *rd, char *c)
{
	*c = next(rd);
	switch (*c) {
	case '\\':
		return read_escape(rd, c);
	case '[':
		return read_class(rd, c);
	case '(':
		read_group(rd);
		return false;
	case '.':
	case '^':
	case '$':
		return false;
	case '|':
	case ')':
	case '*':
	case '+':
	case '?':
	case '{':
		rd->doubt = true;
		return false;
	default:
		rd->doubt = rd->doubt || !is_plain((unsigned char)*c);
		return true;
	}
}

void
required_of(struct required *r, struct slice pattern, bool any_case, bool utf)
{
	struct reading rd = { .rest = pattern, .leading = true,
		.any_case = any_case, .utf = utf, .best = r };
	char c;

	r->any_case = any_case;
	while (rd.rest.n && !rd.doubt) {
		if (read_item(&rd, &c))
			add_char(&rd, c);
		else
			end_run(&rd);
		read_quantifier(&rd);
	}
	end_run(&rd);
	if (rd.doubt)
		r->text.n = 0;
}

void
required_free(struct required *r)
{
	buf_free(&r->text);
}

/* --- finding -------------------------------------------------------------- */

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
same(const char *p, struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((char)ascii_lower((unsigned char)p[i]) != text.p[i])
			return false;
	return true;
}

/* Where a letter stands in either case. */
static inline uint64_t
mask_of_both(const char *p, char c)
{
	uint64_t hits = mask_of(p, c);

	return is_letter(c) ? hits | mask_of(p, (char)(c - 32)) : hits;
}

/* By first and last byte, as slice_find() does. */
static ptrdiff_t
find_any_case(struct slice s, struct slice text)
{
	size_t last = text.n - 1, at = 0;

	for (; at + MASK_BYTES + last <= s.n; at += MASK_BYTES) {
		uint64_t hits = mask_of_both(s.p + at, text.p[0]) &
		    mask_of_both(s.p + at + last, text.p[last]);

		for (; hits; hits &= hits - 1) {
			size_t hit = at + mask_first(hits);

			if (same(s.p + hit, text))
				return (ptrdiff_t)hit;
		}
	}
	for (; at + text.n <= s.n; at++)
		if (same(s.p + at, text))
			return (ptrdiff_t)at;
	return -1;
}

ptrdiff_t
required_find(const struct required *r, struct slice s)
{
	struct slice text = buf_slice(&r->text);

	return r->any_case ? find_any_case(s, text) : slice_find(s, text);
}
