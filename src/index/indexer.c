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

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "index/intake.h"
#include "index/plan.h"
#include "index/tail.h"
#include "input/watch.h"

/* Between two publications while reading; the first comes at once. */
#define PUBLISH_MS 15
/* So long may a pipe bring more before it is judged by what there is. */
#define SOON_MS 100
/* Read of one stream before another has its turn. */
#define NEWS_BATCHES 64

struct indexer {
	struct store *store;
	char *const *paths;
	int npaths;
	const struct format *format;
	struct plan plan;
	struct tail *tails;
	size_t ntails, tails_cap;
	struct progress totals;
	size_t reading;                  /* index of the tail in hand */
	struct tail *taken;              /* that of the last batch */
	struct batch *batch;             /* for following */
	struct watch *watch;
	bool soon;               /* a pipe is to be looked at again */
	bool patient;            /* nobody looks before all is read */
	pthread_t thread;
	bool started;
	int control[2];          /* a byte: look at `stop` and `follow` */
	_Atomic bool stop;
	_Atomic bool follow;
	int wake_fd;
	_Atomic bool wake_sent;
	int64_t began, published;
	/* Under the mutex; never held by the face for longer than a copy. */
	pthread_mutex_t mutex;
	pthread_mutex_t tail_mutex;      /* see struct tail */
	struct err *trouble;     /* the first TROUBLES_MAX */
	uint32_t troubles;
	size_t troubles_cap;
};

#define TROUBLES_MAX 1000

static bool
flag(const _Atomic bool *f)
{
	return atomic_load_explicit(f, memory_order_relaxed);
}

static void
tell_trouble(struct indexer *ix, const struct err *err)
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

/* --- making ---------------------------------------------------------------- */

/* Each planned stream gets a tail, those planned later too. */
static void
add_tails(struct indexer *ix)
{
	while (ix->ntails < ix->plan.n) {
		mem_reserve(&ix->tails, &ix->tails_cap, ix->ntails + 1,
		    sizeof *ix->tails);
		ix->tails[ix->ntails] = (struct tail){
			.planned = ix->ntails, .store = ix->store,
			.totals = &ix->totals, .mutex = &ix->tail_mutex,
		};
		ix->ntails++;
	}
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

/* The pipe that a tail reads or will read, NULL when that is a file. */
static struct source *
pipe_of(const struct indexer *ix, const struct tail *t)
{
	return ix->plan.stream[t->planned].file[0].pipe;
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
	ix->plan.formats = opt->formats;
	ix->wake_fd = opt->wake_fd;
	ix->control[0] = ix->control[1] = -1;
	pthread_mutex_init(&ix->mutex, NULL);
	pthread_mutex_init(&ix->tail_mutex, NULL);
	atomic_store(&ix->follow, opt->follow);
	ix->plan.choice = opt->choice;
	ix->plan.nchoices = opt->nchoices;
	ix->plan.pipes = opt->sources;
	plan_paths(&ix->plan, paths, npaths, opt->format, opt->follow,
	    complain, arg, err);
	if (ix->plan.n == 0 && !(opt->follow && ix->plan.seen.nfolders)) {
		indexer_free(ix);
		return NULL;
	}
	add_tails(ix);
	add_sizes(&ix->totals, &ix->plan);
	ix->totals.following = opt->follow;
	store_publish_progress(st, &ix->totals);
	ix->batch = batch_new();
	return ix;
}

void
indexer_free(struct indexer *ix)
{
	if (!ix)
		return;
	if (ix->started) {
		atomic_store(&ix->stop, true);
		if (write(ix->control[1], "", 1) < 0) {
			/* a full pipe wakes it just as well */
		}
		pthread_join(ix->thread, NULL);
	}
	for (size_t i = 0; i < ix->ntails; i++)
		if (pipe_of(ix, &ix->tails[i]))
			pack_unlisten(pipe_of(ix, &ix->tails[i])->pack,
			    ix->control[1]);
	for (int i = 0; i < 2; i++)
		if (ix->control[i] >= 0)
			close(ix->control[i]);
	for (size_t i = 0; i < ix->ntails; i++)
		tail_free(&ix->tails[i]);
	free(ix->tails);
	plan_free(&ix->plan);
	watch_free(ix->watch);
	batch_free(ix->batch);
	free(ix->trouble);
	pthread_mutex_destroy(&ix->tail_mutex);
	pthread_mutex_destroy(&ix->mutex);
	free(ix);
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

static void
publish(struct indexer *ix, struct tail *t)
{
	struct err err;

	if (t && t->as) {
		assembler_publish(t->as);
		atomic_store_explicit(&t->stream->bytes, t->taken,
		    memory_order_release);
	}
	if (sources_trouble(ix->plan.pipes, &err))
		tell_trouble(ix, &err);
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
}

/* Takes in a scanned batch; what it changed is not published yet. */
static struct tail *
take_batch(struct indexer *ix, struct batch *b)
{
	struct tail *t = &ix->tails[b->tail];

	if (batch_is_filled(b)) {
		tail_settle(t, b);
		assembler_take(t->as, b);
	}
	ix->totals.bytes += b->end - t->taken;
	t->taken = b->end;
	return t;
}

/* --- the first full read ---------------------------------------------------- */

/* The next batch, of one stream after another. */
static enum intake_fill
fill_next(void *arg, struct batch *b, bool all_scanned)
{
	struct indexer *ix = arg;
	struct tail *t = &ix->tails[ix->reading];
	struct err err = { "" };
	enum tail_result r;

	if (ix->reading == ix->ntails)
		return INTAKE_END;
	if (tail_needs_count(t) && !all_scanned)
		return INTAKE_WAIT;
	r = tail_read(t, &ix->plan, b, flag(&ix->follow), ix->format, &err);
	if (r == TAIL_TROUBLE)
		tell_trouble(ix, &err);
	/* A compressed file goes on at once, a pipe when it likes. */
	if (r == TAIL_WAIT && pipe_of(ix, t) && !ix->patient)
		ix->reading++;
	else if (r == TAIL_WAIT)
		tail_wait(t);
	if (r == TAIL_END || (r == TAIL_TROUBLE && (t->dead ||
	    t->next >= ix->plan.stream[t->planned].n || flag(&ix->follow))))
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
		publish(ix, ix->taken);
	ix->taken = take_batch(ix, b);
	if (clock_now_ms() - ix->published >= PUBLISH_MS)
		publish(ix, ix->taken);
}

static bool
pipe_is_open(const struct indexer *ix, const struct tail *t)
{
	return pipe_of(ix, t) && !t->dead && (t->seg || !t->stream);
}

static void
say_done(struct indexer *ix)
{
	if (ix->totals.pipes == 0) {
		ix->totals.elapsed_ms = clock_now_ms() - ix->began;
		ix->totals.done = true;
	}
	publish(ix, NULL);
}

static void
read_all(struct indexer *ix)
{
	const struct intake_work work = {
		.fill = fill_next, .scan = scan_batch, .take = take_next,
		.arg = ix, .stop = &ix->stop,
	};

	intake_run(&work);
	publish(ix, ix->taken);
	if (flag(&ix->stop))
		return;
	for (size_t i = 0; i < ix->ntails; i++)
		ix->totals.pipes += pipe_is_open(ix, &ix->tails[i]);
	say_done(ix);
}

/* --- following ------------------------------------------------------------- */

/* By its name, and where a link leads. */
static void
watch_file(struct indexer *ix, const char *path)
{
	char *real = realpath(path, NULL);

	watch_path(ix->watch, path);
	if (real)
		watch_path(ix->watch, real);
	free(real);
}

static void
watch_all(struct indexer *ix)
{
	if (!ix->watch)
		ix->watch = watch_new();
	/* A member of an archive does not grow, and its folder is none. */
	for (int i = 0; i < ix->npaths; i++)
		if (!source_member(ix->paths[i]))
			watch_path(ix->watch, ix->paths[i]);
	for (size_t i = 0; i < ix->plan.seen.nfolders; i++)
		watch_path(ix->watch, ix->plan.seen.folder[i]);
	for (size_t i = 0; i < ix->plan.n; i++)
		for (size_t k = 0; k < ix->plan.stream[i].n; k++)
			if (!ix->plan.stream[i].file[k].packed)
				watch_file(ix,
				    ix->plan.stream[i].file[k].path);
}

static void
take_news(struct indexer *ix, struct tail *t)
{
	if (batch_is_filled(ix->batch))
		tail_scan(t, ix->batch);
	take_batch(ix, ix->batch);
	batch_reset(ix->batch);
}

/*
 * Reads what is new in a stream; the batch may hold something already.  False
 * when there is more than the others can wait for.
 */
static bool
read_news(struct indexer *ix, struct tail *t)
{
	enum tail_result r = TAIL_MORE;
	bool news = false;
	int left = NEWS_BATCHES;

	while (r == TAIL_MORE && left-- > 0 && !flag(&ix->stop)) {
		struct err err = { "" };
		uint64_t before = t->taken;

		if (batch_is_filled(ix->batch)) {
			news = true;
			take_news(ix, t);
		}
		r = tail_read(t, &ix->plan, ix->batch, true, ix->format, &err);
		take_news(ix, t);
		if (r == TAIL_TROUBLE)
			tell_trouble(ix, &err);
		news = news || t->taken != before || r == TAIL_TROUBLE;
		if (news && clock_now_ms() - ix->published >= PUBLISH_MS) {
			publish(ix, t);
			news = false;
		}
	}
	if (news)
		publish(ix, t);
	return r != TAIL_MORE;
}

static void
complain_later(void *arg, const char *words)
{
	struct err err;

	err_set(&err, "%s", words);
	tell_trouble(arg, &err);
}

/*
 * Files and folders that are new since the last look.  With no path to look
 * at, only at files that were no log and have grown.
 */
static void
look_for_files(struct indexer *ix, int npaths)
{
	struct err err;
	size_t sources, folders;

	do {
		sources = ix->plan.sources;
		folders = ix->plan.seen.nfolders;
		plan_paths(&ix->plan, ix->paths, npaths, ix->format, true,
		    complain_later, ix, &err);
		if (ix->plan.sources == sources &&
		    ix->plan.seen.nfolders == folders)
			break;
		add_tails(ix);
		watch_all(ix);
		/* What came into a new folder before it was watched. */
	} while (ix->plan.seen.nfolders != folders);
}

/* False when there is more in it. */
static bool
read_pipe(struct indexer *ix, struct tail *t)
{
	struct pack *pack = pipe_of(ix, t)->pack;
	bool all;

	pack_heard(pack, ix->control[1]);
	all = read_news(ix, t);
	/* One with too little to tell its format by is looked at again soon. */
	if (t->stream || pack_size(pack) == 0)
		t->hasty = false;
	else if (!t->hasty)
		ix->soon = t->hasty = true;
	if (all && !pipe_is_open(ix, t)) {
		ix->totals.pipes--;
		say_done(ix);
	}
	return all;
}

/* What came through pipes.  False when there is more. */
static bool
read_pipes(struct indexer *ix)
{
	bool all = true;

	ix->soon = false;
	for (size_t i = 0; i < ix->ntails && !flag(&ix->stop); i++)
		if (pipe_is_open(ix, &ix->tails[i]) &&
		    !read_pipe(ix, &ix->tails[i]))
			all = false;
	return all;
}

static void
look_at_all(struct indexer *ix, enum watch_news news)
{
	struct err err;

	if (news == WATCH_NAMES)
		look_for_files(ix, ix->npaths);
	else if (ix->plan.refused)
		look_for_files(ix, 0);
	for (size_t i = 0; i < ix->ntails && !flag(&ix->stop); i++) {
		struct tail *t = &ix->tails[i];
		bool told, more;

		if (pipe_of(ix, t))
			continue;
		more = tail_look(t, &ix->plan, ix->batch, &told, &err);
		if (told) {
			tell_trouble(ix, &err);
			publish(ix, NULL);
		}
		while (more && !read_news(ix, t) && !flag(&ix->stop))
			;
	}
}

static void
drain_control(struct indexer *ix)
{
	char bytes[64];

	while (read(ix->control[0], bytes, sizeof bytes) > 0)
		;
}

static void
follow(struct indexer *ix)
{
	bool was_following = false;

	while (!flag(&ix->stop)) {
		bool following = flag(&ix->follow);
		int ms;

		if (following != ix->totals.following) {
			ix->totals.following = following;
			publish(ix, NULL);
		}
		if (following && !was_following) {
			/* Watch first, then look: nothing falls between. */
			watch_all(ix);
			look_at_all(ix, WATCH_NAMES);
		}
		was_following = following;
		ms = !read_pipes(ix) ? 0 : ix->soon ? SOON_MS : -1;
		if (!following) {
			struct pollfd p = { ix->control[0], POLLIN, 0 };

			poll(&p, 1, ms);
		} else {
			enum watch_news news = watch_wait(ix->watch,
			    ix->control[0], ms);

			if (news != WATCH_NOTHING)
				look_at_all(ix, news);
		}
		drain_control(ix);
	}
}

/* --- the thread ------------------------------------------------------------ */

static void *
indexer_main(void *arg)
{
	struct indexer *ix = arg;

	read_all(ix);
	follow(ix);
	return NULL;
}

static void
begin(struct indexer *ix)
{
	ix->began = clock_now_ms();
	/* The first publication comes with the first lines. */
	ix->published = ix->began - PUBLISH_MS;
}

int
indexer_start(struct indexer *ix, struct err *err)
{
	int e;

	if (pipe(ix->control) < 0)
		return err_set(err, "pipe: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(ix->control[i], F_SETFD, FD_CLOEXEC);
		fcntl(ix->control[i], F_SETFL, O_NONBLOCK);
	}
	for (size_t i = 0; i < ix->ntails; i++)
		if (pipe_of(ix, &ix->tails[i]))
			pack_listen(pipe_of(ix, &ix->tails[i])->pack,
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
	if (ix->started && write(ix->control[1], "", 1) < 0) {
		/* a full pipe wakes it just as well */
	}
}
