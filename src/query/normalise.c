/*
 * The words of a reply with what is particular to one mail taken out, so that
 * replies of one reason become one text.
 *
 * The text is cut into words and the signs between them.  Each word is
 * replaced by the class it falls in, or stays.  What matters is that two
 * replies which differ in particulars alone give the same text; that a word
 * is put in the wrong class does no harm as long as its like are, too.
 */
#include "config.h"

#include "query/group.h"

#include "query/words.h"
#include "smtp/reply.h"

/*
 * How much of a text is looked at, and where the result is cut.  The cut that
 * is met is that of the result, so that it does not depend on particulars.
 */
#define LOOK_MAX 8192
#define OUT_MAX 400
/* The longest local part of an address, signs included. */
#define LOCAL_MAX 72

static bool
is_word(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f &&
	    !strchr("<>()[]{}\"',;`#", c);
}

/* A word does not end in what closes a sentence. */
static bool
is_stop(char c)
{
	return c && strchr(".:!?-=", c);
}

static bool
is_letter(char c)
{
	unsigned char l = ascii_lower((unsigned char)c);

	return l >= 'a' && l <= 'z';
}

/* 1,024 is one word, as is o'hara@play.com; i is not the first of it. */
static bool
is_inner_sign(struct slice s, size_t i)
{
	size_t end = i + 1;

	if (end >= s.n)
		return false;
	if (s.p[i] == ',')
		return ascii_is_digit((unsigned char)s.p[i - 1]) &&
		    ascii_is_digit((unsigned char)s.p[i + 1]);
	if (s.p[i] != '\'' || !is_letter(s.p[i - 1]) || !is_letter(s.p[i + 1]))
		return false;
	while (end < s.n && end - i < LOCAL_MAX && s.p[end] != '@' &&
	    (is_word(s.p[end]) || s.p[end] == '\''))
		end++;
	return end < s.n && s.p[end] == '@';
}

/* Up to a sign that is part of no word. */
static size_t
word_length(struct slice s, size_t i)
{
	size_t n = 0;

	while (i + n < s.n && (is_word(s.p[i + n]) ||
	    (n > 0 && is_inner_sign(s, i + n))))
		n++;
	return n;
}

/* Of "x, y"@play.com at i what is in quotes, with them; 0: none is there. */
static size_t
quoted_local(struct slice s, size_t i)
{
	size_t n = 1;

	if (s.p[i] != '"')
		return 0;
	while (i + n < s.n && n < LOCAL_MAX && s.p[i + n] != '"')
		n += s.p[i + n] == '\\' ? 2 : 1;
	if (i + n + 2 >= s.n || s.p[i + n] != '"' || s.p[i + n + 1] != '@' ||
	    !is_word(s.p[i + n + 2]))
		return 0;
	return n + 1;
}

static void
put_class(struct buf *out, struct slice w)
{
	const char *class = word_class(w);

	if (class)
		buf_add(out, slice_of(class));
	else
		word_put_plain(out, w);
}

/* An address of the web: its host stays, each part of its path is a word. */
static void
put_url(struct buf *out, struct slice w)
{
	ptrdiff_t scheme = slice_find(w, SLICE("://"));
	size_t i = (size_t)scheme + 3;

	while (i < w.n && w.p[i] != '/')
		i++;
	buf_add(out, slice_head(w, i));
	while (i < w.n) {
		size_t n = 0;
		struct slice part;

		while (i + n < w.n && !strchr("/?=&", w.p[i + n]))
			n++;
		part = (struct slice){ w.p + i, n };
		put_class(out, part);
		i += n;
		if (i < w.n)
			buf_add_char(out, w.p[i++]);
	}
}

/* Names of values that tell the class, whatever the value looks like. */
static const struct {
	const char *name, *class;
} keys[] = {
	{ "InternalId", "<id>" }, { "id", "<id>" }, { "queueid", "<id>" },
	{ "msgid", "<id>" }, { "message-id", "<id>" }, { "sid", "<id>" },
	{ "session-id", "<id>" }, { "transaction-id", "<id>" },
	{ "Hostname", "<host>" }, { "host", "<host>" }, { "helo", "<host>" },
	{ "ip", "<ip>" }, { "client", "<host>" },
	{ "from", "<addr>" }, { "to", "<addr>" }, { "rcpt", "<addr>" },
	{ "sender", "<addr>" }, { "user", "<addr>" },
};

static const char *
key_class(struct slice name)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (slice_case_eq(name, slice_of(keys[i].name)))
			return keys[i].class;
	return NULL;
}

/* name=value; false when the word is no such pair. */
static bool
put_pair(struct buf *out, struct slice w)
{
	ptrdiff_t eq = slice_find_char(w, '=');
	struct slice name, value;
	const char *class;

	if (eq <= 0)
		return false;
	name = slice_head(w, (size_t)eq);
	value = slice_from(w, (size_t)eq + 1);
	class = key_class(name);
	if (!class && word_is_address(w))
		return false;
	buf_add(out, name);
	buf_add_char(out, '=');
	if (value.n && class)
		buf_add(out, slice_of(class));
	else
		put_class(out, value);
	return true;
}

static void
put_word(struct buf *out, struct slice w)
{
	uint32_t enhanced;
	struct slice rest;

	if (slice_find(w, SLICE("://")) > 0) {
		put_url(out, w);
		return;
	}
	if (put_pair(out, w))
		return;
	if (enhanced_parse(w, &enhanced, &rest) && rest.n == 0)
		buf_add(out, w);
	else
		put_class(out, w);
}

/* <...> at i without a blank in it: its length, 0 when it is none. */
static size_t
bracketed(struct slice s, size_t i)
{
	size_t n = 1;

	if (s.p[i] != '<')
		return 0;
	while (i + n < s.n && (unsigned char)s.p[i + n] > ' ' &&
	    s.p[i + n] != '<' && s.p[i + n] != '>') {
		size_t quoted = quoted_local(s, i + n);

		n += quoted ? quoted : 1;
	}
	return i + n < s.n && s.p[i + n] == '>' ? n + 1 : 0;
}

static void
put_bracketed(struct buf *out, struct slice s, size_t i, size_t n)
{
	struct slice inner = { s.p + i + 1, n - 2 };
	const char *class = word_class(inner);

	/* Exchange names the message it took just before its own id. */
	if (slice_starts(slice_from(s, i + n), SLICE(" [InternalId=")))
		buf_add(out, SLICE("<id>"));
	else if (word_is_address(inner))
		buf_add(out, SLICE("<addr>"));
	else if (inner.n == 0 || slice_eq(inner, SLICE("CRLF")))
		buf_add(out, (struct slice){ s.p + i, n });
	else
		buf_add(out, slice_of(class ? class : "<addr>"));
}

/* Whether three digits at i are a reply code: an enhanced code follows. */
static bool
is_code(struct slice w, struct slice after)
{
	uint32_t enhanced;
	struct slice rest;

	return w.n == 3 && word_is_number(w) && w.p[0] >= '2' && w.p[0] <= '5' &&
	    after.n > 1 && (after.p[0] == ' ' || after.p[0] == '-') &&
	    enhanced_parse(slice_from(after, 1), &enhanced, &rest);
}

/* One word, sign or date at i; returns the bytes taken. */
static size_t
put_next(struct buf *out, struct slice s, size_t i)
{
	size_t n = bracketed(s, i), from = out->n;
	struct slice w;

	if (n) {
		put_bracketed(out, s, i, n);
		return n;
	}
	n = is_word(s.p[i]) ? word_date(s, i) : 0;
	if (n) {
		buf_add(out, SLICE("<time>"));
		return n;
	}
	n = quoted_local(s, i);
	n += word_length(s, i + n);
	while (n > 0 && is_stop(s.p[i + n - 1]))
		n--;
	if (n == 0) {
		buf_add_char(out, s.p[i]);
		return 1;
	}
	w = (struct slice){ s.p + i, n };
	if (from >= 10 && slice_case_eq((struct slice){ out->p + from - 10,
	    10 }, SLICE("queued as ")))
		buf_add(out, SLICE("<id>"));
	else if (is_code(w, slice_from(s, i + n)))
		buf_add(out, w);
	else
		put_word(out, w);
	return n;
}

void
group_normalise(struct buf *out, unsigned code, uint32_t enhanced,
    struct slice text)
{
	size_t from = out->n, i = 0;
	char digits[REPLY_CODE_SIZE];

	if (code) {
		reply_code_text(code, digits);
		buf_add(out, slice_of(digits));
	}
	if (enhanced) {
		if (out->n > from)
			buf_add_char(out, ' ');
		enhanced_format(out, enhanced);
	}
	text = slice_trim(slice_head(text, LOOK_MAX));
	if (text.n && out->n > from)
		buf_add_char(out, ' ');
	while (i < text.n && out->n - from < OUT_MAX) {
		if (ascii_is_blank((unsigned char)text.p[i])) {
			buf_add_char(out, ' ');
			while (i < text.n &&
			    ascii_is_blank((unsigned char)text.p[i]))
				i++;
		} else {
			i += put_next(out, text, i);
		}
	}
}
