/*
 * The facts of one session, decoded from its lines: what the list shows, what
 * is exported, what the transcript is made of.
 *
 * struct facts owns its text in an arena; facts_decode() may be called again
 * on the same struct and then reuses the memory.  A slice with p == NULL is a
 * fact that the log does not hold (null in JSON); an empty slice with p set is
 * one that it holds and that is empty (MAIL FROM:<>).
 *
 * Secrets of AUTH are in the lines' text; whoever prints asks fact_line_text(),
 * which hides them unless told otherwise.
 */
#ifndef EHLOG_INDEX_FACTS_H
#define EHLOG_INDEX_FACTS_H

#include "base/mem.h"
#include "index/reader.h"
#include "smtp/dialogue.h"

/* A line of the session. */
struct fact_line {
	uint32_t line;           /* number in the stream */
	uint32_t part;           /* 0, or n for the nth entry of a glued line */
	enum role role;
	enum event_dir dir;
	bool from_server;        /* commands and replies */
	bool failed;             /* of the exchange that drew the worst reply */
	bool cut;                /* text is longer than was looked at */
	bool gone;               /* its text can no longer be read */
	enum smtp_verb verb;
	uint16_t code;           /* replies */
	uint32_t reply;          /* REPLY, REPLY_MORE: index in replies[] */
	uint32_t about;          /* COMMAND: RCPT: index in recipients[]; MAIL,
	                            DATA, BDAT: in messages[]; or FACT_NONE */
	int64_t time;            /* CLOCK_NONE: no stamp of its own */
	struct slice text;       /* protocol text, quotes undone */
	struct slice context;    /* notes: what the log says beside it */
};

struct fact_reply {
	uint16_t code;
	uint32_t enhanced;
	enum smtp_verb verb;     /* of the command it answers */
	bool of_text;            /* answers the message text */
	uint32_t line;           /* index in lines[] of its first line */
	uint32_t command;        /* index in lines[] of the command, or
	                            FACT_NONE */
	struct slice text;       /* without codes; lines joined by blanks */
	struct slice asked;      /* the command as a report tells it, where no
	                            line holds it; NULL: not told */
};

#define FACT_NONE UINT32_MAX

struct fact_recipient {
	struct slice to;
	uint16_t code;           /* 0: never answered */
	uint32_t enhanced;
	struct slice text;       /* NULL when never answered */
};

struct fact_message {
	struct slice from;
	bool has_size, chunked;  /* chunked: size is what BDAT sent */
	uint64_t size;           /* SIZE=, or the sum of BDAT chunks */
	uint32_t first_recipient, recipients;   /* range in recipients[] */
	uint16_t code;           /* final reply; 0: none */
	uint32_t enhanced;
	struct slice text;
	struct slice id;         /* queue or internal id, message id if that is
	                            all there is */
	struct slice other_id;   /* the id it has behind a content filter */
	bool announced;          /* while decoding: its sender was told before
	                            its id */
};

struct facts {
	uint32_t number;
	struct session rec;
	const struct stream *stream;
	struct slice key;        /* as the log writes it; NULL if it has none */
	struct slice peer;       /* address without port */
	struct slice server;     /* local endpoint as written */
	struct slice helo;
	struct slice tls;        /* protocol and cipher, "STARTTLS" if no more
	                            is known; NULL: none */
	struct slice auth;       /* user; empty if AUTH succeeded unnamed */
	int32_t port;            /* of the peer; -1 unknown */
	uint32_t commands;       /* how many commands */
	int64_t end;             /* time of the last line; CLOCK_NONE */
	struct fact_line *lines;
	size_t nlines, lines_cap;
	uint32_t gone;           /* lines whose text can no longer be read */
	struct fact_reply *replies;
	size_t nreplies, replies_cap;
	struct fact_message *messages;
	size_t nmessages, messages_cap;
	struct fact_recipient *recipients;
	size_t nrecipients, recipients_cap;
	uint32_t worst;          /* index in replies[], FACT_NONE */
	struct slice failed_command;  /* the command that drew the failure, or
	                            was never answered; NULL: nothing failed or
	                            nobody asked */
	struct slice next_id;    /* while decoding: an id told before MAIL */
	uint32_t told_failure;   /* index in lines[] of the report that says the
	                            connection was lost, or a command refused
	                            without saying how */
	struct slice told_command;   /* the command that was; NULL: there is
	                            no such report */
	bool truncated;          /* more lines than FACT_LINES_MAX: not all here */
	struct arena arena;
};

/* A session of more lines than this is decoded up to here and says so. */
#define FACT_LINES_MAX 2000000u
/* And the text of lines beyond this many bytes is left out (`cut`). */
#define FACT_TEXT_MAX (256u << 20)

void facts_init(struct facts *f);
void facts_free(struct facts *f);

/* 0; -1 with words when the log gives an error (what was read is there). */
int facts_decode(struct facts *f, const struct store *st, struct reader *r,
    uint32_t number, struct err *err);

/* While decoding: the next message, of which nothing is known yet. */
struct fact_message *facts_add_message(struct facts *f);

/*
 * The text of a line as it may be shown: AUTH data and the credentials of an
 * AUTH command become "[hidden]" unless `secrets`.  The result lives in `tmp`
 * or in the facts.
 */
struct slice fact_line_text(const struct facts *f, const struct fact_line *l,
    bool secrets, struct buf *tmp);
/* The same for a raw line of the log: what stands beside text stays. */
struct slice fact_raw_text(const struct facts *f, const struct fact_line *l,
    struct slice raw, bool secrets, struct buf *tmp);

/* First sender or recipient; NULL p when there is none. */
struct slice facts_from(const struct facts *f);
struct slice facts_to(const struct facts *f);

#endif
