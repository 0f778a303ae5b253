/*
 * Reading held back, while logs grow and are rotated; and only a log's end read.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "with_follow.h"

/* Until reading is paused and so much waits. */
static struct progress
await_behind(struct with_follow *f, uint64_t bytes)
{
	struct progress p;

	for (;;) {
		store_progress(f->w.store, &p);
		if (p.paused && p.behind == bytes)
			return p;
		follow_await_news(f);
	}
}

static void
paused_while_it_grows(void **state)
{
	struct with_follow f = { 0 };
	const char *more = CSV_ROW("01", ">,554 no,") CSV_ROW("02", "+,,");
	struct progress p;

	(void)state;
	with_folder(&f.w);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "+,,"));
	with_follow(&f, f.w.dir, FOLLOW_ON);
	follow_await_lines(&f, 1);
	indexer_pause(f.ix, true);
	await_behind(&f, 0);
	follow_append(&f, CSV_NAME, more);
	p = await_behind(&f, strlen(more));
	assert_int_equal(p.lines, 1);
	/* A file that the folder got is not read before, either. */
	follow_append(&f, "RECV2026112301-1.LOG", CSV_ROW("03", "+,,"));
	indexer_pause(f.ix, false);
	p = follow_await_lines(&f, 4);
	assert_false(p.paused);
	assert_int_equal(store_sessions(f.w.store), 3);
	assert_int_equal(with_session(&f.w, 1)->rec.worst, 554);
	without_follow(&f);
}

/* The file between two rotations has no name by the time reading goes on. */
static void
paused_while_it_is_rotated(void **state)
{
	struct with_follow f = { 0 };
	const char *late = CSV_ROW("01", "<,EHLO late,"), *two = CSV_ROW("01", ">,250 two,"),
	    *three = CSV_ROW("01", ">,554 three,");
	char path[512], old[512];

	(void)state;
	with_folder(&f.w);
	follow_append(&f, "smtp.log", CSV_ROW("01", "+,,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	snprintf(old, sizeof old, "%s/old", f.w.dir);
	with_follow(&f, path, FOLLOW_ON);
	follow_await_lines(&f, 1);
	indexer_pause(f.ix, true);
	await_behind(&f, 0);
	follow_append(&f, "smtp.log", late);
	assert_int_equal(rename(path, old), 0);
	follow_append(&f, "smtp.log", two);
	await_behind(&f, strlen(late) + strlen(two));
	assert_int_equal(unlink(path), 0);
	follow_append(&f, "smtp.log", three);
	await_behind(&f, strlen(late) + strlen(two) + strlen(three));
	indexer_pause(f.ix, false);
	follow_await_lines(&f, 4);
	follow_text_of_line(&f, 2, "EHLO late");
	follow_text_of_line(&f, 3, "250 two");
	follow_text_of_line(&f, 4, "554 three");
	assert_int_equal(store_sessions(f.w.store), 1);
	/* And is followed on. */
	follow_append(&f, "smtp.log", CSV_ROW("01", "-,,Remote"));
	follow_await_lines(&f, 5);
	without_follow(&f);
}

/* The first read waits, too. */
static void
paused_from_the_start(void **state)
{
	struct with_follow f = { 0 };
	const char *text = CSV_ROW("01", "+,,") CSV_ROW("01", ">,554 no,");
	struct progress p;

	(void)state;
	with_folder(&f.w);
	follow_append(&f, CSV_NAME, text);
	with_follow(&f, f.w.dir, FOLLOW_PAUSED);
	p = await_behind(&f, strlen(text));
	assert_int_equal(p.lines, 0);
	assert_false(p.done);
	indexer_pause(f.ix, false);
	follow_await_lines(&f, 2);
	assert_int_equal(store_sessions(f.w.store), 1);
	without_follow(&f);
}

/* Only the end: from a whole line on; who began before that is cut. */
static void
only_the_end(void **state)
{
	struct with_follow f = { 0 };
	const char *end = CSV_ROW("02", "<,EHLO two,") CSV_ROW("03", "+,,")
	    CSV_ROW("03", ">,554 three,");
	struct indexer_options opt = { .wake_fd = -1,
	    .last_bytes = strlen(end) + 10 };
	struct err err = { "" };
	char path[512];

	(void)state;
	with_folder(&f.w);
	follow_append(&f, "smtp.log", CSV_ROW("01", "+,,") CSV_ROW("01", "-,,Remote")
	    CSV_ROW("02", "+,,"));
	follow_append(&f, "smtp.log", end);
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	f.paths[0] = path;
	f.w.store = store_new();
	f.ix = indexer_new(f.w.store, f.paths, 1, &opt, follow_ignore, NULL, &err);
	assert_non_null(f.ix);
	assert_string_equal(indexer_newest(f.ix, NULL), path);
	indexer_run(f.ix);
	f.w.reader = reader_new(f.w.store);
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_true(with_session(&f.w, 1)->rec.flags & SESSION_CUT);
	assert_false(with_session(&f.w, 2)->rec.flags & SESSION_CUT);
	assert_int_equal(with_session(&f.w, 2)->rec.worst, 554);
	follow_text_of_line(&f, 1, "EHLO two");
	follow_text_of_line(&f, 3, "554 three");
	indexer_free(f.ix);
	without_log(&f.w);
}

/* What the first publication showed. */
struct first {
	const struct store *store;
	unsigned publications;
	uint64_t sessions;
};

static bool
note_first(void *arg)
{
	struct first *first = arg;

	if (first->publications++ == 0)
		first->sessions = store_sessions(first->store);
	return true;
}

/* Opening a file is no news: the next publication would have to wait. */
static void
the_first_lines_are_shown_at_once(void **state)
{
	struct with_follow f = { 0 };
	struct first first = { 0 };
	struct indexer_options opt = { .wake_fd = -1,
	    .published = note_first, .arg = &first };
	const char *log = CSV_ROW("01", "+,,")
	    CSV_ROW("02", "<,EHLO one,");
	struct err err = { "" };
	char *paths[1] = { f.w.path };

	(void)state;
	with_folder(&f.w);
	with_file(&f.w, "smtp.log", log, strlen(log));
	first.store = f.w.store = store_new();
	f.ix = indexer_new(f.w.store, paths, 1, &opt, follow_ignore, NULL, &err);
	assert_non_null(f.ix);
	indexer_run(f.ix);
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_int_equal(first.sessions, 2);
	f.w.reader = reader_new(f.w.store);
	indexer_free(f.ix);
	without_log(&f.w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paused_while_it_grows),
		cmocka_unit_test(paused_while_it_is_rotated),
		cmocka_unit_test(paused_from_the_start),
		cmocka_unit_test(only_the_end),
		cmocka_unit_test(the_first_lines_are_shown_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
