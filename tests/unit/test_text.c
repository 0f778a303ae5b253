/*
 * Text made safe: what is drawn as itself and how wide, and that nothing a
 * terminal would obey or hide gets through.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <wchar.h>

#include "base/utf8.h"

/* The first glyph of s as text, width and bytes. */
static void
check_glyph(struct slice s, const char *text, int width, int bytes, bool escaped)
{
	struct glyph g;

	memset(&g, 0x55, sizeof g);
	text_next(s, &g);
	assert_string_equal(g.text, text);
	assert_int_equal(g.width, width);
	assert_int_equal(g.bytes, bytes);
	assert_int_equal(g.escaped, escaped);
}

static void
check_safe(struct slice s, size_t columns, const char *expected)
{
	struct buf b = { 0 };

	text_safe(&b, s, columns);
	buf_add_char(&b, '\0');
	assert_string_equal(b.p, expected);
	buf_free(&b);
}

static void
test_controls(void **state)
{
	(void)state;
	check_glyph(SLICE("a"), "a", 1, 1, false);
	check_glyph(SLICE(" b"), " ", 1, 1, false);
	check_glyph(SLICE("~"), "~", 1, 1, false);
	check_glyph((struct slice){ "\0", 1 }, "^@", 2, 1, true);
	check_glyph(SLICE("\t"), "^I", 2, 1, true);
	check_glyph(SLICE("\x1b[31m"), "^[", 2, 1, true);
	check_glyph(SLICE("\x1f"), "^_", 2, 1, true);
	check_glyph(SLICE("\x7f"), "^?", 2, 1, true);
	/* A stray byte, and one that is CSI to some terminals. */
	check_glyph(SLICE("\xff"), "\\xFF", 4, 1, true);
	check_glyph(SLICE("\x9b" "31m"), "\\x9B", 4, 1, true);
	check_safe(SLICE("\x1b]0;x\x07ok"), SIZE_MAX, "^[]0;x^Gok");
}

static void
test_c_locale(void **state)
{
	(void)state;
	text_init(false);
	assert_false(text_is_utf8());
	check_glyph(SLICE("\xc3\xa9"), "\\xC3", 4, 1, true);
	check_glyph(SLICE("a\xcc\x81"), "a", 1, 1, false);
	check_safe(SLICE("caf\xc3\xa9 ok"), SIZE_MAX, "caf\\xC3\\xA9 ok");
	for (unsigned c = 0x80; c <= 0xff; c++) {
		char byte = (char)c;
		char expected[5] = { '\\', 'x', "0123456789ABCDEF"[c >> 4],
			"0123456789ABCDEF"[c & 15], '\0' };

		check_glyph((struct slice){ &byte, 1 }, expected, 4, 1, true);
	}
}

/* False where the system has no UTF-8 locale to test with. */
static bool
use_utf8(void)
{
	static const char *const names[] =
	    { "C.UTF-8", "C.utf8", "en_US.UTF-8", "en_GB.UTF-8" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (setlocale(LC_CTYPE, names[i])) {
			text_init(true);
			return text_is_utf8();
		}
	}
	return false;
}

static void
test_wide_and_marks(void **state)
{
	(void)state;
	if (!use_utf8())
		skip();
	check_glyph(SLICE("\xc3\xa9x"), "\xc3\xa9", 1, 2, false);
	check_glyph(SLICE("\xe4\xb8\xad"), "\xe4\xb8\xad", 2, 3, false);
	check_glyph(SLICE("\xf0\x9f\x93\xa7"), "\xf0\x9f\x93\xa7", 2, 4, false);
	/* U+0301 joins what is before it, alone it is an escape. */
	check_glyph(SLICE("e\xcc\x81x"), "e\xcc\x81", 1, 3, false);
	check_glyph(SLICE("\xc3\xa9\xcc\x81"), "\xc3\xa9\xcc\x81", 1, 4, false);
	check_glyph(SLICE("\xcc\x81"), "\\u{301}", 7, 2, true);
	check_safe(SLICE("\x01\xcc\x81"), SIZE_MAX, "^A\\u{301}");
	/* Four marks at most: the fifth stands alone. */
	check_glyph(SLICE("e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85"),
	    "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84", 1, 9, false);
	check_safe(SLICE("e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85"), SIZE_MAX,
	    "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\\u{305}");
	/* A mark that is cut short is no mark. */
	check_safe(SLICE("e\xcc"), SIZE_MAX, "e\\xCC");
	/* The emoji selector belongs to the base, but is not drawn. */
	check_glyph(SLICE("\xe2\x9d\xa4\xef\xb8\x8f"), "\xe2\x9d\xa4", 1, 6,
	    false);
	check_glyph(SLICE("\xef\xb8\x8f"), "\\u{FE0F}", 8, 3, true);
}

struct range {
	uint32_t first, last;
};

/* Must never reach a terminal: by name in the Unicode Standard. */
static const struct range dangerous[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f },               /* C0, DEL, C1 */
	{ 0xad, 0xad }, { 0x61c, 0x61c },             /* SHY, ALM */
	{ 0x200b, 0x200f }, { 0x2028, 0x202e },       /* ZW*, LRM.., LS.. RLO */
	{ 0x2060, 0x206f }, { 0xfeff, 0xfeff },       /* WJ, isolates, BOM */
	{ 0xe000, 0xf8ff }, { 0xfdd0, 0xfdef },       /* private, non-chars */
	{ 0xfffe, 0xffff }, { 0xfe00, 0xfe0f },       /* selectors, alone */
	{ 0xe0000, 0xe0fff },                         /* tags, selectors */
	{ 0x1fffe, 0x1ffff }, { 0xf0000, 0x10ffff },  /* private planes */
	{ 0x378, 0x379 }, { 0x300, 0x36f },           /* unassigned; marks */
};

static bool
is_dangerous(uint32_t cp)
{
	for (size_t i = 0; i < sizeof dangerous / sizeof dangerous[0]; i++)
		if (cp >= dangerous[i].first && cp <= dangerous[i].last)
			return true;
	return false;
}

static bool
is_ascii_print(const char *p)
{
	for (; *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			return false;
	return true;
}

/* Every code point, alone: drawn as wcwidth() says, or as plain ASCII. */
static void
test_every_code_point(void **state)
{
	(void)state;
	if (!use_utf8())
		skip();
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		struct glyph g;
		char four[4];
		size_t n = utf8_encode(cp, four);

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		text_next((struct slice){ four, n }, &g);
		assert_int_equal(g.bytes, n);
		if (is_dangerous(cp) && !g.escaped)
			fail_msg("U+%lX is drawn", (unsigned long)cp);
		if (g.escaped) {
			assert_true(is_ascii_print(g.text));
			assert_int_equal(strlen(g.text), g.width);
		} else {
			assert_int_equal(g.width, wcwidth((wchar_t)cp));
			assert_memory_equal(g.text, four, n);
		}
	}
	/* The gate is not simply shut: letters of many scripts are drawn. */
	check_safe(SLICE("\xc3\x9f \xd0\x96 \xd7\x90 \xd8\xa8 \xe0\xa4\x95 "
	    "\xe3\x81\x82 \xed\x95\x9c"), SIZE_MAX, "\xc3\x9f \xd0\x96 \xd7\x90 "
	    "\xd8\xa8 \xe0\xa4\x95 \xe3\x81\x82 \xed\x95\x9c");
}

static void
test_tricks(void **state)
{
	(void)state;
	if (!use_utf8())
		skip();
	/* U+202E turns what follows around, U+200B hides, U+2066 isolates. */
	check_safe(SLICE("a\xe2\x80\xae" "b"), SIZE_MAX, "a\\u{202E}b");
	check_safe(SLICE("a\xe2\x80\x8b" "b"), SIZE_MAX, "a\\u{200B}b");
	check_safe(SLICE("\xe2\x81\xa6" "b"), SIZE_MAX, "\\u{2066}b");
	/* U+0085 and U+009B: C1 as UTF-8. */
	check_safe(SLICE("\xc2\x85\xc2\x9b"), SIZE_MAX, "\\u{85}\\u{9B}");
	/* Tag letters behind a flag. */
	check_safe(SLICE("x\xf3\xa0\x81\xa1"), SIZE_MAX, "x\\u{E0061}");
	check_safe(SLICE("\xf4\x8f\xbf\xbd"), SIZE_MAX, "\\u{10FFFD}");
	/* Joined by U+200D: each by itself, so that the width is known. */
	check_safe(SLICE("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"),
	    SIZE_MAX, "\xf0\x9f\x91\xa9\\u{200D}\xf0\x9f\x92\xbb");
}

static void
test_columns(void **state)
{
	(void)state;
	check_safe(SLICE("abcdef"), 0, "");
	check_safe(SLICE("abcdef"), 3, "abc");
	check_safe(SLICE("abcdef"), 6, "abcdef");
	/* An escape that does not fit is left out whole. */
	check_safe(SLICE("ab\x1b" "c"), 3, "ab");
	check_safe(SLICE("ab\x1b" "c"), 4, "ab^[");
	assert_int_equal(text_width(SLICE_NONE), 0);
	assert_int_equal(text_width(SLICE("abc")), 3);
	assert_int_equal(text_width(SLICE("a\tb\xff")), 8);
	if (!use_utf8())
		skip();
	assert_int_equal(text_width(SLICE("a\xe4\xb8\xad" "b")), 4);
	assert_int_equal(text_width(SLICE("xe\xcc\x81")), 2);
	/* A wide one never hangs over the edge. */
	check_safe(SLICE("a\xe4\xb8\xad" "b"), 2, "a");
	check_safe(SLICE("a\xe4\xb8\xad" "b"), 3, "a\xe4\xb8\xad");
	/* The mark of the last column comes with it. */
	check_safe(SLICE("abe\xcc\x81x"), 3, "abe\xcc\x81");
}

/* Bytes that are often the beginnings of something, in any order. */
static size_t
random_text(uint32_t *seed, char out[64])
{
	static const char *const bits[] = { "a", " ", "\x1b", "\xc2", "\x9b",
		"\xcc\x81", "\xe4\xb8\xad", "\xe2\x80", "\xae", "\xf0\x9f\x93",
		"\xa7", "\xef\xb8\x8f", "\xff", "\t", "e", "\x7f" };
	size_t n = 0;

	while (n < 60) {
		const char *bit;

		*seed = *seed * 1664525u + 1013904223u;
		bit = bits[*seed >> 28];
		memcpy(out + n, bit, strlen(bit));
		n += strlen(bit);
		if ((*seed >> 20 & 31) == 0)
			break;
	}
	return n;
}

static void
check_noise(struct slice s, size_t columns)
{
	struct buf b = { 0 };
	size_t full = text_width(s), width;

	text_safe(&b, s, columns);
	assert_true(utf8_valid(buf_slice(&b)));
	for (size_t i = 0; i < b.n; i++)
		assert_true((unsigned char)b.p[i] >= 0x20 && b.p[i] != 0x7f);
	/* What came out is safe as it stands: it is drawn as itself. */
	width = text_width(buf_slice(&b));
	assert_true(width <= columns);
	assert_true(width <= full);
	/* The longest escape here has 8 columns: no more is left free. */
	assert_true(width == full || width + 8 > columns);
	buf_free(&b);
}

static void
test_noise(void **state)
{
	uint32_t seed = 1;
	char text[64];

	(void)state;
	if (!use_utf8())
		skip();
	for (int i = 0; i < 20000; i++) {
		struct slice s = { text, random_text(&seed, text) };

		check_noise(s, SIZE_MAX);
		check_noise(s, seed >> 8 & 63);
		text_init(false);
		check_noise(s, seed >> 8 & 63);
		text_init(true);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_c_locale),
		cmocka_unit_test(test_wide_and_marks),
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_tricks),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
