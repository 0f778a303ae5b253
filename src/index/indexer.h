/*
 * The indexer: a thread that reads every source once, in order, fills the
 * store, and then, when asked to, follows what grows.
 */
#ifndef EHLOG_INDEX_INDEXER_H
#define EHLOG_INDEX_INDEXER_H

#include "index/keep_options.h"
#include "index/plan.h"
#include "index/store.h"

struct indexer;

struct indexer_options {
	const struct format_set *formats;    /* outlives the indexer; NULL:
	                    those that are built in */
	const struct format *format;     /* NULL: detect for each stream */
	const struct format_choice *choice;  /* before that; these must outlive */
	size_t nchoices;                     /* the indexer */
	const struct source_label *labels;   /* of paths, then commands; must
	                    outlive the indexer; NULL: nothing is said */
	struct sources *sources;     /* for pipes and commands; outlives indexer
	                    and store; NULL: there are none */
	const struct keep_options *keep;     /* where indexes are kept on
	                    disk; must outlive the indexer; NULL: nowhere */
	bool follow;
	uint64_t last_bytes;     /* read only so much of the end of the first
	                            file; 0: all of all */
	int wake_fd;     /* a byte is written here, at most once until
	                    indexer_woken(), when something was published; or a
	                    session changed; -1: nobody to wake */
	bool early;      /* begin to read before all files were looked at, where
	                    it is clear which is the first; for the thread */
	void (*planned)(void *arg, struct err *words);   /* in the thread,
	                    when they were: words are told as a trouble */
	bool (*published)(void *arg);    /* by indexer_run(), in its thread,
	                    when something was published; false: the rest need
	                    not be read; NULL: nobody asks */
	void *arg;
};

/*
 * Looks at the paths (files and folders), gathers streams, and reports what
 * cannot be opened or holds no log through `complain`.  NULL when nothing is
 * left to read and nothing may still come (then *err has the last reason).
 * With follow, a file that is not there yet is waited for.
 * The store and paths must outlive the indexer.  Pipes are read until they
 * end, whether files are followed or not.
 */
struct indexer *indexer_new(struct store *st, char *const paths[], int npaths,
    const struct indexer_options *opt,
    void (*complain)(void *arg, const char *words), void *arg,
    struct err *err);

/*
 * Whether reading began early: then `complain` is called by the thread, until
 * indexer_wait_planned() returns.
 */
bool indexer_is_early(const struct indexer *ix);
/* Whether all files were looked at; who waits for it need not ask. */
bool indexer_is_planned(struct indexer *ix);
/* Main thread: until all files were looked at. */
void indexer_wait_planned(struct indexer *ix);

/*
 * The file whose end is the newest of all, as far as the first look told: a plain
 * one that is a log; NULL when there is none.  Good while the indexer lives.  What
 * is said of it goes to *label, if it is not NULL.  Waits for the first look.
 */
const char *indexer_newest(struct indexer *ix,
    struct source_label *label);
/* How many streams are planned: at least so many as there will be. */
size_t indexer_streams(const struct indexer *ix);

/* Starts the thread. */
int indexer_start(struct indexer *ix, struct err *err);

/*
 * The same work in the calling thread, to the end, or until `published` wants no
 * more; for reports without -f.
 */
void indexer_run(struct indexer *ix);

/* Main thread: follow on or off from now on. */
void indexer_follow(struct indexer *ix, bool on);
/*
 * Main thread: from now on nothing is read, or it is read on.  What was read is
 * published; how much waits is in the progress.  Pipes are emptied meanwhile,
 * into memory, so that their writers need not wait.
 */
void indexer_pause(struct indexer *ix, bool on);
/* Main thread: the wake byte was read; send another when there is news. */
void indexer_woken(struct indexer *ix);
/*
 * What went wrong while reading (I/O error, file gone), one at a time, oldest
 * first: words of the next in *out, false when there is none.  Any thread;
 * *seen is the reader's own counter and begins at 0.
 */
bool indexer_trouble(struct indexer *ix, uint32_t *seen, struct err *out);
/* The same of what commands say, which each is told once, whoever asks. */
bool indexer_note(struct indexer *ix, struct err *out);

/* Stops and joins the thread: the store changes no more. */
void indexer_stop(struct indexer *ix);
/*
 * The same, and frees it.  The store stays.  What is kept on disk is renewed
 * where much was followed.
 */
void indexer_free(struct indexer *ix);

#endif
