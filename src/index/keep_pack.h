/*
 * Putting values into a run of bytes and taking them out again: one function
 * says for a struct what belongs to it, and does both.  Values stand as they
 * are in memory, without gaps and without pointers.
 *
 * What is taken out may be anything: a bool is one, a number is held against
 * its bounds, and who meets something else sets `wrong`.  From then on only
 * zeros come out.
 */
#ifndef EHLOG_INDEX_KEEP_PACK_H
#define EHLOG_INDEX_KEEP_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

struct keep_pack {
	struct buf *out;         /* NULL: taking out */
	struct slice in;         /* what is left of it */
	bool wrong;
};

void keep_pack_bytes(struct keep_pack *k, void *p, size_t n);
void keep_pack_bool(struct keep_pack *k, bool *b);

/* Any field that is a number. */
#define KEEP_PACK(k, field) keep_pack_bytes(k, &(field), sizeof (field))

static inline bool
keep_pack_reads(const struct keep_pack *k)
{
	return !k->out;
}

/* What must be true of values that came out. */
static inline void
keep_pack_demand(struct keep_pack *k, bool ok)
{
	k->wrong = k->wrong || !ok;
}

/*
 * How many things follow, each of at least `size` bytes: no more than there can
 * be.
 */
uint32_t keep_pack_count(struct keep_pack *k, uint32_t n, size_t size);

#endif
