/*
 * Lines that wait for their session: a ring, chained by a hash of their keys.
 */
#include "config.h"

#include "index/waiting.h"

static uint32_t
head_at(uint64_t key)
{
	return (uint32_t)key & (WAITING_HEADS - 1);
}

static uint32_t
line_at(uint32_t count)
{
	return count & (WAITING_MAX - 1);
}

/* Whether what had that count has not been written over. */
static bool
is_kept(const struct waiting *w, uint32_t count)
{
	return count && w->count - count < WAITING_MAX;
}

static bool
waits(const struct waiting *w, uint64_t key)
{
	uint32_t count = w->head[head_at(key)];

	while (is_kept(w, count) && w->lines[line_at(count)].key != key)
		count = w->lines[line_at(count)].before;
	return is_kept(w, count);
}

bool
waiting_wants(const struct waiting *w, const struct event *ev)
{
	const unsigned joins = EVENT_JOINS | EVENT_LATER;
	const unsigned follows = EVENT_LASTING | EVENT_LATER;

	if (!ev->key || ev->code)
		return false;
	return (ev->flags & joins) == joins ||
	    ((ev->flags & follows) == follows && waits(w, ev->key));
}

void
waiting_add(struct waiting *w, const struct event *ev, uint32_t line)
{
	uint32_t *head = &w->head[head_at(ev->key)];

	w->count++;              /* a stream has no more lines than that */
	w->lines[line_at(w->count)] = (struct waiting_line){
		.key = ev->key, .time = ev->time, .line = line,
		.before = *head, .says = ev->says,
		.kind = (uint8_t)ev->kind, .side = (uint8_t)ev->side,
	};
	*head = w->count;
}

/* Those at the end of a chain that wait no more need not be passed again. */
static void
forget_taken(struct waiting *w, uint64_t key)
{
	uint32_t *head = &w->head[head_at(key)];

	while (is_kept(w, *head) && !w->lines[line_at(*head)].key)
		*head = w->lines[line_at(*head)].before;
	if (!is_kept(w, *head))
		*head = 0;
}

bool
waiting_take(struct waiting *w, uint64_t key, uint32_t least,
    struct event *ev, uint32_t *line)
{
	struct waiting_line *found = NULL;
	uint32_t count = w->head[head_at(key)];

	for (; is_kept(w, count); count = w->lines[line_at(count)].before)
		if (w->lines[line_at(count)].key == key &&
		    w->lines[line_at(count)].line >= least)
			found = &w->lines[line_at(count)];
	if (found) {
		event_clear(ev);
		ev->kind = (enum event_kind)found->kind;
		ev->side = (enum event_side)found->side;
		ev->flags = EVENT_JOINS | EVENT_LATER;
		ev->says = found->says;
		ev->time = found->time;
		ev->key = key;
		*line = found->line;
		found->key = 0;
	}
	forget_taken(w, key);
	return found;
}
