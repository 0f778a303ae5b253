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

#include "format/opensmtpd_line.h"
#include "format/syslog.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

struct osmtpd_state {
	struct syslog_state syslog;      /* first: by its contract */
	uint64_t fresh[2];               /* keys of the pointers, of smtp and
	                                    mta, that have no digits yet */
};
_Static_assert(sizeof(struct osmtpd_state) <= FORMAT_STATE_MAX, "state fits");

enum seed { SEED_SESSION = 31, SEED_POINTER, SEED_ENVELOPE };

static uint64_t
key_of(struct slice s, uint64_t seed)
{
	return slice_hash(s, seed) | 1;
}

/* The code of a reply, or 0. */
static void
tell_reply(struct slice s, struct event *ev)
{
	struct reply r;

	if (!reply_parse(s, &r))
		return;
	ev->code = r.code;
	ev->enhanced = r.enhanced;
}

static void
report(struct event *ev, unsigned says, enum smtp_verb verb)
{
	ev->kind = EVENT_REPORT;
	ev->says = (uint16_t)(says | SAYS_ECHO);
	ev->verb = (uint8_t)verb;
}

/* --- deliveries ---------------------------------------------------------------- */

/* "Ok", "TempFail", "PermFail", and the reply of the other host. */
static void
tell_delivery(struct slice result, struct slice stat, struct event *ev)
{
	/* No matter of this session's dialogue. */
	ev->kind = EVENT_REPORT;
	ev->says = SAYS_TO;
	ev->flags |= EVENT_LATER;
	tell_reply(stat, ev);
	if (ev->code)
		return;
	if (slice_starts(stat, SLICE("Error ")))
		tell_reply(slice_from(stat, 6), ev);
	/* Delivered here: its acceptance was told with the envelope. */
	if (!ev->code && !slice_eq(result, SLICE("Ok")))
		ev->code = slice_eq(result, SLICE("TempFail")) ? 4 : 5;
}

static void
scan_delivery(const struct osmtpd_line *l, struct event *ev)
{
	struct slice result = osmtpd_value(l->pairs, "result"), stat;

	ev->key = key_of(osmtpd_value(l->pairs, "evpid"), SEED_ENVELOPE);
	if (l->subject.p[1] == 't') {    /* mta: the connection it went by */
		ev->also = key_of(l->id, SEED_SESSION);
		ev->flags |= EVENT_ALSO;
	}
	if (!slice_eq(result, SLICE("TempFail")))
		ev->flags |= EVENT_UNLINK;
	/* It stands behind the result, where that is told. */
	stat = osmtpd_value(result.p ? slice_from(l->pairs, (size_t)(result.p -
	    l->pairs.p) + result.n) : l->pairs, "stat");
	tell_delivery(result, stat, ev);
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

	report(ev, 0, command.n ? verb : VERB_NONE);
	tell_reply(result, ev);
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
		report(ev, SAYS_USER, VERB_AUTH);
	else
		report(ev, 0, VERB_AUTH);
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
		report(ev, SAYS_TLS, VERB_NONE);
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
		report(ev, 0, VERB_NONE);
		tell_reply(osmtpd_value(l->pairs, "result"), ev);
	} else if (slice_eq(e, SLICE("message"))) {
		report(ev, SAYS_MESSAGE | SAYS_TRANSACTION | SAYS_DONE,
		    VERB_DATA);
		ev->code = 250;
	} else if (slice_eq(e, SLICE("envelope"))) {
		report(ev, SAYS_SENDER | SAYS_TO, VERB_RCPT);
		ev->code = 250;
		ev->flags |= EVENT_LINK;
		ev->link = key_of(osmtpd_value(l->pairs, "evpid"),
		    SEED_ENVELOPE);
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
		ev->peer = osmtpd_value(l->pairs, "address");
		if (slice_starts(ev->peer, SLICE("smtp://")))
			ev->peer = slice_from(ev->peer, 7);
		else if (slice_starts(ev->peer, SLICE("smtps://")))
			ev->peer = slice_from(ev->peer, 8);
	} else if (slice_eq(e, SLICE("connected"))) {
		ev->kind = EVENT_OPEN;
	} else if (slice_eq(e, SLICE("error"))) {
		struct slice reason = osmtpd_value(l->pairs, "reason");

		report(ev, 0, VERB_NONE);
		ev->flags |= EVENT_JOINS;
		tell_reply(reason, ev);
		if (!ev->code)
			ev->says |= SAYS_LOST;
	} else if (!scan_either(l, ev) && slice_eq(e, SLICE("closing"))) {
		ev->kind = EVENT_NOTE;
	}
	if (ev->kind == EVENT_CLOSE) {
		struct slice n = osmtpd_value(l->pairs, "messages");

		if (n.n && !slice_eq(n, SLICE("0")))
			ev->says |= SAYS_TRANSACTION | SAYS_DONE;
	}
}

/* Traces on standard error: the digits are those of a pointer just seen. */
static void
tie(struct osmtpd_state *os, unsigned which, struct event *ev)
{
	if (!os->fresh[which])
		return;
	ev->also = ev->key;
	ev->key = os->fresh[which];
	ev->flags |= EVENT_ALSO | EVENT_STATE | EVENT_JOINS;
	os->fresh[which] = 0;
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
	ev->key = key_of(l->id, SEED_SESSION);
	if (l->subject.p[1] == 'd') {    /* mda */
		ev->flags |= EVENT_JOINS;
		return;
	}
	if (mta)
		scan_mta(l, ev);
	else
		scan_smtp(l, ev);
	if (ev->kind == EVENT_OPEN || ev->kind == EVENT_ATTEMPT)
		tie(os, mta, ev);
	else if (ev->kind == EVENT_CLOSE)
		ev->flags |= EVENT_JOINS;
}

/* --- the older form ------------------------------------------------------------ */

static struct slice
behind(struct slice s, const char *mark)
{
	struct slice m = slice_of(mark);
	ptrdiff_t at = slice_find(s, m);

	return at < 0 ? SLICE_NONE : slice_from(s, (size_t)at + m.n);
}

/* "host NAME [ADDRESS]", "smtp://ADDRESS:25 (NAME) on session" */
static struct slice
old_peer(struct slice s)
{
	struct slice p = behind(s, "://");
	ptrdiff_t n;

	if (p.p) {
		n = slice_find_char(p, ' ');
		return slice_head(p, n < 0 ? p.n : (size_t)n);
	}
	if (s.n && s.p[s.n - 1] == ']') {
		n = (ptrdiff_t)s.n - 1;
		while (n > 0 && s.p[n - 1] != '[')
			n--;
		s = slice_head(slice_from(s, (size_t)n), s.n - (size_t)n - 1);
		return slice_starts(s, SLICE("IPv6:")) ? slice_from(s, 5) : s;
	}
	return SLICE_NONE;
}

/* `Failed command on session ID: "RCPT TO:<x>" => 550 words` */
static struct slice
old_command(struct slice s, struct slice *result)
{
	const struct slice mark = { "\" => ", 5 };
	struct slice quoted = behind(s, ": \"");
	ptrdiff_t at = slice_find(quoted, mark);

	*result = SLICE_NONE;
	if (at < 0)
		return SLICE_NONE;
	*result = slice_from(quoted, (size_t)at + mark.n);
	return slice_head(quoted, (size_t)at);
}

static void
scan_old_in(struct slice s, struct event *ev)
{
	struct slice result, command;

	if (slice_starts(s, SLICE("New session "))) {
		ev->kind = EVENT_OPEN;
		ev->peer = old_peer(s);
	} else if (slice_starts(s, SLICE("Accepted message "))) {
		report(ev, SAYS_FROM | SAYS_TO | SAYS_DONE, VERB_DATA);
		ev->code = 250;
		ev->flags |= EVENT_LINK;
		ev->link = key_of(slice_head(slice_from(s, 17), 8),
		    SEED_ENVELOPE);
	} else if (slice_starts(s, SLICE("Failed command "))) {
		command = old_command(s, &result);
		report(ev, 0, verb_parse(command, NULL));
		if (ev->verb == VERB_RCPT && osmtpd_asked(command).p)
			ev->says |= SAYS_TO;
		tell_reply(result, ev);
	} else if (slice_starts(s, SLICE("Closing session ")) ||
	    slice_starts(s, SLICE("Received disconnect "))) {
		ev->kind = EVENT_CLOSE;
	} else if (slice_starts(s, SLICE("Disconnecting session "))) {
		ev->kind = EVENT_CLOSE;
		ev->flags |= EVENT_LOST;
	}
}

static void
scan_old_out(struct slice s, struct event *ev)
{
	if (slice_starts(s, SLICE("Connecting to "))) {
		ev->kind = EVENT_ATTEMPT;
		ev->peer = old_peer(s);
	} else if (slice_starts(s, SLICE("Connected on "))) {
		ev->kind = EVENT_OPEN;
	} else if (slice_starts(s, SLICE("Closing session "))) {
		ev->kind = EVENT_CLOSE;
	} else if (slice_starts(s, SLICE("Error on session "))) {
		report(ev, 0, VERB_NONE);
		ev->flags |= EVENT_JOINS;
		tell_reply(behind(s, ": "), ev);
		if (!ev->code)
			ev->says |= SAYS_LOST;
	}
}

/* "relay: Ok for EVPID: session=ID, from=<a>, to=<b>, ..., stat=250 ok" */
static bool
scan_old_delivery(struct slice text, struct event *ev)
{
	bool relay = slice_starts(text, SLICE("relay: "));
	struct slice s = slice_from(text, relay ? 7 : 10);
	ptrdiff_t n = slice_find(s, SLICE(" for "));
	struct slice id = osmtpd_session(text);

	if ((!relay && !slice_starts(text, SLICE("delivery: "))) || n <= 0)
		return false;
	ev->id = id;
	ev->key = key_of(slice_head(slice_from(s, (size_t)n + 5), 8),
	    SEED_ENVELOPE);
	if (relay && id.n) {
		ev->also = key_of(id, SEED_SESSION);
		ev->flags |= EVENT_ALSO;
	}
	tell_delivery(slice_head(s, (size_t)n), behind(s, ", stat="), ev);
	return true;
}

static bool
scan_old(struct osmtpd_state *os, struct slice text, struct event *ev)
{
	bool in = slice_starts(text, SLICE("smtp-in: "));
	struct slice id;

	if (!in && !slice_starts(text, SLICE("smtp-out: ")))
		return scan_old_delivery(text, ev);
	id = osmtpd_session(text);
	if (!id.n)
		return false;
	text = slice_from(text, in ? 9 : 10);
	ev->kind = EVENT_NOTE;
	ev->id = id;
	ev->key = key_of(id, SEED_SESSION);
	ev->side = in ? SIDE_SERVER : SIDE_CLIENT;
	if (slice_starts(text, SLICE("Started TLS on session ")))
		report(ev, SAYS_TLS, VERB_NONE);
	else if (in)
		scan_old_in(text, ev);
	else
		scan_old_out(text, ev);
	if (ev->kind == EVENT_OPEN)
		tie(os, !in, ev);
	return true;
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
	ev->key = key_of(pointer, SEED_POINTER);
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
		scan_old(os, sl.text, ev);
	if (memchr(line.p, '\\', line.n))
		ev->flags |= EVENT_VIS;
	return line.n;
}

static void
detail_reply(struct slice s, struct detail *d)
{
	struct reply r;

	if (slice_starts(s, SLICE("Error ")))
		s = slice_from(s, 6);
	d->reply = reply_parse(s, &r) ? r.text : s;
}

static void
detail_command(struct slice command, struct slice result,
    const struct event *ev, struct detail *d)
{
	d->command = command;
	if (ev->says & SAYS_TO)
		d->to = osmtpd_asked(command);
	detail_reply(result, d);
}

static void
detail_message(struct slice pairs, struct detail *d)
{
	d->queue = osmtpd_value(pairs, "msgid");
	d->has_size = slice_to_u64(osmtpd_value(pairs, "size"), &d->size);
	d->final = true;
}

static void
detail_envelope(struct slice pairs, struct detail *d)
{
	d->queue = slice_head(osmtpd_value(pairs, "evpid"), 8);
	d->from = osmtpd_path(osmtpd_value(pairs, "from"));
	d->to = osmtpd_path(osmtpd_value(pairs, "to"));
}

static void
detail_session(const struct osmtpd_line *l, const struct event *ev,
    struct detail *d)
{
	struct slice result, command;

	if (ev->says & SAYS_TLS) {
		d->tls = osmtpd_value(l->pairs, "ciphers");
	} else if (ev->says & SAYS_USER) {
		d->user = osmtpd_value(l->pairs, "user");
	} else if (slice_eq(l->event, SLICE("delivery"))) {
		detail_envelope(l->pairs, d);
		d->delivery = true;
		if (ev->code)
			detail_reply(osmtpd_value(l->pairs, "stat"), d);
	} else if (slice_eq(l->event, SLICE("message"))) {
		detail_message(l->pairs, d);
	} else if (slice_eq(l->event, SLICE("envelope"))) {
		detail_envelope(l->pairs, d);
	} else if (slice_eq(l->event, SLICE("failed-command"))) {
		command = osmtpd_command(l->pairs, &result);
		detail_command(command, result, ev, d);
	} else if (slice_eq(l->event, SLICE("bad-input"))) {
		detail_reply(osmtpd_value(l->pairs, "result"), d);
	} else if (slice_eq(l->event, SLICE("error"))) {
		detail_reply(osmtpd_value(l->pairs, "reason"), d);
	}
}

/* "..., from=<a>, to=<b>, size=1, ..." */
static struct slice
old_value(struct slice s, const char *mark)
{
	struct slice v = behind(s, mark);
	ptrdiff_t n = slice_find(v, SLICE(", "));

	return slice_head(v, n < 0 ? v.n : (size_t)n);
}

static void
detail_old(struct slice text, const struct event *ev, struct detail *d)
{
	struct slice result, command, id;

	if (ev->says & SAYS_TLS) {
		d->tls = old_value(text, "version=");
		d->cipher = old_value(text, "cipher=");
		return;
	}
	if (slice_starts(text, SLICE("smtp-in: Failed command "))) {
		command = old_command(text, &result);
		detail_command(command, result, ev, d);
		return;
	}
	if (!slice_starts(text, SLICE("smtp-in: Accepted")) &&
	    !(ev->says & SAYS_TO)) {
		detail_reply(behind(slice_from(text, 12), ": "), d);
		return;
	}
	d->from = osmtpd_path(old_value(text, "from="));
	d->to = osmtpd_path(old_value(text, "to="));
	id = behind(text, text.p[0] == 's' ? "message " : " for ");
	d->queue = slice_head(id, 8);
	d->delivery = text.p[0] != 's';
	if (d->delivery && ev->code)
		detail_reply(behind(text, ", stat="), d);
	else if (!d->delivery)
		d->has_size = slice_to_u64(old_value(text, "size="), &d->size);
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
		detail_session(&l, ev, d);
	else if (slice_starts(sl.text, SLICE("smtp-")) ||
	    slice_starts(sl.text, SLICE("relay: ")) ||
	    slice_starts(sl.text, SLICE("delivery: ")))
		detail_old(sl.text, ev, d);
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
