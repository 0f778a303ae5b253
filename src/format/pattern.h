/*
 * A format that comes from a text file: patterns with named groups say how a
 * line becomes an event.  doc/formats.md teaches the language.
 */
#ifndef EHLOG_FORMAT_PATTERN_H
#define EHLOG_FORMAT_PATTERN_H

#include "format/format.h"

/*
 * Reads a format file.  NULL when something in it is wrong: `mistakes` then
 * gets lines for a person, each mistake with file, line and place.  Main
 * thread; the format may then be used by any.
 */
const struct format *pattern_load(const char *path, struct buf *mistakes);
void pattern_free(const struct format *fm);

/*
 * Scans the file's samples and holds what comes out against what they say.
 * Returns how many differ, with words in `mistakes`; *samples, *events: how
 * many lines and events there were.
 */
unsigned pattern_check(const struct format *fm, struct buf *mistakes,
    unsigned *samples, unsigned *events);

#endif
