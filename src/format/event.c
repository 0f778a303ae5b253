/*
 * Events: what all formats share.
 */
#include "config.h"

#include "format/event.h"

#include "base/utf8.h"
#include "smtp/verb.h"

static struct slice
undouble(struct slice s, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		out[n++] = s.p[i];
		if (s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"')
			i++;
	}
	return (struct slice){ out, n };
}

/*
 * Whether the plus signs of s, a text up to `>`, stand for themselves: a log
 * that writes `+` for a blank does not mark those that were there, but what
 * has an @ and no quotes is an address, and that has no blanks.
 */
static bool
is_address(struct slice s)
{
	ptrdiff_t end = slice_find_char(s, '>');

	s = slice_head(s, end < 0 ? 0 : (size_t)end);
	return slice_find_char(s, '@') >= 0 && slice_find_char(s, '"') < 0 &&
	    slice_find_char(s, '<') < 0;
}

static size_t
add_unplussed(struct slice s, char *out)
{
	bool address = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '<')
			address = is_address(slice_from(s, i + 1));
		else if (s.p[i] == '>')
			address = false;
		out[i] = s.p[i] == '+' && !address ? ' ' : s.p[i];
	}
	return s.n;
}

/* The last column of a command: its argument, `-` when there is none. */
static struct slice
argument_of(struct slice s)
{
	if (slice_eq(s, SLICE("-")))
		return SLICE_NONE;
	while (s.n && (s.p[0] == '+' || s.p[0] == ' '))
		s = slice_from(s, 1);
	return s;
}

static struct slice
last_column(struct slice s)
{
	ptrdiff_t at;

	while ((at = slice_find_char(s, ' ')) >= 0)
		s = slice_from(s, (size_t)at + 1);
	return s;
}

/*
 * Columns of W3C logs hold no blanks: where there is one, the text is of a
 * verb, of what stands between, and of an argument.  NCSA logs have `-?`
 * between the two.
 */
static struct slice
unplus(struct slice s, char *out)
{
	ptrdiff_t first = slice_find_char(s, ' ');
	struct slice argument;
	size_t n;

	if (first < 0)
		return (struct slice){ out, add_unplussed(s, out) };
	argument = slice_from(s, (size_t)first + 1);
	if (slice_starts(argument, SLICE("-?")))
		argument = slice_from(argument, 2);
	else
		argument = last_column(argument);
	argument = argument_of(argument);
	n = add_unplussed(slice_head(s, (size_t)first), out);
	if (argument.n) {
		out[n++] = ' ';
		n += add_unplussed(argument, out + n);
	}
	return (struct slice){ out, n };
}

/* `VERB, target, argument`: an argument may hold commas. */
static struct slice
uncomma(struct slice s, char *out)
{
	const struct slice comma = { ", ", 2 };
	ptrdiff_t verb = slice_find(s, comma), target;
	struct slice argument;

	if (verb < 0) {
		memcpy(out, s.p ? s.p : "", s.n);
		return (struct slice){ out, s.n };
	}
	argument = slice_from(s, (size_t)verb + comma.n);
	target = slice_find(argument, comma);
	if (target >= 0)
		argument = slice_from(argument, (size_t)target + comma.n);
	argument = argument_of(argument);
	memcpy(out, s.p, (size_t)verb);
	if (argument.n) {
		out[verb++] = ' ';
		memcpy(out + verb, argument.p, argument.n);
	}
	return (struct slice){ out, (size_t)verb + argument.n };
}

/* Whether s begins with the code of another reply line: `250-`. */
static bool
is_code(struct slice s, struct slice code)
{
	return s.n > 3 && code.n > 3 && memcmp(s.p, code.p, 3) == 0 &&
	    ascii_is_digit((unsigned char)s.p[0]) &&
	    (s.p[3] == ' ' || s.p[3] == '-');
}

/* The enhanced code behind the code of a reply, and the blank behind it. */
static struct slice
enhanced_of(struct slice s)
{
	size_t n = 4;

	if (s.n < 10 || s.p[5] != '.')
		return SLICE_NONE;
	while (n < s.n && (s.p[n] == '.' ||
	    ascii_is_digit((unsigned char)s.p[n])))
		n++;
	return n < s.n && s.p[n] == ' ' ?
	    slice_from(slice_head(s, n + 1), 4) : SLICE_NONE;
}

/*
 * A reply whose lines were joined becomes one line: a blank for each joint,
 * without the codes that each line repeats.
 */
static struct slice
unjoin(struct slice s, char *out)
{
	const struct slice mark = { "[nl]", 4 };
	struct slice rest = s;
	size_t n = 0;
	ptrdiff_t at;

	while ((at = slice_find(rest, mark)) >= 0) {
		memcpy(out + n, rest.p, (size_t)at);
		n += (size_t)at;
		rest = slice_from(rest, (size_t)at + mark.n);
		if (is_code(rest, s)) {
			struct slice enhanced = enhanced_of(s);

			rest = slice_from(rest, 4);
			if (enhanced.n && slice_starts(rest, enhanced))
				rest = slice_from(rest, enhanced.n);
		}
		if (rest.n)
			out[n++] = ' ';
	}
	if (rest.n)
		memcpy(out + n, rest.p, rest.n);
	return (struct slice){ out, n + rest.n };
}

/* Up to three octal digits; how many there are. */
static size_t
octal(struct slice s, unsigned *v)
{
	size_t n = 0;

	*v = 0;
	while (n < 3 && n < s.n && s.p[n] >= '0' && s.p[n] <= '7')
		*v = *v * 8 + (unsigned)(s.p[n++] - '0');
	return n;
}

static int
hex_value(unsigned char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char
simple_escape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return 0;
	}
}

/*
 * Behind a backslash, as Rust writes characters that people would not see:
 * u{1b}.  How many bytes it takes, 0 when it is none; *made of out are used.
 */
static size_t
unicode_escape(struct slice s, char *out, size_t *made)
{
	uint32_t c = 0;
	size_t i = 2;
	int digit;

	if (s.n < 4 || s.p[0] != 'u' || s.p[1] != '{')
		return 0;
	for (; i < s.n && i < 8 &&
	    (digit = hex_value((unsigned char)s.p[i])) >= 0; i++)
		c = c * 16 + (uint32_t)digit;
	if (i == 2 || i == s.n || s.p[i] != '}' || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return 0;
	*made = utf8_encode(c, out);
	return *made ? i + 1 : 0;
}

/*
 * What stands behind a backslash: how many bytes it takes, and what is meant,
 * *made bytes in out.  0 when it is no escape and the backslash stands for
 * itself.
 */
static size_t
escape(struct slice s, unsigned flags, char *out, size_t *made)
{
	unsigned v;
	size_t n = octal(s, &v);
	char c;

	*made = 1;
	if (n == 3 && v < 256) {
		*out = (char)v;
		return n;
	}
	if (s.n == 0)
		return 0;
	c = simple_escape(s.p[0]);
	if (c) {
		*out = c;
		return 1;
	}
	if (s.p[0] == '\\' || ((flags & EVENT_REPR) &&
	    (s.p[0] == '\'' || s.p[0] == '"'))) {
		*out = s.p[0];
		return 1;
	}
	if ((flags & EVENT_REPR) && s.n >= 3 && s.p[0] == 'x' &&
	    hex_value((unsigned char)s.p[1]) >= 0 &&
	    hex_value((unsigned char)s.p[2]) >= 0) {
		*out = (char)(hex_value((unsigned char)s.p[1]) * 16 +
		    hex_value((unsigned char)s.p[2]));
		return 3;
	}
	return flags & EVENT_REPR ? unicode_escape(s, out, made) : 0;
}

static struct slice
unescape(struct slice s, unsigned flags, char *out)
{
	size_t n = 0, used, made;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && (used = escape(slice_from(s, i + 1),
		    flags, out + n, &made)) > 0) {
			i += used;
			n += made;
		} else {
			out[n++] = s.p[i];
		}
	}
	return (struct slice){ out, n };
}

/* Behind a backslash, as vis(3) writes it: how many bytes, and the byte. */
static size_t
unvis(struct slice s, char *byte)
{
	unsigned v, high = 0;
	size_t n = octal(s, &v);

	if (n == 3 && v < 256) {
		*byte = (char)v;
		return n;
	}
	if (s.n && s.p[0] == '\\') {
		*byte = '\\';
		return 1;
	}
	n = 0;
	if (s.n && s.p[0] == 'M') {
		high = 0x80;
		n = 1;
	}
	if (s.n < n + 2 || (s.p[n] != '^' && (!high || s.p[n] != '-')))
		return 0;
	v = (unsigned char)s.p[n + 1];
	if (s.p[n] == '^')
		v = v == '?' ? 0x7f : v & 0x1f;
	*byte = (char)(v | high);
	return n + 2;
}

static struct slice
unescape_vis(struct slice s, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		out[n] = s.p[i];
		if (s.p[i] == '\\')
			i += unvis(slice_from(s, i + 1), &out[n]);
		n++;
	}
	return (struct slice){ out, n };
}

struct slice
event_text(const struct event *ev, struct slice s, char *out)
{
	switch (ev->flags & EVENT_ESCAPES) {
	case 0:
		return s;
	case EVENT_QUOTED:
		return undouble(s, out);
	case EVENT_PLUS:
		return unplus(s, out);
	case EVENT_COMMAS:
		return uncomma(s, out);
	case EVENT_VIS:
		return unescape_vis(s, out);
	case EVENT_NL:
		return unjoin(s, out);
	default:
		return unescape(s, ev->flags, out);
	}
}

unsigned
event_become_command(struct event *ev)
{
	unsigned flags = ev->flags;

	/* What the entry says of keys holds behind both. */
	ev->flags &= (uint16_t)~(EVENT_UNLINK | EVENT_STATE);
	return flags;
}

void
event_become_reply(struct event *ev, unsigned flags)
{
	ev->kind = EVENT_LINE;
	ev->text = ev->context;
	ev->context = SLICE_NONE;
	ev->dir = ev->dir == DIR_IN ? DIR_OUT :
	    ev->dir == DIR_OUT ? DIR_IN : DIR_NONE;
	ev->flags = (uint16_t)(flags & ~(unsigned)(EVENT_LINK | EVENT_ALIAS |
	    EVENT_ALSO | EVENT_BEGINS));
}

void
event_split(struct event *ev, struct event *reply)
{
	*reply = *ev;
	event_become_reply(reply, event_become_command(ev));
	ev->context = SLICE_NONE;
}

struct slice
event_head(const struct event *ev, char out[EVENT_HEAD_MAX])
{
	return event_text(ev, slice_head(ev->text, EVENT_HEAD_MAX), out);
}

/* The codes of a reply lie within so many bytes. */
#define CODES_MAX 16

/* Without the bytes at which some way of writing begins something. */
static bool
is_plain(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\\' || s.p[i] == '[' || s.p[i] == '+' ||
		    s.p[i] == '<' || s.p[i] == ',')
			return false;
	return true;
}

/*
 * Most texts begin with a verb of four letters and a blank, or with the codes
 * of a reply, and there no way of writing changes anything: what is behind
 * need not be undone to know the gist.
 */
static bool
gist_at_head(const struct event *ev, struct gist *g)
{
	struct slice s = ev->text, head = slice_head(s, CODES_MAX);

	if (s.n == 3 && ascii_is_digit((unsigned char)s.p[0])) {
		*g = gist_of(s);
		return true;
	}
	if (s.n > 4 && s.p[4] == ' ') {
		/* LAST may follow BDAT; a reply has digits there. */
		*g = gist_of(slice_head(s, 4));
		return !g->code && g->verb != VERB_UNKNOWN &&
		    g->verb != VERB_BDAT;
	}
	/* Where `+` is a blank, a blank parts columns. */
	if (s.n < CODES_MAX || (ev->flags & EVENT_ESCAPES) == EVENT_PLUS ||
	    !ascii_is_digit((unsigned char)s.p[0]) || !is_plain(head))
		return false;
	*g = gist_of(head);
	return g->code != 0;
}

struct gist
event_gist_escaped(const struct event *ev)
{
	char head[EVENT_HEAD_MAX];
	struct gist g;

	return gist_at_head(ev, &g) ? g : gist_of(event_head(ev, head));
}
