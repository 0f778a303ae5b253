/*
 * The clipboard sequence OSC 52, as bytes.
 */
#ifndef EHLOG_UI_OSC52_H
#define EHLOG_UI_OSC52_H

#include "base/mem.h"

/* Terminals take no more than this much text, most of them less. */
#define OSC52_MAX 74994

/*
 * Appends the sequence that puts `text` in the clipboard.  `term` and `tmux`
 * are $TERM and $TMUX, or NULL: GNU screen wants it wrapped.  False, with
 * nothing appended, when the terminal is known to have no clipboard, or the
 * text is too long.
 */
bool osc52_make(struct buf *out, struct slice text, const char *term,
    const char *tmux);

void base64_add(struct buf *out, struct slice bytes);

#endif
