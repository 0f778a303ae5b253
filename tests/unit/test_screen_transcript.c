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
#include <stdatomic.h>
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

/* What was refused is told by a line, to its end, with the mark. */
static void
refusals_in_words_are_shown_in_full(void **state)
{
#define SMTPD "Nov 23 10:00:00 mx smtpd[7]: 0123456789abcdef smtp "
	static const char log[] =
	    SMTPD "connected address=192.0.2.7 host=a.test.com\n"
	    SMTPD "failed-command command=\"RCPT TO:<a@play.com>\" "
	    "result=\"550 Invalid recipient: <a@play.com>\"\n"
	    SMTPD "failed-command command=\"RCPT TO:<b@play.com>\" "
	    "result=\"452 Too many of them for today, b\"\n"
	    SMTPD "disconnected reason=quit\n";
	struct with_stage w;

	(void)state;
	with_stage(&w, log, 24, 80);
	press(&w, "5 Enter");
	expect_cursor_at(&w, "10:00:00           - 0123456789abcdef");
	expect_seen(&w, " <a@play.com>\"\n");
	/* The second, too, that did not make the outcome. */
	expect_seen(&w, "\n !10:00:00           - 0123456789abcdef");
	expect_seen(&w, " b\"\n");
	expect_seen(&w, "\n  10:00:00           - 0123456789abcdef smtp disc");
	without_stage(&w);
#undef SMTPD
}

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
	expect_seen(&w, "= MAIL  From:<richie@test.com>");
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
	expect_seen(&w, "= MAIL  From");
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
	press(&w, "r");
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
	with_stage(&w, sample_log, 14, 40);
	/* MAIL is not of the failing exchange: one row, 21 columns of text. */
	press(&w, "5 Enter");
	expect_not_seen(&w, "net>");
	press(&w, "l l");
	expect_seen(&w, "   C example.net>\n");
	expect_not_seen(&w, "MAIL FROM");
	/* What is seen whole stays where it is. */
	expect_seen(&w, "S 550 5.1.10 Recipient");
	press(&w, "h h h");
	expect_seen(&w, "MAIL FROM");
	without_stage(&w);
}

static void
the_failing_exchange_is_wrapped(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 10, 40);
	press(&w, "5 Enter");
	/* Replies break at blanks, text goes on under text. */
	expect_seen(&w, ">!10:00:01.040   S 550 5.1.10 Recipient\n"
	    "                   not found\n");
	expect_seen(&w, " !10:00:01.030   C RCPT TO:<nobody@examp\n"
	    "                   le.org>\n");
	expect_seen(&w, "550 to RCPT TO:<");
	/* Nothing else moves when the cursor does. */
	press(&w, "k k");
	expect_cursor_at(&w, "10:00:01.020");
	expect_seen(&w, " !10:00:01.040   S 550 5.1.10 Recipient\n"
	    "                   not found\n");
	without_stage(&w);
}

static void
enter_shows_all_of_a_long_line(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 12, 40);
	press(&w, "5 Enter k k k");
	expect_cursor_at(&w, "10:00:01.010   C MAIL FROM:<carl@exam");
	expect_not_seen(&w, "net>");
	press(&w, "Enter");
	expect_cursor_at(&w, "10:00:01.010   C MAIL FROM:");
	expect_seen(&w, "net>");
	press(&w, "Enter");
	expect_not_seen(&w, "net>");
	press(&w, "j Enter");
	expect_seen(&w, "nothing is folded");
	without_stage(&w);
}

/* A reply of more than six rows, with wide glyphs and escapes. */
static void
a_wrapped_reply_is_bounded(void **state)
{
	static const char log[] =
	    "4/2/01 11:44:31 AM : A connection was accepted from test.com.\r\n"
	    "4/2/01 11:44:31 AM : <<< HELO test.com\r\n"
	    "4/2/01 11:44:31 AM : >>> 550 "
	    "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
	    "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
	    "\033\033\033\033\033\033\033\033\033\033"
	    "0123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789end\r\n"
	    "4/2/01 11:44:31 AM : >>> 421 the last\r\n";
	struct with_stage w;

	(void)state;
	with_stage(&w, log, 14, 40);
	press(&w, "Enter");
	/* Text begins at column 15: 25 columns. */
	expect_seen(&w, ">!11:44:31   S 550 \xe4\xb8\xad\xe4\xb8\xad"
	    "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
	    "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\n"
	    "               ^[^[^[^[^[^[^[^[^[^[01234\n");
	/* Rows three to six of 25; the last ends in the sign. */
	expect_seen(&w, "               012345678901234567890123\xe2\x80\xa6\n"
	    " !11:44:31   S 421 the last\n");
	expect_not_seen(&w, "end");
	press(&w, "l l l l l");
	expect_seen(&w, "end");
	without_stage(&w);
}

static void
every_failing_reply_has_a_mark(void **state)
{
	static const char log[] =
	    "A connection to 10.1.1.25 was established.\r\n\r\n"
	    "<<< IO: |220 ready\r\n\r\n"
	    "<<< 220 ready\r\n\r\n"
	    ">>> HELO test.com\r\n\r\n"
	    "<<< 250 ok\r\n\r\n"
	    ">>> MAIL FROM:<a@example.com>\r\n\r\n"
	    "<<< 451 later\r\n\r\n"
	    ">>> MAIL FROM:<b@example.com>\r\n\r\n"
	    "<<< 550 never\r\n\r\n"
	    ">>> QUIT\r\n\r\n"
	    "<<< 221 bye\r\n";
	struct with_stage w;

	(void)state;
	with_stage(&w, log, 24, 80);
	press(&w, "Enter");
	expect_seen(&w, ">!                   S 550 never");
	expect_seen(&w, "\n !                   S 451 later");
	expect_seen(&w, "\n                     C MAIL FROM:<a@");
	/* Blank lines are no rows: the twin's sign is its line's. */
	expect_seen(&w, "\n                    +S 220 ready\n"
	    "                     C HELO test.com\n");
	press(&w, "g j Enter");
	expect_seen(&w, "                     = 220 ready\n"
	    ">                   -S 220 ready\n");
	without_stage(&w);
}

static void
text_that_is_gone_is_told(void **state)
{
	struct segment *seg;
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	seg = table_at(&store_stream(w.log.store, 0)->segments, 0);
	atomic_store(&seg->gone, true);
	press(&w, "5 Enter");
	/* Session 2 has 11 lines; the index knows what became of it. */
	expect_seen(&w, "the log was truncated; the text of 11 lines is gone");
	expect_seen(&w, "192.0.2.2");
	expect_seen(&w, "permanent: 550 to RCPT");
	expect_not_seen(&w, "line 0 of 0");
	press(&w, "/");
	type(&w, "truncated");
	press(&w, "Enter");
	expect_seen(&w, "no hit (text is gone)");
	press(&w, "n");
	expect_seen(&w, "no hit; the log was truncated");
	press(&w, "r");
	expect_seen(&w, "the text of 11 lines is gone");
	without_stage(&w);
}

static void
raw_lines_are_wrapped_and_do_not_stay(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	press(&w, "5 Enter r");
	expect_cursor_at(&w, "27  2026-11-23T10:00:01.040Z,");
	expect_seen(&w, "550 5.1.10 Recipient not found,");
	expect_seen(&w, "raw line");
	press(&w, "J");
	expect_seen(&w, "raw line");
	press(&w, "q K Enter");
	expect_not_seen(&w, "raw line");
	without_stage(&w);
}

static void
only_what_came_later_is_new(void **state)
{
	struct face_options o = { .follow = true };
	struct with_stage w;

	(void)state;
	with_stage_options(&w, sample_log, 24, 80, &o);
	press(&w, "g j Enter");
	expect_seen(&w, "session 2 ");
	expect_not_seen(&w, " new");
	press(&w, "k");
	expect_not_seen(&w, " new");
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

/* Entries that share a line: each is shown with all of it. */
static void
credentials_of_a_shared_line_stay_hidden(void **state)
{
	static const char log[] =
	    "4/2/01 11:44:31 AM : A connection was accepted from test.com.\r\n"
	    "4/2/01 11:44:31 AM : <<< EHLO test.com\r\n"
	    "4/2/01 11:44:31 AM : >>> 250 OK\r\n"
	    "4/2/01 11:44:31 AM : <<< AUTH PLAIN c2VjcmV0"
	    "4/2/01 11:44:31 AM : >>> 535 no c2VjcmV0\r\n";
	struct face_options o = { .secrets = true };
	struct with_stage w;

	(void)state;
	with_stage(&w, log, 24, 100);
	press(&w, "Enter");
	press(&w, "r");
	expect_seen(&w, "raw line");
	expect_seen(&w, "AUTH PLAIN [hidden]");
	expect_seen(&w, "535 no [hidden]");
	expect_not_seen(&w, "c2VjcmV0");
	without_stage(&w);
	with_stage_options(&w, log, 24, 100, &o);
	press(&w, "Enter");
	press(&w, "r");
	expect_seen(&w, "AUTH PLAIN c2VjcmV0");
	without_stage(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_keys_lead_to_the_failing_reply),
		cmocka_unit_test(refusals_in_words_are_shown_in_full),
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
		cmocka_unit_test(the_failing_exchange_is_wrapped),
		cmocka_unit_test(enter_shows_all_of_a_long_line),
		cmocka_unit_test(a_wrapped_reply_is_bounded),
		cmocka_unit_test(every_failing_reply_has_a_mark),
		cmocka_unit_test(text_that_is_gone_is_told),
		cmocka_unit_test(raw_lines_are_wrapped_and_do_not_stay),
		cmocka_unit_test(only_what_came_later_is_new),
		cmocka_unit_test(credentials_stay_hidden),
		cmocka_unit_test(credentials_of_a_shared_line_stay_hidden),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
