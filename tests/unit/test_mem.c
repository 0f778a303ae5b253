/*
 * Memory: buffers that grow, arenas that are used again, and the clear end
 * when there is no sense in going on.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static bool
all_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

static void
test_alloc(void **state)
{
	char *p = mem_alloc(100), *q = mem_array(10, 7), *none = mem_alloc(0);

	(void)state;
	assert_true(all_zero(p, 100));
	assert_true(all_zero(q, 70));
	assert_non_null(none);
	free(none);
	free(q);
	memset(p, 'x', 100);
	p = mem_resize(p, 50, 8);
	assert_true(p[0] == 'x' && p[99] == 'x');
	free(p);
}

static void
test_strings(void **state)
{
	char *a = mem_strdup("abc");
	char *b = mem_slicedup((struct slice){ "a\0b", 3 });
	char *c = mem_slicedup(SLICE_NONE);

	(void)state;
	assert_string_equal(a, "abc");
	assert_memory_equal(b, "a\0b\0", 4);
	assert_string_equal(c, "");
	free(a);
	free(b);
	free(c);
}

static void
test_reserve(void **state)
{
	uint64_t *v = NULL;
	size_t cap = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		mem_reserve(&v, &cap, i + 1, sizeof *v);
		assert_true(cap > i);
		v[i] = i * i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_true(v[i] == i * i);
	/* Grown by doubling, not one by one. */
	assert_true(cap < 2048);
	free(v);
}

static void
test_buf(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_add(&b, SLICE_NONE);
	assert_null(b.p);
	buf_add(&b, (struct slice){ "a\0", 2 });
	buf_add_char(&b, '\n');
	buf_addf(&b, "%d-%s", 250, "ok");
	buf_addf(&b, "%s", "");
	assert_true(slice_eq(buf_slice(&b), (struct slice){ "a\0\n250-ok", 9 }));
	/* Longer than any room that was there before. */
	buf_addf(&b, "%05000d", 7);
	assert_int_equal(b.n, 5009);
	assert_true(b.p[9] == '0' && b.p[5007] == '0' && b.p[5008] == '7');
	buf_free(&b);
	assert_null(b.p);
	assert_int_equal(b.n, 0);
}

static void
test_arena(void **state)
{
	struct arena a = { 0 };
	struct slice kept = arena_dup(&a, SLICE("kept"));

	(void)state;
	for (size_t n = 1; n < 3000; n += 7) {
		char *p = arena_alloc(&a, n);

		assert_true((uintptr_t)p % _Alignof(max_align_t) == 0);
		assert_true(all_zero(p, n));
		memset(p, 0xff, n);
	}
	/* Larger than a chunk. */
	assert_true(all_zero(arena_alloc(&a, 100000), 100000));
	assert_true(slice_eq(kept, SLICE("kept")));
	assert_int_equal(arena_dup(&a, SLICE_NONE).n, 0);
	arena_reset(&a);
	/* What comes again is clean, though the memory was used before. */
	assert_true(all_zero(arena_alloc(&a, 90000), 90000));
	arena_free(&a);
	assert_null(a.head);
	arena_reset(&a);
}

static void
test_try_may_fail(void **state)
{
	(void)state;
#ifdef SANITIZED
	skip(); /* the sanitizers end the program themselves */
#else
	volatile size_t huge = SIZE_MAX / 2;

	assert_null(mem_try_array(huge, 4));
	assert_null(mem_try_array(huge, 1));
#endif
}

/* The signal that ends a child which asks for what cannot be. */
static int
signal_of(void (*wish)(void))
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		wish();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
wish_overflow(void)
{
	volatile size_t n = SIZE_MAX / 4;

	free(mem_resize(NULL, n, 8));
}

static void
wish_vector(void)
{
	volatile size_t need = SIZE_MAX - 1;
	size_t cap = 0;
	char *p = NULL;

	mem_reserve(&p, &cap, need, 1);
	free(p);
}

static void
wish_arena(void)
{
	struct arena a = { 0 };
	volatile size_t n = SIZE_MAX;

	arena_alloc(&a, n);
}

static void
test_overflow_aborts(void **state)
{
	(void)state;
	assert_int_equal(signal_of(wish_overflow), SIGABRT);
	assert_int_equal(signal_of(wish_vector), SIGABRT);
	assert_int_equal(signal_of(wish_arena), SIGABRT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_try_may_fail),
		cmocka_unit_test(test_overflow_aborts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
