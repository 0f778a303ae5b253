/*
 * The transcript: which session, where the reader is in it, what is open.
 */
#include "config.h"

#include "ui/transcript.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/figure.h"

#define SIDEWAYS_STEP 8
/* A session that grows is decoded again no more than this part of the time. */
#define DECODE_SHARE 10

uint32_t
transcript_line(const struct transcript *t)
{
	return t->place.at < t->parts.n ? t->parts.p[t->place.at].line : 0;
}

bool
transcript_has_own_search(const struct transcript *t)
{
	return t->own != NULL;
}

static void
decode(struct transcript *t)
{
	struct scene *sc = t->view.scene;
	int64_t before = clock_now_ms();
	struct err err;
	size_t had = t->open_cap;

	t->trouble = facts_decode(&t->facts, sc->store, sc->reader, t->number,
	    &err) < 0;
	if (t->trouble)
		scene_mistake(sc, "%s", err.text);
	t->rec = t->facts.rec;
	t->decoded_at = clock_now_ms();
	t->decode_ms = t->decoded_at - before;
	mem_reserve(&t->open, &t->open_cap, t->facts.nlines + 1, 1);
	memset(t->open + had, 0, t->open_cap - had);
	parts_build(t);
}

/* The row of the exchange that failed: its reply, or the command without. */
static size_t
failing_row(const struct transcript *t)
{
	size_t command = SIZE_MAX;

	for (size_t i = 0; i < t->parts.n; i++) {
		const struct fact_line *l =
		    &t->facts.lines[t->parts.p[i].line];

		if (!l->failed)
			continue;
		if (l->role == ROLE_REPLY)
			return i;
		if (command == SIZE_MAX)
			command = i;
	}
	return command;
}

/* Where following, and whether the reader is at the end. */
static void
settle(struct transcript *t)
{
	bool at_end = t->place.at + 1 >= t->parts.n;

	t->stick = t->view.scene->following && at_end;
	if (at_end || !t->view.scene->following)
		t->seen = t->facts.nlines;
}

void
transcript_show(struct transcript *t, uint32_t number)
{
	struct scene *sc = t->view.scene;
	size_t row;

	t->number = number;
	if (t->open)
		memset(t->open, 0, t->open_cap);
	t->sideways = 0;
	decode(t);
	row = failing_row(t);
	t->place = (struct place){ .at = row == SIZE_MAX ? 0 : row };
	t->centre = true;
	settle(t);
	t->seen = t->facts.nlines;
	transcript_rescan(t);
	/* Who searched wants to see the hit first. */
	t->jump_from = 0;
	t->jumping = !t->own && finder_is_on(&sc->finder) &&
	    search_session_hits(sc->finder.search, number) > 0;
}

void
transcript_search(struct transcript *t, struct match *m, uint32_t from)
{
	match_free(t->own);
	t->own = m;
	transcript_rescan(t);
	t->jumping = m != NULL;
	t->jump_from = from;
}

static unsigned
transcript_update(struct view *v)
{
	struct transcript *t = (struct transcript *)v;
	struct session rec;
	int64_t wait;
	uint32_t line;

	if (t->number == 0)
		return CHANGED_NOTHING;
	store_session(v->scene->store, t->number, &rec);
	if (memcmp(&rec, &t->rec, offsetof(struct session, sequence)) == 0)
		return CHANGED_NOTHING;
	wait = t->decoded_at + t->decode_ms * DECODE_SHARE - clock_now_ms();
	if (wait > 0) {
		scene_wake(v->scene, (int)wait);
		return CHANGED_NOTHING;
	}
	line = transcript_line(t);
	decode(t);
	if (t->stick)
		t->place.at = t->parts.n ? t->parts.n - 1 : 0;
	else
		t->place.at = parts_find(t, line);
	parts_fit(t);
	if (t->stick)
		t->seen = t->facts.nlines;
	return CHANGED_VIEW;
}

static bool
transcript_work(struct view *v, int64_t until)
{
	struct transcript *t = (struct transcript *)v;

	return t->number != 0 && transcript_scan(t, until);
}

/* --- commands -------------------------------------------------------------------- */

/* Opens or closes; the cursor stays with its line, or goes to the fold. */
static void
set_open(struct transcript *t, const struct part *p, bool open)
{
	uint32_t first = p->fold, line = p->line;
	uint8_t kind = p->kind;

	t->open[first] = open;
	parts_build(t);
	t->place.at = parts_find(t, line);
	for (size_t i = 0; kind != PART_LINE && i < t->parts.n; i++)
		if (t->parts.p[i].kind == kind && t->parts.p[i].fold == first)
			t->place.at = i;
	parts_fit(t);
	settle(t);
}

/* The row whose fold shows the row at the cursor. */
static const struct part *
owner_of_row(const struct transcript *t)
{
	uint32_t line = transcript_line(t);

	for (size_t i = 0; i < t->parts.n; i++) {
		const struct part *p = &t->parts.p[i];

		if (p->folded > 0 && p->open && line >= p->fold &&
		    line - p->fold < p->folded)
			return p;
	}
	return NULL;
}

/* A line without folds opens when it is cut; what failed never is. */
static bool
can_grow(struct transcript *t)
{
	return !parts_in_full(t, &t->parts.p[t->place.at]) &&
	    parts_is_cut(t, t->place.at);
}

static unsigned
fold(struct transcript *t)
{
	const struct part *p = t->place.at < t->parts.n ?
	    &t->parts.p[t->place.at] : NULL;

	if (p && p->folded == 0 && p->kind != PART_LINE)
		p = owner_of_row(t);
	else if (p && p->folded == 0 && !p->open && !can_grow(t))
		p = NULL;
	if (t->raw || !p)
		scene_hint(t->view.scene, t->raw ?
		    "raw lines are not folded" :
		    "nothing is folded into this line");
	else
		set_open(t, p, !p->open);
	return CHANGED_VIEW;
}

static unsigned
fold_all(struct transcript *t)
{
	uint32_t line = transcript_line(t);
	bool closed = false;

	for (size_t i = 0; i < t->parts.n; i++)
		closed = closed || (t->parts.p[i].folded > 0 &&
		    !t->parts.p[i].open);
	for (size_t i = 0; i < t->parts.n; i++)
		if (t->parts.p[i].folded > 0)
			t->open[t->parts.p[i].fold] = closed;
	parts_build(t);
	t->place.at = parts_find(t, line);
	parts_centre(t);
	settle(t);
	return CHANGED_VIEW;
}

static unsigned
toggle_raw(struct transcript *t)
{
	uint32_t line = transcript_line(t);

	t->raw = !t->raw;
	t->sideways = 0;
	parts_build(t);
	t->place.at = parts_find(t, line);
	parts_centre(t);
	settle(t);
	transcript_rescan(t);
	return CHANGED_VIEW;
}

static bool
is_failure(const struct transcript *t, size_t row)
{
	const struct fact_line *l = &t->facts.lines[t->parts.p[row].line];

	if (t->parts.p[row].kind != PART_LINE &&
	    t->parts.p[row].kind != PART_RAW)
		return false;
	if (l->role == ROLE_REPLY)
		return reply_class(l->code) >= 4;
	return l->failed && session_outcome(&t->rec) == OUTCOME_DROPPED;
}

/* Within the session; where there is none, the next session is asked for. */
static unsigned
go_failure(struct transcript *t, bool back)
{
	uint64_t row = t->place.at;

	while (back ? row > 0 : row + 1 < t->parts.n) {
		row = back ? row - 1 : row + 1;
		if (!is_failure(t, row))
			continue;
		t->place.at = row;
		parts_fit(t);
		settle(t);
		return CHANGED_VIEW;
	}
	return CHANGED_FOREIGN;
}

static unsigned
copy_line(struct transcript *t)
{
	struct scene *sc = t->view.scene;
	uint32_t line = transcript_line(t);

	if (t->parts.n == 0)
		return CHANGED_NOTHING;
	sc->clip.n = 0;
	text_safe(&sc->clip, t->raw ? transcript_raw(t, line) :
	    transcript_words(t, line), SIZE_MAX);
	return CHANGED_COPY;
}

static unsigned
go_sideways(struct transcript *t, bool left)
{
	if (left)
		t->sideways -= t->sideways < SIDEWAYS_STEP ? t->sideways :
		    SIDEWAYS_STEP;
	else if (t->sideways < LINE_LOOK_MAX)
		t->sideways += SIDEWAYS_STEP;
	return CHANGED_VIEW;
}

static unsigned
transcript_command(struct view *v, enum command command)
{
	struct transcript *t = (struct transcript *)v;

	if (parts_move(t, command)) {
		/* Who moves no longer waits for the first hit. */
		t->jumping = false;
		settle(t);
		return CHANGED_VIEW;
	}
	switch (command) {
	case COMMAND_LEFT:
	case COMMAND_RIGHT:
		return go_sideways(t, command == COMMAND_LEFT);
	case COMMAND_FOLD:
		return fold(t);
	case COMMAND_FOLD_ALL:
		return fold_all(t);
	case COMMAND_RAW:
		return toggle_raw(t);
	case COMMAND_NEXT_FAILURE:
	case COMMAND_PREVIOUS_FAILURE:
		return go_failure(t, command == COMMAND_PREVIOUS_FAILURE);
	case COMMAND_NEXT_HIT:
	case COMMAND_PREVIOUS_HIT:
		return transcript_go_hit(t, command == COMMAND_PREVIOUS_HIT);
	case COMMAND_COPY:
		return copy_line(t);
	default:
		return CHANGED_FOREIGN;
	}
}

static void
transcript_title(struct view *v, struct buf *out)
{
	struct transcript *t = (struct transcript *)v;
	struct buf total = { 0 }, at = { 0 };

	if (transcript_gone(t) > 0 &&
	    transcript_gone(t) >= t->facts.nlines) {
		buf_add(out, SLICE("text gone"));
		return;
	}
	figure_count(&total, t->parts.n);
	figure_count(&at, t->parts.n ? t->place.at + 1 : 0);
	buf_addf(out, "%s %*.*s of %.*s", t->raw ? "raw line" : "line",
	    (int)total.n, SLICE_ARGS(at), SLICE_ARGS(total));
	if (v->scene->following && !t->stick && t->facts.nlines > t->seen) {
		buf_add(out, SLICE("  "));
		figure_count(out, t->facts.nlines - t->seen);
		buf_add(out, SLICE(" new"));
	}
	buf_free(&total);
	buf_free(&at);
}

static void
transcript_close(struct view *v)
{
	struct transcript *t = (struct transcript *)v;

	facts_free(&t->facts);
	parts_free(&t->parts);
	match_free(t->own);
	free(t->open);
	free(t->hits);
	buf_free(&t->words);
	buf_free(&t->plain);
}

static const struct view_kind transcript_kind = {
	.name = "transcript", .bit = IN_TRANSCRIPT,
	.draw = transcript_draw, .command = transcript_command,
	.title = transcript_title, .update = transcript_update,
	.work = transcript_work, .close = transcript_close,
};

void
transcript_init(struct transcript *t, struct scene *sc)
{
	*t = (struct transcript){ .view = { &transcript_kind, sc },
	    .rows = 20, .cols = 80 };
	facts_init(&t->facts);
}
