/*
 * The oldest sessions of logs that have no end go: of what comes through a pipe
 * or from a command the newest text is kept, and the sessions that began in it.
 * A session whose connection is not over stays, and so does one that is spared.
 *
 * What was forgotten has its number still, and no reader is told of it but by
 * the functions below.  All of them are the reader's, who forgets; other threads
 * may meet a record of zeros, and lines that are no session's.
 */
#ifndef EHLOG_INDEX_OLDEST_H
#define EHLOG_INDEX_OLDEST_H

#include "index/store.h"

/* What is to be forgotten, and what is not. */
struct oldest_rule {
	uint64_t keep;           /* so many bytes of each endless stream's text */
	bool strict;             /* else somewhat more: it is worth the while */
	const uint32_t *spared;  /* numbers of a few sessions */
	size_t nspared;
};

/* True when sessions were forgotten. */
bool oldest_forget(struct store *st, const struct oldest_rule *rule);

/* How many sessions were forgotten; the number grows when any is. */
uint64_t store_forgotten(const struct store *st);
bool session_is_forgotten(const struct store *st, uint32_t number);
/* How many with a lower number are there still. */
uint64_t store_kept_before(const struct store *st, uint32_t number);
/* The number of the one before which so many are. */
uint32_t store_kept_at(const struct store *st, uint64_t i);
/* A record that another thread met when it was forgotten. */
static inline bool
session_is_blank(const struct session *rec)
{
	return rec->first == 0;
}

/* The last line of what was forgotten; behind it all is there. */
uint32_t stream_forgotten(const struct stream *sm);
/* store_progress(), where sessions are those that are there still. */
void store_progress_kept(const struct store *st, struct progress *p);

#endif
