/*
 * Open sessions of one stream: their slots, the keys that lead to them, their
 * records until they are over.  What an entry means for them is belong.c's
 * matter, lines are the assembler's; for these two and what keeps their state.
 * Indexer thread.
 */
#ifndef EHLOG_INDEX_OPEN_H
#define EHLOG_INDEX_OPEN_H

#include "index/digest.h"
#include "index/open_map.h"
#include "index/recall.h"
#include "index/store.h"
#include "index/waiting.h"

/* So many connections that are over are kept for what may come behind. */
#define LINGER_MAX 1024u
/* Room for so many further keys lies in the session itself. */
#define LINKS_FEW 2

struct open_session {
	uint64_t key;            /* 0: nothing but links leads here */
	uint64_t also;           /* the connection's other key, or 0 */
	uint64_t *links;         /* further keys that do: few, or many */
	uint64_t few[LINKS_FEW];
	uint32_t nlinks, links_cap;
	uint8_t ending;          /* of the connection: ENDING_NONE, or its
	                            messages live on */
	uint32_t number;         /* 0: this slot is free */
	uint32_t slot;
	uint8_t outcome;         /* as counted in the totals */
	bool dirty;              /* changed since it was published */
	bool is_new;             /* not in the totals yet */
	bool lasting;            /* silence does not end it */
	struct digest digest;    /* the front of it is used most */
};

/* A connection that is over, in a log where more may come of it. */
struct linger {
	uint32_t slot, number;
};

struct assembler {
	struct store *store;
	struct stream *stream;
	struct progress own;             /* counts of this stream */
	struct progress shown;           /* of those: added to the sum */
	struct progress *sum;            /* of all streams */
	const struct format *format;
	struct table open;               /* by slot; 0 is nobody's */
	uint32_t slots;                  /* highest slot ever given */
	uint32_t *free_slots;            /* a stack */
	size_t nfree, free_cap;
	uint32_t *dirty;                 /* slots to publish */
	size_t ndirty, dirty_cap;
	struct open_map map;             /* key to slot */
	uint32_t current;                /* slot of the one session, or 0 */
	uint32_t before, before_number;  /* of the entry before: slot, session */
	struct linger linger[LINGER_MAX];    /* a ring */
	uint32_t linger_at;
	bool in_second;                  /* the line in hand is of a second log */
	uint32_t other, other_number;    /* as `before`, of the other log */
	bool repeats;                    /* ... and says what was said */
	struct recall recall;            /* lines of the first log */
	struct waiting waiting;          /* lines of no session yet */
	uint32_t living_on;              /* sessions whose connection is over */
	int64_t swept;                   /* the log's time when idle ones were
	                                    looked for; CLOCK_NONE: never */
	uint64_t swept_sessions;         /* how many there had been by then */
	uint32_t line;                   /* number of the line in hand */
	uint32_t entry;                  /* in it, of those that are glued */
	uint32_t owner;                  /* session of those before it */
	bool owned;                      /* `owner` is known */
	bool shared;                     /* the line is in the table of shares */
};

/* The session in a slot that was given.  It never moves. */
static inline struct open_session *
open_at(const struct assembler *as, uint32_t slot)
{
	return table_at(&as->open, slot);
}

/* The record has changed: it is written at the next publication. */
void open_mark_dirty(struct assembler *as, struct open_session *o);
static inline void
open_mark(struct assembler *as, struct open_session *o)
{
	if (!o->dirty)
		open_mark_dirty(as, o);
}

/*
 * A new session that begins at the line in hand, where idle_make_room() saw to
 * a slot; NULL: there are too many.
 */
struct open_session *open_begin(struct assembler *as, const struct event *ev);
/* A slot that was never given before; its session has no number yet. */
struct open_session *open_new_slot(struct assembler *as);
/*
 * Writes the record, and moves the session to its outcome's count; `last`: for the
 * last time.
 */
void open_write(struct assembler *as, struct open_session *o,
    enum ending ending, bool last);
/* It is over, with all that belongs to it: its slot is free. */
void open_close(struct assembler *as, struct open_session *o,
    enum ending ending);
/*
 * The connection is over.  While keys of its messages lead to the session it
 * keeps its slot.
 */
void open_end(struct assembler *as, struct open_session *o,
    enum ending ending);

/* Nothing more of the connection is expected, though of its messages. */
void open_forget(struct assembler *as, struct open_session *o);
/* The connection's one key is this, whatever it had before. */
void open_rekey(struct assembler *as, struct open_session *o, uint64_t key);

/* From now on `key` leads to this session, whichever it led to before. */
void open_link(struct assembler *as, struct open_session *o, uint64_t key);
/* The key is among its links; that it leads there is not seen to. */
void open_add_link(struct open_session *o, uint64_t key);
/* Gives back the room for many; they must lead here no more. */
void open_free_links(struct open_session *o);
/* It leads there no more; true when that was the last that did. */
bool open_unlink(struct assembler *as, struct open_session *o, uint64_t key);
/* Which of its links the key is, from 1; 0: none. */
uint32_t open_link_place(const struct open_session *o, uint64_t key);
/* Both keys of an EVENT_ALSO are its own from now on. */
void open_own_keys(struct assembler *as, struct open_session *o,
    const struct event *ev);

#endif
