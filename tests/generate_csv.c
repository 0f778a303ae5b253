/*
 * Logs of Exchange 2007 and later: SmtpReceive and SmtpSend.  Sessions
 * interleave row by row; multi-line replies come as one row or as a row for
 * each line; sequence numbers have gaps and repeats.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum field { TIME, CONNECTOR, SESSION, SEQUENCE, LOCAL, REMOTE, EVENT, DATA,
	CONTEXT, EXTRA };

static const char *const names[] = {
	[TIME] = "date-time", [CONNECTOR] = "connector-id",
	[SESSION] = "session-id", [SEQUENCE] = "sequence-number",
	[LOCAL] = "local-endpoint", [REMOTE] = "remote-endpoint",
	[EVENT] = "event", [DATA] = "data", [CONTEXT] = "context",
	[EXTRA] = "site-name",
};

static const enum field usual[] = { TIME, CONNECTOR, SESSION, SEQUENCE, LOCAL,
	REMOTE, EVENT, DATA, CONTEXT };
static const enum field other[] = { SESSION, EVENT, CONTEXT, DATA, EXTRA, TIME,
	REMOTE, LOCAL, CONNECTOR, SEQUENCE };

struct csv {
	const struct options *o;
	struct log_file log;
	const enum field *order;
	size_t columns;
	struct dice dice;
	int files, hour;         /* rotation: files of this hour */
	bool heading_due;        /* the other order begins with the next row */
	int64_t second;          /* of the text below */
	char stamp[32];
};

/* --- files ------------------------------------------------------------------ */

static void
write_heading(struct csv *c, int64_t now)
{
	struct text *t = &c->log.pending;

	text_word(t, "#Software: Microsoft Exchange Server");
	log_end_line(&c->log);
	text_word(t, "#Version: 15.0.0.0");
	log_end_line(&c->log);
	text_word(t, c->o->send ? "#Log-type: SMTP Send Protocol Log" :
	    "#Log-type: SMTP Receive Protocol Log");
	log_end_line(&c->log);
	text_word(t, "#Date: ");
	text_iso(t, now, true);
	text_char(t, 'Z');
	log_end_line(&c->log);
	text_word(t, "#Fields: ");
	for (size_t i = 0; i < c->columns; i++) {
		if (i)
			text_char(t, ',');
		text_word(t, names[c->order[i]]);
	}
	log_end_line(&c->log);
}

/* RECV2026112300-1.LOG, the next of its hour, in the output folder. */
static void
next_file(struct csv *c, int64_t now)
{
	struct text path = { 0 };
	struct date d;

	date_of(now, &d);
	c->files = d.hour == c->hour ? c->files + 1 : 1;
	c->hour = d.hour;
	text_word(&path, c->o->output);
	text_word(&path, c->o->send ? "/SEND" : "/RECV");
	text_digits(&path, (uint64_t)d.year, 4);
	text_digits(&path, (uint64_t)d.month, 2);
	text_digits(&path, (uint64_t)d.day, 2);
	text_digits(&path, (uint64_t)d.hour, 2);
	text_char(&path, '-');
	text_number(&path, (uint64_t)c->files);
	text_bytes(&path, ".LOG", 5);
	if (c->log.options)
		log_close(&c->log);
	log_open(&c->log, path.p, c->o);
	text_free(&path);
}

static void
begin_file(struct csv *c, int64_t now)
{
	if (c->o->rotate)
		next_file(c, now);
	else
		log_open(&c->log, c->o->output, c->o);
	if (c->o->bom)
		text_word(&c->log.pending, "\xef\xbb\xbf");
	write_heading(c, now);
}

static void *
csv_open(const struct options *o)
{
	struct csv *c = calloc(1, sizeof *c);

	if (!c)
		give_up("out of memory");
	c->o = o;
	c->order = usual;
	c->columns = COUNT(usual);
	c->dice.state = o->seed;
	c->hour = c->second = NOTHING;
	if (o->rotate && mkdir(o->output, 0777) != 0)
		give_up("the folder is there, or cannot be made");
	return c;
}

static void
csv_half_way(void *state)
{
	struct csv *c = state;

	if (!c->o->reorder)
		return;
	c->order = other;
	c->columns = COUNT(other);
	c->heading_due = true;
}

static void
csv_close(void *state)
{
	struct csv *c = state;

	if (!c->log.options)
		begin_file(c, 0);
	log_close(&c->log);
	free(c);
}

/* --- a row ------------------------------------------------------------------ */

static void
add_field(struct text *t, const char *p, size_t n)
{
	if (!memchr(p, ',', n) && !memchr(p, '"', n)) {
		text_bytes(t, p, n);
		return;
	}
	text_char(t, '"');
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"')
			text_char(t, '"');
		text_char(t, p[i]);
	}
	text_char(t, '"');
}

static void
add_piece_field(struct text *t, const struct session *s, struct piece p)
{
	if (p.n)
		add_field(t, piece_at(s, p), p.n);
}

static void
add_stamp(struct csv *c, int64_t now)
{
	struct text *t = &c->log.pending;

	if (now / 1000 != c->second) {
		struct text iso = { 0 };

		c->second = now / 1000;
		text_iso(&iso, now, false);
		memcpy(c->stamp, iso.p, iso.n);
		text_free(&iso);
	}
	text_bytes(t, c->stamp, 19);
	text_char(t, '.');
	text_digits(t, (uint64_t)(now % 1000), 3);
	text_char(t, 'Z');
}

static char
event_of(const struct csv *c, const struct session *s, const struct entry *e)
{
	switch (e->kind) {
	case ENTRY_OPEN:
		return '+';
	case ENTRY_CLOSE:
		return s->stood ? '-' : '*';
	case ENTRY_COMMAND:
	case ENTRY_SECRET:
	case ENTRY_TEXT:
		return s->inbound ? '<' : '>';
	case ENTRY_REPLY:
	case ENTRY_MORE:
		return s->inbound ? '>' : '<';
	default:
		return c->o->lost_stars ? '\0' : '*';
	}
}

static void
add_column(struct csv *c, const struct session *s, const struct entry *e,
    enum field column)
{
	struct text *t = &c->log.pending;
	char event;

	switch (column) {
	case TIME: add_stamp(c, e->time); break;
	case CONNECTOR: add_piece_field(t, s, s->connector); break;
	case SESSION: text_hex(t, s->key, 16); break;
	case SEQUENCE: text_number(t, e->sequence); break;
	case LOCAL:
		if (s->stood)
			add_piece_field(t, s, s->local);
		break;
	case REMOTE: add_piece_field(t, s, s->remote); break;
	case EVENT:
		event = event_of(c, s, e);
		if (event)
			text_char(t, event);
		break;
	case DATA: add_piece_field(t, s, e->text); break;
	case CONTEXT: add_piece_field(t, s, e->context); break;
	case EXTRA: text_word(t, "\"Default, First\""); break;
	}
}

static void
csv_write(void *state, struct session *s, size_t at, bool visible)
{
	struct csv *c = state;
	struct entry *e = &s->entries[at];
	size_t before;

	if (e->kind == ENTRY_OPEN)
		s->stood = true;
	if (!visible)
		return;
	if (!c->log.options ||
	    (c->o->rotate && c->log.bytes >= c->o->rotate))
		begin_file(c, e->time);
	else if (c->heading_due)
		write_heading(c, e->time);
	c->heading_due = false;
	if (c->o->blank_lines && dice_hits(&c->dice, 100))
		log_end_line(&c->log);
	before = c->log.pending.n;
	for (size_t i = 0; i < c->columns; i++) {
		if (i)
			text_char(&c->log.pending, ',');
		add_column(c, s, e, c->order[i]);
	}
	c->log.bytes += c->log.pending.n - before;
	log_end_line(&c->log);
	e->line = c->log.line;
	session_wrote(s, e->line);
}

/* --- a session ---------------------------------------------------------------- */

static void
add_octet(struct text *t, uint64_t value, char after)
{
	text_number(t, value & 255);
	if (after)
		text_char(t, after);
}

/* Most sessions come from hosts that come often. */
#define REGULARS 20000

/* Only networks that are set aside for documents and for private use. */
static void
make_address(struct csv *c, struct session *s)
{
	static const char *const networks[] = { "192.0.2.", "198.51.100.",
		"203.0.113." };
	struct text *t = &s->text;
	uint64_t n = dice_next(&s->dice);
	size_t at = t->n;

	if (c->o->zero_ids || dice_hits(&s->dice, 600)) {
		if (c->o->zero_ids)
			n = s->number;
		else if (dice_hits(&s->dice, 700))
			n %= REGULARS;
		text_word(t, "10.");
		add_octet(t, n >> 16, '.');
		add_octet(t, n >> 8, '.');
		add_octet(t, n, '\0');
	} else if (dice_hits(&s->dice, 50)) {
		text_word(t, "2001:db8::");
		text_hex(t, 1 + n % 9, 1);
		text_char(t, ':');
		text_hex(t, 1 + n / 16 % 9, 1);
	} else {
		text_word(t, networks[dice_below(&s->dice, COUNT(networks))]);
		add_octet(t, n, '\0');
	}
	s->peer = piece_since(s, at);
}

static struct piece
endpoint(struct session *s, struct piece host, int port)
{
	struct text *t = &s->text;
	bool brackets = memchr(piece_at(s, host), ':', host.n) != NULL;
	size_t at = t->n;

	text_room(t, host.n + 16);
	if (brackets)
		text_char(t, '[');
	text_bytes(t, piece_at(s, host), host.n);
	if (brackets)
		text_char(t, ']');
	text_char(t, ':');
	text_number(t, (uint64_t)port);
	return piece_since(s, at);
}

static void
make_ends(struct csv *c, struct session *s)
{
	static const char *const receivers[] = {
		"EX01\\Default Frontend EX01", "EX01\\Client Frontend EX01",
		"EX01\\Relay, printers and \"scanners\"",
		"EX01\\\xd0\x9f\xd1\x80\xd0\xb8\xd1\x91\xd0\xbc" };
	static const char *const senders[] = { "Outbound to the Internet",
		"intra-organization SMTP send connector" };
	static const char *const ports[] = { "10.0.0.5:25", "10.0.0.5:587",
		"10.0.0.6:2525", "[2001:db8::5]:25" };
	int port = 1024 + (int)(s->number * 7919 % 64000);
	uint32_t odd = dice_below(&s->dice, 12);

	make_address(c, s);
	s->server = session_piece(s, "EX01.example.com");
	if (c->o->send) {
		s->port = 25;
		s->local = endpoint(s, session_piece(s, "10.0.0.5"), port);
		s->connector = session_piece(s, senders[odd == 0]);
		s->helo = s->server;
	} else {
		s->port = port;
		s->local = session_piece(s, ports[odd < 4 ? odd : 0]);
		s->connector = session_piece(s, receivers[odd < 4 ? odd : 0]);
	}
	s->remote = endpoint(s, s->peer, s->port);
}

/* How it ends: as it should, lost, timed out, or not at all. */
static void
make_end(struct csv *c, struct session *s, const struct dialect *d,
    size_t least)
{
	uint32_t kind = c->o->plain ? 999 : dice_below(&s->dice, 1000);

	if (kind < 3) {
		script_cut(s, least, false);
		return;
	}
	if (kind < 35)
		script_cut(s, least, false);
	if (kind >= 35 && kind < 50) {
		script_cut(s, least, true);
		say_reply(s, session_unanswered(s, s->count, false, true),
		    &d->timeout);
		s->entries[s->count - 1].pause = 300000;
	}
	script_close(s, kind < 35);
}

/* Sequence numbers, with the gaps and repeats of real logs. */
static void
number_entries(struct session *s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s->count; i++) {
		s->entries[i].sequence = n;
		if (!dice_hits(&s->dice, 4))
			n++;
		if (s->entries[i].code == 334)
			n++;             /* the answer is not logged */
	}
}

static void
csv_make(void *state, struct session *s)
{
	struct csv *c = state;
	const struct dialect *d = c->o->send ? &dialect_elsewhere :
	    &dialect_exchange;
	size_t least;

	s->inbound = !c->o->send;
	s->rows = dice_hits(&s->dice, 30);
	s->key = c->o->zero_ids ? 0 :
	    UINT64_C(0x08de29a3b4c50000) + s->number;
	session_names(s);
	make_ends(c, s);
	if (c->o->send)
		script_attempt(s);
	if (!c->o->send || !script_attempt_fails(s)) {
		say_entry(s, ENTRY_OPEN, dice_below(&s->dice, 60), "", "");
		least = s->count;
		if (!c->o->send && dice_hits(&s->dice, 200))
			say_entry(s, ENTRY_NOTE, 0, "SMTPSubmit "
			    "SMTPAcceptAnySender SMTPAcceptAnyRecipient "
			    "AcceptRoutingHeaders", "Set Session Permissions");
		script_dialogue(s, d);
		make_end(c, s, d, least);
	}
	number_entries(s);
}

const struct log_kind log_csv = {
	.name = "exchange-csv",
	.utc = true,
	.ms = true,
	.keyed = true,
	.open = csv_open,
	.make = csv_make,
	.write = csv_write,
	.half_way = csv_half_way,
	.close = csv_close,
};
