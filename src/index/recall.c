/*
 * Lines known again: a ring with a hash table over it, whose chains end where
 * they come to what the ring has lost.
 */
#include "config.h"

#include "index/recall.h"

#include <stdlib.h>

#include "base/mem.h"

#define MASK (RECALL_MAX - 1)

/* Whether a line number, from 1, is still in the ring. */
static bool
is_here(const struct recall *r, uint32_t at)
{
	return at && r->count - at < RECALL_MAX;
}

void
recall_add(struct recall *r, uint64_t print, bool second, uint32_t slot,
    uint32_t number)
{
	uint32_t *last;

	if (!r->line) {
		r->line = mem_array(RECALL_MAX, sizeof *r->line);
		r->last = mem_array(RECALL_MAX, sizeof *r->last);
	}
	/* Zero is no line: where the count wraps, one line is not known. */
	if (++r->count == 0)
		return;
	last = &r->last[print & MASK];
	r->line[r->count & MASK] = (struct recalled){ .print = print,
	    .slot = slot, .number = number, .before = *last,
	    .second = second };
	*last = r->count;
	if (second)
		r->last_second = r->count;
}

const struct recalled *
recall_take(struct recall *r, uint64_t print, bool second)
{
	struct recalled *found = NULL, *l;

	/* Mostly nothing in the first log was read in the second before. */
	if (!r->line || (!second && !is_here(r, r->last_second)))
		return NULL;
	for (uint32_t at = r->last[print & MASK]; is_here(r, at);
	    at = l->before) {
		l = &r->line[at & MASK];
		if (l->print == print && l->second != second && !l->taken)
			found = l;
	}
	if (found)
		found->taken = true;
	return found;
}

void
recall_free(struct recall *r)
{
	free(r->line);
	free(r->last);
	*r = (struct recall){ .line = NULL };
}
