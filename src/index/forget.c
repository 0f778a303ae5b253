/*
 * Forgetting, in steps of many lines or sessions each: pages and blocks go back
 * only as a whole.
 *
 * The writer may still write into what was forgotten: a session whose end was
 * told may get a last word, and its record is written whole; a line that waits
 * for its session (waiting.h) has none so far, and zero says so.
 */
#include "config.h"

#include "index/forget.h"

#include "index/reader.h"
#include "index/share.h"
#include "index/waiting.h"

/* Lines, and sessions, of a step. */
#define STEP_LINES    (1u << 16)
#define STEP_SESSIONS 4096u
#define SILENT_LINES  (1u << 20)
#define STEP_MARKS    (STEP_LINES / LINES_PER_MARK)

/* The last step is not taken: a line may still wait there. */
_Static_assert(STEP_LINES >= WAITING_LINES, "lines that wait are kept");

struct late {
	const uint32_t *number;
	size_t n;
};

/* --- lines of a stream ------------------------------------------------------- */

/* How many elements of a table with ascending lines come before a line. */
static uint64_t
count_before(const struct table *t, uint32_t line)
{
	uint64_t lo = 0, hi = table_count(t);

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;
		uint32_t at;

		/* Each begins with its line; what was forgotten with zero. */
		memcpy(&at, table_at(t, mid), sizeof at);
		if (at < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
forget_front(struct table *t, uint64_t below)
{
	uint64_t done = atomic_load_explicit(&t->forgotten,
	    memory_order_relaxed);

	table_forget(t, done, below, done);
}

/* Tables that are searched by line lose their front alone. */
static void
forget_fronts(struct stream *sm, uint32_t line)
{
	uint64_t states = count_before(&sm->states, line);

	forget_front(&sm->shares, count_before(&sm->shares, line));
	forget_front(&sm->repeats, count_before(&sm->repeats, line));
	/* The state that holds at the line began before it. */
	forget_front(&sm->states, states ? states - 1 : 0);
}

/* Text between two offsets of the stream. */
static void
forget_text(const struct stream *sm, uint64_t from, uint64_t to)
{
	uint64_t n = table_count(&sm->segments);

	for (uint64_t i = 0; i < n && from < to; i++) {
		const struct segment *seg = table_at(&sm->segments, i);
		uint64_t begin = seg->base > from ? seg->base : from, end = to;

		if (i + 1 < n) {
			const struct segment *next = table_at(&sm->segments,
			    i + 1);

			end = next->base < to ? next->base : to;
		}
		if (seg->source->pack && begin < end)
			pack_forget(seg->source->pack,
			    begin - seg->base + seg->from,
			    end - seg->base + seg->from);
	}
}

/* A reader reads what is needed with what lies near it. */
_Static_assert(READER_BLOCK <= PACK_NEAR, "it never meets what is gone");

/* Lines of whole groups, [from, to); so many before them are forgotten. */
static void
forget_run(struct stream *sm, uint32_t from, uint32_t to, uint32_t before)
{
	uint32_t high = atomic_load_explicit(&sm->high_from,
	    memory_order_relaxed);
	uint64_t m = from / LINES_PER_MARK, end = to / LINES_PER_MARK;

	forget_text(sm, *(uint64_t *)table_at(&sm->marks, m),
	    *(uint64_t *)table_at(&sm->marks, end));
	table_forget(&sm->slots, from, to, before);
	table_forget(&sm->marks, m, end, before / LINES_PER_MARK);
	if (high && from >= high)
		table_forget(&sm->slots_high, from - high + 1, to - high + 1,
		    0);
}

/* Which groups of lines from `from` on hold lines of sessions that are late. */
static uint32_t
note_late(const struct store *st, const struct stream *sm,
    const struct late *late, uint32_t from, bool needed[STEP_MARKS])
{
	uint32_t to = from + STEP_LINES, least = to;

	for (size_t i = 0; i < late->n; i++) {
		struct session rec;
		uint32_t line, last;

		store_session(st, late->number[i], &rec);
		if (rec.stream != sm->number)
			continue;
		if (rec.first < least)
			least = rec.first;
		line = rec.first > from ? rec.first : from + 1;
		last = rec.last < to ? rec.last : to;
		while (line <= last && (line = share_next_line(sm, &rec,
		    late->number[i], line, last))) {
			needed[(line - 1 - from) / LINES_PER_MARK] = true;
			line++;
		}
	}
	return least;
}

static void
forget_step(const struct store *st, struct stream *sm, const struct late *late)
{
	bool needed[STEP_MARKS] = { false };
	uint32_t from = sm->gone.done, run = sm->gone.run;
	uint32_t least = note_late(st, sm, late, from, needed);

	for (uint32_t i = 0, k; i < STEP_MARKS; i = k) {
		for (k = i; k < STEP_MARKS && needed[k] == needed[i]; k++)
			;
		if (needed[i]) {
			run = 0;
			continue;
		}
		forget_run(sm, from + i * LINES_PER_MARK,
		    from + k * LINES_PER_MARK, run);
		run = (k - i) * LINES_PER_MARK;
	}
	sm->gone.done += STEP_LINES;
	sm->gone.run = run;
	forget_fronts(sm, least);
}

bool
session_is_silent(const struct store *st, const struct session *rec)
{
	uint64_t lines = stream_lines(store_stream(st, rec->stream));

	return lines > rec->last && lines - rec->last > SILENT_LINES;
}

/* --- all ---------------------------------------------------------------------- */

static void
forget_sessions(struct store *st, const struct late *late)
{
	while (st->passed - st->passed_done >= STEP_SESSIONS) {
		uint32_t from = st->passed_done, to = from + STEP_SESSIONS;

		for (size_t i = 0; i < late->n && late->number[i] <= to; i++) {
			if (late->number[i] <= from)
				continue;
			table_forget(&st->sessions, from, late->number[i] - 1,
			    st->passed_run);
			from = late->number[i];
			st->passed_run = 0;
		}
		table_forget(&st->sessions, from, to, st->passed_run);
		st->passed_run = to - from;
		st->passed_done = to;
	}
}

/* What comes is not far ahead of who reads it. */
static void
bound_packs(struct stream *sm)
{
	for (; sm->gone.bounded < table_count(&sm->segments);
	    sm->gone.bounded++) {
		const struct segment *seg = table_at(&sm->segments,
		    sm->gone.bounded);

		if (seg->source->pack)
			pack_bound(seg->source->pack);
	}
}

/* Of each stream what lies before its last session that was passed. */
static void
pass_sessions(struct store *st, uint32_t number)
{
	uint64_t streams = table_count(&st->streams), n;

	/* Lines first: those of a session that is not there yet come later. */
	for (uint64_t i = 0; i < streams; i++) {
		struct stream *sm = store_stream(st, (uint32_t)i);

		sm->gone.seen = (uint32_t)stream_lines(sm);
	}
	n = store_sessions(st);
	for (; st->passed < n && st->passed + 1 < number; st->passed++) {
		struct session rec;

		store_session(st, st->passed + 1, &rec);
		store_stream(st, rec.stream)->gone.line = rec.first;
	}
	for (uint64_t i = 0; i < streams && st->passed == n; i++) {
		struct stream *sm = store_stream(st, (uint32_t)i);

		sm->gone.line = sm->gone.seen;
	}
}

void
store_forget(struct store *st, uint32_t number, const uint32_t *late,
    size_t nlate)
{
	const struct late all = { late, nlate };

	pass_sessions(st, number);
	forget_sessions(st, &all);
	for (uint64_t i = 0; i < table_count(&st->streams); i++) {
		struct stream *sm = store_stream(st, (uint32_t)i);

		bound_packs(sm);
		while (sm->gone.line > sm->gone.done &&
		    sm->gone.line - sm->gone.done > 2 * STEP_LINES)
			forget_step(st, sm, &all);
	}
}
