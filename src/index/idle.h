/*
 * Open sessions of which the log has been silent: those that are over by that,
 * and those that make room where too many are open at once.  Indexer thread.
 */
#ifndef EHLOG_INDEX_IDLE_H
#define EHLOG_INDEX_IDLE_H

#include "index/open.h"

/* Before a session begins at that time of the log: there shall be a slot. */
void idle_make_room(struct assembler *as, int64_t now);

#endif
