/*
 * Which sessions the list shows, in which order, in which columns.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ui/list.h"

static const struct {
	const char *words;
	const char *term;            /* in the filter language */
} quicks[QUICK_COUNT] = {
	[QUICK_ALL] = { "", "" },
	[QUICK_PERMANENT] = { "only 5xx", "is:permanent" },
	[QUICK_TEMPORARY] = { "only 4xx", "is:temporary" },
	[QUICK_DROPPED] = { "only dropped", "is:dropped" },
	[QUICK_REFUSED] = { "only refused", "is:refused" },
	[QUICK_FINE] = { "only fine", "is:fine" },
};

const char *
quick_words(enum quick q)
{
	return quicks[q].words;
}

uint64_t
quick_count(enum quick q, const struct progress *p)
{
	switch (q) {
	case QUICK_PERMANENT:
		return p->by_outcome[OUTCOME_PERMANENT];
	case QUICK_TEMPORARY:
		return p->by_outcome[OUTCOME_TEMPORARY];
	case QUICK_DROPPED:
		return p->by_outcome[OUTCOME_DROPPED];
	case QUICK_REFUSED:
		return p->by_outcome[OUTCOME_REFUSED];
	case QUICK_FINE:
		return p->by_outcome[OUTCOME_OK] +
		    p->by_outcome[OUTCOME_OPEN] +
		    p->by_outcome[OUTCOME_EMPTY];
	default:
		return p->sessions;
	}
}

static char *
whole_expression(const struct list *l)
{
	struct buf b = { 0 };

	buf_add(&b, slice_of(quicks[l->quick].term));
	if (l->quick != QUICK_ALL && l->filter.n > 1)
		buf_addf(&b, " (%s)", l->filter.p);
	else if (l->filter.n > 1)
		buf_addf(&b, "%s", l->filter.p);
	buf_add_char(&b, '\0');
	return b.p;
}

void
list_apply(struct list *l)
{
	struct scene *sc = l->view.scene;
	char *expr = whole_expression(l);
	struct filter_error fe;
	struct filter *f = NULL;

	/* Each part was parsed by itself before: this one cannot fail. */
	if (*expr)
		f = filter_parse(expr, &sc->zone, &fe);
	free(expr);
	list_forget_widths(l);
	selection_set(sc->selection, f, l->sort, l->reverse);
	selection_update(sc->selection);
	l->answered = false;
	list_look(l);
	list_follow_anchor(l);
	place_centre(&l->place, l->count, l->rows);
	l->seen = l->count;
	/* That an old search found nothing is no news of other sessions. */
	if (sc->finder.counts.done && sc->finder.counts.lines == 0)
		finder_stop(&sc->finder);
	finder_reorder(&sc->finder, true);
}

int
list_set_filter(struct list *l, const char *expr, struct filter_error *fe)
{
	struct filter *f = filter_parse(expr, &l->view.scene->zone, fe);

	if (!f)
		return -1;
	filter_free(f);
	l->filter.n = 0;
	buf_add(&l->filter, slice_trim(slice_of(expr)));
	buf_add_char(&l->filter, '\0');
	return 0;
}

static int
take_columns(struct list *l, const struct options *o,
    const struct setting *s, struct err *err)
{
	struct slice names = slice_of(s->value), name;
	const char *path = o->config_path ? o->config_path : "configuration";

	if (!slice_case_eq(slice_of(s->key), SLICE("list")))
		return err_set(err, "%s:%d: [columns] has no '%.40s', only "
		    "list", path, s->line, s->key);
	l->ncolumns = 0;
	while (slice_cut(&names, ' ', &name)) {
		char *word;
		int id;

		while (name.n && name.p[name.n - 1] == ',')
			name.n--;
		if (name.n == 0)
			continue;
		word = mem_slicedup(name);
		id = column_by_name(word);
		free(word);
		if (id < 0 || memchr(l->order, id, (size_t)l->ncolumns))
			return err_set(err, "%s:%d: '%.*s' is no column, or "
			    "there twice", path, s->line,
			    SLICE_ARGS(slice_head(name, 40)));
		l->order[l->ncolumns++] = (uint8_t)id;
	}
	if (l->ncolumns == 0)
		return err_set(err, "%s:%d: a list without columns", path,
		    s->line);
	return 0;
}

int
list_choose_columns(struct list *l, const struct options *o, struct err *err)
{
	for (l->ncolumns = 0; l->ncolumns < COLUMN_COUNT; l->ncolumns++)
		l->order[l->ncolumns] = (uint8_t)l->ncolumns;
	for (size_t i = 0; o && i < o->nsettings; i++)
		if (slice_case_eq(slice_of(o->settings[i].section),
		    SLICE("columns")) &&
		    take_columns(l, o, &o->settings[i], err) < 0)
			return -1;
	return 0;
}
