/*
 * Writing an index into the cache: the tables as they are, but that the numbers
 * of sessions and peers count from the stream's own first.
 */
#include "config.h"

#include "index/keep.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/keep_cache.h"
#include "index/keep_parts.h"

struct keeping {
	const struct store *store;
	const struct stream *sm;
	const struct assembler *as;
	const struct planned_stream *planned;
	struct keep_facts facts;
	uint32_t before;         /* sessions of the store before the first */
	uint32_t *peer;          /* by number in the store: that in the file */
	uint64_t peers_bytes;    /* of their texts, at most */
	struct buf state;        /* the first part */
};

/* --- whether it can be kept -------------------------------------------------- */

/*
 * A file that is there under its name, was read from its beginning on, and is
 * not compressed.
 */
static bool
segment_can_be(const struct segment *seg, const struct planned_file *file)
{
	struct file_id now, id;

	return seg->source->fd >= 0 && !segment_gone(seg) &&
	    slice_eq(slice_of(seg->path), slice_of(file->path)) &&
	    file_look(file->path, &now) && file_size(seg->source->fd, &id) &&
	    file_same(&now, &id);
}

/* Its sessions must follow each other: number k of them is before + k. */
static bool
find_sessions(struct keeping *k)
{
	uint32_t lo = atomic_load_explicit(&k->sm->session_lo,
	    memory_order_relaxed);
	uint32_t hi = atomic_load_explicit(&k->sm->session_hi,
	    memory_order_relaxed);

	k->facts.sessions = lo ? hi - lo + 1 : 0;
	k->before = lo ? lo - 1 : 0;
	return k->facts.sessions == k->facts.counts.sessions;
}

static bool
note_segments(struct keeping *k)
{
	struct keep_facts *f = &k->facts;
	uint64_t n = k->sm->segments.used;

	if (n != k->planned->n || n > UINT32_MAX)
		return false;
	f->nsegments = (uint32_t)n;
	f->segment = mem_array((size_t)n, sizeof *f->segment);
	for (uint32_t i = 0; i < n; i++) {
		const struct segment *seg = table_at(&k->sm->segments, i);
		uint64_t end = i + 1 < n ? ((const struct segment *)table_at(
		    &k->sm->segments, i + 1))->base : f->end;
		struct keep_segment *s = &f->segment[i];

		if (!segment_can_be(seg, &k->planned->file[i]) ||
		    end < seg->base)
			return false;
		s->base = seg->base;
		s->first_line = seg->first_line;
		s->log.bytes = end - seg->base;
		if (!keep_log_note(&s->log, seg->source->fd))
			return false;
	}
	return true;
}

static void
note_states(struct keeping *k)
{
	struct keep_facts *f = &k->facts;

	f->nstates = (uint32_t)k->sm->states.used;
	f->state = mem_array(f->nstates, sizeof *f->state);
	for (uint32_t i = 0; i < f->nstates; i++)
		f->state[i] = *(const struct state_mark *)table_at(
		    &k->sm->states, i);
}

/* --- what it holds ----------------------------------------------------------- */

static void
load(const struct keeping *k, uint32_t i, struct session *s)
{
	store_session(k->store, k->before + 1 + i, s);
}

/* The peers of its sessions are numbered again, in the order they have. */
static void
number_peers(struct keeping *k)
{
	uint32_t used = (uint32_t)k->store->peers.entries.used;
	struct session s;

	k->peer = mem_array((size_t)used + 1, sizeof *k->peer);
	for (uint32_t i = 0; i < k->facts.sessions; i++) {
		load(k, i, &s);
		k->peer[s.peer] = 1;
	}
	k->peer[0] = 0;
	for (uint32_t i = 1; i <= used; i++)
		if (k->peer[i]) {
			k->peer[i] = ++k->facts.peers;
			k->peers_bytes += intern_text(&k->store->peers, i).n +
			    INTERN_TEXT_HEAD;
		}
}

static bool
pack_state(struct keeping *k)
{
	struct keep_pack pack = { .out = &k->state };
	struct keep_bounds b = { .lines = k->facts.lines,
	    .sessions = k->facts.sessions, .peers = k->facts.peers,
	    .slots = k->facts.slots };

	keep_pack_facts(&pack, &k->facts);
	/* It is only read: nothing comes out. */
	keep_pack_assembler(&pack, (struct assembler *)(uintptr_t)k->as, &b,
	    k->before, k->peer);
	return !pack.wrong;
}

static bool
find_facts(struct keeping *k, uint64_t end)
{
	struct keep_facts *f = &k->facts;
	const struct stream *sm = k->sm;

	f->counts = k->as->own;
	f->end = end;
	f->lines = (uint32_t)sm->slots.used;
	f->slots = k->as->slots;
	f->high_from = atomic_load_explicit(&sm->high_from,
	    memory_order_relaxed);
	f->shares = (uint32_t)sm->shares.used;
	if (!f->lines || sm->shares.used > UINT32_MAX || !find_sessions(k) ||
	    !note_segments(k))
		return false;
	note_states(k);
	number_peers(k);
	return pack_state(k);
}

/* --- the parts --------------------------------------------------------------- */

static void
put_table(struct keep_writer *w, enum keep_part part, const struct table *t)
{
	keep_writer_begin(w, part);
	for (uint64_t i = 0; i < t->used;) {
		uint64_t n = table_run(t, i);

		if (n > t->used - i)
			n = t->used - i;
		keep_writer_put(w, table_at(t, i), (size_t)n * t->size);
		i += n;
	}
}

static void
put_sessions(const struct keeping *k, struct keep_writer *w)
{
	struct session s;

	keep_writer_begin(w, KEEP_SESSIONS);
	for (uint32_t i = 0; i < k->facts.sessions; i++) {
		load(k, i, &s);
		s.peer = k->peer[s.peer];
		s.stream = 0;
		s.sequence = 0;
		keep_writer_put(w, &s, sizeof s);
	}
}

static void
put_shares(const struct keeping *k, struct keep_writer *w)
{
	keep_writer_begin(w, KEEP_SHARES);
	for (uint32_t i = 0; i < k->facts.shares; i++) {
		struct share s = *(const struct share *)table_at(
		    &k->sm->shares, i);

		if (s.session)
			s.session -= k->before;
		keep_writer_put(w, &s, sizeof s);
	}
}

static void
put_peers(const struct keeping *k, struct keep_writer *w)
{
	const struct intern *peers = &k->store->peers;
	struct buf text = { 0 };

	keep_writer_begin(w, KEEP_PEERS);
	for (uint32_t i = 1; i <= peers->entries.used; i++) {
		if (!k->peer[i])
			continue;
		text.n = 0;
		intern_text_put(&text, intern_text(peers, i));
		keep_writer_put(w, text.p, text.n);
	}
	buf_free(&text);
}

static int
put_all(const struct keeping *k, const char *path, uint64_t fits,
    struct err *err)
{
	struct keep_writer *w = keep_writer_new(path, err);

	if (!w)
		return -1;
	keep_writer_begin(w, KEEP_STATE);
	keep_writer_put(w, k->state.p, k->state.n);
	put_sessions(k, w);
	put_table(w, KEEP_SLOTS, &k->sm->slots);
	put_table(w, KEEP_SLOTS_HIGH, &k->sm->slots_high);
	put_table(w, KEEP_MARKS, &k->sm->marks);
	put_shares(k, w);
	put_peers(k, w);
	return keep_writer_end(w, fits, err);
}

/* --- the whole --------------------------------------------------------------- */

/* As many bytes as it takes, or some more. */
static uint64_t
size_of(const struct keeping *k)
{
	const struct stream *sm = k->sm;

	return k->state.n + (uint64_t)k->facts.sessions *
	    sizeof(struct session) + table_bytes(&sm->slots) +
	    table_bytes(&sm->slots_high) + table_bytes(&sm->marks) +
	    table_bytes(&sm->shares) + k->peers_bytes + keep_file_overhead();
}

static int
keep(const struct keep_options *o, const struct keeping *k, struct err *err)
{
	char *path = keep_path(o, k->planned);
	uint64_t size = size_of(k);
	int rc = 1;

	if (path && size > o->limit) {
		rc = err_set(err, "the index of %.200s takes %llu KB: more "
		    "than --index-limit lets all take together", k->sm->name,
		    (unsigned long long)(size >> 10));
	} else if (path) {
		rc = keep_cache_prepare(o->folder, err);
		if (rc == 0) {
			keep_cache_make_room(o->folder, path, o->limit, size);
			rc = put_all(k, path, keep_fits(k->planned), err);
		}
		if (rc < 0) {
			struct err why = *err;

			err_set(err, "the index cannot be kept: %.400s",
			    why.text);
		}
	}
	free(path);
	return rc;
}

int
keep_write(const struct keep_options *o, const struct planned_stream *ps,
    const struct assembler *as, uint64_t end, struct err *err)
{
	struct keeping k = { .store = as->store, .sm = as->stream, .as = as,
	    .planned = ps };
	int rc = 1;

	if (find_facts(&k, end))
		rc = keep(o, &k, err);
	keep_facts_free(&k.facts);
	free(k.peer);
	buf_free(&k.state);
	return rc;
}
