/*
 * Packs: what was appended is read again at any offset, while it is appended
 * and after that, from memory and from a spill; and by several threads at once.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/pack.h"

/* Some blocks and a piece of one. */
#define TEXT_SIZE (5u * PACK_BLOCK / 2 + 12345)

/* A byte of the text: lines of numbers, told by its offset alone. */
static char
text_at(uint64_t at)
{
	static const char digits[] = "0123456789abcdef";

	return at % 64 == 63 ? '\n' :
	    digits[(at / 64 >> at % 16 * 4) & 15];
}

static void
make_text(char *buf, uint64_t at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf[i] = text_at(at + i);
}

static void
append_all(struct pack *p, size_t piece)
{
	char *buf = mem_alloc(piece);

	for (uint64_t at = 0; at < TEXT_SIZE; at += piece) {
		size_t n = TEXT_SIZE - at < piece ? (size_t)(TEXT_SIZE - at) :
		    piece;

		make_text(buf, at, n);
		pack_append(p, buf, n);
	}
	free(buf);
}

/* True when [at, at + n) is what was appended. */
static bool
reads_right(struct pack *p, struct pack_cache *c, uint64_t at, size_t n)
{
	char *got = mem_alloc(n), *want = mem_alloc(n);
	struct err err;
	bool right;

	make_text(want, at, n);
	right = pack_read(p, c, got, n, at, &err) == (ssize_t)n &&
	    memcmp(got, want, n) == 0;
	free(got);
	free(want);
	return right;
}

static void
check_reads(struct pack *p)
{
	struct pack_cache *c = pack_cache_new();
	static const uint64_t places[] = { 0, 1, PACK_BLOCK - 1, PACK_BLOCK,
		2 * PACK_BLOCK - 7, 7, TEXT_SIZE - 100, PACK_BLOCK / 2 };
	struct err err;
	char byte[20];

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		assert_true(reads_right(p, c, places[i], 100));
	assert_true(reads_right(p, c, 0, TEXT_SIZE));
	assert_true(reads_right(p, c, 5, 2 * PACK_BLOCK));
	/* The end is the end. */
	assert_int_equal(pack_read(p, c, byte, sizeof byte, TEXT_SIZE - 9,
	    &err), 9);
	assert_int_equal(pack_read(p, c, byte, 1, TEXT_SIZE, &err), 0);
	assert_int_equal(pack_read(p, c, byte, 1, UINT64_MAX, &err), 0);
	pack_cache_free(c);
}

static void
is_read_while_it_grows_and_after(void **state)
{
	static const size_t pieces[] = { 1000, 65536, PACK_BLOCK, TEXT_SIZE };

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct pack *p = pack_new(NULL);

		append_all(p, pieces[i]);
		assert_int_equal(pack_size(p), TEXT_SIZE);
		assert_false(pack_is_over(p));
		check_reads(p);
		pack_end(p, NULL);
		assert_true(pack_is_over(p));
		assert_int_equal(pack_size(p), TEXT_SIZE);
		check_reads(p);
		pack_free(p);
	}
}

static void
what_does_not_pack_is_kept_as_it_is(void **state)
{
	struct pack *p = pack_new(NULL);
	struct pack_cache *c = pack_cache_new();
	char *noise = mem_alloc(PACK_BLOCK), *got = mem_alloc(PACK_BLOCK);
	uint64_t x = 88172645463325252u;
	struct err err;

	(void)state;
	for (size_t i = 0; i < PACK_BLOCK; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		noise[i] = (char)x;
	}
	pack_append(p, noise, PACK_BLOCK);
	pack_end(p, NULL);
	assert_int_equal(pack_packed(p), PACK_BLOCK);
	assert_int_equal(pack_read(p, c, got, PACK_BLOCK, 0, &err),
	    PACK_BLOCK);
	assert_memory_equal(got, noise, PACK_BLOCK);
	free(noise);
	free(got);
	pack_cache_free(c);
	pack_free(p);
}

static void
one_cache_serves_several_packs(void **state)
{
	struct pack *a = pack_new(NULL), *b = pack_new(NULL);
	struct pack_cache *c = pack_cache_new();
	struct err err;
	char got[3];

	(void)state;
	pack_append(a, "abc", 3);
	pack_append(b, "xyz", 3);
	pack_end(a, NULL);
	pack_end(b, NULL);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pack_read(a, c, got, 3, 0, &err), 3);
		assert_memory_equal(got, "abc", 3);
		assert_int_equal(pack_read(b, c, got, 3, 0, &err), 3);
		assert_memory_equal(got, "xyz", 3);
	}
	pack_free(a);
	/* Another may come to lie where that one was. */
	a = pack_new(NULL);
	pack_append(a, "123", 3);
	pack_end(a, NULL);
	assert_int_equal(pack_read(a, c, got, 3, 0, &err), 3);
	assert_memory_equal(got, "123", 3);
	pack_free(a);
	pack_free(b);
	pack_cache_free(c);
}

static void
an_end_has_its_words(void **state)
{
	struct pack *p = pack_new(NULL);
	struct err why = { "cut" }, got = { "" };

	(void)state;
	assert_false(pack_trouble(p, &got));
	pack_end(p, &why);
	assert_true(pack_trouble(p, &got));
	assert_string_equal(got.text, "cut");
	pack_wait(p, 0);                 /* does not sleep */
	pack_free(p);
}

static void
a_listener_is_told_once(void **state)
{
	struct pack *p = pack_new(NULL);
	int fd[2];
	char bytes[8];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	pack_listen(p, fd[1]);
	pack_append(p, "a", 1);
	pack_append(p, "b", 1);
	assert_int_equal(read(fd[0], bytes, sizeof bytes), 1);
	pack_heard(p, fd[1]);
	pack_append(p, "c", 1);
	assert_int_equal(read(fd[0], bytes, sizeof bytes), 1);
	pack_heard(p, fd[1]);
	pack_unlisten(p, fd[1]);
	pack_append(p, "d", 1);
	close(fd[1]);
	assert_int_equal(read(fd[0], bytes, sizeof bytes), 0);
	close(fd[0]);
	pack_end(p, NULL);
	pack_free(p);
}

/* --- the spill ----------------------------------------------------------------- */

static const char *
temporary_folder(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp ? tmp : "/tmp";
}

static void
a_spill_takes_the_blocks(void **state)
{
	struct err err = { "" };
	struct spill *s = spill_new(temporary_folder(), &err);
	struct pack *p;

	(void)state;
	assert_non_null(s);
	p = pack_new(s);
	append_all(p, 4096);
	check_reads(p);
	pack_end(p, NULL);
	check_reads(p);
	assert_true(pack_packed(p) > 0);
	assert_true(pack_memory(p) < 1000);
	assert_false(spill_trouble(s, &err));
	pack_free(p);
	spill_free(s);
}

static void
a_full_disk_is_told_once(void **state)
{
	struct err err = { "" };
	struct spill *s = spill_new(temporary_folder(), &err);
	struct rlimit all, little;
	struct pack *p;

	(void)state;
	assert_non_null(s);
	/* No file may grow: as a full disk, it ends a write. */
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
	little = all;
	little.rlim_cur = 1000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	p = pack_new(s);
	append_all(p, 4096);
	pack_end(p, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
	assert_true(spill_trouble(s, &err));
	assert_non_null(strstr(err.text, "stays in memory"));
	assert_false(spill_trouble(s, &err));
	check_reads(p);
	pack_free(p);
	spill_free(s);
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
	struct err err = { "" };

	(void)state;
	assert_null(spill_new("/nowhere/at/all", &err));
	assert_non_null(strstr(err.text, "/nowhere/at/all"));
}

/* --- threads ------------------------------------------------------------------- */

struct watcher {
	struct pack *pack;
	pthread_t thread;
	bool right;
};

static void *
read_behind(void *arg)
{
	struct watcher *w = arg;
	struct pack_cache *c = pack_cache_new();
	uint64_t at = 0, step = 1;

	w->right = true;
	for (;;) {
		bool over = pack_is_over(w->pack);
		uint64_t size = pack_size(w->pack);
		size_t n = size - at > 5000 ? 5000 : (size_t)(size - at);

		if (n && !reads_right(w->pack, c, at, n))
			w->right = false;
		/* What lies before, too. */
		if (at > 300 && !reads_right(w->pack, c,
		    at * (step++ % 7) / 7, 300))
			w->right = false;
		at += n;
		if (over && at == size)
			break;
		pack_wait(w->pack, at);
	}
	if (at != TEXT_SIZE)
		w->right = false;
	pack_cache_free(c);
	return NULL;
}

static void
threads_read_while_one_appends(void **state)
{
	struct pack *p = pack_new(NULL);
	struct watcher w[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		w[i].pack = p;
		assert_int_equal(pthread_create(&w[i].thread, NULL,
		    read_behind, &w[i]), 0);
	}
	append_all(p, 1777);
	pack_end(p, NULL);
	for (int i = 0; i < 3; i++) {
		pthread_join(w[i].thread, NULL);
		assert_true(w[i].right);
	}
	pack_free(p);
}

static bool
forget(struct pack *p, uint64_t from, uint64_t to)
{
	const struct pack_range r = { from, to };

	return pack_forget(p, &r, 1, false);
}

static void
what_is_forgotten_takes_no_memory(void **state)
{
	struct pack *p = pack_new(NULL);
	struct pack_cache *c = pack_cache_new();
	char byte, got[100], wanted[100];
	uint64_t all, some;
	struct err err;

	(void)state;
	append_all(p, 1000);
	append_all(p, 1000);
	all = pack_memory(p);
	/* Of a block that is needed in part, the rest takes nothing. */
	assert_true(forget(p, 100000, 2 * PACK_BLOCK));
	some = pack_memory(p);
	assert_true(some < all);
	make_text(wanted, 100000 - sizeof wanted, sizeof wanted);
	assert_int_equal(pack_read(p, c, got, sizeof got,
	    100000 - sizeof got, &err), sizeof got);
	assert_memory_equal(got, wanted, sizeof got);
	assert_int_equal(pack_read(p, c, &byte, 1, 100000, &err), 1);
	assert_int_equal(byte, 0);
	assert_int_equal(pack_read(p, c, got, sizeof got, 2 * PACK_BLOCK,
	    &err), sizeof got);
	make_text(wanted, 2 * PACK_BLOCK, sizeof wanted);
	assert_memory_equal(got, wanted, sizeof got);
	/* What was given back is no text, but ends nothing. */
	assert_true(forget(p, 0, 2 * PACK_BLOCK));
	assert_true(pack_memory(p) < some);
	pack_cache_free(c);
	c = pack_cache_new();
	assert_int_equal(pack_read(p, c, &byte, 1, 0, &err), -1);
	assert_int_equal(pack_read(p, c, got, sizeof got, 2 * PACK_BLOCK,
	    &err), sizeof got);
	assert_memory_equal(got, wanted, sizeof got);
	pack_cache_free(c);
	pack_free(p);
}

static void
what_is_held_is_not_forgotten(void **state)
{
	struct pack *p = pack_new(NULL);
	struct pack_cache *c = pack_cache_new();
	char byte;
	struct err err;

	(void)state;
	append_all(p, 1000);
	pack_hold(p, true);
	assert_false(forget(p, 0, TEXT_SIZE));
	assert_int_equal(pack_gone(p), 0);
	assert_int_equal(pack_read(p, c, &byte, 1, 0, &err), 1);
	pack_hold(p, false);
	assert_true(forget(p, 0, TEXT_SIZE));
	assert_int_equal(pack_gone(p), TEXT_SIZE);
	pack_cache_free(c);
	pack_free(p);
}

/* Pieces with something needed between them: that and nothing else is there. */
static void
pieces_are_forgotten_around_what_is_needed(void **state)
{
	static const struct pack_range r[] = {
		{ 1000, 2000 }, { 2100, 300000 }, { 300010, 700000 },
	};
	struct pack *p = pack_new(NULL);
	struct pack_cache *c = pack_cache_new();
	char got[100], wanted[100], zeros[100] = { 0 };
	struct err err;

	(void)state;
	append_all(p, 1000);
	assert_true(pack_forget(p, r, 3, false));
	make_text(wanted, 2000, 100);
	assert_int_equal(pack_read(p, c, got, 100, 2000, &err), 100);
	assert_memory_equal(got, wanted, 100);
	make_text(wanted, 300000, 10);
	assert_int_equal(pack_read(p, c, got, 10, 300000, &err), 10);
	assert_memory_equal(got, wanted, 10);
	assert_int_equal(pack_read(p, c, got, 100, 1900, &err), 100);
	assert_memory_equal(got, zeros, 100);
	assert_int_equal(pack_read(p, c, got, 100, 2100, &err), 100);
	assert_memory_equal(got, zeros, 100);
	make_text(wanted, 900, 100);
	assert_int_equal(pack_read(p, c, got, 100, 900, &err), 100);
	assert_memory_equal(got, wanted, 100);
	pack_cache_free(c);
	pack_free(p);
}

/* A command's text is known again by its first block. */
static void
the_first_block_stays_where_something_is_retained(void **state)
{
	struct pack *p = pack_new(NULL);
	struct pack_cache *c = pack_cache_new();
	char got[100], wanted[100];
	struct err err;

	(void)state;
	append_all(p, 1000);
	pack_retain(p, 1);
	assert_true(forget(p, 0, 3 * PACK_BLOCK));
	make_text(wanted, 0, 100);
	assert_int_equal(pack_read(p, c, got, 100, 0, &err), 100);
	assert_memory_equal(got, wanted, 100);
	assert_int_equal(pack_read(p, c, got, 100, PACK_BLOCK, &err), -1);
	pack_cache_free(c);
	pack_free(p);
}

struct reading {
	struct pack *pack;
	pthread_t thread;
	bool right;
};

/* What it reads is as it was, or zeros, or cannot be had. */
static void *
read_what_goes(void *arg)
{
	struct reading *r = arg;
	struct pack_cache *c = NULL;
	char got[100], wanted[100];
	struct err err;

	r->right = true;
	for (uint64_t at = 0; at < TEXT_SIZE - 100; at += 977) {
		ssize_t n;

		/* Nothing unpacked before: each block is read anew. */
		if (at % (64 * 977) == 0) {
			pack_cache_free(c);
			c = pack_cache_new();
		}
		n = pack_read(r->pack, c, got, 100, at, &err);
		make_text(wanted, at, 100);
		for (ssize_t i = 0; i < n; i++)
			r->right = r->right && (got[i] == wanted[i] ||
			    got[i] == 0);
	}
	pack_cache_free(c);
	return NULL;
}

static void
others_may_read_while_it_is_forgotten(void **state)
{
	struct reading r = { .pack = pack_new(NULL) };

	(void)state;
	append_all(r.pack, 1000);
	assert_int_equal(pthread_create(&r.thread, NULL, read_what_goes, &r),
	    0);
	for (uint64_t at = 0; at + 50000 < TEXT_SIZE; at += 50000)
		assert_true(forget(r.pack, at, at + 49000));
	assert_true(forget(r.pack, 0, TEXT_SIZE));
	pthread_join(r.thread, NULL);
	assert_true(r.right);
	pack_free(r.pack);
}

static void *
append_much(void *arg)
{
	char *text = mem_alloc(PACK_BLOCK);

	for (int i = 0; i < 400; i++)
		pack_append(arg, text, PACK_BLOCK);
	free(text);
	pack_end(arg, NULL);
	return NULL;
}

/* Who fills it is never far ahead, and is never left waiting. */
static void
a_bounded_pack_waits_for_its_reader(void **state)
{
	struct pack *p = pack_new(NULL);
	struct pack_cache *c = pack_cache_new();
	char *buf = mem_alloc(PACK_BLOCK);
	uint64_t at = 0;
	pthread_t thread;
	struct err err;

	(void)state;
	pack_bound(p);
	assert_int_equal(pthread_create(&thread, NULL, append_much, p), 0);
	while (at < UINT64_C(300) * PACK_BLOCK) {
		ssize_t k;

		pack_wait(p, at);
		assert_true(pack_size(p) <= at + (17u << 20));
		k = pack_read(p, c, buf, PACK_BLOCK, at, &err);
		assert_true(k > 0);
		at += (uint64_t)k;
		assert_true(forget(p, 0, at));
	}
	pack_unbound(p);
	pthread_join(thread, NULL);
	assert_int_equal(pack_size(p), UINT64_C(400) * PACK_BLOCK);
	free(buf);
	pack_cache_free(c);
	pack_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_read_while_it_grows_and_after),
		cmocka_unit_test(what_does_not_pack_is_kept_as_it_is),
		cmocka_unit_test(one_cache_serves_several_packs),
		cmocka_unit_test(an_end_has_its_words),
		cmocka_unit_test(a_listener_is_told_once),
		cmocka_unit_test(a_spill_takes_the_blocks),
		cmocka_unit_test(a_full_disk_is_told_once),
		cmocka_unit_test(a_folder_that_is_not_there_is_told),
		cmocka_unit_test(threads_read_while_one_appends),
		cmocka_unit_test(what_is_forgotten_takes_no_memory),
		cmocka_unit_test(what_is_held_is_not_forgotten),
		cmocka_unit_test(pieces_are_forgotten_around_what_is_needed),
		cmocka_unit_test(
		    the_first_block_stays_where_something_is_retained),
		cmocka_unit_test(others_may_read_while_it_is_forgotten),
		cmocka_unit_test(a_bounded_pack_waits_for_its_reader),
	};

	/* A write beyond the limit shall fail, not kill. */
	signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
