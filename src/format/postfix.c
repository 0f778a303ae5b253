/*
 * Postfix: what a line of its log says of a session.
 *
 *   Mar 11 19:38:21 mx postfix/smtpd[3610]: connect from a.example[192.0.2.1]
 *
 * A session is an smtpd process between connect and disconnect, so its key is
 * the process; process ids are used again, and each handles many clients one
 * after the other.  `QID: client=` links the id of the message it brought in;
 * what cleanup, qmgr and the delivery agents write of that id is the session's
 * until the message is removed.  A message that no connection brought in
 * (pickup, one from before the log) is a session of its own, outbound.
 *
 * postscreen's key is the client's address and port.  A client that passes is
 * handed to smtpd, which names the address alone: the next connect from there
 * is taken for it.
 *
 * With -v or debug_peer_list the dialogue is logged as well, among internals;
 * the smtp client's has no queue id beside it and is a session by itself.  Its
 * remarks are the message's that the same process names next.
 */
#include "config.h"

#include "format/postfix.h"

#include "format/postfix_scan.h"

struct postfix_state {
	struct syslog_state syslog;
};
_Static_assert(sizeof(struct postfix_state) <= FORMAT_STATE_MAX, "state fits");

/* --- what all have -------------------------------------------------------- */

struct slice
postfix_process_id(const struct postfix_line *pl)
{
	const char *end = pl->sl.pid.p ? pl->sl.pid.p + pl->sl.pid.n + 1 :
	    pl->sl.program.p + pl->sl.program.n;

	return (struct slice){ pl->shown.p, (size_t)(end - pl->shown.p) };
}

bool
postfix_scan_dialogue(const struct postfix_line *pl, struct event *ev)
{
	struct slice s = pl->words;
	size_t n;

	if (s.n < 5 || (s.p[0] != '<' && s.p[0] != '>') || s.p[1] != ' ')
		return false;
	ev->dir = s.p[0] == '<' ? DIR_IN : DIR_OUT;
	s = slice_from(s, 2);
	n = postfix_client(s, &ev->peer);
	s = slice_from(s, n);
	if (!n || s.n == 0 || s.p[0] != ':') {
		ev->dir = DIR_NONE;
		ev->peer = SLICE_NONE;
		return false;
	}
	ev->kind = EVENT_LINE;
	ev->text = slice_from(s, 1);
	if (ev->text.n && ev->text.p[0] == ' ')
		ev->text = slice_from(ev->text, 1);
	return true;
}

/* --- the smtp client by itself -------------------------------------------- */

/* A reply that nobody asked for greets: another connection stands. */
static void
scan_client_process(const struct postfix_line *pl, struct event *ev)
{
	static const struct slice trying =
	    SLICE("smtp_connect_addr: trying: ");

	ev->side = SIDE_CLIENT;
	ev->key = postfix_process_key(pl);
	ev->id = postfix_process_id(pl);
	if (postfix_scan_dialogue(pl, ev)) {
		/* The text itself is not logged: its end is no command. */
		if (ev->dir == DIR_OUT && slice_eq(ev->text, SLICE(".")))
			postfix_remark(ev);
		else if (ev->dir == DIR_IN && postfix_starts(ev->text, SLICE("220"))) {
			ev->flags |= EVENT_BEGINS;
			ev->says = SAYS_UP;
		}
	} else if (postfix_starts(pl->words, trying)) {
		ev->kind = EVENT_ATTEMPT;
		postfix_client(slice_from(pl->words, trying.n), &ev->peer);
	} else if (postfix_scan_tls(pl->words, ev) ||
	    postfix_is_remark(pl->words) ||
	    postfix_starts(pl->words, SLICE("warning: "))) {
		/* Of the message that the same process names next. */
		if (ev->kind != EVENT_REPORT)
			postfix_remark(ev);
		ev->flags |= EVENT_JOINS | EVENT_LATER;
	} else {
		postfix_trace(ev);
	}
}

/* --- a line --------------------------------------------------------------- */

static size_t
postfix_scan(const struct format *fm, struct format_state *state,
    struct slice line, struct event *ev)
{
	struct postfix_state *ps = (void *)state->bytes;
	struct postfix_line pl;

	(void)fm;
	event_clear(ev);
	ev->text = line;
	if (!postfix_cut(&ps->syslog, line, &pl)) {
		if (line.n == 0)
			ev->kind = EVENT_META;
		/* The frame may have been there, and the year gone on. */
		if (pl.sl.new_year)
			ev->flags = EVENT_STATE;
		return line.n;
	}
	ev->time = pl.sl.time;
	ev->text = pl.shown;
	if (pl.daemon == DAEMON_SMTPD)
		postfix_scan_smtpd(&pl, ev);
	else if (pl.daemon == DAEMON_POSTSCREEN ||
	    pl.daemon == DAEMON_TLSPROXY)
		postfix_scan_screen(&pl, ev);
	else if (pl.daemon != DAEMON_OTHER && pl.queue.n)
		postfix_scan_message(&pl, ev);
	else if (pl.daemon == DAEMON_CLIENT)
		scan_client_process(&pl, ev);
	if (pl.daemon == DAEMON_TLSPROXY && ev->kind != EVENT_FOREIGN) {
		if (!postfix_scan_tls(pl.words, ev))
			ev->kind = EVENT_NOTE;
		ev->says &= SAYS_TLS;
		ev->code = 0;
		ev->flags = EVENT_JOINS;
	}
	if (pl.sl.new_year)
		ev->flags |= EVENT_STATE;
	return line.n;
}

/* --- detection ------------------------------------------------------------ */

struct votes {
	unsigned lines, ours, telling, spoken;
};

static void
vote(struct syslog_state *ss, struct slice line, struct votes *v)
{
	struct postfix_line pl;
	struct event ev;

	v->lines += line.n > 0;
	if (!postfix_cut(ss, line, &pl))
		return;
	v->ours++;
	v->telling += pl.daemon != DAEMON_OTHER;
	event_clear(&ev);
	v->spoken += (pl.daemon == DAEMON_SMTPD ||
	    pl.daemon == DAEMON_CLIENT) && postfix_scan_dialogue(&pl, &ev);
}

static int
probe(struct slice head, const struct format_hint *hint,
    struct format_state *state, struct format_traits *traits,
    struct votes *v)
{
	struct postfix_state *ps = (void *)state->bytes;
	struct syslog_state ss;
	struct slice line;

	*v = (struct votes){ .lines = 0 };
	syslog_begin(&ps->syslog, head, hint, traits);
	ss = ps->syslog;
	while (slice_cut(&head, '\n', &line))
		vote(&ss, slice_trim(line), v);
	if (v->ours == 0)
		return 0;
	return (v->telling ? 58 : 42) + (int)(v->ours * 40u / v->lines);
}

static int
postfix_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *state,
    struct format_traits *traits, struct err *why)
{
	struct votes v;
	int score = probe(head, hint, state, traits, &v);

	(void)fm;
	err_set(why, "%u of %u lines are of Postfix's programs, %u of its "
	    "servers and the queue", v.ours, v.lines, v.telling);
	return score;
}

static int
verbose_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *state,
    struct format_traits *traits, struct err *why)
{
	struct votes v;
	int score = probe(head, hint, state, traits, &v);

	(void)fm;
	err_set(why, "%u of %u lines are of Postfix's programs, %u of the "
	    "dialogue that -v shows", v.ours, v.lines, v.spoken);
	return v.spoken ? score + 1 : 0;
}

#define STAMP "Mar 11 19:38:21 mx postfix/"
#define REJECT "NOQUEUE: reject: RCPT from a.example[192.0.2.1]: 550 5.1.1 " \
	"<b@example.net>: Recipient address rejected; from=<a@example.org> " \
	"to=<b@example.net> proto=ESMTP helo=<a.example>"

static const struct format_sample postfix_samples[] = {
	{ STAMP "smtpd[3610]: connect from a.example[192.0.2.1]", EVENT_OPEN,
	    DIR_NONE, "smtpd[3610]: connect from a.example[192.0.2.1]" },
	{ STAMP "smtpd[3610]: 4104E3D01: client=a.example[192.0.2.1]",
	    EVENT_REPORT, DIR_NONE, NULL },
	{ STAMP "submission/smtpd[3610]: " REJECT, EVENT_REPORT, DIR_NONE,
	    "submission/smtpd[3610]: " REJECT },
	{ STAMP "smtpd[3610]: > a.example[192.0.2.1]: 250-PIPELINING",
	    EVENT_LINE, DIR_OUT, "250-PIPELINING" },
	{ STAMP "smtpd[3610]: < a.example[192.0.2.1]: MAIL FROM:<a@b.example>",
	    EVENT_LINE, DIR_IN, "MAIL FROM:<a@b.example>" },
	{ STAMP "smtp[99]: > mx.example[192.0.2.9]:25: EHLO mx", EVENT_LINE,
	    DIR_OUT, "EHLO mx" },
	{ STAMP "smtpd[3610]: match_hostname: a.example ~? 127.0.0.0/8",
	    EVENT_TRACE, DIR_NONE, NULL },
	{ STAMP "qmgr[12]: 4104E3D01: removed", EVENT_NOTE, DIR_NONE, NULL },
	{ STAMP "smtpd[3610]: disconnect from a.example[192.0.2.1] ehlo=1 "
	    "quit=1 commands=2", EVENT_CLOSE, DIR_NONE, NULL },
	{ "Mar 11 19:38:21 mx dovecot: imap-login: Login: user=<a>",
	    EVENT_FOREIGN, DIR_NONE, NULL },
	{ STAMP "anvil[9]: statistics: max cache size 1 at Mar 11 19:38:21",
	    EVENT_FOREIGN, DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_postfix = {
	.name = "postfix",
	.title = "log of Postfix, by syslog or its own",
	.origin = "Postfix; Zimbra, mailcow, Plesk, iRedMail",
	.probe = postfix_probe,
	.scan = postfix_scan,
	.detail = postfix_detail,
	.samples = postfix_samples,
};

const struct format format_postfix_verbose = {
	.name = "postfix-verbose",
	.title = "the same with the dialogue in it (-v)",
	.origin = "Postfix with -v or debug_peer_list",
	.probe = verbose_probe,
	.scan = postfix_scan,
	.detail = postfix_detail,
	.samples = postfix_samples,
};
