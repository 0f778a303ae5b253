/*
 * Sessions that have been silent.
 *
 * To find them takes a look at all that are open.  Where that matters they are
 * tens of thousands and lie apart, so each is asked for some steps before it
 * is looked at.
 */
#include "config.h"

#include "index/idle.h"

#include <stdlib.h>

#include "base/mem.h"

/* Below 65,536, so that the line table stays at 16 bits a line. */
#define LIVING_ON_MAX 60000u
/* From so many slots on the idle ones are looked for. */
#define SWEEP_FIRST 1024u

/* So many steps before. */
#define AHEAD 24

/* What a look at all of them touches of one. */
static void
fetch(const struct assembler *as, uint32_t slot)
{
	const struct open_session *o;

	if (slot > as->slots)
		return;
	o = open_at(as, slot);
	__builtin_prefetch(&o->number);
	__builtin_prefetch(&o->digest.rec.last);
	__builtin_prefetch(&o->digest.last_time);
}

/* --- too many --------------------------------------------------------------- */

static bool
may_go(const struct open_session *o, bool living_on)
{
	return o->number && (!living_on || o->ending != ENDING_NONE);
}

/* Of each slot the line last heard of it, 0 where it may not go; how many may. */
static uint32_t
list_lines(const struct assembler *as, bool living_on, uint32_t *last)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i <= as->slots; i++) {
		const struct open_session *o = open_at(as, i);

		fetch(as, i + AHEAD);
		if (!may_go(o, living_on))
			continue;
		last[i] = o->digest.rec.last;
		n++;
	}
	return n;
}

/* The k-th smallest, from 1, of those of n numbers that are not 0. */
static uint32_t
find_kth(const uint32_t *number, size_t n, uint32_t k)
{
	uint32_t high = 0;

	/* Its bits from the highest on, a byte at a time. */
	for (unsigned shift = 24;; shift -= 8) {
		uint32_t count[256] = { 0 }, byte = 0;

		for (size_t i = 0; i < n; i++)
			if (number[i] && (uint64_t)number[i] >> (shift + 8) ==
			    high)
				count[number[i] >> shift & 255]++;
		for (; byte < 255 && count[byte] < k; byte++)
			k -= count[byte];
		high = high << 8 | byte;
		if (shift == 0)
			return high;
	}
}

/* What the end of a session touches beside it. */
static void
fetch_keys(const struct assembler *as, uint32_t slot)
{
	const struct open_session *o = open_at(as, slot);

	__builtin_prefetch(open_map_place(&as->map, o->key));
	for (uint32_t i = 0; i < o->nlinks && i < LINKS_FEW; i++)
		__builtin_prefetch(open_map_place(&as->map, o->links[i]));
	__builtin_prefetch(table_at(&as->store->sessions, o->number - 1));
}

/*
 * Too many sessions open at once: those idle for longest make room, a
 * sixteenth of all in one go so that it does not happen at every line.  With
 * `living_on` only those go whose connection is over anyhow.
 */
static void
displace_idle(struct assembler *as, bool living_on)
{
	uint32_t *last = mem_array((size_t)as->slots + 1, sizeof *last);
	uint32_t n = list_lines(as, living_on, last), going = 0, line;

	line = n ? find_kth(last, (size_t)as->slots + 1, (n + 15) / 16) : 0;
	for (uint32_t i = 1; i <= as->slots; i++)
		if (last[i] && last[i] <= line)
			last[going++] = i;
	for (uint32_t i = 0; i < going; i++) {
		if (going - i > AHEAD)
			fetch(as, last[i + AHEAD]);
		if (going - i > AHEAD / 2)
			fetch_keys(as, last[i + AHEAD / 2]);
		open_close(as, open_at(as, last[i]), ENDING_DISPLACED);
	}
	free(last);
}

/* --- over ------------------------------------------------------------------- */

/* Sessions of which the log has been silent for so long that they are over. */
static void
close_idle(struct assembler *as, int64_t now)
{
	for (uint32_t i = 1; i <= as->slots; i++) {
		struct open_session *o = open_at(as, i);

		fetch(as, i + AHEAD);
		if (o->number && o->ending == ENDING_NONE && !o->lasting &&
		    o->digest.last_time != CLOCK_NONE &&
		    now - o->digest.last_time > as->format->idle)
			open_end(as, o, ENDING_IDLE);
	}
	as->swept = now;
	as->swept_sessions = as->store->sessions.used;
}

/*
 * Looking for idle sessions goes through all there are: not before a sixteenth
 * of the silence has passed that ends one, nor before a sixteenth of them was
 * begun, whatever the log's clock does.  So each is looked at some sixteen
 * times, and of the slots a sixteenth at most is of the idle.
 */
static bool
sweep_is_due(const struct assembler *as, int64_t now)
{
	if (!as->format->idle || now == CLOCK_NONE || as->slots < SWEEP_FIRST ||
	    as->store->sessions.used - as->swept_sessions < as->slots / 16)
		return false;
	return as->swept == CLOCK_NONE || now < as->swept ||
	    now - as->swept > as->format->idle / 16;
}

void
idle_make_room(struct assembler *as, int64_t now)
{
	if (as->nfree)
		return;
	if (sweep_is_due(as, now))
		close_idle(as, now);
	else if (as->slots >= SLOTS_MAX - 1)
		displace_idle(as, false);
	else if (as->slots >= LIVING_ON_MAX && as->living_on > as->slots / 2)
		displace_idle(as, true);
}
