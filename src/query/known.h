/*
 * All formats there are: those that are built in, those of the files that come
 * with ehlog, those of the user's own files, each over what came before it.
 */
#ifndef EHLOG_QUERY_KNOWN_H
#define EHLOG_QUERY_KNOWN_H

#include "base/mem.h"
#include "format/set.h"

/*
 * Fills *s; before threads start.  `own`: with those of the user.  A file that
 * is no format is left out, and `mistakes` gets lines that say what is wrong
 * and where.
 */
void known_formats(struct format_set *s, bool own, struct buf *mistakes);

#endif
