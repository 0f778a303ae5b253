/*
 * Selections: filtered, sorted, kept up to date while a store grows.  Stores
 * are made by hand, so that every record is known.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "index/indexer.h"
#include "query/selection.h"
#include "with_store.h"

/* Long enough for any machine; nothing waits for it when all is well. */
#define DEADLINE_MS 60000

/* Writes a record as the indexer does, and says that there is news. */
static void
change(struct store *st, uint32_t number, const struct session *r)
{
	session_store(session_cell_at(st, number), r);
}

static enum outcome
outcome_at(struct store *st, uint32_t number)
{
	struct session r;

	store_session(st, number, &r);
	return session_outcome(&r);
}

/*
 * The selection holds exactly the sessions of an outcome (or all, for -1),
 * each once, in order.
 */
static void
check(const struct selection *s, struct store *st, int outcome,
    enum column_id sort, bool reverse)
{
	uint64_t n = selection_count(s), expected = 0;

	for (uint32_t i = 1; i <= store_sessions(st); i++) {
		bool in = outcome < 0 || (int)outcome_at(st, i) == outcome;

		expected += in;
		assert_int_equal(selection_has(s, i), in);
	}
	assert_int_equal(n, expected);
	for (uint64_t i = 0; i < n; i++) {
		uint32_t a = selection_at(s, i), b;
		struct session ra, rb;
		int d;

		assert_true(selection_has(s, a));
		assert_int_equal(selection_find(s, a, false), i);
		if (i + 1 == n)
			break;
		b = selection_at(s, i + 1);
		store_session(st, a, &ra);
		store_session(st, b, &rb);
		d = column_compare(sort, st, a, &ra, b, &rb);
		assert_true(reverse ? d > 0 : d < 0);
	}
}

static void
test_all_by_number(void **state)
{
	struct store *st = store_of(1000);
	struct selection *s = selection_new(st, -1);
	struct session r = session_nth(st, 1001);

	(void)state;
	selection_set(s, NULL, COLUMN_NUMBER, false);
	check(s, st, -1, COLUMN_NUMBER, false);
	assert_int_equal(selection_progress(s), -1);
	assert_int_equal(selection_find(s, 1001, false), -1);
	assert_int_equal(selection_find(s, 1001, true), 999);
	assert_int_equal(selection_find(s, 0, false), -1);
	assert_false(selection_update(s));
	/* What comes is seen at the update, not before. */
	store_add(st, &r);
	store_publish(st, 2);
	assert_int_equal(selection_count(s), 1000);
	assert_true(selection_update(s));
	assert_int_equal(selection_count(s), 1001);
	assert_false(selection_update(s));
	selection_set(s, NULL, COLUMN_NUMBER, true);
	check(s, st, -1, COLUMN_NUMBER, true);
	assert_int_equal(selection_at(s, 0), 1001);
	selection_free(s);
	store_free(st);
}

static void
test_empty(void **state)
{
	struct store *st = store_new();
	struct selection *s = selection_new(st, -1);

	(void)state;
	for (int k = 0; k < 3; k++) {
		selection_set(s, k == 1 ? filter_of("is:ok") : NULL,
		    k == 2 ? COLUMN_START : COLUMN_NUMBER, k == 2);
		selection_finish(s);
		assert_int_equal(selection_count(s), 0);
		assert_false(selection_has(s, 0));
		assert_false(selection_has(s, 1));
		assert_int_equal(selection_find(s, 1, true), -1);
		assert_int_equal(selection_progress(s), -1);
	}
	selection_free(s);
	selection_free(NULL);
	store_free(st);
}

static void
test_filtered(void **state)
{
	struct store *st = store_of(5000);
	struct selection *s = selection_new(st, -1);
	uint32_t absent, next;

	(void)state;
	for (int o = 0; o < OUTCOME_COUNT; o++) {
		struct buf b = { 0 };

		buf_addf(&b, "is:%s", outcome_name((enum outcome)o));
		buf_add_char(&b, '\0');
		selection_set(s, filter_of(b.p), COLUMN_NUMBER, o & 1);
		selection_finish(s);
		check(s, st, o, COLUMN_NUMBER, o & 1);
		buf_free(&b);
	}
	/* The nearest one to a session that did not pass. */
	selection_set(s, filter_of("is:dropped"), COLUMN_NUMBER, false);
	selection_finish(s);
	next = selection_at(s, 5);
	absent = selection_at(s, 4) + 1;
	if (absent == next)
		absent = 0;
	if (absent) {
		assert_int_equal(selection_find(s, absent, false), -1);
		assert_int_equal(selection_find(s, absent, true), 5);
	}
	assert_int_equal(selection_find(s, 5001, true),
	    (int64_t)selection_count(s) - 1);
	selection_set(s, filter_of("is:dropped"), COLUMN_NUMBER, true);
	selection_finish(s);
	if (absent)
		assert_int_equal(selection_at(s, (uint64_t)selection_find(s,
		    absent, true)), absent - 1);
	selection_free(s);
	store_free(st);
}

static void
test_sorted(void **state)
{
	static const enum column_id sorts[] = { COLUMN_NUMBER, COLUMN_START,
	    COLUMN_TOOK, COLUMN_PEER, COLUMN_OUTCOME };
	struct store *st = store_of(3000);
	struct selection *s = selection_new(st, -1);

	(void)state;
	for (size_t k = 0; k < sizeof sorts / sizeof sorts[0]; k++)
		for (int reverse = 0; reverse < 2; reverse++) {
			selection_set(s, NULL, sorts[k], reverse);
			selection_finish(s);
			check(s, st, -1, sorts[k], reverse);
			selection_set(s, filter_of("is:permanent"), sorts[k],
			    reverse);
			selection_finish(s);
			check(s, st, OUTCOME_PERMANENT, sorts[k], reverse);
		}
	selection_free(s);
	store_free(st);
}

/* Sessions that come while a sorted selection stands take their places. */
static void
test_new_sessions_are_merged(void **state)
{
	struct store *st = store_of(100);
	struct selection *s = selection_new(st, -1);

	(void)state;
	selection_set(s, filter_of("is:ok"), COLUMN_START, true);
	for (uint32_t round = 0; round < 50; round++) {
		for (uint32_t i = 0; i < 37; i++) {
			struct session r = session_nth(st,
			    (uint32_t)st->sessions.used + 1);

			store_add(st, &r);
		}
		store_publish(st, round + 2);
		selection_update(s);
		selection_finish(s);
		check(s, st, OUTCOME_OK, COLUMN_START, true);
	}
	selection_free(s);
	store_free(st);
}

static void
update_to(struct selection *s, struct store *st, uint64_t changes)
{
	store_publish(st, changes);
	assert_true(selection_update(s));
	selection_finish(s);
}

/* An open session that changes enters, leaves, and moves. */
static void
test_open_sessions_change(void **state)
{
	struct store *st = store_of(20);
	struct selection *s = selection_new(st, -1), *t;
	struct session r = session_nth(st, 21);
	uint32_t number;

	(void)state;
	session_set(&r, OUTCOME_OPEN, true);
	number = store_add(st, &r);
	store_publish(st, 2);
	t = selection_new(st, -1);
	selection_set(s, filter_of("is:temporary"), COLUMN_NUMBER, false);
	selection_set(t, NULL, COLUMN_TOOK, false);
	selection_finish(s);
	selection_finish(t);
	assert_false(selection_has(s, number));
	/* A 4xx while it is open. */
	session_set(&r, OUTCOME_TEMPORARY, true);
	r.lines++;
	r.duration = 1000000;
	change(st, number, &r);
	update_to(s, st, 3);
	assert_true(selection_has(s, number));
	check(s, st, OUTCOME_TEMPORARY, COLUMN_NUMBER, false);
	selection_update(t);
	selection_finish(t);
	check(t, st, -1, COLUMN_TOOK, false);
	assert_int_equal(selection_at(t, 20), number);
	/* A 5xx and the end. */
	session_set(&r, OUTCOME_PERMANENT, false);
	change(st, number, &r);
	update_to(s, st, 4);
	assert_false(selection_has(s, number));
	check(s, st, OUTCOME_TEMPORARY, COLUMN_NUMBER, false);
	selection_free(s);
	selection_free(t);
	store_free(st);
}

/*
 * A record can be seen closed a moment before the name of its peer is
 * published: the session then still finds its place.
 */
static void
test_peer_published_late(void **state)
{
	struct store *st = store_of(50);
	struct selection *s = selection_new(st, -1);
	struct session r = session_nth(st, 51);
	const struct progress p = { .changes = 2 };
	uint32_t number;

	(void)state;
	selection_set(s, NULL, COLUMN_PEER, false);
	selection_finish(s);
	r.peer = intern_add(&st->peers, SLICE("10.0.0.1"));
	number = store_add(st, &r);
	table_publish(&st->sessions);
	store_publish_progress(st, &p);
	selection_update(s);
	selection_finish(s);
	assert_true(selection_has(s, number));
	intern_publish(&st->peers);
	update_to(s, st, 3);
	assert_int_equal(selection_at(s, 0), number);
	check(s, st, -1, COLUMN_PEER, false);
	selection_free(s);
	store_free(st);
}

static void
test_wakes_its_owner(void **state)
{
	struct store *st = store_of(2000);
	struct selection *s;
	struct pollfd p = { .events = POLLIN };
	int fds[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	p.fd = fds[0];
	s = selection_new(st, fds[1]);
	selection_set(s, filter_of("is:ok"), COLUMN_NUMBER, false);
	selection_finish(s);
	/* Something came in, so there was a byte; then all is quiet. */
	assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
	assert_int_equal(read(fds[0], &byte, 1), 1);
	selection_set(s, filter_of("is:permanent"), COLUMN_NUMBER, false);
	for (int64_t end = clock_now_ms() + DEADLINE_MS;
	    selection_count(s) == 0;) {
		assert_true(clock_now_ms() < end);
		poll(&p, 1, 100);
		selection_update(s);
	}
	selection_free(s);
	close(fds[0]);
	close(fds[1]);
	store_free(st);
}

/*
 * Once a selection says that it is current all is there: an answer that was
 * not taken over is no end, though the work shows no progress any more.
 */
static void
test_current_is_whole(void **state)
{
	enum { MANY = 600000 };      /* more than are sorted while one waits */
	struct store *st = store_of(MANY);
	struct selection *s = selection_new(st, -1);
	int64_t end = clock_now_ms() + DEADLINE_MS, taken = clock_now_ms();

	(void)state;
	selection_set(s, NULL, COLUMN_PEER, false);
	while (selection_progress(s) >= 0) {
		assert_true(clock_now_ms() < end);
		/* On a slow machine they come in several parts. */
		if (clock_now_ms() - taken > 1000) {
			selection_update(s);
			taken = clock_now_ms();
		}
		/* Who waits takes no processor from those at work. */
		sched_yield();
	}
	if (selection_is_current(s))
		assert_int_equal(selection_count(s), MANY);
	selection_finish(s);
	assert_true(selection_is_current(s));
	assert_int_equal(selection_count(s), MANY);
	selection_free(s);
	store_free(st);
}

/* What is set anew again and again is cancelled, and the last one stands. */
static void
test_set_again(void **state)
{
	struct store *st = store_of(30000);
	struct selection *s = selection_new(st, -1);

	(void)state;
	for (int i = 0; i < 30; i++)
		selection_set(s, i % 3 ? filter_of("is:ok") : NULL,
		    i & 1 ? COLUMN_PEER : COLUMN_TOOK, i & 2);
	selection_set(s, filter_of("is:permanent"), COLUMN_START, false);
	selection_finish(s);
	check(s, st, OUTCOME_PERMANENT, COLUMN_START, false);
	/* Freed in the midst of work. */
	selection_set(s, NULL, COLUMN_PEER, false);
	selection_free(s);
	store_free(st);
}

/* --- of a real log: what only the text can answer -------------------------- */

enum { REAL = 300 };

/* The sender's number of a session: 0 none, 1 the null sender. */
static unsigned
sender(unsigned session)
{
	return session * 77 % REAL;
}

static void
write_session(FILE *f, unsigned i)
{
	static const char at[] = "2026-11-23T00:00:00.000Z,EX01\\In";
	unsigned n = 0, from = sender(i);

#define ROW(event, ...) do { \
	fprintf(f, "%s,08D%013X,%u,10.0.0.5:25,192.0.2.1:4000," event ",", \
	    at, i + 1, n++); \
	fprintf(f, __VA_ARGS__); \
	fprintf(f, ",\r\n"); \
} while (0)
	ROW("+", "%s", "");
	ROW(">", "220 mx.example.com ready");
	ROW("<", "HELO %s", i % 2 ? "Zeta.example.org" : "alpha.example.org");
	ROW(">", "250 mx.example.com");
	if (from == 1)
		ROW("<", "MAIL FROM:<>");
	else if (from)
		ROW("<", "MAIL FROM:<User%03u@example.org>", from);
	if (from)
		ROW(">", "%s", i % 5 ? "250 OK" : "550 5.7.1 no");
	ROW("<", "QUIT");
	ROW(">", "221 bye");
	ROW("-", "%s", "");
#undef ROW
}

struct real {
	char folder[256], path[300];
	char *paths[1];
	struct store *st;
	struct indexer *ix;
};

static void
complain(void *arg, const char *words)
{
	(void)arg;
	fail_msg("%s", words);
}

static void
real_make(struct real *r)
{
	const struct indexer_options opt = { .wake_fd = -1 };
	const char *tmp = getenv("TMPDIR");
	struct err err = { "" };
	FILE *f;

	snprintf(r->folder, sizeof r->folder, "%s/ehlog-selection-XXXXXX",
	    tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(r->folder));
	snprintf(r->path, sizeof r->path, "%s/RECV20261123-1.LOG", r->folder);
	f = fopen(r->path, "wb");
	assert_non_null(f);
	fprintf(f, "#Software: Microsoft Exchange Server\r\n"
	    "#Version: 15.0.0.0\r\n#Log-type: SMTP Receive Protocol Log\r\n"
	    "#Fields: date-time,connector-id,session-id,sequence-number,"
	    "local-endpoint,remote-endpoint,event,data,context\r\n");
	for (unsigned i = 0; i < REAL; i++)
		write_session(f, i);
	assert_int_equal(fclose(f), 0);
	r->st = store_new();
	r->paths[0] = r->path;
	r->ix = indexer_new(r->st, r->paths, 1, &opt, complain, NULL, &err);
	assert_non_null(r->ix);
	indexer_run(r->ix);
	assert_false(indexer_trouble(r->ix, &(uint32_t){ 0 }, &err));
	assert_int_equal(store_sessions(r->st), REAL);
}

static void
real_free(struct real *r)
{
	indexer_free(r->ix);
	store_free(r->st);
	unlink(r->path);
	rmdir(r->folder);
}

/* Nobody, then <>, then User002, User003, ... whatever their numbers are. */
static void
test_sorted_by_text(void **state)
{
	struct selection *s;
	struct real r;

	(void)state;
	real_make(&r);
	s = selection_new(r.st, -1);
	for (int reverse = 0; reverse < 2; reverse++) {
		selection_set(s, NULL, COLUMN_FROM, reverse);
		selection_finish(s);
		assert_int_equal(selection_count(s), REAL);
		for (unsigned i = 0; i < REAL; i++) {
			uint32_t number = selection_at(s, reverse ?
			    REAL - 1 - i : i);

			assert_int_equal(sender(number - 1), i);
			assert_int_equal(selection_find(s, number, false),
			    reverse ? REAL - 1 - i : i);
		}
	}
	/* Two names: those of even index first, each by number. */
	selection_set(s, NULL, COLUMN_HELO, false);
	selection_finish(s);
	for (unsigned i = 0; i < REAL; i++)
		assert_int_equal(selection_at(s, i), i < REAL / 2 ?
		    2 * i + 1 : 2 * (i - REAL / 2) + 2);
	/* Nobody said RCPT: all are equal, by number. */
	selection_set(s, NULL, COLUMN_TO, false);
	selection_finish(s);
	for (unsigned i = 0; i < REAL; i++)
		assert_int_equal(selection_at(s, i), i + 1);
	/* 220 250 221, then 220 250 250 221, then 220 250 550 221. */
	selection_set(s, NULL, COLUMN_REPLIES, false);
	selection_finish(s);
	assert_int_equal(sender(selection_at(s, 0) - 1), 0);
	assert_int_not_equal((selection_at(s, 1) - 1) % 5, 0);
	assert_int_equal((selection_at(s, REAL - 1) - 1) % 5, 0);
	selection_free(s);
	real_free(&r);
}

static void
test_filtered_by_text(void **state)
{
	struct selection *s;
	struct real r;

	(void)state;
	real_make(&r);
	s = selection_new(r.st, -1);
	selection_set(s, filter_of("helo:zeta*"), COLUMN_FROM, false);
	selection_finish(s);
	assert_int_equal(selection_count(s), REAL / 2);
	for (unsigned i = 0; i < REAL / 2; i++) {
		unsigned index = selection_at(s, i) - 1;

		assert_int_equal(index % 2, 1);
		if (i)
			assert_true(sender(selection_at(s, i - 1) - 1) <
			    sender(index));
	}
	assert_int_equal(selection_progress(s), -1);
	selection_free(s);
	real_free(&r);
}

/* --- while the store grows ------------------------------------------------- */

enum { GROWN = 20000 };

/* Opens sessions, changes those that are open, closes them: an indexer. */
static void *
grow(void *arg)
{
	struct store *st = arg;
	struct session open[64] = { { 0 } };
	uint32_t number[64] = { 0 }, changes = 2;

	for (uint32_t i = 0; i < GROWN; i++) {
		uint32_t k = i * 7 % 64;

		if (number[k]) {
			session_set(&open[k], (enum outcome)(i % 5 == 4 ?
			    OUTCOME_EMPTY : i % 5), false);
			open[k].duration += i;
			change(st, number[k], &open[k]);
		}
		open[k] = session_nth(st, i);
		session_set(&open[k], OUTCOME_OPEN, true);
		number[k] = store_add(st, &open[k]);
		k = i * 13 % 64;
		if (number[k]) {
			open[k].lines++;
			session_set(&open[k], i % 2 ? OUTCOME_OPEN :
			    OUTCOME_PERMANENT, true);
			change(st, number[k], &open[k]);
		}
		if (i % 50 == 49)
			store_publish(st, changes++);
	}
	store_publish(st, changes);
	return NULL;
}

static void
grow_under(const char *expr, int outcome, enum column_id sort)
{
	struct store *st = bare_store();
	struct selection *s = selection_new(st, -1);
	int64_t end = clock_now_ms() + DEADLINE_MS;
	pthread_t writer;

	assert_int_equal(pthread_create(&writer, NULL, grow, st), 0);
	selection_set(s, expr ? filter_of(expr) : NULL, sort, false);
	while (store_sessions(st) < GROWN) {
		uint64_t n;

		assert_true(clock_now_ms() < end);
		selection_update(s);
		n = selection_count(s);
		if (n)
			assert_true(selection_has(s, selection_at(s, n / 2)));
	}
	pthread_join(writer, NULL);
	selection_finish(s);
	check(s, st, outcome, sort, false);
	selection_free(s);
	store_free(st);
}

static void
test_store_grows_meanwhile(void **state)
{
	(void)state;
	grow_under(NULL, -1, COLUMN_NUMBER);
	grow_under("is:permanent", OUTCOME_PERMANENT, COLUMN_NUMBER);
	grow_under(NULL, -1, COLUMN_PEER);
	grow_under("is:permanent", OUTCOME_PERMANENT, COLUMN_TOOK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_by_number),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_filtered),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_new_sessions_are_merged),
		cmocka_unit_test(test_open_sessions_change),
		cmocka_unit_test(test_peer_published_late),
		cmocka_unit_test(test_wakes_its_owner),
		cmocka_unit_test(test_current_is_whole),
		cmocka_unit_test(test_set_again),
		cmocka_unit_test(test_sorted_by_text),
		cmocka_unit_test(test_filtered_by_text),
		cmocka_unit_test(test_store_grows_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
