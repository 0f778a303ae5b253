/*
 * What Exim says of connections: how they begin and end, what it refused.
 *
 * The class of a refusal is in the words (`rejected`, `temporarily rejected`);
 * a code stands there only where a configuration or a constant of Exim's put
 * it.  Codes that Exim always sends with certain words are taken for told:
 * 421 at a timeout and when there are too many connections, 554 when the
 * client did not wait.
 */
#include "config.h"

#include "format/exim_tell.h"

/* --- fields --------------------------------------------------------------- */

static void
take_host(struct exim_tale *t, const struct exim_host *h)
{
	if (t->host.end.n)
		return;
	t->host = *h;
	if (h->helo.p && t->side != SIDE_CLIENT) {
		t->d.helo = h->helo;
		t->says |= SAYS_HELO;
	}
}

/* "login:ann", "login:ann:sender"; "login" alone names nobody. */
static void
take_user(struct exim_tale *t, struct slice value)
{
	ptrdiff_t n = slice_find_char(value, ':');

	t->d.user = n < 0 ? slice_head(value, 0) :
	    slice_from(value, (size_t)n + 1);
	n = slice_find_char(t->d.user, ':');
	if (n >= 0)
		t->d.user = slice_head(t->d.user, (size_t)n);
	t->says |= SAYS_USER;
}

static void
take_field(struct exim_tale *t, struct slice key, struct slice value)
{
	struct reply r;
	bool outward = t->side == SIDE_CLIENT;

	if (key.n == 1) {
		switch (key.p[0]) {
		case 'X':
			if (!outward) {
				t->d.tls = value;
				t->says |= SAYS_TLS;
			}
			break;
		case 'A':
			if (!outward)
				take_user(t, value);
			break;
		case 'F':
			t->d.from = slice_eq(value, SLICE("<>")) ?
			    slice_head(value, 0) : value;
			break;
		case 'P':
			t->protocol = value;
			break;
		case 'S':
			t->d.has_size = slice_to_u64(value, &t->d.size);
			break;
		case 'U':
			t->caller = value;
			break;
		case 'I':
			t->d.server = value;
			break;
		case 'C':
			if (outward && reply_parse(value, &r)) {
				t->code = r.code;
				t->enhanced = r.enhanced;
				t->d.reply = r.text;
				t->verb = VERB_DATA;
			}
			break;
		default:
			break;
		}
	} else if (slice_eq(key, SLICE("Ci"))) {
		t->connection = value;
	} else if (slice_eq(key, SLICE("id")) || slice_eq(key, SLICE("id*"))) {
		t->d.message_id = value;
	}
}

void
exim_tell_fields(struct slice *s, struct exim_tale *t)
{
	struct slice key, value, rest;
	struct exim_host h;

	for (;;) {
		rest = *s;
		if (exim_cut_words(&rest, SLICE(" H=")) &&
		    exim_cut_host(&rest, &h)) {
			take_host(t, &h);
			*s = rest;
		} else if (exim_cut_field(s, &key, &value)) {
			take_field(t, key, value);
		} else if (!exim_cut_mark(s)) {
			return;
		}
	}
}

/* "H=host I=.. Ci=.." or the same without H=, or a caller; then fields. */
static bool
cut_source(struct slice *s, struct exim_tale *t)
{
	struct exim_host h;
	ptrdiff_t n;

	exim_cut_words(s, SLICE("TFO* "));
	exim_cut_words(s, SLICE("TFO "));
	exim_cut_words(s, SLICE("H="));
	t->about = EXIM_CONNECTION;
	t->side = SIDE_SERVER;
	if (exim_cut_host(s, &h)) {
		take_host(t, &h);
	} else {
		exim_cut_words(s, SLICE("U="));
		n = slice_find_char(*s, ' ');
		t->caller = slice_head(*s, n < 0 ? s->n : (size_t)n);
		*s = slice_from(*s, t->caller.n);
		if (!t->caller.n)
			return false;
	}
	exim_tell_fields(s, t);
	return true;
}

/* --- refusals ------------------------------------------------------------- */

void
exim_tell_reply(struct exim_tale *t, unsigned class, struct slice text)
{
	struct reply r;

	t->code = (uint16_t)class;
	t->enhanced = 0;
	t->d.reply = text;
	if (reply_parse(text, &r) && r.code / 100 == class) {
		t->code = r.code;
		t->enhanced = r.enhanced;
		t->d.reply = r.text;
	}
}

static void
refuse(struct exim_tale *t, unsigned code, struct slice text)
{
	t->kind = EVENT_REPORT;
	t->says |= SAYS_ENDS;
	t->code = (uint16_t)code;
	t->d.reply = text;
}

static void
end(struct exim_tale *t, bool lost)
{
	t->kind = EVENT_CLOSE;
	t->lost = lost;
}

/* What follows a colon and a blank; p == NULL: nothing does. */
static struct slice
behind_colon(struct slice s)
{
	ptrdiff_t n = slice_find(s, SLICE(": "));

	return n < 0 ? SLICE_NONE : slice_from(s, (size_t)n + 2);
}

/* The recipient of "RCPT <a@b>: text" and "RCPT a@b: text". */
static void
cut_rcpt(struct slice *s, struct exim_tale *t)
{
	struct slice to;

	if (!exim_cut_path(s, &to))
		to = exim_cut_address(s);
	t->d.to = to;
	t->says |= SAYS_TO;
}

/*
 * Behind "rejected " and all fields: which command, what for.  *s is put
 * behind the colon that ends the command.
 */
static void
cut_refused(struct slice *s, struct exim_tale *t)
{
	struct slice all = *s, path;

	if (exim_cut_words(s, SLICE("RCPT "))) {
		t->verb = VERB_RCPT;
		cut_rcpt(s, t);
	} else if (slice_starts(*s, SLICE("after DATA")) ||
	    slice_starts(*s, SLICE("during MIME")) ||
	    slice_starts(*s, SLICE("by local_scan"))) {
		t->verb = VERB_DATA;
		t->d.final = true;
	} else if (slice_starts(*s, SLICE("connection"))) {
		t->verb = VERB_CONNECT;
		end(t, false);
	} else if (slice_starts(*s, SLICE("EHLO or HELO"))) {
		t->verb = VERB_EHLO;
	} else if (exim_cut_words(s, SLICE("MAIL "))) {
		t->verb = VERB_MAIL;
		exim_cut_words(s, SLICE("FROM:"));
		if (exim_cut_path(s, &path)) {
			t->d.from = path;
			t->says |= SAYS_FROM;
		}
	} else {
		t->verb = (uint8_t)verb_parse(*s, NULL);
	}
	*s = behind_colon(*s);
	/* Neither the text nor the connection is a command. */
	if (t->verb == VERB_DATA || t->verb == VERB_CONNECT)
		return;
	t->d.command = s->p ? slice_head(all, (size_t)(s->p - all.p) - 2) :
	    all;
}

/* Behind the fields of "H=host ... F=<a@b> [temporarily ]rejected ...". */
static bool
tell_rejected(struct slice s, const struct exim_line *l, struct exim_tale *t)
{
	unsigned class = 5;
	enum event_kind kind;

	exim_cut_words(&s, SLICE(" "));
	if (exim_cut_words(&s, SLICE("temporarily ")))
		class = 4;
	if (!exim_cut_words(&s, SLICE("rejected ")))
		return false;
	if (t->d.from.p)
		t->says |= SAYS_FROM;
	t->kind = EVENT_REPORT;
	t->says |= SAYS_ENDS;
	cut_refused(&s, t);
	kind = t->kind;
	exim_tell_reply(t, class, s);
	t->kind = kind;
	if (t->d.final) {
		t->d.queue = l->id;
		t->says |= SAYS_DONE;
	}
	return true;
}

/* "(QUIT) from <a@b> for c@d e@f" */
static void
tell_incomplete(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n = slice_find(s, SLICE(") from "));

	t->kind = EVENT_REPORT;
	if (slice_starts(s, SLICE("(connection lost")))
		t->says |= SAYS_LOST;
	if (n < 0)
		return;
	s = slice_from(s, (size_t)n + 7);
	if (exim_cut_path(&s, &t->d.from))
		t->says |= SAYS_FROM | SAYS_DONE;
	if (exim_cut_words(&s, SLICE(" for "))) {
		t->d.to = exim_cut_address(&s);
		t->d.more_to = slice_trim(s);
		t->says |= SAYS_TO;
	}
}

/*
 * "H=..." of a connection, or of a host that a message was taken to: the words
 * behind the fields tell which.
 */
static void
tell_source(struct slice s, const struct exim_line *l, struct exim_tale *t)
{
	struct slice words;

	if (!cut_source(&s, t)) {
		t->about = l->id.n ? EXIM_MESSAGE : EXIM_NOTHING;
		return;
	}
	words = slice_trim(s);
	if (tell_rejected(s, l, t))
		return;
	if (exim_cut_words(&words, SLICE("incomplete transaction "))) {
		tell_incomplete(words, t);
	} else if (slice_starts(words, SLICE("dropped by"))) {
		end(t, false);
		t->says |= SAYS_REFUSED;
		t->verb = VERB_CONNECT;
		t->d.reply = behind_colon(words);
	} else if (slice_starts(words, SLICE("sender verify")) ||
	    slice_starts(words, SLICE("Warning:")) ||
	    slice_starts(words, SLICE("RCPT ")) || !l->id.n) {
		return;
	} else if (t->d.from.p && !t->host.has_port && t->protocol.n) {
		return;
	} else {
		/* A host that would not have the message, or not now. */
		t->about = EXIM_MESSAGE;
		t->side = SIDE_CLIENT;
		t->says = 0;
		t->d = (struct detail){ .delivery = true };
		if (exim_tell_remote(words, t) && t->code) {
			t->kind = EVENT_REPORT;
			t->d.queue = l->id;
			t->says |= t->d.to.p ? SAYS_TO : 0;
		}
	}
}

/* --- beginnings and ends -------------------------------------------------- */

/* Behind "SMTP connection[ Ci=..] from ". */
static void
tell_connection(struct slice s, struct exim_tale *t)
{
	if (!cut_source(&s, t)) {
		t->about = EXIM_NOTHING;
		return;
	}
	if (slice_find(s, SLICE("(TCP/IP connection count = ")) >= 0 ||
	    s.n == 0 || slice_eq(s, SLICE(" (via inetd)")) ||
	    slice_eq(s, SLICE(" (ODMR customer)"))) {
		t->kind = EVENT_OPEN;
		t->says |= SAYS_UP;
		t->daemon = s.n != 0;
		return;
	}
	exim_tell_fields(&s, t);         /* D=5s */
	s = slice_trim(s);
	end(t, slice_starts(s, SLICE("lost")) ||
	    slice_starts(s, SLICE("TFO lost")) ||
	    slice_starts(s, SLICE("closed after")));
	if (slice_starts(s, SLICE("lost while reading message data"))) {
		t->says |= SAYS_LOST;
		t->verb = VERB_DATA;
	}
}

/* Behind "SMTP call from ". */
static void
tell_call(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n;
	struct slice last;

	if (!cut_source(&s, t)) {
		t->about = EXIM_NOTHING;
		return;
	}
	s = slice_trim(s);
	if (!exim_cut_words(&s, SLICE("dropped: ")))
		return;
	refuse(t, 5, s);
	n = slice_find_char(s, '"');
	if (n >= 0) {
		last = slice_from(s, (size_t)n + 1);
		n = slice_find_char(last, '"');
		t->d.command = slice_head(last, n < 0 ? last.n : (size_t)n);
		t->verb = (uint8_t)verb_parse(t->d.command, NULL);
	}
	end(t, false);
}

/*
 * The last place where a quote is closed and a source follows: what the
 * client said stands in the quotes, with quotes of its own perhaps.
 */
static ptrdiff_t
end_of_quote(struct slice s)
{
	struct exim_host h;

	for (size_t i = s.n; i-- > 1;) {
		struct slice rest = slice_from(s, i);

		if (s.p[i] != '"')
			continue;
		if (exim_cut_words(&rest, SLICE("\" H=")) &&
		    exim_cut_host(&rest, &h))
			return (ptrdiff_t)i;
		if (slice_starts(rest, SLICE("\" U=")))
			return (ptrdiff_t)i;
	}
	return -1;
}

/* `"command" H=... words` behind "error in " and "rejected ". */
static bool
tell_quoted(struct slice s, struct exim_tale *t, unsigned code)
{
	ptrdiff_t n = end_of_quote(s);

	if (n < 1 || s.p[0] != '"')
		return false;
	t->d.command = slice_head(slice_from(s, 1), (size_t)n - 1);
	t->verb = (uint8_t)verb_parse(t->d.command, NULL);
	s = slice_from(s, (size_t)n + 2);
	if (!cut_source(&s, t))
		return false;
	refuse(t, code, slice_trim(s));
	return true;
}

/* "SMTP protocol synchronization error (...): rejected ...": 554, and gone. */
static void
tell_unsynchronised(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n = slice_find(s, SLICE("): rejected "));

	if (n < 0)
		return;
	s = slice_from(s, (size_t)n + 12);
	if (exim_cut_words(&s, SLICE("connection from "))) {
		t->verb = VERB_CONNECT;
		if (!cut_source(&s, t))
			return;
	} else if (!tell_quoted(s, t, 554)) {
		return;
	}
	refuse(t, 554, SLICE("SMTP synchronization error"));
	end(t, false);
}

static void
tell_timeout(struct slice s, struct exim_tale *t)
{
	bool data = slice_starts(s, SLICE("data"));
	ptrdiff_t n = slice_find(s, SLICE("connection from "));

	if (n < 0 || n > 64)
		return;
	s = slice_from(s, (size_t)n + 16);
	if (!cut_source(&s, t)) {
		t->about = EXIM_NOTHING;
		return;
	}
	refuse(t, 421, data ? SLICE("SMTP incoming data timeout") :
	    SLICE("SMTP command timeout"));
	if (data)
		t->verb = VERB_DATA;
	end(t, true);
}

/* Behind "SMTP ". */
static bool
tell_smtp(struct slice s, struct exim_tale *t)
{
	struct slice key, value;

	if (exim_cut_words(&s, SLICE("connection lost after final dot"))) {
		exim_cut_words(&s, SLICE(" "));
		if (!cut_source(&s, t))
			return false;
		t->says |= SAYS_LOST;
		t->verb = VERB_DATA;
		end(t, true);
	} else if (exim_cut_words(&s, SLICE("connection"))) {
		if (exim_cut_field(&s, &key, &value))
			t->connection = value;
		if (!exim_cut_words(&s, SLICE(" from ")))
			return false;
		tell_connection(s, t);
	} else if (exim_cut_words(&s, SLICE("call from "))) {
		tell_call(s, t);
	} else if (exim_cut_words(&s, SLICE("syntax error in ")) ||
	    exim_cut_words(&s, SLICE("protocol error in "))) {
		return tell_quoted(s, t, 5);
	} else if (slice_starts(s, SLICE("protocol synchronization error"))) {
		tell_unsynchronised(s, t);
	} else if (slice_starts(s, SLICE("command timeout")) ||
	    slice_starts(s, SLICE("data timeout"))) {
		tell_timeout(s, t);
	} else {
		return false;
	}
	return t->about != EXIM_NOTHING;
}

/* "no MAIL in [TFO ]SMTP connection from HOST D=0s C=EHLO,QUIT" */
static bool
tell_no_mail(struct slice s, struct exim_tale *t)
{
	exim_cut_words(&s, SLICE("TFO* "));
	exim_cut_words(&s, SLICE("TFO "));
	if (!exim_cut_words(&s, SLICE("SMTP connection from ")) ||
	    !cut_source(&s, t))
		return false;
	end(t, false);
	return true;
}

/* "unexpected disconnection while reading SMTP command from HOST D=1s" */
static bool
tell_unexpected(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n = slice_find(s, SLICE(" while reading SMTP command from "));

	if (n < 0 || n > 16)
		return false;
	s = slice_from(s, (size_t)n + 33);
	if (!cut_source(&s, t))
		return false;
	t->says |= SAYS_LOST;
	end(t, true);
	return true;
}

/* "NAME authenticator failed for HOST: 535 words (set_id=user)" */
static bool
tell_authenticator(struct slice s, struct exim_tale *t)
{
	static const struct slice failed = { " authenticator failed for ", 26 };
	ptrdiff_t n = slice_find_char(slice_head(s, 64), ' ');

	if (n <= 0)
		return false;
	s = slice_from(s, (size_t)n);
	if (!exim_cut_words(&s, failed) || !cut_source(&s, t))
		return false;
	exim_cut_words(&s, SLICE(": "));
	t->kind = EVENT_REPORT;
	t->verb = VERB_AUTH;
	exim_tell_reply(t, s.n && s.p[0] == '4' ? 4 : 5, s);
	return true;
}

/* "refused connection from HOST ...", "Connection from HOST refused: ..." */
static bool
tell_refused(struct slice s, struct exim_tale *t)
{
	bool later = exim_cut_words(&s, SLICE("temporarily "));

	if (exim_cut_words(&s, SLICE("refused connection from ")) ||
	    exim_cut_words(&s, SLICE("connection from "))) {
		if (!cut_source(&s, t))
			return false;
		if (!later && slice_starts(s, SLICE(" closed")))
			return true;
		refuse(t, later ? 421 : 554, slice_trim(s));
	} else if (exim_cut_words(&s, SLICE("Connection from "))) {
		if (!cut_source(&s, t))
			return false;
		if (!exim_cut_words(&s, SLICE(" refused: ")))
			return true;
		t->daemon = true;
		refuse(t, 421, s);
	} else {
		return false;
	}
	t->verb = VERB_CONNECT;
	end(t, false);
	return true;
}

/*
 * `rejected EHLO from HOST: words`, `rejected "EHLO x" from HOST`, `rejected
 * MAIL FROM:<a@b> H=HOST: words`, `rejected from <a@b> H=HOST: words`.
 */
static bool
tell_rejecting(struct slice s, const struct exim_line *l, struct exim_tale *t)
{
	unsigned class = exim_cut_words(&s, SLICE("temporarily ")) ? 4 : 5;
	struct slice path, asked;
	ptrdiff_t n;

	if (!exim_cut_words(&s, SLICE("rejected ")))
		return false;
	asked = s;
	if (exim_cut_words(&s, SLICE("MAIL FROM:"))) {
		t->verb = VERB_MAIL;
	} else if (exim_cut_words(&s, SLICE("from "))) {
		t->verb = VERB_DATA;
		t->d.final = true;
		t->d.queue = l->id;
	} else if (exim_cut_words(&s, SLICE("MAIL command "))) {
		t->verb = VERB_MAIL;
	} else {
		exim_cut_words(&asked, SLICE("\""));
		t->verb = (uint8_t)verb_parse(asked, NULL);
		n = slice_find(s, SLICE(" from "));
		if (n < 0)
			return false;
		t->d.command = slice_head(asked, (size_t)(s.p - asked.p) +
		    (size_t)n);
		if (asked.p != s.p && t->d.command.n)
			t->d.command.n--;
		s = slice_from(s, (size_t)n + 6);
	}
	if (exim_cut_path(&s, &path)) {
		t->d.from = path;
		t->says |= SAYS_FROM | (t->d.final ? SAYS_DONE : 0);
	}
	exim_cut_words(&s, SLICE(" "));
	if (!cut_source(&s, t))
		return false;
	t->kind = EVENT_REPORT;
	t->says |= SAYS_ENDS;
	exim_cut_words(&s, SLICE(": "));
	exim_tell_reply(t, class, slice_trim(s));
	return true;
}

/* `unqualified sender rejected: <x> H=...`, `too many recipients: ...`. */
static bool
tell_odd_refusal(struct slice s, struct exim_tale *t)
{
	bool many = slice_starts(s, SLICE("too many recipients: "));
	bool later = many && slice_find(slice_head(s, 40),
	    SLICE("temporarily")) > 0;
	struct slice path;
	ptrdiff_t n;

	t->verb = many ? VERB_RCPT :
	    slice_starts(s, SLICE("unqualified sender")) ? VERB_MAIL :
	    slice_starts(s, SLICE("unqualified verify")) ? VERB_VRFY :
	    VERB_RCPT;
	n = slice_find_char(s, '<');
	if (n < 0)
		return false;
	s = slice_from(s, (size_t)n);
	if (!exim_cut_path(&s, &path) || !exim_cut_words(&s, SLICE(" ")) ||
	    !cut_source(&s, t))
		return false;
	if (t->verb == VERB_RCPT && !many) {
		t->d.to = path;
		t->says |= SAYS_TO;
	} else if (t->verb != VERB_VRFY) {
		t->d.from = path;
		t->says |= SAYS_FROM;
	}
	refuse(t, later ? 4 : 5, many ? SLICE("too many recipients") :
	    SLICE("unqualified address"));
	return true;
}

/* "F=a@b H=host P=esmtp [temporarily ]rejected by local_scan(): words" */
static bool
tell_from(struct slice s, const struct exim_line *l, struct exim_tale *t)
{
	struct slice all = s;

	/* Fields are cut with the blank before them; the id's is there. */
	if (!l->id.n)
		return false;
	s = (struct slice){ all.p - 1, all.n + 1 };
	t->side = SIDE_SERVER;
	exim_tell_fields(&s, t);
	if (!t->host.end.n)
		return false;
	t->about = EXIM_CONNECTION;
	return tell_rejected(s, l, t);
}

/* Remarks that name their connection somewhere: "... connection from HOST". */
static bool
tell_remark(struct slice s, struct exim_tale *t)
{
	static const struct slice from = { "connection from ", 16 };
	ptrdiff_t n = slice_find(slice_head(s, 400), from);
	struct exim_host h;

	if (n < 0)
		return false;
	s = slice_from(s, (size_t)n + from.n);
	if (!exim_cut_host(&s, &h))
		return false;
	t->side = SIDE_SERVER;
	t->about = EXIM_CONNECTION;
	take_host(t, &h);
	/* Lookups fail before anything is said; alone they are no session. */
	t->joins = !h.has_port && n > 0 && s.n && h.helo.p == NULL;
	return true;
}

/*
 * "SA: Action: words From <a@b> (host=name [address]) for c@d", of a scanner
 * that is no part of Exim and writes into its log.
 */
static bool
tell_scanner(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n;

	if (!exim_cut_words(&s, SLICE("SA: Action: ")) ||
	    (n = slice_find(s, SLICE(" From <"))) < 0)
		return false;
	s = slice_from(s, (size_t)n + 6);
	if (!exim_cut_path(&s, &t->d.from) ||
	    !exim_cut_words(&s, SLICE(" (host=")) || !cut_source(&s, t))
		return false;
	t->kind = EVENT_REPORT;
	t->says |= SAYS_FROM | SAYS_DONE | SAYS_ENDS;
	if (exim_cut_words(&s, SLICE(") for "))) {
		t->d.to = s;
		t->says |= SAYS_TO;
	}
	return true;
}

static bool
tell_by_first(const struct exim_line *l, struct exim_tale *t)
{
	struct slice s = l->text;

	switch (s.n ? s.p[0] : '\0') {
	case 'H':
		if (!slice_starts(s, SLICE("H=")))
			return false;
		tell_source(s, l, t);
		return t->about != EXIM_NOTHING;
	case 'U':
		if (!slice_starts(s, SLICE("U=")))
			return false;
		tell_source(s, l, t);
		return t->about != EXIM_NOTHING;
	case 'S':
		if (slice_starts(s, SLICE("SA: ")))
			return tell_scanner(s, t);
		return exim_cut_words(&s, SLICE("SMTP ")) && tell_smtp(s, t);
	case 'F':
		return slice_starts(s, SLICE("F=")) && tell_from(s, l, t);
	case 'n':
		return exim_cut_words(&s, SLICE("no MAIL in ")) &&
		    tell_no_mail(s, t);
	case 'u':
		if (exim_cut_words(&s, SLICE("unexpected ")))
			return tell_unexpected(s, t);
		return slice_starts(s, SLICE("unqualified ")) &&
		    tell_odd_refusal(s, t);
	case 't':
		if (slice_starts(s, SLICE("too many recipients: ")))
			return tell_odd_refusal(s, t);
		return tell_refused(s, t) || tell_rejecting(s, l, t);
	case 'r':
		return tell_refused(s, t) || tell_rejecting(s, l, t);
	case 'c':
	case 'C':
		return tell_refused(s, t);
	default:
		return false;
	}
}

void
exim_tell(const struct exim_line *l, struct exim_tale *t)
{
	*t = (struct exim_tale){ .kind = EVENT_NOTE };
	if (l->id.n && exim_tell_message(l, t))
		return;
	if (tell_by_first(l, t) || tell_authenticator(l->text, t) ||
	    tell_remark(l->text, t))
		return;
	*t = (struct exim_tale){ .kind = EVENT_NOTE };
	if (l->id.n)
		t->about = EXIM_MESSAGE;
}
