/*
 * Starting a thread that does the work of a query.  Signals belong to the main
 * thread, so a worker blocks them, but for those of a crash, which must find
 * the handler that restores the terminal.
 */
#ifndef EHLOG_QUERY_WORKER_H
#define EHLOG_QUERY_WORKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* False when no thread can be had. */
bool worker_start(pthread_t *thread, void *(*run)(void *arg), void *arg);

/*
 * Does run(here) in this thread and run(there) in another one, and returns when
 * both are done.  Where no thread can be had this one does both.
 */
void worker_both(void *(*run)(void *arg), void *here, void *there);

/* A condition whose waits end at times of the monotonic clock. */
void worker_cond_init(pthread_cond_t *cond);
/* That time, `ms` from now. */
struct timespec worker_time(int64_t ms);

/* One byte into a pipe; a full one wakes its reader just as well. */
void worker_wake(int fd);

#endif
