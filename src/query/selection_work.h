/*
 * The work behind a selection: a thread that asks the filter of every session,
 * makes sort keys, and hands what changed to the owner, one batch at a time.
 *
 * The thread and its owner share a mailbox for one batch under a mutex, and a
 * few atomics; all else is the thread's own.
 */
#ifndef EHLOG_QUERY_SELECTION_WORK_H
#define EHLOG_QUERY_SELECTION_WORK_H

#include "query/scan.h"

struct work;

/*
 * Takes over the filter, what its sessions are among, and the memory of an empty
 * list.  When no thread can be had the work is done here and in work_poke().
 */
struct work *work_start(const struct store *st, struct filter *f,
    enum column_id sort, struct scan_among among, struct order_list room,
    int wake_fd);
/* Tells the thread to stop and does not wait for it. */
void work_cancel(struct work *w);
/* Whether work_free() will not have to wait. */
bool work_is_over(const struct work *w);
void work_free(struct work *w);

/* The store has news: sessions came or changed. */
void work_poke(struct work *w);
/* Goes on with what could not be posted, where there is no thread to do it. */
void work_nudge(struct work *w);
/*
 * Takes the batch in the mailbox over; false when there is none.  The caller
 * frees its lists.
 */
bool work_take(struct work *w, struct scan_batch *b);
/*
 * Waits until a batch is there or all that was there at the last poke is
 * decided; at most `ms` (-1: as long as it takes).
 */
void work_wait(struct work *w, int64_t ms);
/* All that was there at the last poke is decided, and taken over. */
bool work_is_current(struct work *w);

/* 0..1000 while there is work, -1 when there is none. */
int work_progress(const struct work *w);
uint64_t work_limits(const struct work *w);

/* For scan_texts() and scan_entry() alone. */
const struct scan *work_scan(const struct work *w);

#endif
