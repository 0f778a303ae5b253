/*
 * The finder: the search over all sessions as the list shows it.  It turns
 * the hits of query/search.h, which are lines, into positions of the present
 * selection, so that "hit 3 of 120" and the next hit can be told.
 *
 * Positions are found again at most a few times a second while the search
 * runs, for a selection may be a million sessions long.
 */
#ifndef EHLOG_UI_FINDER_H
#define EHLOG_UI_FINDER_H

#include "query/search.h"
#include "query/selection.h"

struct finder {
	struct search *search;       /* NULL: none is on */
	struct search_counts counts;
	uint64_t *hits;              /* positions with hits, ascending */
	size_t nhits, cap;
	bool stale;                  /* hits[] is behind */
	int64_t found_at;            /* when hits[] was made */
	/* A jump that waits for a hit. */
	bool jumping;
	uint64_t jump_from;
};

/* Takes the pattern over.  The old search ends. */
void finder_start(struct finder *f, const struct store *st, struct match *m,
    int wake_fd, uint64_t from);
void finder_stop(struct finder *f);
static inline bool
finder_is_on(const struct finder *f)
{
	return f->search != NULL;
}
/* The pattern to highlight, NULL when no search is on. */
const struct match *finder_pattern(const struct finder *f);

/* The selection has grown; or, `at_once`, is another altogether. */
void finder_reorder(struct finder *f, bool at_once);
/*
 * Takes in what came.  True when there is something to draw.  *wait_ms gets
 * the time after which to ask again, -1 when the search itself will wake us.
 */
bool finder_update(struct finder *f, const struct selection *sel,
    int *wait_ms);

/*
 * A jump that waits: true, once, when its hit is known now; *at is the
 * position.  The first hit at or after the place, else the first of all; as
 * far as text was searched, and none is left out.
 */
bool finder_jump(struct finder *f, uint64_t *at);

/* The next hit after (before) a position; wraps around.  False: none. */
bool finder_next(const struct finder *f, uint64_t from, bool back,
    uint64_t *at, bool *wrapped);
/* "hit 3 of 120 (340 lines)", "hit - of 12, 63 %". */
void finder_words(const struct finder *f, uint64_t at, struct buf *out);

#endif
