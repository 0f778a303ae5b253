/*
 * OpenSMTPD: the stream of reports that smtpd writes to its filters, as one
 * that copies its standard input keeps it.
 *
 *   report|0.7|1576146008.006099|smtp-in|protocol-client|7641df9771b4ed00|QUIT
 *
 * A filter registers for the events that it wants.  With protocol-client and
 * protocol-server the dialogue is there, and what other events tell of it is
 * told for the second time; without, those others are all there is.  Message
 * text is not reported, but the dot that ends it.  smtpd writes what a filter
 * says on standard error into its own log, so that lines may stand in a frame
 * of syslog; their own times are the better ones.
 */
#include "config.h"

#include "format/opensmtpd_report.h"

#include "format/opensmtpd_report_line.h"
#include "format/syslog.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

struct report_state {
	struct syslog_state syslog;      /* first: by its contract */
	uint8_t spoken;                  /* what is said is reported, too: not a
	                                    bool, since any byte may come from a
	                                    file */
};
_Static_assert(sizeof(struct report_state) <= FORMAT_STATE_MAX, "state fits");

/* --- events that tell in words --------------------------------------------- */

static void
tell(struct event *ev, unsigned says, enum smtp_verb verb, unsigned code)
{
	ev->kind = EVENT_REPORT;
	ev->says = (uint16_t)(says | SAYS_ECHO);
	ev->verb = (uint8_t)verb;
	ev->code = (uint16_t)code;
}

/* A result's code: only the class of what was refused is told. */
static unsigned
code_of(struct slice result, unsigned fine)
{
	if (slice_eq(result, SLICE("ok")) || slice_eq(result, SLICE("pass")))
		return fine;
	return slice_eq(result, SLICE("tempfail")) ||
	    slice_eq(result, SLICE("error")) ? 4 : 5;
}

/* What a transaction's event is about: its result, and an address if any. */
struct outcome {
	struct slice message, result, about;
};

static bool
cut_outcome(const struct osmtpd_report *r, bool address, struct outcome *o)
{
	struct slice s = r->rest;

	*o = (struct outcome){ .about = SLICE_NONE };
	if (!slice_cut(&s, '|', &o->message))
		return false;
	if (address)
		return osmtpd_report_result(r, 6, s, &o->result, &o->about);
	o->result = s;
	return true;
}

static void
scan_connect(const struct osmtpd_report *r, struct event *ev)
{
	struct slice from, to;

	ev->kind = EVENT_OPEN;
	ev->flags &= (uint16_t)~EVENT_JOINS;
	if (!osmtpd_report_ends(r, &from, &to))
		return;
	ev->peer = r->out ? to : from;
	ev->local = r->out ? from : to;
}

static void
scan_identify(const struct osmtpd_report *r, struct event *ev)
{
	char first = r->rest.n ? r->rest.p[0] : '\0';

	tell(ev, SAYS_HELO, first == 'H' ? VERB_HELO : first == 'L' ?
	    VERB_LHLO : VERB_EHLO, 0);
}

static void
scan_auth(const struct osmtpd_report *r, struct event *ev)
{
	struct slice result, user;
	unsigned code;

	if (!osmtpd_report_result(r, 7, r->rest, &result, &user))
		return;
	code = code_of(result, 0);
	tell(ev, code ? 0 : SAYS_USER, VERB_AUTH, code);
}

static void
scan_tls(const struct osmtpd_report *r, struct event *ev)
{
	(void)r;
	tell(ev, SAYS_TLS, VERB_NONE, 0);
}

static void
scan_mail(const struct osmtpd_report *r, struct event *ev)
{
	struct outcome o;

	if (cut_outcome(r, true, &o))
		tell(ev, SAYS_FROM | SAYS_TRANSACTION, VERB_MAIL,
		    code_of(o.result, 0));
}

static void
scan_rcpt(const struct osmtpd_report *r, struct event *ev)
{
	struct outcome o;

	if (cut_outcome(r, true, &o))
		tell(ev, SAYS_TO, VERB_RCPT, code_of(o.result, 250));
}

static void
scan_data(const struct osmtpd_report *r, struct event *ev)
{
	struct outcome o;

	if (cut_outcome(r, false, &o))
		tell(ev, SAYS_TRANSACTION, VERB_DATA, code_of(o.result, 0));
}

static void
scan_commit(const struct osmtpd_report *r, struct event *ev)
{
	(void)r;
	tell(ev, SAYS_DONE, VERB_DATA, 250);
}

static void
scan_timeout(const struct osmtpd_report *r, struct event *ev)
{
	(void)r;
	tell(ev, SAYS_LOST, VERB_NONE, 0);
}

static void
scan_disconnect(const struct osmtpd_report *r, struct event *ev)
{
	(void)r;
	ev->kind = EVENT_CLOSE;
}

static enum smtp_verb
verb_of_phase(struct slice phase)
{
	static const struct { struct slice name; enum smtp_verb verb; }
	    phases[] = {
		{ { "connected", 9 }, VERB_CONNECT },
		{ { "helo", 4 }, VERB_HELO }, { { "ehlo", 4 }, VERB_EHLO },
		{ { "tls", 3 }, VERB_STARTTLS }, { { "auth", 4 }, VERB_AUTH },
		{ { "mail-from", 9 }, VERB_MAIL },
		{ { "rcpt-to", 7 }, VERB_RCPT },
		{ { "data", 4 }, VERB_DATA }, { { "commit", 6 }, VERB_DATA },
		{ { "rset", 4 }, VERB_RSET }, { { "quit", 4 }, VERB_QUIT },
		{ { "noop", 4 }, VERB_NOOP },
	};

	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
		if (slice_eq(phase, phases[i].name))
			return phases[i].verb;
	return VERB_NONE;
}

/* PHASE|reject|550 text, PHASE|disconnect|421 text; true when it refuses. */
static bool
cut_refusal(struct slice params, struct slice *phase, struct reply *reply)
{
	struct slice response;

	return slice_cut(&params, '|', phase) &&
	    slice_cut(&params, '|', &response) &&
	    (slice_eq(response, SLICE("reject")) ||
	    slice_eq(response, SLICE("disconnect"))) &&
	    reply_parse(params, reply);
}

/* It stands before the reply that it leads to, which may be the first of all. */
static void
scan_response(const struct osmtpd_report *r, bool spoken, struct event *ev)
{
	struct slice phase;
	struct reply reply;

	if (spoken || !cut_refusal(r->rest, &phase, &reply))
		return;
	tell(ev, 0, verb_of_phase(phase), reply.code);
	ev->enhanced = reply.enhanced;
}

/* --- lines ------------------------------------------------------------------- */

static void
scan_said(const struct osmtpd_report *r, bool client, struct event *ev)
{
	ev->kind = EVENT_LINE;
	ev->flags &= (uint16_t)~EVENT_JOINS;
	ev->dir = client == r->out ? DIR_OUT : DIR_IN;
	ev->text = r->rest;
	ev->context = SLICE_NONE;
}

static void
scan_client(const struct osmtpd_report *r, struct event *ev)
{
	scan_said(r, true, ev);
}

static void
scan_server(const struct osmtpd_report *r, struct event *ev)
{
	scan_said(r, false, ev);
}

/* What the server asks a filter: it may hold message text, and secrets. */
static void
scan_question(const struct osmtpd_report *r, struct event *ev)
{
	ev->kind = EVENT_TRACE;
	if (slice_eq(r->event, SLICE("auth")))
		ev->text = SLICE_NONE;
}

/* What is not here is a note: of it nothing follows. */
static const struct {
	struct slice name;
	void (*scan)(const struct osmtpd_report *r, struct event *ev);
} events[] = {
	{ { "protocol-server", 15 }, scan_server },
	{ { "protocol-client", 15 }, scan_client },
	{ { "tx-rcpt", 7 }, scan_rcpt },
	{ { "tx-mail", 7 }, scan_mail },
	{ { "tx-data", 7 }, scan_data },
	{ { "tx-commit", 9 }, scan_commit },
	{ { "link-connect", 12 }, scan_connect },
	{ { "link-disconnect", 15 }, scan_disconnect },
	{ { "link-identify", 13 }, scan_identify },
	{ { "link-tls", 8 }, scan_tls },
	{ { "link-auth", 9 }, scan_auth },
	{ { "timeout", 7 }, scan_timeout },
};

static void
scan_report(const struct osmtpd_report *r, bool spoken, struct event *ev)
{
	ev->time = r->time;
	ev->key = r->key;
	ev->id = r->id;
	ev->side = r->out ? SIDE_CLIENT : SIDE_SERVER;
	ev->text = r->rest.n ? r->rest : r->event;
	ev->context = r->rest.n ? r->event : SLICE_NONE;
	ev->kind = EVENT_NOTE;
	ev->flags = EVENT_JOINS;
	if (r->asks) {
		scan_question(r, ev);
		return;
	}
	if (slice_eq(r->event, SLICE("filter-response"))) {
		scan_response(r, spoken, ev);
		return;
	}
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (slice_eq(r->event, events[i].name)) {
			events[i].scan(r, ev);
			break;
		}
}

/* --- the format --------------------------------------------------------------- */

/*
 * The report in a line: all of it, or behind a frame of syslog, in which smtpd
 * names the filter first.
 */
static bool
cut(struct report_state *rs, struct slice line, struct osmtpd_report *r,
    bool *new_year)
{
	struct syslog_line sl;
	ptrdiff_t colon;

	*new_year = false;
	if (osmtpd_report_cut(line, r))
		return true;
	if (!syslog_cut(&rs->syslog, line, &sl))
		return false;
	*new_year = sl.new_year;
	if (osmtpd_report_cut(sl.text, r))
		return true;
	colon = slice_find_char(sl.text, ' ');
	return colon > 1 && sl.text.p[colon - 1] == ':' &&
	    osmtpd_report_cut(slice_from(sl.text, (size_t)colon + 1), r);
}

static size_t
report_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev)
{
	struct report_state *rs = (void *)st->bytes;
	struct osmtpd_report r;
	bool new_year;

	(void)fm;
	event_clear(ev);
	if (cut(rs, line, &r, &new_year))
		scan_report(&r, rs->spoken != 0, ev);
	else if (line.n == 0 || osmtpd_report_is_config(line))
		ev->kind = EVENT_META;
	if (new_year)
		ev->flags |= EVENT_STATE;
	return line.n;
}

static void
detail_outcome(const struct osmtpd_report *r, const struct event *ev,
    struct detail *d)
{
	struct outcome o;

	if (!cut_outcome(r, ev->verb != VERB_DATA, &o))
		return;
	d->queue = o.message;
	if (ev->says & SAYS_FROM)
		d->from = o.about;
	else if (ev->says & SAYS_TO)
		d->to = o.about;
	else if (ev->says & SAYS_DONE)
		d->has_size = slice_to_u64(o.result, &d->size);
	d->final = !(ev->says & SAYS_TO) && ev->code;
}

static void
report_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct report_state rs;
	struct osmtpd_report r;
	struct reply reply;
	struct slice word;
	bool new_year;

	(void)fm;
	memcpy(&rs, st->bytes, sizeof rs);
	if (!cut(&rs, line, &r, &new_year))
		return;
	if (slice_starts(r.event, SLICE("tx-")))
		detail_outcome(&r, ev, d);
	else if (ev->says & SAYS_TLS)
		d->tls = r.rest;
	else if (ev->says & SAYS_USER)
		osmtpd_report_result(&r, 7, r.rest, &word, &d->user);
	else if ((ev->says & SAYS_HELO) && slice_cut(&r.rest, '|', &word))
		d->helo = r.rest;
	else if (ev->code && cut_refusal(r.rest, &word, &reply))
		d->reply = reply.text;
}

#define PROBE_LINES 300

static int
report_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct report_state *rs = (void *)st->bytes;
	struct format_traits ignored;
	struct format_state seen = { .bytes = { 0 } };
	unsigned lines = 0, good = 0, config = 0;
	struct slice line, rest = head;

	(void)traits;
	syslog_begin(&rs->syslog, head, hint, &ignored);
	while (lines < PROBE_LINES && slice_cut(&rest, '\n', &line)) {
		struct event ev;

		if (line.n == 0 || line.p[0] == '\r')
			continue;
		lines++;
		report_scan(fm, &seen, line, &ev);
		good += ev.kind != EVENT_FOREIGN && ev.kind != EVENT_META;
		config += ev.kind == EVENT_META;
		rs->spoken |= ev.kind == EVENT_LINE;
	}
	err_set(why, "%u of %u lines are what OpenSMTPD tells a filter", good,
	    lines);
	return good ? 60 + (int)((good + config) * 39 / lines) : 0;
}

#define AT(version, event) \
	"report|" version "|1576146008.006099|smtp-in|" event "|7641df9771b4ed00"
#define STAMP "Nov 26 10:00:00 mx smtpd[77]: keeper: "

static const struct format_sample report_samples[] = {
	{ "config|smtpd-version|7.4.0", EVENT_META, DIR_NONE, NULL },
	{ AT("0.7", "link-connect") "|mx.example.org|pass|192.0.2.7:4455|"
	    "192.0.2.1:25", EVENT_OPEN, DIR_NONE, NULL },
	{ AT("0.5", "protocol-client") "|MAIL FROM:<a|b@example.org>",
	    EVENT_LINE, DIR_IN, "MAIL FROM:<a|b@example.org>" },
	{ AT("0.7", "protocol-server") "|250 2.0.0 Ok", EVENT_LINE, DIR_OUT,
	    "250 2.0.0 Ok" },
	{ "report|0.7|1576146008.006099|smtp-out|protocol-server|"
	    "7641df9771b4ed00|250 2.0.0 Ok", EVENT_LINE, DIR_IN,
	    "250 2.0.0 Ok" },
	{ STAMP AT("0.7", "protocol-client") "|QUIT", EVENT_LINE, DIR_IN,
	    "QUIT" },
	{ AT("0.7", "tx-mail") "|4e2c1a00|ok|ann@example.org", EVENT_REPORT,
	    DIR_NONE, NULL },
	{ AT("0.7", "tx-rollback") "|4e2c1a00", EVENT_NOTE, DIR_NONE, NULL },
	{ AT("0.7", "link-disconnect"), EVENT_CLOSE, DIR_NONE, NULL },
	{ "filter|0.7|1576146008.006099|smtp-in|data-line|7641df9771b4ed00|"
	    "1ef1c203cc576e5d|250 text", EVENT_TRACE, DIR_NONE, NULL },
	{ "report|0.7|1576146008.006099|smtp-in|protocol-client|none|QUIT",
	    EVENT_FOREIGN, DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_opensmtpd_report = {
	.name = "opensmtpd-report",
	.title = "what OpenSMTPD reports to a filter",
	.origin = "OpenSMTPD 6.6 to 7",
	.traits = { .times_are_utc = true, .times_have_ms = true },
	/* The dot that ends it: what comes before is left out. */
	.bodies_logged = true,
	.sent_bodies_logged = true,
	.probe = report_probe,
	.scan = report_scan,
	.detail = report_detail,
	.samples = report_samples,
};
