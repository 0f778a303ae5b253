/*
 * Slices: comparing, finding, cutting; empty ones and bytes of any value.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/slice.h"

static void
test_equal_and_head(void **state)
{
	struct slice nul = { "a\0b", 3 };

	(void)state;
	assert_true(slice_eq(SLICE("ab"), SLICE("ab")));
	assert_false(slice_eq(SLICE("ab"), SLICE("abc")));
	assert_false(slice_eq(SLICE("ab"), SLICE("aB")));
	assert_true(slice_eq(SLICE(""), SLICE_NONE));
	assert_false(slice_eq(nul, (struct slice){ "a\0c", 3 }));
	assert_true(slice_starts(SLICE("250-SIZE"), SLICE("250")));
	assert_false(slice_starts(SLICE("25"), SLICE("250")));
	assert_true(slice_starts(SLICE_NONE, SLICE_NONE));
	assert_true(slice_case_eq(SLICE("RcPt"), SLICE("rCpT")));
	assert_false(slice_case_eq(SLICE("RCPT"), SLICE("RCPT ")));
	assert_true(slice_case_starts(SLICE("mail FROM:"), SLICE("MAIL")));
	/* [ and { differ by the bit of case, but are no letters. */
	assert_false(slice_case_eq(SLICE("["), SLICE("{")));
	/* A-umlaut in both cases of ISO 8859-1: ASCII alone is folded. */
	assert_false(slice_case_eq(SLICE("\xc4"), SLICE("\xe4")));
}

static void
test_parts(void **state)
{
	struct slice s = SLICE("hello");

	(void)state;
	assert_true(slice_eq(slice_from(s, 3), SLICE("lo")));
	assert_int_equal(slice_from(s, 5).n, 0);
	assert_int_equal(slice_from(s, SIZE_MAX).n, 0);
	assert_null(slice_from(SLICE_NONE, 4).p);
	assert_true(slice_eq(slice_head(s, 2), SLICE("he")));
	assert_true(slice_eq(slice_head(s, 99), s));
	assert_int_equal(slice_of(NULL).n, 0);
	assert_int_equal(slice_of("abc").n, 3);
}

static void
test_find(void **state)
{
	struct slice nul = { "a\0b\0c", 5 };

	(void)state;
	assert_int_equal(slice_find_char(SLICE("a,b,c"), ','), 1);
	assert_int_equal(slice_find_char(SLICE("abc"), ','), -1);
	assert_int_equal(slice_find_char(SLICE_NONE, ','), -1);
	assert_int_equal(slice_find_char(nul, 'c'), 4);
	assert_int_equal(slice_find(SLICE("aab"), SLICE("ab")), 1);
	assert_int_equal(slice_find(SLICE("aab"), SLICE("ba")), -1);
	assert_int_equal(slice_find(SLICE("ab"), SLICE("abc")), -1);
	assert_int_equal(slice_find(SLICE("ab"), SLICE_NONE), 0);
	assert_int_equal(slice_find(nul, (struct slice){ "\0c", 2 }), 3);
}

/* Every place in texts of every length, among bytes that begin alike. */
static void
test_find_everywhere(void **state)
{
	static const char needle[] = "abcab";
	char text[300];

	(void)state;
	for (size_t n = 5; n <= sizeof text; n++) {
		struct slice all = { text, n }, s = { needle, 5 };

		memset(text, 'a', sizeof text);
		assert_int_equal(slice_find(all, s), -1);
		for (size_t at = 0; at + 5 <= n; at += n > 150 ? 7 : 1) {
			memset(text, 'a', sizeof text);
			memcpy(text + at, needle, 5);
			assert_int_equal(slice_find(all, s), at);
			/* The needle is cut off by the end. */
			assert_int_equal(slice_find(slice_head(all, at + 4),
			    s), -1);
		}
	}
	/* Longer than what is looked for by first and last byte. */
	memset(text, 'x', sizeof text);
	memset(text + 200, 'y', 60);
	assert_int_equal(slice_find((struct slice){ text, sizeof text },
	    (struct slice){ text + 180, 40 }), 180);
}

static void
test_trim(void **state)
{
	(void)state;
	assert_true(slice_eq(slice_trim(SLICE(" \t a b \r\n")), SLICE("a b")));
	assert_int_equal(slice_trim(SLICE(" \r\n\t")).n, 0);
	assert_int_equal(slice_trim(SLICE_NONE).n, 0);
	/* A NUL is no blank. */
	assert_int_equal(slice_trim((struct slice){ "\0 ", 2 }).n, 1);
}

static void
test_cut(void **state)
{
	struct slice s = SLICE("a,,b"), word;

	(void)state;
	assert_true(slice_cut(&s, ',', &word));
	assert_true(slice_eq(word, SLICE("a")));
	assert_true(slice_cut(&s, ',', &word));
	assert_int_equal(word.n, 0);
	assert_true(slice_cut(&s, ',', &word));
	assert_true(slice_eq(word, SLICE("b")));
	assert_false(slice_cut(&s, ',', &word));
	s = SLICE_NONE;
	assert_false(slice_cut(&s, ',', &word));
}

static void
test_number(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_true(slice_to_u64(SLICE("0"), &v));
	assert_true(v == 0);
	assert_true(slice_to_u64(SLICE("18446744073709551615"), &v));
	assert_true(v == UINT64_MAX);
	assert_true(slice_to_u64(SLICE("000000000000000000000042"), &v));
	assert_true(v == 42);
	assert_false(slice_to_u64(SLICE("18446744073709551616"), &v));
	assert_false(slice_to_u64(SLICE("99999999999999999999"), &v));
	assert_false(slice_to_u64(SLICE(""), &v));
	assert_false(slice_to_u64(SLICE("-1"), &v));
	assert_false(slice_to_u64(SLICE("+1"), &v));
	assert_false(slice_to_u64(SLICE(" 1"), &v));
	assert_false(slice_to_u64(SLICE("1x"), &v));
	assert_true(v == 42);
}

static void
test_hash(void **state)
{
	unsigned char seen[4096] = { 0 };
	unsigned used = 0;

	(void)state;
	assert_true(slice_hash(SLICE("ab"), 1) == slice_hash(SLICE("ab"), 1));
	assert_true(slice_hash(SLICE("ab"), 1) != slice_hash(SLICE("ab"), 2));
	assert_true(slice_hash(SLICE("ab"), 0) != slice_hash(SLICE("ba"), 0));
	/* A seed and a first byte that differ in the same bits. */
	assert_true(slice_hash(SLICE("5008"), 21) !=
	    slice_hash(SLICE("6008"), 22));
	/* Each byte counts, in each length of text; so does the length. */
	for (size_t n = 1; n <= 40; n++) {
		char text[40] = { 0 };
		struct slice all = { text, n };
		uint64_t h = slice_hash(all, 3);

		assert_true(slice_hash(slice_head(all, n - 1), 3) != h);
		for (size_t i = 0; i < n; i++) {
			text[i] = 1;
			assert_true(slice_hash(all, 3) != h);
			text[i] = 0;
		}
	}
	/*
	 * The low bits are what tables use.  4096 throws into 4096 places fill
	 * 1 - 1/e of them by chance, some 2589; a poor hash far fewer.
	 */
	for (unsigned i = 0; i < 4096; i++) {
		char text[4] = { 'u', (char)('0' + i / 256),
			(char)('0' + i / 16 % 16), (char)('0' + i % 16) };
		uint64_t h = slice_hash((struct slice){ text, 4 }, 0);

		used += !seen[h & 4095];
		seen[h & 4095] = 1;
	}
	assert_in_range(used, 2400, 4096);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_and_head),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_everywhere),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
