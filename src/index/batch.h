/*
 * A batch: a buffer of log text and what a scan made of its lines.  It is
 * filled (tail.h), scanned and assembled, by one thread or by several in turn;
 * whoever has it owns it.
 */
#ifndef EHLOG_INDEX_BATCH_H
#define EHLOG_INDEX_BATCH_H

#include "base/intern.h"
#include "format/format.h"
#include "index/stamp.h"
#include "smtp/gist.h"

/* How much is read at a time. */
#define BATCH_SIZE (128u << 10)

/*
 * One entry of a line; a line of glued entries has several.  It holds what the
 * assembler needs of an event and no more: it goes from one processor's cache
 * to another's, at ten million a second, and the text should not need to.
 */
struct entry {
	uint64_t key;
	int64_t time;
	struct gist gist;        /* of text that is a protocol line */
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
	ENTRY_PEER = 32,         /* the next of peers[] is its */
};

/* What an entry has that tells facts in words. */
struct entry_report {
	uint32_t enhanced;
	uint16_t code, says;
	uint8_t verb;
};

/* The peer of an entry that is likely to open a session, ready to intern. */
struct entry_peer {
	uint64_t hash;
	struct slice name;
};

struct batch {
	char *text;              /* BATCH_SIZE bytes */
	/* What is in it: whole lines with their ends, or one without. */
	struct slice lines, line;
	bool line_cut;           /* `line` is the head of a longer one */
	uint64_t at;             /* stream offset of what is in it */
	struct format_state state;       /* to scan it with */
	uint32_t epoch;          /* of that state */
	const struct intern *peers;      /* that will have its peers */
	/* What a scan made of it. */
	uint32_t nlines;         /* of `lines` */
	struct entry *entry;
	size_t n, cap;
	uint64_t *other;         /* of entries with ALIAS or ALSO, then with
	                            LINK: that key */
	size_t nother, other_cap;
	struct entry_report *report;     /* of entries with ENTRY_TELLS */
	size_t nreports, reports_cap;
	struct entry_peer *peer;         /* of entries with ENTRY_PEER */
	size_t npeers, peers_cap;
	struct format_state *states;
	size_t nstates, states_cap;
	char **owned;            /* text of lines that did not fit, to free */
	size_t nowned, owned_cap;
	const struct source_clock *clock;    /* to correct times by; NULL: they
	                            are right */
	bool second;               /* of the second of two logs (index/second.h) */
	bool merged;             /* of either: lines are to be known again */
	uint64_t *print;         /* of entries then: the hash of their line */
	size_t nprints, prints_cap;
	size_t tail;             /* which stream it is of */
	struct kept *kept;       /* to take in before anything else, or NULL */
	bool keeps;              /* what was read up to here is to be kept */
	uint64_t begin;          /* stream offset of its first line */
	uint64_t end;            /* stream offset behind its last line */
};

struct batch *batch_new(void);
void batch_free(struct batch *b);
/* Empties it for the next use. */
void batch_reset(struct batch *b);
/* Text that entries point to and that the batch frees. */
void batch_own(struct batch *b, char *text);

static inline bool
batch_is_filled(const struct batch *b)
{
	return b->lines.n || b->line.p;
}

/*
 * Scans what is in it, from b->state on, which it leaves as it is; again if
 * need be.
 */
void batch_scan(struct batch *b, const struct format *fm);

#endif
