/*
 * The W3C extended log of the SMTP service of IIS.  Of a session that came in
 * there is a row for each command that was answered, with the code alone; of
 * one that went out each command and the first line of each reply.  No session
 * has an id, so each has a peer of its own.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

#include <stdlib.h>

struct iis {
	const struct options *o;
	struct log_file log;
	bool reordered;          /* the second half has other columns */
	bool heading_due;
};

static void *
iis_open(const struct options *o)
{
	struct iis *w = calloc(1, sizeof *w);

	if (!w)
		give_up("out of memory");
	w->o = o;
	w->heading_due = true;
	log_open(&w->log, o->output, o);
	return w;
}

static void
iis_close(void *state)
{
	struct iis *w = state;

	log_close(&w->log);
	free(w);
}

static void
iis_half_way(void *state)
{
	struct iis *w = state;

	w->reordered = w->heading_due = w->o->reorder;
}

/* --- a row ------------------------------------------------------------------- */

static void
write_heading(struct iis *w, int64_t now)
{
	struct text *t = &w->log.pending;
	size_t at;

	w->heading_due = false;
	text_word(t, "#Software: Microsoft Internet Information Services 6.0");
	log_end_line(&w->log);
	text_word(t, "#Date: ");
	at = t->n;
	text_iso(t, now, false);
	t->p[at + 10] = ' ';
	log_end_line(&w->log);
	text_word(t, w->reordered ? "#Fields: time c-ip cs-username "
	    "s-sitename cs-method cs-uri-query sc-status date" :
	    "#Fields: date time c-ip cs-username s-sitename s-computername "
	    "s-ip s-port cs-method cs-uri-stem cs-uri-query sc-status "
	    "sc-win32-status sc-bytes cs-bytes time-taken cs-version cs-host "
	    "cs(User-Agent) cs(Cookie) cs(Referer)");
	log_end_line(&w->log);
}

/* Blanks are not left as they are. */
static void
add_plussed(struct text *t, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_char(t, p[i] == ' ' ? '+' : p[i]);
}

/* `VERB - +argument`, or without the `-` and the plus. */
static void
add_command(struct iis *w, const struct session *s, struct piece p)
{
	struct text *t = &w->log.pending;
	const char *text = piece_at(s, p);
	size_t verb = 0;

	while (verb < p.n && text[verb] != ' ')
		verb++;
	text_bytes(t, text, verb);
	text_word(t, w->reordered ? " " : " - ");
	if (verb == p.n) {
		text_char(t, '-');
		return;
	}
	if (s->inbound)
		text_char(t, '+');
	add_plussed(t, text + verb + 1, p.n - verb - 1);
}

static void
add_row(struct iis *w, const struct session *s, int64_t now,
    const struct entry *command, const struct entry *reply)
{
	struct text *t = &w->log.pending;
	struct text iso = { 0 };

	text_iso(&iso, now, false);
	if (!w->reordered) {
		text_bytes(t, iso.p, 10);
		text_char(t, ' ');
	}
	text_bytes(t, iso.p + 11, 8);
	text_char(t, ' ');
	text_piece(t, s, s->peer);
	text_word(t, s->inbound ? " client " : command ?
	    " OutboundConnectionCommand " : " OutboundConnectionResponse ");
	text_word(t, "SMTPSVC1 ");
	if (!w->reordered)
		text_word(t, s->inbound ? "MX 10.0.0.5 0 " : "MX - 25 ");
	if (command) {
		add_command(w, s, command->text);
	} else {
		text_word(t, w->reordered ? "- " : "- - ");
		add_plussed(t, piece_at(s, reply->text), reply->text.n);
	}
	text_char(t, ' ');
	text_number(t, s->inbound ? reply->code : 0);
	if (w->reordered) {
		text_char(t, ' ');
		text_bytes(t, iso.p, 10);
	} else {
		text_word(t, " 0 40 30 0 SMTP - - - -");
	}
	text_free(&iso);
	log_end_line(&w->log);
}

static void
iis_write(void *state, struct session *s, size_t at, bool visible)
{
	struct iis *w = state;
	struct entry *e = &s->entries[at], *command = NULL;
	bool reply = e->kind == ENTRY_REPLY;

	if (!visible || e->kind == ENTRY_MORE)
		return;
	if (s->inbound) {
		if (!reply || !e->final || e->command == NOTHING)
			return;
		command = &s->entries[e->command];
		command->time = e->time;
	}
	if (w->heading_due)
		write_heading(w, e->time);
	if (command)
		add_row(w, s, e->time, command, e);
	else
		add_row(w, s, e->time, reply ? NULL : e, reply ? e : NULL);
	e->line = w->log.line;
	if (command)
		command->line = e->line;
	session_wrote(s, e->line);
}

/* --- a session ----------------------------------------------------------------- */

/* What is not logged of a session that came in, nobody can be asked for. */
static void
forget_words(struct session *s)
{
	struct piece data = session_piece(s, "DATA <1@example.org>");

	for (size_t i = 0; i < s->count; i++) {
		struct entry *e = &s->entries[i];

		if (e->kind == ENTRY_REPLY) {
			e->enhanced = "";
			e->words.n = 0;
			if (e->code == 221)
				e->code = 240;
		} else if (e->verb == VERB_DATA) {
			e->text = e->words = data;
		}
	}
	for (size_t i = 0; i < s->nmessages; i++)
		s->messages[i].id.n = 0;
}

static bool
quits(const struct session *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->entries[i].verb == VERB_QUIT)
			return true;
	return false;
}

static void
iis_make(void *state, struct session *s)
{
	struct iis *w = state;
	struct dialect d = w->o->send ? dialect_elsewhere : dialect_exchange;
	struct text *t = &s->text;
	uint32_t kind;
	size_t at;

	dialect_without_remarks(&d);
	d.auth_go.code = 0;
	d.junk = false;
	s->no_blanks = true;
	s->inbound = !w->o->send;
	session_names(s);
	at = t->n;
	text_word(t, "10.");
	text_number(t, s->number >> 16 & 255);
	text_char(t, '.');
	text_number(t, s->number >> 8 & 255);
	text_char(t, '.');
	text_number(t, s->number & 255);
	s->peer = piece_since(s, at);
	s->port = NOTHING;
	s->server = session_piece(s, "mx.example.org");
	if (w->o->send)
		s->helo = s->server;
	script_dialogue(s, &d);
	kind = w->o->plain ? 999 : dice_below(&s->dice, 1000);
	if (kind < 10)
		script_cut(s, 1, false);
	else if (!quits(s))
		say_reply(s, say_command(s, VERB_QUIT, "QUIT"), &d.bye);
	if (s->inbound)
		forget_words(s);
}

const struct log_kind log_iis = {
	.name = "iis",
	.utc = true,
	.names_peer = true,
	.open = iis_open,
	.make = iis_make,
	.write = iis_write,
	.half_way = iis_half_way,
	.close = iis_close,
};
