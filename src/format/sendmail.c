/*
 * Sendmail by syslog.
 *
 *   sm-mta[4711]: 6AQ0Hn8C004711: from=<a@b>, size=9, ..., relay=x [192.0.2.7]
 *   sendmail[4711]: STARTTLS=server, relay=x [192.0.2.7], version=TLSv1.3, ...
 *   sendmail[4711]: 6AQ0Hn8C004711: <-- EHLO x          (LogLevel 14 and up)
 *
 * Each connection has a process of its own, so the process is its key.  The
 * queue ids that it brought in lead what becomes of the messages, told by
 * other processes, into the same session.  Most levels log no connection, and
 * none logs its end; process ids come again.
 */
#include "config.h"

#include "format/sendmail.h"

#include "format/sendmail_tell.h"
#include "format/syslog.h"

/* Sendmail waits for a command for up to an hour. */
#define IDLE_MS (65 * 60 * INT64_C(1000))

struct sendmail_state {
	struct syslog_state syslog;      /* first: by its contract */
	uint64_t held;                   /* the process whose dialogue has the
	                                    refusal that it tells of next */
};
_Static_assert(sizeof(struct sendmail_state) <= FORMAT_STATE_MAX, "state fits");

enum seed { SEED_PROCESS = 41, SEED_QUEUE };

static bool
is_ours(struct slice program)
{
	return slice_starts(program, SLICE("sm-")) ||
	    slice_starts(program, SLICE("sendmail"));
}

static inline bool
is_of_id(unsigned char c)
{
	return (unsigned)(c | 32) - 'a' < 26 || ascii_is_digit(c);
}

/*
 * "6AQ0Hn8C004711: " or "NOQUEUE: " off the head of *s.  Ids are of eight
 * letters and digits and the process; of two letters and five digits once.
 */
static bool
cut_queue_id(struct slice *s, struct slice *qid)
{
	size_t n = 0, max = s->n < 24 ? s->n : 24, digits = 0;

	while (n < max && is_of_id((unsigned char)s->p[n]))
		n++;
	while (digits < n && ascii_is_digit((unsigned char)s->p[n - digits - 1]))
		digits++;
	if (n + 1 >= s->n || s->p[n] != ':' || s->p[n + 1] != ' ')
		return false;
	*qid = slice_head(*s, n);
	if (slice_eq(*qid, SLICE("NOQUEUE")))
		*qid = SLICE_NONE;
	else if (n < 7 || digits < 5)
		return false;
	*s = slice_from(*s, n + 2);
	return true;
}

/* What is there of the line; false when it is no line of Sendmail. */
static bool
cut_line(struct sendmail_state *ss, struct slice line, struct syslog_line *sl,
    struct slice *qid, struct slice *text)
{
	*qid = SLICE_NONE;
	if (!syslog_cut(&ss->syslog, line, sl))
		return false;
	*text = sl->text;
	if (!is_ours(sl->program) || !sl->pid.n)
		return false;
	cut_queue_id(text, qid);
	return true;
}

static void
set_keys(struct slice pid, struct slice qid, const struct sendmail_tale *t,
    struct event *ev)
{
	uint64_t queue = qid.n ? slice_hash(qid, SEED_QUEUE) | 1 : 0;

	if (t->about == SENDMAIL_MESSAGE && queue) {
		ev->key = queue;
		ev->id = qid;
		if (t->done)
			ev->flags |= EVENT_UNLINK;
	} else {
		ev->key = slice_hash(pid, SEED_PROCESS) | 1;
		ev->id = pid;
		if (queue) {
			ev->link = queue;
			ev->flags |= EVENT_LINK;
		}
	}
	if (t->joins)
		ev->flags |= EVENT_JOINS;
}

/*
 * A reply that is held back was in the dialogue already; what its ruleset says
 * next is the same, perhaps before any other line of the dialogue.
 */
static void
note_held(struct sendmail_state *ss, struct slice text, struct event *ev)
{
	const struct slice hold = { " (hold)", 7 };

	if (text.n > hold.n && text.p[0] == '-' && slice_eq(slice_from(text,
	    text.n - hold.n), hold)) {
		ss->held = ev->key;
		ev->flags |= EVENT_STATE;
	} else if (ss->held == ev->key && slice_starts(text,
	    SLICE("ruleset="))) {
		ev->kind = EVENT_NOTE;
		ev->says = ev->code = 0;
		ev->enhanced = 0;
		ss->held = 0;
		ev->flags |= EVENT_STATE;
	}
}

static size_t
sendmail_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev)
{
	struct sendmail_state *ss = (void *)st->bytes;
	struct syslog_line sl = { .time = CLOCK_NONE };
	struct sendmail_tale t;
	struct slice qid, text;
	bool good;

	(void)fm;
	event_clear(ev);
	if (line.n == 0) {
		ev->kind = EVENT_META;
		return 0;
	}
	good = cut_line(ss, line, &sl, &qid, &text);
	ev->time = sl.time;
	if (good) {
		sendmail_tell(qid, text, false, ev, &t);
		ev->text = ev->kind == EVENT_LINE ? t.text : sl.body;
		ev->peer = t.peer;
		set_keys(sl.pid, qid, &t, ev);
		note_held(ss, text, ev);
		if (memchr(line.p, '\\', line.n))
			ev->flags |= EVENT_OCTAL;
	}
	if (sl.new_year)
		ev->flags |= EVENT_STATE;
	return line.n;
}

static void
sendmail_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct sendmail_state ss;
	struct syslog_line sl;
	struct sendmail_tale t;
	struct slice qid, text;
	struct event again = *ev;

	(void)fm;
	memcpy(&ss, st->bytes, sizeof ss);
	if (!cut_line(&ss, line, &sl, &qid, &text))
		return;
	sendmail_tell(qid, text, true, &again, &t);
	*d = t.d;
}

/* --- the format ------------------------------------------------------------------ */

#define PROBE_LINES 300

static int
sendmail_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct sendmail_state *ss = (void *)st->bytes;
	struct sendmail_state seen = { .held = 0 };
	unsigned lines = 0, ours = 0, told = 0;
	struct slice line, rest = head;

	(void)fm;
	syslog_begin(&ss->syslog, head, hint, traits);
	while (lines < PROBE_LINES && slice_cut(&rest, '\n', &line)) {
		struct syslog_line sl;
		struct slice qid, text;

		if (line.n == 0 || line.p[0] == '\r')
			continue;
		lines++;
		if (!cut_line(&seen, line, &sl, &qid, &text))
			continue;
		ours++;
		told += qid.n || slice_starts(text, SLICE("ruleset=")) ||
		    slice_starts(text, SLICE("STARTTLS=")) ||
		    slice_starts(text, SLICE("starting daemon"));
	}
	err_set(why, "%u of %u lines are of Sendmail, %u of its connections "
	    "and messages", ours, lines, told);
	/* In a mixed log they may be few. */
	return told ? 60 + (int)(ours * 36 / lines) : 0;
}

#define STAMP "Nov 26 10:00:00 mx sm-mta[4711]: "
#define ID "6AQ0Hn8C004711: "

static const struct format_sample sendmail_samples[] = {
	{ STAMP "NOQUEUE: connect from mx.example.org [192.0.2.7]", EVENT_OPEN,
	    DIR_NONE, NULL },
	{ STAMP ID "from=<ann@example.org>, size=9, class=0, nrcpts=1, "
	    "msgid=<x@example.org>, proto=ESMTP, daemon=MTA, relay=[192.0.2.7]",
	    EVENT_REPORT, DIR_NONE, NULL },
	{ STAMP ID "ruleset=check_rcpt, arg1=<bob@example.org>, "
	    "relay=[192.0.2.7], reject=550 5.7.1 <bob@example.org>... Relaying "
	    "denied", EVENT_REPORT, DIR_NONE, NULL },
	{ STAMP ID "<-- EHLO example.org", EVENT_LINE, DIR_IN,
	    "EHLO example.org" },
	{ STAMP ID "--- 250 HELP", EVENT_LINE, DIR_OUT, "250 HELP" },
	{ STAMP ID "[192.0.2.7] did not issue MAIL/EXPN/VRFY/ETRN during "
	    "connection to MTA", EVENT_CLOSE, DIR_NONE, NULL },
	{ "Nov 26 10:00:00 mx sshd[1]: Accepted", EVENT_FOREIGN, DIR_NONE,
	    NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_sendmail = {
	.name = "sendmail",
	.title = "log of Sendmail, by syslog",
	.origin = "Sendmail 8",
	.idle = IDLE_MS,
	.probe = sendmail_probe,
	.scan = sendmail_scan,
	.detail = sendmail_detail,
	.samples = sendmail_samples,
};
