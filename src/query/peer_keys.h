/*
 * The sort keys of all peers of a store, each made once: a peer has many
 * sessions, and its key is read off its text.
 */
#ifndef EHLOG_QUERY_PEER_KEYS_H
#define EHLOG_QUERY_PEER_KEYS_H

#include <stddef.h>

#include "base/intern.h"

struct peer_keys {
	uint64_t *key;           /* by number of the peer, from 1 */
	size_t n, cap;           /* n: the highest number there is */
};

/* Takes in the peers that were published since. */
void peer_keys_extend(struct peer_keys *k, const struct intern *peers);
void peer_keys_free(struct peer_keys *k);

#endif
