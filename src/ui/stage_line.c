/*
 * The command line behind `:`.  Any command may be typed by its name, or by
 * as much of it as no other begins with; `format` takes the name of a format
 * and has the log read again as that.
 */
#include "config.h"

#include <stdlib.h>

#include "ui/stage.h"

unsigned
stage_ask_line(struct stage *s)
{
	prompt_open(&s->prompt, PROMPT_LINE, ":", SLICE(""));
	return CHANGED_VIEW;
}

static struct slice
first_word(struct slice s, struct slice *rest)
{
	size_t n = 0;

	s = slice_trim(s);
	while (n < s.n && !ascii_is_blank((unsigned char)s.p[n]))
		n++;
	*rest = slice_trim(slice_from(s, n));
	return slice_head(s, n);
}

/* The command of that name, or the one that alone begins so. */
static enum command
find_command(struct slice word)
{
	enum command found = command_by_name(word);

	if (found != COMMAND_NONE || word.n == 0)
		return found;
	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++) {
		if (!slice_case_starts(slice_of(command_rows[i].name), word))
			continue;
		if (found != COMMAND_NONE)
			return COMMAND_NONE;
		found = (enum command)i;
	}
	return found;
}

void
stage_line_edited(struct stage *s)
{
	struct slice rest, word = first_word(slice_of(prompt_text(&s->prompt)),
	    &rest);
	enum command command = find_command(word);

	prompt_note(&s->prompt, command == COMMAND_NONE ? "" :
	    command_rows[command].help);
}

/* --- :format --------------------------------------------------------------- */

static const struct stream *
stream_at_cursor(const struct stage *s)
{
	uint32_t number = list_current(&s->list);
	struct session rec;

	if (!number)
		return NULL;
	store_session(s->scene.store, number, &rec);
	return store_stream(s->scene.store, rec.stream);
}

/* What there is to choose from, and what the log is read as now. */
static void
tell_formats(struct stage *s)
{
	const struct stream *sm = stream_at_cursor(s);
	struct buf words = { 0 };

	if (sm)
		buf_addf(&words, "%s is read as %s (%s); ", sm->name,
		    sm->format->name, sm->why);
	buf_add(&words, SLICE("write :format NAME, NAME one of those that "
	    "ehlog --list-formats shows, or auto"));
	buf_add_char(&words, '\0');
	scene_hint(&s->scene, "%s", words.p);
	buf_free(&words);
}

static unsigned
choose_format(struct stage *s, struct slice name)
{
	if (s->scene.whole) {
		scene_hint(&s->scene, "this is the end of the log, read ahead: "
		    "q leads back to the list of all");
		return CHANGED_VIEW;
	}
	if (name.n == 0) {
		tell_formats(s);
		return CHANGED_VIEW;
	}
	free(s->reopen_as);
	s->reopen_as = mem_slicedup(name);
	s->reopen_stream = stream_at_cursor(s);
	return CHANGED_REOPEN | CHANGED_VIEW;
}

/* --- done -------------------------------------------------------------------- */

unsigned
stage_line_done(struct stage *s)
{
	struct slice rest, word = first_word(slice_of(prompt_text(&s->prompt)),
	    &rest);
	enum command command = find_command(word);

	if (word.n == 0)
		return CHANGED_VIEW;
	if (command == COMMAND_NONE) {
		scene_mistake(&s->scene, "there is no command '%.*s'; ? lists "
		    "them", SLICE_ARGS(slice_head(word, 60)));
		return CHANGED_VIEW;
	}
	if (command == COMMAND_FORMAT)
		return choose_format(s, rest);
	if (!(command_rows[command].views & stage_focus(s)->kind->bit)) {
		scene_mistake(&s->scene, "%s works in: %s",
		    command_rows[command].name,
		    command_places(command_rows[command].views));
		return CHANGED_VIEW;
	}
	return stage_command(s, command) | CHANGED_VIEW;
}
