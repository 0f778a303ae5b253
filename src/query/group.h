/*
 * Grouping: failing replies by their normalised text, sessions by peer, by
 * hour.
 */
#ifndef EHLOG_QUERY_GROUP_H
#define EHLOG_QUERY_GROUP_H

#include "index/facts.h"

/*
 * A reply's text with everything particular to one mail replaced: addresses
 * become <addr>, hosts <host>, IP addresses <ip>, ids <id>, numbers <n>; codes
 * stay.  `550 5.1.1 <ann@play.com> unknown` and that of another address give
 * the same text.
 */
void group_normalise(struct buf *out, unsigned code, uint32_t enhanced,
    struct slice text);

/* Counts by a string; rows come out by count, then by text. */
struct group;
struct group_row {
	struct slice text;
	uint64_t count;
	uint64_t failed;         /* of them in failed sessions */
};

struct group *group_new(void);
void group_free(struct group *g);
void group_add(struct group *g, struct slice text, bool failed);
size_t group_rows(struct group *g, const struct group_row **rows);

#endif
