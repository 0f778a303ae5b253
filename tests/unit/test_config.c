/*
 * The configuration file: where it is, what it sets, what the command line
 * overrules, and mistakes with their line.
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

/* A command line of one argument. */
static void
parse(struct options *o, const char *arg)
{
	static char room[2][100];
	char *argv[] = { room[0], room[1], NULL };
	struct err err;

	snprintf(room[0], sizeof room[0], "ehlog");
	snprintf(room[1], sizeof room[1], "%s", arg);
	if (options_parse(o, 2, argv, &err) != 0)
		fail_msg("%s: %s", arg, err.text);
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

/* Parses arg, then reads `text` as the configuration file. */
static int
configure(const struct home *h, struct options *o, const char *arg,
    const char *text, struct err *err)
{
	write_config(h, slice_of(text));
	parse(o, arg);
	err->text[0] = '\0';
	return options_read_config(o, err);
}

static void
test_file(void **state)
{
	const struct home *h = *state;
	struct options o;
	struct err err;

	if (configure(h, &o, "x.log",
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

	assert_int_equal(configure(h, &o, "--limit=2", text, &err),
	    0);
	assert_true(o.limit == 2);
	assert_string_equal(o.value[OPTION_LIMIT], "2");
	assert_string_equal(o.value[OPTION_TZ], "Z");
	options_free(&o);
	assert_int_equal(configure(h, &o, "-f", text, &err), 0);
	assert_true(option_given(&o, OPTION_FOLLOW));
	options_free(&o);
	/* In the file itself the last one counts. */
	assert_int_equal(configure(h, &o, "x", text, &err), 0);
	assert_true(o.limit == 8);
	options_free(&o);
	assert_int_equal(configure(h, &o, "--no-config", text, &err), 0);
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
		assert_int_equal(configure(h, &o, "x", text, &err), 0);
		assert_true(option_given(&o, OPTION_STATS));
		options_free(&o);
	}
	for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
		snprintf(text, sizeof text,
		    "[options]\nstats = yes\nstats = %s\n", off[i]);
		assert_int_equal(configure(h, &o, "x", text, &err), 0);
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
	parse(&o, "x");
	if (options_read_config(&o, &err) != -1)
		fail_msg("'%s' was taken", text.p);
	snprintf(place, sizeof place, "%s:%d: ", h->path, line);
	if (strncmp(err.text, place, strlen(place)) != 0 ||
	    !strstr(err.text, word))
		fail_msg("'%s' without '%s' and '%s'", err.text, place, word);
	options_free(&o);
}

/* Clocks of hosts: the command line counts more, what is for all less. */
static void
test_clocks(void **state)
{
	static const char text[] = "[zones]\nmx1 = +02:00\nmx1=+03:00\n"
	    "[skews]\nmx1 = -1.5s\nmx2 = 1h\n[options]\ntz = Z\ntz = -01:00\n";
	struct option_source of[] = { { .host = "MX1" }, { .host = "mx2" },
		{ .host = NULL }, { .host = "mx1", .skewed = true, .skew = 5 } };
	static const struct { int offset, skew; } want[] = { { 10800, -1500 },
		{ -3600, 3600000 }, { -3600, 0 }, { 10800, 5 } };
	const struct home *h = *state;
	struct option_clock c;
	struct options o;
	struct err err;

	if (configure(h, &o, "x.log", text, &err) != 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		c = options_clock(&o, &of[i]);
		assert_int_equal(c.zone->kind, ZONE_FIXED);
		assert_int_equal(c.zone->offset, want[i].offset);
		assert_int_equal(c.skew, want[i].skew);
	}
	/* The one path is of no host. */
	assert_int_equal(o.zone.offset, -3600);
	options_free(&o);
	if (configure(h, &o, "--tz=+09:00", text, &err) != 0)
		fail_msg("%s", err.text);
	c = options_clock(&o, &of[0]);
	assert_int_equal(c.zone->offset, 9 * 3600);
	assert_int_equal(c.skew, -1500);
	options_free(&o);
	config_bad(h, SLICE("[zones]\nmx1 = Nowhere/Land\n"), 2, "mx1: zone");
	config_bad(h, SLICE("[skews]\n\nmx1 = much\n"), 3, "mx1: 'much'");
	config_bad(h, SLICE("[options]\nskew = 1s\n"), 2, "command line alone");
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

	parse(&o, "x");
	assert_int_equal(options_read_config(&o, &err), 0);
	assert_null(o.config_path);
	assert_int_equal(o.nsettings, 0);
	options_free(&o);
	/* A folder in its place is no missing file. */
	assert_int_equal(mkdir(h->path, 0700), 0);
	parse(&o, "x");
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
		parse(&o, "x");
		assert_int_equal(options_read_config(&o, &err), 0);
		assert_true(o.limit == 3);
		options_free(&o);
	}
	unlink(dot);
	unsetenv("HOME");
	parse(&o, "x");
	assert_int_equal(options_read_config(&o, &err), 0);
	assert_null(o.config_path);
	options_free(&o);
}

#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_HOME(test_file),
		WITH_HOME(test_clocks),
		WITH_HOME(test_command_line_wins),
		WITH_HOME(test_flags),
		WITH_HOME(test_file_mistakes),
		WITH_HOME(test_no_file),
		WITH_HOME(test_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
