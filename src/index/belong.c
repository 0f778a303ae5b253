/*
 * Which session an entry belongs to: by the keys that it names, by what a format
 * says of beginnings and ends, by what was said before it.
 */
#include "config.h"

#include "index/belong.h"

#include "index/endpoint.h"
#include "index/idle.h"

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
 * it began: its slot was another's then; and for those of long ago.
 */
static void
take_waiting(struct assembler *as, struct open_session *o, uint64_t key)
{
	struct session *rec = &o->digest.rec;
	struct step steps[DIALOGUE_STEPS];
	struct event ev;
	uint32_t line, least = rec->first;

	if (as->line > WAITING_LINES && least < as->line - WAITING_LINES)
		least = as->line - WAITING_LINES;
	while (waiting_take(&as->waiting, key, least, &ev, &line)) {
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

static struct open_session *
begin(struct assembler *as, const struct event *ev)
{
	idle_make_room(as, ev->time);
	return open_begin(as, ev);
}

/* The entry in hand is one of this session's. */
static inline void
take_in(struct assembler *as, struct open_session *o, const struct event *ev,
    struct gist gist, const struct entry_peer *peer)
{
	struct step steps[DIALOGUE_STEPS];
	struct session *rec = &o->digest.rec;

	if (!rec->peer)
		learn_peer(as, &o->digest, ev, peer);
	digest_take(&o->digest, ev, gist, as->line, steps);
	if (rec->last != as->line || rec->lines == 0)
		rec->lines++;
	rec->last = as->line;
	open_mark(as, o);
	as->before = o->slot;
	as->before_number = o->number;
}

/*
 * Most entries of most logs: a protocol line of a connection that is known by
 * the key, of which nothing else is said.  What follows would find no more of
 * it.  NULL: it may be anything.
 */
static inline struct open_session *
find_plain(struct assembler *as, const struct event *ev)
{
	const struct format *fm = as->format;
	struct open_session *o;
	uint32_t slot;

	if (ev->kind != EVENT_LINE || (ev->flags & ~EVENT_ESCAPES) || !ev->key ||
	    fm->one_at_a_time || fm->idle || fm->quits)
		return NULL;
	slot = open_map_get(&as->map, ev->key);
	o = open_at(as, slot);
	return slot && o->ending == ENDING_NONE ? o : NULL;
}

uint32_t
belong_take(struct assembler *as, const struct event *ev, struct gist gist,
    const struct entry_peer *peer)
{
	struct event pasted;
	struct open_session *o = find_plain(as, ev);

	if (o) {
		take_in(as, o, ev, gist, peer);
		return o->slot;
	}
	o = find_open(as, ev);
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
		    !(o = begin(as, ev))) {
			as->before = 0;
			return SLOT_NONE;
		}
		if (!begins_whole(ev, as->format))
			o->digest.rec.flags |= SESSION_CUT;
	}
	take_in(as, o, ev, gist, peer);
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

void
belong_change_log(struct assembler *as, bool second)
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

uint32_t
belong_take_merged(struct assembler *as, struct event *ev, struct gist gist,
    const struct entry_peer *peer, uint64_t print)
{
	const struct recalled *said;
	uint32_t slot;

	if (ev->time == CLOCK_NONE)
		return belong_take(as, ev, gist, peer);
	said = recall_take(&as->recall, print, as->in_second);
	if (said)
		return take_again(as, ev, said);
	/* What stands in the second log alone comes late, too. */
	if (as->in_second && ev->key)
		ev->flags |= EVENT_LATER;
	slot = belong_take(as, ev, gist, peer);
	recall_add(&as->recall, print, as->in_second, slot,
	    slot ? as->before_number : 0);
	return slot;
}
