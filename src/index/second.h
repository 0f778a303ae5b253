/*
 * The second of two logs of one server, which says part of what the first one
 * says once more, and with it what the first one does not say.  Exim's
 * rejectlog repeats what its mainlog has of refusals and adds the header of
 * what was refused.
 *
 * Both are read as one stream: behind each piece of the first come the lines of
 * the second that it says, too, and those that are of an earlier time, as
 * segments of their own, so that a session gets its further lines while it
 * still has its slot.  Whose a line is that was said before is known by its
 * bytes (index/recall.h).  Used by the tail alone.
 */
#ifndef EHLOG_INDEX_SECOND_H
#define EHLOG_INDEX_SECOND_H

#include "index/reading.h"

/*
 * How much of the first log to read at a time: little where there is a second,
 * so that what that one adds does not come too late for its sessions.
 */
size_t second_room(const struct tail *t, const struct plan *plan);
/* Before the first log is read on: what stands in the second by now. */
void second_look_ahead(struct tail *t, const struct plan *plan, bool follow);
/*
 * After a read of the first log, that gave this batch: is it the second's turn?
 * Takes a TAIL_END for it to give back when it is through.
 */
enum tail_result second_follow_up(struct tail *t, const struct plan *plan,
    const struct batch *b, enum tail_result result, struct err *err);
/* Reads on in the second, while it is due.  As tail_read(). */
enum tail_result second_read(struct tail *t, const struct plan *plan,
    struct batch *b, bool follow, struct err *err);
/*
 * Lines of the first log are about to be taken, `text` with their ends, or one
 * without (NULL): they begin a segment where lines of the second stand between
 * them and what was read before.
 */
void second_take_first(struct tail *t, const char *text, size_t n);
/* Whether a followed second log has something new. */
bool second_has_news(struct tail *t, const struct plan *plan);
void second_free(struct second *w);

#endif
