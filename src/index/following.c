/*
 * Following: behind the first full read the indexer goes round what may bring
 * more: pipes, and the files that are followed.  It sleeps in between.
 */
#include "config.h"

#include "index/indexing.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"

/* So long may a pipe bring more before it is judged by what there is. */
#define SOON_MS 100
/* Read of one stream before another has its turn. */
#define NEWS_BATCHES 64

/* By its name, and where a link leads. */
static void
watch_names(struct indexer *ix, const char *path)
{
	char *real = realpath(path, NULL);

	watch_file(ix->watch, path);
	if (real)
		watch_file(ix->watch, real);
	free(real);
}

void
indexer_watch_all(struct indexer *ix)
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
				watch_names(ix,
				    ix->plan.stream[i].file[k].path);
}

static void
take_news(struct indexer *ix, struct tail *t)
{
	if (batch_is_filled(ix->batch))
		tail_scan(t, ix->batch);
	indexer_take(ix, ix->batch);
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

	while (r == TAIL_MORE && left-- > 0 && !indexer_flag(&ix->stop)) {
		struct err err = { "" };
		uint64_t before = t->taken;

		if (batch_is_filled(ix->batch)) {
			news = true;
			take_news(ix, t);
		}
		r = tail_read(t, &ix->plan, ix->batch, true, ix->format, &err);
		take_news(ix, t);
		if (r == TAIL_TROUBLE)
			indexer_tell(ix, &err);
		news = news || t->taken != before || r == TAIL_TROUBLE;
		if (news && clock_now_ms() - ix->published >= PUBLISH_MS) {
			indexer_publish(ix, t);
			news = false;
		}
	}
	if (news)
		indexer_publish(ix, t);
	return r != TAIL_MORE;
}

static void
complain_later(void *arg, const char *words)
{
	struct err err;

	err_set(&err, "%s", words);
	indexer_tell(arg, &err);
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
		indexer_add_tails(ix);
		indexer_watch_all(ix);
		/* What came into a new folder before it was watched. */
	} while (ix->plan.seen.nfolders != folders);
}

/* False when there is more in it. */
static bool
read_pipe(struct indexer *ix, struct tail *t)
{
	struct pack *pack = indexer_pipe(ix, t)->pack;
	bool all;

	pack_heard(pack, ix->control[1]);
	all = read_news(ix, t);
	/* One with too little to tell its format by is looked at again soon. */
	if (t->stream || pack_size(pack) == 0)
		t->hasty = false;
	else if (!t->hasty)
		ix->soon = t->hasty = true;
	if (all && !indexer_pipe_is_open(ix, t)) {
		ix->totals.pipes--;
		indexer_say_done(ix);
	}
	return all;
}

/* What came through pipes.  False when there is more. */
static bool
read_pipes(struct indexer *ix)
{
	bool all = true;

	ix->soon = false;
	for (size_t i = 0; i < ix->ntails && !indexer_flag(&ix->stop); i++)
		if (indexer_pipe_is_open(ix, &ix->tails[i]) &&
		    !read_pipe(ix, &ix->tails[i]))
			all = false;
	return all;
}

/*
 * A file that was read to its end may have been replaced, by one that was itself
 * replaced: one look sees one of them.
 */
static void
look_at(struct indexer *ix, struct tail *t)
{
	const struct segment *before;
	bool told, more, again = true;
	struct err err;

	do {
		before = t->seg;
		more = tail_look(t, &ix->plan, ix->batch, &told, &err);
		if (told) {
			indexer_tell(ix, &err);
			indexer_publish(ix, NULL);
		}
		while (more && !read_news(ix, t) && !indexer_flag(&ix->stop))
			;
		/* One that grows all the time must not keep the others waiting. */
		more = more && (again || t->seg != before || t->nheld);
		again = false;
	} while (more && !indexer_flag(&ix->stop));
}

static void
look_at_all(struct indexer *ix, enum watch_news news)
{
	if (news == WATCH_NAMES)
		look_for_files(ix, ix->npaths);
	else if (ix->plan.refused)
		look_for_files(ix, 0);
	for (size_t i = 0; i < ix->ntails && !indexer_flag(&ix->stop); i++)
		if (!indexer_pipe(ix, &ix->tails[i]))
			look_at(ix, &ix->tails[i]);
}

void
indexer_drain(struct indexer *ix)
{
	char bytes[64];

	while (read(ix->control[0], bytes, sizeof bytes) > 0)
		;
}

void
indexer_go_round(struct indexer *ix)
{
	bool was_following = false;

	while (!indexer_flag(&ix->stop)) {
		bool following;
		int ms;

		/* Names that came and went while it was paused count, too. */
		if (indexer_hold(ix))
			was_following = false;
		following = indexer_flag(&ix->follow);
		if (following != ix->totals.following) {
			ix->totals.following = following;
			indexer_publish(ix, NULL);
		}
		if (following && !was_following) {
			/* Watch first, then look: nothing falls between. */
			indexer_watch_all(ix);
			look_at_all(ix, WATCH_NAMES);
		}
		was_following = following;
		/* For whoever asks indexer_note(). */
		if (sources_has_note(ix->plan.pipes))
			indexer_publish(ix, NULL);
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
		indexer_drain(ix);
	}
}
