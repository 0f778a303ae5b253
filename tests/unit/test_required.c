/*
 * Texts that stand in each match: which they are, and, held against PCRE2 with
 * patterns and texts made up at random, that no match is without.
 */
#include "config.h"

#include "query/required.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "query/match.h"

static void
gives(const char *pattern, bool any_case, bool utf, const char *want)
{
	struct required r = { 0 };
	struct slice text;

	required_of(&r, slice_of(pattern), any_case, utf);
	text = buf_slice(&r.text);
	if (!slice_eq(text, slice_of(want)))
		fail_msg("/%s/ gives '%.*s'", pattern, SLICE_ARGS(text));
	required_free(&r);
}

static void
finds_texts(void **state)
{
	(void)state;
	gives("[a-z.]+17[0-9]+@play[.]com", false, false, "@play.com");
	gives(".*abc\\.d", false, false, "abc.d");
	gives("x?abcd", false, false, "abcd");
	gives("(a|b)cde", false, false, "cde");
	gives("(?:a|b(c[)]))*cde", false, false, "cde");
	gives("[0-9]abcd+e", false, false, "abcd");
	gives("[0-9]abcd*e", false, false, "abc");
	gives("[0-9]abcd{0,3}e", false, false, "abc");
	gives("[0-9]abcd?e", false, false, "abc");
	gives("[0-9]ab*+cdef", false, false, "cdef");
	gives(".abc\\bdefg", false, false, "defg");
	gives("^From: x", false, false, "From: x");
	gives("[]]+ab]cd", false, false, "ab]cd");
	gives(".ABC", true, false, "abc");
	/* In UTF-8 the Kelvin sign is a k, and there is a long s. */
	gives(".abckdefg", true, true, "defg");
	gives(".abcsdefg", true, true, "defg");
	gives(".abckdefg", false, true, "abckdefg");
}

static void
leaves_doubt(void **state)
{
	static const char *const patterns[] = {
		"", "a", ".ab", ".abc|def", ".abc(?=def)", ".abc(?i)def",
		"(?i).abcd", "(?x).abc #d", "(*UTF).abcd", ".abcd\\", ".\\Qabc\\E",
		".abcd\\K", "\\A.abcd", "(.)abcd\\1", ".abcd(?#x)", ".abcd[[:alpha:]]",
		".abcd(", ".abcd)", ".abcd[", "*abcd", ".abcd{x}", ".abcd\\x41",
		"((?i)x)abcd", "(a(*FAIL))bcde", ".abcd\\n", ".abcd\xc3\xa4",
		/* What begins the pattern is the matcher's own matter. */
		"abcdef", "abcd.*",
	};

	(void)state;
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		gives(patterns[i], false, false, "");
}

static uint32_t
dice(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

static size_t
put(char *out, size_t n, const char *s)
{
	size_t length = strlen(s);

	memcpy(out + n, s, length);
	return n + length;
}

/* Holds one pattern against texts of its own letters. */
static void
hold(const char *pattern, enum match_case how, uint32_t *seed, unsigned *known)
{
	static const char letters[] = "aabbccABC.+k\xc5\xbf";
	struct match_error me;
	struct match *m = match_compile(slice_of(pattern), how, &me);
	struct match_work *w;

	if (!m)
		return;
	w = match_work_new();
	*known += match_required(m)->text.n > 0;
	for (int i = 0; i < 40 && match_required(m)->text.n; i++) {
		size_t n = dice(seed, 100), start, end;
		char text[100];

		for (size_t k = 0; k < n; k++)
			text[k] = letters[dice(seed, sizeof letters - 1)];
		if (match_find(m, w, (struct slice){ text, n }, 0, &start,
		    &end) == MATCH_YES && required_find(match_required(m),
		    (struct slice){ text, n }) < 0)
			fail_msg("/%s/ matches '%.*s'", pattern, (int)n, text);
	}
	match_work_free(w);
	match_free(m);
}

static void
no_match_is_without(void **state)
{
	static const char *const pieces[] = { "a", "b", "c", "A", "abc", "bca",
		"[.]", "\\.", "\\+", "[abc]", "[^a]", ".", "(a|bc)", "(?:ab)",
		"(", ")", "|", "^", "$", "\\b", "\\w", "*", "+", "?", "{2}",
		"{0,2}", "{,2}", "{", "}", "]", "(?i)", "\\Q", "\\E", "(?=a)",
		"(?<!b)", "k", "s", "\\K", "[]a]", "a|", " " };
	uint32_t seed = 17;
	unsigned known = 0;

	(void)state;
	for (int i = 0; i < 60000; i++) {
		char pattern[128] = "";
		size_t n = 0;

		for (uint32_t k = 2 + dice(&seed, 7); k > 0; k--)
			n = put(pattern, n, pieces[dice(&seed,
			    sizeof pieces / sizeof *pieces)]);
		pattern[n] = '\0';
		hold(pattern, i % 2 ? MATCH_IGNORE : MATCH_EXACT, &seed,
		    &known);
	}
	assert_in_range(known, 1000, 60000);
}

/* At every place of texts of every length up to some masks'. */
static void
finds_everywhere(void **state)
{
	(void)state;
	for (int any_case = 0; any_case < 2; any_case++) {
		struct required r = { .any_case = any_case };
		char text[300];

		buf_add(&r.text, SLICE("@ab.c"));
		for (size_t n = 5; n < sizeof text; n += 3) {
			struct slice s = { text, n };

			memset(text, '@', n);
			assert_int_equal(required_find(&r, s), -1);
			for (size_t at = 0; at + 5 <= n; at++) {
				memset(text, '@', n);
				memcpy(text + at, any_case ? "@aB.C" : "@ab.c",
				    5);
				assert_int_equal(required_find(&r, s), at);
			}
		}
		required_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_texts),
		cmocka_unit_test(leaves_doubt),
		cmocka_unit_test(no_match_is_without),
		cmocka_unit_test(finds_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
