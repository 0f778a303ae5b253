/*
 * Values into bytes and back.
 */
#include "config.h"

#include "index/keep_pack.h"

#include <string.h>

void
keep_pack_bytes(struct keep_pack *k, void *p, size_t n)
{
	if (k->out) {
		buf_add(k->out, (struct slice){ p, n });
		return;
	}
	if (k->wrong || k->in.n < n) {
		k->wrong = true;
		memset(p, 0, n);
		return;
	}
	memcpy(p, k->in.p, n);
	k->in = slice_from(k->in, n);
}

void
keep_pack_bool(struct keep_pack *k, bool *b)
{
	uint8_t v = keep_pack_reads(k) ? 0 : *b;

	KEEP_PACK(k, v);
	if (!keep_pack_reads(k))
		return;
	keep_pack_demand(k, v <= 1);
	*b = v == 1;
}

uint32_t
keep_pack_count(struct keep_pack *k, uint32_t n, size_t size)
{
	KEEP_PACK(k, n);
	if (keep_pack_reads(k) && n > k->in.n / size)
		k->wrong = true;
	return k->wrong ? 0 : n;
}
