/*
 * Dialects of libraries: PHPMailer, JavaMail, MailKit, nodemailer and
 * smtp-server, aiosmtpd, smtplib, go-mail; and `C:` and `S:` as people write
 * them by hand.
 */
#include "config.h"

#include "format/dialect.h"

/* --- C: and S: (MailKit, by hand) ------------------------------------------- */

bool
dialect_roles(struct slice s, struct transcript_state *ts, struct event *ev)
{
	struct slice rest = s;

	(void)ts;
	dialect_stamp(&rest, &ev->time);
	if (slice_starts(rest, SLICE("Connected to smtp"))) {
		ptrdiff_t at = slice_find(rest, SLICE("://"));
		size_t n = 0;

		rest = slice_from(rest, at > 0 ? (size_t)at + 3 : rest.n);
		while (n < rest.n && rest.p[n] != '/')
			n++;
		ev->peer = slice_head(rest, n);
		return dialect_note(ev, EVENT_OPEN, s);
	}
	if (dialect_skip(&rest, "S: "))
		return dialect_line(ev, DIR_IN, rest);
	if (dialect_skip(&rest, "C: ") || slice_eq(rest, SLICE("C:")))
		return dialect_line(ev, DIR_OUT, slice_eq(rest, SLICE("C:")) ?
		    SLICE("") : rest);
	return false;
}

/* --- PHPMailer --------------------------------------------------------------- */

static struct slice
without_break(struct slice s)
{
	static const char *const breaks[] = { "<br>", "<br />", "<br/>" };

	s = slice_trim(s);
	for (size_t i = 0; i < 3; i++) {
		struct slice b = slice_of(breaks[i]);

		if (s.n >= b.n && slice_eq(slice_from(s, s.n - b.n), b))
			return slice_trim(slice_head(s, s.n - b.n));
	}
	return s;
}

/* Further lines of a reply are indented, with a TAB among the blanks. */
static bool
phpmailer_more(struct slice s, struct event *ev)
{
	size_t n = 0;
	bool tab = false;

	while (n < s.n && ascii_is_blank((unsigned char)s.p[n]))
		tab = s.p[n++] == '\t' || tab;
	s = without_break(slice_from(s, n));
	if (!tab || n < 8 || !dialect_is_talk(s))
		return false;
	return dialect_line(ev, DIR_IN, s);
}

bool
dialect_phpmailer(struct slice s, struct transcript_state *ts,
    struct event *ev)
{
	struct slice rest, whole;

	(void)ts;
	if (phpmailer_more(s, ev))
		return true;
	rest = s = without_break(s);
	dialect_stamp(&rest, &ev->time);
	whole = rest = slice_trim(rest);
	if (dialect_skip(&rest, "SERVER -> CLIENT:"))
		return dialect_line(ev, DIR_IN, slice_trim(rest));
	if (dialect_skip(&rest, "CLIENT -> SERVER:"))
		return dialect_line(ev, DIR_OUT, slice_trim(rest));
	if (dialect_skip(&rest, "Connection: opening to ")) {
		ptrdiff_t comma = slice_find_char(rest, ',');

		ev->peer = comma > 0 ? slice_head(rest, (size_t)comma) : rest;
		return dialect_note(ev, EVENT_ATTEMPT, whole);
	}
	if (slice_starts(rest, SLICE("Connection: opened")))
		return dialect_note(ev, EVENT_OPEN, rest);
	if (slice_starts(rest, SLICE("Connection: closed")))
		return dialect_note(ev, EVENT_CLOSE, rest);
	if (slice_starts(rest, SLICE("Connection: ")) ||
	    slice_starts(rest, SLICE("SMTP connect() failed")))
		return dialect_note(ev, EVENT_NOTE, rest);
	if (slice_starts(rest, SLICE("SMTP ERROR: ")) ||
	    slice_starts(rest, SLICE("SMTP -> ")) ||
	    slice_starts(rest, SLICE("SMTP NOTICE: ")) ||
	    slice_starts(rest, SLICE("SMTP INBOUND: ")))
		return dialect_note(ev, EVENT_NOTE, rest);
	return false;
}

/* --- JavaMail ---------------------------------------------------------------- */

static struct slice
quoted(struct slice s)
{
	ptrdiff_t from = slice_find_char(s, '"'), to;

	if (from < 0)
		return SLICE_NONE;
	s = slice_from(s, (size_t)from + 1);
	to = slice_find_char(s, '"');
	return to < 0 ? SLICE_NONE : slice_head(s, (size_t)to);
}

bool
dialect_javamail(struct slice s, struct transcript_state *ts, struct event *ev)
{
	struct slice rest = s;
	bool smtp = dialect_skip(&rest, "DEBUG SMTP: ") ||
	    dialect_skip(&rest, "DEBUG SMTPS: ");

	(void)ts;
	if (!smtp && !slice_starts(s, SLICE("DEBUG: ")))
		return false;
	if (slice_starts(rest, SLICE("trying to connect to host "))) {
		ev->peer = quoted(rest);
		return dialect_note(ev, EVENT_ATTEMPT, s);
	}
	if (slice_starts(rest, SLICE("connected to host ")))
		return dialect_note(ev, EVENT_OPEN, s);
	/* What was said is left out, but said it was. */
	return dialect_note(ev, EVENT_NOTE, s);
}

/* --- nodemailer, smtp-server --------------------------------------------------- */

/* [id] at the head of *s. */
static bool
bracketed(struct slice *s, struct slice *id)
{
	ptrdiff_t end = slice_find_char(*s, ']');

	if (s->n < 3 || s->p[0] != '[' || end < 2)
		return false;
	*id = slice_from(slice_head(*s, (size_t)end), 1);
	*s = slice_trim(slice_from(*s, (size_t)end + 1));
	return true;
}

static bool
node_remark(struct slice s, struct event *ev)
{
	struct slice rest = s;

	dialect_skip(&rest, "SMTP ");
	if (dialect_skip(&rest, "Connection from ")) {
		ev->peer = slice_trim(rest);
		return dialect_note(ev, EVENT_OPEN, s);
	}
	/* Who left before the look-up of the name is named only here. */
	if (slice_starts(s, SLICE("Connection closed to "))) {
		ev->peer = slice_trim(slice_from(s, 21));
		return dialect_note(ev, EVENT_CLOSE, s);
	}
	/* The answer of a look-up may come when the client has gone. */
	if (slice_starts(s, SLICE("Reverse resolve for "))) {
		ev->flags |= EVENT_JOINS;
		return dialect_note(ev, EVENT_NOTE, s);
	}
	if (slice_starts(s, SLICE("Connection closed")) ||
	    slice_starts(s, SLICE("Closing connection")))
		return dialect_note(ev, EVENT_CLOSE, s);
	return dialect_note(ev, EVENT_NOTE, s);
}

/*
 * [2026-11-25 10:00:00] DEBUG [#id] S: 220 ready.  nodemailer, the client, has
 * the id of its own session first and a second one behind it.  smtp-server
 * writes the further lines of a reply without `S:`.
 */
bool
dialect_nodemailer(struct slice s, struct transcript_state *ts,
    struct event *ev)
{
	struct slice rest = s, stamp, id, more;
	bool client;
	size_t n = 0;

	(void)ts;
	if (!bracketed(&rest, &stamp) || !dialect_stamp(&stamp, &ev->time))
		return false;
	while (n < rest.n && rest.p[n] >= 'A' && rest.p[n] <= 'Z')
		n++;
	rest = slice_trim(slice_from(rest, n));
	if (n < 4 || !bracketed(&rest, &id))
		return false;
	client = bracketed(&rest, &more);
	ev->key = slice_hash(id, 7) | 2;
	ev->id = id.p[0] == '#' ? slice_from(id, 1) : id;
	ev->side = client ? SIDE_CLIENT : SIDE_SERVER;
	if (dialect_skip(&rest, "S: "))
		return dialect_line(ev, client ? DIR_IN : DIR_OUT, rest);
	if (dialect_skip(&rest, "C: "))
		return dialect_line(ev, client ? DIR_OUT : DIR_IN, rest);
	if (rest.n >= 4 && dialect_is_talk(rest) &&
	    ascii_is_digit((unsigned char)rest.p[0]))
		return dialect_line(ev, client ? DIR_IN : DIR_OUT, rest);
	return node_remark(rest, ev);
}

/* --- aiosmtpd, smtplib ------------------------------------------------------------ */

/* b'...' or '...' or "...", whole: the inside without a last \r\n. */
static bool
literal(struct slice s, struct slice *inside)
{
	char quote;

	s = slice_trim(s);
	if (s.n && s.p[0] == 'b')
		s = slice_from(s, 1);
	if (s.n < 2 || (s.p[0] != '\'' && s.p[0] != '"'))
		return false;
	quote = s.p[0];
	if (s.p[s.n - 1] != quote)
		return false;
	s = slice_from(slice_head(s, s.n - 1), 1);
	if (s.n >= 4 && slice_eq(slice_from(s, s.n - 4), SLICE("\\r\\n")))
		s = slice_head(s, s.n - 4);
	*inside = s;
	return true;
}

static bool
literal_line(struct event *ev, enum event_dir dir, struct slice s)
{
	struct slice inside;

	if (!literal(s, &inside))
		return false;
	ev->flags |= EVENT_REPR;
	return dialect_line(ev, dir, inside);
}

/* What makes another key of a key of aiosmtpd. */
#define LAST_WORDS UINT64_C(0x5a5a00000000)

/* `, 40000` at the head of *s, to which IPv6 adds more. */
static bool
skip_port(struct slice *s)
{
	size_t n = 0;

	if (!dialect_skip(s, ", "))
		return false;
	while (n < s->n && ascii_is_digit((unsigned char)s->p[n]))
		n++;
	*s = slice_from(*s, n);
	return n > 0;
}

/* ('127.0.0.1', 40000) at the head of *s. */
static bool
peer_tuple(struct slice *s, struct event *ev)
{
	ptrdiff_t end = slice_find_char(*s, ')'), quote;
	struct slice inside, rest;

	if (!slice_starts(*s, SLICE("('")) || end < 4)
		return false;
	inside = slice_from(slice_head(*s, (size_t)end), 2);
	quote = slice_find_char(inside, '\'');
	if (quote < 1)
		return false;
	ev->peer = slice_head(inside, (size_t)quote);
	rest = slice_from(inside, (size_t)quote + 1);
	if (skip_port(&rest))
		ev->peer = slice_head(inside, (size_t)(rest.p - inside.p));
	ev->key = slice_hash(slice_head(*s, (size_t)end), 8) | 2;
	ev->id = slice_from(slice_head(*s, (size_t)end), 1);
	*s = slice_trim(slice_from(*s, (size_t)end + 1));
	return true;
}

/*
 * Behind whatever the logger puts first: ('ip', port) >> b'line' from the
 * client, << b'line' to it.  These arrows are the other way round than with
 * everybody else.
 */
bool
dialect_aiosmtpd(struct slice s, struct transcript_state *ts, struct event *ev)
{
	struct slice rest = s;
	ptrdiff_t at = slice_find(s, SLICE("('"));

	(void)ts;
	dialect_stamp(&rest, &ev->time);
	if (at < 0 || at > 120)
		return false;
	rest = slice_from(s, (size_t)at);
	if (!peer_tuple(&rest, ev))
		return false;
	ev->side = SIDE_SERVER;
	if (dialect_skip(&rest, ">> "))
		return literal_line(ev, DIR_IN, rest);
	if (dialect_skip(&rest, "<< "))
		return literal_line(ev, DIR_OUT, rest);
	if (slice_starts(rest, SLICE("handling connection"))) {
		ev->flags |= EVENT_LINK;
		ev->link = ev->key ^ LAST_WORDS;
		return dialect_note(ev, EVENT_OPEN, rest);
	}
	if (slice_starts(rest, SLICE("connection lost")))
		return dialect_note(ev, EVENT_CLOSE, rest);
	/* It comes before that, or behind it: the session waits for it. */
	if (slice_starts(rest, SLICE("Connection lost during "))) {
		ev->flags |= EVENT_UNLINK | EVENT_JOINS;
		ev->key ^= LAST_WORDS;
		return dialect_note(ev, EVENT_NOTE, rest);
	}
	return dialect_note(ev, EVENT_NOTE, rest.n ? rest : ev->id);
}

/* connect: ('h', 25); send: '...'; reply: b'...'; level 2 with a clock. */
bool
dialect_smtplib(struct slice s, struct transcript_state *ts, struct event *ev)
{
	struct slice rest = s;

	(void)ts;
	dialect_stamp(&rest, &ev->time);
	rest = slice_trim(rest);
	if (slice_starts(rest, SLICE("connect: to "))) {
		return dialect_note(ev, EVENT_NOTE, rest);
	} else if (dialect_skip(&rest, "connect: ")) {
		struct event names = *ev;

		if (!peer_tuple(&rest, &names))
			return dialect_note(ev, EVENT_NOTE, s);
		ev->peer = names.peer;
		return dialect_note(ev, EVENT_ATTEMPT, s);
	}
	if (dialect_skip(&rest, "send: "))
		return literal_line(ev, DIR_OUT, rest);
	if (slice_starts(rest, SLICE("reply: retcode (")) ||
	    slice_starts(rest, SLICE("data: (")))
		return dialect_note(ev, EVENT_NOTE, rest);
	if (dialect_skip(&rest, "reply: "))
		return literal_line(ev, DIR_IN, rest);
	return false;
}

/* --- go-mail -------------------------------------------------------------------- */

bool
dialect_gomail(struct slice s, struct transcript_state *ts, struct event *ev)
{
	struct slice rest = s;

	(void)ts;
	dialect_stamp(&rest, &ev->time);
	rest = slice_trim(rest);
	dialect_skip(&rest, "DEBUG: ");
	if (dialect_skip(&rest, "C --> S: "))
		return dialect_line(ev, DIR_OUT, rest);
	if (dialect_skip(&rest, "C <-- S: "))
		return dialect_line(ev, DIR_IN, rest);
	return false;
}
