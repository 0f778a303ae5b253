/*
 * Logs for a test that are read twice: begun before all files were looked at,
 * if the indexer does that, and behind a plan that was made first.  What comes
 * of both must be the same.
 */
#ifndef EHLOG_TESTS_WITH_EARLY_H
#define EHLOG_TESTS_WITH_EARLY_H

#include "with_log.h"

/* So many are enough for the indexer to begin early. */
#define FILES 20

/* Paths as they are named on a command line, relative to the folder. */
struct named {
	const struct source_label *labels;   /* of each, or NULL */
	int n;
	char *path[300];
};

/* One more path: `name` of the folder of w; NULL: the folder itself. */
void early_name(struct named *p, const struct with_log *w, const char *name);
/*
 * Reads them both ways; `sessions` are there and the first stream has this name.
 * Early, if it is to be, means that some of them are there at once.  Frees the
 * names.
 */
void early_check(struct named *p, bool early, unsigned sessions,
    const char *name);
/* The same of the whole folder. */
void early_check_folder(struct with_log *w, bool early, unsigned sessions,
    const char *name);

void early_write_file(struct with_log *w, const char *name, const char *text);
/* A log in which so many sessions begin at an hour of a day. */
void early_write_log(struct with_log *w, const char *name, unsigned sessions,
    unsigned hour);
/* FILES logs of a session, whose names have a number between these. */
void early_write_logs(struct with_log *w, const char *before,
    const char *after);
void early_make_folder(struct with_log *w, const char *name);
/* What with_folder() made goes away. */
void early_done(struct with_log *w);

#endif
