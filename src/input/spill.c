/*
 * The spill file.  It loses its name as soon as it is made, so that the system
 * takes it away however ehlog ends.
 */
#include "config.h"

#include "input/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

struct spill {
	int fd;
	char *folder;
	pthread_mutex_t lock;
	/* Under the lock. */
	uint64_t end;            /* what is before it is written or given up */
	bool full;               /* nothing more is written */
	bool untold;             /* and that was not said yet */
	int error;
};

struct spill *
spill_new(const char *folder, struct err *err)
{
	struct spill *s = mem_alloc(sizeof *s);
	struct buf path = { 0 };

	buf_addf(&path, "%s/ehlog-XXXXXX", folder);
	s->folder = mem_strdup(folder);
	pthread_mutex_init(&s->lock, NULL);
	s->fd = mkstemp(path.p);
	if (s->fd < 0) {
		err_set(err, "--spill: %s: %s", folder, strerror(errno));
		spill_free(s);
		s = NULL;
	} else {
		fcntl(s->fd, F_SETFD, FD_CLOEXEC);
		unlink(path.p);
	}
	buf_free(&path);
	return s;
}

void
spill_free(struct spill *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	pthread_mutex_destroy(&s->lock);
	free(s->folder);
	free(s);
}

/* All of it, or false with the errno. */
static bool
write_all(int fd, const char *bytes, size_t n, uint64_t at)
{
	while (n > 0) {
		ssize_t k = pwrite(fd, bytes, n, (off_t)at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		bytes += k;
		at += (uint64_t)k;
		n -= (size_t)k;
	}
	return true;
}

bool
spill_put(struct spill *s, const void *bytes, size_t n, uint64_t *at)
{
	bool full;

	pthread_mutex_lock(&s->lock);
	full = s->full;
	*at = s->end;
	s->end += n;
	pthread_mutex_unlock(&s->lock);
	if (full)
		return false;
	if (write_all(s->fd, bytes, n, *at))
		return true;
	pthread_mutex_lock(&s->lock);
	if (!s->full) {
		s->error = errno;
		s->full = s->untold = true;
	}
	pthread_mutex_unlock(&s->lock);
	return false;
}

bool
spill_get(struct spill *s, void *buf, size_t n, uint64_t at)
{
	size_t got = 0;

	while (got < n) {
		ssize_t k = pread(s->fd, (char *)buf + got, n - got,
		    (off_t)(at + got));

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		got += (size_t)k;
	}
	return true;
}

bool
spill_trouble(struct spill *s, struct err *err)
{
	bool untold;

	pthread_mutex_lock(&s->lock);
	untold = s->untold;
	s->untold = false;
	if (untold)
		err_set(err, "--spill: %s: %s; the rest stays in memory",
		    s->folder, strerror(s->error));
	pthread_mutex_unlock(&s->lock);
	return untold;
}
