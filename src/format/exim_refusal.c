/*
 * What Exim refused of a connection's commands and texts.
 *
 * The class of a refusal is in the words (`rejected`, `temporarily rejected`);
 * a code stands there only where a configuration or a constant of Exim's put
 * it.
 */
#include "config.h"

#include "format/exim_tell.h"

/* --- H=host ... rejected --------------------------------------------------- */

/* The recipient of "RCPT <a@b>: text" and "RCPT a@b: text". */
static void
cut_rcpt(struct slice *s, struct exim_tale *t)
{
	struct slice to;

	if (!exim_cut_path(s, &to))
		to = exim_cut_address(s);
	t->to = to;
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
		t->final = true;
	} else if (slice_starts(*s, SLICE("connection"))) {
		t->verb = VERB_CONNECT;
		exim_tell_end(t, false);
	} else if (slice_starts(*s, SLICE("EHLO or HELO"))) {
		t->verb = VERB_EHLO;
	} else if (exim_cut_words(s, SLICE("MAIL "))) {
		t->verb = VERB_MAIL;
		exim_cut_words(s, SLICE("FROM:"));
		if (exim_cut_path(s, &path)) {
			t->from = path;
			t->says |= SAYS_FROM;
		}
	} else {
		t->verb = (uint8_t)verb_parse(*s, NULL);
	}
	*s = exim_behind_colon(*s);
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
	if (t->from.p)
		t->says |= SAYS_FROM;
	t->kind = EVENT_REPORT;
	t->says |= SAYS_ENDS;
	cut_refused(&s, t);
	kind = t->kind;
	exim_tell_reply(t, class, s);
	t->kind = kind;
	if (t->final) {
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
	if (exim_cut_path(&s, &t->from))
		t->says |= SAYS_FROM | SAYS_DONE;
	if (exim_cut_words(&s, SLICE(" for "))) {
		t->to = exim_cut_address(&s);
		t->d.more_to = slice_trim(s);
		t->says |= SAYS_TO;
	}
}

/*
 * "H=..." of a connection, or of a host that a message was taken to: the words
 * behind the fields tell which.
 */
void
exim_tell_by_source(struct slice s, const struct exim_line *l, struct exim_tale *t)
{
	struct slice words;

	if (!exim_tell_source(&s, t)) {
		t->about = l->id.n ? EXIM_MESSAGE : EXIM_NOTHING;
		return;
	}
	words = slice_trim(s);
	if (tell_rejected(s, l, t))
		return;
	if (exim_cut_words(&words, SLICE("incomplete transaction "))) {
		tell_incomplete(words, t);
	} else if (slice_starts(words, SLICE("dropped by"))) {
		exim_tell_end(t, false);
		t->says |= SAYS_REFUSED;
		t->verb = VERB_CONNECT;
		t->d.reply = exim_behind_colon(words);
	} else if (slice_starts(words, SLICE("sender verify")) ||
	    slice_starts(words, SLICE("Warning:")) ||
	    slice_starts(words, SLICE("RCPT ")) || !l->id.n) {
		return;
	} else if (t->from.p && !t->host.has_port && t->protocol.n) {
		return;
	} else {
		/* A host that would not have the message, or not now. */
		t->about = EXIM_MESSAGE;
		t->side = SIDE_CLIENT;
		t->says = 0;
		exim_tell_forget(t);
		t->d.delivery = true;
		if (exim_tell_remote(words, t) && t->code) {
			t->kind = EVENT_REPORT;
			t->d.queue = l->id;
			t->says |= t->to.p ? SAYS_TO : 0;
		}
	}
}

/* "F=a@b H=host P=esmtp [temporarily ]rejected by local_scan(): words" */
bool
exim_tell_by_sender(struct slice s, const struct exim_line *l, struct exim_tale *t)
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

/* --- rejected ... H=host --------------------------------------------------- */

/* "NAME authenticator failed for HOST: 535 words (set_id=user)" */
bool
exim_tell_authenticator(struct slice s, struct exim_tale *t)
{
	static const struct slice failed = { " authenticator failed for ", 26 };
	ptrdiff_t n = slice_find_char(slice_head(s, 64), ' ');

	if (n <= 0)
		return false;
	s = slice_from(s, (size_t)n);
	if (!exim_cut_words(&s, failed) || !exim_tell_source(&s, t))
		return false;
	exim_cut_words(&s, SLICE(": "));
	t->kind = EVENT_REPORT;
	t->verb = VERB_AUTH;
	exim_tell_reply(t, s.n && s.p[0] == '4' ? 4 : 5, s);
	return true;
}

/*
 * `rejected EHLO from HOST: words`, `rejected "EHLO x" from HOST`, `rejected
 * MAIL FROM:<a@b> H=HOST: words`, `rejected from <a@b> H=HOST: words`.
 */
bool
exim_tell_rejecting(struct slice s, const struct exim_line *l, struct exim_tale *t)
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
		t->final = true;
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
		t->from = path;
		t->says |= SAYS_FROM | (t->final ? SAYS_DONE : 0);
	}
	exim_cut_words(&s, SLICE(" "));
	if (!exim_tell_source(&s, t))
		return false;
	t->kind = EVENT_REPORT;
	t->says |= SAYS_ENDS;
	exim_cut_words(&s, SLICE(": "));
	exim_tell_reply(t, class, slice_trim(s));
	return true;
}

/* `unqualified sender rejected: <x> H=...`, `too many recipients: ...`. */
bool
exim_tell_odd_refusal(struct slice s, struct exim_tale *t)
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
	    !exim_tell_source(&s, t))
		return false;
	if (t->verb == VERB_RCPT && !many) {
		t->to = path;
		t->says |= SAYS_TO;
	} else if (t->verb != VERB_VRFY) {
		t->from = path;
		t->says |= SAYS_FROM;
	}
	exim_tell_refused(t, later ? 4 : 5, many ? SLICE("too many recipients") :
	    SLICE("unqualified address"));
	return true;
}
