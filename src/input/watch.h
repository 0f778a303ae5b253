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

/*
 * Waits until something happened, `stop_fd` is readable, or `timeout_ms`
 * passed (-1: no limit; a watch that must poll wakes by itself).  True when
 * files should be looked at.
 */
bool watch_wait(struct watch *w, int stop_fd, int timeout_ms);

#endif
