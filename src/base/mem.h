/*
 * Memory.  mem_*() end the program with a clear word when a small allocation
 * fails: nothing sensible can be done then.  Sizes that come from input go
 * through mem_try_array(), which may fail and says so by NULL.
 */
#ifndef EHLOG_BASE_MEM_H
#define EHLOG_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

void *mem_alloc(size_t n);                    /* zeroed */
void *mem_array(size_t n, size_t size);       /* zeroed */
void *mem_resize(void *p, size_t n, size_t size);
void *mem_try_array(size_t n, size_t size);   /* zeroed, or NULL */
char *mem_strdup(const char *s);
char *mem_slicedup(struct slice s);           /* ended by a NUL */

/*
 * n zeroed elements of which nearly all will be written, sooner or later: where
 * they are many they lie in large pages, since a fault for each small one costs
 * more than to fill it.  To be freed with the same n and size.
 */
void *mem_table(size_t n, size_t size);
/* Whether they are many enough for that. */
bool mem_table_is_large(size_t n, size_t size);
void mem_table_free(void *p, size_t n, size_t size);
/*
 * The first `bytes` of such elements become what lies at offset `at` of a file;
 * to change them changes nothing in the file, which is not to be changed by
 * anybody else.  Behind them the rest of the file's page comes in, too.  False
 * when that cannot be done: nothing has changed then.
 */
bool mem_table_map(void *p, size_t n, size_t size, int fd, uint64_t at,
    size_t bytes);
/*
 * Elements [from, to) of such memory are needed no more: whole pages of them are
 * given back, where it is large, and are zeros when they are looked at again.
 */
void mem_table_forget(void *p, size_t n, size_t size, size_t from, size_t to);
/* From so many bytes on they are. */
#define MEM_LARGE ((size_t)2 << 20)

/* For other memory of which the same is true; may do nothing. */
void mem_prefer_large(void *p, size_t bytes);

/* Grows the vector *p of elements of `size` so that it holds `need`. */
void mem_reserve(void *pp, size_t *cap, size_t need, size_t size);

/* A growing byte buffer; p is NULL while nothing was ever put in. */
struct buf {
	char *p;
	size_t n, cap;
};

void buf_add(struct buf *b, struct slice s);
void buf_add_char(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buf_free(struct buf *b);

static inline struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){ b->p, b->n };
}

/*
 * An arena: many small pieces, freed together.  arena_reset() keeps the memory
 * for the next use.  What arena_dup() returns lives until then.
 */
struct arena_chunk;
struct arena {
	struct arena_chunk *head;
};

void *arena_alloc(struct arena *a, size_t n);
struct slice arena_dup(struct arena *a, struct slice s);
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

#endif
