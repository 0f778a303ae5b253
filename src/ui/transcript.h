/*
 * The transcript: the lines of one session, message text and raw twins folded
 * away, the failing exchange marked; or the raw lines of the log.
 */
#ifndef EHLOG_UI_TRANSCRIPT_H
#define EHLOG_UI_TRANSCRIPT_H

#include "ui/view.h"

enum part_kind {
	PART_LINE,           /* a line, with the raw twins that belong to it */
	PART_TWIN,           /* a raw twin, folded open */
	PART_BODY,           /* a line of message text, folded open */
	PART_TEXT_FOLD,      /* stands for a run of message text */
	PART_TWIN_FOLD,      /* stands for twins that belong to no line */
	PART_RAW,            /* a line as the log has it */
	PART_GONE,           /* stands for lines whose text is gone */
};

/* What one row of the screen shows. */
struct part {
	uint32_t line;       /* index in facts.lines */
	uint32_t fold;       /* first of what is folded into it */
	uint32_t folded;     /* how many lines that are; 0: nothing */
	uint32_t shown;      /* of them, those to be counted to the reader */
	uint8_t kind;        /* enum part_kind */
	bool open;           /* also of a line without folds: wrapped */
};

struct parts {
	struct part *p;
	size_t n, cap;
};

struct transcript {
	struct view view;            /* first: a view is cast to its own */
	uint32_t number;             /* session; 0: none is open */
	struct facts facts;
	struct session rec;          /* the record that facts were made of */
	bool trouble;                /* reading gave an error */
	int64_t decoded_at, decode_ms;

	bool raw;
	uint8_t *open;               /* by index of a fold's first line */
	size_t open_cap;
	struct parts parts;
	struct place place;
	int rows, cols;
	unsigned sideways;
	bool centre;                 /* the cursor, once the rows are known */
	bool stick;                  /* following, and at the end */
	size_t seen;                 /* lines when it was opened, or when the
	                                reader left the end */

	/* The search within the session. */
	struct match *own;           /* typed here; else the list's is shown */
	const struct match *searched;/* what hits[] is about */
	uint32_t *hits;              /* indices in facts.lines, ascending */
	size_t nhits, hits_cap;
	size_t scanned;              /* lines looked at */
	bool jumping;                /* to a hit at or after jump_from */
	uint32_t jump_from;

	struct buf words, plain;     /* scratch of transcript_words() */
};

void transcript_init(struct transcript *t, struct scene *sc);
/* Opens a session; the failing exchange (or the first hit) is in view. */
void transcript_show(struct transcript *t, uint32_t number);

/*
 * Search within the session.  The pattern is taken over; NULL ends the own
 * search.  The cursor goes to the first hit at or after line `from`.
 */
void transcript_search(struct transcript *t, struct match *m, uint32_t from);
/* Index of the line under the cursor. */
uint32_t transcript_line(const struct transcript *t);
bool transcript_has_own_search(const struct transcript *t);

/* transcript_parts.c: which rows there are. */
void parts_build(struct transcript *t);
void parts_free(struct parts *p);
/* The row that shows a line, or what it is folded into; 0 when none does. */
size_t parts_find(const struct transcript *t, uint32_t line);
/* Opens what hides a line.  True when something was opened. */
bool parts_uncover(struct transcript *t, uint32_t line);

/* Whether a line is never cut: the failing exchange, and refusals in words. */
bool parts_in_full(const struct transcript *t, const struct part *p);
/*
 * Where the window is over rows of different height: what is shown in full,
 * raw lines and what the reader opened are wrapped.
 */
int parts_height(struct transcript *t, size_t row);
void parts_fit(struct transcript *t);
void parts_centre(struct transcript *t);
bool parts_move(struct transcript *t, enum command command);
/* Whether a line is longer than its row. */
bool parts_is_cut(struct transcript *t, size_t row);
/* Bytes of text that one of its rows shows; `words`: broken at blanks. */
size_t parts_wrap(struct slice text, int width, bool words);
/* What a row says that is about one line. */
struct slice parts_text(struct transcript *t, const struct part *p);

/* transcript_find.c: the search within. */
const struct match *transcript_pattern(const struct transcript *t);
void transcript_rescan(struct transcript *t);
bool transcript_scan(struct transcript *t, int64_t until);
unsigned transcript_go_hit(struct transcript *t, bool back);
void transcript_hit_words(const struct transcript *t, struct buf *out);

/* transcript_words.c: what a line says, as bytes of the log. */
struct slice transcript_words(struct transcript *t, uint32_t line);
struct slice transcript_raw(struct transcript *t, uint32_t line);
/* Heading: session, endpoints, outcome; in at most `cols` columns. */
void transcript_heading(const struct transcript *t, int cols,
    struct buf *out);

/* Lines whose text is gone; all of them when nothing could be read. */
uint32_t transcript_gone(const struct transcript *t);
/* "the log was truncated; the text of 24 lines is gone" */
void transcript_gone_words(uint32_t lines, struct buf *out);

/* transcript_draw.c */
/* The column where text begins. */
int transcript_text_column(const struct transcript *t);
void transcript_draw(struct view *v, const struct area *a, bool focus);

#endif
