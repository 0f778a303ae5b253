/*
 * Putting text on a stream: gathered in a buffer, written in large blocks, so
 * that a report of a million rows is not a million writes.  Also what several
 * forms draw alike: colours of reply codes, texts cut to a width.
 */
#ifndef EHLOG_REPORT_PUT_H
#define EHLOG_REPORT_PUT_H

#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "index/session.h"

struct put {
	FILE *out;
	bool at_once;            /* somebody looks on: write each row */
	bool failed;             /* once it failed, nothing more is written */
	struct buf buf;
};

/*
 * A row is complete in the buffer; writes when enough has come together.
 * 0, or -1 with errno when the stream fails.
 */
int put_row(struct put *p);
/* Writes all there is. */
int put_flush(struct put *p);
void put_free(struct put *p);

/* SGR: the colour of a reply code's class, of an outcome; and off again. */
void put_colour(struct buf *out, unsigned code);
void put_outcome_colour(struct buf *out, enum outcome o);
void put_bold(struct buf *out);
void put_plain(struct buf *out);

void put_blanks(struct buf *out, size_t n);
/* Numbers and times of day without printf: every line of a report has some. */
void put_number(struct buf *out, uint64_t n);
/* HH:MM:SS, or HH:MM:SS.mmm; blanks for CLOCK_NONE. */
void put_time_of_day(struct buf *out, int64_t t, bool ms);
/*
 * Text made safe in a field of `width` columns, SIZE_MAX: as wide as it is.
 * What is too long ends in a sign.  Returns the columns it took, at most
 * `width`; the rest of the field is the caller's.
 */
size_t put_safe(struct buf *out, struct slice text, size_t width);
/* The sign: "…", or "~" where the locale has no such thing. */
struct slice put_more(void);

#endif
