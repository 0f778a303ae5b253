/*
 * Pipes, kept by name, and commands.
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

struct command_source {
	char *command, *name;
	struct account *account;
	struct source *source;   /* NULL: it was not asked for */
};

struct sources {
	struct source_options options;
	struct pipe_source *pipe;
	size_t n, cap;
	struct command_source *command;
	size_t ncommands, commands_cap;
	_Atomic bool follow;
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
	/* All are told before one is waited for. */
	for (size_t i = 0; i < ss->ncommands; i++)
		if (ss->command[i].source)
			source_cancel(ss->command[i].source);
	for (size_t i = 0; i < ss->ncommands; i++) {
		source_close(ss->command[i].source);
		account_free(ss->command[i].account);
		free(ss->command[i].command);
		free(ss->command[i].name);
	}
	free(ss->command);
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

/* --- commands ----------------------------------------------------------------- */

void
sources_add_command(struct sources *ss, const char *command, const char *name)
{
	mem_reserve(&ss->command, &ss->commands_cap, ss->ncommands + 1,
	    sizeof *ss->command);
	ss->command[ss->ncommands++] = (struct command_source){
		.command = mem_strdup(command), .name = mem_strdup(name),
		.account = account_new(name),
	};
}

size_t
sources_commands(const struct sources *ss)
{
	return ss ? ss->ncommands : 0;
}

struct source *
sources_command(struct sources *ss, size_t i, struct err *err)
{
	struct command_source *c = &ss->command[i];

	if (!c->source)
		c->source = source_command(c->name, c->command, c->account,
		    &ss->follow, &ss->options, err);
	return c->source;
}

void
sources_command_words(const struct sources *ss, size_t i, struct err *words)
{
	account_words(ss->command[i].account, words);
}

void
sources_follow(struct sources *ss, bool on)
{
	if (ss)
		atomic_store_explicit(&ss->follow, on, memory_order_relaxed);
}

void
sources_listen(struct sources *ss)
{
	ss->options.heard = true;
}

void
sources_bound(struct sources *ss)
{
	ss->options.bounded = true;
}

bool
sources_note(struct sources *ss, struct err *note)
{
	for (size_t i = 0; i < sources_commands(ss); i++)
		if (account_next(ss->command[i].account, note))
			return true;
	return false;
}

bool
sources_has_note(const struct sources *ss)
{
	for (size_t i = 0; i < sources_commands(ss); i++)
		if (account_has_note(ss->command[i].account))
			return true;
	return false;
}

bool
sources_went_wrong(const struct sources *ss)
{
	for (size_t i = 0; i < sources_commands(ss); i++)
		if (account_went_wrong(ss->command[i].account))
			return true;
	return false;
}
