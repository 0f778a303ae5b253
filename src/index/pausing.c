/*
 * Paused: nothing is read, but how much waits is looked at, and a file that
 * gets the name of one being followed is opened at once, so that it can be read
 * when its name is another's again.
 */
#include "config.h"

#include "index/indexing.h"

#include <poll.h>

#include "base/mem.h"

/* Between two looks at how much waits. */
#define LOOK_MS 100
/* A log is not rotated more often than this while somebody looks at it. */
#define HELD_MAX 256

static uint64_t
past(uint64_t size, uint64_t at)
{
	return size > at ? size - at : 0;
}

/* What a source has behind an offset, as far as that is known. */
static uint64_t
source_rest(const struct source *s, uint64_t at, bool *least)
{
	struct file_id now;

	if (s->fd >= 0)
		return file_size(s->fd, &now) ? past(now.size, at) : 0;
	*least = *least || source_goes_on(s);
	return past(pack_size(s->pack), at);
}

static uint64_t
planned_size(const struct planned_file *f, bool *least)
{
	struct file_id now;

	if (f->pipe)
		return pack_size(f->pipe->pack);
	*least = *least || f->packed;
	return !f->packed && file_look(f->path, &now) ? now.size : 0;
}

/* Bytes of a stream that are there and were not read yet. */
static uint64_t
tail_behind(const struct tail *t, const struct plan *plan, bool *least)
{
	const struct planned_stream *ps = &plan->stream[t->planned];
	bool pipe = t->pipe, more = false;
	uint64_t n = 0;

	if (t->dead)
		return 0;
	if (t->seg)
		n += source_rest(t->seg->source, t->looked - t->origin,
		    &more);
	for (size_t i = t->next; i < planned_firsts(ps); i++)
		n += planned_size(&ps->file[i], &more);
	if (t->second.source)
		n += source_rest(t->second.source, t->second.at, &more);
	for (size_t i = planned_firsts(ps) + t->second.next; i < ps->n; i++)
		n += planned_size(&ps->file[i], &more);
	for (size_t i = 0; i < t->nheld; i++)
		n += source_rest(t->held[i], 0, &more);
	/* What a pipe has brought is all that there is. */
	*least = *least || (more && !pipe);
	return n;
}

/* Opens the file that has the stream's name now, if it is another. */
static int
hold_successor(struct tail *t, const struct plan *plan, struct err *err)
{
	struct file_id now;
	struct source *s;

	if (t->dead || t->pipe || !t->path ||
	    t->next < planned_firsts(&plan->stream[t->planned]) ||
	    !file_look(t->path, &now) ||
	    file_same(&now, t->nheld ? &t->held[t->nheld - 1]->id : &t->id))
		return 0;
	if (t->nheld == HELD_MAX)
		return err_set(err, "%s: is rotated too often for so long a "
		    "pause: what comes now is lost", t->path);
	s = source_open(t->path, sources_options(plan->pipes), err);
	if (!s)
		return -1;
	mem_reserve(&t->held, &t->held_cap, t->nheld + 1, sizeof *t->held);
	t->held[t->nheld++] = s;
	return 0;
}

static void
hold_successors(struct indexer *ix)
{
	struct err err;

	for (size_t i = 0; i < ix->ntails; i++)
		if (hold_successor(&ix->tails[i], &ix->plan, &err) < 0 &&
		    !ix->loss_told) {
			ix->loss_told = true;
			indexer_tell(ix, &err);
		}
}

static void
look_behind(struct indexer *ix)
{
	uint64_t behind = 0;
	bool least = false, following = indexer_flag(&ix->follow);

	for (size_t i = 0; i < ix->ntails; i++)
		behind += tail_behind(&ix->tails[i], &ix->plan, &least);
	if (ix->totals.paused && behind == ix->totals.behind &&
	    following == ix->totals.following &&
	    !sources_has_note(ix->plan.pipes))
		return;
	ix->totals.paused = true;
	ix->totals.behind = behind;
	ix->totals.behind_least = least;
	ix->totals.following = following;
	indexer_publish(ix, NULL);
}

/* Until the main thread says something, or there is more that waits. */
static void
wait_for_more(struct indexer *ix)
{
	struct pollfd p = { ix->control[0], POLLIN, 0 };

	if (indexer_flag(&ix->follow))
		watch_wait(ix->watch, ix->control[0], -1);
	else
		poll(&p, 1, -1);
	indexer_drain(ix);
	/* A log that grows all the time is not looked at all the time. */
	if (indexer_flag(&ix->pause) && !indexer_flag(&ix->stop))
		poll(&p, 1, LOOK_MS);
	for (size_t i = 0; i < ix->ntails; i++)
		if (indexer_pipe(ix, &ix->tails[i]))
			pack_heard(indexer_pipe(ix, &ix->tails[i])->pack,
			    ix->control[1]);
}

bool
indexer_hold(struct indexer *ix)
{
	if (!indexer_flag(&ix->pause))
		return false;
	while (indexer_flag(&ix->pause) && !indexer_flag(&ix->stop)) {
		if (indexer_flag(&ix->follow)) {
			/* Watch first, then look: nothing falls between. */
			indexer_watch_all(ix);
			hold_successors(ix);
		}
		look_behind(ix);
		wait_for_more(ix);
	}
	ix->loss_told = false;
	ix->totals.paused = ix->totals.behind_least = false;
	ix->totals.behind = 0;
	indexer_publish(ix, NULL);
	return true;
}
