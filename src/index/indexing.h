/*
 * What the parts of the indexer share: its state, and the steps that both the
 * first read (indexer.c) and following (following.c) take, also when they are
 * held up (pausing.c).  Nobody else
 * includes this, but a test that waits for a flag.
 */
#ifndef EHLOG_INDEX_INDEXING_H
#define EHLOG_INDEX_INDEXING_H

#include <pthread.h>

#include "index/early.h"
#include "index/store.h"
#include "index/tail.h"
#include "input/watch.h"

/* Between two publications while reading; the first comes at once. */
#define PUBLISH_MS 15

struct beginning;
struct indexer_options;

struct indexer {
	struct store *store;
	char *const *paths;
	int npaths;
	const struct format *format;
	const struct keep_options *keep;
	bool keep_failed;        /* once is enough */
	char *newest;            /* path, or NULL */
	struct source_label newest_label;
	struct plan plan;
	struct beginning *beginning;     /* NULL: the plan was made first */
	struct tail *tails;
	size_t ntails, tails_cap;
	struct progress totals;
	size_t reading;                  /* index of the tail in hand */
	struct tail *taken;              /* that of the last batch */
	struct batch *batch;             /* for following */
	struct watch *watch;
	bool soon;               /* a pipe is to be looked at again */
	bool patient;            /* nobody looks before all is read */
	pthread_t thread;
	bool started;
	int control[2];          /* a byte: look at the flags below */
	_Atomic bool stop;
	_Atomic bool follow;
	_Atomic bool pause;
	bool loss_told;          /* in this pause */
	int wake_fd;
	bool (*on_publish)(void *arg);   /* or NULL */
	void *on_publish_arg;
	_Atomic bool wake_sent;
	int64_t began, published;
	/* Under the mutex; never held by the face for longer than a copy. */
	pthread_mutex_t mutex;
	pthread_mutex_t tail_mutex;      /* see struct tail */
	bool planned;            /* with planned_now for who waits for it */
	pthread_cond_t planned_now;
	struct err *trouble;     /* the first TROUBLES_MAX */
	uint32_t troubles;
	size_t troubles_cap;
};

static inline bool
indexer_flag(const _Atomic bool *f)
{
	return atomic_load_explicit(f, memory_order_relaxed);
}

/* The pipe that a tail reads or will read, NULL when that is a file. */
static inline struct source *
indexer_pipe(const struct indexer *ix, const struct tail *t)
{
	/* Where reading begins before the plan is made, it is a file. */
	return t->planned < ix->plan.n ?
	    ix->plan.stream[t->planned].file[0].pipe : NULL;
}

static inline bool
indexer_pipe_is_open(const struct indexer *ix, const struct tail *t)
{
	return indexer_pipe(ix, t) && !t->dead && (t->seg || !t->stream);
}

/* Words for whoever asks what went wrong. */
void indexer_tell(struct indexer *ix, const struct err *err);
/* The next planned stream gets a tail; all do, those planned later too. */
void indexer_add_tail(struct indexer *ix);
void indexer_add_tails(struct indexer *ix);
/* Takes in a scanned batch; what it changed is not published yet. */
struct tail *indexer_take(struct indexer *ix, struct batch *b);
/* What was read of t (or NULL) is there for readers; the face is woken. */
void indexer_publish(struct indexer *ix, struct tail *t);
/* All is read but what pipes may bring; no pipe left: all is. */
void indexer_say_done(struct indexer *ix);

/* All that depends on the plan, which is made. */
void indexer_set_up(struct indexer *ix);

/*
 * beginning.c: begins to read before the plan is made, if it can; what the
 * thread does then first: it makes the plan.  False: it was stopped meanwhile.
 */
bool indexer_begin_early(struct indexer *ix, const struct indexer_options *opt,
    void (*complain)(void *arg, const char *words), void *arg);
bool indexer_make_plan(struct indexer *ix);
void indexer_say_planned(struct indexer *ix);
void beginning_free(struct beginning *b);

/* following.c: goes round until it is stopped. */
void indexer_go_round(struct indexer *ix);
/* Watches all that is followed for news. */
void indexer_watch_all(struct indexer *ix);
/* Takes in the bytes that woke the thread. */
void indexer_drain(struct indexer *ix);

/* keeping.c: what is kept of a stream is there; it is taken in. */
void indexer_take_kept(struct indexer *ix, struct tail *t);
/* All of a stream was read, and is published: it is kept. */
void indexer_keep(struct indexer *ix, struct tail *t);
/* What came since, when nothing reads on any more. */
void indexer_keep_at_end(struct indexer *ix);

/* pausing.c: sleeps for as long as reading is paused.  Whether it was. */
bool indexer_hold(struct indexer *ix);

#endif
