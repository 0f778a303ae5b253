/*
 * The log of hMailServer: columns, replies in one line, numbers used again.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "format/format.h"
#include "with_log.h"

#define D(n, time, text) "\"SMTPD\"\t1208\t" n "\t\"2026-11-23 10:00:" time \
	"\"\t\"192.0.2.7\"\t\"" text "\"\r\n"
#define C(n, time, text) "\"SMTPC\"\t1300\t" n "\t\"2026-11-23 10:00:" time \
	"\"\t\"192.0.2.9\"\t\"" text "\"\r\n"
#define DEBUG(time, text) "\"DEBUG\"\t1208\t\"2026-11-23 10:00:" time \
	"\"\t\"" text "\"\r\n"
#define TCPIP(time, text) "\"TCPIP\"\t1208\t\"2026-11-23 10:00:" time \
	"\"\t\"" text "\"\r\n"

static void
assert_slice(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_of(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARGS(s), want);
}

static struct event
scan(const char *line)
{
	const struct format *fm = format_by_name("hmailserver");
	struct format_state st = { 0 };
	struct event ev;

	assert_int_equal(fm->scan(fm, &st, slice_of(line), &ev), strlen(line));
	return ev;
}

#define HEAD "\"SMTPD\"\t1208\t22\t\"2026-11-23 10:00:00.125\"\t\"192.0.2.7\"\t"

static void
columns(void **state)
{
	struct event ev = scan(HEAD "\"RECEIVED: NOOP \"x\"\ty\"");

	(void)state;
	assert_int_equal(ev.kind, EVENT_LINE);
	assert_int_equal(ev.side, SIDE_SERVER);
	assert_int_equal(ev.time, INT64_C(1795428000125));
	assert_slice(ev.peer, "192.0.2.7");
	assert_slice(ev.id, "22");
	assert_slice(ev.text, "NOOP \"x\"\ty");
	/* Cut off: what is left is there. */
	assert_slice(scan(HEAD "\"RECEIVED: NOO").text, "NOO");
	assert_slice(scan(HEAD "\"").text, "");
	assert_int_equal(scan(HEAD).kind, EVENT_FOREIGN);
	assert_int_equal(scan("\"SMTPD\"\t1208\tx\t").kind, EVENT_FOREIGN);
	assert_int_equal(scan("\"SMTPD\"\t1\t2\t\"2026-13-23 10:00:00.125\"\t"
	    "\"192.0.2.7\"\t\"SENT: 220\"").kind, EVENT_FOREIGN);
	/* A number of any length is its own key. */
	assert_int_not_equal(
	    scan("\"SMTPD\"\t1\t99999999999999999999\t\"2026-11-23 10:00:00.1\""
	    "\t\"192.0.2.7\"\t\"SENT: 220\"").key,
	    scan("\"SMTPD\"\t1\t99999999999999999998\t\"2026-11-23 10:00:00.1\""
	    "\t\"192.0.2.7\"\t\"SENT: 220\"").key);
}

static const char log_text[] =
    DEBUG("00.000", "Creating session 22")
    D("22", "00.010", "SENT: 220 mx.example.org ESMTP")
    C("23", "00.012", "RECEIVED: 220 mx.example.net ESMTP")
    D("22", "00.020", "RECEIVED: EHLO client.example.org")
    C("23", "00.018", "SENT: EHLO mx.example.org")
    D("22", "00.021", "SENT: 250-mx.example.org[nl]250-SIZE 20480000[nl]"
	"250 AUTH LOGIN")
    C("23", "00.030", "RECEIVED: 250-mx.example.net[nl]250 HELP")
    D("22", "00.040", "RECEIVED: AUTH LOGIN")
    D("22", "00.041", "SENT: 334 VXNlcm5hbWU6")
    D("22", "00.050", "RECEIVED: YW5u")
    D("22", "00.051", "SENT: 334 UGFzc3dvcmQ6")
    D("22", "00.060", "RECEIVED: ***")
    D("22", "00.061", "SENT: 235 authenticated.")
    D("22", "00.070", "RECEIVED: MAIL FROM:<ann@example.org>")
    D("22", "00.071", "SENT: 250 OK")
    C("23", "00.072", "SENT: MAIL FROM:<bob@example.org>")
    C("23", "00.090", "RECEIVED: 550-5.7.1 No[nl]550 5.7.1 never")
    D("22", "00.091", "RECEIVED: RCPT TO:<x@example.org>")
    D("22", "00.092", "SENT: 550-Delivery is not allowed[nl]550 to here.")
    D("22", "00.093", "RECEIVED: RCPT TO:<y@example.org>")
    D("22", "00.094", "SENT: 550 Nor there.")
    C("23", "00.095", "SENT: QUIT")
    C("23", "00.099", "RECEIVED: 221 Bye")
    DEBUG("00.100", "Ending session 23")
    DEBUG("00.101", "Ending session 24")
    "\"APPLICATION\"\t1208\t\"2026-11-23 10:00:00.101\"\t\"Starting.\"\r\n"
    D("22", "01.010", "SENT: 220 mx.example.org ESMTP")
    D("22", "01.020", "RECEIVED: EHLO another.example.org")
    D("22", "01.021", "SENT: 250 mx.example.org")
    D("22", "01.030", "RECEIVED: STARTTLS")
    D("22", "01.031", "SENT: 220 Ready to start TLS")
    TCPIP("01.050", "TCPConnection - TLS/SSL handshake completed. Session "
	"Id: 22, Remote IP: 192.0.2.7, Version: TLSv1.3")
    D("22", "01.060", "RECEIVED: EHLO another.example.org")
    D("22", "01.061", "SENT: 250 mx.example.org")
    DEBUG("02.000", "The read operation failed. Bytes transferred: 0 Remote "
	"IP: 192.0.2.7, Session: 22, Code: 2, Message: End of file")
    DEBUG("02.001", "Ending session 22");

static void
sessions(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "hmailserver_2026-11-23.log", log_text);
	assert_int_equal(store_sessions(w.store), 3);
	f = with_session(&w, 1);
	assert_slice(f->key, "22");
	assert_slice(f->helo, "client.example.org");
	assert_slice(f->auth, "ann");
	assert_slice(f->replies[1].text, "mx.example.org SIZE 20480000 AUTH "
	    "LOGIN");
	assert_int_equal(f->nrecipients, 2);
	assert_int_equal(f->recipients[0].code, 550);
	assert_slice(f->recipients[0].text,
	    "Delivery is not allowed to here.");
	assert_slice(f->recipients[1].text, "Nor there.");
	assert_int_equal(session_outcome(&f->rec), OUTCOME_PERMANENT);
	/* The service was started anew. */
	assert_int_equal(session_ending(&f->rec), ENDING_NEXT);
	f = with_session(&w, 2);
	assert_true(f->rec.flags & SESSION_OUT);
	assert_int_equal(f->replies[f->worst].enhanced, ENHANCED(5, 7, 1));
	assert_slice(f->failed_command, "MAIL FROM:<bob@example.org>");
	assert_int_equal(session_ending(&f->rec), ENDING_SAID);
	assert_int_equal(f->rec.duration, 88);
	f = with_session(&w, 3);
	assert_slice(f->helo, "another.example.org");
	assert_true(f->rec.flags & SESSION_TLS);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_EMPTY);
	assert_int_equal(f->rec.lines, 10);
	without_log(&w);
}

static void
is_detected(void **state)
{
	struct format_hint hint = { .written = CLOCK_NONE };
	struct format_state st;
	struct format_traits traits;
	struct err why;

	(void)state;
	assert_ptr_equal(format_detect(slice_of(log_text), &hint, &st, &traits,
	    &why), format_by_name("hmailserver"));
	assert_false(traits.times_are_utc);
	assert_null(format_detect(SLICE("\"SMTPD\" is a word\n"), &hint, &st,
	    &traits, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns),
		cmocka_unit_test(sessions),
		cmocka_unit_test(is_detected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
