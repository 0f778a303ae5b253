/*
 * A small log and what happened in it: read by the real indexer, decoded, and
 * held against that.
 */
#ifndef EHLOG_TESTS_EXPECT_LOG_H
#define EHLOG_TESTS_EXPECT_LOG_H

#include "unit/with_log.h"

struct expected_log {
	const char *name;
	const char *log;
	uint64_t sessions;
	enum outcome outcome;        /* of the first session, as is the rest */
	const char *failed;          /* NULL: nothing failed */
	const char *peer, *helo, *from, *to;
	unsigned worst;
	unsigned replies, commands, bodies;
	uint64_t strays;
	bool inbound, cut;
};

/* Fails the test where the log is not of that format, or anything differs. */
void expect_log(const char *format, const struct expected_log *x);

#endif
