/*
 * A batch: a buffer of log text and what a scan made of its lines.  It goes
 * from the one who reads and scans to the one who assembles, which may be
 * another thread; whoever has it owns it.
 */
#ifndef EHLOG_INDEX_BATCH_H
#define EHLOG_INDEX_BATCH_H

#include "format/format.h"

/* How much is read at a time. */
#define BATCH_SIZE (256u << 10)

/*
 * One entry of a line; a line of glued entries has several.  It holds what the
 * assembler needs of an event and no more: it goes from one processor's cache
 * to another's, at ten million a second.
 */
struct entry {
	uint64_t key;
	int64_t time;
	const char *text, *peer; /* in the batch's text */
	uint32_t text_n;
	uint32_t offset;         /* of the line, from the batch's `begin` */
	uint16_t peer_n;
	uint16_t flags;
	uint8_t kind;            /* of struct event, as is flags */
	uint8_t ends;            /* dir and, from the fourth bit on, side */
	uint8_t bits;            /* enum entry_bit */
};

enum entry_bit {
	ENTRY_CUT = 1,           /* the line is longer than was looked at */
	ENTRY_BLANK = 2,
	ENTRY_LAST = 4,          /* of its line */
	ENTRY_STATE = 8,         /* behind it, the next of states[] holds */
	ENTRY_TELLS = 16,        /* the next of report[] is its */
};

/* What an entry has that tells facts in words. */
struct entry_report {
	uint32_t enhanced;
	uint16_t code, says;
	uint8_t verb;
};

struct batch {
	char *text;              /* BATCH_SIZE bytes */
	struct entry *entry;
	size_t n, cap;
	uint64_t *other;         /* of entries with ALIAS or LINK: that key */
	size_t nother, other_cap;
	struct entry_report *report;     /* of entries with ENTRY_TELLS */
	size_t nreports, reports_cap;
	struct format_state *states;
	size_t nstates, states_cap;
	char **owned;            /* text of lines that did not fit, to free */
	size_t nowned, owned_cap;
	size_t tail;             /* which stream it is of */
	uint64_t begin;          /* stream offset of its first line */
	uint64_t end;            /* stream offset behind its last line */
};

struct batch *batch_new(void);
void batch_free(struct batch *b);
/* Empties it for the next use. */
void batch_reset(struct batch *b);
/* Text that entries point to and that the batch frees. */
void batch_own(struct batch *b, char *text);

/*
 * Scans a line and adds its entries.  `line`, without its line end, lives in
 * the batch's text or in text it owns.
 */
void batch_scan(struct batch *b, const struct format *fm,
    struct format_state *st, struct slice line, uint64_t offset, bool cut);

#endif
