/*
 * What an entry of an Exim log tells: which connection or message it is of,
 * what happened, and the words of it.
 *
 * Scanning and decoding ask the same function, so that the list and the
 * transcript cannot disagree.  It knows nothing of keys and sessions; exim.c
 * does.
 */
#ifndef EHLOG_FORMAT_EXIM_TELL_H
#define EHLOG_FORMAT_EXIM_TELL_H

#include "format/exim_line.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

enum exim_about {
	EXIM_NOTHING,            /* the daemon, a queue run, a stranger's line */
	EXIM_CONNECTION,
	EXIM_MESSAGE,            /* a message on its way, named by its id */
};

struct exim_tale {
	enum exim_about about;
	enum event_kind kind;
	enum event_side side;
	bool lost;               /* CLOSE: not as it should be */
	bool joins;              /* begins nothing */
	bool daemon;             /* the process is not the connection's */
	bool arrival;            /* the message came in by this connection */
	bool completed;          /* nothing more will be told of the message */
	bool delivery;           /* by a process of its own */
	uint8_t verb;
	uint16_t says, code;
	uint32_t enhanced;
	struct exim_host host;   /* of the connection, or delivered to */
	struct slice connection; /* Ci=, a process id; empty: not told */
	struct slice caller;     /* a local user in place of a host */
	struct slice protocol;   /* P= of an arrival */
	struct detail d;
};

void exim_tell(const struct exim_line *l, struct exim_tale *t);

/* --- shared by the rooms that tell ---------------------------------------- */

/* Fields and hosts as far as they go: what is known of them goes into *t. */
void exim_tell_fields(struct slice *s, struct exim_tale *t);
/*
 * A reply of which the class is known: its code, where the text begins with
 * one of that class, else the class.
 */
void exim_tell_reply(struct exim_tale *t, unsigned class, struct slice text);
/* `<= ...`, `=> ...`, `Completed`; false: none of these. */
bool exim_tell_message(const struct exim_line *l, struct exim_tale *t);
/* `SMTP error from remote mail server after ...`; false: not that. */
bool exim_tell_remote(struct slice s, struct exim_tale *t);

#endif
