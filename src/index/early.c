/*
 * The first file of the first stream, found by names and a few heads.
 */
#include "config.h"

#include "index/early.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* For fewer files the plan is made as soon. */
#define FILES_MIN 16
/* So many files that are no logs may stand before the first one that is. */
#define OTHERS_MAX 64
/* So many may be of a rotated set, all of which are looked at. */
#define SET_MAX 128
/* So many are asked for what names do not tell. */
#define ASKED_MAX 4

/* The first stream, while it is looked for. */
struct finding {
	struct early *early;
	struct plan *plan;
	const struct format *forced;
	size_t first;            /* the file that the stream is made for */
};

static const struct look_job *
look_at(const struct finding *f, size_t at)
{
	plan_look(f->plan, &at, 1, f->forced);
	return f->plan->head[at];
}

/* Of pipes and archives names tell nothing, of what may come even less. */
static bool
are_plain_files(const struct plan *p)
{
	for (size_t i = 0; i < p->seen.n; i++) {
		const struct gathered *g = &p->seen.file[i];

		if (g->pipe || g->missing || g->member)
			return false;
	}
	return p->seen.n >= FILES_MIN;
}

/* The first file that makes a stream; NULL: that may be another. */
static const struct look_job *
find_first(struct finding *f, bool follow)
{
	const struct plan *p = f->plan;
	size_t ahead[OTHERS_MAX] = { 0 }, n = 0;

	for (f->first = 0; f->first < p->seen.n; f->first++) {
		const struct look_job *l;

		/* One, and then twice as many each time. */
		if (f->first == n) {
			for (; n < 2 * f->first + 1 && n < p->seen.n &&
			    n < OTHERS_MAX; n++)
				ahead[n] = n;
			if (f->first == n)
				return NULL;
			plan_look(f->plan, ahead + f->first, n - f->first,
			    f->forced);
		}
		l = p->head[f->first];
		if (l->is == LOOK_LOG)
			return l;
		if (l->is == LOOK_ARCHIVE || (l->is == LOOK_EMPTY && follow &&
		    !p->seen.file[f->first].in_folder))
			return NULL;
	}
	return NULL;
}

/* Whether the file at `i` is of the stream, if it is a log of its format. */
static bool
is_of_stream(const struct finding *f, size_t i)
{
	const struct planned_stream *ps = &f->early->stream;
	const struct gathered *g = &f->plan->seen.file[i];
	bool rotated, is;
	char *key;

	if (!ps->key[0] ||
	    !slice_eq(planned_folder(g->path), slice_of(ps->folder)) ||
	    !planned_same_host(&ps->label, plan_label(f->plan, g->from)))
		return false;
	key = planned_key(ps->format, planned_name(g->path), &rotated);
	is = slice_case_eq(slice_of(key), slice_of(ps->key));
	free(key);
	return is;
}

/* As the plan will do it.  False when the file is none of the stream's. */
static bool
add_file(struct finding *f, const struct look_job *l)
{
	struct early *e = f->early;
	struct planned_stream *ps = &e->stream;
	struct planned_file file = { .began = l->found.began,
	    .packed = l->found.packed, .size = l->found.size };

	if (l->is != LOOK_LOG || l->found.format != ps->format)
		return false;
	file.path = mem_strdup(l->path);
	planned_add(ps, file, false);
	if (ps->file[0].path == file.path) {
		ps->state = l->found.state;
		ps->traits = l->found.traits;
		e->size = l->found.size;
		e->packed = l->found.packed;
	}
	return true;
}

static void
make_stream(struct finding *f, const struct look_job *l)
{
	struct planned_stream *ps = &f->early->stream;

	*ps = (struct planned_stream){
		.format = l->found.format, .why = mem_strdup(l->why.text),
		.label = *plan_label(f->plan, f->plan->seen.file[f->first].from),
		.folder = mem_slicedup(planned_folder(l->path)),
	};
	ps->key = planned_key(ps->format, planned_name(l->path), &ps->rotated);
	add_file(f, l);
}

/*
 * Of a rotated set the times decide that its files begin with, so all of them
 * are looked at.
 */
static bool
take_set(struct finding *f)
{
	size_t at[SET_MAX] = { 0 }, n = 0;

	for (size_t i = f->first + 1; i < f->plan->seen.n; i++) {
		if (!is_of_stream(f, i))
			continue;
		if (n == SET_MAX)
			return false;
		at[n++] = i;
	}
	plan_look(f->plan, at, n, f->forced);
	for (size_t i = 0; i < n; i++) {
		if (f->plan->head[at[i]]->is == LOOK_ARCHIVE)
			return false;
		add_file(f, f->plan->head[at[i]]);
	}
	return true;
}

/*
 * Of others their names decide: the first by name is looked at, and others until
 * one is found that is of the stream, too: then it is called by what their names
 * have in common.
 */
static bool
take_series(struct finding *f)
{
	const struct planned_stream *ps = &f->early->stream;
	const struct gathered *file = f->plan->seen.file;
	size_t least = f->first, asked = 0;

	for (size_t i = f->first + 1; i < f->plan->seen.n; i++)
		if (is_of_stream(f, i) &&
		    gather_compare(file[i].path, file[least].path) < 0)
			least = i;
	if (least != f->first && !add_file(f, look_at(f, least)))
		return false;
	for (size_t i = f->first + 1; i < f->plan->seen.n && ps->n < 2; i++) {
		const struct look_job *l;

		if (!is_of_stream(f, i))
			continue;
		if (++asked > ASKED_MAX)
			return false;
		l = look_at(f, i);
		if (l->is == LOOK_ARCHIVE)
			return false;
		add_file(f, l);
	}
	return true;
}

/* How much the folders have in common, up to a slash. */
static size_t
in_common(struct slice a, struct slice b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	while (n > 0 && a.p[n - 1] != '/')
		n--;
	return n;
}

static size_t
common_with(const struct finding *f, size_t i)
{
	return in_common(slice_of(f->early->stream.folder),
	    planned_folder(f->plan->seen.file[i].path));
}

/*
 * What names leave out of their folders must be so whichever others are logs:
 * one whose folder has the least in common with the stream's must be.
 */
static bool
find_common(struct finding *f, size_t *least)
{
	const struct plan *p = f->plan;
	size_t asked = 0;

	*least = slice_of(f->early->stream.folder).n;
	for (size_t i = 0; i < p->seen.n; i++) {
		size_t n = common_with(f, i);

		if (n < *least)
			*least = n;
	}
	if (*least == slice_of(f->early->stream.folder).n)
		return true;
	for (size_t i = 0; i < p->seen.n && asked < ASKED_MAX; i++)
		if (common_with(f, i) == *least) {
			if (look_at(f, i)->is == LOOK_LOG)
				return true;
			asked++;
		}
	return false;
}

bool
early_look(struct early *e, struct plan *p, char *const paths[], int npaths,
    const struct format *forced, bool follow)
{
	struct finding f = { e, p, forced, 0 };
	const struct look_job *l;
	size_t common;

	*e = (struct early){ 0 };
	if (!plan_gather(p, paths, npaths, follow) || !are_plain_files(p))
		return false;
	l = find_first(&f, follow);
	if (!l || l->found.format->second_log)
		return false;
	make_stream(&f, l);
	if (!(e->stream.rotated ? take_set(&f) : take_series(&f)) ||
	    !find_common(&f, &common))
		return false;
	e->plan = (struct plan){ .formats = p->formats, .choice = p->choice,
	    .nchoices = p->nchoices, .pipes = p->pipes, .labels = p->labels,
	    .stream = &e->stream, .n = 1, .common = common };
	return true;
}

void
early_free(struct early *e)
{
	for (size_t i = 0; i < e->stream.n; i++)
		free(e->stream.file[i].path);
	planned_free(&e->stream);
}
