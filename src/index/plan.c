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

const struct format *
plan_detect(const char *path, const struct format *forced,
    struct format_state *st, bool *empty, struct err *err)
{
	static const struct format_state none;
	const struct format *fm = forced;
	struct err why = { "" };
	char *head;
	ssize_t n;
	int fd = file_open(path, NULL, err);

	*empty = false;
	if (fd < 0)
		return NULL;
	head = mem_alloc(HEAD_SIZE);
	n = file_read(fd, path, head, HEAD_SIZE, 0, err);
	close(fd);
	if (n >= 0) {
		struct slice s = { head, (size_t)n };

		*empty = n == 0;
		*st = none;
		if (forced)
			forced->probe(s, st, NULL);
		else if (!(fm = format_detect(s, st, &why)))
			err_set(err, "%s: %s", path, why.text);
	} else {
		fm = NULL;
	}
	free(head);
	return fm;
}

static struct slice
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct slice){ path, slash ? (size_t)(slash - path) + 1 : 0 };
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
    const struct format_state *st)
{
	struct slice folder = folder_of(path);
	struct slice name = slice_of(path + folder.n);
	struct slice key = fm ? fm->stream_of(name) : SLICE_NONE;
	struct planned_stream *ps;

	p->sources++;
	for (size_t i = 0; key.n && i < p->n; i++) {
		ps = &p->stream[i];
		if (ps->format == fm && slice_eq(slice_of(ps->folder), folder) &&
		    slice_case_eq(slice_of(ps->key), key)) {
			/* The first file's head says how the stream begins. */
			add_path(ps, path, p->begun);
			if (!p->begun && strcmp(ps->path[0], path) == 0)
				ps->state = *st;
			return;
		}
	}
	mem_reserve(&p->stream, &p->cap, p->n + 1, sizeof *p->stream);
	ps = &p->stream[p->n++];
	*ps = (struct planned_stream){
		.format = fm, .folder = mem_slicedup(folder),
		.key = mem_slicedup(key),
	};
	if (st)
		ps->state = *st;
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

/* Looks at one gathered file; returns whether it is (or may become) a log. */
static bool
look_at(struct plan *p, const struct gathered *g, const struct format *forced,
    bool follow, struct err *why)
{
	struct format_state st;
	const struct format *fm;
	bool empty = false;

	if (p->begun && is_planned(p, g->path))
		return true;
	if (g->missing) {
		add_file(p, g->path, NULL, NULL);
		return true;
	}
	fm = plan_detect(g->path, forced, &st, &empty, why);
	if (empty && follow) {
		add_file(p, g->path, NULL, NULL);
		return true;
	}
	if (!fm || (empty && !forced))
		return false;
	add_file(p, g->path, fm, &st);
	return true;
}

static void
look_at_new(struct plan *p, const struct format *forced,
    bool follow, const char *path,
    void (*complain)(void *arg, const char *words), void *arg,
    struct err *last)
{
	size_t good = 0, bad = 0;
	bool folder = false;
	struct err why = { "" };

	for (; p->looked < p->seen.n; p->looked++) {
		const struct gathered *g = &p->seen.file[p->looked];

		folder = folder || g->in_folder;
		if (look_at(p, g, forced, follow, &why)) {
			good++;
			continue;
		}
		bad++;
		p->refused++;
		if (!g->in_folder && !p->begun) {
			*last = why;
			complain(arg, why.text);
		}
	}
	if (p->begun || good || !(folder || bad == 0))
		return;
	if (bad)
		err_set(last, "%s: holds no SMTP log (%zu files looked at)",
		    path, bad);
	else
		err_set(last, "%s: holds no files", path);
	complain(arg, last->text);
}

void
plan_paths(struct plan *p, char *const paths[], int npaths,
    const struct format *forced, bool follow,
    void (*complain)(void *arg, const char *words), void *arg,
    struct err *last)
{
	for (int i = 0; i < npaths; i++) {
		size_t before = p->seen.n;

		if (gather_path(&p->seen, paths[i], i, follow && !p->begun,
		    last) < 0) {
			if (!p->begun)
				complain(arg, last->text);
			continue;
		}
		/* A file named twice is no trouble and nothing new. */
		if (p->seen.n == before && before > 0)
			continue;
		look_at_new(p, forced, follow, paths[i], complain, arg, last);
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
		free(p->stream[i].key);
	}
	free(p->stream);
	gather_free(&p->seen);
	*p = (struct plan){ 0 };
}
