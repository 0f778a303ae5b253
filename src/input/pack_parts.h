/*
 * What the parts of a pack share: filling and reading (pack.c), forgetting
 * (pack_forget.c).  Nobody else includes this.
 */
#ifndef EHLOG_INPUT_PACK_PARTS_H
#define EHLOG_INPUT_PACK_PARTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zstd.h>

#include "base/err.h"
#include "base/table.h"
#include "input/spill.h"

struct pack_cache;

/* The next one is slower and packs no better; the one before takes more than
   15 % of what Exim logs with -d. */
#define PACK_LEVEL 2
/* One log is read by two indexers when it is opened again. */
#define LISTENERS 4

struct block {
	char *data;              /* NULL: in the spill, or forgotten */
	uint64_t at;             /* there */
	uint32_t packed;         /* length of data; 0: forgotten */
	uint32_t length;         /* of its text */
};

struct pack {
	uint64_t id;             /* no other pack ever had it */
	struct spill *spill;
	struct table blocks;     /* struct block; published under the lock */
	_Atomic uint64_t size;   /* of all text; pairs with pack_size() */
	_Atomic bool over;       /* set behind the last size */
	_Atomic uint64_t memory, packed;
	_Atomic uint64_t read;   /* the end of what was read; set under the lock */
	_Atomic uint64_t gone;   /* the end of what was forgotten */
	_Atomic uint64_t retained;   /* so much of its end is not to be */
	/* Whoever reads a block that was published; to write: to take it away. */
	pthread_rwlock_t guard;
	/* While something is forgotten; and `held`. */
	pthread_mutex_t forgetting;
	bool held;               /* pack_hold() */
	pthread_mutex_t lock;
	pthread_cond_t more, less;
	/* Under the lock. */
	bool bounded, unbound;
	struct listener {
		int fd;          /* -1: nobody */
		bool told;
	} listener[LISTENERS];
	struct err why;          /* it ended; "" if well */
	/* Open text: bytes below `size` may be read, under the lock. */
	char *open;
	size_t nopen;            /* the writer's */
	ZSTD_CCtx *packer;
	char *out;
	/* Of who forgets. */
	struct pack_cache *mended;
	ZSTD_CCtx *mender;
};

/*
 * The text of a block, of whole length; false when it cannot be had.  Whoever
 * forgets may do so meanwhile.
 */
bool pack_unpack(struct pack *p, struct pack_cache *c, const struct block *b,
    char *text);

#endif
