/*
 * Strays: lines that no session owns and that are no header, comment or blank.
 * They are counted while they are read (struct progress: unowned_lines) and
 * found again here.
 */
#ifndef EHLOG_INDEX_STRAY_H
#define EHLOG_INDEX_STRAY_H

#include "index/reader.h"

/*
 * The first stray of the stream at `line` or behind it; its text is in *out.
 * Looks at no more than `most` lines that no session owns, and then returns 0
 * with *next the line to go on at; *next is 0 when there are no more.
 */
uint32_t stray_find(struct reader *r, const struct stream *sm, uint32_t line,
    uint32_t most, uint32_t *next, struct line_text *out);

#endif
