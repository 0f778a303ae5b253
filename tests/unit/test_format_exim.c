/*
 * Exim: which lines of its logs belong together, what they tell, and what
 * strangers write into them.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "format/format.h"
#include "smtp/reply.h"
#include "smtp/verb.h"
#include "unit/expect_log.h"

#define DAY  "2026-11-25 "
#define AT   DAY "10:00:00 "
#define ID   "1rABCD-000000005vi-0000 "
#define ID2  "1rABCE-0005MB-00 "

static struct event
scan(const char *line)
{
	return expect_scan("exim", line);
}

static struct detail
detail(const char *line)
{
	return expect_detail("exim", line);
}

static enum outcome
outcome_of(struct with_log *w, uint32_t n)
{
	return session_outcome(&with_session(w, n)->rec);
}

/* --- lines -------------------------------------------------------------------- */

static void
frames(void **state)
{
	static const char *const lines[] = {
		AT "H=(x) [192.0.2.1] F=<a@b> rejected RCPT <c@d>: no",
		DAY "10:00:00.000 H=(x) [192.0.2.1] F=<a@b> rejected RCPT "
		    "<c@d>: no",
		"Nov 25 10:00:00 mx exim[42]: " AT "H=(x) [192.0.2.1] F=<a@b> "
		    "rejected RCPT <c@d>: no",
		AT "mx.example.org exim[42]: H=(x) [192.0.2.1] F=<a@b> "
		    "rejected RCPT <c@d>: no",
		"mx exim[42]: " AT "[42] H=(x) [192.0.2.1] F=<a@b> rejected "
		    "RCPT <c@d>: no",
		"Nov 25 10:00:00 mx exim[42]: [1/2] " AT "H=(x) [192.0.2.1] "
		    "F=<a@b> rejected RCPT <c@d>: no",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct event ev = scan(lines[i]);

		assert_int_equal(ev.kind, EVENT_REPORT);
		expect_slice(ev.text, "H=(x) [192.0.2.1] F=<a@b> rejected "
		    "RCPT <c@d>: no");
		assert_int_equal(ev.time, INT64_C(1795600800000));
		assert_int_equal(ev.code, 5);
		assert_int_equal(ev.verb, VERB_RCPT);
	}
	assert_int_equal(scan("Nov 25 10:00:00 mx exim[42]: [2\\2] more").kind,
	    EVENT_MORE);
	assert_int_equal(scan("Nov 25 10:00:00 mx cron[42]: x").kind,
	    EVENT_FOREIGN);
	assert_int_equal(scan("P Received: from x").kind, EVENT_MORE);
	assert_int_equal(scan("# a remark").kind, EVENT_FOREIGN);
	assert_int_equal(scan(AT "Start queue run: pid=1").kind,
	    EVENT_FOREIGN);
}

static void
refusals(void **state)
{
	struct event ev = scan(AT "H=(x) [192.0.2.1] F=<a@b> temporarily "
	    "rejected RCPT <c@d>: 450 4.7.1 later");

	(void)state;
	assert_int_equal(ev.code, 450);
	assert_int_equal(ev.enhanced, ENHANCED(4, 7, 1));
	/* A code of another class is only text. */
	assert_int_equal(scan(AT "H=(x) [192.0.2.1] F=<a@b> temporarily "
	    "rejected RCPT <c@d>: 550 no").code, 4);
	assert_int_equal(scan(AT "login authenticator failed for (x) "
	    "[192.0.2.1]: 535 Incorrect authentication data").code, 535);
	ev = scan(AT "SMTP command timeout on connection from (x) [192.0.2.1] "
	    "D=5m");
	assert_int_equal(ev.kind, EVENT_CLOSE);
	assert_int_equal(ev.code, 421);
	ev = scan(AT "SMTP protocol synchronization error (next input sent too "
	    "soon: pipelining was not advertised): rejected \"RSET\" "
	    "H=[192.0.2.1] next input=\"QUIT\\r\\n\"");
	assert_int_equal(ev.kind, EVENT_CLOSE);
	assert_int_equal(ev.code, 554);
	assert_int_equal(ev.verb, VERB_RSET);
	ev = scan(AT "H=[192.0.2.1] rejected connection in \"connect\" ACL: "
	    "550 unwelcome");
	assert_int_equal(ev.kind, EVENT_CLOSE);
	assert_int_equal(ev.code, 550);
	ev = scan(AT ID "H=(x) [192.0.2.1] F=<a@b> rejected after DATA: no");
	assert_int_equal(ev.verb, VERB_DATA);
	assert_true(detail(AT ID "H=(x) [192.0.2.1] F=<a@b> rejected after "
	    "DATA: no").final);
}

static void
deliveries(void **state)
{
	struct event ev;
	struct detail d;
	const char *bounced = AT ID "** c@d <o@d> R=r T=smtp H=mx [192.0.2.2]"
	    ":25: SMTP error from remote mail server after pipelined RCPT "
	    "TO:<\"c: 250 ok\"@d> NOTIFY=NEVER: 550 5.1.1 no such user";

	(void)state;
	ev = scan(bounced);
	d = detail(bounced);
	assert_int_equal(ev.code, 550);
	assert_int_equal(ev.enhanced, ENHANCED(5, 1, 1));
	assert_int_equal(ev.verb, VERB_RCPT);
	expect_slice(d.to, "o@d");
	expect_slice(d.reply, "no such user");
	ev = scan(AT ID "== c@d R=r T=smtp defer (-44) H=mx [192.0.2.2]: SMTP "
	    "error from remote mail server after end of data: 451 later");
	assert_int_equal(ev.code, 451);
	assert_int_equal(ev.verb, VERB_DATA);
	assert_int_equal(scan(AT ID "== c@d routing defer (-52): retry time "
	    "not reached").code, 4);
	assert_int_equal(scan(AT ID "** c@d: retry timeout exceeded").code, 5);
	d = detail(AT ID "=> |/bin/x R=y <c@d> R=pipe T=pipe");
	expect_slice(d.to, "c@d");
	d = detail(AT ID "=> :blackhole: <c@d> R=hole");
	expect_slice(d.to, "c@d");
	assert_int_equal(scan(AT ID "=> c@d R=r T=smtp H=mx [192.0.2.2] "
	    "C=\"250 2.0.0 OK\"").code, 250);
}

static void
strangers_words(void **state)
{
	struct detail d;

	(void)state;
	d = detail(AT "H=(x) [192.0.2.1] F=<\"a> rejected RCPT <x@y>: 550 "
	    "5.0.0\"@b> rejected RCPT <\"c>: 552 full\"@d>: relay not permitted");
	expect_slice(d.from, "\"a> rejected RCPT <x@y>: 550 5.0.0\"@b");
	expect_slice(d.to, "\"c>: 552 full\"@d");
	expect_slice(d.reply, "relay not permitted");
	/* The command in quotes has quotes, and a host. */
	expect_slice(scan(AT "SMTP syntax error in \"X\" H=(y) [10.9.9.9]:1 \" "
	    "H=(x) [192.0.2.1]:4711 unrecognized command").peer,
	    "[192.0.2.1]:4711");
	/* Nothing of these has an end. */
	scan(AT "H=(");
	scan(AT "H=() [");
	scan(AT "H=x [1] F=<\"");
	scan(AT ID "<=");
	scan(AT ID "<= ");
	scan(AT ID "** ");
	scan(AT ID "=> <");
	scan(AT "SMTP syntax error in \"");
	scan(AT "rejected from <");
	scan("");
}

/* --- sessions ------------------------------------------------------------------ */

/* Endpoint, process, message: one leads to the other. */
static void
one_session(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "mainlog",
	    AT "[9] SMTP connection from [192.0.2.1]:4711 I=[192.0.2.25]:25 "
	    "(TCP/IP connection count = 1)\n"
	    AT "[9] SMTP connection from [192.0.2.1]:4712 I=[192.0.2.25]:25 "
	    "(TCP/IP connection count = 2)\n"
	    AT "[42] H=(x) [192.0.2.1]:4711 F=<a@b> rejected RCPT <no@d>: no\n"
	    AT "[42] " ID "DKIM: d=b s=s [verification succeeded]\n"
	    AT "[42] a remark of an ACL\n"
	    AT "[42] " ID "<= a@b H=(x) [192.0.2.1]:4711 P=esmtp S=9 for c@d\n"
	    AT "[43] SMTP connection from [192.0.2.1]:4712 D=1s closed by "
	    "EOF\n"
	    AT "[42] SMTP connection from (x) [192.0.2.1]:4711 D=1s closed by "
	    "QUIT\n"
	    AT "[43] no MAIL in SMTP connection from [192.0.2.1]:4712 D=1s\n"
	    DAY "12:00:00 [99] " ID "=> c@d R=r T=smtp H=mx [192.0.2.2] "
	    "C=\"250 OK\"\n"
	    DAY "12:00:00 [99] " ID "Completed\n");
	assert_int_equal(w.store->sessions.used, 2);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 8);
	assert_int_equal(f->rec.duration, 0);
	assert_int_equal(f->port, 4711);
	assert_int_equal(f->nmessages, 1);
	assert_int_equal(f->nrecipients, 2);
	expect_slice(f->recipients[0].to, "no@d");
	expect_slice(f->recipients[1].to, "c@d");
	assert_int_equal(f->recipients[1].code, 250);
	assert_int_equal(outcome_of(&w, 1), OUTCOME_PERMANENT);
	assert_false(session_is_guessed(&f->rec));
	f = with_session(&w, 2);
	assert_int_equal(f->rec.lines, 3);
	assert_int_equal(outcome_of(&w, 2), OUTCOME_EMPTY);
	without_log(&w);
}

/* A process id comes back: another endpoint is another session. */
static void
process_again(void **state)
{
	struct with_log w;

	(void)state;
	with_log(&w, "mainlog",
	    AT "[42] H=(x) [192.0.2.1]:4711 F=<a@b> rejected RCPT <c@d>: no\n"
	    AT "[42] H=(x) [192.0.2.1]:4712 F=<a@b> rejected RCPT <c@d>: no\n"
	    AT "[43] H=(x) [192.0.2.3] F=<a@b> rejected RCPT <c@d>: no\n"
	    AT "[43] H=(x) [192.0.2.4] F=<a@b> rejected RCPT <c@d>: no\n"
	    AT "[43] H=(x) [192.0.2.4] F=<a@b> rejected RCPT <c@d>: no\n");
	assert_int_equal(w.store->sessions.used, 4);
	assert_int_equal(with_session(&w, 4)->rec.lines, 2);
	without_log(&w);
}

/* Without process and port: address and name, for a while. */
static void
guesses(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "mainlog",
	    AT "rejected EHLO from [192.0.2.1]: syntactically invalid "
	    "argument(s): x y\n"
	    AT "H=(x) [192.0.2.1] F=<a@b> rejected RCPT <c@d>: no\n"
	    AT ID "<= a@b H=(x) [192.0.2.1] P=esmtp S=9\n"
	    AT "H=(y) [192.0.2.1] F=<a@b> rejected RCPT <c@d>: no\n"
	    DAY "10:20:00 " ID2 "<= a@b H=(x) [192.0.2.1] P=esmtp S=9\n"
	    DAY "10:30:00 " ID "Completed\n");
	assert_int_equal(w.store->sessions.used, 3);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 4);
	assert_true(session_is_guessed(&f->rec));
	/* Nor is a beginning: that none is there means nothing. */
	assert_false(f->rec.flags & SESSION_CUT);
	assert_int_equal(f->rec.duration, 0);
	/* No end is ever logged: it is not open for ever. */
	assert_int_equal(outcome_of(&w, 3), OUTCOME_OK);
	without_log(&w);
}

static void
own_messages(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "mainlog",
	    AT ID "<= root@mx U=root P=local S=9\n"
	    AT ID "H=mx [192.0.2.2] SMTP error from remote mail server after "
	    "RCPT TO:<c@d>: 451 later\n"
	    AT ID "** c@d: retry timeout exceeded\n"
	    AT ID2 "<= <> U=exim P=local S=9\n"
	    AT ID "Completed\n"
	    AT "=> nothing of Exim's\n");
	assert_int_equal(w.store->sessions.used, 2);
	f = with_session(&w, 1);
	assert_true(f->rec.flags & SESSION_OUT);
	expect_slice(f->peer, "192.0.2.2");
	assert_int_equal(outcome_of(&w, 1), OUTCOME_PERMANENT);
	assert_int_equal(f->nrecipients, 1);
	assert_int_equal(f->recipients[0].code, 5);
	assert_int_equal(outcome_of(&w, 2), OUTCOME_OPEN);
	without_log(&w);
}

/* What a message leads to is of the session that brought it in. */
static void
bounces(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "mainlog",
	    AT ID "<= a@b H=(x) [192.0.2.1] P=esmtp S=9 for c@d\n"
	    AT ID "** c@d R=r T=t H=mx [192.0.2.2]: LMTP error after DATA: "
	    "554 5.7.1 no\n"
	    AT ID2 "<= <> R=1rABCD-000000005vi-0000 U=exim P=local S=9 "
	    "for a@b\n"
	    AT ID "Completed\n"
	    AT ID2 "=> a@b R=r T=t H=mx [192.0.2.2] C=\"250 2.0.0 ok\"\n"
	    AT ID2 "Completed\n"
	    AT ID2 "<= <> R=1rEFGH-000000005vi-0000 U=exim P=local S=9\n");
	assert_int_equal(w.store->sessions.used, 2);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 6);
	assert_int_equal(outcome_of(&w, 1), OUTCOME_PERMANENT);
	assert_int_equal(f->nmessages, 2);
	assert_int_equal(f->nrecipients, 2);
	assert_int_equal(f->rec.worst, 554);
	assert_int_equal(f->rec.verb, VERB_DATA);
	assert_int_equal(f->recipients[1].code, 250);
	/* Of a message that this log does not have. */
	assert_true(with_session(&w, 2)->rec.flags & SESSION_OUT);
	without_log(&w);
}

/* The header of a refused message belongs to the entry before. */
static void
reject_log(void **state)
{
	struct with_log w;

	(void)state;
	with_log(&w, "rejectlog",
	    AT ID "H=(x) [192.0.2.1] F=<a@b> rejected after DATA: no\n"
	    "Envelope-from: <a@b>\n"
	    "P Received: from x\n"
	    "\tby y\n"
	    "  Subject: z\n"
	    AT "exim 4.96 daemon started: pid=1\n"
	    "\tnobody's\n");
	assert_int_equal(w.store->sessions.used, 1);
	assert_int_equal(with_session(&w, 1)->rec.lines, 5);
	without_log(&w);
}

/* Where beginnings are logged, a connection without one began before. */
static void
cut_by_the_start(void **state)
{
	struct with_log w;

	(void)state;
	with_log(&w, "mainlog",
	    AT "[42] H=(x) [192.0.2.1]:1 F=<a@b> rejected RCPT <c@d>: no\n"
	    AT "[9] SMTP connection from [192.0.2.1]:2 (TCP/IP connection "
	    "count = 1)\n");
	assert_true(with_session(&w, 1)->rec.flags & SESSION_CUT);
	assert_false(with_session(&w, 2)->rec.flags & SESSION_CUT);
	without_log(&w);
}

static void
lost(void **state)
{
	struct with_log w;

	(void)state;
	with_log(&w, "mainlog",
	    AT "SMTP connection from [192.0.2.1]:1 (TCP/IP connection count = "
	    "1)\n"
	    AT "SMTP connection from (x) [192.0.2.1]:1 lost while reading "
	    "message data\n"
	    AT "SMTP connection from [192.0.2.1]:2 (TCP/IP connection count = "
	    "1)\n"
	    AT "unexpected disconnection while reading SMTP command from (x) "
	    "[192.0.2.1]:2 D=1s\n"
	    AT "SMTP connection from [192.0.2.1]:3 (TCP/IP connection count = "
	    "1)\n");
	assert_int_equal(outcome_of(&w, 1), OUTCOME_DROPPED);
	assert_int_equal(outcome_of(&w, 2), OUTCOME_DROPPED);
	assert_int_equal(outcome_of(&w, 3), OUTCOME_OPEN);
	without_log(&w);
}

/* --- debugging output ----------------------------------------------------------- */

static void
debug_processes(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "debug.log",
	    "Exim version 4.96 uid=0 gid=0 pid=9\n"
	    "10001 Process 10001 is handling incoming connection from "
	    "[192.0.2.1]:4711\n"
	    "10001 SMTP>> 220 mx ESMTP Exim 4.96 Thu, 26 Nov 2026 00:01:41 "
	    "+0000\n"
	    "10001 SMTP<< EHLO x\n"
	    "10002 Process 10002 is handling incoming connection from "
	    "[192.0.2.1]:4712\n"
	    "10001 SMTP>> 250-mx\n"
	    "10002 SMTP>> 220 mx\n"
	    "10001        250-SIZE\n"
	    "10002 set_process_info: 10002 x\n"
	    "10001        250 HELP\n"
	    "10001        550 a folded field\n"
	    "10001  550 a folded field\n"
	    "10001   SMTP>> 550 a folded field\n"
	    "10002 SMTP<< QUIT\n"
	    "10001 LOG: MAIN\n"
	    "10001   SMTP connection from (x) [192.0.2.1]:4711 lost\n"
	    "10001 SMTP>> 421 Lost incoming connection\n"
	    "10002 SMTP>> 221 bye\n"
	    "10001 SMTP>>(close on process exit)\n");
	assert_int_equal(w.store->sessions.used, 2);
	f = with_session(&w, 1);
	assert_int_equal(f->nreplies, 3);
	expect_slice(f->replies[1].text, "mx SIZE HELP");
	assert_int_equal(f->replies[2].code, 421);
	assert_int_equal(outcome_of(&w, 1), OUTCOME_TEMPORARY);
	expect_slice(with_session(&w, 2)->key, "10002");
	without_log(&w);
}

static void
debug_outbound(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "debug.log",
	    "LOG: MAIN\n"
	    "Connecting to mx.example.org [192.0.2.2]:25 ... \n"
	    " connected\n"
	    "  SMTP<< 220 mx\n"
	    "  SMTP>> EHLO x\n"
	    "  SMTP<< 250-mx\n"
	    "         250 SIZE\n"
	    "  SMTP|> MAIL FROM:<a@b>\n"
	    "  SMTP|> RCPT TO:<c@d>\n"
	    "  SMTP>> DATA\n"
	    "  SMTP<< 250 OK\n"
	    "  SMTP<< 550 5.1.1 no\n"
	    "  SMTP<< 503 no\n"
	    "  SMTP+> QUIT\n"
	    "  SMTP(shutdown)>>\n"
	    "  SMTP<< 221 bye\n"
	    "  SMTP(close)>>\n"
	    "cmdlog: '220:EHLO'\n"
	    "Connecting to mx2 [192.0.2.3]:25 ... \n"
	    " sock_connect failed: Connection refused\n");
	assert_int_equal(w.store->sessions.used, 2);
	f = with_session(&w, 1);
	assert_true(f->rec.flags & SESSION_OUT);
	expect_slice(f->peer, "192.0.2.2");
	assert_int_equal(f->nrecipients, 1);
	assert_int_equal(f->recipients[0].code, 550);
	assert_int_equal(outcome_of(&w, 2), OUTCOME_DROPPED);
	assert_true(with_session(&w, 2)->rec.flags & SESSION_NEVER_UP);
	without_log(&w);
}

/* The clock has no date, the greeting has; midnight passes. */
static void
debug_clock(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "debug.log",
	    "23:59:58.500 10001 Process 10001 is handling incoming connection "
	    "from [192.0.2.1]\n"
	    "23:59:59.000 10001 SMTP>> 220 mx ESMTP Exim 4.96 Wed, 25 Nov 2026 "
	    "23:59:59 +0000\n"
	    "00:00:01.000 10001 SMTP<< QUIT\n"
	    "00:00:01.000 10001 SMTP>> 221 bye\n"
	    "00:00:01.000 10001 set_process_info: 10001 x\n");
	f = with_session(&w, 1);
	assert_int_equal(f->rec.start, INT64_C(1795651198500));
	assert_int_equal(f->rec.duration, 2500);
	without_log(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames),
		cmocka_unit_test(refusals),
		cmocka_unit_test(deliveries),
		cmocka_unit_test(strangers_words),
		cmocka_unit_test(one_session),
		cmocka_unit_test(process_again),
		cmocka_unit_test(guesses),
		cmocka_unit_test(own_messages),
		cmocka_unit_test(bounces),
		cmocka_unit_test(reject_log),
		cmocka_unit_test(cut_by_the_start),
		cmocka_unit_test(lost),
		cmocka_unit_test(debug_processes),
		cmocka_unit_test(debug_outbound),
		cmocka_unit_test(debug_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
