/*
 * The stage drawn: header, one or two views, the prompt or the status line.
 */
#include "config.h"

#include "ui/bar.h"
#include "ui/stage.h"

/* Windows this large show list and transcript at once. */
#define BELOW_ROWS 50
#define BESIDE_COLS 180
/* Below this nothing sensible can be drawn. */
#define LEAST_ROWS 5
#define LEAST_COLS 24

enum split
stage_split(const struct stage *s)
{
	if (s->rows >= BELOW_ROWS)
		return SPLIT_BELOW;
	if (s->cols >= BESIDE_COLS)
		return SPLIT_BESIDE;
	return SPLIT_NO;
}

static void
draw_transcript(struct stage *s, const struct area *a)
{
	struct view *v = &s->transcript.view;

	if (s->transcript.number != 0) {
		v->kind->draw(v, a, stage_focus(s) == v);
		return;
	}
	area_across(a, 0, STYLE_LINE);
	if (s->held != 0)
		area_words(a, 1, 2, STYLE_HINT,
		    "a very long session: Enter opens it");
}

static void
draw_list(struct stage *s, const struct area *a)
{
	struct view *v = &s->list.view;

	v->kind->draw(v, a, stage_focus(s) == v);
}

static void
draw_views(struct stage *s, const struct area *a)
{
	struct area first, second;

	if (s->help_open) {
		s->help.view.kind->draw(&s->help.view, a, true);
		return;
	}
	if (s->explained_open) {
		s->explained.view.kind->draw(&s->explained.view, a, true);
		return;
	}
	if (s->strays_open) {
		s->strays.view.kind->draw(&s->strays.view, a, true);
		return;
	}
	if (!s->transcript_open ||
	    (stage_split(s) == SPLIT_NO && s->focus == &s->list.view)) {
		draw_list(s, a);
		return;
	}
	if (stage_split(s) == SPLIT_NO) {
		draw_transcript(s, a);
	} else if (stage_split(s) == SPLIT_BELOW) {
		int rows = a->rows * 2 / 5;

		first = area_cut(a, 0, 0, rows, a->cols);
		second = area_cut(a, rows, 0, a->rows - rows, a->cols);
		draw_list(s, &first);
		draw_transcript(s, &second);
	} else {
		int cols = a->cols * 11 / 20;

		first = area_cut(a, 0, 0, a->rows, cols);
		second = area_cut(a, 0, cols + 1, a->rows,
		    a->cols - cols - 1);
		area_down(a, cols, STYLE_LINE);
		draw_list(s, &first);
		draw_transcript(s, &second);
	}
}

/* While a search is typed, its count stands under it. */
static void
tell_hits(struct stage *s)
{
	struct buf words = { 0 };

	if (s->prompt.kind != PROMPT_SEARCH || s->prompt.wrong)
		return;
	if (s->focus == &s->transcript.view) {
		if (transcript_has_own_search(&s->transcript))
			transcript_hit_words(&s->transcript, &words);
	} else if (finder_is_on(&s->scene.finder) && s->prompt.text.n > 0) {
		finder_words(&s->scene.finder, s->list.place.at, &words);
	}
	buf_add_char(&words, '\0');
	prompt_note(&s->prompt, words.p);
	buf_free(&words);
}

void
stage_draw(struct stage *s, struct canvas *cv)
{
	struct area all = canvas_area(cv), body, line;
	bool asks = prompt_is_open(&s->prompt);
	struct bar bar = {
		.scene = &s->scene, .source = s->source, .list = &s->list,
		.transcript = &s->transcript, .focus = stage_focus(s),
		.split = s->transcript_open && stage_split(s) != SPLIT_NO,
	};

	canvas_clear(cv);
	s->rows = cv->rows;
	s->cols = cv->cols;
	if (cv->rows < LEAST_ROWS || cv->cols < LEAST_COLS) {
		area_words(&all, 0, 0, STYLE_NORMAL, "window too small");
		return;
	}
	if (asks) {
		tell_hits(s);
		line = area_cut(&all, cv->rows - 2, 0, 2, cv->cols);
		prompt_draw(&s->prompt, &line);
	}
	line = area_cut(&all, 0, 0, 1, cv->cols);
	bar_header(&bar, &line);
	body = area_cut(&all, 1, 0, cv->rows - (asks ? 3 : 2), cv->cols);
	draw_views(s, &body);
	if (!asks) {
		line = area_cut(&all, cv->rows - 1, 0, 1, cv->cols);
		bar_status(&bar, &line);
	}
}
