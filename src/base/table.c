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

static size_t
room_in(const struct table *t, unsigned i)
{
	return (size_t)1 << (i + t->shift);
}

/* In those before it: one less of the first. */
static size_t
room_before(const struct table *t, unsigned i)
{
	return room_in(t, i) - room_in(t, 0);
}

void
table_free(struct table *t)
{
	if (t->together)
		mem_table_free(atomic_load_explicit(&t->segment[0],
		    memory_order_relaxed), room_in(t, t->together), t->size);
	for (unsigned i = t->together; i < TABLE_SEGMENTS; i++) {
		char *seg = atomic_load_explicit(&t->segment[i],
		    memory_order_relaxed);

		if (seg)
			mem_table_free(seg, room_in(t, i), t->size);
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

/*
 * Segments that no pages of a file can become part of are copied, and to touch
 * fresh memory costs more than that: where larger ones follow, they have a large
 * page together.
 */
static void
load_together(struct table *t, uint64_t n, const char *from)
{
	unsigned i = 0;
	char *seg;

	while (room_before(t, i) < n &&
	    !mem_table_is_large(room_in(t, i), t->size))
		i++;
	if (i == 0 || room_before(t, i) >= n)
		return;
	t->together = i;
	t->used = room_before(t, i);
	seg = mem_table(room_in(t, i), t->size);
	memcpy(seg, from, t->used * t->size);
	for (i = 0; i < t->together; i++)
		atomic_store_explicit(&t->segment[i],
		    seg + room_before(t, i) * t->size, memory_order_relaxed);
}

void
table_load(struct table *t, uint64_t n, const char *from, int fd, uint64_t at)
{
	t->next = t->end = NULL;
	load_together(t, n, from);
	for (unsigned i = t->together; t->used < n; i++) {
		size_t room = room_in(t, i);
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
