/*
 * Events: what all formats share.
 */
#include "config.h"

#include "format/event.h"

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

static struct slice
unplus(struct slice s, char *out)
{
	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] == '+' ? ' ' : s.p[i];
	return (struct slice){ out, s.n };
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
 * What stands behind a backslash: how many bytes, and the byte meant.  0 when
 * it is no escape and the backslash stands for itself.
 */
static size_t
escape(struct slice s, unsigned flags, char *byte)
{
	unsigned v;
	size_t n = octal(s, &v);

	if (n == 3 && v < 256) {
		*byte = (char)v;
		return n;
	}
	if (s.n == 0)
		return 0;
	*byte = simple_escape(s.p[0]);
	if (*byte)
		return 1;
	if (s.p[0] == '\\' || ((flags & EVENT_REPR) &&
	    (s.p[0] == '\'' || s.p[0] == '"'))) {
		*byte = s.p[0];
		return 1;
	}
	if ((flags & EVENT_REPR) && s.n >= 3 && s.p[0] == 'x' &&
	    hex_value((unsigned char)s.p[1]) >= 0 &&
	    hex_value((unsigned char)s.p[2]) >= 0) {
		*byte = (char)(hex_value((unsigned char)s.p[1]) * 16 +
		    hex_value((unsigned char)s.p[2]));
		return 3;
	}
	return 0;
}

static struct slice
unescape(struct slice s, unsigned flags, char *out)
{
	size_t n = 0, used;

	for (size_t i = 0; i < s.n; i++) {
		out[n] = s.p[i];
		if (s.p[i] == '\\' &&
		    (used = escape(slice_from(s, i + 1), flags, &out[n])) > 0)
			i += used;
		n++;
	}
	return (struct slice){ out, n };
}

struct slice
event_text(const struct event *ev, struct slice s, char *out)
{
	if (ev->flags & EVENT_QUOTED)
		return undouble(s, out);
	if (ev->flags & EVENT_PLUS)
		return unplus(s, out);
	if (ev->flags & (EVENT_REPR | EVENT_OCTAL))
		return unescape(s, ev->flags, out);
	return s;
}

void
event_split(struct event *ev, struct event *reply)
{
	ev->kind = EVENT_LINE;
	*reply = *ev;
	reply->text = ev->context;
	reply->context = ev->context = SLICE_NONE;
	reply->dir = ev->dir == DIR_IN ? DIR_OUT :
	    ev->dir == DIR_OUT ? DIR_IN : DIR_NONE;
	/* What the entry says of keys holds behind both. */
	ev->flags &= (uint16_t)~(EVENT_UNLINK | EVENT_STATE);
	reply->flags &= (uint16_t)~(EVENT_LINK | EVENT_ALIAS | EVENT_ALSO |
	    EVENT_BEGINS);
}
