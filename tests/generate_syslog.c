/*
 * Syslog lines: BSD stamps, or ISO 8601 with a zone (--date=iso).
 */
#include "config.h"

#include "generate_syslog.h"

#include <stdlib.h>
#include <string.h>

#define PIDS 60000

struct syslog {
	const struct options *o;
	struct log_file log;
	uint32_t free_pids[PIDS];
	uint32_t nfree;
	int64_t second;          /* of the text below */
	char stamp[48];
	size_t stamp_n;
};

void *
postfix_log_open(const struct options *o)
{
	struct syslog *l = calloc(1, sizeof *l);

	if (!l)
		give_up("out of memory");
	l->o = o;
	l->second = NOTHING;
	/* The last one given back is the next one taken. */
	for (uint32_t i = 0; i < PIDS; i++)
		l->free_pids[l->nfree++] = 1000 + PIDS - i;
	log_open(&l->log, o->output, o);
	return l;
}

/* Nov 23 08:00:00, or 2026-11-23T09:00:00. */
static void
write_second(struct syslog *l, int64_t now)
{
	struct text t = { 0 };

	l->second = now / 1000;
	if (l->o->date == 'i')
		text_iso(&t, now + 3600000, false);
	else
		text_stamp(&t, now);
	l->stamp_n = l->o->date == 'i' ? 19 : t.n;
	memcpy(l->stamp, t.p, l->stamp_n);
	text_free(&t);
}

static void
add_stamp(struct syslog *l, int64_t now)
{
	struct text *t = &l->log.pending;

	if (now / 1000 != l->second)
		write_second(l, now);
	text_bytes(t, l->stamp, l->stamp_n);
	if (l->o->date == 'i') {
		text_char(t, '.');
		text_digits(t, (uint64_t)(now % 1000), 3);
		text_word(t, "042+01:00");
	}
}

static uint32_t
process_of(struct syslog *l, struct session *s, const char *daemon, size_t n)
{
	if (n != 5 || memcmp(daemon, "smtpd", 5) != 0)
		return (uint32_t)(100 + (unsigned char)daemon[0]);
	if (s->sequence == 0) {
		if (l->nfree == 0)
			give_up("too many at once");
		s->sequence = l->free_pids[--l->nfree];
	}
	return s->sequence;
}

void
postfix_log_begin(void *state, struct session *s, int64_t now,
    const char *daemon, size_t n)
{
	struct syslog *l = state;
	struct text *t = &l->log.pending;

	add_stamp(l, now);
	text_word(t, " mx postfix/");
	text_bytes(t, daemon, n);
	text_char(t, '[');
	text_number(t, process_of(l, s, daemon, n));
	text_word(t, "]: ");
}

bool
postfix_log_is_zoned(const void *state)
{
	const struct syslog *l = state;

	return l->o->date == 'i';
}

struct text *
postfix_log_text(void *state)
{
	struct syslog *l = state;

	return &l->log.pending;
}

uint32_t
postfix_log_end(void *state, struct session *s)
{
	struct syslog *l = state;

	log_end_line(&l->log);
	session_wrote(s, l->log.line);
	return l->log.line;
}

void
postfix_log_free(void *state, struct session *s)
{
	struct syslog *l = state;

	l->free_pids[l->nfree++] = s->sequence;
}

void
postfix_log_close(void *state)
{
	struct syslog *l = state;

	log_close(&l->log);
	free(l);
}
