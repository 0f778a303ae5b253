/*
 * The log of Haraka: its forms, its notices, sessions with and without
 * protocol lines.
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
#include "with_log.h"

#define A "D01B4388-7099-4560-9A22-C6ABBBDCEA93"
#define B "EA1C1A9F-89CD-4B09-A667-105202FBC1C6"
#define LINE(ms, level, id, text) "2026-11-23T10:00:00." ms "Z [" level "] [" \
	id "] [core] " text "\n"
#define P(ms, id, text) LINE(ms, "PROTOCOL", id, text)
#define N(ms, id, text) LINE(ms, "NOTICE", id, text)
#define OUT(id, text) "[PROTOCOL] [" id "] [outbound] " text "\n"

static void
assert_slice(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_of(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARGS(s), want);
}

static struct event
scan(const char *line)
{
	const struct format *fm = format_by_name("haraka");
	struct format_state st = { 0 };
	struct event ev;

	assert_int_equal(fm->scan(fm, &st, slice_of(line), &ev), strlen(line));
	return ev;
}

static void
ids_lead_to_sessions(void **state)
{
	struct event a = scan("[PROTOCOL] [" A "] [core] C: NOOP state=1");

	(void)state;
	assert_slice(a.id, A);
	assert_int_equal(scan("[PROTOCOL] [" A ".2] [core] C: NOOP state=1").key,
	    a.key);
	assert_int_equal(scan("level=INFO uuid=" A ".3 origin=core message=x")
	    .key, a.key);
	assert_int_not_equal(scan("[PROTOCOL] [" B "] [core] C: NOOP").key,
	    a.key);
	/* What goes out is a session of its own. */
	assert_int_not_equal(scan("[PROTOCOL] [" A ".1.1] [outbound] S: 220")
	    .key, scan("[PROTOCOL] [" A ".1.2] [outbound] S: 220").key);
	assert_int_equal(scan("[PROTOCOL] [" A ".1.1] [outbound] S: 220 x").side,
	    SIDE_CLIENT);
}

static void
texts(void **state)
{
	struct event ev;
	char out[64];

	(void)state;
	/* Only the state that the server wrote goes away. */
	assert_slice(scan("[PROTOCOL] [" A "] [core] C: NOOP state=1 state=1")
	    .text, "NOOP state=1");
	assert_slice(scan("[PROTOCOL] [" A "] [core] C: state=1").text,
	    "state=1");
	assert_slice(scan("[PROTOCOL] [" A "] [core] C:  state=1").text, "");
	assert_slice(scan("[PROTOCOL] [" A "] [core] S: 250 a state=1").text,
	    "250 a state=1");
	assert_int_equal(scan("[PROTOCOL] [" A "] [core] C: (after-disconnect): "
	    "QUIT state=100").kind, EVENT_NOTE);
	ev = scan("{\"level\":\"PROTOCOL\",\"uuid\":\"" A "\",\"origin\":\"core\","
	    "\"message\":\"C: A \\\\\\\"b\",\"state\":1}");
	assert_int_equal(ev.kind, EVENT_LINE);
	assert_true(ev.text.n <= sizeof out);
	assert_slice(event_text(&ev, ev.text, out), "A \\\"b");
	/* A client cannot say what the server logs. */
	assert_int_equal(scan("[PROTOCOL] [" A "] [core] C: queue code=OK msg=x "
	    "state=1").kind, EVENT_LINE);
	assert_int_equal(scan("[INFO] [" A "] [core] S: 250 no line").kind,
	    EVENT_NOTE);
}

static void
verdicts(void **state)
{
	struct event ev;

	(void)state;
	ev = scan("[NOTICE] [" A ".1] [core] recipient <\"a> code=OK \"@b> "
	    "code=DENY msg=\"no code=OK\"");
	assert_int_equal(ev.kind, EVENT_REPORT);
	assert_int_equal(ev.code, 550);
	ev = scan("level=NOTICE uuid=" A ".1 origin=core message=\"recipient "
	    "<\\\"a> code=OK \\\"@b>\" code=DENYSOFT msg=\"[object Object]\"");
	assert_int_equal(ev.kind, EVENT_REPORT);
	assert_int_equal(ev.code, 4);
	assert_int_equal(ev.verb, VERB_RCPT);
	assert_int_equal(scan("[NOTICE] [" A "] [core] recipient <a@b").kind,
	    EVENT_NOTE);
	ev = scan("[NOTICE] [" A "] [core] disconnect ip=192.0.2.7 rdns=x "
	    "helo=\"lr=\\\"250 \" tls=Y lr=\"452 4.3.1 plugin timeout\"");
	assert_int_equal(ev.kind, EVENT_CLOSE);
	assert_int_equal(ev.code, 452);
	assert_int_equal(ev.enhanced, ENHANCED(4, 3, 1));
	assert_true(ev.says & SAYS_TLS);
}

/* --- sessions ------------------------------------------------------------------ */

static const char protocol[] =
    "loaded Public Suffixes: 10210\n"
    N("000", A, "connect ip=192.0.2.7 port=4711 local_ip=10.0.0.5 local_port=25")
    P("010", A, "S: 220 mx.example.net ESMTP Haraka ready")
    N("011", B, "connect ip=192.0.2.9 port=4712 local_ip=10.0.0.5 local_port=25")
    P("020", A, "C: EHLO client.example.org state=1")
    LINE("021", "DEBUG", A, "running ehlo hooks")
    P("022", A, "S: 250-mx.example.net Hello")
    P("022", B, "S: 220 mx.example.net ESMTP Haraka ready")
    P("023", A, "S: 250 SIZE 0")
    P("030", A, "C: MAIL FROM:<Ann@example.org> state=1")
    N("031", A ".1", "sender <ann@example.org> code=CONT msg=\"\"")
    P("032", A ".1", "S: 250 sender <ann@example.org> OK")
    P("033", A ".1", "C: RCPT TO:<x@play.com> state=1")
    N("034", A ".1", "recipient <x@play.com> code=DENY msg=\"No such user\" "
	"sender=ann@example.org")
    P("035", A ".1", "S: 550 5.1.1 No such user")
    P("036", B, "C: QUIT state=1")
    P("037", B, "S: 221 mx.example.net closing connection.")
    N("038", B, "disconnect ip=192.0.2.9 rdns=Unknown helo=\"\" relay=N early=N "
	"esmtp=N tls=N pipe=N txns=0 rcpts=0/0/0 msgs=0/0/0 bytes=0 lr=\"\" "
	"time=0.1")
    P("039", B, "C: (after-disconnect): NOOP state=100")
    LINE("040", "INFO", A ".1", "client dropped connection ip=192.0.2.7")
    N("041", A ".1", "disconnect ip=192.0.2.7 rdns=Unknown "
	"helo=client.example.org relay=N early=N esmtp=Y tls=N pipe=N txns=1 "
	"rcpts=0/0/1 msgs=0/0/0 bytes=0 lr=\"550 5.1.1 No such user\" time=0.1")
    OUT(B ".1.1", "S: 220 mx.example.com\\r\\n")
    OUT(B ".1.1", "C: EHLO mx.example.net")
    OUT(B ".1.1", "S: 451 not now\\r\\n");

static void
sessions_with_dialogue(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "haraka.log", protocol);
	assert_int_equal(store_sessions(w.store), 3);
	f = with_session(&w, 1);
	assert_slice(f->peer, "192.0.2.7");
	assert_int_equal(f->port, 4711);
	assert_slice(f->server, "10.0.0.5");
	assert_slice(f->helo, "client.example.org");
	/* The notices tell it a second time. */
	assert_int_equal(f->nmessages, 1);
	assert_slice(f->messages[0].from, "Ann@example.org");
	assert_slice(f->messages[0].id, A ".1");
	assert_int_equal(f->nrecipients, 1);
	assert_int_equal(f->recipients[0].code, 550);
	assert_int_equal(f->recipients[0].enhanced, ENHANCED(5, 1, 1));
	assert_int_equal(f->nreplies, 4);
	assert_slice(f->failed_command, "RCPT TO:<x@play.com>");
	f = with_session(&w, 2);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_EMPTY);
	assert_int_equal(f->rec.lines, 5);
	f = with_session(&w, 3);
	assert_true(f->rec.flags & SESSION_OUT);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_TEMPORARY);
	without_log(&w);
}

#define K(ms, id, text) "2026-11-23T10:00:00." ms "Z level=NOTICE uuid=" id \
	" origin=core message=" text "\n"

static const char notices[] =
    K("000", A, "connect ip=192.0.2.7 port=4711 local_ip=10.0.0.5 local_port=25")
    K("010", A ".1", "\"sender <ann@example.org>\" code=CONT msg=\"\"")
    K("011", A ".1", "\"recipient <x@play.com>\" code=OK msg=\"\" "
	"sender=ann@example.org")
    K("012", A ".1", "\"recipient <y@play.com>\" code=DENY msg=\"Not \\\"y\\\"\" "
	"sender=ann@example.org")
    K("013", A ".1", "message mid=<1@example.org> size=119 rcpts=1/0/1 delay=0 "
	"code=CONT msg=\"\"")
    K("014", A ".1", "queue code=OK msg=\"Message taken (1)\"")
    K("020", A ".2", "\"sender <>\" code=CONT msg=\"\"")
    K("021", A ".2", "\"client half closed connection\" ip=192.0.2.7")
    K("022", A ".2", "disconnect ip=192.0.2.7 rdns=Unknown "
	"helo=client.example.org relay=N tls=Y txns=2 rcpts=1/0/1 msgs=1/0/0 "
	"lr=\"550 Not \\\"y\\\"\" time=0.1")
    K("030", B, "connect ip=192.0.2.9 port=4712 local_ip=10.0.0.5 local_port=25")
    K("031", B ".1", "\"sender <>\" code=CONT msg=\"\"")
    K("032", B ".1", "\"client connection error: Error: read ECONNRESET\" "
	"ip=192.0.2.9")
    K("033", B ".1", "disconnect ip=192.0.2.9 rdns=Unknown helo=b tls=N lr=\"\" "
	"time=0.1");

static void
sessions_in_words(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "haraka.log", notices);
	assert_int_equal(store_sessions(w.store), 2);
	f = with_session(&w, 1);
	assert_slice(f->helo, "client.example.org");
	assert_true(f->rec.flags & SESSION_TLS);
	assert_int_equal(f->nmessages, 2);
	assert_slice(f->messages[0].from, "ann@example.org");
	assert_int_equal(f->messages[0].code, 250);
	assert_int_equal(f->messages[0].size, 119);
	assert_slice(f->messages[0].text, "Message taken (1)");
	assert_slice(f->messages[1].from, "");
	assert_int_equal(f->messages[1].code, 0);
	assert_int_equal(f->nrecipients, 2);
	assert_int_equal(f->recipients[0].code, 0);
	assert_int_equal(f->recipients[1].code, 550);
	assert_slice(f->recipients[1].text, "Not \"y\"");
	assert_int_equal(session_outcome(&f->rec), OUTCOME_PERMANENT);
	assert_int_equal(f->rec.verb, VERB_RCPT);
	f = with_session(&w, 2);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_DROPPED);
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
	assert_ptr_equal(format_detect(slice_of(protocol), &hint, &st, &traits,
	    &why), format_by_name("haraka"));
	assert_true(traits.times_are_utc && traits.times_have_ms);
	assert_ptr_equal(format_detect(slice_of(notices), &hint, &st, &traits,
	    &why), format_by_name("haraka"));
	assert_null(format_detect(SLICE("[INFO] [main] [app] started\n"
	    "level=info ts=2026 msg=x\n{\"level\":\"info\"}\n"), &hint, &st,
	    &traits, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_lead_to_sessions),
		cmocka_unit_test(texts),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(sessions_with_dialogue),
		cmocka_unit_test(sessions_in_words),
		cmocka_unit_test(is_detected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
