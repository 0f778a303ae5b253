/*
 * The activity log of MailEnable's SMTP service: a row is a command with its
 * reply, of which it has the first line alone.  The reply to message text has
 * no row: what became of a message is not told.  Rows as in
 * pastebin.com/AMtudmp4 and in the vendor's article ME020170.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

#include <string.h>

/* `11/23/26 10:00:01	SMTP-IN	0DD9E9D5.MAI	872	192.0.2.7	` */
static void
add_head(struct text *t, const struct session *s, const struct entry *e)
{
	struct date d;

	date_of(e->time, &d);
	text_digits(t, (uint64_t)d.month, 2);
	text_char(t, '/');
	text_digits(t, (uint64_t)d.day, 2);
	text_char(t, '/');
	text_digits(t, (uint64_t)d.year % 100, 2);
	text_char(t, ' ');
	text_clock(t, &d);
	text_word(t, s->inbound ? "\tSMTP-IN\t" : "\tSMTP-OU\t");
	/* The file of the message, another one behind each DATA. */
	text_hex(t, s->number * 16 + s->sequence, 8);
	text_word(t, ".MAI\t");
	text_number(t, s->key);
	text_char(t, '\t');
	text_piece(t, s, s->peer);
	text_char(t, '\t');
}

/* Whether the client had authenticated before entry `at`. */
static bool
is_known(const struct session *s, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (s->entries[i].line && s->entries[i].code == 235)
			return true;
	return false;
}

/*
 * Verb, what the client said, and the reply to it; columns without a command
 * are those of the greeting.
 */
static void
add_row(struct text *t, const struct session *s, const struct entry *command,
    const struct entry *said, size_t reply)
{
	const struct piece none = { 0, 0 };
	struct piece verb = command ? command->text : none;
	struct piece text = s->entries[reply].text;
	const char *blank = verb.n ? memchr(piece_at(s, verb), ' ', verb.n) :
	    NULL;

	if (blank)
		verb.n = (uint32_t)(blank - piece_at(s, verb));
	text_piece(t, s, verb);
	text_char(t, '\t');
	text_piece(t, s, said ? said->text : none);
	text_char(t, '\t');
	text_piece(t, s, text);
	text_char(t, '\t');
	text_number(t, text.n + 2);
	text_char(t, '\t');
	text_number(t, said ? said->text.n + 2 : 0);
	text_char(t, '\t');
	text_piece(t, s, is_known(s, reply) ? s->user : none);
}

/* What the client said last before the reply: AUTH data, or the command. */
static struct entry *
said_before(struct session *s, const struct entry *reply)
{
	struct entry *command;

	if (reply->command == NOTHING)
		return NULL;
	command = &s->entries[reply->command];
	for (const struct entry *e = reply; e-- > command;)
		if (e->kind == ENTRY_SECRET)
			return &s->entries[e - s->entries];
		else if (e->kind == ENTRY_REPLY && e->command == reply->command)
			break;
	return command;
}

/*
 * Another row stands behind a 354: whatever the text was answered, no reply
 * to it will come.
 */
static void
give_up_text(struct session *s, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (s->entries[i].code == 354 && s->entries[i].line)
			s->entries[i].final = true;
}

static void
mailenable_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct entry *e = &s->entries[at], *said;

	if (!visible || e->kind != ENTRY_REPLY || e->ends_message ||
	    (e->command == NOTHING && at))
		return;
	give_up_text(s, at);
	said = said_before(s, e);
	add_head(&f->pending, s, e);
	add_row(&f->pending, s, e->command == NOTHING ? NULL :
	    &s->entries[e->command], said, at);
	log_end_line(f);
	e->line = f->line;
	if (said) {
		said->line = e->line;
		said->time = e->time;
	}
	if (e->code == 354)
		s->sequence++;
	session_wrote(s, e->line);
}

/* --- a session ------------------------------------------------------------- */

static void
mailenable_make(void *state, struct session *s)
{
	const struct log_file *f = state;
	struct dialect d = dialect_elsewhere;

	s->inbound = !f->options->send;
	s->rows = s->strange = true;
	s->key = 800 + s->number * 4;
	session_names(s);
	session_peer(s);
	s->port = NOTHING;
	s->server = session_piece(s, "mx.example.com");
	if (s->inbound) {
		d.auth_go = dialect_ims.auth_go;
		d.auth_fine = dialect_ims.auth_fine;
		d.auth_off = dialect_ims.auth_off;
		d.auth_bad = dialect_ims.auth_bad;
		d.secrets = d.junk = true;
	}
	d.unwelcome = d.greetings;
	dialect_without_remarks(&d);
	d.chunking = false;
	script_dialogue(s, &d);
	if (!f->options->plain && dice_hits(&s->dice, 35))
		script_cut(s, 1, true);
	/* What would part columns was not seen: nobody says it. */
	for (size_t i = 0; i < s->text.n; i++)
		if (s->text.p[i] == '\t')
			s->text.p[i] = '?';
}

const struct log_kind log_mailenable = {
	.name = "mailenable",
	.names_peer = true,
	.open = log_new,
	.make = mailenable_make,
	.write = mailenable_write,
	.close = log_free,
};
