/*
 * Reading the second of two logs between the lines of the first.
 */
#include "config.h"

#include "index/second.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "index/reader.h"

/*
 * What the first log does not say, as far as it was read, is taken once that
 * is this much later: a process may write a line later than it took its time.
 */
#define SLACK_MS 100
/* So many places for lines that were seen; a power of two. */
#define SEEN 65536u
/* So much of the first log is read before it is the second one's turn. */
#define PIECE (64u << 10)
/* How many lines at the end of a batch are asked for a time. */
#define LAST_LINES 64

void
second_free(struct second *w)
{
	if (w->source && !w->lent)
		source_close(w->source);
	pack_cache_free(w->unpacked);
	free(w->seen);
	free(w->path);
}

/* --- lines of the first log ---------------------------------------------------- */

static struct slice
without_cr(struct slice line)
{
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* The next line of a text, without its end; false: there is no whole one. */
static bool
next_line(struct slice *text, struct slice *line)
{
	const char *nl = text->n ? memchr(text->p, '\n', text->n) : NULL;

	if (!nl)
		return false;
	*line = (struct slice){ text->p, (size_t)(nl - text->p) };
	*text = slice_from(*text, line->n + 1);
	return true;
}

/* Later ones take the place of earlier ones: what is lost is late, no more. */
static void
see_lines(struct second *w, struct slice text)
{
	struct slice line;

	while (next_line(&text, &line)) {
		uint64_t hash = slice_hash(without_cr(line), 0);

		w->seen[hash % SEEN] = (uint32_t)(hash >> 32);
	}
}

static bool
was_seen(const struct second *w, struct slice line)
{
	uint64_t hash = slice_hash(without_cr(line), 0);

	return w->seen && w->seen[hash % SEEN] == (uint32_t)(hash >> 32);
}

/* --- times ------------------------------------------------------------------ */

static struct format_state
present_state(struct tail *t)
{
	struct format_state st;

	pthread_mutex_lock(t->mutex);
	st = t->state;
	pthread_mutex_unlock(t->mutex);
	return st;
}

static int64_t
time_of(const struct tail *t, struct format_state *st, struct slice line)
{
	const struct format *fm = t->stream->format;
	struct event ev;

	line = without_cr(slice_head(line, LINE_LOOK_MAX));
	event_clear(&ev);
	fm->scan(fm, st, line, &ev);
	return ev.time;
}

/* The last time in what a batch was given; CLOCK_NONE: there is none. */
static int64_t
last_time(struct tail *t, const struct batch *b)
{
	struct format_state st = present_state(t);
	struct slice s = b->lines;
	int64_t time = CLOCK_NONE;

	if (b->line.p)
		return time_of(t, &st, b->line);
	for (int i = 0; i < LAST_LINES && s.n && time == CLOCK_NONE; i++) {
		size_t at = --s.n;

		while (at && s.p[at - 1] != '\n')
			at--;
		time = time_of(t, &st, slice_from(s, at));
		s.n = at;
	}
	return time;
}

/* How much of a text may be read by now; *later: more lines may not. */
static size_t
lines_before(struct tail *t, struct slice text, int64_t until, bool *later)
{
	struct format_state st = present_state(t);
	struct slice rest = text, line;
	size_t n = 0;

	*later = false;
	while (next_line(&rest, &line)) {
		int64_t time = until == CLOCK_NONE ? CLOCK_NONE :
		    time_of(t, &st, line);

		*later = time != CLOCK_NONE && time >= until &&
		    !was_seen(&t->second, line);
		if (*later)
			break;
		n = text.n - rest.n;
	}
	return n;
}

/* --- whose turn it is --------------------------------------------------------- */

static bool
has_second(const struct tail *t, const struct plan *plan)
{
	return plan->stream[t->planned].seconds > 0 && !t->second.failed;
}

size_t
second_room(const struct tail *t, const struct plan *plan)
{
	/* A line that is longer than a piece is read in one, too. */
	return t->merged && has_second(t, plan) &&
	    t->looked - t->line_at < PIECE ? PIECE : BATCH_SIZE;
}

void
second_look_ahead(struct tail *t, const struct plan *plan, bool follow)
{
	struct file_id now;

	/* A second log may be made while the first one is followed. */
	t->prints = follow || has_second(t, plan);
	if (!t->second.seen && has_second(t, plan))
		t->second.seen = mem_array(SEEN, sizeof *t->second.seen);
	t->second.limit = UINT64_MAX;
	if (t->second.source && t->second.source->fd >= 0 &&
	    file_size(t->second.source->fd, &now))
		t->second.limit = now.size;
}

/* What went wrong with it is told when there is nothing else to read. */
static enum tail_result
tell_failure(struct second *w, struct err *err)
{
	if (!w->why.text[0])
		return TAIL_END;
	*err = w->why;
	w->why.text[0] = '\0';
	return TAIL_TROUBLE;
}

enum tail_result
second_follow_up(struct tail *t, const struct plan *plan, const struct batch *b,
    enum tail_result result, struct err *err)
{
	struct second *w = &t->second;
	int64_t last;

	if (w->failed && result == TAIL_END)
		return tell_failure(w, err);
	if (!t->stream || !has_second(t, plan))
		return result;
	w->first_over = result == TAIL_END;
	w->until = CLOCK_NONE;
	if (w->first_over) {
		w->due = true;
		return TAIL_MORE;
	}
	if (result == TAIL_MORE && batch_is_filled(b) &&
	    (last = last_time(t, b)) != CLOCK_NONE) {
		w->until = last - SLACK_MS;
		w->due = true;
	}
	return result;
}

/* The first log goes on, if it does. */
static enum tail_result
give_way(struct second *w)
{
	w->due = w->waits = false;
	return w->first_over ? TAIL_END : TAIL_MORE;
}

/* --- segments ----------------------------------------------------------------- */

static struct segment *
add_segment(struct tail *t, const char *path, struct source *source,
    uint64_t from)
{
	struct segment *seg = table_append(&t->stream->segments);

	seg->base = t->line_at;
	seg->from = from;
	seg->first_line = t->given + 1;
	seg->source = source;
	seg->borrowed = true;
	seg->path = mem_strdup(path);
	table_publish(&t->stream->segments);
	return seg;
}

static uint32_t
count_lines(struct slice text)
{
	struct slice line;
	uint32_t lines = 0;

	while (next_line(&text, &line))
		lines++;
	return lines;
}

void
second_take_first(struct tail *t, const char *text, size_t n)
{
	if (t->parted) {
		t->own = add_segment(t, t->own->path, t->own->source,
		    t->line_at - t->origin);
		if (t->seg)
			t->seg = t->own;
		t->parted = false;
	}
	t->given += text ? count_lines((struct slice){ text, n }) : 1;
	if (t->second.seen && text)
		see_lines(&t->second, (struct slice){ text, n });
}

/* Its next n bytes are the stream's: whole lines, or one without an end. */
static void
take(struct tail *t, struct batch *b, size_t n, bool whole)
{
	struct second *w = &t->second;
	struct segment *seg = add_segment(t, w->path, w->source, w->at);

	seg->borrowed = w->lent;
	w->lent = true;
	b->second = true;
	b->at = t->line_at;
	if (whole) {
		b->lines = (struct slice){ b->text, n };
		t->given += count_lines(b->lines);
	} else {
		b->line = (struct slice){ b->text, n };
		t->given++;
		atomic_fetch_add_explicit(&t->lines, 1, memory_order_relaxed);
	}
	w->at += n;
	t->line_at += n;
	t->looked += n;
	t->origin += n;
	t->parted = true;
	/* Its rest, if one comes, will be a line of its own. */
	t->half = false;
}

/* --- reading ------------------------------------------------------------------ */

static bool
is_last(const struct second *w, const struct planned_stream *ps)
{
	return w->next >= ps->seconds;
}

static void
close_file(struct second *w)
{
	if (w->source && w->source->fd < 0)
		source_stop(w->source);
	if (w->source && !w->lent)
		source_close(w->source);
	free(w->path);
	w->source = NULL;
	w->path = NULL;
	w->lent = false;
	w->at = 0;
}

static bool
open_file(struct tail *t, const struct plan *plan, const char *path,
    struct err *err)
{
	struct second *w = &t->second;

	w->source = source_open(path, sources_options(plan->pipes), err);
	if (!w->source)
		return false;
	w->path = mem_strdup(path);
	return true;
}

/* Nothing more can be had of it. */
static enum tail_result
fail(struct second *w, struct err *err)
{
	enum tail_result r = give_way(w);

	w->failed = true;
	w->why = *err;
	return r == TAIL_END ? tell_failure(w, err) : r;
}

/* A file has no whole line left that may be read: why? */
static enum tail_result
end_of_text(struct tail *t, const struct planned_stream *ps, struct batch *b,
    size_t n, bool follow)
{
	struct second *w = &t->second;

	if (source_goes_on(w->source)) {
		w->waits = true;
		return TAIL_WAIT;
	}
	if (follow && is_last(w, ps))
		return give_way(w);
	if (n)
		take(t, b, n, false);
	if (is_last(w, ps))
		return give_way(w);
	close_file(w);
	return TAIL_MORE;
}

enum tail_result
second_read(struct tail *t, const struct plan *plan, struct batch *b, bool follow,
    struct err *err)
{
	const struct planned_stream *ps = &plan->stream[t->planned];
	struct second *w = &t->second;
	bool broken = false, later;
	size_t room = BATCH_SIZE, whole;
	ssize_t n;

	w->waits = false;
	if (!w->source && is_last(w, ps))
		return give_way(w);
	if (!w->source && !open_file(t, plan, ps->file[planned_firsts(ps) +
	    w->next++].path, err))
		return fail(w, err);
	if (w->limit != UINT64_MAX)
		room = w->limit <= w->at ? 0 :
		    w->limit - w->at < room ? (size_t)(w->limit - w->at) : room;
	n = source_read(w->source, &w->unpacked, w->path, b->text, room, w->at,
	    &broken, err);
	if (n < 0 || (n == 0 && broken))
		return fail(w, err);
	whole = lines_before(t, (struct slice){ b->text, (size_t)n },
	    w->until, &later);
	if (whole)
		take(t, b, whole, true);
	else if (later)
		return give_way(w);
	else if ((size_t)n == BATCH_SIZE)
		take(t, b, (size_t)n, false);
	else
		return end_of_text(t, ps, b, (size_t)n, follow);
	return TAIL_MORE;
}

/* --- following ---------------------------------------------------------------- */

bool
second_has_news(struct tail *t, const struct plan *plan)
{
	const struct planned_stream *ps = &plan->stream[t->planned];
	struct second *w = &t->second;
	struct file_id now, named;

	if (!t->merged || !t->stream || !has_second(t, plan))
		return false;
	if (!w->source)
		return !is_last(w, ps);
	if (w->source->fd < 0 || !file_size(w->source->fd, &now))
		return !is_last(w, ps);
	if (now.size > w->at)
		return true;
	/* Cut, or another has its name by now and something is in it. */
	if (now.size < w->at || (file_look(w->path, &named) && named.size &&
	    !file_same(&named, &now))) {
		char *path = mem_strdup(w->path);
		struct err err;

		close_file(w);
		if (!open_file(t, plan, path, &err))
			fail(w, &err);
		free(path);
		return !w->failed;
	}
	return !is_last(w, ps);
}
