/*
 * Times a program on a terminal of its own, and counts what it sends there.
 *
 *   ptytime [--rows=N] [--columns=N] [--patience=SECONDS] STEP... -- PROGRAM...
 *
 * The steps are done one after the other, each prints a line:
 *   wait:REGEX   until the output since the last step (or the start) has it:
 *                "wait MS"
 *   quiet:MS     until nothing came for so long: "quiet BYTES"
 *   key:KEYS     sends them and waits until 60 ms pass in silence:
 *                "key BYTES MS", bytes that came, ms until the last of them
 *   send:KEYS    sends them: "send"
 *   idle:S       watches for so many seconds: "idle BYTES TICKS" (clock ticks
 *                of processor time)
 *   frames:S      the same: "frames N BYTES TICKS", how often it drew: output behind
 *                at least 5 ms of silence
 *   gone:PID     until there is no such process: "gone"
 *   until:REGEX  has all drawn anew (^L) each 20 ms until it is there: "until MS"
 * \r, \n, \e and \\ are known in KEYS.  With --run PROGRAM is run without a
 * terminal, its output thrown away: "run SECONDS CPU-SECONDS PEAK-KIB STATUS".
 * Ends in 1 when a wait is in vain.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pty.h>
#include <regex.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SILENCE_MS 60

struct terminal {
	int fd;
	pid_t pid;
	bool over;               /* the program hung up */
	double begun;            /* when the step in hand, or all, began */
	double patience;         /* seconds that a wait may take */
	char *seen;              /* output since then, ended by a NUL */
	size_t n, cap;
};

static _Noreturn void
fail(const char *words)
{
	fprintf(stderr, "ptytime: %s\n", words);
	exit(2);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Takes in what comes within `seconds`; the bytes, 0 if it was silent. */
static size_t
take(struct terminal *t, double seconds)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	ssize_t n;

	if (t->over || poll(&p, 1, (int)(seconds * 1000 + 0.999)) <= 0)
		return 0;
	if (t->cap - t->n < 65537) {
		t->cap = t->cap * 2 + 65537;
		t->seen = realloc(t->seen, t->cap);
		if (!t->seen)
			fail("out of memory");
	}
	n = read(t->fd, t->seen + t->n, 65536);
	if (n <= 0) {
		t->over = n == 0 || errno != EINTR;
		return 0;
	}
	/* A NUL would end the text for regexec(). */
	for (ssize_t i = 0; i < n; i++)
		if (!t->seen[t->n + (size_t)i])
			t->seen[t->n + (size_t)i] = ' ';
	t->n += (size_t)n;
	t->seen[t->n] = '\0';
	return (size_t)n;
}

static void
begin(struct terminal *t)
{
	t->begun = now();
	t->n = 0;
	if (t->seen)
		*t->seen = '\0';
}

static void
send_keys(struct terminal *t, const char *keys)
{
	char byte;

	for (; *keys; keys++) {
		byte = *keys;
		if (byte == '\\' && keys[1]) {
			keys++;
			byte = *keys == 'r' ? '\r' : *keys == 'n' ? '\n' :
			    *keys == 'e' ? '\033' : *keys;
		}
		if (write(t->fd, &byte, 1) != 1)
			fail("cannot write to the terminal");
	}
}

/* --- steps ------------------------------------------------------------------ */

static bool
step_wait(struct terminal *t, const char *pattern)
{
	double end = now() + t->patience;
	regex_t re;
	bool found = false;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		fail("that is no regular expression");
	while (!found && !t->over && now() < end) {
		if (take(t, end - now()) || t->n)
			found = regexec(&re, t->seen, 0, NULL, 0) == 0;
	}
	regfree(&re);
	if (!found) {
		printf("wait never %s\n", pattern);
		return false;
	}
	printf("wait %.2f\n", (now() - t->begun) * 1000);
	return true;
}

static bool
step_quiet(struct terminal *t, const char *ms)
{
	double silence = strtod(ms, NULL) / 1000;
	double end = now() + t->patience;

	while (take(t, silence))
		if (now() > end)
			break;
	printf("quiet %zu\n", t->n);
	return !t->over;
}

static bool
step_key(struct terminal *t, const char *keys)
{
	double last;

	begin(t);
	last = t->begun;
	send_keys(t, keys);
	while (take(t, SILENCE_MS / 1000.0))
		last = now();
	printf("key %zu %.2f\n", t->n, (last - t->begun) * 1000);
	return !t->over;
}

/* Processor time that the program has used so far, in clock ticks. */
static unsigned long
ticks(pid_t pid)
{
	char path[64], text[1024] = "", *p;
	unsigned long user = 0, system = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (fread(text, 1, sizeof text - 1, f) == 0)
		text[0] = '\0';
	fclose(f);
	/* The name, in brackets, may hold anything. */
	p = strrchr(text, ')');
	if (!p || sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
	    "%lu %lu", &user, &system) != 2)
		return 0;
	return user + system;
}

static bool
step_idle(struct terminal *t, const char *seconds)
{
	double end = now() + strtod(seconds, NULL);
	unsigned long before = ticks(t->pid);

	begin(t);
	while (!t->over && now() < end)
		take(t, end - now());
	printf("idle %zu %lu\n", t->n, ticks(t->pid) - before);
	return !t->over;
}

/* Output that comes behind a moment of silence is drawn in one go. */
static bool
step_frames(struct terminal *t, const char *seconds)
{
	double end = now() + strtod(seconds, NULL), last = 0;
	unsigned long before = ticks(t->pid), frames = 0;

	begin(t);
	while (!t->over && now() < end) {
		if (!take(t, end - now()))
			continue;
		frames += now() - last >= 0.005;
		last = now();
	}
	printf("frames %lu %zu %lu\n", frames, t->n, ticks(t->pid) - before);
	return !t->over;
}

static bool
step_gone(struct terminal *t, const char *pid)
{
	double end = now() + t->patience;
	pid_t who = (pid_t)strtol(pid, NULL, 10);

	while (!t->over && kill(who, 0) == 0) {
		begin(t);
		take(t, 0.001);
		if (now() > end)
			fail("it does not end");
	}
	puts("gone");
	return !t->over;
}

static bool
step_until(struct terminal *t, const char *pattern)
{
	double begun = now(), end = begun + t->patience;
	regex_t re;
	bool found = false;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		fail("that is no regular expression");
	while (!found && !t->over && now() < end) {
		double next = now() + 0.02;

		begin(t);
		send_keys(t, "\f");
		while (!found && !t->over && now() < next)
			found = take(t, next - now()) &&
			    regexec(&re, t->seen, 0, NULL, 0) == 0;
	}
	regfree(&re);
	if (found)
		printf("until %.2f\n", (now() - begun) * 1000);
	else
		printf("until never %s\n", pattern);
	return found;
}

static bool
step(struct terminal *t, const char *what)
{
	const char *value = strchr(what, ':');

	if (!value)
		fail("a step has no colon");
	value++;
	if (strncmp(what, "wait:", 5) == 0)
		return step_wait(t, value);
	if (strncmp(what, "quiet:", 6) == 0)
		return step_quiet(t, value);
	if (strncmp(what, "key:", 4) == 0)
		return step_key(t, value);
	if (strncmp(what, "idle:", 5) == 0)
		return step_idle(t, value);
	if (strncmp(what, "frames:", 7) == 0)
		return step_frames(t, value);
	if (strncmp(what, "gone:", 5) == 0)
		return step_gone(t, value);
	if (strncmp(what, "until:", 6) == 0)
		return step_until(t, value);
	if (strncmp(what, "send:", 5) != 0)
		fail("there is no such step");
	begin(t);
	send_keys(t, value);
	puts("send");
	return true;
}

/* --- programs ----------------------------------------------------------------- */

static void
start(struct terminal *t, const struct winsize *size, char *argv[])
{
	begin(t);
	t->pid = forkpty(&t->fd, NULL, NULL, size);
	if (t->pid < 0)
		fail("no terminal to be had");
	if (t->pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
}

/* The child is told to go, and made to where it does not listen. */
static void
stop(struct terminal *t)
{
	double end = now() + 3;

	kill(t->pid, SIGTERM);
	while (waitpid(t->pid, NULL, WNOHANG) == 0) {
		take(t, 0.01);
		if (now() > end)
			kill(t->pid, SIGKILL);
	}
	close(t->fd);
	free(t->seen);
}

static int
run(char *argv[])
{
	struct rusage used;
	double begun = now();
	pid_t pid = fork();
	int status, null;

	if (pid < 0)
		fail("cannot fork");
	if (pid == 0) {
		null = open("/dev/null", O_WRONLY);
		if (null >= 0)
			dup2(null, STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &used) != pid)
		fail("lost the program");
	printf("run %.4f %.4f %ld %d\n", now() - begun,
	    (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
	    used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return WIFEXITED(status) && WEXITSTATUS(status) != 127 ? 0 : 1;
}

int
main(int argc, char *argv[])
{
	static const struct option flags[] = {
		{ "rows", required_argument, NULL, 'r' },
		{ "columns", required_argument, NULL, 'c' },
		{ "patience", required_argument, NULL, 'p' },
		{ "run", no_argument, NULL, 'x' }, { NULL, 0, NULL, 0 }
	};
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct terminal t = { .patience = 30 };
	int flag, program;
	bool good = true, plain = false;

	while ((flag = getopt_long(argc, argv, "+", flags, NULL)) != -1) {
		switch (flag) {
		case 'r': size.ws_row = (unsigned short)strtoul(optarg, NULL, 10); break;
		case 'c': size.ws_col = (unsigned short)strtoul(optarg, NULL, 10); break;
		case 'p': t.patience = strtod(optarg, NULL); break;
		case 'x': plain = true; break;
		default: return 2;
		}
	}
	if (plain && argv[optind])
		return run(argv + optind);
	for (program = optind; argv[program]; program++)
		if (strcmp(argv[program], "--") == 0)
			break;
	if (!argv[program] || !argv[program + 1])
		fail("no program");
	setvbuf(stdout, NULL, _IOLBF, 0);
	start(&t, &size, argv + program + 1);
	for (int i = optind; i < program && good; i++)
		good = step(&t, argv[i]);
	stop(&t);
	return good ? 0 : 1;
}
