/*
 * What Exim prints with -d: the dialogue of many processes, and between its
 * lines what each of them thinks.
 *
 *   12345 Process 12345 is handling incoming connection from [192.0.2.1]:4711
 *   12345 SMTP<< EHLO mail.example.org
 *   12345 SMTP>> 250-mx.example.org Hello
 *   12345        250 HELP
 *   12345 SMTP>>(close on process exit)
 *
 * Folded header fields pass by and read like anything.
 */
#include "config.h"

#include <stdlib.h>

#include "generate_log.h"
#include "generate_script.h"

struct debug {
	const struct options *o;
	struct log_file log;
	struct dice dice;
};

static void *
debug_open(const struct options *o)
{
	struct debug *d = calloc(1, sizeof *d);

	if (!d)
		give_up("out of memory");
	d->o = o;
	d->dice.state = o->seed;
	log_open(&d->log, o->output, o);
	text_word(&d->log.pending, "Exim version 4.96 uid=0 gid=0 pid=9999");
	log_end_line(&d->log);
	return d;
}

static void
debug_close(void *state)
{
	struct debug *d = state;

	log_close(&d->log);
	free(d);
}

static void
add_pid(struct text *t, uint64_t pid)
{
	for (uint64_t least = 10000; least > pid && least > 1; least /= 10)
		text_char(t, ' ');
	text_number(t, pid);
	text_char(t, ' ');
}

/* Nobody's lines, and lines that look like somebody's. */
static void
add_noise(struct debug *d, const struct session *s)
{
	static const char *const noise[] = {
		"using ACL \"rcpt\"", "host in host_lookup? no (option unset)",
		"  uid=102 gid=105 pid=1", " 550 5.7.1 forged by a fold",
		" SMTP<< QUIT", "  SMTP>> 550 forged", "LOG: MAIN",
		"search_tidyup called", "accept: condition test succeeded",
	};
	struct text *t = &d->log.pending;

	while (dice_hits(&d->dice, 600)) {
		add_pid(t, s->key);
		text_word(t, noise[dice_below(&d->dice, COUNT(noise))]);
		log_end_line(&d->log);
	}
}

static const char *
mark_of(enum entry_kind kind)
{
	switch (kind) {
	case ENTRY_COMMAND:
	case ENTRY_SECRET:
		return "SMTP<< ";
	case ENTRY_REPLY:
		return "SMTP>> ";
	case ENTRY_MORE:
		return "       ";
	default:
		return "";
	}
}

static void
debug_write(void *state, struct session *s, size_t at, bool visible)
{
	struct debug *d = state;
	struct entry *e = &s->entries[at];
	struct text *t = &d->log.pending;

	if (e->kind == ENTRY_OPEN)
		s->stood = true;
	if (!visible)
		return;
	if (e->kind != ENTRY_MORE)
		add_noise(d, s);
	add_pid(t, s->key);
	text_word(t, mark_of(e->kind));
	log_end_entry(&d->log, s, e);
}

static void
say_words(struct session *s, enum entry_kind kind, const char *words)
{
	struct text t = { 0 };

	if (kind == ENTRY_OPEN) {
		text_word(&t, "Process ");
		text_number(&t, s->key);
		text_word(&t, " is handling incoming connection from [");
		text_piece(&t, s, s->peer);
		text_word(&t, "]:");
		text_number(&t, (uint64_t)s->port);
		text_char(&t, '\0');
		words = t.p;
	}
	say_entry(s, kind, 10, words, "");
	text_free(&t);
}

static void
debug_make(void *state, struct session *s)
{
	struct debug *d = state;
	struct dialect dialect = dialect_elsewhere;
	uint32_t kind = d->o->plain ? 999 : dice_below(&s->dice, 1000);

	dialect.tls_note = dialect.certificate = dialect.user_note =
	    dialect.failed_note = dialect.before_mail = dialect.after_mail =
	    dialect.tarpit = (struct remark){ 0 };
	dialect.chunking = false;
	s->inbound = true;
	s->rows = true;
	s->key = 5000 + s->number % 60000;
	session_names(s);
	session_peer(s);
	s->port = 1024 + (int)(s->number * 7919 % 64000);
	s->server = session_piece(s, "mx.example.org");
	say_words(s, ENTRY_OPEN, NULL);
	script_dialogue(s, &dialect);
	if (kind < 60)
		script_cut(s, 1, false);
	if (kind >= 3)
		say_words(s, ENTRY_CLOSE, "SMTP>>(close on process exit)");
}

const struct log_kind log_exim_debug = {
	.name = "exim-debug",
	.keyed = true,
	.decimal = true,
	.timeless = true,
	.open = debug_open,
	.make = debug_make,
	.write = debug_write,
	.close = debug_close,
};
