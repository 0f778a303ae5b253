/*
 * The dialogue where no message text is shown: who is who, which command a
 * reply answers, replies of several lines, pipelining.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "dialogue_script.h"

/* One exists for each open session, and 100,000 may be open. */
_Static_assert(sizeof(struct dialogue) <= 256, "a dialogue stays small");

static void
test_plain_session(void **state)
{
	static const struct row rows[] = {
		GREETED,
		OUT("220 mx.test.com ready", "r:220:CONNECT"),
		IN("EHLO pop3.test.com", "c:EHLO"),
		OUT("250-mx.test.com Hello", "r:250-:EHLO@3"),
		OUT("250-SIZE 1000", "m:250"),
		OUT("250 DSN", "m:250"),
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		OUT("250 2.1.0 ok", "r:250(2.1.0):MAIL@7"),
		IN("rcpt to:<chris@play.com>", "c:RCPT"),
		OUT("550 5.1.1 unknown", "r:550(5.1.1):RCPT@9"),
		IN("RCPT TO:<ann@play.com>", "c:RCPT"),
		OUT("250 ok", "r:250:RCPT@11"),
		IN("DATA", "c:DATA"),
		OUT("354 go on", "r:354:DATA@13"),
		OUT("250 2.6.0 queued", "r:250(2.6.0):DATA@13/text"),
		IN("QUIT", "c:QUIT"),
		OUT("221 bye", "r:221:QUIT@16"),
		END(""),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
	PLAY(SELF_SERVER, false, rows, 0);
	PLAY(SELF_SERVER, true, rows, 0);
}

/* The log of the client: the same words, the other way round. */
static void
test_client_side(void **state)
{
	static const struct row rows[] = {
		GREETED,
		IN("220 mx.test.com ready", "r:220:CONNECT"),
		OUT("HELO a.test.com", "c:HELO"),
		IN("250 mx.test.com", "r:250:HELO@3"),
		OUT("MAIL FROM:<>", "c:MAIL"),
		IN("421 4.3.2 closing", "r:421(4.3.2):MAIL@5"),
		IN("421 4.3.2 closing, really", "r:421(4.3.2):"),
		IN("QUIT", "note"),
		OUT("250 ok", "c:?"),
		OUT("QUIT", "c:QUIT"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 1);
	PLAY(SELF_CLIENT, false, rows, 1);
}

/* The first line that was said tells who is the server. */
static void
test_sides(void **state)
{
	static const struct {
		struct row row;
		enum dialogue_self self;
	} cases[] = {
		{ IN("250 ok", "r:250:"), SELF_CLIENT },
		{ OUT("250 ok", "r:250:"), SELF_SERVER },
		{ IN("NOOP", "c:NOOP"), SELF_SERVER },
		{ OUT("NOOP", "c:NOOP"), SELF_CLIENT },
		{ IN("GET / HTTP/1.1", "c:?"), SELF_SERVER },
		{ IN("  ", "none"), SELF_UNKNOWN },
		{ ANY("250 ok", "r:250:"), SELF_UNKNOWN },
		{ RAW("NOOP", "twin"), SELF_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dialogue d;

		dialogue_init(&d, SELF_UNKNOWN, false);
		play_rows(&d, &cases[i].row, 1);
		assert_int_equal(d.self_is, cases[i].self);
		dialogue_free(&d);
	}
}

/* A side that is known is not unlearned by what is said. */
static void
test_lines_that_lie(void **state)
{
	static const struct row rows[] = {
		GREETED,
		OUT("220 ready", "r:220:CONNECT"),
		IN("250 OK", "c:?"),
		OUT("500 what", "r:500:?@3"),
		IN("550 5.7.1 spoofed", "c:?"),
		IN("", "none"),
		OUT("500 what", "r:500:?@5"),
		OUT("QUIT", "note"),
		OUT("150 no code of ours", "note"),
		OUT("650 nor this", "note"),
		OUT("  ", "none"),
		IN("\x16\x03\x01", "c:?"),
		OUT("500", "r:500:?@12"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
}

static void
test_greeting_in_lines(void **state)
{
	static const struct row rows[] = {
		GREETED,
		OUT("220-mx.test.com", "r:220-:CONNECT"),
		IN("EHLO too.early.test.com", "c:EHLO"),
		OUT("220 ready", "m:220"),
		OUT("250 hello", "r:250:EHLO@3"),
	};
	static const struct row refused[] = {
		GREETED,
		OUT("554-go away", "r:554-:CONNECT"),
		OUT("554 5.7.1 really", "m:554"),
		IN("QUIT", "c:QUIT"),
		OUT("221 bye", "r:221:QUIT@4"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
	PLAY(SELF_UNKNOWN, false, refused, 0);
}

/* A server that does not log its greeting, and a client that cannot wait. */
static void
test_greeting_left_out(void **state)
{
	static const struct row left_out[] = {
		GREETED,
		IN("HELO pop3.test.com", "c:HELO"),
		OUT("250 OK", "r:250:HELO@2"),
		IN("STARTTLS", "c:STARTTLS"),
		OUT("220 go", "r:220:STARTTLS@4"),
	};
	static const struct row late[] = {
		GREETED,
		IN("EHLO early.test.com", "c:EHLO"),
		OUT("220 ready", "r:220:CONNECT"),
		OUT("250 hello", "r:250:EHLO@2"),
	};
	static const struct row tls_at_once[] = {
		GREETED,
		IN("STARTTLS", "c:STARTTLS"),
		OUT("220 go", "r:220:STARTTLS@2"),
	};
	static const struct row refused[] = {
		GREETED,
		IN("HELO pop3.test.com", "c:HELO"),
		OUT("554 no", "r:554:HELO@2"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, left_out, 0);
	PLAY(SELF_UNKNOWN, false, late, 0);
	PLAY(SELF_UNKNOWN, false, tls_at_once, 0);
	PLAY(SELF_UNKNOWN, false, refused, 0);
}

/* A log that was cut: what the first reply answers is only guessed at. */
static void
test_cut_start(void **state)
{
	static const unsigned greetings[] = { 220, 554, 421 };
	static const struct row reply[] = {
		OUT("250 ok", "r:250:"),
		OUT("220 not at the start", "r:220:"),
		IN("NOOP", "c:NOOP"),
		OUT("250 ok", "r:250:NOOP@3"),
	};
	static const struct row command[] = {
		IN("NOOP", "c:NOOP"),
		OUT("220 ok", "r:220:NOOP@1"),
		OUT("421 too slow", "r:421:"),
	};
	static const struct row text[] = {
		OUT("354 go on", "r:354:"),
		OUT("250 queued", "r:250:DATA/text"),
	};
	static const struct row secret[] = {
		OUT("334 UGFzc3dvcmQ6", "r:334:"),
		IN("c2VjcmV0", "auth!"),
		OUT("235 ok", "r:235:AUTH"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++) {
		char said[16], steps[32];
		struct row row = OUT(said, steps);

		snprintf(said, sizeof said, "%u x", greetings[i]);
		snprintf(steps, sizeof steps, "r:%u:CONNECT", greetings[i]);
		play_script(SELF_UNKNOWN, false, &row, 1, 0);
	}
	PLAY(SELF_UNKNOWN, false, reply, 0);
	PLAY(SELF_UNKNOWN, false, command, 0);
	PLAY(SELF_UNKNOWN, false, text, 0);
	PLAY(SELF_UNKNOWN, false, secret, 0);
}

static void
test_replies_in_lines(void **state)
{
	static const struct row rows[] = {
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		IN("RCPT TO:<chris@play.com>", "c:RCPT"),
		IN("RCPT TO:<ann@play.com>", "c:RCPT"),
		OUT("250-2.1.0 ok", "r:250(2.1.0)-:MAIL@1"),
		OUT("250-2.1.0 and", "m:250"),
		OUT("no code at all", "m:250"),
		OUT("250", "m:250"),
		OUT("no code after the end", "note"),
		OUT("550-5.1.1 unknown", "r:550(5.1.1)-:RCPT@2"),
		OUT("451 4.2.0 another", "r:451(4.2.0):RCPT@3"),
		OUT("no code at all", "note"),
	};
	/* The client goes on speaking while a reply is written. */
	static const struct row interleaved[] = {
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		IN("RCPT TO:<chris@play.com>", "c:RCPT"),
		OUT("250-2.1.0 ok", "r:250(2.1.0)-:MAIL@1"),
		IN("RCPT TO:<ann@play.com>", "c:RCPT"),
		OUT("250 2.1.0 end", "m:250"),
		OUT("250-2.1.5 chris", "r:250(2.1.5)-:RCPT@2"),
		IN("DATA", "c:DATA"),
		OUT("250-chris", "m:250"),
		OUT("250 chris", "m:250"),
		OUT("250 ann", "r:250:RCPT@4"),
		OUT("354 go on", "r:354:DATA@7"),
		OUT("250-all", "r:250-:DATA@7/text"),
		OUT("250 queued", "m:250"),
	};
	/* The rest of a reply was left out: EHLO is waited for. */
	static const struct row lost_end[] = {
		IN("EHLO pop3.test.com", "c:EHLO"),
		OUT("250-Hello", "r:250-:EHLO@1"),
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		OUT("no code", "note"),
		OUT("250 ok", "r:250:MAIL@3"),
		OUT("250-ok", "r:250-:"),
		END(""),
		OUT("no code", "note"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
	PLAY(SELF_UNKNOWN, false, interleaved, 0);
	PLAY(SELF_UNKNOWN, false, lost_end, 0);
}

static void
test_bare_lines(void **state)
{
	static const struct row rows[] = {
		IN("EHLO pop3.test.com", "c:EHLO"),
		MORE("broken", "note"),
		OUT("250-Hello", "r:250-:EHLO@1"),
		MORE("250-SIZE 0", "m:250"),
		MORE("", "none"),
		MORE("and broken", "m:250"),
		MORE("250 DSN", "m:250"),
		MORE("250 DSN", "note"),
		MORE("  ", "none"),
		MORE("QUIT", "note"),
		IN("NOOP", "c:NOOP"),
		OUT("250-ok", "r:250-:NOOP@11"),
		OUT("250-and", "m:250"),
		MORE("250 so on", "m:250"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
	PLAY(SELF_UNKNOWN, true, rows, 0);
}

/* MAIL, 100 RCPT of which every third is refused, DATA: all in one go. */
static void
test_pipelined_group(void **state)
{
	enum { RCPTS = 100 };
	static char text[RCPTS][64], answer[RCPTS][64], steps[RCPTS][64];
	static struct row rows[2 * RCPTS + 10];
	struct dialogue d;
	size_t n = 0;

	(void)state;
	rows[n++] = (struct row)IN("MAIL FROM:<richie@test.com>", "c:MAIL");
	for (int i = 0; i < RCPTS; i++) {
		snprintf(text[i], sizeof *text, "RCPT TO:<u%d@play.com>", i);
		rows[n++] = (struct row)IN(text[i], "c:RCPT");
	}
	rows[n++] = (struct row)IN("DATA", "c:DATA");
	rows[n++] = (struct row)OUT("250 ok", "r:250:MAIL@1");
	for (int i = 0; i < RCPTS; i++) {
		bool no = i % 3 == 0;

		snprintf(answer[i], sizeof *answer, "%s %d",
		    no ? "550 5.1.1" : "250", i);
		snprintf(steps[i], sizeof *steps, "r:%s:RCPT@%d",
		    no ? "550(5.1.1)" : "250", i + 2);
		rows[n++] = (struct row)OUT(answer[i], steps[i]);
	}
	rows[n++] = (struct row)OUT("354 go", "r:354:DATA@102");
	rows[n++] = (struct row)OUT("250 ok", "r:250:DATA@102/text");
	rows[n++] = (struct row)IN("QUIT", "c:QUIT");
	rows[n++] = (struct row)OUT("221 bye", "r:221:QUIT@206");

	dialogue_init(&d, SELF_UNKNOWN, false);
	play_rows(&d, rows, RCPTS + 2);
	assert_int_equal(dialogue_unanswered(&d, NULL), RCPTS + 2);
	dialogue_free(&d);
	play_script(SELF_UNKNOWN, false, rows, n, 0);
}

/* Entries that share a line: the reply tells which of them it answers. */
static void
test_glued_commands(void **state)
{
	static const uint32_t lines[] = { 7, 7, 7, 8, 9, 9 };
	static const uint16_t nth[] = { 0, 1, 2, 0, 0, 1 };
	struct step s[DIALOGUE_STEPS];
	struct dialogue d;

	(void)state;
	dialogue_init(&d, SELF_SERVER, false);
	for (size_t i = 0; i < 6; i++)
		dialogue_feed(&d, UTTER_LINE, SPEAKER_PEER,
		    SLICE("RCPT TO:<ann@play.com>"), lines[i], 0, s);
	for (size_t i = 0; i < 6; i++) {
		dialogue_feed(&d, UTTER_LINE, SPEAKER_SELF, SLICE("250 ok"),
		    10, 0, s);
		assert_int_equal(s->command_line, lines[i]);
		assert_int_equal(s->command_nth, nth[i]);
	}
	dialogue_free(&d);
}

static void
test_no_recipients(void **state)
{
	static const struct row rows[] = {
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		IN("RCPT TO:<chris@play.com>", "c:RCPT"),
		IN("DATA", "c:DATA"),
		OUT("250 ok", "r:250:MAIL@1"),
		OUT("550 5.1.1 no", "r:550(5.1.1):RCPT@2"),
		OUT("554 5.5.1 no valid recipients", "r:554(5.5.1):DATA@3"),
		IN("RSET", "c:RSET"),
		OUT("250 ok", "r:250:RSET@7"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
	PLAY(SELF_UNKNOWN, true, rows, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_session),
		cmocka_unit_test(test_client_side),
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_lines_that_lie),
		cmocka_unit_test(test_greeting_in_lines),
		cmocka_unit_test(test_greeting_left_out),
		cmocka_unit_test(test_cut_start),
		cmocka_unit_test(test_replies_in_lines),
		cmocka_unit_test(test_bare_lines),
		cmocka_unit_test(test_pipelined_group),
		cmocka_unit_test(test_glued_commands),
		cmocka_unit_test(test_no_recipients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
