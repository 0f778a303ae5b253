/*
 * Which command a reply answers: the oldest that has no answer, with these
 * exceptions.
 *
 * - The greeting answers none.  A server that logs what it does may leave it
 *   out, so 250 after HELO is not the greeting though one was awaited; only
 *   220 is one then, for a client that did not wait for it.
 * - 334 and 354 leave the command where it is.  To a command that cannot draw
 *   them they are final: a client takes them for a refusal and goes on.  But
 *   a log that shows message text shows it after any 354.
 * - 2xx to DATA is the reply to the text: some logs leave 354 out.
 * - 220 to STARTTLS: what was pipelined behind it was thrown away (RFC 3207).
 * - A log that begins in the middle of a session may begin with 334 or 354;
 *   the text or the secret behind it is one nevertheless.
 */
#include "config.h"

#include "smtp/dialogue_pair.h"

void
dialogue_await_greeting(struct dialogue *d)
{
	if (d->greeting == GREETING_UNSEEN)
		d->greeting = GREETING_AWAITED;
}

/* Verbs that draw no 3xx: all of RFC 5321 but DATA, and STARTTLS and BDAT. */
static bool
is_answered_at_once(unsigned verb)
{
	switch (verb) {
	case VERB_HELO:
	case VERB_EHLO:
	case VERB_LHLO:
	case VERB_MAIL:
	case VERB_SEND:
	case VERB_SOML:
	case VERB_SAML:
	case VERB_RCPT:
	case VERB_BDAT:
	case VERB_RSET:
	case VERB_NOOP:
	case VERB_QUIT:
	case VERB_HELP:
	case VERB_VRFY:
	case VERB_EXPN:
	case VERB_STARTTLS:
	case VERB_XANONYMOUSTLS:
		return true;
	default:
		return false;
	}
}

/* Verbs after which a client waits for the whole reply (RFC 2920, 3.1). */
static bool
is_waited_for(unsigned verb)
{
	switch (verb) {
	case VERB_HELO:
	case VERB_EHLO:
	case VERB_LHLO:
	case VERB_AUTH:
	case VERB_XEXPS:
	case VERB_STARTTLS:
	case VERB_XANONYMOUSTLS:
	case VERB_NOOP:
	case VERB_HELP:
	case VERB_VRFY:
	case VERB_EXPN:
	case VERB_TURN:
	case VERB_ATRN:
	case VERB_ETRN:
	case VERB_QUIT:
		return true;
	default:
		return false;
	}
}

void
dialogue_ask(struct dialogue *d, enum smtp_verb verb, uint32_t line)
{
	struct dialogue_command c = { .line = line, .verb = (uint8_t)verb };

	if (line == d->last_command && d->last_nth < UINT16_MAX)
		d->last_nth++;
	else if (line != d->last_command)
		d->last_nth = 0;
	d->last_command = line;
	c.nth = d->last_nth;
	if (d->greeting == GREETING_UNSEEN)
		d->greeting = GREETING_PAST;
	/* The reply was over before, and the log does not show its end. */
	if (d->more_code && is_waited_for(d->more_verb))
		d->more_code = 0;
	pending_add(&d->pending, &c);
}

bool
dialogue_forget(struct dialogue *d)
{
	bool text = d->state == DIALOGUE_TEXT;

	d->state = DIALOGUE_TALK;
	d->more_code = 0;
	pending_clear(&d->pending);
	return text;
}

static bool
is_greeting(const struct dialogue *d, unsigned code)
{
	const struct pending *q = &d->pending;
	bool asked = q->count || q->forgotten;

	switch (d->greeting) {
	case GREETING_AWAITED:
		return !asked || (code == 220 &&
		    !(q->count && verb_starts_tls(pending_at(q, 0)->verb)));
	case GREETING_UNSEEN:
		return code == 220 || code == 554 || code == 421;
	default:
		return false;
	}
}

/* A reply to nothing; `first`: nothing at all was said before. */
static void
answer_nothing(struct dialogue *d, unsigned code, bool first)
{
	struct dialogue_command lost = { .line = 0 };

	if (code == 334 && first) {
		d->state = DIALOGUE_AUTH;
		lost.verb = VERB_AUTH;
		lost.stage = 1;
	} else if (code == 354 && (first || d->bodies_logged)) {
		d->state = DIALOGUE_TEXT;
		lost.verb = VERB_DATA;
		lost.stage = 2;
	} else {
		return;
	}
	pending_add(&d->pending, &lost);
}

/* Whether a reply leaves its command pending, and what the client owes. */
static bool
is_intermediate(struct dialogue *d, const struct dialogue_command *c,
    unsigned code)
{
	if (code == 334 && c->stage < 2 && !is_answered_at_once(c->verb))
		d->state = DIALOGUE_AUTH;
	else if (code == 354 &&
	    (d->bodies_logged || !is_answered_at_once(c->verb)))
		d->state = DIALOGUE_TEXT;
	else
		return false;
	return true;
}

static void
answer_oldest(struct dialogue *d, struct step *step)
{
	struct dialogue_command c = *pending_at(&d->pending, 0);

	step->verb = (enum smtp_verb)c.verb;
	step->command_line = c.line;
	step->command_nth = c.nth;
	if (is_intermediate(d, &c, step->code)) {
		pending_set_stage(&d->pending,
		    d->state == DIALOGUE_TEXT ? 2 : 1);
		return;
	}
	step->of_text = c.stage == 2 ||
	    (c.verb == VERB_DATA && reply_class(step->code) == 2);
	pending_drop(&d->pending);
	if (verb_starts_tls(c.verb) && reply_class(step->code) == 2)
		pending_clear(&d->pending);
}

void
dialogue_answer(struct dialogue *d, struct step *step)
{
	bool greeting = is_greeting(d, step->code);
	bool first = d->greeting == GREETING_UNSEEN;

	d->greeting = GREETING_PAST;
	/* Whatever the client owed: a reply ends it. */
	d->state = DIALOGUE_TALK;
	if (greeting) {
		step->verb = VERB_CONNECT;
	} else if (d->pending.forgotten) {
		d->pending.forgotten--;
		step->verb = VERB_UNKNOWN;
	} else if (d->pending.count) {
		answer_oldest(d, step);
	} else {
		answer_nothing(d, step->code, first);
	}
	if (d->whole_replies)
		step->more = false;
	d->more_code = step->more ? step->code : 0;
	d->more_verb = (uint8_t)step->verb;
}

uint32_t
dialogue_unanswered(const struct dialogue *d, struct dialogue_command *oldest)
{
	const struct pending *q = &d->pending;
	struct dialogue_command first = { .verb = VERB_UNKNOWN };
	uint32_t n = q->forgotten;

	for (uint32_t i = 0; i < q->count; i++) {
		const struct dialogue_command *c = pending_at(q, i);

		if (c->verb == VERB_QUIT)
			continue;
		if (n++ == 0)
			first = *c;
	}
	if (oldest && n)
		*oldest = first;
	return n;
}
