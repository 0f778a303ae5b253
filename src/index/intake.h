/*
 * An intake: batches are filled one after another, scanned side by side and
 * taken in the order they were filled.
 *
 * Two threads share the work.  The one that runs the intake takes; when there
 * is nothing to take it fills and scans as the other one does all the time.  So
 * both are busy however the work divides, and most of what is taken lies in the
 * cache of the one who takes it.  It knows nothing of logs.
 */
#ifndef EHLOG_INDEX_INTAKE_H
#define EHLOG_INDEX_INTAKE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "index/batch.h"

enum intake_fill {
	INTAKE_FILLED,           /* there is something in the batch */
	INTAKE_NOTHING,          /* there is not; there may be next time */
	INTAKE_WAIT,             /* cannot go on before all is scanned */
	INTAKE_END,              /* no more will come */
};

struct intake_work {
	/*
	 * By one thread at a time, in turn: fills an empty batch.  `all_scanned`
	 * tells that no batch is being scanned or waits for it.
	 */
	enum intake_fill (*fill)(void *arg, struct batch *b, bool all_scanned);
	/* By any thread. */
	void (*scan)(void *arg, struct batch *b);
	/* By the thread in intake_run(), in the order of filling. */
	void (*take)(void *arg, struct batch *b);
	void *arg;
	const _Atomic bool *stop;        /* leave off as soon as it is set */
};

/*
 * Runs until the end, or until it shall stop.  Where no second thread can be
 * started, one does it all.
 */
void intake_run(const struct intake_work *work);

#endif
