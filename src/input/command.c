/*
 * Commands: starting, listening, ending.
 */
#include "config.h"

#include "input/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "input/file.h"

/* Whose output is over may still have to tidy up. */
#define TIDY_MS 2000
/* So long after SIGTERM comes SIGKILL. */
#define TERM_MS 1000
#define STEP_MS 5

extern char **environ;

/*
 * The process groups that run, for signal handlers, which are given nothing:
 * the only state of this file.
 */
static _Atomic pid_t groups[COMMANDS_MAX];

/* False when there is no room. */
static bool
enter(pid_t from, pid_t to)
{
	for (int i = 0; i < COMMANDS_MAX; i++) {
		pid_t expected = from;

		if (atomic_compare_exchange_strong(&groups[i], &expected, to))
			return true;
	}
	return false;
}

void
commands_kill(void)
{
	for (int i = 0; i < COMMANDS_MAX; i++) {
		pid_t pid = atomic_load(&groups[i]);

		if (pid > 1)
			kill(-pid, SIGTERM);
	}
}

static void
on_end(int sig)
{
	commands_kill();
	signal(sig, SIG_DFL);
	raise(sig);
}

void
commands_guard(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction act = { .sa_handler = on_end, .sa_flags = SA_RESTART },
	    before;

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (sigaction(ends[i], NULL, &before) == 0 &&
		    before.sa_handler == SIG_DFL)
			sigaction(ends[i], &act, NULL);
}

/* --- starting --------------------------------------------------------------- */

/* Signals as a program expects them: none blocked, those ignored here not. */
static void
set_attributes(posix_spawnattr_t *attr)
{
	short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	sigset_t set;

	sigemptyset(&set);
	posix_spawnattr_setsigmask(attr, &set);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGXFSZ);
	posix_spawnattr_setsigdefault(attr, &set);
	/* Its own session is a process group, too, and has no terminal. */
#ifdef POSIX_SPAWN_SETSID
	flags |= POSIX_SPAWN_SETSID;
#else
	flags |= POSIX_SPAWN_SETPGROUP;
#endif
	posix_spawnattr_setflags(attr, flags);
}

static int
spawn(struct command *c, const char *line, int out, int err)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)line, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int e;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	set_attributes(&attr);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
	e = posix_spawn(&c->pid, "/bin/sh", &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	if (e)
		c->pid = 0;
	return e;
}

static void
close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int
command_start(struct command *c, const char *line, struct err *err)
{
	int out[2] = { -1, -1 }, said[2] = { -1, -1 };
	int e = 0;

	*c = (struct command){ .out = -1, .err = -1 };
	if (file_pipe(out) < 0 || file_pipe(said) < 0)
		e = errno;
	else
		e = spawn(c, line, out[1], said[1]);
	close_one(&out[1]);
	close_one(&said[1]);
	c->out = out[0];
	c->err = said[0];
	if (!e) {
		(void)enter(0, c->pid);
		fcntl(c->err, F_SETFL, O_NONBLOCK);
		return 0;
	}
	close_one(&c->out);
	close_one(&c->err);
	return err_set(err, "cannot be started: %s", strerror(e));
}

/* --- listening ---------------------------------------------------------------- */

/* Of more than there is room for, the end is kept. */
static void
keep_said(struct command *c, const char *text, size_t n)
{
	if (n > COMMAND_SAID) {
		text += n - COMMAND_SAID;
		n = COMMAND_SAID;
	}
	if (c->nsaid + n > COMMAND_SAID) {
		size_t over = c->nsaid + n - COMMAND_SAID;

		memmove(c->said, c->said + over, c->nsaid - over);
		c->nsaid -= over;
	}
	memcpy(c->said + c->nsaid, text, n);
	c->nsaid += n;
}

bool
command_listen(struct command *c)
{
	char text[4096];
	bool news = false;
	ssize_t n;

	while (c->err >= 0) {
		n = read(c->err, text, sizeof text);
		if (n > 0) {
			keep_said(c, text, (size_t)n);
			news = true;
		} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
			close_one(&c->err);
		} else if (errno == EAGAIN) {
			break;
		}
	}
	return news;
}

bool
command_last_line(const struct command *c, struct slice *line)
{
	struct slice rest = { c->said, c->nsaid }, word;

	*line = SLICE_NONE;
	while (rest.n && rest.p[rest.n - 1] != '\n')
		rest.n--;
	while (slice_cut(&rest, '\n', &word))
		if (slice_trim(word).n)
			*line = slice_trim(word);
	return line->n > 0;
}

/* --- ending ------------------------------------------------------------------- */

/* Whether it is over; it stays to be waited for, so that its number is its. */
static bool
is_over(const struct command *c)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOWAIT |
	    WNOHANG) < 0 || info.si_pid == c->pid;
}

/* Waits for its end; false when it does not come in time. */
static bool
await_end(struct command *c, int ms)
{
	int64_t until = clock_now_ms() + ms;

	while (!is_over(c)) {
		struct pollfd p = { .fd = c->err, .events = POLLIN };

		if (clock_now_ms() >= until)
			return false;
		/* What it says last is what one wants to know. */
		poll(&p, 1, STEP_MS);
		command_listen(c);
	}
	return true;
}

void
command_end(struct command *c, bool may_end)
{
	if (c->pid == 0)
		return;
	close_one(&c->out);
	if (!may_end || !await_end(c, TIDY_MS)) {
		kill(-c->pid, SIGTERM);
		await_end(c, TERM_MS);
	}
	/* What it started may be left. */
	kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
		;
	c->ended = true;
	(void)enter(c->pid, 0);
	command_listen(c);
	close_one(&c->err);
	c->pid = 0;
}

/* --- words -------------------------------------------------------------------- */

/* What was said, in one line: whole lines where it was cut at the front. */
static void
add_said(struct buf *b, const struct command *c)
{
	struct slice rest = { c->said, c->nsaid }, line;
	bool first = true;

	if (c->nsaid == COMMAND_SAID && slice_find_char(rest, '\n') >= 0 &&
	    slice_find_char(rest, '\n') + 1 < (ptrdiff_t)rest.n)
		slice_cut(&rest, '\n', &line);
	while (slice_cut(&rest, '\n', &line)) {
		line = slice_trim(line);
		if (line.n == 0)
			continue;
		buf_add(b, first ? SLICE(": ") : SLICE(" / "));
		buf_add(b, line);
		first = false;
	}
}

bool
command_was_well(const struct command *c)
{
	return c->ended && WIFEXITED(c->status) && WEXITSTATUS(c->status) == 0;
}

bool
command_words(const struct command *c, struct err *words)
{
	struct buf b = { 0 };
	bool well = command_was_well(c);

	if (!c->ended)
		buf_add(&b, SLICE("runs"));
	else if (WIFSIGNALED(c->status))
		buf_addf(&b, "was ended by signal %d (%s)", WTERMSIG(c->status),
		    strsignal(WTERMSIG(c->status)));
	else
		buf_addf(&b, "ended with status %d", WEXITSTATUS(c->status));
	add_said(&b, c);
	err_set(words, "%.*s", SLICE_ARGS(buf_slice(&b)));
	buf_free(&b);
	return !well || c->nsaid > 0;
}
