/*
 * A stream that is being read, as tail.c keeps it and second.c, which reads the
 * second of two logs between the lines of the first; for them and for who owns
 * one.
 */
#ifndef EHLOG_INDEX_READING_H
#define EHLOG_INDEX_READING_H

#include <pthread.h>

#include "index/assemble.h"
#include "index/batch.h"
#include "index/keep.h"
#include "index/plan.h"
#include "input/file.h"

#define TAIL_LAST 64

/* The second of two logs that are read as one stream: index/second.h. */
struct second {
	size_t next;             /* which of its files is opened next */
	struct source *source;   /* of the one in hand, or NULL */
	bool lent;               /* a segment has it, and closes it */
	char *path;
	struct pack_cache *unpacked;
	uint64_t at;             /* offset in the file of what was not read */
	uint64_t limit;          /* not to be read further for now */
	int64_t until;           /* nor what is not before this time, unless
	                            it was seen; CLOCK_NONE: all */
	uint32_t *seen;          /* of lines of the first log: part of their
	                            hash, where another part of it leads */
	bool due;                /* it is its turn */
	bool waits;              /* the last read said TAIL_WAIT */
	bool first_over;         /* all of the first log was read */
	bool failed;
	struct err why;          /* of that, to be told once all is read */
};

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
	uint64_t origin;         /* stream offset of what is read next, less
	                            its offset in the file */
	bool merged;             /* its format knows of second logs */
	bool prints;             /* lines are to be known again */
	struct second second;
	uint32_t given;          /* merged: lines that batches were given */
	struct segment *own;     /* the last one that is not of a second */
	bool parted;             /* lines of a second stand behind it */
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
	uint64_t begin_at;       /* of the first file: only what is behind that */
	bool barred;             /* what has its name now is no file; told */
	bool half;               /* the last line was taken without its end */
	bool dead;               /* nothing more can be taken in */
	bool hasty;              /* a pipe's format is told from what there is */
	char *head;              /* of a line longer than a read, or NULL */
	const struct keep_options *keep;     /* NULL: its index is not kept */
	struct kept *kept;       /* until it is taken; the indexer thread's */
	struct kept *fresh;      /* the same, for the next batch to bring it */
	uint64_t kept_end;       /* how far the index on disk goes; the indexer
	                            thread's own */
	bool marked;             /* it was said where to keep it */
	bool broken;             /* not all was read, or a line in halves: what
	                            another run would make of it is not known */
};

enum tail_result {
	TAIL_MORE,       /* there may be more to read at once */
	TAIL_END,        /* all that is there was read */
	TAIL_WAIT,       /* more comes by itself: tail_wait() */
	TAIL_TROUBLE,    /* read error: the rest of this file is given up */
};

#endif
