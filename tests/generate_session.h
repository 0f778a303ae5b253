/*
 * A session as the generator makes it up: the entries that a log will have of
 * it, and beside each what it means.  Nothing that is written is ever parsed
 * again: the truth comes from these notes (generate_truth.h).
 */
#ifndef GENERATE_SESSION_H
#define GENERATE_SESSION_H

#include "generate_text.h"

enum entry_kind {
	ENTRY_NOTE,
	ENTRY_ATTEMPT,       /* trying to connect */
	ENTRY_OPEN,          /* the connection stands */
	ENTRY_CLOSE,         /* the log says that it is over */
	ENTRY_USER,          /* a note that names who authenticated */
	ENTRY_TLS,           /* a note that TLS stands */
	ENTRY_COMMAND,
	ENTRY_SECRET,        /* AUTH data of the client */
	ENTRY_TEXT,          /* message text */
	ENTRY_REPLY,         /* first line of a reply */
	ENTRY_MORE,          /* further line of it */
};

/* How a log without columns writes an entry. */
enum shape {
	SHAPE_PLAIN,
	SHAPE_RAW,           /* only as an IO: line, its parsed twin is missing */
	SHAPE_BARE,          /* without time and arrow */
};

/* The commands that the truth has to know apart. */
enum verb {
	VERB_OTHER, VERB_HELLO, VERB_MAIL, VERB_RCPT, VERB_DATA, VERB_BDAT,
	VERB_RSET, VERB_QUIT, VERB_AUTH, VERB_TLS,
};

#define NOTHING (-1)

struct entry {
	enum entry_kind kind;
	enum verb verb;          /* of a command */
	bool final;              /* a reply that nothing more follows */
	bool ends_message;       /* ... and that decides over a message */
	enum shape shape;        /* ims */
	bool last;               /* BDAT: the last chunk */
	uint16_t code;
	const char *enhanced;    /* "5.1.10", or empty; NULL: no reply */
	int32_t command;         /* entry that a reply answers */
	int32_t message;         /* index in messages */
	int32_t recipient;       /* index in recipients */
	uint32_t size;           /* octets of a BDAT chunk */
	uint32_t pause;          /* ms after the entry before */
	uint32_t sequence;       /* csv: sequence number */
	struct piece text;       /* as the log has it */
	struct piece context;
	struct piece words;      /* reply: its text without codes;
	                            command: as it may be shown */
	uint32_t line;           /* where it was written; 0: it was not */
	int64_t time;
};

struct message {
	struct piece from;
	bool has_size;
	uint32_t size;
	struct piece id;         /* queue id that the final reply names */
};

struct session {
	struct dice dice;        /* each session has its own */
	uint64_t number;         /* of all that were made up */
	bool inbound;
	bool tls;                /* of logs that tell in words */
	bool stood;              /* the OPEN entry was reached */
	bool next_began;         /* ims: another one follows in its place */
	bool one_by_one;         /* nothing is pipelined */
	bool bodies;             /* message text stands in the log */
	bool pipelined;          /* replies are held back for the moment */
	bool no_blanks;          /* in addresses without quotes: the log would
	                            not tell them from plus signs */
	bool rows;               /* multi-line replies: a row for each line */
	bool strange;            /* names that imitate lines of logs, too */
	uint64_t key;
	int port;                /* of the peer; NOTHING: not in the log */
	uint32_t sequence;
	int64_t start;
	bool clocked;            /* it is known how wrong the clock of its log */
	int64_t clock;           /* is: so many ms; the truth has right times */
	struct piece peer;       /* without port */
	struct piece remote, local;   /* endpoints as written */
	struct piece connector;
	struct piece helo, server, user;
	struct piece from, to;   /* of the message in hand */
	uint64_t id;
	uint32_t size;
	struct text text;        /* holds all pieces */
	struct entry *entries;
	size_t count, cap;
	struct entry *held;      /* pipelining: replies that wait */
	size_t nheld, held_cap;
	struct message *messages;
	size_t nmessages, messages_cap;
	struct piece *recipients;
	size_t nrecipients, recipients_cap;
	/* while it is written */
	size_t next;
	int64_t due;
	uint64_t order;          /* among sessions due at the same time */
	uint64_t serial;         /* of the truth row; 0: nothing visible yet */
	int slot;                /* ims: which file */
	uint32_t first_line, last_line, lines;
};

struct verdict {
	uint16_t code;
	const char *enhanced;    /* "" for none */
	const char *words;       /* a template; \n parts lines */
};

/* Grows the vector *p so that it holds n elements. */
void *vector_room(void *p, size_t *cap, size_t n, size_t size);

/* Forgets the session, keeps the memory. */
void session_reset(struct session *s);
void session_free(struct session *s);

static inline struct piece
piece_since(const struct session *s, size_t at)
{
	return (struct piece){ (uint32_t)at, (uint32_t)(s->text.n - at) };
}

static inline const char *
piece_at(const struct session *s, struct piece p)
{
	return s->text.p + p.at;
}

static inline void
text_piece(struct text *t, const struct session *s, struct piece p)
{
	if (p.n)
		text_bytes(t, piece_at(s, p), p.n);
}

/* Part of the session came to stand in this line. */
static inline void
session_wrote(struct session *s, uint32_t line)
{
	if (!s->first_line)
		s->first_line = line;
	s->lines += line != s->last_line;
	s->last_line = line;
}

struct piece session_piece(struct session *s, const char *word);
/*
 * Expands a template: $H helo, $S server, $P peer, $F sender, $T recipient,
 * $Z size, $I id, $M message id, $U user, $D date of the banner, $K key of
 * the session, $O its start, $N number of the message.
 */
struct piece session_expand(struct session *s, const char *template);

/* Gives it a peer in 192.0.2.0/24. */
void session_peer(struct session *s);
/* Names and addresses, at times such as nobody should have. */
void session_names(struct session *s);
struct piece session_mailbox(struct session *s);

/* Both return the index of the entry. */
int32_t say_entry(struct session *s, enum entry_kind kind, uint32_t pause,
    const char *text, const char *context);
int32_t say_command(struct session *s, enum verb verb, const char *template);
/*
 * Answers `command`; with NOTHING the reply is the greeting, or unsolicited.
 * While s->pipelined is set it waits for say_held_back().
 */
void say_reply(struct session *s, int32_t command, const struct verdict *v);
void say_held_back(struct session *s);

/*
 * The oldest of the first `n` entries that is a written command without a
 * final reply among them; NOTHING when all have one.  `written`: look only at
 * entries that are in the log.  QUIT counts where `quit` is set.
 */
int32_t session_unanswered(const struct session *s, size_t n, bool written,
    bool quit);

/* Of what is in the log: the reply to the command `at`, not 334 or 354. */
const struct entry *session_reply_to(const struct session *s, size_t at);
/* SIZE=, or what the chunks sum up to; NOTHING when neither is there. */
int64_t session_size_of(const struct session *s, int32_t message);
/* The last reply that decided over a message, or NULL. */
const struct entry *session_final_reply(const struct session *s,
    int32_t message);

#endif
