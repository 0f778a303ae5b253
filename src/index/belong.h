/*
 * The session of an entry: found among those that are open, or begun, and fed
 * with it.  The assembler asks for each entry; what becomes of lines is its own
 * matter.  Indexer thread.
 */
#ifndef EHLOG_INDEX_BELONG_H
#define EHLOG_INDEX_BELONG_H

#include "index/batch.h"
#include "index/open.h"

/*
 * The slot that owns the line by this event; SLOT_NONE when none does.  `peer`:
 * what the scan made of the peer, or NULL.
 */
uint32_t belong_take(struct assembler *as, const struct event *ev,
    struct gist gist, const struct entry_peer *peer);

/*
 * The same where two logs of one server are read as one; `print` is what a line
 * is known again by.  *ev may be changed.
 */
uint32_t belong_take_merged(struct assembler *as, struct event *ev,
    struct gist gist, const struct entry_peer *peer, uint64_t print);
/* What comes is of the other log: the entry before it is that of its own log. */
void belong_change_log(struct assembler *as, bool second);

#endif
