/*
 * Searching a block: a run of bytes of one stream, whole lines of one file,
 * for the lines in which a pattern matches.  It knows neither sessions nor
 * threads; each thread has a searcher of its own.
 *
 * A line matches when the pattern matches in it alone, without its line end:
 * what grep -c counts.  (\A, \z and lookarounds that reach beyond the line see
 * the text around it.)  A line longer than the buffer is searched in pieces
 * that overlap by BLOCK_OVERLAP bytes: a match longer than that can be missed.
 */
#ifndef EHLOG_QUERY_BLOCK_H
#define EHLOG_QUERY_BLOCK_H

#include <stdatomic.h>

#include "index/store.h"
#include "query/match.h"

/* Most bytes that are held at a time. */
#define BLOCK_BUFFER (2u << 20)
#define BLOCK_OVERLAP (64u << 10)

struct block {
	const struct stream *stream;
	uint64_t offset, end;    /* bytes of the stream */
	uint32_t line;           /* the one that begins at offset */
	bool first_known;        /* it was found to match: not again */
};

struct block_found {
	uint32_t *line;          /* that matched, ascending */
	size_t n, cap;
	uint64_t limits;         /* lines given up at the match limit */
	uint32_t next_line;      /* the one that begins at `rest` */
	uint64_t rest;           /* where the last line begins that has no end;
	                            else where the search ended */
};

struct searcher;

/* Pattern and flag must outlive it; *stop ends a search within moments. */
struct searcher *searcher_new(const struct store *st, const struct match *m,
    const atomic_bool *stop);
void searcher_free(struct searcher *s);

/*
 * Fills *f, whose memory is used again.  -1 with words when the log gives an
 * error: what follows it in the block is not searched.
 */
int searcher_run(struct searcher *s, const struct block *b,
    struct block_found *f, struct err *err);

#endif
