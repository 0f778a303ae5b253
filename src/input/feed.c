/*
 * Feeds.  A feed never waits for whoever reads its pack: all of the text is
 * kept in any case.
 */
#include "config.h"

#include "input/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"

#define FEED_SIZE 65536
/* So many bytes of a pipe tell whether it is compressed; a line has more. */
#define FORM_BYTES 10

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
};

static bool
stopped(const struct feed *f)
{
	return atomic_load_explicit(&f->stop, memory_order_relaxed);
}

/* --- pipes -------------------------------------------------------------------- */

/* Sleeps until there is something to read; false: stop. */
static bool
wait_for_text(struct feed *f)
{
	struct pollfd p[2] = {
		{ .fd = f->from.fd, .events = POLLIN },
		{ .fd = f->control[0], .events = POLLIN },
	};

	while (!stopped(f)) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return true;
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

	pack_append(f->pack, f->first, f->nfirst);
	while ((k = read_pipe(f, f->buf, FEED_SIZE, err)) > 0)
		pack_append(f->pack, f->buf, (size_t)k);
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
		pack_append(f->pack, f->buf, (size_t)k);
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

/* --- the thread --------------------------------------------------------------- */

static void *
feed_main(void *arg)
{
	struct feed *f = arg;
	struct unpack_from from = { .fd = f->from.fd, .read = read_again,
	    .arg = f };
	const struct unpack_form *form = f->from.form;
	struct err err = { "" };
	struct stat sb;

	if (form) {
		if (fstat(from.fd, &sb) == 0 && sb.st_size > 0)
			f->packed = (uint64_t)sb.st_size;
		feed_unpacked(f, form, &from, &err);
	} else if ((form = form_of_pipe(f, &err))) {
		from.fd = -1;
		feed_unpacked(f, form, &from, &err);
	} else if (!err.text[0]) {
		feed_text(f, &err);
	}
	pack_end(f->pack, err.text[0] ? &err : NULL);
	return NULL;
}

static void
feed_free(struct feed *f)
{
	close(f->from.fd);
	for (int i = 0; i < 2; i++)
		if (f->control[i] >= 0)
			close(f->control[i]);
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
	e = pipe(f->control) < 0 ? errno : 0;
	for (int i = 0; !e && i < 2; i++)
		fcntl(f->control[i], F_SETFD, FD_CLOEXEC);
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
feed_stop(struct feed *f)
{
	if (!f)
		return;
	atomic_store(&f->stop, true);
	close(f->control[1]);
	f->control[1] = -1;
	pthread_join(f->thread, NULL);
	feed_free(f);
}
