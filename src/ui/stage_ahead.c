/*
 * The end of a log that is read ahead of its index: when that is asked for, and
 * which commands lead back from it.  What is shown then is the loop's decision.
 */
#include "config.h"

#include "ui/stage.h"

/* How much of a log must wait for its end to be read ahead of it. */
#define AHEAD_LEAST (4u << 20)

bool
stage_is_ahead(const struct stage *s, enum command command)
{
	const struct scene *sc = &s->scene;
	const struct progress *p = &sc->progress;

	if (s->focus != &s->list.view || stage_focus(s) != s->focus ||
	    sc->whole || !sc->indexer || progress_is_complete(p) ||
	    (s->list.sort != COLUMN_NUMBER && s->list.sort != COLUMN_START))
		return false;
	return command == (s->list.reverse ? COMMAND_TOP : COMMAND_BOTTOM) &&
	    (sc->paused || p->bytes_total > p->bytes + AHEAD_LEAST);
}

unsigned
stage_return(struct stage *s, enum command command)
{
	bool in_list = stage_focus(s) == &s->list.view;

	if (!s->scene.whole)
		return CHANGED_FOREIGN;
	switch (command) {
	case COMMAND_BACK:
		return !in_list || s->transcript_open ? CHANGED_FOREIGN : CHANGED_RETURN;
	case COMMAND_TOP:
		return in_list && !s->list.reverse ? CHANGED_RETURN :
		    CHANGED_FOREIGN;
	case COMMAND_BOTTOM:
		return in_list && s->list.reverse ? CHANGED_RETURN :
		    CHANGED_FOREIGN;
	case COMMAND_PAUSE:
		return CHANGED_PAUSE;
	case COMMAND_FOLLOW:
	case COMMAND_FORMAT:
	case COMMAND_STRAYS:
		scene_hint(&s->scene, "this is the end of the log, read ahead: "
		    "q leads back to the list of all");
		return CHANGED_VIEW;
	default:
		return CHANGED_FOREIGN;
	}
}
