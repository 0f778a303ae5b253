/*
 * Pipes, kept by name.
 */
#include "config.h"

#include "input/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

struct pipe_source {
	char *path;
	struct source *source;
};

struct sources {
	struct source_options options;
	struct pipe_source *pipe;
	size_t n, cap;
};

struct sources *
sources_new(uint64_t unpack_limit, const char *spill_folder, struct err *err)
{
	struct sources *ss = mem_alloc(sizeof *ss);

	ss->options.unpack_limit = unpack_limit;
	if (!spill_folder)
		return ss;
	ss->options.spill = spill_new(spill_folder, err);
	if (ss->options.spill)
		return ss;
	free(ss);
	return NULL;
}

void
sources_free(struct sources *ss)
{
	if (!ss)
		return;
	for (size_t i = 0; i < ss->n; i++) {
		source_close(ss->pipe[i].source);
		free(ss->pipe[i].path);
	}
	free(ss->pipe);
	spill_free(ss->options.spill);
	free(ss);
}

const struct source_options *
sources_options(const struct sources *ss)
{
	static const struct source_options usual;

	return ss ? &ss->options : &usual;
}

/* A descriptor of its own, which does not wait for a writer to come. */
static int
open_pipe(const char *path, struct err *err)
{
	bool input = strcmp(path, "-") == 0;
	int fd;

	if (input && isatty(STDIN_FILENO))
		return err_set(err, "-: standard input is the terminal: no log "
		    "comes from there");
	fd = input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) :
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return err_set(err, "%s: %s", input ? STANDARD_INPUT : path,
		    strerror(errno));
	return fd;
}

struct source *
sources_pipe(struct sources *ss, const char *path, struct err *err)
{
	struct source *s;
	int fd;

	for (size_t i = 0; i < ss->n; i++)
		if (strcmp(ss->pipe[i].path, path) == 0)
			return ss->pipe[i].source;
	fd = open_pipe(path, err);
	if (fd < 0)
		return NULL;
	s = source_pipe(strcmp(path, "-") == 0 ? STANDARD_INPUT : path, fd,
	    &ss->options, err);
	if (!s)
		return NULL;
	mem_reserve(&ss->pipe, &ss->cap, ss->n + 1, sizeof *ss->pipe);
	ss->pipe[ss->n++] = (struct pipe_source){ mem_strdup(path), s };
	return s;
}

bool
sources_trouble(struct sources *ss, struct err *err)
{
	return ss && ss->options.spill &&
	    spill_trouble(ss->options.spill, err);
}
