/*
 * A pack: text that cannot be read twice, kept in compressed blocks.  One
 * thread appends, any thread reads below what was published; nothing that was
 * published moves or changes, but it may be forgotten.  It knows nothing of
 * where the text comes from.
 */
#ifndef EHLOG_INPUT_PACK_H
#define EHLOG_INPUT_PACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "input/spill.h"

/* Text of one block: large enough to pack well, small enough to unpack for
   one line. */
#define PACK_BLOCK (256u << 10)

struct pack;

/* Blocks go to the spill, which outlives it; NULL: they stay in memory. */
struct pack *pack_new(struct spill *spill);
void pack_free(struct pack *p);

/* The thread that fills it. */
void pack_append(struct pack *p, const void *text, size_t n);
/* No more will come; `why` (or NULL) says why less came than there was. */
void pack_end(struct pack *p, const struct err *why);

/* Any thread: how much text may be read. */
uint64_t pack_size(const struct pack *p);
/* Asked before pack_size(): true, and that size is the last. */
bool pack_is_over(const struct pack *p);
/* Why it ended too early; false when it did not. */
bool pack_trouble(struct pack *p, struct err *err);
/* Memory (not disk) that it takes, and bytes of it that are blocks. */
uint64_t pack_memory(const struct pack *p);
uint64_t pack_packed(const struct pack *p);

/* Sleeps until there is more text than `at`, or it is over. */
void pack_wait(struct pack *p, uint64_t at);
/*
 * From now on a byte is written to the descriptor when text was appended or it
 * is over, at most once until pack_heard(), which comes before the look at what
 * is there.  A few may listen.
 */
void pack_listen(struct pack *p, int fd);
void pack_heard(struct pack *p, int fd);
void pack_unlisten(struct pack *p, int fd);
/* Wakes those who listen though no text came. */
void pack_wake(struct pack *p);

/* A piece of text, [from, to). */
struct pack_range {
	uint64_t from, to;
};

/*
 * These pieces of text, ascending and without touching each other, are asked for
 * no more: what is left between them stays, and PACK_NEAR to it may be read, as
 * zeros.  Blocks of which nothing is left are given back; others have the pieces
 * blanked, but not with `whole`.  False, and nothing was done: it is held.
 *
 * One thread.  Who reads there all the same gets zeros or words, or what it was.
 */
#define PACK_NEAR (64u << 10)
bool pack_forget(struct pack *p, const struct pack_range *r, size_t n,
    bool whole);
/* The end of what was forgotten: from here on all is there. */
uint64_t pack_gone(const struct pack *p);
/*
 * So much of its end, at any time, and its first block are not to be forgotten:
 * what a command gives again is known by them.
 */
void pack_retain(struct pack *p, uint64_t n);
uint64_t pack_retained(const struct pack *p);
/* Who fills it reads in it: until then nothing is forgotten. */
void pack_hold(struct pack *p, bool hold);
/* From now on pack_append() waits where it is far ahead of all reading. */
void pack_bound(struct pack *p);
/* pack_append() waits no more, whatever is forgotten. */
void pack_unbound(struct pack *p);

/* Blocks that one reader has unpacked.  One thread. */
struct pack_cache;
struct pack_cache *pack_cache_new(void);
void pack_cache_free(struct pack_cache *c);

/*
 * Reads up to n bytes at an offset: how many, fewer only at the end of what
 * was published; -1 with words when a block cannot be had back, or was
 * forgotten.
 */
ssize_t pack_read(struct pack *p, struct pack_cache *c, void *buf, size_t n,
    uint64_t at, struct err *err);

#endif
