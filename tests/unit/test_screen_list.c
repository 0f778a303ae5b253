/*
 * The list as cells: rows, totals, choosing, order, sizes.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "with_stage.h"

static void
every_session_has_a_row(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	expect_seen(&w, "220 250 \xe2\x80\xa6   ok");
	expect_seen(&w, "550 5.1.10 Recipient not fo");
	expect_seen(&w, "451 4.7.0 try again later");
	expect_seen(&w, "dropped: RCPT TO:");
	expect_seen(&w, "empty");
	expect_cursor_at(&w, "1 10:00:00");
	/* Header, titles, six rows, nothing, status. */
	assert_string_equal(screen_row(&w, 8), "");
	without_stage(&w);
}

static void
a_wide_screen_shows_all_columns(void **state)
{
	struct with_stage w;
	const char *row;

	(void)state;
	with_stage(&w, sample_log, 60, 200);
	row = screen_row(&w, 3);
	assert_non_null(strstr(row, "10:00:00.020"));
	assert_non_null(strstr(row, "192.0.2.2"));
	assert_non_null(strstr(row, "two.example.net"));
	assert_non_null(strstr(row, "carl@example.net"));
	assert_non_null(strstr(row, "nobody@example.org"));
	assert_non_null(strstr(row, "220 250 250 550 221"));
	assert_non_null(strstr(row, "550 5.1.10 Recipient not found"));
	without_stage(&w);
}

static void
the_header_counts_every_class(void **state)
{
	struct with_stage w;
	const char *row;

	(void)state;
	with_stage(&w, sample_log, 24, 120);
	row = screen_row(&w, 0);
	assert_non_null(strstr(row, "test.log"));
	assert_non_null(strstr(row, "exchange-csv"));
	assert_non_null(strstr(row, "6 sessions"));
	assert_non_null(strstr(row, "2 permanent"));
	assert_non_null(strstr(row, "1 temporary"));
	assert_non_null(strstr(row, "1 dropped"));
	assert_non_null(strstr(row, "2 fine"));
	without_stage(&w);
}

static void
one_key_shows_only_one_class(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "5");
	expect_cursor_at(&w, "2 ");
	expect_seen(&w, "552 5.2.2");
	expect_not_seen(&w, "451 4.7.0");
	expect_seen(&w, "1 of 2");
	press(&w, "4");
	expect_seen(&w, "1 of 1");
	expect_cursor_at(&w, "3 ");
	press(&w, "!");
	expect_cursor_at(&w, "4 ");
	press(&w, "2");
	expect_seen(&w, "of 2");
	expect_seen(&w, "empty");
	press(&w, "2");
	expect_seen(&w, "of 6");
	press(&w, "5 0");
	expect_seen(&w, "of 6");
	without_stage(&w);
}

static void
the_cursor_stays_with_its_session(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "j j");
	expect_cursor_at(&w, "3 ");
	/* The next one that is left; who only looked comes back. */
	press(&w, "5");
	expect_cursor_at(&w, "6 ");
	press(&w, "0");
	expect_cursor_at(&w, "3 ");
	press(&w, "z");
	expect_cursor_at(&w, "3 ");
	/* Who read a session, or moved, is there. */
	press(&w, "z 5 Enter q 0");
	expect_cursor_at(&w, "6 ");
	press(&w, "4 5 k 0");
	expect_cursor_at(&w, "2 ");
	without_stage(&w);
}

static void
moving_stops_at_the_ends(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "k");
	expect_cursor_at(&w, "1 ");
	press(&w, "G j PgDn Space");
	expect_cursor_at(&w, "6 ");
	press(&w, "g Up PgUp b");
	expect_cursor_at(&w, "1 ");
	press(&w, "End Home ^D ^U Down");
	expect_cursor_at(&w, "2 ");
	without_stage(&w);
}

static void
failures_are_found_both_ways(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "e");
	expect_cursor_at(&w, "2 ");
	press(&w, "e e");
	expect_cursor_at(&w, "4 ");
	press(&w, "e");
	expect_cursor_at(&w, "6 ");
	press(&w, "e");
	expect_seen(&w, "no further failure");
	press(&w, "E");
	expect_cursor_at(&w, "4 ");
	without_stage(&w);
}

static void
columns_sort(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 120);
	/* From number over start to the time taken: session 2 took longest. */
	press(&w, "> >");
	expect_seen(&w, "by took");
	press(&w, "z g");
	expect_cursor_at(&w, "2 ");
	expect_seen(&w, "by took, reversed");
	press(&w, "< < <");
	expect_seen(&w, "no further column");
	without_stage(&w);
}

static void
a_filter_is_asked_for(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "f");
	type(&w, "from:carl@*");
	expect_seen(&w, "filter: from:carl@*");
	press(&w, "Enter");
	expect_cursor_at(&w, "2 ");
	expect_seen(&w, "1 of 1");
	expect_seen(&w, "filter from:carl@*");
	/* It stands there to be changed; together with a key it is AND. */
	press(&w, "& ^U");
	type(&w, "helo:*.com");
	press(&w, "Enter !");
	expect_cursor_at(&w, "4 ");
	expect_seen(&w, "1 of 1");
	press(&w, "0");
	expect_seen(&w, "of 6");
	without_stage(&w);
}

static void
a_mistake_stands_under_its_place(void **state)
{
	struct with_stage w;
	const char *caret;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "f");
	type(&w, "is:dropped colour:x");
	press(&w, "Enter");
	/* "filter: " and "is:dropped " stand before the mistake. */
	caret = strchr(screen_row(&w, -1), '^');
	assert_non_null(caret);
	assert_int_equal(caret - w.screen.p, 8 + 11);
	expect_seen(&w, "filter: is:dropped colour:x");
	press(&w, "Esc");
	expect_seen(&w, "of 6");
	without_stage(&w);
}

static void
an_empty_choice_says_so(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "f");
	type(&w, "from:zed@*");
	press(&w, "Enter");
	expect_seen(&w, "no session matches; 0 shows all");
	press(&w, "Enter");
	expect_seen(&w, "there is no session to open");
	press(&w, "j k G g e y");
	press(&w, "0");
	expect_seen(&w, "of 6");
	without_stage(&w);
}

static void
wrong_keys_get_a_word(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "X");
	expect_seen(&w, "X does nothing; ? for help");
	press(&w, "r");
	expect_seen(&w, "r works in a transcript");
	press(&w, "j");
	expect_not_seen(&w, "works in a transcript");
	press(&w, "Enter 5");
	expect_seen(&w, "5 works in the list");
	without_stage(&w);
}

static void
a_line_is_copied_without_control_bytes(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "G y");
	assert_true(w.changed & CHANGED_COPY);
	assert_true(w.stage.scene.clip.n > 20);
	for (size_t i = 0; i < w.stage.scene.clip.n; i++)
		assert_true((unsigned char)w.stage.scene.clip.p[i] >= ' ');
	without_stage(&w);
}

static void
q_quits(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "Enter q");
	assert_false(w.changed & CHANGED_QUIT);
	press(&w, "q");
	assert_true(w.changed & CHANGED_QUIT);
	press(&w, "Enter Q");
	assert_true(w.changed & CHANGED_QUIT);
	without_stage(&w);
}

static void
sideways_shows_what_was_cut(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 65);
	expect_not_seen(&w, "two.example.net");
	for (int i = 0; i < 14; i++)
		press(&w, "l");
	expect_seen(&w, "Recipient not found");
	for (int i = 0; i < 20; i++)
		press(&w, "h");
	expect_cursor_at(&w, "1 ");
	without_stage(&w);
}

/* Sessions of two days, or of two years. */
static void
two_days(struct with_stage *w, const char *second, int cols)
{
	static const char head[] = "#Software: Microsoft Exchange Server\r\n"
	    "#Version: 15.0.0.0\r\n"
	    "#Log-type: SMTP Receive Protocol Log\r\n"
	    "#Fields: date-time,connector-id,session-id,sequence-number,"
	    "local-endpoint,remote-endpoint,event,data,context\r\n";
	static const char *const rest = "T08:00:00.125Z,EX\\In,08DE29A3B4C500";
	char log[2048];

	snprintf(log, sizeof log, "%s2026-11-23%s01,0,10.0.0.5:25,"
	    "192.0.2.1:1,+,,\r\n%s%s02,0,10.0.0.5:25,192.0.2.2:1,+,,\r\n",
	    head, rest, second, rest);
	with_stage(w, log, 24, cols);
}

static void
more_days_than_one_are_told_apart(void **state)
{
	struct with_stage w;

	(void)state;
	two_days(&w, "2026-11-24", 80);
	expect_cursor_at(&w, "1 11-23 08:00:00");
	expect_seen(&w, "2 11-24 08:00:00");
	resize(&w, 24, 200);
	expect_seen(&w, "2026-11-24 08:00:00.125");
	expect_seen(&w, "2026-11-23 to 2026-11-24  2 sessions");
	without_stage(&w);
	two_days(&w, "2027-11-23", 80);
	expect_cursor_at(&w, "1 2026-11-23 08:00:00");
	expect_seen(&w, "2 2027-11-23 08:00:00");
	without_stage(&w);
	/* Of one day the header tells, once. */
	two_days(&w, "2026-11-23", 120);
	expect_cursor_at(&w, "1 08:00:00.125");
	expect_seen(&w, "2026-11-23  2 sessions");
	without_stage(&w);
}

static void
a_notice_leaves_the_position(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "5 X");
	expect_seen(&w, "only 5xx  1 of 2   X does nothing; ? for help");
	resize(&w, 24, 40);
	press(&w, "X");
	expect_not_seen(&w, "1 of 2");
	expect_seen(&w, "X does nothing; ? for help");
	without_stage(&w);
}

static void
a_search_in_vain_ends_with_another_filter(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "/");
	type(&w, "zebra");
	press(&w, "Enter j");
	expect_seen(&w, "no hit");
	press(&w, "5");
	expect_not_seen(&w, "no hit");
	without_stage(&w);
}

static void
a_narrow_header_names_what_it_counts(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 65);
	expect_seen(&w, "5xx 2  4xx 1  dropped 1  fine 2");
	resize(&w, 24, 45);
	expect_seen(&w, "5xx 2  4xx 1  lost 1  fine 2");
	/* Half a word is left out. */
	resize(&w, 24, 32);
	expect_seen(&w, "6  5xx 2  4xx 1  lost 1  fine 2");
	resize(&w, 24, 30);
	expect_seen(&w, "6  5xx 2  4xx 1  lost 1");
	expect_not_seen(&w, "lost 1  f");
	without_stage(&w);
}

/* No key at any size may bring it down, and all of it stays drawable. */
static void
any_size_does(void **state)
{
	static const int sizes[][2] = { { 1, 1 }, { 4, 10 }, { 2, 200 },
	    { 5, 24 }, { 10, 40 }, { 17, 65 }, { 24, 80 }, { 60, 30 },
	    { 60, 200 }, { 80, 250 }, { 20, 181 } };
	static const char *const keys[] = { "Enter", "j", "r", "l", "Tab", "o",
	    "O", "J", "?", "Space", "q", "5", "/", "a", "Enter", "n", "f",
	    "x", "Esc", "s", "Esc", "G", "e", "0", "z", ">", "F", "K" };
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		resize(&w, sizes[i][0], sizes[i][1]);
		for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
			press(&w, keys[k]);
	}
	resize(&w, 4, 10);
	expect_seen(&w, "window too");
	without_stage(&w);
}

static void
a_log_without_sessions_says_so(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, "#Software: Microsoft Exchange Server\r\n"
	    "#Version: 15.0.0.0\r\n"
	    "#Log-type: SMTP Receive Protocol Log\r\n"
	    "#Fields: date-time,connector-id,session-id,sequence-number,"
	    "local-endpoint,remote-endpoint,event,data,context\r\n", 24, 80);
	expect_seen(&w, "0 sessions");
	press(&w, "j Enter e 5 G / a");
	without_stage(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_session_has_a_row),
		cmocka_unit_test(a_wide_screen_shows_all_columns),
		cmocka_unit_test(the_header_counts_every_class),
		cmocka_unit_test(one_key_shows_only_one_class),
		cmocka_unit_test(the_cursor_stays_with_its_session),
		cmocka_unit_test(moving_stops_at_the_ends),
		cmocka_unit_test(failures_are_found_both_ways),
		cmocka_unit_test(columns_sort),
		cmocka_unit_test(a_filter_is_asked_for),
		cmocka_unit_test(a_mistake_stands_under_its_place),
		cmocka_unit_test(an_empty_choice_says_so),
		cmocka_unit_test(wrong_keys_get_a_word),
		cmocka_unit_test(a_line_is_copied_without_control_bytes),
		cmocka_unit_test(q_quits),
		cmocka_unit_test(sideways_shows_what_was_cut),
		cmocka_unit_test(more_days_than_one_are_told_apart),
		cmocka_unit_test(a_notice_leaves_the_position),
		cmocka_unit_test(a_search_in_vain_ends_with_another_filter),
		cmocka_unit_test(a_narrow_header_names_what_it_counts),
		cmocka_unit_test(any_size_does),
		cmocka_unit_test(a_log_without_sessions_says_so),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
