/*
 * Threads beside the main one.  Signals belong to the main thread, but for
 * those of a crash: they must find the handler that restores the terminal.
 */
#ifndef EHLOG_BASE_THREAD_H
#define EHLOG_BASE_THREAD_H

#include <pthread.h>

/* 0, or what pthread_create() says. */
int thread_start(pthread_t *thread, void *(*run)(void *arg), void *arg);

#endif
