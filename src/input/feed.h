/*
 * A feed: a thread that fills a pack, from a compressed file, from a pipe, or
 * from a command, which it starts again when it ended.
 */
#ifndef EHLOG_INPUT_FEED_H
#define EHLOG_INPUT_FEED_H

#include <stdatomic.h>

#include "input/account.h"
#include "input/pack.h"
#include "input/unpack.h"

struct feed_from {
	int fd;                  /* the feed's own from now on */
	const char *name;        /* for words; must outlive the feed */
	const struct unpack_form *form;  /* of a file; NULL: fd is a pipe, and
	                            what comes tells its form */
	const char *member;      /* of an archive, NULL: the file itself; must
	                            outlive the feed */
	const char *command;     /* what is run, and fd is not used; NULL: none;
	                            must outlive the feed */
	struct account *account; /* of the command; must outlive the feed */
	const _Atomic bool *again;   /* of the command: while it is set, what
	                            ended is started again */
	bool heard;              /* what the command says is noted when it says
	                            it, for somebody who looks on */
	uint64_t limit;          /* of text; 0: UNPACK_LIMIT, or so many times
	                            what it is unpacked from: UNPACK_RATIO */
};

/* No log packs so well. */
#define UNPACK_RATIO 100
#define UNPACK_LIMIT (UINT64_C(4) << 30)

struct feed;

/* NULL with words; the pack then is over. */
struct feed *feed_start(struct pack *p, const struct feed_from *from,
    struct err *err);
/* Tells it to end and does not wait; feed_stop() must follow. */
void feed_cancel(struct feed *f);
/* The pack is over when this returns.  Does nothing with NULL. */
void feed_stop(struct feed *f);

#endif
