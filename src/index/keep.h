/*
 * Indexes kept on disk: that of a stream of plain files is written when all of
 * it has been read, and taken back when the stream is opened again and still
 * begins with what was read.  Reading then goes on behind that, as if it had
 * never stopped.
 *
 * A kept index is of one stream, so that it serves whichever others are opened
 * beside it.  What lies in memory alone (pipes, compressed files) is not kept.
 */
#ifndef EHLOG_INDEX_KEEP_H
#define EHLOG_INDEX_KEEP_H

#include "index/assemble.h"
#include "index/keep_options.h"
#include "index/plan.h"

/* An index that fits and was found whole, not taken into a store yet. */
struct kept;

/*
 * What is kept of a planned stream; NULL when there is nothing that can be
 * used.  Any thread; the sums over the file are taken here.
 */
struct kept *keep_open(const struct keep_options *o,
    const struct planned_stream *ps, const struct source_options *so);
void kept_free(struct kept *k);

/* How far it goes: a stream offset, and how many lines that are. */
uint64_t kept_end(const struct kept *k, uint32_t *lines);
/* The state of the format behind that. */
const struct format_state *kept_state(const struct kept *k);
/*
 * File i of the stream, from 0, with the offset and the line it begins with;
 * false behind the last.  The source is the caller's from now on.
 */
bool kept_file(struct kept *k, size_t i, struct source **source,
    uint64_t *base, uint32_t *first_line);

/*
 * Takes it into a stream that is new and whose assembler is: first, by whoever
 * reads, what is the stream's own (false: it cannot be used after all, nothing
 * was changed but the assembler, which is to be made anew); then, by the
 * indexer thread in its turn, what is the store's (false: it does not fit
 * there, and the stream is good for nothing).
 */
bool kept_fill(struct kept *k, struct stream *sm, struct assembler *as);
bool kept_take(struct kept *k, struct assembler *as);

/*
 * Keeps the index of a stream as it stands up to offset `end`, where a line
 * begins; it is published.  Indexer thread, or when that is over.  0; 1 when
 * this stream cannot be kept; -1 with words.
 */
int keep_write(const struct keep_options *o, const struct planned_stream *ps,
    const struct assembler *as, uint64_t end, struct err *err);

#endif
