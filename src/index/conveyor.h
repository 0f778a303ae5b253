/*
 * A conveyor: a few batches that go round between one who fills them and one
 * who empties them.  Either may be ahead by as many as there are.
 */
#ifndef EHLOG_INDEX_CONVEYOR_H
#define EHLOG_INDEX_CONVEYOR_H

#include "index/batch.h"

struct conveyor;

struct conveyor *conveyor_new(void);
/* When neither side uses it any more. */
void conveyor_free(struct conveyor *c);

/* The filler: an empty batch; NULL when the other side has stopped. */
struct batch *conveyor_empty(struct conveyor *c);
/* The filler: hands a batch on; or gives one back that has nothing in it. */
void conveyor_push(struct conveyor *c, struct batch *b);
void conveyor_give_back(struct conveyor *c, struct batch *b);
/* The filler: there is nothing more. */
void conveyor_finish(struct conveyor *c);

/* The emptier: the next batch; NULL when the filler has finished. */
struct batch *conveyor_pop(struct conveyor *c);
/* The emptier: done with a batch. */
void conveyor_done(struct conveyor *c, struct batch *b);
/* The emptier: takes no more, the filler shall end. */
void conveyor_stop(struct conveyor *c);

#endif
