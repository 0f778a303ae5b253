/*
 * Stores made by hand, for tests of what chooses among sessions: every record is
 * known, and no text was ever there.
 */
#ifndef EHLOG_TESTS_WITH_STORE_H
#define EHLOG_TESTS_WITH_STORE_H

#include "index/store.h"
#include "query/filter.h"

/* An outcome, of a session that is open or over. */
void session_set(struct session *r, enum outcome o, bool open);
/*
 * The record of the nth session: nothing in it follows the number.  Its peer is
 * interned.
 */
struct session session_nth(struct store *st, uint32_t n);
struct session_cell *session_cell_at(struct store *st, uint32_t number);

/* An empty store with one stream; and one of n sessions, published. */
struct store *bare_store(void);
struct store *store_of(uint32_t n);
/* Adds a session, which has to be published; its number. */
uint32_t store_add(struct store *st, const struct session *r);
void store_publish(struct store *st, uint64_t changes);

/* An expression that must be right. */
struct filter *filter_of(const char *expr);

#endif
