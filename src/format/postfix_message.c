/*
 * Postfix's queue: what cleanup, the queue manager and the delivery agents say
 * of a message.
 */
#include "config.h"

#include "format/postfix_scan.h"

static void
scan_delivery(const struct postfix_line *pl, struct event *ev)
{
	struct postfix_delivery d;
	struct postfix_reply r;
	struct slice next;

	if (!postfix_delivery(pl->words, &d)) {
		if (pl->daemon == DAEMON_CLIENT &&
		    postfix_said(pl->words, &r)) {
			postfix_report(ev, 0);
			ev->code = (uint16_t)r.code;
			ev->enhanced = r.enhanced;
			ev->verb = (uint8_t)r.verb;
		}
		return;
	}
	postfix_outcome(&d, &r);
	postfix_report(ev, SAYS_TO);
	ev->code = (uint16_t)r.code;
	ev->enhanced = r.enhanced;
	ev->verb = (uint8_t)r.verb;
	/* A path of a socket is no address. */
	if (postfix_client(d.relay, &ev->peer) && ev->peer.n > 1 &&
	    memchr(ev->peer.p, '/', ev->peer.n))
		ev->peer = SLICE_NONE;
	next = postfix_next_queue(d.text);
	/* What another host calls its message is no id of ours. */
	if (next.n && (!ev->peer.p || postfix_starts(ev->peer, SLICE("[127.")) ||
	    postfix_starts(ev->peer, SLICE("[::1]")))) {
		ev->flags |= EVENT_LINK;
		ev->link = postfix_key(pl, next);
	}
}

/* "sender non-delivery notification: QID" */
static void
scan_notification(const struct postfix_line *pl, struct event *ev)
{
	static const struct slice mark = SLICE(" notification: ");
	ptrdiff_t at = slice_find(pl->words, mark);
	struct slice next;

	if (at < 0)
		return;
	next = slice_from(pl->words, (size_t)at + mark.n);
	if (!postfix_is_queue_id(next))
		return;
	postfix_report(ev, 0);
	ev->flags |= EVENT_LINK;
	ev->link = postfix_key(pl, next);
}

static void
scan_queue(const struct postfix_line *pl, struct event *ev)
{
	struct slice s = pl->words;

	if (postfix_starts(s, SLICE("removed"))) {
		ev->flags |= EVENT_UNLINK;
	} else if (postfix_starts(s, SLICE("from=<"))) {
		postfix_report(ev, SAYS_SENDER | SAYS_DONE);
		/* The queue may be quicker than bounce or local, who tell where
		   it came from; who verifies an address tells nothing. */
		if (!postfix_starts(s, SLICE("from=<double-bounce@")))
			ev->flags |= EVENT_LASTING;
		if (s.n > 10 && slice_find(s, SLICE(", status=expired")) >= 0)
			ev->code = 5;
	}
}

static void
scan_cleanup(const struct postfix_line *pl, struct event *ev)
{
	if (postfix_starts(pl->words, SLICE("message-id="))) {
		/* Of one that bounce makes it is told later whose it is. */
		postfix_report(ev, 0);
		ev->flags |= EVENT_JOINS;
	} else if (postfix_starts(pl->words,
	    SLICE("queue file size limit exceeded"))) {
		/* smtpd says so at the end of the text. */
		postfix_report(ev, SAYS_ECHO);
		ev->code = 552;
		ev->verb = VERB_DATA;
		ev->flags |= EVENT_UNLINK;
	} else if (postfix_names_action(pl->words)) {
		postfix_scan_action(pl, ev);
		ev->says &= (uint16_t)~SAYS_FROM;
		if (ev->code)
			ev->flags |= EVENT_UNLINK;
	}
}

/* What is said of a queue id. */
void
postfix_scan_message(const struct postfix_line *pl, struct event *ev)
{
	ev->kind = EVENT_NOTE;
	ev->side = SIDE_CLIENT;
	ev->key = postfix_key(pl, pl->queue);
	ev->id = pl->queue;
	ev->flags |= EVENT_LATER;
	if (pl->words.n == 0)
		return;
	switch (pl->daemon) {
	case DAEMON_PICKUP:
		ev->flags |= EVENT_BEGINS;
		postfix_report(ev, SAYS_MESSAGE | SAYS_TRANSACTION | SAYS_DONE);
		break;
	case DAEMON_CLEANUP:
		scan_cleanup(pl, ev);
		break;
	case DAEMON_QUEUE:
		scan_queue(pl, ev);
		break;
	case DAEMON_BOUNCE:
		scan_notification(pl, ev);
		break;
	case DAEMON_CLIENT:
		/* What it met with on the way it said without the id. */
		ev->also = postfix_process_key(pl);
		ev->flags |= EVENT_ALSO;
		scan_delivery(pl, ev);
		break;
	default:
		scan_delivery(pl, ev);
		break;
	}
}
