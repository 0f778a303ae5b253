/*
 * The face: the screen, from opening the terminal to giving it back.
 */
#ifndef EHLOG_UI_FACE_H
#define EHLOG_UI_FACE_H

#include "config/options.h"
#include "index/indexer.h"
#include "query/column.h"

struct face_options {
	struct store *store;
	struct indexer *indexer;     /* started; NULL: nothing grows */
	int wake[2];                 /* face_pipe(): the indexer got wake[1] */
	const struct options *options;   /* settings: keys, colours, columns */
	const char *filter;          /* an expression, or NULL */
	bool sorted;                 /* else the face finds the order */
	enum column_id sort;
	bool reverse;
	bool follow;
	bool secrets;
	struct zone zone;
	const char *source;          /* what was opened, for the header */
	const char *notice;          /* said at the start; or NULL */
};

/* The pipe that wakes the face: neither end blocks.  -1 with words. */
int face_pipe(int wake[2], struct err *err);

/*
 * Runs until the reader quits.  A mistake in the configuration is told on
 * standard error before the screen opens.  Returns the exit status: 0, or 2
 * on trouble.  Does not return when a signal asked for the end: the process
 * ends by that signal, the terminal given back.
 */
int face_run(const struct face_options *o);

#endif
