/*
 * The indexer: one thread that takes in all streams one after another and then
 * goes round those that are followed.  While there is much to read, a second
 * thread shares the reading and scanning (index/intake.h).
 *
 * What it read becomes visible in publications, one each few milliseconds, so
 * that the cost of publishing does not depend on how small the reads are.
 */
#include "config.h"

#include "index/indexer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "index/indexing.h"
#include "index/intake.h"
#include "input/wake.h"

#define TROUBLES_MAX 1000

void
indexer_tell(struct indexer *ix, const struct err *err)
{
	pthread_mutex_lock(&ix->mutex);
	if (ix->troubles < TROUBLES_MAX) {
		mem_reserve(&ix->trouble, &ix->troubles_cap,
		    ix->troubles + 1, sizeof *ix->trouble);
		ix->trouble[ix->troubles++] = *err;
	}
	pthread_mutex_unlock(&ix->mutex);
}

bool
indexer_trouble(struct indexer *ix, uint32_t *seen, struct err *out)
{
	bool news;

	pthread_mutex_lock(&ix->mutex);
	news = *seen < ix->troubles;
	if (news)
		*out = ix->trouble[(*seen)++];
	pthread_mutex_unlock(&ix->mutex);
	return news;
}

bool
indexer_note(struct indexer *ix, struct err *out)
{
	return sources_note(ix->plan.pipes, out);
}

/* --- making ---------------------------------------------------------------- */

void
indexer_add_tail(struct indexer *ix)
{
	mem_reserve(&ix->tails, &ix->tails_cap, ix->ntails + 1,
	    sizeof *ix->tails);
	ix->tails[ix->ntails] = (struct tail){
		.planned = ix->ntails, .store = ix->store,
		.totals = &ix->totals, .mutex = &ix->tail_mutex,
		.keep = ix->keep,
	};
	ix->ntails++;
}

/* Each planned stream gets a tail, those planned later too. */
void
indexer_add_tails(struct indexer *ix)
{
	while (ix->ntails < ix->plan.n)
		indexer_add_tail(ix);
}

/* How much there is to read, as far as that is known before it is read. */
static void
add_sizes(struct progress *totals, const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->stream[i].n; k++) {
			const struct planned_file *f = &p->stream[i].file[k];

			if (f->packed || f->pipe)
				totals->unsized = true;
			else
				totals->bytes_total += f->size;
		}
}

/* Of the last files of all streams the one that begins last. */
static void
find_newest(struct indexer *ix)
{
	const struct plan *p = &ix->plan;
	const struct planned_file *newest = NULL;
	int64_t last = CLOCK_NONE;

	for (size_t i = 0; i < p->n; i++) {
		const struct planned_stream *ps = &p->stream[i];
		size_t n = planned_firsts(ps);
		const struct planned_file *f = n ? &ps->file[n - 1] : NULL;
		struct source_clock clock = planned_clock(ps);
		int64_t began;

		if (!f || !ps->format || f->packed || f->pipe)
			continue;
		began = source_clock_correct(&clock, f->began);
		if (newest && began < last)
			continue;
		newest = f;
		last = began;
		ix->newest_label = ps->label;
	}
	ix->newest = newest ? mem_strdup(newest->path) : NULL;
}

const char *
indexer_newest(struct indexer *ix, struct source_label *label)
{
	indexer_wait_planned(ix);
	if (label)
		*label = ix->newest_label;
	return ix->newest;
}

static void
read_only_end(struct indexer *ix, uint64_t bytes)
{
	struct tail *t = &ix->tails[0];
	struct file_id id;

	if (ix->ntails && file_look(ix->plan.stream[0].file[0].path, &id) &&
	    id.size > bytes)
		t->begin_at = id.size - bytes;
}

void
indexer_set_up(struct indexer *ix)
{
	indexer_add_tails(ix);
	find_newest(ix);
	ix->totals.bytes_total = 0;
	ix->totals.unsized = false;
	add_sizes(&ix->totals, &ix->plan);
	ix->totals.following = indexer_flag(&ix->follow);
}

struct indexer *
indexer_new(struct store *st, char *const paths[], int npaths,
    const struct indexer_options *opt,
    void (*complain)(void *arg, const char *words), void *arg,
    struct err *err)
{
	struct indexer *ix = mem_alloc(sizeof *ix);

	file_raise_limit();
	ix->store = st;
	ix->paths = paths;
	ix->npaths = npaths;
	ix->format = opt->format;
	ix->keep = opt->keep;
	ix->plan.formats = opt->formats;
	ix->plan.stop = &ix->stop;
	ix->wake_fd = opt->wake_fd;
	ix->on_publish = opt->published;
	ix->on_publish_arg = opt->arg;
	ix->control[0] = ix->control[1] = -1;
	pthread_mutex_init(&ix->mutex, NULL);
	pthread_cond_init(&ix->planned_now, NULL);
	pthread_mutex_init(&ix->tail_mutex, NULL);
	atomic_store(&ix->follow, opt->follow);
	ix->plan.choice = opt->choice;
	ix->plan.nchoices = opt->nchoices;
	ix->plan.pipes = opt->sources;
	ix->plan.labels = opt->labels;
	sources_follow(opt->sources, opt->follow);
	ix->batch = batch_new();
	if (indexer_begin_early(ix, opt, complain, arg))
		return ix;
	plan_paths(&ix->plan, paths, npaths, opt->format, opt->follow,
	    complain, arg, err);
	if (ix->plan.n == 0 && !(opt->follow && ix->plan.seen.nfolders)) {
		indexer_free(ix);
		return NULL;
	}
	indexer_set_up(ix);
	if (opt->last_bytes)
		read_only_end(ix, opt->last_bytes);
	store_publish_progress(st, &ix->totals);
	indexer_say_planned(ix);
	return ix;
}

/* Has the thread look at what was set. */
static void
call(struct indexer *ix)
{
	if (ix->started && write(ix->control[1], "", 1) < 0) {
		/* a full pipe wakes it just as well */
	}
}

void
indexer_stop(struct indexer *ix)
{
	atomic_store(&ix->stop, true);
	call(ix);
	if (ix->started)
		pthread_join(ix->thread, NULL);
	ix->started = false;
}

void
indexer_free(struct indexer *ix)
{
	if (!ix)
		return;
	indexer_stop(ix);
	indexer_keep_at_end(ix);
	for (size_t i = 0; i < ix->ntails; i++)
		if (indexer_pipe(ix, &ix->tails[i]))
			pack_unlisten(indexer_pipe(ix, &ix->tails[i])->pack,
			    ix->control[1]);
	for (int i = 0; i < 2; i++)
		if (ix->control[i] >= 0)
			close(ix->control[i]);
	for (size_t i = 0; i < ix->ntails; i++)
		tail_free(&ix->tails[i]);
	free(ix->tails);
	free(ix->newest);
	beginning_free(ix->beginning);
	plan_free(&ix->plan);
	watch_free(ix->watch);
	batch_free(ix->batch);
	free(ix->trouble);
	pthread_mutex_destroy(&ix->tail_mutex);
	pthread_cond_destroy(&ix->planned_now);
	pthread_mutex_destroy(&ix->mutex);
	free(ix);
}

size_t
indexer_streams(const struct indexer *ix)
{
	return ix->plan.n;
}

/* --- publishing ------------------------------------------------------------ */

static void
wake(struct indexer *ix)
{
	if (ix->wake_fd < 0 || atomic_exchange(&ix->wake_sent, true))
		return;
	if (write(ix->wake_fd, "", 1) < 0) {
		/* a full pipe wakes it just as well */
	}
}

void
indexer_woken(struct indexer *ix)
{
	atomic_store(&ix->wake_sent, false);
}

void
indexer_publish(struct indexer *ix, struct tail *t)
{
	struct err err;

	if (t && t->as) {
		assembler_publish(t->as);
		atomic_store_explicit(&t->stream->bytes, t->taken,
		    memory_order_release);
	}
	if (sources_trouble(ix->plan.pipes, &err))
		indexer_tell(ix, &err);
	ix->totals.changes++;
	if (ix->totals.bytes_total < ix->totals.bytes)
		ix->totals.bytes_total = ix->totals.bytes;
	ix->totals.streams = (uint32_t)table_count(&ix->store->streams);
	ix->totals.sources = (uint32_t)ix->plan.sources;
	ix->published = clock_now_ms();
	if (!ix->totals.done)
		ix->totals.elapsed_ms = ix->published - ix->began;
	store_publish_progress(ix->store, &ix->totals);
	wake(ix);
	if (ix->patient && ix->on_publish &&
	    !ix->on_publish(ix->on_publish_arg))
		atomic_store(&ix->stop, true);
}

/* Takes in a scanned batch; what it changed is not published yet. */
struct tail *
indexer_take(struct indexer *ix, struct batch *b)
{
	struct tail *t = &ix->tails[b->tail];

	if (b->kept)
		indexer_take_kept(ix, t);
	if (batch_is_filled(b)) {
		tail_settle(t, b);
		assembler_take(t->as, b);
	}
	ix->totals.bytes += b->end - t->taken;
	t->taken = b->end;
	if (b->keeps) {
		indexer_publish(ix, t);
		indexer_keep(ix, t);
	}
	return t;
}

/* --- the first full read ---------------------------------------------------- */

/* The next batch, of one stream after another. */
static enum intake_fill
fill_next(void *arg, struct batch *b, bool all_scanned)
{
	struct indexer *ix = arg;
	struct tail *t = &ix->tails[ix->reading];
	bool following = indexer_flag(&ix->follow);
	struct err err = { "" };
	enum tail_result r;

	/* What was filled is taken in; read_all() goes on with the rest. */
	if (ix->reading == ix->ntails || indexer_flag(&ix->pause))
		return INTAKE_END;
	if (tail_needs_count(t) && !all_scanned)
		return INTAKE_WAIT;
	r = tail_read(t, &ix->plan, b, following, ix->format, &err);
	if (r == TAIL_TROUBLE)
		indexer_tell(ix, &err);
	/* A compressed file goes on at once, a pipe when it likes. */
	if (r == TAIL_WAIT && indexer_pipe(ix, t) && !ix->patient)
		ix->reading++;
	else if (r == TAIL_WAIT)
		tail_wait(t);
	if (r == TAIL_END || (r == TAIL_TROUBLE && (t->dead ||
	    t->next >= planned_firsts(&ix->plan.stream[t->planned]) ||
	    following)))
		ix->reading++;
	/* A batch without lines may still say how far it is. */
	return batch_is_filled(b) || r == TAIL_MORE ? INTAKE_FILLED :
	    INTAKE_NOTHING;
}

static void
scan_batch(void *arg, struct batch *b)
{
	struct indexer *ix = arg;

	if (batch_is_filled(b))
		tail_scan(&ix->tails[b->tail], b);
}

static void
take_next(void *arg, struct batch *b)
{
	struct indexer *ix = arg;

	/* A stream that is over is published before the next. */
	if (ix->taken && ix->taken != &ix->tails[b->tail])
		indexer_publish(ix, ix->taken);
	ix->taken = indexer_take(ix, b);
	/* That a file was opened is no news: the first lines would have to wait. */
	if (ix->totals.bytes && clock_now_ms() - ix->published >= PUBLISH_MS)
		indexer_publish(ix, ix->taken);
}

/* Whether something may come that is not a pipe's. */
static bool
follows_files(const struct indexer *ix)
{
	if (!indexer_flag(&ix->follow))
		return false;
	for (size_t i = 0; i < ix->ntails; i++)
		if (!indexer_pipe(ix, &ix->tails[i]))
			return true;
	return ix->plan.seen.nfolders > 0;
}

void
indexer_say_done(struct indexer *ix)
{
	if (ix->totals.pipes == 0) {
		ix->totals.elapsed_ms = clock_now_ms() - ix->began;
		ix->totals.done = true;
		ix->totals.over = !follows_files(ix);
	}
	indexer_publish(ix, NULL);
}

static void
read_all(struct indexer *ix)
{
	const struct intake_work work = {
		.fill = fill_next, .scan = scan_batch, .take = take_next,
		.arg = ix, .stop = &ix->stop,
	};

	do {
		indexer_hold(ix);
		intake_run(&work);
		indexer_publish(ix, ix->taken);
	} while (ix->reading < ix->ntails && !indexer_flag(&ix->stop));
	if (indexer_flag(&ix->stop))
		return;
	for (size_t i = 0; i < ix->ntails; i++)
		ix->totals.pipes += indexer_pipe_is_open(ix, &ix->tails[i]);
	indexer_say_done(ix);
}

/* --- the thread ------------------------------------------------------------ */

static void *
indexer_main(void *arg)
{
	struct indexer *ix = arg;

	if (ix->beginning && !indexer_make_plan(ix))
		return NULL;
	read_all(ix);
	indexer_go_round(ix);
	return NULL;
}

static void
begin(struct indexer *ix)
{
	if (ix->beginning)
		return;
	ix->began = clock_now_ms();
	/* The first publication comes with the first lines. */
	ix->published = ix->began - PUBLISH_MS;
}

int
indexer_start(struct indexer *ix, struct err *err)
{
	int e;

	if (wake_pipe(ix->control, err) < 0)
		return -1;
	for (size_t i = 0; i < ix->ntails; i++)
		if (indexer_pipe(ix, &ix->tails[i]))
			pack_listen(indexer_pipe(ix, &ix->tails[i])->pack,
			    ix->control[1]);
	begin(ix);
	e = thread_start(&ix->thread, indexer_main, ix);
	if (e)
		return err_set(err, "cannot start a thread: %s", strerror(e));
	ix->started = true;
	return 0;
}

void
indexer_run(struct indexer *ix)
{
	begin(ix);
	ix->patient = true;
	read_all(ix);
}

void
indexer_follow(struct indexer *ix, bool on)
{
	atomic_store(&ix->follow, on);
	sources_follow(ix->plan.pipes, on);
	call(ix);
}

void
indexer_pause(struct indexer *ix, bool on)
{
	atomic_store(&ix->pause, on);
	call(ix);
}
