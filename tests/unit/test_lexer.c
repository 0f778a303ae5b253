/*
 * The words of a filter expression.
 */
#include "config.h"

#include "query/lexer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct lexed {
	struct arena arena;
	struct filter_error fe;
	struct token tok[16];
	int n;                   /* -1: a mistake */
};

static void
lex(struct lexed *l, const char *expr)
{
	struct lexer lx = {
		.expr = slice_of(expr), .arena = &l->arena, .fe = &l->fe,
	};

	*l = (struct lexed){ 0 };
	for (;;) {
		assert_true(l->n < 16);
		if (lexer_next(&lx, &l->tok[l->n]) < 0) {
			l->n = -1;
			return;
		}
		if (l->tok[l->n].kind == TOKEN_END)
			return;
		l->n++;
	}
}

/* One term: its field, operator and value. */
static void
expect_term(const char *expr, const char *field, enum term_op op,
    const char *value)
{
	struct lexed l;

	lex(&l, expr);
	if (l.n != 1)
		fail_msg("%s: %d tokens %s", expr, l.n, l.fe.text);
	assert_int_equal(l.tok[0].kind, TOKEN_TERM);
	assert_int_equal(l.tok[0].op, op);
	if (!slice_eq(l.tok[0].field, slice_of(field)) ||
	    !slice_eq(l.tok[0].value, slice_of(value)))
		fail_msg("%s: %.*s / %.*s", expr, SLICE_ARGS(l.tok[0].field),
		    SLICE_ARGS(l.tok[0].value));
	assert_int_equal(l.tok[0].at, 0);
	assert_int_equal(l.tok[0].length, strlen(expr));
	arena_free(&l.arena);
}

static void
expect_kinds(const char *expr, int n, const enum token_kind *kinds)
{
	struct lexed l;

	lex(&l, expr);
	if (l.n != n)
		fail_msg("%s: %d tokens %s", expr, l.n, l.fe.text);
	for (int i = 0; i < n; i++)
		if (l.tok[i].kind != kinds[i])
			fail_msg("%s: token %d is %d", expr, i, l.tok[i].kind);
	arena_free(&l.arena);
}

#define KINDS(...)                                                         \
	(int)(sizeof((enum token_kind[]){ __VA_ARGS__ }) /                 \
	    sizeof(enum token_kind)), (enum token_kind[]){ __VA_ARGS__ }

static void
expect_mistake(const char *expr, size_t at, size_t length, const char *word)
{
	struct lexed l;

	lex(&l, expr);
	if (l.n != -1)
		fail_msg("%s: should be a mistake", expr);
	if (l.fe.at != at || l.fe.length != length ||
	    !strstr(l.fe.text, word))
		fail_msg("%s: at %zu, %zu long: %s", expr, l.fe.at,
		    l.fe.length, l.fe.text);
	arena_free(&l.arena);
}

static void
test_operators(void **state)
{
	(void)state;
	expect_term("code:5xx", "code", OP_IS, "5xx");
	expect_term("code=550", "code", OP_IS, "550");
	expect_term("code!=550", "code", OP_IS_NOT, "550");
	expect_term("took>30s", "took", OP_MORE, "30s");
	expect_term("took>=30s", "took", OP_AT_LEAST, "30s");
	expect_term("took<30s", "took", OP_LESS, "30s");
	expect_term("took<=30s", "took", OP_AT_MOST, "30s");
	expect_term("from:<>", "from", OP_IS, "<>");
	expect_term("from:<ann@play.com>", "from", OP_IS, "<ann@play.com>");
	expect_term("start:10:00..10:30", "start", OP_IS, "10:00..10:30");
	expect_term("peer:2001:db8::/32", "peer", OP_IS, "2001:db8::/32");
}

static void
test_bare(void **state)
{
	(void)state;
	expect_term("quota", "", OP_BARE, "quota");
	expect_term("10:30:00", "", OP_BARE, "10:30:00");
	expect_term("250-SIZE", "", OP_BARE, "250-SIZE");
	expect_term("ann@play.com", "", OP_BARE, "ann@play.com");
	expect_term("f(x)", "", OP_BARE, "f(x)");
	expect_term("<ann@play.com>", "", OP_BARE, "<ann@play.com>");
	expect_term("organise", "", OP_BARE, "organise");
}

static void
test_quotes(void **state)
{
	struct lexed l;

	(void)state;
	expect_term("\"over quota\"", "", OP_BARE, "over quota");
	expect_term("\"say \\\"no\\\"\"", "", OP_BARE, "say \"no\"");
	expect_term("\"or\"", "", OP_BARE, "or");
	/* What is quoted means itself in a glob. */
	expect_term("cmd:\"RCPT TO:\"*", "cmd", OP_IS, "RCPT TO:*");
	expect_term("cmd:\"a*\"", "cmd", OP_IS, "a\\*");
	expect_term("\"code:5xx\"", "", OP_BARE, "code:5xx");
	lex(&l, "from:\"\"");
	assert_int_equal(l.n, 1);
	assert_true(l.tok[0].quoted);
	assert_int_equal(l.tok[0].value.n, 0);
	arena_free(&l.arena);
}

static void
test_escapes(void **state)
{
	(void)state;
	expect_term("a\\ b", "", OP_BARE, "a\\ b");
	expect_term("a\\*b", "", OP_BARE, "a\\*b");
	expect_term("a\\)", "", OP_BARE, "a\\)");
	expect_term("\\-5", "", OP_BARE, "\\-5");
	expect_term("\\(", "", OP_BARE, "\\(");
	/* Before a letter, a backslash is one. */
	expect_term("auth:contoso\\ann", "auth", OP_IS, "contoso\\\\ann");
	expect_term("a\\", "", OP_BARE, "a\\\\");
}

static void
test_regex(void **state)
{
	struct lexed l;

	(void)state;
	expect_term("/over ?quota/", "", OP_BARE, "over ?quota");
	expect_term("text:/a\\/b/", "text", OP_IS, "a\\/b");
	expect_term("text:/(a|b) c/", "text", OP_IS, "(a|b) c");
	lex(&l, "x (text:/a b/)");
	assert_int_equal(l.n, 4);
	assert_true(l.tok[2].regex);
	assert_int_equal(l.tok[2].value_at, 8);
	assert_int_equal(l.tok[2].value_length, 5);
	arena_free(&l.arena);
	/* Only a slash at the start makes an expression. */
	expect_term("source:a/b/c", "source", OP_IS, "a/b/c");
}

static void
test_nothing(void **state)
{
	struct lexed l;

	(void)state;
	lex(&l, "");
	assert_int_equal(l.n, 0);
	lex(&l, " \t\n");
	assert_int_equal(l.n, 0);
	assert_int_equal(l.tok[0].at, 3);
}

static void
test_words(void **state)
{
	(void)state;
	expect_kinds("a AND b Or not c", KINDS(TOKEN_TERM, TOKEN_AND,
	    TOKEN_TERM, TOKEN_OR, TOKEN_NOT, TOKEN_TERM));
	expect_kinds("-a -(b)", KINDS(TOKEN_NOT, TOKEN_TERM, TOKEN_NOT,
	    TOKEN_OPEN, TOKEN_TERM, TOKEN_CLOSE));
	expect_kinds("not(a)or(b)", KINDS(TOKEN_NOT, TOKEN_OPEN, TOKEN_TERM,
	    TOKEN_CLOSE, TOKEN_OR, TOKEN_OPEN, TOKEN_TERM, TOKEN_CLOSE));
	expect_kinds("(a or f(x))", KINDS(TOKEN_OPEN, TOKEN_TERM, TOKEN_OR,
	    TOKEN_TERM, TOKEN_CLOSE));
	expect_kinds("--a", KINDS(TOKEN_NOT, TOKEN_NOT, TOKEN_TERM));
	expect_kinds("\ta\n\r b ", KINDS(TOKEN_TERM, TOKEN_TERM));
	expect_kinds("a-b", KINDS(TOKEN_TERM));
	expect_kinds("or:x", KINDS(TOKEN_TERM));
}

static void
test_mistakes(void **state)
{
	(void)state;
	expect_mistake("a \"b c", 2, 4, "never closed");
	expect_mistake("a /b c", 2, 4, "missing");
	expect_mistake("a /b\\/", 2, 4, "missing");
	expect_mistake("/b/c", 3, 1, "\\/");
	expect_mistake("a //", 2, 2, "no expression");
	expect_mistake("x code:", 2, 5, "code:");
	expect_mistake("(code: )", 1, 5, "value");
	expect_mistake("(code>)", 1, 5, "code>");
	expect_mistake("from:(a or b)", 5, 1, "group");
	expect_mistake("a - b", 2, 1, "before what it excludes");
	expect_mistake("a || b", 2, 2, "write or");
	expect_mistake("a && b", 2, 2, "write and");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_regex),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
