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

/* A session rarely has more keys than this; room for more is given back. */
#define LINKS_KEPT 8
/* So many connections that are over are kept for what may come behind. */
#define LINGER_MAX 1024u
/* From so many slots on the idle ones are looked for. */
#define SWEEP_FIRST 1024u
/* Below 65,536, so that the line table stays at 16 bits a line. */
#define LIVING_ON_MAX 60000u

struct open_session {
	uint64_t key;            /* 0: nothing but links leads here */
	uint64_t also;           /* the connection's other key, or 0 */
	uint64_t *links;         /* further keys that do */
	uint32_t nlinks, links_cap;
	uint8_t ending;          /* of the connection: ENDING_NONE, or its
	                            messages live on */
	uint32_t number;         /* 0: this slot is free */
	uint32_t slot;
	uint8_t outcome;         /* as counted in the totals */
	bool dirty;              /* changed since it was published */
	bool is_new;             /* not in the totals yet */
	bool lasting;            /* silence does not end it */
	struct digest digest;    /* the front of it is used most */
};

/* A connection that is over, in a log where more may come of it. */
struct linger {
	uint32_t slot, number;
};

struct assembler {
	struct store *store;
	struct stream *stream;
	struct progress *totals;
	const struct format *format;
	struct open_session **open;      /* by slot; [0] is NULL */
	size_t open_cap;
	uint32_t slots;                  /* highest slot ever given */
	uint32_t *free_slots;            /* a stack */
	size_t nfree, free_cap;
	uint32_t *dirty;                 /* slots to publish */
	size_t ndirty, dirty_cap;
	struct open_map map;             /* key to slot */
	uint32_t current;                /* slot of the one session, or 0 */
	uint32_t before, before_number;  /* of the entry before: slot, session */
	struct linger linger[LINGER_MAX];    /* a ring */
	uint32_t linger_at;
	uint32_t living_on;              /* sessions whose connection is over */
	uint32_t sweep_at;               /* how many slots make idle ones be
	                                    looked for */
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
	as->sweep_at = SWEEP_FIRST;
	open_map_init(&as->map);
	mem_reserve(&as->open, &as->open_cap, 1, sizeof *as->open);
	as->open[0] = NULL;
	return as;
}

void
assembler_free(struct assembler *as)
{
	if (!as)
		return;
	for (uint32_t i = 1; i <= as->slots; i++) {
		digest_free(&as->open[i]->digest);
		free(as->open[i]->links);
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

/* The keys of the connection. */
static void
drop_own_keys(struct assembler *as, struct open_session *o)
{
	if (!as->format->one_at_a_time && o->key)
		open_map_remove(&as->map, o->key);
	if (o->also)
		open_map_remove(&as->map, o->also);
	o->key = o->also = 0;
}

static void
drop_keys(struct assembler *as, struct open_session *o)
{
	drop_own_keys(as, o);
	for (uint32_t i = 0; i < o->nlinks; i++)
		open_map_remove(&as->map, o->links[i]);
	o->nlinks = 0;
	if (o->links_cap > LINKS_KEPT) {
		free(o->links);
		o->links = NULL;
		o->links_cap = 0;
	}
}

static void
close_session(struct assembler *as, struct open_session *o, enum ending ending)
{
	if (o->ending != ENDING_NONE) {
		ending = (enum ending)o->ending;
		as->living_on--;
	} else {
		as->totals->open--;
	}
	write_record(as, o, ending);
	if (as->current == o->slot)
		as->current = 0;
	drop_keys(as, o);
	digest_free(&o->digest);
	o->number = 0;
	mem_reserve(&as->free_slots, &as->free_cap, as->nfree + 1,
	    sizeof *as->free_slots);
	as->free_slots[as->nfree++] = o->slot;
}

static bool
may_go(const struct open_session *o, bool living_on)
{
	return o->number && (!living_on || o->ending != ENDING_NONE);
}

/*
 * Too many sessions open at once: those idle for longest make room, a
 * sixteenth of all in one go so that it does not happen at every line.  With
 * `living_on` only those go whose connection is over anyhow.
 */
static void
displace_idle(struct assembler *as, bool living_on)
{
	uint32_t *last = mem_array(as->slots, sizeof *last);
	uint32_t lo = 0, hi = as->line, n = 0;

	/* The line before which a sixteenth was last heard of. */
	for (uint32_t i = 1; i <= as->slots; i++)
		if (may_go(as->open[i], living_on))
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
		if (may_go(as->open[i], living_on) &&
		    as->open[i]->digest.rec.last <= lo)
			close_session(as, as->open[i], ENDING_DISPLACED);
}

/* Nothing more of the connection is expected, though of its messages. */
static void
forget_connection(struct assembler *as, struct open_session *o)
{
	if (o->nlinks == 0)
		close_session(as, o, ENDING_SAID);
	else
		drop_own_keys(as, o);
}

/* The connection keeps its keys for a while; another one may have to go. */
static void
linger(struct assembler *as, const struct open_session *o)
{
	struct linger *place = &as->linger[as->linger_at++ % LINGER_MAX];
	struct linger before = *place;

	*place = (struct linger){ o->slot, o->number };
	if (before.slot && as->open[before.slot]->number == before.number)
		forget_connection(as, as->open[before.slot]);
}

/*
 * The connection is over.  While keys of its messages lead here the session
 * keeps its slot: what becomes of them is its story, too.
 */
static void
end_session(struct assembler *as, struct open_session *o, enum ending ending)
{
	bool lingers = as->format->lingers && ending != ENDING_IDLE &&
	    ending != ENDING_NEXT;

	if (o->nlinks == 0 && !lingers) {
		close_session(as, o, ending);
		return;
	}
	if (o->ending != ENDING_NONE)
		return;
	if (lingers)
		linger(as, o);
	else
		drop_own_keys(as, o);
	o->ending = (uint8_t)ending;
	o->digest.over = true;
	as->totals->open--;
	as->living_on++;
}

/* Which of its links the key is, from 1; 0: none. */
static uint32_t
link_place(const struct open_session *o, uint64_t key)
{
	uint32_t i = o->nlinks;

	while (i && o->links[i - 1] != key)
		i--;
	return i;
}

/* A key leads to the session no more; true when that was the last of it. */
static bool
remove_link(struct assembler *as, struct open_session *o, uint64_t key)
{
	uint32_t i = 0;

	if (o->key != key && o->also != key && !(i = link_place(o, key)))
		return false;
	open_map_remove(&as->map, key);
	if (o->key == key)
		o->key = 0;
	else if (o->also == key)
		o->also = 0;
	else
		o->links[i - 1] = o->links[--o->nlinks];
	return o->nlinks == 0 && o->key == 0 && o->also == 0;
}

/* Takes a key away from whichever other session it led to. */
static void
claim_key(struct assembler *as, struct open_session *o, uint64_t key)
{
	uint32_t slot = open_map_get(&as->map, key);

	if (slot && slot != o->slot && remove_link(as, as->open[slot], key))
		close_session(as, as->open[slot], ENDING_SAID);
}

/*
 * Two keys of one connection: both are its own from now on.  What it had in
 * their place is one of the two, or begins_another() said so.
 */
static void
own_keys(struct assembler *as, struct open_session *o, const struct event *ev)
{
	if (o->ending != ENDING_NONE || (o->key == ev->key &&
	    o->also == ev->also))
		return;
	claim_key(as, o, ev->key);
	claim_key(as, o, ev->also);
	drop_own_keys(as, o);
	o->key = ev->key;
	o->also = ev->also == ev->key ? 0 : ev->also;
	open_map_put(&as->map, o->key, o->slot);
	if (o->also)
		open_map_put(&as->map, o->also, o->slot);
}

/* A key from now on leads to this session, whichever it led to before. */
static void
add_link(struct assembler *as, struct open_session *o, uint64_t key)
{
	if (!key || open_map_get(&as->map, key) == o->slot)
		return;
	claim_key(as, o, key);
	if (o->nlinks == o->links_cap) {
		o->links_cap = o->links_cap ? o->links_cap * 2 : 2;
		o->links = mem_resize(o->links, o->links_cap,
		    sizeof *o->links);
	}
	o->links[o->nlinks++] = key;
	open_map_put(&as->map, key, o->slot);
}

/* Sessions of which the log has been silent for so long that they are over. */
static void
close_idle(struct assembler *as, int64_t now)
{
	for (uint32_t i = 1; i <= as->slots; i++) {
		struct open_session *o = as->open[i];

		if (o->number && o->ending == ENDING_NONE && !o->lasting &&
		    o->digest.last_time != CLOCK_NONE &&
		    now - o->digest.last_time > as->format->idle)
			end_session(as, o, ENDING_IDLE);
	}
	as->sweep_at = (as->slots - (uint32_t)as->nfree) * 2;
	if (as->sweep_at < SWEEP_FIRST)
		as->sweep_at = SWEEP_FIRST;
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

static void
make_room(struct assembler *as, int64_t now)
{
	if (as->nfree)
		return;
	if (as->format->idle && now != CLOCK_NONE && as->slots >= as->sweep_at)
		close_idle(as, now);
	else if (as->slots >= SLOTS_MAX - 1)
		displace_idle(as, false);
	else if (as->slots >= LIVING_ON_MAX && as->living_on > as->slots / 2)
		displace_idle(as, true);
}

static struct open_session *
open_session(struct assembler *as, const struct event *ev)
{
	struct open_session *o;
	struct session *rec;
	uint32_t slot;

	make_room(as, ev->time);
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
	o->also = 0;
	o->ending = ENDING_NONE;
	o->lasting = false;
	o->is_new = true;
	o->dirty = false;
	digest_init(&o->digest, as->format);
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

/*
 * The connection was first heard of by a message whose arrival is told only
 * now: what began as the message's session is the connection's.  A guess is
 * no match for that, a key that is known is.
 */
static uint32_t
begun_by_message(struct assembler *as, const struct event *ev)
{
	uint32_t slot = open_map_get(&as->map, ev->link);
	struct open_session *o;

	if (!slot || as->open[slot]->key != ev->link || !ev->key ||
	    (!(ev->flags & EVENT_GUESSED) && open_map_get(&as->map, ev->key)))
		return 0;
	o = as->open[slot];
	open_map_remove(&as->map, ev->link);
	claim_key(as, o, ev->key);
	o->key = ev->key;
	open_map_put(&as->map, o->key, o->slot);
	return slot;
}

static struct open_session *
find_open(struct assembler *as, const struct event *ev)
{
	uint32_t slot;

	if (as->format->one_at_a_time)
		return as->current ? as->open[as->current] : NULL;
	if (ev->key == 0)
		return !event_is_stray(ev) && as->before &&
		    as->open[as->before]->number == as->before_number ?
		    as->open[as->before] : NULL;
	if ((ev->flags & EVENT_LINK) && (slot = begun_by_message(as, ev)))
		return as->open[slot];
	slot = open_map_get(&as->map, ev->key);
	if (!slot && (ev->flags & EVENT_ALSO))
		slot = open_map_get(&as->map, ev->also);
	if (!slot && (ev->flags & EVENT_ALIAS) && ev->key_before != ev->key) {
		/* Known so far by the key it had before it was connected. */
		slot = open_map_get(&as->map, ev->key_before);
		if (slot && !(ev->flags & EVENT_GUESSED) &&
		    (as->open[slot]->digest.connected ||
		    ev->kind != EVENT_OPEN))
			slot = 0;
		if (slot) {
			drop_own_keys(as, as->open[slot]);
			as->open[slot]->key = ev->key;
			open_map_put(&as->map, ev->key, slot);
		}
	}
	return slot ? as->open[slot] : NULL;
}

/* Whether a key is none of the two that an entry names. */
static bool
is_third(uint64_t key, const struct event *ev)
{
	return key && key != ev->key && key != ev->also;
}

/* An opener where a session stands already: is it another session's? */
static bool
begins_another(const struct open_session *o, const struct event *ev,
    const struct format *fm)
{
	bool one_at_a_time = fm->one_at_a_time;

	if (ev->flags & EVENT_JOINS)
		return false;
	/* Found by what was a connection's key until just now. */
	if (o->ending != ENDING_NONE && ev->key && ev->kind != EVENT_CLOSE &&
	    !(ev->flags & EVENT_LATER) && !link_place(o, ev->key))
		return true;
	if ((ev->flags & EVENT_BEGINS) && o->digest.spoken &&
	    !digest_awaits(&o->digest, ev))
		return true;
	if ((ev->flags & (EVENT_ALSO | EVENT_LATER)) == EVENT_ALSO &&
	    o->ending == ENDING_NONE &&
	    (is_third(o->key, ev) || is_third(o->also, ev)))
		return true;
	if (fm->idle && !(ev->flags & (EVENT_LATER | EVENT_LASTING)) &&
	    ev->time != CLOCK_NONE && ev->key &&
	    o->digest.last_time != CLOCK_NONE &&
	    ev->time - o->digest.last_time > fm->idle)
		return true;
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
	if (event_is_stray(ev) || ev->kind == EVENT_META ||
	    (ev->flags & EVENT_JOINS))
		return false;
	if (ev->key == 0 && !as->format->one_at_a_time)
		return false;
	/* A bare line belongs to the entry before it: at the start of a log
	   to one that was cut off, else there is none. */
	return ev->kind != EVENT_MORE || (as->line == 1 && ev->text.n);
}

static void
learn_peer(struct assembler *as, struct digest *g, const struct event *ev,
    const struct entry_peer *known)
{
	struct intern *peers = &as->store->peers;

	if (known)
		g->rec.peer = intern_add_hashed(peers, known->name,
		    known->hash);
	else if (ev->peer.n)
		g->rec.peer = intern_add(peers, endpoint_name(ev->peer));
}

/* Whether a session that begins with this entry begins where it began. */
static bool
begins_whole(const struct event *ev, const struct format *fm)
{
	return ev->kind == EVENT_OPEN || ev->kind == EVENT_ATTEMPT ||
	    (ev->flags & EVENT_BEGINS) ||
	    (ev->kind == EVENT_NOTE && !fm->one_at_a_time);
}

/*
 * What an entry says of keys, and of the end.  Returns the slot the session
 * had, which may be free now.
 */
static uint32_t
settle_keys(struct assembler *as, struct open_session *o,
    const struct event *ev)
{
	uint32_t slot = o->slot;

	if ((ev->flags & (EVENT_ALSO | EVENT_LATER)) == EVENT_ALSO)
		own_keys(as, o, ev);
	if (ev->flags & EVENT_LINK)
		add_link(as, o, ev->link);
	if (ev->kind == EVENT_CLOSE)
		end_session(as, o, ev->flags & EVENT_LOST ? ENDING_LOST :
		    ENDING_SAID);
	else if ((ev->flags & EVENT_UNLINK) && remove_link(as, o, ev->key))
		close_session(as, o, ENDING_SAID);
	return slot;
}

/*
 * Another session begins in its place.  While its messages live on it does,
 * too, unless it is the key of one of them that is another's now.
 */
static void
make_way(struct assembler *as, struct open_session *o, const struct event *ev)
{
	if (link_place(o, ev->key))
		close_session(as, o, ENDING_NEXT);
	else if (o->ending != ENDING_NONE)
		forget_connection(as, o);
	else
		end_session(as, o, ENDING_NEXT);
}

/* The slot that owns the line by this event; SLOT_NONE when none does. */
static uint32_t
take_event(struct assembler *as, const struct event *ev, struct gist gist,
    const struct entry_peer *peer)
{
	struct step steps[DIALOGUE_STEPS];
	struct event pasted;
	struct open_session *o = find_open(as, ev);
	struct session *rec;

	if (o && begins_another(o, ev, as->format)) {
		if (!as->format->one_at_a_time ||
		    digest_takes_opener(&o->digest, ev)) {
			make_way(as, o, ev);
			o = NULL;
		} else {
			pasted = *ev;            /* into a message */
			pasted.kind = EVENT_MORE;
			pasted.dir = DIR_NONE;
			ev = &pasted;
			gist = event_gist(ev);
		}
	}
	if (!o) {
		if (!can_begin(as, ev) || !(o = open_session(as, ev))) {
			as->before = 0;
			return SLOT_NONE;
		}
		if (!begins_whole(ev, as->format))
			o->digest.rec.flags |= SESSION_CUT;
	}
	rec = &o->digest.rec;
	if (!rec->peer)
		learn_peer(as, &o->digest, ev, peer);
	digest_take(&o->digest, ev, gist, as->line, steps);
	if (rec->last != as->line || rec->lines == 0)
		rec->lines++;
	rec->last = as->line;
	mark_dirty(as, o);
	as->before = o->slot;
	as->before_number = o->number;
	if ((ev->flags & (EVENT_LASTING | EVENT_LATER)) && o->key == ev->key)
		o->lasting = true;
	if (ev->kind == EVENT_CLOSE ||
	    (ev->flags & (EVENT_ALSO | EVENT_LINK | EVENT_UNLINK)))
		return settle_keys(as, o, ev);
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

/* What goes with the entries of a batch, for those that have it. */
struct aside {
	const struct format_state *state;
	const struct entry_report *report;
	const struct entry_peer *peer;
	const uint64_t *other;
};

/* *ev is used again for each entry; what entries do not have stays empty. */
static uint32_t
take_entry(struct assembler *as, const struct entry *e, struct event *ev,
    struct aside *aside)
{
	static const struct entry_report nothing;
	const struct entry_report *told = e->bits & ENTRY_TELLS ?
	    aside->report++ : &nothing;
	const struct entry_peer *peer = e->bits & ENTRY_PEER ?
	    aside->peer++ : NULL;

	ev->kind = (enum event_kind)e->kind;
	ev->dir = (enum event_dir)(e->ends & 15);
	ev->side = (enum event_side)(e->ends >> 4);
	ev->flags = e->flags;
	ev->time = e->time;
	ev->key = e->key;
	ev->also = e->flags & (EVENT_ALIAS | EVENT_ALSO) ? *aside->other++ : 0;
	ev->link = e->flags & EVENT_LINK ? *aside->other++ : 0;
	ev->says = told->says;
	ev->code = told->code;
	ev->verb = told->verb;
	ev->enhanced = told->enhanced;
	ev->text = (struct slice){ e->text, e->text_n };
	ev->peer = (struct slice){ e->peer, e->peer_n };
	if (e->kind == EVENT_META)
		return SLOT_NONE;
	return take_event(as, ev, e->gist, peer);
}

/* Peers of sessions that open in a batch, all at once: they wait together. */
static void
fetch_peers(const struct assembler *as, const struct batch *b)
{
	const struct intern *peers = &as->store->peers;

	for (size_t i = 0; i < b->npeers; i++) {
		intern_fetch_place(peers, b->peer[i].hash);
		__builtin_prefetch(b->peer[i].name.p);
	}
	for (size_t i = 0; i < b->npeers; i++)
		intern_fetch_entry(peers, b->peer[i].hash);
	for (size_t i = 0; i < b->npeers; i++)
		intern_fetch_text(peers, b->peer[i].hash);
}

/*
 * The place of a key in the map may be anywhere, and so may its session: they
 * are asked for some entries before they are needed, one after the other.
 */
#define AHEAD_KEY     12
#define AHEAD_SESSION 6

static inline void
fetch_session(const struct assembler *as, uint64_t key)
{
	uint32_t slot = open_map_peek(&as->map, key);
	const char *o = (const char *)as->open[slot];

	if (!slot)
		return;
	for (unsigned i = 0; i < 4; i++)
		__builtin_prefetch(o + 64 * i);
}

static inline void
fetch_ahead(const struct assembler *as, const struct batch *b, size_t i)
{
	if (i + AHEAD_KEY >= b->n)
		return;
	__builtin_prefetch(open_map_place(&as->map, b->entry[i + AHEAD_KEY].key));
	fetch_session(as, b->entry[i + AHEAD_SESSION].key);
}

void
assembler_take(struct assembler *as, const struct batch *b)
{
	struct aside aside = { b->states, b->report, b->peer, b->other };
	uint32_t slot = SLOT_NONE, s;
	bool meta = false, begins = true;
	struct event ev = { 0 };

	fetch_peers(as, b);
	for (size_t i = 0; i < b->n; i++) {
		const struct entry *e = &b->entry[i];

		fetch_ahead(as, b, i);
		if (begins) {
			begin_line(as, b->begin + e->offset);
			slot = SLOT_NONE;
			meta = false;
		}
		begins = e->bits & ENTRY_LAST;
		if (e->kind == EVENT_UNREADABLE)
			as->totals->unreadable_lines++;
		s = take_entry(as, e, &ev, &aside);
		if (s != SLOT_NONE)
			slot = s;
		else if (e->kind == EVENT_META || (e->bits & ENTRY_BLANK))
			meta = true;
		if (e->bits & ENTRY_STATE)
			note_state(as, aside.state++);
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
		write_record(as, o, (enum ending)o->ending);
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
