/*
 * How the list looks: titles, one row a session.  The cursor is a mark in
 * the first column and the number beside it, so that a step costs few bytes.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "ui/list.h"

#include "base/utf8.h"

/* In front of the columns: the cursor, the mark of a hit. */
#define MARGIN 2
/* Wide enough for all that a column may want, when looked at sideways. */
#define SIDEWAYS_WIDTH 240

struct look_at {
	const struct list *list;
	const struct area *area;
	struct column_layout layout;
	struct column_days days;
	const struct match *pattern;
};

static enum style
style_of_outcome(const struct session *rec)
{
	switch (session_outcome(rec)) {
	case OUTCOME_PERMANENT:
		return STYLE_PERMANENT;
	case OUTCOME_TEMPORARY:
		return STYLE_TEMPORARY;
	case OUTCOME_DROPPED:
		return STYLE_DROPPED;
	case OUTCOME_REFUSED:
		return STYLE_REFUSED;
	case OUTCOME_OPEN:
		return STYLE_OPEN;
	case OUTCOME_EMPTY:
		return STYLE_DIM;
	default:
		return STYLE_FINE;
	}
}

void
list_forget_widths(struct list *l)
{
	memset(l->texts, 0, sizeof l->texts);
}

static unsigned
width_of(const struct row *r, enum column_id id)
{
	if (id != COLUMN_REPLIES)
		return (unsigned)text_width(row_text(r, id));
	return r->ncodes * 4u + (r->more_codes ? 2 : 0);
}

/* Takes in how wide the texts of the rows on the screen are. */
static void
measure(struct list *l)
{
	struct scene *sc = l->view.scene;

	for (int i = 0; i < l->rows; i++) {
		uint64_t position = l->place.top + (uint64_t)i;
		const struct row *r;

		if (position >= l->count)
			break;
		r = rows_get(&sc->rows, selection_at(sc->selection, position));
		for (int id = 0; id < COLUMN_COUNT; id++) {
			unsigned width = width_of(r, (enum column_id)id);

			if (width > l->texts[id])
				l->texts[id] = width;
		}
	}
}

/* Places columns in the reader's order, moved by the sideways steps. */
static void
lay_out(struct look_at *at)
{
	const struct list *l = at->list;
	const struct scene *sc = l->view.scene;
	struct column_need need = {
		.screen = (unsigned)(at->area->cols > MARGIN + 1 ?
		    at->area->cols - MARGIN : 1),
		.sessions = store_sessions(sc->store), .ms = true,
		.date = at->days.date, .texts = l->texts,
	};
	unsigned x = 0;

	if (l->sideways > 0 && need.screen < SIDEWAYS_WIDTH)
		need.screen = SIDEWAYS_WIDTH;
	if (table_count(&sc->store->streams) > 0)
		need.ms = store_stream(sc->store, 0)->traits.times_have_ms;
	for (int i = 0; i < l->ncolumns; i++)
		need.shown |= 1u << l->order[i];
	need.shown &= columns_telling(sc->store);
	column_fit(&at->layout, &need);
	for (int i = 0; i < l->ncolumns; i++) {
		at->layout.x[l->order[i]] = x;
		if (at->layout.width[l->order[i]])
			x += at->layout.width[l->order[i]] + at->layout.gap;
	}
}

static int
column_place(const struct look_at *at, enum column_id id)
{
	return (int)at->layout.x[id] - (int)at->list->sideways;
}

static void
draw_titles(const struct look_at *at, const struct area *body)
{
	const struct list *l = at->list;

	area_blank(at->area, 0, 0, at->area->cols, STYLE_COLUMNS);
	for (int i = 0; i < l->ncolumns; i++) {
		enum column_id id = (enum column_id)l->order[i];
		struct ink ink = { .style = STYLE_COLUMNS };
		char title[40];
		const char *order = "";

		if (!at->layout.width[id])
			continue;
		if (id == l->sort && (l->sort != COLUMN_NUMBER || l->reverse))
			order = l->reverse ? "-" : "+";
		snprintf(title, sizeof title, "%s%s", columns[id].title,
		    order);
		area_field(body, 0, column_place(at, id),
		    (int)at->layout.width[id], slice_of(title), &ink,
		    columns[id].right);
	}
}

/* The codes in their colours; a sign where some are left out. */
static void
draw_codes(const struct look_at *at, const struct area *body, int row,
    const struct row *r)
{
	/* All that column_replies() asks of facts. */
	struct facts f = { .nreplies = r->ncodes,
	    .worst = r->worst == UINT8_MAX ? FACT_NONE : r->worst };
	int width = (int)at->layout.width[COLUMN_REPLIES];
	int col = column_place(at, COLUMN_REPLIES), end = col + width;
	size_t first, last;

	column_replies(&f, (unsigned)width, &first, &last);
	if (first > 0)
		col = area_text(body, row, col, STYLE_NORMAL,
		    canvas_more()) + 1;
	for (size_t i = first; i < last && col + 3 <= end; i++) {
		char code[REPLY_CODE_SIZE];

		reply_code_text(r->codes[i], code);
		area_words(body, row, col, style_of_code(r->codes[i]), code);
		col += 4;
	}
	if ((last < r->ncodes || r->more_codes) && col < end)
		area_text(body, row, col, STYLE_NORMAL, canvas_more());
}

static void
draw_cell(const struct look_at *at, const struct area *body, int row,
    const struct row *r, enum column_id id, bool current, bool focus)
{
	struct span spans[SPANS_MAX];
	struct slice text = row_text(r, id);
	struct ink ink = { .style = STYLE_NORMAL, .hit = STYLE_HIT,
	    .spans = spans };

	if (id == COLUMN_NUMBER && current && focus)
		ink.style = STYLE_CURSOR;
	else if (id == COLUMN_OUTCOME)
		ink.style = style_of_outcome(&r->rec);
	else if (id == COLUMN_START)
		ink.style = STYLE_TIME;
	if (id == COLUMN_START)
		text = column_start(text, at->days.date,
		    at->layout.width[id]);
	if (id != COLUMN_NUMBER)
		ink.nspans = view_spans(at->pattern, at->list->view.scene->work,
		    slice_head(text, 1024), spans, SPANS_MAX);
	area_field(body, row, column_place(at, id),
	    (int)at->layout.width[id], text, &ink, columns[id].right);
}

static void
draw_row(const struct look_at *at, const struct area *body, int row,
    uint64_t position, bool current, bool focus)
{
	struct scene *sc = at->list->view.scene;
	uint32_t number = selection_at(sc->selection, position);
	const struct row *r = rows_get(&sc->rows, number);

	/* One run with the number: fewer bytes for each step. */
	if (current)
		area_text(at->area, row, 0, focus ? STYLE_CURSOR : STYLE_NORMAL,
		    SLICE("> "));
	if (finder_is_on(&sc->finder) &&
	    search_session_hits(sc->finder.search, number) > 0)
		area_text(at->area, row, 1, STYLE_HIT, SLICE("/"));
	for (int i = 0; i < at->list->ncolumns; i++) {
		enum column_id id = (enum column_id)at->list->order[i];

		if (!at->layout.width[id])
			continue;
		if (id == COLUMN_REPLIES)
			draw_codes(at, body, row, r);
		else
			draw_cell(at, body, row, r, id, current, focus);
	}
}

/* An empty list says why. */
static void
draw_nothing(const struct look_at *at)
{
	const struct list *l = at->list;
	const struct scene *sc = l->view.scene;
	bool chosen = l->quick != QUICK_ALL || l->filter.n > 1;
	bool reading = scene_is_reading(sc);
	const char *words;

	if (l->looking)
		words = "looking ...";
	else if (reading && !(chosen && sc->progress.sessions))
		words = "no session yet: reading ...";
	else if (reading)
		words = "no session matches so far: reading ...; 0 shows all";
	else if (chosen)
		words = "no session matches; 0 shows all";
	else if (sc->following)
		words = "no session yet: waiting for the log to grow";
	else
		words = "no session in this log";
	area_words(at->area, 1, MARGIN, STYLE_HINT, words);
}

void
list_draw(struct view *v, const struct area *a, bool focus)
{
	struct list *l = (struct list *)v;
	struct look_at at = { .list = l, .area = a,
	    .pattern = finder_pattern(&v->scene->finder) };
	struct area body = area_cut(a, 0, MARGIN, a->rows, a->cols - MARGIN);

	if (l->cols != a->cols)
		list_forget_widths(l);
	l->rows = a->rows - 1;
	l->cols = a->cols;
	place_fit(&l->place, l->count, l->rows);
	column_days(&at.days, v->scene->store);
	measure(l);
	lay_out(&at);
	draw_titles(&at, &body);
	if (l->count == 0)
		draw_nothing(&at);
	for (int i = 0; i < l->rows; i++) {
		uint64_t position = l->place.top + (uint64_t)i;

		if (position >= l->count)
			break;
		draw_row(&at, &body, i + 1, position,
		    position == l->place.at, focus);
	}
	if (focus && !a->cv->cursor_shown) {
		a->cv->cursor_row = a->row + 1 +
		    (int)(l->place.at - l->place.top);
		a->cv->cursor_col = a->col;
	}
}
