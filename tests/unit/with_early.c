/*
 * Logs that are read both ways, for tests.
 */
#include "config.h"

#include "with_early.h"

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
read_all(struct result *r, const struct named *p, bool early)
{
	int wake[2];
	struct indexer_options opt = { .early = early, .planned = say_planned,
	    .labels = p->labels, .arg = r };
	struct indexer *ix;
	struct err err = { "" };
	char byte;

	*r = (struct result){ .store = store_new() };
	assert_int_equal(pipe(wake), 0);
	opt.wake_fd = wake[1];
	ix = indexer_new(r->store, p->path, p->n, &opt, complain,
	    &r->complaints, &err);
	assert_non_null(ix);
	r->early = indexer_is_early(ix);
	r->at_once = store_sessions(r->store);
	assert_int_equal(indexer_start(ix, &err), 0);
	r->newest = mem_strdup(indexer_newest(ix, NULL));
	for (;;) {
		struct pollfd fd = { wake[0], POLLIN, 0 };

		store_progress(r->store, &r->progress);
		if (r->progress.done)
			break;
		assert_int_equal(poll(&fd, 1, DEADLINE_MS), 1);
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

/* The same files in the same order. */
static void
check_segments(const struct stream *s, const struct stream *t)
{
	for (uint64_t i = 0; i < table_count(&s->segments); i++) {
		const struct segment *a = table_at(&s->segments, i);
		const struct segment *b = table_at(&t->segments, i);

		assert_string_equal(a->path, b->path);
		assert_int_equal(a->first_line, b->first_line);
		assert_int_equal(a->base, b->base);
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
		check_segments(s, t);
	}
}

void
early_check(struct named *p, bool early, unsigned sessions, const char *name)
{
	struct result a, b;

	read_all(&a, p, true);
	read_all(&b, p, false);
	while (p->n > 0)
		free(p->path[--p->n]);
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

void
early_name(struct named *p, const struct with_log *w, const char *name)
{
	struct buf b = { 0 };

	assert_true((size_t)p->n < sizeof p->path / sizeof p->path[0]);
	buf_addf(&b, "%s%s%s", w->dir, name ? "/" : "", name ? name : "");
	p->path[p->n++] = mem_slicedup(buf_slice(&b));
	buf_free(&b);
}

void
early_check_folder(struct with_log *w, bool early, unsigned sessions,
    const char *name)
{
	struct named p = { 0 };

	early_name(&p, w, NULL);
	early_check(&p, early, sessions, name);
}

/* --- files ----------------------------------------------------------------- */

void
early_write_file(struct with_log *w, const char *name, const char *text)
{
	with_file(w, name, text, strlen(text));
}

/* Each + begins a session, whatever is open.  The last line has no end. */
void
early_write_log(struct with_log *w, const char *name, unsigned sessions,
    unsigned hour)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < sessions; i++) {
		buf_addf(&b, "2026-11-23T%02u:00:01.000Z,EX,08DE29A3%08X,1,"
		    "10.0.0.5:25,192.0.2.7:4711,+,,\r\n", hour, i);
		buf_addf(&b, "2026-11-23T%02u:00:01.000Z,EX,08DE29A3%08X,2,"
		    "10.0.0.5:25,192.0.2.7:4711,>,%u no,", hour, i,
		    500 + i % 60);
		buf_add(&b, i + 1 < sessions ? SLICE("\r\n") : SLICE(""));
	}
	with_file(w, name, b.p, b.n);
	buf_free(&b);
}

void
early_write_logs(struct with_log *w, const char *before, const char *after)
{
	for (int i = 1; i <= FILES; i++) {
		char name[100];

		snprintf(name, sizeof name, "%s%d%s", before, i, after);
		early_write_log(w, name, 1, 0);
	}
}

void
early_make_folder(struct with_log *w, const char *name)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", w->dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

void
early_done(struct with_log *w)
{
	w->store = store_new();
	w->reader = reader_new(w->store);
	without_log(w);
}

