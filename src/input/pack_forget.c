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
	char *before;

	atomic_fetch_sub_explicit(&p->memory, b->packed, memory_order_relaxed);
	pthread_rwlock_wrlock(&p->guard);
	before = b->data;
	b->data = data;
	b->packed = packed;
	pthread_rwlock_unlock(&p->guard);
	free(before);
	if (data)
		atomic_fetch_add_explicit(&p->memory, packed,
		    memory_order_relaxed);
}

/* A block's part of a piece, as places in its text; false when it has none. */
static bool
part_of(const struct block *b, uint64_t begin, const struct pack_range *r,
    size_t *from, size_t *to)
{
	uint64_t end = begin + b->length;

	if (r->to <= begin || r->from >= end)
		return false;
	*from = r->from > begin ? (size_t)(r->from - begin) : 0;
	*to = r->to < end ? (size_t)(r->to - begin) : b->length;
	return true;
}

/* The text with its zeros takes the block's place, if it packs to less. */
static void
pack_anew(struct pack *p, struct block *b, const char *text)
{
	size_t room = ZSTD_compressBound(PACK_BLOCK), n;
	char *out = mem_resize(NULL, room, 1);

	if (!p->mender)
		p->mender = ZSTD_createCCtx();
	n = ZSTD_compressCCtx(p->mender, out, room, text, b->length,
	    PACK_LEVEL);
	if (!ZSTD_isError(n) && n < b->packed)
		replace_block(p, b, mem_slicedup((struct slice){ out, n }),
		    (uint32_t)n);
	free(out);
}

/* What is asked for no more becomes zeros, which pack to nothing. */
static void
blank(struct pack *p, struct block *b, uint64_t begin,
    const struct pack_range *r, size_t n)
{
	char *text = mem_resize(NULL, PACK_BLOCK, 1);
	size_t from, to;

	if (!p->mended)
		p->mended = pack_cache_new();
	if (pack_unpack(p, p->mended, b, text)) {
		for (size_t i = 0; i < n; i++)
			if (part_of(b, begin, &r[i], &from, &to))
				memset(text + from, 0, to - from);
		pack_anew(p, b, text);
	}
	free(text);
}

/* Whether nobody needs anything in the block or near it. */
static bool
is_all_of(const struct pack_range *r, uint64_t begin, uint64_t end)
{
	return (r->from == 0 || r->from + PACK_NEAR <= begin) &&
	    end + PACK_NEAR <= r->to;
}

static void
forget_of_block(struct pack *p, uint64_t i, const struct pack_range *r,
    size_t n, bool whole)
{
	struct block *b = table_at(&p->blocks, i);
	uint64_t begin = i * PACK_BLOCK, end = begin + b->length;

	if (!b->data || (i == 0 && pack_retained(p)))
		return;
	for (size_t k = 0; k < n; k++) {
		if (!is_all_of(&r[k], begin, end))
			continue;
		replace_block(p, b, NULL, 0);
		return;
	}
	if (!whole)
		blank(p, b, begin, r, n);
}

static void
forget_all(struct pack *p, const struct pack_range *r, size_t n, bool whole)
{
	uint64_t blocks = table_count(&p->blocks);
	uint64_t i = r[0].from / PACK_BLOCK;

	for (size_t first = 0; i < blocks && first < n; i++) {
		uint64_t begin = i * PACK_BLOCK, end = begin + PACK_BLOCK;
		size_t over;

		while (first < n && r[first].to <= begin)
			first++;
		over = first;
		while (over < n && r[over].from < end)
			over++;
		if (over > first)
			forget_of_block(p, i, &r[first], over - first, whole);
	}
}

bool
pack_forget(struct pack *p, const struct pack_range *r, size_t n, bool whole)
{
	bool held;

	if (n == 0)
		return true;
	pthread_mutex_lock(&p->forgetting);
	held = p->held;
	if (!held) {
		if (r[n - 1].to > pack_gone(p))
			atomic_store_explicit(&p->gone, r[n - 1].to,
			    memory_order_relaxed);
		forget_all(p, r, n, whole);
	}
	pthread_mutex_unlock(&p->forgetting);
	return !held;
}

uint64_t
pack_gone(const struct pack *p)
{
	return atomic_load_explicit(&p->gone, memory_order_relaxed);
}

void
pack_retain(struct pack *p, uint64_t n)
{
	atomic_store_explicit(&p->retained, n, memory_order_relaxed);
}

uint64_t
pack_retained(const struct pack *p)
{
	return atomic_load_explicit(&p->retained, memory_order_relaxed);
}

void
pack_hold(struct pack *p, bool hold)
{
	pthread_mutex_lock(&p->forgetting);
	p->held = hold;
	pthread_mutex_unlock(&p->forgetting);
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
