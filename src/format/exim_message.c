/*
 * Messages in Exim logs: their arrival, their deliveries, their end.
 *
 *   <= sender H=host (helo) [ip]:port P=esmtps X=... S=123 id=... for a b
 *   => a@b <orig@b> R=dns T=smtp H=mx [ip]:25 X=... C="250 2.0.0 OK"
 *   ** a@b R=dns T=smtp H=mx [ip]: SMTP error from remote mail server after
 *      RCPT TO:<a@b>: 550 5.1.1 no such user
 *   == a@b R=dns T=smtp defer (-44) H=mx [ip]: SMTP error from ...
 *   Completed
 */
#include "config.h"

#include "format/exim_tell.h"

/* --- replies of other hosts ----------------------------------------------- */

/* "RCPT TO:<a@b> ORCPT=x" and the like, up to the colon behind it. */
static struct slice
cut_command(struct slice *s, struct exim_tale *t)
{
	struct slice all = *s, path;
	ptrdiff_t n = slice_find_char(*s, '<');

	if (t->verb == VERB_RCPT || t->verb == VERB_MAIL) {
		*s = slice_from(*s, n < 0 ? 0 : (size_t)n);
		if (exim_cut_path(s, &path) && t->verb == VERB_RCPT &&
		    !t->to.p)
			t->to = path;
	}
	*s = exim_behind_colon(*s);
	return s->p ? slice_head(all, (size_t)(s->p - all.p) - 2) : all;
}

static bool
is_of_text(struct slice s)
{
	return slice_starts(s, SLICE("end of data")) ||
	    slice_starts(s, SLICE("sending data block")) ||
	    slice_starts(s, SLICE("DATA:"));
}

bool
exim_tell_remote(struct slice s, struct exim_tale *t)
{
	struct exim_host h;
	struct reply r;

	if (!exim_cut_words(&s, SLICE("LMTP error after ")) &&
	    (!exim_cut_words(&s, SLICE("SMTP error from remote mail")) ||
	    (!exim_cut_words(&s, SLICE(" server after ")) &&
	    !exim_cut_words(&s, SLICE("er after ")))))
		return false;
	exim_cut_words(&s, SLICE("pipelined "));
	if (is_of_text(s))
		t->verb = VERB_DATA;
	else if (slice_starts(s, SLICE("initial connection")))
		t->verb = VERB_CONNECT;
	else
		t->verb = (uint8_t)verb_parse(s, NULL);
	t->d.command = cut_command(&s, t);
	if (t->verb == VERB_DATA || t->verb == VERB_CONNECT)
		t->d.command = slice_of(verb_name((enum smtp_verb)t->verb));
	if (exim_cut_words(&s, SLICE("host ")) && exim_cut_host(&s, &h)) {
		if (!t->host.end.n)
			t->host = h;
		exim_cut_words(&s, SLICE(": "));
	}
	if (reply_parse(s, &r)) {
		t->code = r.code;
		t->enhanced = r.enhanced;
		t->d.reply = r.text;
	} else if (s.p) {
		t->d.reply = s;
	}
	return true;
}

/* "Remote host closed connection in response to RCPT TO:<a@b>" */
static void
tell_hung_up(struct slice s, struct exim_tale *t)
{
	if (!exim_cut_words(&s, SLICE("Remote host closed connection in "
	    "response to ")))
		return;
	exim_cut_words(&s, SLICE("pipelined "));
	t->verb = is_of_text(s) ? VERB_DATA :
	    (uint8_t)verb_parse(s, NULL);
	t->d.command = s;
}

/* --- arrival -------------------------------------------------------------- */

/*
 * EHLO was said with the name that a lookup found, or with the address, where
 * no other name stands beside it.  Without EHLO nothing may have been said.
 */
static void
tell_helo(struct exim_tale *t)
{
	if (t->helo.p || !t->host.end.n ||
	    !slice_starts(t->protocol, SLICE("esmtp")))
		return;
	t->helo = t->host.name.n ? t->host.name : slice_head(t->host.end,
	    t->host.address.n + 2);
	t->says |= SAYS_HELO;
}

static void
tell_arrival(struct slice s, const struct exim_line *l, struct exim_tale *t)
{
	struct slice path;

	t->kind = EVENT_REPORT;
	t->from = exim_cut_address(&s);
	exim_tell_fields(&s, t);
	if (exim_cut_words(&s, SLICE(" from ")))
		exim_cut_path(&s, &path);
	if (exim_cut_words(&s, SLICE(" for "))) {
		t->to = exim_cut_address(&s);
		t->d.more_to = slice_trim(s);
		t->says |= SAYS_TO;
	}
	t->says |= SAYS_FROM | SAYS_DONE;
	t->code = 2;
	t->verb = VERB_DATA;
	t->d.queue = l->id;
	t->final = true;
	tell_helo(t);
	if (t->host.end.n) {
		t->about = EXIM_CONNECTION;
		t->arrival = true;
		t->side = SIDE_SERVER;
	} else {
		/* By a program on this host: what is seen is its way out. */
		t->about = EXIM_MESSAGE;
		t->arrival = slice_starts(t->protocol, SLICE("local-"));
		t->side = t->arrival ? SIDE_SERVER : SIDE_CLIENT;
	}
}

/* --- deliveries ----------------------------------------------------------- */

/* `address`, `address <original>`, `address (parent, parent) <original>`. */
static void
cut_recipient(struct slice *s, struct exim_tale *t)
{
	ptrdiff_t n = 0;
	struct slice path, rest;

	t->to = exim_cut_address(s);
	if (slice_starts(*s, SLICE(" ("))) {
		n = slice_find(*s, SLICE(") <"));
		if (n > 0)
			*s = slice_from(*s, (size_t)n + 1);
	}
	/* A pipe or a file name may have blanks; what was asked for has not. */
	if (!slice_starts(*s, SLICE(" <"))) {
		if (t->to.n && t->to.p[0] != '|' && t->to.p[0] != '/')
			return;
		n = slice_find(*s, SLICE(" <"));
		if (n < 0)
			return;
	}
	rest = slice_from(*s, (size_t)n + 1);
	if (!exim_cut_path(&rest, &path) ||
	    (rest.n && rest.p[0] != ' ' && rest.p[0] != ':'))
		return;
	t->to = path;
	*s = rest;
}

static void
tell_delivery(struct slice s, const struct exim_line *l, struct exim_tale *t,
    char mark)
{
	ptrdiff_t n;

	t->kind = EVENT_REPORT;
	t->about = EXIM_MESSAGE;
	t->side = SIDE_CLIENT;
	t->says |= SAYS_TO;
	t->d.queue = l->id;
	t->d.delivery = true;
	cut_recipient(&s, t);
	exim_tell_fields(&s, t);
	if (mark == '=' && (n = slice_find(s, SLICE("defer ("))) >= 0 &&
	    n < 16) {
		s = slice_from(s, (size_t)n);
		n = slice_find_char(s, ')');
		s = slice_from(s, n < 0 ? s.n : (size_t)n + 1);
		exim_tell_fields(&s, t);
	}
	if (!exim_cut_words(&s, SLICE(" : ")) &&
	    !exim_cut_words(&s, SLICE(": ")))
		exim_cut_words(&s, SLICE(" "));
	if (mark == '>') {
		if (!t->code)
			t->code = 2;
		return;
	}
	if (exim_tell_remote(s, t) && t->code)
		return;
	tell_hung_up(s, t);
	exim_tell_reply(t, mark == '*' ? 5 : 4, s);
}

/* --- all of them ---------------------------------------------------------- */

static bool
is_blank_at(struct slice s, size_t n)
{
	return n < s.n && s.p[n] == ' ';
}

bool
exim_tell_message(const struct exim_line *l, struct exim_tale *t)
{
	struct slice s = l->text;

	if (slice_eq(s, SLICE("Completed")) ||
	    slice_starts(s, SLICE("Completed QT="))) {
		t->about = EXIM_MESSAGE;
		t->completed = t->joins = t->delivery = true;
		return true;
	}
	if (!is_blank_at(s, 2))
		return false;
	if (s.p[1] == '=' && (s.p[0] == '<' || s.p[0] == '(')) {
		tell_arrival(slice_from(s, 3), l, t);
		return true;
	}
	t->delivery = true;
	if (s.p[1] == '>' && (s.p[0] == '=' || s.p[0] == '-' ||
	    s.p[0] == '>' || s.p[0] == '*')) {
		/* `>>`: handed on while it came in, by the same process. */
		t->delivery = s.p[0] != '>';
		tell_delivery(slice_from(s, 3), l, t, '>');
		return true;
	}
	if ((s.p[0] == '*' || s.p[0] == '=') && s.p[0] == s.p[1]) {
		tell_delivery(slice_from(s, 3), l, t, s.p[0]);
		return true;
	}
	t->delivery = false;
	return false;
}
