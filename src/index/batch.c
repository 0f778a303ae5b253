/*
 * Scanning lines into batches: the half of indexing that needs to know
 * nothing of sessions.
 */
#include "config.h"

#include "index/batch.h"

#include <stdlib.h>

#include "base/mask.h"
#include "base/mem.h"
#include "index/endpoint.h"
#include "index/reader.h"

/* Lines of a batch when they are of usual length. */
#define ENTRIES_FIRST 4096

struct batch *
batch_new(void)
{
	struct batch *b = mem_alloc(sizeof *b);

	b->text = mem_resize(NULL, BATCH_SIZE, 1);
	mem_reserve(&b->entry, &b->cap, ENTRIES_FIRST, sizeof *b->entry);
	return b;
}

void
batch_reset(struct batch *b)
{
	for (size_t i = 0; i < b->nowned; i++)
		free(b->owned[i]);
	b->kept = NULL;
	b->keeps = false;
	b->nowned = b->n = b->nstates = 0;
	b->nother = b->nreports = b->npeers = b->nprints = 0;
	b->second = false;
	b->lines = b->line = SLICE_NONE;
}

void
batch_free(struct batch *b)
{
	if (!b)
		return;
	batch_reset(b);
	free(b->owned);
	free(b->states);
	free(b->other);
	free(b->report);
	free(b->peer);
	free(b->print);
	free(b->entry);
	free(b->text);
	free(b);
}

void
batch_own(struct batch *b, char *text)
{
	mem_reserve(&b->owned, &b->owned_cap, b->nowned + 1,
	    sizeof *b->owned);
	b->owned[b->nowned++] = text;
}

static void
note_state(struct batch *b, const struct format_state *st)
{
	mem_reserve(&b->states, &b->states_cap, b->nstates + 1,
	    sizeof *b->states);
	b->states[b->nstates++] = *st;
}

static void
note_other(struct batch *b, uint64_t key)
{
	mem_reserve(&b->other, &b->other_cap, b->nother + 1,
	    sizeof *b->other);
	b->other[b->nother++] = key;
}

static void
note_report(struct batch *b, const struct event *ev)
{
	mem_reserve(&b->report, &b->reports_cap, b->nreports + 1,
	    sizeof *b->report);
	b->report[b->nreports++] = (struct entry_report){
		.enhanced = ev->enhanced, .code = ev->code,
		.says = ev->says, .verb = ev->verb,
	};
}

static void
note_peer(struct batch *b, const struct event *ev)
{
	struct slice name = endpoint_name(ev->peer);

	mem_reserve(&b->peer, &b->peers_cap, b->npeers + 1, sizeof *b->peer);
	b->peer[b->npeers++] = (struct entry_peer){
		.hash = intern_hash(b->peers, name), .name = name,
	};
}

/* Most sessions begin so, and then the peer is new. */
static inline bool
opens(const struct event *ev)
{
	return ev->peer.n && (ev->kind == EVENT_OPEN ||
	    ev->kind == EVENT_ATTEMPT || (ev->flags & EVENT_BEGINS));
}

static void
note_print(struct batch *b, struct slice line)
{
	mem_reserve(&b->print, &b->prints_cap, b->nprints + 1,
	    sizeof *b->print);
	b->print[b->nprints++] = slice_hash(line, 0);
}

/* What few entries have goes beside them. */
static void
note_aside(struct batch *b, struct entry *e, const struct event *ev)
{
	if (ev->flags & (EVENT_ALIAS | EVENT_ALSO))
		note_other(b, ev->also);
	if (ev->flags & EVENT_LINK)
		note_other(b, ev->link);
	if (opens(ev)) {
		note_peer(b, ev);
		e->bits |= ENTRY_PEER;
	}
	if (event_tells(ev)) {
		note_report(b, ev);
		e->bits |= ENTRY_TELLS;
	}
}

static inline struct entry *
next_entry(struct batch *b, uint64_t offset)
{
	struct entry *e;

	if (b->n == 0)
		b->begin = offset;
	if (b->n == b->cap)
		mem_reserve(&b->entry, &b->cap, b->n + 1, sizeof *b->entry);
	e = &b->entry[b->n++];
	e->offset = (uint32_t)(offset - b->begin);
	return e;
}

static inline struct entry *
add_entry(struct batch *b, const struct event *ev, struct slice line,
    uint64_t offset, unsigned bits)
{
	struct entry *e = next_entry(b, offset);

	e->bits = (uint8_t)bits;
	e->kind = (uint8_t)ev->kind;
	e->flags = (uint16_t)ev->flags;
	if (b->merged)
		note_print(b, line);
	/* Of these nobody looks at more: half the lines of some logs. */
	if (ev->kind == EVENT_META && !ev->flags && !event_tells(ev)) {
		e->key = 0;
		e->time = CLOCK_NONE;    /* which no clock moves */
		return e;
	}
	e->key = ev->key;
	e->time = ev->time;
	e->text = ev->text.p;
	e->text_n = (uint32_t)ev->text.n;
	e->peer = ev->peer.p;
	e->peer_n = ev->peer.n > UINT16_MAX ? UINT16_MAX :
	    (uint16_t)ev->peer.n;
	e->ends = (uint8_t)((unsigned)ev->dir | (unsigned)ev->side << 4);
	e->gist = event_gist(ev);
	if (opens(ev) || event_tells(ev) ||
	    (ev->flags & (EVENT_ALIAS | EVENT_ALSO | EVENT_LINK)))
		note_aside(b, e, ev);
	return e;
}

static inline void
scan_line(struct batch *b, const struct format *fm, struct format_state *st,
    struct slice line, uint64_t offset, bool cut)
{
	unsigned bits = (cut ? ENTRY_CUT : 0) | (line.n == 0 ? ENTRY_BLANK : 0);
	struct format_state before = *st;
	struct event ev;
	struct entry *e;
	size_t used;

	for (;;) {
		used = fm->scan(fm, st, line, &ev);
		if (ev.kind == EVENT_EXCHANGE) {
			unsigned flags = event_become_command(&ev);

			add_entry(b, &ev, line, offset, bits);
			event_become_reply(&ev, flags);
		}
		e = add_entry(b, &ev, line, offset, bits);
		/* Only header lines and those that say so change the state. */
		if ((ev.kind == EVENT_META || (ev.flags & EVENT_STATE)) &&
		    memcmp(&before, st, sizeof before) != 0) {
			note_state(b, st);
			before = *st;
			e->bits |= ENTRY_STATE;
		}
		if (used == 0 || used >= line.n)
			break;
		line = slice_from(line, used);
	}
	e->bits |= ENTRY_LAST;
}

static void
give_line(struct batch *b, const struct format *fm, struct format_state *st,
    struct slice line, uint64_t offset)
{
	bool cut = line.n > LINE_LOOK_MAX;

	if (cut)
		line.n = LINE_LOOK_MAX;
	else if (line.n && line.p[line.n - 1] == '\r' && !fm->keep_cr)
		line.n--;
	scan_line(b, fm, st, line, offset, cut);
}

/* Line ends are looked for in so much text at a time: it stays at hand. */
#define WINDOW 4096

static void
scan_lines(struct batch *b, const struct format *fm, struct format_state *st)
{
	uint16_t end[WINDOW];
	const char *text = b->lines.p, *p = text;

	for (size_t from = 0; from < b->lines.n; from += WINDOW) {
		size_t left = b->lines.n - from;
		size_t ends = mask_find_all(text + from,
		    left < WINDOW ? left : WINDOW, '\n', end);

		for (size_t i = 0; i < ends; i++) {
			const char *nl = text + from + end[i];

			give_line(b, fm, st, (struct slice){ p,
			    (size_t)(nl - p) }, b->at + (uint64_t)(p - text));
			p = nl + 1;
		}
		b->nlines += (uint32_t)ends;
	}
}

void
batch_scan(struct batch *b, const struct format *fm)
{
	struct format_state st = b->state;

	b->n = b->nstates = b->nother = b->nreports = b->npeers = b->nlines = 0;
	b->nprints = 0;
	if (b->line.p && b->line_cut)
		scan_line(b, fm, &st, b->line, b->at, true);
	else if (b->line.p)
		give_line(b, fm, &st, b->line, b->at);
	else
		scan_lines(b, fm, &st);
	if (b->clock && b->n)
		source_clock_correct_all(b->clock, &b->entry[0].time, b->n,
		    sizeof b->entry[0]);
}
