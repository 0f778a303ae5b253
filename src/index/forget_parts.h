/*
 * What the parts of forgetting share: lines (forget.c), records
 * (forget_records.c).  Nobody else includes this.
 */
#ifndef EHLOG_INDEX_FORGET_PARTS_H
#define EHLOG_INDEX_FORGET_PARTS_H

#include "index/store.h"

struct forget_not;

/* A step of which something stayed. */
void forget_step_add(struct forget_steps *s, const struct forget_step *step);
/* The step that is to be looked at again now; NULL: there is none. */
struct forget_step *forget_step_next(struct forget_steps *s);
/* So many of it are gone now, of `all`. */
void forget_step_end(struct forget_steps *s, uint32_t gone, uint32_t all);

/* The first session that is late from a number on; UINT32_MAX: none is. */
uint32_t forget_next_late(const struct forget_not *not, uint32_t number);

/* Records up to st->passed, but for what stays. */
void forget_sessions(struct store *st, const struct forget_not *not);

#endif
