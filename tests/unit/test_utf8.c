/*
 * UTF-8: what is valid, by the table of the standard; and bytes of an old code
 * page made valid.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"

/* One row of table 3-7 of the Unicode Standard: well-formed sequences. */
struct well_formed {
	unsigned char first[2], second[2];
	size_t length;               /* bytes; the rest are 80..BF */
};
static const struct well_formed well_formed[] = {
	{ { 0x00, 0x7f }, { 0x00, 0xff }, 1 },
	{ { 0xc2, 0xdf }, { 0x80, 0xbf }, 2 },
	{ { 0xe0, 0xe0 }, { 0xa0, 0xbf }, 3 },
	{ { 0xe1, 0xec }, { 0x80, 0xbf }, 3 },
	{ { 0xed, 0xed }, { 0x80, 0x9f }, 3 },
	{ { 0xee, 0xef }, { 0x80, 0xbf }, 3 },
	{ { 0xf0, 0xf0 }, { 0x90, 0xbf }, 4 },
	{ { 0xf1, 0xf3 }, { 0x80, 0xbf }, 4 },
	{ { 0xf4, 0xf4 }, { 0x80, 0x8f }, 4 },
};

static size_t
length_by_table(const unsigned char p[4])
{
	for (size_t i = 0; i < sizeof well_formed / sizeof well_formed[0]; i++) {
		const struct well_formed *w = &well_formed[i];
		bool good = p[0] >= w->first[0] && p[0] <= w->first[1] &&
		    p[1] >= w->second[0] && p[1] <= w->second[1];

		for (size_t k = 2; good && k < w->length; k++)
			good = p[k] >= 0x80 && p[k] <= 0xbf;
		if (good)
			return w->length;
	}
	return 0;
}

static void
check_sequence(const unsigned char p[4])
{
	struct slice s = { (const char *)p, 4 };
	size_t expected = length_by_table(p);
	int32_t cp = -2;
	size_t n = utf8_decode(s, &cp);

	if (n != (expected ? expected : 1) || (cp >= 0) != (expected > 0))
		fail_msg("%02x %02x %02x %02x: %zu bytes, %ld", p[0], p[1],
		    p[2], p[3], n, (long)cp);
	/* Cut short, it is nothing. */
	if (expected > 1) {
		utf8_decode(slice_head(s, expected - 1), &cp);
		assert_int_equal(cp, -1);
	}
}

static void
test_decode_by_the_standard(void **state)
{
	static const unsigned char edge[] =
	    { 0x00, 0x20, 0x7f, 0x80, 0x8f, 0x90, 0xbf, 0xc0, 0xff };

	(void)state;
	for (unsigned v = 0; v < 0x10000; v++) {
		for (size_t i = 0; i < sizeof edge; i++) {
			unsigned char p[4] = { (unsigned char)(v >> 8),
				(unsigned char)v, edge[i],
				edge[(v + i) % sizeof edge] };

			check_sequence(p);
		}
	}
}

static void
test_round_trip(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		char four[4];
		size_t n = utf8_encode(cp, four);
		int32_t back;

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		assert_int_equal(utf8_decode((struct slice){ four, n }, &back),
		    n);
		assert_int_equal(back, cp);
	}
}

static void
test_decode_values(void **state)
{
	int32_t cp;

	(void)state;
	assert_int_equal(utf8_decode(SLICE("A"), &cp), 1);
	assert_int_equal(cp, 'A');
	assert_int_equal(utf8_decode(SLICE("\xc3\xa9"), &cp), 2);
	assert_int_equal(cp, 0xe9);
	assert_int_equal(utf8_decode(SLICE("\xe2\x82\xac"), &cp), 3);
	assert_int_equal(cp, 0x20ac);
	assert_int_equal(utf8_decode(SLICE("\xf0\x9f\x93\xa7"), &cp), 4);
	assert_int_equal(cp, 0x1f4e7);
}

static void
test_valid(void **state)
{
	(void)state;
	assert_true(utf8_valid(SLICE_NONE));
	assert_true(utf8_valid(SLICE("caf\xc3\xa9 \xe4\xb8\xad")));
	assert_true(utf8_valid((struct slice){ "\0\x1b", 2 }));
	assert_false(utf8_valid(SLICE("caf\xe9")));
	assert_false(utf8_valid(SLICE("ok\xe2\x82")));
	assert_false(utf8_valid(SLICE("\xed\xa0\x80")));
}

static void
check_to_utf8(struct slice in, const char *expected)
{
	struct buf b = { 0 };

	text_to_utf8(&b, in);
	assert_int_equal(b.n, strlen(expected));
	if (b.n)
		assert_memory_equal(b.p, expected, b.n);
	buf_free(&b);
}

static void
test_to_utf8(void **state)
{
	(void)state;
	check_to_utf8(SLICE_NONE, "");
	check_to_utf8(SLICE("plain\x1b\t"), "plain\x1b\t");
	check_to_utf8(SLICE("caf\xc3\xa9"), "caf\xc3\xa9");
	/* ISO 8859-1: e-acute, then a euro sign that is cut short. */
	check_to_utf8(SLICE("caf\xe9!"), "caf\xc3\xa9!");
	check_to_utf8(SLICE("\xe2\x82"), "\xc3\xa2\xc2\x82");
	/* Right and wrong in turn. */
	check_to_utf8(SLICE("\xff\xc3\xa9\xff"), "\xc3\xbf\xc3\xa9\xc3\xbf");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode_by_the_standard),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_decode_values),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_to_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
