/*
 * The view that explains a reply.  Its rows are made anew when the width
 * changes.
 */
#include "config.h"

#include "ui/explained.h"

#include <stdlib.h>

#include "query/replies.h"
#include "report/explain.h"

#define LABEL_WIDTH 14
/* Below this a label stands above its text. */
#define BESIDE_COLS 56
/* Longer lines are hard to read. */
#define TEXT_COLS 90
#define SIDEWAYS_STEP 8

/* --- what is said ---------------------------------------------------------- */

static void
tell_mistakes(struct explained *e, struct buf *mistakes)
{
	const struct explain_entry *wild = explain_book_wild(e->book, 0);
	struct slice rest, line;

	if (wild) {
		mistakes->n = 0;
		explain_wild_words(wild, mistakes);
	}
	rest = buf_slice(mistakes);
	if (mistakes->n && slice_cut(&rest, '\n', &line))
		scene_mistake(e->view.scene, "%.*s", SLICE_ARGS(line));
}

static struct slice
whole_reply(struct explained *e, const struct fact_reply *r)
{
	char code[REPLY_CODE_SIZE];
	struct buf b = { 0 };
	struct slice whole;

	reply_code_text(r->code, code);
	buf_add(&b, slice_of(code));
	if (r->enhanced) {
		buf_add_char(&b, ' ');
		enhanced_format(&b, r->enhanced);
	}
	if (r->text.n) {
		buf_add_char(&b, ' ');
		buf_add(&b, r->text);
	}
	whole = arena_dup(&e->arena, buf_slice(&b));
	buf_free(&b);
	return whole;
}

void
explained_show(struct explained *e, const struct fact_reply *r)
{
	struct buf mistakes = { 0 };
	struct explain_query q = explain_query_of(r);
	struct explanation x;

	if (!e->book)
		e->book = replies_load(e->own, &mistakes);
	arena_reset(&e->arena);
	e->reply = whole_reply(e, r);
	e->code = r->code;
	q.text = r->text.p ? arena_dup(&e->arena, r->text) : SLICE_NONE;
	explain_find(e->book, &q, &x);
	e->nparts = explain_parts(&x, false, &e->arena, e->parts);
	e->place = (struct place){ 0 };
	e->sideways = 0;
	e->wrapped_for = 0;
	tell_mistakes(e, &mistakes);
	buf_free(&mistakes);
}

/* --- its rows ---------------------------------------------------------------- */

static void
clear(struct explained *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->lines[i].left);
		free(e->lines[i].right);
	}
	e->n = 0;
}

static void
add_row(struct explained *e, struct slice left, struct slice right,
    unsigned code)
{
	mem_reserve(&e->lines, &e->cap, e->n + 1, sizeof *e->lines);
	e->lines[e->n++] = (struct explained_row){
		.left = mem_slicedup(left), .right = mem_slicedup(right),
		.code = code,
	};
}

static void
add_text(struct explained *e, struct slice label, struct slice text,
    size_t width, unsigned code)
{
	struct buf b = { 0 };
	struct slice rest, line;

	explain_wrap(&b, text, 0, SLICE(""), width);
	rest = buf_slice(&b);
	while (slice_cut(&rest, '\n', &line)) {
		add_row(e, label, line, code);
		label = SLICE("");
	}
	buf_free(&b);
}

static void
build(struct explained *e, int cols)
{
	bool beside = cols >= BESIDE_COLS;
	int width = beside ? cols - LABEL_WIDTH - 1 : cols - 3;

	clear(e);
	if (width > TEXT_COLS)
		width = TEXT_COLS;
	if (width < 10)
		width = 10;
	/* The server's own words stand first, whatever is known of them. */
	add_text(e, SLICE(""), e->reply, (size_t)width, e->code);
	add_row(e, SLICE(""), SLICE(""), 0);
	if (e->nparts == 0)
		add_text(e, SLICE(""), SLICE("Nothing more is known of this "
		    "reply."), (size_t)width, 0);
	for (size_t i = 0; i < e->nparts; i++) {
		const struct explain_part *p = &e->parts[i];

		if (!beside && p->label.n)
			add_row(e, p->label, SLICE(""), 0);
		add_text(e, beside ? p->label : SLICE(""), p->text,
		    (size_t)width, 0);
	}
	e->wrapped_for = cols;
}

static void
draw_row(const struct explained *e, const struct area *a, int row,
    const struct explained_row *r)
{
	int left = a->cols >= BESIDE_COLS && !r->code ? LABEL_WIDTH : 2;
	struct ink ink = { .style = STYLE_KEY };

	if (r->code)
		left = 0;
	area_ink(a, row, 0, a->cols, slice_of(r->left), &ink);
	ink.style = r->code ? style_of_code(r->code) : STYLE_NORMAL;
	ink.skip = e->sideways;
	if (*r->right)
		area_ink(a, row, left, a->cols - left, slice_of(r->right),
		    &ink);
}

static void
explained_draw(struct view *v, const struct area *a, bool focus)
{
	struct explained *e = (struct explained *)v;

	if (e->wrapped_for != a->cols)
		build(e, a->cols);
	e->rows = a->rows;
	place_fit(&e->place, e->n, e->rows);
	for (int i = 0; i < a->rows; i++) {
		uint64_t at = e->place.top + (uint64_t)i;

		if (at >= e->n)
			break;
		draw_row(e, a, i, &e->lines[at]);
	}
	if (focus && !a->cv->cursor_shown) {
		a->cv->cursor_row = a->row;
		a->cv->cursor_col = a->col;
	}
}

/* --- the view ------------------------------------------------------------------ */

/* There is no cursor: what moves is the window. */
static unsigned
explained_command(struct view *v, enum command command)
{
	struct explained *e = (struct explained *)v;
	uint64_t window = e->rows > 0 ? (uint64_t)e->rows : 1;
	uint64_t places = e->n > window ? e->n - window + 1 : 1;
	struct place p = { .at = e->place.top };

	switch (command) {
	case COMMAND_LEFT:
		e->sideways -= e->sideways < SIDEWAYS_STEP ? e->sideways :
		    SIDEWAYS_STEP;
		return CHANGED_VIEW;
	case COMMAND_RIGHT:
		e->sideways += e->sideways < 65536 ? SIDEWAYS_STEP : 0;
		return CHANGED_VIEW;
	default:
		break;
	}
	if (!place_move(&p, command, places, (int)window))
		return CHANGED_FOREIGN;
	e->place.at = e->place.top = p.at;
	return CHANGED_VIEW;
}

static void
explained_title(struct view *v, struct buf *out)
{
	struct explained *e = (struct explained *)v;
	uint64_t end = e->place.top + (uint64_t)(e->rows > 0 ? e->rows : 0);

	buf_addf(out, "this reply  lines %llu to %llu of %zu",
	    (unsigned long long)e->place.top + 1,
	    (unsigned long long)(end < e->n ? end : e->n), e->n);
}

static unsigned
explained_update(struct view *v)
{
	(void)v;
	return CHANGED_NOTHING;
}

static void
explained_close(struct view *v)
{
	struct explained *e = (struct explained *)v;

	clear(e);
	free(e->lines);
	explain_book_free(e->book);
	arena_free(&e->arena);
}

static const struct view_kind explained_kind = {
	.name = "explanation", .bit = IN_EXPLAINED,
	.draw = explained_draw, .command = explained_command,
	.title = explained_title, .update = explained_update,
	.close = explained_close,
};

void
explained_init(struct explained *e, struct scene *sc, bool own)
{
	*e = (struct explained){ .view = { &explained_kind, sc }, .rows = 20,
	    .own = own };
}
