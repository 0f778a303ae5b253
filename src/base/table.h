/*
 * A published table: one thread appends, any thread reads.
 *
 * Elements lie in segments that double in size and never move, so a pointer
 * to an element stays good for the life of the table.  The writer appends and
 * then publishes a count (release); a reader loads the count (acquire) and may
 * read every element below it.  What may change in a published element is the
 * element's own matter (see index/session.h).
 */
#ifndef EHLOG_BASE_TABLE_H
#define EHLOG_BASE_TABLE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_SEGMENTS 40

struct table {
	size_t size;                 /* bytes of one element */
	unsigned shift;              /* the first segment holds 1 << shift */
	unsigned together;           /* so many lie in one piece of memory */
	uint64_t used;               /* the writer's own count */
	char *next, *end;            /* his: where the next element goes, up to
	                                the end of the segment */
	_Atomic uint64_t forgotten;  /* table_note_forgotten() */
	_Atomic uint64_t count;      /* published; pairs with table_count() */
	_Atomic(char *) segment[TABLE_SEGMENTS];
};

void table_init(struct table *t, size_t size, unsigned shift);
void table_free(struct table *t);
/* Writer: room for one more element, zeroed.  Not visible before publish. */
void *table_append_slow(struct table *t);
/*
 * Writer: an empty table gets n elements, not published yet.  They are those at
 * `from`, which is where offset `at` of the file `fd` is mapped: of large
 * segments pages of the file become part of the table (mem_table_map()), so
 * behind them zeros must follow up to the end of a page.
 */
void table_load(struct table *t, uint64_t n, const char *from, int fd,
    uint64_t at);
/* Bytes in use, for --stats. */
uint64_t table_bytes(const struct table *t);
/*
 * Published elements [from, to) are not asked for any more: most of their memory
 * is given back.  They may be read still, and are zeros or what they were.  So
 * many `before` them were forgotten, too: a page may hold some of both.  To do
 * it once more does no harm.  One thread, which need not be the writer.
 */
void table_forget(struct table *t, uint64_t from, uint64_t to,
    uint64_t before);
/* So many more were, and count no longer in table_bytes(). */
void table_note_forgotten(struct table *t, uint64_t n);

static inline void *
table_at(const struct table *t, uint64_t i)
{
	uint64_t v = i + (UINT64_C(1) << t->shift);
	unsigned top = 63 - (unsigned)__builtin_clzll(v);
	char *seg = atomic_load_explicit(&t->segment[top - t->shift],
	    memory_order_relaxed);

	return seg + (v - (UINT64_C(1) << top)) * t->size;
}

/* How many elements from i on lie side by side in memory. */
static inline uint64_t
table_run(const struct table *t, uint64_t i)
{
	uint64_t v = i + (UINT64_C(1) << t->shift);

	return (UINT64_C(2) << (63 - (unsigned)__builtin_clzll(v))) - v;
}

static inline void *
table_append(struct table *t)
{
	char *p = t->next;

	if (p == t->end)
		return table_append_slow(t);
	t->next += t->size;
	t->used++;
	return p;
}

static inline void
table_publish(struct table *t)
{
	atomic_store_explicit(&t->count, t->used, memory_order_release);
}

static inline uint64_t
table_count(const struct table *t)
{
	return atomic_load_explicit(&t->count, memory_order_acquire);
}

#endif
