/*
 * Looking at sessions for a selection: which pass the filter, with which sort
 * key; and again at those that were still open.  What it finds is gathered in
 * `pending` for whoever runs it.  Where there is much to do it has a second
 * thread do half of it, which is over when a function returns.
 */
#ifndef EHLOG_QUERY_SCAN_H
#define EHLOG_QUERY_SCAN_H

#include "query/scan_half.h"

/*
 * `among` is taken over.  So is `room`, an empty list whose memory may be had
 * for what comes: fresh memory would take some of the time of a sort.
 */
void scan_init(struct scan *s, const struct store *st,
    const struct filter *f, enum column_id sort, struct scan_among among,
    struct order_list room, const atomic_bool *cancel);
void scan_free(struct scan *s);

/* Looks at some new sessions; false when there are none. */
bool scan_new(struct scan *s);
/*
 * Looks again at open sessions whose records have changed.  Only when nothing
 * is pending, so that one batch never holds two truths about a session.
 */
void scan_watched(struct scan *s);

static inline bool
scan_has_pending(const struct scan *s)
{
	return s->pending.gone.n || s->pending.come.n;
}

/* Patterns that met their limit. */
uint64_t scan_limits(const struct scan *s);

/* Puts what is pending in order. */
void scan_sort(struct scan *s);

/* What the texts of entries are numbers of; for any thread. */
const struct intern *scan_texts(const struct scan *s);

#endif
