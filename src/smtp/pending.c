/*
 * A ring of commands, inline while small.  It knows nothing of what they mean
 * to each other: that is the dialogue's.
 */
#include "config.h"

#include "smtp/pending.h"

#include <stdlib.h>

#include "base/mem.h"

/* Up to here an emptied ring keeps its memory: it is likely to grow again. */
#define KEEP 32

static struct dialogue_command *
cell(struct pending *q, uint32_t i)
{
	uint32_t at = (q->head + i) & (pending_room(q) - 1);

	return q->cap ? &q->many[at] : &q->few[at];
}

void
pending_set_stage(struct pending *q, uint8_t stage)
{
	cell(q, 0)->stage = stage;
}

void
pending_free(struct pending *q)
{
	free(q->many);
	*q = (struct pending){ 0 };
}

void
pending_copy(struct pending *to, const struct pending *from)
{
	*to = *from;
	if (!from->cap)
		return;
	to->many = mem_array(from->cap, sizeof *to->many);
	memcpy(to->many, from->many, from->cap * sizeof *to->many);
}

static void
grow(struct pending *q)
{
	uint32_t cap = pending_room(q) * 4;
	struct dialogue_command *many = mem_array(cap, sizeof *many);

	for (uint32_t i = 0; i < q->count; i++)
		many[i] = *pending_at(q, i);
	free(q->many);
	q->many = many;
	q->cap = cap;
	q->head = 0;
}

void
pending_add_slow(struct pending *q, const struct dialogue_command *c)
{
	if (q->count == PENDING_MAX) {
		pending_drop(q);
		if (q->forgotten < UINT32_MAX)
			q->forgotten++;
	} else if (q->count == pending_room(q)) {
		grow(q);
	}
	*cell(q, q->count++) = *c;
}

void
pending_empty(struct pending *q)
{
	if (q->cap <= KEEP)
		return;
	free(q->many);
	q->many = NULL;
	q->cap = q->head = 0;
}

void
pending_clear(struct pending *q)
{
	pending_free(q);
}
