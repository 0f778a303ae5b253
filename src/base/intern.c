/*
 * Interned strings.  The texts lie in chunks that never move, so a slice that
 * was handed out stays good for the life of the table.  Knows nothing of what
 * the strings are.
 */
#include "config.h"

#include "base/intern.h"

#include <stdlib.h>

#include "base/mem.h"

/* Chunks grow with what they hold, so that the last is a small part of it. */
#define CHUNK_SIZE   65536u
#define CHUNK_SHARE  4
#define ENTRY_SHIFT  8
#define HASH_FIRST   1024

void
intern_init(struct intern *in)
{
	*in = (struct intern){ 0 };
	/* Where the system put us is what no writer of a log can know. */
	in->seed = (uint64_t)(uintptr_t)in * UINT64_C(0x9e3779b97f4a7c15);
	table_init(&in->entries, sizeof(const char *), ENTRY_SHIFT);
}

static void
free_hash(struct intern *in)
{
	if (in->hash)
		mem_table_free(in->hash, (size_t)in->mask + 1,
		    sizeof *in->hash);
}

void
intern_free(struct intern *in)
{
	for (size_t i = 0; i < in->nchunks; i++)
		mem_table_free((void *)(uintptr_t)in->chunks[i].p,
		    in->chunks[i].n, 1);
	free(in->chunks);
	free_hash(in);
	table_free(&in->entries);
	*in = (struct intern){ 0 };
}

static void
count_bytes(struct intern *in, uint64_t n)
{
	atomic_fetch_add_explicit(&in->held, n, memory_order_relaxed);
}

static char *
new_chunk(struct intern *in, size_t size)
{
	char *p = mem_table(size, 1);

	mem_reserve(&in->chunks, &in->chunks_cap, in->nchunks + 1,
	    sizeof *in->chunks);
	in->chunks[in->nchunks++] = (struct slice){ p, size };
	count_bytes(in, size);
	return p;
}

static uint32_t
chunk_size(const struct intern *in)
{
	uint64_t n = atomic_load_explicit(&in->held, memory_order_relaxed) /
	    CHUNK_SHARE;

	return n < MEM_LARGE ? CHUNK_SIZE : (uint32_t)MEM_LARGE;
}

/*
 * A text is kept behind its length: two bytes, and where they are all ones four
 * more.  Most texts are short and there may be a million.
 */
#define LENGTH_LONG UINT16_MAX

static const char *
keep_text(struct intern *in, struct slice s)
{
	uint16_t n = s.n < LENGTH_LONG ? (uint16_t)s.n : LENGTH_LONG;
	uint32_t long_n = (uint32_t)s.n;
	size_t head = sizeof n + (n == LENGTH_LONG ? sizeof long_n : 0);
	size_t need = head + s.n;
	char *p;

	if (need > CHUNK_SIZE / 8) {
		/* A chunk of its own: the open one keeps its room. */
		p = new_chunk(in, need);
	} else {
		if (need > in->chunk_size - in->chunk_used) {
			in->chunk_size = chunk_size(in);
			in->chunk = new_chunk(in, in->chunk_size);
			in->chunk_used = 0;
		}
		p = in->chunk + in->chunk_used;
		in->chunk_used += (uint32_t)need;
	}
	memcpy(p, &n, sizeof n);
	if (n == LENGTH_LONG)
		memcpy(p + sizeof n, &long_n, sizeof long_n);
	memcpy(p + head, s.p, s.n);
	return p;
}

static struct slice
entry(const struct intern *in, uint32_t number)
{
	const char *p = *(const char *const *)table_at(&in->entries, number - 1);
	uint16_t n;
	uint32_t long_n;

	memcpy(&n, p, sizeof n);
	p += sizeof n;
	if (n < LENGTH_LONG)
		return (struct slice){ p, n };
	memcpy(&long_n, p, sizeof long_n);
	return (struct slice){ p + sizeof long_n, long_n };
}

size_t
intern_text_size(const char *from, const char *end, struct slice *s)
{
	size_t left = (size_t)(end - from), head = sizeof(uint16_t);
	uint32_t long_n;
	uint16_t n;

	if (left < head)
		return 0;
	memcpy(&n, from, head);
	s->n = n;
	if (n == LENGTH_LONG) {
		if (left - head < sizeof long_n)
			return 0;
		memcpy(&long_n, from + head, sizeof long_n);
		head += sizeof long_n;
		s->n = long_n;
	}
	s->p = from + head;
	return s->n && s->n <= left - head ? head + s->n : 0;
}

void
intern_text_put(struct buf *out, struct slice s)
{
	uint16_t n = s.n < LENGTH_LONG ? (uint16_t)s.n : LENGTH_LONG;
	uint32_t long_n = (uint32_t)s.n;

	buf_add(out, (struct slice){ (const char *)&n, sizeof n });
	if (n == LENGTH_LONG)
		buf_add(out, (struct slice){ (const char *)&long_n,
		    sizeof long_n });
	buf_add(out, s);
}

/* The hash is made when the first text is added: it may never be. */
void
intern_adopt(struct intern *in, const char *from, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		*(const char **)table_append(&in->entries) = from;
		from = entry(in, i + 1).p + entry(in, i + 1).n;
	}
}

/*
 * A place in the hash holds the number in its low bits and, in those above
 * that no number needs, bits of the hash: a place that is somebody else's is
 * mostly known as such without a look at its text.
 */
static uint32_t
place_value(const struct intern *in, uint32_t number, uint64_t hash)
{
	return ((uint32_t)(hash >> 32) & ~in->mask) | number;
}

/* Where s is in the hash, or the free place where it belongs. */
static uint32_t
find_place(const struct intern *in, struct slice s, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & in->mask;
	uint32_t tag = (uint32_t)(hash >> 32) & ~in->mask;

	while (in->hash[i] && ((in->hash[i] & ~in->mask) != tag ||
	    !slice_eq(entry(in, in->hash[i] & in->mask), s)))
		i = (i + 1) & in->mask;
	return i;
}

/*
 * At most three quarters full, so that a search ends soon, and numbers fit the
 * mask.
 */
static void
grow_hash(struct intern *in)
{
	uint32_t size = in->hash ? (in->mask + 1) * 2 : HASH_FIRST;

	while (size / 4 * 3 <= in->entries.used && size <= INTERN_MAX)
		size *= 2;
	if (in->hash)
		atomic_fetch_sub_explicit(&in->held,
		    ((uint64_t)in->mask + 1) * sizeof *in->hash,
		    memory_order_relaxed);
	count_bytes(in, size * sizeof *in->hash);
	free_hash(in);
	in->hash = mem_table(size, sizeof *in->hash);
	in->mask = size - 1;
	for (uint64_t n = 1; n <= in->entries.used; n++) {
		uint64_t hash = slice_hash(entry(in, (uint32_t)n), in->seed);
		uint32_t i = (uint32_t)hash & in->mask;

		/* All differ: the first free place is the right one. */
		while (in->hash[i])
			i = (i + 1) & in->mask;
		in->hash[i] = place_value(in, (uint32_t)n, hash);
	}
}

uint64_t
intern_hash(const struct intern *in, struct slice s)
{
	return slice_hash(slice_head(s, UINT32_MAX), in->seed);
}

uint32_t
intern_add_hashed(struct intern *in, struct slice s, uint64_t hash)
{
	uint32_t place, number;
	const char **e;

	if (s.n == 0)
		return 0;
	s = slice_head(s, UINT32_MAX);
	if (!in->hash || (in->entries.used >= in->mask / 4 * 3 &&
	    in->entries.used < INTERN_MAX))
		grow_hash(in);
	place = find_place(in, s, hash);
	if (in->hash[place])
		return in->hash[place] & in->mask;
	if (in->entries.used >= INTERN_MAX)
		return 0;
	e = table_append(&in->entries);
	*e = keep_text(in, s);
	number = (uint32_t)in->entries.used;
	in->hash[place] = place_value(in, number, hash);
	return number;
}

uint32_t
intern_add(struct intern *in, struct slice s)
{
	return intern_add_hashed(in, s, intern_hash(in, s));
}

/* The number at the place where a search begins; 0 when it is free. */
static uint32_t
number_at(const struct intern *in, uint64_t hash)
{
	return in->hash ? in->hash[(uint32_t)hash & in->mask] & in->mask : 0;
}

void
intern_fetch_place(const struct intern *in, uint64_t hash)
{
	if (in->hash)
		__builtin_prefetch(&in->hash[(uint32_t)hash & in->mask]);
}

void
intern_fetch_entry(const struct intern *in, uint64_t hash)
{
	uint32_t number = number_at(in, hash);

	if (number)
		__builtin_prefetch(table_at(&in->entries, number - 1));
}

void
intern_fetch_text(const struct intern *in, uint64_t hash)
{
	uint32_t number = number_at(in, hash);

	if (number)
		__builtin_prefetch(*(const char *const *)table_at(&in->entries,
		    number - 1));
}

void
intern_publish(struct intern *in)
{
	table_publish(&in->entries);
}

struct slice
intern_text(const struct intern *in, uint32_t number)
{
	if (number == 0 || number > table_count(&in->entries))
		return SLICE_NONE;
	return entry(in, number);
}

uint64_t
intern_bytes(const struct intern *in)
{
	return atomic_load_explicit(&in->held, memory_order_relaxed) +
	    table_bytes(&in->entries);
}
