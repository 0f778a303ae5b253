/*
 * A log for a test that grows while the real indexer reads it: in a folder of
 * its own, the indexer's thread waited for by what it publishes.
 */
#ifndef EHLOG_TESTS_WITH_FOLLOW_H
#define EHLOG_TESTS_WITH_FOLLOW_H

#include "with_log.h"

struct with_follow {
	struct with_log w;       /* its folder comes first: with_folder() */
	struct indexer *ix;
	int wake[2];
	char *paths[1];
};

/* How it begins. */
enum { FOLLOW_ONCE = 0, FOLLOW_ON = 1, FOLLOW_PAUSED = 2 };

#define CSV_NAME "RECV2026112300-1.LOG"
/* A row of such a log, of the session whose id ends in two given digits. */
#define CSV_ROW(id, what) "2026-11-23T00:00:01.000Z,EX,08DE29A3B4C500" id \
	",1,10.0.0.5:25,192.0.2.7:4711," what "\r\n"

/* For indexer_new(): words that no test looks at. */
void follow_ignore(void *arg, const char *words);
/* Begins to read a file or a folder; the path outlives it. */
void with_follow(struct with_follow *f, const char *path, unsigned how);
/* Waits for the wake byte of a publication. */
void follow_await_news(struct with_follow *f);
/* Waits until so many lines were read, and all that is there. */
struct progress follow_await_lines(struct with_follow *f, uint64_t lines);
/* Adds text to a file of the folder, which it makes when there is none. */
void follow_append(struct with_follow *f, const char *name, const char *text);
/* A line of the first stream holds so much. */
void follow_text_of_line(struct with_follow *f, uint32_t line,
    const char *part);
void without_follow(struct with_follow *f);

#endif
