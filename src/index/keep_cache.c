/*
 * Only files that are called as an index is are counted and thrown away.  Of
 * those that are not whole, what is older than an hour was left behind by a
 * run that was killed; younger ones are being written.
 *
 * Two runs may do all of this at once: a file that is gone is no mistake, and
 * one that is mapped lives on without its name.
 */
#include "config.h"

#include "index/keep_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "index/keep_file.h"

#define ENDING     ".index"
#define NAME_HEX   16u
#define LEFT_AFTER 3600

struct kept_name {
	char *path;
	uint64_t bytes;
	struct timespec used;
};

struct kept_names {
	struct kept_name *name;
	size_t n, cap;
};

/* Each folder that is missing, from the top down. */
static void
make_folders(const char *folder)
{
	char *path = mem_strdup(folder);

	for (char *p = path; *p; p++)
		if (*p == '/' && p > path) {
			*p = '\0';
			mkdir(path, 0700);
			*p = '/';
		}
	mkdir(path, 0700);
	free(path);
}

int
keep_cache_prepare(const char *folder, struct err *err)
{
	struct stat sb;

	make_folders(folder);
	if (stat(folder, &sb) < 0)
		return err_set(err, "%s: %s", folder, strerror(errno));
	if (!S_ISDIR(sb.st_mode))
		return err_set(err, "%s: is no folder", folder);
	if (sb.st_uid != geteuid() || (sb.st_mode & 022))
		return err_set(err, "%s: others could write there", folder);
	return 0;
}

char *
keep_cache_path(const char *folder, uint64_t name)
{
	struct buf path = { 0 };

	buf_addf(&path, "%s/%016" PRIx64 ENDING, folder, name);
	buf_add_char(&path, '\0');
	return path.p;
}

static bool
is_index(const char *name, bool *unfinished)
{
	struct slice s = slice_of(name);

	for (unsigned i = 0; i < NAME_HEX; i++)
		if (!name[i] || !strchr("0123456789abcdef", name[i]))
			return false;
	s = slice_from(s, NAME_HEX);
	*unfinished = slice_starts(s, SLICE(ENDING KEEP_UNFINISHED));
	return *unfinished || slice_eq(s, SLICE(ENDING));
}

static void
look_at(struct kept_names *l, const char *folder, const char *name,
    const char *replaced)
{
	struct buf path = { 0 };
	struct stat sb;
	bool unfinished;

	if (!is_index(name, &unfinished))
		return;
	buf_addf(&path, "%s/%s", folder, name);
	buf_add_char(&path, '\0');
	if (lstat(path.p, &sb) < 0 || !S_ISREG(sb.st_mode) ||
	    strcmp(path.p, replaced) == 0) {
		buf_free(&path);
		return;
	}
	if (unfinished) {
		if (time(NULL) - sb.st_mtim.tv_sec > LEFT_AFTER)
			unlink(path.p);
		buf_free(&path);
		return;
	}
	mem_reserve(&l->name, &l->cap, l->n + 1, sizeof *l->name);
	l->name[l->n++] = (struct kept_name){ .path = path.p,
	    .bytes = (uint64_t)sb.st_size, .used = sb.st_mtim };
}

static int
by_use(const void *pa, const void *pb)
{
	const struct kept_name *a = pa, *b = pb;

	if (a->used.tv_sec != b->used.tv_sec)
		return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
	return (a->used.tv_nsec > b->used.tv_nsec) -
	    (a->used.tv_nsec < b->used.tv_nsec);
}

void
keep_cache_make_room(const char *folder, const char *path, uint64_t limit,
    uint64_t bytes)
{
	struct kept_names l = { 0 };
	DIR *dir = opendir(folder);
	const struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir)) != NULL)
		look_at(&l, folder, d->d_name, path);
	closedir(dir);
	for (size_t i = 0; i < l.n; i++)
		bytes += l.name[i].bytes;
	if (l.n)
		qsort(l.name, l.n, sizeof *l.name, by_use);
	for (size_t i = 0; i < l.n; i++) {
		if (bytes > limit && unlink(l.name[i].path) == 0)
			bytes -= l.name[i].bytes;
		free(l.name[i].path);
	}
	free(l.name);
}

void
keep_cache_touch(const char *path)
{
	utimensat(AT_FDCWD, path, NULL, 0);
}
