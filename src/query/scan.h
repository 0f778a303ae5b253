/*
 * Looking at sessions for a selection: which pass the filter, with which sort
 * key; and again at those that were still open.  It knows no threads: what it
 * finds is gathered in `pending` for whoever runs it.
 */
#ifndef EHLOG_QUERY_SCAN_H
#define EHLOG_QUERY_SCAN_H

#include <stdatomic.h>

#include "query/column.h"
#include "query/filter.h"
#include "query/order.h"

/* Entries that go and entries that come; gone is to be taken out first. */
struct scan_batch {
	struct order_list gone, come;
};

/* A session that was open at the last look. */
struct watched {
	struct order_entry entry;
	uint32_t last, lines;
	uint16_t sequence;
	uint8_t state;
	bool over;               /* it was not open, but not settled either */
	bool in;                 /* it passed the filter */
};

struct scan {
	const struct store *store;
	const struct filter *filter;     /* NULL: all pass */
	enum column_id sort;
	const atomic_bool *cancel;       /* looked at between sessions */
	uint32_t next;           /* number of the next session to look at */
	uint32_t chunk;          /* how many scan_new() looks at */
	struct scan_batch pending;
	struct filter_context *context;
	struct reader *reader;
	struct facts facts;
	struct buf key;
	struct intern texts;     /* of sort keys; published by scan_sort() */
	struct watched *watched;
	size_t nwatched, watched_cap;
};

void scan_init(struct scan *s, const struct store *st,
    const struct filter *f, enum column_id sort, const atomic_bool *cancel);
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

/* Puts what is pending in order. */
void scan_sort(struct scan *s);

/* What the texts of entries are numbers of; for any thread. */
const struct intern *scan_texts(const struct scan *s);
/*
 * The entry of a session; false when its text would have to be decoded.  For
 * any thread.
 */
bool scan_entry(const struct scan *s, uint32_t number,
    const struct session *rec, struct order_entry *e);

#endif
