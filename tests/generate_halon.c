/*
 * The log of Halon's smtpd, which ehlog reads by a format file: sessions by
 * their ids, interleaved line by line; the lines of a reply in one, with | in
 * between; stamps without a year.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <fcntl.h>

struct halon {
	const struct options *o;
	struct log_file log;
	struct dialect dialect;
};

static void *
halon_open(const struct options *o)
{
	struct halon *h = calloc(1, sizeof *h);

	if (!h)
		give_up("out of memory");
	h->o = o;
	log_open(&h->log, o->output, o);
	h->dialect = dialect_elsewhere;
	h->dialect.auth_go = dialect_ims.auth_go;
	h->dialect.auth_fine = dialect_ims.auth_fine;
	h->dialect.auth_off = dialect_ims.auth_off;
	h->dialect.auth_bad = dialect_ims.auth_bad;
	h->dialect.certificate = h->dialect.before_mail =
	    (struct remark){ NULL, NULL };
	h->dialect.tls_note = (struct remark){ "STARTTLS enabled (TLSv1.3 "
	    "with cipher TLS_AES_256_GCM_SHA384 (256 bits))", "" };
	h->dialect.secrets = true;
	h->dialect.junk = true;
	return h;
}

/* The year is told by when the file was written. */
static void
halon_close(void *state)
{
	struct halon *h = state;
	struct timespec t = { .tv_sec =
	    (time_t)(date_to_ms(2026, 12, 1, 0) / 1000) };
	struct timespec times[2] = { t, t };

	log_close(&h->log);
	if (utimensat(AT_FDCWD, h->o->output, times, 0) != 0)
		give_up("cannot set the time of the log");
	free(h);
}

/* --- a line ------------------------------------------------------------------- */

static void
add_head(struct halon *h, const struct session *s, int64_t now)
{
	struct text *t = &h->log.pending;

	text_stamp(t, now);
	text_word(t, " (info) smtpd: [");
	text_uuid(t, s->key);
	text_word(t, "] ");
}

static void
add_words(struct halon *h, const struct session *s, const struct entry *e)
{
	struct text *t = &h->log.pending;

	switch (e->kind) {
	case ENTRY_OPEN:
		text_word(t, "Connection from ");
		text_piece(t, s, s->remote);
		text_word(t, " to ");
		text_piece(t, s, s->local);
		text_word(t, " (mx:1)");
		break;
	case ENTRY_CLOSE:
		text_word(t, "Connection closed");
		break;
	case ENTRY_REPLY:
		text_word(t, "[SMTP] [___] ");
		text_piece(t, s, e->text);
		break;
	case ENTRY_COMMAND:
	case ENTRY_SECRET:
	case ENTRY_TEXT:
		text_word(t, "[SMTP] [CMD] ");
		text_piece(t, s, e->text);
		break;
	default:
		text_piece(t, s, e->text);
		break;
	}
}

/* Further lines of a reply stand in its line. */
static void
add_more(struct halon *h, struct session *s, size_t at)
{
	for (size_t i = at + 1; i < s->count &&
	    s->entries[i].kind == ENTRY_MORE; i++) {
		text_char(&h->log.pending, '|');
		text_piece(&h->log.pending, s, s->entries[i].text);
		s->entries[i].line = s->entries[at].line;
		s->entries[i].time = s->entries[at].time;
	}
}

static void
halon_write(void *state, struct session *s, size_t at, bool visible)
{
	struct halon *h = state;
	struct entry *e = &s->entries[at];

	if (e->kind == ENTRY_OPEN)
		s->stood = true;
	if (!visible || e->kind == ENTRY_MORE)
		return;
	e->line = h->log.line + 1;
	add_head(h, s, e->time);
	add_words(h, s, e);
	add_more(h, s, at);
	log_end_line(&h->log);
	session_wrote(s, e->line);
}

/* --- a session ------------------------------------------------------------------ */

static struct piece
endpoint(struct session *s, struct piece host, int port)
{
	struct text *t = &s->text;
	size_t at = t->n;

	text_room(t, host.n + 16);
	text_char(t, '[');
	text_bytes(t, piece_at(s, host), host.n);
	text_word(t, "]:");
	text_number(t, (uint64_t)port);
	return piece_since(s, at);
}

static void
make_ends(struct session *s)
{
	static const char *const networks[] = { "192.0.2.", "198.51.100.",
		"203.0.113.", "2001:db8::" };
	size_t at = s->text.n;

	text_word(&s->text, networks[dice_below(&s->dice, COUNT(networks))]);
	text_number(&s->text, 1 + dice_below(&s->dice, 254));
	s->peer = piece_since(s, at);
	s->port = 1024 + (int)(s->number * 7919 % 64000);
	s->remote = endpoint(s, s->peer, s->port);
	s->local = endpoint(s, session_piece(s, "10.0.0.5"), 25);
	s->server = session_piece(s, "mx.example.com");
}

static void
halon_make(void *state, struct session *s)
{
	struct halon *h = state;
	uint32_t kind = h->o->plain ? 999 : dice_below(&s->dice, 1000);
	size_t least;

	s->inbound = true;
	s->rows = true;
	s->key = UINT64_C(0x1e7d5c0000000000) + s->number;
	session_names(s);
	make_ends(s);
	say_entry(s, ENTRY_OPEN, dice_below(&s->dice, 60), "", "");
	least = s->count;
	script_dialogue(s, &h->dialect);
	if (kind < 35)
		script_cut(s, least, true);
	/* A few have no end in the log. */
	if (kind >= 3)
		script_close(s, kind < 35);
	for (size_t i = 0; i < s->count; i++)
		if (s->entries[i].kind == ENTRY_MORE)
			s->entries[i].pause = 0;
}

const struct log_kind log_halon = {
	.name = "halon",
	.keyed = true,
	.uuids = true,
	.open = halon_open,
	.make = halon_make,
	.write = halon_write,
	.close = halon_close,
};
