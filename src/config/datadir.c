/*
 * Where the files that come with ehlog are, and those of the user.  Knows
 * nothing of what is in them.
 */
#include "config.h"

#include "config/datadir.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

static char *
join(struct slice folder, const char *name)
{
	struct buf path = { 0 };

	buf_add(&path, folder);
	buf_add_char(&path, '/');
	buf_add(&path, slice_of(name));
	buf_add_char(&path, '\0');
	return path.p;
}

/*
 * share/NAME beside the running program, NULL when there is none.  Only
 * systems with /proc can tell; others find what is installed.
 */
static char *
beside_program(const char *name)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe);
	struct buf folder = { 0 };
	char *path;

	while (n > 0 && exe[n - 1] != '/')
		n--;
	if (n <= 0)
		return NULL;
	buf_add(&folder, (struct slice){ exe, (size_t)n });
	buf_add(&folder, SLICE("share"));
	path = join(buf_slice(&folder), name);
	buf_free(&folder);
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *
datadir_path(const char *name)
{
	const char *given = getenv("EHLOG_DATADIR");
	char *path;

	if (given && *given)
		return join(slice_of(given), name);
	path = beside_program(name);
	return path ? path : join(SLICE(EHLOG_PKGDATADIR), name);
}

/* Below $variable, else below the folder of that name at home. */
static char *
own_path(const char *variable, const char *folder, const char *name)
{
	const char *base = getenv(variable), *below = "";
	struct buf path = { 0 };

	/* The XDG specification: what is not absolute is ignored. */
	if (!base || base[0] != '/') {
		base = getenv("HOME");
		below = folder;
	}
	if (!base || !*base)
		return NULL;
	buf_addf(&path, "%s%s/ehlog%s", base, below, name);
	buf_add_char(&path, '\0');
	return path.p;
}

char *
configdir_path(const char *name)
{
	struct buf below = { 0 };
	char *path;

	buf_addf(&below, "/%s", name);
	buf_add_char(&below, '\0');
	path = own_path("XDG_CONFIG_HOME", "/.config", below.p);
	buf_free(&below);
	return path;
}

char *
cachedir_path(void)
{
	return own_path("XDG_CACHE_HOME", "/.cache", "");
}
