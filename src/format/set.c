/*
 * Sets of formats, and finding out which of a set a file is in.
 */
#include "config.h"

#include "format/set.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/others.h"

/* Below this no format is sure enough. */
#define SCORE_MIN 40
/* Above this none of those that come with ehlog as files need be asked. */
#define SCORE_SURE 93
/* No score is higher: a user's own alone can still go first. */
#define SCORE_MAX 100

void
format_set_init(struct format_set *s)
{
	*s = (struct format_set){ 0 };
	for (const struct format *const *f = formats; *f; f++)
		format_set_add(s, &(struct format_entry){ .format = *f });
}

static void
release(const struct format_entry *e)
{
	if (e->release)
		e->release(e);
}

void
format_set_add(struct format_set *s, const struct format_entry *e)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->entry[i].format->name, e->format->name) == 0) {
			release(&s->entry[i]);
			s->entry[i] = *e;
			return;
		}
	mem_reserve(&s->entry, &s->cap, s->n + 1, sizeof *s->entry);
	s->entry[s->n++] = *e;
}

void
format_set_free(struct format_set *s)
{
	for (size_t i = 0; i < s->n; i++)
		release(&s->entry[i]);
	free(s->entry);
	*s = (struct format_set){ 0 };
}

const struct format *
format_set_at(const struct format_set *s, size_t n)
{
	if (s)
		return n < s->n ? s->entry[n].format : NULL;
	for (const struct format *const *f = formats; *f; f++)
		if (n-- == 0)
			return *f;
	return NULL;
}

const struct format *
format_set_find(const struct format_set *s, const char *name)
{
	const struct format *fm;

	for (size_t i = 0; (fm = format_set_at(s, i)) != NULL; i++)
		if (strcmp(fm->name, name) == 0)
			return fm;
	return NULL;
}

static void
refuse(struct slice head, struct err *why)
{
	const char *other = other_log_kind(head);

	if (other)
		err_set(why, "it is %s, which holds no SMTP sessions", other);
	else if (memchr(head.p, '\0', head.n))
		err_set(why, "it is binary, not a log");
	else
		err_set(why, "its first lines are of no format known to ehlog "
		    "(--list-formats lists them, --format=NAME forces one)");
}

const struct format *
format_set_detect(const struct format_set *set, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	const struct format *best = NULL, *fm;
	struct err reason = { "" }, best_reason = { "" };
	int best_score = 0;

	if (head.n == 0) {
		err_set(why, "it is empty");
		return NULL;
	}
	for (size_t i = 0; (fm = format_set_at(set, i)) != NULL; i++) {
		struct format_state s = { 0 };
		struct format_traits t = fm->traits;
		bool own = set && set->entry[i].own;
		int score;

		if (!own && (best_score >= SCORE_MAX || (set &&
		    set->entry[i].path && best_score > SCORE_SURE)))
			continue;
		score = fm->probe(fm, head, hint, &s, &t, &reason);

		if (score > best_score || (own && score &&
		    score == best_score)) {
			best_score = score;
			best = fm;
			best_reason = reason;
			*st = s;
			*traits = t;
		}
	}
	if (best && best_score >= SCORE_MIN) {
		err_set(why, "%d of 100: %s", best_score, best_reason.text);
		return best;
	}
	refuse(head, why);
	return NULL;
}
