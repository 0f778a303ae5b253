/*
 * What a server made with smtp-server (Node.js) prints with its logger on: one
 * of the transcripts in which sessions interleave, each with an id.
 *
 *   [2026-11-25 10:00:00] DEBUG [#ab12cd34ef567890] C: EHLO example.com
 *
 * Times are whole seconds.  The further lines of a reply have no `S:`.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

/* 2026-11-25T10:00:00 with a blank in the middle. */
static void
add_stamp(struct text *t, int64_t time)
{
	size_t at = t->n;

	text_iso(t, time, false);
	for (; at < t->n; at++)
		if (t->p[at] == 'T')
			t->p[at] = ' ';
}

static const char *
mark_of(enum entry_kind kind)
{
	switch (kind) {
	case ENTRY_COMMAND:
	case ENTRY_SECRET:
		return "C: ";
	case ENTRY_REPLY:
		return "S: ";
	default:
		return "";
	}
}

static void
node_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct entry *e = &s->entries[at];
	struct text *t = &f->pending;
	bool remark = e->kind == ENTRY_OPEN || e->kind == ENTRY_CLOSE ||
	    e->kind == ENTRY_NOTE;

	if (e->kind == ENTRY_OPEN)
		s->stood = true;
	if (!visible)
		return;
	text_word(t, "[");
	add_stamp(t, e->time);
	text_word(t, remark ? "] INFO  [#" : "] DEBUG [#");
	text_hex(t, s->key, 16);
	text_word(t, "] ");
	text_word(t, mark_of(e->kind));
	log_end_entry(f, s, e);
}

static void
make_ends(struct session *s)
{
	session_peer(s);
	s->port = NOTHING;
	s->server = session_piece(s, "mx.example.org");
}

static void
say_remark(struct session *s, enum entry_kind kind, const char *words)
{
	int32_t at = say_entry(s, kind, 10, "", "");

	s->entries[at].text = session_expand(s, words);
}

static void
node_make(void *state, struct session *s)
{
	struct log_file *f = state;
	struct dialect d = dialect_elsewhere;
	uint32_t kind;

	dialect_without_remarks(&d);
	d.chunking = false;
	s->inbound = true;
	s->rows = dice_hits(&s->dice, 500);
	s->key = UINT64_C(0x0b1ec0de00000000) + s->number * 7;
	session_names(s);
	make_ends(s);
	say_remark(s, ENTRY_OPEN, "SMTP Connection from $P");
	script_dialogue(s, &d);
	kind = f->options->plain ? 999 : dice_below(&s->dice, 1000);
	if (kind < 60)
		script_cut(s, 1, false);
	if (kind < 3)
		return;
	say_remark(s, ENTRY_CLOSE, "Connection closed to $P");
}

const struct log_kind log_transcript = {
	.name = "transcript",
	.keyed = true,
	.open = log_new,
	.make = node_make,
	.write = node_write,
	.close = log_free,
};
