/*
 * Taking a kept index back.
 *
 * Nothing of the file is used before all of it was looked at: its sums, and
 * every number that anything is found by.  Of a large one the tables are not
 * copied: pages of the file become pages of the tables (base/table.h).
 */
#include "config.h"

#include "index/keep.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "index/keep_cache.h"
#include "index/keep_parts.h"

struct kept {
	struct keep_file file;
	struct keep_facts facts;
	struct keep_pack state;          /* the assembler is what is left */
	struct source **source;
};

static uint64_t
count_of(const struct kept *k, enum keep_part part, size_t size)
{
	return k->file.part[part].n % size ? UINT64_MAX :
	    k->file.part[part].n / size;
}

static const void *
at(const struct kept *k, enum keep_part part, size_t size, uint64_t i)
{
	return k->file.part[part].p + i * size;
}

static struct keep_bounds
bounds_of(const struct keep_facts *f)
{
	return (struct keep_bounds){ .lines = f->lines,
	    .sessions = f->sessions, .peers = f->peers, .slots = f->slots };
}

/* --- whether it is sound ----------------------------------------------------- */

struct look {
	struct keep_bounds bounds;
	uint32_t first;          /* line of the session before */
};

static bool
records_are_sound(void *arg, const void *p, size_t n)
{
	struct look *l = arg;
	const struct session *s = p;

	for (size_t i = 0; i < n / sizeof *s; i++) {
		if (!keep_record_is_sound(&s[i], &l->bounds) ||
		    s[i].first < l->first)
			return false;
		l->first = s[i].first;
	}
	return true;
}

/* Piece i of the sessions: what it begins with comes after the one before. */
static bool
sessions_piece(const struct kept *k, size_t i, uint64_t *sum)
{
	struct look l = { .bounds = bounds_of(&k->facts) };
	const struct session *before;

	if (i > 0) {
		before = at(k, KEEP_SESSIONS, KEEP_PIECE, i);
		l.first = before[-1].first;
	}
	return keep_file_piece(&k->file, KEEP_SESSIONS, i, records_are_sound,
	    &l, sum);
}

static bool
look_at_piece(const struct kept *k, enum keep_part part, size_t i,
    uint64_t *sum)
{
	return part == KEEP_SESSIONS ? sessions_piece(k, i, sum) :
	    keep_file_piece(&k->file, part, i, NULL, NULL, sum);
}

/* Pieces of parts, taken one after the other by two threads. */
struct pieces {
	const struct kept *k;
	size_t first[KEEP_PARTS + 1];    /* of each part, in sum[] */
	uint64_t *sum;
	atomic_size_t next;
	atomic_bool bad;
};

static void *
look_at_pieces(void *arg)
{
	struct pieces *p = arg;
	unsigned part = 0;
	size_t i;

	while ((i = atomic_fetch_add(&p->next, 1)) < p->first[KEEP_PARTS] &&
	    !atomic_load(&p->bad)) {
		while (i >= p->first[part + 1])
			part++;
		if (!look_at_piece(p->k, part, i - p->first[part],
		    &p->sum[i]))
			atomic_store(&p->bad, true);
	}
	return NULL;
}

/* Those from the first to the last. */
static bool
parts_are_whole(const struct kept *k, enum keep_part first,
    enum keep_part last)
{
	struct pieces p = { .k = k };
	bool beside, fine;
	pthread_t thread;

	for (unsigned i = 0; i < KEEP_PARTS; i++)
		p.first[i + 1] = p.first[i] + (i < first || i > last ? 0 :
		    keep_file_pieces(&k->file, i));
	p.sum = mem_array(p.first[KEEP_PARTS], sizeof *p.sum);
	beside = p.first[KEEP_PARTS] > 1 &&
	    thread_start(&thread, look_at_pieces, &p) == 0;
	look_at_pieces(&p);
	if (beside)
		pthread_join(thread, NULL);
	fine = !atomic_load(&p.bad);
	for (unsigned i = first; fine && i <= last; i++)
		fine = keep_file_is_whole(&k->file, i, p.sum + p.first[i]);
	free(p.sum);
	return fine;
}

static bool
marks_are_sound(const struct kept *k)
{
	const uint64_t *mark = at(k, KEEP_MARKS, sizeof *mark, 0);
	uint64_t n = count_of(k, KEEP_MARKS, sizeof *mark), before = 0;

	for (uint64_t i = 0; i < n; i++) {
		if (mark[i] < before || mark[i] > k->facts.end)
			return false;
		before = mark[i];
	}
	return true;
}

static bool
shares_are_sound(const struct kept *k)
{
	const struct share *s = at(k, KEEP_SHARES, sizeof *s, 0);
	uint32_t line = 1;

	for (uint32_t i = 0; i < k->facts.shares; i++) {
		if (s[i].line < line || s[i].line > k->facts.lines ||
		    s[i].session > k->facts.sessions)
			return false;
		line = s[i].line;
	}
	return true;
}

static bool
peers_are_sound(const struct kept *k)
{
	const char *p = k->file.part[KEEP_PEERS].p;
	const char *end = p + k->file.part[KEEP_PEERS].n;
	struct slice text;

	for (uint32_t i = 0; i < k->facts.peers; i++) {
		size_t n = intern_text_size(p, end, &text);

		if (!n)
			return false;
		p += n;
	}
	return p == end;
}

static bool
lengths_agree(const struct kept *k)
{
	const struct keep_facts *f = &k->facts;
	uint64_t lines = f->lines;

	return count_of(k, KEEP_SESSIONS, sizeof(struct session)) ==
	    f->sessions &&
	    count_of(k, KEEP_SLOTS, sizeof(uint16_t)) == lines &&
	    count_of(k, KEEP_SLOTS_HIGH, 1) == (f->high_from ?
	    lines - f->high_from + 1 : 0) &&
	    count_of(k, KEEP_MARKS, sizeof(uint64_t)) ==
	    (lines + LINES_PER_MARK - 1) / LINES_PER_MARK &&
	    count_of(k, KEEP_SHARES, sizeof(struct share)) == f->shares;
}

/* --- whether the log fits ----------------------------------------------------- */

static bool
open_logs(struct kept *k, const struct planned_stream *ps,
    const struct source_options *so)
{
	uint32_t n = k->facts.nsegments;
	struct err err;

	if (n > ps->n)
		return false;
	k->source = mem_array(n, sizeof *k->source);
	for (uint32_t i = 0; i < n; i++) {
		k->source[i] = source_open(ps->file[i].path, so, &err);
		/* Only the last may have grown since. */
		if (!k->source[i] || k->source[i]->fd < 0 ||
		    !keep_log_fits(&k->facts.segment[i].log,
		    k->source[i]->fd, i + 1 == n))
			return false;
	}
	return true;
}

/* What the format finds its way by. */
static bool
format_is_sound(const struct keep_facts *f, const struct format *fm)
{
	for (uint32_t i = 0; fm->state_is_sound && i < f->nstates; i++)
		if (!fm->state_is_sound(&f->state[i].state))
			return false;
	return true;
}

static bool
read_state(struct kept *k, const struct format *fm)
{
	k->state.in = k->file.part[KEEP_STATE];
	if (!parts_are_whole(k, KEEP_STATE, KEEP_STATE))
		return false;
	keep_pack_facts(&k->state, &k->facts);
	return !k->state.wrong && lengths_agree(k) &&
	    format_is_sound(&k->facts, fm);
}

struct kept *
keep_open(const struct keep_options *o, const struct planned_stream *ps,
    const struct source_options *so)
{
	char *path = keep_path(o, ps);
	struct kept *k;

	if (!path)
		return NULL;
	k = mem_alloc(sizeof *k);
	k->file.fd = -1;
	if (!keep_file_open(&k->file, path, keep_fits(ps)) ||
	    !read_state(k, ps->format) || !open_logs(k, ps, so) ||
	    !parts_are_whole(k, KEEP_STATE + 1, KEEP_PARTS - 1) || !marks_are_sound(k) || !shares_are_sound(k) ||
	    !peers_are_sound(k)) {
		kept_free(k);
		k = NULL;
		/* It will never fit again. */
		unlink(path);
	} else {
		keep_cache_touch(path);
	}
	free(path);
	return k;
}

void
kept_free(struct kept *k)
{
	if (!k)
		return;
	for (uint32_t i = 0; k->source && i < k->facts.nsegments; i++)
		source_close(k->source[i]);
	free(k->source);
	keep_facts_free(&k->facts);
	if (k->file.fd >= 0)
		keep_file_close(&k->file);
	keep_file_unmap(k->file.map, k->file.size);
	free(k);
}

/* --- taking it ---------------------------------------------------------------- */

uint64_t
kept_end(const struct kept *k, uint32_t *lines)
{
	*lines = k->facts.lines;
	return k->facts.end;
}

const struct format_state *
kept_state(const struct kept *k)
{
	return &k->facts.state[k->facts.nstates - 1].state;
}

bool
kept_file(struct kept *k, size_t i, struct source **source, uint64_t *base,
    uint32_t *first_line)
{
	if (i >= k->facts.nsegments)
		return false;
	*source = k->source[i];
	k->source[i] = NULL;
	*base = k->facts.segment[i].base;
	*first_line = k->facts.segment[i].first_line;
	return true;
}

static void
load_part(const struct kept *k, struct table *t, enum keep_part part)
{
	table_load(t, k->file.part[part].n / t->size, k->file.part[part].p,
	    k->file.fd, keep_file_at(&k->file, part));
}

bool
kept_fill(struct kept *k, struct stream *sm, struct assembler *as)
{
	const struct keep_bounds b = bounds_of(&k->facts);

	keep_pack_assembler(&k->state, as, &b, 0, NULL);
	if (k->state.wrong || k->state.in.n)
		return false;
	as->own = k->facts.counts;
	load_part(k, &sm->slots, KEEP_SLOTS);
	load_part(k, &sm->slots_high, KEEP_SLOTS_HIGH);
	load_part(k, &sm->marks, KEEP_MARKS);
	/* The first is there: it is what the stream began with. */
	for (uint32_t i = 1; i < k->facts.nstates; i++)
		*(struct state_mark *)table_append(&sm->states) =
		    k->facts.state[i];
	table_publish(&sm->states);
	atomic_store_explicit(&sm->high_from, k->facts.high_from,
	    memory_order_relaxed);
	return true;
}

/*
 * The first stream's peers stay where they are, and their numbers are right.
 * NULL then.
 */
static uint32_t *
take_peers(const struct kept *k, struct intern *peers)
{
	const char *p = k->file.part[KEEP_PEERS].p;
	const char *end = p + k->file.part[KEEP_PEERS].n;
	uint32_t n = k->facts.peers, *number;
	struct slice text;

	if (peers->entries.used == 0) {
		intern_adopt(peers, p, n);
		return NULL;
	}
	number = mem_array((size_t)n + 1, sizeof *number);
	for (uint32_t i = 1; i <= n; i++) {
		p += intern_text_size(p, end, &text);
		number[i] = intern_add(peers, text);
	}
	return number;
}

static void
take_sessions(const struct kept *k, struct table *sessions, uint32_t stream,
    const uint32_t *peer)
{
	const struct session *from = at(k, KEEP_SESSIONS, sizeof *from, 0);

	if (sessions->used == 0 && stream == 0 && !peer) {
		load_part(k, sessions, KEEP_SESSIONS);
		return;
	}
	for (uint32_t i = 0; i < k->facts.sessions; i++) {
		struct session s = from[i];

		s.stream = (uint16_t)stream;
		s.peer = peer ? peer[s.peer] : s.peer;
		session_store(table_append(sessions), &s);
	}
}

static void
take_shares(const struct kept *k, struct table *shares, uint32_t before)
{
	const struct share *from = at(k, KEEP_SHARES, sizeof *from, 0);

	for (uint32_t i = 0; i < k->facts.shares; i++) {
		struct share *s = table_append(shares);

		*s = from[i];
		if (s->session)
			s->session += before;
	}
}

bool
kept_take(struct kept *k, struct assembler *as)
{
	struct stream *sm = as->stream;
	struct table *sessions = &as->store->sessions;
	uint32_t before = (uint32_t)sessions->used;
	uint32_t *peer;

	if (k->facts.sessions >= UINT32_MAX - 1 - before)
		return false;
	peer = take_peers(k, &as->store->peers);
	take_sessions(k, sessions, sm->number, peer);
	take_shares(k, &sm->shares, before);
	keep_move_assembler(as, before, peer);
	if (k->facts.sessions) {
		atomic_store_explicit(&sm->session_lo, before + 1,
		    memory_order_release);
		atomic_store_explicit(&sm->session_hi, before +
		    k->facts.sessions, memory_order_release);
	}
	if (!peer) {
		sm->kept = k->file.map;
		sm->kept_size = k->file.size;
		k->file.map = NULL;
	}
	free(peer);
	return true;
}
