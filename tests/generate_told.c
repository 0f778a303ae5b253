/*
 * Notes and the truth that comes of them.
 */
#include "config.h"

#include "generate_told.h"

#include <string.h>

#include "generate_script.h"

struct entry *
told_note(struct session *s, uint32_t who, struct text *line, uint16_t code,
    const char *enhanced, const char *reason)
{
	int32_t at;
	struct entry *e;

	text_char(line, '\0');
	at = say_entry(s, ENTRY_NOTE, 5 + dice_below(&s->dice, 40), line->p,
	    "");
	e = &s->entries[at];
	e->sequence = who;
	e->code = code;
	e->enhanced = enhanced;
	e->message = e->recipient = NOTHING;
	e->words = session_piece(s, reason);
	e = &s->entries[at];
	text_free(line);
	return e;
}

static struct piece
make_mailbox(struct session *s, const char *const *odd, size_t n)
{
	struct text *t = &s->text;
	size_t at = t->n;

	if (dice_hits(&s->dice, 60))
		text_word(t, odd[dice_below(&s->dice, (uint32_t)n)]);
	else {
		text_word(t, "user");
		text_number(t, dice_below(&s->dice, 100000));
		text_word(t, "@example.net");
	}
	return piece_since(s, at);
}

struct piece
told_mailbox(struct session *s, const char *const *odd, size_t n)
{
	for (;;) {
		struct piece p = make_mailbox(s, odd, n);
		size_t i = 0;

		while (i < s->nrecipients && (s->recipients[i].n != p.n ||
		    memcmp(piece_at(s, s->recipients[i]), piece_at(s, p),
		    p.n) != 0))
			i++;
		if (i == s->nrecipients)
			return p;
	}
}

int32_t
told_recipient(struct session *s, struct piece to)
{
	s->recipients = vector_room(s->recipients, &s->recipients_cap,
	    s->nrecipients + 1, sizeof *s->recipients);
	s->recipients[s->nrecipients] = to;
	return (int32_t)s->nrecipients++;
}

int32_t
told_message(struct session *s, struct piece from)
{
	s->messages = vector_room(s->messages, &s->messages_cap,
	    s->nmessages + 1, sizeof *s->messages);
	s->messages[s->nmessages] = (struct message){ .from = from };
	return (int32_t)s->nmessages++;
}

void
told_path(struct text *t, const struct session *s, struct piece p)
{
	text_char(t, '<');
	text_piece(t, s, p);
	text_char(t, '>');
}

/* --- the truth ------------------------------------------------------------------ */

static void
add_json(struct text *t, const struct session *s, const char *name,
    struct piece p)
{
	text_word(t, name);
	text_json(t, piece_at(s, p), p.n);
}

/* Code, enhanced code and reason; a class is no code. */
static void
add_verdict(struct text *t, const struct session *s, const struct entry *e)
{
	text_word(t, "\"code\":");
	if (e && e->code > 9)
		text_number(t, e->code);
	else
		text_word(t, "null");
	text_word(t, ",\"enhanced\":");
	if (e && e->enhanced && *e->enhanced)
		text_json(t, e->enhanced, strlen(e->enhanced));
	else
		text_word(t, "null");
	if (e && e->words.n)
		add_json(t, s, ",\"text\":", e->words);
}

/* Whether an entry is about the recipient: alone, or with some others. */
static bool
is_about(const struct entry *e, int32_t recipient)
{
	int32_t n = e->size ? (int32_t)e->size : 1;

	return e->line && e->recipient != NOTHING &&
	    e->recipient <= recipient && recipient < e->recipient + n;
}

/* What became of a recipient last, as far as the log goes. */
static const struct entry *
fate_of(const struct session *s, int32_t recipient)
{
	const struct entry *last = NULL;

	for (size_t i = 0; i < s->count; i++)
		if (is_about(&s->entries[i], recipient) &&
		    s->entries[i].verb != VERB_DATA)
			last = &s->entries[i];
	return last;
}

static bool
was_named(const struct session *s, size_t before, int32_t recipient)
{
	for (size_t i = 0; i < before; i++)
		if (is_about(&s->entries[i], recipient))
			return true;
	return false;
}

/* In the order in which the log names them. */
static void
add_recipients(struct text *t, const struct session *s, int32_t message)
{
	bool any = false;

	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		for (int32_t r = e->recipient; e->message == message &&
		    is_about(e, r); r++) {
			if (was_named(s, i, r))
				continue;
			text_word(t, any ? ",{" : "{");
			any = true;
			add_json(t, s, "\"to\":", s->recipients[r]);
			text_char(t, ',');
			add_verdict(t, s, fate_of(s, r));
			text_char(t, '}');
		}
	}
}

/* Whether some entry tells who sent it. */
static bool
has_sender(const struct session *s, int32_t message)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->entries[i].line && s->entries[i].message == message &&
		    !s->entries[i].ends_message)
			return true;
	return false;
}

/* A message is in the log once something of it is. */
static const struct entry *
message_entry(const struct session *s, int32_t message)
{
	const struct entry *found = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		if (e->line && e->message == message &&
		    (!found || e->verb == VERB_DATA || e->verb == VERB_BDAT))
			found = e->verb == VERB_OTHER ? found : e;
	}
	return found;
}

static void
add_messages(struct text *t, const struct session *s)
{
	bool any = false;

	text_word(t, ",\"messages\":[");
	for (int32_t m = 0; m < (int32_t)s->nmessages; m++) {
		const struct entry *e = message_entry(s, m);

		if (!e)
			continue;
		text_word(t, any ? ",{" : "{");
		any = true;
		if (has_sender(s, m))
			add_json(t, s, "\"from\":", s->messages[m].from);
		else
			text_word(t, "\"from\":null");
		text_word(t, ",\"recipients\":[");
		add_recipients(t, s, m);
		text_word(t, "],");
		add_verdict(t, s, e->verb == VERB_RCPT ? NULL : e);
		text_char(t, '}');
	}
	text_char(t, ']');
}

/* 5xx before 4xx; a code before a class; the first of its kind. */
static const struct entry *
worst_of(const struct session *s)
{
	const struct entry *worst = NULL;
	int best = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];
		int class = e->code > 9 ? e->code / 100 : e->code;
		int rank = class * 2 + (e->code > 9);

		if (e->line && class >= 4 && rank > best) {
			worst = e;
			best = rank;
		}
	}
	return worst;
}

static const char *
outcome_of(const struct session *s, bool ended, bool mail)
{
	const struct entry *worst = worst_of(s);

	if (worst)
		return worst->code == 5 || worst->code / 100 == 5 ?
		    "permanent" : "temporary";
	if (!ended)
		return "open";
	if (s->sequence == 1)
		return "dropped";
	return mail ? "ok" : "empty";
}

void
told_peer(const struct session *s, struct text *t, bool guessed)
{
	text_word(t, ",\"direction\":\"in\",\"guessed\":");
	text_word(t, guessed ? "true" : "false");
	add_json(t, s, ",\"peer\":", s->peer);
}

void
told_mail(const struct session *s, struct text *t)
{
	const struct entry *worst = worst_of(s);
	bool ended = s->next_began, mail = false;

	for (size_t i = 0; i < s->count; i++) {
		ended = ended || (s->entries[i].line &&
		    s->entries[i].kind == ENTRY_CLOSE);
		mail = mail || (s->entries[i].line &&
		    s->entries[i].message != NOTHING);
	}
	add_messages(t, s);
	text_word(t, ",\"worst\":");
	if (worst && worst->code > 9)
		text_number(t, worst->code);
	else
		text_word(t, "null");
	if (worst && worst->words.n)
		add_json(t, s, ",\"worst_text\":", worst->words);
	else if (worst)
		text_word(t, ",\"worst_text\":null");
	text_word(t, ",\"outcome\":\"");
	text_word(t, outcome_of(s, ended, mail));
	text_char(t, '"');
}
