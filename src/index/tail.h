/*
 * A tail: one stream being read, from its first file to the end of its last,
 * and beyond when it is followed.  It fills batches, which are then scanned and
 * settled; what becomes of them is the assembler's matter.  Used by one thread
 * at a time, but that batches may be scanned and settled beside the reading.
 */
#ifndef EHLOG_INDEX_TAIL_H
#define EHLOG_INDEX_TAIL_H

#include <pthread.h>

#include "index/assemble.h"
#include "index/batch.h"
#include "index/plan.h"
#include "input/file.h"

#define TAIL_LAST 64

struct tail {
	size_t planned;          /* index of its planned_stream */
	size_t next;             /* index of the next path to open */
	struct store *store;
	struct stream *stream;   /* NULL until its format is known */
	struct assembler *as;    /* made with the stream */
	struct progress *totals; /* for the assembler; not touched here */
	pthread_mutex_t *mutex;  /* for the two below, shared */
	struct format_state state;       /* behind the last settled batch */
	uint32_t epoch;          /* how often it changed */
	_Atomic uint32_t lines;  /* scanned so far; relaxed, since who needs
	                            them all waits until all is scanned */
	struct segment *seg;     /* being read; NULL between files */
	struct source *pipe;     /* the stream is what comes from it, or NULL */
	struct pack_cache *unpacked;     /* of text that is packed; or NULL */
	char *path;              /* of the segment */
	struct file_id id;
	struct source **held;    /* files that had its name since, opened while
	                            reading was paused; the oldest first */
	size_t nheld, held_cap;
	char last[TAIL_LAST];           /* TAIL_LAST bytes before `looked`, at the end */
	size_t nlast;
	uint64_t line_at;        /* stream offset of the first unread line */
	uint64_t taken;          /* stream offset up to which the assembler
	                            has it; the indexer thread's own */
	uint64_t looked;         /* and how far no end of it was found */
	bool barred;             /* what has its name now is no file; told */
	bool half;               /* the last line was taken without its end */
	bool dead;               /* nothing more can be taken in */
	bool hasty;              /* a pipe's format is told from what there is */
	char *head;              /* of a line longer than a read, or NULL */
};

enum tail_result {
	TAIL_MORE,       /* there may be more to read at once */
	TAIL_END,        /* all that is there was read */
	TAIL_WAIT,       /* more comes by itself: tail_wait() */
	TAIL_TROUBLE,    /* read error: the rest of this file is given up */
};

/*
 * Whether the next read begins a file behind others of the stream: then all
 * batches of it must have been scanned.
 */
static inline bool
tail_needs_count(const struct tail *t)
{
	return t->stream && !t->seg;
}

/*
 * Reads on, at most one buffer, into an empty batch.
 * `follow`: a line without its end at the end of the last file is held back,
 * since the rest of it is still to come.
 */
enum tail_result tail_read(struct tail *t, struct plan *plan, struct batch *b,
    bool follow, const struct format *forced, struct err *err);

/* Sleeps until a read that said TAIL_WAIT may give more. */
void tail_wait(const struct tail *t);

/* Scans a batch that was filled by this tail.  Any thread. */
void tail_scan(struct tail *t, struct batch *b);
/* Before it is assembled, in the order of filling. */
void tail_settle(struct tail *t, struct batch *b);

/*
 * Looks whether the file was cut, replaced or has grown.  True when there is
 * something to read or in the batch.  *told when *err has words: text was lost
 * (truncation), or no more will come since no file has the name now.
 */
bool tail_look(struct tail *t, const struct plan *plan, struct batch *b,
    bool *told, struct err *err);

void tail_free(struct tail *t);

#endif
