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

#include <stdlib.h>

#include "base/mem.h"
#include "index/forget_parts.h"
#include "index/reader.h"
#include "index/waiting.h"

/* Lines of a step. */
#define STEP_LINES    (1u << 16)
#define SILENT_LINES  (1u << 20)
#define STEP_MARKS    (STEP_LINES / LINES_PER_MARK)

/* The last step is not taken: a line may still wait there. */
_Static_assert(STEP_LINES >= WAITING_LINES, "lines that wait are kept");
/* A reader reads what is needed with what lies near it. */
_Static_assert(READER_BLOCK <= PACK_NEAR, "it never meets what is gone");

/* One step of a stream's lines: which groups stay. */
struct step {
	const struct store *st;
	struct stream *sm;
	const struct forget_not *not;
	uint32_t from;
	uint64_t end;            /* the offset behind it */
	bool again;              /* it was taken before, and something stays */
	bool needed[STEP_MARKS];
	uint32_t least;          /* first line of any that is late */
};

void
forget_step_add(struct forget_steps *s, const struct forget_step *step)
{
	mem_reserve(&s->step, &s->cap, s->n + 1, sizeof *s->step);
	s->step[s->n++] = *step;
}

struct forget_step *
forget_step_next(struct forget_steps *s)
{
	if (s->n == 0)
		return NULL;
	if (s->next >= s->n)
		s->next = 0;
	return &s->step[s->next];
}

void
forget_step_end(struct forget_steps *s, uint32_t gone, uint32_t all)
{
	s->step[s->next].gone = gone;
	if (gone == all)
		s->step[s->next] = s->step[--s->n];
	else
		s->next++;
}

/* --- which lines stay ---------------------------------------------------------- */

uint32_t
forget_next_late(const struct forget_not *not, uint32_t number)
{
	size_t lo = 0, hi = not->nlate;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (not->late[mid] < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < not->nlate ? not->late[lo] : UINT32_MAX;
}

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

/* By slot: lines between which it may be that of one that is late. */
struct held_slots {
	struct lines {
		uint32_t first, last;    /* last 0: none */
	} *slot;
	size_t n, cap;
};

static void
hold_slot(struct held_slots *h, const struct session *rec)
{
	uint32_t slot = session_slot(rec);
	struct lines *l;

	if (slot >= h->n) {
		mem_reserve(&h->slot, &h->cap, slot + 1u, sizeof *h->slot);
		memset(h->slot + h->n, 0, (slot + 1u - h->n) *
		    sizeof *h->slot);
		h->n = slot + 1u;
	}
	l = &h->slot[slot];
	if (l->last == 0 || rec->first < l->first)
		l->first = rec->first;
	if (rec->last > l->last)
		l->last = rec->last;
}

/* Those that are late and may have lines in the step. */
static void
find_held(struct step *s, struct held_slots *h)
{
	uint32_t to = s->from + STEP_LINES;

	s->least = UINT32_MAX;
	for (size_t i = 0; i < s->not->nlate; i++) {
		struct session rec;

		store_session(s->st, s->not->late[i], &rec);
		if (rec.stream != s->sm->number)
			continue;
		if (rec.first < s->least)
			s->least = rec.first;
		if (rec.last > s->from && rec.first <= to)
			hold_slot(h, &rec);
	}
}

/* Groups with lines of theirs. */
static void
find_needed(struct step *s)
{
	struct held_slots h = { .slot = NULL };

	find_held(s, &h);
	for (uint32_t i = 1; h.n && i <= STEP_LINES; i++) {
		uint32_t line = s->from + i, slot = stream_slot(s->sm, line);

		if (slot < h.n && line >= h.slot[slot].first &&
		    line <= h.slot[slot].last)
			s->needed[(i - 1) / LINES_PER_MARK] = true;
	}
	free(h.slot);
	for (uint64_t i = count_before(&s->sm->shares, s->from + 1);
	    i < table_count(&s->sm->shares); i++) {
		const struct share *sh = table_at(&s->sm->shares, i);

		if (sh->line > s->from + STEP_LINES)
			break;
		if (sh->line > s->from && sh->session &&
		    forget_next_late(s->not, sh->session) == sh->session)
			s->needed[(sh->line - 1 - s->from) /
			    LINES_PER_MARK] = true;
	}
}

/* The next run of groups, from `at` on, that do not stay; false: no more. */
static bool
next_run(const struct step *s, uint32_t *at, uint32_t *to)
{
	while (*at < STEP_MARKS && s->needed[*at])
		++*at;
	for (*to = *at; *to < STEP_MARKS && !s->needed[*to]; ++*to)
		;
	return *at < *to;
}

/* --- their text ------------------------------------------------------------------ */

/*
 * The runs as pieces of a segment's text, which ends before `over`.  The marks of
 * a step are there until all of it is gone; the next one's may not be.
 */
static size_t
pieces(const struct step *s, const struct segment *seg, uint64_t over,
    struct pack_range *r)
{
	const struct table *marks = &s->sm->marks;
	uint32_t m = s->from / LINES_PER_MARK;
	size_t n = 0;

	for (uint32_t i = 0, k; next_run(s, &i, &k); i = k) {
		uint64_t from = *(uint64_t *)table_at(marks, m + i);
		uint64_t to = k == STEP_MARKS ? s->end :
		    *(uint64_t *)table_at(marks, m + k);

		if (from < seg->base)
			from = seg->base;
		if (to > over)
			to = over;
		if (from < to)
			r[n++] = (struct pack_range){
			    from - seg->base + seg->from,
			    to - seg->base + seg->from };
	}
	return n;
}

/* Whether that much of a pack may be forgotten by now. */
static bool
may_forget(const struct pack *p, uint64_t to)
{
	uint64_t retained = pack_retained(p);

	return retained == 0 || to + retained <= pack_size(p);
}

/* False when a pack is not to be touched now. */
static bool
forget_text(const struct step *s)
{
	uint64_t n = table_count(&s->sm->segments);
	struct pack_range *r = mem_array(STEP_MARKS, sizeof *r);
	bool done = true;

	for (uint64_t i = 0; i < n && done; i++) {
		const struct segment *seg = table_at(&s->sm->segments, i);
		uint64_t over = UINT64_MAX;
		size_t k;

		if (i + 1 < n)
			over = ((const struct segment *)table_at(
			    &s->sm->segments, i + 1))->base;
		if (!seg->source->pack)
			continue;
		k = pieces(s, seg, over, r);
		if (k)
			done = may_forget(seg->source->pack, r[k - 1].to) &&
			    pack_forget(seg->source->pack, r, k, s->again);
	}
	free(r);
	return done;
}

/* --- lines ------------------------------------------------------------------------ */

static void
forget_front(struct table *t, uint64_t below)
{
	uint64_t done = atomic_load_explicit(&t->forgotten,
	    memory_order_relaxed);

	if (below <= done)
		return;
	table_forget(t, done, below, done);
	table_note_forgotten(t, below - done);
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

/* Lines of whole groups, [from, to); so many before them are forgotten. */
static void
forget_run(struct stream *sm, uint32_t from, uint32_t to, uint32_t before)
{
	uint32_t high = atomic_load_explicit(&sm->high_from,
	    memory_order_relaxed);

	table_forget(&sm->slots, from, to, before);
	if (high && from >= high)
		table_forget(&sm->slots_high, from - high + 1, to - high + 1,
		    0);
}

/* Nothing of a step is needed any more; so many marks before are gone, too. */
static void
forget_marks(struct stream *sm, uint32_t from, uint32_t before)
{
	uint64_t m = from / LINES_PER_MARK;

	table_forget(&sm->marks, m, m + STEP_MARKS, before);
	table_note_forgotten(&sm->marks, STEP_MARKS);
}

/* *run: so many lines before the step are gone, and then before its end. */
static uint32_t
forget_runs(const struct step *s, uint32_t *run)
{
	uint32_t gone = 0, before = *run;

	for (uint32_t i = 0, k; next_run(s, &i, &k); i = k) {
		uint32_t n = (k - i) * LINES_PER_MARK;

		if (i > 0)
			before = 0;
		forget_run(s->sm, s->from + i * LINES_PER_MARK,
		    s->from + k * LINES_PER_MARK, before);
		gone += n;
		before = n;
	}
	*run = s->needed[STEP_MARKS - 1] ? 0 : before;
	return gone;
}

/* False: a pack is not to be touched now. */
static bool
forget_step(const struct store *st, struct stream *sm,
    const struct forget_not *not)
{
	struct step s = { .st = st, .sm = sm, .not = not,
	    .from = sm->gone.done };
	bool follows = sm->gone.run == STEP_LINES;
	uint32_t gone;

	s.end = *(uint64_t *)table_at(&sm->marks,
	    s.from / LINES_PER_MARK + STEP_MARKS);
	find_needed(&s);
	if (!forget_text(&s))
		return false;
	gone = forget_runs(&s, &sm->gone.run);
	table_note_forgotten(&sm->slots, gone);
	if (gone == STEP_LINES)
		forget_marks(sm, s.from, follows ? STEP_MARKS : 0);
	else
		forget_step_add(&sm->gone.stayed, &(struct forget_step){ s.from,
		    gone, s.end });
	sm->gone.done += STEP_LINES;
	forget_fronts(sm, s.least < sm->gone.done ? s.least : sm->gone.done);
	return true;
}

static void
step_again(const struct store *st, struct stream *sm,
    const struct forget_not *not)
{
	struct forget_step *old = forget_step_next(&sm->gone.stayed);
	struct step s = { .st = st, .sm = sm, .not = not };
	uint32_t gone, run = 0;

	if (!old)
		return;
	s.from = old->from;
	s.end = old->end;
	find_needed(&s);
	/* The last time what is left at its ends is seen to. */
	s.again = memchr(s.needed, true, sizeof s.needed) != NULL;
	if (!forget_text(&s))
		return;
	gone = forget_runs(&s, &run);
	/* A slot may be held by two, of which the other is late now. */
	if (gone < old->gone)
		gone = old->gone;
	table_note_forgotten(&sm->slots, gone - old->gone);
	if (gone == STEP_LINES)
		forget_marks(sm, s.from, 0);
	forget_step_end(&sm->gone.stayed, gone, STEP_LINES);
}

bool
session_is_silent(const struct store *st, const struct session *rec)
{
	uint64_t lines = stream_lines(store_stream(st, rec->stream));

	return lines > rec->last && lines - rec->last > SILENT_LINES;
}

/* --- all ------------------------------------------------------------------------------ */

/* From now on who fills the stream's packs waits where he is far ahead. */
static void
bound(struct stream *sm)
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

		bound(sm);
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
store_forget_passed(struct store *st, const struct forget_not *not)
{
	forget_sessions(st, not);
	for (uint64_t i = 0; i < table_count(&st->streams); i++) {
		struct stream *sm = store_stream(st, (uint32_t)i);

		step_again(st, sm, not);
		for (unsigned k = 0; (!not->steps || k < not->steps) &&
		    sm->gone.line > sm->gone.done &&
		    sm->gone.line - sm->gone.done > 2 * STEP_LINES; k++)
			if (!forget_step(st, sm, not))
				break;
	}
}

void
store_forget(struct store *st, uint32_t number, const uint32_t *late,
    size_t nlate)
{
	const struct forget_not not = { .late = late, .nlate = nlate };

	pass_sessions(st, number);
	store_forget_passed(st, &not);
}
