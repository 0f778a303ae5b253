/*
 * What OpenSMTPD reports to a filter: both sides of the dialogue, and much of it
 * once more in events of its own; of message text only the dot that ends it.
 */
#include "config.h"

#include <string.h>

#include "generate_log.h"
#include "generate_script.h"

/* `report|0.7|1576146008.006099|smtp-in|EVENT|ID` */
static void
add_head(struct text *t, const struct session *s, int64_t time,
    const char *event)
{
	text_word(t, s->number % 3 ? "report|0.7|" : "report|0.6|");
	text_number(t, (uint64_t)time / 1000);
	text_char(t, '.');
	text_number(t, 1000000 + (uint64_t)time % 1000 * 1000 +
	    s->number % 1000);
	/* Six digits: the first of seven made room for noughts. */
	memmove(t->p + t->n - 7, t->p + t->n - 6, 6);
	t->n--;
	text_word(t, s->inbound ? "|smtp-in|" : "|smtp-out|");
	text_word(t, event);
	text_char(t, '|');
	text_hex(t, s->key, 16);
}

/* What is reported beside the dialogue tells nothing new of it. */
static void
add_event(struct log_file *f, struct session *s, const struct entry *e,
    const char *event, const char *words)
{
	add_head(&f->pending, s, e->time, event);
	text_word(&f->pending, words);
	log_end_line(f);
	session_wrote(s, f->line);
}

static void
add_connect(struct text *t, const struct session *s)
{
	text_word(t, s->inbound ? "|<unknown>|fail|" : "|a|b|pass|10.0.0.5:25|");
	text_piece(t, s, s->peer);
	text_char(t, ':');
	text_number(t, (uint64_t)s->port);
	if (s->inbound)
		text_word(t, "|10.0.0.5:25");
}

static const char *
event_of(const struct entry *e)
{
	switch (e->kind) {
	case ENTRY_OPEN: return "link-connect";
	case ENTRY_CLOSE: return "link-disconnect";
	case ENTRY_REPLY:
	case ENTRY_MORE: return "protocol-server";
	default: return "protocol-client";
	}
}

static void
report_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct entry *e = &s->entries[at];
	struct text *t = &f->pending;

	if (!visible)
		return;
	if (e->kind == ENTRY_REPLY && e->code == 250)
		add_event(f, s, e, "filter-response", "|rcpt-to|proceed");
	if (e->kind == ENTRY_CLOSE)
		add_event(f, s, e, "tx-reset", "|5f1d0c2a");
	add_head(t, s, e->time, event_of(e));
	if (e->kind == ENTRY_OPEN) {
		add_connect(t, s);
	} else if (e->kind != ENTRY_CLOSE) {
		text_char(t, '|');
		text_piece(t, s, e->text);
	}
	log_end_line(f);
	e->line = f->line;
	session_wrote(s, e->line);
	if (e->kind == ENTRY_REPLY && e->code == 550)
		add_event(f, s, e, "tx-rcpt", "|5f1d0c2a|permfail|"
		    "smtp-in|link-disconnect@example.net");
	else if (e->kind == ENTRY_REPLY && e->code == 354)
		add_event(f, s, e, "tx-data", "|5f1d0c2a|ok");
}

static void
say_dot(struct session *s)
{
	say_entry(s, ENTRY_TEXT, 20, ".", "");
}

/* Sixteen digits, none of which is a letter: those of logs are small. */
static uint64_t
key_of(uint64_t n)
{
	uint64_t key = UINT64_C(7) << 60;

	n = n * 7919 + 1;
	for (int i = 0; i < 60; i += 4, n /= 10)
		key |= n % 10 << i;
	return key;
}

static void
report_make(void *state, struct session *s)
{
	struct log_file *f = state;
	struct dialect d = f->options->send ? dialect_elsewhere : dialect_exchange;
	uint32_t kind;

	dialect_without_remarks(&d);
	d.chunking = false;
	d.text = say_dot;
	s->inbound = !f->options->send;
	s->rows = true;
	s->bodies = true;
	s->key = key_of(s->number);
	session_names(s);
	session_peer(s);
	s->port = 1024 + (int)(s->number * 7919 % 64000);
	s->server = session_piece(s, "mx.example.org");
	s->local = session_piece(s, "10.0.0.5:25");
	if (f->options->send)
		s->helo = s->server;
	say_entry(s, ENTRY_OPEN, 0, "", "");
	script_dialogue(s, &d);
	kind = f->options->plain ? 999 : dice_below(&s->dice, 1000);
	if (kind < 60)
		script_cut(s, 1, false);
	if (kind >= 3)
		say_entry(s, ENTRY_CLOSE, 5, "", "");
}

const struct log_kind log_opensmtpd_report = {
	.name = "opensmtpd-report",
	.lf = true,
	.utc = true,
	.ms = true,
	.keyed = true,
	.open = log_new,
	.make = report_make,
	.write = report_write,
	.close = log_free,
};
