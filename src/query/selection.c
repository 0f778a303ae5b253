/*
 * A selection, as its owner sees it: an array of entries that only the owner
 * touches.  What changes comes in batches from selection_work.c.
 *
 * All sessions by number need neither array nor thread.
 */
#include "config.h"

#include "query/selection.h"

#include <stdlib.h>

#include "base/clock.h"
#include "index/oldest.h"
#include "query/selection_work.h"

/* What is done within this time is never seen unfinished. */
#define WAIT_MS 15

struct zombie {
	struct zombie *next;
	struct work *work;
};

struct selection {
	const struct store *store;
	int wake_fd;
	enum column_id sort;
	bool reverse;
	struct work *work;       /* NULL: all sessions by number */
	struct order_list list;  /* in order; `reverse` is for who asks */
	uint64_t *members;       /* a bit for each number in the list */
	size_t members_cap;      /* words */
	uint64_t sessions, changes;      /* of the store, at the last poke */
	uint64_t forgotten;      /* of the store, at the last purge */
	uint64_t purged;
	struct zombie *zombies;  /* cancelled work that is not over yet */
};

struct selection *
selection_new(const struct store *st, int wake_fd)
{
	struct selection *s = mem_alloc(sizeof *s);

	s->store = st;
	s->wake_fd = wake_fd;
	return s;
}

/* Frees cancelled work that is over; or all of it, waiting. */
static void
reap(struct selection *s, bool wait)
{
	struct zombie **link = &s->zombies;

	while (*link) {
		struct zombie *z = *link;

		if (!wait && !work_is_over(z->work)) {
			link = &z->next;
			continue;
		}
		*link = z->next;
		work_free(z->work);
		free(z);
	}
}

static void
bury(struct selection *s)
{
	struct zombie *z;

	if (!s->work)
		return;
	work_cancel(s->work);
	z = mem_alloc(sizeof *z);
	z->work = s->work;
	z->next = s->zombies;
	s->zombies = z;
	s->work = NULL;
}

void
selection_free(struct selection *s)
{
	if (!s)
		return;
	bury(s);
	reap(s, true);
	order_free(&s->list);
	free(s->members);
	free(s);
}

/* --- taking over ---------------------------------------------------------- */

static void
reserve_members(struct selection *s, uint32_t number)
{
	size_t before = s->members_cap;

	if (number / 64 < before)
		return;
	mem_reserve(&s->members, &s->members_cap, number / 64 + 1,
	    sizeof *s->members);
	memset(s->members + before, 0,
	    (s->members_cap - before) * sizeof *s->members);
}

static void
mark_members(struct selection *s, const struct order_list *l, bool in)
{
	for (size_t i = 0; i < l->n; i++) {
		uint32_t number = l->e[i].number;
		uint64_t bit = UINT64_C(1) << number % 64;

		reserve_members(s, number);
		if (in)
			s->members[number / 64] |= bit;
		else
			s->members[number / 64] &= ~bit;
	}
}

/* Those that come, as a rule some or all of a range of numbers. */
static void
mark_coming(struct selection *s, const struct scan_batch *b)
{
	uint32_t i = b->all_from;

	if (i == 0 || b->come.n != (uint64_t)b->all_to - i + 1) {
		mark_members(s, &b->come, true);
		return;
	}
	reserve_members(s, b->all_to);
	for (; i <= b->all_to && i % 64; i++)
		s->members[i / 64] |= UINT64_C(1) << i % 64;
	for (; i <= b->all_to && b->all_to - i >= 63; i += 64)
		s->members[i / 64] = UINT64_MAX;
	for (; i <= b->all_to; i++)
		s->members[i / 64] |= UINT64_C(1) << i % 64;
}

/* Those that were forgotten go from a list; how many. */
static size_t
purge(const struct selection *s, struct order_list *l)
{
	size_t kept = 0, n = l->n;

	for (size_t i = 0; i < n; i++)
		if (!session_is_forgotten(s->store, l->e[i].number))
			l->e[kept++] = l->e[i];
	l->n = kept;
	return n - kept;
}

/* True when the list has become shorter. */
static bool
purge_all(struct selection *s)
{
	uint64_t forgotten = store_forgotten(s->store), n;

	if (forgotten == s->forgotten)
		return false;
	n = s->work ? purge(s, &s->list) : forgotten - s->forgotten;
	s->forgotten = forgotten;
	s->purged += n;
	return n > 0;
}

/* What was forgotten while they were found was purged already. */
static void
purge_batch(const struct selection *s, struct scan_batch *b)
{
	if (store_forgotten(s->store) == 0)
		return;
	purge(s, &b->gone);
	if (purge(s, &b->come))
		b->all_from = 0;
}

static bool
take_batch(struct selection *s)
{
	struct scan_batch b;

	if (!s->work || !work_take(s->work, &b))
		return false;
	purge_batch(s, &b);
	mark_members(s, &b.gone, false);
	mark_coming(s, &b);
	order_apply(scan_texts(work_scan(s->work)), &s->list, &b.gone,
	    &b.come);
	order_free(&b.gone);
	order_free(&b.come);
	return true;
}

/* Whether the store has changed since this was last asked. */
static bool
has_news(struct selection *s)
{
	uint64_t sessions = store_sessions(s->store);
	struct progress p;
	bool news;

	store_progress(s->store, &p);
	news = sessions != s->sessions || p.changes != s->changes;
	s->sessions = sessions;
	s->changes = p.changes;
	return news;
}

/*
 * A filter that asks the same and more: its sessions are among those there, and
 * those that may still change.  What met a limit is to be counted again.
 */
static struct scan_among
narrowed(struct selection *s, const struct filter *f)
{
	struct scan_among among = { NULL, 0 };
	const struct scan *scan = s->work ? work_scan(s->work) : NULL;

	/* Work that is current rests until its owner pokes it. */
	if (!f || !scan || !work_is_current(s->work) ||
	    work_limits(s->work) || !scan->filter ||
	    !filter_narrows(f, scan->filter))
		return among;
	among.to = scan->next - 1;
	reserve_members(s, among.to);
	for (size_t i = 0; i < scan->nwatched; i++) {
		uint32_t number = scan->watched[i].entry.number;

		s->members[number / 64] |= UINT64_C(1) << number % 64;
	}
	among.bit = s->members;
	s->members = NULL;
	s->members_cap = 0;
	return among;
}

/* The memory of the list, where the next one will need as much. */
static struct order_list
take_room(struct selection *s, const struct filter *f)
{
	struct order_list room = s->list;

	s->list = (struct order_list){ 0 };
	room.n = 0;
	if (f && !filter_is_empty(f))
		order_free(&room);
	return room;
}

void
selection_set(struct selection *s, struct filter *f, enum column_id sort,
    bool reverse)
{
	int64_t until = clock_now_ms() + WAIT_MS;
	struct scan_among among = narrowed(s, f);
	struct order_list room = take_room(s, f);

	bury(s);
	reap(s, false);
	free(s->members);
	s->members = NULL;
	s->members_cap = 0;
	s->sort = sort;
	s->reverse = reverse;
	has_news(s);
	s->forgotten = store_forgotten(s->store);
	if (!f && sort == COLUMN_NUMBER) {
		order_free(&room);
		return;
	}
	s->work = work_start(s->store, f, sort, among, room, s->wake_fd);
	while (!work_is_current(s->work)) {
		int64_t left = until - clock_now_ms();

		if (left <= 0)
			break;
		work_wait(s->work, left);
		take_batch(s);
	}
}

bool
selection_update(struct selection *s)
{
	bool changed = has_news(s);

	reap(s, false);
	if (purge_all(s))
		changed = true;
	if (!s->work)
		return changed;
	if (changed)
		work_poke(s->work);
	return take_batch(s) || changed;
}

void
selection_finish(struct selection *s)
{
	has_news(s);
	if (!s->work)
		return;
	work_poke(s->work);
	while (!work_is_current(s->work)) {
		work_wait(s->work, -1);
		if (take_batch(s) && !work_is_current(s->work))
			work_nudge(s->work);
	}
}

/* --- asking --------------------------------------------------------------- */

uint64_t
selection_count(const struct selection *s)
{
	return s->work ? s->list.n : s->sessions - s->forgotten;
}

uint64_t
selection_forgotten(const struct selection *s)
{
	return s->purged;
}

/* A position seen from the other end, when the order is reversed. */
static uint64_t
turned(const struct selection *s, uint64_t i)
{
	return s->reverse ? selection_count(s) - 1 - i : i;
}

uint32_t
selection_at(const struct selection *s, uint64_t i)
{
	i = turned(s, i);
	return s->work ? s->list.e[i].number : store_kept_at(s->store, i);
}

bool
selection_has(const struct selection *s, uint32_t number)
{
	if (number == 0 || session_is_forgotten(s->store, number))
		return false;
	if (!s->work)
		return number <= s->sessions;
	return number / 64 < s->members_cap &&
	    (s->members[number / 64] >> number % 64 & 1);
}

/*
 * Where a session stands, or would stand: by its key as it is now.  Where the
 * key would have to be decoded: where the next number stands, and -1 for none.
 */
static int64_t
place_of(const struct selection *s, uint32_t number)
{
	const struct scan *scan = work_scan(s->work);
	uint32_t best = UINT32_MAX;
	int64_t at = -1;
	struct order_entry e;
	struct session rec;

	store_session(s->store, number, &rec);
	if (scan_entry(scan, number, &rec, &e))
		return (int64_t)order_lower(scan_texts(scan), &s->list, &e);
	for (size_t i = 0; i < s->list.n; i++) {
		if (s->list.e[i].number >= number &&
		    s->list.e[i].number < best) {
			best = s->list.e[i].number;
			at = (int64_t)i;
		}
	}
	return at;
}

/* Position in the list of a session that is in it. */
static int64_t
find_member(const struct selection *s, uint32_t number)
{
	int64_t at = place_of(s, number);

	if (at >= 0 && (uint64_t)at < s->list.n &&
	    s->list.e[at].number == number)
		return at;
	/* It has changed since it was put there. */
	for (size_t i = 0; i < s->list.n; i++)
		if (s->list.e[i].number == number)
			return (int64_t)i;
	return -1;
}

static int64_t
find_nearest(const struct selection *s, uint32_t number)
{
	int64_t n = (int64_t)selection_count(s), at;

	if (n == 0)
		return -1;
	if (number == 0 || number > store_sessions(s->store))
		return s->reverse ? 0 : n - 1;
	at = s->work ? place_of(s, number) :
	    (int64_t)store_kept_before(s->store, number);
	if (at < 0 || at > n)
		at = n;
	/* Seen from the other end, the one after it is the one before. */
	if (s->reverse)
		at = n - at;
	return at < n ? at : n - 1;
}

int64_t
selection_find(const struct selection *s, uint32_t number, bool nearest)
{
	int64_t at = -1;

	if (selection_has(s, number))
		at = s->work ? find_member(s, number) :
		    (int64_t)store_kept_before(s->store, number);
	if (at >= 0)
		return (int64_t)turned(s, (uint64_t)at);
	return nearest ? find_nearest(s, number) : -1;
}

bool
selection_is_current(const struct selection *s)
{
	return !s->work || work_is_current(s->work);
}

int
selection_progress(const struct selection *s)
{
	return s->work ? work_progress(s->work) : -1;
}

uint64_t
selection_limits(const struct selection *s)
{
	return s->work ? work_limits(s->work) : 0;
}
