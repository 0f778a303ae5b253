/*
 * Names of rotated logs, and what becomes of a set of them.
 */
#include "config.h"

#include "input/rotation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "with_log.h"

/* --- names ---------------------------------------------------------------- */

struct expected {
	const char *name, *set;
	enum rotation_mark mark;
	uint64_t rank;
};

static const struct expected names[] = {
	{ "mail.log", "mail.log", ROTATION_LIVE, 0 },
	{ "mail.log.1", "mail.log", ROTATION_NUMBER, 1 },
	{ "mail.log.12.gz", "mail.log", ROTATION_NUMBER, 12 },
	{ "mail.log.2.XZ", "mail.log", ROTATION_NUMBER, 2 },
	{ "mail.log.gz", "mail.log", ROTATION_LIVE, 0 },
	{ "maillog.0.bz2", "maillog", ROTATION_NUMBER, 0 },
	{ "mainlog.01", "mainlog", ROTATION_NUMBER, 1 },
	{ "maillog-20261122", "maillog", ROTATION_DATE, 20261122000000 },
	{ "maillog-20261122.zst", "maillog", ROTATION_DATE, 20261122000000 },
	{ "maillog-20261122-1", "maillog", ROTATION_DATE, 20261122000002 },
	{ "maillog-2026112213", "maillog", ROTATION_DATE, 20261122000013 },
	{ "mail-20261122.log", "mail.log", ROTATION_DATE, 20261122000000 },
	{ "mail-20261122.log.gz", "mail.log", ROTATION_DATE, 20261122000000 },
	{ "mail.log.2026-11-22", "mail.log", ROTATION_DATE, 20261122000000 },
	{ "mail.2026_11_22.log", "mail.log", ROTATION_DATE, 20261122000000 },
	/* No day, no mark, no name before it, machines that are counted. */
	{ "mail-20261322", "mail-20261322", ROTATION_LIVE, 0 },
	{ "mail-99999999", "mail-99999999", ROTATION_LIVE, 0 },
	{ "mx.1.log", "mx.1.log", ROTATION_LIVE, 0 },
	{ "mx1", "mx1", ROTATION_LIVE, 0 },
	{ "session.123456", "session.123456", ROTATION_LIVE, 0 },
	{ ".1", ".1", ROTATION_LIVE, 0 },
	{ "1", "1", ROTATION_LIVE, 0 },
	{ "-20261122", "-20261122", ROTATION_LIVE, 0 },
	{ ".gz", ".gz", ROTATION_LIVE, 0 },
	{ "", "", ROTATION_LIVE, 0 },
};

static void
names_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct expected *e = &names[i];
		struct buf set = { 0 };
		struct rotation r;

		rotation_of(slice_of(e->name), &r);
		buf_add(&set, r.base);
		buf_add(&set, r.ending);
		if (!slice_eq(buf_slice(&set), slice_of(e->set)) ||
		    r.mark != e->mark || r.rank != e->rank)
			fail_msg("%s: '%.*s', mark %d, rank %llu", e->name,
			    SLICE_ARGS(buf_slice(&set)), (int)r.mark,
			    (unsigned long long)r.rank);
		buf_free(&set);
	}
}

static int
compare(const char *a, const char *b)
{
	struct rotation ra, rb;

	rotation_of(slice_of(a), &ra);
	rotation_of(slice_of(b), &rb);
	return rotation_compare(&ra, &rb);
}

static void
marks_give_the_order(void **state)
{
	(void)state;
	assert_true(compare("m.10", "m.9") < 0);
	assert_true(compare("m.1", "m") < 0);
	assert_true(compare("m", "m.1") > 0);
	assert_true(compare("m-20261122", "m-20261123") < 0);
	assert_true(compare("m-20261122", "m-20261122-1") < 0);
	assert_true(compare("m-20261123", "m") < 0);
	assert_int_equal(compare("m.1", "m-20261122"), 0);
}

/* --- sets ----------------------------------------------------------------- */

#define AT(time) "Nov 23 " time " mx postfix/smtpd[101]: "
static const char opens[] =
    AT("10:00:00") "connect from a.test.com[192.0.2.7]\n";
static const char goes_on[] =
    AT("10:00:01") "NOQUEUE: reject: RCPT from a.test.com[192.0.2.7]: "
    "554 5.7.1 <x@play.com>: Relay access denied; from=<a@test.com> "
    "to=<x@play.com> proto=ESMTP helo=<a.test.com>\n";
static const char ends[] =
    AT("10:00:02") "disconnect from a.test.com[192.0.2.7] ehlo=1 mail=1 "
    "rcpt=0/1 quit=1 commands=3/4\n";

static void
add(struct with_log *w, const char *name, const char *text)
{
	with_file(w, name, text, strlen(text));
}

/* One stream, one session of three lines, in the order they were written. */
static void
expect_one_session(struct with_log *w)
{
	const struct facts *f;

	assert_true(with_index(w, NULL));
	assert_int_equal(table_count(&w->store->streams), 1);
	assert_int_equal(store_sessions(w->store), 1);
	f = with_session(w, 1);
	assert_int_equal(f->rec.lines, 3);
	assert_int_equal(f->rec.worst, 554);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_PERMANENT);
	without_log(w);
}

static void
numbers_count_down_to_the_live_one(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	add(&w, "mail.log", ends);
	add(&w, "mail.log.9", goes_on);
	add(&w, "mail.log.10", opens);
	expect_one_session(&w);
}

static void
dates_count_up(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	add(&w, "mail.log", ends);
	add(&w, "mail-20261122.log", opens);
	add(&w, "mail-20261123.log", goes_on);
	expect_one_session(&w);
}

/* Some count upwards, and a set can have numbers and dates. */
static void
what_they_hold_is_above_names(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	add(&w, "smtpd.1", opens);
	add(&w, "smtpd.2", goes_on);
	add(&w, "smtpd-20261122", ends);
	expect_one_session(&w);
}

/* What is of another name is of another machine. */
static void
other_names_are_other_streams(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	add(&w, "mx1.log", opens);
	add(&w, "mx2.log", ends);
	add(&w, "mx2.log.1", opens);
	assert_true(with_index(&w, NULL));
	assert_int_equal(table_count(&w.store->streams), 2);
	assert_int_equal(store_sessions(w.store), 2);
	without_log(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_told_apart),
		cmocka_unit_test(marks_give_the_order),
		cmocka_unit_test(numbers_count_down_to_the_live_one),
		cmocka_unit_test(dates_count_up),
		cmocka_unit_test(what_they_hold_is_above_names),
		cmocka_unit_test(other_names_are_other_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
