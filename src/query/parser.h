/*
 * The parser of the filter language: an expression becomes a tree.
 *
 *   or   := and { "or" and }
 *   and  := not { ["and"] not }
 *   not  := { "not" | "-" } ( "(" or ")" | term )
 */
#ifndef EHLOG_QUERY_PARSER_H
#define EHLOG_QUERY_PARSER_H

#include "base/clock.h"
#include "query/mistake.h"
#include "query/tree.h"

/* Deeper parentheses are refused: the tree is walked by recursion. */
#define PARSER_DEPTH_MAX 100

/* 0; -1 with *fe filled, and then the tree is empty. */
int tree_parse(struct tree *t, const char *expr, const struct zone *zone,
    struct filter_error *fe);
void tree_free(struct tree *t);

#endif
