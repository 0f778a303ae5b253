/*
 * What the halves of a tail share: reading on (tail.c), and looking at what
 * became of a log that was read to its end (tail_look.c).  For them alone.
 */
#ifndef EHLOG_INDEX_TAILING_H
#define EHLOG_INDEX_TAILING_H

#include "index/reading.h"

/* Whether no other file of the stream's first log is planned behind this one. */
bool tail_is_last(const struct tail *t, const struct plan *plan);
/* Opens a file as what is read next; -1 with words. */
int tail_begin_file(struct tail *t, const struct plan *plan, const char *path,
    struct err *err);
/* What is left at the end of a file is a line, too: n bytes, the batch's own. */
void tail_end_line(struct tail *t, struct batch *b, const char *rest,
    size_t n);
/* What is in a batch is this tail's, to be scanned as things stand. */
void tail_give_batch(struct tail *t, struct batch *b);

/* Notes the bytes before the place where reading stopped. */
void tail_take_last(struct tail *t);

#endif
