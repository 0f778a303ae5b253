/*
 * The plan: which files make which streams, in which order they are read.
 * Made before the first session is on the screen, so it looks only at names
 * and at the heads of files.
 */
#ifndef EHLOG_INDEX_PLAN_H
#define EHLOG_INDEX_PLAN_H

#include <stdatomic.h>

#include "index/planned.h"
#include "input/gather.h"
#include "input/sources.h"

/* A file that is read as a format whatever it looks like. */
struct format_choice {
	char *path;
	const struct format *format;     /* NULL: what its content says */
};

struct plan {
	const struct format_set *formats;    /* to detect among */
	const struct format_choice *choice;  /* set before the first look */
	size_t nchoices;
	struct sources *pipes;   /* who has pipes and commands, or NULL */
	const struct source_label *labels;   /* of the paths, and behind them
	                            of the commands; NULL: nothing is said */
	struct planned_stream *stream;
	size_t n, cap;
	struct gather seen;      /* every file that was looked at */
	struct look_job **head;  /* of these: what was seen of its head already;
	                            NULL: nothing */
	size_t nheads, heads_cap;
	size_t heads_seen;       /* up to which file they were looked at */
	const _Atomic bool *stop;    /* no further head is looked at; or NULL */
	size_t looked;           /* of seen: how many were looked at */
	size_t told;             /* of seen.trouble: how much was complained of */
	size_t sources;
	size_t refused;          /* files that are no log, or none so far */
	bool begun;              /* the first look at all paths is over */
	size_t common;           /* then: how much of their folders all streams
	                            had in common, up to a slash */
};

/*
 * Gathers the files of all paths before the first of them is looked at, where
 * that is the same; else plan_paths() gathers those of each in its turn.
 */
bool plan_gather(struct plan *p, char *const paths[], int npaths, bool follow);
static inline bool
plan_is_stopped(const struct plan *p)
{
	return p->stop && atomic_load_explicit(p->stop, memory_order_relaxed);
}

/* The heads of the files that come next, whichever path they are of. */
void plan_look_on(struct plan *p, const struct format *forced);
/* Looks at the heads of n of them, which are passed over if that was done. */
void plan_look(struct plan *p, const size_t *at, size_t n,
    const struct format *forced);

/*
 * Takes in the files of all paths that were not seen before, and at first the
 * commands; again later when folders are followed.  What cannot be opened or is no SMTP log goes to
 * `complain`, if it was named itself or nothing else was found in its folder;
 * what cannot be read always does.  With `follow`, files that are missing or
 * empty are kept to be looked at later, and those that were refused are looked
 * at again when they have grown.  When it is stopped the plan is not whole.
 */
void plan_paths(struct plan *p, char *const paths[], int npaths,
    const struct format *forced, bool follow,
    void (*complain)(void *arg, const char *words), void *arg,
    struct err *last);
void plan_free(struct plan *p);

/* What is said of a path, or of a command behind them. */
const struct source_label *plan_label(const struct plan *p, size_t i);

/* How much of a stream's folder its name need not repeat. */
size_t plan_common(const struct plan *p, const struct planned_stream *ps);

/* What was chosen for this file, or else `forced`. */
const struct format *plan_choice(const struct plan *p, const char *path,
    const struct format *forced);

#endif
