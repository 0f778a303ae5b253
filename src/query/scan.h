/*
 * Looking at sessions for a selection: which pass the filter, with which sort
 * key; and again at those that were still open.  What it finds is gathered in
 * `pending` for whoever runs it.  Where there is much to do it has a second
 * thread do half of it, which is over when a function returns.
 */
#ifndef EHLOG_QUERY_SCAN_H
#define EHLOG_QUERY_SCAN_H

#include <stdatomic.h>

#include "query/column.h"
#include "query/filter.h"
#include "query/order.h"
#include "query/peer_keys.h"

/* Entries that go and entries that come; gone is to be taken out first. */
struct scan_batch {
	struct order_list gone, come;
	/* Those that come are among these; 0: nobody knows. */
	uint32_t all_from, all_to;
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

/*
 * What passes is among these, up to number `to`: a bit for each.  Nothing is known
 * where bit is NULL and `to` 0.
 */
struct scan_among {
	uint64_t *bit;
	uint32_t to;
};

struct scan;

/*
 * What a filter said of sessions that are over, by the last words of their
 * records, where that is all it asks for: there are few that differ.
 */
#define VERDICTS 512
struct verdict {
	uint64_t word;           /* 0: none */
	bool in;
};

/* Half of a chunk: what one thread looks at, and what it finds. */
struct scan_half {
	struct scan *scan;
	struct filter_context *context;  /* NULL until there is work */
	uint32_t from, to;       /* numbers, `to` not among them */
	struct order_entry *come;
	size_t ncome;
	struct watched *watched;
	size_t nwatched, watched_cap;
	struct verdict *verdicts;        /* VERDICTS; NULL: each is asked for */
};

struct scan {
	const struct store *store;
	const struct filter *filter;     /* NULL: all pass */
	enum column_id sort;
	const atomic_bool *cancel;       /* looked at between sessions */
	struct scan_among among; /* its own */
	uint32_t next;           /* number of the next session to look at */
	uint32_t chunk;          /* how many scan_new() looks at */
	int64_t pace;            /* ns for each at the last chunk */
	struct scan_batch pending;
	struct scan_half half[2];
	struct peer_keys peer_keys;
	struct reader *reader;
	struct facts facts;
	struct buf key;
	struct intern texts;     /* of sort keys; published by scan_sort() */
	struct watched *watched;
	size_t nwatched, watched_cap;
};

/* `among` is taken over. */
void scan_init(struct scan *s, const struct store *st,
    const struct filter *f, enum column_id sort, struct scan_among among,
    const atomic_bool *cancel);
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
/*
 * The entry of a session; false when its text would have to be decoded.  For
 * any thread.
 */
bool scan_entry(const struct scan *s, uint32_t number,
    const struct session *rec, struct order_entry *e);

#endif
