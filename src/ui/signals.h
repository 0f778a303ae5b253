/*
 * Signals: each becomes a flag and a byte in a pipe that the loop polls; and
 * a crash, or an end that nobody waits for, gives the terminal back first.
 *
 * Signal handlers can be handed nothing, so this file holds the one static
 * state of the face.
 */
#ifndef EHLOG_UI_SIGNALS_H
#define EHLOG_UI_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* What came since it was last asked. */
struct signal_news {
	bool resized;
	bool suspend;            /* SIGTSTP */
	bool continued;          /* SIGCONT */
	bool interrupt;          /* SIGINT: ^C */
	int end;                 /* the one that asks for the end; 0: none */
};

/* Before curses starts, so that curses leaves these signals alone. */
void signals_start(int wake_fd);
/* Everything as it was before. */
void signals_stop(void);
void signals_take(struct signal_news *news);

/* Stops the process as SIGTSTP would have; returns when it goes on. */
void signals_suspend(void);
/* Ends the process by the signal, as if it had never been caught. */
void signals_die(int sig);

/*
 * What gives the terminal back: the bytes to send to `out`, the modes to set
 * by way of `in`.  Set when the terminal is opened, and again when its size
 * changes.
 */
void signals_rescue(int out, int in, const struct termios *modes,
    const char *bytes, size_t n);
void signals_rescue_none(void);

#endif
