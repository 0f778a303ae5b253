/*
 * The thread of a selection.  See selection_work.h.
 *
 * A turn looks again at the sessions that were open, and then at new ones.
 * What it finds is posted when the mailbox is empty: often enough to be seen
 * growing, seldom enough to be cheap to merge.
 */
#include "config.h"

#include "query/selection_work.h"

#include <stdlib.h>

#include "base/clock.h"
#include "query/worker.h"

/* Between two batches while there is more to do. */
#define POST_MS 30
#define POST_SORTED_MS 250
/* Work that takes no longer shows no progress. */
#define QUIET_MS 50
/* Between two wakes for the sake of progress alone. */
#define WAKE_MS 100

struct work {
	struct filter *filter;
	int wake_fd;
	bool threaded;
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t news;     /* for the thread: poked, cancelled, taken */
	pthread_cond_t done;     /* for the owner: posted, or current */
	/* Under the lock. */
	bool has_mail;
	struct scan_batch mail;
	uint64_t asked, answered;

	atomic_bool cancel;      /* set by the owner, read by the thread */
	atomic_bool over;        /* set by the thread as its last act */
	atomic_bool woken;       /* a wake byte is on its way to the owner */
	atomic_int progress;
	_Atomic uint64_t limits;

	/* The thread's own, but for its texts once they are published. */
	struct scan scan;
	uint64_t seen;           /* `asked` that this turn answers */
	int64_t began, posted, waked;
};

/* --- the mailbox ---------------------------------------------------------- */

static bool
is_cancelled(const struct work *w)
{
	return atomic_load_explicit(&w->cancel, memory_order_relaxed);
}

static void
wake_owner(struct work *w)
{
	if (w->wake_fd >= 0 && !atomic_exchange(&w->woken, true))
		worker_wake(w->wake_fd);
}

/* Puts what is pending into the mailbox, if that is empty. */
static bool
post(struct work *w)
{
	bool empty;

	pthread_mutex_lock(&w->lock);
	empty = !w->has_mail;
	pthread_mutex_unlock(&w->lock);
	if (!empty || !scan_has_pending(&w->scan))
		return empty;
	scan_sort(&w->scan);
	pthread_mutex_lock(&w->lock);
	w->mail = w->scan.pending;
	w->has_mail = true;
	pthread_cond_signal(&w->done);
	pthread_mutex_unlock(&w->lock);
	w->scan.pending = (struct scan_batch){ 0 };
	w->posted = clock_now_ms();
	wake_owner(w);
	return true;
}

/* --- a turn --------------------------------------------------------------- */

static void
show_progress(struct work *w, int64_t now)
{
	uint64_t all = store_sessions(w->scan.store);
	int p = atomic_load_explicit(&w->progress, memory_order_relaxed);

	if (p < 0 && now - w->began < QUIET_MS)
		return;
	p = all ? (int)((uint64_t)(w->scan.next - 1) * 1000 / all) : 0;
	atomic_store_explicit(&w->progress, p, memory_order_relaxed);
	atomic_store_explicit(&w->limits, scan_limits(&w->scan),
	    memory_order_relaxed);
	if (now - w->waked >= WAKE_MS) {
		w->waked = now;
		wake_owner(w);
	}
}

/* False when all is done that can be; else there is more to do at once. */
static bool
turn(struct work *w)
{
	int64_t every = w->scan.sort == COLUMN_NUMBER ? POST_MS :
	    POST_SORTED_MS;

	w->posted = clock_now_ms();
	if (!scan_has_pending(&w->scan)) {
		pthread_mutex_lock(&w->lock);
		w->seen = w->asked;
		pthread_mutex_unlock(&w->lock);
		scan_watched(&w->scan);
	}
	while (!is_cancelled(w) && scan_new(&w->scan)) {
		int64_t now = clock_now_ms();

		show_progress(w, now);
		if (now - w->posted >= every && post(w))
			return true;
	}
	atomic_store_explicit(&w->limits, scan_limits(&w->scan),
	    memory_order_relaxed);
	post(w);
	return false;
}

/* Sleeps until there is something to do; false when cancelled. */
static bool
rest(struct work *w)
{
	bool pending = scan_has_pending(&w->scan);

	if (!pending)
		atomic_store(&w->progress, -1);
	pthread_mutex_lock(&w->lock);
	if (!pending) {
		w->answered = w->seen;
		pthread_cond_signal(&w->done);
	}
	pthread_mutex_unlock(&w->lock);
	/* That nothing more comes is news too: an empty list is empty now. */
	if (!pending)
		wake_owner(w);
	pthread_mutex_lock(&w->lock);
	while (!is_cancelled(w) && (pending ? w->has_mail :
	    w->asked == w->seen))
		pthread_cond_wait(&w->news, &w->lock);
	pthread_mutex_unlock(&w->lock);
	w->began = clock_now_ms();
	return !is_cancelled(w);
}

static void *
work_main(void *arg)
{
	struct work *w = arg;

	do {
		while (turn(w))
			;
	} while (rest(w));
	atomic_store(&w->over, true);
	return NULL;
}

/* --- the owner's side ----------------------------------------------------- */

struct work *
work_start(const struct store *st, struct filter *f, enum column_id sort,
    struct scan_among among, struct order_list room, int wake_fd)
{
	struct work *w = mem_alloc(sizeof *w);

	w->filter = f;
	w->wake_fd = wake_fd;
	w->asked = 1;
	w->began = clock_now_ms();
	pthread_mutex_init(&w->lock, NULL);
	worker_cond_init(&w->news);
	worker_cond_init(&w->done);
	scan_init(&w->scan, st, f, sort, among, room, &w->cancel);
	w->threaded = worker_start(&w->thread, work_main, w);
	work_nudge(w);
	return w;
}

void
work_cancel(struct work *w)
{
	pthread_mutex_lock(&w->lock);
	atomic_store(&w->cancel, true);
	pthread_cond_signal(&w->news);
	pthread_mutex_unlock(&w->lock);
}

bool
work_is_over(const struct work *w)
{
	return !w->threaded || atomic_load(&w->over);
}

void
work_free(struct work *w)
{
	if (!w)
		return;
	work_cancel(w);
	if (w->threaded)
		pthread_join(w->thread, NULL);
	order_free(&w->mail.gone);
	order_free(&w->mail.come);
	scan_free(&w->scan);
	filter_free(w->filter);
	pthread_cond_destroy(&w->news);
	pthread_cond_destroy(&w->done);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

/* Where no thread could be had. */
static void
turn_alone(struct work *w)
{
	while (turn(w))
		;
	atomic_store(&w->progress, -1);
	if (!scan_has_pending(&w->scan))
		w->answered = w->seen;
}

void
work_nudge(struct work *w)
{
	if (w->threaded)
		return;
	turn_alone(w);
}

void
work_poke(struct work *w)
{
	pthread_mutex_lock(&w->lock);
	w->asked++;
	pthread_cond_signal(&w->news);
	pthread_mutex_unlock(&w->lock);
	work_nudge(w);
}

bool
work_take(struct work *w, struct scan_batch *b)
{
	bool has;

	atomic_store(&w->woken, false);
	pthread_mutex_lock(&w->lock);
	has = w->has_mail;
	if (has) {
		*b = w->mail;
		w->mail = (struct scan_batch){ 0 };
		w->has_mail = false;
		pthread_cond_signal(&w->news);
	}
	pthread_mutex_unlock(&w->lock);
	return has;
}

void
work_wait(struct work *w, int64_t ms)
{
	struct timespec until = worker_time(ms < 0 ? 0 : ms);
	int rc = 0;

	if (!w->threaded)
		return;
	pthread_mutex_lock(&w->lock);
	while (rc == 0 && !w->has_mail && w->answered != w->asked)
		rc = ms < 0 ? pthread_cond_wait(&w->done, &w->lock) :
		    pthread_cond_timedwait(&w->done, &w->lock, &until);
	pthread_mutex_unlock(&w->lock);
}

bool
work_is_current(struct work *w)
{
	bool current;

	pthread_mutex_lock(&w->lock);
	current = w->answered == w->asked && !w->has_mail;
	pthread_mutex_unlock(&w->lock);
	return current;
}

int
work_progress(const struct work *w)
{
	return atomic_load_explicit(&w->progress, memory_order_relaxed);
}

uint64_t
work_limits(const struct work *w)
{
	return atomic_load_explicit(&w->limits, memory_order_relaxed);
}

const struct scan *
work_scan(const struct work *w)
{
	return &w->scan;
}
