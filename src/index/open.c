/*
 * Open sessions.
 *
 * They are found by key in a hash table.  A slot number is given to a session
 * when it opens and is free again when it closes; the last one freed is given
 * first, so that a stream of one session at a time uses one slot and two
 * sessions that share a glued line share the slot, too.
 */
#include "config.h"

#include "index/open.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
open_mark_dirty(struct assembler *as, struct open_session *o)
{
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
void
open_write(struct assembler *as, struct open_session *o, enum ending ending,
    bool last)
{
	struct session rec;
	enum outcome outcome;

	digest_record(&o->digest, ending, &rec);
	if (!last)
		rec.held = 1;
	if (!last && (o->ending == ENDING_NONE || o->nlinks))
		rec.living = 1;
	outcome = session_outcome(&rec);
	session_store(cell_of(as, o->number), &rec);
	if (!o->is_new)
		as->own.by_outcome[o->outcome]--;
	as->own.by_outcome[outcome]++;
	o->outcome = (uint8_t)outcome;
	o->is_new = false;
}

struct open_session *
open_new_slot(struct assembler *as)
{
	struct open_session *o = table_append(&as->open);

	o->slot = ++as->slots;
	o->links = o->few;
	o->links_cap = LINKS_FEW;
	return o;
}

static uint32_t
take_slot(struct assembler *as)
{
	if (as->nfree)
		return as->free_slots[--as->nfree];
	return open_new_slot(as)->slot;
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

void
open_free_links(struct open_session *o)
{
	if (o->links != o->few)
		free(o->links);
	o->links = o->few;
	o->links_cap = LINKS_FEW;
}

static void
drop_keys(struct assembler *as, struct open_session *o)
{
	drop_own_keys(as, o);
	for (uint32_t i = 0; i < o->nlinks; i++)
		open_map_remove(&as->map, o->links[i]);
	o->nlinks = 0;
	open_free_links(o);
}

void
open_close(struct assembler *as, struct open_session *o, enum ending ending)
{
	if (o->ending != ENDING_NONE) {
		ending = (enum ending)o->ending;
		as->living_on--;
	} else {
		as->own.open--;
	}
	open_write(as, o, ending, true);
	if (as->current == o->slot)
		as->current = 0;
	drop_keys(as, o);
	digest_free(&o->digest);
	o->number = 0;
	mem_reserve(&as->free_slots, &as->free_cap, as->nfree + 1,
	    sizeof *as->free_slots);
	as->free_slots[as->nfree++] = o->slot;
}

/* Nothing more of the connection is expected, though of its messages. */
void
open_forget(struct assembler *as, struct open_session *o)
{
	if (o->nlinks == 0)
		open_close(as, o, ENDING_SAID);
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
	if (before.slot && open_at(as, before.slot)->number == before.number)
		open_forget(as, open_at(as, before.slot));
}

/*
 * The connection is over.  While keys of its messages lead here the session
 * keeps its slot: what becomes of them is its story, too.
 */
void
open_end(struct assembler *as, struct open_session *o, enum ending ending)
{
	bool lingers = as->format->lingers && ending != ENDING_IDLE &&
	    ending != ENDING_NEXT;

	if (o->nlinks == 0 && !lingers) {
		open_close(as, o, ending);
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
	as->own.open--;
	as->living_on++;
}

/* Which of its links the key is, from 1; 0: none. */
uint32_t
open_link_place(const struct open_session *o, uint64_t key)
{
	uint32_t i = o->nlinks;

	while (i && o->links[i - 1] != key)
		i--;
	return i;
}

/* A key leads to the session no more; true when that was the last of it. */
bool
open_unlink(struct assembler *as, struct open_session *o, uint64_t key)
{
	uint32_t i = 0;

	if (o->key != key && o->also != key && !(i = open_link_place(o, key)))
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

	if (slot && slot != o->slot && open_unlink(as, open_at(as, slot), key))
		open_close(as, open_at(as, slot), ENDING_SAID);
}

void
open_rekey(struct assembler *as, struct open_session *o, uint64_t key)
{
	drop_own_keys(as, o);
	claim_key(as, o, key);
	o->key = key;
	open_map_put(&as->map, key, o->slot);
}

/*
 * Two keys of one connection: both are its own from now on.  What it had in
 * their place is one of the two, or begins_another() said so.
 */
void
open_own_keys(struct assembler *as, struct open_session *o, const struct event *ev)
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

static void
more_links(struct open_session *o)
{
	uint64_t *links = mem_resize(o->links == o->few ? NULL : o->links,
	    o->links_cap * 2, sizeof *links);

	if (o->links == o->few)
		memcpy(links, o->few, sizeof o->few);
	o->links = links;
	o->links_cap *= 2;
}

void
open_add_link(struct open_session *o, uint64_t key)
{
	if (o->nlinks == o->links_cap)
		more_links(o);
	o->links[o->nlinks++] = key;
}

/* A key from now on leads to this session, whichever it led to before. */
void
open_link(struct assembler *as, struct open_session *o, uint64_t key)
{
	if (!key || open_map_get(&as->map, key) == o->slot)
		return;
	claim_key(as, o, key);
	open_add_link(o, key);
	open_map_put(&as->map, key, o->slot);
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

struct open_session *
open_begin(struct assembler *as, const struct event *ev)
{
	struct open_session *o;
	struct session *rec;
	uint32_t slot;

	if (as->store->sessions.used >= UINT32_MAX - 1)
		return NULL;
	slot = take_slot(as);
	o = open_at(as, slot);
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
	as->own.sessions++;
	as->own.open++;
	if (as->format->one_at_a_time)
		as->current = o->slot;
	else
		open_map_put(&as->map, o->key, o->slot);
	open_mark(as, o);
	return o;
}
