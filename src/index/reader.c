/*
 * The reader: text of the log, read again from its sources.
 *
 * Two caches.  Blocks of bytes, so that lines near each other cost one read;
 * and groups, the line starts between two marks of the line table, so that
 * the lines of a session that lie in one group are found by one pass over it.
 * Memory is bounded by both caches and LINE_LOOK_MAX, however long a line is.
 */
#include "config.h"

#include "index/reader.h"

#include <stdlib.h>

#include "base/mem.h"

#define BLOCK_SIZE  READER_BLOCK
#define BLOCKS      256          /* a power of two; 16 MB */
#define GROUPS      4096         /* a power of two; about 1 MB */

struct block {
	uint32_t stream;
	uint32_t filled;         /* bytes; 0: nothing here */
	uint32_t cut;            /* from here on the file ended too early */
	uint64_t index;          /* of the block in the stream */
	char *data;
};

struct group_lines {
	uint32_t stream, mark;
	uint32_t count;          /* starts known; 0: nothing here */
	uint32_t start[LINES_PER_MARK + 1];  /* from the mark; [count]: end */
};

struct reader {
	const struct store *store;
	struct block blocks[BLOCKS];
	struct group_lines *groups;
	char *line;              /* a line that crosses blocks */
	struct pack_cache *unpacked;     /* of text that is packed; or NULL */
	uint64_t wide[LINES_PER_MARK + 1];
};

struct reader *
reader_new(const struct store *st)
{
	struct reader *r = mem_alloc(sizeof *r);

	r->store = st;
	r->groups = mem_array(GROUPS, sizeof *r->groups);
	return r;
}

void
reader_free(struct reader *r)
{
	if (!r)
		return;
	for (int i = 0; i < BLOCKS; i++)
		free(r->blocks[i].data);
	pack_cache_free(r->unpacked);
	free(r->groups);
	free(r->line);
	free(r);
}

/* --- bytes ---------------------------------------------------------------- */

/* The segment that holds an offset; *end is where it ends. */
static struct segment *
segment_at(const struct stream *sm, uint64_t offset, uint64_t *end)
{
	const struct segment *next;
	struct segment *seg = stream_segment(sm, offset, &next);

	*end = next ? next->base : UINT64_MAX;
	return seg;
}

static struct block *
block_of(struct reader *r, const struct stream *sm, uint64_t index)
{
	return &r->blocks[(index * 7 + sm->number) & (BLOCKS - 1)];
}

/* *cut gets how many bytes come before the first that are missing. */
static ssize_t
read_range(struct reader *r, const struct stream *sm, uint64_t offset,
    void *buf, size_t n, size_t *cut, struct err *err)
{
	uint64_t limit = atomic_load_explicit(&sm->bytes, memory_order_acquire);
	char *to = buf;
	size_t got = 0;

	*cut = SIZE_MAX;
	if (offset >= limit)
		return 0;
	if (n > limit - offset)
		n = (size_t)(limit - offset);
	while (got < n) {
		uint64_t end;
		struct segment *seg = segment_at(sm, offset + got, &end);
		size_t want = n - got;
		ssize_t k = 0;
		bool broken = false;

		if (!seg)
			break;
		if (want > end - (offset + got))
			want = (size_t)(end - (offset + got));
		if (!segment_gone(seg) && segment_changed(seg))
			atomic_store_explicit(&seg->gone, true,
			    memory_order_relaxed);
		if (!segment_gone(seg))
			k = source_read(seg->source, &r->unpacked, seg->path,
			    to + got, want, offset + got - seg->base + seg->from,
			    &broken,
			    err);
		if (k < 0 || broken)
			return -1;
		/* The file was cut under us: what is missing is blank. */
		if ((size_t)k < want && !segment_gone(seg) && *cut == SIZE_MAX)
			*cut = got + (size_t)k;
		memset(to + got + k, '\n', want - (size_t)k);
		got += want;
	}
	return (ssize_t)got;
}

ssize_t
reader_bytes(struct reader *r, const struct stream *sm, uint64_t offset,
    void *buf, size_t n, struct err *err)
{
	size_t cut;

	return read_range(r, sm, offset, buf, n, &cut, err);
}

/* The part of a block from `offset` on; *n gets its length, 0 at the end. */
static const char *
block_at(struct reader *r, const struct stream *sm, uint64_t offset,
    size_t *n, struct err *err)
{
	uint64_t index = offset / BLOCK_SIZE;
	size_t within = offset % BLOCK_SIZE;
	struct block *b = block_of(r, sm, index);
	ssize_t got;
	size_t cut;

	if (!b->data)
		b->data = mem_alloc(BLOCK_SIZE);
	if (b->filled <= within || b->index != index ||
	    b->stream != sm->number) {
		b->filled = 0;
		got = read_range(r, sm, index * BLOCK_SIZE, b->data, BLOCK_SIZE,
		    &cut, err);
		if (got < 0)
			return NULL;
		b->cut = cut < BLOCK_SIZE ? (uint32_t)cut : UINT32_MAX;
		b->index = index;
		b->stream = sm->number;
		b->filled = (uint32_t)got;
	}
	*n = b->filled > within ? b->filled - within : 0;
	return b->data + within;
}

/* --- lines ---------------------------------------------------------------- */

/*
 * Where the text is gone, only the count of lines that were there is known:
 * they take no bytes, and the next segment begins where it begins.  Returns
 * the new count.
 */
static int
skip_gone(const struct stream *sm, uint64_t mark, uint64_t at,
    uint64_t start[LINES_PER_MARK + 1], int count)
{
	uint64_t end, lines = stream_lines(sm);
	uint64_t first = mark * LINES_PER_MARK + 1;
	const struct segment *seg = segment_at(sm, at, &end), *next;

	if (!seg || !segment_gone(seg))
		return count;
	next = end != UINT64_MAX ? segment_at(sm, end, &end) : NULL;
	if (next)
		lines = next->first_line - 1;
	while (count < LINES_PER_MARK && first + (uint64_t)count <= lines) {
		start[count] = at;
		start[++count] = at;
	}
	if (next && count < LINES_PER_MARK)
		start[count] = next->base;
	return count;
}

/*
 * Line starts from a mark on, up to the next mark or to the end of what was
 * read.  A line ends behind its newline, or where its file ends.  Returns how
 * many lines start here; start[count] is where the last one ends.
 */
static int
find_starts(struct reader *r, const struct stream *sm, uint64_t mark,
    uint64_t start[LINES_PER_MARK + 1], struct err *err)
{
	uint64_t at = *(uint64_t *)table_at(&sm->marks, mark);
	uint64_t seg_end;
	int count = 0;

	start[0] = at;
	if (!segment_at(sm, at, &seg_end))
		return 0;
	while (count < LINES_PER_MARK) {
		size_t n;
		const char *p, *nl;
		int skipped = skip_gone(sm, mark, at, start, count);

		if (skipped > count) {
			count = skipped;
			at = start[count];
			if (!segment_at(sm, at, &seg_end))
				break;
			continue;
		}
		p = block_at(r, sm, at, &n, err);
		if (!p)
			return -1;
		if (n > seg_end - at)
			n = (size_t)(seg_end - at);
		if (n == 0)
			break;
		nl = memchr(p, '\n', n);
		at += nl ? (size_t)(nl - p) + 1 : n;
		if (nl || at == seg_end)
			start[++count] = at;
		if (at == seg_end)
			segment_at(sm, at, &seg_end);
	}
	if (count < LINES_PER_MARK && at > start[count])
		start[++count] = at;     /* the last line has no end yet */
	return count;
}

/* Start and end of a published line. */
static int
line_bounds(struct reader *r, const struct stream *sm, uint32_t line,
    uint64_t *start, uint64_t *end, struct err *err)
{
	uint32_t mark = (line - 1) / LINES_PER_MARK;
	uint32_t i = (line - 1) % LINES_PER_MARK;
	struct group_lines *g = &r->groups[(mark + sm->number * 61u) &
	    (GROUPS - 1)];
	uint64_t base = *(uint64_t *)table_at(&sm->marks, mark);
	int count;

	if (g->count > i + 1 && g->mark == mark && g->stream == sm->number) {
		*start = base + g->start[i];
		*end = base + g->start[i + 1];
		return 0;
	}
	count = find_starts(r, sm, mark, r->wide, err);
	if (count < 0)
		return -1;
	if ((uint32_t)count <= i)
		return err_set(err, "%s: line %u cannot be read", sm->name,
		    line);
	*start = r->wide[i];
	*end = r->wide[i + 1];
	g->count = 0;
	if (r->wide[count] - base > UINT32_MAX)
		return 0;
	g->mark = mark;
	g->stream = sm->number;
	/* The last of an unfinished group may still grow: not trusted. */
	g->count = count == LINES_PER_MARK ? (uint32_t)count + 1 :
	    (uint32_t)count;
	for (int k = 0; k <= count; k++)
		g->start[k] = (uint32_t)(r->wide[k] - base);
	return 0;
}

int
reader_offset(struct reader *r, const struct stream *sm, uint32_t line,
    uint64_t *offset, struct err *err)
{
	uint64_t end;

	return line_bounds(r, sm, line, offset, &end, err);
}

/* Up to LINE_LOOK_MAX bytes at an offset, in one piece. */
static int
gather(struct reader *r, const struct stream *sm, uint64_t offset, size_t n,
    struct slice *out, struct err *err)
{
	size_t have, got = 0;
	const char *p = block_at(r, sm, offset, &have, err);

	if (!p)
		return -1;
	if (have >= n) {
		*out = (struct slice){ p, n };
		return 0;
	}
	if (!r->line)
		r->line = mem_alloc(LINE_LOOK_MAX);
	while (got < n) {
		p = block_at(r, sm, offset + got, &have, err);
		if (!p)
			return -1;
		if (have == 0)
			break;
		if (have > n - got)
			have = n - got;
		memcpy(r->line + got, p, have);
		got += have;
	}
	*out = (struct slice){ r->line, got };
	return 0;
}

/* Whether the file was found to end before this offset. */
static bool
is_cut(struct reader *r, const struct stream *sm, uint64_t offset)
{
	const struct block *b;
	size_t n;

	if (!block_at(r, sm, offset, &n, NULL))
		return false;
	b = block_of(r, sm, offset / BLOCK_SIZE);
	return offset % BLOCK_SIZE >= b->cut;
}

int
reader_line(struct reader *r, const struct stream *sm, uint32_t line,
    struct line_text *out, struct err *err)
{
	uint64_t start = 0, end = 0, seg_end;
	struct segment *seg;
	size_t n;

	*out = (struct line_text){ 0 };
	if (line == 0 || line > stream_lines(sm))
		return err_set(err, "%s: there is no line %u", sm->name, line);
	seg = segment_at(sm,
	    *(uint64_t *)table_at(&sm->marks, (line - 1) / LINES_PER_MARK),
	    &seg_end);
	out->path = seg ? seg->path : sm->name;
	if (line_bounds(r, sm, line, &start, &end, err) < 0)
		return -1;
	seg = segment_at(sm, start, &seg_end);
	out->path = seg ? seg->path : sm->name;
	out->gone = seg && segment_gone(seg);
	out->offset = start;
	if (!out->gone && is_cut(r, sm, start)) {
		out->gone = true;
		return err_set(err, "%s: was cut while it was read; line %u "
		    "and what follows it can no longer be shown", out->path,
		    line);
	}
	n = end - start > LINE_LOOK_MAX ? LINE_LOOK_MAX : (size_t)(end - start);
	if (out->gone)
		return 0;
	if (gather(r, sm, start, n, &out->text, err) < 0)
		return -1;
	out->length = end - start;
	if (out->text.n == out->length && out->text.n &&
	    out->text.p[out->text.n - 1] == '\n') {
		out->text.n--;
		out->length--;
	}
	if (out->text.n == out->length && out->text.n &&
	    out->text.p[out->text.n - 1] == '\r' && !sm->format->keep_cr) {
		out->text.n--;
		out->length--;
	}
	return 0;
}
