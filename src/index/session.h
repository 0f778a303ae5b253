/*
 * The record of a session: 64 bytes, a row of the session table.
 *
 * Text is never kept here: HELO, sender and recipient are line numbers, read
 * again from the log when they are shown (index/facts.h).
 *
 * A record may change while its session is open.  It lies in the table as
 * eight atomic words with a sequence number in the last: session_store() is
 * called by the indexer thread alone, session_load() by any thread.
 */
#ifndef EHLOG_INDEX_SESSION_H
#define EHLOG_INDEX_SESSION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum outcome {
	OUTCOME_OK,          /* nothing failed */
	OUTCOME_TEMPORARY,   /* worst reply is 4xx */
	OUTCOME_PERMANENT,   /* some reply is 5xx */
	OUTCOME_DROPPED,     /* lost in a transaction with no error reply, or a
	                        command never answered */
	OUTCOME_REFUSED,     /* a command was refused; the log does not tell
	                        with which class of reply */
	OUTCOME_OPEN,        /* no end yet, and nothing failed so far */
	OUTCOME_EMPTY,       /* came and went: no transaction, no error */
	OUTCOME_COUNT
};

/* Why a session is over. */
enum ending {
	ENDING_NONE,         /* it is not: no end was seen */
	ENDING_SAID,         /* the log says so, or QUIT was answered */
	ENDING_LOST,         /* the log says the connection was lost */
	ENDING_NEXT,         /* another session began in its place */
	ENDING_IDLE,         /* no entry for so long that it must be over */
	ENDING_DISPLACED,    /* too many at once: the longest idle was closed */
	ENDING_COUNT
};

enum session_flag {
	SESSION_OUT = 1,         /* this host is the client */
	SESSION_SIDE_KNOWN = 2,  /* else the direction is not known */
	SESSION_TLS = 4,
	SESSION_AUTH = 8,        /* AUTH succeeded */
	SESSION_CUT = 16,        /* begins before the log does */
	SESSION_CONTINUED = 32,  /* goes on after being displaced */
	SESSION_NEVER_UP = 64,   /* outbound: the connection never stood */
	SESSION_TRANSACTION = 128, /* MAIL, RCPT or DATA was said */
};

struct session {
	int64_t start;           /* ms, CLOCK_NONE when the log has no time */
	uint32_t first, last;    /* lines of the stream, from 1, inclusive */
	uint32_t lines;          /* how many of them are its own */
	uint32_t duration;       /* ms; UINT32_MAX: that or more */
	uint32_t peer;           /* store_peer(): address without port, 0 none */
	uint32_t helo_line;      /* 0: none */
	uint32_t from_line;      /* the first MAIL; 0: none */
	uint32_t to_line;        /* the first RCPT; 0: none */
	uint32_t worst_line;     /* first line of the worst reply; 0: none */
	uint32_t enhanced : 24;  /* its enhanced code, packed; 0: none */
	uint32_t slot_high : 8;  /* session_slot() */
	uint16_t slot_low;
	uint16_t stream;
	uint16_t messages;       /* MAIL commands; saturates */
	uint16_t recipients;     /* RCPT commands; saturates */
	/* The last word: what became of it. */
	uint16_t worst : 10;     /* code of the worst reply; its class alone
	                            where no more is told; 0: no reply at all */
	uint16_t verb : 6;       /* enum smtp_verb that drew it */
	uint16_t codes : 14;     /* smtp/code_set.h: what other codes of failures
	                            were drawn */
	uint16_t living : 1;     /* session_is_living() */
	uint16_t held : 1;       /* session_is_held() */
	uint8_t flags;           /* enum session_flag */
	uint8_t state;           /* outcome, ending, whether it is a guess: the
	                            functions below */
	uint16_t sequence;       /* of session_store(); not for readers */
};

_Static_assert(sizeof(struct session) == 64, "a record is 64 bytes");
_Static_assert(offsetof(struct session, sequence) == 62, "it comes last");

struct session_cell {
	_Atomic uint64_t word[8];
};

void session_store(struct session_cell *cell, const struct session *s);
void session_load(const struct session_cell *cell, struct session *s);

/*
 * Records by words, for who looks at a million of them.  The last word says
 * whether any of it may still change; where none may, each word can be read by
 * itself.
 */
#define SESSION_WORD(member) ((int)(offsetof(struct session, member) / 8))
/* A bit-field has no offset: it stands behind this one. */
#define SESSION_WORD_OF_ENHANCED SESSION_WORD(worst_line)
#define SESSION_LAST_WORD 7

static inline void
session_set_word(struct session *s, unsigned i, uint64_t word)
{
	memcpy((char *)s + i * sizeof word, &word, sizeof word);
}

static inline uint64_t
session_load_word(const struct session_cell *cell, unsigned i)
{
	return atomic_load_explicit(&cell->word[i], memory_order_relaxed);
}

/* All of the sequence number but whether a store is under way. */
static inline uint64_t
session_stores(void)
{
	static const union {
		uint16_t half[4];
		uint64_t word;
	} at = { .half = { [3] = UINT16_MAX - 1 } };

	return at.word;
}

/* The last word, the same however often the record was stored. */
static inline uint64_t
session_last(const struct session *s)
{
	uint64_t word;

	memcpy(&word, (const char *)s + SESSION_LAST_WORD * sizeof word,
	    sizeof word);
	return word & ~session_stores();
}

/*
 * The same of a cell; other words that are read behind it are no older.  Never 0
 * unless the record is blank; of no record that is over while it is stored.
 */
static inline uint64_t
session_load_last(const struct session_cell *cell)
{
	return atomic_load_explicit(&cell->word[SESSION_LAST_WORD],
	    memory_order_acquire) & ~session_stores();
}

/*
 * More may come that is its: its connection is not over (whatever was said: QUIT
 * and its answer may stand before the end), or a message of it is on its way.
 */
static inline bool
session_is_living(const struct session *s)
{
	return s->living;
}

/*
 * It has its slot: lines may become its own, though none may be expected.  What
 * is not held changes no more.
 */
static inline bool
session_is_held(const struct session *s)
{
	return s->held;
}

static inline uint32_t
session_slot(const struct session *s)
{
	return (uint32_t)s->slot_high << 16 | s->slot_low;
}

static inline enum outcome
session_outcome(const struct session *s)
{
	return (enum outcome)(s->state & 15);
}

static inline enum ending
session_ending(const struct session *s)
{
	return (enum ending)(s->state >> 4 & 7);
}

/* Which lines belong to it is a guess: the log does not tell sessions apart. */
#define SESSION_STATE_GUESSED 128u

static inline bool
session_is_guessed(const struct session *s)
{
	return s->state & SESSION_STATE_GUESSED;
}

static inline bool
session_is_open(const struct session *s)
{
	return session_ending(s) == ENDING_NONE;
}

static inline bool
outcome_failed(enum outcome o)
{
	return o == OUTCOME_TEMPORARY || o == OUTCOME_PERMANENT ||
	    o == OUTCOME_DROPPED || o == OUTCOME_REFUSED;
}

/* "ok", "temporary", ... as in every output; and back (-1 when none). */
const char *outcome_name(enum outcome o);
int outcome_by_name(const char *name);
/* "closed", "connection lost", "next session began", ... */
const char *ending_words(enum ending e);

/*
 * Whether a is worse than b: 5xx before 4xx before the rest; of one class the
 * first in the log stays the worst, unless the log told of it no more than the
 * class.
 */
bool code_is_worse(unsigned a, unsigned b);

#endif
