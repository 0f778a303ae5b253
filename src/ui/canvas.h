/*
 * The canvas: a grid of cells that views draw into.  It knows no terminal:
 * the last step, term.c, turns cells into output, and a test reads them as
 * text.
 *
 * Cells hold glyphs that text_next() made and nothing else, so that no byte
 * of a log reaches a terminal as it came.  Whatever is drawn outside an area
 * is clipped; a glyph of two columns that is cut by an edge, or drawn over in
 * half, becomes a blank.
 */
#ifndef EHLOG_UI_CANVAS_H
#define EHLOG_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/slice.h"
#include "ui/theme.h"

#define CELL_TEXT 32

struct cell {
	char text[CELL_TEXT];    /* one glyph, ended by a NUL, zeroes behind */
	unsigned char style;     /* enum style */
	unsigned char width;     /* 1, 2; 0: right half of the one before */
};

struct canvas {
	int rows, cols;
	struct cell *cells;
	int cursor_row, cursor_col;
	bool cursor_shown;       /* a prompt is open */
};

/* A part of a canvas; drawing counts from its corner and stays inside. */
struct area {
	struct canvas *cv;
	int row, col, rows, cols;
};

/* Byte ranges of a text that are drawn as hits. */
struct span {
	size_t start, end;
};

/* How a text is drawn. */
struct ink {
	enum style style;
	enum style hit;
	const struct span *spans;    /* ascending, apart */
	size_t nspans;
	size_t skip;                 /* columns left out in front */
};

void canvas_init(struct canvas *cv);
void canvas_free(struct canvas *cv);
/* Any size from 1x1 on; all cells become blank. */
void canvas_resize(struct canvas *cv, int rows, int cols);
void canvas_clear(struct canvas *cv);
const struct cell *canvas_at(const struct canvas *cv, int row, int col);

struct area canvas_area(struct canvas *cv);
/* A part of an area; what lies outside of it is cut off. */
struct area area_cut(const struct area *a, int row, int col, int rows,
    int cols);

/* Draws at most `width` columns; returns the column after the last drawn. */
int area_ink(const struct area *a, int row, int col, int width,
    struct slice text, const struct ink *ink);
/* The same in one style, up to the edge of the area. */
int area_text(const struct area *a, int row, int col, enum style style,
    struct slice text);
int area_words(const struct area *a, int row, int col, enum style style,
    const char *text);
/*
 * Fills a field of `width` columns: a text that is too long ends in a sign.
 * `right`: a text that is shorter stands at the right.
 */
void area_field(const struct area *a, int row, int col, int width,
    struct slice text, const struct ink *ink, bool right);
/* Blanks in a style. */
void area_blank(const struct area *a, int row, int col, int width,
    enum style style);
/* Gives cells another style and leaves what they show. */
void area_restyle(const struct area *a, int row, int col, int width,
    enum style style);
/* Lines; ASCII where the locale has no others. */
void area_across(const struct area *a, int row, enum style style);
void area_down(const struct area *a, int col, enum style style);

/* "…", or "~" in ASCII: something is left out. */
struct slice canvas_more(void);

/*
 * The canvas as text for tests: one line a row without the blanks at its end;
 * and, with `styles`, one letter for the style of each cell instead.
 */
void canvas_dump(const struct canvas *cv, bool styles, struct buf *out);

#endif
