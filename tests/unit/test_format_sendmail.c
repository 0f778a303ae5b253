/*
 * Sendmail by syslog and by -X, and OpenSMTPD with its traces: small logs and
 * what happened in them.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/expect_log.h"

#define S "Nov 26 10:00:0"
#define MTA(pid) " mx sm-mta[" pid "]: "

static const struct expected_log by_syslog[] = {
	{ "a refused recipient beside one that was taken, and its delivery",
	    S "0" MTA("4711") "NOQUEUE: connect from a.example [192.0.2.7]\n"
	    S "0" MTA("4711") "6AQ0Hn8C004711: ruleset=check_rcpt, "
	    "arg1=<x@other.example>, relay=a.example [192.0.2.7], "
	    "reject=550 5.7.1 <x@other.example>... Relaying denied\n"
	    S "1" MTA("4711") "6AQ0Hn8C004711: from=<ann@example.com>, "
	    "size=321, class=0, nrcpts=1, msgid=<1@example.com>, "
	    "proto=ESMTP, daemon=MTA, relay=a.example [192.0.2.7]\n"
	    S "2" MTA("4713") "6AQ0Hn8C004711: to=<bob@example.org>, "
	    "delay=00:00:01, xdelay=00:00:00, mailer=local, pri=30321, "
	    "dsn=2.0.0, stat=Sent\n"
	    S "2" " mx dovecot: imap-login: Login: user=<bob>\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT, .failed = "RCPT",
	    .peer = "192.0.2.7", .from = "ann@example.com",
	    .to = "x@other.example", .worst = 550, .replies = 2,
	    .strays = 1, .inbound = true },
	{ "a server that queues first: nothing was tried, and nothing failed",
	    S "0" MTA("4711") "NOQUEUE: connect from a.example [192.0.2.7]\n"
	    S "1" MTA("4711") "6AQ0Hn8C004711: from=<ann@example.com>, "
	    "size=321, class=0, nrcpts=1, msgid=<1@example.com>, "
	    "proto=ESMTP, daemon=MTA, relay=a.example [192.0.2.7]\n"
	    S "1" MTA("4711") "6AQ0Hn8C004711: to=<bob@example.org>, "
	    "delay=00:00:00, mailer=esmtp, pri=30321, stat=queued\n"
	    S "9" " mx sendmail[4720]: 6AQ0Hn8C004711: to=<bob@example.org>, "
	    "delay=00:00:08, xdelay=00:00:01, mailer=esmtp, pri=120321, "
	    "relay=mx.example.org. [192.0.2.9], dsn=2.0.0, stat=Sent (ok)\n"
	    S "9" MTA("4711") "NOQUEUE: connect from b.example [192.0.2.8]\n",
	    .sessions = 2, .outcome = OUTCOME_OK, .peer = "192.0.2.7",
	    .from = "ann@example.com", .to = "bob@example.org", .worst = 2,
	    .replies = 1, .inbound = true },
	{ "two connections at once, and words that were forged",
	    S "0" MTA("4711") "NOQUEUE: connect from [192.0.2.7]\n"
	    S "0" MTA("4712") "NOQUEUE: connect from [192.0.2.8]\n"
	    S "1" MTA("4711") "6AQ0Hn8C004711: ruleset=check_mail, "
	    "arg1=<\"a, reject=250 2.0.0 fine\"@bad.example>, "
	    "relay=[192.0.2.7], reject=451 4.1.8 Domain of sender address "
	    "does not resolve\n"
	    S "1" MTA("4712") "NOQUEUE: [192.0.2.8] did not issue "
	    "MAIL/EXPN/VRFY/ETRN during connection to MTA\n",
	    .sessions = 2, .outcome = OUTCOME_TEMPORARY, .failed = "MAIL",
	    .peer = "192.0.2.7",
	    .from = "\"a, reject=250 2.0.0 fine\"@bad.example", .worst = 451,
	    .replies = 1, .inbound = true },
};

static const struct expected_log by_traffic[] = {
	{ "text that looks like the dialogue",
	    "04711 >>> 220 mx.example.org ESMTP Sendmail\n"
	    "04711 <<< EHLO a.example\r\n"
	    "04711 >>> 250-mx.example.org Hello a.example [192.0.2.7], pleased "
	    "to meet you\n"
	    "04711 >>> 250 HELP\n"
	    "04711 <<< MAIL FROM:<ann@example.com>\r\n"
	    "04711 >>> 250 2.1.0 <ann@example.com>... Sender ok\n"
	    "04711 <<< RCPT TO:<bob@example.org>\r\n"
	    "04711 >>> 250 2.1.5 <bob@example.org>... Recipient ok\n"
	    "04711 <<< DATA\r\n"
	    "04711 >>> 354 Enter mail, end with \".\" on a line by itself\n"
	    "04711 <<< Subject: x\r\n"
	    "04711 <<< \r\n"
	    "04711 <<< QUIT\r\n"
	    "04711 <<< 550 5.1.1 fake\r\n"
	    "04711 <<< 04242 >>> 550 5.7.1 fake\r\n"
	    "04711 <<< .\r\n"
	    "04711 >>> 552 5.2.2 Mailbox full\n"
	    "04711 <<< QUIT\r\n"
	    "04711 >>> 221 2.0.0 mx.example.org closing connection\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT, .failed = "DATA",
	    .peer = "192.0.2.7", .helo = "a.example",
	    .from = "ann@example.com", .to = "bob@example.org", .worst = 552,
	    .replies = 7, .commands = 5, .bodies = 6, .inbound = true },
	{ "a process id that is used again, and a line without its end",
	    "04711 >>> 220 mx.example.org ESMTP Sendmail\n"
	    "04711 <<< EHLO nul04711 >>> 250 mx.example.org Hello [192.0.2.7], "
	    "pleased to meet you\n"
	    "04711 <<< QUIT\r\n"
	    "04711 >>> 221 2.0.0 mx.example.org closing connection\n"
	    "04711 >>> 220 mx.example.org ESMTP Sendmail\n"
	    "04711 <<< QUIT\r\n"
	    "04711 >>> 221 2.0.0 mx.example.org closing connection\n",
	    .sessions = 2, .outcome = OUTCOME_EMPTY, .peer = "192.0.2.7",
	    .helo = "nul", .worst = 220, .replies = 3, .commands = 2,
	    .inbound = true },
	{ "a line without its end, behind which another session's follows",
	    "04711 >>> 220 mx.example.org ESMTP Sendmail\n"
	    "04712 >>> 220 mx.example.org ESMTP Sendmail\n"
	    "04711 <<< EHLO nul04712 >>> 250 mx.example.org Hello "
	    "[192.0.2.8], pleased to meet you\n"
	    "04711 >>> 501 5.0.0 Invalid domain name\n"
	    "04712 <<< QUIT\r\n"
	    "04711 <<< QUI04712 >>> 221 2.0.0 closing connection\n"
	    "04711 <<< [EOF]\n",
	    .sessions = 2, .outcome = OUTCOME_PERMANENT,
	    .failed = "EHLO nul", .helo = "nul", .worst = 501, .replies = 2,
	    .commands = 2, .inbound = true },
};

/* Whose the lines of the last of them are: each of the two has its own. */
static void
shared_lines(void **state)
{
	static const uint32_t of_first[] = { 1, 3, 4, 6, 7 };
	static const uint32_t of_second[] = { 2, 3, 5, 6 };
	const struct expected_log *x =
	    &by_traffic[sizeof by_traffic / sizeof *by_traffic - 1];
	const struct facts *f;
	struct with_log w;

	(void)state;
	with_log(&w, "traffic", x->log);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 5);
	assert_int_equal(f->nlines, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(f->lines[i].line, of_first[i]);
	assert_true(slice_eq(f->lines[1].text, SLICE("EHLO nul")));
	f = with_session(&w, 2);
	assert_int_equal(f->rec.lines, 4);
	assert_int_equal(f->nlines, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(f->lines[i].line, of_second[i]);
	assert_true(slice_starts(f->lines[1].text, SLICE("250 mx")));
	without_log(&w);
}

/* Processes end without a word: after 221 they hold no slot for long. */
static void
slots_are_given_back(void **state)
{
	struct buf log = { 0 };
	struct with_log w;
	struct progress p;

	(void)state;
	for (unsigned pid = 10000; pid < 15000; pid++)
		buf_addf(&log, "%u >>> 220 mx\n%u <<< QUIT\r\n"
		    "%u >>> 221 2.0.0 bye\n", pid, pid, pid);
	buf_add_char(&log, '\0');
	with_log(&w, "traffic", log.p);
	assert_int_equal(store_sessions(w.store), 5000);
	store_progress(w.store, &p);
	assert_int_equal(p.open, 0);
	assert_true(session_slot(&with_session(&w, 5000)->rec) < 1100);
	without_log(&w);
	buf_free(&log);
}

#define SMTPD " mx smtpd[77]: "

static const struct expected_log by_opensmtpd[] = {
	{ "what it refused it tells with command and reply",
	    S "0" SMTPD "e0a577e66fc6bcb1 smtp connected address=192.0.2.7 "
	    "host=a.example\n"
	    S "0" SMTPD "f1b688f77fd7cdc2 smtp connected address=192.0.2.8 "
	    "host=<unknown>\n"
	    S "1" SMTPD "e0a577e66fc6bcb1 smtp failed-command command=\"RCPT "
	    "TO:<no@example.org>\" result=\"550 Invalid recipient: "
	    "<no@example.org>\"\n"
	    S "1" SMTPD "e0a577e66fc6bcb1 smtp message msgid=7fb23ab1 size=321 "
	    "nrcpt=1 proto=ESMTP\n"
	    S "1" SMTPD "e0a577e66fc6bcb1 smtp envelope evpid=7fb23ab1ecc2fc00 "
	    "from=<ann@example.com> to=<bob@example.org>\n"
	    S "2" SMTPD "f1b688f77fd7cdc2 smtp disconnected reason=quit\n"
	    S "2" SMTPD "e0a577e66fc6bcb1 smtp disconnected reason=quit\n",
	    .sessions = 2, .outcome = OUTCOME_PERMANENT,
	    .failed = "RCPT TO:<no@example.org>", .peer = "192.0.2.7",
	    .from = "ann@example.com", .to = "no@example.org", .worst = 550,
	    /* That a message and a recipient were taken is told, too. */
	    .replies = 3, .inbound = true },
	{ "addresses that look like other pairs",
	    S "0" SMTPD "e0a577e66fc6bcb1 smtp connected address=192.0.2.7 "
	    "host=<unknown>\n"
	    S "1" SMTPD "e0a577e66fc6bcb1 smtp message msgid=7fb23ab1 size=321 "
	    "nrcpt=1 proto=ESMTP\n"
	    S "1" SMTPD "e0a577e66fc6bcb1 smtp envelope evpid=7fb23ab1ecc2fc00 "
	    "from=<\"a> to=<x@y> \"@example.com> to=<\"b> from=<z@y> "
	    "\"@example.org>\n"
	    S "2" SMTPD "e0a577e66fc6bcb1 smtp disconnected reason=quit\n",
	    .sessions = 1, .outcome = OUTCOME_OK, .peer = "192.0.2.7",
	    .from = "\"a> to=<x@y> \"@example.com",
	    .to = "\"b> from=<z@y> \"@example.org", .worst = 250,
	    .replies = 2, .inbound = true },
	{ "a connection out that ends in an error has no other end",
	    S "0" SMTPD "418fec8aa47ecbbf mta connecting "
	    "address=smtp+notls://192.0.2.66:2525 host=busy.example\n"
	    S "0" SMTPD "418fec8aa47ecbbf mta connected\n"
	    S "1" SMTPD "418fec8aa47ecbbf mta error reason=BANNER rejected: "
	    "421 4.3.2 Too busy\n",
	    .sessions = 1, .outcome = OUTCOME_TEMPORARY,
	    .peer = "192.0.2.66", .worst = 421, .replies = 1 },
	{ "one that does not stand, and another try",
	    S "0" SMTPD "418fec8aa47ecbbf mta connecting "
	    "address=smtp+tls://192.0.2.66:25 host=mx.example\n"
	    S "0" SMTPD "418fec8aa47ecbbf mta error reason=Connection "
	    "timeout\n"
	    S "1" SMTPD "418fec8aa47ecbbf mta connecting "
	    "address=smtps://192.0.2.66:465 host=mx.example\n",
	    .sessions = 2, .outcome = OUTCOME_DROPPED,
	    .peer = "192.0.2.66", .worst = 0 },
	{ "a trace: the pointer is used again",
	    "smtp: 0x55d1: connected to listener 0x55d0 [hostname=mx, port=25, "
	    "tag=lo]\n"
	    "smtp: 0x55d1: STATE_NEW -> STATE_CONNECTED\n"
	    "e0a577e66fc6bcb1 smtp connected address=192.0.2.7 host=a.example\n"
	    "smtp: 0x55d1: >>> 220 mx ESMTP OpenSMTPD\n"
	    "smtp: 0x55d1: <<< HELO a.example\n"
	    "smtp: 0x55d1: >>> 250 mx Hello a.example [192.0.2.7], pleased to "
	    "meet you\n"
	    "smtp: 0x55d1: <<< MAIL FROM:<ann@example.com>\n"
	    "smtp: 0x55d1: >>> 451 4.3.0 Temporary failure\n"
	    "smtp: 0x55d1: <<< QUIT\n"
	    "smtp: 0x55d1: >>> 221 2.0.0 Bye\n"
	    "smtp: 0x55d1: connected to listener 0x55d0 [hostname=mx, port=25, "
	    "tag=lo]\n"
	    "smtp: 0x55d1: >>> 220 mx ESMTP OpenSMTPD\n",
	    .sessions = 2, .outcome = OUTCOME_TEMPORARY,
	    .failed = "MAIL FROM:<ann@example.com>", .peer = "192.0.2.7",
	    .helo = "a.example", .from = "ann@example.com", .worst = 451,
	    .replies = 4, .commands = 3, .inbound = true },
};

#define EACH(format, logs)                                                  \
	do {                                                                \
		for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)     \
			expect_log(format, &logs[i]);                       \
	} while (0)

static void
sendmail(void **state)
{
	(void)state;
	EACH("sendmail", by_syslog);
}

static void
sendmail_x(void **state)
{
	(void)state;
	EACH("sendmail-x", by_traffic);
}

static void
opensmtpd(void **state)
{
	(void)state;
	EACH("opensmtpd", by_opensmtpd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sendmail),
		cmocka_unit_test(sendmail_x),
		cmocka_unit_test(shared_lines),
		cmocka_unit_test(slots_are_given_back),
		cmocka_unit_test(opensmtpd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
