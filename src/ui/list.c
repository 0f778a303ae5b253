/*
 * The list: where the reader is in it, and what the keys do.  What is chosen
 * is in list_choose.c, how it looks in list_draw.c.
 */
#include "config.h"

#include "ui/list.h"

#include "base/utf8.h"
#include "index/oldest.h"
#include "report/report.h"
#include "ui/figure.h"

#define SIDEWAYS_STEP 8
#define SIDEWAYS_MAX 400

/* --- where the reader is ----------------------------------------------------- */

uint32_t
list_current(const struct list *l)
{
	const struct selection *sel = l->view.scene->selection;

	if (l->place.at >= selection_count(sel))
		return 0;
	return selection_at(sel, l->place.at);
}

/* New sessions come at the end, or at the top of a list turned round. */
static uint64_t
newest_place(const struct list *l)
{
	if (l->reverse || l->count == 0)
		return 0;
	return l->count - 1;
}

/* The reader has moved: from here the list holds still, or sticks. */
static void
settle(struct list *l)
{
	bool at_end = l->place.at == newest_place(l);

	place_fit(&l->place, l->count, l->rows);
	l->anchor = list_current(l);
	l->stick = l->view.scene->following && at_end;
	if (at_end || !l->view.scene->following)
		l->seen = l->count;
}

void
list_go(struct list *l, uint64_t at, bool centre)
{
	l->place.at = at;
	if (centre)
		place_centre(&l->place, l->count, l->rows);
	settle(l);
}

void
list_go_end(struct list *l)
{
	list_go(l, newest_place(l), false);
}

uint64_t
list_new(const struct list *l)
{
	if (!l->view.scene->following || l->stick || l->count <= l->seen)
		return 0;
	return l->count - l->seen;
}

bool
list_step(struct list *l, bool back)
{
	if (back ? l->place.at == 0 : l->place.at + 1 >= l->count)
		return false;
	list_go(l, back ? l->place.at - 1 : l->place.at + 1, false);
	return true;
}

bool
list_step_failure(struct list *l, bool back)
{
	const struct scene *sc = l->view.scene;
	uint64_t at = l->place.at;

	while (back ? at > 0 : at + 1 < l->count) {
		struct session rec;

		at = back ? at - 1 : at + 1;
		store_session(sc->store, selection_at(sc->selection, at),
		    &rec);
		if (!outcome_failed(session_outcome(&rec)))
			continue;
		list_go(l, at, false);
		return true;
	}
	return false;
}

/* What was forgotten is not there to be new. */
static void
forget_seen(struct list *l)
{
	uint64_t forgotten = selection_forgotten(l->view.scene->selection);
	uint64_t n = forgotten - l->forgotten;

	l->seen -= n < l->seen ? n : l->seen;
	l->forgotten = forgotten;
}

void
list_follow_anchor(struct list *l)
{
	struct scene *sc = l->view.scene;
	uint64_t before = l->place.at;
	int64_t found;

	l->count = selection_count(sc->selection);
	forget_seen(l);
	if (l->stick) {
		l->place.at = newest_place(l);
	} else if (l->anchor == 0) {
		l->place.at = 0;
	} else {
		found = selection_find(sc->selection, l->anchor, true);
		l->place.at = found < 0 ? 0 : (uint64_t)found;
		/* Rows that came before it must not move it on the screen. */
		if (l->place.at > before)
			l->place.top += l->place.at - before;
		else if (l->place.top > before - l->place.at)
			l->place.top -= before - l->place.at;
		else
			l->place.top = 0;
	}
	place_fit(&l->place, l->count, l->rows);
	if (l->stick)
		l->seen = l->count;
}

bool
list_look(struct list *l)
{
	const struct selection *sel = l->view.scene->selection;
	int progress = selection_progress(sel);
	bool looking, news;

	l->answered = l->answered || selection_is_current(sel);
	looking = !l->answered || progress >= 0;
	news = progress != l->progress || looking != l->looking;
	l->progress = progress;
	l->looking = looking;
	return news;
}

static unsigned
list_update(struct view *v)
{
	struct list *l = (struct list *)v;
	struct scene *sc = v->scene;
	uint32_t current = list_current(l);
	unsigned changed = CHANGED_NOTHING;
	uint64_t at;
	int wait;

	if (selection_update(sc->selection)) {
		/* Places are others at once where the first ones go. */
		bool gone = selection_forgotten(sc->selection) !=
		    l->forgotten;

		list_follow_anchor(l);
		finder_reorder(&sc->finder, gone);
		changed |= CHANGED_VIEW;
	}
	/* Behind the selection: else what it has now waits for another wake. */
	if (finder_update(&sc->finder, sc->selection, &wait))
		changed |= CHANGED_VIEW;
	scene_wake(sc, wait);
	if (finder_jump(&sc->finder, &at)) {
		list_go(l, at, true);
		changed |= CHANGED_VIEW;
	}
	if (list_look(l))
		changed |= CHANGED_VIEW;
	if (list_current(l) != current)
		changed |= CHANGED_CURSOR;
	return changed;
}

static unsigned
choose_quick(struct list *l, enum quick q)
{
	l->quick = l->quick == q ? QUICK_ALL : q;
	list_apply(l);
	if (l->count == 0 && selection_is_current(l->view.scene->selection))
		scene_hint(l->view.scene, "%s: no session",
		    quick_words(l->quick));
	return CHANGED_VIEW | CHANGED_CURSOR;
}

static unsigned
show_all(struct list *l)
{
	l->quick = QUICK_ALL;
	l->filter.n = 0;
	buf_add_char(&l->filter, '\0');
	list_apply(l);
	return CHANGED_VIEW | CHANGED_CURSOR;
}

/* The next sortable column of those that are shown. */
static unsigned
sort_sideways(struct list *l, int step)
{
	int at = 0;

	for (int i = 0; i < l->ncolumns; i++)
		if (l->order[i] == l->sort)
			at = i;
	do {
		at += step;
		if (at < 0 || at >= l->ncolumns) {
			scene_hint(l->view.scene, "no further column to "
			    "sort by");
			return CHANGED_VIEW;
		}
	} while (!columns[l->order[at]].indexed);
	l->sort = (enum column_id)l->order[at];
	list_apply(l);
	return CHANGED_VIEW | CHANGED_CURSOR;
}

/* --- commands ------------------------------------------------------------------- */

static unsigned
go_hit(struct list *l, bool back)
{
	struct scene *sc = l->view.scene;
	uint64_t at;
	bool wrapped;

	if (!finder_is_on(&sc->finder)) {
		scene_hint(sc, "nothing was searched for yet");
		return CHANGED_VIEW;
	}
	if (!finder_next(&sc->finder, l->place.at, back, &at, &wrapped)) {
		scene_hint(sc, sc->finder.counts.done ? "no hit" :
		    "no hit yet");
		return CHANGED_VIEW;
	}
	if (wrapped)
		scene_hint(sc, back ? "went on from the end" :
		    "went on from the top");
	list_go(l, at, true);
	return CHANGED_VIEW | CHANGED_CURSOR;
}

static unsigned
copy_row(struct list *l)
{
	struct scene *sc = l->view.scene;
	uint32_t number = list_current(l);
	struct facts f;
	struct buf line = { 0 };
	struct err err;

	if (number == 0)
		return CHANGED_NOTHING;
	facts_init(&f);
	(void)facts_decode(&f, sc->store, sc->reader, number, &err);
	report_line(&line, &f);
	sc->clip.n = 0;
	text_safe(&sc->clip, slice_trim(buf_slice(&line)), SIZE_MAX);
	buf_free(&line);
	facts_free(&f);
	return CHANGED_COPY;
}

static unsigned
go_failure(struct list *l, bool back)
{
	if (list_step_failure(l, back))
		return CHANGED_VIEW | CHANGED_CURSOR;
	scene_hint(l->view.scene, back ? "no failure before this one" :
	    "no further failure");
	return CHANGED_VIEW;
}

static unsigned
go_sideways(struct list *l, bool left)
{
	if (left)
		l->sideways -= l->sideways < SIDEWAYS_STEP ? l->sideways :
		    SIDEWAYS_STEP;
	else if (l->sideways < SIDEWAYS_MAX)
		l->sideways += SIDEWAYS_STEP;
	return CHANGED_VIEW;
}

/* What is shown, and in which order. */
static unsigned
choose_command(struct list *l, enum command command)
{
	switch (command) {
	case COMMAND_ONLY_PERMANENT:
		return choose_quick(l, QUICK_PERMANENT);
	case COMMAND_ONLY_TEMPORARY:
		return choose_quick(l, QUICK_TEMPORARY);
	case COMMAND_ONLY_DROPPED:
		return choose_quick(l, QUICK_DROPPED);
	case COMMAND_ONLY_REFUSED:
		return choose_quick(l, QUICK_REFUSED);
	case COMMAND_ONLY_FINE:
		return choose_quick(l, QUICK_FINE);
	case COMMAND_SHOW_ALL:
		return show_all(l);
	case COMMAND_SORT_LEFT:
	case COMMAND_SORT_RIGHT:
		return sort_sideways(l, command == COMMAND_SORT_LEFT ? -1 : 1);
	case COMMAND_REVERSE:
		l->reverse = !l->reverse;
		list_apply(l);
		return CHANGED_VIEW | CHANGED_CURSOR;
	default:
		return CHANGED_FOREIGN;
	}
}

static unsigned
list_command(struct view *v, enum command command)
{
	struct list *l = (struct list *)v;

	if (place_move(&l->place, command, l->count, l->rows)) {
		/* Who moves no longer waits for the first hit. */
		v->scene->finder.jumping = false;
		settle(l);
		return CHANGED_VIEW | CHANGED_CURSOR;
	}
	switch (command) {
	case COMMAND_LEFT:
	case COMMAND_RIGHT:
		return go_sideways(l, command == COMMAND_LEFT);
	case COMMAND_OPEN:
		return CHANGED_OPEN;
	case COMMAND_NEXT_FAILURE:
	case COMMAND_PREVIOUS_FAILURE:
		return go_failure(l, command == COMMAND_PREVIOUS_FAILURE);
	case COMMAND_NEXT_SESSION:
	case COMMAND_PREVIOUS_SESSION:
		list_step(l, command == COMMAND_PREVIOUS_SESSION);
		return CHANGED_VIEW | CHANGED_CURSOR;
	case COMMAND_NEXT_HIT:
	case COMMAND_PREVIOUS_HIT:
		return go_hit(l, command == COMMAND_PREVIOUS_HIT);
	case COMMAND_COPY:
		return copy_row(l);
	default:
		return choose_command(l, command);
	}
}

static void
list_title(struct view *v, struct buf *out)
{
	struct list *l = (struct list *)v;
	struct buf total = { 0 }, at = { 0 };

	figure_count(&total, l->count);
	figure_count(&at, l->count ? l->place.at + 1 : 0);
	/* As wide as the total, so that what follows stays where it is. */
	buf_addf(out, "%*.*s of %.*s", (int)total.n, SLICE_ARGS(at),
	    SLICE_ARGS(total));
	if (store_forgotten(v->scene->store)) {
		buf_add(out, SLICE(" ("));
		figure_count(out, store_forgotten(v->scene->store));
		buf_add(out, SLICE(" forgotten)"));
	}
	if (l->progress >= 0)
		buf_addf(out, " (%d %% done)", l->progress / 10);
	/* The search, where one is on, says it of both. */
	if (selection_limits(v->scene->selection) > 0 &&
	    v->scene->finder.counts.limits == 0)
		buf_add(out, SLICE(" (pattern met its limit)"));
	if (list_new(l) > 0) {
		buf_add(out, SLICE("  "));
		figure_count(out, list_new(l));
		buf_add(out, SLICE(" new"));
	}
	buf_free(&total);
	buf_free(&at);
}

static void
list_close(struct view *v)
{
	struct list *l = (struct list *)v;

	buf_free(&l->filter);
}

static const struct view_kind list_kind = {
	.name = "list", .bit = IN_LIST,
	.draw = list_draw, .command = list_command, .title = list_title,
	.update = list_update, .close = list_close,
};

int
list_init(struct list *l, struct scene *sc, const struct options *o,
    const char *filter, struct err *err)
{
	struct filter_error fe;

	*l = (struct list){ .view = { &list_kind, sc }, .rows = 20,
	    .progress = -1,
	    .cols = 80 };
	if (list_choose_columns(l, o, err) < 0)
		return -1;
	if (list_set_filter(l, filter ? filter : "", &fe) < 0)
		return err_set(err, "filter: %s", fe.text);
	return 0;
}
