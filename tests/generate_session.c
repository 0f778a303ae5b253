/*
 * Building blocks of a made-up session: names, text from templates, entries
 * with their meaning.  Which ones a session has is for the scripts to decide.
 */
#include "config.h"

#include "generate_session.h"

#include <stdlib.h>
#include <string.h>

void *
vector_room(void *p, size_t *cap, size_t n, size_t size)
{
	size_t want = *cap ? *cap : 16;

	if (n <= *cap)
		return p;
	while (want < n)
		want *= 2;
	p = realloc(p, want * size);
	if (!p)
		give_up("out of memory");
	*cap = want;
	return p;
}

void
session_reset(struct session *s)
{
	struct session kept = {
		.text = s->text,
		.entries = s->entries, .cap = s->cap,
		.held = s->held, .held_cap = s->held_cap,
		.messages = s->messages, .messages_cap = s->messages_cap,
		.recipients = s->recipients,
		.recipients_cap = s->recipients_cap,
	};

	kept.text.n = 0;
	*s = kept;
}

void
session_free(struct session *s)
{
	text_free(&s->text);
	free(s->entries);
	free(s->held);
	free(s->messages);
	free(s->recipients);
	free(s);
}

struct piece
session_piece(struct session *s, const char *word)
{
	size_t at = s->text.n;

	text_word(&s->text, word);
	return piece_since(s, at);
}

static void
add_piece(struct session *s, struct piece p)
{
	text_room(&s->text, p.n);
	if (p.n)
		memcpy(s->text.p + s->text.n, s->text.p + p.at, p.n);
	s->text.n += p.n;
}

/* "Mon, 23 Nov 2026 00:00:00 +0000" */
static void
add_banner_date(struct session *s)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct text *t = &s->text;
	struct date d;

	date_of(s->start, &d);
	text_bytes(t, days + s->start / 86400000 % 7 * 3, 3);
	text_word(t, ", ");
	text_number(t, (uint64_t)d.day);
	text_char(t, ' ');
	text_bytes(t, months + (d.month - 1) * 3, 3);
	text_char(t, ' ');
	text_number(t, (uint64_t)d.year);
	text_char(t, ' ');
	text_clock(t, &d);
	text_word(t, " +0000");
}

static void
add_message_id(struct session *s)
{
	text_hex(&s->text, s->id * UINT64_C(0x9e3779b97f4a7c15) >> 16, 12);
	text_char(&s->text, '@');
	add_piece(s, s->helo);
}

static void
add_value(struct session *s, char name)
{
	switch (name) {
	case 'H': add_piece(s, s->helo); break;
	case 'S': add_piece(s, s->server); break;
	case 'P': add_piece(s, s->peer); break;
	case 'F': add_piece(s, s->from); break;
	case 'T': add_piece(s, s->to); break;
	case 'U': add_piece(s, s->user); break;
	case 'Z': text_number(&s->text, s->size); break;
	case 'I': text_number(&s->text, s->id); break;
	case 'M': add_message_id(s); break;
	case 'D': add_banner_date(s); break;
	case 'K': text_hex(&s->text, s->key, 16); break;
	case 'O': text_iso(&s->text, s->start, true); break;
	case 'N': text_number(&s->text, s->nmessages); break;
	default: give_up("a template names an unknown value");
	}
}

/* Of one line of a template: up to a newline or the end. */
static const char *
expand_line(struct session *s, const char *template)
{
	const char *p = template;

	while (*p && *p != '\n') {
		size_t plain = strcspn(p, "$\n");

		text_bytes(&s->text, p, plain);
		p += plain;
		if (*p == '$') {
			add_value(s, p[1]);
			p += 2;
		}
	}
	return p;
}

struct piece
session_expand(struct session *s, const char *template)
{
	size_t at = s->text.n;

	expand_line(s, template);
	return piece_since(s, at);
}

static struct entry *
new_entry(struct session *s, enum entry_kind kind, uint32_t pause)
{
	struct entry *e;

	s->entries = vector_room(s->entries, &s->cap, s->count + 1,
	    sizeof *s->entries);
	e = &s->entries[s->count++];
	*e = (struct entry){
		.kind = kind, .pause = pause,
		.command = NOTHING, .message = NOTHING, .recipient = NOTHING,
	};
	return e;
}

int32_t
say_entry(struct session *s, enum entry_kind kind, uint32_t pause,
    const char *text, const char *context)
{
	struct piece shown = session_expand(s, text);
	struct piece beside = session_expand(s, context);
	struct entry *e = new_entry(s, kind, pause);

	e->text = e->words = shown;
	e->context = beside;
	return (int32_t)s->count - 1;
}

int32_t
say_command(struct session *s, enum verb verb, const char *template)
{
	/* In a pipelined group only the first command takes its time. */
	uint32_t pause = s->pipelined && s->nheld ? 0 :
	    10 + dice_below(&s->dice, 140);
	int32_t at = say_entry(s, ENTRY_COMMAND, pause, template, "");
	struct entry *e = &s->entries[at];

	e->verb = verb;
	if (verb == VERB_MAIL || verb == VERB_RCPT || verb == VERB_DATA ||
	    verb == VERB_BDAT)
		e->message = (int32_t)s->nmessages - 1;
	if (verb == VERB_RCPT)
		e->recipient = (int32_t)s->nrecipients - 1;
	return at;
}

/* One line of a reply; its words are left in e->words. */
static struct entry
reply_line(struct session *s, const struct verdict *v, const char **words)
{
	struct entry e = { .code = v->code, .enhanced = v->enhanced,
		.message = NOTHING, .recipient = NOTHING };
	size_t at = s->text.n, words_at;

	text_number(&s->text, v->code);
	text_char(&s->text, strchr(*words, '\n') ? '-' : ' ');
	if (*v->enhanced) {
		text_word(&s->text, v->enhanced);
		text_char(&s->text, ' ');
	}
	words_at = s->text.n;
	*words = expand_line(s, *words);
	e.text = piece_since(s, at);
	e.words = piece_since(s, words_at);
	return e;
}

static void
fill_reply(struct session *s, struct entry *e, int32_t command)
{
	const struct entry *c;

	e->kind = ENTRY_REPLY;
	e->pause = dice_below(&s->dice, 12);
	e->command = command;
	e->final = e->code != 334 && e->code != 354;
	if (command == NOTHING)
		return;
	c = &s->entries[command];
	e->message = c->message;
	e->recipient = c->recipient;
	e->ends_message = (c->verb == VERB_MAIL && e->code >= 400) ||
	    (c->verb == VERB_DATA && e->final) ||
	    (c->verb == VERB_BDAT && (c->last || e->code >= 400));
}

void
say_reply(struct session *s, int32_t command, const struct verdict *v)
{
	const char *words = v->words;
	size_t first = s->nheld;

	do {
		struct entry e = reply_line(s, v, &words);

		e.kind = ENTRY_MORE;
		e.command = command;
		s->held = vector_room(s->held, &s->held_cap, s->nheld + 1,
		    sizeof *s->held);
		s->held[s->nheld++] = e;
	} while (*words++);
	fill_reply(s, &s->held[first], command);
	if (!s->pipelined)
		say_held_back(s);
}

void
say_held_back(struct session *s)
{
	s->entries = vector_room(s->entries, &s->cap, s->count + s->nheld,
	    sizeof *s->entries);
	if (s->nheld)
		memcpy(s->entries + s->count, s->held,
		    s->nheld * sizeof *s->held);
	s->count += s->nheld;
	s->nheld = 0;
}

int32_t
session_unanswered(const struct session *s, size_t n, bool written, bool quit)
{
	for (size_t i = 0; i < n; i++) {
		const struct entry *c = &s->entries[i];
		bool answered = false;

		if (c->kind != ENTRY_COMMAND || (written && !c->line) ||
		    (c->verb == VERB_QUIT && !quit))
			continue;
		for (size_t k = i + 1; k < n && !answered; k++) {
			const struct entry *r = &s->entries[k];

			answered = r->kind == ENTRY_REPLY && r->final &&
			    r->command == (int32_t)i && (!written || r->line);
		}
		if (!answered)
			return (int32_t)i;
	}
	return NOTHING;
}

const struct entry *
session_reply_to(const struct session *s, size_t at)
{
	for (size_t i = at; i < s->count; i++) {
		const struct entry *e = &s->entries[i];

		if (e->kind == ENTRY_REPLY && e->line && e->final &&
		    e->command == (int32_t)at)
			return e;
	}
	return NULL;
}

int64_t
session_size_of(const struct session *s, int32_t message)
{
	const struct message *m = &s->messages[message];
	int64_t size = 0;

	if (m->has_size)
		return m->size;
	for (size_t i = 0; i < s->count; i++)
		if (s->entries[i].verb == VERB_BDAT && s->entries[i].line &&
		    s->entries[i].message == message)
			size += s->entries[i].size;
	return size ? size : NOTHING;
}

const struct entry *
session_final_reply(const struct session *s, int32_t message)
{
	const struct entry *final = NULL;

	for (size_t i = 0; i < s->count; i++)
		if (s->entries[i].ends_message && s->entries[i].line &&
		    s->entries[i].message == message)
			final = &s->entries[i];
	return final;
}

/* --- who ---------------------------------------------------------------- */

static const char *const domains[] = {
	"example.com", "example.org", "example.net", "test.com", "play.com",
	"mail.example.org", "lists.example.net", "shop.example.com",
	("b\xc3\xbc" "cher.example.org"),
};

static const char *const odd_users[] = {
	"j\xe9r\xf4me", "\x1b[31mred", "o'neil", "\"a b\"", "\"a>b\"",
	"\"x, y\"", "caf\xc3\xa9", "\xff\xfe", "\xe2\x80\xaegnp.exe",
	"tab\there", ("\xc2\x9b" "1m"), "a=b/c%d", "+tag+", "\xf0\x9f\x93\xa7",
	"\xc3(", "\xed\xa0\x80",
	"' or 1=1 --",       /* the one with blanks, last */
};

static const char *const odd_hosts[] = {
	"\x1b]0;owned\x07", "caf\xe9.example.net", "[192.0.2.77]",
	"\xff\xff\xff", "ylmf-pc", "a,b", "\"quoted\"", ("WIN-\x9b" "K"),
	("\xe2\x80\xae" "moc.elpmaxe"), "localhost.localdomain", "550",
	"m\xc3\xbcnchen.example.org", "-", "250-SIZE",
};

/* What the lines of other formats look like, in the mouth of a stranger. */
static const char *const strange_users[] = {
	"\"--> 250 ok\"", "\"<-- QUIT\"", "\"rsp: 550 no\"", "\"cmd: QUIT\"",
	"\"out: 250 fine\"", "\" closing connection\"", "\"<= QUIT\"",
	"\"=> 550 no\"", "\"Connection closed\"", "\"disconnected at 1\"",
	"\"SMTP session successful\"", "\"=== Closed\"", "\" -> QUIT\"",
	"\"<-  550 no\"", "\"> 550 no \"", "\"tcpserver: end 4711 status 0\"",
	"\"250-x250 y\"", "\"SMTPI-29001([192.0.2.9]) closing connection\"",
	"\"x, contents = 250 OK\"", "\"a>, to=<b@example.net>: 550 no\"",
	"\"completed,id=0001\"", "\"2026-11-23 10:00:00 QUIT\"",
};

static const char *const strange_hosts[] = {
	"-->", "<--", "rsp:250", "cmd:QUIT", "out:", "<=", "=>250", "===", ">",
	"[EOF]", "250-x250", "contents=\"250", "disconnected", "a>b", "(x)",
	"[192.0.2.9]:25", "x,size=1", "]:",
};

void
session_peer(struct session *s)
{
	size_t at = s->text.n;

	text_word(&s->text, "192.0.2.");
	text_number(&s->text, dice_below(&s->dice, 256));
	s->peer = piece_since(s, at);
}

struct piece
session_mailbox(struct session *s)
{
	static const char *const names[] = { "user", "chris", "ann", "sales",
		"info", "support", "b.miller", "newsletter", "no-reply" };
	struct text *t = &s->text;
	size_t at = t->n;

	if (s->strange && dice_hits(&s->dice, 12)) {
		text_word(t, strange_users[dice_below(&s->dice,
		    COUNT(strange_users))]);
	} else if (dice_hits(&s->dice, 8)) {
		text_word(t, odd_users[dice_below(&s->dice,
		    COUNT(odd_users) - s->no_blanks)]);
	} else {
		text_word(t, names[dice_below(&s->dice, COUNT(names))]);
		text_number(t, dice_below(&s->dice, 5000));
	}
	text_char(t, '@');
	text_word(t, domains[dice_below(&s->dice,
	    dice_hits(&s->dice, 20) ? COUNT(domains) : COUNT(domains) - 1)]);
	return piece_since(s, at);
}

void
session_names(struct session *s)
{
	struct text *t = &s->text;
	size_t at = t->n;

	if (s->strange && dice_hits(&s->dice, 20)) {
		text_word(t, strange_hosts[dice_below(&s->dice,
		    COUNT(strange_hosts))]);
	} else if (dice_hits(&s->dice, 12)) {
		text_word(t, odd_hosts[dice_below(&s->dice, COUNT(odd_hosts))]);
	} else {
		text_word(t, "mail");
		text_number(t, dice_below(&s->dice, 300));
		text_char(t, '.');
		text_word(t, domains[dice_below(&s->dice, 8)]);
	}
	s->helo = piece_since(s, at);
	at = t->n;
	text_word(t, "EXAMPLE\\svc");
	text_number(t, dice_below(&s->dice, 40));
	s->user = piece_since(s, at);
}
