/*
 * Reply lines and enhanced status codes: RFC 5321 section 4.2, RFC 3463.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "smtp/code_set.h"
#include "smtp/reply.h"

static void
test_replies(void **state)
{
	static const struct {
		const char *line;
		unsigned code;
		bool more;
		uint32_t enhanced;
		const char *text;
	} cases[] = {
		{ "250 OK", 250, false, 0, "OK" },
		{ "250", 250, false, 0, "" },
		{ "250 ", 250, false, 0, "" },
		{ "250-", 250, true, 0, "" },
		{ "250-SIZE 0", 250, true, 0, "SIZE 0" },
		{ "250  EX01 Hello [192.0.2.7] SIZE 37748736", 250, false, 0,
		    "EX01 Hello [192.0.2.7] SIZE 37748736" },
		{ "200 old", 200, false, 0, "old" },
		{ "599 last", 599, false, 0, "last" },
		{ "298 odd", 298, false, 0, "odd" },
		{ "550 5.1.1 no such user", 550, false, ENHANCED(5, 1, 1),
		    "no such user" },
		{ "550-5.1.1 no such user", 550, true, ENHANCED(5, 1, 1),
		    "no such user" },
		{ "550  5.1.10  RESOLVER", 550, false, ENHANCED(5, 1, 10),
		    "RESOLVER" },
		{ "250 2.0.0", 250, false, ENHANCED(2, 0, 0), "" },
		{ "451 4.7.500 busy", 451, false, ENHANCED(4, 7, 500),
		    "busy" },
		{ "553 5.7.1: no", 553, false, ENHANCED(5, 7, 1), "no" },
		{ "220 5.5.2653.13 ready", 220, false, 0, "5.5.2653.13 ready" },
		{ "220 5.0.1-beta ready", 220, false, 0, "5.0.1-beta ready" },
		{ "250 2.1 half", 250, false, 0, "2.1 half" },
		{ "250 2.1. half", 250, false, 0, "2.1. half" },
		{ "250 2.1.0x", 250, false, 0, "2.1.0x" },
		{ "250 2.1.1000 long", 250, false, 0, "2.1.1000 long" },
		{ "250 2.1000.1 long", 250, false, 0, "2.1000.1 long" },
		{ "250 3.1.1 class", 250, false, 0, "3.1.1 class" },
		{ "250 12.1.1 class", 250, false, 0, "12.1.1 class" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reply r;

		assert_true(reply_parse(slice_of(cases[i].line), &r));
		assert_int_equal(r.code, cases[i].code);
		assert_int_equal(r.more, cases[i].more);
		assert_int_equal(r.enhanced, cases[i].enhanced);
		assert_true(slice_eq(r.text, slice_of(cases[i].text)));
	}
}

static void
test_no_replies(void **state)
{
	static const char *const cases[] = { "", "2", "25", "25 OK", "150 soon",
		"650 strange", "099 x", "2500", "250OK", "250\tOK", "250_OK",
		" 250 OK", "2x0 OK", "25x OK", "MAIL FROM:<a@test.com>",
		"250\xa0OK", "\xb2\xb5\xb0 OK" };
	struct reply r;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_false(reply_parse(slice_of(cases[i]), &r));
	assert_false(reply_parse(SLICE_NONE, &r));
	assert_false(reply_parse(SLICE("250\0"), &r));
	/* Never beyond the end of the slice. */
	assert_true(reply_parse(slice_head(SLICE("250 5.1.1 x"), 8), &r));
	assert_int_equal(r.enhanced, 0);
	assert_true(reply_parse(slice_head(SLICE("250-5.1.1 x"), 3), &r));
	assert_false(r.more);
}

/* All codes there are, by the definition. */
static void
test_all_codes(void **state)
{
	(void)state;
	for (unsigned code = 0; code < 1000; code++) {
		char line[16];
		struct reply r;

		snprintf(line, sizeof line, "%03u x", code);
		assert_int_equal(reply_parse(slice_of(line), &r),
		    code >= 200 && code <= 599);
		if (code >= 200 && code <= 599) {
			assert_int_equal(r.code, code);
			assert_int_equal(reply_class(r.code), code / 100);
		}
	}
}

static void
check_format(uint32_t enhanced, const char *expected)
{
	struct buf b = { 0 };

	enhanced_format(&b, enhanced);
	assert_true(slice_eq(buf_slice(&b), slice_of(expected)));
	buf_free(&b);
}

static void
test_enhanced(void **state)
{
	struct slice rest = SLICE("untouched");
	uint32_t e = 99;

	(void)state;
	assert_false(enhanced_parse(SLICE("ok"), &e, &rest));
	assert_int_equal(e, 99);
	assert_true(slice_eq(rest, SLICE("untouched")));
	assert_true(enhanced_parse(SLICE("5.7.999\t x y"), &e, &rest));
	assert_int_equal(ENHANCED_CLASS(e), 5);
	assert_int_equal(ENHANCED_SUBJECT(e), 7);
	assert_int_equal(ENHANCED_DETAIL(e), 999);
	assert_true(slice_eq(rest, SLICE("x y")));
	assert_true(enhanced_parse(SLICE("4.4.7"), &e, NULL));
	check_format(e, "4.4.7");
	check_format(ENHANCED(5, 999, 999), "5.999.999");
	check_format(0, "");
	/* Numbers order as codes do. */
	assert_true(ENHANCED(4, 999, 999) < ENHANCED(5, 0, 0));
	assert_true(ENHANCED(5, 1, 999) < ENHANCED(5, 2, 0));
}

/*
 * What a set says of a range is true of each code that shares the bit.  A class
 * alone is in a range that holds all of it.
 */
static void
is_sought_rightly(struct code_sought s, unsigned code, unsigned lo,
    unsigned hi)
{
	bool in = code < 10 ? lo <= code * 100 && hi >= code * 100 + 99 :
	    code >= lo && code <= hi;

	if (code_set_of(code) & s.sure)
		assert_true(in);
	if (!(code_set_of(code) & s.maybe))
		assert_false(in);
}

static void
test_code_sets(void **state)
{
	static const unsigned alone[] = { 421, 450, 451, 452, 550, 552, 554 };

	(void)state;
	for (unsigned code = 400; code <= 599; code++) {
		unsigned bit = code_set_of(code);

		assert_true(bit && bit < 1u << CODE_SET_BITS);
		assert_int_equal(bit & (bit - 1), 0);
	}
	for (unsigned lo = 398; lo <= 599; lo++)
		for (unsigned hi = lo; hi <= 599; hi += 1 + hi % 2) {
			struct code_sought s = code_set_seek(lo, hi);

			is_sought_rightly(s, 4, lo, hi);
			for (unsigned code = 400; code <= 599; code++)
				is_sought_rightly(s, code, lo, hi);
		}
	for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
		assert_true(code_set_seek(alone[i], alone[i]).sure ==
		    code_set_of(alone[i]));
	assert_int_equal(code_set_of(250), 0);
	assert_int_equal(code_set_of(0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_no_replies),
		cmocka_unit_test(test_all_codes),
		cmocka_unit_test(test_enhanced),
		cmocka_unit_test(test_code_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
