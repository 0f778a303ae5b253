/*
 * The dialogue: verbs that are answered twice, AUTH and its secrets, STARTTLS,
 * lost arrows, what is left unanswered; and whole logs as servers wrote them.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "dialogue_script.h"

static void
test_unknown_verbs(void **state)
{
	static const struct row rows[] = {
		IN("XVERB a", "c:?"),
		IN("X-EXPS GSSAPI", "c:X-EXPS"),
		IN("XEXCH50 1096 2", "c:XEXCH50"),
		OUT("500 5.3.3 what", "r:500(5.3.3):?@1"),
		OUT("334 <authentication response>", "r:334:X-EXPS@2"),
		OUT("235 ok", "r:235:X-EXPS@2"),
		OUT("354 send", "r:354:XEXCH50@3"),
		OUT("250 ok", "r:250:XEXCH50@3/text"),
		IN("XNEW", "c:?"),
		OUT("334 tell", "r:334:?@9"),
		IN("secret", "auth!"),
		OUT("354 more", "r:354:?@9"),
		OUT("250 ok", "r:250:?@9/text"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
}

/* To a verb that draws no 3xx it is final, as every client takes it. */
static void
test_intermediate_out_of_place(void **state)
{
	static const struct row rows[] = {
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		IN("RCPT TO:<chris@play.com>", "c:RCPT"),
		IN("QUIT", "c:QUIT"),
		OUT("354 go on", "r:354:MAIL@1"),
		OUT("334 go on", "r:334:RCPT@2"),
		OUT("221 bye", "r:221:QUIT@3"),
		OUT("334 go on", "r:334:"),
		OUT("354 go on", "r:354:"),
		IN("NOOP", "c:NOOP"),
		OUT("250 ok", "r:250:NOOP@9"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
}

static void
test_auth(void **state)
{
	static const struct row rows[] = {
		IN("AUTH LOGIN", "c:AUTH"),
		OUT("334 VXNlcm5hbWU6", "r:334:AUTH@1"),
		IN("cmljaGll", "auth!"),
		OUT("334 UGFzc3dvcmQ6", "r:334:AUTH@1"),
		IN("QUIT", "auth!"),
		OUT("535 5.7.8 no", "r:535(5.7.8):AUTH@1"),
		IN("AUTH PLAIN AGEAYg==", "c:AUTH"),
		OUT("235 2.7.0 ok", "r:235(2.7.0):AUTH@7"),
		IN("AUTH NTLM TlRMTVNTUAAB", "c:AUTH"),
		OUT("334 TlRMTVNTUAAC", "r:334:AUTH@9"),
		IN("*", "auth!"),
		OUT("501 5.7.0 cancelled", "r:501(5.7.0):AUTH@9"),
		/* The answer is left out of the log. */
		IN("AUTH LOGIN", "c:AUTH"),
		OUT("334 <authentication response>", "r:334:AUTH@13"),
		OUT("334 <authentication response>", "r:334:AUTH@13"),
		OUT("235 2.7.0 ok", "r:235(2.7.0):AUTH@13"),
		IN("MAIL FROM:<richie@test.com>", "c:MAIL"),
		OUT("250 ok", "r:250:MAIL@17"),
		/* An empty answer is one. */
		IN("AUTH EXTERNAL", "c:AUTH"),
		OUT("334 ", "r:334:AUTH@19"),
		IN("", "auth!"),
		IN("NOOP", "c:NOOP"),
		OUT("235 ok", "r:235:AUTH@19"),
		OUT("250 ok", "r:250:NOOP@22"),
	};
	static const struct row broken[] = {
		IN("AUTH PLAIN AGEA", "c:AUTH"),
		MORE("Yg==", "auth!"),
		OUT("334 ", "r:334:AUTH@1"),
		IN("AGEA", "auth!"),
		MORE("Yg==", "auth!"),
		OUT("235 ok", "r:235:AUTH@1"),
		MORE("no secret", "note"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
	PLAY(SELF_UNKNOWN, true, rows, 0);
	PLAY(SELF_UNKNOWN, false, broken, 0);
}

/* What was pipelined behind STARTTLS was thrown away. */
static void
test_tls(void **state)
{
	static const struct row rows[] = {
		IN("STARTTLS", "c:STARTTLS"),
		IN("EHLO injected.test.com", "c:EHLO"),
		OUT("220 2.0.0 go", "r:220(2.0.0):STARTTLS@1"),
		IN("EHLO pop3.test.com", "c:EHLO"),
		OUT("250 hello", "r:250:EHLO@4"),
		IN("X-ANONYMOUSTLS", "c:X-ANONYMOUSTLS"),
		OUT("220 go", "r:220:X-ANONYMOUSTLS@6"),
		IN("STARTTLS", "c:STARTTLS"),
		IN("NOOP", "c:NOOP"),
		OUT("454 4.7.0 not now", "r:454(4.7.0):STARTTLS@8"),
		OUT("250 ok", "r:250:NOOP@9"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
}

/* Logs that lost their arrows: the reply codes tell. */
static void
test_no_arrows(void **state)
{
	static const struct row rows[] = {
		GREETED,
		ANY("220 ready", "r:220:CONNECT"),
		ANY("EHLO pop3.test.com", "c:EHLO"),
		ANY("250-hello", "r:250-:EHLO@3"),
		ANY("250 DSN", "m:250"),
		ANY("AUTH LOGIN", "c:AUTH"),
		ANY("334 VXNlcm5hbWU6", "r:334:AUTH@6"),
		ANY("", "none"),
		ANY("cmljaGll", "auth!"),
		ANY("535 no", "r:535:AUTH@6"),
		ANY("", "none"),
		ANY("QUIT", "c:QUIT"),
		ANY("221 bye", "r:221:QUIT@12"),
	};
	/* Where there are arrows, a line without one is a remark. */
	static const struct row some[] = {
		IN("NOOP", "c:NOOP"),
		ANY("NOOP", "note"),
		ANY("499 No routing hosts are reachable", "note"),
		OUT("250 ok", "r:250:NOOP@1"),
	};

	(void)state;
	PLAY(SELF_UNKNOWN, false, rows, 0);
	PLAY(SELF_UNKNOWN, false, some, 0);
}

static void
test_unanswered(void **state)
{
	static const struct row rows[] = {
		GREETED,
		OUT("220 ready", "r:220:CONNECT"),
		IN("QUIT", "c:QUIT"),
		IN("DATA", "c:DATA"),
		IN("NOOP", "c:NOOP"),
		OUT("221 bye", "r:221:QUIT@3"),
		OUT("354 go on", "r:354:DATA@4"),
	};
	static const struct row quit[] = { IN("QUIT", "c:QUIT") };
	struct dialogue_command c = { .line = 99 };
	struct dialogue d;

	(void)state;
	dialogue_init(&d, SELF_UNKNOWN, false);
	assert_int_equal(dialogue_unanswered(&d, &c), 0);
	play_rows(&d, rows, 1);
	assert_int_equal(dialogue_unanswered(&d, &c), 0);
	play_rows(&d, rows, 5);
	assert_int_equal(dialogue_unanswered(&d, &c), 2);
	assert_int_equal(c.line, 4);
	assert_int_equal(c.verb, VERB_DATA);
	assert_int_equal(c.stage, 0);
	dialogue_free(&d);

	dialogue_init(&d, SELF_UNKNOWN, false);
	play_rows(&d, rows, sizeof rows / sizeof *rows);
	assert_true(dialogue_in_body(&d));
	assert_true(dialogue_entry_is_plausible(&d, 0));
	assert_int_equal(dialogue_unanswered(&d, &c), 2);
	assert_int_equal(c.line, 4);
	assert_int_equal(c.stage, 2);
	dialogue_free(&d);
	PLAY(SELF_UNKNOWN, false, quit, 0);
}

/* Medium level of an inbound session: no greeting, blanks between entries. */
static void
test_ims_medium(void **state)
{
	static const struct row rows[] = {
		GREETED,
		IN("EHLO a.test.com", "c:EHLO"),
		OUT("250-b.play.com Hello [a]", "r:250-:EHLO@2"),
		MORE("250-XEXCH50", "m:250"),
		MORE("250-SIZE 0", "m:250"),
		MORE("250 AUTH=LOGIN", "m:250"),
		MORE("", "none"),
		IN("AUTH NTLM TlRMTVNTUAAB", "c:AUTH"),
		OUT("334 TlRMTVNTUAAC", "r:334:AUTH@8"),
		MORE("", "none"),
		IN("TlRMTVNTUAAD", "auth!"),
		MORE("", "none"),
		OUT("235 ntlm authentication successful", "r:235:AUTH@8"),
		MORE("", "none"),
		IN("MAIL FROM:<bob@test.com> SIZE=1460 RET=FULL", "c:MAIL"),
		OUT("250 OK - mail from <bob@test.com>", "r:250:MAIL@15"),
		IN("RCPT TO:<sam@play.com> NOTIFY=FAILURE,DELAY", "c:RCPT"),
		OUT("250 OK - Recipient <sam@play.com>", "r:250:RCPT@17"),
		IN("DATA", "c:DATA"),
		OUT("354 Send data.  End with CRLF.CRLF", "r:354:DATA@19"),
		MORE("", "none"),
		OUT("554 Mailbox is not local: bob@test.com",
		    "r:554:DATA@19/text"),
		MORE("", "none"),
		IN("QUIT", "c:QUIT"),
		OUT("221 closing connection", "r:221:QUIT@24"),
		END(""),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 0);
}

/* Outbound, no stamps, and the last reply only raw. */
static void
test_ims_outbound(void **state)
{
	static const struct row rows[] = {
		GREETED,
		MORE("", "none"),
		RAW("220 fw.play.com handler", "twin", NO_TIME),
		MORE("", "none"),
		IN("220 fw.play.com handler", "r:220:CONNECT"),
		OUT("EHLO a.test.com", "c:EHLO"),
		RAW("500 unrecognized", "twin"),
		IN("500 unrecognized", "r:500:EHLO@6"),
		OUT("HELO a.test.com", "c:HELO"),
		RAW("250 fw.play.com talking to", "twin"),
		MORE("a.test.com [192.0.2.4])", "twin+"),
		IN("250 fw.play.com talking to a.test.com ([192.0.2.4])",
		    "r:250:HELO@9"),
		OUT("RCPT TO:<sam@play.com>", "c:RCPT"),
		RAW("550 Domain invalid", "twin"),
		IN("550 Domain invalid", "r:550:RCPT@13"),
		OUT("QUIT", "c:QUIT"),
		RAW("221 fw.play.com closing", "twin"),
		MORE("", "none"),
		END("17=r:221:QUIT@16"),
	};

	(void)state;
	PLAY(SELF_CLIENT, false, rows, 0);
	PLAY(SELF_UNKNOWN, false, rows, 0);
}

/* Arrows lost, most replies only raw; lost while the text was sent. */
static void
test_ims_without_arrows(void **state)
{
	static const struct row rows[] = {
		GREETED,
		RAW("220 gw.play.com ready", "twin"),
		MORE("at Mon, 5 Apr 1999", "twin+"),
		ANY("EHLO a.test.com", "2=r:220:CONNECT c:EHLO"),
		RAW("250-Hello a.test.com", "twin"),
		ANY("MAIL FROM:bob@test.com", "5=r:250-:EHLO@4 c:MAIL"),
		RAW("250 bob@test.com... Sender ok", "twin"),
		ANY("RCPT TO:sam@play.com", "7=r:250:MAIL@6 c:RCPT"),
		RAW("250 sam@play.com... Recipient ok", "twin"),
		ANY("DATA", "9=r:250:RCPT@8 c:DATA"),
		RAW("354 Enter mail", "twin"),
		ANY("354 Enter mail", "r:354:DATA@10"),
		MORE("", "none"),
		END(""),
	};

	(void)state;
	PLAY(SELF_CLIENT, false, rows, 1);
}

/* The log this project began with: its last line has no twin. */
static void
test_ims_maximum(void **state)
{
	static const struct row rows[] = {
		GREETED,
		RAW("HELO pop3.test.com", "twin"),
		IN("HELO pop3.test.com", "c:HELO"),
		OUT("250 OK", "r:250:HELO@3"),
		RAW("MAIL  From:<richie@test.com>", "twin"),
		IN("MAIL From:<richie@test.com>", "c:MAIL"),
		OUT("250 OK - mail from <richie@test.com>", "r:250:MAIL@6"),
		RAW("RCPT To:<chris@play.com>", "twin"),
		IN("RCPT To:<chris@play.com>", "c:RCPT"),
		OUT("250 OK - Recipient <chris@play.com>", "r:250:RCPT@9"),
		RAW("DATA", "twin"),
		END("11=c:DATA"),
	};

	(void)state;
	PLAY(SELF_SERVER, true, rows, 1);
	PLAY(SELF_UNKNOWN, true, rows, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_verbs),
		cmocka_unit_test(test_intermediate_out_of_place),
		cmocka_unit_test(test_auth),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_no_arrows),
		cmocka_unit_test(test_unanswered),
		cmocka_unit_test(test_ims_medium),
		cmocka_unit_test(test_ims_outbound),
		cmocka_unit_test(test_ims_without_arrows),
		cmocka_unit_test(test_ims_maximum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
