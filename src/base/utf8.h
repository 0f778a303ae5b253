/*
 * Text that strangers wrote, made safe to show.
 *
 * Everything that goes from a log to a terminal goes through text_safe() or
 * text_next(): control bytes, ESC, C1, DEL, invalid UTF-8, bidirectional and
 * zero-width controls, unassigned and private code points come out as visible
 * escapes; all else as itself with its width.  Width is the C library's
 * wcwidth(), so the locale must be set; in a locale that is not UTF-8 every
 * byte over 0x7f is shown as an escape.
 *
 * Escapes: ^X for C0 and DEL (^[ ^? ...), \xHH for a byte that is no UTF-8,
 * \u{HEX} for a code point that must not be drawn.  A tab is drawn as ^I; a
 * caller that wants blanks expands it first.
 */
#ifndef EHLOG_BASE_UTF8_H
#define EHLOG_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/slice.h"

/*
 * One glyph: what one column position of a terminal can hold: a code point of
 * width 1 or 2 with the combining marks that follow it, or an escape.
 */
struct glyph {
	char text[32];       /* UTF-8 (or ASCII), ended by a NUL */
	unsigned char width; /* columns; for an escape its length */
	unsigned char bytes; /* bytes of the source this glyph stands for */
	bool escaped;        /* drawn as an escape: the theme may mark it */
};

/*
 * Decodes one code point from s (not empty).  Returns the bytes used; *cp is
 * the code point, or -1 when the first byte starts no valid sequence (then 1
 * is returned).  Overlong forms, surrogates and > U+10FFFF are invalid.
 */
size_t utf8_decode(struct slice s, int32_t *cp);
size_t utf8_encode(uint32_t cp, char out[4]);
bool utf8_valid(struct slice s);

/* Whether the locale shows UTF-8.  Read once by text_init(). */
void text_init(bool utf8);
bool text_is_utf8(void);

/* The next glyph of s (not empty); at most 4 combining marks are joined. */
void text_next(struct slice s, struct glyph *g);

/* Columns that s takes on the screen, escapes included. */
size_t text_width(struct slice s);

/* Appends s made safe, at most `columns` wide (SIZE_MAX: all of it). */
void text_safe(struct buf *out, struct slice s, size_t columns);

/*
 * Appends s as valid UTF-8 for JSON and CSV: what is valid stays byte for
 * byte; a byte that is not is taken as ISO 8859-1, the likeliest old code
 * page, so that no byte is lost.
 */
void text_to_utf8(struct buf *out, struct slice s);

#endif
