/*
 * Help, prompts, styles, saving, following: the rest of the face as cells.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/utf8.h"
#include "input/wake.h"
#include "ui/osc52.h"
#include "with_stage.h"

/* --- help ------------------------------------------------------------------- */

static void
help_names_every_command(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 200, 200);
	press(&w, "?");
	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++)
		expect_seen(&w, command_rows[i].help);
	for (const struct filter_field *f = filter_fields; f->name; f++)
		expect_seen(&w, f->example);
	without_stage(&w);
}

static void
help_scrolls_and_goes_away(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 10, 40);
	press(&w, "F1");
	expect_seen(&w, "one line down");
	press(&w, "Space");
	expect_not_seen(&w, "one line down");
	press(&w, "G");
	expect_seen(&w, columns[COLUMN_COUNT - 1].name);
	press(&w, "5");
	expect_seen(&w, "leave the help first");
	press(&w, "g q");
	expect_cursor_at(&w, "1 220 ");
	press(&w, "? ?");
	expect_cursor_at(&w, "1 220 ");
	without_stage(&w);
}

static void
help_shows_the_keys_in_force(void **state)
{
	static char section[] = "keys", name[] = "open", keys[] = "F12";
	struct setting s = { section, name, keys, 1 };
	struct options o = { .settings = &s, .nsettings = 1 };
	struct face_options fo = { .options = &o };
	struct with_stage w;

	(void)state;
	with_stage_options(&w, sample_log, 100, 100, &fo);
	expect_seen(&w, "F12 open");
	press(&w, "F12 q ?");
	expect_seen(&w, "F12                   open the transcript");
	without_stage(&w);
}

/* --- the prompt --------------------------------------------------------------- */

static void
prompt_says(struct with_stage *w, const char *wanted)
{
	assert_string_equal(prompt_text(&w->stage.prompt), wanted);
}

static void
a_line_is_edited(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "f");
	type(&w, "one two  three");
	press(&w, "^W");
	prompt_says(&w, "one two  ");
	press(&w, "^W");
	prompt_says(&w, "one ");
	press(&w, "^A x \xc3\xa9 Right Del");
	prompt_says(&w, "x\xc3\xa9oe ");
	press(&w, "^E BS Left Left BS");
	prompt_says(&w, "xoe");
	press(&w, "^U");
	prompt_says(&w, "oe");
	press(&w, "End ^U");
	prompt_says(&w, "");
	assert_int_equal(w.canvas.cursor_row, 22);
	assert_int_equal(w.canvas.cursor_col, 8);
	without_stage(&w);
}

static void
lines_come_back_from_history(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "f");
	type(&w, "is:ok");
	press(&w, "Enter f ^U");
	type(&w, "is:dropped");
	press(&w, "Enter f ^U");
	type(&w, "is");
	press(&w, "Up");
	prompt_says(&w, "is:dropped");
	press(&w, "^P");
	prompt_says(&w, "is:ok");
	press(&w, "Up Down Down");
	prompt_says(&w, "is");
	without_stage(&w);
}

static void
a_long_line_scrolls(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 10, 40);
	press(&w, "f");
	type(&w, "from:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaz");
	assert_true(w.canvas.cursor_col < 40);
	expect_seen(&w, "aaaz");
	press(&w, "Home");
	expect_seen(&w, "filter: from:aaa");
	without_stage(&w);
}

/* --- styles ------------------------------------------------------------------- */

static bool
same_look(const struct look *a, const struct look *b)
{
	return a->fore == b->fore && a->back == b->back &&
	    a->attributes == b->attributes;
}

static void
classes_are_told_apart_with_and_without_colour(void **state)
{
	static const enum style classes[] = { STYLE_FINE, STYLE_GOON,
	    STYLE_TEMPORARY, STYLE_PERMANENT, STYLE_DROPPED };
	struct theme t;
	struct err err;

	(void)state;
	for (int colour = 0; colour < 2; colour++) {
		assert_int_equal(theme_init(&t, colour, NULL, &err), 0);
		for (size_t i = 0; i < 5; i++)
			for (size_t j = i + 1; j < 5; j++)
				assert_false(same_look(&t.looks[classes[i]],
				    &t.looks[classes[j]]));
		for (int i = 0; i < STYLE_COUNT; i++)
			assert_true(colour || (t.looks[i].fore == -1 &&
			    t.looks[i].back == -1));
	}
	assert_int_equal(theme_init(&t, true, NULL, &err), 0);
	assert_int_equal(t.looks[STYLE_FINE].fore, 2);
	assert_int_equal(t.looks[STYLE_GOON].fore, 6);
	assert_int_equal(t.looks[STYLE_TEMPORARY].fore, 3);
	assert_int_equal(t.looks[STYLE_PERMANENT].fore, 1);
	assert_int_equal(style_of_code(250), STYLE_FINE);
	assert_int_equal(style_of_code(354), STYLE_GOON);
	assert_int_equal(style_of_code(421), STYLE_TEMPORARY);
	assert_int_equal(style_of_code(599), STYLE_PERMANENT);
	assert_int_equal(style_of_code(0), STYLE_NORMAL);
	assert_int_equal(style_of_code(65535), STYLE_NORMAL);
}

static void
the_configuration_gives_other_colours(void **state)
{
	static char section[] = "colours", name[] = "permanent",
	    value[] = "bold white 196", wrong[] = "bold pink", no[] = "pink";
	struct setting s = { section, name, value, 3 };
	struct options o = { .settings = &s, .nsettings = 1 };
	struct theme t;
	struct err err;

	(void)state;
	assert_int_equal(theme_init(&t, true, &o, &err), 0);
	assert_int_equal(t.looks[STYLE_PERMANENT].fore, 7);
	assert_int_equal(t.looks[STYLE_PERMANENT].back, 196);
	assert_int_equal(t.looks[STYLE_PERMANENT].attributes, LOOK_BOLD);
	assert_int_equal(theme_init(&t, false, &o, &err), 0);
	assert_int_equal(t.looks[STYLE_PERMANENT].fore, -1);
	s.value = wrong;
	assert_int_equal(theme_init(&t, true, &o, &err), -1);
	assert_non_null(strstr(err.text, "configuration:3: 'pink'"));
	s.key = no;
	assert_int_equal(theme_init(&t, true, &o, &err), -1);
	assert_non_null(strstr(err.text, "no style 'pink'"));
}

static void
the_configuration_chooses_columns(void **state)
{
	static char section[] = "columns", name[] = "list",
	    value[] = "outcome, number", wrong[] = "number number";
	struct setting s = { section, name, value, 4 };
	struct options o = { .settings = &s, .nsettings = 1 };
	struct face_options fo = { .options = &o };
	struct with_stage w;
	struct scene sc = { 0 };
	struct list l;
	struct err err;

	(void)state;
	with_stage_options(&w, sample_log, 24, 80, &fo);
	expect_seen(&w, "  Outcome");
	expect_not_seen(&w, "From");
	expect_cursor_at(&w, "ok ");
	without_stage(&w);
	s.value = wrong;
	assert_int_equal(list_init(&l, &sc, &o, NULL, &err), -1);
	assert_non_null(strstr(err.text, "configuration:4: 'number'"));
}

/* --- the clipboard -------------------------------------------------------------- */

/* RFC 4648, section 10. */
static void
base64_is_right(void **state)
{
	static const char *const vectors[][2] = { { "", "" },
	    { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
	    { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
	    { "foobar", "Zm9vYmFy" } };

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		struct buf out = { 0 };

		base64_add(&out, slice_of(vectors[i][0]));
		assert_int_equal(out.n, strlen(vectors[i][1]));
		if (out.n)
			assert_memory_equal(out.p, vectors[i][1], out.n);
		buf_free(&out);
	}
}

static void
the_clipboard_sequence_is_wrapped_for_screen(void **state)
{
	struct buf out = { 0 };

	(void)state;
	assert_true(osc52_make(&out, SLICE("foo"), "xterm-256color", NULL));
	assert_true(slice_eq(buf_slice(&out), SLICE("\033]52;c;Zm9v\a")));
	out.n = 0;
	assert_true(osc52_make(&out, SLICE("foo"), "screen-256color",
	    "/tmp/tmux,1,0"));
	assert_true(slice_eq(buf_slice(&out), SLICE("\033]52;c;Zm9v\a")));
	out.n = 0;
	assert_true(osc52_make(&out, SLICE("foo"), "screen", NULL));
	assert_true(slice_eq(buf_slice(&out),
	    SLICE("\033P\033]52;c;Zm9v\a\033\\")));
	out.n = 0;
	assert_false(osc52_make(&out, SLICE("foo"), "linux", NULL));
	assert_false(osc52_make(&out, SLICE("foo"), NULL, NULL));
	assert_int_equal(out.n, 0);
	buf_free(&out);
}

/* --- saving --------------------------------------------------------------------- */

static char *
contents(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void
save_as(struct with_stage *w, const char *name, char path[600])
{
	snprintf(path, 600, "%s/%s", w->log.dir, name);
	press(w, "s ^U");
	type(w, path);
	press(w, "Enter");
}

static void
a_list_and_a_transcript_are_saved(void **state)
{
	struct with_stage w;
	char path[600];

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "5");
	save_as(&w, "list.csv", path);
	expect_seen(&w, "saved 2 sessions");
	assert_non_null(strstr(contents(path), "nobody@example.org"));
	assert_null(strstr(contents(path), "dora@example.com"));
	save_as(&w, "list.json", path);
	assert_int_equal(contents(path)[0], '{');
	press(&w, "Enter");
	save_as(&w, "one.txt", path);
	expect_seen(&w, "saved");
	assert_non_null(strstr(contents(path), "550 5.1.10 Recipient not"));
	without_stage(&w);
}

static void
nothing_is_written_over_unasked(void **state)
{
	struct with_stage w;
	char path[600];

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	with_file(&w.log, "mine.txt", "precious", 8);
	save_as(&w, "mine.txt", path);
	expect_seen(&w, "write over it? (y/n)");
	press(&w, "n");
	expect_seen(&w, "not written");
	assert_string_equal(contents(path), "precious");
	save_as(&w, "mine.txt", path);
	press(&w, "y");
	expect_seen(&w, "saved 6 sessions");
	assert_null(strstr(contents(path), "precious"));
	without_stage(&w);
}

static void
a_log_is_never_written(void **state)
{
	struct with_stage w;
	char path[600];

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	save_as(&w, "RECV2026112310-1.LOG", path);
	expect_seen(&w, "is the log itself");
	assert_string_equal(contents(path), sample_log);
	save_as(&w, "no/such/folder/x", path);
	expect_not_seen(&w, "saved");
	without_stage(&w);
}

static char *
path_of(struct with_stage *w, const char *name)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s/%s", w->log.dir, name);
	return b.p;
}

/* The index has not come to it, or it is not there yet. */
static void
a_log_that_is_named_is_never_written(void **state)
{
	char *paths[2], path[600];
	struct options o = { .paths = paths };
	struct face_options fo = { .options = &o };
	struct with_stage w;

	(void)state;
	with_stage_options(&w, sample_log, 24, 160, &fo);
	with_file(&w.log, "waiting.txt", "not read so far", 15);
	paths[0] = path_of(&w, "waiting.txt");
	paths[1] = path_of(&w, "to-come.txt");
	o.npaths = 2;
	save_as(&w, "waiting.txt", path);
	expect_seen(&w, "waiting.txt is the log itself");
	assert_string_equal(contents(path), "not read so far");
	save_as(&w, "to-come.txt", path);
	expect_seen(&w, "to-come.txt is the log itself");
	assert_int_equal(access(path, F_OK), -1);
	save_as(&w, "other.txt", path);
	expect_seen(&w, "saved 6 sessions");
	free(paths[0]);
	free(paths[1]);
	without_stage(&w);
}

/* What was saved in a folder of logs may be saved there again. */
static void
a_log_in_a_folder_that_is_named_is_never_written(void **state)
{
	static const char *const names[] = { "list.txt", "list.csv",
	    "list.json" };
	char *paths[1], path[600];
	struct options o = { .paths = paths };
	struct face_options fo = { .options = &o };
	struct with_stage w;

	(void)state;
	with_stage_options(&w, sample_log, 24, 160, &fo);
	paths[0] = w.log.dir;
	o.npaths = 1;
	with_file(&w.log, "RECV2026112311-1.LOG", sample_log,
	    strlen(sample_log));
	with_file(&w.log, "RECV2026112312-1.LOG", "", 0);
	save_as(&w, "RECV2026112311-1.LOG", path);
	expect_seen(&w, "is the log itself");
	assert_string_equal(contents(path), sample_log);
	save_as(&w, "RECV2026112312-1.LOG", path);
	expect_seen(&w, "is the log itself");
	assert_string_equal(contents(path), "");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		save_as(&w, names[i], path);
		expect_seen(&w, "saved 6 sessions");
		save_as(&w, names[i], path);
		expect_seen(&w, "write over it? (y/n)");
		press(&w, "y");
		expect_seen(&w, "saved 6 sessions");
	}
	press(&w, "Enter");
	save_as(&w, "one.txt", path);
	save_as(&w, "one.txt", path);
	expect_seen(&w, "write over it? (y/n)");
	press(&w, "n");
	without_stage(&w);
}

static void
what_could_not_be_read_is_told(void **state)
{
	struct with_stage w;
	char path[600];

	(void)state;
	with_stage(&w, sample_log, 24, 160);
	assert_int_equal(truncate(w.log.path, 0), 0);
	save_as(&w, "list.csv", path);
	expect_seen(&w, "saved, but 6 of the sessions could not be read");
	press(&w, "Enter");
	save_as(&w, "one.txt", path);
	expect_seen(&w, "saved, but not all lines");
	without_stage(&w);
}

static void
a_write_that_fails_says_why(void **state)
{
	struct rlimit before, little;
	struct with_stage w;
	char path[600];

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	little = before;
	little.rlim_cur = 64;
	with_stage(&w, sample_log, 24, 160);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	save_as(&w, "list.csv", path);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	expect_seen(&w, "writing failed: File too large");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	press(&w, "Enter");
	save_as(&w, "one.txt", path);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	expect_seen(&w, "writing failed: File too large");
	without_stage(&w);
}

/* --- following ------------------------------------------------------------------- */

static const char head_of_log[] =
    "#Software: Microsoft Exchange Server\r\n"
    "#Version: 15.0.0.0\r\n"
    "#Log-type: SMTP Receive Protocol Log\r\n"
    "#Fields: date-time,connector-id,session-id,sequence-number,"
    "local-endpoint,remote-endpoint,event,data,context\r\n";

struct growing {
	struct with_log log;
	struct indexer *indexer;
	struct stage stage;
	struct canvas canvas;
	int wake[2];
	char *paths[1];          /* the indexer's as long as it lives */
};

static void
grow(struct growing *g, int number)
{
	FILE *f = fopen(g->log.path, "ab");

	assert_non_null(f);
	fprintf(f, "2026-11-23T10:%02d:00.000Z,EX\\In,08DE29A3B4C5%04X,0,"
	    "10.0.0.5:25,192.0.2.%d:1,+,,\r\n", number, number + 1, number);
	assert_int_equal(fclose(f), 0);
}

static void
await(struct growing *g, uint64_t sessions)
{
	int64_t deadline = clock_now_ms() + 10000;

	while (g->stage.list.count < sessions) {
		assert_true(clock_now_ms() < deadline);
		indexer_woken(g->indexer);
		stage_update(&g->stage);
	}
	stage_draw(&g->stage, &g->canvas);
}

static bool
sees(struct growing *g, const char *text)
{
	struct buf out = { 0 };
	bool seen;

	canvas_dump(&g->canvas, false, &out);
	buf_add_char(&out, '\0');
	seen = strstr(out.p, text) != NULL;
	buf_free(&out);
	return seen;
}

static void
growing_start(struct growing *g)
{
	struct indexer_options opt = { .follow = true };
	struct face_options o = { .follow = true, .source = "x" };
	struct err err = { "" };

	memset(g, 0, sizeof *g);
	with_folder(&g->log);
	with_file(&g->log, "RECV2026112310-1.LOG", head_of_log,
	    sizeof head_of_log - 1);
	assert_int_equal(wake_pipe(g->wake, &err), 0);
	opt.wake_fd = o.wake[1] = g->wake[1];
	g->paths[0] = g->log.path;
	g->log.store = o.store = store_new();
	g->indexer = o.indexer = indexer_new(o.store, g->paths, 1, &opt, NULL,
	    NULL, &err);
	assert_non_null(g->indexer);
	assert_int_equal(indexer_start(g->indexer, &err), 0);
	assert_int_equal(stage_init(&g->stage, &o, &err), 0);
	canvas_init(&g->canvas);
	canvas_resize(&g->canvas, 10, 80);
	stage_draw(&g->stage, &g->canvas);
}

static void
growing_end(struct growing *g)
{
	stage_free(&g->stage);
	indexer_free(g->indexer);
	canvas_free(&g->canvas);
	without_log(&g->log);
}

static void
the_view_holds_still_unless_at_the_end(void **state)
{
	struct growing g;

	(void)state;
	growing_start(&g);
	for (int i = 0; i < 20; i++)
		grow(&g, i);
	await(&g, 20);
	/* Nobody has moved: the newest is shown. */
	assert_int_equal(list_current(&g.stage.list), 20);
	stage_key(&g.stage, 'k');
	grow(&g, 20);
	grow(&g, 21);
	await(&g, 22);
	assert_int_equal(list_current(&g.stage.list), 19);
	assert_true(sees(&g, "2 new"));
	stage_key(&g.stage, 'G');
	stage_draw(&g.stage, &g.canvas);
	assert_false(sees(&g, "new"));
	grow(&g, 22);
	await(&g, 23);
	assert_int_equal(list_current(&g.stage.list), 23);
	growing_end(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_names_every_command),
		cmocka_unit_test(help_scrolls_and_goes_away),
		cmocka_unit_test(help_shows_the_keys_in_force),
		cmocka_unit_test(a_line_is_edited),
		cmocka_unit_test(lines_come_back_from_history),
		cmocka_unit_test(a_long_line_scrolls),
		cmocka_unit_test(classes_are_told_apart_with_and_without_colour),
		cmocka_unit_test(the_configuration_gives_other_colours),
		cmocka_unit_test(the_configuration_chooses_columns),
		cmocka_unit_test(base64_is_right),
		cmocka_unit_test(the_clipboard_sequence_is_wrapped_for_screen),
		cmocka_unit_test(a_list_and_a_transcript_are_saved),
		cmocka_unit_test(nothing_is_written_over_unasked),
		cmocka_unit_test(a_log_is_never_written),
		cmocka_unit_test(a_log_that_is_named_is_never_written),
		cmocka_unit_test(
		    a_log_in_a_folder_that_is_named_is_never_written),
		cmocka_unit_test(what_could_not_be_read_is_told),
		cmocka_unit_test(a_write_that_fails_says_why),
		cmocka_unit_test(the_view_holds_still_unless_at_the_end),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
