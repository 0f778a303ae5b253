/*
 * Looking at the heads of files.
 */
#include "config.h"

#include "index/look.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "input/file.h"
#include "input/source.h"

/* How many lines of a head are asked for a time. */
#define BEGIN_LINES 64
/* The first time that the head of a file tells; CLOCK_NONE if it tells none. */
static int64_t
begin_of(const struct look_found *found, struct slice head)
{
	struct format_state st = found->state;
	int64_t time = CLOCK_NONE;

	for (int i = 0; i < BEGIN_LINES && time == CLOCK_NONE; i++) {
		const char *end = head.n ? memchr(head.p, '\n', head.n) : NULL;
		struct slice line;
		struct event ev;

		if (!end)
			break;
		line = (struct slice){ head.p, (size_t)(end - head.p) };
		head = slice_from(head, line.n + 1);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		event_clear(&ev);
		found->format->scan(found->format, &st, line, &ev);
		time = ev.time;
	}
	return time;
}

/* Where a head was cut out of more text, half a line says what it does not. */
static struct slice
whole_lines(struct slice head)
{
	size_t n = head.n;

	while (n && head.p[n - 1] != '\n')
		n--;
	return head.n < LOOK_HEAD || n == 0 ? head : slice_head(head, n);
}

enum look_is
look_at_head(const char *path, struct slice head, struct look_when when,
    const struct format_set *set, const struct format *forced,
    struct look_found *found, struct err *err)
{
	const char *slash = strrchr(path, '/');
	struct format_hint hint = { .name = slice_of(slash ? slash + 1 :
	    path), .written = when.written, .ahead = when.ahead };
	struct err why = { "" };

	head = whole_lines(head);
	*found = (struct look_found){ .format = forced, .began = CLOCK_NONE };
	if (forced) {
		found->traits = forced->traits;
		forced->probe(forced, head, &hint, &found->state,
		    &found->traits, &why);
		err_set(err, "asked for; %s", why.text);
	} else {
		found->format = format_set_detect(set, head, &hint,
		    &found->state, &found->traits, &why);
		if (!found->format) {
			err_set(err, "%s: %s", path, why.text);
			return head.n == 0 ? LOOK_EMPTY : LOOK_NO_LOG;
		}
		*err = why;
	}
	found->began = begin_of(found, head);
	return LOOK_LOG;
}

enum look_is
look_at_file(const char *path, int64_t ahead, const struct format_set *set,
    const struct format *forced, struct look_found *found, struct err *err)
{
	enum look_is look = LOOK_UNREADABLE;
	struct file_id id;
	bool archive, packed;
	char *bytes = mem_resize(NULL, LOOK_HEAD, 1);
	ssize_t n = source_head(path, bytes, LOOK_HEAD, &id, &packed, &archive,
	    err);

	if (archive)
		look = LOOK_ARCHIVE;
	else if (n >= 0)
		look = look_at_head(path, (struct slice){ bytes,
		    (size_t)n }, (struct look_when){ id.written, ahead }, set,
		    forced, found, err);
	found->packed = packed;
	found->size = n >= 0 ? id.size : 0;
	free(bytes);
	return look;
}

/* --- many at once ------------------------------------------------------------ */

/* For fewer a second thread costs more than it saves. */
#define SHARED_MIN 16

struct work {
	struct look_job *const *look;
	size_t n;
	const struct format_set *set;
	const _Atomic bool *stop;
	_Atomic size_t next;     /* not taken by anybody yet */
};

static bool
is_stopped(const struct work *w)
{
	return w->stop && atomic_load_explicit(w->stop, memory_order_relaxed);
}

static void *
work_main(void *arg)
{
	struct work *w = arg;
	size_t i;

	while (!is_stopped(w) && (i = atomic_fetch_add(&w->next, 1)) < w->n) {
		struct look_job *l = w->look[i];

		if (!l || l->done)
			continue;
		l->is = look_at_file(l->path, l->ahead, w->set, l->forced,
		    &l->found, &l->why);
		l->done = true;
	}
	return NULL;
}

void
look_at_many(struct look_job *const *look, size_t n,
    const struct format_set *set, const _Atomic bool *stop)
{
	struct work w = { .look = look, .n = n, .set = set, .stop = stop };
	pthread_t helper;
	/* Without one all is done here. */
	bool helped = n >= SHARED_MIN &&
	    thread_start(&helper, work_main, &w) == 0;

	work_main(&w);
	if (helped)
		pthread_join(helper, NULL);
}
