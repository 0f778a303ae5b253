/*
 * Reading begins before the plan is made, so that the first sessions are on the
 * screen while the heads of thousands of files are looked at.  The main thread
 * reads a little of the first file; then the indexer's thread makes the plan
 * and reads on from there.  What is read is what would have been read.
 */
#include "config.h"

#include "index/indexing.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "index/indexer.h"

/* So many pieces of the first file fill any screen. */
#define BATCHES 4

struct beginning {
	struct early early;
	bool follow;             /* as it was when the paths were opened */
	void (*complain)(void *arg, const char *words);
	void *complain_arg;
	void (*planned)(void *arg, struct err *words);
	void *planned_arg;
};

void
beginning_free(struct beginning *b)
{
	if (!b)
		return;
	early_free(&b->early);
	free(b);
}

/*
 * Whether there is more to read without the end of the file, as it was seen, which
 * is left to whoever reads on.  Of a compressed file as much is waited for as was
 * unpacked to look at it.
 */
static bool
may_read(const struct tail *t, const struct early *e)
{
	uint64_t at = t->looked - t->origin;
	struct pack *pack;
	bool over;

	if (!t->seg)
		return t->next == 0;
	if (!e->packed)
		return at < e->size;
	pack = t->seg->source->pack;
	while (over = pack_is_over(pack), pack_size(pack) <= at) {
		if (over || at >= LOOK_HEAD)
			return false;
		pack_wait(pack, at);
	}
	return true;
}

static void
read_a_little(struct indexer *ix)
{
	struct beginning *b = ix->beginning;
	struct tail *t = &ix->tails[0];
	enum tail_result r = TAIL_MORE;

	for (int i = 0; (i <= BATCHES || t->looked < LOOK_HEAD) &&
	    r == TAIL_MORE && may_read(t, &b->early); i++) {
		struct err err = { "" };

		r = tail_read(t, &b->early.plan, ix->batch, b->follow,
		    ix->format, &err);
		if (r == TAIL_TROUBLE)
			indexer_tell(ix, &err);
		if (batch_is_filled(ix->batch))
			tail_scan(t, ix->batch);
		indexer_take(ix, ix->batch);
		batch_reset(ix->batch);
	}
}

bool
indexer_begin_early(struct indexer *ix, const struct indexer_options *opt,
    void (*complain)(void *arg, const char *words), void *arg)
{
	struct beginning *b;

	if (!opt->early || sources_commands(opt->sources) || opt->keep ||
	    opt->last_bytes)
		return false;
	b = mem_alloc(sizeof *b);
	if (!early_look(&b->early, &ix->plan, ix->paths, ix->npaths,
	    ix->format, opt->follow)) {
		beginning_free(b);
		return false;
	}
	b->follow = opt->follow;
	b->complain = complain;
	b->complain_arg = arg;
	b->planned = opt->planned;
	b->planned_arg = opt->arg;
	ix->beginning = b;
	ix->began = clock_now_ms();
	indexer_add_tail(ix);
	read_a_little(ix);
	/* How much of that are logs is not known. */
	for (size_t i = 0; i < ix->plan.seen.n; i++)
		ix->totals.bytes_total += (uint64_t)ix->plan.seen.file[i].size;
	ix->totals.unsized = true;
	ix->totals.following = opt->follow;
	indexer_publish(ix, &ix->tails[0]);
	return true;
}

bool
indexer_make_plan(struct indexer *ix)
{
	struct beginning *b = ix->beginning;
	struct err words = { "" };

	plan_paths(&ix->plan, ix->paths, ix->npaths, ix->format, b->follow,
	    b->complain, b->complain_arg, &words);
	/* What is half a plan is of no use. */
	if (indexer_flag(&ix->stop))
		return false;
	indexer_set_up(ix);
	/* What was read of it is published with what comes. */
	ix->taken = &ix->tails[0];
	words.text[0] = '\0';
	if (b->planned)
		b->planned(b->planned_arg, &words);
	if (words.text[0])
		indexer_tell(ix, &words);
	indexer_say_planned(ix);
	indexer_publish(ix, NULL);
	return true;
}

void
indexer_say_planned(struct indexer *ix)
{
	pthread_mutex_lock(&ix->mutex);
	ix->planned = true;
	pthread_cond_broadcast(&ix->planned_now);
	pthread_mutex_unlock(&ix->mutex);
}

bool
indexer_is_early(const struct indexer *ix)
{
	return ix->beginning != NULL;
}

bool
indexer_is_planned(struct indexer *ix)
{
	bool planned;

	pthread_mutex_lock(&ix->mutex);
	planned = ix->planned;
	pthread_mutex_unlock(&ix->mutex);
	return planned;
}

void
indexer_wait_planned(struct indexer *ix)
{
	pthread_mutex_lock(&ix->mutex);
	while (!ix->planned)
		pthread_cond_wait(&ix->planned_now, &ix->mutex);
	pthread_mutex_unlock(&ix->mutex);
}
