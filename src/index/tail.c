/*
 * Reading a stream to its end and on.
 *
 * Where a file ends, its last line ends, newline or not; only the last file of
 * a followed stream may have a line that is still being written.  No partial
 * line is kept between two reads: the next read begins at its first byte.  A
 * line longer than a read keeps its head and how far its end was looked for.
 */
#include "config.h"

#include "index/tail.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "index/reader.h"
#include "index/second.h"
#include "index/tailing.h"

/* So many lines may be read and not be counted yet: a stream ends before. */
#define LINES_AHEAD (16u * BATCH_SIZE)

_Static_assert(BATCH_SIZE > LINE_LOOK_MAX, "a read holds a line's head");

void
tail_free(struct tail *t)
{
	if (t->seg && !t->seg->borrowed)
		source_stop(t->seg->source);
	for (size_t i = 0; i < t->nheld; i++)
		source_close(t->held[i]);
	free(t->held);
	second_free(&t->second);
	pack_cache_free(t->unpacked);
	kept_free(t->kept);
	assembler_free(t->as);
	free(t->head);
	free(t->path);
}

/* --- beginning a stream, beginning a file --------------------------------- */

static char *
stream_name(const struct plan *plan, const struct planned_stream *ps)
{
	size_t common = plan_common(plan, ps);
	struct buf b = { 0 };
	char *name;

	/* A command goes by its host's name already. */
	if (ps->label.host && !ps->file[0].pipe)
		buf_addf(&b, "%s:", ps->label.host);
	if (planned_firsts(ps) == 1 || !ps->key[0])
		buf_addf(&b, "%s", ps->file[0].path + common);
	else
		buf_addf(&b, "%s%s*", ps->folder + common, ps->key);
	name = mem_slicedup(buf_slice(&b));
	buf_free(&b);
	return name;
}

static int
begin_stream(struct tail *t, const struct plan *plan,
    const struct planned_stream *ps, struct err *err)
{
	struct store *st = t->store;
	struct stream *sm;

	if (st->streams.used >= STREAMS_MAX)
		return err_set(err, "%s: more than %d logs at once",
		    ps->file[0].path, STREAMS_MAX);
	sm = stream_new();
	sm->format = ps->format;
	sm->traits = ps->traits;
	sm->why = mem_strdup(ps->why ? ps->why : "");
	sm->host = mem_strdup(ps->label.host ? ps->label.host : "");
	sm->clock = planned_clock(ps);
	sm->traits.times_have_ms |= sm->clock.skew % 1000 != 0;
	if (sm->traits.times_are_utc ? ps->label.always_shown :
	    sm->clock.zone.kind != ZONE_NONE)
		sm->shown = ps->label.shown;
	sm->name = stream_name(plan, ps);
	sm->number = (uint32_t)st->streams.used;
	t->stream = sm;
	t->state = ps->state;
	t->merged = ps->rotated && ps->format->second_log;
	t->as = assembler_new(st, sm, &ps->state, t->totals);
	*(struct stream **)table_append(&st->streams) = sm;
	table_publish(&st->streams);
	return 0;
}

/* The next file that was held while reading was paused. */
static struct source *
take_held(struct tail *t)
{
	struct source *source = t->held[0];

	t->nheld--;
	memmove(t->held, t->held + 1, t->nheld * sizeof *t->held);
	return source;
}

/* The source becomes the stream's, and what is read next. */
static void
begin_source(struct tail *t, const char *path, struct source *source)
{
	struct segment *seg = table_append(&t->stream->segments);

	seg->base = t->line_at;
	seg->first_line = (t->merged ? t->given : t->lines) + 1;
	seg->source = source;
	seg->borrowed = t->pipe != NULL;
	seg->path = mem_strdup(path);
	table_publish(&t->stream->segments);
	t->seg = t->own = seg;
	t->origin = t->line_at;
	t->parted = t->half = false;
	t->nlast = 0;
	t->id = source->id;
	t->looked = t->line_at;
	free(t->path);
	t->path = mem_strdup(path);
}

int
tail_begin_file(struct tail *t, const struct plan *plan, const char *path,
    struct err *err)
{
	struct source *source = t->pipe ? t->pipe : t->nheld ? take_held(t) :
	    source_open(path, sources_options(plan->pipes), err);

	if (!source)
		return -1;
	begin_source(t, path, source);
	return 0;
}

/*
 * Goes on where a kept index ends, with its last file in hand.  False: it
 * cannot be used, and the stream begins like any other.
 */
static bool
begin_kept(struct tail *t, struct kept *kept, const struct planned_stream *ps)
{
	struct source *source;
	uint64_t base;
	uint32_t lines;

	if (!kept_fill(kept, t->stream, t->as)) {
		assembler_free(t->as);
		t->as = assembler_new(t->store, t->stream, &ps->state,
		    t->totals);
		kept_free(kept);
		return false;
	}
	while (kept_file(kept, t->next, &source, &base, &lines)) {
		t->line_at = base;
		t->lines = t->given = lines - 1;
		begin_source(t, ps->file[t->next++].path, source);
	}
	t->line_at = t->looked = kept_end(kept, &lines);
	t->lines = t->given = lines;
	t->state = *kept_state(kept);
	t->kept = t->fresh = kept;
	return true;
}

static void
set_format(struct planned_stream *ps, const struct look_found *found,
    const struct err *why)
{
	ps->format = found->format;
	ps->state = found->state;
	ps->traits = found->traits;
	ps->why = mem_strdup(why->text);
}

/* A file was missing or empty; it may have something by now. */
static enum tail_result
detect_file(struct tail *t, const struct plan *plan, struct planned_stream *ps,
    const char *path, const struct format *forced, struct err *err)
{
	struct file_id id;
	struct look_found found;

	if (!file_look(path, &id) || id.size == t->id.size)
		return TAIL_END;
	t->id = id;
	if (look_at_file(path, source_clock_ahead(&ps->label.clock),
	    plan->formats, forced, &found, err) != LOOK_LOG)
		return TAIL_TROUBLE;
	set_format(ps, &found, err);
	return TAIL_MORE;
}

/* How much of the head of a pipe is whole lines. */
static size_t
whole_lines(const char *head, size_t n)
{
	while (n && head[n - 1] != '\n')
		n--;
	return n;
}

/*
 * A pipe is looked at when there is enough of it, or when no more will come.
 * Who is in a hurry looks at what there is: more may not come for long.
 */
static enum tail_result
detect_pipe(struct tail *t, const struct plan *plan, struct planned_stream *ps,
    const struct format *forced, struct err *err)
{
	bool over = pack_is_over(t->pipe->pack), broken, enough;
	struct look_found found;
	enum tail_result r = TAIL_MORE;
	char *head;
	ssize_t n;

	t->id.size = pack_size(t->pipe->pack);
	enough = over || t->id.size >= LOOK_HEAD;
	if (!enough && !(t->hasty && t->id.size))
		return TAIL_WAIT;
	head = mem_alloc(LOOK_HEAD);
	n = source_read(t->pipe, &t->unpacked, t->pipe->path, head, LOOK_HEAD,
	    pack_gone(t->pipe->pack), &broken, err);
	if (n > 0 && !over)
		n = (ssize_t)whole_lines(head, (size_t)n);
	if (n < 0 || (n == 0 && broken))
		r = TAIL_TROUBLE;
	else if (look_at_head(t->pipe->path, (struct slice){ head,
	    (size_t)n }, (struct look_when){ CLOCK_NONE,
	    source_clock_ahead(&ps->label.clock) }, plan->formats,
	    plan_choice(plan, t->pipe->path, forced), &found, err) == LOOK_LOG)
		set_format(ps, &found, err);
	else
		r = enough ? TAIL_TROUBLE : TAIL_WAIT;
	t->dead = r == TAIL_TROUBLE;
	free(head);
	return r;
}

/* From a line on that begins behind `begin_at`, where one begins soon. */
static void
begin_late(struct tail *t)
{
	char text[4096];
	const char *nl;
	ssize_t n;

	/* A pipe that is read once more: what was forgotten ends with a line. */
	if (t->pipe) {
		t->seg->from = pack_gone(t->pipe->pack);
		t->origin -= t->seg->from;
	}
	if (!t->begin_at || t->seg->source->fd < 0)
		return;
	n = file_read(t->seg->source->fd, t->path, text, sizeof text,
	    t->begin_at - 1, NULL, NULL);
	nl = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;
	if (nl)
		t->begin_at += (uint64_t)(nl - text);
	t->seg->from = t->begin_at;
	t->origin -= t->begin_at;
	t->begin_at = 0;
}

/* The next file of the plan, if there is one; its stream with the first. */
static enum tail_result
open_next(struct tail *t, struct plan *plan, bool follow,
    const struct format *forced, struct err *err)
{
	struct planned_stream *ps = &plan->stream[t->planned];
	const char *path;

	if (t->next >= planned_firsts(ps))
		return TAIL_END;
	path = ps->file[t->next].path;
	t->pipe = ps->file[t->next].pipe;
	if (!ps->format) {
		enum tail_result r = t->pipe ?
		    detect_pipe(t, plan, ps, forced, err) :
		    detect_file(t, plan, ps, path, forced, err);

		if (r != TAIL_MORE)
			return r;
	}
	if (!t->stream) {
		struct kept *kept = t->keep ? keep_open(t->keep, ps,
		    sources_options(plan->pipes)) : NULL;

		if (begin_stream(t, plan, ps, err) < 0) {
			kept_free(kept);
			return TAIL_TROUBLE;
		}
		if (kept && begin_kept(t, kept, ps))
			return TAIL_MORE;
	}
	if (tail_begin_file(t, plan, path, err) < 0) {
		if (!follow || t->next + 1 < planned_firsts(ps))
			t->next++;
		return TAIL_TROUBLE;
	}
	begin_late(t);
	t->next++;
	return TAIL_MORE;
}

/* --- lines ---------------------------------------------------------------- */

/* One line that has no end, or whose end lies elsewhere. */
static void
give_line(struct tail *t, struct batch *b, struct slice line, bool cut)
{
	if (t->merged)
		second_take_first(t, NULL, 0);
	b->line = line;
	b->line_cut = cut;
	b->at = t->line_at;
	atomic_fetch_add_explicit(&t->lines, 1, memory_order_relaxed);
}

/* A line that did not fit a read has ended at `end`. */
static void
give_long_line(struct tail *t, struct batch *b, uint64_t end)
{
	give_line(t, b, (struct slice){ t->head, LINE_LOOK_MAX }, true);
	batch_own(b, t->head);
	t->head = NULL;
	t->line_at = t->looked = end;
}

/* Whole lines of text that begins at line_at. */
static void
give_lines(struct tail *t, struct batch *b, const char *text, size_t n)
{
	size_t whole = n;

	while (whole && text[whole - 1] != '\n')
		whole--;
	if (t->merged && whole)
		second_take_first(t, text, whole);
	b->lines = (struct slice){ text, whole };
	b->at = t->line_at;
	t->line_at += whole;
	t->looked = t->line_at + (n - whole);
}

/* Looks for the end of a line whose head is kept. */
static void
look_for_end(struct tail *t, struct batch *b, size_t n)
{
	const char *nl = memchr(b->text, '\n', n);

	if (!nl)
		t->looked += n;
	else
		give_long_line(t, b, t->looked + (uint64_t)(nl + 1 - b->text));
}

void
tail_end_line(struct tail *t, struct batch *b, const char *rest, size_t n)
{
	if (t->head) {
		give_long_line(t, b, t->looked);
	} else if (n) {
		give_line(t, b, (struct slice){ rest, n }, false);
		t->line_at += n;
		t->looked = t->line_at;
		t->half = true;
	}
}

/*
 * The last line was taken as it stood when the file seemed to be over, and
 * now it goes on: the rest belongs to it.  Returns how many bytes that is.
 */
static size_t
rest_of_half(struct tail *t, const char *text, size_t n)
{
	const char *nl = memchr(text, '\n', n);

	if (nl) {
		n = (size_t)(nl - text) + 1;
		t->half = false;
	}
	t->line_at += n;
	t->looked = t->line_at;
	return n;
}

bool
tail_is_last(const struct tail *t, const struct plan *plan)
{
	return t->next >= planned_firsts(&plan->stream[t->planned]);
}

/* One buffer of the file in hand. */
static void
give_buffer(struct tail *t, struct batch *b, size_t n)
{
	const char *text = b->text;

	if (t->head) {
		look_for_end(t, b, n);
		return;
	}
	if (t->half) {
		size_t skip = rest_of_half(t, text, n);

		text += skip;
		n -= skip;
	}
	give_lines(t, b, text, n);
	if (t->looked - t->line_at == BATCH_SIZE) {
		t->head = mem_alloc(LINE_LOOK_MAX);
		memcpy(t->head, text, LINE_LOOK_MAX);
	}
}

void
tail_give_batch(struct tail *t, struct batch *b)
{
	b->tail = t->planned;
	b->merged = t->prints;
	b->clock = t->stream && !source_clock_is_plain(&t->stream->clock) ?
	    &t->stream->clock : NULL;
	b->end = t->line_at;
	b->peers = &t->store->peers;
	b->kept = t->fresh;
	t->fresh = NULL;
	pthread_mutex_lock(t->mutex);
	b->state = t->state;
	b->epoch = t->epoch;
	pthread_mutex_unlock(t->mutex);
}

static enum tail_result
read_file(struct tail *t, struct plan *plan, struct batch *b, bool follow,
    struct err *err)
{
	uint64_t before = t->line_at, looked = t->looked;
	struct source *source = t->seg->source;
	bool packed = source->fd < 0, goes_on = source_goes_on(source);
	bool broken;
	ssize_t n;

	if (atomic_load_explicit(&t->lines, memory_order_relaxed) >
	    STREAM_LINES_MAX - LINES_AHEAD) {
		t->dead = true;
		err_set(err, "%s: has more lines than can be numbered", t->path);
		return TAIL_TROUBLE;
	}
	/* It may have been empty when it was opened. */
	if (!packed)
		file_more_sample(source->fd, &source->sample);
	n = source_read(source, &t->unpacked, t->path, b->text,
	    second_room(t, plan),
	    (t->head ? t->looked : t->line_at) - t->origin, &broken, err);

	if (n < 0)
		n = 0;
	give_buffer(t, b, (size_t)n);
	if (t->line_at != before || t->looked != looked)
		return TAIL_MORE;
	if (goes_on && !broken)
		return TAIL_WAIT;
	if (!packed)
		tail_take_last(t);
	if (t->keep && !t->marked && tail_is_last(t, plan) && !broken && !packed) {
		b->keeps = !t->broken;
		t->marked = true;
		return TAIL_MORE;
	}
	if (follow && tail_is_last(t, plan) && !broken && !packed)
		return TAIL_END;
	tail_end_line(t, b, b->text, t->head ? 0 : (size_t)n);
	if (packed && !t->seg->borrowed)
		source_stop(source);
	t->seg = NULL;
	if (broken)
		return TAIL_TROUBLE;
	return tail_is_last(t, plan) ? TAIL_END : TAIL_MORE;
}

enum tail_result
tail_read(struct tail *t, struct plan *plan, struct batch *b, bool follow,
    const struct format *forced, struct err *err)
{
	enum tail_result r;

	if (t->dead)
		return TAIL_END;
	if (t->second.due) {
		r = second_read(t, plan, b, follow, err);
		tail_give_batch(t, b);
		return r;
	}
	if (t->merged)
		second_look_ahead(t, plan, follow);
	r = t->seg ? read_file(t, plan, b, follow, err) :
	    open_next(t, plan, follow, forced, err);
	tail_give_batch(t, b);
	t->broken = t->broken || r == TAIL_TROUBLE ||
	    (t->half && tail_is_last(t, plan));
	return t->merged ? second_follow_up(t, plan, b, r, err) : r;
}

void
tail_wait(const struct tail *t)
{
	struct source *s = t->seg ? t->seg->source : t->pipe;

	if (t->second.waits) {
		pack_wait(t->second.source->pack, t->second.at);
		return;
	}

	pack_wait(s->pack, t->seg ? t->looked - t->origin : t->id.size);
}

void
tail_scan(struct tail *t, struct batch *b)
{
	batch_scan(b, t->stream->format);
	atomic_fetch_add_explicit(&t->lines, b->nlines, memory_order_relaxed);
}

/*
 * A state that changed holds for what comes behind it.  What was read before
 * that was known is scanned once more.
 */
void
tail_settle(struct tail *t, struct batch *b)
{
	pthread_mutex_lock(t->mutex);
	if (b->epoch != t->epoch) {
		b->state = t->state;
		b->epoch = t->epoch;
		pthread_mutex_unlock(t->mutex);
		batch_scan(b, t->stream->format);
		pthread_mutex_lock(t->mutex);
	}
	if (b->nstates) {
		t->state = b->states[b->nstates - 1];
		t->epoch++;
	}
	pthread_mutex_unlock(t->mutex);
}
