/*
 * Published tables: the growing part.
 */
#include "config.h"

#include "base/table.h"

#include <string.h>

#include "base/mem.h"

void
table_init(struct table *t, size_t size, unsigned shift)
{
	*t = (struct table){ .size = size, .shift = shift };
}

void
table_free(struct table *t)
{
	for (unsigned i = 0; i < TABLE_SEGMENTS; i++) {
		char *seg = atomic_load_explicit(&t->segment[i],
		    memory_order_relaxed);

		if (seg)
			mem_table_free(seg, (size_t)1 << (i + t->shift),
			    t->size);
	}
	*t = (struct table){ 0 };
}

void *
table_append_slow(struct table *t)
{
	uint64_t v = t->used + (UINT64_C(1) << t->shift);
	unsigned top = 63 - (unsigned)__builtin_clzll(v);
	unsigned i = top - t->shift;
	char *p;

	/* It is untouched memory: it costs when used. */
	if (!atomic_load_explicit(&t->segment[i], memory_order_relaxed))
		atomic_store_explicit(&t->segment[i],
		    mem_table((size_t)1 << top, t->size), memory_order_relaxed);
	p = table_at(t, t->used);
	t->next = p + t->size;
	t->end = p + table_run(t, t->used) * t->size;
	t->used++;
	return p;
}

void
table_load(struct table *t, uint64_t n, const char *from, int fd, uint64_t at)
{
	t->next = t->end = NULL;
	for (unsigned i = 0; t->used < n; i++) {
		size_t room = (size_t)1 << (i + t->shift);
		uint64_t left = n - t->used, skip = t->used * t->size;
		size_t count = left < room ? (size_t)left : room;
		char *seg = mem_table(room, t->size);

		if (!mem_table_map(seg, room, t->size, fd, at + skip,
		    count * t->size))
			memcpy(seg, from + skip, count * t->size);
		atomic_store_explicit(&t->segment[i], seg,
		    memory_order_relaxed);
		t->used += count;
	}
}

uint64_t
table_bytes(const struct table *t)
{
	return (table_count(t) - atomic_load_explicit(&t->forgotten,
	    memory_order_relaxed)) * t->size;
}

void
table_note_forgotten(struct table *t, uint64_t n)
{
	atomic_fetch_add_explicit(&t->forgotten, n, memory_order_relaxed);
}

void
table_forget(struct table *t, uint64_t from, uint64_t to, uint64_t before)
{
	uint64_t first = UINT64_C(1) << t->shift;

	if (to <= from)
		return;
	for (uint64_t i = from - before, n; i < to; i += n) {
		uint64_t all = UINT64_C(1) << (63 - __builtin_clzll(i + first));
		size_t at = (size_t)(i + first - all);

		n = table_run(t, i);
		if (n > to - i)
			n = to - i;
		mem_table_forget(table_at(t, all - first), (size_t)all, t->size,
		    at, at + (size_t)n);
	}
}
