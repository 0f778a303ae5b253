/*
 * Searching a block.  See block.h.
 *
 * The pattern is run over windows of many lines, not line by line: where
 * nothing matches, which is nearly everywhere, that is as fast as the pattern
 * can be.  From a hit the search goes on behind the end of its line.
 */
#include "config.h"

#include "query/block.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/reader.h"

/*
 * A pattern may look at all of a window for each match, so windows are small
 * where hits are many, and grow where there are none.
 */
#define WINDOW_MIN 768u
#define WINDOW_MAX (256u << 10)

struct searcher {
	const struct match *match;
	struct match_work *work;
	struct reader *reader;
	const atomic_bool *stop;
	char *buf;

	/* Of the block in hand. */
	const struct stream *stream;
	struct block_found *found;
	uint64_t at;             /* offset in the stream of buf[0] */
	uint64_t known;          /* an offset where a line begins */
	uint32_t known_line;     /* and its number */
	uint32_t last;           /* the last line that was found */
	bool long_line;          /* buf begins within a line */
};

struct searcher *
searcher_new(const struct store *st, const struct match *m,
    const atomic_bool *stop)
{
	struct searcher *s = mem_alloc(sizeof *s);

	s->match = m;
	s->stop = stop;
	s->work = match_work_new();
	match_work_stop(s->work, stop);
	s->reader = reader_new(st);
	s->buf = mem_resize(NULL, BLOCK_BUFFER, 1);
	return s;
}

void
searcher_free(struct searcher *s)
{
	if (!s)
		return;
	match_work_free(s->work);
	reader_free(s->reader);
	free(s->buf);
	free(s);
}

static bool
is_stopped(const struct searcher *s)
{
	return atomic_load_explicit(s->stop, memory_order_relaxed);
}

/* --- line numbers --------------------------------------------------------- */

/* From mark to mark as far as `offset`. */
static void
skip_marks(struct searcher *s, uint64_t offset)
{
	uint64_t marks = table_count(&s->stream->marks);
	uint64_t mark = (s->known_line - 1) / LINES_PER_MARK + 1;

	for (; mark < marks; mark++) {
		uint64_t begin = *(uint64_t *)table_at(&s->stream->marks, mark);

		if (begin > offset)
			break;
		/* It was forgotten. */
		if (begin <= s->known)
			continue;
		s->known = begin;
		s->known_line = (uint32_t)(mark * LINES_PER_MARK + 1);
	}
}

/*
 * The number of the line that begins at buf[i], or ends before it where the
 * buffer does.  Asked for ascending places.  Should a file have been cut and
 * read as blank, then there are more line ends than there were: the marks keep
 * the error within their group.
 */
static uint32_t
line_at(struct searcher *s, size_t i)
{
	uint64_t offset = s->at + i;
	uint32_t group;
	const char *p, *end = s->buf + i;

	skip_marks(s, offset);
	group = (s->known_line - 1) / LINES_PER_MARK;
	for (p = s->buf + (s->known - s->at); p < end; s->known_line++) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			break;
		p++;
		s->known = s->at + (uint64_t)(p - s->buf);
	}
	if ((s->known_line - 1) / LINES_PER_MARK > group &&
	    table_count(&s->stream->marks) > group + 1)
		s->known_line = (group + 1) * LINES_PER_MARK;
	return s->known_line;
}

static void
add_found(struct searcher *s, uint32_t line)
{
	struct block_found *f = s->found;

	if (line <= s->last)
		return;
	s->last = line;
	mem_reserve(&f->line, &f->cap, f->n + 1, sizeof *f->line);
	f->line[f->n++] = line;
}

/* --- lines ---------------------------------------------------------------- */

/* A line: buf[from..end), its end behind it. */
static struct slice
bare_line(const struct searcher *s, size_t from, size_t end)
{
	if (end > from && s->buf[end - 1] == '\r')
		end--;
	return (struct slice){ s->buf + from, end - from };
}

static bool
line_matches(struct searcher *s, struct slice line)
{
	size_t start, end;
	enum match_result r = match_find(s->match, s->work, line, 0, &start,
	    &end);

	if (r == MATCH_LIMIT && !is_stopped(s))
		s->found->limits++;
	return r == MATCH_YES;
}

/* Where the line ends that holds buf[i], in a text that ends at n. */
static size_t
end_of_line(const struct searcher *s, size_t i, size_t n)
{
	const char *nl = i < n ? memchr(s->buf + i, '\n', n - i) : NULL;

	return nl ? (size_t)(nl - s->buf) : n;
}

static size_t
begin_of_line(const struct searcher *s, size_t from, size_t i)
{
	const char *nl = i > from ? memrchr(s->buf + from, '\n', i - from) :
	    NULL;

	return nl ? (size_t)(nl - s->buf) + 1 : from;
}

/* Each line of buf[from..n) alone: a window met the limit. */
static void
search_each(struct searcher *s, size_t from, size_t n)
{
	while (from < n && !is_stopped(s)) {
		size_t end = end_of_line(s, from, n);

		if (line_matches(s, bare_line(s, from, end)))
			add_found(s, line_at(s, from));
		from = end + 1;
	}
}

/* Only lines with the text that each match holds are worth a match. */
static void
search_required(struct searcher *s, size_t from, size_t n)
{
	const struct required *r = match_required(s->match);

	while (from < n && !is_stopped(s)) {
		ptrdiff_t at = required_find(r, (struct slice){ s->buf + from,
		    n - from });
		size_t begin, over;

		if (at < 0)
			break;
		begin = begin_of_line(s, from, from + (size_t)at);
		over = end_of_line(s, from + (size_t)at, n);
		if (line_matches(s, bare_line(s, begin, over)))
			add_found(s, line_at(s, begin));
		from = over + 1;
	}
}

/* Whole lines: buf[from..n), the last one with or without its end. */
static void
search_lines(struct searcher *s, size_t from, size_t n)
{
	size_t window = WINDOW_MIN;

	if (match_required(s->match)->text.n) {
		search_required(s, from, n);
		return;
	}

	while (from < n && !is_stopped(s)) {
		size_t end = n, start, stop;
		struct slice text;
		enum match_result r;

		if (n - from > window)
			end = end_of_line(s, from + window, n);
		else if (s->buf[n - 1] == '\n')
			end = n - 1;
		text = (struct slice){ s->buf + from, end - from };
		r = match_find(s->match, s->work, text, 0, &start, &stop);
		if (r == MATCH_YES) {
			size_t begin = begin_of_line(s, from, from + start);
			size_t over = end_of_line(s, from + start, end);
			struct slice line = bare_line(s, begin, over);

			/* One that goes over the end may still end within. */
			if (from + stop <= begin + line.n ||
			    line_matches(s, line))
				add_found(s, line_at(s, begin));
			from = over + 1;
			window = WINDOW_MIN;
			continue;
		}
		if (r == MATCH_LIMIT)
			search_each(s, from, end);
		from = end + 1;
		if (window < WINDOW_MAX)
			window *= 2;
	}
}

/*
 * A piece of a line that is longer than the buffer.  A piece within the line
 * is searched from its second byte: its first is no beginning of a line.  A
 * match that begins in the overlap and goes up to where the line goes on may
 * have taken that for the end: the next piece decides.
 */
static void
search_piece(struct searcher *s, size_t n, bool within, bool goes_on)
{
	size_t start, end;
	enum match_result r;

	if (s->last == s->known_line)
		return;
	r = match_find(s->match, s->work, (struct slice){ s->buf, n },
	    within ? 1 : 0, &start, &end);
	if (r == MATCH_YES && goes_on && end == n && start > n - BLOCK_OVERLAP)
		return;
	if (r == MATCH_YES)
		add_found(s, s->known_line);
	else if (r == MATCH_LIMIT && !is_stopped(s))
		s->found->limits++;
}

/* --- the block ------------------------------------------------------------ */

/* Drops the first `n` of `have` bytes; returns how many are left. */
static size_t
drop(struct searcher *s, size_t n, size_t have)
{
	memmove(s->buf, s->buf + n, have - n);
	s->at += n;
	return have - n;
}

/*
 * The line that fills the buffer, and goes on; or the rest of one.  Returns
 * how many of the `have` bytes are done with.
 */
static size_t
take_long(struct searcher *s, size_t have, bool last)
{
	size_t end = end_of_line(s, 0, have);
	bool over = end < have || last;

	search_piece(s, bare_line(s, 0, end).n, s->long_line, !over);
	s->long_line = !over;
	if (!over)
		return have - BLOCK_OVERLAP;
	if (end == have)
		return have;
	s->known = s->at + end + 1;
	s->known_line++;
	return end + 1;
}

/* Returns how many of the `have` bytes are done with. */
static size_t
take(struct searcher *s, size_t have, bool last)
{
	size_t n = have;

	if (s->long_line)
		return take_long(s, have, last);
	if (!last)
		n = begin_of_line(s, 0, have);
	if (n == 0)
		return have < BLOCK_BUFFER ? 0 : take_long(s, have, last);
	search_lines(s, 0, n);
	line_at(s, n);
	return n;
}

int
searcher_run(struct searcher *s, const struct block *b,
    struct block_found *f, struct err *err)
{
	uint64_t offset = b->offset;
	int status = 0;
	size_t have = 0;

	f->n = 0;
	f->limits = 0;
	s->stream = b->stream;
	s->found = f;
	s->at = s->known = b->offset;
	s->known_line = b->line;
	s->last = b->first_known ? b->line : b->line - 1;
	s->long_line = false;
	while ((offset < b->end || have) && !is_stopped(s)) {
		size_t want = BLOCK_BUFFER - have;
		ssize_t got;
		bool last;

		if (want > b->end - offset)
			want = (size_t)(b->end - offset);
		got = reader_bytes(s->reader, b->stream, offset,
		    s->buf + have, want, err);
		if (got < 0) {
			status = -1;
			break;
		}
		offset += (uint64_t)got;
		have += (size_t)got;
		last = offset >= b->end || got == 0;
		have = drop(s, take(s, have, last), have);
		if (last && !s->long_line && have == 0)
			break;
	}
	f->rest = s->known;
	f->next_line = s->known_line;
	return status;
}
