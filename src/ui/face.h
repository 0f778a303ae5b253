/*
 * The face: the screen, from opening the terminal to giving it back.
 */
#ifndef EHLOG_UI_FACE_H
#define EHLOG_UI_FACE_H

#include "ui/face_options.h"

/*
 * Runs until the reader quits.  A mistake in the configuration is told on
 * standard error before the screen opens.  Returns the exit status: 0, or 2
 * on trouble.  Does not return when a signal asked for the end: the process
 * ends by that signal, the terminal given back.
 */
int face_run(const struct face_options *o);

#endif
