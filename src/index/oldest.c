/*
 * What was passed, in the order of numbers, is forgotten but for two lists of
 * what stays: sessions of endless streams that are late (not over, spared, or
 * still within what is kept of their stream), which are asked again, and ranges
 * of sessions of other streams, which stay for good.
 */
#include "config.h"

#include "index/oldest.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/forget.h"

/* Text beyond what is to be kept, before it is worth a look: so much of it. */
#define SLACK_PART 16
#define SLACK_MIN (64u << 10)
/* In one go, between two frames. */
#define STEPS_MAX 2

/* --- what is old ------------------------------------------------------------- */

/* A pipe, or what a command writes: it has no end, and is not read twice. */
static bool
is_endless(const struct stream *sm)
{
	uint64_t n = table_count(&sm->segments);
	const struct segment *seg = n ? table_at(&sm->segments, n - 1) : NULL;

	return seg && seg->borrowed && seg->source->pack;
}

/* The last line that has a mark and begins at an offset or before it. */
static uint32_t
line_before(const struct stream *sm, uint64_t offset)
{
	uint64_t lo = sm->gone.line / LINES_PER_MARK;
	uint64_t hi = table_count(&sm->marks);

	while (hi > lo + 1) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (*(uint64_t *)table_at(&sm->marks, mid) <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return (uint32_t)(lo * LINES_PER_MARK + 1);
}

static uint64_t
offset_of(const struct stream *sm, uint32_t line)
{
	uint64_t m = line ? (line - 1) / LINES_PER_MARK : 0;

	return m < table_count(&sm->marks) ?
	    *(uint64_t *)table_at(&sm->marks, m) : 0;
}

/* Where what is kept of each stream begins; false: it begins where it did. */
static bool
find_ends(struct store *st, const struct oldest_rule *rule)
{
	uint64_t size = rule->keep, slack = size / SLACK_PART;
	bool moved = false;

	if (slack < SLACK_MIN)
		slack = SLACK_MIN;
	if (rule->strict)
		slack = 0;
	for (uint64_t i = 0; i < table_count(&st->streams); i++) {
		struct stream *sm = store_stream(st, (uint32_t)i);
		uint64_t bytes = atomic_load_explicit(&sm->bytes,
		    memory_order_acquire);
		uint32_t line;

		if (!is_endless(sm) || bytes - offset_of(sm, sm->gone.line) <=
		    size + slack)
			continue;
		line = line_before(sm, bytes - size);
		if (line <= sm->gone.line || line > stream_lines(sm))
			continue;
		sm->gone.line = line;
		moved = true;
	}
	return moved;
}

static bool
is_spared(const struct oldest_rule *rule, uint32_t number)
{
	for (size_t i = 0; i < rule->nspared; i++)
		if (rule->spared[i] == number)
			return true;
	return false;
}

static bool
is_old(const struct stream *sm, const struct session *rec)
{
	return rec->first < sm->gone.line;
}

/* Whatever is on its way of a session that is over: its time has passed. */
static bool
must_stay(const struct oldest_rule *rule, uint32_t number,
    const struct session *rec)
{
	return session_is_open(rec) || is_spared(rule, number);
}

/* --- passing -------------------------------------------------------------------- */

static void
forget_one(struct oldest *o, uint32_t number, const struct session *rec)
{
	o->sessions++;
	o->by_outcome[session_outcome(rec)]++;
	if (!session_is_held(rec))
		return;
	mem_reserve(&o->ghost, &o->ghost_cap, o->nghosts + 1,
	    sizeof *o->ghost);
	o->ghost[o->nghosts++] = (struct ghost){ number,
	    session_outcome(rec) };
}

/* What has become of those that were written since. */
static void
look_at_ghosts(struct store *st)
{
	struct oldest *o = &st->oldest;
	size_t kept = 0;

	for (size_t i = 0; i < o->nghosts; i++) {
		struct ghost g = o->ghost[i];
		struct session rec;

		store_session(st, g.number, &rec);
		o->by_outcome[g.outcome]--;
		g.outcome = session_outcome(&rec);
		o->by_outcome[g.outcome]++;
		if (session_is_held(&rec))
			o->ghost[kept++] = g;
	}
	o->nghosts = kept;
}

static int
by_number(const void *a, const void *b)
{
	const struct ghost *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static void
add_late(struct oldest *o, uint32_t number)
{
	mem_reserve(&o->late, &o->late_cap, o->nlate + 1, sizeof *o->late);
	o->late[o->nlate++] = number;
}

static void
add_apart(struct oldest *o, uint32_t number)
{
	if (o->napart && o->apart[o->napart - 1].to == number) {
		o->apart[o->napart - 1].to++;
		return;
	}
	mem_reserve(&o->apart, &o->apart_cap, o->napart + 1,
	    sizeof *o->apart);
	o->apart[o->napart++] = (struct numbers){ number, number + 1 };
}

/* The last session, in the order of numbers, that is old; 0: none is. */
static uint32_t
last_old(struct store *st)
{
	uint64_t streams = table_count(&st->streams), n = store_sessions(st);
	bool *over = mem_array(streams + 1, sizeof *over);
	uint64_t left = 0;
	uint32_t last = 0;

	for (uint64_t i = 0; i < streams; i++) {
		over[i] = !is_endless(store_stream(st, (uint32_t)i));
		left += !over[i];
	}
	for (uint32_t number = st->passed + 1; number <= n && left; number++) {
		struct session rec;

		store_session(st, number, &rec);
		if (rec.stream >= streams || over[rec.stream])
			continue;
		if (is_old(store_stream(st, rec.stream), &rec)) {
			last = number;
		} else {
			over[rec.stream] = true;
			left--;
		}
	}
	free(over);
	return last;
}

static void
pass_until(struct store *st, uint32_t last,
    const struct oldest_rule *rule)
{
	struct oldest *o = &st->oldest;

	for (; st->passed < last; st->passed++) {
		uint32_t number = st->passed + 1;
		const struct stream *sm;
		struct session rec;

		store_session(st, number, &rec);
		sm = store_stream(st, rec.stream);
		if (!is_endless(sm))
			add_apart(o, number);
		else if (!is_old(sm, &rec) || must_stay(rule, number, &rec))
			add_late(o, number);
		else
			forget_one(o, number, &rec);
	}
}

/* Those that were late may be so no more. */
static void
pass_late(struct store *st, const struct oldest_rule *rule)
{
	struct oldest *o = &st->oldest;
	size_t kept = 0;

	for (size_t i = 0; i < o->nlate; i++) {
		struct session rec;

		store_session(st, o->late[i], &rec);
		if (is_old(store_stream(st, rec.stream), &rec) &&
		    !must_stay(rule, o->late[i], &rec))
			forget_one(o, o->late[i], &rec);
		else
			o->late[kept++] = o->late[i];
	}
	o->nlate = kept;
}

/* --- what is kept ------------------------------------------------------------------ */

static void
add_kept(struct oldest *o, struct numbers n)
{
	struct numbers *last = o->nkept ? &o->kept[o->nkept - 1] : NULL;
	uint64_t before = last ? o->before[o->nkept - 1] + (last->to -
	    last->from) : 0;

	if (last && last->to == n.from) {
		last->to = n.to;
		return;
	}
	mem_reserve(&o->kept, &o->kept_cap, o->nkept + 1, sizeof *o->kept);
	mem_reserve(&o->before, &o->before_cap, o->nkept + 1,
	    sizeof *o->before);
	o->before[o->nkept] = before;
	o->kept[o->nkept++] = n;
}

/* What stays of what was passed, and all behind it. */
static void
join_kept(struct store *st)
{
	struct oldest *o = &st->oldest;
	size_t a = 0, l = 0;

	o->nkept = 0;
	while (a < o->napart || l < o->nlate) {
		if (l == o->nlate || (a < o->napart &&
		    o->apart[a].from < o->late[l])) {
			add_kept(o, o->apart[a++]);
		} else {
			add_kept(o, (struct numbers){ o->late[l],
			    o->late[l] + 1 });
			l++;
		}
	}
	add_kept(o, (struct numbers){ st->passed + 1, UINT32_MAX });
}

bool
oldest_forget(struct store *st, const struct oldest_rule *rule)
{
	struct oldest *o = &st->oldest;
	uint64_t before = o->sessions;

	if (find_ends(st, rule) || (rule->strict && o->nkept)) {
		look_at_ghosts(st);
		pass_late(st, rule);
		pass_until(st, last_old(st), rule);
		join_kept(st);
		if (o->nghosts)
			qsort(o->ghost, o->nghosts, sizeof *o->ghost,
			    by_number);
	}
	if (o->nkept) {
		const struct forget_not not = { o->late, o->nlate, o->apart,
		    o->napart, o->ghost, o->nghosts,
		    rule->strict ? 0 : STEPS_MAX };

		store_forget_passed(st, &not);
	}
	return o->sessions > before;
}

/* --- asking -------------------------------------------------------------------------- */

uint64_t
store_forgotten(const struct store *st)
{
	return st->oldest.sessions;
}

/* The range that ends behind a number; there always is one. */
static size_t
range_of(const struct oldest *o, uint32_t number)
{
	size_t lo = 0, hi = o->nkept - 1;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (o->kept[mid].to <= number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
session_is_forgotten(const struct store *st, uint32_t number)
{
	const struct oldest *o = &st->oldest;

	return o->nkept && number < o->kept[range_of(o, number)].from;
}

uint64_t
store_kept_before(const struct store *st, uint32_t number)
{
	const struct oldest *o = &st->oldest;
	size_t i;

	if (number == 0)
		return 0;
	if (!o->nkept)
		return number - 1;
	i = range_of(o, number);
	return o->before[i] + (number > o->kept[i].from ?
	    number - o->kept[i].from : 0);
}

uint32_t
store_kept_at(const struct store *st, uint64_t i)
{
	const struct oldest *o = &st->oldest;
	size_t lo = 0, hi = o->nkept;

	if (!o->nkept)
		return (uint32_t)(i + 1);
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (o->before[mid] <= i)
			lo = mid;
		else
			hi = mid;
	}
	return o->kept[lo].from + (uint32_t)(i - o->before[lo]);
}

/* What was counted last is told a moment later. */
static void
take_off(uint64_t *count, uint64_t n)
{
	*count -= n < *count ? n : *count;
}

uint32_t
stream_forgotten(const struct stream *sm)
{
	return sm->gone.line ? sm->gone.line - 1 : 0;
}

void
store_progress_kept(const struct store *st, struct progress *p)
{
	const struct oldest *o = &st->oldest;

	store_progress(st, p);
	take_off(&p->sessions, o->sessions);
	for (int i = 0; i < OUTCOME_COUNT; i++)
		take_off(&p->by_outcome[i], o->by_outcome[i]);
}
