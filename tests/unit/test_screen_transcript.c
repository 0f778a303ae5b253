/*
 * The transcript as cells: the failing exchange, folds, raw lines, the next
 * session, two views in one window.
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

/* The log this project began with, and a message with its text. */
static const char ims_log[] =
    "4/2/01 11:44:31 AM : A connection was accepted from pop3.test.com.\r\n"
    "4/2/01 11:44:31 AM : <<< IO: |HELO pop3.test.com\r\n"
    "4/2/01 11:44:31 AM : <<< HELO pop3.test.com\r\n"
    "4/2/01 11:44:31 AM : >>> 250 OK\r\n"
    "4/2/01 11:44:31 AM : <<< IO: |MAIL  From:<richie@test.com>\r\n"
    "4/2/01 11:44:31 AM : <<< MAIL From:<richie@test.com>\r\n"
    "4/2/01 11:44:31 AM : >>> 250 OK - mail from <richie@test.com>\r\n"
    "4/2/01 11:44:31 AM : <<< IO: |RCPT To:<chris@play.com>\r\n"
    "4/2/01 11:44:31 AM : <<< RCPT To:<chris@play.com>\r\n"
    "4/2/01 11:44:32 AM : >>> 250 OK - Recipient <chris@play.com>\r\n"
    "4/2/01 11:44:32 AM : <<< DATA\r\n"
    "4/2/01 11:44:32 AM : >>> 354 Send data.  End with CRLF.CRLF\r\n"
    "Subject: first\r\n"
    "550 this is no reply\r\n"
    "last of the text\r\n"
    ".\r\n"
    "4/2/01 11:44:40 AM : >>> 250 OK\r\n"
    "4/2/01 11:44:40 AM : <<< QUIT\r\n"
    "4/2/01 11:44:40 AM : >>> 221 closing connection\r\n";

static void
two_keys_lead_to_the_failing_reply(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "5 Enter");
	expect_cursor_at(&w, "10:00:01.040    +10ms  S 550 5.1.10 Recipient not "
	    "found");
	/* Command and reply are marked, and nothing else. */
	expect_seen(&w, "!10:00:01.030    +10ms  C RCPT TO:<nobody@");
	expect_seen(&w, "\n  10:00:01.020    +10ms  S 250 2.1.0 Sender OK");
	expect_seen(&w, "permanent: 550 to RCPT TO:<nobody@");
	without_stage(&w);
}

static void
replies_have_the_colour_of_their_class(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "5 Enter");
	/* At column 27 the text begins: 2xx, then the failing pair. */
	expect_seen(&w, "  10:00:01.020    +10ms  S 250 2.1.0 Sender OK");
	assert_non_null(strstr(styles(&w), "FFFF"));
	assert_non_null(strstr(styles(&w), "5555"));
	assert_non_null(strstr(styles(&w), "2222"));
	without_stage(&w);
}

static void
time_and_delta_come_first(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "Enter g");
	expect_cursor_at(&w, "10:00:00.000           - connected");
	expect_seen(&w, "  10:00:00.010    +10ms  S 220 mx.example.org ESMTP");
	/* 120 ms to 500 ms. */
	expect_seen(&w, "  10:00:00.500   +380ms  S 250 2.6.0 Queued mail");
	expect_seen(&w, "  10:00:00.530    +10ms  - disconnected: Local");
	without_stage(&w);
}

static void
the_centre_holds_a_late_failure(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 9, 80);
	press(&w, "5 Enter");
	/* Header, heading, six rows, status: the failure is in the middle. */
	assert_non_null(strstr(screen_row(&w, 5), "550 5.1.10"));
	without_stage(&w);
}

static void
next_and_previous_session(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "Enter K");
	expect_seen(&w, "this is the first session");
	press(&w, "J");
	expect_seen(&w, "session 2 ");
	press(&w, "J J J J J");
	expect_seen(&w, "session 6 ");
	expect_seen(&w, "this is the last session");
	press(&w, "K q");
	expect_cursor_at(&w, "5 ");
	without_stage(&w);
}

static void
failures_lead_on_to_other_sessions(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "Enter e");
	expect_seen(&w, "session 2 ");
	expect_cursor_at(&w, "10:00:01.040");
	press(&w, "e");
	expect_seen(&w, "session 3 ");
	press(&w, "g e");
	expect_seen(&w, "session 3 ");
	expect_cursor_at(&w, "10:00:02.050");
	press(&w, "E E");
	expect_seen(&w, "session 2 ");
	without_stage(&w);
}

static void
twins_are_folded_into_their_line(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, ims_log, 24, 80);
	press(&w, "Enter");
	expect_not_seen(&w, "IO:");
	expect_not_seen(&w, "MAIL  From");
	expect_seen(&w, "+C MAIL From:<richie@test.com>");
	/* The third row is HELO's reply, the fourth MAIL with its twin. */
	press(&w, "j j j Enter");
	expect_seen(&w, "-C MAIL From:<richie@test.com>");
	expect_seen(&w, "| MAIL  From:<richie@test.com>");
	expect_cursor_at(&w, "11:44:31          -C MAIL From");
	press(&w, "o");
	expect_not_seen(&w, "MAIL  From");
	without_stage(&w);
}

static void
message_text_is_one_line(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, ims_log, 24, 80);
	press(&w, "Enter");
	expect_seen(&w, "\xe2\x80\xa6 4 lines of message text");
	expect_not_seen(&w, "this is no reply");
	/* The last but three: the text, its reply, QUIT, 221. */
	press(&w, "G k k k Enter");
	expect_seen(&w, "550 this is no reply");
	expect_seen(&w, "Subject: first");
	/* What looks like a reply is text all the same. */
	expect_seen(&w, "   ok ");
	expect_seen(&w, "C 550 this is no reply");
	/* From within, the same key closes it. */
	press(&w, "j j o");
	expect_not_seen(&w, "this is no reply");
	expect_cursor_at(&w, "+C \xe2\x80\xa6 4 lines of message text");
	press(&w, "O");
	expect_seen(&w, "this is no reply");
	expect_seen(&w, "| MAIL  From");
	press(&w, "O");
	expect_not_seen(&w, "this is no reply");
	expect_not_seen(&w, "MAIL  From");
	without_stage(&w);
}

static void
raw_lines_have_their_numbers(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, ims_log, 24, 100);
	press(&w, "Enter j j j r");
	/* The cursor stays with the line: MAIL is the sixth of the log. */
	expect_cursor_at(&w, "6  4/2/01 11:44:31 AM : <<< MAIL From");
	expect_seen(&w, "5  4/2/01 11:44:31 AM : <<< IO: |MAIL  From");
	expect_seen(&w, "14  550 this is no reply");
	press(&w, "r");
	expect_cursor_at(&w, "11:44:31          +C MAIL");
	without_stage(&w);
}

static void
strange_bytes_are_shown_as_escapes(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "G Enter");
	expect_seen(&w, "HELO ^[[2J\\xFF.example.com");
	expect_seen(&w, "MAIL FROM:<\xe4\xb8\xad@example.com>");
	expect_seen(&w, "552 5.2.2 Mailbox ^[]0;full^G");
	press(&w, "r l l l l l l");
	expect_seen(&w, "^[]0;full^G");
	without_stage(&w);
}

static void
a_large_window_shows_both(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 60, 200);
	press(&w, "Enter");
	expect_seen(&w, "ann@example.com");
	expect_seen(&w, "carl@example.net");
	expect_seen(&w, "MAIL FROM:<ann@example.com>");
	/* The transcript goes with the cursor of the list. */
	press(&w, "Tab j");
	expect_seen(&w, "session 2 ");
	expect_seen(&w, "RCPT TO:<nobody@example.org>");
	press(&w, "Tab q");
	expect_not_seen(&w, "session 2 ");
	/* Beside it, where it is wide rather than high. */
	resize(&w, 24, 200);
	press(&w, "Enter");
	expect_seen(&w, "session 2 ");
	expect_seen(&w, "carl@example.net");
	/* And a smaller one shows the one in use. */
	resize(&w, 24, 80);
	expect_not_seen(&w, "ann@example.com");
	press(&w, "Tab");
	expect_seen(&w, "too small for two");
	without_stage(&w);
}

static void
narrow_windows_lose_times_not_text(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 10, 40);
	press(&w, "5 Enter");
	expect_seen(&w, ">!10:00:01.040   S 550 5.1.10 Recipient");
	resize(&w, 10, 30);
	expect_seen(&w, "S 550 5.1.10 Recipient n");
	without_stage(&w);
}

static void
sideways_shows_the_rest(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 10, 40);
	press(&w, "5 Enter");
	expect_not_seen(&w, "found");
	press(&w, "l l");
	expect_seen(&w, "found");
	press(&w, "h h h");
	expect_seen(&w, "550 5.1.10");
	without_stage(&w);
}

static void
credentials_stay_hidden(void **state)
{
	static const char log[] =
	    "4/2/01 11:44:31 AM : A connection was accepted from test.com.\r\n"
	    "4/2/01 11:44:31 AM : <<< EHLO test.com\r\n"
	    "4/2/01 11:44:31 AM : >>> 250 OK\r\n"
	    "4/2/01 11:44:31 AM : <<< AUTH LOGIN\r\n"
	    "4/2/01 11:44:31 AM : >>> 334 VXNlcm5hbWU6\r\n"
	    "4/2/01 11:44:31 AM : <<< cmljaGll\r\n"
	    "4/2/01 11:44:31 AM : >>> 334 UGFzc3dvcmQ6\r\n"
	    "4/2/01 11:44:31 AM : <<< c2VjcmV0\r\n"
	    "4/2/01 11:44:31 AM : >>> 235 ok\r\n";
	struct face_options o = { .secrets = true };
	struct with_stage w;

	(void)state;
	with_stage(&w, log, 24, 80);
	press(&w, "Enter");
	expect_not_seen(&w, "c2VjcmV0");
	expect_seen(&w, "[hidden]");
	press(&w, "r");
	expect_not_seen(&w, "c2VjcmV0");
	without_stage(&w);
	with_stage_options(&w, log, 24, 80, &o);
	press(&w, "Enter");
	expect_seen(&w, "c2VjcmV0");
	without_stage(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_keys_lead_to_the_failing_reply),
		cmocka_unit_test(replies_have_the_colour_of_their_class),
		cmocka_unit_test(time_and_delta_come_first),
		cmocka_unit_test(the_centre_holds_a_late_failure),
		cmocka_unit_test(next_and_previous_session),
		cmocka_unit_test(failures_lead_on_to_other_sessions),
		cmocka_unit_test(twins_are_folded_into_their_line),
		cmocka_unit_test(message_text_is_one_line),
		cmocka_unit_test(raw_lines_have_their_numbers),
		cmocka_unit_test(strange_bytes_are_shown_as_escapes),
		cmocka_unit_test(a_large_window_shows_both),
		cmocka_unit_test(narrow_windows_lose_times_not_text),
		cmocka_unit_test(sideways_shows_the_rest),
		cmocka_unit_test(credentials_stay_hidden),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
