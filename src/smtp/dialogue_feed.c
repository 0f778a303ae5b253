/*
 * The dialogue: what each entry of a session is.
 *
 * An entry goes three steps.  A raw line that is held back is settled first:
 * the entry is its twin, or the raw line was the only record of what it holds
 * and is taken now, before the entry.  Then message text is told from the
 * protocol.  What is left is a line of the server, which pairs with a command
 * (dialogue_pair.c), or one of the client.
 *
 * A log tells who speaks, but not always which of the two is the server; the
 * first line that was said tells it, since only a server sends reply codes.
 * Nothing here keeps text, and nothing here knows what a log line looks like.
 */
#include "config.h"

#include "smtp/dialogue.h"

#include "base/clock.h"
#include "smtp/dialogue_pair.h"

#define DAY_MS UINT64_C(86400000)

/* A line, and who says it when. */
struct said {
	struct gist gist;
	enum speaker who;
	int64_t time;
	bool asked;              /* a command; its reply is told with it */
};

static bool
is_reply(const struct said *s)
{
	return gist_is_reply(&s->gist);
}

static bool
is_blank(const struct said *s)
{
	return s->gist.bits & GIST_BLANK;
}

/* The last line of the reply whose code that is. */
static bool
ends_reply(const struct said *s, unsigned code)
{
	return is_reply(s) && s->gist.code == code &&
	    !(s->gist.bits & GIST_MORE);
}

void
dialogue_init(struct dialogue *d, enum dialogue_self self, bool bodies_logged)
{
	*d = (struct dialogue){
		.self_is = (uint8_t)self,
		.bodies_logged = bodies_logged,
		.body_time = CLOCK_NONE,
		.body_last = CLOCK_NONE,
	};
}

void
dialogue_free(struct dialogue *d)
{
	pending_free(&d->pending);
}

void
dialogue_copy(struct dialogue *to, const struct dialogue *from)
{
	*to = *from;
	pending_copy(&to->pending, &from->pending);
}

/* --- who speaks ----------------------------------------------------------- */

static enum speaker
server_of(const struct dialogue *d)
{
	return d->self_is == SELF_SERVER ? SPEAKER_SELF :
	    d->self_is == SELF_CLIENT ? SPEAKER_PEER : SPEAKER_UNKNOWN;
}

static bool
from_server(const struct dialogue *d, const struct said *s)
{
	enum speaker server = server_of(d);

	if (s->who == SPEAKER_UNKNOWN || server == SPEAKER_UNKNOWN)
		return is_reply(s);
	return s->who == server;
}

/* Known to be the client; not only by what it says. */
static bool
is_client(const struct dialogue *d, const struct said *s)
{
	enum speaker server = server_of(d);

	return s->who != SPEAKER_UNKNOWN && server != SPEAKER_UNKNOWN &&
	    s->who != server;
}

static void
learn_sides(struct dialogue *d, const struct said *s)
{
	if (s->who != SPEAKER_UNKNOWN && d->self_is == SELF_UNKNOWN)
		d->self_is = (s->who == SPEAKER_SELF) == is_reply(s) ?
		    SELF_SERVER : SELF_CLIENT;
}

/* --- message text --------------------------------------------------------- */

/* Text that the log shows; where it does not, no line can be text. */
static bool
in_text(const struct dialogue *d)
{
	return d->state == DIALOGUE_TEXT && d->bodies_logged;
}

/*
 * From when the text was asked for until a day after some of it last came.
 * The window does not move forward at its near end: a pasted line with a time
 * to come would hide the reply that follows.  In a log with stamps an entry
 * without a valid one is text.
 */
static bool
in_window(const struct dialogue *d, int64_t time)
{
	if (d->body_time == CLOCK_NONE)
		return true;
	if (time == CLOCK_NONE || time < d->body_time)
		return false;
	return time <= d->body_last ||
	    (uint64_t)time - (uint64_t)d->body_last <= DAY_MS;
}

bool
dialogue_entry_is_plausible(const struct dialogue *d, int64_t time)
{
	return !in_text(d) || !d->body_seen || d->body_ended ||
	    in_window(d, time);
}

/*
 * Whether an entry that stands in message text is none of it: the server's
 * reply, or behind the lone dot a client that did not wait for it.  In a log
 * that shows who speaks an entry without that is text, and without a time it
 * is text in any case.  Text is not answered line by line.
 */
static bool
leaves_text(const struct dialogue *d, const struct said *s)
{
	if (!dialogue_entry_is_plausible(d, s->time))
		return false;
	if (s->asked)
		return true;
	if (s->who == SPEAKER_UNKNOWN && !d->body_ended &&
	    (d->arrows || s->time == CLOCK_NONE))
		return false;
	if (from_server(d, s))
		return true;
	return d->body_ended && s->gist.verb != VERB_UNKNOWN;
}

static enum role
take_text(struct dialogue *d, const struct said *s)
{
	if (s->time > d->body_last && in_window(d, s->time))
		d->body_last = s->time;
	d->body_seen = true;
	if (s->gist.bits & GIST_DOT)
		d->body_ended = true;
	else if (!is_blank(s) && s->gist.verb == VERB_UNKNOWN)
		d->body_ended = false;   /* more came: it was not the end */
	return ROLE_BODY;
}

static void
begin_text(struct dialogue *d, int64_t time)
{
	d->body_seen = d->body_ended = false;
	d->body_time = d->body_last = time;
}

/* --- lines ---------------------------------------------------------------- */

static enum role
take_client_line(struct dialogue *d, const struct said *s, struct step *step)
{
	if (d->state == DIALOGUE_AUTH) {
		d->state = DIALOGUE_TALK;
		step->verb = VERB_AUTH;
		return ROLE_AUTH;
	}
	step->verb = (enum smtp_verb)s->gist.verb;
	step->untold = s->asked && dialogue_forget(d);
	dialogue_ask(d, step->verb, step->line);
	return ROLE_COMMAND;
}

static enum role
take_server_line(struct dialogue *d, const struct said *s, struct step *step)
{
	if (!is_reply(s) && !d->more_code)
		return ROLE_NOTE;
	if (!is_reply(s) || s->gist.code == d->more_code) {
		step->code = d->more_code;
		if (ends_reply(s, d->more_code))
			d->more_code = 0;
		return ROLE_REPLY_MORE;
	}
	step->code = s->gist.code;
	step->enhanced = s->gist.enhanced;
	step->more = s->gist.bits & GIST_MORE;
	dialogue_answer(d, step);
	if (d->state == DIALOGUE_TEXT)
		begin_text(d, s->time);
	return ROLE_REPLY;
}

static void
end_step(struct dialogue *d, struct step *step, enum role role)
{
	step->role = role;
	d->last_role = (uint8_t)role;
	d->last_secret = role == ROLE_AUTH || (role == ROLE_COMMAND &&
	    (step->verb == VERB_AUTH || step->verb == VERB_XEXPS));
}

static inline void
take_line(struct dialogue *d, const struct said *s, struct step *step)
{
	if (in_text(d) && !leaves_text(d, s)) {
		end_step(d, step, take_text(d, s));
		return;
	}
	if (is_blank(s) && !(d->state == DIALOGUE_AUTH && is_client(d, s))) {
		end_step(d, step, ROLE_NONE);
		return;
	}
	/* Where the log shows who speaks, what nobody says is a remark: the
	   server's own `499 No routing hosts`. */
	if (s->who == SPEAKER_UNKNOWN && d->arrows) {
		end_step(d, step, ROLE_NOTE);
		return;
	}
	learn_sides(d, s);
	step->from_server = from_server(d, s);
	end_step(d, step, step->from_server ? take_server_line(d, s, step) :
	    take_client_line(d, s, step));
}

/* --- raw lines ------------------------------------------------------------ */

/* Verbs whose line, or whose client's answer, holds what must not be shown. */
static bool
is_secret(const struct dialogue *d, const struct said *s)
{
	return s->gist.verb == VERB_AUTH || s->gist.verb == VERB_XEXPS ||
	    (d->state == DIALOGUE_AUTH && !from_server(d, s));
}

static void
hold(struct dialogue *d, const struct said *s, struct slice text,
    struct step *step)
{
	step->from_server = from_server(d, s);
	step->verb = is_secret(d, s) ? VERB_AUTH : VERB_NONE;
	end_step(d, step, ROLE_TWIN);
	if (is_blank(s))
		return;
	d->raw_line = step->line;
	d->raw = (struct held){
		.twin = twin_of(text),
		.time = s->time,
		.gist = s->gist,
		.from = (uint8_t)s->who,
		.secret = step->verb == VERB_AUTH,
	};
}

static bool
is_twin(const struct dialogue *d, enum speaker who, struct slice text)
{
	if (who != d->raw.from && who != SPEAKER_UNKNOWN &&
	    d->raw.from != SPEAKER_UNKNOWN)
		return false;
	return twin_matches(&d->raw.twin, text, d->raw.broken);
}

/* The raw line was the only record: takes it as the line it is. */
static int
settle(struct dialogue *d, struct step *step)
{
	const struct held *h = &d->raw;
	struct said s = {
		.gist = h->gist,
		.who = (enum speaker)h->from,
		.time = h->time,
	};

	s.gist.bits &= GIST_MORE;
	if (!d->raw_line)
		return 0;
	*step = (struct step){ .line = d->raw_line };
	d->raw_line = 0;
	take_line(d, &s, step);
	return 1;
}

static void
take_raw(struct dialogue *d, const struct said *s, struct slice text,
    struct step *step)
{
	if (in_text(d) && !leaves_text(d, s))
		end_step(d, step, take_text(d, s));
	else
		hold(d, s, text, step);
}

/* --- bare lines ----------------------------------------------------------- */

/* A bare line of the buffer that is held back. */
static enum role
take_twin_more(struct dialogue *d, const struct said *s, struct step *step)
{
	d->raw.broken = true;
	if (ends_reply(s, d->raw.gist.code))
		d->raw.gist.bits &= (uint8_t)~GIST_MORE;
	step->verb = d->raw.secret ? VERB_AUTH : VERB_NONE;
	return ROLE_TWIN_MORE;
}

/* A bare line of a reply, or one that a reply was broken into. */
static enum role
take_reply_more(struct dialogue *d, const struct said *s, struct step *step)
{
	step->code = d->more_code;
	step->from_server = true;
	if (ends_reply(s, d->more_code))
		d->more_code = 0;
	return ROLE_REPLY_MORE;
}

static void
take_bare(struct dialogue *d, const struct said *s, struct step *step)
{
	bool in_reply = d->more_code && (d->last_role == ROLE_REPLY ||
	    d->last_role == ROLE_REPLY_MORE);

	if (is_blank(s) && !(in_text(d) && d->body_seen))
		return;                  /* and what was before still is */
	if (d->raw_line)
		step->role = take_twin_more(d, s, step);
	else if (in_reply && (!in_text(d) || s->gist.code == d->more_code))
		step->role = take_reply_more(d, s, step);
	else if (in_text(d))
		step->role = take_text(d, s);
	else if (d->last_role == ROLE_TWIN)
		step->role = ROLE_TWIN_MORE;
	else if (d->last_secret)
		step->role = ROLE_AUTH;  /* a long line that was broken */
	else
		step->role = ROLE_NOTE;
	if (step->role == ROLE_AUTH)
		step->verb = VERB_AUTH;
}

/* --- no more than more ---------------------------------------------------- */

/* What leaves_text() and take_text() come to for such a line. */
static bool
take_more_text(struct dialogue *d, const struct gist *gist, int64_t time)
{
	if (!d->bodies_logged || d->body_ended || (gist->bits & GIST_DOT) ||
	    time > d->body_last)
		return false;
	d->body_seen = true;
	d->last_role = ROLE_BODY;
	d->last_secret = false;
	return true;
}

/* What take_server_line() and take_reply_more() come to for such a line. */
static void
take_more_reply(struct dialogue *d, const struct gist *gist, struct step *step)
{
	step->role = ROLE_REPLY_MORE;
	step->from_server = true;
	step->code = d->more_code;
	if (!(gist->bits & GIST_MORE))
		d->more_code = 0;
}

bool
dialogue_take_more(struct dialogue *d, enum utterance what, enum speaker who,
    const struct gist *gist, uint32_t line, int64_t time, struct step *step)
{
	enum speaker server = server_of(d);
	bool reply = d->state != DIALOGUE_TEXT &&
	    d->more_code && d->more_code == gist->code;

	if (!dialogue_may_be_more(d, gist) || server == SPEAKER_UNKNOWN)
		return false;
	*step = (struct step){ .role = ROLE_BODY, .line = line };
	if (what == UTTER_MORE && reply && (d->last_role == ROLE_REPLY ||
	    d->last_role == ROLE_REPLY_MORE)) {
		take_more_reply(d, gist, step);
		return true;
	}
	if (what != UTTER_LINE || who == SPEAKER_UNKNOWN ||
	    reply != (who == server) ||
	    (!reply && !take_more_text(d, gist, time)))
		return false;
	d->arrows = true;
	if (reply) {
		take_more_reply(d, gist, step);
		d->last_role = ROLE_REPLY_MORE;
		d->last_secret = false;
	}
	return true;
}

/* --- entries -------------------------------------------------------------- */

static int
take_entry(struct dialogue *d, const struct said *s, struct slice text,
    uint32_t line, struct step *steps)
{
	int n = 0;

	if (d->raw_line && is_twin(d, s->who, text))
		d->raw_line = 0;
	else if (d->raw_line)
		n = settle(d, steps);
	/* Raw lines do not count: that they were received is plain without. */
	if (s->who != SPEAKER_UNKNOWN)
		d->arrows = true;
	steps[n] = (struct step){ .line = line };
	take_line(d, s, &steps[n]);
	return n + 1;
}

int
dialogue_take(struct dialogue *d, enum utterance what, enum speaker who,
    struct slice text, struct gist gist, uint32_t line, int64_t time,
    struct step steps[DIALOGUE_STEPS])
{
	struct said s = { .gist = gist, .who = who, .time = time };
	int n = 0;

	switch (what) {
	case UTTER_LINE:
	case UTTER_ASKED:
		s.asked = what == UTTER_ASKED;
		return take_entry(d, &s, text, line, steps);
	case UTTER_RAW:
		n = settle(d, steps);
		steps[n] = (struct step){ .line = line };
		take_raw(d, &s, text, &steps[n]);
		return n + 1;
	case UTTER_MORE:
		s.who = SPEAKER_UNKNOWN;
		s.time = CLOCK_NONE;
		steps[0] = (struct step){ .line = line };
		take_bare(d, &s, &steps[0]);
		return 1;
	case UTTER_GREETED:
		n = settle(d, steps);
		dialogue_await_greeting(d);
		return n;
	case UTTER_END:
		n = settle(d, steps);
		d->more_code = 0;
		return n;
	}
	return 0;
}

int
dialogue_feed(struct dialogue *d, enum utterance what, enum speaker who,
    struct slice text, uint32_t line, int64_t time,
    struct step steps[DIALOGUE_STEPS])
{
	return dialogue_take(d, what, who, text, gist_of(text), line, time,
	    steps);
}
