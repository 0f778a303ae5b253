/*
 * The logs of the SMTP service of IIS: columns, times, which way, and where
 * sessions begin and end.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "format/format.h"
#include "with_log.h"

#define HEADER "#Software: Microsoft Internet Information Services 7.0\r\n" \
	"#Version: 1.0\r\n#Date: 2026-11-23 09:59:00\r\n"
#define FIELDS "#Fields: date time c-ip cs-username s-sitename s-computername" \
	" s-ip s-port cs-method cs-uri-stem cs-uri-query sc-status" \
	" sc-win32-status sc-bytes cs-bytes time-taken cs-version cs-host" \
	" cs(User-Agent) cs(Cookie) cs(Referer)\r\n"
#define IN(time, ip, words, code) "2026-11-23 " time " " ip " mail SMTPSVC1 " \
	"MX 10.0.0.5 0 " words " " code " 0 40 30 0 SMTP - - - -\r\n"
#define OUT(time, ip, what, words) "2026-11-23 " time " " ip \
	" OutboundConnection" what " SMTPSVC1 MX - 25 " words \
	" 0 0 40 0 16 SMTP - - - -\r\n"

/* 2026-11-23T10:00:00Z */
#define TEN INT64_C(1795428000000)

static void
assert_slice(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_of(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARGS(s), want);
}

static struct event
scan(struct format_state *st, const char *line)
{
	const struct format *fm = format_by_name("iis");
	struct event ev;

	assert_int_equal(fm->scan(fm, st, slice_of(line), &ev), strlen(line));
	return ev;
}

static void
rows_have_columns(void **state)
{
	struct format_state st = { 0 };
	struct event ev;

	(void)state;
	ev = scan(&st, "2026-11-23 10:00:00 192.0.2.7 mail SMTPSVC1 MX "
	    "10.0.0.5 0 MAIL - +FROM:<a@b> 250 0 40 30 0 SMTP - - - -");
	assert_int_equal(ev.kind, EVENT_EXCHANGE);
	assert_int_equal(ev.side, SIDE_SERVER);
	assert_int_equal(ev.time, TEN);
	assert_slice(ev.peer, "192.0.2.7");
	assert_slice(ev.local, "10.0.0.5");
	assert_slice(ev.context, "250");
	assert_slice(ev.text, "MAIL - +FROM:<a@b>");
	/* Other columns from here on, and no date: that of the header. */
	scan(&st, "#Date: 2026-11-24 00:00:01");
	scan(&st, "#Fields: time c-ip cs-method cs-uri-stem sc-status");
	ev = scan(&st, "10:00:00 192.0.2.7 RCPT - 550");
	assert_int_equal(ev.kind, EVENT_EXCHANGE);
	assert_int_equal(ev.time, TEN + 86400000);
	assert_slice(ev.context, "550");
	/* Neither date nor time. */
	scan(&st, "#Fields: c-ip cs-username s-sitename cs-method cs-uri-query");
	ev = scan(&st, "192.0.2.7 mail SMTPSVC1 RCPT +TO:<a@b>");
	assert_int_equal(ev.kind, EVENT_REPORT);
	assert_int_equal(ev.says, SAYS_TO);
	assert_int_equal(ev.time, CLOCK_NONE);
}

static void
ways_differ(void **state)
{
	struct format_state st = { 0 };
	struct event in, out;

	(void)state;
	in = scan(&st, "2026-11-23 10:00:00 192.0.2.7 mail SMTPSVC1 MX "
	    "10.0.0.5 0 EHLO - +a 250 0 40 30 0 SMTP - - - -");
	out = scan(&st, "2026-11-23 10:00:00 192.0.2.7 "
	    "OutboundConnectionResponse SMTPSVC1 MX - 25 - - 220+b 0 0 40 0 0 "
	    "SMTP - - - -");
	assert_int_not_equal(in.key, out.key);
	assert_true(in.flags & EVENT_BEGINS);
	assert_true(out.flags & EVENT_BEGINS);
	/* Who calls itself so is not going out. */
	in = scan(&st, "2026-11-23 10:00:00 192.0.2.7 "
	    "OutboundConnectionResponseX SMTPSVC1 MX 10.0.0.5 0 EHLO - +a 250 "
	    "0 40 30 0 SMTP - - - -");
	assert_int_equal(in.side, SIDE_SERVER);
}

static void
other_servers_are_foreign(void **state)
{
	struct format_state st = { 0 };

	(void)state;
	assert_int_equal(scan(&st, "2026-11-23 10:00:00 192.0.2.7 - W3SVC1 WEB "
	    "10.0.0.5 80 GET /MAIL - 200 0 1 1 1 HTTP/1.1 - - - -").kind,
	    EVENT_FOREIGN);
	assert_int_equal(scan(&st, "192.0.2.7, -, 4/23/2009, 9:47:02, "
	    "MSFTPSVC1, MX, 10.0.0.5, 0, 1, 1, 331, 0, [1]USER, anonymous, -,")
	    .kind, EVENT_FOREIGN);
	assert_int_equal(scan(&st, "no row").kind, EVENT_FOREIGN);
	assert_int_equal(scan(&st, "a, b").kind, EVENT_FOREIGN);
}

static int64_t
time_of(const char *line)
{
	const struct format *fm = format_by_name("iis");
	struct format_hint hint = { .written = CLOCK_NONE };
	struct format_traits traits = fm->traits;
	struct format_state st = { 0 };

	fm->probe(fm, slice_of(line), &hint, &st, &traits, NULL);
	return scan(&st, line).time;
}

static void
dates_of_the_forms(void **state)
{
	(void)state;
#define MS(date) "192.0.2.7, mail, " date ", SMTPSVC1, MX, 10.0.0.5, 0, 36, " \
	"49, 250, 0, MAIL, -, FROM:<a@b>,"
#define NCSA(date) "192.0.2.7 - mail [" date "] \"MAIL -?+FROM:<a@b> SMTP\" 250 7"
	assert_int_equal(time_of(MS("11/23/2026, 10:00:00")), TEN);
	assert_int_equal(time_of(MS("23.11.26, 10:00:00")), TEN);
	/* Where no date tells, the month is first. */
	assert_int_equal(time_of(MS("11/2/2026, 10:00:00")),
	    TEN - 21 * INT64_C(86400000));
	assert_int_equal(time_of(NCSA("23/Nov/2026:02:00:00 -0800")), TEN);
	assert_int_equal(time_of(NCSA("23/Nov/2026:02:00:00 - 0800")), TEN);
	assert_int_equal(time_of(NCSA("23/Nov/2026:12:00:00 +0200")), TEN);
}

static void
is_detected(void **state)
{
	struct format_hint hint = { .written = CLOCK_NONE };
	struct format_state st;
	struct format_traits traits;
	struct err why;

	(void)state;
	assert_ptr_equal(format_detect(SLICE(HEADER FIELDS
	    IN("10:00:00", "192.0.2.7", "EHLO - +a", "250")), &hint, &st,
	    &traits, &why), format_by_name("iis"));
	assert_true(traits.times_are_utc);
	assert_ptr_equal(format_detect(SLICE(MS("11/23/2026, 10:00:00")), &hint,
	    &st, &traits, &why), format_by_name("iis"));
	assert_false(traits.times_are_utc);
	assert_null(format_detect(SLICE(HEADER FIELDS
	    "2026-11-23 10:00:00 192.0.2.7 - W3SVC1 WEB 10.0.0.5 80 GET / - 200 "
	    "0 1 1 1 HTTP/1.1 - - - -\r\n"), &hint, &st, &traits, &why));
	assert_non_null(strstr(why.text, "web server"));
}

/* --- sessions --------------------------------------------------------------- */

static const char two_ways[] = HEADER FIELDS
    IN("10:00:00", "192.0.2.7", "EHLO - +client.example.org", "250")
    OUT("10:00:00", "192.0.2.9", "Response", "- - 220+mx.example.net+ESMTP")
    IN("10:00:01", "192.0.2.7", "STARTTLS - -", "220")
    IN("10:00:01", "192.0.2.7", "EHLO - +client.example.org", "250")
    OUT("10:00:01", "192.0.2.9", "Command", "EHLO - MX")
    OUT("10:00:01", "192.0.2.9", "Response", "- - 250-mx.example.net")
    IN("10:00:02", "192.0.2.7", "MAIL - +FROM:<ann@example.org>+SIZE=100", "250")
    IN("10:00:02", "192.0.2.7", "RCPT - +TO:<x+y@play.com>", "250")
    IN("10:00:02", "192.0.2.7", "RCPT - +TO:<nobody@play.com>", "550")
    IN("10:00:02", "192.0.2.7", "DATA - <1@example.org>", "250")
    OUT("10:00:02", "192.0.2.9", "Command", "MAIL - FROM:<bob@play.com>")
    OUT("10:00:02", "192.0.2.9", "Response", "- - 250+2.1.0+Ok")
    OUT("10:00:02", "192.0.2.9", "Command", "RCPT - TO:<a@example.net>")
    OUT("10:00:03", "192.0.2.9", "Response", "- - 550-5.1.1+No+such+user")
    OUT("10:00:03", "192.0.2.9", "Command", "RCPT - TO:<b@example.net>")
    OUT("10:00:03", "192.0.2.9", "Response", "- - 550-5.1.1+Nor+this+one")
    IN("10:00:03", "192.0.2.7", "QUIT - client.example.org", "240")
    OUT("10:00:03", "192.0.2.9", "Command", "QUIT - -")
    OUT("10:00:03", "192.0.2.9", "Response", "- - 221+2.0.0+Bye")
    IN("10:00:04", "192.0.2.7", "EHLO - +another.example.org", "250");

static void
sessions_of_both_ways(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "ex261123.log", two_ways);
	assert_int_equal(store_sessions(w.store), 3);
	f = with_session(&w, 1);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_PERMANENT);
	assert_int_equal(session_ending(&f->rec), ENDING_SAID);
	assert_true(f->rec.state & SESSION_STATE_GUESSED);
	assert_true(f->rec.flags & SESSION_TLS);
	assert_slice(f->peer, "192.0.2.7");
	assert_slice(f->helo, "client.example.org");
	assert_int_equal(f->nmessages, 1);
	assert_int_equal(f->messages[0].code, 250);
	assert_int_equal(f->messages[0].size, 100);
	assert_int_equal(f->nrecipients, 2);
	assert_slice(f->recipients[0].to, "x+y@play.com");
	assert_int_equal(f->recipients[1].code, 550);
	assert_slice(f->failed_command, "RCPT TO:<nobody@play.com>");
	assert_int_equal(f->rec.duration, 3000);
	f = with_session(&w, 2);
	assert_true(f->rec.flags & SESSION_OUT);
	assert_int_equal(f->nrecipients, 2);
	/* Each row is a whole reply. */
	assert_int_equal(f->recipients[1].code, 550);
	assert_slice(f->recipients[1].text, "Nor this one");
	assert_int_equal(f->nreplies, 6);
	assert_int_equal(session_ending(&f->rec), ENDING_SAID);
	f = with_session(&w, 3);
	assert_slice(f->helo, "another.example.org");
	assert_int_equal(session_outcome(&f->rec), OUTCOME_OPEN);
	without_log(&w);
}

/* A hello without QUIT before it; a hello that was refused; a long silence. */
static void
hellos_begin(void **state)
{
	struct with_log w;

	(void)state;
	with_log(&w, "ex261123.log", HEADER FIELDS
	    IN("10:00:00", "192.0.2.7", "EHLO - +a", "500")
	    IN("10:00:01", "192.0.2.7", "HELO - +a", "250")
	    IN("10:00:02", "192.0.2.7", "MAIL - +FROM:<a@b>", "250")
	    IN("10:00:03", "192.0.2.7", "EHLO - +b", "250")
	    IN("10:20:00", "192.0.2.7", "NOOP - -", "250"));
	assert_int_equal(store_sessions(w.store), 3);
	assert_slice(with_session(&w, 1)->helo, "a");
	assert_int_equal(session_outcome(&w.facts.rec), OUTCOME_PERMANENT);
	assert_int_equal(w.facts.rec.lines, 3);
	assert_slice(with_session(&w, 2)->helo, "b");
	assert_int_equal(with_session(&w, 3)->commands, 1);
	without_log(&w);
}

static void
replies_that_are_not_logged(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "ex261123.log", HEADER
	    "#Fields: time c-ip s-sitename cs-method cs-uri-query\r\n"
	    "10:00:00 192.0.2.7 SMTPSVC1 EHLO +a.example.org\r\n"
	    "10:00:00 192.0.2.7 SMTPSVC1 MAIL +FROM:<a@b>\r\n"
	    "10:00:00 192.0.2.7 SMTPSVC1 RCPT +TO:<c@d>\r\n"
	    "10:00:00 192.0.2.7 SMTPSVC1 DATA <1@b>\r\n"
	    "10:00:00 192.0.2.7 SMTPSVC1 QUIT a.example.org\r\n"
	    "10:00:01 192.0.2.7 SMTPSVC1 EHLO +b.example.org\r\n");
	assert_int_equal(store_sessions(w.store), 2);
	f = with_session(&w, 1);
	assert_slice(f->helo, "a.example.org");
	assert_int_equal(f->nmessages, 1);
	assert_slice(f->messages[0].from, "a@b");
	assert_slice(f->recipients[0].to, "c@d");
	assert_int_equal(f->recipients[0].code, 0);
	assert_int_equal(f->nreplies, 0);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_OK);
	without_log(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_have_columns),
		cmocka_unit_test(ways_differ),
		cmocka_unit_test(other_servers_are_foreign),
		cmocka_unit_test(dates_of_the_forms),
		cmocka_unit_test(is_detected),
		cmocka_unit_test(sessions_of_both_ways),
		cmocka_unit_test(hellos_begin),
		cmocka_unit_test(replies_that_are_not_logged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
