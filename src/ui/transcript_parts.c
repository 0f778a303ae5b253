/*
 * Which rows a transcript has: message text and raw twins are folded into one
 * row each, unless the reader opened them.
 *
 * A twin stands in the log before the line it is the twin of, and is folded
 * into that.  Twins among message text are part of its fold.
 */
#include "config.h"

#include <stdlib.h>

#include "ui/transcript.h"

static bool
is_twin(const struct fact_line *l)
{
	return l->role == ROLE_TWIN || l->role == ROLE_TWIN_MORE;
}

static struct part *
add(struct transcript *t, enum part_kind kind, uint32_t line)
{
	struct parts *p = &t->parts;

	mem_reserve(&p->p, &p->cap, p->n + 1, sizeof *p->p);
	p->p[p->n] = (struct part){ .line = line, .kind = (uint8_t)kind };
	return &p->p[p->n++];
}

static void
set_fold(struct transcript *t, struct part *part, uint32_t fold,
    uint32_t folded, uint32_t shown)
{
	part->fold = fold;
	part->folded = folded;
	part->shown = shown;
	part->open = folded > 0 && t->open[fold];
}

static void
add_raw(struct transcript *t)
{
	const struct facts *f = &t->facts;

	/* Glued entries of one line are one raw line. */
	for (uint32_t i = 0; i < f->nlines; i++)
		if (i == 0 || f->lines[i].line != f->lines[i - 1].line)
			add(t, PART_RAW, i);
}

/* A line, with the twins in [fold, line) before it. */
static void
add_line(struct transcript *t, uint32_t fold, uint32_t line)
{
	const struct fact_line *l = &t->facts.lines[line];
	struct part part = { 0 };

	set_fold(t, &part, fold, line - fold, line - fold);
	for (uint32_t i = fold; part.open && i < line; i++)
		add(t, PART_TWIN, i);
	/* Blank lines between entries are for the raw view. */
	if (l->role == ROLE_NONE && slice_trim(l->text).n == 0 &&
	    line == fold)
		return;
	set_fold(t, add(t, PART_LINE, line), fold, line - fold, line - fold);
}

/* Message text from `fold` on; returns the line after it. */
static uint32_t
add_text(struct transcript *t, uint32_t fold, uint32_t first)
{
	const struct facts *f = &t->facts;
	uint32_t end = first, texts = 0;

	for (uint32_t i = first; i < f->nlines; i++) {
		if (f->lines[i].role == ROLE_BODY) {
			end = i + 1;
			texts++;
		} else if (!is_twin(&f->lines[i])) {
			break;
		}
	}
	set_fold(t, add(t, PART_TEXT_FOLD, first), fold, end - fold, texts);
	for (uint32_t i = fold; t->open[fold] && i < end; i++)
		add(t, is_twin(&f->lines[i]) ? PART_TWIN : PART_BODY, i);
	return end;
}

void
parts_build(struct transcript *t)
{
	const struct facts *f = &t->facts;
	uint32_t i = 0, fold;

	t->parts.n = 0;
	if (t->raw) {
		add_raw(t);
		return;
	}
	while (i < f->nlines) {
		for (fold = i; i < f->nlines && is_twin(&f->lines[i]); i++)
			continue;
		if (i == f->nlines) {
			set_fold(t, add(t, PART_TWIN_FOLD, fold), fold,
			    i - fold, i - fold);
			for (; t->open[fold] && fold < i; fold++)
				add(t, PART_TWIN, fold);
		} else if (f->lines[i].role == ROLE_BODY) {
			i = add_text(t, fold, i);
		} else {
			add_line(t, fold, i);
			i++;
		}
	}
}

void
parts_free(struct parts *p)
{
	free(p->p);
	*p = (struct parts){ 0 };
}

/* The first and the last line that a row stands for. */
static bool
covers(const struct part *p, uint32_t line)
{
	if (p->line == line)
		return true;
	if (p->open || p->folded == 0)
		return false;
	return line >= p->fold && line - p->fold < p->folded;
}

size_t
parts_find(const struct transcript *t, uint32_t line)
{
	size_t nearest = 0;

	for (size_t i = 0; i < t->parts.n; i++) {
		const struct part *p = &t->parts.p[i];

		/* An open fold's own row gives way to the row of the line. */
		if (p->kind == PART_TEXT_FOLD && p->open)
			continue;
		if (covers(p, line))
			return i;
		if (p->line <= line)
			nearest = i;
	}
	return nearest;
}

bool
parts_uncover(struct transcript *t, uint32_t line)
{
	size_t i = parts_find(t, line);

	if (i >= t->parts.n || t->parts.p[i].open ||
	    t->parts.p[i].folded == 0 || (t->parts.p[i].line == line &&
	    t->parts.p[i].kind == PART_LINE))
		return false;
	t->open[t->parts.p[i].fold] = 1;
	parts_build(t);
	return true;
}
