/*
 * Looking at sessions one by one, for a scan: what a thread does for its half of
 * a chunk, and the parts of that which a second look at a session has, too.
 */
#ifndef EHLOG_QUERY_SCAN_HALF_H
#define EHLOG_QUERY_SCAN_HALF_H

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
	int key_word;            /* of a record, that has the key; -1: none */
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

/* Before the first half. */
void scan_half_init(struct scan *s);
void scan_half_free(struct scan *s);

/* Whether its record passes the filter. */
bool scan_half_passes(struct scan_half *h, uint32_t number,
    const struct session *rec);
/*
 * Its entry.  What must be decoded is decoded by one thread alone: s->texts has
 * one writer.
 */
void scan_make_entry(struct scan *s, uint32_t number,
    const struct session *rec, struct order_entry *e);
/*
 * A record says no more than it does now: it is over, and the name of its
 * peer can be read (which is published a moment after a record that closes).
 */
bool scan_is_settled(const struct scan *s, const struct session *rec);
/* Notes what its record is like. */
void scan_note_watched(struct watched *x, const struct session *rec);

/*
 * The entry of a session; false when its text would have to be decoded.  For
 * any thread.
 */
bool scan_entry(const struct scan *s, uint32_t number,
    const struct session *rec, struct order_entry *e);

/* The half that `arg` is; what it finds is in the half. */
void *scan_look_at_half(void *arg);

static inline bool
scan_is_cancelled(const struct scan *s)
{
	return atomic_load_explicit(s->cancel, memory_order_relaxed);
}

/* Known not to pass. */
static inline bool
scan_is_out(const struct scan *s, uint32_t number)
{
	return number <= s->among.to &&
	    !(s->among.bit[number / 64] >> number % 64 & 1);
}

#endif
