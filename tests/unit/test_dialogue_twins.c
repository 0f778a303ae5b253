/*
 * The dialogue of logs that show what was received twice: raw lines with and
 * without a twin.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "dialogue_script.h"

static void
test_twins(void **state)
{
	static const struct row rows[] = {
		GREETED,
		RAW("HELO pop3.test.com", "twin"),
		IN("HELO pop3.test.com", "c:HELO"),
		OUT("250 OK", "r:250:HELO@3"),
		/* Blanks differ. */
		RAW("MAIL  From:<richie@test.com>\t \r", "twin"),
		IN("MAIL From:<richie@test.com> ", "c:MAIL"),
		OUT("250 OK", "r:250:MAIL@6"),
		RAW(" RCPT \t To:<chris@play.com>", "twin"),
		MORE("", "none"),
		IN("RCPT To:<chris@play.com>", "c:RCPT"),
		OUT("250 OK", "r:250:RCPT@10"),
		RAW("", "twin"),
		MORE("bare", "twin+"),
		IN("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@14"),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 1);
	PLAY(SELF_UNKNOWN, true, rows, 1);
}

/* Each thing that can come instead of the twin. */
static void
test_no_twin(void **state)
{
	static const struct row rows[] = {
		RAW("HELO pop3.test.com", "twin"),
		OUT("250 OK", "1=c:HELO r:250:HELO@1"),
		RAW("MAIL FROM:<richie@test.com>", "twin"),
		RAW("RCPT TO:<chris@play.com>", "3=c:MAIL twin"),
		IN("RCPT TO:<ann@play.com>", "4=c:RCPT c:RCPT"),
		OUT("250 OK", "r:250:MAIL@3"),
		OUT("250 OK", "r:250:RCPT@4"),
		OUT("250 OK", "r:250:RCPT@5"),
		/* Other letters, other place of a blank: another line. */
		RAW("NOOP one", "twin"),
		IN("NOOP One", "9=c:NOOP c:NOOP"),
		RAW("NOOP one", "twin"),
		IN("NOOPone", "11=c:NOOP c:?"),
		RAW("NOOP", "twin"),
		IN("NOOP and more", "13=c:NOOP c:NOOP"),
		RAW("NOOP and more", "twin"),
		IN("NOOP", "15=c:NOOP c:NOOP"),
		/* The server says the same: that is no twin. */
		RAW("250 ok", "twin"),
		OUT("250 ok", "17=c:? r:250:NOOP@9"),
		RAW("QUIT", "twin"),
		END("19=c:QUIT"),
		END(""),
	};

	(void)state;
	/* 10 to 17 are unanswered: six of NOOP, `NOOPone` and `250 ok`. */
	PLAY(SELF_SERVER, true, rows, 8);
}

/* What is received by a client are replies. */
static void
test_raw_replies(void **state)
{
	static const struct row rows[] = {
		GREETED,
		RAW("220 mx.test.com ready", "twin"),
		IN("220 mx.test.com ready", "r:220:CONNECT"),
		OUT("EHLO a.test.com", "c:EHLO"),
		RAW("250-hello", "twin"),
		MORE("250-SIZE 0", "twin+"),
		MORE("250 DSN", "twin+"),
		IN("250-hello", "r:250-:EHLO@4"),
		MORE("250-SIZE 0", "m:250"),
		IN("250 DSN", "m:250"),
		OUT("MAIL FROM:<bob@test.com>", "c:MAIL"),
		/* The only record of a reply of two lines, with its end. */
		RAW("250-2.1.0 fine", "twin"),
		MORE("250 2.1.0 go on", "twin+"),
		OUT("RCPT TO:<sam@play.com>",
		    "12=r:250(2.1.0):MAIL@11 c:RCPT"),
		/* And of one whose end is in the next buffer. */
		RAW("250-fine", "twin"),
		MORE("250-and", "twin+"),
		MORE("550 no end of it", "twin+"),
		OUT("DATA", "15=r:250-:RCPT@14 c:DATA"),
		IN("250 good", "m:250"),
		RAW("354 go on", "twin"),
		IN("354 go on", "r:354:DATA@18"),
		RAW("250 queued", "twin"),
		OUT("QUIT", "22=r:250:DATA@18/text c:QUIT"),
		RAW("221 bye", "twin"),
		END("24=r:221:QUIT@23"),
	};

	(void)state;
	PLAY(SELF_CLIENT, false, rows, 0);
	PLAY(SELF_UNKNOWN, false, rows, 0);
}

/* A buffer of several commands: each line of it comes again by itself. */
static void
test_raw_group(void **state)
{
	static const struct row rows[] = {
		RAW("MAIL FROM:<richie@test.com>", "twin"),
		MORE("RCPT TO:<chris@play.com>", "twin+"),
		MORE("DATA", "twin+"),
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		IN("RCPT TO:<chris@play.com>", "c:RCPT"),
		OUT("250 ok", "r:250:MAIL@4"),
		IN("DATA", "c:DATA"),
		OUT("250 ok", "r:250:RCPT@5"),
		OUT("354 go on", "r:354:DATA@7"),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 1);
}

/* A line that an article broke in two is still the twin. */
static void
test_broken_lines(void **state)
{
	static const struct row rows[] = {
		OUT("HELO a.test.com", "c:HELO"),
		RAW("250 mx.play.com talking to", "twin"),
		MORE("a.test.com [192.0.2.7])", "twin+"),
		MORE("", "none"),
		IN("250 mx.play.com talking to a.test.com ([192.0.2.7])",
		    "r:250:HELO@1"),
		OUT("NOOP", "c:NOOP"),
		/* Not broken: the beginning alone is not enough. */
		RAW("250 mx.play.com talking to", "twin"),
		IN("250 mx.play.com talking to somebody",
		    "7=r:250:NOOP@6 r:250:"),
	};

	(void)state;
	PLAY(SELF_CLIENT, false, rows, 0);
}

/* An entry of a thousand bytes was cut, and its twin a little later. */
static void
test_cut_lines(void **state)
{
	static char raw[1001], line[1101], shorter[600], longer[700];
	const struct row rows[] = {
		RAW(raw, "twin"),
		IN(line, "c:NOOP"),
		RAW(shorter, "twin"),
		IN(longer, "3=c:NOOP c:NOOP"),
	};

	(void)state;
	memset(raw, 'x', sizeof raw - 1);
	memset(line, 'x', sizeof line - 1);
	memset(shorter, 'x', sizeof shorter - 1);
	memset(longer, 'x', sizeof longer - 1);
	memcpy(raw, "NOOP ", 5);
	memcpy(line, "NOOP ", 5);
	memcpy(shorter, "NOOP ", 5);
	memcpy(longer, "NOOP ", 5);
	PLAY(SELF_SERVER, true, rows, 3);
}

/* A raw line of AUTH data is as secret as the data. */
static void
test_secret_twins(void **state)
{
	static const struct row rows[] = {
		RAW("AUTH PLAIN AGEAYg==", "twin!"),
		MORE("AGEA", "twin+!"),
		IN("AUTH PLAIN AGEAYg==", "c:AUTH"),
		OUT("334 more", "r:334:AUTH@3"),
		RAW("c2VjcmV0", "twin!"),
		IN("c2VjcmV0", "auth!"),
		OUT("334 more", "r:334:AUTH@3"),
		RAW("QUIT", "twin!"),
		MORE("AGEA", "twin+!"),
		OUT("235 ok", "8=auth! r:235:AUTH@3"),
		RAW("NOOP", "twin"),
		IN("NOOP", "c:NOOP"),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 1);
}

/* A copy can be asked what a raw line means if nothing more comes. */
static void
test_end_of_a_copy(void **state)
{
	static const struct row rows[] = {
		IN("HELO pop3.test.com", "c:HELO"),
		OUT("250 OK", "r:250:HELO@1"),
		RAW("DATA", "twin"),
	};
	static const struct row last = END("3=c:DATA");
	static const struct row twin = IN("DATA", "c:DATA");
	struct dialogue d, copy;
	int64_t time = 0;

	(void)state;
	dialogue_init(&d, SELF_SERVER, true);
	play_rows(&d, rows, 3);
	assert_int_equal(d.raw_line, 3);
	assert_int_equal(dialogue_unanswered(&d, NULL), 0);
	dialogue_copy(&copy, &d);
	play_row(&copy, &last, 4, &time);
	assert_int_equal(copy.raw_line, 0);
	assert_int_equal(dialogue_unanswered(&copy, NULL), 1);
	dialogue_free(&copy);
	play_row(&d, &twin, 4, &time);
	assert_int_equal(d.raw_line, 0);
	assert_int_equal(dialogue_unanswered(&d, NULL), 1);
	dialogue_free(&d);
}

/*
 * Lines in any order: no line is without a step, no step is about a line to
 * come, and a raw line is settled at most once.
 */
static void
test_any_order(void **state)
{
	static const char *const texts[] = { "", ".", "250 ok", "250-ok",
		"354 go", "334 x", "220 x", "421 x", "DATA", "AUTH LOGIN",
		"MAIL FROM:<a@test.com>", "QUIT", "STARTTLS", "x y z", "250" };
	uint32_t dice = 1;

	(void)state;
	for (int run = 0; run < 400; run++) {
		struct dialogue d;
		uint32_t settled = 0;

		dialogue_init(&d, (enum dialogue_self)(run % 3), run % 2);
		for (uint32_t line = 1; line <= 200; line++) {
			struct step s[DIALOGUE_STEPS];
			uint32_t held = d.raw_line;
			enum utterance what;
			int n;

			dice = dice * 1664525 + 1013904223;
			what = (enum utterance)((dice >> 8) % 16 ? (dice >> 8)
			    % 3 : (dice >> 12) % 5);
			n = dialogue_feed(&d, what,
			    (enum speaker)((dice >> 16) % 3),
			    slice_of(texts[(dice >> 20) % 15]), line,
			    (dice >> 28) % 4 ? (int64_t)(dice % 1000000) :
			    CLOCK_NONE, s);
			assert_in_range(n, what <= UTTER_MORE, 2);
			if (what <= UTTER_MORE)
				assert_int_equal(s[--n].line, line);
			if (n == 0)
				continue;
			assert_int_equal(s[0].line, held);
			assert_true(s[0].line > settled);
			settled = s[0].line;
			assert_true(s[0].role != ROLE_TWIN);
		}
		dialogue_free(&d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_no_twin),
		cmocka_unit_test(test_raw_replies),
		cmocka_unit_test(test_raw_group),
		cmocka_unit_test(test_broken_lines),
		cmocka_unit_test(test_cut_lines),
		cmocka_unit_test(test_secret_twins),
		cmocka_unit_test(test_end_of_a_copy),
		cmocka_unit_test(test_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
