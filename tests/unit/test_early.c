/*
 * Reading that begins before all files were looked at: it does where names and
 * a few heads leave no doubt, and what comes of it is what comes of a plan that
 * was made first: sessions, names of streams, complaints, how much there is.
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
#include "with_follow.h"

#define FILES 20
#define DEADLINE_MS 20000

/* What one way of reading a folder gives. */
struct result {
	struct store *store;
	struct progress progress;
	struct buf complaints;
	char *newest;
	bool early;
	uint64_t at_once;        /* sessions before the thread was started */
};

static void
complain(void *arg, const char *words)
{
	buf_addf(arg, "%s\n", words);
}

static void
say_planned(void *arg, struct err *words)
{
	const struct result *r = arg;

	/* Called behind the last complaint. */
	err_set(words, "%zu bytes of complaints", r->complaints.n);
}

static void
check_words(struct indexer *ix, const struct result *r)
{
	struct err said, wanted;
	uint32_t seen = 0;

	err_set(&wanted, "%zu bytes of complaints", r->complaints.n);
	assert_true(indexer_trouble(ix, &seen, &said));
	assert_string_equal(said.text, wanted.text);
	assert_false(indexer_trouble(ix, &seen, &said));
}

/* Reads all of it in the indexer's thread. */
static void
read_all(struct result *r, char *folder, bool early)
{
	int wake[2];
	struct indexer_options opt = { .early = early, .planned = say_planned,
	    .arg = r };
	struct indexer *ix;
	struct err err = { "" };
	char byte;

	*r = (struct result){ .store = store_new() };
	assert_int_equal(pipe(wake), 0);
	opt.wake_fd = wake[1];
	ix = indexer_new(r->store, &folder, 1, &opt, complain,
	    &r->complaints, &err);
	assert_non_null(ix);
	r->early = indexer_is_early(ix);
	r->at_once = store_sessions(r->store);
	assert_int_equal(indexer_start(ix, &err), 0);
	r->newest = mem_strdup(indexer_newest(ix, NULL));
	for (;;) {
		struct pollfd p = { wake[0], POLLIN, 0 };

		store_progress(r->store, &r->progress);
		if (r->progress.done)
			break;
		assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
		assert_int_equal(read(wake[0], &byte, 1), 1);
		indexer_woken(ix);
	}
	if (r->early)
		check_words(ix, r);
	indexer_free(ix);
	close(wake[0]);
	close(wake[1]);
}

static void
result_free(struct result *r)
{
	store_free(r->store);
	buf_free(&r->complaints);
	free(r->newest);
}

static void
check_sessions(const struct result *a, const struct result *b)
{
	assert_int_equal(store_sessions(a->store), store_sessions(b->store));
	for (uint32_t i = 1; i <= store_sessions(a->store); i++) {
		struct session s = { 0 }, t = { 0 };

		store_session(a->store, i, &s);
		store_session(b->store, i, &t);
		assert_memory_equal(&s, &t,
		    offsetof(struct session, state) + 1);
	}
}

static void
check_streams(const struct result *a, const struct result *b)
{
	uint64_t n = table_count(&a->store->streams);

	assert_int_equal(n, table_count(&b->store->streams));
	for (uint32_t i = 0; i < n; i++) {
		const struct stream *s = store_stream(a->store, i);
		const struct stream *t = store_stream(b->store, i);

		assert_string_equal(s->name, t->name);
		assert_string_equal(s->why, t->why);
		assert_ptr_equal(s->format, t->format);
		assert_int_equal(table_count(&s->segments),
		    table_count(&t->segments));
	}
}

/*
 * Both ways; `sessions` are there and the first stream has this name.  Early,
 * if it is to be, means that some of them are there at once.
 */
static void
check_both(struct with_log *w, bool early, unsigned sessions, const char *name)
{
	struct result a, b;

	read_all(&a, w->dir, true);
	read_all(&b, w->dir, false);
	assert_false(b.early);
	assert_int_equal(b.at_once, 0);
	assert_int_equal(a.early, early);
	assert_int_equal(a.at_once > 0, early);
	assert_int_equal(store_sessions(a.store), sessions);
	assert_string_equal(store_stream(a.store, 0)->name, name);
	check_sessions(&a, &b);
	check_streams(&a, &b);
	assert_int_equal(a.complaints.n, b.complaints.n);
	assert_memory_equal(a.complaints.p ? a.complaints.p : "",
	    b.complaints.p ? b.complaints.p : "", a.complaints.n);
	assert_string_equal(a.newest, b.newest);
	assert_int_equal(a.progress.lines, b.progress.lines);
	assert_int_equal(a.progress.bytes, b.progress.bytes);
	assert_int_equal(a.progress.bytes_total, b.progress.bytes_total);
	assert_int_equal(a.progress.unsized, b.progress.unsized);
	assert_int_equal(a.progress.sources, b.progress.sources);
	assert_int_equal(a.progress.streams, b.progress.streams);
	result_free(&a);
	result_free(&b);
}

/* --- folders -------------------------------------------------------------------- */

static void
write_file(struct with_log *w, const char *name, const char *text)
{
	with_file(w, name, text, strlen(text));
}

/* Each + begins a session, whatever is open.  The last line has no end. */
static void
write_log(struct with_log *w, const char *name, unsigned sessions)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < sessions; i++) {
		buf_addf(&b, "2026-11-23T00:00:01.000Z,EX,08DE29A3%08X,1,"
		    "10.0.0.5:25,192.0.2.7:4711,+,,\r\n", i);
		buf_addf(&b, "2026-11-23T00:00:01.000Z,EX,08DE29A3%08X,2,"
		    "10.0.0.5:25,192.0.2.7:4711,>,%u no,", i, 500 + i % 60);
		buf_add(&b, i + 1 < sessions ? SLICE("\r\n") : SLICE(""));
	}
	with_file(w, name, b.p, b.n);
	buf_free(&b);
}

/* FILES logs whose names have a number for %d. */
static void
write_logs(struct with_log *w, const char *before, const char *after)
{
	for (int i = 1; i <= FILES; i++) {
		char name[100];

		snprintf(name, sizeof name, "%s%d%s", before, i, after);
		write_log(w, name, 1);
	}
}

static void
make_folder(struct with_log *w, const char *name)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", w->dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
without(struct with_log *w)
{
	w->store = store_new();
	w->reader = reader_new(w->store);
	without_log(w);
}

static void
one_series(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	write_logs(&w, "RECV2026112300-", ".LOG");
	/* More of the first than is read at once. */
	write_log(&w, "RECV2026112300-1.LOG", 9000);
	check_both(&w, true, 9000 + FILES - 1, "RECV*");
	without(&w);
}

static void
files_of_many_names(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	write_logs(&w, "host", "-smtp.log");
	check_both(&w, true, FILES, "host1-smtp.log");
	without(&w);
}

static void
others_before_and_between(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	write_file(&w, "A.txt", "read me\nand weep\n");
	write_file(&w, "B.txt", "");
	write_file(&w, "C.gz", "\037\213\010nothing that unpacks");
	write_logs(&w, "host", "-smtp.log");
	write_file(&w, "host5-smtp.log", "gone away\n");
	write_file(&w, "host7.gz", "\037\213\010nothing that unpacks");
	check_both(&w, true, FILES - 1, "host1-smtp.log");
	without(&w);
}

static void
several_folders(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	make_folder(&w, "mx1");
	make_folder(&w, "mx2");
	write_logs(&w, "mx1/RECV2026112300-", ".LOG");
	write_logs(&w, "mx2/RECV2026112300-", ".LOG");
	check_both(&w, true, 2 * FILES, "mx1/RECV*");
	without(&w);
}

/* What else is there is no log: then names leave out the folder. */
static void
a_folder_without_logs(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	make_folder(&w, "mx1");
	make_folder(&w, "notes");
	write_logs(&w, "mx1/RECV2026112300-", ".LOG");
	write_file(&w, "notes/one.txt", "nothing\n");
	check_both(&w, false, FILES, "RECV*");
	without(&w);
}

/* Which is the first of a rotated set is told by its times. */
static void
a_rotated_set(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	write_logs(&w, "smtp.log.", "");
	check_both(&w, false, FILES, "smtp.log*");
	without(&w);
}

/* Alone of its stream, if the others are no logs: it has no star then. */
static void
a_series_of_one(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	write_logs(&w, "host", "-smtp.log");
	write_log(&w, "RECV2026112300-1.LOG", 1);
	write_file(&w, "RECV2026112300-2.LOG", "gone away\n");
	check_both(&w, false, FILES + 1, "RECV2026112300-1.LOG");
	without(&w);
}

static void
few_files(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	write_log(&w, "RECV2026112300-1.LOG", 3);
	write_log(&w, "RECV2026112300-2.LOG", 3);
	check_both(&w, false, 6, "RECV*");
	without(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_series),
		cmocka_unit_test(files_of_many_names),
		cmocka_unit_test(others_before_and_between),
		cmocka_unit_test(several_folders),
		cmocka_unit_test(a_folder_without_logs),
		cmocka_unit_test(a_rotated_set),
		cmocka_unit_test(a_series_of_one),
		cmocka_unit_test(few_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
