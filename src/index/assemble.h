/*
 * The assembler: lines of one stream become sessions in the store.
 *
 * One per stream, used by the indexer thread alone.  It knows which sessions
 * are open, lends each a slot, writes the line table and the records.  What
 * it wrote becomes visible to readers at assembler_publish().
 */
#ifndef EHLOG_INDEX_ASSEMBLE_H
#define EHLOG_INDEX_ASSEMBLE_H

#include "index/batch.h"
#include "index/store.h"

struct assembler;

/*
 * `st` is the state the stream begins with.  What it counts is added to
 * *totals, which all assemblers of a store share, at each publication.
 */
struct assembler *assembler_new(struct store *store, struct stream *sm,
    const struct format_state *st, struct progress *totals);
void assembler_free(struct assembler *as);

/* Takes in the lines of a batch of this stream. */
void assembler_take(struct assembler *as, const struct batch *b);

/*
 * Makes records and lines visible, the records first: whoever sees a line can
 * find its session.
 */
void assembler_publish(struct assembler *as);

#endif
