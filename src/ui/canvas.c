/*
 * The canvas: cells, clipping, text of any width.  It knows neither curses
 * nor what the text means.
 */
#include "config.h"

#include "ui/canvas.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static const struct cell blank = { .text = " ", .width = 1 };

void
canvas_init(struct canvas *cv)
{
	*cv = (struct canvas){ 0 };
}

void
canvas_free(struct canvas *cv)
{
	free(cv->cells);
	*cv = (struct canvas){ 0 };
}

void
canvas_resize(struct canvas *cv, int rows, int cols)
{
	if (rows < 1)
		rows = 1;
	if (cols < 1)
		cols = 1;
	if (rows != cv->rows || cols != cv->cols) {
		free(cv->cells);
		cv->cells = mem_array((size_t)rows * (size_t)cols,
		    sizeof *cv->cells);
		cv->rows = rows;
		cv->cols = cols;
	}
	canvas_clear(cv);
}

void
canvas_clear(struct canvas *cv)
{
	for (size_t i = 0; i < (size_t)cv->rows * (size_t)cv->cols; i++)
		cv->cells[i] = blank;
	cv->cursor_row = cv->cursor_col = 0;
	cv->cursor_shown = false;
}

static struct cell *
cell_at(const struct canvas *cv, int row, int col)
{
	return &cv->cells[(size_t)row * (size_t)cv->cols + (size_t)col];
}

const struct cell *
canvas_at(const struct canvas *cv, int row, int col)
{
	return cell_at(cv, row, col);
}

struct area
canvas_area(struct canvas *cv)
{
	return (struct area){ cv, 0, 0, cv->rows, cv->cols };
}

struct area
area_cut(const struct area *a, int row, int col, int rows, int cols)
{
	struct area cut = { .cv = a->cv };

	if (row < 0 || col < 0 || row >= a->rows || col >= a->cols)
		return cut;
	cut.row = a->row + row;
	cut.col = a->col + col;
	cut.rows = rows < a->rows - row ? rows : a->rows - row;
	cut.cols = cols < a->cols - col ? cols : a->cols - col;
	if (cut.rows <= 0 || cut.cols <= 0)
		cut.rows = cut.cols = 0;
	return cut;
}

/* Blanks what is left of a wide glyph when one of its halves goes. */
static void
break_wide(struct canvas *cv, int row, int col)
{
	struct cell *c = cell_at(cv, row, col);

	if (c->width == 0 && col > 0) {
		struct cell *left = cell_at(cv, row, col - 1);
		unsigned char style = left->style;

		*left = blank;
		left->style = style;
	}
	if (c->width == 2 && col + 1 < cv->cols) {
		struct cell *right = cell_at(cv, row, col + 1);
		unsigned char style = right->style;

		*right = blank;
		right->style = style;
	}
}

/* The place is inside the canvas, and so is its right half if it has one. */
static void
put(struct canvas *cv, int row, int col, const char *text, size_t n,
    int width, enum style style)
{
	struct cell *c = cell_at(cv, row, col);

	for (int i = 0; i < width; i++)
		break_wide(cv, row, col + i);
	memset(c, 0, sizeof *c);
	memcpy(c->text, text, n < CELL_TEXT ? n : CELL_TEXT - 1);
	c->style = (unsigned char)style;
	c->width = (unsigned char)width;
	if (width == 2) {
		memset(c + 1, 0, sizeof *c);
		c[1].style = (unsigned char)style;
	}
}

/* Where a run of columns begins and ends once it is clipped. */
struct run {
	int row;                 /* of the canvas */
	int col, end;            /* of the canvas; end is not in it */
	size_t skip;             /* columns cut off in front */
};

static bool
run_clip(const struct area *a, int row, int col, int width, size_t skip,
    struct run *r)
{
	if (row < 0 || row >= a->rows || width <= 0 || col >= a->cols)
		return false;
	if (col < 0) {
		if (col <= -width)
			return false;
		skip += (size_t)-col;
		width += col;
		col = 0;
	}
	if (width > a->cols - col)
		width = a->cols - col;
	*r = (struct run){ .row = a->row + row, .col = a->col + col,
	    .end = a->col + col + width, .skip = skip };
	return true;
}

static enum style
ink_style(const struct ink *ink, size_t at, const struct glyph *g, size_t *next)
{
	while (*next < ink->nspans && ink->spans[*next].end <= at)
		++*next;
	if (*next < ink->nspans && ink->spans[*next].start < at + g->bytes)
		return ink->hit;
	return g->escaped ? STYLE_ESCAPE : ink->style;
}

/* Draws one glyph; false when there is no room for all of it. */
static bool
draw_glyph(struct canvas *cv, struct run *r, const struct glyph *g,
    enum style style)
{
	int width = g->width;

	/* An escape is plain ASCII: a column is a byte, and it may be cut. */
	if (g->escaped) {
		for (int i = 0; i < width; i++) {
			if (r->skip > 0) {
				r->skip--;
				continue;
			}
			if (r->col >= r->end)
				return false;
			put(cv, r->row, r->col++, g->text + i, 1, 1, style);
		}
		return true;
	}
	if (r->skip >= (size_t)width) {
		r->skip -= (size_t)width;
		return true;
	}
	if (r->col >= r->end)
		return false;
	if (r->skip > 0 || r->col + width > r->end) {
		bool fits = r->skip > 0;

		r->skip = 0;
		put(cv, r->row, r->col++, " ", 1, 1, style);
		return fits;
	}
	put(cv, r->row, r->col, g->text, strlen(g->text), width, style);
	r->col += width;
	return true;
}

int
area_ink(const struct area *a, int row, int col, int width,
    struct slice text, const struct ink *ink)
{
	struct run r;
	struct glyph g;
	size_t next = 0;

	if (!run_clip(a, row, col, width, ink->skip, &r))
		return col;
	for (size_t at = 0; at < text.n; at += g.bytes) {
		if (r.col >= r.end)
			break;
		text_next(slice_from(text, at), &g);
		if (!draw_glyph(a->cv, &r, &g, ink_style(ink, at, &g, &next)))
			break;
	}
	return r.col - a->col;
}

int
area_text(const struct area *a, int row, int col, enum style style,
    struct slice text)
{
	struct ink ink = { .style = style };

	return area_ink(a, row, col, a->cols - col, text, &ink);
}

int
area_words(const struct area *a, int row, int col, enum style style,
    const char *text)
{
	return area_text(a, row, col, style, slice_of(text));
}

/* Whether text needs more than `width` columns; looks no further. */
static bool
is_wider(struct slice text, size_t width)
{
	struct glyph g;
	size_t columns = 0;

	for (size_t at = 0; at < text.n; at += g.bytes) {
		text_next(slice_from(text, at), &g);
		columns += g.width;
		if (columns > width)
			return true;
	}
	return false;
}

void
area_field(const struct area *a, int row, int col, int width,
    struct slice text, const struct ink *ink, bool right)
{
	bool wider;
	int end;

	if (width > a->cols - col)
		width = a->cols - col;
	if (width <= 0)
		return;
	wider = is_wider(text, (size_t)width + ink->skip);
	area_blank(a, row, col, width, ink->style);
	if (right && !wider && ink->skip == 0)
		col += width - (int)text_width(text);
	end = area_ink(a, row, col, wider ? width - 1 : width, text, ink);
	if (wider)
		area_text(a, row, end, ink->style, canvas_more());
}

void
area_blank(const struct area *a, int row, int col, int width,
    enum style style)
{
	struct run r;

	if (!run_clip(a, row, col, width, 0, &r))
		return;
	while (r.col < r.end)
		put(a->cv, r.row, r.col++, " ", 1, 1, style);
}

void
area_restyle(const struct area *a, int row, int col, int width,
    enum style style)
{
	struct run r;

	if (!run_clip(a, row, col, width, 0, &r))
		return;
	for (; r.col < r.end; r.col++)
		cell_at(a->cv, r.row, r.col)->style = (unsigned char)style;
}

static void
draw_line(const struct area *a, int row, int col, enum style style,
    struct slice utf8, struct slice ascii)
{
	struct run r;
	struct slice s = text_is_utf8() ? utf8 : ascii;

	if (run_clip(a, row, col, 1, 0, &r))
		put(a->cv, r.row, r.col, s.p, s.n, 1, style);
}

void
area_across(const struct area *a, int row, enum style style)
{
	for (int col = 0; col < a->cols; col++)
		draw_line(a, row, col, style, SLICE("\xe2\x94\x80"),
		    SLICE("-"));
}

void
area_down(const struct area *a, int col, enum style style)
{
	for (int row = 0; row < a->rows; row++)
		draw_line(a, row, col, style, SLICE("\xe2\x94\x82"),
		    SLICE("|"));
}

struct slice
canvas_more(void)
{
	return text_is_utf8() ? SLICE("\xe2\x80\xa6") : SLICE("~");
}

void
canvas_dump(const struct canvas *cv, bool styles, struct buf *out)
{
	for (int row = 0; row < cv->rows; row++) {
		size_t end = out->n;

		for (int col = 0; col < cv->cols; col++) {
			const struct cell *c = cell_at(cv, row, col);

			if (styles)
				buf_add_char(out, style_letter(c->style));
			else
				buf_add(out, slice_of(c->text));
			if (styles || strcmp(c->text, " ") != 0)
				end = out->n;
		}
		out->n = end;
		buf_add_char(out, '\n');
	}
}
