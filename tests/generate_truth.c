/*
 * What the generator knows of each session it wrote.
 */
#include "config.h"

#include "generate_truth.h"

#include <stdlib.h>
#include <string.h>

/* What the visible entries of a session add up to. */
struct sum {
	const struct session *s;
	int64_t start, end;
	uint32_t commands, replies;
	bool in_text;            /* the last entry is message text */
	bool stands;             /* an entry at or behind OPEN is visible */
	bool welcomed;           /* HELO was answered with 250 */
	bool opened, ended, attempted, hello, tls_begun, tls, user, auth;
	bool mail_cut;           /* a RCPT whose MAIL is not in the log */
	bool in_transaction, transaction;
	const struct entry *worst;   /* a 4xx or 5xx reply, or NULL */
	const struct entry *unanswered;
};

static void
sum_command(struct sum *sum, const struct entry *e)
{
	sum->commands++;
	if (e->verb == VERB_HELLO)
		sum->hello = true;
	if (e->verb == VERB_RCPT && !sum->transaction)
		sum->mail_cut = true;
	/* RCPT or text without MAIL: the log was cut behind it. */
	if (e->verb == VERB_MAIL || e->verb == VERB_RCPT ||
	    e->verb == VERB_DATA || e->verb == VERB_BDAT)
		sum->transaction = true;
	if (e->verb == VERB_RSET || e->verb == VERB_QUIT)
		sum->in_transaction = false;
}

static bool
is_worse(const struct entry *e, const struct entry *than)
{
	if (e->code < 400)
		return false;
	return !than || e->code / 100 > than->code / 100;
}

static void
sum_reply(struct sum *sum, const struct entry *e)
{
	const struct entry *c;

	sum->replies++;
	if (is_worse(e, sum->worst))
		sum->worst = e;
	if (e->ends_message)
		sum->in_transaction = false;
	if (e->command == NOTHING || !sum->s->entries[e->command].line)
		return;
	c = &sum->s->entries[e->command];
	if (c->verb == VERB_MAIL && e->code < 400)
		sum->in_transaction = true;
	if (c->verb == VERB_HELLO && e->code == 250)
		sum->welcomed = true;
	if (c->verb == VERB_QUIT)
		sum->ended = true;
	if (c->verb == VERB_AUTH && e->code == 235)
		sum->auth = true;
	if (c->verb == VERB_TLS && e->code == 220)
		sum->tls_begun = true;
}

static void
sum_entry(struct sum *sum, const struct entry *e)
{
	switch (e->kind) {
	case ENTRY_OPEN: sum->opened = true; break;
	case ENTRY_CLOSE: sum->ended = true; break;
	case ENTRY_ATTEMPT: sum->attempted = true; break;
	case ENTRY_USER: sum->user = true; break;
	case ENTRY_TLS: sum->tls = true; break;
	case ENTRY_COMMAND: sum_command(sum, e); break;
	case ENTRY_REPLY: sum_reply(sum, e); break;
	default: break;
	}
}

static void
sum_up(struct sum *sum, const struct session *s)
{
	bool any = false, stands = s->inbound;
	int32_t at;

	*sum = (struct sum){ .s = s, .ended = s->next_began };
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		stands = stands || e->kind == ENTRY_OPEN;
		if (!e->line)
			continue;
		sum->stands = stands;
		if (!any)
			sum->start = e->time;
		any = true;
		sum->end = e->time;
		sum->in_text = e->kind == ENTRY_TEXT;
		sum_entry(sum, e);
	}
	at = session_unanswered(s, s->count, true, false);
	if (at != NOTHING)
		sum->unanswered = &s->entries[at];
}

static const char *
outcome(const struct sum *sum)
{
	if (sum->worst)
		return sum->worst->code >= 500 ? "permanent" : "temporary";
	if (!sum->ended)
		return "open";
	if (sum->in_transaction || sum->unanswered ||
	    (sum->attempted && !sum->stands))
		return "dropped";
	return sum->transaction ? "ok" : "empty";
}

/* --- as JSON --------------------------------------------------------------- */

static void
add_key(struct text *t, const char *name)
{
	if (t->p[t->n - 1] != '{')
		text_char(t, ',');
	text_char(t, '"');
	text_word(t, name);
	text_word(t, "\":");
}

static void
add_number(struct text *t, const char *name, int64_t value)
{
	add_key(t, name);
	if (value < 0)
		text_word(t, "null");
	else
		text_number(t, (uint64_t)value);
}

static void
add_word(struct text *t, const char *name, const char *word)
{
	add_key(t, name);
	if (word)
		text_json(t, word, strlen(word));
	else
		text_word(t, "null");
}

static void
add_text(struct text *t, const char *name, const struct session *s,
    const struct piece *p)
{
	add_key(t, name);
	if (p)
		text_json(t, piece_at(s, *p), p->n);
	else
		text_word(t, "null");
}

/* The text of a reply: of all its lines in the log, with blanks between. */
static void
add_reply_text(struct text *t, const char *name, const struct session *s,
    const struct entry *e)
{
	const struct entry *end = s->entries + s->count;
	struct text all = { 0 };

	text_bytes(&all, piece_at(s, e->words), e->words.n);
	for (e++; e < end && e->kind == ENTRY_MORE && e->line; e++) {
		text_char(&all, ' ');
		text_bytes(&all, piece_at(s, e->words), e->words.n);
	}
	add_key(t, name);
	text_json(t, all.p, all.n);
	text_free(&all);
}

static void
add_code(struct text *t, const struct session *s, const struct entry *e)
{
	add_number(t, "code", e ? e->code : -1);
	add_word(t, "enhanced", e && *e->enhanced ? e->enhanced : NULL);
	if (e && e->code >= 400)
		add_reply_text(t, "text", s, e);
	else if (!e)
		add_word(t, "text", NULL);
}

static void
add_recipients(struct text *t, const struct session *s, int32_t message)
{
	bool any = false;

	add_key(t, "recipients");
	text_char(t, '[');
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		if (e->verb != VERB_RCPT || !e->line || e->message != message)
			continue;
		text_word(t, any ? ",{" : "{");
		any = true;
		add_text(t, "to", s, &s->recipients[e->recipient]);
		add_code(t, s, session_reply_to(s, i));
		text_char(t, '}');
	}
	text_char(t, ']');
}

static void
add_message(struct text *t, const struct session *s, int32_t message)
{
	const struct message *m = &s->messages[message];
	const struct entry *final = session_final_reply(s, message);

	text_char(t, '{');
	add_text(t, "from", s, &m->from);
	add_number(t, "size", session_size_of(s, message));
	add_recipients(t, s, message);
	add_code(t, s, final);
	if (final && final->code < 400 && m->id.n)
		add_text(t, "id", s, &m->id);
	text_char(t, '}');
}

static void
add_messages(struct text *t, const struct session *s)
{
	bool any = false;

	add_key(t, "messages");
	text_char(t, '[');
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		if (e->verb != VERB_MAIL || !e->line)
			continue;
		if (any)
			text_char(t, ',');
		any = true;
		add_message(t, s, e->message);
	}
	text_char(t, ']');
}

static void
add_codes(struct text *t, const struct session *s)
{
	bool any = false;

	add_key(t, "codes");
	text_char(t, '[');
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		if (e->kind != ENTRY_REPLY || !e->line)
			continue;
		if (any)
			text_char(t, ',');
		any = true;
		text_number(t, e->code);
	}
	text_char(t, ']');
}

static void
add_failure(struct text *t, const struct sum *sum)
{
	const struct session *s = sum->s;
	const struct entry *w = sum->worst, *failed = NULL;
	const char *result = outcome(sum);

	if (w && w->command != NOTHING && s->entries[w->command].line)
		failed = &s->entries[w->command];
	else if (strcmp(result, "dropped") == 0)
		failed = sum->unanswered;
	add_number(t, "worst", w ? w->code : -1);
	if (w) {
		add_word(t, "worst_enhanced", *w->enhanced ? w->enhanced : NULL);
		add_reply_text(t, "worst_text", s, w);
	}
	add_text(t, "failed_command", s, failed ? &failed->words : NULL);
	add_word(t, "outcome", result);
}

static void
add_time(struct text *t, const char *name, int64_t time,
    const struct truth *truth, const struct session *s)
{
	add_key(t, name);
	text_char(t, '"');
	text_iso(t, time - s->clock, truth->ms);
	text_word(t, truth->utc || s->clocked ? "Z\"" : "\"");
}

static bool
knows_peer(const struct truth *truth, const struct sum *sum)
{
	if (truth->late_peer && sum->s->inbound)
		return sum->welcomed;
	return truth->keyed || truth->names_peer || sum->opened;
}

static void
add_connection(struct text *t, const struct truth *truth,
    const struct sum *sum)
{
	const struct session *s = sum->s;

	if (truth->keyed) {
		add_key(t, "key");
		text_char(t, '"');
		if (truth->decimal)
			text_number(t, s->key);
		else if (truth->uuids)
			text_uuid(t, s->key);
		else
			text_hex(t, s->key, 16);
		text_char(t, '"');
	} else if (!truth->names_peer) {
		add_word(t, "key", NULL);
	}
	if (!truth->timeless)
		add_time(t, "start", sum->start, truth, s);
	/* A time in message text may be anything: it settles no end. */
	if (sum->ended && !sum->in_text && !truth->timeless &&
	    !truth->endless) {
		add_time(t, "end", sum->end, truth, s);
		add_number(t, "duration_ms", truth->ms ?
		    sum->end - sum->start :
		    (sum->end / 1000 - sum->start / 1000) * 1000);
	}
	/* Without columns only the opening entry names the peer. */
	if (truth->keyed || truth->names_peer || sum->opened)
		add_word(t, "direction", s->inbound ? "in" : "out");
	add_text(t, "peer", s,
	    knows_peer(truth, sum) ? &s->peer : NULL);
	add_number(t, "port", s->port);
	if (s->local.n)
		add_text(t, "server", s, sum->stands ? &s->local : NULL);
	add_text(t, "helo", s, sum->hello ? &s->helo : NULL);
	if (sum->tls || !sum->tls_begun) {
		add_key(t, "tls");
		text_word(t, sum->tls ? "true" : "null");
	}
	if (sum->user) {
		add_text(t, "auth", s, &s->user);
	} else {
		add_key(t, "auth");
		text_word(t, sum->auth ? "true" : "null");
	}
}

static char *
truth_row(const struct truth *truth, const struct session *s, const char *file)
{
	struct text t = { 0 };
	struct sum sum;

	sum_up(&sum, s);
	text_char(&t, '{');
	if (file)
		add_word(&t, "file", file);
	add_number(&t, "first_line", s->first_line);
	add_number(&t, "last_line", s->last_line);
	add_number(&t, "lines", s->lines);
	add_connection(&t, truth, &sum);
	if (!sum.mail_cut)
		add_messages(&t, s);
	add_number(&t, "commands", sum.commands);
	add_number(&t, "replies", sum.replies);
	add_codes(&t, s);
	add_failure(&t, &sum);
	text_bytes(&t, "}\n", 3);
	return t.p;
}

/* --- in the order of opening ------------------------------------------------ */

void
truth_begin(struct truth *t, struct session *s)
{
	if (!t->first)
		t->first = 1;
	s->serial = t->first + t->count;
	if (!t->out)
		return;
	t->rows = vector_room(t->rows, &t->cap, t->count + 1,
	    sizeof *t->rows);
	t->rows[t->count++] = NULL;
}

static void
write_rows(struct truth *t, bool all)
{
	size_t n = 0;

	while (n < t->count && (all || t->rows[n])) {
		if (t->rows[n] && fputs(t->rows[n], t->out) == EOF)
			give_up("cannot write the truth");
		free(t->rows[n++]);
	}
	memmove(t->rows, t->rows + n, (t->count - n) * sizeof *t->rows);
	t->count -= n;
	t->first += n;
}

/*
 * The log begins amid a reply of several lines: to its reader what is left is
 * the reply.
 */
static void
begin_amid_reply(struct session *s)
{
	size_t i = 0;

	while (i < s->count && !s->entries[i].line)
		i++;
	if (i == 0 || i == s->count || s->entries[i].kind != ENTRY_MORE)
		return;
	s->entries[i].kind = ENTRY_REPLY;
	s->entries[i].final = true;
	s->entries[i].command = NOTHING;
}

static char *
own_row(const struct truth *truth, const struct session *s)
{
	struct text t = { 0 };

	text_char(&t, '{');
	if (!truth->placeless) {
		text_word(&t, "\"first_line\":");
		text_number(&t, s->first_line);
		text_word(&t, ",\"last_line\":");
		text_number(&t, s->last_line);
		text_char(&t, ',');
	}
	text_word(&t, "\"lines\":");
	text_number(&t, s->lines);
	truth->row(s, &t);
	text_bytes(&t, "}\n", 3);
	return t.p;
}

void
truth_end(struct truth *t, struct session *s, const char *file)
{
	if (!t->out || !s->serial)
		return;
	begin_amid_reply(s);
	t->rows[s->serial - t->first] = t->row ? own_row(t, s) :
	    truth_row(t, s, file);
	/* Moving the rest costs: wait until it is worth it. */
	if (t->rows[0] && (s->serial & 1023) == 0)
		write_rows(t, false);
}

void
truth_flush(struct truth *t)
{
	if (t->out && t->count)
		write_rows(t, true);
	free(t->rows);
	t->rows = NULL;
}
