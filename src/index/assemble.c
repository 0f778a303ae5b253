/*
 * The assembler: entries of a batch become events and go to their sessions
 * (belong.c), lines get their slots in the line table.
 */
#include "config.h"

#include "index/assemble.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/belong.h"
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

/* --- lines --------------------------------------------------------------- */

/* A header takes effect behind its own line. */
static void
note_state(struct assembler *as, const struct format_state *st)
{
	struct state_mark *mark = table_append(&as->stream->states);

	*mark = (struct state_mark){ .line = as->line + 1, .state = *st };
	table_publish(&as->stream->states);
}

/* Bits beyond sixteen, from the first line on that has some. */
static void
write_slot_high(struct assembler *as, uint32_t slot, uint32_t from)
{
	struct stream *sm = as->stream;

	if (!from)
		atomic_store_explicit(&sm->high_from, as->line,
		    memory_order_relaxed);
	*(uint8_t *)table_append(&sm->slots_high) = (uint8_t)(slot >> 16);
}

static inline void
write_slot(struct assembler *as, uint32_t slot)
{
	struct stream *sm = as->stream;
	_Atomic uint16_t *low = table_append(&sm->slots);
	uint32_t from = atomic_load_explicit(&sm->high_from,
	    memory_order_relaxed);

	atomic_store_explicit(low, (uint16_t)slot, memory_order_relaxed);
	if (from || slot > UINT16_MAX)
		write_slot_high(as, slot, from);
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
	bool had;                        /* the entry before had some of it */
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

/* Whether an entry has something in other[] or report[]. */
static inline bool
has_aside(const struct entry *e)
{
	return (e->bits & ENTRY_TELLS) ||
	    (e->flags & (EVENT_ALIAS | EVENT_ALSO | EVENT_LINK));
}

/* That, or what it has where there is nothing. */
static void
take_aside(const struct assembler *as, const struct entry *e, struct event *ev,
    struct aside *aside)
{
	static const struct entry_report nothing;
	const struct entry_report *told = e->bits & ENTRY_TELLS ?
	    aside->report++ : &nothing;

	ev->also = e->flags & (EVENT_ALIAS | EVENT_ALSO) ?
	    next_other(as, aside) : 0;
	ev->link = e->flags & EVENT_LINK ? next_other(as, aside) : 0;
	ev->says = told->says;
	ev->code = told->code;
	ev->verb = told->verb;
	ev->enhanced = told->enhanced;
}

/* *ev is used again for each entry; what entries do not have stays empty. */
static inline uint32_t
take_entry(struct assembler *as, const struct entry *e, struct event *ev,
    struct aside *aside)
{
	const struct entry_peer *peer = e->bits & ENTRY_PEER ?
	    aside->peer++ : NULL;
	bool has = has_aside(e);

	ev->kind = (enum event_kind)e->kind;
	ev->dir = (enum event_dir)(e->ends & 15);
	ev->side = (enum event_side)(e->ends >> 4);
	ev->flags = e->flags;
	ev->time = e->time;
	ev->key = e->key;
	ev->text = (struct slice){ e->text, e->text_n };
	ev->peer = (struct slice){ e->peer, e->peer_n };
	if (has || aside->had)
		take_aside(as, e, ev, aside);
	aside->had = has;
	as->repeats = false;
	if (aside->print)
		aside->print++;
	if (e->kind == EVENT_META)
		return SLOT_NONE;
	return !aside->print ? belong_take(as, ev, e->gist, peer) :
	    belong_take_merged(as, ev, e->gist, peer, aside->print[-1]);
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
/* So many lie in the cache, all of them. */
#define FEW_OPEN      512

static inline void
fetch_session(const struct assembler *as, uint64_t key)
{
	/* Slot 0 has a place, too: to ask costs more than to fetch it. */
	const char *o = (const char *)open_at(as, open_map_peek(&as->map, key));

	for (unsigned i = 0; i < 4; i++)
		__builtin_prefetch(o + 64 * i);
}

static inline void
fetch_ahead(const struct assembler *as, const struct batch *b, size_t i)
{
	if (as->map.count < FEW_OPEN || i + AHEAD_KEY >= b->n)
		return;
	__builtin_prefetch(open_map_place(&as->map,
	    b->entry[i + AHEAD_KEY].key));
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
	    b->other + b->nother, b->merged ? b->print : NULL, false };
	uint32_t slot = SLOT_NONE, s;
	bool meta = false, begins = true, first;
	struct counts counts = { 0 };
	struct event ev = { 0 };

	fetch_peers(as, b);
	belong_change_log(as, b->second);
	for (size_t i = 0; i < b->n; i++) {
		const struct entry *e = &b->entry[i];

		fetch_ahead(as, b, i);
		if (begins) {
			begin_line(as, b->begin + e->offset);
			slot = SLOT_NONE;
			meta = false;
			if (is_plain_meta(e)) {
				aside.print += aside.print != NULL;
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
