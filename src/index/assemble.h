/*
 * The assembler: lines of one stream become sessions in the store.
 *
 * One per stream, used by the indexer thread alone.  It knows which sessions
 * are open, lends each a slot, writes the line table and the records.  What
 * it wrote becomes visible to readers at assembler_publish().
 */
#ifndef EHLOG_INDEX_ASSEMBLE_H
#define EHLOG_INDEX_ASSEMBLE_H

#include "index/store.h"

struct assembler;

/*
 * `st` is the state to begin with; the assembler keeps its own and records
 * each change in the stream.  *totals is shared by all assemblers of a store.
 */
struct assembler *assembler_new(struct store *store, struct stream *sm,
    const struct format_state *st, struct progress *totals);
void assembler_free(struct assembler *as);

/*
 * The next line of the stream, without its line end.  `offset` is where it
 * begins.  Longer lines than LINE_LOOK_MAX come cut, with `cut` set.
 * -1 when the stream has as many lines as can be numbered.
 */
int assembler_line(struct assembler *as, struct slice line, uint64_t offset,
    bool cut);

/*
 * Makes records and lines visible, the records first: whoever sees a line can
 * find its session.
 */
void assembler_publish(struct assembler *as);

#endif
