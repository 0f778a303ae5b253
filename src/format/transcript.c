/*
 * Transcripts: what people paste when they ask for help.  Tools and libraries
 * print the dialogue in ways of their own; each is a dialect (dialect.h), and
 * one file may hold several.
 *
 * A line without any mark belongs to the entry before it, unless the head of
 * the file says that its tool marks nothing: then what looks like a reply or
 * begins with a verb is one, and the dialogue finds out who said it.
 */
#include "config.h"

#include "format/transcript.h"

#include <string.h>

#include "format/dialect.h"
#include "format/digits.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

_Static_assert(sizeof(struct transcript_state) <= FORMAT_STATE_MAX,
    "state fits");

/* Tried in this order: the first that knows a line has it. */
const struct dialect dialects[] = {
	{ "nodemailer", dialect_nodemailer },
	{ "PHPMailer", dialect_phpmailer },
	{ "smtplib", dialect_smtplib },
	{ "aiosmtpd", dialect_aiosmtpd },
	{ "go-mail", dialect_gomail },
	{ "JavaMail", dialect_javamail },
	{ "C: and S:", dialect_roles },
	{ "msmtp", dialect_msmtp },
	{ "sendmail -v", dialect_sendmail },
	{ "swaks", dialect_swaks },
	{ "Apple Mail", dialect_apple },
	{ "curl", dialect_curl },
	{ "telnet", dialect_telnet },
	{ NULL, NULL }
};

/* --- for the dialects ------------------------------------------------------- */

bool
dialect_skip(struct slice *s, const char *head)
{
	struct slice h = slice_of(head);

	if (!slice_starts(*s, h))
		return false;
	*s = slice_from(*s, h.n);
	return true;
}

bool
dialect_is_talk(struct slice s)
{
	struct slice args;
	struct reply r;

	if (reply_parse(s, &r))
		return true;
	switch (verb_parse(s, &args)) {
	case VERB_NONE:
	case VERB_UNKNOWN:
	case VERB_CONNECT:
		return false;
	case VERB_HELO:
	case VERB_EHLO:
	case VERB_LHLO:
	case VERB_AUTH:
	case VERB_VRFY:
	case VERB_EXPN:
	case VERB_ETRN:
	case VERB_BDAT:
		return true;
	default:
		/* Words of a sentence may be verbs by chance. */
		return args.n == 0 || s.p[0] <= 'Z' ||
		    slice_find_char(s, ':') > 0;
	}
}

static void
own(struct event *ev)
{
	if (!ev->key)
		ev->key = ONE_AT_A_TIME;
	if (ev->side == SIDE_UNKNOWN)
		ev->side = SIDE_CLIENT;
}

bool
dialect_line(struct event *ev, enum event_dir dir, struct slice text)
{
	own(ev);
	ev->kind = EVENT_LINE;
	ev->dir = dir;
	ev->text = text;
	return true;
}

bool
dialect_note(struct event *ev, enum event_kind kind, struct slice text)
{
	own(ev);
	ev->kind = kind;
	ev->text = text;
	return true;
}

/* What stands in a date between numbers. */
static bool
is_mark(char c)
{
	return c == '-' || c == '/' || c == 'T' || c == ' ';
}

/* 10:00:00 at p */
static bool
read_clock(const char *p, struct civil *c)
{
	unsigned hour = digit_pair(p), minute = digit_pair(p + 3);
	unsigned second = digit_pair(p + 6);

	c->hour = (int)hour;
	c->minute = (int)minute;
	c->second = (int)second;
	return p[2] == ':' && p[5] == ':' && hour <= 99 && minute <= 99 &&
	    second <= 99;
}

/* 2026-11-25 10:00:00 */
static bool
read_stamp(struct slice s, struct civil *c)
{
	unsigned high, low, month, day;

	if (s.n < 19 || !is_mark(s.p[4]) || !is_mark(s.p[7]) ||
	    !is_mark(s.p[10]) || !read_clock(s.p + 11, c))
		return false;
	high = digit_pair(s.p);
	low = digit_pair(s.p + 2);
	month = digit_pair(s.p + 5);
	day = digit_pair(s.p + 8);
	c->year = (int)(high * 100 + low);
	c->month = (int)month;
	c->day = (int)day;
	return high <= 99 && low <= 99 && month <= 99 && day <= 99;
}

/* What is left of a stamp behind its seconds: a fraction, a zone. */
static size_t
fraction(struct slice s, size_t at, int *ms)
{
	int scale = 100;

	if (at >= s.n || (s.p[at] != '.' && s.p[at] != ','))
		return at;
	for (at++; at < s.n && ascii_is_digit((unsigned char)s.p[at]); at++) {
		*ms += (s.p[at] - '0') * scale;
		scale /= 10;
	}
	return at;
}

bool
dialect_stamp(struct slice *s, int64_t *time)
{
	struct civil c = { 0 };
	size_t at = 19;

	if (s->n >= 8 && read_clock(s->p, &c)) {
		at = fraction(*s, 8, &c.ms);
		*s = slice_trim(slice_from(*s, at));
		return true;
	}
	if (!read_stamp(*s, &c))
		return false;
	at = fraction(*s, at, &c.ms);
	if (!civil_is_valid(&c))
		return false;
	*time = clock_from_civil(&c);
	if (at < s->n && s->p[at] == 'Z')
		at++;
	*s = slice_from(*s, at);
	while (s->n && ascii_is_blank((unsigned char)s->p[0]))
		*s = slice_from(*s, 1);
	return true;
}

/* --- one line ---------------------------------------------------------------- */

/* Tried on a line: the dialect, or NULL. */
static const struct dialect *
try_all(struct slice line, struct transcript_state *ts, struct event *ev)
{
	for (const struct dialect *d = dialects; d->name; d++) {
		event_clear(ev);
		if (d->take(line, ts, ev))
			return d;
	}
	return NULL;
}

static void
bare_line(struct slice line, const struct transcript_state *ts,
    struct event *ev)
{
	struct reply r;
	bool talk = (ts->bare == BARE_TALK && dialect_is_talk(line)) ||
	    (ts->bare == BARE_REPLIES && reply_parse(line, &r));

	event_clear(ev);
	ev->key = ONE_AT_A_TIME;
	ev->text = line;
	ev->kind = EVENT_MORE;
	ev->flags = EVENT_JOINS;
	if (talk || (line.n && (ts->bare == BARE_IN || ts->bare == BARE_OUT))) {
		ev->flags = 0;
		ev->kind = EVENT_LINE;
		ev->side = SIDE_CLIENT;
		ev->dir = ts->bare == BARE_IN || ts->bare == BARE_REPLIES ?
		    DIR_IN :
		    ts->bare == BARE_OUT ? DIR_OUT : DIR_NONE;
	}
}

static size_t
transcript_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev)
{
	struct transcript_state ts;

	(void)fm;
	memcpy(&ts, st->bytes, sizeof ts);
	if (line.n == 0) {
		event_clear(ev);
		ev->kind = ts.bare == BARE_REST ? EVENT_META : EVENT_MORE;
		ev->key = ONE_AT_A_TIME;
		ev->flags = EVENT_JOINS;
		return 0;
	}
	if (!try_all(line, &ts, ev))
		bare_line(line, &ts, ev);
	/* Some say nothing of connections: then the greeting begins one. */
	if (ev->kind == EVENT_LINE && (slice_starts(ev->text, SLICE("220 ")) ||
	    slice_starts(ev->text, SLICE("220-"))))
		ev->flags |= EVENT_BEGINS;
	memcpy(st->bytes, &ts, sizeof ts);
	return line.n;
}

/* --- the format ---------------------------------------------------------------- */

struct tally {
	const struct dialect *most;
	unsigned lines, known, replies, commands, greetings;
	unsigned bare_replies, bare_commands, openers;
};

static void
tally_line(struct tally *t, struct slice line, struct transcript_state *ts)
{
	struct event ev;
	struct reply r;
	const struct dialect *d = try_all(line, ts, &ev);
	struct slice text = d ? ev.text : line;
	bool reply = reply_parse(text, &r);
	bool command = !reply && verb_parse(text, NULL) > VERB_CONNECT;

	t->lines++;
	if (d && ev.kind == EVENT_LINE) {
		t->known++;
		t->replies += reply;
		t->commands += command;
		t->most = t->most ? t->most : d;
	} else if (d) {
		t->known++;
		t->openers += ev.kind == EVENT_OPEN ||
		    ev.kind == EVENT_ATTEMPT;
		if (d->take == dialect_javamail)
			t->most = d;
	} else {
		t->bare_replies += reply;
		t->bare_commands += command && dialect_is_talk(line);
	}
	t->greetings += reply && r.code == 220;
}

static int
transcript_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct transcript_state ts = { .bare = BARE_TALK };
	struct tally t = { 0 };
	struct slice line;

	(void)fm;
	(void)hint;
	(void)traits;
	while (t.lines < 400 && slice_cut(&head, '\n', &line)) {
		line = slice_trim(line).n ? line : SLICE("");
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n)
			tally_line(&t, line, &ts);
	}
	/* Marks make bare lines text; without any they are the dialogue. */
	ts.bare = t.bare_replies > 1 && t.bare_replies >= t.replies ?
	    BARE_TALK : BARE_REST;
	if (t.most && t.most->take == dialect_sendmail)
		ts.bare = BARE_REPLIES;
	memcpy(st->bytes, &ts, sizeof ts);
	err_set(why, "%u of %u lines are marked as %s does, %u are bare "
	    "replies or commands", t.known, t.lines,
	    t.most ? t.most->name : "no tool",
	    t.bare_replies + t.bare_commands);
	if (t.replies + t.bare_replies == 0 ||
	    t.commands + t.bare_commands + t.openers == 0)
		return 0;
	if (t.replies && t.commands && (t.replies > 1 || t.greetings))
		return 75;
	if (t.replies > 1 || (t.commands > 1 && t.bare_replies > 1))
		return 55;
	return t.bare_replies > 2 && t.bare_commands > 1 ? 50 : 0;
}

static const struct format_sample transcript_samples[] = {
	{ "=== Trying mx.example.org:25...", EVENT_ATTEMPT, DIR_NONE, NULL },
	{ "<-  220 mx.example.org ESMTP", EVENT_LINE, DIR_IN,
	    "220 mx.example.org ESMTP" },
	{ " -> EHLO host.example.com", EVENT_LINE, DIR_OUT,
	    "EHLO host.example.com" },
	{ "<** 550 no", EVENT_LINE, DIR_IN, "550 no" },
	{ "< 250 SMTPUTF8", EVENT_LINE, DIR_IN, "250 SMTPUTF8" },
	{ "> MAIL FROM:<ann@example.com>", EVENT_LINE, DIR_OUT,
	    "MAIL FROM:<ann@example.com>" },
	{ "* Connected to localhost (127.0.0.1) port 25", EVENT_OPEN, DIR_NONE,
	    NULL },
	{ "<-- 220 ready", EVENT_LINE, DIR_IN, "220 ready" },
	{ "2017-04-24 13:07:50\tCLIENT -> SERVER: EHLO example.com",
	    EVENT_LINE, DIR_OUT, "EHLO example.com" },
	{ "S: 250 ok", EVENT_LINE, DIR_IN, "250 ok" },
	{ "[2026-11-25 10:00:00] DEBUG [#ab12] C: QUIT", EVENT_LINE, DIR_IN,
	    "QUIT" },
	{ "2026-11-25 10:00:00,123 DEBUG mail.log: ('127.0.0.1', 40000) << "
	    "b'250 it\\'s ok'", EVENT_LINE, DIR_OUT, "250 it's ok" },
	{ "send: 'mail FROM:<ann@example.com>\\r\\n'", EVENT_LINE, DIR_OUT,
	    "mail FROM:<ann@example.com>" },
	{ "reply: b'250 2.1.0 Ok\\r\\n'", EVENT_LINE, DIR_IN,
	    "250 2.1.0 Ok" },
	{ "2026/07/19 18:01:50 DEBUG: C --> S: EHLO x", EVENT_LINE, DIR_OUT,
	    "EHLO x" },
	{ "DEBUG SMTP: trying to connect to host \"192.0.2.1\", port 25, isSSL "
	    "false", EVENT_ATTEMPT, DIR_NONE, NULL },
	{ "words of nobody", EVENT_MORE, DIR_NONE, "words of nobody" },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_transcript = {
	.name = "transcript",
	.title = "transcripts of clients and libraries",
	.origin = "swaks, curl, openssl, PHPMailer, JavaMail, nodemailer, smtplib "
	    "and others",
	.traits = { .times_are_utc = false, .times_have_ms = false },
	.one_at_a_time = false,
	.bodies_logged = true,
	.sent_bodies_logged = true,
	.probe = transcript_probe,
	.scan = transcript_scan,
	.samples = transcript_samples,
};
