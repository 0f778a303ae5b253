/*
 * Taking the parts of Exim's entries apart: hosts, fields, addresses.
 */
#include "config.h"

#include "format/exim_parts.h"

#include "base/mask.h"

/* "[address]" and ":port" off the front of *s. */
static bool
cut_end(struct slice *s, struct exim_host *h)
{
	ptrdiff_t at = slice_find_char(*s, ']');
	size_t n, port;

	if (s->n < 3 || s->p[0] != '[' || at < 2)
		return false;
	n = (size_t)at + 1;
	h->address = (struct slice){ s->p + 1, (size_t)at - 1 };
	if (n < s->n && s->p[n] == ':') {
		port = n + 1;
		while (port < s->n && ascii_is_digit(
		    (unsigned char)s->p[port]))
			port++;
		h->has_port = port > n + 1;
		if (h->has_port)
			n = port;
	}
	h->end = slice_head(*s, n);
	*s = slice_from(*s, n);
	return true;
}

/* Where ") [" stands behind a name, which may have all of them but the last. */
static ptrdiff_t
end_of_helo(struct slice s)
{
	for (size_t i = 1; i + 2 < s.n; i++) {
		i += mask_find_first(s.p + i, s.n - i, ')', ')', ')');
		if (i + 2 < s.n && s.p[i + 1] == ' ' && s.p[i + 2] == '[')
			return (ptrdiff_t)i;
	}
	return -1;
}

bool
exim_cut_host(struct slice *s, struct exim_host *h)
{
	struct slice rest = *s;
	ptrdiff_t n;

	*h = (struct exim_host){ .has_port = false };
	if (rest.n && rest.p[0] != '[' && rest.p[0] != '(') {
		n = slice_find_char(rest, ' ');
		if (n <= 0)
			return false;
		h->name = slice_head(rest, (size_t)n);
		rest = slice_from(rest, (size_t)n + 1);
	}
	if (rest.n && rest.p[0] == '(') {
		n = end_of_helo(rest);
		if (n < 0)
			return false;
		h->helo = (struct slice){ rest.p + 1, (size_t)n - 1 };
		rest = slice_from(rest, (size_t)n + 2);
	}
	if (!cut_end(&rest, h))
		return false;
	*s = rest;
	return true;
}

/* How long a value in quotes is, with both of them; 0: it has no end. */
static size_t
quoted_length(struct slice s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	}
	return 0;
}

/* Where a byte first stands outside of quotes; s.n: nowhere. */
static size_t
unquoted(struct slice s, char c)
{
	size_t n;

	for (size_t i = 0; i < s.n; i++) {
		i += mask_find_first(s.p + i, s.n - i, c, '"', '\\');
		if (i >= s.n || s.p[i] == c)
			return i;
		if (s.p[i] == '\\')
			i++;
		else if ((n = quoted_length(slice_from(s, i))) > 0)
			i += n - 1;
	}
	return s.n;
}

bool
exim_cut_path(struct slice *s, struct slice *path)
{
	size_t n;

	if (s->n < 2 || s->p[0] != '<')
		return false;
	n = unquoted(*s, '>');
	if (n == s->n) {
		/* A lone quote: then it means nothing. */
		ptrdiff_t at = slice_find_char(*s, '>');

		if (at < 0)
			return false;
		n = (size_t)at;
	}
	*path = (struct slice){ s->p + 1, n - 1 };
	*s = slice_from(*s, n + 1);
	return true;
}

struct slice
exim_cut_address(struct slice *s)
{
	size_t n = unquoted(*s, ' ');
	struct slice a;

	a = slice_head(*s, n);
	*s = slice_from(*s, n);
	if (a.n > 1 && a.p[0] != ':' && a.p[a.n - 1] == ':' && s->n) {
		a.n--;
		*s = (struct slice){ s->p - 1, s->n + 1 };
	}
	if (slice_eq(a, SLICE("<>")))
		a.n = 0;
	return a;
}

static inline bool
is_alphanumeric(char c)
{
	unsigned char u = (unsigned char)c;

	return ascii_is_digit(u) || (unsigned)(ascii_lower(u) - 'a') < 26;
}

bool
exim_cut_field(struct slice *s, struct slice *key, struct slice *value)
{
	const char *p = s->p;
	size_t n = 1, end = s->n;

	if (end < 4 || p[0] != ' ')
		return false;
	while (n < end && n < 8 && (is_alphanumeric(p[n]) || p[n] == '*'))
		n++;
	if (n == 1 || n >= end || p[n] != '=')
		return false;
	*key = (struct slice){ p + 1, n - 1 };
	n++;
	*s = (struct slice){ p + n, end - n };
	if (s->n && s->p[0] == '<' && exim_cut_path(s, value))
		return true;
	if (s->n && s->p[0] == '"' && (n = quoted_length(*s)) > 0) {
		*value = (struct slice){ s->p + 1, n - 2 };
	} else {
		n = unquoted(*s, ' ');
		/* "Ci=4242: 535 ...": the colon is not of the value. */
		if (n > 1 && n < s->n && s->p[n - 1] == ':')
			n--;
		*value = slice_head(*s, n);
	}
	*s = slice_from(*s, n);
	return true;
}

bool
exim_cut_mark(struct slice *s)
{
	static const struct slice marks[] = { { "L", 1 }, { "L.", 2 },
		{ "L*", 2 }, { "L-", 2 }, { "L.-", 3 }, { "L*-", 3 },
		{ "K", 1 }, { "PRDR", 4 }, { "TFO", 3 }, { "TFO*", 4 },
		{ "DS", 2 }, { "ARC", 3 } };
	struct slice word;
	ptrdiff_t n;

	if (s->n < 2 || s->p[0] != ' ' || s->p[1] < 'A' || s->p[1] > 'T')
		return false;
	word = slice_from(*s, 1);
	n = slice_find_char(slice_head(word, 6), ' ');
	if (n >= 0)
		word = slice_head(word, (size_t)n);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (slice_eq(word, marks[i])) {
			*s = slice_from(*s, word.n + 1);
			return true;
		}
	return false;
}
