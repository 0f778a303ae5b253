/*
 * A pipe that wakes a thread: others, and signal handlers, write a byte, and it
 * polls the other end.  Nothing is known here of who sleeps and what for.
 */
#ifndef EHLOG_INPUT_WAKE_H
#define EHLOG_INPUT_WAKE_H

#include "base/err.h"

/*
 * Neither end blocks: a full pipe wakes just as well.  No command that is
 * started inherits it.  -1 with words.
 */
int wake_pipe(int wake[2], struct err *err);

#endif
