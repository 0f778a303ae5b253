/*
 * What OpenSMTPD reports to filters: its versions, its frames, streams with and
 * without the dialogue, names that look like columns.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "smtp/verb.h"
#include "unit/expect_log.h"

#define F "opensmtpd-report"
#define A "7641df9771b4ed00"
#define B "7641df9771b4ed01"
#define R(version, ms, side, event) "report|" version "|1795428000." ms \
	"000|" side "|" event "|"
#define IN(ms, event) R("0.7", ms, "smtp-in", event) A
#define IN_B(ms, event) R("0.7", ms, "smtp-in", event) B
#define OUT(ms, event) R("0.7", ms, "smtp-out", event) A

static void
lines(void **state)
{
	struct event ev = expect_scan(F, IN("123", "protocol-client") "|a|b ");

	(void)state;
	assert_int_equal(ev.kind, EVENT_LINE);
	assert_int_equal(ev.time, INT64_C(1795428000123));
	assert_int_equal(ev.side, SIDE_SERVER);
	expect_slice(ev.id, A);
	expect_slice(ev.text, "a|b ");
	assert_int_not_equal(ev.key,
	    expect_scan(F, IN_B("123", "protocol-client") "|a").key);
	/* Nothing was said, and that is a line too. */
	ev = expect_scan(F, IN("123", "protocol-client") "|");
	assert_int_equal(ev.kind, EVENT_LINE);
	assert_int_equal(ev.text.n, 0);

	ev = expect_scan(F, OUT("000", "link-connect") "|a|b|pass|"
	    "[2001:db8::1]:4455|192.0.2.7:25");
	assert_int_equal(ev.kind, EVENT_OPEN);
	assert_int_equal(ev.side, SIDE_CLIENT);
	expect_slice(ev.peer, "192.0.2.7:25");
	expect_slice(ev.local, "[2001:db8::1]:4455");
	/* A secret that a filter is asked about. */
	ev = expect_scan(F, "filter|0.7|1795428000.123456|smtp-in|auth|" A
	    "|0123456789abcdef|PLAIN AGFubgBzZWNyZXQ=");
	assert_int_equal(ev.kind, EVENT_TRACE);
	assert_int_equal(ev.text.n, 0);
}

static void
nothing_of_it(void **state)
{
	static const char *const others[] = {
		"report", "report|", "report|0.7|", "report|0.7|1795428000.123|"
		"smtp-in|timeout|" A, "report|0.7|1795428000.1234567|smtp-in|"
		"timeout|" A, "report|x.7|1795428000.123456|smtp-in|timeout|" A,
		"report|0.7|1795428000.123456|smtp-up|timeout|" A,
		"report|0.7|1795428000.123456|smtp-in||" A,
		"report|0.7|1795428000.123456|smtp-in|timeout|7641df9771b4ed0",
		"report|0.7|1795428000.123456|smtp-in|timeout|" A "0",
		"report|0.7|999999999999.123456|smtp-in|timeout|" A,
		"filter|0.7|1795428000.123456|smtp-in|quit|" A,
		"Nov 26 10:00:00 mx smtpd[77]: " A " smtp failed-command "
		"command=\"EHLO x: " IN("000", "timeout") "\" result=\"501 no\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(expect_scan(F, others[i]).kind, EVENT_FOREIGN);
}

/* A result, and what it is about: in which order is the version's. */
static void
versions(void **state)
{
	struct detail d;

	(void)state;
	d = expect_detail(F, R("0.5", "000", "smtp-in", "tx-rcpt") A
	    "|5f1d0c2a|a|ok@example.org|permfail");
	expect_slice(d.to, "a|ok@example.org");
	d = expect_detail(F, R("0.6", "000", "smtp-in", "tx-rcpt") A
	    "|5f1d0c2a|permfail|a|ok@example.org");
	expect_slice(d.to, "a|ok@example.org");
	expect_slice(d.queue, "5f1d0c2a");
	assert_int_equal(expect_scan(F, R("0.5", "000", "smtp-in", "tx-mail") A
	    "|5f1d0c2a||tempfail").code, 4);
	d = expect_detail(F, R("0.6", "000", "smtp-in", "link-auth") A
	    "|ann|fail|pass");
	expect_slice(d.user, "ann|fail");
	d = expect_detail(F, R("0.7", "000", "smtp-in", "link-auth") A
	    "|pass|ann|fail");
	expect_slice(d.user, "ann|fail");
	assert_int_equal(expect_scan(F, R("0.7", "000", "smtp-in", "link-auth")
	    A "|error|ann").code, 4);
	assert_int_equal(expect_scan(F, R("0.6", "000", "smtp-in", "link-auth")
	    A "|ann|fail").code, 5);
}

#define CONNECT(ms) IN(ms, "link-connect") "|<unknown>|fail|192.0.2.7:4455|" \
	"192.0.2.1:25\n"
#define SAID(ms, text) IN(ms, "protocol-client") "|" text "\n"
#define REPLY(ms, text) IN(ms, "protocol-server") "|" text "\n"
#define STAMP "Nov 26 10:00:00 mx smtpd[77]: keeper: "

static const struct expected_log logs[] = {
	{ "the dialogue, told once more by other events",
	    "config|smtpd-version|7.4.0\nconfig|ready\n"
	    CONNECT("000") REPLY("001", "220 mx ESMTP")
	    SAID("002", "EHLO a.example")
	    IN("003", "link-identify") "|EHLO|a.example\n"
	    REPLY("003", "250 mx") SAID("004", "MAIL FROM:<ann@example.com>")
	    REPLY("005", "250 2.0.0 Ok") IN("005", "tx-begin") "|5f1d0c2a\n"
	    IN("005", "tx-mail") "|5f1d0c2a|ok|ann@example.com\n"
	    SAID("006", "RCPT TO:<no@example.org>")
	    IN("006", "filter-response") "|rcpt-to|reject|550 5.1.1 No\n"
	    REPLY("006", "550 5.1.1 No")
	    IN("006", "tx-rcpt") "|5f1d0c2a|permfail|no@example.org\n"
	    SAID("007", "RCPT TO:<bob@example.org>") REPLY("007", "250 2.1.5 Ok")
	    SAID("008", "DATA") REPLY("008", "354 Go on")
	    IN("008", "tx-data") "|5f1d0c2a|ok\n" SAID("009", ".")
	    REPLY("010", "250 2.0.0 5f1d0c2a Message accepted")
	    IN("010", "tx-commit") "|5f1d0c2a|321\n"
	    SAID("011", "QUIT") REPLY("011", "221 2.0.0 Bye")
	    IN("012", "link-disconnect") "\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT,
	    .failed = "RCPT TO:<no@example.org>", .peer = "192.0.2.7",
	    .helo = "a.example", .from = "ann@example.com",
	    .to = "no@example.org", .worst = 550, .replies = 8, .commands = 6,
	    .bodies = 1, .inbound = true },
	{ "a client that a filter turns away at once",
	    CONNECT("000")
	    IN("001", "filter-response") "|connected|disconnect|554 5.7.1 No\n"
	    REPLY("001", "554 5.7.1 No") IN("002", "link-disconnect") "\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT, .peer = "192.0.2.7",
	    .worst = 554, .replies = 1, .inbound = true },
	{ "without protocol lines: the other events tell",
	    CONNECT("000") IN("003", "link-identify") "|EHLO|a.example\n"
	    IN("005", "tx-mail") "|5f1d0c2a|ok|ann@example.com\n"
	    IN("006", "tx-rcpt") "|5f1d0c2a|ok|bob@example.org\n"
	    IN("008", "tx-data") "|5f1d0c2a|ok\n"
	    IN("010", "tx-commit") "|5f1d0c2a|321\n"
	    IN("012", "link-disconnect") "\n",
	    .sessions = 1, .outcome = OUTCOME_OK, .peer = "192.0.2.7",
	    .helo = "a.example", .from = "ann@example.com",
	    .to = "bob@example.org", .worst = 250, .replies = 2, .inbound = true },
	{ "the same, of a message that was begun and never committed",
	    CONNECT("000") IN("005", "tx-mail") "|5f1d0c2a|ok|\n"
	    IN("006", "tx-rcpt") "|5f1d0c2a|ok|bob@example.org\n"
	    IN("007", "timeout") "\n" IN("007", "tx-rollback") "|5f1d0c2a\n"
	    IN("007", "link-disconnect") "\n",
	    .sessions = 1, .outcome = OUTCOME_DROPPED, .peer = "192.0.2.7",
	    .from = "", .to = "bob@example.org", .worst = 250, .replies = 1,
	    .inbound = true },
	{ "two at once, and names made of columns",
	    CONNECT("000") IN_B("000", "link-connect")
	    "|<unknown>|fail|192.0.2.8:4455|192.0.2.1:25\n"
	    REPLY("001", "220 mx ESMTP") IN_B("001", "protocol-server")
	    "|220 mx ESMTP\n" SAID("002", "EHLO x|smtp-in|link-disconnect|" B)
	    REPLY("003", "501 5.5.1 no") IN_B("003", "protocol-client")
	    "|QUIT\n" IN_B("003", "protocol-server") "|221 2.0.0 Bye\n"
	    IN_B("003", "link-disconnect") "\n" SAID("004", "QUIT")
	    REPLY("004", "221 2.0.0 Bye") IN("004", "link-disconnect") "\n",
	    .sessions = 2, .outcome = OUTCOME_PERMANENT,
	    .failed = "EHLO x|smtp-in|link-disconnect|" B,
	    .peer = "192.0.2.7", .helo = "x|smtp-in|link-disconnect|" B,
	    .worst = 501, .replies = 3, .commands = 2, .inbound = true },
	{ "as smtpd logs what the filter writes",
	    STAMP CONNECT("000") STAMP REPLY("001", "220 mx ESMTP")
	    "Nov 26 10:00:00 mx sshd[12]: Server listening\n"
	    STAMP SAID("004", "QUIT") STAMP REPLY("004", "221 2.0.0 Bye")
	    STAMP IN("004", "link-disconnect") "\n",
	    .sessions = 1, .outcome = OUTCOME_EMPTY, .peer = "192.0.2.7",
	    .worst = 220, .replies = 2, .commands = 1, .strays = 1, .inbound = true },
	{ "a connection onwards",
	    OUT("000", "link-connect") "|mx.example|pass|192.0.2.1:4455|"
	    "192.0.2.9:25\n" OUT("001", "protocol-server") "|220 mx ESMTP\n"
	    OUT("002", "protocol-client") "|EHLO a.example\n"
	    OUT("003", "protocol-server") "|250 mx\n"
	    OUT("004", "protocol-client") "|MAIL FROM:<ann@example.com>\n"
	    OUT("005", "protocol-server") "|451 4.7.1 Not now\n"
	    OUT("006", "protocol-client") "|QUIT\n"
	    OUT("007", "link-disconnect") "\n",
	    .sessions = 1, .outcome = OUTCOME_TEMPORARY,
	    .failed = "MAIL FROM:<ann@example.com>", .peer = "192.0.2.9",
	    .helo = "a.example", .from = "ann@example.com", .worst = 451,
	    .replies = 3, .commands = 3 },
};

static void
streams(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
		expect_log(F, &logs[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(nothing_of_it),
		cmocka_unit_test(versions),
		cmocka_unit_test(streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
