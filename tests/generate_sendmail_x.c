/*
 * Sendmail's traffic files (-X): the dialogue of many processes, message text
 * as well, without any time.  What the other end sends ends in CR LF, what
 * Sendmail writes in LF alone.
 *
 * With --glue some commands have no line end: what another process writes next
 * follows in the same line.
 */
#include "config.h"

#include <stdlib.h>

#include "generate_log.h"
#include "generate_script.h"

/* Ids come again, but not before so many others have been used. */
#define PIDS_APART 1500

struct traffic {
	const struct options *o;
	struct log_file log;
	uint32_t *pids;          /* a ring of those that are free */
	uint32_t npids, first, free;
	bool half;               /* the line at hand has no end */
};

static void *
traffic_open(const struct options *o)
{
	struct traffic *f = calloc(1, sizeof *f);

	if (!f)
		give_up("out of memory");
	f->o = o;
	f->free = f->npids = PIDS_APART + 2 * o->open + (uint32_t)(o->sessions /
	    100);
	f->pids = calloc(f->npids, sizeof *f->pids);
	if (!f->pids)
		give_up("out of memory");
	for (uint32_t i = 0; i < f->npids; i++)
		f->pids[i] = 10000 + i;
	log_open(&f->log, o->output, o);
	return f;
}

static void
traffic_close(void *state)
{
	struct traffic *f = state;

	if (f->half)
		log_end_line(&f->log);
	log_close(&f->log);
	free(f->pids);
	free(f);
}

/* --- writing --------------------------------------------------------------------- */

static bool
is_ours(const struct session *s, const struct entry *e)
{
	bool server = e->kind == ENTRY_REPLY || e->kind == ENTRY_MORE;

	return server == s->inbound;
}

static const char *
mark_of(const struct session *s, const struct entry *e)
{
	if (e->kind == ENTRY_ATTEMPT)
		return " === ";
	return e->kind != ENTRY_CLOSE && is_ours(s, e) ? " >>> " : " <<< ";
}

/* Nothing says that the process is over: the last thing it writes. */
static void
give_back(struct traffic *f, const struct session *s, size_t at)
{
	const struct entry *e = &s->entries[at];

	if (at + 1 < s->count || (e->kind != ENTRY_CLOSE && e->code != 221 &&
	    e->code != 421))
		return;
	f->pids[(f->first + f->free++) % f->npids] = (uint32_t)s->key;
}

static void
traffic_write(void *state, struct session *s, size_t at, bool visible)
{
	struct traffic *f = state;
	struct entry *e = &s->entries[at];
	struct text *t = &f->log.pending;
	const char *mark = mark_of(s, e);

	give_back(f, s, at);
	if (!visible || e->kind == ENTRY_OPEN)
		return;
	if (f->half && mark[1] != '>') {
		log_end_line(&f->log);
		f->half = false;
	}
	text_digits(t, s->key, 5);
	text_word(t, mark);
	text_piece(t, s, e->text);
	e->line = f->log.line + 1;
	session_wrote(s, e->line);
	f->half = f->o->glue && e->kind == ENTRY_COMMAND && s->inbound &&
	    e->verb == VERB_OTHER && dice_hits(&s->dice, 500);
	if (f->half)
		return;
	if (mark[1] == '<' && e->kind != ENTRY_CLOSE)
		text_char(t, '\r');
	log_end_line(&f->log);
}

/* --- sessions -------------------------------------------------------------------- */

static void
say_text(struct session *s)
{
	static const char *const lines[] = { "Hello,", "", "550 5.1.1 no user",
		"250 OK", "QUIT", "DATA", "354 go on", "221 bye",
		"MAIL FROM:<mallory@example.net>", "RSET", "..", ".hidden",
		"[EOF]", "[TIMEOUT]", ">>> 554 fake", "10001 >>> 220 fake",
		"10002 <<< QUIT", "10003 === CONNECT fake.example.net",
		"\033[31mred", "j\303\251r\303\264me \351" };
	uint32_t n = dice_below(&s->dice, 14);

	say_entry(s, ENTRY_TEXT, 20, "Received: from $H by $S", "");
	for (uint32_t i = 0; i < n; i++)
		say_entry(s, ENTRY_TEXT, 0,
		    lines[dice_below(&s->dice, COUNT(lines))], "");
	say_entry(s, ENTRY_TEXT, 0, ".", "");
}

static void
make_ends(struct session *s)
{
	struct text *t = &s->text;
	size_t at = t->n;

	text_word(t, s->inbound ? "192.0.2." : "mail");
	text_number(t, dice_below(&s->dice, 256));
	if (!s->inbound)
		text_word(t, ".example.org");
	s->peer = piece_since(s, at);
	s->port = NOTHING;
	s->server = session_piece(s, "mx.example.net");
	if (!s->inbound)
		s->helo = s->server;
}

/* The client is gone: Sendmail answers all the same. */
static void
make_lost(struct session *s)
{
	static const struct verdict lost = { 421, "4.4.1",
		"$S Lost input channel from [$P]" };

	say_entry(s, ENTRY_CLOSE, 5, dice_hits(&s->dice, 800) ? "[EOF]" :
	    "[TIMEOUT]", "");
	if (s->inbound)
		say_reply(s, session_unanswered(s, s->count, false, true),
		    &lost);
}

static void
speak_sendmail(struct dialect *d)
{
	static const struct verdict ready[] = {
		{ 220, "", "mx.example.net ESMTP Sendmail 8.17.1/8.17.1; $D" },
		{ 220, "", "mx.example.net ESMTP Sendmail\nready" } };

	d->greetings = (struct verdicts){ ready, COUNT(ready) };
	d->hello = (struct verdict){ 250, "",
		"$S Hello client [$P], pleased to meet you" };
	d->hello_one_row = d->hello_rows = (struct verdict){ 250, "",
		"$S Hello [$P], pleased to meet you\nENHANCEDSTATUSCODES\n"
		"PIPELINING\n8BITMIME\nHELP" };
}

static void
traffic_make(void *state, struct session *s)
{
	struct traffic *f = state;
	struct dialect d = dialect_elsewhere;
	uint32_t kind;
	size_t least;

	if (f->free == 0)
		give_up("too many at once");
	d.certificate = d.tls_note = d.before_mail = (struct remark){ 0 };
	d.chunking = false;
	d.text = say_text;
	s->inbound = !f->o->send;
	s->rows = s->bodies = true;
	s->key = f->pids[f->first++ % f->npids];
	f->free--;
	session_names(s);
	make_ends(s);
	if (s->inbound)
		speak_sendmail(&d);
	else
		say_entry(s, ENTRY_ATTEMPT, 0, "CONNECT $P", "");
	say_entry(s, ENTRY_OPEN, 0, "", "");
	least = s->count + 1;
	script_dialogue(s, &d);
	kind = f->o->plain ? 999 : dice_below(&s->dice, 1000);
	if (kind < 60)
		script_cut(s, least, true);
	if (kind >= 3 && (kind < 60 || s->entries[s->count - 1].code != 221))
		make_lost(s);
}

const struct log_kind log_sendmail_x = {
	.name = "sendmail-x",
	.lf = true,
	.keyed = true,
	.decimal = true,
	.late_peer = true,
	.timeless = true,
	.open = traffic_open,
	.make = traffic_make,
	.write = traffic_write,
	.close = traffic_close,
};
