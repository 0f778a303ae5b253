/*
 * Field by field.  A field that is missing here is lost between two runs: the
 * sizes are asserted so that who adds one is told.
 */
#include "config.h"

#include "index/keep_state.h"

#include <stdlib.h>

#include "smtp/dialogue_pair.h"

_Static_assert(sizeof(void *) != 8 || (sizeof(struct dialogue) == 136 &&
    sizeof(struct digest) == 240 && sizeof(struct open_session) == 304),
    "all fields of an open session are packed");

static bool
time_is_sound(int64_t t)
{
	return t == CLOCK_NONE || clock_is_near(t);
}

bool
keep_record_is_sound(const struct session *s, const struct keep_bounds *b)
{
	return s->first && s->first <= s->last && s->last <= b->lines &&
	    s->helo_line <= b->lines && s->from_line <= b->lines &&
	    s->to_line <= b->lines && s->worst_line <= b->lines &&
	    time_is_sound(s->start) &&
	    session_slot(s) && session_slot(s) <= b->slots &&
	    s->stream == 0 && s->peer <= b->peers && s->verb < VERB_COUNT &&
	    session_outcome(s) < OUTCOME_COUNT &&
	    session_ending(s) < ENDING_COUNT && (s->sequence & 1) == 0;
}

/* --- a session -------------------------------------------------------------- */

static void
pack_command(struct keep_pack *k, struct dialogue_command *c,
    const struct keep_bounds *b)
{
	KEEP_PACK(k, c->line);
	KEEP_PACK(k, c->verb);
	KEEP_PACK(k, c->stage);
	KEEP_PACK(k, c->nth);
	keep_pack_demand(k, c->line <= b->lines && c->verb < VERB_COUNT &&
	    c->stage <= 2);
}

static void
pack_pending(struct keep_pack *k, struct pending *q,
    const struct keep_bounds *b)
{
	struct dialogue_command c = { 0 };
	uint32_t n = keep_pack_count(k, q->count, 8);

	keep_pack_demand(k, n <= PENDING_MAX);
	KEEP_PACK(k, q->forgotten);
	for (uint32_t i = 0; i < n && !k->wrong; i++) {
		if (!keep_pack_reads(k))
			c = *pending_at(q, i);
		pack_command(k, &c, b);
		if (keep_pack_reads(k) && !k->wrong)
			pending_add(q, &c);
	}
}

static void
pack_held(struct keep_pack *k, struct held *h)
{
	KEEP_PACK(k, h->twin.hash);
	KEEP_PACK(k, h->twin.length);
	KEEP_PACK(k, h->time);
	KEEP_PACK(k, h->gist.enhanced);
	KEEP_PACK(k, h->gist.code);
	KEEP_PACK(k, h->gist.verb);
	KEEP_PACK(k, h->gist.bits);
	KEEP_PACK(k, h->from);
	keep_pack_bool(k, &h->broken);
	keep_pack_bool(k, &h->secret);
	keep_pack_demand(k, h->gist.verb < VERB_COUNT &&
	    h->from <= SPEAKER_PEER && time_is_sound(h->time));
}

static void
pack_dialogue(struct keep_pack *k, struct dialogue *d,
    const struct keep_bounds *b)
{
	KEEP_PACK(k, d->self_is);
	KEEP_PACK(k, d->state);
	KEEP_PACK(k, d->greeting);
	keep_pack_bool(k, &d->bodies_logged);
	keep_pack_bool(k, &d->body_seen);
	keep_pack_bool(k, &d->body_ended);
	keep_pack_bool(k, &d->arrows);
	keep_pack_bool(k, &d->last_secret);
	keep_pack_bool(k, &d->whole_replies);
	KEEP_PACK(k, d->last_role);
	KEEP_PACK(k, d->more_verb);
	KEEP_PACK(k, d->more_code);
	KEEP_PACK(k, d->last_nth);
	KEEP_PACK(k, d->last_command);
	KEEP_PACK(k, d->raw_line);
	KEEP_PACK(k, d->body_time);
	KEEP_PACK(k, d->body_last);
	keep_pack_demand(k, d->self_is <= SELF_CLIENT &&
	    d->state <= DIALOGUE_TEXT && d->greeting <= GREETING_PAST &&
	    d->last_role < ROLE_COUNT && d->more_verb < VERB_COUNT &&
	    d->last_command <= b->lines && d->raw_line <= b->lines &&
	    time_is_sound(d->body_time) && time_is_sound(d->body_last));
	pack_pending(k, &d->pending, b);
	if (d->raw_line)
		pack_held(k, &d->raw);
}

static void
pack_digest(struct keep_pack *k, struct digest *g, const struct keep_bounds *b)
{
	bool *const flags[] = { &g->asked, &g->in_transaction, &g->ended,
	    &g->connected, &g->attempted, &g->self_known, &g->fed, &g->spoken,
	    &g->refused, &g->gone, &g->lost, &g->over, &g->announced,
	    &g->guessed, &g->sent_bodies };

	KEEP_PACK(k, g->rec);
	KEEP_PACK(k, g->last_time);
	KEEP_PACK(k, g->bdat_last);
	KEEP_PACK(k, g->worst_command);
	KEEP_PACK(k, g->answer);
	KEEP_PACK(k, g->answered);
	KEEP_PACK(k, g->gone_verb);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		keep_pack_bool(k, flags[i]);
	keep_pack_demand(k, g->answered < VERB_COUNT &&
	    g->gone_verb < VERB_COUNT && time_is_sound(g->last_time) &&
	    g->bdat_last <= b->lines && g->worst_command <= b->lines);
	pack_dialogue(k, &g->dialogue, b);
}

static void
pack_links(struct keep_pack *k, struct open_session *o)
{
	uint32_t n = keep_pack_count(k, o->nlinks, sizeof *o->links);
	uint64_t key;

	for (uint32_t i = 0; i < n; i++) {
		key = keep_pack_reads(k) ? 0 : o->links[i];
		KEEP_PACK(k, key);
		if (keep_pack_reads(k))
			open_add_link(o, key);
	}
}

static void
pack_session(struct keep_pack *k, struct open_session *o,
    const struct keep_bounds *b)
{
	KEEP_PACK(k, o->key);
	KEEP_PACK(k, o->also);
	KEEP_PACK(k, o->ending);
	KEEP_PACK(k, o->outcome);
	keep_pack_bool(k, &o->lasting);
	pack_links(k, o);
	pack_digest(k, &o->digest, b);
	if (keep_pack_reads(k))
		keep_pack_demand(k, o->ending < ENDING_COUNT &&
		    o->outcome < OUTCOME_COUNT && o->number &&
		    o->number <= b->sessions &&
		    keep_record_is_sound(&o->digest.rec, b) &&
		    session_slot(&o->digest.rec) == o->slot);
}

/* --- the assembler ---------------------------------------------------------- */

static uint32_t
moved_peer(const uint32_t *peer, uint32_t number)
{
	return peer ? peer[number] : number;
}

/* One that goes out is not to be changed: a copy of its numbers is. */
static void
put_session(struct keep_pack *k, const struct open_session *o,
    const struct keep_bounds *b, uint32_t before, const uint32_t *peer)
{
	struct open_session copy = *o;
	uint32_t number = o->number ? o->number - before : 0;

	KEEP_PACK(k, number);
	if (!number)
		return;
	copy.digest.rec.peer = moved_peer(peer, o->digest.rec.peer);
	copy.digest.rec.stream = 0;
	copy.digest.rec.sequence = 0;
	pack_session(k, &copy, b);
}

/* No key leads to two. */
static void
lead_key(struct keep_pack *k, struct assembler *as,
    const struct open_session *o, uint64_t key)
{
	keep_pack_demand(k, !open_map_get(&as->map, key));
	if (!k->wrong)
		open_map_put(&as->map, key, o->slot);
}

/* The map of keys is that of the sessions. */
static void
lead_keys(struct keep_pack *k, struct assembler *as,
    const struct open_session *o)
{
	if (o->key && !as->format->one_at_a_time)
		lead_key(k, as, o, o->key);
	if (o->also)
		lead_key(k, as, o, o->also);
	for (uint32_t i = 0; i < o->nlinks; i++)
		lead_key(k, as, o, o->links[i]);
}

static void
take_session(struct keep_pack *k, struct assembler *as,
    const struct keep_bounds *b)
{
	struct open_session *o = open_new_slot(as);
	uint32_t number = 0;

	KEEP_PACK(k, number);
	if (!number || k->wrong)
		return;
	o->number = number;
	pack_session(k, o, b);
	lead_keys(k, as, o);
	as->living_on += o->ending != ENDING_NONE;
}

/* Whether there is a session in the slot; asked when all have come out. */
static bool
leads_somewhere(const struct assembler *as, uint32_t slot)
{
	return slot && slot <= as->slots && open_at(as, slot)->number;
}

static void
pack_free_slots(struct keep_pack *k, struct assembler *as)
{
	uint32_t n = keep_pack_count(k, (uint32_t)as->nfree,
	    sizeof *as->free_slots);
	bool *seen = mem_array((size_t)as->slots + 1, sizeof *seen);

	if (keep_pack_reads(k)) {
		mem_reserve(&as->free_slots, &as->free_cap, (size_t)n + 1,
		    sizeof *as->free_slots);
		as->nfree = n;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t *slot = &as->free_slots[i];

		KEEP_PACK(k, *slot);
		/* Each once, or two sessions would be given the same. */
		keep_pack_demand(k, *slot && *slot <= as->slots &&
		    !open_at(as, *slot)->number && !seen[*slot]);
		if (k->wrong)
			break;
		seen[*slot] = true;
	}
	free(seen);
}

/* How many had waited when what stands in a place of the ring began to. */
static uint32_t
waiting_count(const struct waiting *w, uint32_t place)
{
	uint32_t ago = (w->count - place) & (WAITING_MAX - 1);

	return ago < w->count ? w->count - ago : 0;
}

/* Each chain leads back, or it would never end. */
static bool
waiting_is_sound(const struct waiting *w, uint32_t place,
    const struct keep_bounds *b)
{
	const struct waiting_line *l = &w->lines[place];

	return l->line <= b->lines && time_is_sound(l->time) &&
	    l->kind <= EVENT_REPORT &&
	    l->side <= SIDE_CLIENT && (!l->key || l->line) &&
	    (l->before == 0 || l->before < waiting_count(w, place));
}

static void
pack_waiting(struct keep_pack *k, struct waiting *w,
    const struct keep_bounds *b)
{
	KEEP_PACK(k, w->count);
	if (!w->count)
		return;
	KEEP_PACK(k, w->head);
	for (uint32_t i = 0; i < WAITING_MAX; i++) {
		struct waiting_line *l = &w->lines[i];

		KEEP_PACK(k, l->key);
		KEEP_PACK(k, l->time);
		KEEP_PACK(k, l->line);
		KEEP_PACK(k, l->before);
		KEEP_PACK(k, l->says);
		KEEP_PACK(k, l->kind);
		KEEP_PACK(k, l->side);
		keep_pack_demand(k, waiting_is_sound(w, i, b));
	}
}

/* A number that was given a while ago: its session may be over. */
static void
pack_number(struct keep_pack *k, uint32_t *number, uint32_t before,
    const struct keep_bounds *b)
{
	uint32_t n = *number > before ? *number - before : 0;

	if (keep_pack_reads(k))
		n = 0;
	KEEP_PACK(k, n);
	if (!keep_pack_reads(k))
		return;
	keep_pack_demand(k, n <= b->sessions);
	*number = n;
}

static void
pack_linger(struct keep_pack *k, struct assembler *as, uint32_t before,
    const struct keep_bounds *b)
{
	KEEP_PACK(k, as->linger_at);
	if (!as->linger_at)
		return;
	for (uint32_t i = 0; i < LINGER_MAX; i++) {
		KEEP_PACK(k, as->linger[i].slot);
		keep_pack_demand(k, as->linger[i].slot <= b->slots);
		pack_number(k, &as->linger[i].number, before, b);
		keep_pack_demand(k, !as->linger[i].slot ||
		    as->linger[i].number);
	}
}

static void
pack_sessions(struct keep_pack *k, struct assembler *as,
    const struct keep_bounds *b, uint32_t before, const uint32_t *peer)
{
	for (uint32_t i = 1; i <= b->slots && !k->wrong; i++) {
		if (keep_pack_reads(k))
			take_session(k, as, b);
		else
			put_session(k, open_at(as, i), b, before, peer);
	}
}

/* How many sessions there had been is counted from the stream's first, too. */
static void
pack_sweep(struct keep_pack *k, struct assembler *as, uint32_t before)
{
	uint64_t n = as->swept_sessions > before ?
	    as->swept_sessions - before : 0;

	KEEP_PACK(k, n);
	if (keep_pack_reads(k))
		as->swept_sessions = n;
}

void
keep_pack_assembler(struct keep_pack *k, struct assembler *as,
    const struct keep_bounds *b, uint32_t before, const uint32_t *peer)
{
	pack_sessions(k, as, b, before, peer);
	pack_free_slots(k, as);
	KEEP_PACK(k, as->current);
	KEEP_PACK(k, as->before);
	pack_number(k, &as->before_number, before, b);
	KEEP_PACK(k, as->swept);
	pack_sweep(k, as, before);
	keep_pack_demand(k, as->before <= b->slots &&
	    time_is_sound(as->swept) &&
	    (!as->before || as->before_number) &&
	    (!as->current || leads_somewhere(as, as->current)));
	pack_linger(k, as, before, b);
	pack_waiting(k, &as->waiting, b);
}

void
keep_move_assembler(struct assembler *as, uint32_t before,
    const uint32_t *peer)
{
	for (uint32_t i = 1; i <= as->slots; i++) {
		struct open_session *o = open_at(as, i);

		if (!o->number)
			continue;
		o->number += before;
		o->digest.rec.peer = moved_peer(peer, o->digest.rec.peer);
		o->digest.rec.stream = (uint16_t)as->stream->number;
	}
	if (as->before_number)
		as->before_number += before;
	if (as->swept != CLOCK_NONE)
		as->swept_sessions += before;
	for (uint32_t i = 0; i < LINGER_MAX; i++)
		if (as->linger[i].number)
			as->linger[i].number += before;
}
