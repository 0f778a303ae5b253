/*
 * The conveyor: a queue of full batches, a stack of empty ones, a lock that
 * is held for as long as a pointer takes to move.
 */
#include "config.h"

#include "index/conveyor.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

#define BATCHES 12
/*
 * Whoever has to wait waits for several: waking a thread on an idle processor
 * costs about as much as scanning a batch.
 */
#define SEVERAL (BATCHES / 3)

struct conveyor {
	pthread_mutex_t mutex;
	pthread_cond_t filled, emptied;
	struct batch *full[BATCHES];     /* a ring */
	unsigned first, nfull;
	struct batch *empty[BATCHES];    /* a stack: the warmest on top */
	unsigned nempty;
	struct batch *all[BATCHES];
	bool finished, stopped;
};

struct conveyor *
conveyor_new(void)
{
	struct conveyor *c = mem_alloc(sizeof *c);

	pthread_mutex_init(&c->mutex, NULL);
	pthread_cond_init(&c->filled, NULL);
	pthread_cond_init(&c->emptied, NULL);
	for (unsigned i = 0; i < BATCHES; i++)
		c->empty[c->nempty++] = c->all[i] = batch_new();
	return c;
}

void
conveyor_free(struct conveyor *c)
{
	if (!c)
		return;
	for (unsigned i = 0; i < BATCHES; i++)
		batch_free(c->all[i]);
	pthread_cond_destroy(&c->filled);
	pthread_cond_destroy(&c->emptied);
	pthread_mutex_destroy(&c->mutex);
	free(c);
}

struct batch *
conveyor_empty(struct conveyor *c)
{
	struct batch *b = NULL;

	pthread_mutex_lock(&c->mutex);
	if (!c->nempty)
		while (c->nempty < SEVERAL && !c->stopped)
			pthread_cond_wait(&c->emptied, &c->mutex);
	if (!c->stopped)
		b = c->empty[--c->nempty];
	pthread_mutex_unlock(&c->mutex);
	return b;
}

void
conveyor_push(struct conveyor *c, struct batch *b)
{
	pthread_mutex_lock(&c->mutex);
	c->full[(c->first + c->nfull++) % BATCHES] = b;
	if (c->nfull == SEVERAL)
		pthread_cond_signal(&c->filled);
	pthread_mutex_unlock(&c->mutex);
}

void
conveyor_give_back(struct conveyor *c, struct batch *b)
{
	pthread_mutex_lock(&c->mutex);
	c->empty[c->nempty++] = b;
	pthread_mutex_unlock(&c->mutex);
}

void
conveyor_finish(struct conveyor *c)
{
	pthread_mutex_lock(&c->mutex);
	c->finished = true;
	pthread_cond_signal(&c->filled);
	pthread_mutex_unlock(&c->mutex);
}

struct batch *
conveyor_pop(struct conveyor *c)
{
	struct batch *b = NULL;

	pthread_mutex_lock(&c->mutex);
	if (!c->nfull)
		while (c->nfull < SEVERAL && !c->finished)
			pthread_cond_wait(&c->filled, &c->mutex);
	if (c->nfull) {
		b = c->full[c->first];
		c->first = (c->first + 1) % BATCHES;
		c->nfull--;
	}
	pthread_mutex_unlock(&c->mutex);
	return b;
}

void
conveyor_done(struct conveyor *c, struct batch *b)
{
	batch_reset(b);
	pthread_mutex_lock(&c->mutex);
	c->empty[c->nempty++] = b;
	if (c->nempty == SEVERAL)
		pthread_cond_signal(&c->emptied);
	pthread_mutex_unlock(&c->mutex);
}

void
conveyor_stop(struct conveyor *c)
{
	pthread_mutex_lock(&c->mutex);
	c->stopped = true;
	pthread_cond_signal(&c->emptied);
	pthread_mutex_unlock(&c->mutex);
}
