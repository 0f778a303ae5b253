/*
 * Looking at a log that was read to its end: has it grown, was it cut, has
 * another file its name?
 */
#include "config.h"

#include "index/tail.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "index/second.h"
#include "index/tailing.h"

/*
 * The bytes before the place where reading stopped: a file that was cut and has
 * grown past that place differs in them, if not in its head.
 */
static ssize_t
read_last(const struct tail *t, char *bytes)
{
	uint64_t at = t->looked - t->origin;
	size_t n = at < TAIL_LAST ? (size_t)at : TAIL_LAST;

	return file_read(t->seg->source->fd, t->path, bytes, n, at - n, NULL,
	    NULL);
}

void
tail_take_last(struct tail *t)
{
	ssize_t n = read_last(t, t->last);

	t->nlast = n > 0 ? (size_t)n : 0;
}

static bool
has_last(const struct tail *t)
{
	char now[TAIL_LAST];

	return !t->nlast || (read_last(t, now) == (ssize_t)t->nlast &&
	    memcmp(now, t->last, t->nlast) == 0);
}

/* The file was cut: what was read of it is gone, what comes is new. */
static void
begin_again(struct tail *t, const struct plan *plan, struct err *err)
{
	char *path = mem_strdup(t->path);

	if (t->seg)
		atomic_store_explicit(&t->seg->gone, true,
		    memory_order_relaxed);
	t->broken = true;
	t->line_at = t->looked > t->line_at ? t->looked : t->line_at;
	t->looked = t->line_at;
	free(t->head);
	t->head = NULL;
	t->seg = NULL;
	if (tail_begin_file(t, plan, path, err) == 0)
		err_set(err, "%s: was truncated; what stood in it before "
		    "can no longer be shown", path);
	free(path);
}

/* The half line that a replaced file ends with will never be whole. */
static void
give_half_line(struct tail *t, struct batch *b)
{
	size_t n = (size_t)(t->looked - t->line_at);
	char *rest;
	ssize_t got;

	if (t->head || n == 0) {
		tail_end_line(t, b, NULL, 0);
		return;
	}
	rest = mem_alloc(n);
	batch_own(b, rest);
	got = file_read(t->seg->source->fd, t->path, rest, n,
	    t->line_at - t->origin, NULL, NULL);
	if (got > 0)
		tail_end_line(t, b, rest, (size_t)got);
}

/*
 * Another file has the name now, and something is in it: until then the
 * writer may still have the old one open.
 */
static bool
was_replaced(struct tail *t, const struct plan *plan, struct batch *b,
    struct err *err)
{
	struct file_id now;
	char *path;

	/* Of several that a pause held, one that stayed empty is over, too. */
	if (t->nheld ? !file_size(t->held[0]->fd, &now) :
	    !file_look(t->path, &now))
		return false;
	t->barred = false;
	if (t->nheld < 2 && (file_same(&now, &t->id) || now.size == 0))
		return false;
	give_half_line(t, b);
	tail_give_batch(t, b);
	path = mem_strdup(t->path);
	if (tail_begin_file(t, plan, path, err) < 0)
		t->seg = NULL;
	free(path);
	return true;
}

/* Whether a folder or the like has the name now, and nobody was told yet. */
static bool
was_barred(struct tail *t, struct err *err)
{
	if (t->barred || !file_is_other(t->path))
		return false;
	t->barred = true;
	err_set(err, "%s: is no regular file any more; what stood in it can "
	    "still be shown", t->path);
	return true;
}

bool
tail_look(struct tail *t, const struct plan *plan, struct batch *b, bool *told,
    struct err *err)
{
	struct file_id now = { 0 };
	uint64_t read_so_far;

	*told = false;
	if (t->dead || t->pipe)
		return false;
	if (!t->path || !tail_is_last(t, plan) || second_has_news(t, plan))
		return true;
	if (!t->seg) {
		/* The end was taken for the end when it was not followed. */
		t->seg = t->own;
	}
	/* What is packed was read to its end, and does not grow. */
	if (t->seg->source->fd < 0) {
		t->seg = NULL;
		return false;
	}
	if (!file_size(t->seg->source->fd, &now))
		return false;
	read_so_far = t->looked - t->origin;
	if (now.size < read_so_far || segment_changed(t->seg) ||
	    !has_last(t)) {
		begin_again(t, plan, err);
		*told = true;
		return true;
	}
	if (now.size > read_so_far || was_replaced(t, plan, b, err))
		return true;
	*told = was_barred(t, err);
	return false;
}
