/*
 * What is kept of open sessions: every field that another run needs comes back.
 *
 * Each struct is written out in the order of its fields, without their names:
 * who adds one and does not say here what becomes of it is told by the
 * compiler, and what is not packed by the test.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "index/assemble.h"
#include "index/keep_parts.h"
#include "index/keep_state.h"
#include "smtp/dialogue_pair.h"

#pragma GCC diagnostic error "-Wmissing-field-initializers"

#define LINES 5000

static const struct keep_bounds bounds = { LINES, 40, 30, 4 };

/* --- what is there --------------------------------------------------------------- */

/*
 * Nothing is zero that need not be.  Of what is not kept, pointers and what
 * comes anew with the slot are.
 */
static const struct open_session full = {
	71, 72, NULL, { 0 }, 0, 0, ENDING_LOST, 0, 0, OUTCOME_TEMPORARY,
	false, false, true,
	{
		{ 1700000000000, 1, 200, 150, 3000, 29, 2, 3, 4, 5, 0x040201,
		    0, 0, 0, 16, 17, 450, VERB_RCPT, 18, 1, 1, SESSION_TLS,
		    OUTCOME_TEMPORARY, 0 },
		1700000000004, 108, 109, 421, VERB_EHLO,
		true, true, true, true, true, true, true, true, true, true,
		VERB_AUTH, true, true, true, true, true,
		{
			SELF_CLIENT, DIALOGUE_TEXT, GREETING_PAST,
			true, true, true, true, true, true,
			ROLE_REPORT, VERB_RCPT, 250, 3, 101, 102,
			/* The ring begins anew. */
			{ 0, 4, 0, 7, {
				{ 103, VERB_MAIL, 1, 11 },
				{ 104, VERB_RCPT, 2, 12 },
				{ 105, VERB_DATA, 1, 13 },
				{ 106, VERB_QUIT, 2, 14 },
			}, NULL },
			1700000000001, 1700000000002,
			{ { 0x1122334455667788, 107 }, 1700000000003,
			    { 0x050101, 550, VERB_BDAT, 15 }, SPEAKER_PEER,
			    true, true },
		},
	},
};

/*
 * Kept of an assembler are its sessions, the free slots, and what is not zero.
 * The rest belongs to where it stands, to the line in hand, and to two logs
 * that are read as one, which is not kept.
 */
static const struct assembler whole = {
	NULL, NULL, { 0 }, { 0 }, NULL, NULL, { 0 }, 0, NULL, 0, 0, NULL, 0, 0,
	{ 0 }, 0, 2, 12, { { 2, 12 } }, 1025, false, 0, 0, false, { 0 },
	{ { { 0 } }, { 0 }, 0 }, 0, 1700000000005, 33, 0, 0, 0, false, false,
};

static const struct waiting_line waits =
    { 81, 1700000000006, 110, 0, 5, EVENT_REPORT, SIDE_CLIENT };

/* --- passing it on --------------------------------------------------------------- */

static struct stream *
new_stream(const char *format)
{
	struct stream *sm = calloc(1, sizeof *sm);

	assert_non_null(sm);
	sm->format = format_by_name(format);
	assert_non_null(sm->format);
	table_init(&sm->states, sizeof(struct state_mark), 2);
	return sm;
}

static struct assembler *
new_assembler(struct stream *sm)
{
	static struct progress sum;

	return assembler_new(NULL, sm, &(struct format_state){ .bytes = { 0 } },
	    &sum);
}

static void
stream_drop(struct stream *sm)
{
	table_free(&sm->states);
	free(sm);
}

static struct open_session *
add_full(struct assembler *as, uint32_t number, uint32_t links)
{
	struct open_session *o = open_new_slot(as);

	o->key = full.key + o->slot * 100;
	o->also = full.also + o->slot * 100;
	o->ending = full.ending;
	o->number = number;
	o->outcome = full.outcome;
	o->lasting = full.lasting;
	/* With its padding, which is compared. */
	memcpy(&o->digest, &full.digest, sizeof o->digest);
	o->digest.rec.slot_low = (uint16_t)o->slot;
	open_map_put(&as->map, o->key, o->slot);
	open_map_put(&as->map, o->also, o->slot);
	for (uint32_t i = 0; i < links; i++)
		open_link(as, o, o->slot * 1000 + i);
	as->living_on++;
	return o;
}

/* Two sessions, and slots between them that are free. */
static struct assembler *
filled(struct stream *sm)
{
	struct assembler *as = new_assembler(sm);

	add_full(as, 11, 5);
	open_new_slot(as);
	open_new_slot(as);
	add_full(as, 12, 1);
	as->free_slots = calloc(2, sizeof *as->free_slots);
	assert_non_null(as->free_slots);
	as->free_slots[0] = 2;
	as->free_slots[1] = 3;
	as->nfree = as->free_cap = 2;
	as->before = whole.before;
	as->before_number = whole.before_number;
	as->linger[0] = whole.linger[0];
	as->linger_at = whole.linger_at;
	as->swept = whole.swept;
	as->swept_sessions = whole.swept_sessions;
	as->waiting.count = 2;
	as->waiting.head[81] = 2;
	as->waiting.lines[1] = as->waiting.lines[2] = waits;
	as->waiting.lines[2].before = 1;
	return as;
}

static void
put(struct buf *b, struct assembler *as, uint32_t before, const uint32_t *peer)
{
	struct keep_pack k = { .out = b };

	keep_pack_assembler(&k, as, &bounds, before, peer);
	assert_false(k.wrong);
}

/* Whether it is one; all of it, that is. */
static bool
take(struct slice in, struct assembler *to)
{
	struct keep_pack k = { .in = in };

	keep_pack_assembler(&k, to, &bounds, 0, NULL);
	return !k.wrong && k.in.n == 0;
}

/* --- what comes back -------------------------------------------------------------- */

static void
same_session(const struct open_session *a, const struct open_session *b)
{
	assert_int_equal(a->key, b->key);
	assert_int_equal(a->also, b->also);
	assert_int_equal(a->nlinks, b->nlinks);
	assert_memory_equal(a->links, b->links, a->nlinks * sizeof *a->links);
	assert_int_equal(a->ending, b->ending);
	assert_int_equal(a->number, b->number);
	assert_int_equal(a->slot, b->slot);
	assert_int_equal(a->outcome, b->outcome);
	assert_int_equal(a->lasting, b->lasting);
	assert_memory_equal(&a->digest, &b->digest, sizeof a->digest);
}

static void
every_field_comes_back(void **state)
{
	struct stream *sm = new_stream("exchange-csv");
	struct assembler *a = filled(sm), *b = new_assembler(sm);
	struct buf bytes = { 0 };

	(void)state;
	put(&bytes, a, 0, NULL);
	assert_true(take(buf_slice(&bytes), b));
	assert_int_equal(b->slots, 4);
	same_session(open_at(a, 1), open_at(b, 1));
	same_session(open_at(a, 4), open_at(b, 4));
	assert_int_equal(open_at(b, 2)->number, 0);
	assert_int_equal(open_at(b, 3)->number, 0);
	assert_int_equal(b->nfree, 2);
	assert_int_equal(b->free_slots[0], 2);
	assert_int_equal(b->free_slots[1], 3);
	assert_int_equal(b->map.count, a->map.count);
	assert_int_equal(open_map_get(&b->map, 171), 1);
	assert_int_equal(open_map_get(&b->map, 472), 4);
	assert_int_equal(open_map_get(&b->map, 1004), 1);
	assert_int_equal(b->living_on, 2);
	assert_int_equal(b->before, whole.before);
	assert_int_equal(b->before_number, whole.before_number);
	assert_memory_equal(b->linger, whole.linger, sizeof b->linger);
	assert_int_equal(b->linger_at, whole.linger_at);
	assert_true(b->swept == whole.swept);
	assert_int_equal(b->swept_sessions, whole.swept_sessions);
	assert_memory_equal(&b->waiting, &a->waiting, sizeof b->waiting);
	buf_free(&bytes);
	assembler_free(a);
	assembler_free(b);
	stream_drop(sm);
}

/* The one session of a format that has one at a time. */
static void
the_present_one(void **state)
{
	struct stream *sm = new_stream("exchange-ims");
	struct assembler *a = new_assembler(sm), *b = new_assembler(sm);
	struct buf bytes = { 0 };

	(void)state;
	a->current = open_new_slot(a)->slot;
	open_at(a, 1)->number = 1;
	memcpy(&open_at(a, 1)->digest, &full.digest, sizeof full.digest);
	open_at(a, 1)->digest.rec.slot_low = 1;
	while (a->slots < bounds.slots)
		open_new_slot(a);
	put(&bytes, a, 0, NULL);
	assert_true(take(buf_slice(&bytes), b));
	assert_int_equal(b->current, 1);
	same_session(open_at(a, 1), open_at(b, 1));
	buf_free(&bytes);
	assembler_free(a);
	assembler_free(b);
	stream_drop(sm);
}

/* Numbers count from the stream's first, and from another one later. */
static void
numbers_move(void **state)
{
	static const uint32_t kept[30] = { [29] = 7 }, given[8] = { [7] = 21 };
	struct stream *sm = new_stream("exchange-csv");
	struct assembler *a = filled(sm), *b = new_assembler(sm);
	struct buf bytes = { 0 };

	(void)state;
	put(&bytes, a, 10, kept);
	assert_true(take(buf_slice(&bytes), b));
	assert_int_equal(open_at(b, 1)->number, 1);
	assert_int_equal(open_at(b, 4)->number, 2);
	assert_int_equal(open_at(b, 1)->digest.rec.peer, 7);
	assert_int_equal(b->before_number, 2);
	assert_int_equal(b->linger[0].number, 2);
	assert_int_equal(b->swept_sessions, 23);
	sm->number = 4;
	keep_move_assembler(b, 100, given);
	assert_int_equal(open_at(b, 1)->number, 101);
	assert_int_equal(open_at(b, 4)->number, 102);
	assert_int_equal(open_at(b, 1)->digest.rec.peer, 21);
	assert_int_equal(open_at(b, 1)->digest.rec.stream, 4);
	assert_int_equal(b->before_number, 102);
	assert_int_equal(b->linger[0].number, 102);
	assert_int_equal(b->linger[1].number, 0);
	assert_int_equal(b->swept_sessions, 123);
	buf_free(&bytes);
	assembler_free(a);
	assembler_free(b);
	stream_drop(sm);
}

/* Each counter that is added up is kept. */
static void
counts_come_back(void **state)
{
	struct progress all, none, sum;
	struct format_state st = { .bytes = { 9 } };
	struct keep_segment seg = { 0, 1, { 77, 78, 3, 4, 5 } };
	struct state_mark mark = { 1, st };
	struct keep_facts f = { 77, LINES, 40, 30, 4, 6, 8, 1, 1, { 0 }, &seg,
	    &mark }, g = { 0 };
	struct buf bytes = { 0 };
	struct keep_pack k = { .out = &bytes };

	(void)state;
	memset(&none, 0, sizeof none);
	memset(&sum, 0, sizeof sum);
	memset(&all, 0, sizeof all);
	memset(&all, 0x11, offsetof(struct progress, unsized));
	all.lines = LINES;
	all.sessions = 40;
	progress_add(&sum, &all, &none);
	f.counts = all;
	keep_pack_facts(&k, &f);
	k = (struct keep_pack){ .in = buf_slice(&bytes) };
	keep_pack_facts(&k, &g);
	assert_false(k.wrong);
	assert_int_equal(k.in.n, 0);
	assert_memory_equal(&g.counts, &sum, sizeof sum);
	assert_int_equal(g.end, 77);
	assert_int_equal(g.lines, LINES);
	assert_int_equal(g.sessions, 40);
	assert_int_equal(g.peers, 30);
	assert_int_equal(g.slots, 4);
	assert_int_equal(g.high_from, 6);
	assert_int_equal(g.shares, 8);
	assert_int_equal(g.nsegments, 1);
	assert_int_equal(g.segment[0].first_line, 1);
	assert_memory_equal(&g.segment[0].log, &seg.log, sizeof seg.log);
	assert_int_equal(g.nstates, 1);
	assert_int_equal(g.state[0].line, mark.line);
	assert_memory_equal(&g.state[0].state, &st, sizeof st);
	keep_facts_free(&g);
	buf_free(&bytes);
}

/* --- what is none -------------------------------------------------------------------- */

static void
is_sound(const struct assembler *as)
{
	uint32_t keys = 0;

	for (uint32_t s = 1; s <= as->slots; s++) {
		const struct open_session *o = open_at(as, s);

		assert_true(o->number <= bounds.sessions);
		assert_true(!o->key || open_map_get(&as->map, o->key) == s);
		assert_true(!o->also || open_map_get(&as->map, o->also) == s);
		for (uint32_t i = 0; i < o->nlinks; i++)
			assert_int_equal(open_map_get(&as->map, o->links[i]),
			    s);
		keys += !!o->key + !!o->also + o->nlinks;
	}
	assert_int_equal(as->map.count, keys);
	for (size_t i = 0; i < as->nfree; i++) {
		assert_int_equal(open_at(as, as->free_slots[i])->number, 0);
		assert_true(!i || as->free_slots[i] != as->free_slots[i - 1]);
	}
}

/* Each byte of it has other values: what is taken is sound, or it is not taken. */
static void
sound_or_not_taken(void **state)
{
	struct stream *sm = new_stream("exchange-csv");
	struct assembler *a = filled(sm);
	struct buf bytes = { 0 };
	size_t refused = 0;

	(void)state;
	put(&bytes, a, 0, NULL);
	for (size_t i = 0; i < 2 * bytes.n; i++) {
		/* Most of it are lines that wait, all alike. */
		size_t at = i / 2 < 4096 ? i / 2 : i / 2 + i / 2 % 61 * 61;
		struct assembler *b = new_assembler(sm);
		char was;

		if (at >= bytes.n) {
			assembler_free(b);
			break;
		}
		was = bytes.p[at];
		bytes.p[at] = (char)(i % 2 ? ~was : was + 1);
		if (!take(buf_slice(&bytes), b)) {
			refused++;
		} else {
			is_sound(b);
		}
		bytes.p[at] = was;
		assembler_free(b);
	}
	assert_true(refused > 500);
	/* Too short, and too long. */
	for (size_t n = 0; n <= 2000; n++) {
		struct assembler *b = new_assembler(sm);

		assert_false(take(slice_head(buf_slice(&bytes),
		    bytes.n - 1 - n), b));
		assembler_free(b);
	}
	buf_free(&bytes);
	assembler_free(a);
	stream_drop(sm);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_comes_back),
		cmocka_unit_test(the_present_one),
		cmocka_unit_test(numbers_move),
		cmocka_unit_test(counts_come_back),
		cmocka_unit_test(sound_or_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
