/*
 * How a transcript looks: heading, then time, time since the line before,
 * who speaks, what is said.
 */
#include "config.h"

#include <stdio.h>

#include "base/utf8.h"
#include "ui/figure.h"
#include "ui/transcript.h"

/* In front of each row: the cursor, the mark of the failing exchange. */
#define MARGIN 2
#define DELTA_WIDTH 8
/* Narrower than this: no deltas; narrower still: no times. */
#define DELTA_SCREEN 60
#define TIME_SCREEN 40

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
		at.time_width = sm && !sm->format->times_have_ms ? 8 : 12;
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

/* The time of the nearest line before that has one. */
static int64_t
time_before(const struct facts *f, uint32_t line)
{
	/* A run of lines without a time may be as long as a message. */
	for (uint32_t n = 0; line > 0 && n < 1000; n++)
		if (f->lines[--line].time != CLOCK_NONE)
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

	if (at->delta < 0 || now == CLOCK_NONE)
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
		return "|";
	case ROLE_OPEN:
	case ROLE_CLOSE:
	case ROLE_NOTE:
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
	case ROLE_TWIN:
	case ROLE_TWIN_MORE:
		return STYLE_TWIN;
	case ROLE_OPEN:
	case ROLE_CLOSE:
	case ROLE_NOTE:
		return l->failed ? STYLE_FAILED : STYLE_NOTE;
	default:
		return STYLE_NORMAL;
	}
}

/* The text of a row with its hits, and a sign where its end is not seen. */
static void
draw_text(const struct area *a, int row, int col, struct transcript *t,
    struct slice text, enum style style)
{
	struct span spans[SPANS_MAX];
	struct ink ink = { .style = style, .hit = STYLE_HIT, .spans = spans,
	    .skip = t->sideways };
	/* A screen shows no more of a line than this. */
	struct slice near = slice_head(text, (size_t)a->cols * 4 +
	    (size_t)t->sideways * 4 + 256);

	ink.nspans = view_spans(transcript_pattern(t), t->view.scene->work,
	    near, spans, SPANS_MAX);
	area_field(a, row, col, a->cols - col, near, &ink, false);
}

static void
draw_fold(const struct area *a, int row, const struct columns_at *at,
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
	area_text(a, row, at->text, STYLE_BODY, buf_slice(&words));
	buf_free(&words);
}

static void
draw_raw(const struct area *a, int row, struct transcript *t, uint32_t line)
{
	const struct fact_line *l = &t->facts.lines[line];
	struct slice text = transcript_raw(t, line);
	char number[16];

	snprintf(number, sizeof number, "%10u", (unsigned)l->line);
	area_words(a, row, MARGIN, STYLE_DIM, number);
	draw_text(a, row, MARGIN + 12, t, text, style_of_line(l));
}

static void
draw_part(const struct area *a, int row, struct transcript *t,
    const struct columns_at *at, const struct part *p)
{
	const struct fact_line *l = &t->facts.lines[p->line];

	if (l->failed && p->kind != PART_TWIN)
		area_text(a, row, 1, STYLE_FAILED, SLICE("!"));
	if (p->kind == PART_RAW) {
		draw_raw(a, row, t, p->line);
		return;
	}
	draw_time(a, row, at, l->time);
	if (p->kind != PART_TWIN)
		draw_delta(a, row, at, t, p->line);
	if (p->folded > 0)
		area_words(a, row, at->fold, STYLE_DIM, p->open ? "-" : "+");
	area_words(a, row, at->who, STYLE_DIM, who_speaks(l));
	if (p->kind == PART_TEXT_FOLD || p->kind == PART_TWIN_FOLD)
		draw_fold(a, row, at, p);
	else
		draw_text(a, row, at->text, t, transcript_words(t, p->line),
		    style_of_line(l));
	if (l->cut && p->kind != PART_TEXT_FOLD)
		area_words(a, row, a->cols - 6, STYLE_HINT, " (cut)");
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

void
transcript_draw(struct view *v, const struct area *a, bool focus)
{
	struct transcript *t = (struct transcript *)v;
	struct columns_at at;

	t->rows = a->rows - 1;
	t->cols = a->cols;
	if (t->centre)
		place_centre(&t->place, t->parts.n, t->rows);
	t->centre = false;
	place_fit(&t->place, t->parts.n, t->rows);
	at = columns_for(t, a->cols);
	draw_heading(a, t, focus);
	for (int i = 0; i < t->rows; i++) {
		uint64_t part = t->place.top + (uint64_t)i;

		if (part >= t->parts.n)
			break;
		if (part == t->place.at)
			area_words(a, i + 1, 0, focus ? STYLE_CURSOR :
			    STYLE_NORMAL, ">");
		draw_part(a, i + 1, t, &at, &t->parts.p[part]);
	}
	if (focus && !a->cv->cursor_shown) {
		a->cv->cursor_row = a->row + 1 +
		    (int)(t->place.at - t->place.top);
		a->cv->cursor_col = a->col;
	}
}
