/*
 * Search: a PCRE2 pattern over all text of a store, in threads of its own,
 * hits delivered as they are found.
 *
 * A hit is a line (as grep -c counts) that a session owns; hits in lines of
 * no session are counted apart.  The search goes on as the index grows:
 * search_update() takes in lines that were published since.
 */
#ifndef EHLOG_QUERY_SEARCH_H
#define EHLOG_QUERY_SEARCH_H

#include "index/store.h"
#include "query/match.h"

struct search;

struct search_counts {
	uint64_t lines;          /* hit lines owned by sessions, that are not
	                            forgotten */
	uint64_t unowned;        /* hit lines that no session owns */
	uint64_t limits;         /* lines given up at the match limit */
	int progress;            /* 0..1000; 1000: all published text seen */
	bool done;
	bool in_order;           /* no text is still looked at that comes before
	                            some in which these were found */
};

/* The pattern is taken over.  wake_fd: a byte when hits came in; -1: none. */
struct search *search_start(const struct store *st, struct match *m,
    int wake_fd);
/* Cancels, joins, frees; returns quickly whatever the pattern does. */
void search_free(struct search *s);

/* Owner thread: takes over what the workers found.  True if anything new. */
bool search_update(struct search *s);
/* Waits until all that is published has been searched. */
void search_finish(struct search *s);
void search_counts(const struct search *s, struct search_counts *c);

/* Hit lines of a session; 0: none. */
uint32_t search_session_hits(const struct search *s, uint32_t number);
/* The pattern, for highlighting. */
const struct match *search_pattern(const struct search *s);

#endif
