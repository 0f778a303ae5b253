/*
 * Lines of Exim's logs on their way to one file or two.
 */
#include "config.h"

#include "generate_exim.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

struct exim_log {
	const struct options *o;
	struct log_file main, reject;
};

static void
open_in(struct log_file *f, const struct options *o, const char *name)
{
	struct text path = { 0 };

	text_word(&path, o->output);
	text_word(&path, name);
	text_char(&path, '\0');
	log_open(f, path.p, o);
	text_free(&path);
}

void *
exim_open(const struct options *o)
{
	struct exim_log *l = calloc(1, sizeof *l);

	if (!l)
		give_up("out of memory");
	l->o = o;
	if (!o->folder) {
		log_open(&l->main, o->output, o);
		return l;
	}
	if (mkdir(o->output, 0777) < 0 && errno != EEXIST)
		give_up(o->output);
	open_in(&l->main, o, "/mainlog");
	open_in(&l->reject, o, "/rejectlog");
	return l;
}

const struct options *
exim_options(const void *state)
{
	const struct exim_log *l = state;

	return l->o;
}

void
exim_close(void *state)
{
	struct exim_log *l = state;

	log_close(&l->main);
	if (l->o->folder)
		log_close(&l->reject);
	free(l);
}

/* --- a line ------------------------------------------------------------------- */

static void
add_prefix(struct text *t, const struct session *s, const struct entry *e)
{
	size_t at = t->n;

	text_iso(t, e->time, !exim_is_default(s));
	for (; at < t->n; at++)
		if (t->p[at] == 'T')
			t->p[at] = ' ';
	if (exim_is_default(s)) {
		text_char(t, ' ');
		return;
	}
	text_word(t, " [");
	text_number(t, e->sequence == DAEMON ? 999 : e->sequence != DELIVERY ?
	    10000 + s->number % 20000 : 40000 + s->number % 20000);
	text_word(t, "] ");
}

static void
add_entry(struct log_file *f, struct session *s, struct entry *e)
{
	add_prefix(&f->pending, s, e);
	text_piece(&f->pending, s, e->text);
	log_end_line(f);
}

/* Folded lines begin with a tab; what they say is the sender's. */
static void
add_header(struct log_file *f, struct session *s)
{
	static const char *const lines[] = {
		"Envelope-from: <ann@example.org>",
		"Envelope-to: <u1@example.net>",
		"P Received: from [192.0.2.1] (helo=mail.example.org)",
		"\tby mx.example.net with esmtp (Exim 4.96)",
		"\t2026-11-23 00:00:01 SMTP connection from [10.9.9.9]:7",
		"F From: ann@example.com",
		"  Subject: 2026-11-23 00:00:00 [999] H=(x) [10.9.9.9] no",
		"* Bcc: bob@example.com",
		"I Message-ID: <1@example.com>",
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		text_word(&f->pending, lines[i]);
		log_end_line(f);
		s->lines++;
	}
}

void
exim_write(void *state, struct session *s, size_t at, bool visible)
{
	struct exim_log *l = state;
	struct entry *e = &s->entries[at];

	if (!visible || e->sequence == NOBODY)
		return;
	if (s->number % 97 == 0 && at == 1) {
		text_word(&l->main.pending, exim_is_default(s) ?
		    "2026-11-23 00:00:00 Start queue run: pid=999" :
		    "2026-11-23 00:00:00.000 [999] Start queue run: pid=999");
		log_end_line(&l->main);
	}
	if (e->sequence != REJECTER) {
		add_entry(&l->main, s, e);
		session_wrote(s, l->main.line);
	}
	/* Of what stands in the other file, that it was written. */
	e->line = l->main.line + (e->sequence == REJECTER);
	if (!l->o->folder || !(e->final || e->sequence == REJECTER))
		return;
	add_entry(&l->reject, s, e);
	s->lines++;
	if (e->last)
		add_header(&l->reject, s);
}
