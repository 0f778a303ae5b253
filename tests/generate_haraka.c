/*
 * The log of Haraka at level protocol: each line of a reply a record, the
 * number of the transaction behind the id of the session.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

/* `2026-11-23T10:00:00.123Z [LEVEL] [UUID.n] [core] ` */
static void
add_head(struct text *t, const struct session *s, const struct entry *e,
    size_t at, const char *level)
{
	uint64_t mails = 0;

	for (size_t i = 0; i < at; i++)
		mails += s->entries[i].verb == VERB_MAIL;
	text_iso(t, e->time, true);
	text_word(t, "Z [");
	text_word(t, level);
	text_word(t, "] [");
	text_hex(t, s->key & 0xffffffff, 8);
	text_word(t, "-7099-4560-9A22-C6AB");
	text_hex(t, s->key >> 32, 8);
	if (mails) {
		text_char(t, '.');
		text_number(t, mails);
	}
	text_word(t, "] [core] ");
}

static void
haraka_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct entry *e = &s->entries[at];
	struct text *t = &f->pending;
	bool remark = e->kind == ENTRY_OPEN || e->kind == ENTRY_CLOSE;

	if (!visible)
		return;
	add_head(t, s, e, at, remark ? "NOTICE" : "PROTOCOL");
	if (!remark)
		text_word(t, e->kind == ENTRY_COMMAND ? "C: " : "S: ");
	text_piece(t, s, e->text);
	if (e->kind == ENTRY_COMMAND)
		text_word(t, " state=1");
	log_end_line(f);
	e->line = f->line;
	session_wrote(s, e->line);
}

static void
haraka_make(void *state, struct session *s)
{
	struct log_file *f = state;
	struct dialect d = dialect_exchange;
	uint32_t kind;
	size_t at;

	dialect_without_remarks(&d);
	d.chunking = false;
	s->inbound = true;
	s->rows = true;
	s->key = (s->number + 1) * UINT64_C(0x9e3779b97f4a7c15);
	session_names(s);
	session_peer(s);
	s->port = 1024 + (int)(s->number * 7919 % 64000);
	s->server = session_piece(s, "mx.example.org");
	at = s->text.n;
	text_word(&s->text, "connect ip=192.0.2.");
	text_bytes(&s->text, piece_at(s, s->peer) + 8, s->peer.n - 8);
	text_word(&s->text, " port=");
	text_number(&s->text, (uint64_t)s->port);
	text_word(&s->text, " local_ip=10.0.0.5 local_port=25");
	say_entry(s, ENTRY_OPEN, 0, "", "");
	s->entries[0].text = (struct piece){ (uint32_t)at,
		(uint32_t)(s->text.n - at) };
	script_dialogue(s, &d);
	kind = f->options->plain ? 999 : dice_below(&s->dice, 1000);
	if (kind < 60)
		script_cut(s, 1, false);
	if (kind >= 3)
		say_entry(s, ENTRY_CLOSE, 5, "disconnect ip=$P rdns=Unknown "
		    "helo=\"\" relay=N early=N esmtp=Y tls=N pipe=N txns=1 "
		    "bytes=0 lr=\"\" time=0.1", "");
}

const struct log_kind log_haraka = {
	.name = "haraka",
	.utc = true,
	.ms = true,
	.names_peer = true,
	.open = log_new,
	.make = haraka_make,
	.write = haraka_write,
	.close = log_free,
};
