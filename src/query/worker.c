/*
 * Worker threads.  See worker.h.
 */
#include "config.h"

#include "query/worker.h"

#include <unistd.h>

#include "base/thread.h"

bool
worker_start(pthread_t *thread, void *(*run)(void *arg), void *arg)
{
	return thread_start(thread, run, arg) == 0;
}

void
worker_both(void *(*run)(void *arg), void *here, void *there)
{
	pthread_t thread;
	bool started = worker_start(&thread, run, there);

	run(here);
	if (started)
		pthread_join(thread, NULL);
	else
		run(there);
}

void
worker_cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attr);
	pthread_condattr_destroy(&attr);
}

struct timespec
worker_time(int64_t ms)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += (long)(ms % 1000 * 1000000);
	t.tv_sec += (time_t)(ms / 1000 + t.tv_nsec / 1000000000);
	t.tv_nsec %= 1000000000;
	return t;
}

void
worker_wake(int fd)
{
	if (fd >= 0 && write(fd, "", 1) < 0) {
		/* the pipe is full, or nobody reads it any more */
	}
}
