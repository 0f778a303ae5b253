/*
 * OpenSMTPD: what smtpd writes, by syslog or on standard error (-d).
 *
 *   smtpd[77]: ID smtp failed-command command="RCPT TO:<x>" result="550 ..."
 *   smtpd[57]: smtp-in: New session ID from host NAME [ADDRESS]    (to 5.x)
 *   smtp: 0x557f067be290: <<< EHLO client.example.org              (traces)
 *
 * A session has 16 digits.  Its envelopes carry deliveries into it.  Traces
 * have a pointer instead, which is used again by later sessions; the line that
 * ties it to the digits comes when it is connected.  Message text stands in
 * traces without either: nobody can tell whose it is.
 */
#include "config.h"

#include "format/opensmtpd.h"

#include "format/opensmtpd_tell.h"

_Static_assert(sizeof(struct osmtpd_state) <= FORMAT_STATE_MAX, "state fits");

/* --- deliveries ---------------------------------------------------------------- */

static void
scan_delivery(const struct osmtpd_line *l, struct event *ev)
{
	struct slice result = osmtpd_value(l->pairs, "result"), stat;

	ev->key = osmtpd_key(osmtpd_value(l->pairs, "evpid"), OSMTPD_ENVELOPE);
	if (l->subject.p[1] == 't') {    /* mta: the connection it went by */
		ev->also = osmtpd_key(l->id, OSMTPD_SESSION);
		ev->flags |= EVENT_ALSO;
	}
	if (!slice_eq(result, SLICE("TempFail")))
		ev->flags |= EVENT_UNLINK;
	/* It stands behind the result, where that is told. */
	stat = osmtpd_last(result.p ? slice_from(l->pairs, (size_t)(result.p -
	    l->pairs.p) + result.n) : l->pairs, "stat");
	osmtpd_tell_delivery(result, stat, ev);
}

/* --- smtp, mta ------------------------------------------------------------------ */

static void
scan_end(struct slice reason, struct event *ev)
{
	ev->kind = EVENT_CLOSE;
	if (slice_starts(reason, SLICE("quit")))
		return;
	ev->flags |= EVENT_LOST;
	if (slice_starts(reason, SLICE("disconnect")) ||
	    slice_starts(reason, SLICE("io-error")))
		ev->flags |= EVENT_REMOTE;
	if (slice_starts(reason, SLICE("timeout")))
		ev->says = SAYS_LOST | SAYS_ECHO;
}

static void
scan_refused(const struct osmtpd_line *l, struct event *ev)
{
	struct slice result, command = osmtpd_command(l->pairs, &result);
	enum smtp_verb verb = verb_parse(command, NULL);

	osmtpd_report(ev, 0, command.n ? verb : VERB_NONE);
	osmtpd_tell_reply(result, ev);
	/* Nobody is refused where it was no RCPT, or none in this place. */
	if (verb == VERB_RCPT && osmtpd_asked(command).p &&
	    (ev->code < 500 || ev->code > 504) && ev->code != 555)
		ev->says |= SAYS_TO;
	if (!ev->code)
		ev->says |= SAYS_REFUSED;
}

static void
scan_user(struct slice pairs, struct event *ev)
{
	struct slice result = osmtpd_value(pairs, "result");

	if (slice_eq(result, SLICE("ok")))
		osmtpd_report(ev, SAYS_USER, VERB_AUTH);
	else
		osmtpd_report(ev, 0, VERB_AUTH);
	ev->code = slice_eq(result, SLICE("ok")) ? 0 :
	    slice_eq(result, SLICE("tempfail")) ? 4 : 5;
}

/* What both the sending and the receiving side tell alike; true if so. */
static bool
scan_either(const struct osmtpd_line *l, struct event *ev)
{
	if (slice_eq(l->event, SLICE("disconnected")))
		scan_end(osmtpd_value(l->pairs, "reason"), ev);
	else if (slice_eq(l->event, SLICE("tls")) ||
	    slice_eq(l->event, SLICE("starttls")))
		osmtpd_report(ev, SAYS_TLS, VERB_NONE);
	else
		return false;
	return true;
}

static void
scan_smtp(const struct osmtpd_line *l, struct event *ev)
{
	struct slice e = l->event;

	ev->side = SIDE_SERVER;
	if (slice_eq(e, SLICE("connected"))) {
		ev->kind = EVENT_OPEN;
		ev->peer = osmtpd_value(l->pairs, "address");
	} else if (slice_eq(e, SLICE("failed-command"))) {
		scan_refused(l, ev);
	} else if (slice_eq(e, SLICE("bad-input"))) {
		osmtpd_report(ev, 0, VERB_NONE);
		osmtpd_tell_reply(osmtpd_value(l->pairs, "result"), ev);
	} else if (slice_eq(e, SLICE("message"))) {
		osmtpd_report(ev, SAYS_MESSAGE | SAYS_TRANSACTION | SAYS_DONE,
		    VERB_DATA);
		ev->code = 250;
	} else if (slice_eq(e, SLICE("envelope"))) {
		osmtpd_report(ev, SAYS_SENDER | SAYS_TO, VERB_RCPT);
		ev->code = 250;
		ev->flags |= EVENT_LINK;
		ev->link = osmtpd_key(osmtpd_value(l->pairs, "evpid"),
		    OSMTPD_ENVELOPE);
	} else if (slice_eq(e, SLICE("authentication"))) {
		scan_user(l->pairs, ev);
	} else {
		scan_either(l, ev);
	}
}

static void
scan_mta(const struct osmtpd_line *l, struct event *ev)
{
	struct slice e = l->event;

	ev->side = SIDE_CLIENT;
	if (slice_eq(e, SLICE("connecting"))) {
		ev->kind = EVENT_ATTEMPT;
		ev->peer = osmtpd_host(osmtpd_value(l->pairs, "address"));
	} else if (slice_eq(e, SLICE("connected"))) {
		ev->kind = EVENT_OPEN;
	} else if (slice_eq(e, SLICE("error"))) {
		osmtpd_tell_error(osmtpd_last(l->pairs, "reason"), ev);
		return;
	} else if (!scan_either(l, ev) && slice_eq(e, SLICE("closing"))) {
		ev->kind = EVENT_NOTE;
	}
	if (ev->kind == EVENT_CLOSE) {
		struct slice n = osmtpd_value(l->pairs, "messages");

		if (n.n && !slice_eq(n, SLICE("0")))
			ev->says |= SAYS_TRANSACTION | SAYS_DONE;
	}
}

static void
scan_session(struct osmtpd_state *os, const struct osmtpd_line *l,
    struct event *ev)
{
	bool mta = l->subject.p[1] == 't';

	ev->kind = EVENT_NOTE;
	ev->id = l->id;
	if (slice_eq(l->event, SLICE("delivery"))) {
		scan_delivery(l, ev);
		return;
	}
	ev->key = osmtpd_key(l->id, OSMTPD_SESSION);
	if (l->subject.p[1] == 'd') {    /* mda */
		ev->flags |= EVENT_JOINS;
		return;
	}
	if (mta)
		scan_mta(l, ev);
	else
		scan_smtp(l, ev);
	if (ev->kind == EVENT_OPEN || ev->kind == EVENT_ATTEMPT)
		osmtpd_tie(os, mta, ev);
	else if (ev->kind == EVENT_CLOSE)
		ev->flags |= EVENT_JOINS;
}

/* --- traces -------------------------------------------------------------------- */

static bool
scan_trace(struct osmtpd_state *os, struct slice text, struct event *ev)
{
	struct slice subject, pointer, words;
	bool mta;

	if (!osmtpd_cut_trace(text, &subject, &pointer, &words))
		return false;
	mta = subject.p[0] == 'm';
	ev->kind = EVENT_TRACE;
	ev->flags |= EVENT_JOINS;
	ev->id = pointer;
	ev->key = osmtpd_key(pointer, OSMTPD_POINTER);
	ev->side = mta ? SIDE_CLIENT : SIDE_SERVER;
	if (slice_starts(words, SLICE("<<< ")) ||
	    slice_starts(words, SLICE(">>> "))) {
		ev->text = slice_from(words, 4);
		if (slice_starts(ev->text, SLICE("[...")))
			return true;     /* message text, not shown */
		ev->kind = EVENT_LINE;
		ev->dir = words.p[0] == '<' ? DIR_IN : DIR_OUT;
		ev->flags &= (uint16_t)~EVENT_JOINS;
		return true;
	}
	if (slice_starts(words, SLICE("connected to listener ")) ||
	    slice_eq(words, SLICE("MTA_INIT -> MTA_INIT"))) {
		ev->kind = mta ? EVENT_ATTEMPT : EVENT_OPEN;
		ev->flags &= (uint16_t)~EVENT_JOINS;
	} else if (slice_starts(words, SLICE("disconnected"))) {
		ev->kind = EVENT_CLOSE;
	}
	if (slice_eq(words, SLICE("STATE_NEW -> STATE_CONNECTED")) ||
	    slice_eq(words, SLICE("MTA_INIT -> MTA_INIT"))) {
		os->fresh[mta] = ev->key;
		ev->flags |= EVENT_STATE;
	}
	return true;
}

/* --- the format ------------------------------------------------------------------ */

/* What smtpd says in the line; false when another program wrote it. */
static bool
cut_frame(struct osmtpd_state *os, struct slice line, struct syslog_line *sl)
{
	if (!syslog_cut(&os->syslog, line, sl)) {
		*sl = (struct syslog_line){ .time = CLOCK_NONE, .text = line,
		    .body = line };
		return true;
	}
	return slice_eq(sl->program, SLICE("smtpd")) ||
	    slice_eq(sl->program, SLICE("opensmtpd"));
}

static size_t
osmtpd_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev)
{
	struct osmtpd_state *os = (void *)st->bytes;
	struct syslog_line sl;
	struct osmtpd_line l;
	bool good;

	(void)fm;
	event_clear(ev);
	if (line.n == 0) {
		ev->kind = EVENT_META;
		return 0;
	}
	good = cut_frame(os, line, &sl);
	ev->time = sl.time;
	ev->text = sl.text;
	if (sl.new_year)
		ev->flags |= EVENT_STATE;
	if (!good)
		return line.n;
	if (osmtpd_cut(sl.text, &l))
		scan_session(os, &l, ev);
	else if (!scan_trace(os, sl.text, ev))
		osmtpd_scan_old(os, sl.text, ev);
	if (memchr(line.p, '\\', line.n))
		ev->flags |= EVENT_VIS;
	return line.n;
}

static void
osmtpd_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct osmtpd_state os;
	struct syslog_line sl;
	struct osmtpd_line l;

	(void)fm;
	memcpy(&os, st->bytes, sizeof os);
	if (!cut_frame(&os, line, &sl))
		return;
	if (osmtpd_cut(sl.text, &l))
		osmtpd_detail_event(&l, ev, d);
	else if (slice_starts(sl.text, SLICE("smtp-")) ||
	    slice_starts(sl.text, SLICE("relay: ")) ||
	    slice_starts(sl.text, SLICE("delivery: ")))
		osmtpd_detail_old(sl.text, ev, d);
}

#define PROBE_LINES 300

static int
osmtpd_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct osmtpd_state *os = (void *)st->bytes;
	struct format_state seen = { .bytes = { 0 } };
	unsigned lines = 0, good = 0;
	struct slice line, rest = head;

	syslog_begin(&os->syslog, head, hint, traits);
	while (lines < PROBE_LINES && slice_cut(&rest, '\n', &line)) {
		struct event ev;

		if (line.n == 0 || line.p[0] == '\r')
			continue;
		lines++;
		osmtpd_scan(fm, &seen, line, &ev);
		good += ev.kind != EVENT_FOREIGN;
	}
	err_set(why, "%u of %u lines are of sessions of OpenSMTPD", good,
	    lines);
	/* At the start of a trace, and in a mixed log, they are few. */
	return good ? 60 + (int)(good * 36 / lines) : 0;
}

#define STAMP "Nov 26 10:00:00 mx smtpd[77]: "
#define ID "e0a577e66fc6bcb1 "

static const struct format_sample osmtpd_samples[] = {
	{ STAMP ID "smtp connected address=192.0.2.7 host=<unknown>",
	    EVENT_OPEN, DIR_NONE, NULL },
	{ STAMP ID "smtp failed-command command=\"RCPT TO:<x@example.org>\" "
	    "result=\"550 Invalid recipient\"", EVENT_REPORT, DIR_NONE, NULL },
	{ STAMP ID "smtp disconnected reason=quit", EVENT_CLOSE, DIR_NONE,
	    NULL },
	{ STAMP "smtp-in: New session d830f18d84794c84 from host mx.example.org "
	    "[192.0.2.7]", EVENT_OPEN, DIR_NONE, NULL },
	{ "smtp: 0x557f067be290: <<< QUIT", EVENT_LINE, DIR_IN, "QUIT" },
	{ "mta: 0xea6710: <<< 554 no", EVENT_LINE, DIR_IN, "554 no" },
	{ "smtp: 0x557f067be290: STATE_NEW -> STATE_CONNECTED", EVENT_TRACE,
	    DIR_NONE, NULL },
	{ "<<< [MSG] smtp: 0x557f067be290: >>> 550 text", EVENT_FOREIGN,
	    DIR_NONE, NULL },
	{ "debug: queue: done loading queue into scheduler", EVENT_FOREIGN,
	    DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_opensmtpd = {
	.name = "opensmtpd",
	.title = "log and traces of OpenSMTPD",
	.origin = "OpenSMTPD 5 to 7",
	.lingers = true,
	.probe = osmtpd_probe,
	.scan = osmtpd_scan,
	.detail = osmtpd_detail,
	.samples = osmtpd_samples,
};
