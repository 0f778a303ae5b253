/*
 * The store: the tables of the index as their readers see them.  What goes
 * into them is the assembler's matter.
 */
#include "config.h"

#include "index/store.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/keep_file.h"

_Static_assert(sizeof(struct progress) <= 32 * 8, "progress fits its words");

struct store *
store_new(void)
{
	struct store *st = mem_alloc(sizeof *st);

	table_init(&st->sessions, sizeof(struct session_cell), 12);
	table_init(&st->streams, sizeof(struct stream *), 4);
	intern_init(&st->peers);
	return st;
}

struct stream *
stream_new(void)
{
	struct stream *sm = mem_alloc(sizeof *sm);

	table_init(&sm->slots, sizeof(uint16_t), 12);
	table_init(&sm->slots_high, sizeof(uint8_t), 12);
	table_init(&sm->shares, sizeof(struct share), 2);
	table_init(&sm->repeats, sizeof(uint32_t), 2);
	table_init(&sm->marks, sizeof(uint64_t), 6);
	table_init(&sm->states, sizeof(struct state_mark), 2);
	table_init(&sm->segments, sizeof(struct segment), 2);
	return sm;
}

static void
stream_free(struct stream *sm)
{
	for (uint64_t i = 0; i < sm->segments.used; i++) {
		struct segment *seg = table_at(&sm->segments, i);

		if (!seg->borrowed)
			source_close(seg->source);
		free(seg->path);
	}
	table_free(&sm->slots);
	table_free(&sm->slots_high);
	table_free(&sm->shares);
	table_free(&sm->repeats);
	table_free(&sm->marks);
	table_free(&sm->states);
	table_free(&sm->segments);
	keep_file_unmap(sm->kept, sm->kept_size);
	free(sm->gone.stayed.step);
	free(sm->name);
	free(sm->host);
	free(sm->why);
	free(sm);
}

void
store_free(struct store *st)
{
	if (!st)
		return;
	for (uint64_t i = 0; i < st->streams.used; i++)
		stream_free(*(struct stream **)table_at(&st->streams, i));
	table_free(&st->sessions);
	table_free(&st->streams);
	intern_free(&st->peers);
	free(st->stayed.step);
	free(st->oldest.late);
	free(st->oldest.apart);
	free(st->oldest.kept);
	free(st->oldest.before);
	free(st->oldest.ghost);
	free(st);
}

void
store_progress(const struct store *st, struct progress *p)
{
	uint64_t word[32];
	uint32_t before, after;

	do {
		before = atomic_load_explicit(&st->progress_seq,
		    memory_order_acquire);
		for (int i = 0; i < 32; i++)
			word[i] = atomic_load_explicit(&st->progress_word[i],
			    memory_order_acquire);
		after = atomic_load_explicit(&st->progress_seq,
		    memory_order_relaxed);
	} while ((before & 1) || before != after);
	memcpy(p, word, sizeof *p);
}

/* Counts that go down are right in the end: all is unsigned. */
void
progress_add(struct progress *sum, const struct progress *now,
    const struct progress *before)
{
	sum->sessions += now->sessions - before->sessions;
	for (int i = 0; i < OUTCOME_COUNT; i++)
		sum->by_outcome[i] += now->by_outcome[i] -
		    before->by_outcome[i];
	sum->open += now->open - before->open;
	sum->lines += now->lines - before->lines;
	sum->meta_lines += now->meta_lines - before->meta_lines;
	sum->unowned_lines += now->unowned_lines - before->unowned_lines;
	sum->unreadable_lines += now->unreadable_lines -
	    before->unreadable_lines;
	sum->cut_lines += now->cut_lines - before->cut_lines;
}

void
store_publish_progress(struct store *st, const struct progress *p)
{
	uint64_t word[32] = { 0 };
	uint32_t seq = atomic_load_explicit(&st->progress_seq,
	    memory_order_relaxed);

	memcpy(word, p, sizeof *p);
	atomic_store_explicit(&st->progress_seq, seq + 1,
	    memory_order_relaxed);
	for (int i = 0; i < 32; i++)
		atomic_store_explicit(&st->progress_word[i], word[i],
		    memory_order_release);
	atomic_store_explicit(&st->progress_seq, seq + 2,
	    memory_order_release);
}

uint64_t
store_bytes(const struct store *st)
{
	uint64_t n = table_bytes(&st->sessions) + intern_bytes(&st->peers);
	uint64_t streams = table_count(&st->streams);

	for (uint64_t i = 0; i < streams; i++) {
		const struct stream *sm = store_stream(st, (uint32_t)i);

		n += sizeof *sm + table_bytes(&sm->slots) +
		    table_bytes(&sm->slots_high) + table_bytes(&sm->shares) +
		    table_bytes(&sm->repeats) +
		    table_bytes(&sm->marks) + table_bytes(&sm->states) +
		    table_bytes(&sm->segments);
	}
	return n;
}

void
store_packs(const struct store *st, struct store_packs *p)
{
	uint64_t streams = table_count(&st->streams);

	*p = (struct store_packs){ 0 };
	for (uint64_t i = 0; i < streams; i++) {
		const struct stream *sm = store_stream(st, (uint32_t)i);

		for (uint64_t k = 0; k < table_count(&sm->segments); k++) {
			const struct segment *seg = table_at(&sm->segments, k);
			const struct pack *pack = seg->source->pack;

			/* Parts of a file have it in common. */
			if (!pack || (seg->from && !seg->borrowed))
				continue;
			p->text += pack_size(pack);
			p->packed += pack_packed(pack);
			p->memory += pack_memory(pack);
		}
	}
}

struct segment *
stream_segment(const struct stream *sm, uint64_t offset,
    const struct segment **next)
{
	uint64_t lo = 0, n = table_count(&sm->segments), hi = n;

	*next = NULL;
	if (n == 0)
		return NULL;
	while (hi - lo > 1) {
		uint64_t mid = lo + (hi - lo) / 2;
		const struct segment *s = table_at(&sm->segments, mid);

		if (s->base <= offset)
			lo = mid;
		else
			hi = mid;
	}
	if (lo + 1 < n)
		*next = table_at(&sm->segments, lo + 1);
	return table_at(&sm->segments, lo);
}

bool
segment_gone(const struct segment *seg)
{
	return atomic_load_explicit(&seg->gone, memory_order_relaxed);
}

bool
segment_changed(const struct segment *seg)
{
	return seg->source->fd >= 0 &&
	    !file_has_sample(seg->source->fd, &seg->source->sample);
}

uint32_t
stream_slot(const struct stream *sm, uint32_t line)
{
	uint32_t slot = atomic_load_explicit(
	    (_Atomic uint16_t *)table_at(&sm->slots, line - 1),
	    memory_order_relaxed);
	uint32_t from = atomic_load_explicit(&sm->high_from,
	    memory_order_relaxed);

	if (from && line >= from)
		slot |= (uint32_t)*(uint8_t *)table_at(&sm->slots_high,
		    line - from) << 16;
	return slot;
}

uint32_t
stream_next_line(const struct stream *sm, uint32_t slot, uint32_t line,
    uint32_t last)
{
	uint16_t low = (uint16_t)slot;
	uint64_t at = line - 1;

	while (at < last) {
		const _Atomic uint16_t *p = table_at(&sm->slots, at);
		uint64_t n = table_run(&sm->slots, at);

		if (n > last - at)
			n = last - at;
		for (uint64_t i = 0; i < n; i++)
			if (atomic_load_explicit(&p[i],
			    memory_order_relaxed) == low &&
			    stream_slot(sm, (uint32_t)(at + i + 1)) == slot)
				return (uint32_t)(at + i + 1);
		at += n;
	}
	return 0;
}

bool
stream_repeats(const struct stream *sm, uint32_t line)
{
	uint64_t lo = 0, hi = table_count(&sm->repeats);

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;
		uint32_t l = *(const uint32_t *)table_at(&sm->repeats, mid);

		if (l == line)
			return true;
		if (l < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

const struct format_state *
stream_state(const struct stream *sm, uint32_t line)
{
	uint64_t lo = 0, hi = table_count(&sm->states);

	while (hi - lo > 1) {
		uint64_t mid = lo + (hi - lo) / 2;
		const struct state_mark *m = table_at(&sm->states, mid);

		if (m->line <= line)
			lo = mid;
		else
			hi = mid;
	}
	return &((const struct state_mark *)table_at(&sm->states, lo))->state;
}

void
owner_init(struct owner_cursor *c, const struct store *st,
    const struct stream *sm)
{
	*c = (struct owner_cursor){ .store = st, .stream = sm };
}

void
owner_free(struct owner_cursor *c)
{
	free(c->holder);
	*c = (struct owner_cursor){ 0 };
}

static void
owner_take_in(struct owner_cursor *c, uint32_t number,
    const struct session *s)
{
	uint32_t slot = session_slot(s);

	if (slot >= c->holders) {
		uint32_t n = c->holders ? c->holders : 1024;

		while (n <= slot)
			n *= 2;
		c->holder = mem_resize(c->holder, n, sizeof *c->holder);
		memset(c->holder + c->holders, 0,
		    (n - c->holders) * sizeof *c->holder);
		c->holders = n;
	}
	c->holder[slot] = number;
}

uint32_t
owner_of(struct owner_cursor *c, uint32_t line)
{
	uint32_t slot;
	struct session s;

	if (c->next == 0)
		c->next = atomic_load_explicit(&c->stream->session_lo,
		    memory_order_acquire);
	if (c->next) {
		uint64_t limit = store_sessions(c->store);
		uint32_t hi = atomic_load_explicit(&c->stream->session_hi,
		    memory_order_acquire);

		if (hi < limit)
			limit = hi;
		for (; c->next <= limit; c->next++) {
			store_session(c->store, c->next, &s);
			if (s.stream != c->stream->number)
				continue;
			if (s.first > line)
				break;
			owner_take_in(c, c->next, &s);
		}
	}
	slot = stream_slot(c->stream, line);
	return slot != SLOT_NONE && slot < c->holders ? c->holder[slot] : 0;
}
