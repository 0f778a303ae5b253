/*
 * Signals.  Handlers do what is allowed in them: set flags, write(2) and
 * tcsetattr(3).
 */
#include "config.h"

#include "ui/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "input/command.h"

#define RESCUE_MAX 512
#define CRASH_STACK 65536

/* Caught while the face is up, in the order of `before`. */
static const int caught[] = {
	SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGHUP, SIGTERM, SIGQUIT, SIGPIPE,
	SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ,
	SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP,
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct {
	volatile sig_atomic_t resized, suspend, continued, interrupt, end;
	volatile sig_atomic_t rescue_ready;
	int wake_fd;
	struct sigaction before[COUNT(caught)];
	int out, in;
	struct termios modes;
	char bytes[RESCUE_MAX];
	size_t n;
	/* A stack that has run over cannot hold a handler's frame. */
	_Alignas(16) char stack[CRASH_STACK];
} state;

/* True when there was something to give back. */
static bool
rescue(void)
{
	if (!state.rescue_ready)
		return false;
	state.rescue_ready = 0;
	if (write(state.out, state.bytes, state.n) < 0) {
		/* the terminal is gone: nothing to give back */
	}
	tcsetattr(state.in, TCSANOW, &state.modes);
	return true;
}

static void
on_crash(int sig)
{
	/* What was said before went away with the screen. */
	static const char word[] = "ehlog: aborted (out of memory?)\n";

	if (rescue() && sig == SIGABRT &&
	    write(STDERR_FILENO, word, sizeof word - 1) < 0) {
		/* nobody is left to be told */
	}
	commands_kill();
	/* SA_RESETHAND: a second time it ends the process. */
	raise(sig);
}

static void
on_signal(int sig)
{
	int saved = errno;
	char byte = 's';

	switch (sig) {
	case SIGWINCH:
		state.resized = 1;
		break;
	case SIGTSTP:
		state.suspend = 1;
		break;
	case SIGCONT:
		state.continued = 1;
		break;
	case SIGINT:
		state.interrupt = 1;
		break;
	default:
		if (state.end) {
			/* Asked twice, and the loop did not come round. */
			rescue();
			commands_kill();
			signal(sig, SIG_DFL);
			raise(sig);
		}
		state.end = sig;
		break;
	}
	if (write(state.wake_fd, &byte, 1) < 0) {
		/* the pipe is full: the loop wakes up anyway */
	}
	errno = saved;
}

static void
on_pipe(int sig)
{
	(void)sig;
}

static void
catch_one(int sig, struct sigaction *before)
{
	struct sigaction act = { .sa_handler = on_signal,
	    .sa_flags = SA_RESTART };

	sigemptyset(&act.sa_mask);
	switch (sig) {
	case SIGSEGV:
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGSYS:
	case SIGTRAP:
		act.sa_handler = on_crash;
		act.sa_flags = (int)SA_RESETHAND | SA_NODEFER | SA_ONSTACK;
		break;
	case SIGPIPE:
		act.sa_handler = on_pipe;
		break;
	case SIGXFSZ:
		/* The write that was too long fails, and that is told. */
		act.sa_handler = SIG_IGN;
		break;
	default:
		break;
	}
	sigaction(sig, NULL, before);
	/* Who is started with a signal ignored (nohup, no job control) means it. */
	if (before->sa_handler == SIG_IGN &&
	    (sig == SIGTSTP || sig == SIGHUP || sig == SIGINT))
		return;
	sigaction(sig, &act, NULL);
}

void
signals_start(int wake_fd)
{
	stack_t stack = { .ss_sp = state.stack, .ss_size = CRASH_STACK };

	sigaltstack(&stack, NULL);
	state.wake_fd = wake_fd;
	state.resized = state.suspend = state.continued = 0;
	state.interrupt = state.end = 0;
	for (size_t i = 0; i < COUNT(caught); i++)
		catch_one(caught[i], &state.before[i]);
}

void
signals_stop(void)
{
	for (size_t i = 0; i < COUNT(caught); i++)
		sigaction(caught[i], &state.before[i], NULL);
}

void
signals_take(struct signal_news *news)
{
	*news = (struct signal_news){
		.resized = state.resized != 0,
		.suspend = state.suspend != 0,
		.continued = state.continued != 0,
		.interrupt = state.interrupt != 0,
		.end = state.end,
	};
	/* A signal between these lines comes with a byte of its own. */
	if (news->resized)
		state.resized = 0;
	if (news->suspend)
		state.suspend = 0;
	if (news->continued)
		state.continued = 0;
	if (news->interrupt)
		state.interrupt = 0;
}

void
signals_suspend(void)
{
	struct sigaction stop = { .sa_handler = SIG_DFL }, act;

	sigemptyset(&stop.sa_mask);
	sigaction(SIGTSTP, &stop, &act);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &act, NULL);
}

void
signals_die(int sig)
{
	commands_kill();
	signal(sig, SIG_DFL);
	raise(sig);
}

void
signals_rescue(int out, int in, const struct termios *modes,
    const char *bytes, size_t n)
{
	state.rescue_ready = 0;
	if (n > RESCUE_MAX)
		return;
	state.out = out;
	state.in = in;
	state.modes = *modes;
	memcpy(state.bytes, bytes, n);
	state.n = n;
	state.rescue_ready = 1;
}

void
signals_rescue_none(void)
{
	state.rescue_ready = 0;
}
