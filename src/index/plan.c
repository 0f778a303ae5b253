/*
 * Planning: from paths to streams.
 */
#include "config.h"

#include "index/plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/file.h"

/* Enough for the header and some hundred entries. */
#define HEAD_SIZE 32768

static struct slice
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct slice){ path, slash ? (size_t)(slash - path) + 1 : 0 };
}

enum plan_look
plan_detect(const char *path, const struct format_set *set,
    const struct format *forced, const struct format **fm,
    struct format_state *st, struct format_traits *traits, struct err *err)
{
	static const struct format_state none;
	enum plan_look look = PLAN_LOG;
	struct format_hint hint = { .name = slice_from(slice_of(path),
	    folder_of(path).n) };
	struct err why = { "" };
	struct file_id id;
	char *head;
	ssize_t n;
	int fd = file_open(path, &id, err);

	*st = none;
	*traits = forced ? forced->traits : (struct format_traits){ false };
	*fm = forced;
	if (fd < 0)
		return PLAN_UNREADABLE;
	hint.written = id.written;
	head = mem_alloc(HEAD_SIZE);
	n = file_read(fd, path, head, HEAD_SIZE, 0, NULL, err);
	close(fd);
	if (n < 0) {
		look = PLAN_UNREADABLE;
	} else if (forced) {
		forced->probe(forced, (struct slice){ head, (size_t)n }, &hint,
		    st, traits, &why);
		err_set(err, "asked for; %s", why.text);
	} else {
		*fm = format_set_detect(set,
		    (struct slice){ head, (size_t)n }, &hint, st, traits,
		    &why);
		if (*fm)
			*err = why;
		else
			err_set(err, "%s: %s", path, why.text);
		look = *fm ? PLAN_LOG : n == 0 ? PLAN_EMPTY : PLAN_NO_LOG;
	}
	free(head);
	return look;
}

/* In the order of names; a file that joins later goes to the end. */
static void
add_path(struct planned_stream *ps, const char *path, bool later)
{
	size_t at;

	mem_reserve(&ps->path, &ps->cap, ps->n + 1, sizeof *ps->path);
	for (at = ps->n; !later && at > 0 &&
	    gather_compare(path, ps->path[at - 1]) < 0; at--)
		ps->path[at] = ps->path[at - 1];
	ps->path[at] = mem_strdup(path);
	ps->n++;
}

static void
add_file(struct plan *p, const char *path, const struct format *fm,
    const struct format_state *st, const struct format_traits *traits,
    const char *why)
{
	struct slice folder = folder_of(path);
	struct slice name = slice_of(path + folder.n);
	struct slice key = fm && fm->stream_of ? fm->stream_of(fm, name) :
	    SLICE_NONE;
	struct planned_stream *ps;

	p->sources++;
	for (size_t i = 0; key.n && i < p->n; i++) {
		ps = &p->stream[i];
		if (ps->format == fm && slice_eq(slice_of(ps->folder), folder) &&
		    slice_case_eq(slice_of(ps->key), key)) {
			/* The first file's head says how the stream begins. */
			add_path(ps, path, p->begun);
			if (!p->begun && strcmp(ps->path[0], path) == 0) {
				ps->state = *st;
				ps->traits = *traits;
			}
			return;
		}
	}
	mem_reserve(&p->stream, &p->cap, p->n + 1, sizeof *p->stream);
	ps = &p->stream[p->n++];
	*ps = (struct planned_stream){
		.format = fm, .folder = mem_slicedup(folder),
		.key = mem_slicedup(key),
	};
	if (st) {
		ps->state = *st;
		ps->traits = *traits;
		ps->why = mem_strdup(why);
	}
	add_path(ps, path, p->begun);
}

/* A name that a stream reads already: what comes under it is the tail's. */
static bool
is_planned(const struct plan *p, const char *path)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->stream[i].n; k++)
			if (strcmp(p->stream[i].path[k], path) == 0)
				return true;
	return false;
}

/* What was chosen for this file, or else for all. */
static const struct format *
choice_for(const struct plan *p, const char *path, const struct format *forced)
{
	for (size_t i = 0; i < p->nchoices; i++)
		if (strcmp(p->choice[i].path, path) == 0)
			return p->choice[i].format;
	return forced;
}

/* Looks at one gathered file; PLAN_LOG, too, for one that may become a log. */
static enum plan_look
look_at(struct plan *p, struct gathered *g, const struct format *forced,
    bool follow, struct err *why)
{
	struct format_state st;
	struct format_traits traits;
	const struct format *fm = NULL;
	enum plan_look look;

	if (p->begun && is_planned(p, g->path))
		return PLAN_LOG;
	if (g->missing) {
		add_file(p, g->path, NULL, NULL, NULL, NULL);
		return PLAN_LOG;
	}
	look = plan_detect(g->path, p->formats, choice_for(p, g->path, forced),
	    &fm, &st, &traits, why);
	/* A named file that is empty has its place in the order. */
	if (look == PLAN_EMPTY && follow && !g->in_folder) {
		add_file(p, g->path, NULL, NULL, NULL, NULL);
		return PLAN_LOG;
	}
	p->refused += (look != PLAN_LOG) - g->refused;
	g->refused = look != PLAN_LOG;
	if (look == PLAN_LOG)
		add_file(p, g->path, fm, &st, &traits, why->text);
	return look;
}

/* Refused ones that have grown since: half a header is no log yet. */
static void
look_again(struct plan *p, const struct format *forced)
{
	for (size_t i = 0; i < p->seen.n; i++) {
		struct gathered *g = &p->seen.file[i];
		struct file_id id;
		struct err why;

		if (!g->refused || !file_look(g->path, &id) ||
		    (off_t)id.size == g->size)
			continue;
		g->size = (off_t)id.size;
		look_at(p, g, forced, true, &why);
	}
}

struct complaints {
	void (*complain)(void *arg, const char *words);
	void *arg;
	struct err *last;
};

static void
complain_of(const struct complaints *c, const char *words)
{
	err_set(c->last, "%s", words);
	c->complain(c->arg, words);
}

/* The files of one path. */
static void
look_at_new(struct plan *p, const struct format *forced, bool follow,
    const char *path, const struct complaints *c)
{
	size_t good = 0, bad = 0;
	bool folder = false;
	struct err why = { "" };

	for (; p->looked < p->seen.n; p->looked++) {
		struct gathered *g = &p->seen.file[p->looked];
		enum plan_look look = look_at(p, g, forced, follow, &why);

		folder = folder || g->in_folder;
		good += look == PLAN_LOG;
		bad += look != PLAN_LOG;
		if (look == PLAN_UNREADABLE ||
		    (look != PLAN_LOG && !g->in_folder && !p->begun))
			complain_of(c, why.text);
	}
	for (; p->told < p->seen.ntroubles; p->told++)
		complain_of(c, p->seen.trouble[p->told]);
	if (p->begun || follow || good || !(folder || bad == 0))
		return;
	if (bad)
		err_set(&why, "%s: holds no SMTP log (%zu %s looked at)",
		    path, bad, bad == 1 ? "file" : "files");
	else
		err_set(&why, "%s: holds no files", path);
	complain_of(c, why.text);
}

void
plan_paths(struct plan *p, char *const paths[], int npaths,
    const struct format *forced, bool follow,
    void (*complain)(void *arg, const char *words), void *arg,
    struct err *last)
{
	struct complaints c = { complain, arg, last };
	struct err why;

	if (p->begun)
		look_again(p, forced);
	for (int i = 0; i < npaths; i++) {
		size_t before = p->seen.n;

		if (gather_path(&p->seen, paths[i], follow && !p->begun,
		    &why) < 0) {
			if (!p->begun)
				complain_of(&c, why.text);
			continue;
		}
		/* A file named twice is no trouble and nothing new. */
		if (p->seen.n == before && before > 0 &&
		    p->told == p->seen.ntroubles)
			continue;
		look_at_new(p, forced, follow, paths[i], &c);
	}
	p->begun = true;
}

void
plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < p->stream[i].n; k++)
			free(p->stream[i].path[k]);
		free(p->stream[i].path);
		free(p->stream[i].folder);
		free(p->stream[i].why);
		free(p->stream[i].key);
	}
	free(p->stream);
	gather_free(&p->seen);
	*p = (struct plan){ 0 };
}
