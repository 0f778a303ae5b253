/*
 * What was lately read, to be known again when a second log of the same server
 * says it once more (index/second.h): the hash of each line, and whose it was.
 * Bounded: what is older than a few thousand lines is forgotten.
 */
#ifndef EHLOG_INDEX_RECALL_H
#define EHLOG_INDEX_RECALL_H

#include <stdbool.h>
#include <stdint.h>

#define RECALL_MAX 16384u        /* a power of two */

struct recalled {
	uint64_t print;
	uint32_t slot, number;   /* of its session; 0: it had none */
	uint32_t before;         /* the line before it in its chain, from 1 */
	bool second;             /* it was read in the second log */
	bool taken;
};

struct recall {
	struct recalled *line;   /* a ring; NULL: nothing so far */
	uint32_t *last;          /* of each chain: line number, from 1 */
	uint32_t count;          /* lines ever, modulo 2^32 */
	uint32_t last_second;    /* which of them was of the second log; or 0 */
};

void recall_add(struct recall *r, uint64_t print, bool second, uint32_t slot,
    uint32_t number);
/*
 * The oldest line of that print in the other log that was not taken before is
 * taken; NULL: there is none.  `second`: in which log it stands now.
 */
const struct recalled *recall_take(struct recall *r, uint64_t print,
    bool second);
void recall_free(struct recall *r);

#endif
