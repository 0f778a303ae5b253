/*
 * What the face is given to begin with.
 */
#ifndef EHLOG_UI_FACE_OPTIONS_H
#define EHLOG_UI_FACE_OPTIONS_H

#include "config/options.h"
#include "index/indexer.h"
#include "query/column.h"

struct face_options;

/*
 * How the logs were opened, and can be opened again.  reopen() opens them with
 * the stream (NULL: all of them) read as the format of that name, and puts the
 * new store and indexer into *o; the old ones stay until release().  -1 with
 * words: nothing has changed.
 */
/*
 * ahead() reads the last part of the newest log into a store of its own, which
 * release_ahead() frees.
 */
struct face_logs {
	void *arg;
	int (*ahead)(void *arg, struct store **st, struct err *err);
	void (*release_ahead)(void *arg, struct store *st);
	int (*reopen)(void *arg, const char *format,
	    const struct stream *stream, struct face_options *o,
	    struct err *err);
	void (*release)(void *arg);
};

struct face_options {
	struct store *store;
	const struct format_set *formats;    /* NULL: those built in */
	struct indexer *indexer;     /* started; NULL: nothing grows */
	int wake[2];                 /* wake_pipe(): the indexer got wake[1] */
	const struct options *options;   /* settings: keys, colours, columns */
	const char *filter;          /* an expression, or NULL */
	bool sorted;                 /* else the face finds the order */
	enum column_id sort;
	bool reverse;
	bool follow;
	bool paused;
	const struct progress *whole;    /* as in struct scene */
	bool secrets;
	struct zone zone;
	const char *source;          /* what was opened, for the header */
	const char *notice;          /* said at the start; or NULL */
	const struct face_logs *logs;    /* NULL: they cannot be reopened */
};

#endif
