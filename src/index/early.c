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
#define OTHERS_MAX (PLAN_HEADS - 2)

/* Looks at the head of one gathered file, for the plan, too. */
static const struct look_job *
look_at(struct plan *p, size_t at, const struct format *forced)
{
	struct plan_head *h = &p->head[p->nheads++];
	const char *path = p->seen.file[at].path;
	struct look_job *l = &h->look;

	h->at = at;
	*l = (struct look_job){ .path = path,
	    .ahead = source_clock_ahead(&plan_label(p, 0)->clock),
	    .forced = plan_choice(p, path, forced) };
	l->is = look_at_file(path, l->ahead, p->formats, l->forced, &l->found,
	    &l->why);
	return l;
}

/* The first file that makes a stream; NULL: that may be another. */
static const struct look_job *
find_first(struct plan *p, const struct format *forced, bool follow,
    size_t *at)
{
	for (*at = 0; *at < OTHERS_MAX; ++*at) {
		const struct gathered *g = &p->seen.file[*at];
		const struct look_job *l;

		if (g->pipe || g->missing || g->member)
			return NULL;
		l = look_at(p, *at, forced);
		if (l->is == LOOK_LOG)
			return l;
		if (l->is == LOOK_ARCHIVE ||
		    (l->is == LOOK_EMPTY && follow && !g->in_folder))
			return NULL;
	}
	return NULL;
}

static bool
is_of_stream(const struct planned_stream *ps, const char *path)
{
	bool rotated, is;
	char *key;

	if (!ps->key[0] ||
	    !slice_eq(planned_folder(path), slice_of(ps->folder)))
		return false;
	key = planned_key(ps->format, planned_name(path), &rotated);
	is = slice_case_eq(slice_of(key), slice_of(ps->key));
	free(key);
	return is;
}

/*
 * Whether the file at `first` is the first of its stream, by what names say of
 * all others; then *other is one that may be of it, too, or 0.
 */
static bool
is_first(const struct planned_stream *ps, const struct plan *p, size_t first,
    size_t *other)
{
	*other = 0;
	for (size_t i = first + 1; i < p->seen.n; i++) {
		const char *path = p->seen.file[i].path;

		if (!is_of_stream(ps, path))
			continue;
		/* Of rotated sets their times decide. */
		if (ps->rotated || gather_compare(ps->file[0].path, path) > 0)
			return false;
		if (!*other)
			*other = i;
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

/* The least that any folder has in common with the stream's; *with: whose. */
static size_t
least_common(const struct planned_stream *ps, const struct plan *p,
    size_t *with)
{
	struct slice folder = slice_of(ps->folder);
	size_t least = folder.n;

	*with = 0;
	for (size_t i = 0; i < p->seen.n; i++) {
		size_t n = in_common(folder,
		    planned_folder(p->seen.file[i].path));

		if (n < least) {
			least = n;
			*with = i;
		}
	}
	return least;
}

static void
begin_stream(struct early *e, const struct plan *p, const struct look_job *l)
{
	struct planned_stream *ps = &e->stream;

	e->size = l->found.size;
	e->file[0] = (struct planned_file){ .path = mem_strdup(l->path),
	    .began = l->found.began, .size = l->found.size };
	*ps = (struct planned_stream){
		.format = l->found.format, .state = l->found.state,
		.traits = l->found.traits, .why = mem_strdup(l->why.text),
		.label = *plan_label(p, 0), .file = e->file, .n = 1,
		.folder = mem_slicedup(planned_folder(l->path)),
	};
	ps->key = planned_key(ps->format, planned_name(l->path), &ps->rotated);
}

bool
early_look(struct early *e, struct plan *p, const char *path,
    const struct format *forced, bool follow)
{
	const struct look_job *l;
	size_t first, other, with, common;
	struct err why;

	*e = (struct early){ 0 };
	if (gather_path(&p->seen, path, follow, &why) < 0)
		return false;
	p->gathered = true;
	if (p->seen.n < FILES_MIN)
		return false;
	l = find_first(p, forced, follow, &first);
	if (!l || l->found.packed || l->found.format->second_log)
		return false;
	begin_stream(e, p, l);
	if (!is_first(&e->stream, p, first, &other))
		return false;
	if (other) {
		l = look_at(p, other, forced);
		if (l->is != LOOK_LOG || l->found.format != e->stream.format)
			return false;
		e->file[e->stream.n++].path = mem_strdup(l->path);
	}
	/* What names leave out must be so whichever others are logs. */
	common = least_common(&e->stream, p, &with);
	if (with && look_at(p, with, forced)->is != LOOK_LOG)
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
		free(e->file[i].path);
	e->stream.file = NULL;
	planned_free(&e->stream);
}
