/*
 * The finder: hits of the search as positions in the selection.
 */
#include "config.h"

#include "ui/finder.h"

#include <stdlib.h>

#include "base/clock.h"
#include "ui/figure.h"

/* Between two countings of a selection while hits come in. */
#define RECOUNT_MS 200
/* The same while the reader waits for the first one. */
#define RECOUNT_JUMP_MS 20

void
finder_stop(struct finder *f)
{
	if (f->search)
		search_free(f->search);
	free(f->hits);
	*f = (struct finder){ 0 };
}

void
finder_start(struct finder *f, const struct store *st, struct match *m,
    int wake_fd, uint64_t from)
{
	finder_stop(f);
	f->search = search_start(st, m, wake_fd);
	f->jumping = true;
	f->jump_from = from;
	f->stale = true;
}

const struct match *
finder_pattern(const struct finder *f)
{
	return f->search ? search_pattern(f->search) : NULL;
}

void
finder_reorder(struct finder *f, bool at_once)
{
	f->stale = true;
	if (at_once)
		f->found_at = 0;
}

static void
recount(struct finder *f, const struct selection *sel)
{
	uint64_t count = selection_count(sel);

	f->nhits = 0;
	for (uint64_t i = 0; i < count && f->counts.lines > 0; i++) {
		if (search_session_hits(f->search, selection_at(sel, i)) == 0)
			continue;
		mem_reserve(&f->hits, &f->cap, f->nhits + 1, sizeof *f->hits);
		f->hits[f->nhits++] = i;
	}
	f->stale = false;
}

bool
finder_update(struct finder *f, const struct selection *sel, int *wait_ms)
{
	struct search_counts before = f->counts;
	int64_t now = clock_now_ms();
	int pause = f->jumping ? RECOUNT_JUMP_MS : RECOUNT_MS;
	bool drawn;

	*wait_ms = -1;
	if (!f->search)
		return false;
	if (search_update(f->search))
		f->stale = true;
	search_counts(f->search, &f->counts);
	drawn = before.progress != f->counts.progress ||
	    before.done != f->counts.done;
	if (!f->stale)
		return drawn;
	if (f->found_at && now - f->found_at < pause) {
		*wait_ms = pause - (int)(now - f->found_at);
		return drawn;
	}
	recount(f, sel);
	f->found_at = clock_now_ms();
	return true;
}

/* Index in hits[] of the first one at or after a position. */
static size_t
first_from(const struct finder *f, uint64_t at)
{
	size_t lo = 0, hi = f->nhits;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->hits[mid] < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
finder_jump(struct finder *f, uint64_t *at)
{
	size_t i;

	/* The end of a log is searched sooner than the block before it. */
	if (!f->jumping || f->stale || !f->counts.in_order)
		return false;
	i = first_from(f, f->jump_from);
	if (i == f->nhits && !f->counts.done)
		return false;
	f->jumping = false;
	if (f->nhits == 0)
		return false;
	*at = f->hits[i < f->nhits ? i : 0];
	return true;
}

bool
finder_next(const struct finder *f, uint64_t from, bool back, uint64_t *at,
    bool *wrapped)
{
	size_t i = first_from(f, back ? from : from + 1);

	if (f->nhits == 0)
		return false;
	*wrapped = back ? i == 0 : i == f->nhits;
	if (back)
		i = i > 0 ? i - 1 : f->nhits - 1;
	else if (i == f->nhits)
		i = 0;
	*at = f->hits[i];
	return true;
}

void
finder_words(const struct finder *f, uint64_t at, struct buf *out)
{
	size_t i = first_from(f, at);

	if (f->nhits == 0 && f->counts.done) {
		buf_add(out, SLICE("no hit"));
	} else {
		buf_add(out, SLICE("hit "));
		if (i < f->nhits && f->hits[i] == at)
			figure_count(out, i + 1);
		else
			buf_add_char(out, '-');
		buf_add(out, SLICE(" of "));
		figure_count(out, f->nhits);
	}
	if (f->counts.lines > 0) {
		buf_add(out, SLICE(" ("));
		figure_count(out, f->counts.lines);
		buf_add(out, f->counts.lines == 1 ? SLICE(" line)") :
		    SLICE(" lines)"));
	}
	if (!f->counts.done)
		buf_addf(out, ", searching %d %%", f->counts.progress / 10);
	if (f->counts.limits > 0)
		buf_add(out, SLICE(", pattern met its limit"));
}
