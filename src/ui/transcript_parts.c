/*
 * Which rows a transcript has: message text and raw twins are folded into one
 * row each, unless the reader opened them.
 *
 * A twin stands in the log before the line it is the twin of, and is folded
 * into that.  Twins among message text are part of its fold.
 */
#include "config.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "ui/transcript.h"

static bool
is_twin(const struct fact_line *l)
{
	return l->role == ROLE_TWIN || l->role == ROLE_TWIN_MORE ||
	    l->role == ROLE_TRACE;
}

/* Blank lines between entries are for the raw view. */
static bool
is_blank(const struct fact_line *l)
{
	return l->role == ROLE_NONE && !l->gone && slice_trim(l->text).n == 0;
}

static struct part *
add(struct transcript *t, enum part_kind kind, uint32_t line)
{
	struct parts *p = &t->parts;

	mem_reserve(&p->p, &p->cap, p->n + 1, sizeof *p->p);
	p->p[p->n] = (struct part){ .line = line, .kind = (uint8_t)kind };
	return &p->p[p->n++];
}

static void
set_fold(struct transcript *t, struct part *part, uint32_t fold,
    uint32_t folded, uint32_t shown)
{
	part->fold = fold;
	part->folded = folded;
	part->shown = shown;
	part->open = t->open[fold];
}

/* The run of lines from `first` on whose text is gone; the line after it. */
static uint32_t
add_gone(struct transcript *t, uint32_t first)
{
	const struct facts *f = &t->facts;
	uint32_t end = first;

	while (end < f->nlines && f->lines[end].gone)
		end++;
	add(t, PART_GONE, first)->shown = end - first;
	return end;
}

static void
add_raw(struct transcript *t)
{
	const struct facts *f = &t->facts;

	/* Glued entries of one line are one raw line. */
	for (uint32_t i = 0; i < f->nlines;) {
		if (f->lines[i].gone) {
			i = add_gone(t, i);
			continue;
		}
		if (i == 0 || f->lines[i].line != f->lines[i - 1].line)
			add(t, PART_RAW, i);
		i++;
	}
}

/* The twins of [first, end), and not the blank lines among them. */
static uint32_t
count_twins(const struct facts *f, uint32_t first, uint32_t end)
{
	uint32_t n = 0;

	for (; first < end; first++)
		n += is_twin(&f->lines[first]);
	return n;
}

static void
add_twins(struct transcript *t, uint32_t first, uint32_t end)
{
	for (; first < end; first++)
		if (is_twin(&t->facts.lines[first]))
			add(t, PART_TWIN, first);
}

/* A line, with the twins in [fold, line) before it. */
static void
add_line(struct transcript *t, uint32_t fold, uint32_t line)
{
	uint32_t twins = count_twins(&t->facts, fold, line);

	if (twins == 0)
		fold = line;
	else if (t->open[fold])
		add_twins(t, fold, line);
	set_fold(t, add(t, PART_LINE, line), fold, line - fold, twins);
}

/* Twins that belong to no line. */
static void
add_lone_twins(struct transcript *t, uint32_t fold, uint32_t end)
{
	uint32_t twins = count_twins(&t->facts, fold, end);

	if (twins == 0)
		return;
	set_fold(t, add(t, PART_TWIN_FOLD, fold), fold, end - fold, twins);
	if (t->open[fold])
		add_twins(t, fold, end);
}

/* Message text from `fold` on; returns the line after it. */
static uint32_t
add_text(struct transcript *t, uint32_t fold, uint32_t first)
{
	const struct facts *f = &t->facts;
	uint32_t end = first, texts = 0;

	for (uint32_t i = first; i < f->nlines; i++) {
		if (f->lines[i].role == ROLE_BODY) {
			end = i + 1;
			texts++;
		} else if (!is_twin(&f->lines[i])) {
			break;
		}
	}
	set_fold(t, add(t, PART_TEXT_FOLD, first), fold, end - fold, texts);
	for (uint32_t i = fold; t->open[fold] && i < end; i++)
		add(t, is_twin(&f->lines[i]) ? PART_TWIN : PART_BODY, i);
	return end;
}

void
parts_build(struct transcript *t)
{
	const struct facts *f = &t->facts;
	uint32_t i = 0, fold;

	t->parts.n = 0;
	if (t->raw) {
		add_raw(t);
		return;
	}
	while (i < f->nlines) {
		/* A fold begins with a twin: blank lines begin nothing. */
		while (i < f->nlines && is_blank(&f->lines[i]))
			i++;
		for (fold = i; i < f->nlines && (is_twin(&f->lines[i]) ||
		    is_blank(&f->lines[i])); i++)
			continue;
		if (i == f->nlines || f->lines[i].gone)
			add_lone_twins(t, fold, i);
		if (i == f->nlines)
			break;
		if (f->lines[i].gone) {
			i = add_gone(t, i);
		} else if (f->lines[i].role == ROLE_BODY) {
			i = add_text(t, fold, i);
		} else {
			add_line(t, fold, i);
			i++;
		}
	}
}

void
parts_free(struct parts *p)
{
	free(p->p);
	*p = (struct parts){ 0 };
}

/* The first and the last line that a row stands for. */
static bool
covers(const struct part *p, uint32_t line)
{
	if (p->line == line)
		return true;
	if (p->kind == PART_GONE)
		return line >= p->line && line - p->line < p->shown;
	if (p->open || p->folded == 0)
		return false;
	return line >= p->fold && line - p->fold < p->folded;
}

size_t
parts_find(const struct transcript *t, uint32_t line)
{
	size_t nearest = 0;

	for (size_t i = 0; i < t->parts.n; i++) {
		const struct part *p = &t->parts.p[i];

		/* An open fold's own row gives way to the row of the line. */
		if (p->kind == PART_TEXT_FOLD && p->open)
			continue;
		if (covers(p, line))
			return i;
		if (p->line <= line)
			nearest = i;
	}
	return nearest;
}

bool
parts_uncover(struct transcript *t, uint32_t line)
{
	size_t i = parts_find(t, line);

	if (i >= t->parts.n || t->parts.p[i].open ||
	    t->parts.p[i].folded == 0 || (t->parts.p[i].line == line &&
	    t->parts.p[i].kind == PART_LINE))
		return false;
	t->open[t->parts.p[i].fold] = 1;
	parts_build(t);
	return true;
}

/* --- rows of different height ------------------------------------------------ */

/* No line takes more rows than this. */
#define WRAP_ROWS 6

size_t
parts_wrap(struct slice text, int width, bool words)
{
	size_t at = 0, after_blank = 0;
	int col = 0;
	struct glyph g;

	for (; at < text.n; at += g.bytes) {
		text_next(slice_from(text, at), &g);
		if (words && text.p[at] == ' ' && g.bytes == 1) {
			/* A blank at the edge needs no room. */
			if (col >= width / 2)
				after_blank = at + 1;
		} else if (col + g.width > width) {
			break;
		}
		col += g.width;
	}
	if (at == text.n)
		return at;
	if (after_blank)
		return after_blank;
	/* An escape may be wider than a very narrow window. */
	return at ? at : g.bytes;
}

struct slice
parts_text(struct transcript *t, const struct part *p)
{
	return p->kind == PART_RAW ? transcript_raw(t, p->line) :
	    transcript_words(t, p->line);
}

static int
rows_needed(struct transcript *t, const struct part *p, int most)
{
	struct slice text = parts_text(t, p);
	int width = t->cols - transcript_text_column(t), rows = 0;

	if (width < 1)
		return 1;
	do {
		text = slice_from(text, parts_wrap(text, width,
		    p->kind != PART_RAW));
		rows++;
	} while (text.n && rows < most);
	return rows;
}

bool
parts_in_full(const struct transcript *t, const struct part *p)
{
	const struct fact_line *l = &t->facts.lines[p->line];

	/* A log that tells in words has the reply last, behind an address. */
	return l->failed || (l->role == ROLE_REPORT &&
	    reply_class(l->code) >= 4);
}

int
parts_height(struct transcript *t, size_t row)
{
	const struct part *p = &t->parts.p[row];

	if (p->kind != PART_RAW && !(p->kind == PART_LINE &&
	    (parts_in_full(t, p) || p->open)))
		return 1;
	return rows_needed(t, p, t->rows < WRAP_ROWS ? t->rows : WRAP_ROWS);
}

bool
parts_is_cut(struct transcript *t, size_t row)
{
	const struct part *p = &t->parts.p[row];

	return p->kind == PART_LINE && rows_needed(t, p, 2) > 1;
}

/* The first row of a window that ends with row `last`. */
static size_t
top_above(struct transcript *t, size_t last, int rows)
{
	int used = parts_height(t, last);

	while (last > 0) {
		used += parts_height(t, last - 1);
		if (used > rows)
			break;
		last--;
	}
	return last;
}

void
parts_fit(struct transcript *t)
{
	struct place *p = &t->place;
	size_t n = t->parts.n, top;

	if (n == 0) {
		*p = (struct place){ 0 };
		return;
	}
	if (p->at >= n)
		p->at = n - 1;
	if (p->top > p->at)
		p->top = p->at;
	top = top_above(t, p->at, t->rows);
	if (p->top < top)
		p->top = top;
	/* No blank rows at the end while there are lines before the window. */
	if (n - p->top < (size_t)(t->rows > 0 ? t->rows : 1)) {
		top = top_above(t, n - 1, t->rows);
		if (p->top > top)
			p->top = top;
	}
}

void
parts_centre(struct transcript *t)
{
	struct place *p = &t->place;
	int above = t->rows / 2;

	parts_fit(t);
	if (t->parts.n == 0)
		return;
	p->top = p->at;
	while (p->top > 0 && (above -= parts_height(t, p->top - 1)) >= 0)
		p->top--;
	parts_fit(t);
}

bool
parts_move(struct transcript *t, enum command command)
{
	int used = 0, seen = 0;

	for (size_t i = t->place.top; i < t->parts.n; i++) {
		used += parts_height(t, i);
		if (used > t->rows)
			break;
		seen++;
	}
	/* Fewer lines than rows: a screen is what would fit. */
	if (used < t->rows)
		seen += t->rows - used;
	if (!place_move(&t->place, command, t->parts.n, seen))
		return false;
	parts_fit(t);
	return true;
}
