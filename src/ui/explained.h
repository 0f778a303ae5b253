/*
 * A reply explained, over the list or the transcript: the server's own text,
 * then what it means and what to do about it.
 */
#ifndef EHLOG_UI_EXPLAINED_H
#define EHLOG_UI_EXPLAINED_H

#include "index/facts.h"
#include "smtp/explain.h"
#include "ui/view.h"

struct explained_row {
	char *left, *right;
	unsigned code;           /* of the reply's own rows; else 0 */
};

struct explained {
	struct view view;        /* first: a view is cast to its own */
	struct explain_book *book;   /* read when it is first asked */
	bool own;                /* with the user's notes */
	struct arena arena;      /* the reply, and texts made of it */
	unsigned code;
	struct slice reply;      /* with its codes */
	struct explain_part parts[EXPLAIN_PARTS_MAX];
	size_t nparts;
	struct explained_row *lines;
	size_t n, cap;
	int wrapped_for;
	struct place place;
	int rows;
	unsigned sideways;
};

void explained_init(struct explained *e, struct scene *sc, bool own);
/* Looks a reply up; mistakes in the files are told by the scene. */
void explained_show(struct explained *e, const struct fact_reply *r);

#endif
