/*
 * The store: everything the index knows.  One indexer thread writes it, any
 * thread reads it without a lock.
 *
 * Sessions are numbered from 1 in the order in which they opened in the order
 * of reading; record n is element n - 1 of the session table.  Lines are
 * numbered from 1 in their stream.
 */
#ifndef EHLOG_INDEX_STORE_H
#define EHLOG_INDEX_STORE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/intern.h"
#include "base/table.h"
#include "format/format.h"
#include "index/session.h"
#include "index/stamp.h"
#include "input/source.h"

/* A mark in the line table: the offset of every 64th line. */
#define LINES_PER_MARK 64
/* The line number is 32 bits wide: a longer stream is read no further. */
#define STREAM_LINES_MAX (UINT32_MAX - 1)
#define STREAMS_MAX UINT16_MAX
/* Slot 0: no session owns the line. */
#define SLOT_NONE 0
#define SLOTS_MAX (1u << 20)     /* 16 bits of a record and four more */

/*
 * A segment: part of a stream's bytes that lies in one file.  A file that was
 * truncated under us starts a new segment; the old one's text is gone.
 */
struct segment {
	uint64_t base;           /* offset in the stream of its first byte */
	uint64_t from;           /* and in the file: more than 0 where other
	                            segments have what comes before */
	uint32_t first_line;     /* number of its first line */
	struct source *source;   /* open while the store lives */
	bool borrowed;           /* it is closed by somebody else */
	_Atomic bool gone;       /* its text can no longer be read */
	char *path;
};

/*
 * Whether a segment's file no longer begins as it did: it was cut or written
 * anew under us, and what the index knows of it fits no more.
 */
bool segment_changed(const struct segment *seg);
/* Whether its text is known to be gone. */
bool segment_gone(const struct segment *seg);

struct stream;
/*
 * The segment that holds an offset, NULL when there is none at all; *next is
 * the one behind it, NULL if it is the last.
 */
struct segment *stream_segment(const struct stream *sm, uint64_t offset,
    const struct segment **next);

/* The format state in force from a line on. */
struct state_mark {
	uint32_t line;
	struct format_state state;
};

/*
 * In a line of several sessions, from which entry on whose they are; 0 are no
 * session's.  Its first entry is always named.
 */
struct share {
	uint32_t line, entry;
	uint32_t session;        /* number */
};

/* A step of what was forgotten, of which something had to stay. */
struct forget_step {
	uint32_t from;           /* lines, or sessions, before it */
	uint32_t gone;           /* so many of it are */
	uint64_t end;            /* of lines: the offset behind them */
};

/* Steps are looked at again, one after the other. */
struct forget_steps {
	struct forget_step *step;
	size_t n, cap, next;
};

/* What was forgotten of a stream; of the thread that forgets. */
struct forgotten {
	uint32_t line;           /* what is before it may be; 0: nothing */
	uint32_t seen;           /* lines there were at the last look */
	uint32_t done;           /* so many lines were seen to ... */
	uint32_t run;            /* ... the last of which are all forgotten */
	uint64_t bounded;        /* so many segments have a pack that is */
	struct forget_steps stayed;
};

/* Of sessions: [from, to). */
struct numbers {
	uint32_t from, to;
};

/* What index/oldest.h knows of sessions that were forgotten. */
struct oldest {
	uint32_t *late;          /* numbers of what stays and may go yet */
	size_t nlate, late_cap;
	struct numbers *apart;   /* and of what stays for good */
	size_t napart, apart_cap;
	/* Both together, and all behind them; so many come before each.  None:
	   nothing was forgotten yet. */
	struct numbers *kept;
	uint64_t *before;
	size_t nkept, kept_cap, before_cap;
	uint64_t sessions, by_outcome[OUTCOME_COUNT];   /* forgotten */
	/* Of these, those whose records may be written once more, ascending. */
	struct ghost {
		uint32_t number, outcome;
	} *ghost;
	size_t nghosts, ghost_cap;
};

struct stream {
	const struct format *format;
	struct format_traits traits;
	char *why;               /* it is this format */
	char *name;              /* as shown: the file's name, or folder/key */
	char *host;              /* whose log it is; "": not named */
	struct source_clock clock;   /* that its stamps were taken from */
	const struct zone *shown;    /* its times are instants, shown in this
	                            zone; NULL: they are shown as they are */
	uint32_t number;         /* index in the store */
	struct table slots;      /* _Atomic uint16_t per line: low 16 bits; a
	                            published one changes once, from none to
	                            that of an open session (waiting.h) */
	struct table slots_high; /* uint8_t per line from high_from on */
	_Atomic uint32_t high_from;  /* 0: no slot needs more than 16 bits */
	struct table shares;     /* struct share, ascending: index/share.h */
	struct table repeats;    /* uint32_t, ascending: lines that say once
	                            more what another one says */
	struct table marks;      /* uint64_t: offset of line 1, 65, 129, ... */
	struct table states;     /* struct state_mark, ascending */
	struct table segments;   /* struct segment, ascending */
	_Atomic uint64_t bytes;  /* read so far; published after the tables */
	const char *kept;        /* what is mapped of the file it was kept in,
	                            with texts of peers; or NULL */
	size_t kept_size;
	struct forgotten gone;   /* index/forget.h */
	/* Sessions of this stream lie in [lo, hi] of the session table. */
	_Atomic uint32_t session_lo, session_hi;   /* numbers; 0: none yet */
};

/* A snapshot of what was read, true at one moment. */
struct progress {
	uint64_t sessions;
	uint64_t by_outcome[OUTCOME_COUNT];
	uint64_t open;           /* sessions without an end, whatever they are */
	uint64_t lines;
	uint64_t meta_lines;     /* headers, comments, blank */
	uint64_t unowned_lines;  /* belong to no session and are not meta */
	uint64_t unreadable_lines;   /* of these: a pattern met its limit */
	uint64_t bytes;          /* read */
	uint64_t bytes_total;    /* known to be there */
	uint64_t cut_lines;      /* longer than the scanner looks */
	uint64_t changes;        /* grows with every publication */
	uint64_t kept_bytes;     /* of those read: by an earlier run, whose
	                            index was kept */
	uint32_t streams, sources;
	uint32_t pipes;          /* of these: pipes that may bring more */
	bool unsized;            /* not all of what is to come is known to
	                            bytes_total */
	bool done;               /* all that is there has been read */
	bool over;               /* and nothing more can come */
	bool following;
	bool paused;             /* nothing is read until the reader says so */
	bool behind_least;       /* of `behind`: there may be more */
	uint64_t behind;         /* bytes that wait to be read; while paused */
	int64_t elapsed_ms;      /* of the first full read */
};

/* Whether the first full read is over, but for what pipes may still bring. */
static inline bool
progress_is_complete(const struct progress *p)
{
	return p->done || p->pipes > 0;
}

struct store {
	struct table sessions;       /* struct session_cell */
	/* Of the thread that forgets (index/forget.h): how many sessions may
	   be forgotten, were seen to, and of these all the last ones were. */
	uint32_t passed, passed_done, passed_run;
	struct forget_steps stayed;
	struct oldest oldest;
	struct table streams;        /* struct stream * */
	struct intern peers;
	/* progress, by sequence lock: store_progress() */
	_Atomic uint32_t progress_seq;
	_Atomic uint64_t progress_word[32];
};

struct store *store_new(void);
void store_free(struct store *st);
/* An empty one, for the store, which then frees it. */
struct stream *stream_new(void);

static inline uint64_t
store_sessions(const struct store *st)
{
	return table_count(&st->sessions);
}

/* Record of session `number` (1 .. store_sessions()). */
static inline void
store_session(const struct store *st, uint32_t number, struct session *s)
{
	session_load(table_at(&st->sessions, number - 1), s);
}

static inline struct stream *
store_stream(const struct store *st, uint32_t number)
{
	return *(struct stream **)table_at(&st->streams, number);
}

static inline struct slice
store_peer(const struct store *st, uint32_t peer)
{
	return intern_text(&st->peers, peer);
}

void store_progress(const struct store *st, struct progress *p);
/* Adds to a sum what changed in a part of it since `before`. */
void progress_add(struct progress *sum, const struct progress *now,
    const struct progress *before);
/* Indexer thread. */
void store_publish_progress(struct store *st, const struct progress *p);

/* Bytes of memory that the index takes. */
uint64_t store_bytes(const struct store *st);

/* Text that is kept in packs, since it cannot be read twice. */
struct store_packs {
	uint64_t text, packed;   /* bytes of it, and what they are packed to */
	uint64_t memory;         /* what all packs take of memory */
};
void store_packs(const struct store *st, struct store_packs *p);

static inline uint64_t
stream_lines(const struct stream *sm)
{
	return table_count(&sm->slots);
}

/* Slot that owns a published line; of several sessions that of the last. */
uint32_t stream_slot(const struct stream *sm, uint32_t line);
/*
 * The first line from `line` to `last` (published) that the slot owns; 0 when
 * there is none.
 */
uint32_t stream_next_line(const struct stream *sm, uint32_t slot,
    uint32_t line, uint32_t last);
/* Whether a published line says once more what another one says. */
bool stream_repeats(const struct stream *sm, uint32_t line);
/* The state in force at a line. */
const struct format_state *stream_state(const struct stream *sm,
    uint32_t line);

/*
 * Finds the session of a line while lines are visited in ascending order:
 * keeps who holds which slot.  One per thread and stream.
 */
struct owner_cursor {
	const struct store *store;
	const struct stream *stream;
	uint32_t *holder;        /* by slot: session number */
	uint32_t holders;        /* size of holder */
	uint32_t next;           /* number of the next record to take in */
};

void owner_init(struct owner_cursor *c, const struct store *st,
    const struct stream *sm);
void owner_free(struct owner_cursor *c);
/* Session number that owns the line, 0 when none does. */
uint32_t owner_of(struct owner_cursor *c, uint32_t line);

#endif
