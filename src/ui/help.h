/*
 * The help screen: every command with its keys, the filter language, the
 * columns; all from their tables.
 */
#ifndef EHLOG_UI_HELP_H
#define EHLOG_UI_HELP_H

#include "ui/view.h"

struct help_row {
	char *left;              /* keys or a name; NULL: none */
	char *right;
	bool heading;
};

struct help {
	struct view view;        /* first: a view is cast to its own */
	struct help_row *lines;
	size_t n, cap;
	int wrapped_for;         /* the width the rows were made for */
	struct place place;
	int rows;
	unsigned sideways;
};

void help_init(struct help *h, struct scene *sc);

#endif
