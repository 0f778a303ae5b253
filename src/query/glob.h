/*
 * Globs: `*` any text, `?` one character, `[a-z]` one of some, `[!a-z]` one of
 * the others; a backslash takes the meaning from the next byte.  ASCII letters
 * match in both cases.  A glob speaks of the whole text.
 */
#ifndef EHLOG_QUERY_GLOB_H
#define EHLOG_QUERY_GLOB_H

#include "base/slice.h"

/* Time is at most the product of both lengths, whatever the glob. */
bool glob_match(struct slice glob, struct slice text);

/* Without *, ? or [ that mean more than themselves. */
bool glob_is_plain(struct slice glob);

/* Writes the glob without its backslashes to out (glob.n bytes at least). */
struct slice glob_unescape(struct slice glob, char *out);

#endif
