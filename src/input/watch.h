/*
 * Watching files and folders for change: inotify where it works, the clock
 * where it does not (other systems, network file systems).
 *
 * A watch only says "look again"; what changed is for the caller to find out.
 */
#ifndef EHLOG_INPUT_WATCH_H
#define EHLOG_INPUT_WATCH_H

#include <stdbool.h>

struct watch;

struct watch *watch_new(void);
void watch_free(struct watch *w);

/*
 * Watches the folder that holds `path` (or `path` itself when it is one) for
 * anything that happens to files in it.  Watching one folder twice is free.
 */
void watch_path(struct watch *w, const char *path);
/* The folder that holds it, even if a folder has the file's name by now. */
void watch_file(struct watch *w, const char *path);

enum watch_news {
	WATCH_NOTHING,
	WATCH_WRITTEN,           /* files were written to */
	WATCH_NAMES,             /* and names have come, gone or moved */
};

/*
 * Waits until something happened or `stop_fd` is readable; a watch that must
 * poll wakes by itself and then says WATCH_NAMES.  No longer than `ms`, if that
 * is not negative.
 */
enum watch_news watch_wait(struct watch *w, int stop_fd, int ms);

#endif
