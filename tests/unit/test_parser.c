/*
 * From an expression to a tree: precedence, values, and every mistake at its
 * place.
 */
#include "config.h"

#include "query/parser.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "query/field.h"
#include "query/filter.h"

static const struct zone no_zone = { .kind = ZONE_NONE };

/* (and x (not y)): bare words by their text, else the field's name. */
static void
put_node(struct buf *out, const struct node *n)
{
	if (n->negated)
		buf_addf(out, "(not ");
	if (n->kind == NODE_TERM) {
		if (n->term->field == field_of_text())
			buf_add(out, n->term->test.plain);
		else
			buf_addf(out, "%s", field_name(n->term->field));
	} else {
		buf_addf(out, n->kind == NODE_AND ? "(and" : "(or");
		for (const struct node *i = n->child; i; i = i->next) {
			buf_add_char(out, ' ');
			put_node(out, i);
		}
		buf_add_char(out, ')');
	}
	if (n->negated)
		buf_add_char(out, ')');
}

static void
expect_tree(const char *expr, const char *tree)
{
	struct filter_error fe = { .at = 0 };
	struct buf out = { 0 };
	struct tree t;

	if (tree_parse(&t, expr, &no_zone, &fe) < 0)
		fail_msg("%s: %s at %zu", expr, fe.text, fe.at);
	if (t.root)
		put_node(&out, t.root);
	if (!slice_eq(buf_slice(&out), slice_of(tree)))
		fail_msg("%s: %.*s", expr, SLICE_ARGS(out));
	buf_free(&out);
	tree_free(&t);
}

static void
test_precedence(void **state)
{
	(void)state;
	expect_tree("", "");
	expect_tree("  ", "");
	expect_tree("a", "a");
	expect_tree("a b", "(and a b)");
	expect_tree("a and b c", "(and a b c)");
	expect_tree("a or b c or d", "(or a (and b c) d)");
	expect_tree("(a or b) c", "(and (or a b) c)");
	expect_tree("not a b", "(and (not a) b)");
	expect_tree("not (a b)", "(not (and a b))");
	expect_tree("-a or -b", "(or (not a) (not b))");
	expect_tree("not not a", "a");
	expect_tree("-(-a)", "a");
	expect_tree("a not b", "(and a (not b))");
	expect_tree("((a))", "a");
	expect_tree("a (b c) d", "(and a (and b c) d)");
	expect_tree("\"or\" x", "(and or x)");
	expect_tree("number!=3", "(not number)");
	expect_tree("-number!=3", "number");
}

/* What the record can answer is asked first. */
static void
test_cheap_first(void **state)
{
	(void)state;
	expect_tree("from:a x code:5xx", "(and code x from)");
	expect_tree("x or (y is:ok) or took>1s",
	    "(or took x (and is y))");
}

static void
test_fields(void **state)
{
	(void)state;
	expect_tree("CODE:5xx Sender:x ip:10.0.0.1", "(and code peer from)");
	for (const struct filter_field *f = filter_fields; f->name; f++) {
		struct filter_error fe = { .at = 0 };
		struct tree t;

		assert_true(f->help && *f->help);
		if (tree_parse(&t, f->example, &no_zone, &fe) < 0)
			fail_msg("%s: %s", f->example, fe.text);
		assert_int_equal(t.root->kind, NODE_TERM);
		assert_ptr_equal(t.root->term->field,
		    field_by_name(slice_of(f->name)));
		/* An indexed field is always answered by the record. */
		if (f->indexed)
			assert_int_equal(t.root->level, ASK_RECORD);
		tree_free(&t);
	}
	assert_string_equal(field_name(field_of_text()), "text");
}

static void
expect_mistake(const char *expr, size_t at, size_t length, const char *word)
{
	struct filter_error fe = { .at = 0 };
	struct tree t;

	if (tree_parse(&t, expr, &no_zone, &fe) == 0)
		fail_msg("%s: should be a mistake", expr);
	if (fe.at != at || fe.length != length || !strstr(fe.text, word))
		fail_msg("%s: at %zu, %zu long: %s", expr, fe.at, fe.length,
		    fe.text);
	assert_null(t.root);
}

static void
test_mistakes_of_shape(void **state)
{
	(void)state;
	expect_mistake("a (b or c", 2, 1, "never closed");
	expect_mistake("(a (b)", 0, 1, "never closed");
	expect_mistake("a b)", 3, 1, "no parenthesis is open");
	expect_mistake(")", 0, 1, "no parenthesis is open");
	expect_mistake("a ()", 2, 2, "nothing between");
	expect_mistake("or a", 0, 2, "before or");
	expect_mistake("a and or b", 6, 2, "before or");
	expect_mistake("a or", 2, 2, "follow or");
	expect_mistake("(a and)", 3, 3, "follow and");
	expect_mistake("a not", 2, 3, "follow not");
	expect_mistake("took > 30s", 5, 1, "took>");
	expect_mistake("took >30s", 5, 4, "took>30s");
	expect_mistake("took != 30s", 5, 2, "took!=");
	expect_mistake("a ! b", 2, 1, "! must stand right before");
	expect_mistake("x from :ann", 7, 4, "from:ann");
}

/* Operators after words that are no fields are text. */
static void
test_no_stray_operators(void **state)
{
	(void)state;
	expect_tree("quota > x", "(and quota > x)");
	expect_tree("took \">\"", "(and took >)");
	expect_tree("x <ann@play.com>", "(and x <ann@play.com>)");
}

static void
test_depth(void **state)
{
	char expr[1001] = "";
	struct filter_error fe = { .at = 0 };
	struct tree t;

	(void)state;
	memset(expr, '(', 100);
	memset(expr + 100, 'x', 1);
	memset(expr + 101, ')', 100);
	assert_int_equal(tree_parse(&t, expr, &no_zone, &fe), 0);
	tree_free(&t);
	memset(expr, '(', 1000);
	assert_int_equal(tree_parse(&t, expr, &no_zone, &fe), -1);
	assert_int_equal(fe.at, 100);
	assert_non_null(strstr(fe.text, "too deep"));
}

static void
test_mistakes_of_fields(void **state)
{
	(void)state;
	expect_mistake("x fron:ann", 2, 4, "did you mean from?");
	expect_mistake("sneder:ann", 0, 6, "did you mean from?");
	expect_mistake("zzz:ann", 0, 3, "code worst esc from to helo peer");
	expect_mistake("zzz:ann", 0, 3, "id text");
	expect_mistake("http://x", 0, 4, "quote");
	expect_mistake("is:drop", 3, 4, "did you mean dropped?");
	expect_mistake("is:zzz", 3, 3, "ok temporary permanent dropped");
	expect_mistake("is:zzz", 3, 3, "tls auth");
	expect_mistake("is>ok", 3, 2, "is:ok");
	expect_mistake("is:/ok/", 3, 4, "no expression");
	expect_mistake("verb:rctp", 5, 4, "did you mean RCPT?");
	expect_mistake("verb:zzzzzz", 5, 6, "no verb");
	expect_mistake("from>ann", 5, 3, "from:ann");
	expect_mistake("text:\"\"", 5, 2, "no words");
}

static void
test_mistakes_of_numbers(void **state)
{
	(void)state;
	expect_mistake("code:650", 5, 3, "no reply code");
	expect_mistake("code:5x0", 5, 3, "no reply code");
	expect_mistake("code:x50", 5, 3, "no reply code");
	expect_mistake("code:5500", 5, 4, "no reply code");
	expect_mistake("code:550..5a4", 10, 3, "5a4");
	expect_mistake("code:554..550", 5, 8, "550..554");
	expect_mistake("code:/5../", 5, 5, "no expression");
	expect_mistake("code:..", 5, 2, "start or an end");
	expect_mistake("a code>550..554", 7, 8, "code:550..554");
	expect_mistake("lines>1o0", 6, 3, "1o0 is no number");
	expect_mistake("lines>99999999999999999999", 6, 20, "no number");
	expect_mistake("lines:>", 6, 1, "missing");
	expect_mistake("lines:\"1 2\"", 6, 5, "no number");
	expect_mistake("took>30x", 5, 3, "no duration");
	expect_mistake("took:1s..2y", 9, 2, "no duration");
	expect_mistake("size>10q", 5, 3, "no size");
	expect_mistake("size>9999999999G", 5, 11, "no size");
	expect_mistake("esc:five", 4, 4, "5.1.1");
	expect_mistake("esc:5.1.1.1", 4, 7, "three numbers");
}

static void
test_mistakes_of_times(void **state)
{
	(void)state;
	expect_mistake("start:25:00", 6, 5, "no time");
	expect_mistake("start:2026-13-01", 6, 10, "no time");
	expect_mistake("start:10:00..2026-11-01", 6, 17, "has a day");
	expect_mistake("start:2026-11-02..2026-11-01", 6, 22, "backwards");
	expect_mistake("start:10:00..nope", 13, 4, "no time");
}

static void
test_mistakes_of_addresses(void **state)
{
	(void)state;
	expect_mistake("peer:10.0.0.0/33", 5, 11, "no net");
	expect_mistake("peer:10.0.0/8", 5, 8, "no net");
	expect_mistake("peer:10.0.0.0/", 5, 9, "no net");
	expect_mistake("peer:10.0.0", 5, 6, "10.0.0 is no address");
	expect_mistake("peer:10.0.0.9..10.0.0.1", 5, 18, "backwards");
	expect_mistake("peer:10.0.0.1..::1", 5, 13, "family");
	expect_mistake("peer:a..b", 5, 4, "range of addresses");
}

/* PCRE2 says what is wrong, at the place in the whole expression. */
static void
test_mistakes_of_patterns(void **state)
{
	(void)state;
	expect_mistake("a text:/b(c/", 11, 1, "parenthes");
	expect_mistake("/x*+*y/", 4, 1, "quantifier");
	expect_mistake("from:/[z/", 8, 1, "]");
}

static void
expect_shown(const char *expr, const char *shown)
{
	struct filter_error fe = { .at = 0 };
	struct buf out = { 0 };

	assert_null(filter_parse(expr, &no_zone, &fe));
	filter_error_show(&out, expr, &fe);
	if (!slice_eq(buf_slice(&out), slice_of(shown)))
		fail_msg("%.*s", SLICE_ARGS(out));
	buf_free(&out);
}

static void
test_shown(void **state)
{
	(void)state;
	expect_shown("a b)",
	    "a b)\n"
	    "   ^ no parenthesis is open here\n");
	expect_shown("x lines>abc",
	    "x lines>abc\n"
	    "        ^~~ abc is no number\n");
	/* Columns, not bytes; and no control byte gets out. */
	expect_shown("\"\xe6\x97\xa5\xe6\x9c\xac\" caf\xc3\xa9 b)",
	    "\"\xe6\x97\xa5\xe6\x9c\xac\" caf\xc3\xa9 b)\n"
	    "             ^ no parenthesis is open here\n");
	expect_shown("\"\x1b[31m\" lines>\x07",
	    "\"^[[31m\" lines>^G\n"
	    "               ^~ ^G is no number\n");
	/* At the end there is a place, too. */
	expect_shown("a (b",
	    "a (b\n"
	    "  ^ this parenthesis is never closed\n");
}

/* A message has room for a part of what was typed, cut at a character. */
static void
test_long_values(void **state)
{
	char expr[2048] = "lines>x";
	struct filter_error fe = { .at = 0 };

	(void)state;
	for (size_t i = 7; i + 3 < sizeof expr; i += 2)
		memcpy(expr + i, "\xc3\xa9", 3);
	assert_null(filter_parse(expr, &no_zone, &fe));
	assert_int_equal(fe.at, 6);
	assert_true(strlen(fe.text) < 100);
	assert_true(utf8_valid(slice_of(fe.text)));
	assert_null(filter_parse(expr, &no_zone, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_cheap_first),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_mistakes_of_shape),
		cmocka_unit_test(test_no_stray_operators),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_mistakes_of_fields),
		cmocka_unit_test(test_mistakes_of_numbers),
		cmocka_unit_test(test_mistakes_of_times),
		cmocka_unit_test(test_mistakes_of_addresses),
		cmocka_unit_test(test_mistakes_of_patterns),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_long_values),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
