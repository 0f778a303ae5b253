/*
 * A command whose output is read: a shell runs it, in a session of its own, so
 * that it neither has the terminal nor gets the signals that are ehlog's.  What
 * it writes to standard error is kept as words for a person, never shown raw.
 * It knows nothing of logs.
 */
#ifndef EHLOG_INPUT_COMMAND_H
#define EHLOG_INPUT_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/slice.h"

/* Of standard error, so much of the end is kept. */
#define COMMAND_SAID 300
/* So many may run at once. */
#define COMMANDS_MAX 256

struct command {
	pid_t pid;               /* 0: none runs */
	int out, err;            /* descriptors to read from; -1: over */
	char said[COMMAND_SAID]; /* lines of standard error, the last ones */
	size_t nsaid;
	bool ended;              /* status is what waitpid(2) said */
	int status;
};

/*
 * Starts it, with nothing on standard input.  -1 with words when no shell can
 * be started; what the shell cannot start, its exit tells.
 */
int command_start(struct command *c, const char *line, struct err *err);

/* Takes in what came on standard error; true when that is something new. */
bool command_listen(struct command *c);

/* The last whole line of that; false when there is none. */
bool command_last_line(const struct command *c, struct slice *line);

/*
 * Its output is over, or nobody wants it: waits a moment for its own end when
 * it `may_end`, then ends it and all that it started.  Behind this nothing of
 * it runs.
 */
void command_end(struct command *c, bool may_end);

/*
 * What became of it, in words: "ended with status 1: no such host".  False,
 * and no words, when it ended well and said nothing.
 */
bool command_words(const struct command *c, struct err *words);

/* Behind command_end(): whether it ended with status 0. */
bool command_was_well(const struct command *c);

/* Sends all that run the signal to end; safe in a signal handler. */
void commands_kill(void);
/*
 * From now on a signal that ends ehlog (INT, TERM, HUP, QUIT) ends them first,
 * unless it is ignored or has another handler.
 */
void commands_guard(void);

#endif
