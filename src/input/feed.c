/*
 * Feeds.  A feed waits for whoever reads its pack only where what was read is
 * forgotten: else all of the text is kept in any case.
 */
#include "config.h"

#include "input/feed.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "input/command.h"
#include "input/file.h"
#include "input/overlap.h"

#define FEED_SIZE 65536
/* So many bytes of a pipe tell whether it is compressed; a line has more. */
#define FORM_BYTES 10
/* A command that gives nothing for so long has given what it had. */
#define REST_MS 2000
/* Between two runs of a command; each that brings nothing doubles it. */
#define PAUSE_MS 1000
#define PAUSE_MAX_MS 60000
/* So many lines of what it says in one run are told as they come. */
#define NOTES_A_RUN 8

struct feed {
	struct pack *pack;
	struct feed_from from;
	pthread_t thread;
	int control[2];          /* closed at one end: stop */
	_Atomic bool stop;
	uint64_t packed;         /* bytes that were read of what is unpacked */
	uint64_t text;
	/* Of a pipe: read, and not unpacked yet. */
	char first[FORM_BYTES];
	size_t nfirst, first_used;
	char buf[FEED_SIZE];
	/* Of a command. */
	struct command command;
	unsigned noted;          /* of what it said, in this run */
	struct overlap *overlap; /* with the runs before; NULL: all is new */
	struct pack_cache *past; /* for that */
	struct buf fresh;
};

static bool
stopped(const struct feed *f)
{
	return atomic_load_explicit(&f->stop, memory_order_relaxed);
}

static bool
may_run_again(const struct feed *f)
{
	return f->from.again && atomic_load_explicit(f->from.again,
	    memory_order_relaxed);
}

/* Somebody should be told. */
static void
note(struct feed *f, const char *words, bool trouble)
{
	struct err named;

	err_set(&named, "%.100s: %.400s", f->from.name, words);
	account_note(f->from.account, named.text, trouble);
	pack_wake(f->pack);
}

/* --- what goes into the pack -------------------------------------------------- */

static void
free_overlap(struct feed *f)
{
	overlap_free(f->overlap);
	f->overlap = NULL;
	pack_hold(f->pack, false);
}

static void
give_fresh(struct feed *f)
{
	pack_append(f->pack, f->fresh.p, f->fresh.n);
	f->fresh.n = 0;
	if (!overlap_is_over(f->overlap))
		return;
	if (overlap_seen(f->overlap) == 0)
		note(f, "begins behind what was read before: lines in between "
		    "may be missing", true);
	free_overlap(f);
}

static void
give(struct feed *f, const char *text, size_t n)
{
	if (!f->overlap) {
		pack_append(f->pack, text, n);
		return;
	}
	overlap_take(f->overlap, (struct slice){ text, n }, &f->fresh);
	give_fresh(f);
}

/* --- pipes -------------------------------------------------------------------- */

/* What a command says is news for whoever looks on. */
static void
listen_to_command(struct feed *f)
{
	struct slice line;
	struct err words;

	if (!command_listen(&f->command) || !f->from.heard ||
	    f->noted == NOTES_A_RUN || !command_last_line(&f->command, &line))
		return;
	err_set(&words, "%.*s", SLICE_ARGS(line));
	note(f, words.text, false);
	f->noted++;
}

/* Sleeps until there is something to read; false: stop. */
static bool
wait_for_text(struct feed *f)
{
	while (!stopped(f)) {
		struct pollfd p[3] = {
			{ .fd = f->from.fd, .events = POLLIN },
			{ .fd = f->control[0], .events = POLLIN },
			{ .fd = f->command.err, .events = POLLIN },
		};
		int n = poll(p, 3, f->overlap ? REST_MS : -1);

		if (n < 0 && errno != EINTR)
			return true;
		if (n == 0 && f->overlap) {
			overlap_rest(f->overlap, &f->fresh);
			give_fresh(f);
		}
		if (p[2].revents)
			listen_to_command(f);
		if (p[0].revents)
			return !stopped(f);
	}
	return false;
}

static ssize_t
read_pipe(struct feed *f, void *buf, size_t n, struct err *err)
{
	while (wait_for_text(f)) {
		ssize_t k = read(f->from.fd, buf, n);

		if (k >= 0) {
			f->packed += (uint64_t)k;
			return k;
		}
		if (errno != EINTR && errno != EAGAIN)
			return err_set(err, "%s: %s", f->from.name,
			    strerror(errno));
	}
	return 0;
}

/* The same, with what was read to find out the form. */
static ssize_t
read_again(void *arg, void *buf, size_t n, struct err *err)
{
	struct feed *f = arg;

	if (f->first_used == f->nfirst)
		return read_pipe(f, buf, n, err);
	if (n > f->nfirst - f->first_used)
		n = f->nfirst - f->first_used;
	memcpy(buf, f->first + f->first_used, n);
	f->first_used += n;
	return (ssize_t)n;
}

/* What is no compressed form is text as it is. */
static const struct unpack_form *
form_of_pipe(struct feed *f, struct err *err)
{
	ssize_t k = 1;

	while (k > 0 && f->nfirst < FORM_BYTES) {
		k = read_pipe(f, f->first + f->nfirst, FORM_BYTES - f->nfirst,
		    err);
		if (k > 0)
			f->nfirst += (size_t)k;
	}
	return unpack_recognise((struct slice){ f->first, f->nfirst });
}

static void
feed_text(struct feed *f, struct err *err)
{
	ssize_t k;

	give(f, f->first, f->nfirst);
	while ((k = read_pipe(f, f->buf, FEED_SIZE, err)) > 0)
		give(f, f->buf, (size_t)k);
}

/* --- what is packed ----------------------------------------------------------- */

/* Goes to the file in it that is wanted; false with words. */
static bool
find_member(struct feed *f, struct unpack *u, struct err *err)
{
	const char *wanted = f->from.member, *name;
	int r;

	while ((r = unpack_next(u, &name, err)) > 0) {
		if (!wanted && name) {
			err_set(err, "%s: is an archive: give its name "
			    "instead of a pipe", f->from.name);
			return false;
		}
		if (!wanted || (name && strcmp(name, wanted) == 0))
			return true;
	}
	if (r == 0)
		err_set(err, "%s: is not in its archive", f->from.name);
	return false;
}

static uint64_t
limit(const struct feed *f)
{
	uint64_t n = f->packed > UINT64_MAX / UNPACK_RATIO ? UINT64_MAX :
	    f->packed * UNPACK_RATIO;

	if (f->from.limit)
		return f->from.limit;
	return n > UNPACK_LIMIT ? n : UNPACK_LIMIT;
}

static void
feed_member(struct feed *f, struct unpack *u, struct err *err)
{
	ssize_t k;

	while (!stopped(f) &&
	    (k = unpack_read(u, f->buf, FEED_SIZE, err)) > 0) {
		uint64_t left = limit(f) - f->text;
		bool over = (uint64_t)k > left;

		if (over)
			k = (ssize_t)left;
		f->text += (uint64_t)k;
		give(f, f->buf, (size_t)k);
		if (over) {
			err_set(err, "%s: holds more than %" PRIu64 " bytes: "
			    "the rest is left out (--unpack-limit)",
			    f->from.name, f->text);
			return;
		}
	}
}

static void
feed_unpacked(struct feed *f, const struct unpack_form *form,
    const struct unpack_from *from, struct err *err)
{
	struct unpack *u = unpack_new(form, from, f->from.name, err);

	if (u && find_member(f, u, err))
		feed_member(f, u, err);
	unpack_free(u);
}

/* What comes through a pipe tells its form. */
static void
feed_pipe(struct feed *f, struct err *err)
{
	struct unpack_from from = { .fd = -1, .read = read_again, .arg = f };
	const struct unpack_form *form;

	f->nfirst = f->first_used = 0;
	form = form_of_pipe(f, err);
	if (form)
		feed_unpacked(f, form, &from, err);
	else if (!err->text[0])
		feed_text(f, err);
}

static void
feed_file(struct feed *f, struct err *err)
{
	struct unpack_from from = { .fd = f->from.fd };
	struct stat sb;

	if (fstat(from.fd, &sb) == 0 && sb.st_size > 0)
		f->packed = (uint64_t)sb.st_size;
	feed_unpacked(f, f->from.form, &from, err);
}

/* --- commands ----------------------------------------------------------------- */

static ssize_t
read_past(void *arg, void *buf, size_t n, uint64_t at)
{
	struct feed *f = arg;
	struct err err;

	return pack_read(f->pack, f->past, buf, n, at, &err);
}

/* What came so far is what the next run may give again. */
static void
begin_overlap(struct feed *f)
{
	struct overlap_past past = { .read = read_past, .arg = f,
	    .size = pack_size(f->pack) };

	/* One that could not be started has left the last one as it was. */
	if (past.size == 0 || f->overlap)
		return;
	pack_hold(f->pack, true);
	past.gone = (struct overlap_gap){ PACK_BLOCK, pack_gone(f->pack) };
	if (!f->past)
		f->past = pack_cache_new();
	f->overlap = overlap_new(&past);
}

static void
end_overlap(struct feed *f)
{
	if (!f->overlap)
		return;
	overlap_end(f->overlap, &f->fresh);
	pack_append(f->pack, f->fresh.p, f->fresh.n);
	f->fresh.n = 0;
	free_overlap(f);
}

/* One run of the command.  True when it brought something. */
static bool
run_command(struct feed *f, struct err *err)
{
	uint64_t before = pack_size(f->pack);
	struct err words;
	bool said;

	if (command_start(&f->command, f->from.command, &words) < 0) {
		account_ended(f->from.account, words.text);
		err_set(err, "%.100s: %.400s", f->from.name, words.text);
		return false;
	}
	account_started(f->from.account);
	f->from.fd = f->command.out;
	f->noted = 0;
	feed_pipe(f, err);
	end_overlap(f);
	f->from.fd = -1;
	command_end(&f->command, !stopped(f) && !err->text[0]);
	said = command_words(&f->command, &words);
	account_ended(f->from.account, words.text);
	if (!err->text[0] && !command_was_well(&f->command))
		err_set(err, "%.100s: %.400s", f->from.name, words.text);
	else if (said && !may_run_again(f) && !stopped(f))
		note(f, words.text, false);
	return pack_size(f->pack) > before;
}

/* Sleeps between two runs. */
static void
wait_for_run(struct feed *f, int ms)
{
	struct pollfd p = { .fd = f->control[0], .events = POLLIN };
	int64_t until = clock_now_ms() + ms;

	while (!stopped(f) && (ms = (int)(until - clock_now_ms())) > 0)
		poll(&p, 1, ms);
}

static void
run_again_and_again(struct feed *f, struct err *err)
{
	int pause = PAUSE_MS;
	struct err words;

	/* What the next run gives again is known by the text that was. */
	if (may_run_again(f) || (f->from.again && f->from.heard))
		pack_retain(f->pack, OVERLAP_WINDOW);
	while (!stopped(f)) {
		bool came;

		err->text[0] = '\0';
		came = run_command(f, err);
		if (stopped(f) || !may_run_again(f))
			break;
		pause = came ? PAUSE_MS : pause < PAUSE_MAX_MS / 2 ?
		    pause * 2 : PAUSE_MAX_MS;
		if (err->text[0])
			err_set(&words, "%.400s; starts again in %d s",
			    err->text, pause / 1000);
		else
			err_set(&words, "%.100s: ended; starts again in %d s",
			    f->from.name, pause / 1000);
		account_note(f->from.account, words.text, err->text[0] != '\0');
		pack_wake(f->pack);
		wait_for_run(f, pause);
		begin_overlap(f);
	}
	/* What it said was of no use to somebody who left. */
	if (stopped(f))
		err->text[0] = '\0';
}

/* --- the thread --------------------------------------------------------------- */

static void *
feed_main(void *arg)
{
	struct feed *f = arg;
	struct err err = { "" };

	if (f->from.command)
		run_again_and_again(f, &err);
	else if (f->from.form)
		feed_file(f, &err);
	else
		feed_pipe(f, &err);
	pack_end(f->pack, err.text[0] ? &err : NULL);
	return NULL;
}

static void
feed_free(struct feed *f)
{
	if (f->from.fd >= 0)
		close(f->from.fd);
	for (int i = 0; i < 2; i++)
		if (f->control[i] >= 0)
			close(f->control[i]);
	overlap_free(f->overlap);
	pack_cache_free(f->past);
	buf_free(&f->fresh);
	free(f);
}

struct feed *
feed_start(struct pack *p, const struct feed_from *from, struct err *err)
{
	struct feed *f = mem_alloc(sizeof *f);
	struct err why;
	int e;

	f->pack = p;
	f->from = *from;
	f->control[0] = f->control[1] = -1;
	f->command.out = f->command.err = -1;
	if (from->command)
		f->from.fd = -1;
	e = file_pipe(f->control) < 0 ? errno : 0;
	if (!e)
		e = thread_start(&f->thread, feed_main, f);
	if (!e)
		return f;
	err_set(&why, "%s: cannot be read: %s", from->name, strerror(e));
	pack_end(p, &why);
	feed_free(f);
	*err = why;
	return NULL;
}

void
feed_cancel(struct feed *f)
{
	atomic_store(&f->stop, true);
	if (f->control[1] >= 0)
		close(f->control[1]);
	f->control[1] = -1;
}

void
feed_stop(struct feed *f)
{
	if (!f)
		return;
	feed_cancel(f);
	pack_unbound(f->pack);
	pthread_join(f->thread, NULL);
	feed_free(f);
}
