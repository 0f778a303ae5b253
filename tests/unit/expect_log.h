/*
 * A small log and what happened in it: read by the real indexer, decoded, and
 * held against that; or a line, by the format alone.
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

/* A line of a built-in format, all of it: what its scan says. */
struct event expect_scan(const char *format, const char *line);
/* And the words of it. */
struct detail expect_detail(const char *format, const char *line);
/* Fails the test where s is anything else. */
void expect_slice(struct slice s, const char *want);

/* Fails the test where the log is not of that format, or anything differs. */
void expect_log(const char *format, const struct expected_log *x);

#endif
