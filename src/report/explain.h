/*
 * Explanations as text: what --explain prints, and what a transcript has
 * under a failing reply.
 */
#ifndef EHLOG_REPORT_EXPLAIN_H
#define EHLOG_REPORT_EXPLAIN_H

#include "smtp/explain.h"

struct fact_reply;

/*
 * --explain: the server's text, then what is known of it.  `own`: with the
 * user's notes.  Returns the exit status: 0 something is known, 1 nothing
 * is, 2 a file of explanations is wrong.
 */
int report_explain(const char *pasted, bool own);

/* What a reply of a session asks the book. */
struct explain_query explain_query_of(const struct fact_reply *r);

/*
 * Appends words, broken at blanks so that no line is over `columns` wide (0:
 * not broken).  Lines but the first begin with `indent`.
 */
void explain_wrap(struct buf *out, struct slice words, size_t at,
    struct slice indent, size_t columns);

/* "FILE:LINE: the pattern met ...": of patterns that were left out. */
void explain_wild_words(const struct explain_entry *e, struct buf *out);

#endif
