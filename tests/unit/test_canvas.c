/*
 * The canvas: clipping, glyphs of two columns at edges, text of strangers.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/canvas.h"

#define WIDE "\xe4\xb8\xad"      /* a CJK letter: two columns */

static void
expect(const struct canvas *cv, bool styles, const char *wanted)
{
	struct buf out = { 0 };

	canvas_dump(cv, styles, &out);
	buf_add_char(&out, '\0');
	assert_string_equal(out.p, wanted);
	buf_free(&out);
}

static struct area
blank(struct canvas *cv, int rows, int cols)
{
	canvas_init(cv);
	canvas_resize(cv, rows, cols);
	return canvas_area(cv);
}

static void
text_is_clipped_at_every_edge(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 3, 6), inner = area_cut(&a, 1, 1, 1, 4);

	(void)state;
	assert_int_equal(area_words(&inner, 0, 2, STYLE_NORMAL, "abcdef"), 4);
	area_words(&inner, 0, -3, STYLE_NORMAL, "uvwxy");
	area_words(&inner, 1, 0, STYLE_NORMAL, "below");
	area_words(&inner, -1, 0, STYLE_NORMAL, "above");
	area_words(&inner, 0, 4, STYLE_NORMAL, "behind");
	expect(&cv, false, "\n xyab\n\n");
	canvas_free(&cv);
}

static void
an_area_outside_holds_nothing(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 2, 4), none = area_cut(&a, 5, 0, 1, 1);

	(void)state;
	assert_int_equal(none.rows, 0);
	area_words(&none, 0, 0, STYLE_NORMAL, "x");
	none = area_cut(&a, 0, 2, 9, 9);
	assert_int_equal(none.rows, 2);
	assert_int_equal(none.cols, 2);
	none = area_cut(&a, 0, 0, 1, -3);
	area_words(&none, 0, 0, STYLE_NORMAL, "x");
	area_blank(&none, 0, 0, 3, STYLE_HIT);
	area_across(&none, 0, STYLE_LINE);
	expect(&cv, false, "\n\n");
	canvas_free(&cv);
}

static void
a_wide_glyph_at_an_edge_is_a_blank(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 2, 5);
	struct ink ink = { .style = STYLE_NORMAL, .skip = 1 };

	(void)state;
	/* Two fit, the third has one column left. */
	area_words(&a, 0, 0, STYLE_NORMAL, WIDE WIDE WIDE);
	assert_int_equal(canvas_at(&cv, 0, 0)->width, 2);
	assert_int_equal(canvas_at(&cv, 0, 1)->width, 0);
	assert_string_equal(canvas_at(&cv, 0, 4)->text, " ");
	/* Half of the first is moved out at the left. */
	area_ink(&a, 1, 0, 5, slice_of(WIDE "ab"), &ink);
	expect(&cv, false, WIDE WIDE "\n ab\n");
	canvas_free(&cv);
}

static void
half_of_a_wide_glyph_does_not_stay(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 2, 4);

	(void)state;
	area_words(&a, 0, 0, STYLE_NORMAL, WIDE WIDE);
	area_words(&a, 0, 1, STYLE_NORMAL, "x");
	area_words(&a, 1, 0, STYLE_NORMAL, WIDE WIDE);
	area_words(&a, 1, 2, STYLE_NORMAL, "y");
	expect(&cv, false, " x" WIDE "\n" WIDE "y\n");
	assert_int_equal(canvas_at(&cv, 1, 3)->width, 1);
	canvas_free(&cv);
}

static void
what_strangers_wrote_comes_as_escapes(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 4, 12);

	(void)state;
	area_words(&a, 0, 0, STYLE_NORMAL, "a\033[2Jb");
	area_words(&a, 1, 0, STYLE_NORMAL, "\xff\x80z");
	area_words(&a, 2, 0, STYLE_NORMAL, "\xe2\x80\xae" "rtl");
	area_text(&a, 3, 0, STYLE_NORMAL, (struct slice){ "n\0l", 3 });
	expect(&cv, false, "a^[[2Jb\n\\xFF\\x80z\n\\u{202E}rtl\nn^@l\n");
	expect(&cv, true, ".ee.........\n" "eeeeeeee....\n"
	    "eeeeeeee....\n" ".ee.........\n");
	canvas_free(&cv);
}

static void
no_cell_ever_holds_a_control_byte(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 1, 200);
	char bytes[256];

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (char)i;
	for (size_t from = 0; from < 256; from++) {
		area_blank(&a, 0, 0, 200, STYLE_NORMAL);
		area_text(&a, 0, 0, STYLE_NORMAL,
		    (struct slice){ bytes + from, 256 - from });
		for (int col = 0; col < 200; col++)
			for (const char *p = canvas_at(&cv, 0, col)->text;
			    *p; p++)
				assert_true((unsigned char)*p >= ' ' &&
				    *p != 127);
	}
	canvas_free(&cv);
}

static void
a_field_shows_that_it_is_cut(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 5, 10);
	struct ink ink = { .style = STYLE_FINE };

	(void)state;
	area_field(&a, 0, 2, 5, SLICE("hello"), &ink, false);
	area_field(&a, 1, 2, 5, SLICE("hello!"), &ink, false);
	area_field(&a, 2, 2, 5, SLICE("12"), &ink, true);
	area_field(&a, 3, 6, 9, SLICE("edges"), &ink, false);
	area_field(&a, 4, 0, 4, SLICE(WIDE WIDE WIDE), &ink, false);
	expect(&cv, false, "  hello\n  hell\xe2\x80\xa6\n     12\n"
	    "      edg\xe2\x80\xa6\n" WIDE " \xe2\x80\xa6\n");
	canvas_free(&cv);
}

static void
spans_are_drawn_as_hits(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 1, 12);
	const struct span spans[] = { { 1, 3 }, { 4, 5 } };
	struct ink ink = { .style = STYLE_NORMAL, .hit = STYLE_HIT,
	    .spans = spans, .nspans = 2 };
	struct buf out = { 0 };

	(void)state;
	area_ink(&a, 0, 0, 12, SLICE("abcdef"), &ink);
	canvas_dump(&cv, true, &out);
	assert_memory_equal(out.p, "./" "/./.", 6);
	buf_free(&out);
	canvas_free(&cv);
}

static void
without_utf8_all_is_ascii(void **state)
{
	struct canvas cv;
	struct area a = blank(&cv, 3, 8);
	struct ink ink = { .style = STYLE_NORMAL };

	(void)state;
	text_init(false);
	area_across(&a, 0, STYLE_LINE);
	area_field(&a, 1, 0, 4, SLICE("abcdef"), &ink, false);
	area_words(&a, 2, 0, STYLE_NORMAL, "\xc3\xa9");
	expect(&cv, false, "--------\nabc~\n\\xC3\\xA9\n");
	text_init(true);
	canvas_free(&cv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_clipped_at_every_edge),
		cmocka_unit_test(an_area_outside_holds_nothing),
		cmocka_unit_test(a_wide_glyph_at_an_edge_is_a_blank),
		cmocka_unit_test(half_of_a_wide_glyph_does_not_stay),
		cmocka_unit_test(what_strangers_wrote_comes_as_escapes),
		cmocka_unit_test(no_cell_ever_holds_a_control_byte),
		cmocka_unit_test(a_field_shows_that_it_is_cut),
		cmocka_unit_test(spans_are_drawn_as_hits),
		cmocka_unit_test(without_utf8_all_is_ascii),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
