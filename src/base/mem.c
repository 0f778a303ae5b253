/*
 * Memory: allocation that does not fail, buffers that grow, arenas.
 */
#include "config.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ARENA_CHUNK 16384

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, cap;
	max_align_t data[];
};

static _Noreturn void
out_of_memory(void)
{
	static const char word[] = "ehlog: out of memory\n";

	if (write(STDERR_FILENO, word, sizeof word - 1) < 0) {
		/* nobody is left to be told */
	}
	abort();
}

void *
mem_try_array(size_t n, size_t size)
{
	return calloc(n ? n : 1, size ? size : 1);
}

void *
mem_array(size_t n, size_t size)
{
	void *p = mem_try_array(n, size);

	if (!p)
		out_of_memory();
	return p;
}

static size_t
page_size(void)
{
	long page = sysconf(_SC_PAGESIZE);

	return page > 0 ? (size_t)page : MEM_LARGE;
}

#if defined MAP_ANONYMOUS && defined MADV_HUGEPAGE
/* Whole pages of that size, at a place of that size. */
static void *
large_pages(size_t bytes)
{
	size_t all = bytes + MEM_LARGE;
	char *p = mmap(NULL, all, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before = (size_t)(-(uintptr_t)p & (MEM_LARGE - 1));

	if (p == MAP_FAILED)
		out_of_memory();
	if (before)
		munmap(p, before);
	munmap(p + before + bytes, all - before - bytes);
	madvise(p + before, bytes, MADV_HUGEPAGE);
	return p + before;
}

static void
free_large_pages(void *p, size_t bytes)
{
	munmap(p, bytes);
}

/* Over pages of our own: a page of the file takes the place of each. */
static bool
map_over(void *p, int fd, uint64_t at, size_t bytes)
{
	return at % page_size() == 0 &&
	    mmap(p, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
	    fd, (off_t)at) != MAP_FAILED;
}

/* They stay, and are zeros when they are used again. */
static void
empty_large_pages(void *p, size_t bytes)
{
	madvise(p, bytes, MADV_DONTNEED);
}

void
mem_prefer_large(void *p, size_t bytes)
{
	size_t before = (size_t)(-(uintptr_t)p & (MEM_LARGE - 1));

	if (bytes >= before + MEM_LARGE)
		madvise((char *)p + before, (bytes - before) &
		    ~(MEM_LARGE - 1), MADV_HUGEPAGE);
}
#else
static void *
large_pages(size_t bytes)
{
	return mem_array(bytes, 1);
}

static bool
map_over(void *p, int fd, uint64_t at, size_t bytes)
{
	(void)p;
	(void)fd;
	(void)at;
	(void)bytes;
	return false;
}

static void
free_large_pages(void *p, size_t bytes)
{
	(void)bytes;
	free(p);
}

static void
empty_large_pages(void *p, size_t bytes)
{
	(void)p;
	(void)bytes;
}

void
mem_prefer_large(void *p, size_t bytes)
{
	(void)p;
	(void)bytes;
}
#endif

/* How many bytes of large pages; 0 when it is not worth one. */
static size_t
large_size(size_t n, size_t size)
{
	if (size && n > (SIZE_MAX - 2 * MEM_LARGE) / size)
		out_of_memory();
	return n * size < MEM_LARGE ? 0 :
	    (n * size + MEM_LARGE - 1) & ~(MEM_LARGE - 1);
}

bool
mem_table_is_large(size_t n, size_t size)
{
	return large_size(n, size) != 0;
}

void *
mem_table(size_t n, size_t size)
{
	size_t bytes = large_size(n, size);

	return bytes ? large_pages(bytes) : mem_array(n, size);
}

bool
mem_table_map(void *p, size_t n, size_t size, int fd, uint64_t at,
    size_t bytes)
{
	return bytes && large_size(n, size) && map_over(p, fd, at, bytes);
}

void
mem_table_free(void *p, size_t n, size_t size)
{
	size_t bytes = p ? large_size(n, size) : 0;

	if (bytes)
		free_large_pages(p, bytes);
	else
		free(p);
}

void
mem_table_forget(void *p, size_t n, size_t size, size_t from, size_t to)
{
	size_t bytes = large_size(n, size), page = page_size();
	size_t at = (from * size + page - 1) / page * page;
	size_t end = (to == n ? bytes : to * size) / page * page;

	if (bytes && end > at)
		empty_large_pages((char *)p + at, end - at);
}

void *
mem_alloc(size_t n)
{
	return mem_array(1, n);
}

void *
mem_resize(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		out_of_memory();
	p = realloc(p, n && size ? n * size : 1);
	if (!p)
		out_of_memory();
	return p;
}

char *
mem_slicedup(struct slice s)
{
	char *p = mem_alloc(s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

char *
mem_strdup(const char *s)
{
	return mem_slicedup(slice_of(s));
}

void
mem_reserve(void *pp, size_t *cap, size_t need, size_t size)
{
	void *p;
	size_t n = *cap ? *cap : 16;

	if (need <= *cap)
		return;
	while (n < need) {
		if (n > SIZE_MAX / 2)
			out_of_memory();
		n *= 2;
	}
	memcpy(&p, pp, sizeof p);
	p = mem_resize(p, n, size);
	memcpy(pp, &p, sizeof p);
	*cap = n;
}

void
buf_add(struct buf *b, struct slice s)
{
	if (s.n == 0)
		return;
	if (s.n > SIZE_MAX - b->n)
		out_of_memory();
	mem_reserve(&b->p, &b->cap, b->n + s.n, 1);
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void
buf_add_char(struct buf *b, char c)
{
	buf_add(b, (struct slice){ &c, 1 });
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n > 0) {
		mem_reserve(&b->p, &b->cap, b->n + (size_t)n + 1, 1);
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
	va_end(ap);
}

void
buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct arena_chunk *c = a->head;
	size_t align = sizeof(max_align_t);
	size_t need = (n + align - 1) / align * align;
	void *p;

	if (need < n)
		out_of_memory();
	if (!c || c->cap - c->used < need) {
		size_t cap = need > ARENA_CHUNK ? need : ARENA_CHUNK;

		c = mem_resize(NULL, 1, sizeof *c + cap);
		c->used = 0;
		c->cap = cap;
		c->next = a->head;
		a->head = c;
	}
	p = (char *)c->data + c->used;
	c->used += need;
	memset(p, 0, need);
	return p;
}

struct slice
arena_dup(struct arena *a, struct slice s)
{
	char *p;

	if (s.n == 0)
		return (struct slice){ "", 0 };
	p = arena_alloc(a, s.n);
	memcpy(p, s.p, s.n);
	return (struct slice){ p, s.n };
}

void
arena_reset(struct arena *a)
{
	struct arena_chunk *keep = a->head, *next;

	if (!keep)
		return;
	for (struct arena_chunk *c = keep->next; c; c = next) {
		next = c->next;
		free(c);
	}
	keep->next = NULL;
	keep->used = 0;
}

void
arena_free(struct arena *a)
{
	struct arena_chunk *next;

	for (struct arena_chunk *c = a->head; c; c = next) {
		next = c->next;
		free(c);
	}
	a->head = NULL;
}
