/*
 * Search: blocks of all streams, claimed one after another by a few threads.
 *
 * A thread claims a block, searches it, finds the sessions of the lines it
 * found, and puts counts by session into the outbox; the owner folds them into
 * its own array.  The lock is held for claims and for the outbox, never while
 * text is read or matched.
 */
#include "config.h"

#include "query/search.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "index/oldest.h"
#include "index/share.h"
#include "query/claim.h"
#include "query/worker.h"

/* More would wait for the same memory. */
#define THREADS_MAX 2
/* Between two wakes of the owner while hits come in. */
#define WAKE_MS 30

/* So many lines of a session matched. */
struct hits {
	uint32_t number;         /* 0: no session owns them */
	uint32_t lines;
};

struct hits_list {
	struct hits *h;
	size_t n, cap;
};

struct search_thread {
	struct search *search;
	pthread_t thread;
	struct searcher *searcher;
	struct block_found found;
	struct owner_cursor cursor;
	const struct stream *stream;     /* of the cursor */
	struct hits_list hits;
	uint64_t block;                  /* number of the one in hand, 0: none;
	                                    under the lock of the search */
};

struct search {
	const struct store *store;
	struct match *match;
	int wake_fd;
	struct search_thread threads[THREADS_MAX];
	unsigned nthreads;       /* 0: none could be had, the owner works */

	atomic_bool stop;
	atomic_bool woken;       /* a wake byte is on its way */
	pthread_mutex_t lock;
	pthread_cond_t news;     /* for the threads: text to search, or stop */
	pthread_cond_t done;     /* for the owner: all is searched */
	/* Under the lock. */
	struct claims claims;
	struct hits_list outbox;
	uint64_t limits;
	uint64_t last;           /* number of the last block of those searched */
	int64_t waked;

	/* The owner's. */
	struct search_counts counts;
	struct table by_session; /* uint32_t: hit lines, by number */
	uint64_t forgotten;      /* sessions, when the lines were counted last */
	struct hits_list inbox;  /* memory, to be used again */
	uint64_t changes;        /* of the store, as last seen */
};

/* --- a thread ------------------------------------------------------------- */

static void
add_hits(struct hits_list *l, uint32_t number, uint32_t lines)
{
	if (l->n && l->h[l->n - 1].number == number) {
		l->h[l->n - 1].lines += lines;
		return;
	}
	mem_reserve(&l->h, &l->cap, l->n + 1, sizeof *l->h);
	l->h[l->n++] = (struct hits){ number, lines };
}

/* A line of several sessions is a hit in each of them. */
static void
add_owners(struct search_thread *t, uint32_t line)
{
	uint64_t at = 0;
	uint32_t owner = share_owner(t->stream, line, &at);

	if (!owner)
		add_hits(&t->hits, owner_of(&t->cursor, line), 1);
	for (; owner; owner = share_owner(t->stream, line, &at))
		add_hits(&t->hits, owner, 1);
}

/* Whose the lines are: streams come in order, and lines within them. */
static void
find_owners(struct search_thread *t, const struct block *b)
{
	if (t->stream != b->stream) {
		owner_free(&t->cursor);
		owner_init(&t->cursor, t->search->store, b->stream);
		t->stream = b->stream;
	}
	t->hits.n = 0;
	for (size_t i = 0; i < t->found.n; i++)
		add_owners(t, t->found.line[i]);
}

/* With the lock held.  Often enough to be seen, not more. */
static void
wake_owner(struct search *s, bool now)
{
	int64_t time = clock_now_ms();

	if (s->wake_fd < 0 || (!now && time - s->waked < WAKE_MS) ||
	    atomic_exchange(&s->woken, true))
		return;
	s->waked = time;
	worker_wake(s->wake_fd);
}

static bool
all_done(const struct search *s)
{
	uint64_t done, all;

	return claims_progress(&s->claims, &done, &all);
}

/* Searches one claimed block, with the lock held before and after. */
static void
search_block(struct search_thread *t, const struct claim *c)
{
	struct search *s = t->search;

	t->block = c->number;
	pthread_mutex_unlock(&s->lock);
	/* What cannot be read has no hits; who opens such a session is told. */
	(void)searcher_run(t->searcher, &c->block, &t->found, NULL);
	find_owners(t, &c->block);
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < t->hits.n; i++)
		add_hits(&s->outbox, t->hits.h[i].number, t->hits.h[i].lines);
	s->limits += t->found.limits;
	t->block = 0;
	if (s->last < c->number)
		s->last = c->number;
	claims_give_back(&s->claims, c, &t->found);
	if (s->claims.out == 0 && all_done(s)) {
		pthread_cond_signal(&s->done);
		wake_owner(s, true);
	} else {
		wake_owner(s, false);
	}
}

static void *
search_main(void *arg)
{
	struct search_thread *t = arg;
	struct search *s = t->search;
	struct claim c;

	pthread_mutex_lock(&s->lock);
	while (!atomic_load(&s->stop)) {
		if (claims_take(&s->claims, &c))
			search_block(t, &c);
		else
			pthread_cond_wait(&s->news, &s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* --- the owner ------------------------------------------------------------ */

static void
thread_init(struct search *s, struct search_thread *t)
{
	t->search = s;
	t->searcher = searcher_new(s->store, s->match, &s->stop);
}

struct search *
search_start(const struct store *st, struct match *m, int wake_fd)
{
	struct search *s = mem_alloc(sizeof *s);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	s->store = st;
	s->match = m;
	s->wake_fd = wake_fd;
	s->claims.store = st;
	claims_skip_forgotten(&s->claims);
	table_init(&s->by_session, sizeof(uint32_t), 10);
	pthread_mutex_init(&s->lock, NULL);
	worker_cond_init(&s->news);
	worker_cond_init(&s->done);
	for (unsigned i = 0; i < THREADS_MAX; i++) {
		if (i > 0 && cpus <= (long)i)
			break;
		thread_init(s, &s->threads[i]);
		if (!worker_start(&s->threads[i].thread, search_main,
		    &s->threads[i]))
			break;
		s->nthreads++;
	}
	return s;
}

void
search_free(struct search *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	atomic_store(&s->stop, true);
	pthread_cond_broadcast(&s->news);
	pthread_mutex_unlock(&s->lock);
	for (unsigned i = 0; i < s->nthreads; i++)
		pthread_join(s->threads[i].thread, NULL);
	for (unsigned i = 0; i < THREADS_MAX; i++) {
		struct search_thread *t = &s->threads[i];

		searcher_free(t->searcher);
		owner_free(&t->cursor);
		free(t->found.line);
		free(t->hits.h);
	}
	claims_free(&s->claims);
	free(s->outbox.h);
	free(s->inbox.h);
	table_free(&s->by_session);
	match_free(s->match);
	pthread_cond_destroy(&s->news);
	pthread_cond_destroy(&s->done);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static void
fold(struct search *s, const struct hits *h)
{
	if (h->number == 0) {
		s->counts.unowned += h->lines;
		return;
	}
	if (session_is_forgotten(s->store, h->number))
		return;
	while (s->by_session.used <= h->number)
		table_append(&s->by_session);
	*(uint32_t *)table_at(&s->by_session, h->number) += h->lines;
	s->counts.lines += h->lines;
}

/* Hits of sessions that were forgotten count no more. */
static bool
count_again(struct search *s)
{
	uint64_t before = s->counts.lines, n = s->by_session.used;

	if (store_forgotten(s->store) == s->forgotten)
		return false;
	s->forgotten = store_forgotten(s->store);
	s->counts.lines = 0;
	for (uint64_t i = 0, number; (number = store_kept_at(s->store, i)) < n;
	    i++)
		s->counts.lines += *(uint32_t *)table_at(&s->by_session,
		    number);
	table_forget(&s->by_session, 0, store_kept_at(s->store, 0) < n ?
	    store_kept_at(s->store, 0) : n, 0);
	return s->counts.lines != before;
}

/* Where no thread could be had: a little at a time. */
static void
work_alone(struct search *s)
{
	int64_t end = clock_now_ms() + WAKE_MS;
	struct claim c;

	while (clock_now_ms() < end && claims_take(&s->claims, &c))
		search_block(&s->threads[0], &c);
}

static void
take_counts(struct search *s)
{
	uint64_t done, all;

	s->counts.in_order = true;
	for (unsigned i = 0; i < THREADS_MAX; i++)
		if (s->threads[i].block && s->threads[i].block < s->last)
			s->counts.in_order = false;
	s->counts.limits = s->limits;
	s->counts.done = claims_progress(&s->claims, &done, &all);
	s->counts.progress = s->counts.done ? 1000 :
	    all == 0 ? 0 : (int)(done * 999 / all);
}

/* True when the store has published anything since the last call. */
static bool
has_news(struct search *s)
{
	uint64_t before = s->changes;
	struct progress p;

	store_progress(s->store, &p);
	s->changes = p.changes;
	return before != p.changes;
}

static bool
take_over(struct search *s, bool news)
{
	struct search_counts before = s->counts;
	struct hits_list swap;

	atomic_store(&s->woken, false);
	pthread_mutex_lock(&s->lock);
	if (news) {
		claims_skip_forgotten(&s->claims);
		claims_renew(&s->claims);
		pthread_cond_broadcast(&s->news);
	}
	if (s->nthreads == 0)
		work_alone(s);
	swap = s->outbox;
	s->outbox = s->inbox;
	s->outbox.n = 0;
	s->inbox = swap;
	take_counts(s);
	pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < s->inbox.n; i++)
		fold(s, &s->inbox.h[i]);
	return count_again(s) || s->inbox.n > 0 || s->counts.limits != before.limits ||
	    s->counts.done != before.done ||
	    s->counts.progress != before.progress;
}

bool
search_update(struct search *s)
{
	return take_over(s, has_news(s));
}

void
search_finish(struct search *s)
{
	has_news(s);
	take_over(s, true);
	while (!s->counts.done) {
		pthread_mutex_lock(&s->lock);
		while (s->nthreads && !all_done(s))
			pthread_cond_wait(&s->done, &s->lock);
		pthread_mutex_unlock(&s->lock);
		take_over(s, false);
	}
}

void
search_counts(const struct search *s, struct search_counts *c)
{
	*c = s->counts;
}

uint32_t
search_session_hits(const struct search *s, uint32_t number)
{
	return number < s->by_session.used && !session_is_forgotten(s->store,
	    number) ? *(uint32_t *)table_at(&s->by_session, number) : 0;
}

const struct match *
search_pattern(const struct search *s)
{
	return s->match;
}
