/*
 * Following: logs that grow, are renamed, cut, made later; half lines.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "with_follow.h"

static void
grows(void **state)
{
	struct with_follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "+,,"));
	with_follow(&f, f.w.dir, FOLLOW_ON);
	follow_await_lines(&f, 1);
	follow_append(&f, CSV_NAME, CSV_ROW("01", ">,554 no,") CSV_ROW("02", "+,,"));
	follow_await_lines(&f, 3);
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_int_equal(with_session(&f.w, 1)->rec.worst, 554);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "-,,Remote"));
	follow_await_lines(&f, 4);
	assert_int_equal(session_ending(&with_session(&f.w, 1)->rec),
	    ENDING_SAID);
	without_follow(&f);
}

static void
half_lines_are_held_back(void **state)
{
	struct with_follow f = { 0 };
	struct progress p;

	(void)state;
	with_folder(&f.w);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "+,,") "2026-11-23T00:00:01.000Z,EX,08DE29");
	with_follow(&f, f.w.dir, FOLLOW_ON);
	p = follow_await_lines(&f, 1);
	assert_int_equal(p.lines, 1);
	follow_append(&f, CSV_NAME, "A3B4C50001,1,10.0.0.5:25,192.0.2.7:4711,>,554 no,\r\n");
	p = follow_await_lines(&f, 2);
	assert_int_equal(p.sessions, 1);
	assert_int_equal(with_session(&f.w, 1)->rec.worst, 554);
	follow_text_of_line(&f, 2, "554 no");
	without_follow(&f);
}

/* Not followed at first: the half line was taken as a line. */
static void
half_line_goes_on(void **state)
{
	struct with_follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "+,,")
	    "2026-11-23T00:00:01.000Z,EX,08DE29A3B4C50001,1,l,r,>,220 he");
	with_follow(&f, f.w.dir, FOLLOW_ONCE);
	follow_await_lines(&f, 2);
	indexer_follow(f.ix, true);
	follow_append(&f, CSV_NAME, "llo,\r\n" CSV_ROW("02", "+,,"));
	follow_await_lines(&f, 3);
	follow_text_of_line(&f, 2, "220 hello,");
	follow_text_of_line(&f, 3, "08DE29A3B4C50002");
	assert_int_equal(store_sessions(f.w.store), 2);
	without_follow(&f);
}

static void
renamed_and_made_again(void **state)
{
	struct with_follow f = { 0 };
	char old[512], path[512];

	(void)state;
	with_folder(&f.w);
	follow_append(&f, "smtp.log", CSV_ROW("01", "+,,") CSV_ROW("01", ">,220 one,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	snprintf(old, sizeof old, "%s/smtp.log.1", f.w.dir);
	with_follow(&f, path, FOLLOW_ON);
	follow_await_lines(&f, 2);
	assert_int_equal(rename(path, old), 0);
	/* The writer has the old file open until it opens the new one. */
	follow_append(&f, "smtp.log.1", CSV_ROW("01", "<,EHLO late,"));
	follow_await_lines(&f, 3);
	follow_append(&f, "smtp.log", CSV_ROW("01", ">,554 two,"));
	follow_await_lines(&f, 4);
	assert_int_equal(store_sessions(f.w.store), 1);
	assert_int_equal(with_session(&f.w, 1)->rec.worst, 554);
	assert_int_equal(f.w.facts.nlines, 4);
	follow_text_of_line(&f, 3, "EHLO late");
	follow_text_of_line(&f, 4, "554 two");
	without_follow(&f);
}

static void
cut_and_written_again(void **state)
{
	struct with_follow f = { 0 };
	char path[512];
	struct line_text lt;
	struct err err = { "" };
	uint32_t seen = 0;

	(void)state;
	with_folder(&f.w);
	follow_append(&f, "smtp.log", CSV_ROW("01", "+,,") CSV_ROW("01", ">,220 one,")
	    CSV_ROW("01", "<,QUIT,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	with_follow(&f, path, FOLLOW_ON);
	follow_await_lines(&f, 3);
	assert_int_equal(truncate(path, 0), 0);
	follow_append(&f, "smtp.log", CSV_ROW("02", ">,220 two,"));
	follow_await_lines(&f, 4);
	follow_text_of_line(&f, 4, "220 two");
	assert_int_equal(reader_line(f.w.reader, store_stream(f.w.store, 0), 2,
	    &lt, &err), 0);
	assert_true(lt.gone);
	assert_true(indexer_trouble(f.ix, &seen, &err));
	assert_non_null(strstr(err.text, "truncated"));
	/* The session is still there, with what the index knows. */
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_true(slice_eq(with_session(&f.w, 1)->peer, SLICE("192.0.2.7")));
	without_follow(&f);
}

/*
 * A log that was empty when it was opened, and was written over under its old
 * name long after that: another text is not shown as its own.
 */
static void
empty_then_written_over(void **state)
{
	struct with_follow f = { 0 };
	char path[512], old[512];
	struct line_text lt;
	struct err err = { "" };
	uint32_t seen = 0;

	(void)state;
	with_folder(&f.w);
	follow_append(&f, "smtp.log", CSV_ROW("01", "+,,") CSV_ROW("01", ">,220 one,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	snprintf(old, sizeof old, "%s/smtp.log.1", f.w.dir);
	with_follow(&f, path, FOLLOW_ON);
	follow_await_lines(&f, 2);
	assert_int_equal(truncate(path, 0), 0);
	while (!indexer_trouble(f.ix, &seen, &err))
		follow_await_news(&f);
	follow_append(&f, "smtp.log", CSV_ROW("02", ">,220 two,") CSV_ROW("02", "<,NOOP,"));
	follow_await_lines(&f, 4);
	assert_int_equal(rename(path, old), 0);
	follow_append(&f, "smtp.log", CSV_ROW("02", ">,250 new,"));
	follow_await_lines(&f, 5);
	assert_int_equal(truncate(old, 0), 0);
	follow_append(&f, "smtp.log.1", CSV_ROW("03", ">,220 odd,") CSV_ROW("03", "<,NOOP,"));
	assert_int_equal(reader_line(f.w.reader, store_stream(f.w.store, 0), 3,
	    &lt, &err), 0);
	assert_true(lt.gone);
	follow_text_of_line(&f, 5, "250 new");
	without_follow(&f);
}

/* A folder has the name now: told once; a file that has it later is read. */
static void
replaced_by_a_folder(void **state)
{
	struct with_follow f = { 0 };
	char path[512], old[512];
	struct err err = { "" };
	uint32_t seen = 0;

	(void)state;
	with_folder(&f.w);
	follow_append(&f, "smtp.log", CSV_ROW("01", "+,,") CSV_ROW("01", ">,220 one,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	snprintf(old, sizeof old, "%s/away", f.w.dir);
	with_follow(&f, path, FOLLOW_ON);
	follow_await_lines(&f, 2);
	assert_int_equal(rename(path, old), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	while (!indexer_trouble(f.ix, &seen, &err))
		follow_await_news(&f);
	assert_non_null(strstr(err.text, "smtp.log: is no regular file"));
	/* Nothing that happens beside it has it told again. */
	follow_append(&f, "away", CSV_ROW("01", "<,QUIT,"));
	follow_await_lines(&f, 3);
	follow_append(&f, "beside", "x");
	assert_int_equal(rmdir(path), 0);
	follow_append(&f, "smtp.log", CSV_ROW("02", ">,554 two,"));
	follow_await_lines(&f, 4);
	follow_text_of_line(&f, 2, "220 one");
	follow_text_of_line(&f, 4, "554 two");
	assert_false(indexer_trouble(f.ix, &seen, &err));
	without_follow(&f);
}

static void
comes_later(void **state)
{
	struct with_follow f = { 0 };
	char path[512];

	(void)state;
	with_folder(&f.w);
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	with_follow(&f, path, FOLLOW_ON);
	follow_append(&f, "smtp.log", CSV_ROW("01", "+,,"));
	follow_await_lines(&f, 1);
	assert_int_equal(store_sessions(f.w.store), 1);
	without_follow(&f);
}

/* New files of a followed folder join their stream by themselves. */
static void
folder_gets_files(void **state)
{
	struct with_follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "+,,"));
	with_follow(&f, f.w.dir, FOLLOW_ON);
	follow_await_lines(&f, 1);
	follow_append(&f, "RECV2026112301-1.LOG", CSV_ROW("01", ">,554 no,"));
	follow_await_lines(&f, 2);
	assert_int_equal(store_sessions(f.w.store), 1);
	follow_append(&f, "SEND2026112301-1.LOG", CSV_ROW("01", "+,,"));
	follow_await_lines(&f, 3);
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_int_equal(table_count(&f.w.store->streams), 2);
	without_follow(&f);
}

/*
 * What was read while it was written comes again under the name of an old one:
 * copied, or compressed from the one it was moved to.
 */
static void
old_ones_are_not_read_again(void **state)
{
	struct with_follow f = { 0 };
	struct progress p;

	(void)state;
	with_folder(&f.w);
	follow_append(&f, "smtp.log", CSV_ROW("01", "+,,"));
	follow_append(&f, CSV_NAME, CSV_ROW("02", "+,,"));
	with_follow(&f, f.w.dir, FOLLOW_ON);
	follow_await_lines(&f, 2);
	follow_append(&f, "smtp.log.1", CSV_ROW("01", "+,,"));
	follow_append(&f, "smtp.log-20261123", CSV_ROW("01", "+,,"));
	follow_append(&f, CSV_NAME ".gz", CSV_ROW("02", "+,,"));
	/* Looked at after those: names are taken in order. */
	follow_append(&f, "zz.log", CSV_ROW("03", "+,,"));
	p = follow_await_lines(&f, 3);
	assert_int_equal(p.sources, 3);
	assert_int_equal(p.lines, 3);
	assert_int_equal(store_sessions(f.w.store), 3);
	without_follow(&f);
}

/* Half a header is no log yet: it is looked at again when it has grown. */
static void
refused_at_first(void **state)
{
	struct with_follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "+,,"));
	with_follow(&f, f.w.dir, FOLLOW_ON);
	follow_await_lines(&f, 1);
	follow_append(&f, "RECV2026112301-1.LOG", "#Software: Micro");
	follow_append(&f, "RECV2026112302-1.LOG", CSV_ROW("02", "+,,"));
	follow_await_lines(&f, 2);
	follow_append(&f, "RECV2026112301-1.LOG", "soft Exchange Server\r\n"
	    "#Fields: date-time,connector-id,session-id,sequence-number,"
	    "local-endpoint,remote-endpoint,event,data,context\r\n"
	    CSV_ROW("03", "+,,"));
	follow_await_lines(&f, 5);
	assert_int_equal(store_sessions(f.w.store), 3);
	without_follow(&f);
}

static void
folders_come_and_go(void **state)
{
	struct with_follow f = { 0 };
	char sub[512], away[512];

	(void)state;
	with_folder(&f.w);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "+,,"));
	with_follow(&f, f.w.dir, FOLLOW_ON);
	follow_await_lines(&f, 1);
	snprintf(sub, sizeof sub, "%s/sub", f.w.dir);
	snprintf(away, sizeof away, "%s/away", f.w.dir);
	assert_int_equal(mkdir(sub, 0700), 0);
	follow_append(&f, "sub/" CSV_NAME, CSV_ROW("02", "+,,"));
	follow_await_lines(&f, 2);
	assert_int_equal(rename(sub, away), 0);
	assert_int_equal(mkdir(sub, 0700), 0);
	follow_append(&f, "sub/RECV2026112303-1.LOG", CSV_ROW("03", "+,,"));
	follow_await_lines(&f, 3);
	follow_append(&f, "sub/RECV2026112303-1.LOG", CSV_ROW("03", ">,554 no,"));
	follow_await_lines(&f, 4);
	assert_int_equal(store_sessions(f.w.store), 3);
	without_follow(&f);
}

static void
empty_folder_gets_its_first(void **state)
{
	struct with_follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	with_follow(&f, f.w.dir, FOLLOW_ON);
	follow_append(&f, CSV_NAME, CSV_ROW("01", "+,,"));
	follow_await_lines(&f, 1);
	assert_int_equal(store_sessions(f.w.store), 1);
	without_follow(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),
		cmocka_unit_test(half_lines_are_held_back),
		cmocka_unit_test(half_line_goes_on),
		cmocka_unit_test(renamed_and_made_again),
		cmocka_unit_test(cut_and_written_again),
		cmocka_unit_test(empty_then_written_over),
		cmocka_unit_test(replaced_by_a_folder),
		cmocka_unit_test(comes_later),
		cmocka_unit_test(folder_gets_files),
		cmocka_unit_test(old_ones_are_not_read_again),
		cmocka_unit_test(refused_at_first),
		cmocka_unit_test(folders_come_and_go),
		cmocka_unit_test(empty_folder_gets_its_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
