/*
 * The commands that await their replies, in the order they were said.
 *
 * A few lie inline; a pipelined group moves to the heap.  Beyond PENDING_MAX
 * the oldest are forgotten but still counted, so that their replies, which
 * come first, are not taken for replies to later commands.
 */
#ifndef EHLOG_SMTP_PENDING_H
#define EHLOG_SMTP_PENDING_H

#include "smtp/verb.h"

struct dialogue_command {
	uint32_t line;           /* 0: the log does not hold it */
	uint8_t verb;
	uint8_t stage;           /* 0 said, 1 got 334, 2 got 354 */
	uint16_t nth;            /* of its line's commands, from 0: glued
	                            entries share a line */
};

#define PENDING_INLINE 4
#define PENDING_MAX 4096

struct pending {
	uint32_t head, count;    /* a ring */
	uint32_t cap;            /* of `many`; 0 while inline */
	uint32_t forgotten;      /* older than the ring, and unanswered */
	struct dialogue_command few[PENDING_INLINE];
	struct dialogue_command *many;
};

/* A zeroed struct is empty. */
void pending_free(struct pending *q);
void pending_copy(struct pending *to, const struct pending *from);

/* What is below does for a ring that has no room, or that was emptied. */
void pending_add_slow(struct pending *q, const struct dialogue_command *c);
void pending_empty(struct pending *q);
/* The oldest got an answer that is not the last: 334 or 354. */
void pending_set_stage(struct pending *q, uint8_t stage);
/* Takes all out. */
void pending_clear(struct pending *q);

/* Capacities are powers of two, so an index wraps by a mask. */
static inline uint32_t
pending_room(const struct pending *q)
{
	return q->cap ? q->cap : PENDING_INLINE;
}

/* The i-th oldest, from 0; i must be less than count.  Good until the next
 * add or drop. */
static inline const struct dialogue_command *
pending_at(const struct pending *q, uint32_t i)
{
	uint32_t at = (q->head + i) & (pending_room(q) - 1);

	return q->cap ? &q->many[at] : &q->few[at];
}

static inline void
pending_add(struct pending *q, const struct dialogue_command *c)
{
	if (q->cap || q->count == PENDING_INLINE)
		pending_add_slow(q, c);
	else
		q->few[(q->head + q->count++) & (PENDING_INLINE - 1)] = *c;
}

/* Takes the oldest out; count must not be 0. */
static inline void
pending_drop(struct pending *q)
{
	q->head = (q->head + 1) & (pending_room(q) - 1);
	q->count--;
	if (q->cap && !q->count)
		pending_empty(q);
}

#endif
