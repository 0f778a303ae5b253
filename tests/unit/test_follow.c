/*
 * Following: logs that grow, are renamed, cut, made later; half lines; paused.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "with_log.h"

/* Longer than any healthy run needs, shorter than a test's limit. */
#define DEADLINE_MS 20000

struct follow {
	struct with_log w;
	struct indexer *ix;
	int wake[2];
	char *paths[1];
};

static void
ignore(void *arg, const char *words)
{
	(void)arg;
	(void)words;
}

static void
start_as(struct follow *f, const char *path, bool following, bool paused)
{
	struct indexer_options opt = { .follow = following };
	struct err err = { "" };

	assert_int_equal(pipe(f->wake), 0);
	opt.wake_fd = f->wake[1];
	f->paths[0] = (char *)path;
	f->w.store = store_new();
	f->ix = indexer_new(f->w.store, f->paths, 1, &opt,
	    ignore, NULL, &err);
	assert_non_null(f->ix);
	indexer_pause(f->ix, paused);
	assert_int_equal(indexer_start(f->ix, &err), 0);
	f->w.reader = reader_new(f->w.store);
}

static void
start(struct follow *f, const char *path, bool following)
{
	start_as(f, path, following, false);
}

static void
start_paused(struct follow *f, const char *path)
{
	start_as(f, path, false, true);
}

static void
stop(struct follow *f)
{
	indexer_free(f->ix);
	close(f->wake[0]);
	close(f->wake[1]);
	without_log(&f->w);
}

/* Waits for the wake byte of a publication. */
static void
await_news(struct follow *f)
{
	struct pollfd p = { f->wake[0], POLLIN, 0 };
	char byte;

	if (poll(&p, 1, DEADLINE_MS) != 1)
		fail_msg("no news within %d ms", DEADLINE_MS);
	assert_int_equal(read(f->wake[0], &byte, 1), 1);
	indexer_woken(f->ix);
}

static struct progress
await_lines(struct follow *f, uint64_t lines)
{
	struct progress p;

	for (;;) {
		store_progress(f->w.store, &p);
		if (p.lines >= lines && p.done)
			return p;
		await_news(f);
	}
}

static void
append(struct follow *f, const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", f->w.dir, name);
	file = fopen(path, "ab");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
}

#define NAME "RECV2026112300-1.LOG"
#define ROW(id, what) "2026-11-23T00:00:01.000Z,EX,08DE29A3B4C500" id \
	",1,10.0.0.5:25,192.0.2.7:4711," what "\r\n"

static void
text_of_line(struct follow *f, uint32_t line, const char *part)
{
	struct line_text lt;
	struct err err;

	assert_int_equal(reader_line(f->w.reader, store_stream(f->w.store, 0),
	    line, &lt, &err), 0);
	if (slice_find(lt.text, slice_of(part)) < 0)
		fail_msg("line %u is '%.*s'", line, SLICE_ARGS(lt.text));
}

static void
grows(void **state)
{
	struct follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	append(&f, NAME, ROW("01", "+,,"));
	start(&f, f.w.dir, true);
	await_lines(&f, 1);
	append(&f, NAME, ROW("01", ">,554 no,") ROW("02", "+,,"));
	await_lines(&f, 3);
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_int_equal(with_session(&f.w, 1)->rec.worst, 554);
	append(&f, NAME, ROW("01", "-,,Remote"));
	await_lines(&f, 4);
	assert_int_equal(session_ending(&with_session(&f.w, 1)->rec),
	    ENDING_SAID);
	stop(&f);
}

static void
half_lines_are_held_back(void **state)
{
	struct follow f = { 0 };
	struct progress p;

	(void)state;
	with_folder(&f.w);
	append(&f, NAME, ROW("01", "+,,") "2026-11-23T00:00:01.000Z,EX,08DE29");
	start(&f, f.w.dir, true);
	p = await_lines(&f, 1);
	assert_int_equal(p.lines, 1);
	append(&f, NAME, "A3B4C50001,1,10.0.0.5:25,192.0.2.7:4711,>,554 no,\r\n");
	p = await_lines(&f, 2);
	assert_int_equal(p.sessions, 1);
	assert_int_equal(with_session(&f.w, 1)->rec.worst, 554);
	text_of_line(&f, 2, "554 no");
	stop(&f);
}

/* Not followed at first: the half line was taken as a line. */
static void
half_line_goes_on(void **state)
{
	struct follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	append(&f, NAME, ROW("01", "+,,")
	    "2026-11-23T00:00:01.000Z,EX,08DE29A3B4C50001,1,l,r,>,220 he");
	start(&f, f.w.dir, false);
	await_lines(&f, 2);
	indexer_follow(f.ix, true);
	append(&f, NAME, "llo,\r\n" ROW("02", "+,,"));
	await_lines(&f, 3);
	text_of_line(&f, 2, "220 hello,");
	text_of_line(&f, 3, "08DE29A3B4C50002");
	assert_int_equal(store_sessions(f.w.store), 2);
	stop(&f);
}

static void
renamed_and_made_again(void **state)
{
	struct follow f = { 0 };
	char old[512], path[512];

	(void)state;
	with_folder(&f.w);
	append(&f, "smtp.log", ROW("01", "+,,") ROW("01", ">,220 one,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	snprintf(old, sizeof old, "%s/smtp.log.1", f.w.dir);
	start(&f, path, true);
	await_lines(&f, 2);
	assert_int_equal(rename(path, old), 0);
	/* The writer has the old file open until it opens the new one. */
	append(&f, "smtp.log.1", ROW("01", "<,EHLO late,"));
	await_lines(&f, 3);
	append(&f, "smtp.log", ROW("01", ">,554 two,"));
	await_lines(&f, 4);
	assert_int_equal(store_sessions(f.w.store), 1);
	assert_int_equal(with_session(&f.w, 1)->rec.worst, 554);
	assert_int_equal(f.w.facts.nlines, 4);
	text_of_line(&f, 3, "EHLO late");
	text_of_line(&f, 4, "554 two");
	stop(&f);
}

static void
cut_and_written_again(void **state)
{
	struct follow f = { 0 };
	char path[512];
	struct line_text lt;
	struct err err = { "" };
	uint32_t seen = 0;

	(void)state;
	with_folder(&f.w);
	append(&f, "smtp.log", ROW("01", "+,,") ROW("01", ">,220 one,")
	    ROW("01", "<,QUIT,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	start(&f, path, true);
	await_lines(&f, 3);
	assert_int_equal(truncate(path, 0), 0);
	append(&f, "smtp.log", ROW("02", ">,220 two,"));
	await_lines(&f, 4);
	text_of_line(&f, 4, "220 two");
	assert_int_equal(reader_line(f.w.reader, store_stream(f.w.store, 0), 2,
	    &lt, &err), 0);
	assert_true(lt.gone);
	assert_true(indexer_trouble(f.ix, &seen, &err));
	assert_non_null(strstr(err.text, "truncated"));
	/* The session is still there, with what the index knows. */
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_true(slice_eq(with_session(&f.w, 1)->peer, SLICE("192.0.2.7")));
	stop(&f);
}

/*
 * A log that was empty when it was opened, and was written over under its old
 * name long after that: another text is not shown as its own.
 */
static void
empty_then_written_over(void **state)
{
	struct follow f = { 0 };
	char path[512], old[512];
	struct line_text lt;
	struct err err = { "" };
	uint32_t seen = 0;

	(void)state;
	with_folder(&f.w);
	append(&f, "smtp.log", ROW("01", "+,,") ROW("01", ">,220 one,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	snprintf(old, sizeof old, "%s/smtp.log.1", f.w.dir);
	start(&f, path, true);
	await_lines(&f, 2);
	assert_int_equal(truncate(path, 0), 0);
	while (!indexer_trouble(f.ix, &seen, &err))
		await_news(&f);
	append(&f, "smtp.log", ROW("02", ">,220 two,") ROW("02", "<,NOOP,"));
	await_lines(&f, 4);
	assert_int_equal(rename(path, old), 0);
	append(&f, "smtp.log", ROW("02", ">,250 new,"));
	await_lines(&f, 5);
	assert_int_equal(truncate(old, 0), 0);
	append(&f, "smtp.log.1", ROW("03", ">,220 odd,") ROW("03", "<,NOOP,"));
	assert_int_equal(reader_line(f.w.reader, store_stream(f.w.store, 0), 3,
	    &lt, &err), 0);
	assert_true(lt.gone);
	text_of_line(&f, 5, "250 new");
	stop(&f);
}

/* A folder has the name now: told once; a file that has it later is read. */
static void
replaced_by_a_folder(void **state)
{
	struct follow f = { 0 };
	char path[512], old[512];
	struct err err = { "" };
	uint32_t seen = 0;

	(void)state;
	with_folder(&f.w);
	append(&f, "smtp.log", ROW("01", "+,,") ROW("01", ">,220 one,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	snprintf(old, sizeof old, "%s/away", f.w.dir);
	start(&f, path, true);
	await_lines(&f, 2);
	assert_int_equal(rename(path, old), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	while (!indexer_trouble(f.ix, &seen, &err))
		await_news(&f);
	assert_non_null(strstr(err.text, "smtp.log: is no regular file"));
	/* Nothing that happens beside it has it told again. */
	append(&f, "away", ROW("01", "<,QUIT,"));
	await_lines(&f, 3);
	append(&f, "beside", "x");
	assert_int_equal(rmdir(path), 0);
	append(&f, "smtp.log", ROW("02", ">,554 two,"));
	await_lines(&f, 4);
	text_of_line(&f, 2, "220 one");
	text_of_line(&f, 4, "554 two");
	assert_false(indexer_trouble(f.ix, &seen, &err));
	stop(&f);
}

static void
comes_later(void **state)
{
	struct follow f = { 0 };
	char path[512];

	(void)state;
	with_folder(&f.w);
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	start(&f, path, true);
	append(&f, "smtp.log", ROW("01", "+,,"));
	await_lines(&f, 1);
	assert_int_equal(store_sessions(f.w.store), 1);
	stop(&f);
}

/* New files of a followed folder join their stream by themselves. */
static void
folder_gets_files(void **state)
{
	struct follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	append(&f, NAME, ROW("01", "+,,"));
	start(&f, f.w.dir, true);
	await_lines(&f, 1);
	append(&f, "RECV2026112301-1.LOG", ROW("01", ">,554 no,"));
	await_lines(&f, 2);
	assert_int_equal(store_sessions(f.w.store), 1);
	append(&f, "SEND2026112301-1.LOG", ROW("01", "+,,"));
	await_lines(&f, 3);
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_int_equal(table_count(&f.w.store->streams), 2);
	stop(&f);
}

/*
 * What was read while it was written comes again under the name of an old one:
 * copied, or compressed from the one it was moved to.
 */
static void
old_ones_are_not_read_again(void **state)
{
	struct follow f = { 0 };
	struct progress p;

	(void)state;
	with_folder(&f.w);
	append(&f, "smtp.log", ROW("01", "+,,"));
	append(&f, NAME, ROW("02", "+,,"));
	start(&f, f.w.dir, true);
	await_lines(&f, 2);
	append(&f, "smtp.log.1", ROW("01", "+,,"));
	append(&f, "smtp.log-20261123", ROW("01", "+,,"));
	append(&f, NAME ".gz", ROW("02", "+,,"));
	/* Looked at after those: names are taken in order. */
	append(&f, "zz.log", ROW("03", "+,,"));
	p = await_lines(&f, 3);
	assert_int_equal(p.sources, 3);
	assert_int_equal(p.lines, 3);
	assert_int_equal(store_sessions(f.w.store), 3);
	stop(&f);
}

/* Half a header is no log yet: it is looked at again when it has grown. */
static void
refused_at_first(void **state)
{
	struct follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	append(&f, NAME, ROW("01", "+,,"));
	start(&f, f.w.dir, true);
	await_lines(&f, 1);
	append(&f, "RECV2026112301-1.LOG", "#Software: Micro");
	append(&f, "RECV2026112302-1.LOG", ROW("02", "+,,"));
	await_lines(&f, 2);
	append(&f, "RECV2026112301-1.LOG", "soft Exchange Server\r\n"
	    "#Fields: date-time,connector-id,session-id,sequence-number,"
	    "local-endpoint,remote-endpoint,event,data,context\r\n"
	    ROW("03", "+,,"));
	await_lines(&f, 5);
	assert_int_equal(store_sessions(f.w.store), 3);
	stop(&f);
}

static void
folders_come_and_go(void **state)
{
	struct follow f = { 0 };
	char sub[512], away[512];

	(void)state;
	with_folder(&f.w);
	append(&f, NAME, ROW("01", "+,,"));
	start(&f, f.w.dir, true);
	await_lines(&f, 1);
	snprintf(sub, sizeof sub, "%s/sub", f.w.dir);
	snprintf(away, sizeof away, "%s/away", f.w.dir);
	assert_int_equal(mkdir(sub, 0700), 0);
	append(&f, "sub/" NAME, ROW("02", "+,,"));
	await_lines(&f, 2);
	assert_int_equal(rename(sub, away), 0);
	assert_int_equal(mkdir(sub, 0700), 0);
	append(&f, "sub/RECV2026112303-1.LOG", ROW("03", "+,,"));
	await_lines(&f, 3);
	append(&f, "sub/RECV2026112303-1.LOG", ROW("03", ">,554 no,"));
	await_lines(&f, 4);
	assert_int_equal(store_sessions(f.w.store), 3);
	stop(&f);
}

static void
empty_folder_gets_its_first(void **state)
{
	struct follow f = { 0 };

	(void)state;
	with_folder(&f.w);
	start(&f, f.w.dir, true);
	append(&f, NAME, ROW("01", "+,,"));
	await_lines(&f, 1);
	assert_int_equal(store_sessions(f.w.store), 1);
	stop(&f);
}

/* Until reading is paused and so much waits. */
static struct progress
await_behind(struct follow *f, uint64_t bytes)
{
	struct progress p;

	for (;;) {
		store_progress(f->w.store, &p);
		if (p.paused && p.behind == bytes)
			return p;
		await_news(f);
	}
}

static void
paused_while_it_grows(void **state)
{
	struct follow f = { 0 };
	const char *more = ROW("01", ">,554 no,") ROW("02", "+,,");
	struct progress p;

	(void)state;
	with_folder(&f.w);
	append(&f, NAME, ROW("01", "+,,"));
	start(&f, f.w.dir, true);
	await_lines(&f, 1);
	indexer_pause(f.ix, true);
	await_behind(&f, 0);
	append(&f, NAME, more);
	p = await_behind(&f, strlen(more));
	assert_int_equal(p.lines, 1);
	/* A file that the folder got is not read before, either. */
	append(&f, "RECV2026112301-1.LOG", ROW("03", "+,,"));
	indexer_pause(f.ix, false);
	p = await_lines(&f, 4);
	assert_false(p.paused);
	assert_int_equal(store_sessions(f.w.store), 3);
	assert_int_equal(with_session(&f.w, 1)->rec.worst, 554);
	stop(&f);
}

/* The file between two rotations has no name by the time reading goes on. */
static void
paused_while_it_is_rotated(void **state)
{
	struct follow f = { 0 };
	const char *late = ROW("01", "<,EHLO late,"), *two = ROW("01", ">,250 two,"),
	    *three = ROW("01", ">,554 three,");
	char path[512], old[512];

	(void)state;
	with_folder(&f.w);
	append(&f, "smtp.log", ROW("01", "+,,"));
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	snprintf(old, sizeof old, "%s/old", f.w.dir);
	start(&f, path, true);
	await_lines(&f, 1);
	indexer_pause(f.ix, true);
	await_behind(&f, 0);
	append(&f, "smtp.log", late);
	assert_int_equal(rename(path, old), 0);
	append(&f, "smtp.log", two);
	await_behind(&f, strlen(late) + strlen(two));
	assert_int_equal(unlink(path), 0);
	append(&f, "smtp.log", three);
	await_behind(&f, strlen(late) + strlen(two) + strlen(three));
	indexer_pause(f.ix, false);
	await_lines(&f, 4);
	text_of_line(&f, 2, "EHLO late");
	text_of_line(&f, 3, "250 two");
	text_of_line(&f, 4, "554 three");
	assert_int_equal(store_sessions(f.w.store), 1);
	/* And is followed on. */
	append(&f, "smtp.log", ROW("01", "-,,Remote"));
	await_lines(&f, 5);
	stop(&f);
}

/* The first read waits, too. */
static void
paused_from_the_start(void **state)
{
	struct follow f = { 0 };
	const char *text = ROW("01", "+,,") ROW("01", ">,554 no,");
	struct progress p;

	(void)state;
	with_folder(&f.w);
	append(&f, NAME, text);
	start_paused(&f, f.w.dir);
	p = await_behind(&f, strlen(text));
	assert_int_equal(p.lines, 0);
	assert_false(p.done);
	indexer_pause(f.ix, false);
	await_lines(&f, 2);
	assert_int_equal(store_sessions(f.w.store), 1);
	stop(&f);
}

/* Only the end: from a whole line on; who began before that is cut. */
static void
only_the_end(void **state)
{
	struct follow f = { 0 };
	const char *end = ROW("02", "<,EHLO two,") ROW("03", "+,,")
	    ROW("03", ">,554 three,");
	struct indexer_options opt = { .wake_fd = -1,
	    .last_bytes = strlen(end) + 10 };
	struct err err = { "" };
	char path[512];

	(void)state;
	with_folder(&f.w);
	append(&f, "smtp.log", ROW("01", "+,,") ROW("01", "-,,Remote")
	    ROW("02", "+,,"));
	append(&f, "smtp.log", end);
	snprintf(path, sizeof path, "%s/smtp.log", f.w.dir);
	f.paths[0] = path;
	f.w.store = store_new();
	f.ix = indexer_new(f.w.store, f.paths, 1, &opt, ignore, NULL, &err);
	assert_non_null(f.ix);
	assert_string_equal(indexer_newest(f.ix), path);
	indexer_run(f.ix);
	f.w.reader = reader_new(f.w.store);
	assert_int_equal(store_sessions(f.w.store), 2);
	assert_true(with_session(&f.w, 1)->rec.flags & SESSION_CUT);
	assert_false(with_session(&f.w, 2)->rec.flags & SESSION_CUT);
	assert_int_equal(with_session(&f.w, 2)->rec.worst, 554);
	text_of_line(&f, 1, "EHLO two");
	text_of_line(&f, 3, "554 three");
	indexer_free(f.ix);
	without_log(&f.w);
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
		cmocka_unit_test(paused_while_it_grows),
		cmocka_unit_test(paused_while_it_is_rotated),
		cmocka_unit_test(paused_from_the_start),
		cmocka_unit_test(only_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
