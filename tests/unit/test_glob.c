/*
 * Globs.
 */
#include "config.h"

#include "query/glob.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"

static void
expect(bool matches, const char *glob, const char *text)
{
	if (glob_match(slice_of(glob), slice_of(text)) != matches)
		fail_msg("%s and %s: %s", glob, text,
		    matches ? "should match" : "should not match");
}

static void
test_whole_text(void **state)
{
	(void)state;
	expect(true, "", "");
	expect(false, "", "a");
	expect(false, "a", "");
	expect(true, "abc", "abc");
	expect(false, "abc", "abcd");
	expect(false, "bc", "abc");
	expect(true, "ANN@play.com", "ann@PLAY.com");
}

static void
test_stars(void **state)
{
	(void)state;
	expect(true, "*", "");
	expect(true, "*", "anything");
	expect(true, "*@play.com", "ann@play.com");
	expect(false, "*@play.com", "ann@play.com.example.org");
	expect(true, "a*b*c", "aXbYbZc");
	expect(false, "a*b*c", "aXbYbZ");
	expect(true, "**a", "bba");
	expect(true, "a*", "a");
	expect(false, "*a*b", "xxaxx");
}

static void
test_one(void **state)
{
	(void)state;
	expect(true, "a?c", "abc");
	expect(false, "a?c", "ac");
	expect(true, "?", "\xc3\xa9");
	expect(false, "??", "\xc3\xa9");
	expect(true, "??", "\xff\xfe");
}

static void
test_classes(void **state)
{
	(void)state;
	expect(true, "5[0-4]0", "540");
	expect(false, "5[0-4]0", "550");
	expect(true, "5[!0-4]0", "550");
	expect(true, "5[^0-4]0", "550");
	expect(true, "[a-c]x", "Bx");
	expect(true, "[A-C]x", "bx");
	expect(true, "[]]", "]");
	expect(true, "[!]]", "x");
	expect(true, "[\xc3\xa0-\xc3\xaf]", "\xc3\xa9");
	expect(true, "[a\\]]", "]");
	expect(true, "[a-]", "-");
	/* Never closed: a bracket. */
	expect(true, "[10.0.0.1", "[10.0.0.1");
	expect(true, "*[", "a[");
}

static void
test_escapes(void **state)
{
	char out[16];

	(void)state;
	expect(true, "\\*", "*");
	expect(false, "\\*", "a");
	expect(true, "contoso\\\\ann", "contoso\\ann");
	expect(true, "a\\", "a\\");
	assert_true(glob_is_plain(SLICE("a\\*b")));
	assert_false(glob_is_plain(SLICE("a*b")));
	assert_false(glob_is_plain(SLICE("a\\\\*b")));
	assert_true(slice_eq(glob_unescape(SLICE("a\\*\\\\b"), out),
	    SLICE("a*\\b")));
}

/* The work is bounded by the product of the lengths: this ends. */
static void
test_hostile(void **state)
{
	char *text = mem_alloc(5000), *glob = mem_alloc(201);

	(void)state;
	memset(text, 'a', 4999);
	for (int i = 0; i < 198; i += 2)
		memcpy(glob + i, "*a", 2);
	glob[198] = 'b';
	expect(false, glob, text);
	text[4998] = 'b';
	expect(true, glob, text);
	free(text);
	free(glob);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_text),
		cmocka_unit_test(test_stars),
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_hostile),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
