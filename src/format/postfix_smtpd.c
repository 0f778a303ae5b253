/*
 * Postfix's servers: smtpd and postscreen.  What they say of a connection, by
 * its process or by the client's address and port.
 */
#include "config.h"

#include "format/postfix_scan.h"

/* --- smtpd ---------------------------------------------------------------- */

static const struct slice connect_from = SLICE("connect from ");
static const struct slice disconnect_from = SLICE("disconnect from ");

/* What postscreen calls the address that it handed over. */
static uint64_t
handover_key(const struct postfix_line *pl, struct slice peer)
{
	const char *close = peer.n ? memchr(peer.p, ']', peer.n) : NULL;

	return close ? postfix_key(pl, (struct slice){ peer.p,
	    (size_t)(close - peer.p) + 1 }) : 0;
}

static void
scan_connect(const struct postfix_line *pl, struct event *ev)
{
	ev->kind = EVENT_OPEN;
	ev->local = pl->sl.host;
	postfix_client(slice_from(pl->words, connect_from.n), &ev->peer);
	ev->key_before = handover_key(pl, ev->peer);
	if (ev->key_before)
		ev->flags |= EVENT_ALIAS;
}

static void
scan_disconnect(const struct postfix_line *pl, struct event *ev)
{
	struct slice s = slice_from(pl->words, disconnect_from.n);
	struct postfix_counts counts;

	ev->kind = EVENT_CLOSE;
	s = slice_from(s, postfix_client(s, &ev->peer));
	if (s.n == 0)
		return;
	postfix_counts(s, &counts);
	if (counts.transaction)
		ev->says |= SAYS_TRANSACTION | SAYS_DONE;
	if (counts.commands)
		ev->says |= SAYS_DONE | SAYS_ECHO;
	if (counts.failed) {
		ev->says |= SAYS_REFUSED | SAYS_ECHO;
		ev->verb = (uint8_t)counts.failed;
	}
}

/* The message is the session's, by its queue id. */
static void
scan_client(const struct postfix_line *pl, struct event *ev)
{
	static const struct slice first = SLICE(", orig_queue_id=");
	struct slice s = slice_from(pl->words, 7), original;
	ptrdiff_t at;
	size_t n = 0;

	s = slice_from(s, postfix_client(s, &ev->peer));
	postfix_report(ev, SAYS_TRANSACTION | SAYS_DONE | SAYS_ECHO);
	if (pl->queue.n) {
		ev->says |= SAYS_MESSAGE;
		ev->flags |= EVENT_LINK;
		ev->link = postfix_key(pl, pl->queue);
	}
	if (s.n == 0)
		return;
	if (slice_find(s, SLICE(", sasl_username=")) >= 0)
		ev->says |= SAYS_USER;
	at = slice_find(s, first);
	if (at < 0 || !pl->queue.n)
		return;
	/* A content filter brought it back: it is the first one's message. */
	original = slice_from(s, (size_t)at + first.n);
	while (n < original.n && original.p[n] != ',')
		n++;
	original = slice_head(original, n);
	if (!postfix_is_queue_id(original))
		return;
	ev->also = ev->key;
	ev->key = postfix_key(pl, original);
	ev->flags |= EVENT_ALSO | EVENT_LATER;
}

void
postfix_scan_action(const struct postfix_line *pl, struct event *ev)
{
	struct postfix_action a;
	struct slice rest;
	unsigned code;
	bool named;

	if (!postfix_action(pl->words, &a)) {
		postfix_remark(ev);
		return;
	}
	postfix_report(ev, SAYS_ECHO);
	ev->peer = a.peer;
	/* HELO stands last, if it was said. */
	if (pl->words.p[pl->words.n - 1] == '>')
		ev->says |= SAYS_HELO;
	named = !pl->queue.n && a.verb != VERB_CONNECT && a.verb != VERB_HELO &&
	    a.verb != VERB_EHLO && a.verb != VERB_VRFY && a.verb != VERB_ETRN &&
	    a.verb != VERB_AUTH && a.verb != VERB_STARTTLS;
	if (named && a.rejects)
		ev->says |= SAYS_FROM;
	if (!a.rejects)
		return;
	if (a.verb == VERB_RCPT)
		ev->says |= SAYS_TO;
	postfix_codes(a.reply, &code, &ev->enhanced, &rest);
	ev->code = (uint16_t)(code ? code :
	    pl->daemon == DAEMON_POSTSCREEN ? 421 : 5);
	ev->verb = (uint8_t)a.verb;
}

/* " from name[ip]", where a log may begin behind the connect line. */
static void
far_end(struct slice stage, struct event *ev)
{
	struct slice before, rest;

	if (!ev->peer.p &&
	    !postfix_from_client(stage, &before, &ev->peer, &rest))
		ev->peer = SLICE_NONE;
}

/* "lost connection after DATA (12 bytes) from ..": amid a transaction? */
static void
scan_lost(struct slice stage, struct event *ev)
{
	bool text;
	enum smtp_verb v = postfix_stage(stage, &text);

	far_end(stage, ev);
	postfix_report(ev, SAYS_ECHO);
	ev->verb = (uint8_t)v;
	/* Nothing else keeps a client waiting. */
	if (v == VERB_AUTH || v == VERB_STARTTLS || v == VERB_BDAT ||
	    (v == VERB_DATA && !text))
		ev->says |= SAYS_GONE;
	if (v == VERB_MAIL || v == VERB_RCPT || v == VERB_BDAT ||
	    (v == VERB_DATA && !text))
		ev->says |= SAYS_LOST;
}

/* The server said 421, which answers no command, and hung up. */
static void
scan_hung_up(struct slice stage, struct event *ev)
{
	far_end(stage, ev);
	postfix_report(ev, SAYS_ECHO);
	ev->code = 421;
}

static const struct slice tls_established =
    SLICE(" TLS connection established ");

bool
postfix_scan_tls(struct slice words, struct event *ev)
{
	size_t n = 0;

	while (n < words.n && words.p[n] != ' ')
		n++;
	if (!postfix_starts(slice_from(words, n), tls_established))
		return false;
	postfix_report(ev, SAYS_TLS);
	return true;
}

/* "warning: name[ip]: SASL LOGIN authentication failed: ..." */
static bool
scan_sasl(struct slice words, struct event *ev)
{
	struct slice s = words;
	size_t n = postfix_client(s, &ev->peer);

	s = slice_from(s, n);
	if (!n || !postfix_starts(s, SLICE(": SASL ")) ||
	    slice_find(s, SLICE(" authentication ")) < 0) {
		ev->peer = SLICE_NONE;
		return false;
	}
	postfix_report(ev, SAYS_ECHO);
	ev->verb = VERB_AUTH;
	ev->code = slice_find(s, SLICE("onnection lost to auth")) >= 0 ||
	    slice_find(s, SLICE("emporary")) >= 0 ? 4 : 5;
	return true;
}

/* Limits that anvil keeps: what smtpd answers is always the same. */
static bool
scan_limit(struct slice words, struct event *ev)
{
	static const struct {
		struct slice words;
		uint16_t code;
		uint8_t verb;
	} limits[] = {
		{ SLICE("Connection rate limit exceeded:"), 421, VERB_CONNECT },
		{ SLICE("Connection concurrency limit exceeded:"), 421,
		    VERB_CONNECT },
		{ SLICE("New TLS session rate limit exceeded:"), 421,
		    VERB_STARTTLS },
		{ SLICE("Message delivery request rate limit exceeded:"), 450,
		    VERB_MAIL },
		{ SLICE("Recipient address rate limit exceeded:"), 450,
		    VERB_RCPT },
		{ SLICE("AUTH command rate limit exceeded:"), 450, VERB_AUTH },
	};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		if (!postfix_starts(words, limits[i].words))
			continue;
		postfix_report(ev, SAYS_ECHO);
		ev->code = limits[i].code;
		ev->verb = limits[i].verb;
		return true;
	}
	return false;
}

/* "Illegal address syntax from name[ip] in RCPT command: <..>": 501. */
static bool
scan_address(struct slice words, struct event *ev)
{
	static const struct slice mark = SLICE("Illegal address syntax from ");
	struct slice s = slice_from(words, mark.n);
	size_t n;

	if (!postfix_starts(words, mark) ||
	    !(n = postfix_client(s, &ev->peer)))
		return false;
	s = slice_from(s, n);
	if (!postfix_starts(s, SLICE(" in ")))
		return false;
	postfix_report(ev, SAYS_ECHO | SAYS_TRANSACTION | SAYS_DONE);
	ev->verb = (uint8_t)verb_parse(slice_from(s, 4), NULL);
	ev->code = 501;
	if (ev->verb == VERB_RCPT)
		ev->says |= SAYS_TO;
	return true;
}

/* Names are looked up before the connect line: that belongs to it, too. */
static void
scan_warning(struct slice words, struct event *ev)
{
	if (postfix_starts(words, SLICE("hostname "))) {
		ev->kind = EVENT_NOTE;
		return;
	}
	if (!scan_sasl(words, ev) && !scan_limit(words, ev) &&
	    !scan_address(words, ev))
		postfix_remark(ev);
}

static bool
scan_smtpd_words(const struct postfix_line *pl, struct event *ev)
{
	struct slice s = pl->words;

	switch (s.p[0]) {
	case '<':
	case '>':
		return postfix_scan_dialogue(pl, ev);
	case 'c':
		if (postfix_starts(s, connect_from)) {
			scan_connect(pl, ev);
			return true;
		}
		if (!postfix_starts(s, SLICE("client=")))
			return false;
		scan_client(pl, ev);
		return true;
	case 'd':
		if (!postfix_starts(s, disconnect_from))
			return false;
		scan_disconnect(pl, ev);
		return true;
	case 'l':
		if (!postfix_starts(s, SLICE("lost connection after ")))
			return false;
		scan_lost(slice_from(s, 22), ev);
		return true;
	case 't':
		if (postfix_starts(s, SLICE("timeout after ")))
			scan_hung_up(slice_from(s, 14), ev);
		else if (postfix_starts(s, SLICE("too many errors after ")))
			scan_hung_up(slice_from(s, 22), ev);
		else
			return false;
		return true;
	case 'w':
		if (!postfix_starts(s, SLICE("warning: ")))
			return false;
		scan_warning(slice_from(s, 9), ev);
		return true;
	default:
		return postfix_scan_tls(s, ev);
	}
}

/* Words that are no internals, though nothing follows from them. */
bool
postfix_is_remark(struct slice s)
{
	static const struct slice heads[] = {
		SLICE("improper command pipelining"), SLICE("bare <LF>"),
		SLICE("SSL_accept error"), SLICE("certificate "),
		SLICE("discarding EHLO keywords"), SLICE("setting up TLS"),
		SLICE("message repeated"), SLICE("fatal: "), SLICE("error: "),
		SLICE("panic: "), SLICE("table "), SLICE("Untrusted "),
		SLICE("SSL_connect error"), SLICE("connect to "),
		SLICE("lost connection "), SLICE("Host offered STARTTLS"),
		SLICE("enabling PIX "),
	};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (postfix_starts(s, heads[i]))
			return true;
	return false;
}

/* "proxy-accept: END-OF-MESSAGE: 250 ... queued as QID; from=<> .." */
static void
scan_proxied(const struct postfix_line *pl, struct event *ev)
{
	struct postfix_envelope env;
	struct slice next;

	postfix_envelope(pl->words, false, &env);
	next = postfix_next_queue(env.before);
	postfix_report(ev, SAYS_TRANSACTION | SAYS_DONE);
	if (next.n) {
		ev->flags |= EVENT_LINK;
		ev->link = postfix_key(pl, next);
		ev->says |= SAYS_MESSAGE;
	}
}

bool
postfix_names_action(struct slice s)
{
	size_t n = 0;

	while (n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') || s.p[n] == '-' ||
	    s.p[n] == '_'))
		n++;
	return n >= 4 && n + 1 < s.n && s.p[n] == ':' && s.p[n + 1] == ' ' &&
	    !postfix_starts(s, SLICE("warning: ")) && !postfix_starts(s, SLICE("fatal: ")) &&
	    !postfix_starts(s, SLICE("error: ")) && !postfix_starts(s, SLICE("panic: "));
}

void
postfix_scan_smtpd(const struct postfix_line *pl, struct event *ev)
{
	bool noqueue = pl->words.p != pl->sl.text.p;

	ev->side = SIDE_SERVER;
	ev->key = postfix_process_key(pl);
	ev->id = postfix_process_id(pl);
	if (pl->words.n == 0) {
		postfix_trace(ev);
	} else if (scan_smtpd_words(pl, ev)) {
		return;
	} else if (postfix_starts(pl->words, SLICE("proxy-accept: "))) {
		scan_proxied(pl, ev);
	} else if (noqueue || postfix_starts(pl->words, SLICE("proxy-reject: "))) {
		if (postfix_names_action(pl->words))
			postfix_scan_action(pl, ev);
		else
			postfix_remark(ev);
	} else if (postfix_is_remark(pl->words)) {
		postfix_remark(ev);
	} else {
		postfix_trace(ev);
	}
}

/* --- postscreen ----------------------------------------------------------- */

/* The client in "CONNECT from [ip]:port to ..", "PASS OLD [ip]:port". */
static bool
screened_client(struct slice words, struct slice *peer)
{
	struct slice s = words;
	ptrdiff_t at = slice_find(s, SLICE(" from ["));

	if (at < 0)
		at = slice_find(s, SLICE(" for ["));
	s = at < 0 ? s : slice_from(s, (size_t)at);
	return postfix_client(s, peer) > 0;
}

void
postfix_scan_screen(const struct postfix_line *pl, struct event *ev)
{
	struct slice s = pl->words, local;

	if (!screened_client(s, &ev->peer))
		return;                  /* its cache, its start */
	ev->side = SIDE_SERVER;
	ev->key = postfix_key(pl, ev->peer);
	ev->id = ev->peer;
	postfix_report(ev, 0);
	if (postfix_starts(s, SLICE("CONNECT from "))) {
		ev->flags |= EVENT_BEGINS;
		if (postfix_client(slice_from(s,
		    (size_t)(ev->peer.p + ev->peer.n - s.p)), &local))
			ev->local = local;
	} else if (postfix_starts(s, SLICE("PASS ")) ||
	    postfix_starts(s, SLICE("ALLOWLISTED ")) ||
	    postfix_starts(s, SLICE("WHITELISTED "))) {
		/* Not so behind deep tests: then DISCONNECT follows. */
		ev->also = handover_key(pl, ev->peer);
		ev->flags |= EVENT_ALSO;
	} else if (postfix_starts(s, SLICE("DISCONNECT "))) {
		ev->kind = EVENT_CLOSE;
	} else if (postfix_starts(s, SLICE("COMMAND TIME LIMIT")) ||
	    postfix_starts(s, SLICE("COMMAND COUNT LIMIT")) ||
	    postfix_starts(s, SLICE("COMMAND LENGTH LIMIT"))) {
		ptrdiff_t at = slice_find(s, SLICE(" after "));

		scan_hung_up(at < 0 ? SLICE_NONE :
		    slice_from(s, (size_t)at + 7), ev);
	} else if (postfix_names_action(s)) {
		postfix_scan_action(pl, ev);
	} else if (postfix_starts(s, SLICE("HANGUP "))) {
		postfix_report(ev, SAYS_GONE);
	}
}
