/*
 * The log of hMailServer: quoted columns, a reply in one line, remarks without
 * a column for the session.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

/* --- a line ----------------------------------------------------------------- */

static void
add_stamp(struct text *t, int64_t time)
{
	size_t at = t->n;

	text_char(t, '"');
	text_iso(t, time, true);
	t->p[at + 11] = ' ';
	text_char(t, '"');
}

static void
add_remark(struct log_file *f, struct session *s, int64_t time, const char *words)
{
	struct text *t = &f->pending;

	text_word(t, "\"DEBUG\"\t");
	text_number(t, 1200 + s->number % 16);
	text_char(t, '\t');
	add_stamp(t, time);
	text_word(t, "\t\"");
	text_word(t, words);
	text_hex(t, s->key, 16);
	text_char(t, '"');
	log_end_line(f);
}

/* The text of an entry, and that of the lines of the reply that it begins. */
static void
add_line(struct log_file *f, struct session *s, size_t at)
{
	struct text *t = &f->pending;
	const struct entry *e = &s->entries[at];
	bool command = e->kind == ENTRY_COMMAND;

	text_word(t, s->inbound ? "\"SMTPD\"\t" : "\"SMTPC\"\t");
	text_number(t, 1200 + (s->number + at) % 16);
	text_char(t, '\t');
	text_hex(t, s->key, 16);
	text_char(t, '\t');
	add_stamp(t, e->time);
	text_word(t, "\t\"");
	text_piece(t, s, s->peer);
	text_word(t, command == s->inbound ? "\"\t\"RECEIVED: " :
	    "\"\t\"SENT: ");
	text_piece(t, s, e->text);
	for (size_t i = at + 1; i < s->count &&
	    s->entries[i].kind == ENTRY_MORE; i++) {
		text_word(t, "[nl]");
		text_piece(t, s, s->entries[i].text);
	}
	text_char(t, '"');
	log_end_line(f);
}

static void
hmail_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct entry *e = &s->entries[at];

	if (!visible || e->kind == ENTRY_MORE)
		return;
	if (e->kind == ENTRY_CLOSE)
		add_remark(f, s, e->time, "Ending session ");
	else if (e->kind == ENTRY_NOTE)
		add_remark(f, s, e->time, "Creating session ");
	else
		add_line(f, s, at);
	if (e->kind == ENTRY_NOTE)
		return;                  /* which is of no session yet */
	e->line = f->line;
	for (size_t i = at + 1; i < s->count &&
	    s->entries[i].kind == ENTRY_MORE; i++) {
		s->entries[i].line = e->line;
		s->entries[i].time = e->time;
	}
	session_wrote(s, e->line);
}

/* --- a session --------------------------------------------------------------- */

/* Sixteen decimal digits: what is a key in hexadecimal is a number here. */
static uint64_t
decimal_key(uint64_t n)
{
	uint64_t key = 0;

	for (int i = 0; i < 60; i += 4, n /= 10)
		key |= n % 10 << i;
	return key;
}

static void
hmail_make(void *state, struct session *s)
{
	struct log_file *f = state;
	struct dialect d = f->options->send ? dialect_elsewhere : dialect_exchange;
	uint32_t kind;

	dialect_without_remarks(&d);
	d.chunking = false;
	s->inbound = !f->options->send;
	s->rows = dice_hits(&s->dice, 500);
	s->key = decimal_key(s->number * 3 + 1);
	s->port = NOTHING;
	session_names(s);
	session_peer(s);
	s->server = session_piece(s, "mx.example.org");
	if (f->options->send)
		s->helo = s->server;
	say_entry(s, ENTRY_NOTE, 0, "", "");
	script_dialogue(s, &d);
	kind = f->options->plain ? 999 : dice_below(&s->dice, 1000);
	if (kind < 60)
		script_cut(s, 2, true);
	if (kind >= 3)
		say_entry(s, ENTRY_CLOSE, 5, "", "");
}

const struct log_kind log_hmailserver = {
	.name = "hmailserver",
	.ms = true,
	.keyed = true,
	.open = log_new,
	.make = hmail_make,
	.write = hmail_write,
	.close = log_free,
};
