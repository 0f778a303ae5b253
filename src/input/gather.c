/*
 * Gathering files.  Knows nothing of what is in them.
 */
#include "config.h"

#include "input/gather.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/source.h"

/* Deeper folders than this are nobody's log folder. */
#define FOLDERS_DEEP 24

static const char *
skip_zeros(const char *p)
{
	while (*p == '0' && ascii_is_digit((unsigned char)p[1]))
		p++;
	return p;
}

int
gather_compare(const char *a, const char *b)
{
	const char *whole_a = a, *whole_b = b;

	while (*a && *b) {
		size_t na = 0, nb = 0;

		if (!ascii_is_digit((unsigned char)*a) ||
		    !ascii_is_digit((unsigned char)*b)) {
			if (*a != *b)
				return (unsigned char)*a < (unsigned char)*b ?
				    -1 : 1;
			a++;
			b++;
			continue;
		}
		a = skip_zeros(a);
		b = skip_zeros(b);
		while (ascii_is_digit((unsigned char)a[na]))
			na++;
		while (ascii_is_digit((unsigned char)b[nb]))
			nb++;
		if (na != nb)
			return na < nb ? -1 : 1;
		if (memcmp(a, b, na) != 0)
			return memcmp(a, b, na);
		a += na;
		b += nb;
	}
	if (*a || *b)
		return *a ? 1 : -1;
	return strcmp(whole_a, whole_b);
}

/* Numbers of files come one after the other: they need no better spreading. */
static size_t *
chain_of(const struct gather *g, ino_t ino)
{
	return &g->chain[(size_t)ino & (g->chains - 1)];
}

static void
link_in(struct gather *g, size_t i)
{
	size_t *chain = chain_of(g, g->file[i].ino);

	g->file[i].next = *chain;
	*chain = i + 1;
}

/* What is missing has no number, and is in no chain. */
static void
add_to_chain(struct gather *g, size_t i)
{
	if (g->n <= g->chains) {
		link_in(g, i);
		return;
	}
	g->chains = g->chains ? g->chains * 2 : 64;
	free(g->chain);
	g->chain = mem_array(g->chains, sizeof *g->chain);
	for (size_t k = 0; k < g->n; k++)
		if (!g->file[k].missing)
			link_in(g, k);
}

/*
 * Whether a file is there already, under any name.  One that was refused is
 * held open by nobody: its number may be another file's by now.  The members
 * of an archive share its number.
 */
static const struct gathered *
known(const struct gather *g, const char *path, bool member,
    const struct stat *sb)
{
	size_t i = g->chains ? *chain_of(g, sb->st_ino) : 0;

	for (; i; i = g->file[i - 1].next) {
		const struct gathered *f = &g->file[i - 1];

		if (f->ino == sb->st_ino && f->dev == sb->st_dev &&
		    ((!f->refused && !f->member && !member) ||
		    strcmp(f->path, path) == 0))
			return f;
	}
	return NULL;
}

static void
add(struct gather *g, const struct gathered *what, const struct stat *sb)
{
	const struct gathered *is = sb ?
	    known(g, what->path, what->member, sb) : NULL;
	struct gathered *f;

	if (is) {
		g->renamed += strcmp(is->path, what->path) != 0;
		return;
	}
	mem_reserve(&g->file, &g->cap, g->n + 1, sizeof *g->file);
	f = &g->file[g->n++];
	*f = *what;
	f->path = mem_strdup(what->path);
	f->missing = !sb;
	if (sb) {
		f->dev = sb->st_dev;
		f->ino = sb->st_ino;
		f->size = sb->st_size;
		add_to_chain(g, g->n - 1);
	}
}

static void
note(char ***list, size_t *n, size_t *cap, const char *text)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp((*list)[i], text) == 0)
			return;
	mem_reserve(list, cap, *n + 1, sizeof **list);
	(*list)[(*n)++] = mem_strdup(text);
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return gather_compare((*a)->d_name, (*b)->d_name);
}

static int
not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* False when the folder was walked already, by whatever name. */
static bool
is_fresh(struct gather *g, const struct stat *sb)
{
	for (size_t i = 0; i < g->nwalked; i++)
		if (g->walked[i].dev == sb->st_dev &&
		    g->walked[i].ino == sb->st_ino)
			return false;
	mem_reserve(&g->walked, &g->walked_cap, g->nwalked + 1,
	    sizeof *g->walked);
	g->walked[g->nwalked++] = (struct gather_folder){ sb->st_dev,
		sb->st_ino };
	return true;
}

static int
walk(struct gather *g, const char *folder, int deep, struct err *err)
{
	struct dirent **entry;
	int n = scandir(folder, &entry, not_hidden, by_name);

	note(&g->folder, &g->nfolders, &g->folders_cap, folder);
	if (n < 0)
		return err_set(err, "%s: %s", folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		struct buf path = { 0 };
		struct err why;
		struct stat sb;

		buf_addf(&path, "%s%s%s", folder,
		    folder[strlen(folder) - 1] == '/' ? "" : "/",
		    entry[i]->d_name);
		if (stat(path.p, &sb) == 0) {
			if (S_ISREG(sb.st_mode))
				add(g, &(struct gathered){ .path = path.p,
				    .in_folder = true }, &sb);
			else if (S_ISDIR(sb.st_mode) && deep < FOLDERS_DEEP &&
			    is_fresh(g, &sb) &&
			    walk(g, path.p, deep + 1, &why) < 0)
				note(&g->trouble, &g->ntroubles,
				    &g->troubles_cap, why.text);
		}
		buf_free(&path);
		free(entry[i]);
	}
	free(entry);
	return 0;
}

/* The archive whose member this path names; false when it names none. */
static bool
stat_archive(const char *path, struct stat *sb)
{
	const char *member = source_member(path);
	char *file;
	bool there;

	if (!member)
		return false;
	file = mem_slicedup((struct slice){ path, (size_t)(member - 1 - path) });
	there = stat(file, sb) == 0;
	free(file);
	return there;
}

int
gather_path(struct gather *g, const char *path, bool may_come, struct err *err)
{
	struct gathered named = { .path = (char *)path };
	bool input = strcmp(path, GATHER_INPUT) == 0;
	struct stat sb;

	if (input ? fstat(STDIN_FILENO, &sb) < 0 : stat(path, &sb) < 0) {
		int e = errno;

		named.member = !input && stat_archive(path, &sb);
		if (named.member || (e == ENOENT && may_come)) {
			add(g, &named, named.member ? &sb : NULL);
			return 0;
		}
		return err_set(err, "%s: %s", path, strerror(e));
	}
	named.pipe = input || S_ISFIFO(sb.st_mode);
	if (named.pipe) {
		add(g, &named, &sb);
		return 0;
	}
	g->nwalked = 0;
	if (S_ISDIR(sb.st_mode) && is_fresh(g, &sb))
		return walk(g, path, 0, err);
	if (!S_ISREG(sb.st_mode))
		return err_set(err, "%s: is no regular file", path);
	add(g, &named, &sb);
	return 0;
}

/* Names of one path are taken before it is looked at what they hold. */
static bool
gather_part(struct gather *g, size_t i, const char *path, bool may_come)
{
	struct gather_part *part = &g->part[i];
	size_t before = g->n, renamed = g->renamed;
	struct err why;

	if (gather_path(g, path, may_come, &why) < 0)
		part->failed = mem_strdup(why.text);
	part->files = g->n;
	part->troubles = g->ntroubles;
	for (size_t k = before; k < g->n; k++)
		g->file[k].from = i;
	return i == 0 || g->renamed == renamed;
}

bool
gather_paths(struct gather *g, char *const paths[], size_t n, bool may_come)
{
	g->part = mem_array(n, sizeof *g->part);
	g->nparts = n;
	for (size_t i = 0; i < n; i++)
		if (!gather_part(g, i, paths[i], may_come)) {
			gather_free(g);
			return false;
		}
	return true;
}

const struct gathered *
gather_known(const struct gather *g, const char *path)
{
	struct stat sb;

	return stat(path, &sb) < 0 ? NULL : known(g, path, false, &sb);
}

void
gather_parts_free(struct gather *g)
{
	for (size_t i = 0; i < g->nparts; i++)
		free(g->part[i].failed);
	free(g->part);
	g->part = NULL;
	g->nparts = 0;
}

void
gather_free(struct gather *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->file[i].path);
	for (size_t i = 0; i < g->nfolders; i++)
		free(g->folder[i]);
	for (size_t i = 0; i < g->ntroubles; i++)
		free(g->trouble[i]);
	gather_parts_free(g);
	free(g->file);
	free(g->chain);
	free(g->folder);
	free(g->trouble);
	free(g->walked);
	*g = (struct gather){ 0 };
}
