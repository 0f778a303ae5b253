/*
 * The view of lines that belong to no session.
 */
#include "config.h"

#include "ui/strays.h"

#include <stdlib.h>

#include "index/oldest.h"
#include "index/stray.h"
#include "ui/figure.h"

#define SIDEWAYS_STEP 8
/* Lines of no session that are looked at between two looks at the clock. */
#define PIECE 64

/* --- finding them --------------------------------------------------------- */

static void
add(struct strays *s, uint32_t stream, uint32_t line)
{
	mem_reserve(&s->at, &s->cap, s->n + 1, sizeof *s->at);
	s->at[s->n++] = (struct stray_at){ stream, line };
}

/* A piece of one stream; false when there is none left to look at. */
static bool
look_at(struct strays *s, uint32_t stream)
{
	const struct stream *sm = store_stream(s->view.scene->store, stream);
	uint32_t lines = (uint32_t)stream_lines(sm), found, next;
	struct line_text lt;

	if (s->from[stream] > lines)
		return false;
	found = stray_find(s->view.scene->reader, sm, s->from[stream], PIECE,
	    &next, &lt);
	if (found)
		add(s, stream, found);
	s->from[stream] = next ? next : lines + 1;
	return true;
}

/* False when no more can be found for now. */
static bool
look(struct strays *s)
{
	uint64_t streams = table_count(&s->view.scene->store->streams);

	mem_reserve(&s->from, &s->from_cap, streams, sizeof *s->from);
	for (; s->nfrom < streams; s->nfrom++)
		s->from[s->nfrom] = stream_forgotten(store_stream(
		    s->view.scene->store, (uint32_t)s->nfrom)) + 1;
	for (uint32_t i = 0; i < streams && s->n < STRAYS_MAX; i++)
		if (look_at(s, i))
			return true;
	return false;
}

static bool
strays_work(struct view *v, int64_t until)
{
	struct strays *s = (struct strays *)v;

	while (!s->done) {
		s->done = !look(s);
		if (clock_now_ms() >= until)
			break;
	}
	return !s->done;
}

/* Those that were forgotten, and what is still to be looked at of them. */
static void
forget(struct strays *s)
{
	const struct store *st = s->view.scene->store;
	uint64_t forgotten = 0;
	size_t kept = 0;

	for (uint32_t i = 0; i < s->nfrom; i++)
		forgotten += stream_forgotten(store_stream(st, i));
	if (forgotten == s->forgotten)
		return;
	s->forgotten = forgotten;
	for (uint32_t i = 0; i < s->nfrom; i++) {
		uint32_t line = stream_forgotten(store_stream(st, i));

		if (s->from[i] <= line)
			s->from[i] = line + 1;
	}
	for (size_t i = 0; i < s->n; i++) {
		if (s->at[i].line <= stream_forgotten(store_stream(st,
		    s->at[i].stream))) {
			s->place.at -= s->place.at > kept;
			s->place.top -= s->place.top > kept;
		} else {
			s->at[kept++] = s->at[i];
		}
	}
	s->n = kept;
	place_fit(&s->place, s->n, s->rows);
}

/* There may be more of them when more was read. */
static unsigned
strays_update(struct view *v)
{
	struct strays *s = (struct strays *)v;

	forget(s);
	if (s->changes != v->scene->progress.changes)
		s->done = false;
	s->changes = v->scene->progress.changes;
	return s->done ? CHANGED_NOTHING : CHANGED_VIEW;
}

/* --- drawing -------------------------------------------------------------- */

/* The line as the log has it; its place stands before it. */
static struct slice
words_of(struct strays *s, uint64_t row)
{
	const struct stray_at *at = &s->at[row];
	struct scene *sc = s->view.scene;
	const struct stream *sm = store_stream(sc->store, at->stream);
	struct line_text lt;
	struct err err;

	s->words.n = 0;
	if (sc->progress.streams > 1)
		buf_addf(&s->words, "%s:", sm->name);
	buf_addf(&s->words, "%u: ", (unsigned)at->line);
	if (reader_line(sc->reader, sm, at->line, &lt, &err) < 0)
		buf_addf(&s->words, "(%s)", err.text);
	else if (lt.gone)
		buf_add(&s->words, SLICE("(this line can no longer be read)"));
	else
		buf_add(&s->words, lt.text);
	return buf_slice(&s->words);
}

static void
strays_draw(struct view *v, const struct area *a, bool focus)
{
	struct strays *s = (struct strays *)v;

	s->rows = a->rows;
	place_fit(&s->place, s->n, s->rows);
	if (s->n == 0)
		area_words(a, 0, 0, STYLE_HINT, s->done ?
		    "every line belongs to a session, or is a header" :
		    "looking for lines of no session");
	for (int i = 0; i < a->rows; i++) {
		uint64_t row = s->place.top + (uint64_t)i;
		struct ink ink = { .style = STYLE_NORMAL,
		    .skip = s->sideways };

		if (row >= s->n)
			break;
		area_ink(a, i, 2, a->cols - 2, words_of(s, row), &ink);
		if (row == s->place.at)
			area_words(a, i, 0, STYLE_KEY, ">");
	}
	if (focus && !a->cv->cursor_shown && s->n) {
		a->cv->cursor_row = a->row + (int)(s->place.at - s->place.top);
		a->cv->cursor_col = a->col;
	}
}

static void
strays_title(struct view *v, struct buf *out)
{
	struct strays *s = (struct strays *)v;

	buf_add(out, SLICE("no session's  "));
	if (s->n) {
		buf_add(out, SLICE("line "));
		figure_count(out, s->place.at + 1);
		buf_add(out, SLICE(" of "));
	}
	figure_count(out, s->n);
	if (s->n >= STRAYS_MAX)
		buf_add(out, SLICE(" (there are more)"));
	else if (!s->done)
		buf_add(out, SLICE(" so far"));
}

/* --- commands --------------------------------------------------------------- */

static unsigned
copy(struct strays *s)
{
	struct scene *sc = s->view.scene;

	if (s->place.at >= s->n)
		return CHANGED_NOTHING;
	sc->clip.n = 0;
	buf_add(&sc->clip, words_of(s, s->place.at));
	return CHANGED_COPY;
}

static unsigned
strays_command(struct view *v, enum command command)
{
	struct strays *s = (struct strays *)v;

	switch (command) {
	case COMMAND_LEFT:
		s->sideways -= s->sideways < SIDEWAYS_STEP ? s->sideways :
		    SIDEWAYS_STEP;
		return CHANGED_VIEW;
	case COMMAND_RIGHT:
		s->sideways += s->sideways < 65536 ? SIDEWAYS_STEP : 0;
		return CHANGED_VIEW;
	case COMMAND_COPY:
		return copy(s);
	default:
		return place_move(&s->place, command, s->n, s->rows) ?
		    CHANGED_VIEW : CHANGED_FOREIGN;
	}
}

static void
strays_close(struct view *v)
{
	struct strays *s = (struct strays *)v;

	free(s->at);
	free(s->from);
	buf_free(&s->words);
}

static const struct view_kind strays_kind = {
	.name = "strays", .bit = IN_STRAYS,
	.draw = strays_draw, .command = strays_command,
	.title = strays_title, .update = strays_update, .work = strays_work,
	.close = strays_close,
};

void
strays_init(struct strays *s, struct scene *sc)
{
	*s = (struct strays){ .view = { &strays_kind, sc }, .rows = 20 };
}
