/*
 * The intake: a ring of batches in order, two stacks of empty ones, a lock
 * that is held for as long as a pointer takes to move.
 *
 * Each of the two threads has batches of its own, so that text which it scanned
 * is written over where it lies already: in its own cache.
 */
#include "config.h"

#include "index/intake.h"

#include <pthread.h>

enum hand { TAKER, HELPER, HANDS };

/*
 * The helper has enough to be ahead while the taker scans one, the taker as
 * many as one waits behind those of the helper.
 */
static const unsigned batches[HANDS] = { 4, 8 };
#define BATCHES 12
/*
 * Who waits for an empty batch waits for several: to wake a thread on an idle
 * processor costs about as much as to scan a batch.
 */
#define SEVERAL 4

struct place {
	struct batch *batch;
	enum hand hand;          /* whose it is */
	bool scanned;
};

struct intake {
	const struct intake_work *work;
	pthread_mutex_t mutex;
	pthread_cond_t wake[HANDS];
	bool asleep[HANDS];
	struct place ring[BATCHES];
	unsigned first, used;            /* of the ring */
	unsigned unscanned;              /* of those */
	struct batch *empty[HANDS][BATCHES];     /* the warmest on top */
	unsigned nempty[HANDS];
	bool filling;                    /* somebody is */
	bool waiting;                    /* to fill until all is scanned */
	bool over;
};

static bool
stopped(const struct intake *in)
{
	return atomic_load_explicit(in->work->stop, memory_order_relaxed);
}

/* --- with the lock ---------------------------------------------------------- */

static void
wake(struct intake *in, enum hand hand)
{
	if (in->asleep[hand])
		pthread_cond_signal(&in->wake[hand]);
}

static void
sleep_on(struct intake *in, enum hand hand)
{
	in->asleep[hand] = true;
	pthread_cond_wait(&in->wake[hand], &in->mutex);
	in->asleep[hand] = false;
}

static bool
may_fill(const struct intake *in, enum hand hand)
{
	return !in->over && !in->filling && in->nempty[hand] &&
	    !(in->waiting && in->unscanned);
}

static bool
may_take(const struct intake *in)
{
	return in->used && in->ring[in->first].scanned;
}

/* Fills a batch: its place in the ring, or NULL when there is nothing in it. */
static struct place *
fill(struct intake *in, enum hand hand)
{
	struct batch *b = in->empty[hand][--in->nempty[hand]];
	bool all_scanned = in->unscanned == 0;
	struct place *place = NULL;
	enum intake_fill result;

	in->filling = true;
	pthread_mutex_unlock(&in->mutex);
	result = in->work->fill(in->work->arg, b, all_scanned);
	pthread_mutex_lock(&in->mutex);
	in->filling = false;
	in->waiting = result == INTAKE_WAIT;
	in->over = in->over || result == INTAKE_END;
	if (result == INTAKE_FILLED) {
		place = &in->ring[(in->first + in->used++) % BATCHES];
		*place = (struct place){ .batch = b, .hand = hand };
		in->unscanned++;
	} else {
		in->empty[hand][in->nempty[hand]++] = b;
	}
	wake(in, hand == TAKER ? HELPER : TAKER);
	return place;
}

static void
fill_and_scan(struct intake *in, enum hand hand)
{
	struct place *place = fill(in, hand);
	struct batch *b;

	if (!place)
		return;
	/* The ring is as long as there are batches: the place stays. */
	b = place->batch;
	pthread_mutex_unlock(&in->mutex);
	in->work->scan(in->work->arg, b);
	pthread_mutex_lock(&in->mutex);
	place->scanned = true;
	in->unscanned--;
	if (in->waiting && !in->unscanned)
		wake(in, HELPER);
	if (place == &in->ring[in->first] || in->waiting)
		wake(in, TAKER);
}

static void
take(struct intake *in)
{
	struct place place = in->ring[in->first];

	in->first = (in->first + 1) % BATCHES;
	in->used--;
	pthread_mutex_unlock(&in->mutex);
	in->work->take(in->work->arg, place.batch);
	batch_reset(place.batch);
	pthread_mutex_lock(&in->mutex);
	in->empty[place.hand][in->nempty[place.hand]++] = place.batch;
	if (place.hand == HELPER && in->nempty[place.hand] >= SEVERAL)
		wake(in, HELPER);
}

/* --- the two threads -------------------------------------------------------- */

static void *
helper_main(void *arg)
{
	struct intake *in = arg;

	pthread_mutex_lock(&in->mutex);
	while (!in->over && !stopped(in)) {
		if (may_fill(in, HELPER))
			fill_and_scan(in, HELPER);
		else
			sleep_on(in, HELPER);
	}
	pthread_mutex_unlock(&in->mutex);
	return NULL;
}

static void
take_all(struct intake *in)
{
	pthread_mutex_lock(&in->mutex);
	while (!stopped(in) && (in->used || in->filling || !in->over)) {
		if (may_take(in))
			take(in);
		else if (may_fill(in, TAKER))
			fill_and_scan(in, TAKER);
		else
			sleep_on(in, TAKER);
	}
	in->over = true;
	wake(in, HELPER);
	pthread_mutex_unlock(&in->mutex);
}

void
intake_run(const struct intake_work *work)
{
	struct intake in = { .work = work };
	pthread_t helper;
	bool helped;

	pthread_mutex_init(&in.mutex, NULL);
	for (int hand = 0; hand < HANDS; hand++) {
		pthread_cond_init(&in.wake[hand], NULL);
		while (in.nempty[hand] < batches[hand])
			in.empty[hand][in.nempty[hand]++] = batch_new();
	}
	helped = pthread_create(&helper, NULL, helper_main, &in) == 0;
	take_all(&in);
	if (helped)
		pthread_join(helper, NULL);
	/* When it was stopped there are some that nobody took. */
	for (; in.used; in.used--, in.first = (in.first + 1) % BATCHES)
		batch_free(in.ring[in.first].batch);
	for (int hand = 0; hand < HANDS; hand++) {
		while (in.nempty[hand])
			batch_free(in.empty[hand][--in.nempty[hand]]);
		pthread_cond_destroy(&in.wake[hand]);
	}
	pthread_mutex_destroy(&in.mutex);
}
