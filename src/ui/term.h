/*
 * The terminal.  term.c is the one file that knows curses; all others draw
 * into a canvas and hand it over.  Main thread only.
 */
#ifndef EHLOG_UI_TERM_H
#define EHLOG_UI_TERM_H

#include "base/err.h"
#include "base/slice.h"
#include "ui/canvas.h"
#include "ui/keys.h"

struct terminal;

/*
 * Takes the terminal over.  NULL with words when there is none, or when it
 * cannot place its cursor.  signals_start() comes first.
 */
struct terminal *term_open(struct err *err);
/* Gives it back as it was. */
void term_close(struct terminal *t);

int term_fd(const struct terminal *t);
int term_rows(const struct terminal *t);
int term_cols(const struct terminal *t);
/* At least 8 colours. */
bool term_has_colours(const struct terminal *t);
void term_set_theme(struct terminal *t, const struct theme *theme);

/* Sends what differs from what the terminal shows. */
void term_draw(struct terminal *t, const struct canvas *cv);
/* The next draw sends everything. */
void term_redraw(struct terminal *t);
/* Asks the terminal for its size. */
void term_resize(struct terminal *t);

/* The next key that has come, KEYS_NONE when there is none. */
int term_key(struct terminal *t);

/*
 * Text for the clipboard by OSC 52.  False when this terminal is known not
 * to understand it, or the text is too long for one.
 */
bool term_copy(struct terminal *t, struct slice text);

/* Gives the terminal back for a while, and takes it again. */
void term_suspend(struct terminal *t);
void term_resume(struct terminal *t);

#endif
