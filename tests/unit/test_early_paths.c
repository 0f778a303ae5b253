/*
 * Reading that begins before all files were looked at, of what is named on a
 * command line: a shell's glob, several folders, files in any order, with hosts
 * and with mistakes; and files that change between the looks.
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

#include "base/mem.h"
#include "with_early.h"

static void
name_numbered(struct named *p, const struct with_log *w, const char *format,
    int from, int to)
{
	for (int i = from; i <= to; i++) {
		char name[100];

		snprintf(name, sizeof name, "%s%d.LOG", format, i);
		early_name(p, w, name);
	}
}

#define RECV "RECV2026112300-"

/* As a shell does it: 1 10 11 .. 19 2 20 3 .. 9. */
static void
name_as_a_glob(struct named *p, const struct with_log *w)
{
	name_numbered(p, w, RECV, 1, 1);
	name_numbered(p, w, RECV, 10, 19);
	name_numbered(p, w, RECV, 2, 2);
	name_numbered(p, w, RECV, 20, 20);
	name_numbered(p, w, RECV, 3, 9);
}

static void
a_glob(void **state)
{
	struct named p = { 0 };
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, RECV, ".LOG");
	early_write_log(&w, RECV "1.LOG", 9000, 0);
	name_as_a_glob(&p, &w);
	early_check(&p, true, 9000 + FILES - 1, "RECV*");
	early_done(&w);
}

/* Some locales sort 10 before 1: what is read first was not named first. */
static void
the_first_is_named_last(void **state)
{
	struct named p = { 0 };
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, RECV, ".LOG");
	early_write_log(&w, RECV "1.LOG", 30, 0);
	name_numbered(&p, &w, RECV, 2, FILES);
	name_numbered(&p, &w, RECV, 1, 1);
	early_check(&p, true, 30 + FILES - 1, "RECV*");
	early_done(&w);
}

/* What would be read first is no log: another is. */
static void
the_first_by_name_is_no_log(void **state)
{
	struct named p = { 0 };
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, RECV, ".LOG");
	early_write_file(&w, RECV "1.LOG", "gone away\n");
	name_numbered(&p, &w, RECV, 2, FILES);
	name_numbered(&p, &w, RECV, 1, 1);
	early_check(&p, false, FILES - 1, "RECV*");
	early_done(&w);
}

static void
two_folders(void **state)
{
	struct named p = { 0 };
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_make_folder(&w, "b");
	early_make_folder(&w, "a");
	early_write_logs(&w, "a/" RECV, ".LOG");
	early_write_logs(&w, "b/" RECV, ".LOG");
	early_write_log(&w, "b/" RECV "1.LOG", 30, 0);
	early_name(&p, &w, "b");
	early_name(&p, &w, "a");
	early_check(&p, true, 30 + 2 * FILES - 1, "b/RECV*");
	early_done(&w);
}

/* A folder, files of it once more, and a folder in which it lies. */
static void
named_more_than_once(void **state)
{
	struct named p = { 0 };
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_make_folder(&w, "a");
	early_make_folder(&w, "b");
	early_write_logs(&w, "a/" RECV, ".LOG");
	early_write_logs(&w, "b/" RECV, ".LOG");
	early_name(&p, &w, "b");
	name_numbered(&p, &w, "b/" RECV, 3, 5);
	early_name(&p, &w, NULL);
	early_name(&p, &w, "b");
	early_check(&p, true, 2 * FILES, "b/RECV*");
	early_done(&w);
}

/* Each is told where it stands, in the order in which they were named. */
static void
with_mistakes(void **state)
{
	struct named p = { 0 };
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_make_folder(&w, "empty");
	early_make_folder(&w, "notes");
	early_write_file(&w, "notes/one.txt", "nothing\n");
	early_write_file(&w, "two.txt", "nothing\n");
	early_write_logs(&w, RECV, ".LOG");
	early_name(&p, &w, "gone.LOG");
	early_name(&p, &w, "two.txt");
	name_numbered(&p, &w, RECV, 1, 12);
	early_name(&p, &w, "empty");
	early_name(&p, &w, "notes");
	early_name(&p, &w, "gone too");
	name_numbered(&p, &w, RECV, 13, FILES);
	early_name(&p, &w, "two.txt");
	early_check(&p, true, FILES, "RECV*");
	early_done(&w);
}

/* Whether a file is read twice under two names depends on what it holds. */
static void
two_names_of_a_file(void **state)
{
	struct named p = { 0 };
	char from[600], to[600];
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, RECV, ".LOG");
	early_write_file(&w, "two.txt", "nothing\n");
	snprintf(from, sizeof from, "%s/two.txt", w.dir);
	snprintf(to, sizeof to, "%s/too.txt", w.dir);
	assert_int_equal(link(from, to), 0);
	name_as_a_glob(&p, &w);
	early_name(&p, &w, "two.txt");
	early_name(&p, &w, "too.txt");
	early_check(&p, false, FILES, "RECV*");
	early_done(&w);
}

/* Files of one folder and of two hosts are two logs. */
static void
of_two_hosts(void **state)
{
	struct source_label label[FILES];
	struct named p = { .labels = label };
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, RECV, ".LOG");
	name_numbered(&p, &w, RECV, 1, FILES);
	for (int i = 0; i < FILES; i++)
		label[i] = (struct source_label){ .host = i ? "mx2" : "mx1" };
	early_check(&p, true, FILES, "mx1:" RECV "1.LOG");
	early_done(&w);
}

/* Nobody knows what comes through it, and opening it is not done twice. */
static void
a_pipe_among_them(void **state)
{
	struct named p = { 0 };
	struct with_log w;
	char path[600];

	(void)state;
	with_folder(&w);
	early_write_logs(&w, RECV, ".LOG");
	snprintf(path, sizeof path, "%s/pipe", w.dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	name_as_a_glob(&p, &w);
	early_name(&p, &w, "pipe");
	early_check(&p, false, FILES, "RECV*");
	early_done(&w);
}

/* --- between the looks -------------------------------------------------------- */

#define DEADLINE_MS 20000

static void
ignore(void *arg, const char *words)
{
	++*(unsigned *)arg;
	(void)words;
}

static void
await_done(struct indexer *ix, const struct store *st, int fd)
{
	struct progress progress;
	char byte;

	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };

		store_progress(st, &progress);
		if (progress.done)
			return;
		assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
		assert_int_equal(read(fd, &byte, 1), 1);
		indexer_woken(ix);
	}
}

/* Gone, empty, a folder: told of, and the rest is read. */
static void
change_files(const struct named *p)
{
	assert_int_equal(unlink(p->path[4]), 0);
	assert_int_equal(truncate(p->path[5], 0), 0);
	assert_int_equal(unlink(p->path[6]), 0);
	assert_int_equal(mkdir(p->path[6], 0700), 0);
	/* That of which the end has not been read. */
	assert_int_equal(unlink(p->path[0]), 0);
}

static void
files_change_between_the_looks(void **state)
{
	struct indexer_options opt = { .early = true };
	struct named p = { 0 };
	unsigned told = 0;
	struct store *st = store_new();
	struct indexer *ix;
	struct with_log w;
	struct err err;
	int wake[2];

	(void)state;
	with_folder(&w);
	early_write_logs(&w, RECV, ".LOG");
	early_write_log(&w, RECV "1.LOG", 9000, 0);
	name_numbered(&p, &w, RECV, 1, FILES);
	assert_int_equal(pipe(wake), 0);
	opt.wake_fd = wake[1];
	ix = indexer_new(st, p.path, p.n, &opt, ignore, &told, &err);
	assert_non_null(ix);
	assert_true(indexer_is_early(ix));
	change_files(&p);
	assert_int_equal(indexer_start(ix, &err), 0);
	await_done(ix, st, wake[0]);
	indexer_wait_planned(ix);
	assert_int_equal(told, 3);
	assert_int_equal(store_sessions(st), 9000 + FILES - 4);
	indexer_free(ix);
	store_free(st);
	close(wake[0]);
	close(wake[1]);
	assert_int_equal(rmdir(p.path[6]), 0);
	while (p.n > 0)
		free(p.path[--p.n]);
	early_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_glob),
		cmocka_unit_test(the_first_is_named_last),
		cmocka_unit_test(the_first_by_name_is_no_log),
		cmocka_unit_test(two_folders),
		cmocka_unit_test(named_more_than_once),
		cmocka_unit_test(with_mistakes),
		cmocka_unit_test(two_names_of_a_file),
		cmocka_unit_test(of_two_hosts),
		cmocka_unit_test(a_pipe_among_them),
		cmocka_unit_test(files_change_between_the_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
