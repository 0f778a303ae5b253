/*
 * Worker threads.  See worker.h.
 */
#include "config.h"

#include "query/worker.h"

#include <signal.h>
#include <unistd.h>

bool
worker_start(pthread_t *thread, void *(*run)(void *arg), void *arg)
{
	static const int crashes[] = {
		SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
	};
	sigset_t blocked, before;
	int failed;

	sigfillset(&blocked);
	for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
		sigdelset(&blocked, crashes[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, &before);
	failed = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed == 0;
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
