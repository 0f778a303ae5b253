/*
 * The columns of the session list: a table that the face, the table report,
 * sorting and help all read.
 */
#ifndef EHLOG_QUERY_COLUMN_H
#define EHLOG_QUERY_COLUMN_H

#include "index/facts.h"

enum column_id {
	COLUMN_NUMBER, COLUMN_START, COLUMN_TOOK, COLUMN_PEER, COLUMN_HELO,
	COLUMN_FROM, COLUMN_TO, COLUMN_REPLIES, COLUMN_OUTCOME,
	COLUMN_COUNT
};

struct column {
	enum column_id id;
	const char *name;        /* --sort=NAME, configuration, filter */
	const char *title;       /* head of the column */
	const char *help;
	unsigned min, ideal, max;/* width in columns of the screen */
	unsigned weight;         /* share of what is left over; 0: none */
	unsigned drop;           /* dropped from narrow screens, highest first;
	                            0: never */
	bool right;              /* numbers stand at the right */
	bool indexed;            /* sorted by the record alone */
};

extern const struct column columns[COLUMN_COUNT];
/* -1 when there is none. */
int column_by_name(const char *name);

/*
 * The text of a cell, as bytes of the log: the caller makes it safe.  Replies
 * are not text: draw facts->replies with their colours (or column_text gives
 * the codes with blanks between).  `zone`: how zoneless times are shown.
 */
void column_text(enum column_id id, const struct facts *f, struct buf *out);

/* Order of two sessions by an indexed column. <0, 0, >0; ties by number. */
int column_compare(enum column_id id, const struct store *st,
    uint32_t na, const struct session *a, uint32_t nb, const struct session *b);

#endif
