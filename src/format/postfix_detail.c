/*
 * Postfix: the words of its reports, for one session that is looked at.
 */
#include "config.h"

#include "format/postfix.h"

#include "format/postfix_line.h"

static bool
starts(struct slice s, struct slice head)
{
	return s.n >= head.n && memcmp(s.p, head.p, head.n) == 0;
}

/* The value behind `mark`, up to `end` or the end of the line. */
static struct slice
value_behind(struct slice s, struct slice mark, struct slice end)
{
	ptrdiff_t at = slice_find(s, mark);

	if (at < 0)
		return SLICE_NONE;
	s = slice_from(s, (size_t)at + mark.n);
	at = slice_find(s, end);
	return at < 0 ? s : slice_head(s, (size_t)at);
}

/* "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)" */
static void
tell_tls(struct slice words, struct detail *d)
{
	ptrdiff_t at = slice_find(words, SLICE(" with cipher "));
	size_t from;

	if (at < 0)
		return;
	for (from = (size_t)at; from && words.p[from - 1] != ' '; from--)
		;
	d->tls = slice_from(slice_head(words, (size_t)at), from);
	d->cipher = value_behind(slice_from(words, (size_t)at),
	    SLICE(" with cipher "), SLICE(" ("));
}

static void
tell_client(const struct postfix_line *pl, struct detail *d)
{
	struct slice first = value_behind(pl->words,
	    SLICE(", orig_queue_id="), SLICE(","));

	d->queue = pl->queue;
	if (postfix_is_queue_id(first)) {
		d->queue = first;
		d->next_queue = pl->queue;
	}
	d->user = value_behind(pl->words, SLICE(", sasl_username="),
	    SLICE(", "));
}

/* "RCPT TO:<b@example.net>": nobody has the line as it was said. */
static void
tell_action(const struct postfix_line *pl, struct detail *d)
{
	struct postfix_action a;
	struct postfix_envelope env;
	unsigned code;
	uint32_t enhanced;

	if (!postfix_action(pl->words, &a))
		return;
	if (a.of_content) {
		postfix_envelope(pl->words, true, &env);
		if (a.rejects)
			postfix_codes(a.reply, &code, &enhanced, &d->reply);
	} else {
		postfix_envelope(a.reply, false, &env);
		if (a.rejects)
			postfix_codes(env.before, &code, &enhanced, &d->reply);
	}
	d->helo = env.helo;
	d->queue = pl->queue;
	if (!a.rejects)
		return;
	d->final = a.verb == VERB_DATA || a.verb == VERB_BDAT;
	if (a.verb != VERB_CONNECT && a.verb != VERB_VRFY &&
	    a.verb != VERB_ETRN)
		d->from = env.from;
	if (a.verb == VERB_RCPT || d->final)
		d->to = env.to;
	d->command = slice_of(a.of_text ? "DATA" : verb_name(a.verb));
}

/* ": text" behind what the client did. */
static void
tell_sasl(struct slice words, struct detail *d)
{
	static const struct slice mark = SLICE(" authentication failed: ");
	ptrdiff_t at = slice_find(words, mark);

	d->command = SLICE("AUTH");
	if (at >= 0)
		d->reply = slice_from(words, (size_t)at + mark.n);
}

/* Limits, and addresses that are none. */
static void
tell_warning(struct slice words, const struct event *ev, struct detail *d)
{
	d->reply = words;
	if (!ev->code)
		return;
	d->command = slice_of(verb_name((enum smtp_verb)ev->verb));
	if (!starts(words, SLICE("Illegal address ")) ||
	    ev->verb != VERB_RCPT || words.p[words.n - 1] != '>')
		return;
	words.n--;
	d->to = value_behind(words, SLICE(" in RCPT command: <"), SLICE("\n"));
}

static void
tell_smtpd(const struct postfix_line *pl, const struct event *ev,
    struct detail *d)
{
	struct slice s = pl->words, before, peer, rest;
	struct postfix_counts counts;

	if (starts(s, SLICE("client="))) {
		tell_client(pl, d);
	} else if (starts(s, SLICE("disconnect from "))) {
		s = slice_from(s, 16);
		postfix_counts(slice_from(s, postfix_client(s, &peer)), &counts);
		d->commands = counts.commands;
	} else if (starts(s, SLICE("proxy-accept: "))) {
		struct postfix_envelope env;

		postfix_envelope(s, false, &env);
		d->queue = postfix_next_queue(env.before);
		d->helo = env.helo;
	} else if (ev->says & SAYS_TLS) {
		tell_tls(s, d);
	} else if (ev->verb == VERB_AUTH && starts(s, SLICE("warning: ")) &&
	    slice_find(s, SLICE(": SASL ")) >= 0) {
		tell_sasl(s, d);
	} else if (starts(s, SLICE("warning: "))) {
		tell_warning(slice_from(s, 9), ev, d);
	} else if (starts(s, SLICE("lost connection ")) ||
	    starts(s, SLICE("timeout after ")) ||
	    starts(s, SLICE("too many errors ")) ||
	    starts(s, SLICE("COMMAND "))) {
		if (postfix_from_client(s, &before, &peer, &rest))
			d->reply = before;
	} else {
		tell_action(pl, d);
	}
}

/* "said: 550-5.1.1 nobody 550 5.1.1 of that name": a reply of several lines. */
static bool
is_folded(struct slice words)
{
	static const struct slice said = SLICE("said: ");
	static const struct slice greeted = SLICE("refused to talk to me: ");
	ptrdiff_t at = slice_find(words, said);
	size_t dash;

	if (at >= 0)
		dash = (size_t)at + said.n + 3;
	else if ((at = slice_find(words, greeted)) >= 0)
		dash = (size_t)at + greeted.n + 3;
	else
		return false;
	return dash < words.n && words.p[dash] == '-';
}

static void
tell_delivery(const struct postfix_line *pl, const struct event *ev,
    struct detail *d)
{
	struct postfix_delivery dv;
	struct postfix_reply r;

	d->queue = pl->queue;
	d->delivery = true;
	if (postfix_delivery(pl->words, &dv)) {
		postfix_outcome(&dv, &r);
		d->to = dv.to;
		d->reply = r.text;
		d->folded = is_folded(dv.text);
		if (ev->flags & EVENT_LINK)
			d->next_queue = postfix_next_queue(dv.text);
	} else if (postfix_said(pl->words, &r)) {
		d->reply = r.text;
		d->folded = is_folded(pl->words);
	} else {
		return;
	}
	d->command = r.command.p ? r.command :
	    r.verb == VERB_NONE || reply_class(r.code) < 4 ? SLICE_NONE :
	    slice_of(verb_name(r.verb));
}

static void
tell_queue(const struct postfix_line *pl, const struct event *ev,
    struct detail *d)
{
	struct slice s = pl->words, size;
	ptrdiff_t at;

	d->queue = pl->queue;
	if (!starts(s, SLICE("from=<")))
		return;
	s = slice_from(s, 6);
	/* The sender may hold anything; what follows it may not. */
	at = slice_find(s, ev->code ? SLICE(">, status=") : SLICE(">, size="));
	d->from = slice_head(s, at < 0 ? 0 : (size_t)at);
	if (ev->code) {
		d->reply = value_behind(s, SLICE(">, status="), SLICE("\n"));
		d->final = true;
		return;
	}
	size = value_behind(s, SLICE(">, size="), SLICE(","));
	d->has_size = slice_to_u64(size, &d->size);
}

/* "uid=0 from=<root>" */
static void
tell_pickup(const struct postfix_line *pl, struct detail *d)
{
	struct slice s = value_behind(pl->words, SLICE(" from=<"), SLICE("\n"));

	d->queue = pl->queue;
	if (s.n && s.p[s.n - 1] == '>')
		d->from = slice_head(s, s.n - 1);
}

static void
tell_message(const struct postfix_line *pl, const struct event *ev,
    struct detail *d)
{
	switch (pl->daemon) {
	case DAEMON_PICKUP:
		tell_pickup(pl, d);
		break;
	case DAEMON_CLEANUP:
		d->queue = pl->queue;
		if (starts(pl->words, SLICE("queue file size "))) {
			d->command = SLICE("DATA");
			d->reply = pl->words;
			d->final = true;
		} else if (!starts(pl->words, SLICE("message-id="))) {
			tell_action(pl, d);
		}
		break;
	case DAEMON_QUEUE:
		tell_queue(pl, ev, d);
		break;
	case DAEMON_BOUNCE:
		d->queue = pl->queue;
		break;
	default:
		tell_delivery(pl, ev, d);
		break;
	}
}

void
postfix_detail(const struct format *fm, const struct format_state *state,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct syslog_state ss;
	struct postfix_line pl;

	(void)fm;
	memcpy(&ss, state->bytes, sizeof ss);
	if (ev->kind == EVENT_LINE || !postfix_cut(&ss, line, &pl) ||
	    !pl.words.n)
		return;
	if (pl.daemon == DAEMON_SMTPD || pl.daemon == DAEMON_POSTSCREEN)
		tell_smtpd(&pl, ev, d);
	else if (ev->says & SAYS_TLS)
		tell_tls(pl.words, d);
	else if (pl.queue.n)
		tell_message(&pl, ev, d);
}
