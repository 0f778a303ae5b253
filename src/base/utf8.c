/*
 * Text of strangers made safe to show: UTF-8 in and out, the width of a code
 * point, and escapes for all that a terminal would obey or hide.
 *
 * Knows nothing of screens or logs.  What a code point may do to a terminal is
 * decided here and nowhere else: code_width() is the one gate.
 */
#include "config.h"

#include "base/utf8.h"

#include <wchar.h>

#define MARKS_MAX 4

struct range {
	uint32_t first, last;
};

/*
 * What is never drawn, whatever wcwidth() thinks of it: it would be invisible,
 * reorder the text around it, or mean something to one font only.  Sorted.
 */
static const struct range hidden[] = {
	{ 0x0080, 0x009f },     /* C1: CSI, OSC and the like in one byte */
	{ 0x00ad, 0x00ad },     /* soft hyphen: drawn by some, not by others */
	{ 0x034f, 0x034f },     /* combining grapheme joiner: invisible */
	{ 0x061c, 0x061c },     /* Arabic letter mark */
	{ 0x115f, 0x1160 },     /* Hangul fillers */
	{ 0x17b4, 0x17b5 },     /* Khmer inherent vowels: invisible */
	{ 0x180b, 0x180f },     /* Mongolian selectors, vowel separator */
	{ 0x200b, 0x200f },     /* zero width, joiners, LRM, RLM */
	{ 0x2028, 0x202e },     /* separators; bidi embeddings and overrides */
	{ 0x2060, 0x206f },     /* word joiner, bidi isolates, deprecated */
	{ 0x3164, 0x3164 },     /* Hangul filler */
	{ 0xd800, 0xf8ff },     /* surrogates, private use */
	{ 0xfdd0, 0xfdef },     /* noncharacters */
	{ 0xfeff, 0xfeff },     /* byte order mark */
	{ 0xffa0, 0xffa0 },     /* half-width Hangul filler */
	{ 0xfff0, 0xfffb },     /* annotation controls */
	{ 0x1bca0, 0x1bca3 },   /* shorthand format controls */
	{ 0x1d173, 0x1d17a },   /* musical format controls */
	{ 0xe0000, 0x10ffff },  /* tags, more selectors, private planes */
};

/*
 * The one variable of the process outside main(): what the locale can show is
 * a fact of the process, like the locale itself, and every row of every view
 * needs it.  Written once by text_init(), before there are threads.
 */
static bool utf8_locale;

void
text_init(bool utf8)
{
	utf8_locale = utf8;
}

bool
text_is_utf8(void)
{
	return utf8_locale;
}

/* Length and smallest code point of the sequence that c starts; 0: none. */
static size_t
sequence_length(unsigned char c, uint32_t *least)
{
	if (c >= 0xc2 && c <= 0xdf) {
		*least = 0x80;
		return 2;
	}
	if ((c & 0xf0) == 0xe0) {
		*least = 0x800;
		return 3;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		*least = 0x10000;
		return 4;
	}
	return 0;
}

size_t
utf8_decode(struct slice s, int32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint32_t v, least = 0;
	size_t n;

	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	*cp = -1;
	n = sequence_length(p[0], &least);
	if (n == 0 || n > s.n)
		return 1;
	v = p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		v = v << 6 | (p[i] & 0x3fu);
	}
	if (v < least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 1;
	*cp = (int32_t)v;
	return n;
}

size_t
utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (cp >> 18 & 0x07));
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

/* How many bytes from the front are valid UTF-8. */
static size_t
valid_run(struct slice s)
{
	size_t i = 0;
	int32_t cp;

	while (i < s.n) {
		size_t n;

		if ((unsigned char)s.p[i] < 0x80) {
			i++;
			continue;
		}
		n = utf8_decode(slice_from(s, i), &cp);
		if (cp < 0)
			break;
		i += n;
	}
	return i;
}

bool
utf8_valid(struct slice s)
{
	return valid_run(s) == s.n;
}

void
text_to_utf8(struct buf *out, struct slice s)
{
	while (s.n) {
		size_t run = valid_run(s);

		buf_add(out, slice_head(s, run));
		s = slice_from(s, run);
		if (s.n) {
			char four[4];
			size_t n = utf8_encode((unsigned char)s.p[0], four);

			buf_add(out, (struct slice){ four, n });
			s = slice_from(s, 1);
		}
	}
}

static bool
is_hidden(uint32_t cp)
{
	size_t low = 0, high = sizeof hidden / sizeof hidden[0];

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (cp > hidden[mid].last)
			low = mid + 1;
		else if (cp < hidden[mid].first)
			high = mid;
		else
			return true;
	}
	/* The last two of every plane are noncharacters. */
	return (cp & 0xfffe) == 0xfffe;
}

/* Columns of a code point over ASCII; -1: must not be drawn. */
static int
code_width(uint32_t cp)
{
	int w = is_hidden(cp) ? -1 : wcwidth((wchar_t)cp);

	return w > 2 ? -1 : w;
}

/* Makes g an escape of what is in its text, n bytes long. */
static void
escape_end(struct glyph *g, size_t n, size_t bytes)
{
	g->text[n] = '\0';
	g->width = (unsigned char)n;
	g->bytes = (unsigned char)bytes;
	g->escaped = true;
}

static const char hex[] = "0123456789ABCDEF";

static void
escape_byte(struct glyph *g, unsigned char c)
{
	g->text[0] = '\\';
	g->text[1] = 'x';
	g->text[2] = hex[c >> 4];
	g->text[3] = hex[c & 15];
	escape_end(g, 4, 1);
}

static void
escape_control(struct glyph *g, unsigned char c)
{
	g->text[0] = '^';
	g->text[1] = (char)(c ^ 0x40);
	escape_end(g, 2, 1);
}

static void
escape_code(struct glyph *g, uint32_t cp, size_t bytes)
{
	size_t n = 3;
	int shift = 20;

	memcpy(g->text, "\\u{", 3);
	while (shift > 0 && cp >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		g->text[n++] = hex[cp >> shift & 15];
	g->text[n++] = '}';
	escape_end(g, n, bytes);
}

/*
 * Joins the marks that follow the base in g.  The emoji selector U+FE0F stands
 * for its bytes but is not drawn: it makes some terminals take two columns for
 * a base of one, and nobody can know which terminal this is.
 */
static void
join_marks(struct glyph *g, struct slice s)
{
	size_t n = g->bytes, used = g->bytes;

	for (int i = 0; i < MARKS_MAX && used < s.n; i++) {
		int32_t cp;
		size_t k;

		if ((unsigned char)s.p[used] < 0x80)
			break;
		k = utf8_decode(slice_from(s, used), &cp);
		if (cp < 0 || code_width((uint32_t)cp) != 0)
			break;
		if (cp != 0xfe0f) {
			memcpy(g->text + n, s.p + used, k);
			n += k;
		}
		used += k;
	}
	g->text[n] = '\0';
	g->bytes = (unsigned char)used;
}

/* A byte over 0x7f is in front. */
static void
next_wide(struct slice s, struct glyph *g)
{
	int32_t cp = -1;
	size_t n = 1;
	int width;

	if (utf8_locale)
		n = utf8_decode(s, &cp);
	if (cp < 0) {
		escape_byte(g, (unsigned char)s.p[0]);
		return;
	}
	width = code_width((uint32_t)cp);
	if (width <= 0) {
		escape_code(g, (uint32_t)cp, n);
		return;
	}
	memcpy(g->text, s.p, n);
	g->width = (unsigned char)width;
	g->bytes = (unsigned char)n;
	g->escaped = false;
	join_marks(g, s);
}

static inline bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

void
text_next(struct slice s, struct glyph *g)
{
	unsigned char c = (unsigned char)s.p[0];

	if (is_plain(c)) {
		g->text[0] = (char)c;
		g->text[1] = '\0';
		g->width = 1;
		g->bytes = 1;
		g->escaped = false;
		if (s.n > 1 && (unsigned char)s.p[1] >= 0x80 && utf8_locale)
			join_marks(g, s);
	} else if (c < 0x80) {
		escape_control(g, c);
	} else {
		next_wide(s, g);
	}
}

/*
 * Bytes from the front that are each a glyph of their own and stand for
 * themselves; the last one before a byte over 0x7f may have marks, so it is
 * left for text_next().
 */
static size_t
plain_run(struct slice s)
{
	size_t n = 0;

	while (n < s.n && is_plain((unsigned char)s.p[n]))
		n++;
	if (n && n < s.n && (unsigned char)s.p[n] >= 0x80)
		n--;
	return n;
}

size_t
text_width(struct slice s)
{
	size_t columns = 0;
	struct glyph g;

	while (s.n) {
		size_t n = plain_run(s);

		columns += n;
		s = slice_from(s, n);
		if (s.n == 0)
			break;
		text_next(s, &g);
		columns += g.width;
		s = slice_from(s, g.bytes);
	}
	return columns;
}

void
text_safe(struct buf *out, struct slice s, size_t columns)
{
	struct glyph g;

	while (s.n && columns) {
		/* One byte more is looked at: it may be a mark. */
		size_t ahead = columns < SIZE_MAX ? columns + 1 : columns;
		size_t n = plain_run(slice_head(s, ahead));

		if (n > columns)
			n = columns;
		buf_add(out, slice_head(s, n));
		columns -= n;
		s = slice_from(s, n);
		if (s.n == 0 || columns == 0)
			break;
		text_next(s, &g);
		if (g.width > columns)
			break;
		buf_add(out, slice_of(g.text));
		columns -= g.width;
		s = slice_from(s, g.bytes);
	}
}
