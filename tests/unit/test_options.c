/*
 * The command line and the configuration file: what is taken, what is refused
 * and with which words; that the table is whole and --help shows all of it.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	options_help(out, columns);
	assert_int_equal(fclose(out), 0);
	return text;
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

/* A folder of our own, with the configuration file in it. */
struct home {
	char base[512], folder[600], path[700];
};

static int
set_up(void **state)
{
	struct home *h = calloc(1, sizeof *h);
	char here[400];

	if (!h || !getcwd(here, sizeof here))
		return -1;
	snprintf(h->base, sizeof h->base, "%s/test_options.XXXXXX", here);
	if (!mkdtemp(h->base))
		return -1;
	snprintf(h->folder, sizeof h->folder, "%s/ehlog", h->base);
	snprintf(h->path, sizeof h->path, "%s/ehlog.conf", h->folder);
	setenv("XDG_CONFIG_HOME", h->base, 1);
	*state = h;
	return mkdir(h->folder, 0700);
}

static int
tear_down(void **state)
{
	struct home *h = *state;

	unlink(h->path);
	rmdir(h->path);
	rmdir(h->folder);
	rmdir(h->base);
	free(h);
	return 0;
}

static void
write_config(const struct home *h, struct slice text)
{
	FILE *f = fopen(h->path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	assert_int_equal(fclose(f), 0);
}

/* Parses argv, then reads `text` as the configuration file. */
static int
configure(const struct home *h, struct options *o, const char *const argv[],
    const char *text, struct err *err)
{
	write_config(h, slice_of(text));
	parse_good(o, argv);
	err->text[0] = '\0';
	return options_read_config(o, err);
}

static void
test_file(void **state)
{
	const struct home *h = *state;
	struct options o;
	struct err err;

	if (configure(h, &o, ARGS("x.log"),
	    "\xef\xbb\xbf# comment\r\n"
	    "[options]\r\n"
	    "tz = -03:30\r\n"
	    "  limit=7\n"
	    "\n"
	    "follow = yes\n"
	    "stats = off\n"
	    "; comment\n"
	    "[keys]\n"
	    "quit = q Q\n"
	    "follow = F", &err) != 0)
		fail_msg("%s", err.text);
	assert_string_equal(o.config_path, h->path);
	assert_string_equal(o.value[OPTION_TZ], "-03:30");
	assert_int_equal(o.zone.offset, -12600);
	assert_true(o.limit == 7);
	assert_string_equal(o.value[OPTION_FOLLOW], "");
	assert_null(o.value[OPTION_STATS]);
	assert_int_equal(o.nsettings, 6);
	assert_string_equal(o.settings[4].section, "keys");
	assert_string_equal(o.settings[4].key, "quit");
	assert_string_equal(o.settings[4].value, "q Q");
	assert_int_equal(o.settings[4].line, 10);
	assert_int_equal(o.settings[5].line, 11);
	options_free(&o);
	assert_int_equal(o.nsettings, 0);
}

static void
test_command_line_wins(void **state)
{
	const struct home *h = *state;
	static const char text[] =
	    "[options]\nlimit = 7\nlimit = 8\ntz = Z\nfollow = no\n";
	struct options o;
	struct err err;

	assert_int_equal(configure(h, &o, ARGS("--limit=2", "-f"), text, &err),
	    0);
	assert_true(o.limit == 2);
	assert_string_equal(o.value[OPTION_LIMIT], "2");
	assert_true(option_given(&o, OPTION_FOLLOW));
	assert_string_equal(o.value[OPTION_TZ], "Z");
	options_free(&o);
	/* In the file itself the last one counts. */
	assert_int_equal(configure(h, &o, ARGS("x"), text, &err), 0);
	assert_true(o.limit == 8);
	options_free(&o);
	assert_int_equal(configure(h, &o, ARGS("--no-config"), text, &err), 0);
	assert_true(o.limit == 0);
	assert_null(o.config_path);
	options_free(&o);
}

static void
test_flags(void **state)
{
	const struct home *h = *state;
	static const char *const on[] = { "yes", "true", "on", "ON", "Yes" };
	static const char *const off[] = { "no", "false", "off", "OFF" };
	struct options o;
	struct err err;
	char text[80];

	for (size_t i = 0; i < sizeof on / sizeof on[0]; i++) {
		snprintf(text, sizeof text, "[options]\nstats = %s\n", on[i]);
		assert_int_equal(configure(h, &o, ARGS("x"), text, &err), 0);
		assert_true(option_given(&o, OPTION_STATS));
		options_free(&o);
	}
	for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
		snprintf(text, sizeof text,
		    "[options]\nstats = yes\nstats = %s\n", off[i]);
		assert_int_equal(configure(h, &o, ARGS("x"), text, &err), 0);
		assert_false(option_given(&o, OPTION_STATS));
		options_free(&o);
	}
}

/* `text` is refused: the file, `line` and `word` are in the words. */
static void
config_bad(const struct home *h, struct slice text, int line, const char *word)
{
	struct options o;
	struct err err = { "" };
	char place[720];

	write_config(h, text);
	parse_good(&o, ARGS("x"));
	if (options_read_config(&o, &err) != -1)
		fail_msg("'%s' was taken", text.p);
	snprintf(place, sizeof place, "%s:%d: ", h->path, line);
	if (strncmp(err.text, place, strlen(place)) != 0 ||
	    !strstr(err.text, word))
		fail_msg("'%s' without '%s' and '%s'", err.text, place, word);
	options_free(&o);
}

static void
test_file_mistakes(void **state)
{
	const struct home *h = *state;
	char line[1200];

	config_bad(h, SLICE("[options]\nlimti = 5\n"), 2,
	    "did you mean 'limit'?");
	config_bad(h, SLICE("[options]\nqqqqq = 5\n"), 2, "'qqqqq'");
	/* No prefixes here: the file outlives the options of today. */
	config_bad(h, SLICE("[options]\n\nlim = 5\n"), 3, "'lim'");
	config_bad(h, SLICE("[Options]\nlimit = many\n"), 2, "'many'");
	config_bad(h, SLICE("[options]\ntz = Nowhere/Land\n"), 2, "Nowhere");
	config_bad(h, SLICE("[options]\nfollow = maybe\n"), 2, "'maybe'");
	config_bad(h, SLICE("[options]\nfollow =\n"), 2, "yes or no");
	config_bad(h, SLICE("[options]\nhelp = yes\n"), 2, "command line");
	config_bad(h, SLICE("\n\nlimit = 5\n"), 3, "[section]");
	config_bad(h, SLICE("[options]\nno sense\n"), 2, "key = value");
	config_bad(h, SLICE("[options\nlimit = 5\n"), 1, "key = value");
	/* An indented line is a line of its own, not more of a value. */
	config_bad(h, SLICE("[options]\ntz = Z\n  stats\n"), 3, "key = value");
	/* The first of several is the one that is told. */
	config_bad(h, SLICE("[options]\nlimit = x\nlimit = y\n"), 2, "'x'");
	config_bad(h, SLICE("[options]\nfil\0ter = a\n"), 2, "NUL");
	memset(line, 'x', sizeof line);
	memcpy(line, "[options]\nfilter = ", 19);
	config_bad(h, (struct slice){ line, sizeof line }, 2, "too long");
}

static void
test_no_file(void **state)
{
	const struct home *h = *state;
	struct options o;
	struct err err = { "" };

	parse_good(&o, ARGS("x"));
	assert_int_equal(options_read_config(&o, &err), 0);
	assert_null(o.config_path);
	assert_int_equal(o.nsettings, 0);
	options_free(&o);
	/* A folder in its place is no missing file. */
	assert_int_equal(mkdir(h->path, 0700), 0);
	parse_good(&o, ARGS("x"));
	assert_int_equal(options_read_config(&o, &err), -1);
	assert_non_null(strstr(err.text, h->path));
	options_free(&o);
}

/* XDG: not set, empty or not absolute means ~/.config. */
static void
test_where(void **state)
{
	const struct home *h = *state;
	struct options o;
	struct err err = { "" };
	char dot[600];

	write_config(h, SLICE("[options]\nlimit = 3\n"));
	snprintf(dot, sizeof dot, "%s/.config", h->base);
	assert_int_equal(symlink(".", dot), 0);
	setenv("HOME", h->base, 1);
	for (int i = 0; i < 3; i++) {
		if (i == 0)
			unsetenv("XDG_CONFIG_HOME");
		else
			setenv("XDG_CONFIG_HOME", i == 1 ? "" : "not/absolute",
			    1);
		parse_good(&o, ARGS("x"));
		assert_int_equal(options_read_config(&o, &err), 0);
		assert_true(o.limit == 3);
		options_free(&o);
	}
	unlink(dot);
	unsetenv("HOME");
	parse_good(&o, ARGS("x"));
	assert_int_equal(options_read_config(&o, &err), 0);
	assert_null(o.config_path);
	options_free(&o);
}

#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_short_and_cut),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_arguments),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_table_is_whole),
		cmocka_unit_test(test_help),
		WITH_HOME(test_file),
		WITH_HOME(test_command_line_wins),
		WITH_HOME(test_flags),
		WITH_HOME(test_file_mistakes),
		WITH_HOME(test_no_file),
		WITH_HOME(test_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
