/*
 * The stage: commands that concern more than one view, and what is to be done
 * when the world changes.
 */
#include "config.h"

#include "ui/stage.h"

#include <stdlib.h>

#include "index/oldest.h"
#include "ui/figure.h"

/* A longer session is not decoded merely because the cursor came by. */
#define SHOW_LINES_MAX 20000

struct view *
stage_focus(const struct stage *s)
{
	return s->help_open ? (struct view *)&s->help.view :
	    s->explained_open ? (struct view *)&s->explained.view :
	    s->strays_open ? (struct view *)&s->strays.view : s->focus;
}

/* --- opening and closing ------------------------------------------------------ */

static void
scene_free(struct scene *sc)
{
	finder_stop(&sc->finder);
	selection_free(sc->selection);
	rows_free(&sc->rows);
	reader_free(sc->reader);
	match_work_free(sc->work);
	keymap_free(&sc->keys);
	buf_free(&sc->hint);
	buf_free(&sc->clip);
}

static void
scene_init(struct scene *sc, const struct face_options *o)
{
	*sc = (struct scene){
		.store = o->store, .indexer = o->indexer, .zone = o->zone,
		.secrets = o->secrets, .following = o->follow, .wake_ms = -1,
		.paused = o->paused, .whole = o->whole,
		.keep = o->options ? o->options->keep : 0,
		.selection = selection_new(o->store, o->wake[1]),
		.reader = reader_new(o->store),
		.work = match_work_new(),
	};
	rows_init(&sc->rows, o->store, sc->reader);
	store_progress_kept(o->store, &sc->progress);
}

int
stage_init(struct stage *s, const struct face_options *o, struct err *err)
{
	*s = (struct stage){ .wake_fd = o->wake[1], .rows = 24, .cols = 80,
	    .source = mem_strdup(o->source ? o->source : "") };
	scene_init(&s->scene, o);
	s->guard = (struct save_guard){ o->store, o->options,
	    o->formats };
	prompt_init(&s->prompt);
	transcript_init(&s->transcript, &s->scene);
	help_init(&s->help, &s->scene);
	strays_init(&s->strays, &s->scene);
	explained_init(&s->explained, &s->scene, !o->options ||
	    !option_given(o->options, OPTION_NO_CONFIG));
	s->focus = &s->list.view;
	buf_add_char(&s->pattern, '\0');
	if (list_init(&s->list, &s->scene, o->options, o->filter, err) < 0 ||
	    keymap_init(&s->scene.keys, o->options, err) < 0) {
		stage_free(s);
		return -1;
	}
	s->sort_is_ours = !o->sorted;
	s->list.sort = o->sorted ? o->sort : COLUMN_NUMBER;
	s->list.reverse = o->reverse;
	s->list.stick = o->follow;
	list_apply(&s->list);
	if (o->notice)
		scene_mistake(&s->scene, "%s", o->notice);
	return 0;
}

void
stage_free(struct stage *s)
{
	save_cancel(&s->saver);
	if (s->list.view.kind)
		s->list.view.kind->close(&s->list.view);
	s->transcript.view.kind->close(&s->transcript.view);
	s->help.view.kind->close(&s->help.view);
	s->strays.view.kind->close(&s->strays.view);
	s->explained.view.kind->close(&s->explained.view);
	prompt_free(&s->prompt);
	buf_free(&s->pattern);
	scene_free(&s->scene);
	free(s->source);
	free(s->save_path);
	free(s->reopen_as);
	*s = (struct stage){ 0 };
}

/* --- list and transcript together ------------------------------------------------ */

void
stage_show_current(struct stage *s)
{
	uint32_t number = list_current(&s->list);

	s->held = 0;
	if (number && number != s->transcript.number)
		transcript_show(&s->transcript, number);
	else if (number == 0)
		s->transcript.number = 0;
}

/* The cursor of the list moved: the transcript beside it goes along. */
static void
go_along(struct stage *s)
{
	uint32_t number = list_current(&s->list);
	struct session rec;

	if (!s->transcript_open || number == s->transcript.number)
		return;
	if (s->focus != &s->list.view || stage_split(s) == SPLIT_NO)
		return;
	if (number) {
		store_session(s->scene.store, number, &rec);
		if (rec.lines > SHOW_LINES_MAX) {
			s->held = number;
			s->transcript.number = 0;
			return;
		}
	}
	stage_show_current(s);
}

/* Whether a list that is empty now may have a session in a moment. */
static bool
is_looking(const struct stage *s)
{
	return !selection_is_current(s->scene.selection) ||
	    scene_is_reading(&s->scene);
}

static unsigned
open_transcript(struct stage *s)
{
	s->opening = false;
	if (list_current(&s->list) == 0) {
		/* A key can come before the filter has found its first. */
		s->opening = is_looking(s);
		scene_hint(&s->scene, s->opening ?
		    "looking for a session to open" :
		    "there is no session to open");
		return CHANGED_VIEW;
	}
	/* Now this session is where the reader is, whatever is chosen next. */
	list_go(&s->list, s->list.place.at, false);
	stage_show_current(s);
	s->transcript_open = true;
	s->focus = &s->transcript.view;
	return CHANGED_VIEW;
}

/* Enter came before there was a session: opens it, or says that none came. */
static unsigned
open_late(struct stage *s)
{
	if (list_current(&s->list) == 0 && is_looking(s))
		return CHANGED_NOTHING;
	s->scene.hint.n = 0;
	return open_transcript(s);
}

static unsigned
close_transcript(struct stage *s)
{
	s->transcript_open = false;
	s->transcript.number = 0;
	/* Enter opens what was said, not the raw lines of last time. */
	s->transcript.raw = false;
	s->held = 0;
	transcript_search(&s->transcript, NULL, 0);
	s->focus = &s->list.view;
	return CHANGED_VIEW;
}

/* From the transcript to another session of the selection. */
static unsigned
step_session(struct stage *s, bool back, bool failure)
{
	bool moved = failure ? list_step_failure(&s->list, back) :
	    list_step(&s->list, back);

	if (!moved)
		scene_hint(&s->scene, failure ?
		    (back ? "no failure before this one" :
		    "no further failure") :
		    (back ? "this is the first session" :
		    "this is the last session"));
	else
		stage_show_current(s);
	return CHANGED_VIEW;
}

/* --- commands ---------------------------------------------------------------------- */

static unsigned
toggle_follow(struct stage *s)
{
	struct scene *sc = &s->scene;

	sc->following = !sc->following;
	if (sc->indexer)
		indexer_follow(sc->indexer, sc->following);
	if (sc->following && s->focus == &s->list.view)
		list_go_end(&s->list);
	else if (sc->following)
		s->focus->kind->command(s->focus, COMMAND_BOTTOM);
	scene_hint(sc, sc->following ? "following the log" :
	    "no longer following");
	return CHANGED_VIEW | CHANGED_CURSOR;
}

/* What is there waits, and may be read at leisure. */
static unsigned
toggle_pause(struct stage *s)
{
	struct scene *sc = &s->scene;
	const struct progress *p = &sc->progress;

	if (!sc->paused && p->done && !sc->following) {
		scene_hint(sc, "everything was read: there is nothing to pause");
		return CHANGED_VIEW;
	}
	sc->paused = !sc->paused;
	if (sc->indexer)
		indexer_pause(sc->indexer, sc->paused);
	scene_hint(sc, sc->paused ? "paused: nothing is lost, the same key "
	    "reads on" : "reading on");
	return CHANGED_VIEW;
}

/* The topmost of what lies over list and transcript. */
static bool
leave_overlay(struct stage *s)
{
	bool *top = s->help_open ? &s->help_open :
	    s->explained_open ? &s->explained_open : &s->strays_open;
	bool was = *top;

	*top = false;
	return was;
}

static unsigned
cancel(struct stage *s)
{
	struct scene *sc = &s->scene;

	if (leave_overlay(s)) {
		return CHANGED_VIEW;
	} else if (s->saver.on) {
		save_cancel(&s->saver);
		scene_hint(sc, "saving was cancelled; the file is not whole");
	} else if (transcript_has_own_search(&s->transcript)) {
		transcript_search(&s->transcript, NULL, 0);
	} else if (finder_is_on(&sc->finder)) {
		finder_stop(&sc->finder);
	} else {
		return sc->hint.n ? CHANGED_VIEW : CHANGED_NOTHING;
	}
	return CHANGED_VIEW;
}

static unsigned
back(struct stage *s)
{
	if (leave_overlay(s))
		return CHANGED_VIEW;
	if (s->transcript_open && (s->focus == &s->transcript.view ||
	    stage_split(s) != SPLIT_NO))
		return close_transcript(s);
	return CHANGED_QUIT;
}

static unsigned
swap_focus(struct stage *s)
{
	if (!s->transcript_open || stage_split(s) == SPLIT_NO) {
		scene_hint(&s->scene, s->transcript_open ?
		    "the window is too small for two views" :
		    "Enter opens a transcript first");
		return CHANGED_VIEW;
	}
	s->focus = s->focus == &s->list.view ? &s->transcript.view :
	    &s->list.view;
	return CHANGED_VIEW | CHANGED_CURSOR;
}

/* Commands that are no single view's. */
static unsigned
common_command(struct stage *s, enum command command)
{
	switch (command) {
	case COMMAND_QUIT:
		return CHANGED_QUIT;
	case COMMAND_BACK:
		return back(s);
	case COMMAND_HELP:
		s->help_open = !s->help_open;
		return CHANGED_VIEW;
	case COMMAND_EXPLAIN:
		return stage_explain(s);
	case COMMAND_STRAYS:
		s->strays_open = !s->strays_open;
		s->strays.view.kind->update(&s->strays.view);
		return CHANGED_VIEW;
	case COMMAND_REDRAW:
		return CHANGED_VIEW | CHANGED_REDRAW;
	case COMMAND_SUSPEND:
		return CHANGED_SUSPEND;
	case COMMAND_CANCEL:
		return cancel(s);
	case COMMAND_FOCUS:
		return swap_focus(s);
	case COMMAND_FOLLOW:
		return toggle_follow(s);
	case COMMAND_PAUSE:
		return toggle_pause(s);
	case COMMAND_SEARCH:
		return stage_ask_search(s);
	case COMMAND_FILTER:
		return stage_ask_filter(s);
	case COMMAND_SAVE:
		return stage_ask_save(s);
	case COMMAND_LINE:
	case COMMAND_FORMAT:
		return stage_ask_line(s);
	default:
		return CHANGED_FOREIGN;
	}
}

/* What a transcript leaves to the list. */
static unsigned
foreign_command(struct stage *s, enum command command)
{
	switch (command) {
	case COMMAND_NEXT_SESSION:
	case COMMAND_PREVIOUS_SESSION:
		return step_session(s, command == COMMAND_PREVIOUS_SESSION,
		    false);
	case COMMAND_NEXT_FAILURE:
	case COMMAND_PREVIOUS_FAILURE:
		return step_session(s, command == COMMAND_PREVIOUS_FAILURE,
		    true);
	default:
		return CHANGED_NOTHING;
	}
}

unsigned
stage_command(struct stage *s, enum command command)
{
	unsigned changed = stage_return(s, command);
	struct view *focus = stage_focus(s);

	if (stage_is_ahead(s, command))
		return CHANGED_AHEAD | CHANGED_VIEW;
	if (!(changed & CHANGED_FOREIGN))
		return changed;
	changed = common_command(s, command);

	if (changed & CHANGED_FOREIGN)
		changed = focus->kind->command(focus, command);
	if (changed & CHANGED_FOREIGN)
		changed = foreign_command(s, command);
	if (changed & CHANGED_OPEN)
		changed = open_transcript(s);
	if (command == COMMAND_SORT_LEFT || command == COMMAND_SORT_RIGHT ||
	    command == COMMAND_REVERSE)
		s->sort_is_ours = false;
	if (changed & CHANGED_CURSOR)
		go_along(s);
	return changed;
}

/* A key that does nothing here: where it would, or how to find out. */
static unsigned
wrong_key(struct stage *s, int key)
{
	unsigned views = keymap_views(&s->scene.keys, key);
	struct buf words = { 0 };

	keys_name(key, &words);
	buf_add_char(&words, '\0');
	if (s->help_open && (views & (IN_LIST | IN_TRANSCRIPT)))
		scene_hint(&s->scene, "%s: leave the help first (q)", words.p);
	else if (s->explained_open && (views & (IN_LIST | IN_TRANSCRIPT)))
		scene_hint(&s->scene, "%s: leave the explanation first (q)",
		    words.p);
	else if (s->strays_open && (views & (IN_LIST | IN_TRANSCRIPT)))
		scene_hint(&s->scene, "%s: leave these lines first (q)",
		    words.p);
	else if (views & IN_LIST)
		scene_hint(&s->scene, "%s works in the list (q goes back)",
		    words.p);
	else if (views & IN_TRANSCRIPT)
		scene_hint(&s->scene, "%s works in a transcript "
		    "(Enter opens one)", words.p);
	else
		scene_hint(&s->scene, "%s does nothing; ? for help", words.p);
	buf_free(&words);
	return CHANGED_VIEW;
}

unsigned
stage_key(struct stage *s, int key)
{
	unsigned changed = CHANGED_NOTHING;
	enum command command;

	if (prompt_is_open(&s->prompt))
		return stage_prompt_key(s, key) | CHANGED_VIEW;
	command = keymap_find(&s->scene.keys, stage_focus(s)->kind->bit, key);
	s->opening = false;
	if (s->scene.hint.n > 0) {
		s->scene.hint.n = 0;
		changed = CHANGED_VIEW;
	}
	if (command == COMMAND_NONE)
		return changed | wrong_key(s, key);
	return changed | stage_command(s, command);
}

/* --- what comes from elsewhere -------------------------------------------------------- */

/*
 * The last that is told stays to be read.  What a command says is noted before
 * its end is known: told behind that, it would take the place of the trouble.
 */
static void
take_trouble(struct stage *s)
{
	struct err trouble = { "" }, err;

	if (!s->scene.indexer)
		return;
	while (indexer_trouble(s->scene.indexer, &s->trouble_seen, &err))
		if (err.text[0])
			trouble = err;
	while (indexer_note(s->scene.indexer, &err))
		scene_mistake(&s->scene, "%s", err.text);
	if (trouble.text[0])
		scene_mistake(&s->scene, "%s", trouble.text);
}

/* Several streams were read one after another: by number says little. */
static void
choose_order(struct stage *s)
{
	if (!s->sort_is_ours || s->scene.progress.streams < 2)
		return;
	s->sort_is_ours = false;
	s->list.sort = COLUMN_START;
	list_apply(&s->list);
}

/*
 * The oldest go where a log has no end; not what the reader is at, nor while it
 * is written to a file.
 */
static unsigned
forget_oldest(struct stage *s)
{
	uint32_t spared[] = { s->transcript.number, s->held,
	    s->list.stick ? 0 : s->list.anchor };
	struct scene *sc = &s->scene;
	const struct oldest_rule rule = { .keep = sc->keep, .spared = spared,
	    .nspared = sizeof spared / sizeof *spared };

	if (!sc->keep || s->saver.on || !oldest_forget(sc->store, &rule))
		return CHANGED_NOTHING;
	return CHANGED_VIEW | s->list.view.kind->update(&s->list.view);
}

unsigned
stage_update(struct stage *s)
{
	struct scene *sc = &s->scene;
	uint64_t before = sc->progress.changes;
	bool done = sc->progress.done;
	unsigned changed;

	sc->wake_ms = -1;
	changed = forget_oldest(s);
	store_progress_kept(sc->store, &sc->progress);
	if (sc->progress.changes != before || sc->progress.done != done)
		changed |= CHANGED_VIEW;
	take_trouble(s);
	choose_order(s);
	changed |= s->list.view.kind->update(&s->list.view);
	if (s->transcript_open)
		changed |= s->transcript.view.kind->update(
		    &s->transcript.view);
	if (s->strays_open)
		changed |= s->strays.view.kind->update(&s->strays.view);
	if (s->opening)
		changed |= open_late(s);
	if (changed & CHANGED_CURSOR)
		go_along(s);
	return changed;
}

static unsigned
work_on_file(struct stage *s, int64_t until, bool *more)
{
	struct buf words = { 0 };
	struct err err;
	uint64_t count = s->saver.count;
	int status = save_work(&s->saver, s->scene.store, until, &err);

	if (status < 0) {
		scene_mistake(&s->scene, "%s", err.text);
	} else {
		figure_count(&words, status ? s->saver.done : count);
		buf_add_char(&words, '\0');
		scene_hint(&s->scene, status ?
		    "saving: %s sessions so far; Esc cancels" :
		    "saved %s sessions", words.p);
		*more = status > 0 || *more;
	}
	buf_free(&words);
	return CHANGED_VIEW;
}

unsigned
stage_work(struct stage *s, int64_t until, bool *more)
{
	struct transcript *t = &s->transcript;
	size_t hits = t->nhits, at = t->place.at;
	unsigned changed = CHANGED_NOTHING;
	bool busy;

	*more = false;
	if (s->transcript_open && t->searched != transcript_pattern(t))
		changed |= CHANGED_VIEW;
	if (s->transcript_open) {
		busy = t->view.kind->work(&t->view, until);
		if (busy || hits != t->nhits || at != t->place.at)
			changed |= CHANGED_VIEW;
		*more = busy;
	}
	if (s->strays_open && !s->strays.done) {
		busy = s->strays.view.kind->work(&s->strays.view, until);
		*more = *more || busy;
		changed |= CHANGED_VIEW;
	}
	if (s->saver.on)
		changed |= work_on_file(s, until, more);
	return changed;
}
