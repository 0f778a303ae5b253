/*
 * The SMTP service of IIS (SMTPSVC): one row for each command.
 *
 *   #Fields: date time c-ip cs-username s-sitename ... cs-method cs-uri-query
 *   2010-01-09 18:49:31 192.0.2.7 mail SMTPSVC1 ... MAIL - +FROM:<a@b> 250 ...
 *
 * A row of a session that came in is a command with the code of its reply; the
 * words of the reply are not logged.  A row of a session that went out is a
 * command, or the first line of a reply: the user name says which.  Blanks
 * within a column are `+`.  #Fields: may change in the middle of a file.  The
 * other two forms have the same columns in an order of their own.
 *
 * There is no session id: who speaks, which way, and on which virtual server
 * is all that tells sessions apart, and connections that one host has open at
 * once cannot be told apart.  So a session begins with a hello or a greeting,
 * ends with QUIT, and is marked as a guess.
 */
#include "config.h"

#include "format/iis.h"

#include "base/mask.h"
#include "format/iis_form.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

/* How long the service itself waits for a silent client. */
#define IDLE_MS (10 * 60 * INT64_C(1000))

/* --- what a row means ------------------------------------------------------ */

static bool
is_given(struct slice s)
{
	return s.n && !(s.n == 1 && s.p[0] == '-');
}

static bool
is_hello(enum smtp_verb verb)
{
	return verb == VERB_HELO || verb == VERB_EHLO || verb == VERB_LHLO;
}

static bool
is_code(struct slice s)
{
	return s.n == 3 && s.p[0] >= '2' && s.p[0] <= '5' &&
	    ascii_is_digit((unsigned char)s.p[1]) &&
	    ascii_is_digit((unsigned char)s.p[2]);
}

enum way { WAY_IN, WAY_COMMAND, WAY_RESPONSE };

/* Logs without user names: no reply is 0, so a row with 0 went out. */
static enum way
way_of(const struct iis_row *r)
{
	struct slice user = r->field[IIS_USER];

	if (slice_starts(user, SLICE("OutboundConnection"))) {
		if (slice_eq(user, SLICE("OutboundConnectionCommand")))
			return WAY_COMMAND;
		if (slice_eq(user, SLICE("OutboundConnectionResponse")))
			return WAY_RESPONSE;
	}
	if (!user.p && !is_given(r->field[IIS_METHOD]))
		return WAY_RESPONSE;
	return !user.p && slice_eq(r->field[IIS_STATUS], SLICE("0")) ?
	    WAY_COMMAND : WAY_IN;
}

static void
scan_response(const struct iis_row *r, struct event *ev)
{
	struct slice text = r->field[IIS_QUERY];

	ev->kind = EVENT_LINE;
	ev->dir = DIR_IN;
	ev->text = is_given(text) ? text : SLICE_NONE;
	/* One column: its commas are its own. */
	if (ev->flags == EVENT_COMMAS)
		ev->flags = 0;
	if (slice_starts(text, SLICE("220")))
		ev->flags |= EVENT_BEGINS;
	else if (slice_starts(text, SLICE("221")))
		ev->flags |= EVENT_UNLINK;
}

/*
 * A row without the code of the reply: what the command says is told in the
 * log's words, and how it was answered is not.
 */
static void
scan_unanswered(enum smtp_verb verb, struct event *ev)
{
	ev->kind = EVENT_REPORT;
	ev->verb = (uint8_t)verb;
	switch (verb) {
	case VERB_HELO:
	case VERB_EHLO:
	case VERB_LHLO:
		ev->kind = EVENT_OPEN;
		ev->says = SAYS_HELO;
		break;
	case VERB_MAIL:
		ev->says = SAYS_FROM | SAYS_TRANSACTION;
		break;
	case VERB_RCPT:
		ev->says = SAYS_TO;
		break;
	case VERB_DATA:
	case VERB_RSET:
	case VERB_QUIT:
		ev->says = SAYS_DONE;
		break;
	default:
		ev->kind = EVENT_NOTE;
		break;
	}
}

static void
scan_command(const struct iis_row *r, enum way way, struct event *ev)
{
	enum smtp_verb verb = verb_parse(r->field[IIS_METHOD], NULL);

	ev->text = r->text;
	if (way == WAY_COMMAND) {
		ev->kind = EVENT_LINE;
		ev->dir = DIR_OUT;
	} else if (is_code(r->field[IIS_STATUS])) {
		ev->kind = EVENT_EXCHANGE;
		ev->dir = DIR_IN;
		ev->context = r->field[IIS_STATUS];
	} else {
		scan_unanswered(verb, ev);
	}
	if (is_hello(verb))
		ev->flags |= EVENT_BEGINS;
	if (verb == VERB_QUIT && way == WAY_IN)
		ev->flags |= EVENT_UNLINK;
}

/* A row of a web, FTP or news server has the same columns. */
static bool
is_smtp(const struct iis_row *r)
{
	return slice_starts(r->field[IIS_SITE], SLICE("SMTPSVC")) ||
	    slice_starts(r->field[IIS_USER], SLICE("OutboundConnection")) ||
	    (!r->field[IIS_SITE].p &&
	    verb_parse(r->field[IIS_METHOD], NULL) != VERB_UNKNOWN);
}

static bool
scan_row(const struct iis_row *r, struct event *ev)
{
	enum way way;

	if (!r->field[IIS_PEER].n || !is_smtp(r))
		return false;
	way = way_of(r);
	ev->time = r->time;
	ev->flags = r->flags;
	ev->peer = r->field[IIS_PEER];
	if (is_given(r->field[IIS_LOCAL]))
		ev->local = r->field[IIS_LOCAL];
	ev->side = way == WAY_IN ? SIDE_SERVER : SIDE_CLIENT;
	ev->key = slice_hash(ev->peer, slice_hash(r->field[IIS_SITE],
	    way == WAY_IN)) | 1;
	if (way == WAY_RESPONSE)
		scan_response(r, ev);
	else
		scan_command(r, way, ev);
	return true;
}

static size_t
iis_scan(const struct format *fm, struct format_state *st, struct slice line,
    struct event *ev)
{
	struct iis_row row;
	size_t whole = line.n;

	(void)fm;
	event_clear(ev);
	if (slice_starts(line, SLICE("\xef\xbb\xbf")))
		line = slice_from(line, 3);
	if (line.n == 0 || line.p[0] == '#') {
		ev->kind = EVENT_META;
		iis_header(st, line);
	} else if (!iis_cut(st, line, &row) || !scan_row(&row, ev)) {
		event_clear(ev);
	}
	return whole;
}

/* Only rows without the code of a reply come here: what the command says. */
static void
iis_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct format_state state = *st;
	struct iis_row row;
	struct slice query, rest;

	(void)fm;
	if (!iis_cut(&state, line, &row))
		return;
	query = row.field[IIS_QUERY];
	if (!is_given(query))
		return;
	while (query.n && query.p[0] == '+')
		query = slice_from(query, 1);
	if (ev->says & SAYS_HELO)
		d->helo = query;
	else if (ev->says & SAYS_FROM)
		verb_path(query, &d->from, &rest);
	else if (ev->says & SAYS_TO)
		verb_path(query, &d->to, &rest);
}

/* --- the format ------------------------------------------------------------ */

/* How many rows are looked at. */
#define PROBE_ROWS 200

static int
iis_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	unsigned rows = 0, good = 0;
	struct slice line;
	bool fields;

	(void)hint;
	fields = iis_begin(st, head, traits);
	while (rows < PROBE_ROWS && slice_cut(&head, '\n', &line)) {
		struct event ev;

		line = slice_trim(line);
		iis_scan(fm, st, line, &ev);
		if (ev.kind == EVENT_META)
			continue;
		rows++;
		good += ev.kind != EVENT_FOREIGN && (ev.kind != EVENT_NOTE ||
		    ev.says);
	}
	iis_rewind(st);
	if (!rows && fields) {
		err_set(why, "#Fields: names c-ip and cs-method, no row so far");
		return 45;
	}
	err_set(why, "%u of %u rows are commands of SMTPSVC", good, rows);
	return rows ? (int)(good * 97 / rows) : 0;
}

/* ex170209.log, u_ex170209.log, in090423.log, nc..., extend7.log. */
static struct slice
iis_stream_of(const struct format *fm, struct slice name)
{
	size_t letters = 0, digits = 0;

	(void)fm;
	while (letters < name.n && (name.p[letters] == '_' ||
	    (ascii_lower((unsigned char)name.p[letters]) >= 'a' &&
	    ascii_lower((unsigned char)name.p[letters]) <= 'z')))
		letters++;
	while (letters + digits < name.n &&
	    ascii_is_digit((unsigned char)name.p[letters + digits]))
		digits++;
	return letters && digits && slice_case_eq(slice_from(name,
	    letters + digits), SLICE(".log")) ? slice_head(name, letters) :
	    SLICE_NONE;
}

#define IN "2026-11-23 10:00:00 192.0.2.7 mail SMTPSVC1 MX 10.0.0.5 0 "
#define OUT "2026-11-23 10:00:00 192.0.2.9 OutboundConnection"

static const struct format_sample iis_samples[] = {
	{ "#Fields: date time c-ip cs-method", EVENT_META, DIR_NONE, NULL },
	{ IN "EHLO - +mail.example.org 250 0 210 22 0 SMTP - - - -",
	    EVENT_EXCHANGE, DIR_IN, "EHLO mail.example.org" },
	{ IN "MAIL - +FROM:<a+b@example.org>+SIZE=10 250 0 43 30 0 SMTP - - - -",
	    EVENT_EXCHANGE, DIR_IN, "MAIL FROM:<a+b@example.org> SIZE=10" },
	{ OUT "Response SMTPSVC1 MX - 25 - - 220+mx.example.org+ESMTP 0 0 26 "
	    "0 47 SMTP - - - -", EVENT_LINE, DIR_IN, "220 mx.example.org ESMTP" },
	{ OUT "Command SMTPSVC1 MX - 25 RSET - - 0 0 4 0 47 SMTP - - - -",
	    EVENT_LINE, DIR_OUT, "RSET" },
	{ "192.0.2.7, mail, 4/23/2009, 9:47:02, SMTPSVC1, MX, 10.0.0.5, 0, 36, "
	    "49, 250, 0, MAIL, -, FROM:<a@example.org>,", EVENT_EXCHANGE,
	    DIR_IN, "MAIL FROM:<a@example.org>" },
	{ "192.0.2.9, OutboundConnectionResponse, 4/23/2009, 9:47:02, "
	    "SMTPSVC1, MX, -, 47, 0, 40, 0, 0, -, -, 250 Ok, queued as 7,",
	    EVENT_LINE, DIR_IN, "250 Ok, queued as 7" },
	{ "192.0.2.7 - mail [18/Aug/2006:13:17:37 -0800] "
	    "\"MAIL -?+FROM:<a@example.org> SMTP\" 250 47", EVENT_EXCHANGE,
	    DIR_IN, "MAIL FROM:<a@example.org>" },
	{ "2026-11-23 10:00:00 192.0.2.7 - W3SVC1 WEB 10.0.0.5 80 GET / - 200 "
	    "0 210 22 0 HTTP/1.1 - - - -", EVENT_FOREIGN, DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_iis = {
	.name = "iis",
	.title = "logs of the SMTP service of IIS (W3C, MS IIS, NCSA)",
	.origin = "Microsoft IIS 4 to 10, Exchange 2000 and 2003",
	.traits = { .times_are_utc = true, .times_have_ms = false },
	.guessed = true,
	.idle = IDLE_MS,
	.whole_replies = true,
	.probe = iis_probe,
	.scan = iis_scan,
	.state_is_sound = iis_state_is_sound,
	.detail = iis_detail,
	.stream_of = iis_stream_of,
	.samples = iis_samples,
};
