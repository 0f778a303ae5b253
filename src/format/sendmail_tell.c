/*
 * What a line of Sendmail tells.
 *
 * Addresses and commands are written by strangers and may look like what
 * follows them: paths are cut with regard to quotes, and what Sendmail adds
 * at the end of a line is looked for from the end.
 */
#include "config.h"

#include "format/sendmail_tell.h"

#include "smtp/path.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

static bool
cut_words(struct slice *s, struct slice words)
{
	if (!slice_starts(*s, words))
		return false;
	*s = slice_from(*s, words.n);
	return true;
}

static bool
ends_with(struct slice s, struct slice tail)
{
	return s.n >= tail.n && slice_eq(slice_from(s, s.n - tail.n), tail);
}

static struct slice
behind(struct slice s, struct slice mark)
{
	ptrdiff_t at = slice_find(s, mark);

	return at < 0 ? SLICE_NONE : slice_from(s, (size_t)at + mark.n);
}

/* From the end on: what it is asked for mostly stands there. */
static struct slice
behind_last(struct slice s, struct slice mark)
{
	if (s.n < mark.n)
		return SLICE_NONE;
	for (size_t at = s.n - mark.n + 1; at-- > 0;)
		if (s.p[at] == mark.p[0] &&
		    memcmp(s.p + at, mark.p, mark.n) == 0)
			return slice_from(s, at + mark.n);
	return SLICE_NONE;
}

/* Up to the next ", ". */
static struct slice
field(struct slice s)
{
	ptrdiff_t n = slice_find(s, SLICE(", "));

	return slice_head(s, n < 0 ? s.n : (size_t)n);
}

/* "<a@b>" at the head, with regard to quotes; without the brackets. */
static bool
cut_path(struct slice *s, struct slice *path)
{
	size_t n = path_length(*s);

	if (n == 0)
		return false;
	*path = slice_head(slice_from(*s, 1), n - 2);
	*s = slice_from(*s, n);
	return true;
}

/* "NAME [ADDRESS] (may be forged)", "[ADDRESS]" */
static struct slice
address_of(struct slice s)
{
	size_t open;

	if (ends_with(s, SLICE(" (may be forged)")))
		s.n -= 16;
	if (s.n < 2 || s.p[s.n - 1] != ']')
		return SLICE_NONE;
	for (open = s.n - 1; open > 0 && s.p[open] != '[';)
		open--;
	s = slice_head(slice_from(s, open + 1), s.n - open - 2);
	return slice_starts(s, SLICE("IPv6:")) ? slice_from(s, 5) : s;
}

static void
report(struct event *ev, unsigned says, enum smtp_verb verb, unsigned code)
{
	ev->kind = EVENT_REPORT;
	ev->says = (uint16_t)(says | SAYS_ECHO | SAYS_ENDS);
	ev->verb = (uint8_t)verb;
	ev->code = (uint16_t)code;
}

/* --- rulesets ------------------------------------------------------------------- */

static const struct {
	struct slice name;
	enum smtp_verb verb;
} rulesets[] = {
	{ { "check_rcpt", 10 }, VERB_RCPT },
	{ { "check_mail", 10 }, VERB_MAIL },
	{ { "check_relay", 11 }, VERB_CONNECT },
	{ { "check_vrfy", 10 }, VERB_VRFY },
	{ { "check_expn", 10 }, VERB_EXPN },
	{ { "check_etrn", 10 }, VERB_ETRN },
	{ { "trust_auth", 10 }, VERB_AUTH },
	{ { "tls_client", 10 }, VERB_MAIL },
	{ { "tls_server", 10 }, VERB_NONE },
};

/* Of a header, or of the message: at its end. */
static enum smtp_verb
verb_of_ruleset(struct slice name)
{
	for (size_t i = 0; i < sizeof rulesets / sizeof *rulesets; i++)
		if (slice_eq(name, rulesets[i].name))
			return rulesets[i].verb;
	return VERB_DATA;
}

static void
tell_reject(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	struct reply r;

	if (reply_parse(s, &r)) {
		ev->code = r.code;
		ev->enhanced = r.enhanced;
		t->d.reply = r.text;
	} else {
		ev->code = 5;
		t->d.reply = s;
	}
}

/* Who is refused, of a MAIL or RCPT. */
static void
tell_path(enum smtp_verb verb, struct slice path, struct event *ev,
    struct sendmail_tale *t)
{
	if (verb == VERB_RCPT) {
		t->d.to = path;
		ev->says |= SAYS_TO;
	} else if (verb == VERB_MAIL) {
		t->d.from = path;
		ev->says |= SAYS_FROM;
	} else if (verb == VERB_DATA) {
		t->d.final = true;
		ev->says |= SAYS_DONE;
	}
}

/* "check_rcpt, arg1=<a@b>, relay=NAME [ADDRESS], reject=550 5.7.1 ..." */
static bool
tell_ruleset(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	struct slice name = field(s), path = SLICE_NONE, relay;
	enum smtp_verb verb = verb_of_ruleset(name);
	ptrdiff_t n;

	s = slice_from(s, name.n);
	if (cut_words(&s, SLICE(", arg1=")))
		cut_path(&s, &path);
	relay = behind(s, SLICE(", relay="));
	n = slice_find(relay, SLICE(", reject="));
	if (n < 0)
		return false;
	t->peer = address_of(slice_head(relay, (size_t)n));
	report(ev, 0, verb, 0);
	tell_path(verb, path, ev, t);
	tell_reject(slice_from(relay, (size_t)n + 9), ev, t);
	return true;
}

/* "to=<a@b>, reject=550 5.7.1 words", "data, reject=451 4.3.2 words" */
static bool
tell_milter(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	enum smtp_verb verb = VERB_DATA;
	struct slice path = SLICE_NONE;

	if (cut_words(&s, SLICE("to=")))
		verb = VERB_RCPT;
	else if (cut_words(&s, SLICE("from=")))
		verb = VERB_MAIL;
	else if (cut_words(&s, SLICE("helo=")))
		verb = VERB_EHLO;
	else if (cut_words(&s, SLICE("connect: ")))
		verb = VERB_CONNECT;
	cut_path(&s, &path);
	s = behind(s, SLICE("reject="));
	if (!s.p)
		return false;
	report(ev, 0, verb, 0);
	tell_path(verb, path, ev, t);
	tell_reject(s, ev, t);
	return true;
}

/* --- messages --------------------------------------------------------------------- */

/* "from=<a@b>, size=9, class=0, nrcpts=1, msgid=<x>, ..., relay=NAME [ADDRESS]" */
static void
tell_from(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	struct slice rest = s, path;

	if (!cut_path(&rest, &path)) {
		path = field(s);
		rest = slice_from(s, path.n);
	}
	report(ev, SAYS_FROM | SAYS_TRANSACTION | SAYS_DONE, VERB_NONE, 0);
	t->arrival = true;
	t->d.from = path;
	t->peer = address_of(behind_last(rest, SLICE(", relay=")));
	if (t->words)
		t->d.has_size = slice_to_u64(field(behind(rest,
		    SLICE(", size="))), &t->d.size);
}

static unsigned
class_of_stat(struct slice stat, struct slice dsn)
{
	if (dsn.n && (dsn.p[0] == '2' || dsn.p[0] == '4' || dsn.p[0] == '5'))
		return (unsigned)(dsn.p[0] - '0');
	if (slice_starts(stat, SLICE("Sent")))
		return 2;
	return slice_starts(stat, SLICE("Deferred")) ? 4 : 5;
}

/* "to=<a@b>,<c@d>, [ctladdr=..., ]delay=..., mailer=..., stat=Sent (...)" */
static bool
tell_to(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	struct slice more = SLICE_NONE, path, all = s, stat, dsn, head;
	bool first = true;

	while (cut_path(&s, &path)) {
		if (first)
			t->d.to = path;
		first = false;
		if (!cut_words(&s, SLICE(",<")))
			break;
		s = (struct slice){ s.p - 1, s.n + 1 };
		if (!more.p)
			more = s;
	}
	if (more.p)
		t->d.paths = slice_head(more, (size_t)(s.p - more.p));
	if (first) {                     /* "to=root" */
		t->d.to = field(all);
		s = slice_from(all, t->d.to.n);
	}
	stat = behind(s, SLICE(", stat="));
	if (!stat.p)
		return false;
	head = slice_head(s, (size_t)(stat.p - s.p));
	t->about = SENDMAIL_MESSAGE;
	ev->side = SIDE_UNKNOWN;
	report(ev, SAYS_TO, VERB_NONE, 0);
	ev->says &= (uint16_t)~SAYS_ENDS;
	ev->flags |= EVENT_LATER;
	/*
	 * Of a message that was refused, or that waits in the queue, as on a
	 * server that only queues: no delivery was tried.
	 */
	if (slice_find(head, SLICE(", mailer=")) < 0 ||
	    slice_starts(stat, SLICE("queued")))
		return true;
	dsn = field(behind_last(head, SLICE(", dsn=")));
	ev->code = (uint16_t)class_of_stat(stat, dsn);
	if (ev->code != 2)
		ev->says &= (uint16_t)~SAYS_ECHO;
	enhanced_parse(dsn, &ev->enhanced, &head);
	t->d.delivery = true;
	t->d.reply = stat;
	return true;
}

/* --- what happened to a connection -------------------------------------------------- */

/* "NAME [ADDRESS] to MTA after rcpt" */
static void
tell_lost(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	struct slice after = behind_last(s, SLICE(" after "));
	ptrdiff_t n = slice_find(s, SLICE("] "));

	report(ev, SAYS_LOST, VERB_NONE, 0);
	ev->verb = (uint8_t)verb_parse(after, NULL);
	if (ev->verb == VERB_UNKNOWN)
		ev->verb = VERB_NONE;
	if (n > 0)
		t->peer = address_of(slice_head(s, (size_t)n + 1));
}

/* "NAME [ADDRESS] (may be forged)" and words behind it; the words. */
static struct slice
cut_peer(struct slice s, struct sendmail_tale *t)
{
	ptrdiff_t n = slice_find_char(s, ']');
	struct slice rest;

	if (n < 0 || slice_find_char(slice_head(s, (size_t)n), '[') < 0)
		return SLICE_NONE;
	rest = slice_from(s, (size_t)n + 1);
	s = slice_head(s, (size_t)n + 1);
	/* Names have neither blanks nor quotes. */
	if (memchr(s.p, '<', s.n) || memchr(s.p, '"', s.n))
		return SLICE_NONE;
	t->peer = address_of(s);
	cut_words(&rest, SLICE(" (may be forged)"));
	return rest;
}

/* "[ADDRESS] did not issue ...", "[ADDRESS]: EXPN root [rejected]" */
static bool
tell_by_peer(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	struct slice words = cut_peer(s, t);
	enum smtp_verb verb;

	if (!words.p)
		return false;
	if (slice_starts(words, SLICE(" did not issue MAIL/"))) {
		ev->kind = EVENT_CLOSE;
		return true;
	}
	if (!cut_words(&words, SLICE(": ")))
		return false;
	if (slice_starts(words, SLICE("probable open proxy: "))) {
		report(ev, 0, VERB_NONE, 4);
		t->d.reply = words;
		return true;
	}
	verb = verb_parse(words, NULL);
	if ((verb == VERB_EXPN || verb == VERB_VRFY || verb == VERB_ETRN) &&
	    ends_with(words, SLICE(" [rejected]"))) {
		report(ev, 0, verb, 5);
		t->d.command = slice_head(words, words.n - 11);
		t->d.reply = SLICE("rejected");
	}
	ev->says |= SAYS_ENDS | SAYS_ECHO;
	return true;
}

/* "<a@b>... User unknown" */
static bool
tell_user_error(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	struct slice path = SLICE_NONE, rest = s;

	if (!cut_path(&rest, &path) || !cut_words(&rest, SLICE("... "))) {
		path = SLICE_NONE;
		rest = behind_last(s, SLICE("... "));
		if (!rest.p)
			return false;
	}
	report(ev, 0, VERB_RCPT, 5);
	if (slice_find(rest, SLICE("later")) >= 0 ||
	    slice_find(rest, SLICE("emporar")) >= 0)
		ev->code = 4;
	if (path.p)
		tell_path(VERB_RCPT, path, ev, t);
	t->d.reply = rest;
	return true;
}

static void
refuse(struct event *ev, struct sendmail_tale *t, enum smtp_verb verb,
    unsigned code, struct slice words)
{
	report(ev, 0, verb, code);
	t->d.reply = words;
}

/* Lines known by how they begin. */
static bool
tell_remark(struct slice all, struct event *ev, struct sendmail_tale *t)
{
	struct slice s = all;

	if (cut_words(&s, SLICE("lost input channel from "))) {
		tell_lost(s, ev, t);
	} else if (cut_words(&s, SLICE("timeout waiting for input from "))) {
		cut_peer(s, t);
		report(ev, SAYS_LOST, VERB_NONE, 0);
	} else if (slice_starts(s, SLICE("collect: premature EOM"))) {
		report(ev, SAYS_LOST, VERB_DATA, 0);
	} else if (cut_words(&s, SLICE("rejecting commands from ")) ||
	    cut_words(&s, SLICE("rejecting server EHLO from "))) {
		refuse(ev, t, slice_starts(all, SLICE("rejecting server")) ?
		    VERB_EHLO : VERB_NONE, 5, all);
		cut_words(&s, SLICE(" "));
		cut_peer(s, t);
	} else if (slice_starts(s, SLICE("invalid domain name ("))) {
		refuse(ev, t, VERB_EHLO, 5, SLICE("invalid domain name"));
		t->peer = address_of(behind_last(s, SLICE(") from ")));
	} else if (slice_starts(s, SLICE("message size ("))) {
		refuse(ev, t, VERB_DATA, 552, all);
	} else if (slice_starts(s, SLICE("Syntax error in parameters "))) {
		refuse(ev, t, VERB_NONE, 5, all);
	} else if (slice_starts(s, SLICE("AUTH failure (")) ||
	    slice_starts(s, SLICE("AUTH failure:"))) {
		refuse(ev, t, VERB_AUTH, 5, all);
		t->peer = address_of(behind_last(s, SLICE(", relay=")));
	} else if (cut_words(&s, SLICE("Milter: "))) {
		return tell_milter(s, ev, t);
	} else if (cut_words(&s, SLICE("connect from "))) {
		ev->kind = EVENT_OPEN;
		t->peer = address_of(s);
	} else {
		return false;
	}
	return true;
}

/* "STARTTLS=server, relay=..., version=..., cipher=...", "AUTH=server, ..." */
static bool
tell_security(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	struct slice relay;

	if (!slice_starts(s, SLICE("STARTTLS")) &&
	    !slice_starts(s, SLICE("AUTH")))
		return false;
	t->joins = true;
	if (cut_words(&s, SLICE("STARTTLS=server, "))) {
		if (slice_starts(s, SLICE("error: accept failed"))) {
			ev->says = SAYS_ENDS | SAYS_ECHO;
			t->peer = address_of(behind_last(s,
			    SLICE(", relay=")));
			t->joins = false;
		}
		relay = s;
		if (!cut_words(&relay, SLICE("relay=")) ||
		    !behind(s, SLICE(", version=")).p)
			return true;
		report(ev, SAYS_TLS, VERB_NONE, 0);
		if (t->words) {
			t->d.tls = field(behind(s, SLICE(", version=")));
			t->d.cipher = field(behind(s, SLICE(", cipher=")));
		}
	} else if (cut_words(&s, SLICE("AUTH=server, "))) {
		relay = s;
		if (!cut_words(&relay, SLICE("relay=")) ||
		    !behind(s, SLICE(", authid=")).p)
			return true;
		report(ev, SAYS_USER, VERB_AUTH, 0);
		if (t->words)
			t->d.user = field(behind(s, SLICE(", authid=")));
	} else {
		return true;
	}
	t->peer = address_of(field(relay));
	t->joins = false;
	return true;
}

/* --- all of them -------------------------------------------------------------------- */

/*
 * A reply that is held back until its time comes, and what the command VERB
 * asked for: the process that delivers the message writes it.
 */
static bool
tell_unsent(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	if (ends_with(s, SLICE(" (hold)"))) {
		t->joins = true;
		return true;
	}
	if (s.n < 4 || s.p[0] != '0' || s.p[3] != ' ')
		return false;
	t->about = SENDMAIL_MESSAGE;
	t->joins = true;
	ev->flags |= EVENT_LATER;
	ev->side = SIDE_UNKNOWN;
	return true;
}

static bool
tell_dialogue(struct slice s, struct event *ev, struct sendmail_tale *t)
{
	if (s.n < 4 || s.p[3] != ' ' || (memcmp(s.p, "<--", 3) != 0 &&
	    memcmp(s.p, "---", 3) != 0))
		return false;
	if (s.p[0] == '-' && tell_unsent(slice_from(s, 4), ev, t))
		return true;
	ev->kind = EVENT_LINE;
	ev->dir = s.p[0] == '<' ? DIR_IN : DIR_OUT;
	t->text = slice_from(s, 4);
	if (ev->dir == DIR_OUT && ends_with(t->text, SLICE(" (held)")))
		t->text.n -= 7;
	return true;
}

/* Once a line: the facts are as long as the rest ten times over. */
static void
begin_tale(struct sendmail_tale *t, struct slice text, bool words)
{
	t->about = SENDMAIL_CONNECTION;
	t->arrival = t->joins = t->done = false;
	t->text = text;
	t->peer = SLICE_NONE;
	t->words = words;
	if (words)
		t->d = (struct detail){ .size = 0 };
}

void
sendmail_tell(struct slice qid, struct slice text, bool words,
    struct event *ev, struct sendmail_tale *t)
{
	struct slice s = text;

	begin_tale(t, text, words);
	ev->kind = EVENT_NOTE;
	ev->side = SIDE_SERVER;
	if (tell_dialogue(s, ev, t))
		return;
	if (cut_words(&s, SLICE("from="))) {
		tell_from(s, ev, t);
	} else if (cut_words(&s, SLICE("to="))) {
		if (!tell_to(s, ev, t))
			t->joins = true;
	} else if (cut_words(&s, SLICE("ruleset="))) {
		if (!tell_ruleset(s, ev, t))
			t->joins = true;
	} else if (slice_starts(s, SLICE("done; "))) {
		t->about = SENDMAIL_MESSAGE;
		t->done = t->joins = true;
		ev->flags |= EVENT_LATER;
		ev->side = SIDE_UNKNOWN;
	} else if (!tell_remark(s, ev, t) && !tell_security(s, ev, t) &&
	    !tell_by_peer(s, ev, t) && !tell_user_error(s, ev, t)) {
		/* What else is said of a message or a connection. */
		t->joins = true;
	}
	/* What else is refused is of no message, though there is an id. */
	if (qid.n && (ev->says & (SAYS_FROM | SAYS_TO | SAYS_DONE)))
		t->d.queue = qid;
	if (t->joins && !qid.n)
		ev->side = SIDE_UNKNOWN;
}
