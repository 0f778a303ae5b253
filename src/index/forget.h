/*
 * Forgetting: what is not asked for again gives its memory back to the system:
 * records, the line table, text that is kept in packs.  Numbers of sessions and
 * lines, and offsets, stay what they were.
 *
 * A session that is late (it is not over, and many behind it are) keeps its
 * record, and of all lines its own.
 *
 * All of it is one thread's, always the same, which need not be the writer.
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
 * anybody reading there, but for those that are late (ascending numbers).  Who
 * fills a pack is made to wait for its reader.
 */
void store_forget(struct store *st, uint32_t number, const uint32_t *late,
    size_t nlate);

/* What stays of what was passed, ascending. */
struct forget_not {
	const uint32_t *late;
	size_t nlate;
	const struct numbers *apart;     /* of streams that are left alone */
	size_t napart;
	const struct ghost *ghost;       /* their records alone stay */
	size_t nghosts;
	unsigned steps;          /* of each stream at most so many in one go;
	                            0: all */
};

/*
 * Forgets up to what was passed: of records up to st->passed, of a stream's
 * lines those before its gone.line; a step at a time, and what had stayed
 * for the sake of one that is late no more.  Anybody may be reading there.
 */
void store_forget_passed(struct store *st, const struct forget_not *not);

#endif
