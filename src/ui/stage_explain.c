/*
 * Which reply is explained: the one at the cursor of a transcript, or else
 * the worst of the session.
 */
#include "config.h"

#include "ui/stage.h"

static const struct fact_reply *
worst_of(const struct facts *f)
{
	return f->worst < f->nreplies &&
	    reply_class(f->replies[f->worst].code) >= 4 ?
	    &f->replies[f->worst] : NULL;
}

static const struct fact_reply *
at_cursor(struct stage *s)
{
	const struct transcript *t = &s->transcript;
	uint32_t line = transcript_line(t);
	const struct facts *f = &t->facts;

	if (line < f->nlines && f->lines[line].reply < f->nreplies)
		return &f->replies[f->lines[line].reply];
	return worst_of(f);
}

/* Of the list the facts are decoded for this alone. */
static bool
show_worst(struct stage *s)
{
	uint32_t number = list_current(&s->list);
	struct facts f;
	struct err ignored;
	const struct fact_reply *r;

	if (!number)
		return false;
	facts_init(&f);
	(void)facts_decode(&f, s->scene.store, s->scene.reader, number,
	    &ignored);
	r = worst_of(&f);
	if (r)
		explained_show(&s->explained, r);
	facts_free(&f);
	return r != NULL;
}

unsigned
stage_explain(struct stage *s)
{
	const struct fact_reply *r;

	if (s->explained_open) {
		s->explained_open = false;
		return CHANGED_VIEW;
	}
	if (s->focus == &s->transcript.view) {
		r = at_cursor(s);
		s->explained_open = r != NULL;
		if (r)
			explained_show(&s->explained, r);
	} else {
		s->explained_open = show_worst(s);
	}
	if (!s->explained_open)
		scene_hint(&s->scene, "there is no failing reply to explain");
	return CHANGED_VIEW;
}
