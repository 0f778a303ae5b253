/*
 * Forgetting: what was written is not asked for again, and its memory goes back
 * to the system: records, the line table, text that is kept in packs.  Numbers
 * of sessions and lines, and offsets, stay what they were.
 *
 * A session that is late (it is not over, and many behind it are written) keeps
 * its record, and of all lines its own.
 */
#ifndef EHLOG_INDEX_FORGET_H
#define EHLOG_INDEX_FORGET_H

#include "index/store.h"

/*
 * Whether the log has been silent of a session for so long that what comes
 * behind it need not wait for it: a million lines.
 */
bool session_is_silent(const struct store *st, const struct session *rec);

/*
 * No session below this number is asked for any more, nor its lines, nor is
 * anybody reading there, but for those that are late (ascending numbers).  One
 * thread, always the same, which need not be the writer.
 */
void store_forget(struct store *st, uint32_t number, const uint32_t *late,
    size_t nlate);

#endif
