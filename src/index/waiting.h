/*
 * Lines that stand before the one that tells whose they are: Postfix logs the
 * message that reports a failure under an id of its own before it says which
 * message had failed, and what its smtp client met with before it names the
 * message that it carries.
 *
 * The last so many are kept, by key, without their text.  Indexer thread.
 */
#ifndef EHLOG_INDEX_WAITING_H
#define EHLOG_INDEX_WAITING_H

#include "format/event.h"

#define WAITING_MAX   1024u  /* powers of two */
#define WAITING_HEADS 256u
/* For so many lines: what is older may have been forgotten (forget.h). */
#define WAITING_LINES (1u << 16)

struct waiting_line {
	uint64_t key;            /* 0: nothing waits here */
	int64_t time;
	uint32_t line;
	uint32_t before;         /* the count of the one before of this head */
	uint16_t says;
	uint8_t kind, side;
};

struct waiting {
	struct waiting_line lines[WAITING_MAX];      /* a ring */
	uint32_t head[WAITING_HEADS];    /* the count of the last; 0: none */
	uint32_t count;          /* of all that ever waited */
};

/*
 * Whether an entry of no session is to wait for one: it says so, or that it
 * belongs to what waits already.
 */
bool waiting_wants(const struct waiting *w, const struct event *ev);
void waiting_add(struct waiting *w, const struct event *ev, uint32_t line);
/*
 * The oldest from line `least` on that waits for the key, waiting no more:
 * false when there is none, else *ev is the entry without its text.
 */
bool waiting_take(struct waiting *w, uint64_t key, uint32_t least,
    struct event *ev, uint32_t *line);

#endif
