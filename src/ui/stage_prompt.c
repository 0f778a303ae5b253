/*
 * What the prompts ask for: a pattern, a filter, the name of a file; and what
 * becomes of the answer, while it is typed and when it is given.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ui/stage.h"

/* How long Enter waits for the first hit. */
#define AWAIT_MS 40

static bool
in_transcript(const struct stage *s)
{
	return s->focus == &s->transcript.view;
}

/* --- search ------------------------------------------------------------------------ */

unsigned
stage_ask_search(struct stage *s)
{
	s->search_from = in_transcript(s) ? s->transcript.place :
	    s->list.place;
	s->search_line = transcript_line(&s->transcript);
	prompt_open(&s->prompt, PROMPT_SEARCH, "/", SLICE(""));
	return CHANGED_VIEW;
}

static void
stop_search(struct stage *s)
{
	if (in_transcript(s)) {
		transcript_search(&s->transcript, NULL, 0);
		/* A list's search must not move the reader now. */
		s->transcript.jumping = false;
	} else {
		finder_stop(&s->scene.finder);
	}
}

/* Back to where the reader was when the prompt opened. */
static void
search_return(struct stage *s)
{
	if (in_transcript(s)) {
		s->transcript.place = s->search_from;
		parts_fit(&s->transcript);
	} else {
		list_go(&s->list, s->search_from.at, false);
	}
}

/* Starts the search for what is typed, from the row after `skip` rows. */
static int
start_search(struct stage *s, const char *text, unsigned skip,
    struct match_error *me)
{
	struct match *m = match_compile(slice_of(text), MATCH_SMART, me);

	if (!m)
		return -1;
	if (in_transcript(s))
		transcript_search(&s->transcript, m, s->search_line + skip);
	else
		finder_start(&s->scene.finder, s->scene.store, m, s->wake_fd,
		    s->search_from.at + skip);
	return 0;
}

static void
search_edited(struct stage *s)
{
	struct match_error me;
	const char *text = prompt_text(&s->prompt);

	prompt_note(&s->prompt, "");
	search_return(s);
	if (!*text) {
		stop_search(s);
		return;
	}
	if (start_search(s, text, 0, &me) < 0) {
		stop_search(s);
		prompt_mistake(&s->prompt, me.text, me.at, 1);
	}
}

/*
 * The keys that follow are meant from the hit on: it is given a moment to be
 * found before they are taken.
 */
static void
await_hit(struct stage *s)
{
	int64_t deadline = clock_now_ms() + AWAIT_MS;
	const struct timespec pause = { .tv_nsec = 1000000 };

	if (in_transcript(s)) {
		transcript_scan(&s->transcript, deadline);
		return;
	}
	while (s->scene.finder.jumping && clock_now_ms() < deadline) {
		s->list.view.kind->update(&s->list.view);
		if (s->scene.finder.jumping)
			nanosleep(&pause, NULL);
	}
}

static void
search_done(struct stage *s)
{
	const char *text = prompt_text(&s->prompt);
	struct match_error me;

	if (s->prompt.wrong) {
		struct prompt *p = &s->prompt;

		/* Not before it is right, or cancelled. */
		p->kind = PROMPT_SEARCH;
		return;
	}
	if (*text) {
		s->pattern.n = 0;
		buf_add(&s->pattern, slice_of(text));
		buf_add_char(&s->pattern, '\0');
		await_hit(s);
	} else if (s->pattern.n > 1) {
		start_search(s, s->pattern.p, 1, &me);
		await_hit(s);
	} else {
		scene_hint(&s->scene, "nothing was searched for yet");
	}
}

/* --- filter ------------------------------------------------------------------------ */

unsigned
stage_ask_filter(struct stage *s)
{
	prompt_open(&s->prompt, PROMPT_FILTER, "filter: ",
	    slice_of(s->list.filter.p));
	return CHANGED_VIEW;
}

static void
filter_edited(struct stage *s)
{
	struct filter_error fe;
	const char *text = prompt_text(&s->prompt);
	struct filter *f = filter_parse(text, &s->scene.zone, &fe);

	if (f)
		prompt_note(&s->prompt, *text ? "" : "Enter shows all");
	else
		prompt_mistake(&s->prompt, fe.text, fe.at, fe.length);
	filter_free(f);
}

static void
filter_done(struct stage *s)
{
	struct filter_error fe;

	if (list_set_filter(&s->list, prompt_text(&s->prompt), &fe) < 0) {
		s->prompt.kind = PROMPT_FILTER;
		prompt_mistake(&s->prompt, fe.text, fe.at, fe.length);
		return;
	}
	list_apply(&s->list);
}

/* --- save -------------------------------------------------------------------------- */

unsigned
stage_ask_save(struct stage *s)
{
	char name[64];

	if (s->saver.on) {
		scene_hint(&s->scene, "a list is being saved; Esc cancels");
		return CHANGED_VIEW;
	}
	if (in_transcript(s))
		snprintf(name, sizeof name, "session-%u.txt",
		    (unsigned)s->transcript.number);
	else
		snprintf(name, sizeof name, "sessions.txt");
	prompt_open(&s->prompt, PROMPT_SAVE, in_transcript(s) ?
	    "save transcript to: " : "save list to: ", slice_of(name));
	return CHANGED_VIEW;
}

static void
save_now(struct stage *s, const char *path, bool over)
{
	struct scene *sc = &s->scene;
	struct report_options o = { .secrets = sc->secrets,
	    .internals = true, .source = s->source, .store = sc->store };
	struct err err;

	if (in_transcript(s)) {
		if (save_transcript(&s->guard, path, over, &o,
		    &s->transcript.facts, &err) < 0)
			scene_mistake(sc, "%s", err.text);
		else if (s->transcript.trouble || s->transcript.facts.gone > 0)
			scene_mistake(sc, "saved, but not all lines of this "
			    "session could be read");
		else
			scene_hint(sc, "saved %s", path);
	} else if (save_list(&s->saver, &s->guard, path, over, &o,
	    sc->selection, &err) < 0) {
		scene_mistake(sc, "%s", err.text);
	}
}

static void
save_done(struct stage *s)
{
	const char *path = prompt_text(&s->prompt);
	struct err err;

	switch (save_check(&s->guard, path, &err)) {
	case SAVE_FREE:
		save_now(s, path, false);
		break;
	case SAVE_EXISTS:
		free(s->save_path);
		s->save_path = mem_strdup(path);
		prompt_open(&s->prompt, PROMPT_SURE,
		    "this file exists; write over it? (y/n) ", SLICE(""));
		break;
	case SAVE_REFUSED:
		scene_mistake(&s->scene, "%s", err.text);
		break;
	}
}

/* --- all of them ------------------------------------------------------------------- */

static void
edited(struct stage *s, enum prompt_kind kind)
{
	if (kind == PROMPT_SEARCH)
		search_edited(s);
	else if (kind == PROMPT_FILTER)
		filter_edited(s);
	else if (kind == PROMPT_LINE)
		stage_line_edited(s);
}

static unsigned
done(struct stage *s, enum prompt_kind kind)
{
	if (kind == PROMPT_LINE)
		return stage_line_done(s);
	if (kind == PROMPT_SEARCH)
		search_done(s);
	else if (kind == PROMPT_FILTER)
		filter_done(s);
	else if (kind == PROMPT_SAVE)
		save_done(s);
	else if (kind == PROMPT_SURE && s->save_path)
		save_now(s, s->save_path, true);
	return CHANGED_NOTHING;
}

unsigned
stage_prompt_key(struct stage *s, int key)
{
	unsigned changed = CHANGED_VIEW | CHANGED_CURSOR;
	enum prompt_kind kind;

	switch (prompt_key(&s->prompt, key, &kind)) {
	case PROMPT_EDITED:
		edited(s, kind);
		break;
	case PROMPT_DONE:
		changed |= done(s, kind);
		break;
	case PROMPT_CANCELLED:
		if (kind == PROMPT_SEARCH) {
			stop_search(s);
			search_return(s);
		} else if (kind == PROMPT_SURE) {
			scene_hint(&s->scene, "not written");
		}
		break;
	case PROMPT_SAME:
		break;
	}
	return changed;
}
