/*
 * When the indexer keeps an index on disk, and when it takes one from there.
 */
#include "config.h"

#include "index/indexing.h"

/* What is kept is written anew when so much of it has come since. */
#define KEEP_SHARE 64

static bool
keep_is_old(const struct indexer *ix, const struct tail *t)
{
	return !ix->keep_failed && t->taken > t->kept_end &&
	    t->taken - t->kept_end >= t->kept_end / KEEP_SHARE;
}

/* All that was taken of the stream is published. */
void
indexer_keep(struct indexer *ix, struct tail *t)
{
	struct err err;
	int rc;

	if (!keep_is_old(ix, t))
		return;
	rc = keep_write(ix->keep, &ix->plan.stream[t->planned], t->as,
	    t->taken, &err);
	if (rc == 0)
		t->kept_end = t->taken;
	ix->keep_failed = rc < 0;
	if (rc < 0)
		indexer_tell(ix, &err);
}

void
indexer_take_kept(struct indexer *ix, struct tail *t)
{
	struct err err;
	uint32_t lines;

	if (kept_take(t->kept, t->as)) {
		t->kept_end = kept_end(t->kept, &lines);
		ix->totals.kept_bytes += t->kept_end;
	} else {
		err_set(&err, "%s: more sessions than can be numbered",
		    t->stream->name);
		indexer_tell(ix, &err);
		atomic_store(&ix->stop, true);
	}
	kept_free(t->kept);
	t->kept = NULL;
}

/* What came while it was followed, when nothing reads on any more. */
void
indexer_keep_at_end(struct indexer *ix)
{
	for (size_t i = 0; i < ix->ntails; i++) {
		struct tail *t = &ix->tails[i];

		if (!t->marked || t->broken || !t->as)
			continue;
		assembler_publish(t->as);
		indexer_keep(ix, t);
	}
}
