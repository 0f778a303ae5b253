/*
 * Reading the folders that hold format files.
 */
#include "config.h"

#include "query/known.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "config/datadir.h"
#include "format/pattern.h"

static int
is_format(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return d->d_name[0] != '.' && dot && strcmp(dot, ".conf") == 0;
}

static void
release(const struct format_entry *e)
{
	pattern_free(e->format);
	free((char *)e->path);
}

static void
add_file(struct format_set *s, const char *folder, const char *name, bool own,
    struct buf *mistakes)
{
	struct format_entry e = { .own = own, .release = release };
	struct buf path = { 0 };

	buf_addf(&path, "%s/%s", folder, name);
	buf_add_char(&path, '\0');
	e.format = pattern_load(path.p, mistakes);
	e.path = path.p;
	if (e.format)
		format_set_add(s, &e);
	else
		buf_free(&path);
}

/* In the order of names.  No folder is no mistake. */
static void
add_folder(struct format_set *s, char *folder, bool own, struct buf *mistakes)
{
	struct dirent **list = NULL;
	int n = folder ? scandir(folder, &list, is_format, alphasort) : -1;

	for (int i = 0; i < n; i++) {
		add_file(s, folder, list[i]->d_name, own, mistakes);
		free(list[i]);
	}
	free(list);
	free(folder);
}

void
known_formats(struct format_set *s, bool own, struct buf *mistakes)
{
	format_set_init(s);
	add_folder(s, datadir_path("formats"), false, mistakes);
	if (own)
		add_folder(s, configdir_path("formats"), true, mistakes);
}
