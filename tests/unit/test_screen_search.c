/*
 * Searching in list and transcript, as cells.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "with_stage.h"

#define WAKE_DEADLINE_MS 30000

static void
the_list_finds_sessions_while_it_is_typed(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "/");
	type(&w, "recipient");
	/* Smart case: "Recipient OK" of 1, "Recipient not found" of 2. */
	expect_seen(&w, "/recipient\nhit 1 of 2 (2 lines)");
	expect_cursor_at(&w, "1 ");
	type(&w, " not");
	expect_seen(&w, "hit 1 of 1 (1 line)");
	expect_cursor_at(&w, "2 ");
	press(&w, "Enter");
	expect_seen(&w, "hit 1 of 1 (1 line)");
	assert_non_null(strstr(screen(&w), "\n>/  2 "));
	/* Every letter of what was found is marked where it is seen. */
	assert_non_null(strstr(styles(&w), "////"));
	without_stage(&w);
}

static void
upper_case_is_meant(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "/");
	type(&w, "RECIPIENT");
	press(&w, "Enter");
	expect_seen(&w, "no hit");
	expect_cursor_at(&w, "1 ");
	without_stage(&w);
}

static void
n_goes_from_session_to_session(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "/");
	/* Sessions 2, 3 and 6: see the sample. */
	type(&w, "550|451|552");
	press(&w, "Enter");
	expect_cursor_at(&w, "2 ");
	expect_seen(&w, "hit 1 of 3");
	press(&w, "n");
	expect_cursor_at(&w, "3 ");
	press(&w, "n");
	expect_cursor_at(&w, "6 ");
	expect_seen(&w, "hit 3 of 3");
	press(&w, "n");
	expect_cursor_at(&w, "2 ");
	expect_seen(&w, "went on from the top");
	press(&w, "N");
	expect_cursor_at(&w, "6 ");
	/* Hits are counted in what is chosen. */
	press(&w, "5");
	expect_seen(&w, "hit 2 of 2");
	press(&w, "Esc");
	expect_not_seen(&w, "hit");
	press(&w, "n");
	expect_seen(&w, "nothing was searched for");
	without_stage(&w);
}

static void
esc_leads_back(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "j /");
	type(&w, "quota");
	expect_cursor_at(&w, "6 ");
	press(&w, "Esc");
	expect_cursor_at(&w, "2 ");
	expect_not_seen(&w, "hit");
	/* Nothing left to take away cancels, too. */
	press(&w, "/");
	type(&w, "q");
	press(&w, "BS BS");
	expect_cursor_at(&w, "2 ");
	expect_seen(&w, "Enter open");
	without_stage(&w);
}

static void
a_wrong_pattern_is_told_at_its_place(void **state)
{
	struct with_stage w;
	const char *row;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "/");
	type(&w, "ab(c");
	row = screen_row(&w, -1);
	/* PCRE2 sees the missing parenthesis at the end, behind the "/". */
	assert_int_equal(strcspn(row, "^"), 1 + 4);
	assert_non_null(strstr(row, "parenthes"));
	press(&w, "Enter");
	expect_seen(&w, "/ab(c");
	type(&w, ")|QUIT");
	expect_not_seen(&w, "parenthes");
	press(&w, "Enter");
	expect_seen(&w, "hit 1 of 3");
	without_stage(&w);
}

static void
opening_a_hit_shows_it(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "/");
	type(&w, "one.example");
	press(&w, "Enter Enter");
	expect_cursor_at(&w, "10:00:00.030    +20ms  C EHLO one.example.com");
	expect_seen(&w, "hit 1 of 1");
	without_stage(&w);
}

static void
what_only_raw_lines_hold_is_found_there(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "/");
	type(&w, "08DE29A3B4C50002");
	press(&w, "Enter");
	expect_cursor_at(&w, "2 ");
	press(&w, "Enter");
	expect_seen(&w, "r shows them");
	press(&w, "r");
	/* All eleven of the session: the key stands in each. */
	expect_seen(&w, "of 11");
	expect_seen(&w, "hit ");
	without_stage(&w);
}

static void
a_transcript_searches_its_own_lines(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "Enter g /");
	type(&w, "^250 2");
	/* Sender, recipient, message. */
	expect_seen(&w, "hit 1 of 3");
	expect_cursor_at(&w, "10:00:00.080");
	press(&w, "Enter n");
	expect_cursor_at(&w, "10:00:00.100");
	expect_seen(&w, "hit 2 of 3");
	press(&w, "N N");
	expect_cursor_at(&w, "10:00:00.500");
	expect_seen(&w, "went on from the end");
	/* The pattern goes along to the next session. */
	press(&w, "J");
	expect_seen(&w, "hit - of 1");
	press(&w, "Esc");
	expect_not_seen(&w, "hit");
	without_stage(&w);
}

static void
an_empty_pattern_repeats_the_last(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "/ Enter");
	expect_seen(&w, "nothing was searched for");
	press(&w, "/");
	type(&w, "QUIT");
	press(&w, "Enter Esc / Enter");
	expect_cursor_at(&w, "2 ");
	expect_seen(&w, "hit 2 of 3");
	/* And the history has it. */
	press(&w, "/ Up");
	expect_seen(&w, "/QUIT");
	without_stage(&w);
}

static void
a_hit_in_folded_text_opens_it(void **state)
{
	static const char log[] =
	    "4/2/01 11:44:31 AM : A connection was accepted from test.com.\r\n"
	    "4/2/01 11:44:31 AM : <<< HELO test.com\r\n"
	    "4/2/01 11:44:31 AM : >>> 250 OK\r\n"
	    "4/2/01 11:44:31 AM : <<< MAIL FROM:<a@test.com>\r\n"
	    "4/2/01 11:44:31 AM : >>> 250 OK\r\n"
	    "4/2/01 11:44:31 AM : <<< RCPT TO:<b@play.com>\r\n"
	    "4/2/01 11:44:31 AM : >>> 250 OK\r\n"
	    "4/2/01 11:44:31 AM : <<< DATA\r\n"
	    "4/2/01 11:44:31 AM : >>> 354 Send data\r\n"
	    "Subject: needle\r\n"
	    ".\r\n"
	    "4/2/01 11:44:32 AM : >>> 250 OK\r\n";
	struct with_stage w;

	(void)state;
	with_stage(&w, log, 24, 80);
	press(&w, "Enter");
	expect_not_seen(&w, "needle");
	press(&w, "/");
	type(&w, "needle");
	expect_seen(&w, "Subject: needle");
	press(&w, "Enter");
	expect_seen(&w, "hit 1 of 1");
	without_stage(&w);
}

/*
 * The sample, lines of other sessions in which (a+)+$ meets its limit, and a
 * session that is refused its recipient, as the second and the sixth are.
 */
static void
slow_log(struct buf *log)
{
	buf_add(log, slice_of(sample_log));
	for (int i = 0; i < 240; i++)
		buf_addf(log, "2026-11-23T10:01:00.%03dZ,EX\\In,"
		    "08DE29A3B4C5%04d,0,10.0.0.5:25,192.0.2.7:7777,<,"
		    "HELO aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!,\r\n",
		    i, 1000 + i);
	buf_add(log, SLICE("2026-11-23T10:02:00.000Z,EX\\In,"
	    "08DE29A3B4C52000,0,10.0.0.5:25,192.0.2.8:8888,<,"
	    "RCPT TO:<nobody@example.org>,\r\n"
	    "2026-11-23T10:02:00.010Z,EX\\In,"
	    "08DE29A3B4C52000,1,10.0.0.5:25,192.0.2.8:8888,>,"
	    "550 5.1.1 no such user,\r\n"));
	buf_add_char(log, '\0');
}

/* A whole line of keys, as a fast typist or a script sends them. */
static void
at_once(struct with_stage *w, const char *keys)
{
	for (; *keys; keys++)
		stage_key(&w->stage, *keys);
}

/* What the face does between two keys: sleeps until it is woken, and looks. */
static void
sleep_and_look(struct with_stage *w)
{
	const struct scene *sc = &w->stage.scene;
	struct pollfd fd = { .fd = w->wake[0], .events = POLLIN };
	char bytes[64];

	if (poll(&fd, 1, sc->wake_ms < 0 ? WAKE_DEADLINE_MS : sc->wake_ms) == 0)
		assert_true(sc->wake_ms >= 0);
	else
		while (read(w->wake[0], bytes, sizeof bytes) > 0)
			;
	stage_update(&w->stage);
}

/*
 * A filter that takes longer than the list waits for it, with the face asleep
 * meanwhile: the hits are those in what it leaves, not in what it had left when
 * the face looked first.
 */
static void
hits_are_those_of_a_slow_filter(void **state)
{
	static const char keys[] = "ftext:/(a+)+$|RCPT TO:<[qn]/\r";
	struct with_stage w;
	struct buf log = { 0 };

	(void)state;
	slow_log(&log);
	with_stage(&w, log.p, 24, 80);
	press(&w, "/");
	type(&w, "550|451|552");
	press(&w, "Enter");
	at_once(&w, keys);
	stage_update(&w.stage);
	while (!selection_is_current(w.stage.scene.selection) ||
	    w.stage.scene.finder.stale)
		sleep_and_look(&w);
	stage_draw(&w.stage, &w.canvas);
	expect_seen(&w, "hit 1 of 3");
	without_stage(&w);
	buf_free(&log);
}

/* The end of a log is searched apart, and may be done before what is long. */
static void
the_first_hit_is_gone_to_though_another_is_found_before(void **state)
{
	struct with_stage w;
	struct buf log = { 0 };

	(void)state;
	slow_log(&log);
	with_stage(&w, log.p, 24, 80);
	press(&w, "/");
	at_once(&w, "(a+)+$|RCPT TO:<[qn]");
	settle_down(&w);
	expect_cursor_at(&w, "2 ");
	expect_seen(&w, "hit 1 of 3");
	without_stage(&w);
	buf_free(&log);
}

static void
keys_after_a_search_start_at_its_hit(void **state)
{
	static const char keys[] = "/354\rj";
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "Enter g");
	at_once(&w, keys);
	settle_down(&w);
	expect_cursor_at(&w, "10:00:00.500");
	without_stage(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_finds_sessions_while_it_is_typed),
		cmocka_unit_test(upper_case_is_meant),
		cmocka_unit_test(n_goes_from_session_to_session),
		cmocka_unit_test(esc_leads_back),
		cmocka_unit_test(a_wrong_pattern_is_told_at_its_place),
		cmocka_unit_test(opening_a_hit_shows_it),
		cmocka_unit_test(what_only_raw_lines_hold_is_found_there),
		cmocka_unit_test(a_transcript_searches_its_own_lines),
		cmocka_unit_test(an_empty_pattern_repeats_the_last),
		cmocka_unit_test(a_hit_in_folded_text_opens_it),
		cmocka_unit_test(hits_are_those_of_a_slow_filter),
		cmocka_unit_test(
		    the_first_hit_is_gone_to_though_another_is_found_before),
		cmocka_unit_test(keys_after_a_search_start_at_its_hit),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
