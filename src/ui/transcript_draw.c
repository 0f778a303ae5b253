/*
 * How a transcript looks: heading, then time, time since the line before,
 * who speaks, what is said.
 */
#include "config.h"

#include <stdio.h>

#include "base/utf8.h"
#include "index/shown.h"
#include "ui/figure.h"
#include "ui/transcript.h"

/* In front of each row: the cursor, the mark of the failing exchange. */
#define MARGIN 2
#define DELTA_WIDTH 8
/* Narrower than this: no deltas; narrower still: no times. */
#define DELTA_SCREEN 60
#define TIME_SCREEN 40

/* Bytes of the longest glyph of one column. */
#define GLYPH_BYTES 20

/* Where the columns are; -1: not shown. */
struct columns_at {
	int time, time_width, delta, fold, who, text;
};

static struct columns_at
columns_for(const struct transcript *t, int cols)
{
	const struct stream *sm = t->facts.stream;
	struct columns_at at = { .time = -1, .delta = -1 };
	int x = MARGIN;

	if (cols >= TIME_SCREEN) {
		at.time = x;
		at.time_width = sm && !sm->traits.times_have_ms ? 8 : 12;
		x += at.time_width + 1;
	}
	if (cols >= DELTA_SCREEN) {
		at.delta = x;
		x += DELTA_WIDTH;
	}
	at.fold = x + (cols >= TIME_SCREEN ? 1 : 0);
	at.who = at.fold + 1;
	at.text = at.who + 2;
	return at;
}

static void
draw_time(const struct area *a, int row, const struct columns_at *at,
    int64_t time)
{
	char words[40];
	struct civil c;

	if (at->time < 0 || time == CLOCK_NONE)
		return;
	clock_to_civil(time, &c);
	if (at->time_width > 8)
		snprintf(words, sizeof words, "%02d:%02d:%02d.%03d", c.hour,
		    c.minute, c.second, c.ms);
	else
		snprintf(words, sizeof words, "%02d:%02d:%02d", c.hour,
		    c.minute, c.second);
	area_words(a, row, at->time, STYLE_TIME, words);
}

/* Stamps in message text are the text's own. */
static bool
is_timed(const struct fact_line *l)
{
	return l->time != CLOCK_NONE && l->role != ROLE_BODY;
}

/* The time of the nearest line before that has one. */
static int64_t
time_before(const struct facts *f, uint32_t line)
{
	/* A run of lines without a time may be as long as a message. */
	for (uint32_t n = 0; line > 0 && n < 1000; n++)
		if (is_timed(&f->lines[--line]))
			return f->lines[line].time;
	return CLOCK_NONE;
}

static void
draw_delta(const struct area *a, int row, const struct columns_at *at,
    const struct transcript *t, uint32_t line)
{
	int64_t now = t->facts.lines[line].time, before, delta;
	struct buf words = { 0 };
	struct ink ink = { .style = STYLE_DIM };

	if (at->delta < 0 || !is_timed(&t->facts.lines[line]))
		return;
	before = time_before(&t->facts, line);
	if (before == CLOCK_NONE || (before > 0) != (now > 0))
		return;
	delta = now - before;
	if (delta == 0 && at->time_width == 8)
		return;
	buf_add_char(&words, delta < 0 ? '-' : '+');
	if (delta < 0)
		delta = -delta;
	if (delta < 10000 && at->time_width > 8)
		buf_addf(&words, "%dms", (int)delta);
	else if (delta < 60000 && at->time_width == 8)
		/* A second is as fine as such a log can tell. */
		buf_addf(&words, "%ds", (int)(delta / 1000));
	else
		clock_duration(&words, delta);
	area_field(a, row, at->delta, DELTA_WIDTH, buf_slice(&words), &ink,
	    true);
	buf_free(&words);
}

static const char *
who_speaks(const struct fact_line *l)
{
	switch (l->role) {
	case ROLE_COMMAND:
	case ROLE_AUTH:
	case ROLE_REPLY:
	case ROLE_REPLY_MORE:
		return l->from_server ? "S" : "C";
	case ROLE_BODY:
		return "C";
	case ROLE_TWIN:
	case ROLE_TWIN_MORE:
	case ROLE_TRACE:
		return "=";
	case ROLE_OPEN:
	case ROLE_CLOSE:
	case ROLE_NOTE:
	case ROLE_REPORT:
		return "-";
	default:
		return l->dir == DIR_IN ? "<" : l->dir == DIR_OUT ? ">" : " ";
	}
}

static enum style
style_of_line(const struct fact_line *l)
{
	switch (l->role) {
	case ROLE_COMMAND:
	case ROLE_AUTH:
		return l->failed ? STYLE_FAILED : STYLE_COMMAND;
	case ROLE_REPLY:
	case ROLE_REPLY_MORE:
		return style_of_code(l->code);
	case ROLE_BODY:
		return STYLE_BODY;
	case ROLE_REPORT:
		return l->code ? style_of_code(l->code) :
		    l->failed ? STYLE_FAILED : STYLE_NORMAL;
	case ROLE_TWIN:
	case ROLE_TWIN_MORE:
	case ROLE_TRACE:
		return STYLE_TWIN;
	case ROLE_OPEN:
	case ROLE_CLOSE:
	case ROLE_NOTE:
		return l->failed ? STYLE_FAILED : STYLE_NOTE;
	default:
		return STYLE_NORMAL;
	}
}

/* Draws a piece of a text whose spans count from `at` bytes before it. */
static void
draw_piece(const struct area *a, int row, int col, struct slice piece,
    size_t at, const struct ink *whole)
{
	struct span spans[SPANS_MAX];
	struct ink ink = *whole;

	ink.spans = spans;
	ink.nspans = 0;
	for (size_t i = 0; i < whole->nspans; i++) {
		struct span s = whole->spans[i];

		if (s.end > at)
			spans[ink.nspans++] = (struct span){
			    s.start > at ? s.start - at : 0, s.end - at };
	}
	area_field(a, row, col, a->cols - col, piece, &ink, false);
}

/* What of the text from `at` on the row shows that is not the last one. */
static size_t
draw_wrapped(const struct area *a, int row, int col, const struct transcript *t,
    struct slice text, size_t at, const struct ink *ink)
{
	size_t n = parts_wrap(slice_from(text, at), a->cols - col, !t->raw);
	size_t seen = n;

	while (!t->raw && seen > 1 && text.p[at + seen - 1] == ' ')
		seen--;
	draw_piece(a, row, col, slice_head(slice_from(text, at), seen), at,
	    ink);
	return n;
}

/*
 * The text of a line with its hits, over the rows that it has.  What does not
 * fit into the last one ends in a sign, and can be moved sideways.
 */
static void
draw_text(const struct area *a, int col, int rows, struct transcript *t,
    struct slice text, enum style style)
{
	struct span spans[SPANS_MAX];
	struct ink ink = { .style = style, .hit = STYLE_HIT, .spans = spans };
	/* A screen shows no more of a line than this, with all its marks. */
	struct slice near = slice_head(text, ((size_t)a->cols *
	    (size_t)rows + (size_t)t->sideways) * GLYPH_BYTES + 256), rest;
	size_t at = 0;

	ink.nspans = view_spans(transcript_pattern(t), t->view.scene->work,
	    near, spans, SPANS_MAX);
	for (int row = 0; row < rows - 1; row++)
		at += draw_wrapped(a, row, col, t, near, at, &ink);
	rest = slice_from(near, at);
	if ((rows == 1 && !t->raw) ||
	    parts_wrap(rest, a->cols - col, !t->raw) < rest.n)
		ink.skip = t->sideways;
	draw_piece(a, rows - 1, col, rest, at, &ink);
}

static void
draw_fold(const struct area *a, const struct columns_at *at,
    const struct part *p)
{
	struct buf words = { 0 };

	if (!p->open) {
		buf_add(&words, canvas_more());
		buf_add_char(&words, ' ');
	}
	figure_count(&words, p->shown);
	if (p->kind == PART_TEXT_FOLD)
		buf_add(&words, p->shown == 1 ?
		    SLICE(" line of message text") :
		    SLICE(" lines of message text"));
	else
		buf_add(&words, p->shown == 1 ? SLICE(" raw line") :
		    SLICE(" raw lines"));
	area_text(a, 0, at->text, STYLE_BODY, buf_slice(&words));
	buf_free(&words);
}

static void
draw_gone(const struct area *a, int col, uint32_t lines)
{
	struct buf words = { 0 };
	struct ink ink = { .style = STYLE_HINT };

	buf_add_char(&words, '(');
	transcript_gone_words(lines, &words);
	buf_add_char(&words, ')');
	area_field(a, 0, col, a->cols - col, buf_slice(&words), &ink, false);
	buf_free(&words);
}

/* Digits of the largest line number. */
static int
number_width(const struct transcript *t)
{
	uint32_t n = t->rec.last;
	int width = 1;

	for (; n >= 10; n /= 10)
		width++;
	return width;
}

int
transcript_text_column(const struct transcript *t)
{
	return t->raw ? MARGIN + number_width(t) + 2 :
	    columns_for(t, t->cols).text;
}

static void
draw_raw(const struct area *a, struct transcript *t, const struct part *p)
{
	const struct fact_line *l = &t->facts.lines[p->line];
	char number[16];

	snprintf(number, sizeof number, "%*u", number_width(t),
	    (unsigned)l->line);
	area_words(a, 0, MARGIN, STYLE_DIM, number);
	draw_text(a, transcript_text_column(t), a->rows, t, parts_text(t, p),
	    style_of_line(l));
}

/* Failing replies are told apart without colours, too. */
static bool
has_mark(const struct part *p, const struct fact_line *l)
{
	bool reply = l->role == ROLE_REPLY || l->role == ROLE_REPLY_MORE ||
	    l->role == ROLE_REPORT;

	return p->kind != PART_TWIN && p->kind != PART_GONE &&
	    (l->failed || (reply && reply_class(l->code) >= 4));
}

static void
draw_said(const struct area *a, struct transcript *t,
    const struct columns_at *at, const struct part *p)
{
	const struct fact_line *l = &t->facts.lines[p->line];

	draw_time(a, 0, at, stream_wall(t->facts.stream, l->time));
	if (p->kind != PART_TWIN)
		draw_delta(a, 0, at, t, p->line);
	if (p->folded > 0)
		area_words(a, 0, at->fold, STYLE_DIM, p->open ? "-" : "+");
	area_words(a, 0, at->who, STYLE_DIM, who_speaks(l));
	if (p->kind == PART_TEXT_FOLD || p->kind == PART_TWIN_FOLD)
		draw_fold(a, at, p);
	else
		draw_text(a, at->text, a->rows, t, parts_text(t, p),
		    style_of_line(l));
}

/* One line into the rows that it has. */
static void
draw_part(const struct area *a, struct transcript *t,
    const struct columns_at *at, const struct part *p)
{
	const struct fact_line *l = &t->facts.lines[p->line];

	if (has_mark(p, l))
		area_words(a, 0, 1, STYLE_FAILED, "!");
	if (p->kind == PART_GONE)
		draw_gone(a, MARGIN, p->shown);
	else if (p->kind == PART_RAW)
		draw_raw(a, t, p);
	else
		draw_said(a, t, at, p);
	if (l->cut && p->kind != PART_TEXT_FOLD)
		area_words(a, a->rows - 1, a->cols - 6, STYLE_HINT, " (cut)");
}

static void
draw_heading(const struct area *a, struct transcript *t, bool focus)
{
	struct buf words = { 0 };
	enum outcome o = session_outcome(&t->rec);
	enum style style = focus ? STYLE_HEADER : STYLE_NORMAL;
	struct ink ink = { 0 };
	int width;

	if (o == OUTCOME_PERMANENT)
		style = STYLE_PERMANENT;
	else if (o == OUTCOME_TEMPORARY)
		style = STYLE_TEMPORARY;
	else if (o == OUTCOME_DROPPED)
		style = STYLE_DROPPED;
	ink.style = style;
	area_across(a, 0, STYLE_LINE);
	transcript_heading(t, a->cols - 8, &words);
	buf_add_char(&words, ' ');
	width = (int)text_width(buf_slice(&words));
	if (width > a->cols - 6)
		width = a->cols - 6;
	area_text(a, 0, 3, STYLE_NORMAL, SLICE(" "));
	area_field(a, 0, 4, width, buf_slice(&words), &ink, false);
	buf_free(&words);
}

/* The rows of the window; returns that of the cursor. */
static int
draw_parts(const struct area *a, struct transcript *t, bool focus)
{
	struct columns_at at = columns_for(t, a->cols);
	size_t part = t->place.top;
	int cursor = 0, rows;

	for (int row = 0; row < a->rows && part < t->parts.n; row += rows) {
		struct area place;

		/* The last one may be cut at the foot of the window. */
		rows = parts_height(t, part);
		if (rows > a->rows - row)
			rows = a->rows - row;
		place = area_cut(a, row, 0, rows, a->cols);
		if (part == t->place.at) {
			area_words(&place, 0, 0, focus ? STYLE_CURSOR :
			    STYLE_NORMAL, ">");
			cursor = row;
		}
		draw_part(&place, t, &at, &t->parts.p[part++]);
	}
	return cursor;
}

void
transcript_draw(struct view *v, const struct area *a, bool focus)
{
	struct transcript *t = (struct transcript *)v;
	struct area body = area_cut(a, 1, 0, a->rows - 1, a->cols);
	int cursor;

	t->rows = a->rows - 1;
	t->cols = a->cols;
	if (t->centre)
		parts_centre(t);
	t->centre = false;
	parts_fit(t);
	draw_heading(a, t, focus);
	cursor = draw_parts(&body, t, focus);
	if (t->parts.n == 0 && transcript_gone(t) > 0)
		draw_gone(&body, MARGIN, transcript_gone(t));
	if (focus && !a->cv->cursor_shown) {
		a->cv->cursor_row = a->row + 1 + cursor;
		a->cv->cursor_col = a->col;
	}
}
