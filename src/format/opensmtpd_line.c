/*
 * The lines of OpenSMTPD taken apart.
 */
#include "config.h"

#include "format/opensmtpd_line.h"

#include "base/mask.h"
#include "smtp/path.h"

#define ID_DIGITS 16

static bool
is_hex(char c)
{
	return ascii_is_digit((unsigned char)c) || (c >= 'a' && c <= 'f');
}

static size_t
count_hex(struct slice s)
{
	size_t n = 0;

	while (n < s.n && is_hex(s.p[n]))
		n++;
	return n;
}

static bool
cut_word(struct slice *s, char end, struct slice *word)
{
	ptrdiff_t n = slice_find_char(*s, end);

	if (n <= 0)
		return false;
	*word = slice_head(*s, (size_t)n);
	*s = slice_from(*s, (size_t)n + 1);
	return true;
}

bool
osmtpd_cut(struct slice text, struct osmtpd_line *l)
{
	struct slice s = text;

	if (s.n < ID_DIGITS + 5 || s.p[ID_DIGITS] != ' ' ||
	    count_hex(s) != ID_DIGITS)
		return false;
	l->id = slice_head(s, ID_DIGITS);
	s = slice_from(s, ID_DIGITS + 1);
	if (!slice_starts(s, SLICE("smtp ")) &&
	    !slice_starts(s, SLICE("mta ")) && !slice_starts(s, SLICE("mda ")))
		return false;
	cut_word(&s, ' ', &l->subject);
	if (!cut_word(&s, ' ', &l->event)) {
		l->event = s;
		s = slice_from(s, s.n);
	}
	l->pairs = s;
	return true;
}

bool
osmtpd_cut_trace(struct slice text, struct slice *subject,
    struct slice *pointer, struct slice *words)
{
	size_t n;

	if (slice_starts(text, SLICE("debug: ")))
		text = slice_from(text, 7);
	if (!slice_starts(text, SLICE("smtp: 0x")) &&
	    !slice_starts(text, SLICE("mta: 0x")))
		return false;
	n = text.p[0] == 's' ? 4 : 3;
	*subject = slice_head(text, n);
	text = slice_from(text, n + 2);
	n = 2 + count_hex(slice_from(text, 2));
	if (n == 2 || n + 1 >= text.n || text.p[n] != ':' ||
	    text.p[n + 1] != ' ')
		return false;
	*pointer = slice_head(text, n);
	*words = slice_from(text, n + 2);
	return true;
}

/* --- pairs ------------------------------------------------------------------- */

/* The end of a value that is not in quotes: a blank, not of a <path>. */
static size_t
value_end(struct slice s)
{
	if (s.n && s.p[0] == '<') {
		ptrdiff_t end;
		size_t n;

		/* A quoted local part may hold blanks, and other pairs. */
		n = path_length(s);
		if (n && (n == s.n || s.p[n] == ' '))
			return n;
		end = slice_find(s, SLICE("> "));
		return end < 0 ? s.n : (size_t)end + 1;
	}
	return mask_find_first(s.p, s.n, ' ', ',', ',');
}

static struct slice
value_at(struct slice s)
{
	ptrdiff_t end;

	if (s.n == 0 || s.p[0] != '"')
		return slice_head(s, value_end(s));
	s = slice_from(s, 1);
	end = slice_find(s, SLICE("\" "));
	if (end < 0)
		end = s.n && s.p[s.n - 1] == '"' ? (ptrdiff_t)s.n - 1 :
		    (ptrdiff_t)s.n;
	return slice_head(s, (size_t)end);
}

/* `last`: nothing is known to follow it. */
static struct slice
find_value(struct slice pairs, struct slice name, bool last)
{
	while (pairs.n) {
		struct slice v;
		size_t n = mask_find_first(pairs.p, pairs.n, '=', ' ', ' ');

		if (n >= pairs.n || pairs.p[n] != '=') {
			pairs = slice_from(pairs, n + 1);
			continue;
		}
		v = value_at(slice_from(pairs, n + 1));
		if (slice_eq(slice_head(pairs, n), name)) {
			/* In quotes it does not begin where it stands. */
			return last && v.p == pairs.p + n + 1 ?
			    slice_from(pairs, n + 1) : v;
		}
		n = (size_t)(v.p - pairs.p) + v.n;
		while (n < pairs.n && pairs.p[n] != ' ')
			n++;
		pairs = slice_from(pairs, n + 1);
	}
	return SLICE_NONE;
}

struct slice
osmtpd_value(struct slice pairs, const char *key)
{
	return find_value(pairs, slice_of(key), false);
}

struct slice
osmtpd_last(struct slice pairs, const char *key)
{
	return find_value(pairs, slice_of(key), true);
}

struct slice
osmtpd_host(struct slice s)
{
	ptrdiff_t at = slice_find(s, SLICE("://"));

	return at < 0 ? s : slice_from(s, (size_t)at + 3);
}

struct slice
osmtpd_rejected(struct slice reason, struct slice *what)
{
	const struct slice mark = { " rejected: ", 11 };
	ptrdiff_t at = slice_find(reason, mark);

	*what = slice_head(reason, at < 0 ? 0 : (size_t)at);
	return at < 0 ? reason : slice_from(reason, (size_t)at + mark.n);
}

struct slice
osmtpd_path(struct slice s)
{
	if (s.n && s.p[0] == '<')
		s = slice_from(s, 1);
	if (s.n && s.p[s.n - 1] == '>')
		s.n--;
	return s;
}

/*
 * A client may write what looks like the end of its own command.  The reply
 * comes last; some replies repeat the path, and with it what is in it.
 */
struct slice
osmtpd_command(struct slice pairs, struct slice *result)
{
	const struct slice mark = { "\" result=\"", 10 };
	struct slice command = SLICE_NONE, rest, path;
	ptrdiff_t at;
	size_t from = 0;

	*result = SLICE_NONE;
	if (!slice_starts(pairs, SLICE("command=\"")))
		return command;
	pairs = slice_from(pairs, 9);
	if (pairs.n && pairs.p[pairs.n - 1] == '"')
		pairs.n--;
	while ((at = slice_find(slice_from(pairs, from), mark)) >= 0) {
		from += (size_t)at;
		rest = slice_from(pairs, from + mark.n);
		command = slice_head(pairs, from);
		*result = rest;
		path = osmtpd_asked(command);
		if (path.n > mark.n && slice_find(path, mark) >= 0 &&
		    slice_find(rest, path) >= 0)
			break;
		from += mark.n;
	}
	return command;
}

struct slice
osmtpd_asked(struct slice command)
{
	ptrdiff_t open = slice_find_char(command, '<');
	size_t n;
	bool quoted = false;

	if (open < 0)
		return SLICE_NONE;
	command = slice_from(command, (size_t)open + 1);
	for (n = 0; n < command.n; n++) {
		if (command.p[n] == '"')
			quoted = !quoted;
		else if (command.p[n] == '>' && !quoted)
			break;
	}
	return slice_head(command, n);
}

struct slice
osmtpd_session(struct slice text)
{
	static const struct slice marks[] = {
		{ "session ", 8 }, { " session=", 9 },
	};

	for (size_t i = 0; i < 2; i++) {
		struct slice rest = text;
		ptrdiff_t at;

		while ((at = slice_find(rest, marks[i])) >= 0) {
			rest = slice_from(rest, (size_t)at + marks[i].n);
			if (count_hex(rest) == ID_DIGITS)
				return slice_head(rest, ID_DIGITS);
		}
	}
	return SLICE_NONE;
}
