/*
 * PCRE2 for the formats that come from files: anchored patterns over one line,
 * matched by several threads at once, each match under limits.
 *
 * A line was written by a stranger and the pattern by whoever wrote the
 * format: together they may run wild.  Then the match says so, and that is all.
 */
#ifndef EHLOG_FORMAT_REGEX_H
#define EHLOG_FORMAT_REGEX_H

#include "base/slice.h"

struct regex;
/* What matching needs beside a pattern; for any number of threads. */
struct regex_pool;
struct regex_work;

/* Most named groups of a pattern. */
#define REGEX_GROUPS 32

struct regex_error {
	char text[256];
	size_t at;               /* byte offset in the pattern */
};

/*
 * Compiles; NULL with *re when it is no pattern.  The match begins where the
 * text begins.  Plain parentheses capture nothing, named ones do.
 */
struct regex *regex_new(struct slice pattern, struct regex_error *re);
void regex_free(struct regex *x);

/* The nth named group and its number in regex_match(); false behind the last. */
bool regex_group(const struct regex *x, unsigned n, const char **name,
    unsigned *number);
/*
 * Sets first[c] for each byte c with which a match may begin, first[256] where
 * a match may be of nothing at all.
 */
void regex_first(const struct regex *x, bool first[257]);

/* Once, before the first match and before threads share it: for speed. */
void regex_prepare(struct regex *x);

/* `groups`: the most that any of the patterns has. */
struct regex_pool *regex_pool_new(unsigned groups);
void regex_pool_free(struct regex_pool *p);
/* One at a time for each thread; never NULL. */
struct regex_work *regex_take(struct regex_pool *p);
void regex_give(struct regex_pool *p, struct regex_work *w);

enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT };

enum regex_result regex_match(const struct regex *x, struct regex_work *w,
    struct slice text);
/* A group of the last match; p == NULL when it took no part. */
struct slice regex_found(const struct regex_work *w, struct slice text,
    unsigned number);

#endif
