/*
 * The digest: what happened in a session, in 64 bytes.
 *
 * The outcome: a 5xx makes it permanent, else a 4xx temporary, whether or not
 * the session is over.  Without an error it is refused when the log tells that
 * a command was, but not how; open while no end was seen; dropped when it
 * ended inside a transaction, with a command unanswered (QUIT apart: many do
 * not wait for 221) or before an outbound connection stood; empty when no
 * MAIL, RCPT or DATA was ever said; else ok.
 */
#include "config.h"

#include "index/digest.h"

#include "smtp/code_set.h"

void
digest_init(struct digest *g, const struct format *fm)
{
	*g = (struct digest){ .last_time = CLOCK_NONE,
	    .guessed = fm->guessed,
	    .sent_bodies = fm->sent_bodies_logged };
	g->rec.start = CLOCK_NONE;
	dialogue_init(&g->dialogue, SELF_UNKNOWN, fm->bodies_logged);
	g->dialogue.whole_replies = fm->whole_replies;
}

void
digest_free(struct digest *g)
{
	dialogue_free(&g->dialogue);
}

/*
 * The side is known from the log, or found by the dialogue.  A server that logs
 * message text may log only that which it received.
 */
static void
learn_side(struct digest *g, enum event_side side)
{
	if (g->self_known || side == SIDE_UNKNOWN)
		return;
	g->self_known = true;
	g->rec.flags |= SESSION_SIDE_KNOWN;
	if (side == SIDE_CLIENT) {
		g->rec.flags |= SESSION_OUT;
		g->dialogue.self_is = SELF_CLIENT;
		g->dialogue.bodies_logged = g->dialogue.bodies_logged &&
		    g->sent_bodies;
	} else {
		g->dialogue.self_is = SELF_SERVER;
	}
}

static void
learn_side_from_dialogue(struct digest *g)
{
	if (!g->self_known && g->dialogue.self_is != SELF_UNKNOWN)
		learn_side(g, g->dialogue.self_is == SELF_CLIENT ?
		    SIDE_CLIENT : SIDE_SERVER);
}

static void
take_time(struct digest *g, int64_t t)
{
	int64_t d;

	if (t == CLOCK_NONE || g->over)
		return;
	if (g->rec.start == CLOCK_NONE)
		g->rec.start = t;
	/* Clocks are set back; a duration is never negative. */
	if (g->last_time == CLOCK_NONE || t > g->last_time)
		g->last_time = t;
	d = g->last_time - g->rec.start;
	g->rec.duration = d < 0 ? 0 : d > UINT32_MAX ? UINT32_MAX : (uint32_t)d;
}

static void
count_up(uint16_t *n)
{
	if (*n < UINT16_MAX)
		(*n)++;
}

static void
take_command(struct digest *g, const struct step *s, bool bdat_last)
{
	g->asked = true;
	if (digest_tls_stands(s->verb, g->answered, g->answer))
		g->rec.flags |= SESSION_TLS;
	if (s->untold)
		g->in_transaction = false;
	/* RCPT and text, too: where the log was cut behind MAIL. */
	if (s->verb == VERB_MAIL || s->verb == VERB_RCPT ||
	    s->verb == VERB_DATA || s->verb == VERB_BDAT)
		g->rec.flags |= SESSION_TRANSACTION;
	switch (s->verb) {
	case VERB_HELO:
	case VERB_EHLO:
	case VERB_LHLO:
		g->rec.helo_line = s->line;
		g->in_transaction = false;
		break;
	case VERB_MAIL:
		if (!g->rec.from_line)
			g->rec.from_line = s->line;
		count_up(&g->rec.messages);
		g->in_transaction = true;
		break;
	case VERB_RCPT:
		if (!g->rec.to_line)
			g->rec.to_line = s->line;
		count_up(&g->rec.recipients);
		break;
	case VERB_BDAT:
		if (bdat_last)
			g->bdat_last = s->line;
		break;
	case VERB_RSET:
		g->in_transaction = false;
		break;
	case VERB_QUIT:
		g->in_transaction = false;
		break;
	default:
		break;
	}
}

/* Which codes there are beside the worst; before a code may become that. */
static void
note_code(struct digest *g, unsigned code)
{
	unsigned worst = g->rec.worst;

	if (reply_class(code) < 4 || code == worst)
		return;
	g->rec.codes |= code_set_of(code_is_worse(code, worst) ? worst : code);
}

static void
take_reply(struct digest *g, const struct step *s)
{
	unsigned class = reply_class(s->code);

	g->answer = s->code;
	g->answered = (uint8_t)s->verb;
	note_code(g, s->code);
	if (g->rec.worst == 0 || code_is_worse(s->code, g->rec.worst)) {
		g->rec.worst = s->code;
		g->rec.worst_line = s->line;
		g->rec.enhanced = s->enhanced;
		g->rec.verb = (uint8_t)s->verb;
		g->worst_command = s->command_line;
	}
	if (s->verb == VERB_QUIT || (s->code == 421))
		g->ended = true;
	if (class == 2 && (s->verb == VERB_AUTH || s->verb == VERB_XEXPS))
		g->rec.flags |= SESSION_AUTH;
	/* A refused MAIL opened nothing; the text's reply closes all. */
	if ((s->verb == VERB_MAIL && class != 2) ||
	    (s->of_text && s->verb == VERB_DATA) ||
	    (s->verb == VERB_BDAT && s->command_line &&
	    s->command_line == g->bdat_last))
		g->in_transaction = false;
}

static inline void
take_step(struct digest *g, const struct step *s, struct gist gist,
    uint32_t line)
{
	if (s->role == ROLE_COMMAND)
		take_command(g, s, s->line == line &&
		    (gist.bits & GIST_BDAT_LAST));
	else if (s->role == ROLE_REPLY)
		take_reply(g, s);
}

/* --- what the log tells in words ------------------------------------------ */

static void
take_told_reply(struct digest *g, const struct event *ev, uint32_t line)
{
	if ((ev->says & SAYS_ECHO) && g->spoken)
		return;
	note_code(g, ev->code);
	if (g->rec.worst && !code_is_worse(ev->code, g->rec.worst))
		return;
	g->rec.worst = ev->code;
	g->rec.worst_line = line;
	g->rec.enhanced = ev->enhanced;
	g->rec.verb = ev->verb;
	g->worst_command = 0;
}

/*
 * A message, counted once: refusals name the sender of one that is yet to
 * come, and some logs tell first of the message, then who sent it.
 */
static void
take_told_message(struct digest *g, unsigned says, uint32_t line)
{
	if ((says & (SAYS_FROM | SAYS_SENDER)) && !g->rec.from_line)
		g->rec.from_line = line;
	if (says & (SAYS_FROM | SAYS_MESSAGE)) {
		if (!g->announced)
			count_up(&g->rec.messages);
		g->announced = (says & SAYS_FROM) && !(says & SAYS_DONE);
	} else if ((says & SAYS_SENDER) && !g->rec.messages) {
		count_up(&g->rec.messages);
	}
}

static void
take_told_envelope(struct digest *g, const struct event *ev, uint32_t line)
{
	unsigned says = ev->says;

	if (says & (SAYS_FROM | SAYS_TO | SAYS_SENDER | SAYS_TRANSACTION))
		g->rec.flags |= SESSION_TRANSACTION;
	if (!g->spoken)
		take_told_message(g, says, line);
	if ((says & SAYS_TO) && !g->spoken) {
		if (!g->rec.to_line)
			g->rec.to_line = line;
		/* One that is put off is named again. */
		if (!(ev->flags & EVENT_LATER) || !g->rec.recipients ||
		    reply_class(ev->code) != 4)
			count_up(&g->rec.recipients);
	}
	if ((says & SAYS_ECHO) && g->spoken)
		return;                  /* the dialogue knows */
	if (says & SAYS_TRANSACTION)
		g->in_transaction = true;
	if (says & SAYS_DONE)
		g->in_transaction = false;
}

/*
 * A command that was refused, or during which the connection was lost.  The
 * count of commands that were not done comes last and tells them not apart.
 */
static void
take_told_failure(struct digest *g, const struct event *ev)
{
	unsigned says = ev->says;

	if (says & SAYS_GONE) {
		g->gone = true;
		g->gone_verb = ev->verb;
		g->lost = g->lost || (g->in_transaction && !g->spoken);
	}
	if ((says & SAYS_ECHO) && g->spoken)
		return;
	if ((says & (SAYS_LOST | SAYS_REFUSED)) && reply_class(g->rec.worst) < 4)
		g->rec.verb = ev->verb;
	if ((says & SAYS_REFUSED) && g->gone && g->gone_verb == ev->verb)
		/* The reply to STARTTLS came before what failed. */
		g->lost = g->lost || ev->verb != VERB_STARTTLS;
	else if (says & SAYS_REFUSED)
		g->refused = true;
	if (says & SAYS_LOST)
		g->lost = true;
}

bool
digest_is_onwards(const struct session *rec, const struct event *ev)
{
	return ev->side == SIDE_CLIENT && (rec->flags & (SESSION_SIDE_KNOWN |
	    SESSION_OUT)) == SESSION_SIDE_KNOWN;
}

static void
take_told(struct digest *g, const struct event *ev, uint32_t line)
{
	unsigned says = ev->says;

	if (ev->code)
		take_told_reply(g, ev, line);
	take_told_envelope(g, ev, line);
	if ((says & SAYS_HELO) && !g->rec.helo_line)
		g->rec.helo_line = line;
	if ((says & SAYS_TLS) && !digest_is_onwards(&g->rec, ev))
		g->rec.flags |= SESSION_TLS;
	if (says & SAYS_USER)
		g->rec.flags |= SESSION_AUTH;
	take_told_failure(g, ev);
	g->attempted = g->attempted || (says & SAYS_NEVER_UP);
	g->connected = g->connected || (says & SAYS_UP);
	if ((says & SAYS_ENDS) && !g->connected)
		g->ended = true;
}

static enum speaker
speaker_of(const struct event *ev)
{
	return ev->dir == DIR_IN ? SPEAKER_PEER :
	    ev->dir == DIR_OUT ? SPEAKER_SELF : SPEAKER_UNKNOWN;
}

/* A protocol line that has an entry of its own. */
static bool
is_line(const struct event *ev)
{
	return ev->kind == EVENT_LINE || ev->kind == EVENT_EXCHANGE;
}

static int
say(struct digest *g, enum utterance what, const struct event *ev,
    struct gist gist, uint32_t line, struct step *steps)
{
	return dialogue_take(&g->dialogue, what, ev->kind == EVENT_MORE ?
	    SPEAKER_UNKNOWN : speaker_of(ev), ev->text, gist, line, ev->time,
	    steps);
}

static int
take_entry(struct digest *g, const struct event *ev, struct gist gist,
    uint32_t line, struct step *steps)
{
	switch (ev->kind) {
	case EVENT_OPEN:
		g->connected = true;
		return say(g, UTTER_GREETED, ev, gist, line, steps);
	case EVENT_ATTEMPT:
		g->attempted = true;
		return 0;
	case EVENT_LINE:
		g->spoken = true;
		return say(g, UTTER_LINE, ev, gist, line, steps);
	case EVENT_EXCHANGE:
		g->spoken = true;
		return say(g, UTTER_ASKED, ev, gist, line, steps);
	case EVENT_RAW:
		return say(g, UTTER_RAW, ev, gist, line, steps);
	case EVENT_MORE:
		/* A log cut in the middle of a reply begins with the rest. */
		return say(g, !g->fed && gist_is_reply(&gist) ? UTTER_LINE :
		    UTTER_MORE, ev, gist, line, steps);
	case EVENT_CLOSE:
		return say(g, UTTER_END, ev, gist, line, steps);
	case EVENT_USER:
		g->rec.flags |= SESSION_AUTH;
		return 0;
	case EVENT_TLS:
		g->rec.flags |= SESSION_TLS;
		return 0;
	default:
		return 0;
	}
}

/* What becomes of a message later is not the connection's time. */
static bool
is_of_later(const struct digest *g, const struct event *ev)
{
	return (ev->flags & EVENT_LATER) && g->rec.start != CLOCK_NONE &&
	    g->self_known && !(g->rec.flags & SESSION_OUT);
}

/* More message text, or more of a reply: nothing is noted but its time. */
static bool
take_more(struct digest *g, const struct event *ev, const struct gist *gist,
    uint32_t line, struct step *step)
{
	bool is_more = ev->kind == EVENT_MORE;

	if (!dialogue_may_be_more(&g->dialogue, gist) || !g->self_known ||
	    !g->spoken || (!is_more && ev->kind != EVENT_LINE) ||
	    event_tells(ev) ||
	    !dialogue_take_more(&g->dialogue, is_more ? UTTER_MORE :
	    UTTER_LINE, speaker_of(ev), gist, line, ev->time, step))
		return false;
	g->guessed = g->guessed || (ev->flags & EVENT_GUESSED);
	if (step->role == ROLE_REPLY_MORE && !is_of_later(g, ev))
		take_time(g, ev->time);
	return true;
}

int
digest_take(struct digest *g, const struct event *ev, struct gist gist,
    uint32_t line, struct step steps[DIALOGUE_STEPS])
{
	char text[EVENT_HEAD_MAX];
	struct event plain;
	int n;

	if (take_more(g, ev, &gist, line, steps))
		return 1;
	/* Of the words themselves only twins are held against each other. */
	if ((ev->flags & (EVENT_ESCAPES & ~EVENT_QUOTED)) &&
	    (ev->kind == EVENT_RAW || g->dialogue.raw_line)) {
		plain = *ev;
		plain.text = event_head(ev, text);
		ev = &plain;
	}
	learn_side(g, ev->side);
	g->guessed = g->guessed || (ev->flags & EVENT_GUESSED);
	if (event_tells(ev))
		take_told(g, ev, line);
	n = take_entry(g, ev, gist, line, steps);
	g->fed = true;
	if (n && !g->self_known)
		learn_side_from_dialogue(g);
	for (int i = 0; i < n; i++)
		take_step(g, &steps[i], gist, line);
	if (is_of_later(g, ev))
		return n;
	/* A stamp inside message text is not the session's time. */
	if (!(n && steps[n - 1].role == ROLE_BODY && is_line(ev)))
		take_time(g, ev->time);
	return n;
}

int
digest_feed(struct digest *g, const struct event *ev, uint32_t line,
    struct step steps[DIALOGUE_STEPS])
{
	return digest_take(g, ev, event_gist(ev), line, steps);
}

/* Whoever spoke was connected, said or not. */
static bool
never_up(const struct digest *g)
{
	return g->attempted && !g->connected && !g->spoken;
}

static enum outcome
decide(const struct digest *g, enum ending ending)
{
	unsigned class = reply_class(g->rec.worst);

	if (class == 5)
		return OUTCOME_PERMANENT;
	if (class == 4)
		return OUTCOME_TEMPORARY;
	if (g->refused)
		return OUTCOME_REFUSED;
	if (ending == ENDING_NONE)
		return OUTCOME_OPEN;
	if (g->in_transaction || g->lost || dialogue_unanswered(&g->dialogue, NULL) ||
	    never_up(g))
		return OUTCOME_DROPPED;
	if (!(g->rec.flags & SESSION_TRANSACTION))
		return OUTCOME_EMPTY;
	return OUTCOME_OK;
}

static void
finish(const struct digest *g, enum ending ending, struct session *rec)
{
	enum outcome o;

	if (g->ended && (ending == ENDING_NONE || ending == ENDING_NEXT))
		ending = ENDING_SAID;
	o = decide(g, ending);
	*rec = g->rec;
	if (never_up(g))
		rec->flags |= SESSION_NEVER_UP;
	/* What was never answered is the failing command of a drop. */
	if (o == OUTCOME_DROPPED) {
		struct dialogue_command c = { 0 };

		if (!g->lost)
			rec->verb = VERB_NONE;
		if (dialogue_unanswered(&g->dialogue, &c))
			rec->verb = c.verb;
	} else if (reply_class(rec->worst) < 4 && o != OUTCOME_REFUSED) {
		rec->verb = VERB_NONE;
	}
	rec->state = (uint8_t)((unsigned)o | (unsigned)ending << 4 |
	    (g->guessed ? SESSION_STATE_GUESSED : 0));
}

void
digest_record(const struct digest *g, enum ending ending, struct session *rec)
{
	struct step steps[DIALOGUE_STEPS];
	struct digest copy;
	int n;

	if (!g->dialogue.raw_line) {
		finish(g, ending, rec);
		return;
	}
	/* A raw line is held back: see what it means if no twin comes. */
	copy = *g;
	dialogue_copy(&copy.dialogue, &g->dialogue);
	n = dialogue_feed(&copy.dialogue, UTTER_END, SPEAKER_UNKNOWN,
	    SLICE_NONE, g->rec.last, CLOCK_NONE, steps);
	for (int i = 0; i < n; i++)
		take_step(&copy, &steps[i], (struct gist){ 0 }, 0);
	finish(&copy, ending, rec);
	dialogue_free(&copy.dialogue);
}

bool
digest_takes_opener(const struct digest *g, const struct event *ev)
{
	return !dialogue_in_body(&g->dialogue) ||
	    dialogue_entry_is_plausible(&g->dialogue, ev->time);
}

static bool
is_hello(unsigned verb)
{
	return verb == VERB_HELO || verb == VERB_EHLO || verb == VERB_LHLO;
}

bool
digest_awaits(const struct digest *g, const struct event *ev)
{
	struct dialogue_command c = { .verb = VERB_NONE };
	char head[EVENT_HEAD_MAX];
	struct slice text;
	struct reply r;

	if (!is_line(ev))
		return false;
	/* What a client writes while text goes out may look like anything. */
	if (ev->dir == DIR_OUT && (g->rec.flags & SESSION_OUT) &&
	    g->sent_bodies && dialogue_in_body(&g->dialogue))
		return true;
	text = event_head(ev, head);
	/* The rest of a greeting of several lines is no further one. */
	if (reply_parse(text, &r))
		return g->dialogue.more_code == r.code ||
		    (dialogue_unanswered(&g->dialogue, &c) &&
		    c.verb == VERB_STARTTLS);
	if (!is_hello(verb_parse(text, NULL)))
		return false;
	return !g->asked || (g->answered == VERB_STARTTLS &&
	    reply_class(g->answer) == 2) ||
	    (is_hello(g->answered) && reply_class(g->answer) >= 4);
}
