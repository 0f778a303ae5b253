/*
 * The pipe that wakes the face: other threads and signal handlers write a
 * byte, the loop polls the other end.
 */
#ifndef EHLOG_UI_WAKE_H
#define EHLOG_UI_WAKE_H

#include "base/err.h"

/* Neither end blocks: a full pipe wakes just as well.  -1 with words. */
int wake_pipe(int wake[2], struct err *err);

#endif
