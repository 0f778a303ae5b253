/*
 * Forgetting text of a pack.  Blocks that are asked for no more go; of one that
 * holds something that is still needed the rest becomes zeros.  Blocks that lie
 * in the spill stay there.
 */
#include "config.h"

#include "input/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "input/pack_parts.h"

static void
replace_block(struct pack *p, struct block *b, char *data, uint32_t packed)
{
	atomic_fetch_sub_explicit(&p->memory, b->packed, memory_order_relaxed);
	free(b->data);
	b->data = data;
	b->packed = packed;
	if (data)
		atomic_fetch_add_explicit(&p->memory, packed,
		    memory_order_relaxed);
}

/* What is asked for no more becomes zeros, which pack to nothing. */
static void
blank(struct pack *p, struct block *b, size_t from, size_t to)
{
	size_t room = ZSTD_compressBound(PACK_BLOCK), n;
	char *text = mem_resize(NULL, PACK_BLOCK, 1);
	char *out = mem_resize(NULL, room, 1);

	if (!p->mended)
		p->mended = pack_cache_new();
	if (!p->mender)
		p->mender = ZSTD_createCCtx();
	if (pack_unpack(p, p->mended, b, text)) {
		memset(text + from, 0, to - from);
		n = ZSTD_compressCCtx(p->mender, out, room, text, b->length,
		    PACK_LEVEL);
		if (!ZSTD_isError(n) && n < b->packed)
			replace_block(p, b, mem_slicedup((struct slice){ out,
			    n }), (uint32_t)n);
	}
	free(out);
	free(text);
}

static bool
is_held(struct pack *p)
{
	bool held;

	pthread_mutex_lock(&p->lock);
	held = p->held;
	pthread_mutex_unlock(&p->lock);
	return held;
}

void
pack_forget(struct pack *p, uint64_t from, uint64_t to)
{
	uint64_t n = table_count(&p->blocks);

	if (is_held(p))
		return;
	for (uint64_t i = from / PACK_BLOCK; i < n && i * PACK_BLOCK < to;
	    i++) {
		struct block *b = table_at(&p->blocks, i);
		uint64_t begin = i * PACK_BLOCK, end = begin + b->length;
		uint64_t lo = from > begin ? from : begin;
		uint64_t hi = to < end ? to : end;

		if (!b->data || lo >= hi)
			continue;
		if ((from == 0 || from + PACK_NEAR <= begin) &&
		    end + PACK_NEAR <= to)
			replace_block(p, b, NULL, b->packed);
		else
			blank(p, b, (size_t)(lo - begin), (size_t)(hi - begin));
	}
}

void
pack_hold(struct pack *p)
{
	pthread_mutex_lock(&p->lock);
	p->held = p->unbound = true;
	p->bounded = false;
	pthread_cond_broadcast(&p->less);
	pthread_mutex_unlock(&p->lock);
}

void
pack_bound(struct pack *p)
{
	pthread_mutex_lock(&p->lock);
	p->bounded = !p->unbound;
	pthread_mutex_unlock(&p->lock);
}

void
pack_unbound(struct pack *p)
{
	pthread_mutex_lock(&p->lock);
	p->unbound = true;
	p->bounded = false;
	pthread_cond_broadcast(&p->less);
	pthread_mutex_unlock(&p->lock);
}
