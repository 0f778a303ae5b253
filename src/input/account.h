/*
 * The account of a command that is read as a source: how often it was started,
 * what became of it, what it said.  The feed that runs it writes, whoever shows
 * it reads, each in a thread of its own.
 */
#ifndef EHLOG_INPUT_ACCOUNT_H
#define EHLOG_INPUT_ACCOUNT_H

#include <stdbool.h>

#include "base/err.h"

struct account;

/* The name is copied. */
struct account *account_new(const char *name);
void account_free(struct account *a);

void account_started(struct account *a);
/* It ended, or could not be started: words for account_words(). */
void account_ended(struct account *a, const char *words);
/*
 * Words that somebody should be told; of too many the later are left out.  When
 * they are of `trouble`, account_went_wrong() knows.
 */
void account_note(struct account *a, const char *words, bool trouble);

/* The next note, each once; false when there is none. */
bool account_next(struct account *a, struct err *note);
/* Whether account_next() has one. */
bool account_has_note(struct account *a);
/* Whether there was trouble so far. */
bool account_went_wrong(struct account *a);
/* How it stands: "name: runs", "name: ended with status 1, started 3 times". */
void account_words(struct account *a, struct err *words);

#endif
