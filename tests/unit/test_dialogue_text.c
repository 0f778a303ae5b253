/*
 * The dialogue of logs that show message text: text that looks like replies,
 * commands and log entries.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "dialogue_script.h"

#define DAY 86400

static void
test_text_that_looks_like_a_session(void **state)
{
	static const struct row rows[] = {
		GREETED,
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		OUT("250 ok", "r:250:MAIL@2"),
		IN("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@4"),
		RAW("Subject: a log", "body"),
		MORE("", "body"),
		MORE("250 ok", "body"),
		MORE("250-ok", "body"),
		MORE("550 5.1.1 no", "body"),
		MORE("QUIT", "body"),
		MORE(">>> 250 OK", "body"),
		MORE("<<< QUIT", "body"),
		IN("250 ok", "body"),
		IN("QUIT", "body"),
		IN("MAIL FROM:<x@test.com>", "body"),
		IN("", "body"),
		RAW("RSET", "body"),
		RAW("250 ok", "body"),
		OUT("250 queued", "r:250:DATA@4/text"),
		MORE("250 ok", "note"),
		IN("QUIT", "c:QUIT"),
		OUT("221 bye", "r:221:QUIT@22"),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 0);
	PLAY(SELF_UNKNOWN, true, rows, 0);
}

/* The text is never shown: what the client says are commands. */
static void
test_text_not_logged(void **state)
{
	static const struct row rows[] = {
		IN("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@1"),
		IN("QUIT", "c:QUIT"),
		OUT("250 queued", "r:250:DATA@1/text"),
		OUT("221 bye", "r:221:QUIT@3"),
	};

	(void)state;
	PLAY(SELF_SERVER, false, rows, 0);
}

/*
 * A log that tells each command with its reply, and so none of the text: that
 * of the next row is not the text's, nor is its command text.
 */
static void
test_replies_told_with_commands(void **state)
{
	static const struct row rows[] = {
		ASKED("EHLO c.test.com", "c:EHLO"),
		OUT("250-mx.test.com", "r:250-:EHLO@1"),
		ASKED("AUTH LOGIN", "c:AUTH"),
		OUT("334 VXNlcm5hbWU6", "r:334:AUTH@3"),
		ASKED("QUIT", "auth!"),
		OUT("235 welcome", "r:235:AUTH@3"),
		ASKED("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@7"),
		ASKED("MAIL FROM:<richie@test.com>", "c:MAIL/untold"),
		OUT("250 ok", "r:250:MAIL@9"),
		IN("RCPT TO:<x@test.com>", "c:RCPT"),
		ASKED("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@12"),
		ASKED("QUIT", "c:QUIT/untold"),
		OUT("221 bye", "r:221:QUIT@14"),
	};
	/* With nothing behind it the text was lost, as far as the log tells. */
	static const struct row last[] = {
		ASKED("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@1"),
	};

	(void)state;
	PLAY(SELF_SERVER, false, rows, 0);
	PLAY(SELF_SERVER, true, rows, 0);
	PLAY(SELF_UNKNOWN, false, rows, 0);
	PLAY(SELF_SERVER, false, last, 1);
}

/* The text is refused before any of it came. */
static void
test_no_text(void **state)
{
	static const struct row rows[] = {
		IN("DATA", "c:DATA"),
		OUT("354-go on", "r:354-:DATA@1"),
		MORE("354 now", "m:354"),
		MORE("", "none"),
		OUT("554 not local", "r:554:DATA@1/text"),
		MORE("", "none"),
		IN("QUIT", "c:QUIT"),
	};
	/* The end of a reply was left out; a line of the text is not it. */
	static const struct row lost_end[] = {
		IN("DATA", "c:DATA"),
		OUT("354-go on", "r:354-:DATA@1"),
		MORE("250 text", "body"),
		OUT("250 queued", "r:250:DATA@1/text"),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 0);
	PLAY(SELF_SERVER, true, lost_end, 0);
}

/* A pasted log: its times give it away, from before or from far ahead. */
static void
test_pasted_entries(void **state)
{
	static const struct row rows[] = {
		IN("DATA", "c:DATA", 5000),
		OUT("354 go on", "r:354:DATA@1"),
		RAW("Look what I found:", "body", 5001),
		OUT("250 old", "body", 4999),
		IN("QUIT", "body"),
		RAW("QUIT", "body"),
		OUT("250 far ahead", "body", 5001 + DAY + 1),
		OUT("250 still ahead", "body", 5001 + DAY + 2),
		OUT("250 no time that is one", "body", NO_TIME),
		OUT("nothing", "body"),
		OUT("250 queued", "r:250:DATA@1/text", 5002),
		OUT("421 bye", "r:421:", 4000),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 0);
}

/* After the lone dot a clock that was set back hides nothing. */
static void
test_clock_set_back(void **state)
{
	static const struct row rows[] = {
		IN("DATA", "c:DATA", 5000),
		OUT("354 go on", "r:354:DATA@1"),
		RAW("text", "body"),
		OUT("250 pasted", "body", 4000),
		MORE(".", "body"),
		OUT("250 queued", "r:250:DATA@1/text", 1400),
		IN("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@7"),
		RAW("..", "body"),
		MORE(".x", "body"),
		OUT("250 pasted", "body", 1300),
		RAW(". \r", "body", 1500),
		OUT("250 queued", "r:250:DATA@7/text", 1200),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 0);
}

/* Text that takes days, and a stamp in it that lies about the future. */
static void
test_slow_text(void **state)
{
	static const struct row rows[] = {
		IN("DATA", "c:DATA", 5000),
		OUT("354 go on", "r:354:DATA@1"),
		RAW("one", "body", 5000 + DAY),
		RAW("two", "body", 5000 + 2 * DAY),
		OUT("250 late", "r:250:DATA@1/text", 5000 + 3 * DAY),
		IN("DATA", "c:DATA", 5000),
		OUT("354 go on", "r:354:DATA@6"),
		RAW("three", "body", 5000),
		IN("from a pasted log", "body", 5000 + DAY / 2),
		OUT("250 queued", "r:250:DATA@6/text", 5001),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 0);
}

/* A client that does not wait for the reply to its text. */
static void
test_pipelined_behind_text(void **state)
{
	static const struct row rows[] = {
		IN("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@1"),
		IN("text", "body"),
		IN(".", "body"),
		MORE("", "body"),
		IN("NOOP", "c:NOOP"),
		IN("QUIT", "c:QUIT"),
		OUT("250 queued", "r:250:DATA@1/text"),
		OUT("250 ok", "r:250:NOOP@6"),
		OUT("221 bye", "r:221:QUIT@7"),
	};
	/* A dot that was not the end: text went on. */
	static const struct row goes_on[] = {
		IN("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@1"),
		IN(".", "body"),
		MORE("and so on", "body"),
		IN("QUIT", "body"),
		IN(".", "body"),
		IN("250 not known", "body"),
		IN("QUIT", "body"),
		OUT("250 queued", "r:250:DATA@1/text"),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 0);
	PLAY(SELF_SERVER, true, goes_on, 0);
}

static void
test_server_gives_up(void **state)
{
	static const struct row rows[] = {
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		IN("DATA", "c:DATA"),
		OUT("250 ok", "r:250:MAIL@1"),
		OUT("354 go on", "r:354:DATA@2"),
		RAW("half of", "body"),
		OUT("no reply", "note"),
		OUT("421-timeout", "r:421-:DATA@2/text"),
		OUT("421 bye", "m:421"),
		IN("NOOP", "c:NOOP"),
	};
	/* Lost in the text: the command was never answered. */
	static const struct row lost[] = {
		IN("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@1"),
		RAW("half of", "body"),
		END(""),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 1);
	PLAY(SELF_SERVER, true, lost, 1);
}

/* Whatever drew 354: where text is shown, what follows is text. */
static void
test_text_of_other_verbs(void **state)
{
	static const struct row rows[] = {
		IN("XEXCH50 12 2", "c:XEXCH50"),
		OUT("354 send", "r:354:XEXCH50@1"),
		RAW("QUIT", "body"),
		OUT("250 ok", "r:250:XEXCH50@1/text"),
		IN("RCPT TO:<chris@play.com>", "c:RCPT"),
		OUT("354 odd", "r:354:RCPT@5"),
		RAW("QUIT", "body"),
		OUT("250 ok", "r:250:RCPT@5/text"),
		OUT("354 to nothing", "r:354:"),
		RAW("QUIT", "body"),
		OUT("250 ok", "r:250:DATA/text"),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 0);
}

/* Without arrows a reply ends the text only where its time can be checked. */
static void
test_text_without_arrows(void **state)
{
	static const struct row stamped[] = {
		ANY("DATA", "c:DATA", 5000),
		ANY("354 go on", "r:354:DATA@1"),
		MORE("250 text", "body"),
		ANY("250 pasted", "body", 4000),
		ANY("QUIT", "body", 5001),
		ANY("250 queued", "r:250:DATA@1/text", 5001),
	};
	static const struct row bare[] = {
		ANY("DATA", "c:DATA", NO_TIME),
		ANY("354 go on", "r:354:DATA@1"),
		ANY("250 text", "body"),
		ANY("QUIT", "body"),
		ANY(".", "body"),
		ANY("250 queued", "r:250:DATA@1/text"),
	};
	/* Where there are arrows, an entry without one is text. */
	static const struct row some[] = {
		IN("DATA", "c:DATA", 5000),
		OUT("354 go on", "r:354:DATA@1"),
		ANY("250 pasted", "body", 5001),
		OUT("250 queued", "r:250:DATA@1/text"),
	};
	/* A log without stamps, but with arrows. */
	static const struct row arrows[] = {
		IN("DATA", "c:DATA", NO_TIME),
		OUT("354 go on", "r:354:DATA@1"),
		MORE("text", "body"),
		OUT("250 queued", "r:250:DATA@1/text"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, true, stamped, 0);
	PLAY(SELF_UNKNOWN, true, bare, 0);
	PLAY(SELF_UNKNOWN, true, some, 0);
	PLAY(SELF_UNKNOWN, true, arrows, 0);
}

static void
test_plausible(void **state)
{
	static const struct row rows[] = {
		IN("DATA", "c:DATA", 5000),
		OUT("354 go on", "r:354:DATA@1"),
		RAW("text", "body", 5010),
		MORE(".", "body"),
	};
	struct dialogue d;

	(void)state;
	dialogue_init(&d, SELF_SERVER, true);
	assert_false(dialogue_in_body(&d));
	assert_true(dialogue_entry_is_plausible(&d, 0));
	play_rows(&d, rows, 2);
	assert_true(dialogue_in_body(&d));
	assert_true(dialogue_entry_is_plausible(&d, 0));
	dialogue_free(&d);

	dialogue_init(&d, SELF_SERVER, true);
	play_rows(&d, rows, 3);
	assert_true(dialogue_in_body(&d));
	assert_false(dialogue_entry_is_plausible(&d, 4999999));
	assert_true(dialogue_entry_is_plausible(&d, 5000000));
	assert_true(dialogue_entry_is_plausible(&d, 5010000 + DAY * 1000));
	assert_false(dialogue_entry_is_plausible(&d, 5010001 + DAY * 1000));
	assert_false(dialogue_entry_is_plausible(&d, CLOCK_NONE));
	assert_false(dialogue_entry_is_plausible(&d, INT64_MAX));
	dialogue_free(&d);

	dialogue_init(&d, SELF_SERVER, true);
	play_rows(&d, rows, 4);
	assert_true(dialogue_in_body(&d));
	assert_true(dialogue_entry_is_plausible(&d, 0));
	dialogue_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_that_looks_like_a_session),
		cmocka_unit_test(test_text_not_logged),
		cmocka_unit_test(test_no_text),
		cmocka_unit_test(test_replies_told_with_commands),
		cmocka_unit_test(test_pasted_entries),
		cmocka_unit_test(test_clock_set_back),
		cmocka_unit_test(test_slow_text),
		cmocka_unit_test(test_pipelined_behind_text),
		cmocka_unit_test(test_server_gives_up),
		cmocka_unit_test(test_text_of_other_verbs),
		cmocka_unit_test(test_text_without_arrows),
		cmocka_unit_test(test_plausible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
