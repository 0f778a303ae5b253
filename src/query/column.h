/*
 * The columns of the session list: a table that the face, the table report,
 * sorting and help all read.
 */
#ifndef EHLOG_QUERY_COLUMN_H
#define EHLOG_QUERY_COLUMN_H

#include "index/facts.h"

enum column_id {
	COLUMN_NUMBER, COLUMN_START, COLUMN_TOOK, COLUMN_SOURCE, COLUMN_PEER,
	COLUMN_HELO, COLUMN_FROM, COLUMN_TO, COLUMN_REPLIES, COLUMN_OUTCOME,
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
	unsigned spare;          /* shown only where the others keep this much
	                            beyond their least width */
	bool right;              /* numbers stand at the right */
	bool indexed;            /* sorted by the record alone */
};

extern const struct column columns[COLUMN_COUNT];
/* -1 when there is none. */
int column_by_name(const char *name);

/* How much of its date a start shows. */
enum column_date { DATE_NONE, DATE_DAY, DATE_YEAR };

/* The days of a store; CLOCK_NONE where no session has a time. */
struct column_days {
	int64_t first, last;     /* some time of the first and last day */
	enum column_date date;   /* what a start must show to be unmistakable */
};

/* By the sessions at the ends of the streams: a growing store may add days. */
void column_days(struct column_days *d, const struct store *st);

/* What a list needs of its columns. */
struct column_need {
	unsigned screen;         /* columns to fill; 0: no limit */
	unsigned shown;          /* 1 << id for each column that is wanted */
	uint64_t sessions;       /* the highest number to be shown */
	bool ms;                 /* starts have milliseconds */
	enum column_date date;
	const unsigned *texts;   /* by id: the widest text there is; NULL:
	                            nobody knows */
};

#define COLUMNS_ALL ((1u << COLUMN_COUNT) - 1)
/* Which columns tell something: of one log there is no source to tell apart. */
unsigned columns_telling(const struct store *st);

struct column_layout {
	unsigned width[COLUMN_COUNT];    /* 0: not shown */
	unsigned x[COLUMN_COUNT];        /* where it begins */
	unsigned gap;                    /* blanks between two columns */
};

/*
 * Widths for a screen.  Outcome takes what is left; it and the replies are
 * there on the narrowest screen, for they say what failed.  Which columns are
 * there does not depend on the texts.
 */
void column_fit(struct column_layout *l, const struct column_need *need);

/*
 * The text of a cell, as bytes of the log: the caller makes it safe.  Replies
 * are not text: draw facts->replies with their colours (or column_text gives
 * the codes with blanks between).  Start is day and time as the log has them:
 * show of it what column_start() leaves.  An AUTH command loses its
 * credentials.
 */
void column_text(enum column_id id, const struct facts *f, struct buf *out);

/* Of the text of a start, what a column of `width` shows. */
struct slice column_start(struct slice text, enum column_date date,
    size_t width);

/*
 * Which replies fit a cell of `width` with a blank between: [*first, *end).
 * The worst is always among them; where some are left out at an end, one
 * column and a blank are kept free there for a sign.
 */
void column_replies(const struct facts *f, unsigned width, size_t *first,
    size_t *end);

/*
 * A number that orders sessions by an indexed column; where two are equal,
 * column_compare() knows more.
 */
uint64_t column_key(enum column_id id, const struct store *st,
    uint32_t number, const struct session *s);

/* The same of a peer alone. */
uint64_t column_peer_key(struct slice peer);

/* Order of two sessions by an indexed column. <0, 0, >0; ties by number. */
int column_compare(enum column_id id, const struct store *st,
    uint32_t na, const struct session *a, uint32_t nb, const struct session *b);

#endif
