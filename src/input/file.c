/*
 * Log files, as bytes with a name.
 */
#include "config.h"

#include "input/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void
id_from_stat(struct file_id *id, const struct stat *sb)
{
	*id = (struct file_id){
		.dev = sb->st_dev, .ino = sb->st_ino,
		.size = sb->st_size > 0 ? (uint64_t)sb->st_size : 0,
		.written = (int64_t)sb->st_mtim.tv_sec * 1000,
	};
}

int
file_open(const char *path, struct file_id *id, struct err *err)
{
	struct stat sb;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (fstat(fd, &sb) < 0 || !S_ISREG(sb.st_mode)) {
		err_set(err, "%s: is no regular file", path);
		close(fd);
		return -1;
	}
	if (id)
		id_from_stat(id, &sb);
	return fd;
}

bool
file_look(const char *path, struct file_id *id)
{
	struct stat sb;

	if (stat(path, &sb) < 0 || !S_ISREG(sb.st_mode))
		return false;
	id_from_stat(id, &sb);
	return true;
}

bool
file_is_other(const char *path)
{
	struct stat sb;

	return stat(path, &sb) == 0 && !S_ISREG(sb.st_mode);
}

bool
file_size(int fd, struct file_id *id)
{
	struct stat sb;

	if (fstat(fd, &sb) < 0)
		return false;
	id_from_stat(id, &sb);
	return true;
}

bool
file_same(const struct file_id *a, const struct file_id *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

ssize_t
file_read(int fd, const char *path, void *buf, size_t n, uint64_t at,
    bool *broken, struct err *err)
{
	size_t got = 0;

	if (broken)
		*broken = false;
	while (got < n) {
		ssize_t k = pread(fd, (char *)buf + got, n - got,
		    (off_t)(at + got));

		if (k < 0 && errno == EINTR)
			continue;
		if (k == 0)
			break;
		if (k < 0) {
			err_set(err, "%s: %s", path, strerror(errno));
			if (broken)
				*broken = true;
			return got ? (ssize_t)got : -1;
		}
		got += (size_t)k;
	}
	return (ssize_t)got;
}

void
file_take_sample(int fd, struct file_sample *s)
{
	ssize_t n = file_read(fd, "", s->bytes, sizeof s->bytes, 0, NULL, NULL);

	s->n = n > 0 ? (size_t)n : 0;
}

void
file_more_sample(int fd, struct file_sample *s)
{
	size_t n = atomic_load_explicit(&s->n, memory_order_relaxed);
	struct file_sample now;

	if (n == sizeof s->bytes)
		return;
	file_take_sample(fd, &now);
	if (now.n <= n || memcmp(now.bytes, s->bytes, n) != 0)
		return;
	memcpy(s->bytes + n, now.bytes + n, now.n - n);
	atomic_store_explicit(&s->n, now.n, memory_order_release);
}

bool
file_has_sample(int fd, const struct file_sample *s)
{
	size_t n = atomic_load_explicit(&s->n, memory_order_acquire);
	struct file_sample now;

	file_take_sample(fd, &now);
	return now.n >= n && memcmp(now.bytes, s->bytes, n) == 0;
}

int
file_pipe(int fd[2])
{
#ifdef HAVE_PIPE2
	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
#else
	if (pipe(fd) < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		fcntl(fd[i], F_SETFD, FD_CLOEXEC);
#endif
	for (int i = 0; i < 2; i++) {
		int low = fd[i];

		if (low > STDERR_FILENO)
			continue;
		fd[i] = fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		close(low);
		if (fd[i] < 0) {
			close(fd[1 - i]);
			return -1;
		}
	}
	return 0;
}

void
file_raise_limit(void)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == 0 && rl.rlim_cur < rl.rlim_max) {
		rl.rlim_cur = rl.rlim_max;
		setrlimit(RLIMIT_NOFILE, &rl);
	}
}
