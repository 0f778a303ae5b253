/*
 * The digest: steps of a dialogue become the record of a session.
 *
 * It holds what the record needs beyond the dialogue: whether a transaction
 * is under way, whether QUIT was answered.  The indexer keeps one for each
 * open session; it is the only place where an outcome is decided.
 */
#ifndef EHLOG_INDEX_DIGEST_H
#define EHLOG_INDEX_DIGEST_H

#include "format/format.h"
#include "index/session.h"
#include "smtp/dialogue.h"

struct digest {
	struct session rec;
	int64_t last_time;       /* CLOCK_NONE: none yet */
	uint32_t bdat_last;      /* line of a BDAT LAST that awaits its reply */
	uint32_t worst_command;  /* line of the command that drew the worst */
	uint16_t answer;         /* code of the last reply */
	uint8_t answered;        /* the verb it answered */
	bool asked;              /* a command was said */
	bool in_transaction;     /* MAIL was said; no end of it so far */
	bool ended;              /* QUIT was answered, or 421 hung up */
	bool connected;          /* an OPEN was seen */
	bool attempted;          /* an ATTEMPT was seen */
	bool self_known;
	bool fed;                /* an entry was taken in */
	bool spoken;             /* a protocol line was */
	bool refused;            /* a command was, with a code that is not told */
	bool gone;               /* ... behind this command, which may be none
	                            that matters */
	uint8_t gone_verb;
	bool lost;               /* a report says: lost amid a transaction */
	bool over;               /* the connection is; what still comes is of
	                            the life of its messages */
	bool announced;          /* told of a message that has no id so far */
	bool guessed;
	bool sent_bodies;        /* of struct format: sent_bodies_logged */
	struct dialogue dialogue;
};

void digest_init(struct digest *g, const struct format *fm);
void digest_free(struct digest *g);

/*
 * Feeds an event of this session at `line`.  Returns how many steps there were.
 */
int digest_feed(struct digest *g, const struct event *ev, uint32_t line,
    struct step steps[DIALOGUE_STEPS]);
/* The same where event_gist() is known. */
int digest_take(struct digest *g, const struct event *ev, struct gist gist,
    uint32_t line, struct step steps[DIALOGUE_STEPS]);

/*
 * Whether a command tells that TLS began, by the reply before it: the 2xx to
 * STARTTLS only promises it, and where the handshake fails nothing more is
 * said that could be read.
 */
static inline bool
digest_tls_stands(unsigned verb, unsigned answered, unsigned answer)
{
	return verb != VERB_UNKNOWN && verb_starts_tls(answered) &&
	    reply_class(answer) == 2;
}

/*
 * Whether an entry is of the way onwards of a message that this host received:
 * the TLS of that way is not the session's.
 */
bool digest_is_onwards(const struct session *rec, const struct event *ev);

/*
 * The record as it would be if nothing more came: `ending` is ENDING_NONE
 * while the session may go on.
 */
void digest_record(const struct digest *g, enum ending ending,
    struct session *rec);

/*
 * Whether an opener in the stream of a one-at-a-time format is an entry of
 * the log, and not a log line that stands in the present message's text.
 */
bool digest_takes_opener(const struct digest *g, const struct event *ev);

/*
 * Whether a line that would begin a session by its looks (EVENT_BEGINS) is one
 * that this session waits for: 220 to STARTTLS, the hello behind it, behind
 * the greeting, or behind a hello that was refused.
 */
bool digest_awaits(const struct digest *g, const struct event *ev);

#endif
