/*
 * The assembler: finds the session of each event and keeps the records of
 * those that are open.
 */
#include "config.h"

#include "index/assemble.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/endpoint.h"
#include "index/open.h"
#include "index/reader.h"

/* Room for eight to begin with: in most logs few are open at once. */
#define OPEN_SHIFT 3

struct assembler *
assembler_new(struct store *store, struct stream *sm,
    const struct format_state *st, struct progress *totals)
{
	struct assembler *as = mem_alloc(sizeof *as);
	struct state_mark *mark;

	as->store = store;
	as->stream = sm;
	as->sum = totals;
	as->format = sm->format;
	if (!sm->states.used) {
		mark = table_append(&sm->states);
		*mark = (struct state_mark){ .line = 1, .state = *st };
		table_publish(&sm->states);
	}
	as->swept = CLOCK_NONE;
	open_map_init(&as->map);
	table_init(&as->open, sizeof(struct open_session), OPEN_SHIFT);
	table_append(&as->open);
	return as;
}

void
assembler_free(struct assembler *as)
{
	if (!as)
		return;
	for (uint32_t i = 1; i <= as->slots; i++) {
		digest_free(&open_at(as, i)->digest);
		open_free_links(open_at(as, i));
	}
	table_free(&as->open);
	free(as->free_slots);
	free(as->dirty);
	open_map_free(&as->map);
	recall_free(&as->recall);
	free(as);
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

	if (!slot || open_at(as, slot)->key != ev->link || !ev->key ||
	    (!(ev->flags & EVENT_GUESSED) && open_map_get(&as->map, ev->key)))
		return 0;
	open_rekey(as, open_at(as, slot), ev->key);
	return slot;
}

static struct open_session *
find_open(struct assembler *as, const struct event *ev)
{
	uint32_t slot;

	if (as->format->one_at_a_time)
		return as->current ? open_at(as, as->current) : NULL;
	if (ev->key == 0)
		return !event_is_stray(ev) && as->before &&
		    open_at(as, as->before)->number == as->before_number ?
		    open_at(as, as->before) : NULL;
	if ((ev->flags & EVENT_LINK) && (slot = begun_by_message(as, ev)))
		return open_at(as, slot);
	slot = open_map_get(&as->map, ev->key);
	if (!slot && (ev->flags & EVENT_ALSO))
		slot = open_map_get(&as->map, ev->also);
	if (!slot && (ev->flags & EVENT_ALIAS) && ev->key_before != ev->key) {
		/* Known so far by the key it had before it was connected. */
		slot = open_map_get(&as->map, ev->key_before);
		if (slot && !(ev->flags & EVENT_GUESSED) &&
		    (open_at(as, slot)->digest.connected ||
		    ev->kind != EVENT_OPEN))
			slot = 0;
		if (slot)
			open_rekey(as, open_at(as, slot), ev->key);
	}
	return slot ? open_at(as, slot) : NULL;
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
	    !(ev->flags & EVENT_LATER) && !open_link_place(o, ev->key))
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

/* A line that no session owned so far; false where that is not so. */
static bool
give_line_to(struct assembler *as, uint32_t slot, uint32_t line)
{
	struct stream *sm = as->stream;

	/* Where the table is 16 bits wide it stays so. */
	if (slot > UINT16_MAX || stream_slot(sm, line) != SLOT_NONE)
		return false;
	atomic_store_explicit((_Atomic uint16_t *)table_at(&sm->slots,
	    line - 1), (uint16_t)slot, memory_order_relaxed);
	as->own.unowned_lines--;
	return true;
}

/*
 * The lines that waited for a key are the session's, but for those from before
 * it began: its slot was another's then.
 */
static void
take_waiting(struct assembler *as, struct open_session *o, uint64_t key)
{
	struct session *rec = &o->digest.rec;
	struct step steps[DIALOGUE_STEPS];
	struct event ev;
	uint32_t line;

	while (waiting_take(&as->waiting, key, rec->first, &ev, &line)) {
		if (!give_line_to(as, o->slot, line))
			continue;
		digest_take(&o->digest, &ev, (struct gist){ 0 }, line, steps);
		rec->lines++;
	}
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
		open_own_keys(as, o, ev);
	else if (ev->flags & EVENT_ALSO)
		take_waiting(as, o, ev->also);
	if (ev->flags & EVENT_LINK) {
		open_link(as, o, ev->link);
		take_waiting(as, o, ev->link);
	}
	if (ev->kind == EVENT_CLOSE)
		open_end(as, o, ev->flags & EVENT_LOST ? ENDING_LOST :
		    ENDING_SAID);
	else if ((ev->flags & EVENT_UNLINK) && open_unlink(as, o, ev->key))
		open_close(as, o, ENDING_SAID);
	return slot;
}

/* Nothing else will say that it is over.  The slot it had, as above. */
static uint32_t
end_by_quit(struct assembler *as, struct open_session *o)
{
	uint32_t slot = o->slot;

	open_end(as, o, ENDING_SAID);
	return slot;
}

/*
 * Another session begins in its place.  While its messages live on it does,
 * too, unless it is the key of one of them that is another's now.
 */
static void
make_way(struct assembler *as, struct open_session *o, const struct event *ev)
{
	if (open_link_place(o, ev->key))
		open_close(as, o, ENDING_NEXT);
	else if (o->ending != ENDING_NONE)
		open_forget(as, o);
	else
		open_end(as, o, ENDING_NEXT);
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
		bool waits = waiting_wants(&as->waiting, ev);

		if (waits)
			waiting_add(&as->waiting, ev, as->line);
		if (waits || !can_begin(as, ev) ||
		    !(o = open_begin(as, ev))) {
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
	open_mark(as, o);
	as->before = o->slot;
	as->before_number = o->number;
	if ((ev->flags & (EVENT_LASTING | EVENT_LATER)) && o->key == ev->key)
		o->lasting = true;
	if (ev->kind == EVENT_CLOSE ||
	    (ev->flags & (EVENT_ALSO | EVENT_LINK | EVENT_UNLINK)))
		return settle_keys(as, o, ev);
	if (as->format->quits && o->digest.ended && o->ending == ENDING_NONE)
		return end_by_quit(as, o);
	return o->slot;
}

/* --- two logs of one server -------------------------------------------------- */

/* The entry before it is that of its own log. */
static void
change_log(struct assembler *as, bool second)
{
	uint32_t slot = as->before, number = as->before_number;

	if (second == as->in_second)
		return;
	as->in_second = second;
	as->before = as->other;
	as->before_number = as->other_number;
	as->other = slot;
	as->other_number = number;
}

/* Said before: one more line of that session, if it still has its slot. */
static uint32_t
take_again(struct assembler *as, struct event *ev, const struct recalled *said)
{
	struct step steps[DIALOGUE_STEPS];
	struct open_session *o = open_at(as, said->slot);

	*(uint32_t *)table_append(&as->stream->repeats) = as->line;
	as->repeats = true;
	as->before = 0;
	if (!said->number || o->number != said->number)
		return SLOT_NONE;
	event_hush(ev);
	digest_take(&o->digest, ev, (struct gist){ 0 }, as->line, steps);
	o->digest.rec.lines++;
	o->digest.rec.last = as->line;
	open_mark(as, o);
	as->before = o->slot;
	as->before_number = o->number;
	return o->slot;
}

/* What stands in the second log alone comes late, too. */
static uint32_t
take_merged(struct assembler *as, struct event *ev, struct gist gist,
    const struct entry_peer *peer, uint64_t print)
{
	const struct recalled *said;
	uint32_t slot;

	if (ev->time == CLOCK_NONE)
		return take_event(as, ev, gist, peer);
	said = recall_take(&as->recall, print, as->in_second);
	if (said)
		return take_again(as, ev, said);
	if (as->in_second && ev->key)
		ev->flags |= EVENT_LATER;
	slot = take_event(as, ev, gist, peer);
	recall_add(&as->recall, print, as->in_second, slot,
	    slot ? as->before_number : 0);
	return slot;
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
	_Atomic uint16_t *low = table_append(&sm->slots);
	uint32_t from = atomic_load_explicit(&sm->high_from,
	    memory_order_relaxed);

	atomic_store_explicit(low, (uint16_t)slot, memory_order_relaxed);
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
note_share(struct assembler *as, uint32_t entry, uint32_t owner)
{
	struct share *s = table_append(&as->stream->shares);

	*s = (struct share){ as->line, entry, owner };
}

/* Of entries that are glued together: each time they are another session's. */
static void
note_owner(struct assembler *as, bool first, const struct entry *e,
    uint32_t slot)
{
	uint32_t owner = slot != SLOT_NONE ? as->before_number : 0;

	if (first) {
		as->entry = 0;
		as->owned = as->shared = false;
	} else {
		as->entry++;
	}
	if (e->kind == EVENT_META)
		return;
	if (as->owned && owner != as->owner) {
		if (!as->shared)
			note_share(as, 0, as->owner);
		note_share(as, as->entry, owner);
		as->shared = true;
	}
	as->owner = owner;
	as->owned = true;
}

/* Lines of a batch, which go to the totals in one go. */
struct counts {
	uint64_t lines, meta, unowned, cut;
};

static inline void
end_line(struct assembler *as, unsigned bits, uint32_t slot, bool meta,
    struct counts *c)
{
	write_slot(as, slot);
	c->lines++;
	if (slot == SLOT_NONE) {
		c->meta += meta;
		c->unowned += !meta;
	}
	c->cut += (bits & ENTRY_CUT) != 0;
}

static void
count_lines(struct progress *totals, const struct counts *c)
{
	totals->lines += c->lines;
	totals->meta_lines += c->meta;
	totals->unowned_lines += c->unowned;
	totals->cut_lines += c->cut;
}

/* What goes with the entries of a batch, for those that have it. */
struct aside {
	const struct format_state *state;
	const struct entry_report *report;
	const struct entry_peer *peer;
	const uint64_t *other, *others_end;
	const uint64_t *print;           /* NULL: there are none */
};

/*
 * A key beside the entry's own.  Its place in the map may be anywhere, too: it
 * is asked for some entries before it is needed.
 */
#define AHEAD_OTHER 8

static uint64_t
next_other(const struct assembler *as, struct aside *aside)
{
	if (aside->others_end - aside->other > AHEAD_OTHER)
		__builtin_prefetch(open_map_place(&as->map,
		    aside->other[AHEAD_OTHER]));
	return *aside->other++;
}

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
	ev->also = e->flags & (EVENT_ALIAS | EVENT_ALSO) ?
	    next_other(as, aside) : 0;
	ev->link = e->flags & EVENT_LINK ? next_other(as, aside) : 0;
	ev->says = told->says;
	ev->code = told->code;
	ev->verb = told->verb;
	ev->enhanced = told->enhanced;
	ev->text = (struct slice){ e->text, e->text_n };
	ev->peer = (struct slice){ e->peer, e->peer_n };
	as->repeats = false;
	if (aside->print)
		aside->print++;
	if (e->kind == EVENT_META)
		return SLOT_NONE;
	return !aside->print ? take_event(as, ev, e->gist, peer) :
	    take_merged(as, ev, e->gist, peer, aside->print[-1]);
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
	const char *o = (const char *)open_at(as, slot);

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

/* A line that is all of it META: half the lines of some debugging outputs. */
static inline bool
is_plain_meta(const struct entry *e)
{
	return e->kind == EVENT_META && (e->bits & (ENTRY_LAST | ENTRY_STATE |
	    ENTRY_TELLS | ENTRY_PEER | ENTRY_CUT)) == ENTRY_LAST &&
	    !(e->flags & (EVENT_ALIAS | EVENT_ALSO | EVENT_LINK));
}

void
assembler_take(struct assembler *as, const struct batch *b)
{
	struct aside aside = { b->states, b->report, b->peer, b->other,
	    b->other + b->nother, b->merged ? b->print : NULL };
	uint32_t slot = SLOT_NONE, s;
	bool meta = false, begins = true, first;
	struct counts counts = { 0 };
	struct event ev = { 0 };

	fetch_peers(as, b);
	change_log(as, b->second);
	for (size_t i = 0; i < b->n; i++) {
		const struct entry *e = &b->entry[i];

		fetch_ahead(as, b, i);
		if (begins) {
			begin_line(as, b->begin + e->offset);
			slot = SLOT_NONE;
			meta = false;
			if (is_plain_meta(e)) {
				end_line(as, 0, slot, true, &counts);
				continue;
			}
		}
		first = begins;
		begins = e->bits & ENTRY_LAST;
		if (e->kind == EVENT_UNREADABLE)
			as->own.unreadable_lines++;
		s = take_entry(as, e, &ev, &aside);
		if (!first || !begins)
			note_owner(as, first, e, s);
		if (s != SLOT_NONE)
			slot = s;
		else if (e->kind == EVENT_META || as->repeats ||
		    (e->bits & ENTRY_BLANK))
			meta = true;
		if (e->bits & ENTRY_STATE)
			note_state(as, aside.state++);
		if (begins)
			end_line(as, e->bits, slot, meta, &counts);
	}
	count_lines(&as->own, &counts);
}

static void
publish_range(struct assembler *as)
{
	struct stream *sm = as->stream;

	for (size_t i = 0; i < as->ndirty; i++) {
		struct open_session *o = open_at(as, as->dirty[i]);

		if (!o->number || !o->dirty)
			continue;
		o->dirty = false;
		open_write(as, o, (enum ending)o->ending, false);
	}
	as->ndirty = 0;
	progress_add(as->sum, &as->own, &as->shown);
	as->shown = as->own;
	table_publish(&as->store->sessions);
	table_publish(&sm->slots_high);
	table_publish(&sm->shares);
	table_publish(&sm->repeats);
	table_publish(&sm->marks);
	table_publish(&sm->slots);
}

void
assembler_publish(struct assembler *as)
{
	intern_publish(&as->store->peers);
	publish_range(as);
}
