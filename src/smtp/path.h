/*
 * Paths, `<a@b>`, as strangers write them: a quoted local part may hold
 * anything, brackets as well.
 */
#ifndef EHLOG_SMTP_PATH_H
#define EHLOG_SMTP_PATH_H

#include "base/slice.h"

/*
 * The length of the path at the head of `s`, with its brackets; 0 where there
 * is none, or it has no end.
 */
size_t path_length(struct slice s);

#endif
