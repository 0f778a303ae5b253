/*
 * Verbs: every one by its wire name, what is none, and the paths and
 * parameters behind them.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "smtp/verb.h"

static const struct {
	enum smtp_verb verb;
	const char *text;
} verbs[] = {
#define V(name, text) { VERB_##name, text },
	SMTP_VERBS(V)
#undef V
};

/* Names that only records and filters use; no line of a log is one of them. */
static bool
is_made_up(enum smtp_verb v)
{
	return v == VERB_NONE || v == VERB_UNKNOWN || v == VERB_CONNECT;
}

static enum smtp_verb
parse(const char *line)
{
	return verb_parse(slice_of(line), NULL);
}

static void
test_each(void **state)
{
	char line[64];

	(void)state;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		struct slice args;

		assert_string_equal(verb_name(verbs[i].verb), verbs[i].text);
		if (is_made_up(verbs[i].verb)) {
			assert_int_equal(parse(verbs[i].text), VERB_UNKNOWN);
			continue;
		}
		assert_int_equal(parse(verbs[i].text), verbs[i].verb);
		snprintf(line, sizeof line, "%s  an argument", verbs[i].text);
		for (char *p = line; *p != ' '; p++)
			*p = (char)ascii_lower((unsigned char)*p);
		assert_int_equal(verb_parse(slice_of(line), &args),
		    verbs[i].verb);
		assert_true(slice_eq(args, SLICE("an argument")));
		assert_int_equal(verb_by_name(slice_of(line)), VERB_NONE);
		*strchr(line, ' ') = '\0';
		assert_int_equal(verb_by_name(slice_of(line)), verbs[i].verb);
	}
}

/* One byte more, one less, one other: no neighbour of a verb is a verb. */
static void
test_neighbours(void **state)
{
	char line[64];

	(void)state;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		size_t n = strlen(verbs[i].text);

		if (is_made_up(verbs[i].verb))
			continue;
		snprintf(line, sizeof line, "%sQ", verbs[i].text);
		assert_int_equal(parse(line), VERB_UNKNOWN);
		for (size_t k = 0; k < n; k++) {
			snprintf(line, sizeof line, "%s", verbs[i].text);
			line[k] = (char)(line[k] ^ 0x80);
			assert_int_equal(parse(line), VERB_UNKNOWN);
		}
	}
	assert_int_equal(parse("RCP"), VERB_UNKNOWN);
	assert_int_equal(parse("X-EXP"), VERB_UNKNOWN);
	assert_int_equal(parse("XEXPS"), VERB_UNKNOWN);
}

static void
test_odd_lines(void **state)
{
	struct slice args;

	(void)state;
	assert_int_equal(verb_parse(SLICE_NONE, &args), VERB_UNKNOWN);
	assert_int_equal(args.n, 0);
	assert_int_equal(parse(""), VERB_UNKNOWN);
	assert_int_equal(parse("   "), VERB_UNKNOWN);
	assert_int_equal(parse("CONNECT 192.0.2.1:25 HTTP/1.1"), VERB_UNKNOWN);
	assert_int_equal(parse("? what"), VERB_UNKNOWN);
	assert_int_equal(parse("MAIL:FROM"), VERB_UNKNOWN);
	assert_int_equal(parse("250 OK"), VERB_UNKNOWN);
	assert_int_equal(parse("  \tquit"), VERB_QUIT);
	assert_int_equal(parse("QUIT\r"), VERB_QUIT);
	assert_int_equal(parse("\xd2\xc3\xd0\xd4 TO:<a@test.com>"),
	    VERB_UNKNOWN);
	assert_int_equal(verb_parse(SLICE("EHLO\0a b"), &args), VERB_EHLO);
	assert_int_equal(args.n, 4);
	assert_int_equal(verb_parse(SLICE("helo\tpop3.test.com"), &args),
	    VERB_HELO);
	assert_true(slice_eq(args, SLICE("pop3.test.com")));
	assert_int_equal(verb_by_name(SLICE("Rcpt")), VERB_RCPT);
	assert_int_equal(verb_by_name(SLICE("connect")), VERB_CONNECT);
	assert_int_equal(verb_by_name(SLICE("unknown")), VERB_UNKNOWN);
	assert_int_equal(verb_by_name(SLICE("")), VERB_NONE);
	assert_int_equal(verb_by_name(SLICE("RCPTX")), VERB_NONE);
	assert_string_equal(verb_name(VERB_COUNT), "");
	assert_string_equal(verb_name((enum smtp_verb)200), "");
}

static void
test_paths(void **state)
{
	static const struct {
		const char *args, *path, *params;
	} cases[] = {
		{ "FROM:<richie@test.com>", "richie@test.com", "" },
		{ "From: <richie@test.com>  SIZE=12 RET=FULL",
		    "richie@test.com", "SIZE=12 RET=FULL" },
		{ "to:<chris@play.com>NOTIFY=NEVER", "chris@play.com",
		    "NOTIFY=NEVER" },
		{ "FROM:<>", "", "" },
		{ "FROM:<> SIZE=0", "", "SIZE=0" },
		{ "FROM: < > BODY=7BIT", "", "BODY=7BIT" },
		{ "TO:< chris@play.com >", "chris@play.com", "" },
		{ "FROM:bob@test.com SIZE=3", "bob@test.com", "SIZE=3" },
		{ "FROM: bob@test.com", "bob@test.com", "" },
		{ "FROM <bob@test.com>", "bob@test.com", "" },
		{ "FROM<bob@test.com>", "bob@test.com", "" },
		{ "FROM : <bob@test.com>", "bob@test.com", "" },
		{ "TO bob@test.com X=1", "bob@test.com", "X=1" },
		{ "TO:<@a.example.org,@b.example.org:bob@test.com>",
		    "bob@test.com", "" },
		{ "TO:@a.example.org:bob@test.com", "bob@test.com", "" },
		{ "TO:<@a.example.org>", "@a.example.org", "" },
		{ "TO:<\"a>b\"@test.com> X=1", "\"a>b\"@test.com", "X=1" },
		{ "TO:<\"a\\\">b\"@test.com>", "\"a\\\">b\"@test.com", "" },
		{ "TO:<\"open@test.com> X=1", "\"open@test.com", "X=1" },
		{ "TO:<bob@test.com SIZE=1", "bob@test.com", "SIZE=1" },
		{ "TO:< bob@test.com SIZE=1", "bob@test.com", "SIZE=1" },
		{ "TO:<bob smith@test.com>", "bob smith@test.com", "" },
		{ "TO:<\">", "\"", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice path, params;

		assert_true(verb_path(slice_of(cases[i].args), &path, &params));
		assert_non_null(path.p);
		assert_true(slice_eq(path, slice_of(cases[i].path)));
		assert_true(slice_eq(params, slice_of(cases[i].params)));
	}
}

static void
test_no_path(void **state)
{
	static const char *const cases[] = { "", " ", "FROM", "FROM:", "TO: ",
		"FROM:<", "FROM:< ", "FROMAGE", "TOAST:x", "<bob@test.com>",
		"bob@test.com" };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice path = SLICE("x"), params = SLICE("x");

		assert_false(verb_path(slice_of(cases[i]), &path, &params));
		assert_null(path.p);
		assert_null(params.p);
	}
}

static void
test_sizes(void **state)
{
	uint64_t n = 7;
	bool last;

	(void)state;
	assert_true(verb_size(SLICE("SIZE=1460 RET=FULL"), &n));
	assert_int_equal(n, 1460);
	assert_true(verb_size(SLICE("BODY=8BITMIME  size=18446744073709551615"),
	    &n));
	assert_true(n == UINT64_MAX);
	n = 7;
	assert_false(verb_size(SLICE("SIZE=18446744073709551616"), &n));
	assert_false(verb_size(SLICE("SIZE="), &n));
	assert_false(verb_size(SLICE("SIZE=12x"), &n));
	assert_false(verb_size(SLICE("XSIZE=12"), &n));
	assert_false(verb_size(SLICE(""), &n));
	assert_int_equal(n, 7);
	assert_true(verb_bdat(SLICE("2048 LAST"), &n, &last));
	assert_true(n == 2048 && last);
	assert_true(verb_bdat(SLICE("0 last "), &n, &last));
	assert_true(n == 0 && last);
	assert_true(verb_bdat(SLICE("86"), &n, &last));
	assert_true(n == 86 && !last);
	assert_false(verb_bdat(SLICE("LAST"), &n, &last));
	assert_false(verb_bdat(SLICE("x LAST"), &n, &last));
	assert_false(verb_bdat(SLICE("-1"), &n, &last));
	assert_false(verb_bdat(SLICE("12 LASTLY"), &n, &last));
	assert_false(last);
	assert_false(verb_bdat(SLICE(""), &n, &last));
	assert_int_equal(n, 86);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_odd_lines),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_no_path),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
