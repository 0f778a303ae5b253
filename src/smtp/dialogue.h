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
 * - where the log tells a command and its reply in one entry, that reply is
 *   the command's; how message text before it was answered, or a command that
 *   has no reply by then, the log does not tell;
 * - after 334 the client's next line is AUTH data, whatever it looks like.
 */
#ifndef EHLOG_SMTP_DIALOGUE_H
#define EHLOG_SMTP_DIALOGUE_H

#include "base/slice.h"
#include "smtp/gist.h"
#include "smtp/pending.h"
#include "smtp/reply.h"
#include "smtp/twin.h"
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
	UTTER_ASKED,         /* one that the entry answers, too: the next is its
	                        reply */
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
	ROLE_TRACE,          /* set by the caller: inner doings, folded away */
	ROLE_REPORT,         /* set by the caller: facts in the log's words */
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
	                            greeting, VERB_NONE when unsolicited; AUTH,
	                            TWIN, TWIN_MORE: VERB_AUTH when the line
	                            holds a secret */
	uint32_t command_line;   /* REPLY: line of that command, 0 if none */
	uint16_t command_nth;    /* REPLY: which of that line's commands, from
	                            0: glued entries share a line */
	bool of_text;            /* REPLY: to the message text, not to DATA;
	                            2xx is, also where 354 was left out */
	uint16_t code;           /* REPLY, REPLY_MORE */
	uint32_t enhanced;       /* REPLY */
	bool more;               /* REPLY: further lines follow */
	bool untold;             /* COMMAND: there was message text before it,
	                            whose reply the log does not tell */
};

#define DIALOGUE_STEPS 3         /* most steps one feed can give */

enum dialogue_state {
	DIALOGUE_TALK,           /* commands and replies */
	DIALOGUE_AUTH,           /* 334: the client owes AUTH data */
	DIALOGUE_TEXT,           /* 354: the client owes message text */
};

enum dialogue_self { SELF_UNKNOWN, SELF_SERVER, SELF_CLIENT };

/* A raw line that was held back until it is known whether its twin comes. */
struct held {
	struct twin twin;
	int64_t time;
	struct gist gist;        /* with GIST_MORE: NNN-, and its end not in the
	                            same buffer */
	uint8_t from;            /* enum speaker */
	bool broken;             /* bare lines followed it */
	bool secret;             /* it holds AUTH data */
};

/*
 * Private, but for self_is, whole_replies and bodies_logged, which may be set
 * when the log tells late, and raw_line, which may be read.  One for each open session: a
 * zeroed struct and no memory of its own until commands are pipelined.
 */
struct dialogue {
	uint8_t self_is;         /* enum dialogue_self */
	uint8_t state;           /* enum dialogue_state */
	uint8_t greeting;        /* enum dialogue_greeting */
	bool bodies_logged;
	bool body_seen;          /* text of the present message was shown */
	bool body_ended;         /* and its lone dot */
	bool arrows;             /* the log tells speakers apart */
	bool last_secret;        /* the entry before was AUTH data */
	bool whole_replies;      /* NNN- is followed by nothing: set it at will */
	uint8_t last_role;       /* of the entry before, for bare lines */
	uint8_t more_verb;       /* what the unfinished reply answers */
	uint16_t more_code;      /* NNN- seen, NNN awaited; 0 otherwise */
	uint16_t last_nth;       /* of the command said last */
	uint32_t last_command;   /* its line */
	uint32_t raw_line;       /* the raw line held back, 0 none */
	struct pending pending;
	int64_t body_time;       /* when the text was asked for */
	int64_t body_last;       /* and when some of it last came */
	struct held raw;         /* last: most formats never touch it */
};

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

/* The same for an entry whose gist was taken before. */
int dialogue_take(struct dialogue *d, enum utterance what, enum speaker who,
    struct slice text, struct gist gist, uint32_t line, int64_t time,
    struct step steps[DIALOGUE_STEPS]);

/*
 * The same for an entry of which nothing can come but more of the message text
 * or of the reply that came before: by far the most of some logs.  False: it
 * may be anything, and was not taken.
 */
bool dialogue_take_more(struct dialogue *d, enum utterance what,
    enum speaker who, const struct gist *gist, uint32_t line, int64_t time,
    struct step *step);

/* False where dialogue_take_more() would be. */
static inline bool
dialogue_may_be_more(const struct dialogue *d, const struct gist *gist)
{
	return !d->raw_line && (d->state == DIALOGUE_TEXT ||
	    (d->more_code && d->more_code == gist->code));
}

/*
 * In message text, whether the log shows it or not: the client owes the rest
 * of it, the server a reply.
 */
static inline bool
dialogue_in_body(const struct dialogue *d)
{
	return d->state == DIALOGUE_TEXT;
}

/*
 * Whether a time-stamped entry of the log may be taken for one while message
 * text is being shown: text can hold pasted log lines, old times betray them.
 */
bool dialogue_entry_is_plausible(const struct dialogue *d, int64_t time);

/*
 * Commands without a final answer, QUIT left out; *oldest, when not NULL, gets
 * the first.  The greeting is no command.
 */
uint32_t dialogue_unanswered(const struct dialogue *d,
    struct dialogue_command *oldest);

#endif
