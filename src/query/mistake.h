/*
 * Mistakes in a filter expression: where they are, in words that help.
 */
#ifndef EHLOG_QUERY_MISTAKE_H
#define EHLOG_QUERY_MISTAKE_H

#include "base/slice.h"

struct filter_error {
	char text[256];
	size_t at;               /* byte offset in the expression */
	size_t length;           /* bytes it spans, at least 1 */
};

/* Fills *fe, which may be NULL.  Returns -1. */
int mistake(struct filter_error *fe, size_t at, size_t length,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* A part of the expression for a message: cut short at whole characters. */
struct excerpt {
	char text[48];
};
struct excerpt excerpt(struct slice s);

/* Finds the word that a person may have meant. */
struct nearest {
	struct slice want;
	const char *best;        /* NULL: nothing is near */
	unsigned distance;
};

struct nearest nearest_to(struct slice want);
void nearest_try(struct nearest *n, const char *candidate);

#endif
