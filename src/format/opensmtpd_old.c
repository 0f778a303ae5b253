/*
 * OpenSMTPD's older form, sentences: `smtp-in: New session ID from host NAME
 * [ADDRESS]`, `relay: Ok for EVPID: session=ID, from=<a>, ...`.
 */
#include "config.h"

#include "format/opensmtpd_tell.h"

static struct slice
behind(struct slice s, const char *mark)
{
	struct slice m = slice_of(mark);
	ptrdiff_t at = slice_find(s, m);

	return at < 0 ? SLICE_NONE : slice_from(s, (size_t)at + m.n);
}

/* "host NAME [ADDRESS]", "smtp://ADDRESS:25 (NAME) on session" */
static struct slice
old_peer(struct slice s)
{
	struct slice p = behind(s, "://");
	ptrdiff_t n;

	if (p.p) {
		n = slice_find_char(p, ' ');
		return slice_head(p, n < 0 ? p.n : (size_t)n);
	}
	if (s.n && s.p[s.n - 1] == ']') {
		n = (ptrdiff_t)s.n - 1;
		while (n > 0 && s.p[n - 1] != '[')
			n--;
		s = slice_head(slice_from(s, (size_t)n), s.n - (size_t)n - 1);
		return slice_starts(s, SLICE("IPv6:")) ? slice_from(s, 5) : s;
	}
	return SLICE_NONE;
}

/* `Failed command on session ID: "RCPT TO:<x>" => 550 words` */
static struct slice
old_command(struct slice s, struct slice *result)
{
	const struct slice mark = { "\" => ", 5 };
	struct slice quoted = behind(s, ": \"");
	ptrdiff_t at = slice_find(quoted, mark);

	*result = SLICE_NONE;
	if (at < 0)
		return SLICE_NONE;
	*result = slice_from(quoted, (size_t)at + mark.n);
	return slice_head(quoted, (size_t)at);
}

static void
scan_old_in(struct slice s, struct event *ev)
{
	struct slice result, command;

	if (slice_starts(s, SLICE("New session "))) {
		ev->kind = EVENT_OPEN;
		ev->peer = old_peer(s);
	} else if (slice_starts(s, SLICE("Accepted message "))) {
		osmtpd_report(ev, SAYS_FROM | SAYS_TO | SAYS_DONE, VERB_DATA);
		ev->code = 250;
		ev->flags |= EVENT_LINK;
		ev->link = osmtpd_key(slice_head(slice_from(s, 17), 8),
		    OSMTPD_ENVELOPE);
	} else if (slice_starts(s, SLICE("Failed command "))) {
		command = old_command(s, &result);
		osmtpd_report(ev, 0, verb_parse(command, NULL));
		if (ev->verb == VERB_RCPT && osmtpd_asked(command).p)
			ev->says |= SAYS_TO;
		osmtpd_tell_reply(result, ev);
	} else if (slice_starts(s, SLICE("Closing session ")) ||
	    slice_starts(s, SLICE("Received disconnect "))) {
		ev->kind = EVENT_CLOSE;
	} else if (slice_starts(s, SLICE("Disconnecting session "))) {
		ev->kind = EVENT_CLOSE;
		ev->flags |= EVENT_LOST;
	}
}

static void
scan_old_out(struct slice s, struct event *ev)
{
	if (slice_starts(s, SLICE("Connecting to "))) {
		ev->kind = EVENT_ATTEMPT;
		ev->peer = old_peer(s);
	} else if (slice_starts(s, SLICE("Connected on "))) {
		ev->kind = EVENT_OPEN;
	} else if (slice_starts(s, SLICE("Closing session "))) {
		ev->kind = EVENT_CLOSE;
	} else if (slice_starts(s, SLICE("Error on session "))) {
		osmtpd_tell_error(behind(s, ": "), ev);
	}
}

/* "relay: Ok for EVPID: session=ID, from=<a>, to=<b>, ..., stat=250 ok" */
static bool
scan_old_delivery(struct slice text, struct event *ev)
{
	bool relay = slice_starts(text, SLICE("relay: "));
	struct slice s = slice_from(text, relay ? 7 : 10);
	ptrdiff_t n = slice_find(s, SLICE(" for "));
	struct slice id = osmtpd_session(text);

	if ((!relay && !slice_starts(text, SLICE("delivery: "))) || n <= 0)
		return false;
	ev->id = id;
	ev->key = osmtpd_key(slice_head(slice_from(s, (size_t)n + 5), 8),
	    OSMTPD_ENVELOPE);
	if (relay && id.n) {
		ev->also = osmtpd_key(id, OSMTPD_SESSION);
		ev->flags |= EVENT_ALSO;
	}
	osmtpd_tell_delivery(slice_head(s, (size_t)n), behind(s, ", stat="), ev);
	return true;
}

bool
osmtpd_scan_old(struct osmtpd_state *os, struct slice text, struct event *ev)
{
	bool in = slice_starts(text, SLICE("smtp-in: "));
	struct slice id;

	if (!in && !slice_starts(text, SLICE("smtp-out: ")))
		return scan_old_delivery(text, ev);
	id = osmtpd_session(text);
	if (!id.n)
		return false;
	text = slice_from(text, in ? 9 : 10);
	ev->kind = EVENT_NOTE;
	ev->id = id;
	ev->key = osmtpd_key(id, OSMTPD_SESSION);
	ev->side = in ? SIDE_SERVER : SIDE_CLIENT;
	if (slice_starts(text, SLICE("Started TLS on session ")))
		osmtpd_report(ev, SAYS_TLS, VERB_NONE);
	else if (in)
		scan_old_in(text, ev);
	else
		scan_old_out(text, ev);
	if (ev->kind == EVENT_OPEN)
		osmtpd_tie(os, !in, ev);
	return true;
}

/* --- the words ----------------------------------------------------------------- */

/* "..., from=<a>, to=<b>, size=1, ..." */
static struct slice
old_value(struct slice s, const char *mark)
{
	struct slice v = behind(s, mark);
	ptrdiff_t n = slice_find(v, SLICE(", "));

	return slice_head(v, n < 0 ? v.n : (size_t)n);
}

void
osmtpd_detail_old(struct slice text, const struct event *ev, struct detail *d)
{
	struct slice result, command, id;

	if (ev->says & SAYS_TLS) {
		d->tls = old_value(text, "version=");
		d->cipher = old_value(text, "cipher=");
		return;
	}
	if (slice_starts(text, SLICE("smtp-in: Failed command "))) {
		command = old_command(text, &result);
		osmtpd_detail_command(command, result, ev, d);
		return;
	}
	if (!slice_starts(text, SLICE("smtp-in: Accepted")) &&
	    !(ev->says & SAYS_TO)) {
		osmtpd_detail_reply(behind(slice_from(text, 12), ": "), d);
		return;
	}
	d->from = osmtpd_path(old_value(text, "from="));
	d->to = osmtpd_path(old_value(text, "to="));
	id = behind(text, text.p[0] == 's' ? "message " : " for ");
	d->queue = slice_head(id, 8);
	d->delivery = text.p[0] != 's';
	if (d->delivery && ev->code)
		osmtpd_detail_reply(behind(text, ", stat="), d);
	else if (!d->delivery)
		d->has_size = slice_to_u64(old_value(text, "size="), &d->size);
}
