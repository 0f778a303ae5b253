/*
 * Interned strings: each different string once, known by a number from 1 on;
 * 0 is no string.  One thread adds, any thread reads the text of a number
 * that was published to it.
 */
#ifndef EHLOG_BASE_INTERN_H
#define EHLOG_BASE_INTERN_H

#include <stdint.h>

#include "base/mem.h"
#include "base/table.h"

/* No more texts than that are told apart. */
#define INTERN_MAX (UINT32_C(1) << 30)

struct intern {
	struct table entries;        /* const char *; entry i is number i + 1 */
	uint32_t *hash;              /* the writer's own: open addressing */
	uint32_t mask;
	uint64_t seed;               /* so that no log can be made to collide */
	char *chunk;                 /* where the next text goes */
	uint32_t chunk_used, chunk_size;
	_Atomic uint64_t held;       /* bytes of chunks and hash; relaxed */
	struct slice *chunks;        /* all chunks, for freeing */
	size_t nchunks, chunks_cap;
};

void intern_init(struct intern *in);
void intern_free(struct intern *in);

/* Any thread: what the functions below want to know of a text. */
uint64_t intern_hash(const struct intern *in, struct slice s);

/*
 * Writer.  The number of s; s is copied.  The empty slice is 0, and so is
 * any new one when the table holds as many as it ever will (2^30).
 */
uint32_t intern_add(struct intern *in, struct slice s);
uint32_t intern_add_hashed(struct intern *in, struct slice s, uint64_t hash);
/*
 * Writer: takes n texts, none of them twice and INTERN_MAX at most, into an
 * empty table, numbered in their order.  They lie at `from` as
 * intern_text_size() says, each behind the one before, are not copied, and must
 * outlive the table.
 */
void intern_adopt(struct intern *in, const char *from, uint32_t n);
/*
 * A text as it is kept: its bytes, with the length before them.  How many there
 * are from `from` on, 0 if they would not end at `end` or before; *s is the
 * text.
 */
size_t intern_text_size(const char *from, const char *end, struct slice *s);
#define INTERN_TEXT_HEAD 6   /* bytes before a text, at most */
/* Puts it so into `out`. */
void intern_text_put(struct buf *out, struct slice s);
/*
 * Writer: asks for the memory that intern_add() of a text with that hash will
 * look at, so that it comes while other work is done: of many texts first the
 * place of each, then what stands there, then that text.
 */
void intern_fetch_place(const struct intern *in, uint64_t hash);
void intern_fetch_entry(const struct intern *in, uint64_t hash);
void intern_fetch_text(const struct intern *in, uint64_t hash);
/* Writer: makes all numbers handed out so far readable by other threads. */
void intern_publish(struct intern *in);

/* Any thread: the text; SLICE_NONE for 0 or a number not yet published. */
struct slice intern_text(const struct intern *in, uint32_t number);
/* Any thread: bytes in use, for --stats. */
uint64_t intern_bytes(const struct intern *in);

#endif
