/*
 * The scanners alone: reads a log and has its lines scanned, as the index does
 * on two threads, and makes no sessions of them:
 *
 *   scan LOG
 *
 * prints how many entries there are.  What it takes, held against the index of
 * the same log, is what the scanner of its format takes of that.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "index/intake.h"
#include "index/store.h"

#define HEAD_SIZE 65536

struct log {
	const char *path;
	int fd;
	uint64_t at;             /* of the next line */
	const struct format *format;
	struct format_state state;
	struct intern *peers;
	uint64_t entries;
};

static _Noreturn void
fail(const char *what, const char *words)
{
	fprintf(stderr, "scan: %s: %s\n", what, words);
	exit(2);
}

static size_t
read_at(const struct log *l, char *text, size_t n, uint64_t at)
{
	ssize_t got = pread(l->fd, text, n, (off_t)at);

	if (got < 0)
		fail(l->path, strerror(errno));
	return (size_t)got;
}

/* Whole lines; what comes behind the last of a log is not scanned. */
static enum intake_fill
fill(void *arg, struct batch *b, bool all_scanned)
{
	struct log *l = arg;
	size_t n = read_at(l, b->text, BATCH_SIZE, l->at);

	(void)all_scanned;
	while (n && b->text[n - 1] != '\n')
		n--;
	if (n == 0)
		return INTAKE_END;
	b->lines = (struct slice){ b->text, n };
	b->at = l->at;
	b->state = l->state;
	b->peers = l->peers;
	l->at += n;
	return INTAKE_FILLED;
}

static void
scan(void *arg, struct batch *b)
{
	const struct log *l = arg;

	batch_scan(b, l->format);
}

static void
take(void *arg, struct batch *b)
{
	struct log *l = arg;

	l->entries += b->n;
}

int
main(int argc, char *argv[])
{
	static char head[HEAD_SIZE];
	static const _Atomic bool never;
	struct log l = { .path = argc > 1 ? argv[1] : "" };
	struct intake_work work = { .fill = fill, .scan = scan, .take = take,
	    .arg = &l, .stop = &never };
	struct format_hint hint = { .written = CLOCK_NONE,
	    .name = slice_of(l.path) };
	struct format_traits traits = { 0 };
	struct store *st;
	struct err err = { "" };
	size_t n;

	if (argc != 2)
		fail("usage", "scan LOG");
	l.fd = open(l.path, O_RDONLY);
	if (l.fd < 0)
		fail(l.path, strerror(errno));
	n = read_at(&l, head, sizeof head, 0);
	l.format = format_detect((struct slice){ head, n }, &hint, &l.state,
	    &traits, &err);
	if (!l.format)
		fail(l.path, err.text);
	st = store_new();
	l.peers = &st->peers;
	intake_run(&work);
	printf("%llu %s\n", (unsigned long long)l.entries, l.format->name);
	store_free(st);
	close(l.fd);
	return 0;
}
