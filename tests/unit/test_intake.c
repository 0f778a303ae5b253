/*
 * Two threads that share the reading of a log: everything is taken once, in
 * order and scanned; a header line in the middle holds for what is behind it
 * and for nothing before, however far ahead was read.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/mem.h"
#include "index/intake.h"
#include "with_log.h"

/* --- the intake alone ------------------------------------------------------- */

#define FILLED 20000

struct plain_work {
	uint64_t filled, taken, stop_at;
	_Atomic uint64_t scanned;
	bool waited, broken;
	_Atomic bool stop;
};

static enum intake_fill
fill(void *arg, struct batch *b, bool all_scanned)
{
	struct plain_work *w = arg;

	if (w->filled == FILLED)
		return INTAKE_END;
	/* Now and then it goes on only behind all the others, or is idle. */
	if (w->filled % 97 == 5 && !w->waited) {
		w->waited = all_scanned;
		return all_scanned ? INTAKE_NOTHING : INTAKE_WAIT;
	}
	if (w->waited && !all_scanned)
		w->broken = true;
	w->waited = false;
	b->at = ++w->filled;
	b->nlines = 0;
	return INTAKE_FILLED;
}

static void
scan(void *arg, struct batch *b)
{
	struct plain_work *w = arg;

	b->nlines++;
	atomic_fetch_add(&w->scanned, 1);
}

static void
take(void *arg, struct batch *b)
{
	struct plain_work *w = arg;

	if (b->at != ++w->taken || b->nlines != 1)
		w->broken = true;
	if (w->taken == w->stop_at)
		atomic_store(&w->stop, true);
}

static void
run(struct plain_work *w)
{
	const struct intake_work work = {
		.fill = fill, .scan = scan, .take = take, .arg = w,
		.stop = &w->stop,
	};

	intake_run(&work);
}

static void
test_order(void **state)
{
	struct plain_work w = { 0 };

	(void)state;
	run(&w);
	assert_int_equal(w.taken, FILLED);
	assert_int_equal(atomic_load(&w.scanned), FILLED);
	assert_false(w.broken);
}

static void
test_stop(void **state)
{
	(void)state;
	for (uint64_t at = 1; at < 200; at += 7) {
		struct plain_work w = { .stop_at = at };

		run(&w);
		assert_int_equal(w.taken, at);
		assert_false(w.broken);
	}
}

/* --- headers in the middle of a log ----------------------------------------- */

#define SECTIONS 60
#define SESSIONS 500     /* in each: some hundred KB, more than one read */

static void
add_section(struct buf *b, uint32_t section)
{
	/* The same columns in another order. */
	bool swapped = section % 2;

	buf_addf(b, "#Fields: date-time,connector-id,session-id,%s,event,data,"
	    "context\r\n", swapped ?
	    "remote-endpoint,sequence-number,local-endpoint" :
	    "sequence-number,local-endpoint,remote-endpoint");
	for (uint32_t i = 0; i < SESSIONS; i++) {
		static const char *const what[] = { "+,,",
		    "<,EHLO a.example.org,", "-,,Remote" };
		uint32_t n = section * SESSIONS + i + 1;
		char peer[40];

		for (int k = 0; k < 3; k++) {
			snprintf(peer, sizeof peer, "10.%u.%u.%u:4711",
			    n >> 16, n >> 8 & 255, n & 255);
			buf_addf(b, "2026-11-23T00:00:00.%03dZ,EX\\Default,"
			    "08DE29A3B4%06X,%s,%s,%s,%s\r\n", k, n,
			    swapped ? peer : "1", swapped ? "1" :
			    "192.0.2.7:25", swapped ? "192.0.2.7:25" : peer,
			    what[k]);
		}
	}
}

static void
test_headers(void **state)
{
	struct with_log w;
	struct buf b = { 0 };
	struct progress p;

	(void)state;
	with_folder(&w);
	for (uint32_t i = 0; i < SECTIONS; i++)
		add_section(&b, i);
	with_file(&w, "RECV2026112300-1.LOG", b.p, b.n);
	buf_free(&b);
	assert_true(with_index(&w, w.path));
	assert_int_equal(store_sessions(w.store), SECTIONS * SESSIONS);
	store_progress(w.store, &p);
	assert_int_equal(p.lines, SECTIONS * (SESSIONS * 3 + 1));
	assert_int_equal(p.meta_lines, SECTIONS);
	assert_int_equal(p.unowned_lines, 0);
	assert_int_equal(p.by_outcome[OUTCOME_DROPPED], SECTIONS * SESSIONS);
	for (uint32_t n = 1; n <= SECTIONS * SESSIONS; n++) {
		struct session s;
		char peer[40];

		store_session(w.store, n, &s);
		snprintf(peer, sizeof peer, "10.%u.%u.%u", n >> 16,
		    n >> 8 & 255, n & 255);
		assert_true(slice_eq(store_peer(w.store, s.peer),
		    slice_of(peer)));
		assert_int_equal(s.lines, 3);
	}
	without_log(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
