/*
 * Whether a filter is a narrower one than another: what passes it passes that
 * one, too, so that its sessions need only be looked for among those.
 */
#ifndef EHLOG_QUERY_NARROW_H
#define EHLOG_QUERY_NARROW_H

#include "query/tree.h"

/*
 * True when each question that `before` wants answered by yes is one of
 * `tree`'s, whatever the order.  May be false where only logic would tell.
 */
bool tree_narrows(const struct tree *tree, const struct tree *before);

#endif
