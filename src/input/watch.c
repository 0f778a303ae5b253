/*
 * Watching by inotify, by polling where inotify is missing or blind.
 *
 * Folders are watched, not files: one watch sees writes, renames, new files
 * and deletions, and files that do not exist yet.
 */
#include "config.h"

#include "input/watch.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/inotify.h>
#include <sys/vfs.h>
#endif

#include "base/mem.h"

/* A line shall be on the screen within 100 ms. */
#define POLL_MS 50

struct watch {
	int fd;                  /* of inotify, -1: none */
	bool must_poll;          /* some folder cannot be watched */
	char **folder;
	size_t n, cap;
};

struct watch *
watch_new(void)
{
	struct watch *w = mem_alloc(sizeof *w);

	w->fd = -1;
#ifdef __linux__
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
#endif
	w->must_poll = w->fd < 0;
	return w;
}

void
watch_free(struct watch *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	for (size_t i = 0; i < w->n; i++)
		free(w->folder[i]);
	free(w->folder);
	free(w);
}

/* Changes made on another host are not told by inotify. */
static bool
is_remote(const char *folder)
{
#ifdef __linux__
	static const unsigned long remote[] = {
		0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546,
		0x01021997, 0x5346414f, 0x00c36400,
	};
	struct statfs sf;

	if (statfs(folder, &sf) < 0)
		return false;
	for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
		if (((unsigned long)sf.f_type & 0xffffffffUL) == remote[i])
			return true;
#else
	(void)folder;
#endif
	return false;
}

static bool
add_watch(struct watch *w, const char *folder)
{
#ifdef __linux__
	return w->fd >= 0 && !is_remote(folder) &&
	    inotify_add_watch(w->fd, folder, IN_MODIFY | IN_ATTRIB |
	    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
	    IN_MOVE_SELF | IN_DELETE_SELF) >= 0;
#else
	(void)w;
	(void)folder;
	return false;
#endif
}

/* Takes over `folder`. */
static void
watch_folder(struct watch *w, char *folder)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->folder[i], folder) == 0) {
			free(folder);
			return;
		}
	mem_reserve(&w->folder, &w->cap, w->n + 1, sizeof *w->folder);
	w->folder[w->n++] = folder;
	if (!add_watch(w, folder))
		w->must_poll = true;
}

void
watch_file(struct watch *w, const char *path)
{
	const char *slash = strrchr(path, '/');

	watch_folder(w, !slash ? mem_strdup(".") :
	    mem_slicedup((struct slice){ path,
	    slash == path ? 1 : (size_t)(slash - path) }));
}

void
watch_path(struct watch *w, const char *path)
{
	struct stat sb;

	if (stat(path, &sb) == 0 && S_ISDIR(sb.st_mode))
		watch_folder(w, mem_strdup(path));
	else
		watch_file(w, path);
}

/*
 * A folder that was moved away or deleted may be made again under its name.
 * Watching one again that is still watched changes nothing.
 */
static void
watch_again(struct watch *w)
{
	w->must_poll = false;
	for (size_t i = 0; i < w->n; i++)
		if (!add_watch(w, w->folder[i]))
			w->must_poll = true;
}

/* Takes all events in; what they amount to. */
static enum watch_news
read_events(struct watch *w)
{
	enum watch_news news = WATCH_WRITTEN;
#ifdef __linux__
	char buf[4096] __attribute__((aligned(8)));
	bool moved = false;
	ssize_t n;

	while ((n = read(w->fd, buf, sizeof buf)) > 0)
		for (char *p = buf; p < buf + n;) {
			struct inotify_event *ev = (void *)p;

			if (ev->mask & ~(uint32_t)(IN_MODIFY | IN_ATTRIB))
				news = WATCH_NAMES;
			if (ev->mask & (IN_IGNORED | IN_MOVE_SELF |
			    IN_DELETE_SELF | IN_Q_OVERFLOW))
				moved = true;
			p += sizeof *ev + ev->len;
		}
	if (moved)
		watch_again(w);
#else
	(void)w;
#endif
	return news;
}

enum watch_news
watch_wait(struct watch *w, int stop_fd, int ms)
{
	struct pollfd p[2] = {
		{ .fd = stop_fd, .events = POLLIN },
		{ .fd = w->fd, .events = POLLIN },
	};

	if (w->must_poll && (ms < 0 || ms > POLL_MS))
		ms = POLL_MS;
	if (poll(p, 2, ms) < 0)
		return WATCH_NOTHING;
	if (w->must_poll) {
		/* What could not be watched may be there by now. */
		watch_again(w);
		if (w->fd >= 0)
			read_events(w);
		return WATCH_NAMES;
	}
	return w->fd >= 0 && (p[1].revents & POLLIN) ? read_events(w) :
	    WATCH_NOTHING;
}
