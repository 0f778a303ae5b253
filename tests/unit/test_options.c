/*
 * The command line: what is taken, what is refused and with which words; that
 * the table is whole and --help shows all of it.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "config/options.h"

#define ARGS_MAX 16
/* A command line as one array, ended by NULL. */
#define ARGS(...) ((const char *const []){ "ehlog", __VA_ARGS__, NULL })

/* argv as main() gets it: its strings may be changed, so they are copies. */
static int
parse(struct options *o, const char *const argv[], struct err *err)
{
	static char room[ARGS_MAX][6000];
	char *copy[ARGS_MAX + 1] = { NULL };
	int argc = 0;

	for (; argv[argc]; argc++) {
		assert_true(argc < ARGS_MAX);
		snprintf(room[argc], sizeof room[argc], "%s", argv[argc]);
		copy[argc] = room[argc];
	}
	err->text[0] = '\0';
	return options_parse(o, argc, copy, err);
}

static void
parse_good(struct options *o, const char *const argv[])
{
	struct err err;

	if (parse(o, argv, &err) != 0)
		fail_msg("not taken: %s", err.text);
}

/* argv is refused, with words that hold `word`. */
static void
parse_bad(const char *const argv[], const char *word)
{
	struct options o;
	struct err err;

	if (parse(&o, argv, &err) != -1)
		fail_msg("%s was taken", argv[1]);
	if (!strstr(err.text, word))
		fail_msg("%s: '%s' without '%s'", argv[1], err.text, word);
	options_free(&o);
}

static void
test_nothing(void **state)
{
	struct options o;
	struct err err;
	char *none[] = { NULL };

	(void)state;
	assert_int_equal(options_parse(&o, 0, none, &err), 0);
	options_free(&o);
	parse_good(&o, (const char *const []){ "ehlog", NULL });
	for (size_t i = 0; i < OPTION_COUNT; i++)
		assert_false(option_given(&o, (enum option_id)i));
	assert_int_equal(o.npaths, 0);
	assert_true(o.limit == 0);
	assert_int_equal(o.zone.kind, ZONE_NONE);
	options_free(&o);
}

static void
test_values(void **state)
{
	struct options o;

	(void)state;
	parse_good(&o, ARGS("--filter=code:5xx", "--sort", "-start", "-f",
	    "a.log", "--limit=25", "--tz=+02:00", "b.log", "--print="));
	assert_string_equal(o.value[OPTION_FILTER], "code:5xx");
	assert_string_equal(o.value[OPTION_SORT], "-start");
	assert_string_equal(o.value[OPTION_FOLLOW], "");
	assert_string_equal(o.value[OPTION_PRINT], "");
	assert_true(o.limit == 25);
	assert_int_equal(o.zone.kind, ZONE_FIXED);
	assert_int_equal(o.zone.offset, 7200);
	assert_false(option_given(&o, OPTION_STATS));
	/* Options may stand between paths. */
	assert_int_equal(o.npaths, 2);
	assert_string_equal(o.paths[0], "a.log");
	assert_string_equal(o.paths[1], "b.log");
	options_free(&o);
	/* Only the first = parts; of two values the last one counts. */
	parse_good(&o, ARGS("--filter=from:a=b", "--limit=1", "--limit=2"));
	assert_string_equal(o.value[OPTION_FILTER], "from:a=b");
	assert_true(o.limit == 2);
	options_free(&o);
}

static void
expect_clock(const struct options *o, const struct option_source *of,
    enum zone_kind kind, int offset, int64_t skew)
{
	struct option_clock c = options_clock(o, of);

	assert_int_equal(c.zone->kind, kind);
	assert_int_equal(c.zone->offset, offset);
	assert_true(c.skew == skew);
}

/* One --tz is of all; of several each is of what stands behind it. */
static void
test_zones(void **state)
{
	struct options o;

	(void)state;
	parse_good(&o, ARGS("a.log", "--exec", "true", "--tz=+02:00"));
	expect_clock(&o, &o.path_source[0], ZONE_FIXED, 7200, 0);
	expect_clock(&o, &o.commands[0].source, ZONE_FIXED, 7200, 0);
	assert_int_equal(o.zone.offset, 7200);
	assert_false(o.all_in_zone);
	options_free(&o);
	parse_good(&o, ARGS("a.log", "--tz=+02:00", "b.log", "--tz=-05:00",
	    "c.log", "--exec", "true"));
	expect_clock(&o, &o.path_source[0], ZONE_FIXED, 7200, 0);
	expect_clock(&o, &o.path_source[1], ZONE_FIXED, 7200, 0);
	expect_clock(&o, &o.path_source[2], ZONE_FIXED, -18000, 0);
	expect_clock(&o, &o.commands[0].source, ZONE_FIXED, -18000, 0);
	/* What is shown is in the first of several, or as is asked for. */
	assert_int_equal(o.zone.offset, 7200);
	assert_true(o.all_in_zone);
	options_free(&o);
	parse_good(&o, ARGS("--display-tz=Z", "--tz=+02:00", "a.log"));
	expect_clock(&o, &o.path_source[0], ZONE_FIXED, 7200, 0);
	assert_int_equal(o.zone.kind, ZONE_FIXED);
	assert_int_equal(o.zone.offset, 0);
	assert_true(o.all_in_zone);
	options_free(&o);
	/* The same zone twice is one; of two for one source the last counts. */
	parse_good(&o, ARGS("--tz=+09:00", "--tz=+02:00", "a.log", "--tz=+0200",
	    "b.log"));
	expect_clock(&o, &o.path_source[0], ZONE_FIXED, 7200, 0);
	assert_int_equal(o.zone.offset, 7200);
	assert_false(o.all_in_zone);
	options_free(&o);
	/* What is added later is of the last one. */
	parse_good(&o, ARGS("--tz=+01:00", "--tz=+02:00", "--skew=-3s"));
	options_add_path(&o, (char *)(uintptr_t)"-");
	expect_clock(&o, &o.path_source[0], ZONE_FIXED, 7200, -3000);
	assert_int_equal(o.zone.offset, 7200);
	options_free(&o);
	parse_bad(ARGS("--tz=Z", "a.log", "--tz=+01:00"),
	    "--tz=+01:00 is of nothing");
	parse_bad(ARGS("--display-tz=Nowhere", "a.log"), "--display-tz: zone");
}

static void
test_skews(void **state)
{
	struct options o;

	(void)state;
	parse_good(&o, ARGS("a.log", "--skew=+2.5s", "b.log", "c.log", "--skew",
	    "-90s", "--exec", "true", "--skew=0", "d.log"));
	expect_clock(&o, &o.path_source[0], ZONE_NONE, 0, 0);
	expect_clock(&o, &o.path_source[1], ZONE_NONE, 0, 2500);
	expect_clock(&o, &o.path_source[2], ZONE_NONE, 0, 2500);
	expect_clock(&o, &o.commands[0].source, ZONE_NONE, 0, -90000);
	expect_clock(&o, &o.path_source[3], ZONE_NONE, 0, 0);
	assert_int_equal(o.zone.kind, ZONE_NONE);
	options_free(&o);
	parse_bad(ARGS("a.log", "--skew=1h"), "--skew=1h is of nothing");
	parse_bad(ARGS("--skew=1h", "--skew=2h", "a.log"), "--skew=1h");
	parse_bad(ARGS("--skew=", "a.log"), "is no shift");
	parse_bad(ARGS("--skew=soon", "a.log"), "'soon'");
	parse_bad(ARGS("--skew=+-1s", "a.log"), "is no shift");
	parse_bad(ARGS("--skew=99999d", "a.log"), "a hundred years");
	parse_bad(ARGS("--skew=-99999d", "a.log"), "a hundred years");
}

static void
test_paths(void **state)
{
	struct options o;

	(void)state;
	parse_good(&o, ARGS("-", "--stats", "--", "--follow", "-x", "--", ""));
	assert_int_equal(o.npaths, 5);
	assert_string_equal(o.paths[0], "-");
	assert_string_equal(o.paths[1], "--follow");
	assert_string_equal(o.paths[2], "-x");
	assert_string_equal(o.paths[3], "--");
	assert_string_equal(o.paths[4], "");
	assert_true(option_given(&o, OPTION_STATS));
	assert_false(option_given(&o, OPTION_FOLLOW));
	options_free(&o);
}

static void
test_short_and_cut(void **state)
{
	struct options o;

	(void)state;
	parse_good(&o, ARGS("-fhV"));
	assert_true(option_given(&o, OPTION_FOLLOW));
	assert_true(option_given(&o, OPTION_HELP));
	assert_true(option_given(&o, OPTION_VERSION));
	options_free(&o);
	parse_good(&o, ARGS("--fil=x", "--fol", "--sh", "--lim=3"));
	assert_string_equal(o.value[OPTION_FILTER], "x");
	assert_true(option_given(&o, OPTION_FOLLOW));
	assert_true(option_given(&o, OPTION_SECRETS));
	assert_true(o.limit == 3);
	options_free(&o);
}

static void
test_refused(void **state)
{
	(void)state;
	parse_bad(ARGS("--nonsense-of-a-kind"), "--nonsense-of-a-kind");
	parse_bad(ARGS("--folow"), "did you mean --follow?");
	parse_bad(ARGS("--fitler=x"), "did you mean --filter?");
	parse_bad(ARGS("--show-secret=1"), "--show-secrets takes no value");
	parse_bad(ARGS("--qqqq"), "--help");
	parse_bad(ARGS("--=x"), "no option --");
	/* A prefix of several: all of them, and no other, are named. */
	parse_bad(ARGS("--fo"), "--format, --follow");
	parse_bad(ARGS("--li=3"), "any of --limit, --list-formats");
	parse_bad(ARGS("-x"), "-x");
	parse_bad(ARGS("-fx"), "-x");
	parse_bad(ARGS("--follow=yes"), "--follow takes no value");
	parse_bad(ARGS("--filter"), "--filter needs a value");
	parse_bad(ARGS("a.log", "--tz"), "--tz=ZONE");
	parse_bad(ARGS("--limit=0"), "--limit");
	parse_bad(ARGS("--limit=-1"), "--limit");
	parse_bad(ARGS("--limit=ten"), "'ten'");
	parse_bad(ARGS("--limit="), "--limit");
	parse_bad(ARGS("--limit=18446744073709551616"), "--limit");
	parse_bad(ARGS("--tz=Nowhere/Land"), "Nowhere/Land");
	parse_bad(ARGS("--tz=+99"), "--tz");
}

/* However long the argument is, the words stay whole. */
static void
test_long_arguments(void **state)
{
	static char arg[5000];

	(void)state;
	memset(arg, 'x', sizeof arg - 1);
	memcpy(arg, "--", 2);
	parse_bad(ARGS(arg), "--help");
	memcpy(arg, "--tz=", 5);
	parse_bad(ARGS(arg), "Europe/Berlin");
	memcpy(arg, "--limit=", 8);
	parse_bad(ARGS(arg), "from 1 on");
	memcpy(arg, "-xxxxxxx", 8);
	parse_bad(ARGS(arg), "--help");
}

static void
test_nearest(void **state)
{
	(void)state;
	assert_ptr_equal(option_nearest(SLICE("sorted")),
	    &option_rows[OPTION_SORT]);
	assert_ptr_equal(option_nearest(SLICE("FORMAT")), NULL);
	assert_ptr_equal(option_nearest(SLICE("lsit-formats")),
	    &option_rows[OPTION_LIST_FORMATS]);
	assert_null(option_nearest(SLICE("x")));
	assert_null(option_nearest(SLICE_NONE));
	assert_ptr_equal(option_find(SLICE("tz")), &option_rows[OPTION_TZ]);
	assert_null(option_find(SLICE("t")));
	assert_null(option_find(SLICE_NONE));
}

static void
test_table_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_rows[i];
		struct slice help = slice_of(row->help);

		assert_int_equal(row->id, i);
		assert_true(row->name && row->group && *row->group);
		assert_true(help.n > 0 && help.p[help.n - 1] != '.');
		assert_null(strpbrk(row->name, "= ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
		assert_true(strlen(row->name) >= 2 && row->name[0] != '-');
		assert_true(!row->value || *row->value);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(row->name, option_rows[k].name);
			assert_true(!row->letter ||
			    row->letter != option_rows[k].letter);
		}
	}
}

/* --help at a width, as one string to be freed. */
static char *
help_text(unsigned columns)
{
	char *text = NULL, *copy;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	options_help(out, columns);
	assert_int_equal(fclose(out), 0);
	/* A compiler may take what it finds in there for a part of `text`. */
	copy = strdup(text);
	assert_non_null(copy);
	free(text);
	return copy;
}

/* The same words in the same order, with one blank between them. */
static void
fold_blanks(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		bool blank = *p == ' ' || *p == '\n';

		if (!blank)
			*to++ = *p;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
}

static void
check_help(unsigned columns, size_t widest)
{
	char *text = help_text(columns);
	struct slice rest = slice_of(text), line;

	while (slice_cut(&rest, '\n', &line)) {
		if (line.n > widest)
			fail_msg("%zu columns: %.*s", line.n, SLICE_ARGS(line));
		assert_true(line.n == 0 || line.p[line.n - 1] != ' ');
	}
	fold_blanks(text);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		struct buf row = { 0 };

		buf_addf(&row, "--%s%s%s %s", option_rows[i].name,
		    option_rows[i].value ? "=" : "",
		    option_rows[i].value ? option_rows[i].value : "",
		    option_rows[i].help);
		buf_add_char(&row, '\0');
		if (!strstr(text, row.p))
			fail_msg("--help at %u lacks: %s", columns, row.p);
		buf_free(&row);
	}
	free(text);
}

static void
test_help(void **state)
{
	char *text = help_text(80);
	const char *input, *output;

	(void)state;
	check_help(80, 80);
	check_help(200, 200);
	check_help(0, 80);
	check_help(60, 80);
	check_help(40, 80);
	check_help(1, 80);
	/* A group has its heading once, its options under it. */
	input = strstr(text, "\nInput\n");
	output = strstr(text, "\nOutput\n");
	assert_non_null(input);
	assert_non_null(output);
	assert_null(strstr(input + 1, "\nInput\n"));
	assert_true(strstr(text, "--tz") > input);
	assert_true(strstr(text, "--tz") < output);
	assert_true(strstr(text, "--show-secrets") > output);
	assert_non_null(strstr(text, "\n  -f, --follow "));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_skews),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_short_and_cut),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_arguments),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_table_is_whole),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
