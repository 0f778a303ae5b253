/*
 * Patterns: what they find, where they are wrong, smart case, and that none
 * of them runs wild.
 */
#include "config.h"

#include "query/match.h"

#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/mem.h"
#include "query/pattern.h"

#define NOWHERE SIZE_MAX

/* Where the pattern first matches; NOWHERE when it does not. */
static size_t
find(const char *pattern, struct slice text, size_t *length)
{
	struct match_error me;
	struct match *m = match_compile(slice_of(pattern), MATCH_SMART, &me);
	struct match_work *w = match_work_new();
	size_t start, end, at = NOWHERE;
	enum match_result r;

	if (!m)
		fail_msg("%s: %s at %zu", pattern, me.text, me.at);
	r = match_find(m, w, text, 0, &start, &end);
	assert_int_not_equal(r, MATCH_LIMIT);
	if (r == MATCH_YES) {
		at = start;
		assert_true(end >= start);
		*length = end - start;
	}
	match_work_free(w);
	match_free(m);
	return at;
}

static void
expect(const char *pattern, const char *text, size_t at, size_t length)
{
	size_t got_length = 0;
	size_t got = find(pattern, slice_of(text), &got_length);

	if (got != at || (at != NOWHERE && got_length != length))
		fail_msg("/%s/ in \"%s\": at %zd, %zu long", pattern, text,
		    (ssize_t)got, got_length);
}

static void
test_places(void **state)
{
	(void)state;
	expect("550", "250 ok\n550 no", 7, 3);
	expect("5\\d\\d", "250 ok\n550 no", 7, 3);
	expect("zzz", "250 ok\n550 no", NOWHERE, 0);
	expect("", "abc", 0, 0);
	expect("a*", "", 0, 0);
}

static void
test_lines(void **state)
{
	(void)state;
	expect("^550", "x550\n550", 5, 3);
	expect("ok$", "ok then\nok\nx", 8, 2);
	expect("ok$", "ok then\r\nok\r\nx", 9, 2);
	expect("^$", "a\r\nb", NOWHERE, 0);
	expect("a.*b", "a1\n2b", NOWHERE, 0);
	expect("a.*b", "a1\r\n2b", NOWHERE, 0);
}

static void
test_smart_case(void **state)
{
	(void)state;
	expect("rcpt", "x RCPT", 2, 4);
	expect("Rcpt", "x RCPT", NOWHERE, 0);
	expect("Rcpt", "x Rcpt", 2, 4);
	/* Capitals of escapes are no capitals. */
	expect("\\Srcpt\\W", "xRCPT ", 0, 6);
	expect("\\x41b", "aB", 0, 2);
	expect("\\p{Lu}x", "XX", 0, 2);
	expect("(?P<Name>r)cpt", "RCPT", 0, 4);
	expect("(?<Name>r)cpt", "RCPT", 0, 4);
	expect("(?<=A)b", "aB AB Ab", 7, 1);
	expect("\\Qr.C\\E", "R.C", NOWHERE, 0);
	expect("\\Qr.c\\E", "R.C", 0, 3);
}

static void
test_upper(void **state)
{
	(void)state;
	assert_true(pattern_has_upper(SLICE("[A-Z]")));
	assert_true(pattern_has_upper(SLICE("(?<Name>X)")));
	assert_true(pattern_has_upper(SLICE("\\cAX")));
	assert_true(pattern_has_upper(SLICE("\\QX")));
	assert_true(pattern_has_upper(SLICE("\\p{Lu}X")));
	assert_false(pattern_has_upper(SLICE("\\cA\\pL\\N{U+41}\\k<Name>")));
	assert_false(pattern_has_upper(SLICE("(?&Name)(?P>Name)(?'Name'x)")));
	assert_false(pattern_has_upper(SLICE("(*UTF)x")));
	assert_false(pattern_has_upper(SLICE("x\\")));
	assert_false(pattern_has_upper(SLICE("(?")));
	assert_false(pattern_has_upper(SLICE("\\p")));
	assert_true(literal_has_upper(SLICE("\\Wx")));
	assert_false(literal_has_upper(SLICE("550 5.1.1")));
}

static void
test_literal(void **state)
{
	struct match_work *w = match_work_new();
	struct match *m = match_literal(SLICE("a.b[*"), MATCH_IGNORE);
	size_t start, end;

	(void)state;
	assert_int_equal(match_find(m, w, SLICE("axb[* A.B[*"), 0, &start,
	    &end), MATCH_YES);
	assert_int_equal(start, 6);
	assert_int_equal(end, 11);
	match_free(m);
	m = match_literal(SLICE("a.B"), MATCH_SMART);
	assert_int_equal(match_find(m, w, SLICE("a.b"), 0, &start, &end),
	    MATCH_NO);
	match_free(m);
	m = match_literal(SLICE("a.B"), MATCH_IGNORE);
	assert_int_equal(match_find(m, w, SLICE("a.b"), 0, &start, &end),
	    MATCH_YES);
	match_free(m);
	match_work_free(w);
}

static void
test_from(void **state)
{
	struct match_work *w = match_work_new();
	struct match *m = match_compile(SLICE("^x|x"), MATCH_EXACT, NULL);
	struct slice text = SLICE("x x\nx");
	size_t start, end, at[4], n = 0;

	(void)state;
	for (size_t from = 0; match_find(m, w, text, from, &start, &end) ==
	    MATCH_YES && n < 4; from = end)
		at[n++] = start;
	assert_int_equal(n, 3);
	assert_int_equal(at[1], 2);
	assert_int_equal(at[2], 4);
	assert_int_equal(match_find(m, w, text, 6, &start, &end), MATCH_NO);
	assert_int_equal(match_find(m, w, SLICE_NONE, 0, &start, &end),
	    MATCH_NO);
	match_free(m);
	match_work_free(w);
}

static void
test_utf8(void **state)
{
	(void)state;
	expect("^a.b$", "a\xc3\xa9" "b", 0, 4);
	expect("^.{3}$", "\xc3\xa9\xc3\xa9\xc3\xa9", 0, 6);
	expect("\xc3\xa9", "x\xc3\x89", 1, 2);
	/* A byte that is no UTF-8 ends nothing but itself. */
	expect("caf.", "\xe9 caf\xc3\xa9", 2, 5);
	expect("quota", "\xff\xfe quota \x80", 3, 5);
	/* A pattern typed in an old code page means its bytes. */
	expect("caf\xe9", "un caf\xe9", 3, 4);
}

static void
test_bytes_mode(void **state)
{
	(void)state;
	assert_true(pattern_suits_bytes(SLICE("550 5\\.1\\.\\d+")));
	assert_true(pattern_suits_bytes(SLICE("^a.*(?:b|c[d-f]+)$")));
	assert_true(pattern_suits_bytes(SLICE("[]x]")));
	assert_false(pattern_suits_bytes(SLICE("a.b")));
	assert_false(pattern_suits_bytes(SLICE(".+.+")));
	assert_false(pattern_suits_bytes(SLICE(".")));
	assert_false(pattern_suits_bytes(SLICE("[^a]")));
	assert_false(pattern_suits_bytes(SLICE("[[:alpha:]]")));
	assert_false(pattern_suits_bytes(SLICE("[\\S]")));
	assert_false(pattern_suits_bytes(SLICE("\\v")));
	assert_false(pattern_suits_bytes(SLICE("\\W")));
	assert_false(pattern_suits_bytes(SLICE("(?=a)")));
	assert_false(pattern_suits_bytes(SLICE("(*UTF)a")));
	assert_false(pattern_suits_bytes(SLICE("\xc3\xa9")));
	assert_false(pattern_suits_bytes(SLICE("a\\")));
	assert_false(pattern_suits_bytes(SLICE("[ab")));
}

static void
test_nul_bytes(void **state)
{
	struct slice text = SLICE("a\0b\0RCPT");
	size_t length;

	(void)state;
	assert_int_equal(find("rcpt", text, &length), 4);
	assert_int_equal(find("b\\x00r", text, &length), 2);
}

static void
test_errors(void **state)
{
	struct match_error me = { "", 99 };

	(void)state;
	assert_null(match_compile(SLICE("ab(cd"), MATCH_SMART, &me));
	assert_int_equal(me.at, 5);
	assert_non_null(strstr(me.text, "parenthes"));
	assert_null(match_compile(SLICE("x*+*y"), MATCH_SMART, &me));
	assert_int_equal(me.at, 3);
	assert_null(match_compile(SLICE("a\\C"), MATCH_SMART, &me));
	assert_null(match_compile(SLICE("[z"), MATCH_SMART, NULL));
}

/* The whole of a large text is seen, whatever the windows are. */
static void
test_large(void **state)
{
	size_t n = 3 << 20, length = 0;
	char *p = mem_alloc(n);

	(void)state;
	memset(p, 'x', n);
	for (size_t i = 99; i < n; i += 100)
		p[i] = '\n';
	for (size_t at = 1; at < n - 8; at = at * 2 + 1021) {
		char keep[8];

		memcpy(keep, p + at, 8);
		memcpy(p + at, "NEEDLE99", 8);
		assert_int_equal(find("NEEDLE\\d", (struct slice){ p, n },
		    &length), at);
		assert_int_equal(length, 7);
		assert_int_equal(find("N[^a\\n]+9", (struct slice){ p, n },
		    &length), at);
		assert_int_equal(length, 8);
		memcpy(p + at, keep, 8);
	}
	assert_int_equal(find("NEEDLE", (struct slice){ p, n }, &length),
	    NOWHERE);
	free(p);
}

/* No empty line between CR and LF, wherever a window ends. */
static void
test_windows_and_crlf(void **state)
{
	size_t n = 200001, length;
	char *p = mem_alloc(n);

	(void)state;
	for (int shift = 0; shift < 3; shift++) {
		for (size_t i = 0; i < n; i++)
			p[i] = "x\r\n"[(i + (size_t)shift) % 3];
		p[0] = 'x';
		p[n - 1] = 'x';
		assert_int_equal(find("^(?=$)", (struct slice){ p, n },
		    &length), NOWHERE);
	}
	free(p);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
expect_limit(const char *pattern, struct slice text)
{
	struct match *m = match_compile(slice_of(pattern), MATCH_SMART, NULL);
	struct match_work *w = match_work_new();
	double begin = seconds();
	size_t start, end;

	assert_non_null(m);
	if (match_find(m, w, text, 0, &start, &end) != MATCH_LIMIT)
		fail_msg("/%s/ met no limit", pattern);
	/* Without a limit these would run for years. */
	if (seconds() - begin > 20)
		fail_msg("/%s/ ran for %.1f s", pattern, seconds() - begin);
	match_work_free(w);
	match_free(m);
}

static void
test_limits(void **state)
{
	size_t n = 1 << 20;
	char *p = mem_alloc(n);

	(void)state;
	memset(p, 'a', n);
	memcpy(p + n - 3, "cxd", 3);
	expect_limit("(a+)+$", SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"));
	expect_limit("(a|aa)+$", SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaa!"));
	expect_limit("(a|b)*cd", (struct slice){ p, n });
	free(p);
}

static void *
stop_soon(void *arg)
{
	atomic_store((atomic_bool *)arg, true);
	return NULL;
}

/* Slow at each of a million places: no limit of PCRE2 stops this. */
static void
test_stop(void **state)
{
	size_t n = 1 << 20, start, end;
	char *p = mem_alloc(n);
	atomic_bool stop = false;
	struct match *m = match_compile(SLICE("a[^!]*+b"), MATCH_EXACT, NULL);
	struct match_work *w = match_work_new();
	pthread_t thread;
	double begin = seconds();

	(void)state;
	memset(p, 'a', n);
	p[n - 1] = '!';
	p[n - 2] = 'c';
	match_work_stop(w, &stop);
	assert_int_equal(pthread_create(&thread, NULL, stop_soon, &stop), 0);
	assert_int_equal(match_find(m, w, (struct slice){ p, n }, 0, &start,
	    &end), MATCH_LIMIT);
	assert_true(seconds() - begin < 20);
	pthread_join(thread, NULL);
	match_work_free(w);
	match_free(m);
	free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_smart_case),
		cmocka_unit_test(test_upper),
		cmocka_unit_test(test_literal),
		cmocka_unit_test(test_from),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_bytes_mode),
		cmocka_unit_test(test_nul_bytes),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_windows_and_crlf),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_stop),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
