/*
 * Bytes of a made-up log on their way to a file.
 */
#include "config.h"

#include "generate_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ENOUGH (1u << 20)

void
log_open(struct log_file *f, const char *path, const struct options *o)
{
	f->options = o;
	f->bytes = 0;
	f->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (f->fd < 0)
		give_up(path);
}

static void
write_out(struct log_file *f)
{
	size_t done = 0;

	while (done < f->pending.n) {
		ssize_t n = write(f->fd, f->pending.p + done,
		    f->pending.n - done);

		if (n < 0 && errno != EINTR)
			give_up("cannot write the log");
		if (n > 0)
			done += (size_t)n;
	}
	f->pending.n = 0;
}

/* Waits until the rate allows the line that was just written. */
static void
keep_rate(struct log_file *f)
{
	const int64_t second = 1000000000;
	struct timespec t;

	if (f->next_at == 0) {
		clock_gettime(CLOCK_MONOTONIC, &t);
		f->next_at = t.tv_sec * second + t.tv_nsec;
	}
	f->next_at += second / f->options->rate;
	t.tv_sec = (time_t)(f->next_at / second);
	t.tv_nsec = (long)(f->next_at % second);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	    EINTR)
		;
}

void
log_end_line(struct log_file *f)
{
	size_t before = f->pending.n;

	text_word(&f->pending, f->options->kind->lf ? "\n" : "\r\n");
	f->line++;
	f->bytes += f->pending.n - before;
	if (f->options->rate) {
		write_out(f);
		keep_rate(f);
	} else if (f->pending.n > ENOUGH) {
		write_out(f);
	}
}

void
log_close(struct log_file *f)
{
	write_out(f);
	if (close(f->fd) != 0)
		give_up("cannot close the log");
	text_free(&f->pending);
}

void *
log_new(const struct options *o)
{
	struct log_file *f = calloc(1, sizeof *f);

	if (!f)
		give_up("out of memory");
	log_open(f, o->output, o);
	return f;
}

void
log_free(void *state)
{
	log_close(state);
	free(state);
}

void
log_end_entry(struct log_file *f, struct session *s, struct entry *e)
{
	text_piece(&f->pending, s, e->text);
	log_end_line(f);
	e->line = f->line;
	session_wrote(s, e->line);
}
