/*
 * The counts of a summary: sessions by outcome, by hour and by peer, failing
 * replies by their normalised text.  Knows nothing of how they are shown.
 */
#ifndef EHLOG_REPORT_TALLY_H
#define EHLOG_REPORT_TALLY_H

#include "base/intern.h"
#include "index/facts.h"

struct tally_hour {
	int64_t hour;            /* since 1970-01-01, as the log's times are */
	uint64_t by_outcome[OUTCOME_COUNT];
};

struct tally_reply {
	uint32_t text;           /* number in tally.texts */
	uint32_t example;        /* number of the first session with it */
	uint32_t last;           /* number of the last one counted */
	uint64_t replies, sessions;
};

struct tally_peer {
	uint32_t peer;           /* store_peer() */
	uint64_t sessions, failed;
};

struct tally {
	uint64_t sessions, lines;
	uint64_t by_outcome[OUTCOME_COUNT];
	int64_t first, last;     /* CLOCK_NONE: no session has a time */
	const struct stream *first_of, *last_of;
	bool all_utc;            /* the times of all that were counted */
	struct tally_hour *hours;
	size_t nhours, hours_cap, hours_sorted;
	struct tally_reply *replies;     /* index: text - 1 */
	size_t nreplies, replies_cap;
	struct intern texts;
	struct tally_peer *peers;        /* index: peer */
	size_t npeers, peers_cap;
	struct buf text;
};

void tally_init(struct tally *t);
void tally_free(struct tally *t);

/*
 * Counts a session.  Its replies count where they were decoded: only sessions
 * with 4xx and 5xx need be.
 */
void tally_add(struct tally *t, const struct facts *f);

/*
 * Puts hours in order of time, replies by count, peers by failures and then
 * by sessions.  Peers without sessions are left out.  Nothing can be added
 * after that.
 */
void tally_sort(struct tally *t);

#endif
