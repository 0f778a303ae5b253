/*
 * The words of what OpenSMTPD logs in its present form, and how it tells of a
 * delivery and of a reply in either.
 */
#include "config.h"

#include "format/opensmtpd_tell.h"

void
osmtpd_tell_delivery(struct slice result, struct slice stat, struct event *ev)
{
	/* No matter of this session's dialogue. */
	ev->kind = EVENT_REPORT;
	ev->says = SAYS_TO;
	ev->flags |= EVENT_LATER;
	osmtpd_tell_reply(stat, ev);
	if (ev->code)
		return;
	if (slice_starts(stat, SLICE("Error ")))
		osmtpd_tell_reply(slice_from(stat, 6), ev);
	/* Delivered here: its acceptance was told with the envelope. */
	if (!ev->code && !slice_eq(result, SLICE("Ok")))
		ev->code = slice_eq(result, SLICE("TempFail")) ? 4 : 5;
}

/* No `disconnected` follows: a new connection, if any, is told as one. */
void
osmtpd_tell_error(struct slice reason, struct event *ev)
{
	struct slice what, reply = osmtpd_rejected(reason, &what);

	osmtpd_report(ev, 0, slice_eq(what, SLICE("BANNER")) ? VERB_CONNECT :
	    what.n ? verb_parse(what, NULL) : VERB_NONE);
	ev->kind = EVENT_CLOSE;
	ev->flags |= EVENT_JOINS | EVENT_LOST;
	if (slice_starts(reason, SLICE("Connection closed")))
		ev->flags |= EVENT_REMOTE;
	osmtpd_tell_reply(reply, ev);
	if (!ev->code)
		ev->says |= SAYS_LOST;
}

/* --- the words ----------------------------------------------------------------- */

void
osmtpd_detail_reply(struct slice s, struct detail *d)
{
	struct reply r;

	if (slice_starts(s, SLICE("Error ")))
		s = slice_from(s, 6);
	d->reply = reply_parse(s, &r) ? r.text : s;
}

void
osmtpd_detail_command(struct slice command, struct slice result,
    const struct event *ev, struct detail *d)
{
	d->command = command;
	if (ev->says & SAYS_TO)
		d->to = osmtpd_asked(command);
	osmtpd_detail_reply(result, d);
}

static void
detail_message(struct slice pairs, struct detail *d)
{
	d->queue = osmtpd_value(pairs, "msgid");
	d->has_size = slice_to_u64(osmtpd_value(pairs, "size"), &d->size);
	d->final = true;
}

static void
detail_envelope(struct slice pairs, struct detail *d)
{
	d->queue = slice_head(osmtpd_value(pairs, "evpid"), 8);
	d->from = osmtpd_path(osmtpd_value(pairs, "from"));
	d->to = osmtpd_path(osmtpd_value(pairs, "to"));
}

void
osmtpd_detail_event(const struct osmtpd_line *l, const struct event *ev,
    struct detail *d)
{
	struct slice result, command;

	if (ev->says & SAYS_TLS) {
		d->tls = osmtpd_value(l->pairs, "ciphers");
	} else if (ev->says & SAYS_USER) {
		d->user = osmtpd_value(l->pairs, "user");
	} else if (slice_eq(l->event, SLICE("delivery"))) {
		detail_envelope(l->pairs, d);
		d->delivery = true;
		if (ev->code)
			osmtpd_detail_reply(osmtpd_last(l->pairs, "stat"), d);
	} else if (slice_eq(l->event, SLICE("message"))) {
		detail_message(l->pairs, d);
	} else if (slice_eq(l->event, SLICE("envelope"))) {
		detail_envelope(l->pairs, d);
	} else if (slice_eq(l->event, SLICE("failed-command"))) {
		command = osmtpd_command(l->pairs, &result);
		osmtpd_detail_command(command, result, ev, d);
	} else if (slice_eq(l->event, SLICE("bad-input"))) {
		osmtpd_detail_reply(osmtpd_value(l->pairs, "result"), d);
	} else if (slice_eq(l->event, SLICE("error"))) {
		osmtpd_detail_reply(osmtpd_rejected(osmtpd_last(l->pairs,
		    "reason"), &command), d);
	}
}
