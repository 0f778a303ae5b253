/*
 * Samples lie at even distances, the first at the beginning, the last at the
 * end of what was read.  What was changed between two of them in a file that
 * has grown since, or whose time was put back, is not noticed.
 */
#include "config.h"

#include "index/keep_log.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "index/keep_sum.h"
#include "input/file.h"

#define SAMPLE      4096u
#define SAMPLES_MIN 4u
#define SAMPLES_MAX 64u
/* One for so much of a log. */
#define SHARE       ((uint64_t)16 << 20)

static bool
add_range(struct keep_sum *s, int fd, char *room, size_t n, uint64_t at)
{
	if (file_read(fd, "", room, n, at, NULL, NULL) != (ssize_t)n)
		return false;
	keep_sum_add(s, room, n);
	return true;
}

static bool
add_samples(struct keep_sum *s, int fd, uint64_t bytes)
{
	uint64_t n = bytes / SHARE, last = bytes - SAMPLE;
	char room[SAMPLE];

	n = n < SAMPLES_MIN ? SAMPLES_MIN : n > SAMPLES_MAX ? SAMPLES_MAX : n;
	for (uint64_t i = 0; i < n; i++)
		/* Of a stream's length, i fits behind it: no overflow. */
		if (!add_range(s, fd, room, SAMPLE, i + 1 == n ? last :
		    last / (n - 1) * i))
			return false;
	return true;
}

static bool
take_sample(uint64_t *sum, int fd, uint64_t bytes)
{
	struct keep_sum s;
	bool all = true;
	char *room;

	keep_sum_init(&s);
	if (bytes > KEEP_LOG_WHOLE) {
		all = add_samples(&s, fd, bytes);
	} else {
		room = mem_alloc((size_t)bytes);
		all = add_range(&s, fd, room, (size_t)bytes, 0);
		free(room);
	}
	*sum = keep_sum_end(&s);
	return all;
}

bool
keep_log_note(struct keep_log *l, int fd)
{
	struct stat sb;

	if (fstat(fd, &sb) < 0 || sb.st_size < 0 ||
	    (uint64_t)sb.st_size < l->bytes)
		return false;
	l->size = (uint64_t)sb.st_size;
	l->written = sb.st_mtim.tv_sec;
	l->written_ns = sb.st_mtim.tv_nsec;
	return take_sample(&l->sample, fd, l->bytes);
}

bool
keep_log_fits(const struct keep_log *l, int fd, bool grows)
{
	struct keep_log now = { .bytes = l->bytes };

	if (!keep_log_note(&now, fd) || now.sample != l->sample)
		return false;
	if (now.size == l->size)
		return now.written == l->written &&
		    now.written_ns == l->written_ns;
	return grows && now.size > l->size;
}
