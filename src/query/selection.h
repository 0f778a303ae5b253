/*
 * A selection: the sessions a filter left, in a sort order, kept up to date
 * while the index grows and sessions change.
 *
 * It belongs to one thread (the face, or a report).  Work that may take long
 * runs in a thread of its own, which never touches what the owner reads;
 * selection_update() takes its results over.
 */
#ifndef EHLOG_QUERY_SELECTION_H
#define EHLOG_QUERY_SELECTION_H

#include "query/column.h"
#include "query/filter.h"

struct selection;

/* wake_fd: a byte is written when results came in; -1: none. */
struct selection *selection_new(const struct store *st, int wake_fd);
void selection_free(struct selection *s);

/*
 * New filter (taken over and freed by the selection; NULL: all) and order.
 * Returns at once; waits up to ~15 ms so that what is quick shows no flicker.
 * What the selection held before is no longer shown.
 */
void selection_set(struct selection *s, struct filter *f, enum column_id sort,
    bool reverse);

/*
 * Takes in what is new: finished work, new sessions, sessions that changed.
 * True when anything visible changed.
 */
bool selection_update(struct selection *s);

/* Works until every session published so far is decided; for reports. */
void selection_finish(struct selection *s);

uint64_t selection_count(const struct selection *s);
/* How many were taken out of it, ever, since they were forgotten. */
uint64_t selection_forgotten(const struct selection *s);
/* Session number at a position, 0 <= i < selection_count(). */
uint32_t selection_at(const struct selection *s, uint64_t i);
/*
 * Position of a session; or, with `nearest`, of the one after it in the
 * order (the last one if none is); -1 if it is not there.
 */
int64_t selection_find(const struct selection *s, uint32_t number,
    bool nearest);
/* Whether a session passed the filter (any order). */
bool selection_has(const struct selection *s, uint32_t number);

/*
 * Whether every session published when it was last updated is decided, and
 * the answer taken over.  Work that is young shows no progress yet, and work
 * that is over may have left what is not taken: only this tells that an empty
 * selection is empty.
 */
bool selection_is_current(const struct selection *s);
/* 0..1000 for work that takes a while, else -1. */
int selection_progress(const struct selection *s);
/* Patterns that met their limit. */
uint64_t selection_limits(const struct selection *s);

#endif
