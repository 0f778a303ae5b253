/*
 * The filter language: an expression becomes a tree, the tree is asked of
 * sessions.  The same in the face and on the command line.
 *
 *   terms side by side mean AND; `or`, `not` or `-`, parentheses
 *   field:value with globs, field:/regex/, field:a..b, field>n, field<=n
 *   a bare word (or "quoted words", or /regex/) is looked for anywhere in the
 *   text of the session
 *
 * Parsing knows nothing of stores; matching asks the record first and decodes
 * the session's lines only where the record cannot answer.
 */
#ifndef EHLOG_QUERY_FILTER_H
#define EHLOG_QUERY_FILTER_H

#include <stdatomic.h>

#include "base/clock.h"
#include "index/facts.h"
#include "index/store.h"
#include "query/fields.h"
#include "query/mistake.h"

struct filter;

/* NULL with *fe filled when the expression is wrong.  An empty expression is
 * a filter that matches everything. */
struct filter *filter_parse(const char *expr, const struct zone *zone,
    struct filter_error *fe);
void filter_free(struct filter *f);

/* "EXPR\n     ^~~ words\n" for a terminal or standard error. */
void filter_error_show(struct buf *out, const char *expr,
    const struct filter_error *fe);

/* Whether it asks nothing: every session passes. */
bool filter_is_empty(const struct filter *f);
/* Whether the record alone answers every question of the filter. */
bool filter_is_indexed(const struct filter *f);

/* Whether even the last word of the record does (session_load_last()). */
bool filter_is_by_word(const struct filter *f);

/*
 * Whether it is plain that what passes f passes `before`: it asks the same and
 * more.
 */
bool filter_narrows(const struct filter *f, const struct filter *before);

/*
 * A context per thread: a reader, decoded facts, PCRE2 match data.  A session
 * is decoded once per filter_match(), however many fields ask.
 */
struct filter_context;
struct filter_context *filter_context_new(const struct store *st);
void filter_context_free(struct filter_context *c);
/*
 * Once *stop is true, a filter_match() under way gives up soon and its answer
 * means nothing: how another thread cancels.  NULL: never.
 */
void filter_context_stop(struct filter_context *c, const atomic_bool *stop);

/*
 * `rec` is the record of session `number`.  A pattern that hits the match
 * limit does not match and is counted in filter_limits().
 */
bool filter_match(const struct filter *f, struct filter_context *c,
    uint32_t number, const struct session *rec);
uint64_t filter_limits(const struct filter_context *c);

#endif
