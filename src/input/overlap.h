/*
 * A stream that begins again: what of it was there before?  Commands such as
 * `tail -n +1 -F` give all of their log each time they are started, others
 * (`journalctl -f`, `docker logs -f`) its last lines; none of that may be
 * taken in twice.
 *
 * What holds.  Where the end of the past is the begin of the new stream, to
 * the byte, it is left out, and what follows is new: the longest such overlap,
 * which begins at a line of the past's last OVERLAP_WINDOW bytes or at its very
 * begin.  Else (several logs, mixed in another order) each line is looked at
 * by itself: it was there when it stood exactly once in that window or follows
 * a line that was there as it did then; after OVERLAP_FRESH new lines in a row
 * everything is new.
 *
 * What cannot be known.  Lines that came between the two streams and are in
 * neither are lost.  Where a log repeats itself line by line, two overlaps may
 * be possible: the longer one is believed.
 */
#ifndef EHLOG_INPUT_OVERLAP_H
#define EHLOG_INPUT_OVERLAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/mem.h"
#include "base/slice.h"

#define OVERLAP_WINDOW (64u << 20)
#define OVERLAP_FRESH 64

/*
 * Text that was forgotten, [from, to), which ends where a line does: a stream
 * that begins as the past does is believed to go on as it did there.
 */
struct overlap_gap {
	uint64_t from, to;       /* to <= from: none */
};

/* The text so far; it may grow, but what lies below `size` stays. */
struct overlap_past {
	/* As many of n bytes as there are, all below size; -1: it cannot. */
	ssize_t (*read)(void *arg, void *buf, size_t n, uint64_t at);
	void *arg;
	uint64_t size;
	struct overlap_gap gone;
};

struct overlap;

struct overlap *overlap_new(const struct overlap_past *past);
void overlap_free(struct overlap *o);

/* Takes text of the new stream; what is new is appended to *fresh. */
void overlap_take(struct overlap *o, struct slice text, struct buf *fresh);
/* No more came for a while: if the past may have ended here, it did. */
void overlap_rest(struct overlap *o, struct buf *fresh);
/* No more will come. */
void overlap_end(struct overlap *o, struct buf *fresh);

/* Whether all that comes is new from now on. */
bool overlap_is_over(const struct overlap *o);
/* How many bytes were there before and left out. */
uint64_t overlap_seen(const struct overlap *o);

#endif
