/*
 * Postfix: what each kind of line says, to the index and in words; lines in
 * which strangers write what Postfix does; sessions of small logs.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "format/postfix.h"
#include "smtp/reply.h"
#include "smtp/verb.h"
#include "with_log.h"

/* What a line must say. */
struct wanted {
	const char *line;        /* from the daemon on: "smtpd[1]: ..." */
	enum event_kind kind;
	unsigned says, code;     /* says: those bits at least */
	uint32_t enhanced;
	enum smtp_verb verb;
	/* Words; NULL: the log does not tell. */
	const char *helo, *from, *to, *queue, *command, *reply, *tls, *user;
};

static struct slice
whole(char *buf, size_t size, const char *line)
{
	int n = snprintf(buf, size, "Mar 11 19:38:21 mx postfix/%s", line);

	assert_true(n > 0 && (size_t)n < size);
	return (struct slice){ buf, (size_t)n };
}

static void
is_word(const char *line, const char *what, struct slice s, const char *want)
{
	if (!want != !s.p || (want && !slice_eq(s, slice_of(want))))
		fail_msg("%s: %s is '%.*s', not '%s'", line, what,
		    SLICE_ARGS(s), want ? want : "(none)");
}

static void
check(const struct wanted *w)
{
	struct format_state st = { 0 };
	struct detail d = { .commands = 0 };
	struct event ev;
	char buf[1024];
	struct slice line = whole(buf, sizeof buf, w->line);

	format_postfix.scan(&format_postfix, &st, line, &ev);
	if (ev.kind != w->kind || (ev.says & w->says) != w->says ||
	    ev.code != w->code || ev.enhanced != w->enhanced ||
	    ev.verb != w->verb)
		fail_msg("%s: kind %d says %#x code %u enhanced %#x verb %s",
		    w->line, ev.kind, ev.says, ev.code, ev.enhanced,
		    verb_name((enum smtp_verb)ev.verb));
	if (!event_tells(&ev))
		return;
	format_postfix.detail(&format_postfix, &st, line, &ev, &d);
	is_word(w->line, "helo", d.helo, w->helo);
	is_word(w->line, "from", d.from, w->from);
	is_word(w->line, "to", d.to, w->to);
	is_word(w->line, "queue", d.queue, w->queue);
	is_word(w->line, "command", d.command, w->command);
	is_word(w->line, "reply", d.reply, w->reply);
	is_word(w->line, "tls", d.tls, w->tls);
	is_word(w->line, "user", d.user, w->user);
}

static void
check_all(const struct wanted *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(&w[i]);
}

#define CHECK_ALL(table) check_all(table, sizeof (table) / sizeof *(table))

static void
connections(void **state)
{
	static const struct wanted lines[] = {
		{ "smtpd[1]: connect from a.example[192.0.2.1]", EVENT_OPEN,
		    .verb = VERB_NONE },
		{ "smtpd[1]: disconnect from a.example[192.0.2.1]",
		    EVENT_CLOSE, .verb = VERB_NONE },
		{ "smtpd[1]: disconnect from a.example[192.0.2.1] ehlo=1 "
		    "quit=1 commands=2", EVENT_CLOSE, .says = SAYS_DONE },
		{ "smtpd[1]: disconnect from a.example[192.0.2.1] ehlo=2 "
		    "starttls=1 mail=1 rcpt=0/3 data=0/1 quit=1 commands=5/9",
		    EVENT_CLOSE, .says = SAYS_TRANSACTION | SAYS_REFUSED,
		    .verb = VERB_RCPT },
		{ "smtpd[1]: disconnect from a[192.0.2.1] unknown=0/1 "
		    "commands=0/1", EVENT_CLOSE, .says = SAYS_REFUSED,
		    .verb = VERB_UNKNOWN },
		{ "smtpd[1]: Anonymous TLS connection established from "
		    "a.example[192.0.2.1]: TLSv1.3 with cipher "
		    "TLS_AES_256_GCM_SHA384 (256/256 bits)", EVENT_REPORT,
		    .says = SAYS_TLS, .tls = "TLSv1.3" },
		{ "smtpd[1]: lost connection after DATA (12 bytes) from "
		    "a.example[192.0.2.1]", EVENT_REPORT,
		    .says = SAYS_LOST | SAYS_GONE, .verb = VERB_DATA,
		    .reply = "lost connection after DATA (12 bytes)" },
		{ "smtpd[1]: lost connection after RCPT from a[192.0.2.1]",
		    EVENT_REPORT, .says = SAYS_LOST, .verb = VERB_RCPT,
		    .reply = "lost connection after RCPT" },
		{ "smtpd[1]: timeout after MAIL from a.example[192.0.2.1]",
		    EVENT_REPORT, .code = 421, .verb = VERB_NONE,
		    .reply = "timeout after MAIL" },
		{ "smtpd[1]: too many errors after AUTH from a[192.0.2.1]",
		    EVENT_REPORT, .code = 421, .verb = VERB_NONE,
		    .reply = "too many errors after AUTH" },
		{ "smtpd[1]: warning: hostname a.example does not resolve to "
		    "address 192.0.2.1", EVENT_NOTE, .user = NULL },
		{ "smtpd[1]: warning: Connection rate limit exceeded: 31 from "
		    "a[192.0.2.1] for service smtpd", EVENT_REPORT,
		    .code = 421, .verb = VERB_CONNECT,
		    .command = "CONNECT",
		    .reply = "Connection rate limit exceeded: 31 from "
		    "a[192.0.2.1] for service smtpd" },
		{ "smtpd[1]: warning: a[192.0.2.1]: SASL LOGIN authentication "
		    "failed: UGFzc3dvcmQ6", EVENT_REPORT, .code = 5,
		    .verb = VERB_AUTH, .command = "AUTH",
		    .reply = "UGFzc3dvcmQ6" },
		{ "smtpd[1]: warning: a[192.0.2.1]: SASL LOGIN authentication "
		    "failed: Connection lost to authentication server",
		    EVENT_REPORT, .code = 4, .verb = VERB_AUTH,
		    .command = "AUTH",
		    .reply = "Connection lost to authentication server" },
	};

	(void)state;
	CHECK_ALL(lines);
}

static void
not_amid_a_transaction(void **state)
{
	static const char *const stages[] = { "CONNECT", "EHLO", "AUTH",
		"STARTTLS", "END-OF-MESSAGE", "QUIT", "RSET", "NOOP",
		"UNKNOWN" };

	(void)state;
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
		struct format_state st = { 0 };
		struct event ev;
		char line[128], buf[256];

		snprintf(line, sizeof line,
		    "smtpd[1]: lost connection after %s from a[192.0.2.1]",
		    stages[i]);
		format_postfix.scan(&format_postfix, &st,
		    whole(buf, sizeof buf, line), &ev);
		if (ev.kind != EVENT_REPORT || (ev.says & SAYS_LOST))
			fail_msg("%s", line);
	}
}

#define ENVELOPE "; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<h>"

static void
refusals(void **state)
{
	static const struct wanted lines[] = {
		{ "smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 550 "
		    "5.1.1 <c@d.example>: Recipient address rejected" ENVELOPE,
		    EVENT_REPORT, SAYS_HELO | SAYS_FROM | SAYS_TO, 550,
		    ENHANCED(5, 1, 1), VERB_RCPT, "h", "a@b.example",
		    "c@d.example", NULL, "RCPT",
		    "<c@d.example>: Recipient address rejected", .user = NULL },
		{ "submission/smtpd[1]: 4104E3D01: reject: RCPT from "
		    "a[192.0.2.1]:4711: 450 4.2.0 busy; from=<> "
		    "to=<c@d.example> proto=SMTP", EVENT_REPORT, SAYS_TO, 450,
		    ENHANCED(4, 2, 0), VERB_RCPT, NULL, "", "c@d.example",
		    "4104E3D01", "RCPT", "busy", .user = NULL },
		{ "smtpd[1]: 3Pt2mN2VXxznjll: milter-reject: END-OF-MESSAGE "
		    "from a[192.0.2.1]: 5.7.1 no" ENVELOPE, EVENT_REPORT, 0, 5,
		    ENHANCED(5, 7, 1), VERB_DATA, "h", "a@b.example",
		    "c@d.example", "3Pt2mN2VXxznjll", "DATA", "no", .user = NULL },
		{ "smtpd[1]: NOQUEUE: reject: EHLO from a[192.0.2.1]: 504 "
		    "5.5.2 <User>: Helo command rejected; proto=SMTP "
		    "helo=<User>", EVENT_REPORT, SAYS_HELO, 504,
		    ENHANCED(5, 5, 2), VERB_EHLO, "User", NULL, NULL, NULL,
		    "EHLO", "<User>: Helo command rejected", .user = NULL },
		{ "smtpd[1]: NOQUEUE: reject: VRFY from a[192.0.2.1]: 550 "
		    "5.1.1 <x>: unknown; to=<x> proto=SMTP helo=<h>",
		    EVENT_REPORT, SAYS_HELO, 550, ENHANCED(5, 1, 1), VERB_VRFY,
		    "h", NULL, NULL, NULL, "VRFY", "<x>: unknown", .user = NULL },
		{ "smtpd[1]: NOQUEUE: reject_warning: RCPT from a[192.0.2.1]: "
		    "553 5.7.1 <a>: no" ENVELOPE, EVENT_REPORT, 0, 0, 0,
		    VERB_NONE, "h", .user = NULL },
		{ "smtpd[1]: NOQUEUE: discard: MAIL from a[192.0.2.1]: <x>: "
		    "spam; from=<x> proto=ESMTP helo=<h>", EVENT_REPORT, 0, 0,
		    0, VERB_NONE, "h", .user = NULL },
		{ "smtpd[1]: proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, "
		    "id=1 - spam" ENVELOPE, EVENT_REPORT, 0, 554,
		    ENHANCED(5, 7, 0), VERB_DATA, "h", "a@b.example",
		    "c@d.example", NULL, "DATA", "Reject, id=1 - spam", .user = NULL },
		{ "cleanup[1]: 4104E3D01: reject: header Subject: x; "
		    "from=<f> to=<g> from a[192.0.2.1]" ENVELOPE
		    ": 5.7.1 no such thing", EVENT_REPORT, 0, 5,
		    ENHANCED(5, 7, 1), VERB_DATA, "h", "a@b.example",
		    "c@d.example", "4104E3D01", "DATA", "no such thing", .user = NULL },
		{ "postscreen[1]: NOQUEUE: reject: RCPT from [192.0.2.1]:99: "
		    "550 5.7.1 blocked; from=<a@b.example>, to=<c@d.example>, "
		    "proto=ESMTP, helo=<h>", EVENT_REPORT,
		    SAYS_HELO | SAYS_FROM | SAYS_TO, 550, ENHANCED(5, 7, 1),
		    VERB_RCPT, "h", "a@b.example", "c@d.example", NULL, "RCPT",
		    "blocked", .user = NULL },
		{ "postscreen[1]: NOQUEUE: reject: CONNECT from "
		    "[192.0.2.1]:99: all server ports busy", EVENT_REPORT, 0,
		    421, 0, VERB_CONNECT, NULL, NULL, NULL, NULL, "CONNECT",
		    "all server ports busy", .user = NULL },
	};

	(void)state;
	CHECK_ALL(lines);
}

static void
deliveries(void **state)
{
#define TO "smtp[1]: 4104E3D01: to=<c@d.example>, orig_to=<x@y>, " \
	"relay=mx[192.0.2.9]:25, delay=1, delays=0/0/1/0, "
	static const struct wanted lines[] = {
		{ TO "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 12345F)",
		    EVENT_REPORT, SAYS_TO, 250, ENHANCED(2, 0, 0), VERB_DATA,
		    .queue = "4104E3D01", .to = "c@d.example",
		    .reply = "Ok: queued as 12345F" },
		{ TO "dsn=5.1.1, status=bounced (host mx[192.0.2.9] said: "
		    "550-5.1.1 no 550 5.1.1 such user (in reply to RCPT TO "
		    "command))", EVENT_REPORT, SAYS_TO, 550,
		    ENHANCED(5, 1, 1), VERB_RCPT, .queue = "4104E3D01",
		    .to = "c@d.example", .command = "RCPT TO",
		    .reply = "no 550 5.1.1 such user" },
		{ TO "dsn=4.4.1, status=deferred (connect to mx[192.0.2.9]:25: "
		    "Connection timed out)", EVENT_REPORT, SAYS_TO, 4,
		    ENHANCED(4, 4, 1), VERB_CONNECT, .queue = "4104E3D01",
		    .to = "c@d.example", .command = "CONNECT",
		    .reply = "connect to mx[192.0.2.9]:25: Connection timed "
		    "out" },
		{ TO "dsn=4.4.2, status=deferred (lost connection with "
		    "mx[192.0.2.9] while sending RCPT TO)", EVENT_REPORT,
		    SAYS_TO, 4, ENHANCED(4, 4, 2), VERB_RCPT,
		    .queue = "4104E3D01", .to = "c@d.example",
		    .command = "RCPT", .reply = "lost connection with "
		    "mx[192.0.2.9] while sending RCPT TO" },
		{ "local[1]: 4104E3D01: to=c@localhost, relay=local, "
		    "delay=0.1, dsn=5.1.1, status=bounced (unknown user: "
		    "\"c\")", EVENT_REPORT, SAYS_TO, 5, ENHANCED(5, 1, 1),
		    VERB_NONE, .queue = "4104E3D01", .to = "c@localhost",
		    .reply = "unknown user: \"c\"" },
		{ "virtual[1]: 4104E3D01: to=<c@d.example>, relay=virtual, "
		    "delay=0.5, dsn=2.0.0, status=sent (delivered to maildir)",
		    EVENT_REPORT, SAYS_TO, 0, ENHANCED(2, 0, 0), VERB_NONE,
		    .queue = "4104E3D01", .to = "c@d.example",
		    .reply = "delivered to maildir" },
		{ "smtp[1]: 4104E3D01: host mx[192.0.2.9] refused to talk to "
		    "me: 450 4.3.2 later", EVENT_REPORT, 0, 450,
		    ENHANCED(4, 3, 2), VERB_CONNECT, .queue = "4104E3D01",
		    .command = "CONNECT", .reply = "later" },
		{ "smtp[1]: 4104E3D01: SASL authentication failed; server "
		    "mx[192.0.2.9] said: 535 5.7.8 Error", EVENT_REPORT, 0,
		    535, ENHANCED(5, 7, 8), VERB_AUTH, .queue = "4104E3D01",
		    .command = "AUTH", .reply = "Error" },
		{ "qmgr[1]: 4104E3D01: from=<a@b.example>, size=5360, nrcpt=1 "
		    "(queue active)", EVENT_REPORT, SAYS_SENDER,
		    .queue = "4104E3D01", .from = "a@b.example" },
		{ "qmgr[1]: 4104E3D01: from=<>, status=expired, returned to "
		    "sender", EVENT_REPORT, SAYS_SENDER, 5,
		    .queue = "4104E3D01", .from = "",
		    .reply = "expired, returned to sender" },
		{ "qmgr[1]: 4104E3D01: removed", EVENT_NOTE, 0, .user = NULL },
		{ "pickup[1]: 4104E3D01: uid=0 from=<root>", EVENT_REPORT,
		    SAYS_MESSAGE, .queue = "4104E3D01", .from = "root" },
		{ "smtpd[1]: 4104E3D01: client=a[192.0.2.1], "
		    "sasl_method=PLAIN, sasl_username=u@b.example",
		    EVENT_REPORT, SAYS_USER | SAYS_MESSAGE,
		    .queue = "4104E3D01", .user = "u@b.example" },
	};

	(void)state;
	CHECK_ALL(lines);
}

/* What strangers say in HELO, addresses and replies is not believed. */
static void
forged(void **state)
{
	static const struct wanted lines[] = {
		{ "smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 "
		    "5.7.1 <n, to=<x@y>: 550 5.0.0@e>: Relay access denied; "
		    "from=<a> to=<x@y>: 550 fake@e> to=<n, to=<x@y>: 550 "
		    "5.0.0@e> proto=ESMTP helo=<x: 250 2.0.0 Ok: queued as "
		    "FAKE1>", EVENT_REPORT, SAYS_TO, 554, ENHANCED(5, 7, 1),
		    VERB_RCPT, "x: 250 2.0.0 Ok: queued as FAKE1",
		    "a> to=<x@y>: 550 fake@e", "n, to=<x@y>: 550 5.0.0@e",
		    NULL, "RCPT",
		    "<n, to=<x@y>: 550 5.0.0@e>: Relay access denied", .user = NULL },
		{ "smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 450 "
		    "4.7.1 no; from=<a@b> to=<c@d> proto=ESMTP helo=<x; "
		    "from=<f@g> to=<h@i> proto=ESMTP helo=<y>>", EVENT_REPORT,
		    SAYS_TO, 450, ENHANCED(4, 7, 1), VERB_RCPT,
		    "x; from=<f@g> to=<h@i> proto=ESMTP helo=<y>", "a@b",
		    "c@d", NULL, "RCPT", "no", .user = NULL },
		{ "smtpd[1]: 4104E3D01: milter-reject: END-OF-MESSAGE from "
		    "a[192.0.2.1]: 5.7.1 no; from=<a@b> proto=ESMTP helo=<h; "
		    "from=<f@g> to=<t@u>>", EVENT_REPORT, SAYS_HELO, 5,
		    ENHANCED(5, 7, 1), VERB_DATA, "h; from=<f@g> to=<t@u>",
		    "a@b", NULL, "4104E3D01", "DATA", "no", .user = NULL },
		{ "postscreen[1]: NOQUEUE: reject: RCPT from [192.0.2.1]:9: "
		    "450 4.3.2 no; from=<\"a> to=<x@y>: 550\"@e>, to=<\"n>, "
		    "proto=ESMTP, helo=<y>\"@d>, proto=ESMTP, helo=<x>",
		    EVENT_REPORT, SAYS_TO, 450, ENHANCED(4, 3, 2), VERB_RCPT,
		    "x", "\"a> to=<x@y>: 550\"@e",
		    "\"n>, proto=ESMTP, helo=<y>\"@d", NULL, "RCPT", "no",
		    .user = NULL },
		{ "smtp[1]: 4104E3D01: to=<\"a>, relay=x, dsn=5.0.0, "
		    "status=bounced (no)\"@d>, relay=mx[192.0.2.9]:25, "
		    "delay=1, dsn=2.0.0, status=sent (250 ok)", EVENT_REPORT,
		    SAYS_TO, 250, ENHANCED(2, 0, 0), VERB_DATA,
		    .queue = "4104E3D01", .to = "\"a>, relay=x, dsn=5.0.0, "
		    "status=bounced (no)\"@d", .reply = "ok" },
		{ "smtp[1]: 4104E3D01: to=<c@d>, relay=mx[192.0.2.9]:25, "
		    "delay=1, dsn=5.0.0, status=bounced (host mx[192.0.2.9] "
		    "said: 550 x (in reply to DATA command) (in reply to RCPT "
		    "TO command))", EVENT_REPORT, SAYS_TO, 550, 0, VERB_RCPT,
		    .queue = "4104E3D01", .to = "c@d", .command = "RCPT TO",
		    .reply = "x (in reply to DATA command)" },
		{ "smtpd[1]: warning: non-SMTP command from a[192.0.2.1]: "
		    "NOQUEUE: reject: RCPT from b[192.0.2.2]: 550 no",
		    EVENT_NOTE, .verb = VERB_NONE },
		{ "smtpd[1]: warning: Illegal address syntax from "
		    "a[192.0.2.1] in RCPT command: <x in RCPT command: <y>>",
		    EVENT_REPORT, SAYS_TO, 501, 0, VERB_RCPT, .to =
		    "x in RCPT command: <y>", .command = "RCPT", .reply =
		    "Illegal address syntax from a[192.0.2.1] in RCPT "
		    "command: <x in RCPT command: <y>>" },
	};

	(void)state;
	CHECK_ALL(lines);
}

/* Every beginning of a line, in memory that ends with it. */
static void
cut_anywhere(void **state)
{
	static const char *const lines[] = {
		"smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 550 5.1.1 "
		    "<c@d>: no; from=<a@b> to=<c@d> proto=ESMTP helo=<h> "
		    "sasl_username=<u>",
		"smtpd[1]: 4104E3D01: client=a[192.0.2.1]:9, "
		    "sasl_username=u, orig_queue_id=4104E3D02, orig_client=b",
		"smtp[1]: 4104E3D01: to=<\"c\\\"\"@d>, orig_to=<x>, "
		    "relay=mx[::1]:25, dsn=5.0.0, status=bounced (host "
		    "mx[::1] said: 550 x (in reply to RCPT TO command))",
		"smtpd[1]: disconnect from a[192.0.2.1] ehlo=1 rcpt=0/99999999"
		    "9999999999 commands=1/2",
		"postscreen[1]: COMMAND TIME LIMIT from [192.0.2.1]:9 after "
		    "CONNECT",
		"smtpd[1]: < a[192.0.2.1]: EHLO x",
		"cleanup[1]: 4104E3D01: milter-reject: END-OF-MESSAGE from "
		    "a[192.0.2.1]: 4.7.1 x; from=<a> helo=<x>: y",
	};
	char buf[512], copy[512];

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct slice line = whole(buf, sizeof buf, lines[i]);

		for (size_t n = 0; n <= line.n; n++) {
			struct format_state st = { 0 };
			struct detail d = { .commands = 0 };
			struct event ev;
			struct slice s = { memcpy(copy + sizeof copy - n,
			    buf, n), n };

			assert_int_equal(format_postfix.scan(&format_postfix,
			    &st, s, &ev), n);
			if (event_tells(&ev))
				format_postfix.detail(&format_postfix, &st, s,
				    &ev, &d);
		}
	}
}

/* --- sessions ------------------------------------------------------------- */

#define S "Mar 11 19:38:21 mx postfix/"

static void
is_outcome(struct with_log *w, uint32_t number, enum outcome o)
{
	struct session rec;

	store_session(w->store, number, &rec);
	assert_int_equal(session_outcome(&rec), o);
}

/* A process serves two clients; the first one's message lives on meanwhile. */
static void
a_message_and_its_session(void **state)
{
	struct with_log w = { .store = NULL };
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "smtpd[7]: warning: hostname x does not resolve to address y\n"
	    S "smtpd[7]: connect from a[192.0.2.1]\n"
	    S "smtpd[7]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 550 5.1.1 "
	    "<no@d>: no; from=<a@b> to=<no@d> proto=ESMTP helo=<h>\n"
	    S "smtpd[7]: 4104E3D01: client=a[192.0.2.1]\n"
	    S "cleanup[8]: 4104E3D01: message-id=<1@b>\n"
	    S "smtpd[7]: disconnect from a[192.0.2.1] ehlo=1 mail=1 rcpt=1/2 "
	    "data=1 quit=1 commands=5/6\n"
	    S "smtpd[7]: connect from c[192.0.2.3]\n"
	    S "qmgr[9]: 4104E3D01: from=<a@b>, size=300, nrcpt=1 "
	    "(queue active)\n"
	    S "smtpd[7]: disconnect from c[192.0.2.3] quit=1 commands=1\n"
	    S "smtp[6]: 4104E3D01: to=<yes@d>, relay=mx[192.0.2.9]:25, "
	    "delay=1, dsn=2.0.0, status=sent (250 2.0.0 ok)\n"
	    S "qmgr[9]: 4104E3D01: removed\n"
	    S "qmgr[9]: 4104E3D01: from=<z@b>, size=3, nrcpt=1 "
	    "(queue active)\n");
	assert_int_equal(store_sessions(w.store), 3);
	is_outcome(&w, 1, OUTCOME_PERMANENT);
	is_outcome(&w, 2, OUTCOME_EMPTY);
	is_outcome(&w, 3, OUTCOME_OPEN);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 9);
	assert_int_equal(f->commands, 6);
	assert_int_equal(f->nmessages, 1);
	assert_int_equal(f->messages[0].size, 300);
	assert_true(slice_eq(f->messages[0].id, SLICE("4104E3D01")));
	assert_true(slice_eq(f->messages[0].from, SLICE("a@b")));
	assert_int_equal(f->messages[0].recipients, 2);
	assert_int_equal(f->recipients[0].code, 550);
	assert_int_equal(f->recipients[1].code, 250);
	assert_true(slice_eq(f->peer, SLICE("192.0.2.1")));
	f = with_session(&w, 3);
	assert_true(f->rec.flags & SESSION_OUT);
	without_log(&w);
}

/* All of one transaction was refused, the next one's message is another. */
static void
two_transactions(void **state)
{
	struct with_log w = { .store = NULL };
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "smtpd[7]: connect from a[192.0.2.1]\n"
	    S "smtpd[7]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 550 5.1.1 "
	    "no; from=<first@b> to=<no@d> proto=ESMTP helo=<h>\n"
	    S "smtpd[7]: 4104E3D01: client=a[192.0.2.1]\n"
	    S "qmgr[9]: 4104E3D01: from=<second@b>, size=300, nrcpt=1 "
	    "(queue active)\n"
	    S "local[6]: 4104E3D01: to=<yes@d>, relay=local, delay=1, "
	    "dsn=2.0.0, status=sent (delivered to mailbox)\n"
	    S "qmgr[9]: 4104E3D01: removed\n"
	    S "smtpd[7]: disconnect from a[192.0.2.1]\n");
	assert_int_equal(store_sessions(w.store), 1);
	f = with_session(&w, 1);
	assert_int_equal(f->nmessages, 2);
	assert_true(slice_eq(f->messages[0].from, SLICE("first@b")));
	assert_null(f->messages[0].id.p);
	assert_int_equal(f->messages[0].recipients, 1);
	assert_true(slice_eq(f->messages[1].from, SLICE("second@b")));
	assert_int_equal(f->messages[1].recipients, 1);
	without_log(&w);
}

/* postscreen hands over; a filter gives the message back; it bounces. */
static void
one_session_of_many_programs(void **state)
{
	struct with_log w = { .store = NULL };
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "postscreen[5]: CONNECT from [192.0.2.1]:99 to [192.0.2.5]:25\n"
	    S "postscreen[5]: PASS NEW [192.0.2.1]:99\n"
	    S "smtpd[7]: connect from a[192.0.2.1]\n"
	    S "smtpd[7]: 4104E3D01: client=a[192.0.2.1]\n"
	    S "qmgr[9]: 4104E3D01: from=<a@b>, size=300, nrcpt=1 "
	    "(queue active)\n"
	    S "smtpd[7]: disconnect from a[192.0.2.1] mail=1 commands=1\n"
	    S "smtpd[8]: connect from localhost[127.0.0.1]\n"
	    S "smtpd[8]: 4104E3D02: client=localhost[127.0.0.1], "
	    "orig_queue_id=4104E3D01, orig_client=a[192.0.2.1]\n"
	    S "qmgr[9]: 4104E3D02: from=<a@b>, size=900, nrcpt=1 "
	    "(queue active)\n"
	    S "smtpd[8]: disconnect from localhost[127.0.0.1] mail=1 "
	    "commands=1\n"
	    S "smtp[6]: 4104E3D01: to=<c@d>, relay=127.0.0.1[127.0.0.1]:10024,"
	    " delay=1, dsn=2.0.0, status=sent (250 2.0.0 from MTA: 250 2.0.0 "
	    "Ok: queued as 4104E3D02)\n"
	    S "qmgr[9]: 4104E3D01: removed\n"
	    S "smtp[6]: 4104E3D02: to=<c@d>, relay=mx[192.0.2.9]:25, delay=1, "
	    "dsn=5.1.1, status=bounced (host mx[192.0.2.9] said: 550 5.1.1 no "
	    "(in reply to RCPT TO command))\n"
	    S "bounce[4]: 4104E3D02: sender non-delivery notification: "
	    "4104E3D03\n"
	    S "qmgr[9]: 4104E3D03: from=<>, size=2000, nrcpt=1 "
	    "(queue active)\n"
	    S "qmgr[9]: 4104E3D02: removed\n"
	    S "smtp[6]: 4104E3D03: to=<a@b>, relay=mx[192.0.2.1]:25, delay=1, "
	    "dsn=2.0.0, status=sent (250 ok)\n"
	    S "qmgr[9]: 4104E3D03: removed\n");
	assert_int_equal(store_sessions(w.store), 2);
	is_outcome(&w, 1, OUTCOME_PERMANENT);
	is_outcome(&w, 2, OUTCOME_OK);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 16);
	assert_int_equal(f->port, 99);
	assert_int_equal(f->nmessages, 2);
	assert_int_equal(f->messages[0].recipients, 1);
	assert_int_equal(f->recipients[0].code, 550);
	assert_true(slice_eq(f->failed_command, SLICE("RCPT TO")));
	assert_true(slice_eq(f->messages[1].id, SLICE("4104E3D03")));
	assert_false(session_is_open(&f->rec));
	without_log(&w);
}

#define SENT S "smtp[9]: > mx[192.0.2.9]:25: "
#define READ S "smtp[9]: < mx[192.0.2.9]:25: "

/* With smtp -v: the message text is not logged, but the dot behind it is. */
static void
dialogue_of_the_client(void **state)
{
	struct with_log w = { .store = NULL };
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "qmgr[2]: 4104E3D01: from=<a@b>, size=9, nrcpt=1 (queue active)\n"
	    S "smtp[9]: smtp_connect_addr: trying: mx[192.0.2.9] port 25...\n"
	    READ "220 mx ESMTP\n" SENT "EHLO a\n" READ "250 mx\n"
	    SENT "MAIL FROM:<a@b>\n" READ "250 2.1.0 Ok\n"
	    SENT "RCPT TO:<c@d>\n" READ "250 2.1.5 Ok\n"
	    SENT "DATA\n" READ "354 Go on\n"
	    SENT ".\n" READ "250 2.0.0 Ok: queued\n"
	    S "smtp[9]: 4104E3D01: to=<c@d>, relay=mx[192.0.2.9]:25, delay=1,"
	    " dsn=2.0.0, status=sent (250 2.0.0 Ok: queued)\n"
	    SENT "QUIT\n"
	    S "smtp[9]: smtp_connect_addr: trying: mx[192.0.2.9] port 25...\n");
	f = with_session(&w, 2);
	assert_true(f->rec.flags & SESSION_OUT);
	assert_int_equal(f->commands, 5);
	assert_int_equal(f->nreplies, 6);
	is_outcome(&w, 2, OUTCOME_OK);
	assert_int_equal(f->nrecipients, 1);
	assert_int_equal(f->nmessages, 1);
	assert_int_equal(f->messages[0].code, 250);
	without_log(&w);
}

/*
 * The id of a bounce is logged before it is told whose it is; what the smtp
 * client met with, before the message it carried is named.
 */
static void
lines_before_their_message(void **state)
{
	struct with_log w = { .store = NULL };
	struct progress p;
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "smtp[6]: connect to old[192.0.2.8]:25: Connection refused\n"
	    S "smtpd[7]: connect from a[192.0.2.1]\n"
	    S "smtpd[7]: 4104E3D01: client=a[192.0.2.1]\n"
	    S "smtpd[7]: disconnect from a[192.0.2.1] mail=1 commands=1\n"
	    S "smtpd[7]: connect from b[192.0.2.2]\n"
	    S "smtpd[7]: 4104E3D11: client=b[192.0.2.2]\n"
	    S "smtp[6]: connect to mx1[192.0.2.8]:25: Connection refused\n"
	    S "smtp[5]: connect to mx9[192.0.2.7]:25: Connection refused\n"
	    S "smtp[6]: Untrusted TLS connection established to "
	    "mx2[192.0.2.9]:25: TLSv1.3 with cipher X (256/256 bits)\n"
	    S "smtp[6]: 4104E3D01: to=<c@d>, relay=mx2[192.0.2.9]:25, delay=1,"
	    " dsn=5.1.1, status=bounced (host mx2[192.0.2.9] said: 550 5.1.1 "
	    "no (in reply to RCPT TO command))\n"
	    S "cleanup[8]: 4104E3D03: message-id=<1@mx>\n"
	    S "smtp[5]: 4104E3D11: to=<e@f>, relay=none, delay=1, dsn=4.4.1, "
	    "status=deferred (connect to mx9[192.0.2.7]:25: Connection "
	    "refused)\n"
	    S "bounce[4]: 4104E3D01: sender non-delivery notification: "
	    "4104E3D03\n"
	    S "smtp[6]: connect to mx5[192.0.2.5]:25: Connection refused\n");
	assert_int_equal(store_sessions(w.store), 2);
	store_progress(w.store, &p);
	/* One from before there was a session; one that nothing follows. */
	assert_int_equal(p.unowned_lines, 2);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 8);
	assert_int_equal(f->nlines, 8);
	assert_int_equal(f->lines[3].line, 7);
	assert_int_equal(f->lines[4].line, 9);
	assert_int_equal(f->lines[6].line, 11);
	/* That was TLS of the way onwards, not of the client. */
	assert_false(f->rec.flags & SESSION_TLS);
	assert_null(f->tls.p);
	f = with_session(&w, 2);
	assert_int_equal(f->rec.lines, 4);
	assert_int_equal(f->lines[2].line, 8);
	without_log(&w);
}

/* A client that passes deep tests is told to come again; others pass at once. */
static void
postscreen_and_smtpd(void **state)
{
	struct with_log w = { .store = NULL };
	struct progress p;
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "postscreen[5]: CONNECT from [192.0.2.1]:98 to [192.0.2.5]:25\n"
	    S "postscreen[5]: NOQUEUE: reject: RCPT from [192.0.2.1]:98: 450 "
	    "4.3.2 Service currently unavailable; from=<a@b>, to=<c@d>, "
	    "proto=ESMTP, helo=<h>\n"
	    S "postscreen[5]: PASS NEW [192.0.2.1]:98\n"
	    S "postscreen[5]: DISCONNECT [192.0.2.1]:98\n"
	    S "postscreen[5]: CONNECT from [192.0.2.1]:99 to [192.0.2.5]:25\n"
	    S "postscreen[5]: CONNECT from [192.0.2.2]:97 to [192.0.2.5]:25\n"
	    S "postscreen[5]: ALLOWLISTED [192.0.2.2]:97\n"
	    S "postscreen[5]: PASS OLD [192.0.2.1]:99\n"
	    S "smtpd[8]: connect from b[192.0.2.2]\n"
	    S "smtpd[7]: connect from a[192.0.2.1]\n"
	    S "smtpd[8]: disconnect from b[192.0.2.2] quit=1 commands=1\n"
	    S "smtpd[7]: disconnect from a[192.0.2.1] ehlo=1 mail=1 quit=1 "
	    "commands=3\n");
	assert_int_equal(store_sessions(w.store), 3);
	store_progress(w.store, &p);
	assert_int_equal(p.unowned_lines, 0);
	assert_int_equal(p.open, 0);
	is_outcome(&w, 1, OUTCOME_TEMPORARY);
	is_outcome(&w, 2, OUTCOME_OK);
	is_outcome(&w, 3, OUTCOME_EMPTY);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 4);
	assert_int_equal(f->port, 98);
	f = with_session(&w, 2);
	assert_int_equal(f->rec.lines, 4);
	assert_int_equal(f->port, 99);
	f = with_session(&w, 3);
	assert_int_equal(f->rec.lines, 4);
	assert_int_equal(f->port, 97);
	without_log(&w);
}

/*
 * The queue takes up what bounce and local made before these tell of it: no
 * session of its own.  A probe of an address is one, and so is a message of
 * which nothing was told before.
 */
static void
quick_queue(void **state)
{
	struct with_log w = { .store = NULL };
	struct progress p;
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "smtpd[7]: connect from a[192.0.2.1]\n"
	    S "smtpd[7]: 4104E3D01: client=a[192.0.2.1]\n"
	    S "qmgr[9]: 4104E3D01: from=<a@b>, size=300, nrcpt=1 "
	    "(queue active)\n"
	    S "smtpd[7]: disconnect from a[192.0.2.1] mail=1 commands=1\n"
	    S "cleanup[8]: 4104E3D02: message-id=<1@mx>\n"
	    S "qmgr[9]: 4104E3D02: from=<a@b>, size=400, nrcpt=1 "
	    "(queue active)\n"
	    S "local[5]: 4104E3D01: to=<c@d>, relay=local, delay=1, "
	    "dsn=2.0.0, status=sent (forwarded as 4104E3D02)\n"
	    S "cleanup[8]: 4104E3D03: message-id=<2@mx>\n"
	    S "qmgr[9]: 4104E3D01: removed\n"
	    S "qmgr[9]: 4104E3D03: from=<>, size=500, nrcpt=1 "
	    "(queue active)\n"
	    S "bounce[4]: 4104E3D02: sender non-delivery notification: "
	    "4104E3D03\n"
	    S "cleanup[8]: 4104E3D04: message-id=<3@mx>\n"
	    S "qmgr[9]: 4104E3D04: from=<double-bounce@mx>, size=100, "
	    "nrcpt=1 (queue active)\n"
	    S "qmgr[9]: 4104E3D05: from=<e@f>, size=600, nrcpt=1 "
	    "(queue active)\n"
	    S "smtp[6]: 4104E3D03: to=<a@b>, relay=mx[192.0.2.9]:25, delay=1, "
	    "dsn=2.0.0, status=sent (250 ok)\n");
	assert_int_equal(store_sessions(w.store), 3);
	store_progress(w.store, &p);
	assert_int_equal(p.unowned_lines, 1);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 12);
	assert_int_equal(f->nlines, 12);
	assert_int_equal(f->nmessages, 3);
	assert_int_equal(f->messages[1].size, 400);
	assert_int_equal(f->messages[2].size, 500);
	assert_int_equal(f->messages[2].recipients, 1);
	without_log(&w);
}

/* The lines of a reply are joined by blanks, and repeat the codes. */
static void
folded_replies(void **state)
{
	struct with_log w = { .store = NULL };
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "smtpd[7]: connect from a[192.0.2.1]\n"
	    S "smtpd[7]: 4104E3D01: client=a[192.0.2.1]\n"
	    S "smtp[6]: 4104E3D01: to=<c@d>, relay=mx[192.0.2.9]:25, delay=1, "
	    "dsn=5.1.1, status=bounced (host mx[192.0.2.9] said: 550-5.1.1 "
	    "There is no such account. 550-5.1.1 See 550 5.1.1  "
	    "https://e.example 550 5.1.1 (in reply to RCPT TO command))\n"
	    S "smtp[6]: 4104E3D01: to=<e@d>, relay=mx[192.0.2.9]:25, delay=1, "
	    "dsn=5.1.1, status=bounced (host mx[192.0.2.9] said: 550 5.1.1 "
	    "next said: 550 5.1.1 no (in reply to RCPT TO command))\n");
	f = with_session(&w, 1);
	assert_int_equal(f->nrecipients, 2);
	assert_true(slice_eq(f->recipients[0].text,
	    SLICE("There is no such account. See https://e.example")));
	assert_true(slice_eq(f->recipients[1].text,
	    SLICE("next said: 550 5.1.1 no")));
	without_log(&w);
}

/* Local mail has no other connection than the one onwards. */
static void
tls_of_local_mail(void **state)
{
	struct with_log w = { .store = NULL };
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "pickup[3]: 4104E3D01: uid=0 from=<root>\n"
	    S "cleanup[8]: 4104E3D01: message-id=<1@mx>\n"
	    S "smtp[6]: Trusted TLS connection established to "
	    "mx[192.0.2.9]:25: TLSv1.3 with cipher X (256/256 bits)\n"
	    S "smtp[6]: 4104E3D01: to=<c@d>, relay=mx[192.0.2.9]:25, delay=1, "
	    "dsn=2.0.0, status=sent (250 2.0.0 ok)\n");
	assert_int_equal(store_sessions(w.store), 1);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 4);
	assert_true(f->rec.flags & SESSION_TLS);
	assert_true(slice_eq(f->tls, SLICE("TLSv1.3 X")));
	without_log(&w);
}

/* What was not done at the end is told by how the connection ended. */
static void
endings(void **state)
{
	struct with_log w = { .store = NULL };

	(void)state;
	with_log(&w, "mail.log",
	    S "smtpd[1]: connect from a[192.0.2.1]\n"
	    S "smtpd[1]: 4104E3D01: client=a[192.0.2.1]\n"
	    S "smtpd[1]: lost connection after DATA (9 bytes) from "
	    "a[192.0.2.1]\n"
	    S "smtpd[1]: disconnect from a[192.0.2.1] mail=1 rcpt=1 data=0/1 "
	    "commands=2/3\n"
	    S "smtpd[2]: connect from a[192.0.2.1]\n"
	    S "smtpd[2]: disconnect from a[192.0.2.1] mail=0/1 quit=1 "
	    "commands=1/2\n"
	    S "smtpd[3]: connect from a[192.0.2.1]\n"
	    S "smtpd[3]: SSL_accept error from a[192.0.2.1]: -1\n"
	    S "smtpd[3]: lost connection after STARTTLS from a[192.0.2.1]\n"
	    S "smtpd[3]: disconnect from a[192.0.2.1] ehlo=1 starttls=0/1 "
	    "commands=1/2\n"
	    S "smtpd[4]: connect from a[192.0.2.1]\n"
	    S "smtpd[4]: lost connection after AUTH from a[192.0.2.1]\n"
	    S "smtpd[4]: disconnect from a[192.0.2.1] ehlo=1 auth=0/1 "
	    "commands=1/2\n"
	    S "smtpd[5]: connect from unknown[unknown]\n"
	    S "smtpd[5]: lost connection after CONNECT from unknown[unknown]\n"
	    S "smtpd[5]: disconnect from unknown[unknown] commands=0/0\n"
	    S "smtpd[6]: connect from a[192.0.2.1]\n");
	assert_int_equal(store_sessions(w.store), 6);
	is_outcome(&w, 1, OUTCOME_DROPPED);
	is_outcome(&w, 2, OUTCOME_REFUSED);
	is_outcome(&w, 3, OUTCOME_EMPTY);
	is_outcome(&w, 4, OUTCOME_DROPPED);
	is_outcome(&w, 5, OUTCOME_EMPTY);
	is_outcome(&w, 6, OUTCOME_OPEN);
	assert_null(with_session(&w, 5)->peer.p);
	without_log(&w);
}

/* The dialogue counts, and what the log says of it beside it does not. */
static void
dialogue_among_internals(void **state)
{
	struct with_log w = { .store = NULL };
	const struct facts *f;

	(void)state;
	with_log(&w, "mail.log",
	    S "smtpd[1]: connection established\n"
	    S "smtpd[1]: connect from a[192.0.2.1]\n"
	    S "smtpd[1]: > a[192.0.2.1]: 220 mx ESMTP Postfix\n"
	    S "smtpd[1]: watchdog_pat: 0x1\n"
	    S "smtpd[1]: < a[192.0.2.1]: EHLO h\n"
	    S "smtpd[1]: > a[192.0.2.1]: 250-mx\n"
	    S "smtpd[1]: match_list_match: a: no match\n"
	    S "smtpd[1]: > a[192.0.2.1]: 250 DSN\n"
	    S "smtpd[1]: < a[192.0.2.1]: MAIL FROM:<a@b>\n"
	    S "smtpd[1]: > a[192.0.2.1]: 250 2.1.0 Ok\n"
	    S "smtpd[1]: < a[192.0.2.1]: RCPT TO:<c@d>\n"
	    S "smtpd[1]: >>> START Recipient address RESTRICTIONS <<<\n"
	    S "smtpd[1]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 550 5.1.1 "
	    "<c@d>: no; from=<a@b> to=<c@d> proto=ESMTP helo=<h>\n"
	    S "smtpd[1]: > a[192.0.2.1]: 550 5.1.1 <c@d>: no\n"
	    S "smtpd[1]: lost connection after RCPT from a[192.0.2.1]\n"
	    S "smtpd[1]: disconnect from a[192.0.2.1] ehlo=1 mail=1 rcpt=0/1 "
	    "commands=2/3\n"
	    S "smtp[2]: < mx[192.0.2.9]:25: 220 ready\n"
	    S "smtp[2]: > mx[192.0.2.9]:25: EHLO mx\n"
	    S "smtp[2]: < mx[192.0.2.9]:25: 250 STARTTLS\n"
	    S "smtp[2]: > mx[192.0.2.9]:25: STARTTLS\n"
	    S "smtp[2]: < mx[192.0.2.9]:25: 220 go ahead\n"
	    S "smtp[2]: > mx[192.0.2.9]:25: QUIT\n"
	    S "smtp[2]: < mx[192.0.2.9]:25: 220 ready again\n");
	assert_int_equal(store_sessions(w.store), 3);
	f = with_session(&w, 1);
	assert_int_equal(f->rec.lines, 15);
	assert_int_equal(f->nreplies, 4);
	assert_int_equal(f->commands, 3);
	assert_int_equal(f->nmessages, 1);
	assert_int_equal(f->messages[0].recipients, 1);
	assert_int_equal(f->recipients[0].code, 550);
	assert_true(slice_eq(f->failed_command, SLICE("RCPT TO:<c@d>")));
	assert_int_equal(f->lines[2].role, ROLE_TRACE);
	f = with_session(&w, 2);
	assert_int_equal(f->rec.lines, 6);
	assert_true(f->rec.flags & SESSION_OUT);
	assert_true(f->rec.flags & SESSION_TLS);
	assert_int_equal(f->port, 25);
	without_log(&w);
}

/* Two instances, the same process id: two sessions; lines of none. */
static void
keys(void **state)
{
	struct with_log w = { .store = NULL };
	struct progress p;

	(void)state;
	with_log(&w, "mail.log",
	    S "smtpd[1]: connect from a[192.0.2.1]\n"
	    S "submission/smtpd[1]: connect from a[192.0.2.1]\n"
	    "Mar 11 19:38:21 other postfix/smtpd[1]: connect from "
	    "a[192.0.2.1]\n"
	    S "anvil[3]: statistics: max cache size 1 at Mar 11 19:38:21\n"
	    "Mar 11 19:38:21 mx dovecot: imap-login: Login\n"
	    "\n"
	    S "postscreen[5]: CONNECT from [192.0.2.1]:9 to [192.0.2.5]:25\n"
	    S "postscreen[5]: HANGUP after 0.1 from [192.0.2.1]:9 in tests "
	    "before SMTP handshake\n"
	    S "postscreen[5]: DISCONNECT [192.0.2.1]:9\n"
	    S "smtpd[9]: warning: dict_nis_init: NIS domain name not set\n");
	assert_int_equal(store_sessions(w.store), 4);
	store_progress(w.store, &p);
	assert_int_equal(p.unowned_lines, 3);
	is_outcome(&w, 4, OUTCOME_EMPTY);
	without_log(&w);
}

static void
detection(void **state)
{
	static const char plain[] =
	    S "smtpd[1]: connect from a[192.0.2.1]\n"
	    "Mar 11 19:38:21 mx dovecot: imap-login: Login\n";
	static const char spoken[] =
	    S "smtpd[1]: connect from a[192.0.2.1]\n"
	    S "smtpd[1]: > a[192.0.2.1]: 220 mx\n";
	static const char none[] =
	    "Mar 11 19:38:21 mx dovecot: imap-login: Login\n"
	    "Mar 11 19:38:21 mx sendmail[1]: 4104E3D01: from=<a>\n";
	struct format_hint hint = { .written = CLOCK_NONE };
	struct format_state st = { 0 };
	struct format_traits t = { false, false };

	(void)state;
	assert_ptr_equal(format_detect(SLICE(plain), &hint, &st, &t, NULL),
	    &format_postfix);
	assert_ptr_equal(format_detect(SLICE(spoken), &hint, &st, &t, NULL),
	    &format_postfix_verbose);
	assert_int_equal(format_postfix.probe(&format_postfix, SLICE(none),
	    &hint, &st, &t, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections),
		cmocka_unit_test(not_amid_a_transaction),
		cmocka_unit_test(refusals),
		cmocka_unit_test(deliveries),
		cmocka_unit_test(forged),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(a_message_and_its_session),
		cmocka_unit_test(two_transactions),
		cmocka_unit_test(one_session_of_many_programs),
		cmocka_unit_test(dialogue_of_the_client),
		cmocka_unit_test(lines_before_their_message),
		cmocka_unit_test(postscreen_and_smtpd),
		cmocka_unit_test(quick_queue),
		cmocka_unit_test(folded_replies),
		cmocka_unit_test(tls_of_local_mail),
		cmocka_unit_test(endings),
		cmocka_unit_test(dialogue_among_internals),
		cmocka_unit_test(keys),
		cmocka_unit_test(detection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
