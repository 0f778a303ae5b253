/*
 * Saving a transcript or the list to a file: which files may be written, and
 * writing a long list piece by piece so that keys go on working.
 */
#ifndef EHLOG_UI_SAVE_H
#define EHLOG_UI_SAVE_H

#include "config/options.h"
#include "format/set.h"
#include "report/report.h"

enum save_check {
	SAVE_FREE,           /* nothing is there: go on */
	SAVE_EXISTS,         /* a file is there: ask */
	SAVE_REFUSED,        /* never: *err says why */
};

/*
 * What is never written: what the store has open, what the command line
 * names, there or not yet; and in folders named there what is a log, or is
 * still empty.
 */
struct save_guard {
	const struct store *store;
	const struct options *options;   /* NULL: the store alone */
	const struct format_set *formats;
};

/* `path` may begin with ~/. */
enum save_check save_check(const struct save_guard *g, const char *path,
    struct err *err);

struct saver {
	bool on;
	char *path;
	FILE *out;
	const struct report_format *form;
	struct report_options options;
	void *state;
	uint32_t *numbers;   /* the selection when it began */
	uint64_t count, done;
	uint64_t unread;     /* sessions that were not read whole */
	struct err why;      /* the first of them was not */
	struct facts facts;
	struct reader *reader;
};

/*
 * Opens the file; `over`: one that is there is written over.  Then list
 * sessions with save_list(), or write one transcript at once.
 */
int save_transcript(const struct save_guard *g, const char *path, bool over,
    const struct report_options *o, const struct facts *f, struct err *err);
int save_list(struct saver *s, const struct save_guard *g, const char *path,
    bool over, const struct report_options *o, const struct selection *sel,
    struct err *err);
/*
 * Writes on until `until`.  1: there is more; 0: done; -1: it failed, or the
 * log could not be read everywhere, with words.  After 0 and -1 the saver is
 * off.
 */
int save_work(struct saver *s, const struct store *st, int64_t until,
    struct err *err);
/* Gives up; what was written stays. */
void save_cancel(struct saver *s);

#endif
