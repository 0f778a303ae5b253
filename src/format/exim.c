/*
 * Exim: mainlog and rejectlog, whatever log_selector says.
 *
 *   2026-11-25 10:00:00.123 [4242] 1rABCD-000000005vi-0000 <= a@b H=...
 *
 * A connection is known by its endpoint (+incoming_port) and by the process
 * that serves it (+pid, +connection_id, syslog): the daemon logs a connection
 * with the endpoint alone, what an ACL writes has the process alone, most
 * lines have both.  Without either, address and HELO name make a guess that
 * silence ends.  The id of a message leads from its arrival to what became of
 * it.
 *
 * Lines without a stamp belong to the entry before: in a rejectlog the header
 * of a message that was refused.
 */
#include "config.h"

#include "format/exim.h"

#include "format/exim_tell.h"

/* A guess holds for the five minutes that Exim waits for a command. */
#define IDLE_MS (5 * 60 * INT64_C(1000))

enum seed { SEED_END = 11, SEED_PROCESS, SEED_MESSAGE, SEED_CALLER };

static uint64_t
key_of(struct slice s, uint64_t seed)
{
	return slice_hash(s, seed) | 1;
}

/* --- keys ----------------------------------------------------------------- */

static void
key_by_host(const struct exim_state *es, const struct exim_tale *t,
    uint64_t process, struct event *ev)
{
	uint64_t end = key_of(t->host.end, SEED_END);

	if (t->host.has_port) {
		ev->key = end;
		ev->flags |= EVENT_LASTING;
	} else if (process && (!es->by_address || t->connection.n)) {
		ev->key = key_of(t->host.end, process);
	} else {
		ev->key = end;
		ev->flags |= EVENT_GUESSED;
		if (t->helo.n && !es->by_address) {
			ev->key = key_of(t->helo, end);
			ev->key_before = end;
			ev->flags |= EVENT_ALIAS;
		}
		return;
	}
	if (process) {
		ev->also = process;
		ev->flags |= EVENT_ALSO;
	}
}

static void
key_connection(const struct exim_state *es, const struct exim_line *l,
    const struct exim_tale *t, struct event *ev)
{
	struct slice pid = t->connection.n ? t->connection :
	    t->daemon ? SLICE_NONE : l->pid;
	uint64_t process = pid.n ? key_of(pid, SEED_PROCESS) : 0;

	if (t->host.end.n) {
		ev->id = t->host.end;
		key_by_host(es, t, process, ev);
	} else if (process) {
		ev->id = pid;
		ev->key = process;
	} else {
		ev->id = t->caller;
		ev->key = key_of(t->caller, SEED_CALLER);
		ev->flags |= EVENT_GUESSED;
	}
	if (t->arrival) {
		ev->link = key_of(l->id, SEED_MESSAGE);
		ev->flags |= EVENT_LINK;
	}
}

/* What the receiving process says of a message before its arrival is told is
   found by the process. */
static void
key_message(const struct exim_line *l, const struct exim_tale *t,
    struct event *ev)
{
	ev->id = l->id;
	ev->key = key_of(l->id, SEED_MESSAGE);
	ev->flags |= EVENT_LATER;
	if (t->completed)
		ev->flags |= EVENT_UNLINK;
	if (t->origin.n && t->kind == EVENT_REPORT && !t->delivery) {
		/* A bounce is of the session that brought its message in. */
		ev->also = key_of(t->origin, SEED_MESSAGE);
		ev->link = ev->key;
		ev->flags |= EVENT_ALSO | EVENT_LINK;
	} else if (l->pid.n && !t->delivery) {
		ev->also = key_of(l->pid, SEED_PROCESS);
		ev->flags |= EVENT_ALSO;
	}
}

/* --- scanning ------------------------------------------------------------- */

/* "* Bcc: ...": a header that was taken out of the message. */
static bool
is_old_header(struct slice s)
{
	ptrdiff_t colon = slice_find_char(s, ':');

	return slice_starts(s, SLICE("* ")) && colon > 2 &&
	    slice_find_char(slice_from(s, 2), ' ') > colon - 2;
}

/* "P Received: ...", "Envelope-from: <...>", folded lines, the ruler. */
static bool
is_header(struct slice s)
{
	return is_old_header(s) || (s.n > 2 &&
	    (ascii_is_blank((unsigned char)s.p[0]) || s.p[1] == ' ' ||
	    slice_starts(s, SLICE("Envelope-")) ||
	    slice_starts(s, SLICE("----------"))) && s.p[0] != '#' &&
	    s.p[0] != '*' && !slice_starts(s, SLICE(" Suggested action:")));
}

/* An entry of neither connection nor message: perhaps of a known process. */
static void
scan_remark(const struct exim_line *l, struct event *ev)
{
	if (!l->pid.n || slice_starts(l->text, SLICE("exim ")) ||
	    slice_starts(l->text, SLICE("Start queue run:")) ||
	    slice_starts(l->text, SLICE("End queue run:")))
		return;
	ev->kind = EVENT_NOTE;
	ev->key = key_of(l->pid, SEED_PROCESS);
	ev->id = l->pid;
	ev->flags |= EVENT_JOINS;
}

/* The first beginning of a connection tells what there is to join by. */
static bool
learn(struct exim_state *es, const struct exim_tale *t)
{
	if (t->kind != EVENT_OPEN || es->connections)
		return false;
	es->connections = 1;
	es->by_address = t->host.end.n && !t->host.has_port &&
	    !t->connection.n;
	return true;
}

static void
scan_tale(struct exim_state *es, const struct exim_line *l,
    struct exim_tale *t, struct event *ev)
{
	if (t->about == EXIM_NOTHING) {
		scan_remark(l, ev);
		return;
	}
	if (learn(es, t))
		ev->flags |= EVENT_STATE;
	ev->kind = t->kind;
	ev->side = t->side;
	ev->says = t->says;
	ev->code = t->code;
	ev->enhanced = t->enhanced;
	ev->verb = t->verb;
	ev->peer = t->host.end;
	ev->local = t->about == EXIM_CONNECTION ? t->server : SLICE_NONE;
	/* Where ends are logged they are waited for; where beginnings are not,
	   what is told first begins it. */
	if (es->connections) {
		ev->says &= (uint16_t)~SAYS_ENDS;
	} else if (t->about == EXIM_CONNECTION) {
		ev->says |= SAYS_ENDS;
		ev->flags |= EVENT_BEGINS;
	}
	if (t->joins)
		ev->flags |= EVENT_JOINS;
	if (t->lost)
		ev->flags |= EVENT_LOST;
	/* A dialogue over a pipe: of its process, where that is told. */
	if (t->about == EXIM_CONNECTION ||
	    (t->arrival && l->pid.n && es->connections))
		key_connection(es, l, t, ev);
	else
		key_message(l, t, ev);
}

static size_t
exim_scan(const struct format *fm, struct format_state *st, struct slice line,
    struct event *ev)
{
	struct exim_state *es = (void *)st->bytes;
	struct exim_line l;
	struct exim_tale t;

	(void)fm;
	event_clear(ev);
	ev->text = line;
	if (!exim_cut_line(es, line, &l)) {
		if (is_header(line))
			ev->kind = EVENT_MORE;
		return line.n;
	}
	ev->time = l.time;
	ev->text = l.shown;
	if (memchr(l.shown.p, '\\', l.shown.n))
		ev->flags = EVENT_OCTAL;
	if (l.state)
		ev->flags |= EVENT_STATE;
	if (l.piece) {
		ev->kind = EVENT_MORE;
		return line.n;
	}
	exim_tell(&l, &t);
	scan_tale(es, &l, &t, ev);
	return line.n;
}

static void
exim_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct format_state own = *st;
	struct exim_line l;
	struct exim_tale t;

	(void)fm;
	(void)ev;
	if (!exim_cut_line((void *)own.bytes, line, &l) || l.piece)
		return;
	exim_tell_words(&l, &t);
	*d = t.d;
}

/* --- detection ------------------------------------------------------------ */

struct votes {
	unsigned lines, entries, sure, zoned, fractions;
};

static void
vote(struct exim_state *es, struct slice line, struct votes *v)
{
	struct exim_line l;
	struct exim_tale t;

	if (line.n == 0)
		return;
	v->lines++;
	if (!exim_cut_line(es, line, &l))
		return;
	v->entries++;
	if (l.piece)
		return;
	exim_tell(&l, &t);
	learn(es, &t);
	v->sure += t.about != EXIM_NOTHING ||
	    slice_starts(l.text, SLICE("Start queue run: pid=")) ||
	    (slice_starts(l.text, SLICE("exim ")) &&
	    slice_find(l.text, SLICE(" daemon started: pid=")) > 0);
	v->zoned += l.zoned;
	v->fractions += l.time != CLOCK_NONE && l.time % 1000 != 0;
}

static int
exim_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct exim_state *es = (void *)st->bytes;
	struct votes v = { 0 };
	struct slice line, rest = head;

	(void)fm;
	syslog_begin(&es->syslog, head, hint, traits);
	while (slice_cut(&rest, '\n', &line)) {
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		vote(es, line, &v);
	}
	traits->times_are_utc = v.entries && v.zoned * 2 > v.entries;
	traits->times_have_ms = v.fractions > 0;
	es->zoned = traits->times_are_utc;
	/* The probe's own minutes are none of the log's state. */
	memset(es->minute, 0, sizeof es->minute);
	es->minute_number = 0;
	err_set(why, "%u of %u lines are entries of Exim's log, %u of them of "
	    "connections and messages", v.entries, v.lines, v.sure);
	if (!v.sure)
		return 0;
	return v.sure * 2 >= v.entries ? 95 : 60;
}

#define STAMP "2026-11-25 10:00:00 "
#define ID    "1rABCD-000000005vi-0000 "

static const struct format_sample exim_samples[] = {
	{ STAMP "SMTP connection from [192.0.2.1]:4711 I=[192.0.2.25]:25 "
	    "(TCP/IP connection count = 1)", EVENT_OPEN, DIR_NONE, NULL },
	{ STAMP "[4242] SMTP connection from (mail.example.org) "
	    "[192.0.2.1]:4711 I=[192.0.2.25]:25 D=1s closed by QUIT",
	    EVENT_CLOSE, DIR_NONE, NULL },
	{ STAMP ID "<= ann@example.org H=(mail.example.org) [192.0.2.1] "
	    "P=esmtp S=512 id=1@example.org", EVENT_REPORT, DIR_NONE,
	    ID "<= ann@example.org H=(mail.example.org) [192.0.2.1] P=esmtp "
	    "S=512 id=1@example.org" },
	{ STAMP "1rABCD-0005MB-00 => bob@example.com R=dns T=smtp "
	    "H=mx.example.com [192.0.2.2] C=\"250 OK\"", EVENT_REPORT,
	    DIR_NONE, NULL },
	{ STAMP ID "Completed", EVENT_NOTE, DIR_NONE, ID "Completed" },
	{ STAMP "H=(x) [192.0.2.1] F=<a@example.org> rejected RCPT "
	    "<b@example.com>: relay not permitted", EVENT_REPORT, DIR_NONE,
	    NULL },
	{ STAMP "Start queue run: pid=4242", EVENT_FOREIGN, DIR_NONE, NULL },
	{ "Nov 25 10:00:00 mx exim[4242]: login authenticator failed for (x) "
	    "[192.0.2.1]: 535 Incorrect authentication data (set_id=ann)",
	    EVENT_REPORT, DIR_NONE, NULL },
	{ "* Bcc: bob@example.com", EVENT_MORE, DIR_NONE,
	    "* Bcc: bob@example.com" },
	{ "* all is well: it is", EVENT_FOREIGN, DIR_NONE, NULL },
	{ "P Received: from x", EVENT_MORE, DIR_NONE, "P Received: from x" },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_exim = {
	.name = "exim",
	.title = "main log and reject log of Exim",
	.origin = "Exim 4",
	.traits = { .times_are_utc = false, .times_have_ms = false },
	.idle = IDLE_MS,
	.lingers = true,
	.first_log = "main",
	.second_log = "reject",
	.probe = exim_probe,
	.scan = exim_scan,
	.detail = exim_detail,
	.samples = exim_samples,
};
