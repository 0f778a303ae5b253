/*
 * Packs.
 *
 * All blocks but the last hold the same length of text, so an offset tells its
 * block.  The text behind them lies open until it fills a block.  What is read
 * of it is copied under the lock, and the lock is taken to make a block of it:
 * so nobody reads what is written over next.
 */
#include "config.h"

#include "input/pack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/pack_parts.h"

/* A session's lines lie near each other. */
#define CACHED 4
/* So much text may wait for its reader where what was read is given back. */
#define AHEAD_MAX (16u << 20)

struct cached {
	uint64_t pack, index, used;
	size_t n;
	char *text;              /* NULL: never used */
};

struct pack_cache {
	struct cached entry[CACHED];
	uint64_t clock;
	ZSTD_DCtx *unpacker;
	struct buf in;           /* the packed bytes of a block */
};

struct pack *
pack_new(struct spill *spill)
{
	static _Atomic uint64_t ids;
	struct pack *p = mem_alloc(sizeof *p);

	p->id = atomic_fetch_add(&ids, 1) + 1;
	p->spill = spill;
	for (int i = 0; i < LISTENERS; i++)
		p->listener[i].fd = -1;
	table_init(&p->blocks, sizeof(struct block), 4);
	pthread_mutex_init(&p->lock, NULL);
	pthread_mutex_init(&p->forgetting, NULL);
	pthread_rwlock_init(&p->guard, NULL);
	pthread_cond_init(&p->more, NULL);
	pthread_cond_init(&p->less, NULL);
	return p;
}

static void
free_writer(struct pack *p)
{
	free(p->open);
	free(p->out);
	ZSTD_freeCCtx(p->packer);
	p->open = p->out = NULL;
	p->packer = NULL;
}

void
pack_free(struct pack *p)
{
	if (!p)
		return;
	for (uint64_t i = 0; i < p->blocks.used; i++)
		free(((struct block *)table_at(&p->blocks, i))->data);
	table_free(&p->blocks);
	free_writer(p);
	pack_cache_free(p->mended);
	ZSTD_freeCCtx(p->mender);
	pthread_cond_destroy(&p->more);
	pthread_cond_destroy(&p->less);
	pthread_mutex_destroy(&p->lock);
	pthread_mutex_destroy(&p->forgetting);
	pthread_rwlock_destroy(&p->guard);
	free(p);
}

/* --- filling --------------------------------------------------------------- */

/* With the lock. */
static void
tell(struct pack *p)
{
	pthread_cond_broadcast(&p->more);
	for (int i = 0; i < LISTENERS; i++) {
		struct listener *l = &p->listener[i];

		if (l->fd < 0 || l->told)
			continue;
		l->told = true;
		if (write(l->fd, "", 1) < 0) {
			/* a full pipe wakes it just as well */
		}
	}
}

static void
keep_block(struct pack *p, struct block *b, const char *bytes, size_t n)
{
	b->packed = (uint32_t)n;
	atomic_fetch_add_explicit(&p->packed, n, memory_order_relaxed);
	if (p->spill && spill_put(p->spill, bytes, n, &b->at))
		return;
	b->data = mem_resize(NULL, n, 1);
	memcpy(b->data, bytes, n);
	atomic_fetch_add_explicit(&p->memory, n, memory_order_relaxed);
}

/* Makes a block of the open text. */
static void
seal(struct pack *p)
{
	size_t room = ZSTD_compressBound(PACK_BLOCK), n;
	struct block *b = table_append(&p->blocks);

	if (!p->packer)
		p->packer = ZSTD_createCCtx();
	if (!p->out)
		p->out = mem_resize(NULL, room, 1);
	n = ZSTD_compressCCtx(p->packer, p->out, room, p->open, p->nopen,
	    PACK_LEVEL);
	/* A block that is as long as its text is the text. */
	b->length = (uint32_t)p->nopen;
	if (ZSTD_isError(n) || n >= p->nopen)
		keep_block(p, b, p->open, p->nopen);
	else
		keep_block(p, b, p->out, n);
	pthread_mutex_lock(&p->lock);
	table_publish(&p->blocks);
	p->nopen = 0;
	pthread_mutex_unlock(&p->lock);
}

static void
wait_for_readers(struct pack *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->bounded && pack_size(p) > atomic_load_explicit(&p->read,
	    memory_order_relaxed) + AHEAD_MAX)
		pthread_cond_wait(&p->less, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void
pack_append(struct pack *p, const void *text, size_t n)
{
	const char *from = text;

	if (!p->open)
		p->open = mem_resize(NULL, PACK_BLOCK, 1);
	while (n > 0) {
		size_t k = PACK_BLOCK - p->nopen;

		if (k > n)
			k = n;
		memcpy(p->open + p->nopen, from, k);
		p->nopen += k;
		from += k;
		n -= k;
		pthread_mutex_lock(&p->lock);
		atomic_fetch_add_explicit(&p->size, k, memory_order_release);
		tell(p);
		pthread_mutex_unlock(&p->lock);
		if (p->nopen == PACK_BLOCK) {
			seal(p);
			wait_for_readers(p);
		}
	}
}

void
pack_end(struct pack *p, const struct err *why)
{
	if (p->nopen)
		seal(p);
	pthread_mutex_lock(&p->lock);
	/* All of it is in blocks now. */
	free_writer(p);
	if (why)
		p->why = *why;
	atomic_store_explicit(&p->over, true, memory_order_release);
	tell(p);
	pthread_mutex_unlock(&p->lock);
}

void
pack_wake(struct pack *p)
{
	pthread_mutex_lock(&p->lock);
	tell(p);
	pthread_mutex_unlock(&p->lock);
}

/* --- asking ----------------------------------------------------------------- */

uint64_t
pack_size(const struct pack *p)
{
	return atomic_load_explicit(&p->size, memory_order_acquire);
}

bool
pack_is_over(const struct pack *p)
{
	return atomic_load_explicit(&p->over, memory_order_acquire);
}

bool
pack_trouble(struct pack *p, struct err *err)
{
	bool trouble;

	pthread_mutex_lock(&p->lock);
	trouble = p->why.text[0] != '\0';
	if (trouble)
		*err = p->why;
	pthread_mutex_unlock(&p->lock);
	return trouble;
}

uint64_t
pack_memory(const struct pack *p)
{
	return atomic_load_explicit(&p->memory, memory_order_relaxed) +
	    table_bytes(&p->blocks) + (pack_is_over(p) ? 0 : PACK_BLOCK);
}

uint64_t
pack_packed(const struct pack *p)
{
	return atomic_load_explicit(&p->packed, memory_order_relaxed);
}

void
pack_wait(struct pack *p, uint64_t at)
{
	pthread_mutex_lock(&p->lock);
	while (pack_size(p) <= at && !pack_is_over(p))
		pthread_cond_wait(&p->more, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

/* With the lock: that of the descriptor, or NULL. */
static struct listener *
find_listener(struct pack *p, int fd)
{
	for (int i = 0; i < LISTENERS; i++)
		if (p->listener[i].fd == fd)
			return &p->listener[i];
	return NULL;
}

void
pack_listen(struct pack *p, int fd)
{
	struct listener *l;

	pthread_mutex_lock(&p->lock);
	l = find_listener(p, -1);
	if (l)
		*l = (struct listener){ .fd = fd };
	pthread_mutex_unlock(&p->lock);
}

void
pack_heard(struct pack *p, int fd)
{
	struct listener *l;

	pthread_mutex_lock(&p->lock);
	l = find_listener(p, fd);
	if (l)
		l->told = false;
	pthread_mutex_unlock(&p->lock);
}

void
pack_unlisten(struct pack *p, int fd)
{
	struct listener *l;

	pthread_mutex_lock(&p->lock);
	l = find_listener(p, fd);
	if (l)
		l->fd = -1;
	pthread_mutex_unlock(&p->lock);
}

/* --- reading ---------------------------------------------------------------- */

struct pack_cache *
pack_cache_new(void)
{
	return mem_alloc(sizeof(struct pack_cache));
}

void
pack_cache_free(struct pack_cache *c)
{
	if (!c)
		return;
	for (int i = 0; i < CACHED; i++)
		free(c->entry[i].text);
	ZSTD_freeDCtx(c->unpacker);
	buf_free(&c->in);
	free(c);
}

/*
 * Takes the packed bytes of a block into c->in: how many, 0 when they cannot be
 * had.  The guard is not held while they are unpacked.
 */
static size_t
take_bytes(struct pack *p, struct pack_cache *c, const struct block *b)
{
	uint64_t at;
	size_t n;
	bool here;

	pthread_rwlock_rdlock(&p->guard);
	n = b->packed;
	at = b->at;
	here = b->data != NULL;
	mem_reserve(&c->in.p, &c->in.cap, n, 1);
	if (here)
		memcpy(c->in.p, b->data, n);
	pthread_rwlock_unlock(&p->guard);
	if (!here && n && !(p->spill && spill_get(p->spill, c->in.p, n, at)))
		n = 0;
	return n;
}

bool
pack_unpack(struct pack *p, struct pack_cache *c, const struct block *b,
    char *text)
{
	size_t n = take_bytes(p, c, b);

	if (n == 0)
		return false;
	if (n == b->length) {
		memcpy(text, c->in.p, b->length);
		return true;
	}
	if (!c->unpacker)
		c->unpacker = ZSTD_createDCtx();
	return ZSTD_decompressDCtx(c->unpacker, text, b->length, c->in.p, n) ==
	    b->length;
}

/* A block with its text; in the place of the one not used for longest. */
static const struct cached *
cached_block(struct pack *p, struct pack_cache *c, uint64_t index)
{
	const struct block *b = table_at(&p->blocks, index);
	struct cached *oldest = &c->entry[0];

	for (int i = 0; i < CACHED; i++) {
		struct cached *e = &c->entry[i];

		if (e->text && e->pack == p->id && e->index == index) {
			e->used = ++c->clock;
			return e;
		}
		if (e->used < oldest->used)
			oldest = e;
	}
	if (!oldest->text)
		oldest->text = mem_resize(NULL, PACK_BLOCK, 1);
	oldest->pack = 0;
	if (!pack_unpack(p, c, b, oldest->text))
		return NULL;
	oldest->pack = p->id;
	oldest->index = index;
	oldest->n = b->length;
	oldest->used = ++c->clock;
	return oldest;
}

/* Copies open text, unless a block was made of it: then false. */
static bool
read_open(struct pack *p, char *to, size_t n, uint64_t at)
{
	bool open;

	pthread_mutex_lock(&p->lock);
	open = at / PACK_BLOCK >= table_count(&p->blocks);
	if (open)
		memcpy(to, p->open + at % PACK_BLOCK, n);
	pthread_mutex_unlock(&p->lock);
	return open;
}

/* How far reading has come; who fills it may wait for that. */
static void
note_read(struct pack *p, uint64_t end)
{
	if (end <= atomic_load_explicit(&p->read, memory_order_relaxed))
		return;
	pthread_mutex_lock(&p->lock);
	if (end > atomic_load_explicit(&p->read, memory_order_relaxed))
		atomic_store_explicit(&p->read, end, memory_order_relaxed);
	pthread_cond_broadcast(&p->less);
	pthread_mutex_unlock(&p->lock);
}

ssize_t
pack_read(struct pack *p, struct pack_cache *c, void *buf, size_t n,
    uint64_t at, struct err *err)
{
	uint64_t size = pack_size(p);
	char *to = buf;
	size_t got = 0;

	if (at >= size)
		return 0;
	if (n > size - at)
		n = (size_t)(size - at);
	while (got < n) {
		uint64_t here = at + got;
		size_t within = (size_t)(here % PACK_BLOCK);
		size_t k = PACK_BLOCK - within;
		const struct cached *e;

		if (k > n - got)
			k = n - got;
		if (here / PACK_BLOCK >= table_count(&p->blocks) &&
		    read_open(p, to + got, k, here)) {
			got += k;
			continue;
		}
		e = cached_block(p, c, here / PACK_BLOCK);
		if (!e)
			return err_set(err, "text that was kept cannot be "
			    "read back");
		memcpy(to + got, e->text + within, k);
		got += k;
	}
	note_read(p, at + got);
	return (ssize_t)got;
}
