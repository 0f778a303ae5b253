/*
 * Lines that hold entries of several sessions: where a client's bytes had no
 * line end, the next entry follows in the same line.  The line table has one
 * slot a line, that of the last; whose the others are stands in a table of its
 * own, which is empty for most logs.
 */
#ifndef EHLOG_INDEX_SHARE_H
#define EHLOG_INDEX_SHARE_H

#include "index/store.h"

/*
 * Whether an entry of a published line is of another session than `number`,
 * or of none, as far as this table knows: in a line that is no session's or
 * one session's alone it says no.  `entry` counts those of the line from 0.
 */
bool share_is_anothers(const struct stream *sm, uint32_t number,
    uint32_t line, uint32_t entry);

/*
 * The sessions that have entries in a line, one after the other: *at begins
 * as 0.  0 when there are no more, and for lines that are not shared.
 */
uint32_t share_owner(const struct stream *sm, uint32_t line, uint64_t *at);

/*
 * The first line from `line` to `last` (published) in which session `number`,
 * whose record is `rec`, has an entry; 0 when there is none.
 */
uint32_t share_next_line(const struct stream *sm, const struct session *rec,
    uint32_t number, uint32_t line, uint32_t last);

#endif
