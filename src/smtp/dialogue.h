/*
 * The dialogue: finds out what each line of a session is, and which command a
 * reply answers.  RFC 5321, pipelining by RFC 2920, BDAT by RFC 3030, AUTH by
 * RFC 4954, STARTTLS by RFC 3207.
 *
 * It is fed the protocol lines of one session in the order of the log, and
 * answers each with one or more steps.  The indexer and the decoder of a
 * session feed the same dialogue, so that both see the same thing.  It knows
 * nothing of formats and holds no text: a step names line numbers.
 *
 * The rules that keep it exact:
 * - the side that sends reply codes is the server; a log that says which side
 *   it is on settles that at once;
 * - a reply answers the oldest command that has none; its first line decides,
 *   further lines belong to it;
 * - 334 and 354 do not end a command; the next reply answers it again;
 * - between 354 and the next reply the client's lines are message text, and
 *   so are lines that look like replies, commands or log entries;
 * - after 334 the client's next line is AUTH data, whatever it looks like.
 */
#ifndef EHLOG_SMTP_DIALOGUE_H
#define EHLOG_SMTP_DIALOGUE_H

#include "base/slice.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

/* Who says a line. */
enum speaker {
	SPEAKER_UNKNOWN,     /* the log does not say */
	SPEAKER_SELF,        /* the host that writes the log */
	SPEAKER_PEER,
};

/* What an entry is, before the dialogue looks at it. */
enum utterance {
	UTTER_LINE,          /* a protocol line */
	UTTER_RAW,           /* the raw twin that comes before protocol lines */
	UTTER_MORE,          /* a bare line: belongs to the one before */
	UTTER_GREETED,       /* no line: the connection stands */
	UTTER_END,           /* no line: nothing more can come */
};

enum role {
	ROLE_NONE,           /* blank, or nothing known of it */
	ROLE_OPEN,           /* set by the caller for connection entries */
	ROLE_CLOSE,
	ROLE_NOTE,
	ROLE_COMMAND,
	ROLE_AUTH,           /* AUTH data of the client: a secret */
	ROLE_BODY,           /* message text */
	ROLE_REPLY,          /* first line of a reply */
	ROLE_REPLY_MORE,     /* further line of a reply */
	ROLE_TWIN,           /* a raw line whose parsed twin is elsewhere */
	ROLE_TWIN_MORE,      /* a bare line that belongs to a twin */
	ROLE_COUNT
};

struct step {
	enum role role;
	bool from_server;        /* command or reply: who said it, by role */
	uint32_t line;           /* the line this is about */
	enum smtp_verb verb;     /* COMMAND: its verb; REPLY: the verb of the
	                            command it answers, VERB_CONNECT for the
	                            greeting, VERB_NONE when unsolicited */
	uint32_t command_line;   /* REPLY: line of that command, 0 if none */
	bool of_text;            /* REPLY: to the message text, not to DATA */
	uint16_t code;           /* REPLY, REPLY_MORE */
	uint32_t enhanced;       /* REPLY */
	bool more;               /* REPLY: further lines follow */
};

#define DIALOGUE_STEPS 3         /* most steps one feed can give */

struct dialogue_command {
	uint32_t line;
	uint8_t verb;
	uint8_t stage;           /* 0 said, 1 got 334, 2 got 354 */
};

#define DIALOGUE_INLINE 4
#define DIALOGUE_PENDING_MAX 4096

struct dialogue {
	uint8_t self_is;         /* enum dialogue_self */
	uint8_t state;
	bool bodies_logged;
	bool greeted;            /* the greeting has come, or is not awaited */
	bool body_seen;          /* text of the present message was shown */
	bool body_ended;         /* and its lone dot */
	uint8_t last_role;       /* of the entry before, for bare lines */
	uint8_t raw_from;        /* speaker of the raw line held back */
	uint16_t more_code;      /* NNN- seen, NNN awaited; 0 otherwise */
	uint32_t raw_line;       /* the raw line held back, 0 none */
	uint64_t raw_hash;       /* its text, blanks folded */
	struct reply raw_reply;  /* its parse, text dropped */
	bool raw_is_reply;
	uint8_t raw_verb;
	int64_t body_time;       /* time of the entry that opened the body */
	uint32_t head, count;    /* pending commands, a ring */
	uint32_t cap;            /* of `many`; 0 while inline */
	uint32_t overflowed;     /* commands given up beyond PENDING_MAX */
	struct dialogue_command few[DIALOGUE_INLINE];
	struct dialogue_command *many;
};

enum dialogue_self { SELF_UNKNOWN, SELF_SERVER, SELF_CLIENT };

void dialogue_init(struct dialogue *d, enum dialogue_self self,
    bool bodies_logged);
void dialogue_free(struct dialogue *d);
/* A copy that can be fed without touching the original; free it, too. */
void dialogue_copy(struct dialogue *to, const struct dialogue *from);

/*
 * Feeds one entry; `line` is its number in the stream, never 0; `time` may be
 * CLOCK_NONE.  Fills `steps` and returns how many.  The step of an earlier
 * line that was held back comes before that of the present line.
 */
int dialogue_feed(struct dialogue *d, enum utterance what, enum speaker who,
    struct slice text, uint32_t line, int64_t time,
    struct step steps[DIALOGUE_STEPS]);

/* In message text: the client owes the rest of it, the server a reply. */
bool dialogue_in_body(const struct dialogue *d);
/*
 * Whether a time-stamped entry of the log may be taken for one while message
 * text is being shown: text can hold pasted log lines, old times betray them.
 */
bool dialogue_entry_is_plausible(const struct dialogue *d, int64_t time);

/* Commands without an answer, QUIT left out; *oldest gets the first. */
uint32_t dialogue_unanswered(const struct dialogue *d,
    struct dialogue_command *oldest);

#endif
