/*
 * The assembler: finds the session of each event and keeps the records of
 * those that are open.
 *
 * Open sessions are found by key in a hash table.  A slot number is given to a
 * session when it opens and is free again when it closes; the last one freed
 * is given first, so that a stream of one session at a time uses one slot
 * and two sessions that share a glued line share the slot, too.
 */
#include "config.h"

#include "index/assemble.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/digest.h"
#include "index/endpoint.h"
#include "index/open_map.h"
#include "index/reader.h"

struct open_session {
	struct digest digest;
	uint64_t key;
	uint32_t number;         /* 0: this slot is free */
	uint32_t slot;
	uint8_t outcome;         /* as counted in the totals */
	bool dirty;              /* changed since it was published */
	bool is_new;             /* not in the totals yet */
};

struct assembler {
	struct store *store;
	struct stream *stream;
	struct progress *totals;
	const struct format *format;
	struct open_session **open;      /* by slot; [0] unused */
	size_t open_cap;
	uint32_t slots;                  /* highest slot ever given */
	uint32_t *free_slots;            /* a stack */
	size_t nfree, free_cap;
	uint32_t *dirty;                 /* slots to publish */
	size_t ndirty, dirty_cap;
	struct open_map map;             /* key to slot */
	uint32_t current;                /* slot of the one session, or 0 */
	uint32_t line;                   /* number of the line in hand */
};

struct assembler *
assembler_new(struct store *store, struct stream *sm,
    const struct format_state *st, struct progress *totals)
{
	struct assembler *as = mem_alloc(sizeof *as);
	struct state_mark *mark = table_append(&sm->states);

	as->store = store;
	as->stream = sm;
	as->totals = totals;
	as->format = sm->format;
	*mark = (struct state_mark){ .line = 1, .state = *st };
	table_publish(&sm->states);
	open_map_init(&as->map);
	return as;
}

void
assembler_free(struct assembler *as)
{
	if (!as)
		return;
	for (uint32_t i = 1; i <= as->slots; i++) {
		digest_free(&as->open[i]->digest);
		free(as->open[i]);
	}
	free(as->open);
	free(as->free_slots);
	free(as->dirty);
	open_map_free(&as->map);
	free(as);
}

/* --- opening, changing, closing ------------------------------------------ */

static void
mark_dirty(struct assembler *as, struct open_session *o)
{
	if (o->dirty)
		return;
	o->dirty = true;
	mem_reserve(&as->dirty, &as->dirty_cap, as->ndirty + 1,
	    sizeof *as->dirty);
	as->dirty[as->ndirty++] = o->slot;
}

static struct session_cell *
cell_of(struct assembler *as, uint32_t number)
{
	return table_at(&as->store->sessions, number - 1);
}

/* Writes the record, and moves the session to its outcome's count. */
static void
write_record(struct assembler *as, struct open_session *o, enum ending ending)
{
	struct session rec;
	enum outcome outcome;

	digest_record(&o->digest, ending, &rec);
	outcome = session_outcome(&rec);
	session_store(cell_of(as, o->number), &rec);
	if (!o->is_new)
		as->totals->by_outcome[o->outcome]--;
	as->totals->by_outcome[outcome]++;
	o->outcome = (uint8_t)outcome;
	o->is_new = false;
}

static uint32_t
take_slot(struct assembler *as)
{
	uint32_t slot;

	if (as->nfree)
		return as->free_slots[--as->nfree];
	slot = ++as->slots;
	mem_reserve(&as->open, &as->open_cap, slot + 1, sizeof *as->open);
	as->open[slot] = mem_alloc(sizeof **as->open);
	as->open[slot]->slot = slot;
	return slot;
}

static void
close_session(struct assembler *as, struct open_session *o, enum ending ending)
{
	write_record(as, o, ending);
	as->totals->open--;
	if (as->current == o->slot)
		as->current = 0;
	if (!as->format->one_at_a_time)
		open_map_remove(&as->map, o->key);
	digest_free(&o->digest);
	o->number = 0;
	mem_reserve(&as->free_slots, &as->free_cap, as->nfree + 1,
	    sizeof *as->free_slots);
	as->free_slots[as->nfree++] = o->slot;
}

/*
 * Too many sessions open at once: those idle for longest make room, a
 * sixteenth of all in one go so that it does not happen at every line.
 */
static void
displace_idle(struct assembler *as)
{
	uint32_t *last = mem_array(as->slots, sizeof *last);
	uint32_t lo = 0, hi = as->line, n = 0;

	/* The line before which a sixteenth was last heard of. */
	for (uint32_t i = 1; i <= as->slots; i++)
		if (as->open[i]->number)
			last[n++] = as->open[i]->digest.rec.last;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2, older = 0;

		for (uint32_t i = 0; i < n; i++)
			older += last[i] <= mid;
		if (older * 16 >= n)
			hi = mid;
		else
			lo = mid + 1;
	}
	free(last);
	for (uint32_t i = 1; i <= as->slots; i++)
		if (as->open[i]->number && as->open[i]->digest.rec.last <= lo)
			close_session(as, as->open[i], ENDING_DISPLACED);
}

/* Where this stream's sessions lie in the table, for those who look. */
static void
note_session(struct stream *sm, uint32_t number)
{
	if (!atomic_load_explicit(&sm->session_lo, memory_order_relaxed))
		atomic_store_explicit(&sm->session_lo, number,
		    memory_order_release);
	atomic_store_explicit(&sm->session_hi, number, memory_order_release);
}

static struct open_session *
open_session(struct assembler *as, const struct event *ev)
{
	struct open_session *o;
	struct session *rec;
	uint32_t slot;

	if (as->slots >= SLOTS_MAX - 1 && !as->nfree)
		displace_idle(as);
	if (as->store->sessions.used >= UINT32_MAX - 1)
		return NULL;
	slot = take_slot(as);    /* may move as->open */
	o = as->open[slot];
	/* The cell's first use is a write: a page that is read first is
	   mapped twice, and that disturbs all processors. */
	*(struct session_cell *)table_append(&as->store->sessions) =
	    (struct session_cell){ 0 };
	o->number = (uint32_t)as->store->sessions.used;
	o->key = ev->key;
	o->is_new = true;
	o->dirty = false;
	digest_init(&o->digest, as->format->bodies_logged);
	rec = &o->digest.rec;
	rec->first = rec->last = as->line;
	rec->stream = (uint16_t)as->stream->number;
	rec->slot_low = (uint16_t)o->slot;
	rec->slot_high = (uint8_t)(o->slot >> 16);
	note_session(as->stream, o->number);
	as->totals->sessions++;
	as->totals->open++;
	if (as->format->one_at_a_time)
		as->current = o->slot;
	else
		open_map_put(&as->map, o->key, o->slot);
	mark_dirty(as, o);
	return o;
}

/* --- the session of an event -------------------------------------------- */

static struct open_session *
find_open(struct assembler *as, const struct event *ev)
{
	uint32_t slot;

	if (as->format->one_at_a_time)
		return as->current ? as->open[as->current] : NULL;
	slot = open_map_get(&as->map, ev->key);
	if (!slot && (ev->flags & EVENT_ALIAS) && ev->key_before != ev->key) {
		/* Known so far by the key it had before it was connected. */
		slot = open_map_get(&as->map, ev->key_before);
		if (slot && (as->open[slot]->digest.connected ||
		    (ev->kind != EVENT_OPEN)))
			slot = 0;
		if (slot) {
			open_map_remove(&as->map, ev->key_before);
			as->open[slot]->key = ev->key;
			open_map_put(&as->map, ev->key, slot);
		}
	}
	return slot ? as->open[slot] : NULL;
}

/* An opener where a session stands already: is it another session's? */
static bool
begins_another(const struct open_session *o, const struct event *ev,
    bool one_at_a_time)
{
	/* Where there is one at a time, each opener begins another, also
	   behind one whose own was cut off. */
	if (ev->kind == EVENT_OPEN)
		return o->digest.connected || one_at_a_time;
	if (ev->kind == EVENT_ATTEMPT)
		return o->digest.connected || o->digest.attempted;
	return false;
}

static bool
can_begin(struct assembler *as, const struct event *ev)
{
	if (ev->kind == EVENT_FOREIGN || ev->kind == EVENT_META)
		return false;
	/* A bare line belongs to the entry before it: at the start of a log
	   to one that was cut off, else there is none. */
	return ev->kind != EVENT_MORE || (as->line == 1 && ev->text.n);
}

#define HOST_MAX 255

/*
 * The name under which a peer is interned.  No host name is longer (RFC 1035):
 * the rest is no name, and would be kept in memory.
 */
static struct slice
peer_name(const char *p, size_t n)
{
	struct slice host;
	int32_t port;

	endpoint_split((struct slice){ p, n }, &host, &port);
	return slice_head(host, HOST_MAX);
}

static void
learn_peer(struct assembler *as, struct digest *g, const struct event *ev)
{
	if (g->rec.peer || ev->peer.n == 0)
		return;
	g->rec.peer = intern_add(&as->store->peers,
	    peer_name(ev->peer.p, ev->peer.n));
}

/* The slot that owns the line by this event; SLOT_NONE when none does. */
static uint32_t
take_event(struct assembler *as, const struct event *ev)
{
	struct event pasted;
	struct open_session *o = find_open(as, ev);
	struct session *rec;

	if (o && begins_another(o, ev, as->format->one_at_a_time)) {
		if (!as->format->one_at_a_time ||
		    digest_takes_opener(&o->digest, ev)) {
			close_session(as, o, ENDING_NEXT);
			o = NULL;
		} else {
			pasted = *ev;            /* into a message */
			pasted.kind = EVENT_MORE;
			pasted.dir = DIR_NONE;
			ev = &pasted;
		}
	}
	if (!o) {
		if (!can_begin(as, ev) || !(o = open_session(as, ev)))
			return SLOT_NONE;
		if (ev->kind != EVENT_OPEN && ev->kind != EVENT_ATTEMPT &&
		    (ev->kind != EVENT_NOTE || as->format->one_at_a_time))
			o->digest.rec.flags |= SESSION_CUT;
	}
	rec = &o->digest.rec;
	if (!rec->peer)
		learn_peer(as, &o->digest, ev);
	digest_feed(&o->digest, ev, as->line, NULL);
	if (rec->last != as->line || rec->lines == 0)
		rec->lines++;
	rec->last = as->line;
	mark_dirty(as, o);
	if (ev->kind == EVENT_CLOSE) {
		uint32_t slot = o->slot;

		close_session(as, o, ev->flags & EVENT_LOST ? ENDING_LOST :
		    ENDING_SAID);
		return slot;
	}
	return o->slot;
}

/* --- lines --------------------------------------------------------------- */

/* A header takes effect behind its own line. */
static void
note_state(struct assembler *as, const struct format_state *st)
{
	struct state_mark *mark = table_append(&as->stream->states);

	*mark = (struct state_mark){ .line = as->line + 1, .state = *st };
	table_publish(&as->stream->states);
}

static void
write_slot(struct assembler *as, uint32_t slot)
{
	struct stream *sm = as->stream;
	uint16_t *low = table_append(&sm->slots);
	uint32_t from = atomic_load_explicit(&sm->high_from,
	    memory_order_relaxed);

	*low = (uint16_t)slot;
	if (!from && slot <= UINT16_MAX)
		return;
	if (!from)
		atomic_store_explicit(&sm->high_from, as->line,
		    memory_order_relaxed);
	*(uint8_t *)table_append(&sm->slots_high) = (uint8_t)(slot >> 16);
}

static void
begin_line(struct assembler *as, uint64_t offset)
{
	struct stream *sm = as->stream;

	as->line = (uint32_t)sm->slots.used + 1;
	if (sm->slots.used % LINES_PER_MARK == 0)
		*(uint64_t *)table_append(&sm->marks) = offset;
}

static void
end_line(struct assembler *as, unsigned bits, uint32_t slot, bool meta)
{
	write_slot(as, slot);
	as->totals->lines++;
	as->totals->meta_lines += slot == SLOT_NONE && meta;
	as->totals->unowned_lines += slot == SLOT_NONE && !meta;
	as->totals->cut_lines += (bits & ENTRY_CUT) != 0;
}

/* *ev is used again for each entry; what entries do not have stays empty. */
static uint32_t
take_entry(struct assembler *as, const struct entry *e, struct event *ev,
    uint64_t key_before)
{
	ev->kind = (enum event_kind)e->kind;
	ev->dir = (enum event_dir)e->dir;
	ev->side = (enum event_side)e->side;
	ev->flags = e->flags;
	ev->time = e->time;
	ev->key = e->key;
	ev->key_before = key_before;
	ev->text = (struct slice){ e->text, e->text_n };
	ev->peer = (struct slice){ e->peer, e->peer_n };
	return take_event(as, ev);
}

/* Peers of sessions that open in a batch. */
static void
fetch_peers(const struct assembler *as, const struct batch *b)
{
	struct slice peer[INTERN_AHEAD];
	size_t n = 0;

	for (size_t i = 0; i < b->n && n < INTERN_AHEAD; i++)
		if (b->entry[i].kind == EVENT_OPEN)
			peer[n++] = peer_name(b->entry[i].peer,
			    b->entry[i].peer_n);
	intern_fetch_ahead(&as->store->peers, peer, n);
}

/*
 * The text was last in another processor's cache, the key's place in the map
 * anywhere: both are asked for a few entries before they are needed.
 */
#define AHEAD 6

static inline void
fetch_ahead(const struct assembler *as, const struct entry *e)
{
	__builtin_prefetch(e->text);
	__builtin_prefetch(open_map_place(&as->map, e->key));
}

void
assembler_take(struct assembler *as, const struct batch *b)
{
	const struct format_state *state = b->states;
	const uint64_t *before = b->before;
	uint32_t slot = SLOT_NONE, s;
	bool meta = false, begins = true;
	struct event ev = { 0 };

	fetch_peers(as, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct entry *e = &b->entry[i];

		if (i + AHEAD < b->n)
			fetch_ahead(as, e + AHEAD);
		if (begins) {
			begin_line(as, b->begin + e->offset);
			slot = SLOT_NONE;
			meta = false;
		}
		begins = e->bits & ENTRY_LAST;
		if (e->kind == EVENT_META)
			meta = true;
		else if ((s = take_entry(as, e, &ev, e->flags & EVENT_ALIAS ?
		    *before : 0)) != SLOT_NONE)
			slot = s;
		else if (e->bits & ENTRY_BLANK)
			meta = true;
		if (e->flags & EVENT_ALIAS)
			before++;
		if (e->bits & ENTRY_STATE)
			note_state(as, state++);
		if (begins)
			end_line(as, e->bits, slot, meta);
	}
}

static void
publish_range(struct assembler *as)
{
	struct stream *sm = as->stream;

	for (size_t i = 0; i < as->ndirty; i++) {
		struct open_session *o = as->open[as->dirty[i]];

		if (!o->number || !o->dirty)
			continue;
		o->dirty = false;
		write_record(as, o, ENDING_NONE);
	}
	as->ndirty = 0;
	table_publish(&as->store->sessions);
	table_publish(&sm->slots_high);
	table_publish(&sm->marks);
	table_publish(&sm->slots);
}

void
assembler_publish(struct assembler *as)
{
	intern_publish(&as->store->peers);
	publish_range(as);
}
