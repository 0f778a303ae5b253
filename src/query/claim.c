/*
 * Handing out text to be searched.  See claim.h.
 */
#include "config.h"

#include "query/claim.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/oldest.h"

void
claims_free(struct claims *c)
{
	free(c->stream);
	c->stream = NULL;
	c->n = c->cap = 0;
}

static uint64_t
stream_bytes(const struct stream *sm)
{
	return atomic_load_explicit(&sm->bytes, memory_order_acquire);
}

static void
go_to(struct claim_stream *cs, uint64_t offset)
{
	if (offset > cs->offset) {
		cs->done += offset - cs->offset;
		cs->offset = offset;
	}
	cs->begin = offset;
	cs->first_known = false;
}

/*
 * Goes on behind text that can no longer be read.  False when there is nothing
 * behind it; else *next is the segment behind the one that is to be read.
 */
static bool
find_text(struct claim_stream *cs, const struct stream *sm, uint64_t limit,
    const struct segment **next)
{
	for (;;) {
		const struct segment *seg = stream_segment(sm, cs->begin, next);

		if (!seg || (segment_gone(seg) && !*next)) {
			go_to(cs, limit);
			return false;
		}
		if (!segment_gone(seg)) {
			if (seg->base == cs->begin)
				cs->line = seg->first_line;
			return true;
		}
		go_to(cs, (*next)->base);
	}
}

/*
 * The last mark within a block's length, or the next one where that is
 * farther, and its offset; 0 when there is none before `limit`.
 */
static uint64_t
last_mark(const struct claim_stream *cs, const struct stream *sm,
    uint64_t limit, uint64_t *offset)
{
	uint64_t marks = table_count(&sm->marks), best = 0;

	for (uint64_t m = (cs->line - 1) / LINES_PER_MARK + 1; m < marks; m++) {
		uint64_t begin = *(uint64_t *)table_at(&sm->marks, m);

		/* It was forgotten. */
		if (begin <= cs->begin)
			continue;
		if (begin > limit || (best && begin > cs->begin + CLAIM_BYTES))
			break;
		best = m;
		*offset = begin;
	}
	return best;
}

/*
 * What was read ends where a line does (or where the file did when it was
 * read), and is published after the line table: all lines before it are there.
 */
static bool
take_from(struct claim_stream *cs, const struct stream *sm, struct claim *out)
{
	uint64_t limit = stream_bytes(sm), before = cs->offset, mark, offset;
	const struct segment *next;

	if (cs->busy || cs->offset >= limit ||
	    !find_text(cs, sm, limit, &next) || cs->begin >= limit)
		return false;
	if (before < cs->offset)
		before = cs->offset;
	*out = (struct claim){ .block = { .stream = sm, .offset = cs->begin,
	    .line = cs->line, .first_known = cs->first_known } };
	if (next && next->base <= limit)
		limit = next->base;
	else
		next = NULL;
	mark = last_mark(cs, sm, limit, &offset);
	if (mark) {
		cs->offset = offset;
		cs->line = (uint32_t)(mark * LINES_PER_MARK + 1);
	} else if (next) {
		cs->offset = next->base;
		cs->line = next->first_line;
	} else {
		cs->offset = limit;
		cs->busy = out->tail = true;
	}
	cs->begin = out->block.end = cs->offset;
	cs->first_known = false;
	out->fresh = cs->offset - before;
	return true;
}

static void
add_streams(struct claims *c)
{
	uint64_t streams = table_count(&c->store->streams);

	while (c->n < streams) {
		mem_reserve(&c->stream, &c->cap, c->n + 1, sizeof *c->stream);
		c->stream[c->n++] = (struct claim_stream){ .line = 1 };
	}
}

void
claims_skip_forgotten(struct claims *c)
{
	add_streams(c);
	for (size_t i = 0; i < c->n; i++) {
		const struct stream *sm = store_stream(c->store, (uint32_t)i);
		struct claim_stream *cs = &c->stream[i];
		/* It ends where a mark stands. */
		uint64_t m = stream_forgotten(sm) / LINES_PER_MARK;

		if (m == 0 || cs->busy || cs->line > m * LINES_PER_MARK)
			continue;
		go_to(cs, *(uint64_t *)table_at(&sm->marks, m));
		cs->line = (uint32_t)(m * LINES_PER_MARK + 1);
	}
}

bool
claims_take(struct claims *c, struct claim *out)
{
	add_streams(c);
	for (; c->first < c->n; c->first++) {
		if (take_from(&c->stream[c->first],
		    store_stream(c->store, (uint32_t)c->first), out)) {
			c->out++;
			out->number = ++c->taken;
			return true;
		}
	}
	return false;
}

void
claims_give_back(struct claims *c, const struct claim *b,
    const struct block_found *f)
{
	size_t i = b->block.stream->number;
	struct claim_stream *cs = &c->stream[i];

	c->out--;
	cs->done += b->fresh;
	if (!b->tail)
		return;
	cs->busy = false;
	cs->begin = f->rest;
	cs->line = f->next_line;
	cs->first_known = f->rest < b->block.end && (f->n ?
	    f->line[f->n - 1] == f->next_line :
	    b->block.first_known && b->block.line == f->next_line);
	/* It may have grown meanwhile, when nobody could take from it. */
	if (c->first > i)
		c->first = i;
}

void
claims_renew(struct claims *c)
{
	c->first = 0;
}

bool
claims_progress(const struct claims *c, uint64_t *done, uint64_t *all)
{
	uint64_t streams = table_count(&c->store->streams);

	*done = *all = 0;
	for (uint64_t i = 0; i < streams; i++) {
		*all += stream_bytes(store_stream(c->store, (uint32_t)i));
		*done += i < c->n ? c->stream[i].done : 0;
	}
	return c->out == 0 && *done >= *all;
}
