/*
 * A tail: one stream being read, from its first file to the end of its last,
 * and beyond when it is followed.  It fills batches, which are then scanned and
 * settled; what becomes of them is the assembler's matter.  Used by one thread
 * at a time, but that batches may be scanned and settled beside the reading.
 */
#ifndef EHLOG_INDEX_TAIL_H
#define EHLOG_INDEX_TAIL_H

#include "index/reading.h"

/*
 * Whether the next read begins a file behind others of the stream: then all
 * batches of it must have been scanned.
 */
static inline bool
tail_needs_count(const struct tail *t)
{
	return t->stream && !t->seg && !t->merged;
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
