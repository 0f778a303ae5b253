/*
 * The lines that belong to no session, over the list: what else is in the
 * log, and what its format did not understand.  They are found piece by piece
 * while the view is open.
 */
#ifndef EHLOG_UI_STRAYS_H
#define EHLOG_UI_STRAYS_H

#include "ui/view.h"

/* So many are kept; it says so when there are more. */
#define STRAYS_MAX 1000000u

struct stray_at {
	uint32_t stream, line;
};

struct strays {
	struct view view;        /* first: a view is cast to its own */
	struct stray_at *at;
	size_t n, cap;
	uint32_t *from;          /* by stream: the first line not looked at */
	size_t nfrom, from_cap;
	bool done;               /* all that is read so far was looked at */
	uint64_t changes;        /* of the progress, when that was so */
	uint64_t forgotten;      /* lines, when that was last looked at */
	struct place place;
	int rows;
	unsigned sideways;
	struct buf words;
};

void strays_init(struct strays *s, struct scene *sc);

#endif
