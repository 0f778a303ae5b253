/*
 * Reading a regular expression just far enough to choose how PCRE2 should
 * compile it.  It is no parser: what it does not know it takes for special.
 */
#include "config.h"

#include "query/pattern.h"

#include <wctype.h>

#include "base/utf8.h"

static bool
is_alnum(unsigned char c)
{
	return ascii_is_digit(c) || (ascii_lower(c) >= 'a' &&
	    ascii_lower(c) <= 'z');
}

static bool
is_hex(unsigned char c)
{
	return ascii_is_digit(c) || (ascii_lower(c) >= 'a' &&
	    ascii_lower(c) <= 'f');
}

/* Bytes of s up to and with the first `end`; all of it where none is. */
static size_t
through(struct slice s, char end)
{
	ptrdiff_t at = slice_find_char(s, end);

	return at < 0 ? s.n : (size_t)at + 1;
}

/* \p{..} \x{..} \k<..> \g'..': the bracketed part of an escape at s. */
static size_t
bracketed(struct slice s)
{
	if (s.n == 0)
		return 0;
	switch (s.p[0]) {
	case '{':
		return through(s, '}');
	case '<':
		return through(s, '>');
	case '\'':
		return 1 + through(slice_from(s, 1), '\'');
	default:
		return 0;
	}
}

/* Bytes of the escape at s, which begins with a backslash. */
static size_t
escape_length(struct slice s)
{
	size_t n, max;

	if (s.n < 2)
		return s.n;
	switch (s.p[1]) {
	case 'p':
	case 'P':
		n = bracketed(slice_from(s, 2));
		return n ? 2 + n : s.n < 3 ? s.n : 3;
	case 'o':
	case 'N':
	case 'k':
	case 'g':
		return 2 + bracketed(slice_from(s, 2));
	case 'c':
		return s.n < 3 ? s.n : 3;
	case 'x':
		n = bracketed(slice_from(s, 2));
		if (n)
			return 2 + n;
		max = s.n < 4 ? s.n : 4;
		for (n = 2; n < max && is_hex((unsigned char)s.p[n]); n++)
			continue;
		return n;
	default:
		return 2;
	}
}

/*
 * Bytes of the head of a group that bears or calls a name: (?<name>,
 * (?'name', (?P<name>, (?P=name), (?P>name), (?&name).
 */
static size_t
name_length(struct slice s)
{
	size_t n = 2;

	if (!slice_starts(s, SLICE("(?")) || s.n < 4)
		return 0;
	if (s.p[2] == '&')
		return through(s, ')');
	if (s.p[2] == 'P')
		n++;
	switch (s.p[n]) {
	case '<':
		if (s.p[n + 1 < s.n ? n + 1 : n] == '=' ||
		    s.p[n + 1 < s.n ? n + 1 : n] == '!')
			return 0;
		return through(s, '>');
	case '\'':
		n++;
		return n + through(slice_from(s, n), '\'');
	case '=':
	case '>':
		return n == 3 ? through(s, ')') : 0;
	default:
		return 0;
	}
}

/* Bytes at the head of s that say something other than themselves, or 0. */
static size_t
special_length(struct slice s)
{
	if (s.p[0] == '\\')
		return escape_length(s);
	if (s.n >= 2 && s.p[0] == '(' && s.p[1] == '*')
		return through(s, ')');
	return name_length(s);
}

static size_t
upper_at(struct slice s, bool *upper)
{
	int32_t cp;
	size_t n = utf8_decode(s, &cp);

	*upper = cp >= 'A' && cp <= 'Z';
	if (cp >= 0x80)
		*upper = iswupper((wint_t)cp) != 0;
	return n;
}

bool
literal_has_upper(struct slice text)
{
	bool upper = false;

	while (text.n && !upper)
		text = slice_from(text, upper_at(text, &upper));
	return upper;
}

bool
pattern_has_upper(struct slice s)
{
	bool upper = false;

	while (s.n && !upper) {
		size_t n = special_length(s);

		if (slice_starts(s, SLICE("\\Q"))) {
			ptrdiff_t end = slice_find(s, SLICE("\\E"));

			n = end < 0 ? s.n : (size_t)end;
			upper = literal_has_upper(slice_from(slice_head(s, n),
			    2));
		} else if (n == 0) {
			n = upper_at(s, &upper);
		}
		s = slice_from(s, n);
	}
	return upper;
}

bool
literal_suits_bytes(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

/*
 * A dot stands for one character, which may be several bytes: only `.*` takes
 * the same text either way.
 */
static bool
dot_suits_bytes(struct slice s)
{
	return s.n >= 2 && s.p[1] == '*';
}

/* The escape at s means ASCII characters, or a place between them. */
static bool
escape_suits_bytes(struct slice s)
{
	unsigned char c;

	if (s.n < 2)
		return false;
	c = (unsigned char)s.p[1];
	return (!is_alnum(c) && c < 0x80) || memchr("abdefnrstwAzZ", c, 13);
}

/* A class at s of ASCII characters; *length gets its bytes. */
static bool
class_suits_bytes(struct slice s, size_t *length)
{
	size_t i = 1;

	if (s.n > 1 && s.p[1] == '^')
		return false;
	if (s.n > 1 && s.p[1] == ']')
		i++;
	for (; i < s.n && s.p[i] != ']'; i++) {
		if (s.p[i] == '[')
			return false;
		if (s.p[i] == '\\') {
			if (!escape_suits_bytes(slice_from(s, i)))
				return false;
			i++;
		}
	}
	*length = i + 1;
	return i < s.n;
}

bool
pattern_suits_bytes(struct slice s)
{
	size_t n;

	if (!literal_suits_bytes(s))
		return false;
	for (; s.n; s = slice_from(s, n)) {
		n = 1;
		switch (s.p[0]) {
		case '\\':
			if (!escape_suits_bytes(s))
				return false;
			n = 2;
			break;
		case '.':
			if (!dot_suits_bytes(s))
				return false;
			break;
		case '[':
			if (!class_suits_bytes(s, &n))
				return false;
			break;
		case '(':
			if (slice_starts(s, SLICE("(*")) ||
			    (slice_starts(s, SLICE("(?")) &&
			    !slice_starts(s, SLICE("(?:"))))
				return false;
			break;
		default:
			break;
		}
	}
	return true;
}
