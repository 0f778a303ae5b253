/*
 * Which text has been searched and which has not: hands out blocks of all
 * streams in order, each once, and takes in what grows.  Whoever uses it holds
 * a lock around each call.
 *
 * A block ends where lines are known to begin: at a mark of the line table, at
 * the end of a file, or at the end of what was read.  There the last line may
 * have no end yet; it is searched, and when it has grown, searched again.
 */
#ifndef EHLOG_QUERY_CLAIM_H
#define EHLOG_QUERY_CLAIM_H

#include "query/block.h"

/* About how much a block holds. */
#define CLAIM_BYTES (1u << 20)

struct claim_stream {
	uint64_t offset;         /* all before it was handed out */
	uint64_t begin;          /* where the next block begins: there, or where
	                            the line begins that had no end yet */
	uint32_t line;           /* that begins there */
	bool first_known;        /* which matched as far as it went */
	bool busy;               /* its tail is handed out: line is not known */
	uint64_t done;           /* bytes that have been searched */
};

struct claims {
	const struct store *store;
	struct claim_stream *stream;
	size_t n, cap;
	size_t first;            /* streams before it have nothing to hand out */
	unsigned out;            /* blocks handed out and not given back */
	uint64_t taken;          /* blocks handed out, ever */
};

/* A block, and what is to be known when it comes back. */
struct claim {
	struct block block;
	uint64_t number;         /* from 1, in the order of handing out */
	uint64_t fresh;          /* bytes that were not searched before */
	bool tail;               /* it ends where what was read ends */
};

void claims_free(struct claims *c);
/* False when all that was read is handed out, or a stream's tail is. */
bool claims_take(struct claims *c, struct claim *out);
/* The block was searched; `f` is what was found in it. */
void claims_give_back(struct claims *c, const struct claim *b,
    const struct block_found *f);
/* The store may have grown: look at all streams again. */
void claims_renew(struct claims *c);
/* Who forgets says so: what was forgotten is not handed out from now on. */
void claims_skip_forgotten(struct claims *c);
/* Bytes searched, and bytes there are; true when that is all. */
bool claims_progress(const struct claims *c, uint64_t *done, uint64_t *all);

#endif
