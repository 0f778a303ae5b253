/*
 * Logs of the Internet Mail Service of Exchange 4.0 to 5.5: one file for each
 * connection slot, in it one session after the other.  At level Maximum what
 * was received stands there twice, first as the raw buffer (IO:), and message
 * text stands there, too, with lines that look like anything.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct slot {
	struct log_file log;
	char name[16];
	bool line_open;          /* --glue: the line is not ended yet */
	bool may_glue;
};

struct ims {
	const struct options *o;
	struct slot *slots;
	struct dice dice;
};

/* --- lines ------------------------------------------------------------------ */

static void
add_three(struct text *t, int a, int b, int c, char between)
{
	text_digits(t, (uint64_t)a, 2);
	text_char(t, between);
	text_digits(t, (uint64_t)b, 2);
	text_char(t, between);
	text_digits(t, (uint64_t)c, 2);
	text_char(t, ' ');
}

/* The server's locale settles how it writes a date. */
static void
add_stamp(const struct ims *m, struct text *t, int64_t now)
{
	struct date d;

	date_of(now, &d);
	switch (m->o->date) {
	case 'k': add_three(t, d.day, d.month, d.year % 100, '/'); break;
	case 'd': add_three(t, d.day, d.month, d.year % 100, '.'); break;
	case 'i': add_three(t, d.year, d.month, d.day, '-'); break;
	default:
		text_number(t, (uint64_t)d.month);
		text_char(t, '/');
		text_number(t, (uint64_t)d.day);
		text_char(t, '/');
		text_digits(t, (uint64_t)d.year % 100, 2);
		text_char(t, ' ');
		text_number(t, (uint64_t)(d.hour + 11) % 12 + 1);
		text_char(t, ':');
		text_digits(t, (uint64_t)d.minute, 2);
		text_char(t, ':');
		text_digits(t, (uint64_t)d.second, 2);
		text_word(t, d.hour < 12 ? " AM : " : " PM : ");
		return;
	}
	text_clock(t, &d);
	text_word(t, " : ");
}

static void
end_line(struct slot *slot)
{
	if (slot->line_open)
		log_end_line(&slot->log);
	slot->line_open = false;
}

/*
 * One line, or one entry on the line before it: `arrow` NULL means a bare
 * line without time.
 */
static void
put_line(struct ims *m, struct session *s, const struct entry *e,
    const char *arrow, struct piece p, bool may_glue)
{
	struct slot *slot = &m->slots[s->slot];
	struct text *t = &slot->log.pending;
	char last = p.n ? s->text.p[p.at + p.n - 1] : '\0';

	if (!(slot->may_glue && arrow && may_glue && m->o->glue &&
	    dice_hits(&m->dice, 120)))
		end_line(slot);
	session_wrote(s, slot->log.line + 1);
	if (arrow) {
		add_stamp(m, t, e->time);
		text_word(t, arrow);
	}
	text_bytes(t, p.n ? piece_at(s, p) : "", p.n);
	slot->line_open = true;
	/* A digit or a dot at the end could be taken for part of the date. */
	slot->may_glue = arrow && may_glue &&
	    (last == '>' || (last >= 'A' && last <= 'Z') ||
	    (last >= 'a' && last <= 'z'));
	if (!m->o->glue)
		end_line(slot);
}

/* --- entries ---------------------------------------------------------------- */

/* The lines of the buffer that entry `at` came in: a pipelined group, or all
 * lines of a reply. */
static size_t
buffer_end(const struct session *s, size_t at)
{
	enum entry_kind more = s->entries[at].kind == ENTRY_REPLY ?
	    ENTRY_MORE : ENTRY_COMMAND;
	size_t end = at + 1;

	if (s->entries[at].kind != ENTRY_REPLY &&
	    s->entries[at].kind != ENTRY_COMMAND)
		return end;
	while (end < s->count && s->entries[end].kind == more)
		end++;
	return end;
}

/* The blanks of a raw line may be others than those of its twin. */
static struct piece
raw_form(struct ims *m, struct session *s, struct piece p)
{
	const char *blank = p.n ? memchr(piece_at(s, p), ' ', p.n) : NULL;
	size_t at = s->text.n, head;

	if (!blank || !dice_hits(&m->dice, 100))
		return p;
	head = (size_t)(blank - piece_at(s, p)) + 1;
	text_room(&s->text, p.n + 1);
	text_bytes(&s->text, piece_at(s, p), head);
	text_char(&s->text, ' ');
	text_bytes(&s->text, piece_at(s, p) + head, p.n - head);
	return piece_since(s, at);
}

static void
put_raw(struct ims *m, struct session *s, size_t at)
{
	size_t end = buffer_end(s, at);

	put_line(m, s, &s->entries[at], "<<< IO: |",
	    raw_form(m, s, s->entries[at].text), end == at + 1);
	for (size_t i = at + 1; i < end; i++)
		put_line(m, s, &s->entries[i], NULL, s->entries[i].text,
		    false);
}

/* Commands of the peer, and its replies. */
static void
put_received(struct ims *m, struct session *s, size_t at)
{
	const struct entry *e = &s->entries[at];
	bool group = at && e->kind == ENTRY_COMMAND &&
	    s->entries[at - 1].kind == ENTRY_COMMAND;

	if ((m->o->raw && !group) || e->shape == SHAPE_RAW)
		put_raw(m, s, at);
	if (s->entries[at].shape != SHAPE_RAW)
		put_line(m, s, &s->entries[at], "<<< ", s->entries[at].text,
		    buffer_end(s, at) == at + 1 && !group);
}

static void
put_more(struct ims *m, struct session *s, size_t at)
{
	const struct entry *e = &s->entries[at];
	bool stamped = !s->inbound && s->number % 2;
	bool whole = at + 1 == s->count || s->entries[at + 1].kind != ENTRY_MORE;

	if (e->shape == SHAPE_RAW)
		return;                  /* its first line brought it along */
	put_line(m, s, e, stamped ? "<<< " : NULL, e->text, false);
	if (s->inbound && whole)
		put_line(m, s, e, NULL, (struct piece){ 0 }, false);
}

static void
put_text(struct ims *m, struct session *s, const struct entry *e)
{
	put_line(m, s, e, e->shape == SHAPE_BARE ? NULL :
	    e->shape == SHAPE_RAW ? "<<< IO: |" : "<<< ", e->text, false);
}

static void
put_open(struct ims *m, struct session *s, size_t at)
{
	put_line(m, s, &s->entries[at], "", s->entries[at].text,
	    s->entries[at].kind == ENTRY_OPEN);
}

static void
ims_write(void *state, struct session *s, size_t at, bool visible)
{
	struct ims *m = state;
	struct entry *e = &s->entries[at];
	bool from_peer = (e->kind == ENTRY_REPLY) != s->inbound;

	if (!visible)
		return;
	if (e->kind == ENTRY_MORE)
		put_more(m, s, at);
	else if (e->kind == ENTRY_TEXT)
		put_text(m, s, e);
	else if (e->kind == ENTRY_OPEN || e->kind == ENTRY_NOTE)
		put_open(m, s, at);
	else if (from_peer)
		put_received(m, s, at);
	else
		put_line(m, s, e, ">>> ", e->text,
		    buffer_end(s, at) == at + 1 || e->kind == ENTRY_COMMAND);
	s->entries[at].line = s->last_line;
}

/* --- files ------------------------------------------------------------------ */

static void *
ims_open(const struct options *o)
{
	struct ims *m = calloc(1, sizeof *m);

	if (!m || !(m->slots = calloc(o->open, sizeof *m->slots)))
		give_up("out of memory");
	m->o = o;
	m->dice.state = o->seed;
	if (mkdir(o->output, 0777) != 0)
		give_up("the folder is there, or cannot be made");
	for (uint32_t i = 0; i < o->open; i++) {
		struct slot *slot = &m->slots[i];
		struct text path = { 0 };

		snprintf(slot->name, sizeof slot->name, "L%07u.LOG",
		    (unsigned)(i % 10000000));
		text_word(&path, o->output);
		text_char(&path, '/');
		text_bytes(&path, slot->name, strlen(slot->name) + 1);
		log_open(&slot->log, path.p, o);
		text_free(&path);
	}
	return m;
}

static const char *
ims_file(void *state, const struct session *s)
{
	struct ims *m = state;

	return m->slots[s->slot].name;
}

static void
ims_close(void *state)
{
	struct ims *m = state;

	for (uint32_t i = 0; i < m->o->open; i++) {
		end_line(&m->slots[i]);
		log_close(&m->slots[i].log);
	}
	free(m->slots);
	free(m);
}

/* --- sessions ----------------------------------------------------------------- */

/*
 * Message text.  The times in it are of long ago: a log that was pasted into
 * a letter.
 */
static void
say_text(struct session *s)
{
	static const char *const lines[] = { "Hello,", "", "550 5.1.1 no such "
		"user", "250 OK", "QUIT", "DATA", "354 go on", "221 bye",
		"MAIL FROM:<mallory@example.net>", "RSET", "..", ".hidden",
		"<<< QUIT", ">>> 554 fake", "<<< IO: |QUIT", "<<< DATA",
		"A connection was accepted from fake.example.net.",
		"4/2/01 : >>> 550 no date", "regards", "--",
		"1/2/97 9:00:00 AM : >>> 550 fake",
		"1/2/97 9:00:00 AM : <<< QUIT",
		"1/2/97 9:00:00 AM : A connection was accepted from "
		"fake.example.net.", "1/2/97 9:00:00 AM : >>> 221 closing "
		"connection", "1/2/97 9:00:00 AM : <<< IO: |RSET" };
	uint32_t way = dice_below(&s->dice, 5), n = dice_below(&s->dice, 14);
	enum shape shape = way < 3 ? SHAPE_BARE : SHAPE_PLAIN;
	int32_t at;

	if (!s->bodies || way == 0)
		return;
	at = say_entry(s, ENTRY_TEXT, 20, "Received: from $H by $S", "");
	s->entries[at].shape = shape == SHAPE_BARE ? SHAPE_RAW : shape;
	for (uint32_t i = 0; i < n; i++) {
		at = say_entry(s, ENTRY_TEXT, 0,
		    lines[dice_below(&s->dice, COUNT(lines))], "");
		s->entries[at].shape = shape;
	}
	at = say_entry(s, ENTRY_TEXT, 0, ".", "");
	s->entries[at].shape = way == 1 ? SHAPE_RAW : shape;
}

static void
make_peer(struct session *s)
{
	struct text *t = &s->text;
	size_t at = t->n;

	if (dice_hits(&s->dice, s->inbound ? 300 : 800)) {
		text_word(t, "192.0.2.");
		text_number(t, dice_below(&s->dice, 256));
	} else {
		text_word(t, "mail");
		text_number(t, dice_below(&s->dice, 300));
		text_word(t, ".example.org");
	}
	s->peer = piece_since(s, at);
	s->port = NOTHING;
	s->server = session_piece(s, "server2.example.com");
	if (!s->inbound)
		s->helo = s->server;
}

/* The reply to QUIT may stand there only as it was received. */
static void
lose_last_twin(struct session *s)
{
	struct entry *e = &s->entries[s->count - 1];

	if (e->kind == ENTRY_REPLY && e->code == 221 &&
	    dice_hits(&s->dice, 500))
		e->shape = SHAPE_RAW;
}

static void
make_end(struct ims *m, struct session *s, const struct dialect *d)
{
	uint32_t kind = m->o->plain ? 999 : dice_below(&s->dice, 1000);

	if (kind < 80)
		script_cut(s, 1, false);
	if (kind >= 80 && kind < 110) {
		script_cut(s, 1, true);
		say_reply(s, session_unanswered(s, s->count, false, true),
		    &d->timeout);
		s->entries[s->count - 1].pause = 300000;
	}
	if (kind < 10 && !s->inbound)
		say_entry(s, ENTRY_NOTE, 0, "499 No routing hosts are reachable "
		    "for test.com. Message subject: \"\"RE:33%s5%s99\"\". "
		    "Rescheduling delivery for later.", "");
}

static void
ims_make(void *state, struct session *s)
{
	static const struct verdict ready[] = { { 220, "", "$S ESMTP Server "
	    "(Microsoft Exchange Internet Mail Service 5.5.2650.21) ready" } };
	struct ims *m = state;
	struct dialect d;

	s->inbound = dice_hits(&s->dice, 700);
	d = s->inbound ? dialect_ims : dialect_nineties;
	s->rows = dice_hits(&s->dice, 700);
	s->bodies = m->o->raw && s->inbound;
	d.text = say_text;
	if (s->inbound && dice_hits(&s->dice, 300))
		d.greetings = (struct verdicts){ ready, 1 };
	session_names(s);
	make_peer(s);
	say_entry(s, ENTRY_OPEN, 0, "", "");
	s->entries[0].text = session_expand(s, !s->inbound ?
	    "A connection to $P was established." :
	    dice_hits(&s->dice, 800) ? "A connection was accepted from $P." :
	    "A connection was accepted from $P");
	script_dialogue(s, &d);
	make_end(m, s, &d);
	if (!s->inbound && m->o->raw)
		lose_last_twin(s);
}

const struct log_kind log_ims = {
	.name = "exchange-ims",
	.one_at_a_time = true,
	.open = ims_open,
	.make = ims_make,
	.write = ims_write,
	.file = ims_file,
	.close = ims_close,
};
