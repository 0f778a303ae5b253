/*
 * The truth of a session in Exim's main log, from the notes of who made it up.
 */
#include "config.h"

#include <string.h>

#include "generate_exim.h"
#include "generate_script.h"

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

/* What became of a recipient last, as far as the log goes. */
static const struct entry *
fate_of(const struct session *s, int32_t recipient)
{
	const struct entry *last = NULL;

	for (size_t i = 0; i < s->count; i++)
		if (s->entries[i].line && s->entries[i].recipient == recipient &&
		    s->entries[i].verb != VERB_DATA)
			last = &s->entries[i];
	return last;
}

/* Whether an entry before this one named the recipient. */
static bool
was_named(const struct session *s, size_t at, int32_t recipient)
{
	for (size_t i = 0; i < at; i++) {
		const struct entry *e = &s->entries[i];
		int32_t end = e->recipient + (e->verb == VERB_DATA ?
		    (int32_t)e->size : 1);

		if (e->line && e->recipient != NOTHING &&
		    e->recipient <= recipient && recipient < end)
			return true;
	}
	return false;
}

static void
add_recipients(struct text *t, const struct session *s, int32_t message)
{
	bool any = false;

	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &s->entries[i];
		int32_t end = e->verb == VERB_DATA ?
		    e->recipient + (int32_t)e->size : e->recipient + 1;

		if (!e->line || e->message != message ||
		    e->recipient == NOTHING)
			continue;
		for (int32_t r = e->recipient; r < end; r++) {
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
		add_json(t, s, "\"from\":", s->messages[m].from);
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
exim_row(const struct session *s, struct text *t)
{
	const struct entry *worst = worst_of(s);
	bool guessed = s->port == NOTHING, ended = guessed, mail = false;

	for (size_t i = 0; i < s->count; i++) {
		ended = ended || (s->entries[i].line &&
		    s->entries[i].kind == ENTRY_CLOSE);
		mail = mail || (s->entries[i].line &&
		    s->entries[i].message != NOTHING);
	}
	add_json(t, s, guessed ?
	    ",\"direction\":\"in\",\"guessed\":true,\"peer\":" :
	    ",\"direction\":\"in\",\"guessed\":false,\"peer\":", s->peer);
	text_word(t, ",\"port\":");
	if (guessed)
		text_word(t, "null");
	else
		text_number(t, (uint64_t)s->port);
	add_messages(t, s);
	text_word(t, ",\"worst\":");
	if (worst && worst->code > 9)
		text_number(t, worst->code);
	else
		text_word(t, "null");
	if (worst)
		add_json(t, s, ",\"worst_text\":", worst->words);
	text_word(t, ",\"outcome\":\"");
	text_word(t, outcome_of(s, ended, mail));
	text_char(t, '"');
}
