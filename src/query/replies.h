/*
 * The files of explanations: data/replies.conf, which comes with ehlog, and
 * the user's own ~/.config/ehlog/replies.conf, in the same syntax.
 *
 *     [code 550]              a basic code
 *     [code 550 RCPT]         this code to this command; TEXT: to the message
 *     [enhanced X.7.1]        an enhanced status code; 4.7.1: of one class
 *     [sentence NAME]         replies that `pattern` (PCRE2) matches
 *
 * Each with any of title, cause, next, whose, source, origin, sample, note; a
 * key that stands twice goes on where it was.
 */
#ifndef EHLOG_QUERY_REPLIES_H
#define EHLOG_QUERY_REPLIES_H

#include "base/mem.h"
#include "smtp/explain.h"

/*
 * A book of both files, the user's with `own`.  An entry that is wrong is left
 * out and the rest works; `mistakes` gets lines with file, line and place.  A
 * user's file that is not there is no mistake.  Never NULL.
 */
struct explain_book *replies_load(bool own, struct buf *mistakes);

/* One file; how many mistakes it has. */
unsigned replies_read(struct explain_book *b, const char *path, bool own,
    struct buf *mistakes);

#endif
