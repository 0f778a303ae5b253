/*
 * A whole log of hostile bytes: indexed, every session decoded, and what the
 * index says held against what decoding says.
 */
#include "config.h"

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "index/facts.h"
#include "index/indexer.h"
#include "index/share.h"
#include "fuzz_formats.h"

/* One file for all inputs, in the working folder: the entry point has no state of its own. */
static char path[64] = "";
static int fd = -1;

static void
ignore(void *arg, const char *words)
{
	(void)arg;
	(void)words;
}

static void
forget(void)
{
	unlink(path);
}

static void
write_log(const uint8_t *data, size_t n)
{
	if (fd < 0) {
		snprintf(path, sizeof path, "./fuzz_facts.XXXXXX");
		fd = mkstemp(path);
		MUST(fd >= 0);
		atexit(forget);
	}
	MUST(ftruncate(fd, 0) == 0);
	MUST(n == 0 || pwrite(fd, data, n, 0) == (ssize_t)n);
}

static void
check_lines(const struct facts *f)
{
	for (size_t i = 0; i < f->nlines; i++) {
		const struct fact_line *l = &f->lines[i];
		struct buf tmp = { 0 };

		MUST(l->line >= f->rec.first && l->line <= f->rec.last);
		MUST(i == 0 || l->line >= f->lines[i - 1].line);
		MUST(l->role < ROLE_COUNT);
		MUST(l->role != ROLE_REPLY || l->reply < f->nreplies);
		fact_line_text(f, l, false, &tmp);
		buf_free(&tmp);
	}
}

/* Lines that it has a part in. */
static uint32_t
count_lines(const struct facts *f)
{
	uint32_t n = 0;

	for (size_t i = 0; i < f->nlines; i++)
		n += i == 0 || f->lines[i].line != f->lines[i - 1].line;
	return n;
}

static void
check_replies(const struct facts *f)
{
	unsigned worst = 0;

	for (size_t i = 0; i < f->nreplies; i++) {
		const struct fact_reply *r = &f->replies[i];

		/* Or its class alone, where no more is told. */
		MUST((r->code >= 200 && r->code <= 599) ||
		    (r->code >= 2 && r->code <= 5));
		MUST(r->line < f->nlines);
		MUST(r->command == FACT_NONE || r->command < f->nlines);
		if (code_is_worse(r->code, worst))
			worst = r->code;
	}
	/* The index and the decoder have seen the same. */
	if (worst)
		MUST(f->rec.worst == worst);
	else
		MUST(f->rec.worst < 400);
	MUST(f->worst == FACT_NONE || f->worst < f->nreplies);
}

static void
check_messages(const struct facts *f)
{
	for (size_t i = 0; i < f->nmessages; i++) {
		const struct fact_message *m = &f->messages[i];

		MUST(m->first_recipient <= f->nrecipients);
		MUST(m->recipients <= f->nrecipients - m->first_recipient);
	}
}

static void
check_session(const struct facts *f, const struct stream *sm)
{
	const struct session *rec = &f->rec;

	MUST(rec->first >= 1 && rec->first <= rec->last);
	MUST(rec->last <= stream_lines(sm));
	MUST(rec->lines >= 1 && rec->lines <= rec->last - rec->first + 1);
	MUST(session_outcome(rec) < OUTCOME_COUNT);
	MUST(session_ending(rec) < ENDING_COUNT);
	check_lines(f);
	check_replies(f);
	check_messages(f);
}

/* How often a line is one more session's than the first. */
static uint64_t
count_shared(const struct store *st)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < table_count(&st->streams); i++) {
		const struct stream *sm = store_stream(st, i);

		for (uint32_t line = 1; line <= stream_lines(sm); line++) {
			uint64_t at = 0;

			if (!share_owner(sm, line, &at))
				continue;
			while (share_owner(sm, line, &at))
				n++;
		}
	}
	return n;
}

static void
check_store(const struct store *st)
{
	struct reader *r = reader_new(st);
	struct facts f;
	struct err err = { "" };
	uint64_t lines = 0;
	struct progress p;

	facts_init(&f);
	for (uint32_t n = 1; n <= store_sessions(st); n++) {
		MUST(facts_decode(&f, st, r, n, &err) == 0);
		check_session(&f, store_stream(st, f.rec.stream));
		lines += f.rec.lines;
		MUST(f.truncated || count_lines(&f) == f.rec.lines);
	}
	store_progress(st, &p);
	MUST(p.sessions == store_sessions(st));
	/* No line is lost, and those of several sessions are known. */
	lines += p.meta_lines + p.unowned_lines;
	MUST(lines == p.lines + count_shared(st));
	facts_free(&f);
	reader_free(r);
}

static void
run(const struct format *format)
{
	struct indexer_options opt = { .formats = fuzz_formats(),
	    .format = format, .wake_fd = -1 };
	char *paths[] = { path };
	struct store *st = store_new();
	struct err err = { "" };
	struct indexer *ix = indexer_new(st, paths, 1, &opt, ignore, NULL,
	    &err);

	if (ix) {
		indexer_run(ix);
		MUST(!indexer_trouble(ix, &(uint32_t){ 0 }, &err));
		check_store(st);
		indexer_free(ix);
	}
	store_free(st);
}

/*
 * As what it is taken for, and as one in five of all formats: which ones, the
 * content says, so that all have their turn over some changed copies.
 */
#define ONE_IN 5

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t turn = n;

	for (size_t i = 0; i < n; i++)
		turn = turn * 31 + data[i];
	write_log(data, n);
	run(NULL);
	for (size_t i = 0; formats[i]; i++)
		if ((i + turn) % ONE_IN == 0)
			run(formats[i]);
	return 0;
}
