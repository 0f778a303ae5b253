/*
 * An assembler as it stands between two lines, put into bytes and taken out
 * again: which sessions are open, what is known of them, which keys lead to
 * them.  What comes out goes on exactly as what went in would have.
 */
#ifndef EHLOG_INDEX_KEEP_STATE_H
#define EHLOG_INDEX_KEEP_STATE_H

#include "index/keep_pack.h"
#include "index/open.h"

/* What the tables beside it hold, for bounds. */
struct keep_bounds {
	uint32_t lines, sessions, peers, slots;
};

/*
 * A session's record among these: lines, slot and peer are there, and what is
 * one of several is one of them.
 */
bool keep_record_is_sound(const struct session *s, const struct keep_bounds *b);

/*
 * The assembler is published, or it is new and takes on what comes out; then
 * k->wrong tells when that is no assembler, which is good for nothing but
 * assembler_free() in that case.
 *
 * Numbers of sessions begin with 1 at the stream's first: `before` is how many
 * there are before it in the store.  Numbers of peers go through peer[], or are
 * as they are where it is NULL.
 */
void keep_pack_assembler(struct keep_pack *k, struct assembler *as,
    const struct keep_bounds *b, uint32_t before, const uint32_t *peer);

/* The numbers, for a place in a store: `before` and peer[] as above. */
void keep_move_assembler(struct assembler *as, uint32_t before,
    const uint32_t *peer);

#endif
