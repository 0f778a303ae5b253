/*
 * hMailServer: columns in quotes with tabs between.
 *
 *   "SMTPD" 1208 1048 "2012-01-13 20:01:57.015" "192.0.2.7" "SENT: 220 mx"
 *   "DEBUG" 1208 "2012-01-13 20:01:57.390" "Ending session 1048"
 *
 * SMTPD is a session that came in, SMTPC one that went out; behind the thread,
 * which changes within a session, stands the session's number.  One counter
 * numbers the sessions of all kinds and starts anew with the service, so that
 * a number may come again: a greeting begins a session.  Quotes inside a text
 * stay as they are, so the last one of the line ends it.  The lines of a reply
 * are joined by `[nl]`.  Message text is not logged, passwords are `***`.
 * Times are local, and of different threads not always in order.
 */
#include "config.h"

#include "format/hmailserver.h"

#include "format/iso_stamp.h"

struct hmail_state {
	struct iso_minute minute;
};
_Static_assert(sizeof(struct hmail_state) <= FORMAT_STATE_MAX, "state fits");

/* --- columns ---------------------------------------------------------------- */

/* A column of digits, and the tab behind it. */
static bool
cut_number(struct slice *s, struct slice *digits)
{
	size_t n = 0;

	while (n < s->n && ascii_is_digit((unsigned char)s->p[n]))
		n++;
	*digits = slice_head(*s, n);
	if (n == 0 || n == s->n || s->p[n] != '\t')
		return false;
	*s = slice_from(*s, n + 1);
	return true;
}

/* A column in quotes that holds none, and the tab behind it. */
static bool
cut_quoted(struct slice *s, struct slice *text)
{
	ptrdiff_t end;

	if (s->n < 3 || s->p[0] != '"')
		return false;
	end = slice_find_char(slice_from(*s, 1), '"');
	if (end < 0 || (size_t)end + 2 >= s->n || s->p[end + 2] != '\t')
		return false;
	*text = slice_head(slice_from(*s, 1), (size_t)end);
	*s = slice_from(*s, (size_t)end + 3);
	return true;
}

/* The last column: up to the last quote, or what is left of a cut line. */
static struct slice
last_column(struct slice s)
{
	s = slice_from(s, 1);
	if (s.n && s.p[s.n - 1] == '"')
		s.n--;
	return s;
}

/* --- sessions --------------------------------------------------------------- */

/* Rarely as long as nine digits; whatever it is, it is its own key. */
static uint64_t
key_of(struct slice digits)
{
	uint64_t v;

	return digits.n < 16 && slice_to_u64(digits, &v) ? v + 1 :
	    slice_hash(digits, 1) | UINT64_C(1) << 63;
}

static void
scan_text(struct slice s, bool client, struct event *ev)
{
	static const struct slice sent = { "SENT: ", 6 };
	static const struct slice received = { "RECEIVED: ", 10 };

	if (slice_starts(s, sent)) {
		ev->kind = EVENT_LINE;
		ev->dir = DIR_OUT;
		s = slice_from(s, sent.n);
	} else if (slice_starts(s, received)) {
		ev->kind = EVENT_LINE;
		ev->dir = DIR_IN;
		s = slice_from(s, received.n);
	} else {
		ev->kind = EVENT_NOTE;
	}
	ev->text = s;
	if (slice_find_char(s, '[') >= 0)
		ev->flags |= EVENT_NL;
	if (ev->dir == (client ? DIR_IN : DIR_OUT) &&
	    slice_starts(s, SLICE("220")))
		ev->flags |= EVENT_BEGINS;
}

static bool
scan_session(struct hmail_state *hs, struct slice s, bool client,
    struct event *ev)
{
	struct slice thread, time;

	if (!cut_number(&s, &thread) || !cut_number(&s, &ev->id) ||
	    !cut_quoted(&s, &time) || !cut_quoted(&s, &ev->peer) ||
	    s.n == 0 || s.p[0] != '"' || !iso_stamp(&hs->minute, time,
	    &ev->time))
		return false;
	ev->key = key_of(ev->id);
	ev->side = client ? SIDE_CLIENT : SIDE_SERVER;
	scan_text(last_column(s), client, ev);
	return true;
}

/* The number behind `mark`; empty when there is none. */
static struct slice
number_behind(struct slice text, struct slice mark)
{
	ptrdiff_t at = slice_find(text, mark);
	size_t n = 0;

	if (at < 0)
		return SLICE_NONE;
	text = slice_from(text, (size_t)at + mark.n);
	while (n < text.n && ascii_is_digit((unsigned char)text.p[n]))
		n++;
	return n ? slice_head(text, n) : SLICE_NONE;
}

/*
 * Lines without a column for the session: a few name it in their words.  Such
 * words come from the server, not from a stranger, where they stand at the
 * head of the text or behind an address.
 */
static bool
scan_remark(struct hmail_state *hs, struct slice s, struct event *ev)
{
	static const struct slice ending = { "Ending session ", 15 };
	static const struct slice handshake = { "TCPConnection - TLS/SSL "
		"handshake completed. Session Id: ", 57 };
	struct slice thread, time, number = SLICE_NONE;

	if (!cut_number(&s, &thread) || !cut_quoted(&s, &time) || s.n == 0 ||
	    s.p[0] != '"' || !iso_stamp(&hs->minute, time, &ev->time))
		return false;
	ev->text = last_column(s);
	if (slice_starts(ev->text, ending)) {
		number = slice_from(ev->text, ending.n);
		ev->kind = EVENT_CLOSE;
	} else if (slice_starts(ev->text, handshake)) {
		number = number_behind(ev->text, SLICE(" Session Id: "));
		ev->kind = EVENT_TLS;
		ev->context = ev->text;
	} else if (slice_starts(ev->text, SLICE("The read operation failed.")) ||
	    slice_starts(ev->text, SLICE("The write operation failed."))) {
		number = number_behind(ev->text, SLICE(", Session: "));
		ev->kind = EVENT_NOTE;
	}
	if (!number.n || !ascii_is_digit((unsigned char)number.p[0]))
		return false;
	ev->key = key_of(number);
	ev->flags |= EVENT_JOINS;
	return true;
}

static size_t
hmail_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev)
{
	struct hmail_state *hs = (void *)st->bytes;
	size_t whole = line.n;
	bool good = false;

	(void)fm;
	event_clear(ev);
	if (slice_starts(line, SLICE("\xef\xbb\xbf")))
		line = slice_from(line, 3);
	if (line.n == 0)
		ev->kind = EVENT_META;
	else if (slice_starts(line, SLICE("\"SMTPD\"\t")) ||
	    slice_starts(line, SLICE("\"SMTPC\"\t")))
		good = scan_session(hs, slice_from(line, 8), line.p[5] == 'C',
		    ev);
	else if (slice_starts(line, SLICE("\"DEBUG\"\t")) ||
	    slice_starts(line, SLICE("\"TCPIP\"\t")))
		good = scan_remark(hs, slice_from(line, 8), ev);
	if (line.n && !good)
		event_clear(ev);
	return whole;
}

/* --- the format ------------------------------------------------------------- */

/* A line of any of the server's parts. */
static bool
is_line(struct slice line)
{
	static const struct slice kinds[] = {
		{ "\"SMTPD\"\t", 8 }, { "\"SMTPC\"\t", 8 },
		{ "\"TCPIP\"\t", 8 }, { "\"DEBUG\"\t", 8 },
		{ "\"APPLICATION\"\t", 14 }, { "\"ERROR\"\t", 8 },
		{ "\"POP3D\"\t", 8 }, { "\"POP3C\"\t", 8 },
		{ "\"IMAPD\"\t", 8 },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (slice_starts(line, kinds[i]))
			return line.n > kinds[i].n && ascii_is_digit(
			    (unsigned char)line.p[kinds[i].n]);
	return false;
}

#define PROBE_LINES 200

static bool
hmail_state_is_sound(const struct format_state *st)
{
	const struct hmail_state *hs = (const void *)st->bytes;

	return iso_minute_is_sound(&hs->minute);
}

static int
hmail_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	unsigned lines = 0, good = 0, smtp = 0;
	struct slice line;

	(void)hint;
	(void)traits;
	while (lines < PROBE_LINES && slice_cut(&head, '\n', &line)) {
		struct event ev;

		if (line.n == 0 || line.p[0] == '\r')
			continue;
		lines++;
		good += is_line(line);
		hmail_scan(fm, st, line, &ev);
		smtp += ev.kind == EVENT_LINE;
	}
	err_set(why, "%u of %u lines are of hMailServer, %u of them SMTP", good,
	    lines, smtp);
	/* A log of POP3 and IMAP alone holds no session for us, yet. */
	return lines ? (int)(good * (smtp ? 98 : 60) / lines) : 0;
}

/* hmailserver_2012-01-13.log, hmailserver_SMTP_2012-01-13.log */
static struct slice
hmail_stream_of(const struct format *fm, struct slice name)
{
	size_t n = 0;

	(void)fm;
	while (n < name.n && !ascii_is_digit((unsigned char)name.p[n]))
		n++;
	return n && n < name.n && name.p[n - 1] == '_' ? slice_head(name, n) :
	    SLICE_NONE;
}

#define D "\"SMTPD\"\t1208\t1048\t\"2012-01-13 20:01:57.015\"\t\"192.0.2.7\"\t"
#define C "\"SMTPC\"\t1208\t1048\t\"2012-01-13 20:01:57.015\"\t\"192.0.2.7\"\t"
#define DEBUG "\"DEBUG\"\t1208\t\"2012-01-13 20:01:57.390\"\t"

static const struct format_sample hmail_samples[] = {
	{ D "\"SENT: 220 mx.example.org ESMTP\"", EVENT_LINE, DIR_OUT,
	    "220 mx.example.org ESMTP" },
	{ D "\"RECEIVED: RCPT TO:<\"a b\"@example.org>\"", EVENT_LINE, DIR_IN,
	    "RCPT TO:<\"a b\"@example.org>" },
	{ C "\"RECEIVED: 250-mx.example.net[nl]250-SIZE 9[nl]250 HELP\"",
	    EVENT_LINE, DIR_IN, "250-mx.example.net SIZE 9 HELP" },
	{ DEBUG "\"Ending session 1048\"", EVENT_CLOSE, DIR_NONE, NULL },
	{ DEBUG "\"Creating session 1048\"", EVENT_FOREIGN, DIR_NONE, NULL },
	{ "\"APPLICATION\"\t1208\t\"2012-01-13 20:01:57.390\"\t\"Starting.\"",
	    EVENT_FOREIGN, DIR_NONE, NULL },
	{ "\"POP3D\"\t1\t2\t\"2012-01-13 20:01:57.390\"\t\"192.0.2.7\"\t"
	    "\"SENT: +OK\"", EVENT_FOREIGN, DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_hmailserver = {
	.name = "hmailserver",
	.title = "log of hMailServer",
	.origin = "hMailServer 4 and 5",
	.traits = { .times_are_utc = false, .times_have_ms = true },
	.whole_replies = true,
	.probe = hmail_probe,
	.scan = hmail_scan,
	.state_is_sound = hmail_state_is_sound,
	.stream_of = hmail_stream_of,
	.samples = hmail_samples,
};
