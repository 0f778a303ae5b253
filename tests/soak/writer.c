/*
 * Writes an Exchange log line by line as a server does, at a rate, and does to
 * the file what rotation does: renames it and makes it anew, copies and
 * truncates it, deletes it and makes it anew, cuts it and writes more than stood
 * there before anybody can look.
 *
 *   writer [--rate=LINES] [--period=MS] [--until=+|-] (--lines-of=FILE |
 *       --hook=COMMAND) --cuts=FILE SOURCE LOG
 *
 * What a truncation takes away nobody can read any more, so before each the
 * writer stops behind a line that opens (+) or closes (-) a session and waits
 * for its reader: until FILE has as many lines as sessions were closed, or until
 * COMMAND, told how many were opened, succeeds.  FILE of cuts gets the number of
 * the last line before each truncation.  Links nothing of the program.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 10
#define WAIT_MS 120000

enum rotation { RENAME, COPY_TRUNCATE, RECREATE, SHRINK, ROTATIONS };

struct writer {
	unsigned long rate, period;
	char until;
	const char *lines_of, *hook, *log;
	FILE *source, *cuts;
	int fd;
	char *out;               /* to be written */
	size_t n, cap;
	char *line;
	size_t line_cap;
	char event;              /* of the last line */
	bool over;
	unsigned long lines, opened, closed, rotations;
	unsigned long size;      /* of the file in hand */
	FILE *seen;              /* lines_of */
	unsigned long seen_lines;
};

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "writer: %s: %s\n", what, strerror(errno));
	exit(2);
}

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The pace of the writer is what the test is about. */
static void
nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	if (ms > 0)
		nanosleep(&t, NULL);
}

/* --- lines -------------------------------------------------------------------- */

/* The seventh field of an Exchange line; others may be quoted. */
static char
event_of(const char *line)
{
	bool quoted = false;
	int commas = 0;

	for (; *line && commas < 6; line++) {
		quoted = quoted != (*line == '"');
		commas += *line == ',' && !quoted;
	}
	return *line;
}

static bool
take_line(struct writer *w)
{
	ssize_t n = getline(&w->line, &w->line_cap, w->source);

	if (n <= 0) {
		w->over = true;
		return false;
	}
	if (w->n + (size_t)n > w->cap) {
		w->cap = 2 * (w->n + (size_t)n);
		w->out = realloc(w->out, w->cap);
		if (!w->out)
			fail("memory");
	}
	memcpy(w->out + w->n, w->line, (size_t)n);
	w->n += (size_t)n;
	w->lines++;
	w->event = event_of(w->line);
	w->opened += w->event == '+';
	w->closed += w->event == '-';
	return true;
}

static void
put(struct writer *w)
{
	for (size_t at = 0; at < w->n;) {
		ssize_t n = write(w->fd, w->out + at, w->n - at);

		if (n < 0)
			fail(w->log);
		at += (size_t)n;
	}
	w->size += w->n;
	w->n = 0;
}

/* --- the reader ----------------------------------------------------------------- */

static bool
has_read(struct writer *w)
{
	char command[1024];
	int c;

	if (w->hook) {
		snprintf(command, sizeof command, "%s %lu", w->hook, w->opened);
		return system(command) == 0;
	}
	if (!w->seen && !(w->seen = fopen(w->lines_of, "r")))
		return false;
	clearerr(w->seen);
	while ((c = getc(w->seen)) != EOF)
		w->seen_lines += c == '\n';
	return w->seen_lines >= w->closed;
}

/* Writes up to a line by which it shows that all was read, and waits for that. */
static void
meet(struct writer *w)
{
	long until = now_ms() + WAIT_MS;

	while (take_line(w) && w->event != w->until)
		;
	put(w);
	while (!has_read(w)) {
		if (now_ms() > until) {
			fprintf(stderr, "writer: line %lu: %lu sessions were "
			    "opened and %lu closed, and the reader does not "
			    "say so\n", w->lines, w->opened, w->closed);
			exit(1);
		}
		nap(TICK_MS);
	}
}

/* --- rotation ------------------------------------------------------------------- */

static void
open_log(struct writer *w)
{
	w->fd = open(w->log, O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (w->fd < 0)
		fail(w->log);
	w->size = 0;
}

static void
old_name(const struct writer *w, char *name, size_t n)
{
	snprintf(name, n, "%s.1", w->log);
}

static void
copy_log(const struct writer *w)
{
	char name[1024], buf[65536];
	int from = open(w->log, O_RDONLY), to;
	ssize_t n;

	old_name(w, name, sizeof name);
	to = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (from < 0 || to < 0)
		fail("copying");
	while ((n = read(from, buf, sizeof buf)) > 0)
		if (write(to, buf, (size_t)n) != n)
			fail(name);
	close(from);
	close(to);
}

static void
cut_log(struct writer *w)
{
	if (ftruncate(w->fd, 0) < 0)
		fail(w->log);
	w->size = 0;
}

static void
make_anew(struct writer *w)
{
	char name[1024];

	old_name(w, name, sizeof name);
	if (w->rotations % ROTATIONS == RENAME ? rename(w->log, name) < 0 :
	    unlink(w->log) < 0)
		fail(w->log);
	/* The server has the old file open until it opens the new one. */
	for (int i = 0; i < 5; i++)
		take_line(w);
	put(w);
	close(w->fd);
	open_log(w);
}

static void
rotate(struct writer *w)
{
	switch (w->rotations % ROTATIONS) {
	case RENAME:
	case RECREATE:
		make_anew(w);
		break;
	case COPY_TRUNCATE:
		meet(w);
		fprintf(w->cuts, "%lu\n", w->lines);
		copy_log(w);
		cut_log(w);
		break;
	case SHRINK:
		meet(w);
		fprintf(w->cuts, "%lu\n", w->lines);
		while (w->n <= w->size + w->size / 10 && take_line(w))
			;
		cut_log(w);
		put(w);
		break;
	}
	w->rotations++;
}

static void
run(struct writer *w)
{
	long tick = now_ms(), half = tick + (long)w->period / 2,
	    due = tick + (long)w->period;
	unsigned long part = 0;

	while (!w->over) {
		/* The rest of a rate that is no whole number a tick. */
		part += w->rate * TICK_MS;
		for (; part >= 1000 && take_line(w); part -= 1000)
			;
		put(w);
		/* A name that changes twice before a look is lost to anybody. */
		if (tick >= half) {
			meet(w);
			half = due + (long)w->period;
		}
		if (tick >= due) {
			rotate(w);
			tick = now_ms();
			half = tick + (long)w->period / 2;
			due = tick + (long)w->period;
		}
		tick += TICK_MS;
		nap(tick - now_ms());
	}
}

/* --- the command line ------------------------------------------------------------ */

static const struct option flags[] = {
	{ "rate", required_argument, NULL, 'r' },
	{ "period", required_argument, NULL, 'p' },
	{ "until", required_argument, NULL, 'u' },
	{ "lines-of", required_argument, NULL, 'l' },
	{ "hook", required_argument, NULL, 'h' },
	{ "cuts", required_argument, NULL, 'c' },
	{ NULL, 0, NULL, 0 }
};

static void
set(struct writer *w, int flag, const char *word)
{
	switch (flag) {
	case 'r': w->rate = strtoul(word, NULL, 10); break;
	case 'p': w->period = strtoul(word, NULL, 10); break;
	case 'u': w->until = *word; break;
	case 'l': w->lines_of = word; break;
	case 'h': w->hook = word; break;
	case 'c':
		w->cuts = fopen(word, "w");
		break;
	default:
		exit(2);
	}
}

int
main(int argc, char *argv[])
{
	struct writer w = { .rate = 1000, .period = 1000, .until = '-' };
	long begun = now_ms();
	int flag;

	while ((flag = getopt_long(argc, argv, "", flags, NULL)) != -1)
		set(&w, flag, optarg);
	if (optind + 2 != argc || !w.cuts || (!w.lines_of && !w.hook))
		fail("usage");
	w.source = fopen(argv[optind], "r");
	if (!w.source)
		fail(argv[optind]);
	w.log = argv[optind + 1];
	open_log(&w);
	run(&w);
	if (fclose(w.cuts) != 0)
		fail("cuts");
	fclose(w.source);
	if (w.seen)
		fclose(w.seen);
	close(w.fd);
	free(w.line);
	free(w.out);
	printf("%lu %lu %lu %ld\n", w.lines, w.opened, w.rotations,
	    now_ms() - begun);
	return 0;
}
