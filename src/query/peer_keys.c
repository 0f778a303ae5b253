/*
 * Sort keys of peers.  See peer_keys.h.
 */
#include "config.h"

#include "query/peer_keys.h"

#include <stdlib.h>

#include "query/column.h"
#include "query/worker.h"

/* Fewer than that are done before another thread would have begun. */
#define THREADS_MIN 8192

struct part {
	const struct intern *peers;
	uint64_t *key;
	size_t from, to;
};

static void *
make_keys(void *arg)
{
	const struct part *p = arg;

	for (size_t i = p->from; i <= p->to; i++)
		p->key[i] = column_peer_key(intern_text(p->peers,
		    (uint32_t)i));
	return NULL;
}

void
peer_keys_extend(struct peer_keys *k, const struct intern *peers)
{
	size_t n = (size_t)table_count(&peers->entries);
	size_t half = k->n + (n - k->n) / 2;
	struct part first = { peers, NULL, k->n + 1, n };
	struct part second = { peers, NULL, half + 1, n };

	if (n <= k->n)
		return;
	mem_reserve(&k->key, &k->cap, n + 1, sizeof *k->key);
	first.key = second.key = k->key;
	if (n - k->n < THREADS_MIN) {
		make_keys(&first);
	} else {
		first.to = half;
		worker_both(make_keys, &first, &second);
	}
	k->n = n;
}

void
peer_keys_free(struct peer_keys *k)
{
	free(k->key);
	*k = (struct peer_keys){ 0 };
}
