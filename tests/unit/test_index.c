/*
 * From lines to sessions: records, facts, who owns which line.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "with_log.h"

#define STAMP "4/2/01 11:44:31 AM : "

/* The log that this project began with. */
static const char seed_log[] =
    STAMP "A connection was accepted from pop3.test.com.\n"
    STAMP "<<< IO: |HELO pop3.test.com\n"
    STAMP "<<< HELO pop3.test.com\n"
    STAMP ">>> 250 OK\n"
    STAMP "<<< IO: |MAIL  From:<richie@test.com>\n"
    STAMP "<<< MAIL From:<richie@test.com>\n"
    STAMP ">>> 250 OK - mail from <richie@test.com>\n"
    STAMP "<<< IO: |RCPT To:<chris@play.com>\n"
    STAMP "<<< RCPT To:<chris@play.com>\n"
    "4/2/01 11:44:32 AM : >>> 250 OK - Recipient <chris@play.com>\n"
    "4/2/01 11:44:32 AM : <<< IO: |DATA\n";

static void
assert_slice(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_of(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARGS(s), want);
}

/* STARTTLS was taken: TLS stands when a command comes behind the handshake. */
static void
tls_stands_by_what_comes_behind_it(void **state)
{
#define ASKED \
	"5/13/00 2:36:27 PM : A connection was accepted from a.test.com.\n" \
	"5/13/00 2:36:27 PM : <<< EHLO a.test.com\n" \
	"5/13/00 2:36:27 PM : >>> 250 STARTTLS\n" \
	"5/13/00 2:36:28 PM : <<< STARTTLS\n" \
	"5/13/00 2:36:28 PM : >>> 220 go ahead\n"
	static const char *const logs[] = { ASKED,
		ASKED "5/13/00 2:36:29 PM : <<< \x16\x03\x01 hello\n",
		ASKED "5/13/00 2:36:29 PM : <<< EHLO a.test.com\n" };
	struct with_log w;

	(void)state;
	for (int i = 0; i < 3; i++) {
		const struct facts *f;

		with_log(&w, "L0000001.LOG", logs[i]);
		f = with_session(&w, 1);
		assert_int_equal((f->rec.flags & SESSION_TLS) != 0, i == 2);
		assert_int_equal(f->tls.p != NULL, i == 2);
		without_log(&w);
	}
#undef ASKED
}

static void
seed(void **state)
{
	struct with_log w;
	const struct facts *f;
	unsigned twins = 0;

	(void)state;
	with_log(&w, "seed.log", seed_log);
	assert_int_equal(store_sessions(w.store), 1);
	f = with_session(&w, 1);
	assert_slice(f->peer, "pop3.test.com");
	assert_slice(f->helo, "pop3.test.com");
	assert_int_equal(f->nmessages, 1);
	assert_slice(facts_from(f), "richie@test.com");
	assert_int_equal(f->nrecipients, 1);
	assert_slice(facts_to(f), "chris@play.com");
	assert_int_equal(f->recipients[0].code, 250);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_OPEN);
	assert_true(session_is_open(&f->rec));
	assert_int_equal(f->rec.lines, 11);
	assert_int_equal(f->rec.duration, 1000);
	assert_false(f->rec.flags & SESSION_OUT);
	for (size_t i = 0; i < f->nlines; i++)
		twins += f->lines[i].role == ROLE_TWIN;
	/* Three IO: lines have their twin; the last is all there is of DATA. */
	assert_int_equal(twins, 3);
	assert_int_equal(f->lines[10].role, ROLE_COMMAND);
	assert_int_equal(f->lines[10].verb, VERB_DATA);
	assert_int_equal(f->commands, 4);
	assert_int_equal(f->nreplies, 3);
	without_log(&w);
}

#define AT "2026-11-23T00:00:00."
#define ROW(ms, id, what) AT ms "Z,EX\\Default," id ",1,10.0.0.5:25," \
	"192.0.2.7:4711," what "\r\n"
#define A(ms, what) ROW(ms, "08DE29A3B4C50001", what)
#define B(ms, what) ROW(ms, "08DE29A3B4C50002", what)

static const char two_sessions[] =
    "#Software: Microsoft Exchange Server\r\n"
    "#Log-type: SMTP Receive Protocol Log\r\n"
    "#Fields: date-time,connector-id,session-id,sequence-number,"
    "local-endpoint,remote-endpoint,event,data,context\r\n"
    A("001", "+,,")
    B("002", "+,,")
    A("003", ">,220 ready,")
    B("004", ">,220 ready,")
    A("005", "<,EHLO a.example.org,")
    A("006", ">,250-EX01,")
    B("007", "<,EHLO b.example.org,")
    A("008", ">,250 SIZE,")
    B("009", ">,250  EX01 Hello SIZE,")
    A("010", "<,MAIL FROM:<ann@example.org> SIZE=1000,")
    A("011", "<,RCPT TO:<chris@play.com>,")
    A("012", "<,RCPT TO:<nobody@play.com>,")
    A("013", ">,250 2.1.0 Sender OK,")
    B("014", "<,MAIL FROM:<>,")
    A("015", ">,250 2.1.5 Recipient OK,")
    A("016", ">,550 5.1.10 RESOLVER.ADR.RecipientNotFound,")
    A("017", "<,DATA,")
    B("018", ">,250 2.1.0 Sender OK,")
    A("019", ">,354 Start mail input,")
    B("020", "-,,Remote(ConnectionReset)")
    A("021", ">,\"250 2.6.0 <x@example.org> [InternalId=42, Hostname=EX]\",")
    A("022", "<,QUIT,")
    A("023", ">,221 2.0.0 bye,")
    A("024", "-,,Local");

static void
pipelined(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "RECV2026112300-1.LOG", two_sessions);
	assert_int_equal(store_sessions(w.store), 2);
	f = with_session(&w, 1);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_PERMANENT);
	assert_int_equal(session_ending(&f->rec), ENDING_SAID);
	assert_int_equal(f->rec.worst, 550);
	assert_int_equal(f->rec.enhanced, ENHANCED(5, 1, 10));
	assert_int_equal(f->rec.verb, VERB_RCPT);
	assert_slice(f->failed_command, "RCPT TO:<nobody@play.com>");
	assert_int_equal(f->nrecipients, 2);
	assert_int_equal(f->recipients[0].code, 250);
	assert_int_equal(f->recipients[1].code, 550);
	assert_int_equal(f->messages[0].code, 250);
	assert_int_equal(f->messages[0].size, 1000);
	assert_slice(f->messages[0].id, "42");
	assert_slice(f->replies[1].text, "EX01 SIZE");
	assert_int_equal(f->nreplies, 8);
	assert_int_equal(f->commands, 6);
	assert_int_equal(f->port, 4711);
	assert_slice(f->key, "08DE29A3B4C50001");
	without_log(&w);
}

static void
lost_in_a_transaction(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "RECV2026112300-1.LOG", two_sessions);
	f = with_session(&w, 2);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_DROPPED);
	assert_int_equal(session_ending(&f->rec), ENDING_LOST);
	assert_non_null(facts_from(f).p);
	assert_slice(facts_from(f), "");
	assert_null(f->failed_command.p);
	assert_true(f->lines[f->nlines - 1].failed);
	without_log(&w);
}

/*
 * A log that tells of no end: silence ends a session, 65 minutes of it with
 * Sendmail.  One begins each second, so that 3900 are open, and the slots of
 * those that went silent are given again before there are many more.
 */
static void
slots_of_the_silent_are_used_again(void **state)
{
	enum { SESSIONS = 20000, LINE = 100, OPEN = 65 * 60 };
	char *log = malloc((size_t)SESSIONS * LINE + 1);
	uint32_t highest = 0;
	struct with_log w;
	struct stream *sm;
	size_t n = 0;

	(void)state;
	assert_non_null(log);
	for (int i = 0; i < SESSIONS; i++)
		n += (size_t)snprintf(log + n, LINE, "Nov 26 %02d:%02d:%02d mx "
		    "sm-mta[%d]: %s\n", i / 3600, i / 60 % 60, i % 60,
		    100 + i, i < 4 ? "6AQ0HnUa000100: <a@b>... User unknown" :
		    "NOQUEUE: connect from [192.0.2.7]");
	with_folder(&w);
	with_file(&w, "mail.log", log, n);
	free(log);
	assert_true(with_index(&w, w.path));
	assert_int_equal(store_sessions(w.store), SESSIONS);
	sm = store_stream(w.store, 0);
	for (uint32_t line = 1; line <= SESSIONS; line++)
		if (stream_slot(sm, line) > highest)
			highest = stream_slot(sm, line);
	assert_in_range(highest, OPEN, OPEN + OPEN / 8);
	without_log(&w);
}

/*
 * Heads of many files are looked at by two threads: what they come to is what
 * one after the other would, in the order of the names.
 */
static void
many_files_are_looked_at(void **state)
{
	enum { FILES = 100 };
	struct with_log w;
	uint32_t n = 0;

	(void)state;
	with_folder(&w);
	for (int i = 0; i < FILES; i++) {
		const char *text = i % 3 == 2 ? "no log\n" : i % 3 ?
		    two_sessions : seed_log;
		char name[32];

		snprintf(name, sizeof name, "%c%03d.txt", 'a' + i % 7, i);
		with_file(&w, name, text, strlen(text));
	}
	assert_true(with_index(&w, w.dir));
	assert_int_equal(table_count(&w.store->streams), 67);
	for (int c = 0; c < 7; c++)
		for (int i = c; i < FILES; i += 7) {
			const struct stream *sm;
			char name[32];

			if (i % 3 == 2)
				continue;
			sm = store_stream(w.store, n++);
			snprintf(name, sizeof name, "%c%03d.txt", 'a' + c, i);
			assert_string_equal(sm->name, name);
			assert_string_equal(sm->format->name, i % 3 ?
			    "exchange-csv" : "exchange-ims");
		}
	assert_int_equal(store_sessions(w.store), 34 + 2 * 33);
	without_log(&w);
}

static void
lines_know_their_session(void **state)
{
	struct with_log w;
	struct owner_cursor c;
	struct stream *sm;
	uint32_t owned[3] = { 0 };
	static const char *const key[3] = { "", "08DE29A3B4C50001",
	    "08DE29A3B4C50002" };

	(void)state;
	with_log(&w, "RECV2026112300-1.LOG", two_sessions);
	sm = store_stream(w.store, 0);
	owner_init(&c, w.store, sm);
	assert_int_equal(stream_lines(sm), 27);
	for (uint32_t line = 1; line <= 27; line++) {
		uint32_t n = owner_of(&c, line);
		struct line_text lt;
		struct err err;

		assert_true(n <= 2);
		owned[n]++;
		assert_int_equal(reader_line(w.reader, sm, line, &lt, &err),
		    0);
		assert_true(slice_find(lt.text, slice_of(key[n])) >= 0);
	}
	assert_int_equal(owned[0], 3);
	assert_int_equal(owned[1], 17);
	assert_int_equal(owned[2], 7);
	owner_free(&c);
	without_log(&w);
}

static void
totals_are_told(void **state)
{
	struct with_log w;
	struct progress p;

	(void)state;
	with_log(&w, "RECV2026112300-1.LOG", two_sessions);
	store_progress(w.store, &p);
	assert_true(p.done);
	assert_int_equal(p.sessions, 2);
	assert_int_equal(p.lines, 27);
	assert_int_equal(p.meta_lines, 3);
	assert_int_equal(p.unowned_lines, 0);
	assert_int_equal(p.bytes, sizeof two_sessions - 1);
	assert_int_equal(p.by_outcome[OUTCOME_PERMANENT], 1);
	assert_int_equal(p.by_outcome[OUTCOME_DROPPED], 1);
	assert_int_equal(p.open, 0);
	without_log(&w);
}

/* A session that goes on in the next file of a rotated set is one session. */
static void
rotation_cuts_no_session(void **state)
{
	struct with_log w;
	const struct facts *f;
	size_t n = (size_t)(strstr(two_sessions, AT "015Z") - two_sessions);

	(void)state;
	with_folder(&w);
	/* Named so that the order of bytes is not the order of numbers. */
	with_file(&w, "RECV2026112300-9.LOG", two_sessions, n);
	with_file(&w, "RECV2026112300-10.LOG", two_sessions + n,
	    sizeof two_sessions - 1 - n);
	assert_true(with_index(&w, NULL));
	assert_int_equal(table_count(&w.store->streams), 1);
	assert_int_equal(store_sessions(w.store), 2);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 17);
	assert_int_equal(f->rec.worst, 550);
	without_log(&w);
}

static void
glued_entries_end_and_begin(void **state)
{
	static const char log[] =
	    "5/13/00 2:36:27 PM : A connection was accepted from a.test.com.\n"
	    "5/13/00 2:36:27 PM : <<< HELO a.test.com\n"
	    "5/13/00 2:36:27 PM : >>> 250 OK\n"
	    "5/13/00 2:36:28 PM : <<< QUIT\n"
	    "5/13/00 2:36:28 PM : >>> 221 closing"
	    "5/13/00 2:36:29 PM : A connection was accepted from b.test.com.\n"
	    "5/13/00 2:36:29 PM : <<< MAIL FROM:<x@test.com>\n"
	    "5/13/00 2:36:30 PM : >>> 503 HELO first\n";
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "L0000001.LOG", log);
	assert_int_equal(store_sessions(w.store), 2);
	f = with_session(&w, 1);
	assert_int_equal(f->nreplies, 2);
	assert_int_equal(f->replies[1].code, 221);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_EMPTY);
	assert_int_equal(f->rec.lines, 5);
	f = with_session(&w, 2);
	assert_slice(f->peer, "b.test.com");
	assert_int_equal(f->rec.worst, 503);
	assert_int_equal(f->nreplies, 1);
	assert_int_equal(f->nlines, 3);
	assert_slice(f->failed_command, "MAIL FROM:<x@test.com>");
	without_log(&w);
}

/* Text of a message may hold anything; only the server's answer counts. */
static void
message_text_is_no_dialogue(void **state)
{
	static const char log[] =
	    STAMP "A connection was accepted from mail.test.com.\n"
	    STAMP "<<< MAIL FROM:<x@test.com>\n"
	    STAMP ">>> 250 OK\n"
	    STAMP "<<< RCPT TO:<y@play.com>\n"
	    STAMP ">>> 250 OK\n"
	    STAMP "<<< DATA\n"
	    STAMP ">>> 354 Send data.  End with CRLF.CRLF\n"
	    STAMP "<<< IO: |Subject: hello\n"
	    "\n"
	    "550 5.1.1 no such user\n"
	    "QUIT\n"
	    ">>> 554 not a reply\n"
	    "<<< RSET\n"
	    "3/2/99 11:44:31 AM : A connection was accepted from old.test.com.\n"
	    "3/2/99 11:44:31 AM : >>> 421 from a pasted log\n"
	    ".\n"
	    STAMP ">>> 250 OK\n"
	    STAMP "<<< QUIT\n"
	    STAMP ">>> 221 closing\n";
	struct with_log w;
	const struct facts *f;
	unsigned body = 0;

	(void)state;
	with_log(&w, "L0000001.LOG", log);
	assert_int_equal(store_sessions(w.store), 1);
	f = with_session(&w, 1);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_OK);
	assert_int_equal(f->nreplies, 5);
	assert_int_equal(f->commands, 4);
	assert_int_equal(f->rec.duration, 0);
	for (size_t i = 0; i < f->nlines; i++)
		body += f->lines[i].role == ROLE_BODY;
	assert_int_equal(body, 9);
	without_log(&w);
}

static void
secrets_are_hidden(void **state)
{
	/* base64 of "ann" and "secret" */
	static const char log[] =
	    STAMP "A connection was accepted from mail.test.com.\n"
	    STAMP "<<< IO: |AUTH LOGIN YW5u\n"
	    STAMP "<<< AUTH LOGIN YW5u\n"
	    STAMP ">>> 334 UGFzc3dvcmQ6\n"
	    STAMP "<<< IO: |c2VjcmV0\n"
	    STAMP "<<< c2VjcmV0\n"
	    STAMP ">>> 235 ok\n";
	struct with_log w;
	const struct facts *f;
	struct buf tmp = { 0 };

	(void)state;
	with_log(&w, "L0000001.LOG", log);
	f = with_session(&w, 1);
	assert_slice(f->auth, "ann");
	assert_true(f->rec.flags & SESSION_AUTH);
	for (size_t i = 0; i < f->nlines; i++) {
		struct slice s = fact_line_text(f, &f->lines[i], false, &tmp);

		assert_true(slice_find(s, SLICE("c2VjcmV0")) < 0);
		assert_true(slice_find(s, SLICE("YW5u")) < 0);
	}
	assert_slice(fact_line_text(f, &f->lines[2], false, &tmp),
	    "AUTH LOGIN [hidden]");
	assert_slice(fact_line_text(f, &f->lines[5], true, &tmp), "c2VjcmV0");
	assert_slice(fact_raw_text(f, &f->lines[5],
	    SLICE(STAMP "<<< c2VjcmV0"), false, &tmp), STAMP "<<< [hidden]");
	buf_free(&tmp);
	without_log(&w);
}

/* A line longer than any buffer keeps its place, and its end is found. */
static void
lines_of_any_length(void **state)
{
	size_t long_one = 3 << 20;
	struct buf b = { 0 };
	struct with_log w;
	struct line_text lt;
	struct err err;
	struct progress p;
	char *rest;

	(void)state;
	buf_add(&b, SLICE(A("001", "+,,") A("002", ">,220 ready,")));
	buf_add(&b, SLICE(AT "003Z,EX\\Default,08DE29A3B4C50001,1,10.0.0.5:25,"
	    "192.0.2.7:4711,<,EHLO "));
	rest = mem_alloc(long_one);
	memset(rest, 'x', long_one);
	buf_add(&b, (struct slice){ rest, long_one });
	buf_add(&b, SLICE(",\r\n" A("004", ">,501 too long,")
	    A("005", "-,,Remote")));
	with_folder(&w);
	with_file(&w, "RECV2026112300-1.LOG", b.p, b.n);
	assert_true(with_index(&w, w.path));
	assert_int_equal(stream_lines(store_stream(w.store, 0)), 5);
	store_progress(w.store, &p);
	assert_int_equal(p.cut_lines, 1);
	assert_int_equal(p.bytes, b.n);
	assert_int_equal(with_session(&w, 1)->rec.worst, 501);
	assert_int_equal(reader_line(w.reader, store_stream(w.store, 0), 3,
	    &lt, &err), 0);
	assert_int_equal(lt.text.n, LINE_LOOK_MAX);
	assert_true(lt.length > long_one);
	assert_int_equal(reader_line(w.reader, store_stream(w.store, 0), 4,
	    &lt, &err), 0);
	assert_true(slice_find(lt.text, SLICE("501 too long")) > 0);
	free(rest);
	buf_free(&b);
	without_log(&w);
}

static void
more_sessions_than_16_bits(void **state)
{
	enum { MANY = 70000 };
	struct buf b = { 0 };
	struct with_log w;
	const struct facts *f;

	(void)state;
	for (unsigned i = 1; i <= MANY; i++)
		buf_addf(&b, AT "001Z,EX,%016X,0,l,192.0.2.7:1,+,,\n", i);
	for (unsigned i = 1; i <= MANY; i++)
		buf_addf(&b, AT "002Z,EX,%016X,1,l,192.0.2.7:1,>,220 x%u,\n",
		    i, i);
	for (unsigned i = 1; i <= MANY; i++)
		buf_addf(&b, AT "003Z,EX,%016X,2,l,192.0.2.7:1,-,,Remote\n", i);
	with_folder(&w);
	with_file(&w, "RECV2026112300-1.LOG", b.p, b.n);
	assert_true(with_index(&w, w.path));
	assert_int_equal(store_sessions(w.store), MANY);
	for (unsigned i = 1; i <= MANY; i += 17) {
		char want[16];

		f = with_session(&w, i);
		assert_int_equal(f->nlines, 3);
		snprintf(want, sizeof want, "x%u", i);
		assert_slice(f->replies[0].text, want);
	}
	buf_free(&b);
	without_log(&w);
}

static void
keys_of_zeros_go_by_endpoints(void **state)
{
#define ZERO(local, remote, what) AT "001Z,Send,0000000000000000,0," local \
	"," remote "," what "\r\n"
	static const char log[] =
	    ZERO("", "192.0.2.1:25", "*,,attempting to connect")
	    ZERO("", "192.0.2.2:25", "*,,attempting to connect")
	    ZERO("10.0.0.5:1111", "192.0.2.1:25", "+,,")
	    ZERO("10.0.0.5:2222", "192.0.2.2:25", "+,,")
	    ZERO("10.0.0.5:1111", "192.0.2.1:25", "<,220 one,")
	    ZERO("10.0.0.5:2222", "192.0.2.2:25", "<,554 two,")
	    ZERO("10.0.0.5:1111", "192.0.2.1:25", "-,,Local")
	    ZERO("10.0.0.5:2222", "192.0.2.2:25", "-,,Remote");
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_log(&w, "SEND2026112300-1.LOG", log);
	assert_int_equal(store_sessions(w.store), 2);
	f = with_session(&w, 1);
	assert_int_equal(f->nlines, 4);
	assert_true(f->rec.flags & SESSION_OUT);
	assert_int_equal(session_outcome(&f->rec), OUTCOME_EMPTY);
	f = with_session(&w, 2);
	assert_int_equal(f->rec.worst, 554);
	assert_int_equal(f->rec.verb, VERB_CONNECT);
	assert_null(f->failed_command.p);
	without_log(&w);
}

/* A log that changes behind the index's back is never shown as another. */
static void
cut_behind_the_index(void **state)
{
	struct with_log w;
	struct facts f;
	struct err err = { "" };

	(void)state;
	with_log(&w, "RECV2026112300-1.LOG", two_sessions);
	/* The first session's last lines are cut off. */
	assert_int_equal(truncate(w.path, sizeof two_sessions - 300), 0);
	facts_init(&f);
	assert_int_equal(facts_decode(&f, w.store, w.reader, 1, &err), -1);
	assert_non_null(strstr(err.text, "cut"));
	assert_true(f.gone > 0);
	assert_true(f.nlines > f.gone);
	assert_slice(f.helo, "a.example.org");
	facts_free(&f);
	without_log(&w);
}

static void
written_anew_behind_the_index(void **state)
{
	struct with_log w;
	struct facts f;
	struct err err = { "" };
	struct buf b = { 0 };

	(void)state;
	with_log(&w, "RECV2026112300-1.LOG", two_sessions);
	for (int i = 0; i < 100; i++)
		buf_add(&b, SLICE(ROW("007", "08DE29A3B4C50009", ">,554 no,")));
	with_file(&w, "RECV2026112300-1.LOG", b.p, b.n);
	facts_init(&f);
	facts_decode(&f, w.store, w.reader, 1, &err);
	assert_int_equal(f.gone, f.nlines);
	assert_int_equal(f.nreplies, 0);
	facts_free(&f);
	buf_free(&b);
	without_log(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seed),
		cmocka_unit_test(tls_stands_by_what_comes_behind_it),
		cmocka_unit_test(pipelined),
		cmocka_unit_test(lost_in_a_transaction),
		cmocka_unit_test(slots_of_the_silent_are_used_again),
		cmocka_unit_test(many_files_are_looked_at),
		cmocka_unit_test(lines_know_their_session),
		cmocka_unit_test(totals_are_told),
		cmocka_unit_test(rotation_cuts_no_session),
		cmocka_unit_test(glued_entries_end_and_begin),
		cmocka_unit_test(message_text_is_no_dialogue),
		cmocka_unit_test(secrets_are_hidden),
		cmocka_unit_test(lines_of_any_length),
		cmocka_unit_test(more_sessions_than_16_bits),
		cmocka_unit_test(keys_of_zeros_go_by_endpoints),
		cmocka_unit_test(cut_behind_the_index),
		cmocka_unit_test(written_anew_behind_the_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
