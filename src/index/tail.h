/*
 * A tail: one stream being read, from its first file to the end of its last,
 * and beyond when it is followed.  Used by the indexer thread alone.
 */
#ifndef EHLOG_INDEX_TAIL_H
#define EHLOG_INDEX_TAIL_H

#include "index/assemble.h"
#include "index/plan.h"
#include "input/file.h"

/* How much is read at a time. */
#define TAIL_READ_SIZE (512u << 10)

struct tail {
	size_t planned;          /* index of its planned_stream */
	size_t next;             /* index of the next path to open */
	struct store *store;
	struct stream *stream;   /* NULL until its format is known */
	struct assembler *as;
	struct segment *seg;     /* being read; NULL between files */
	char *path;              /* of the segment */
	struct file_id id;
	struct file_sample sample;
	uint64_t line_at;        /* stream offset of the first unread line */
	uint64_t looked;         /* and how far no end of it was found */
	bool half;               /* the last line was taken without its end */
	bool dead;               /* nothing more can be taken in */
	char *head;              /* of a line longer than a read, or NULL */
};

enum tail_result {
	TAIL_MORE,       /* there may be more to read at once */
	TAIL_END,        /* all that is there was read */
	TAIL_TROUBLE,    /* read error: the rest of this file is given up */
};

/*
 * Reads on, at most about one buffer (`buf` of TAIL_READ_SIZE bytes).
 * `follow`: a line without its end at the end of the last file is held back,
 * since the rest of it is still to come.
 */
enum tail_result tail_read(struct tail *t, struct plan *plan,
    struct progress *totals, char *buf, bool follow,
    const struct format *forced, struct err *err);

/*
 * Looks whether the file was cut, replaced or has grown.  True when there is
 * something to read.  *err gets words when text was lost (truncation).
 */
bool tail_look(struct tail *t, const struct plan *plan, bool *lost,
    struct err *err);

void tail_free(struct tail *t);

#endif
