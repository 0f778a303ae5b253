/*
 * What an entry of an Exim log tells: which connection or message it is of,
 * what happened, and the words of it.
 *
 * Scanning and decoding ask the same functions, so that the list and the
 * transcript cannot disagree; a scan, which sees every line, asks for no
 * words.  They know nothing of keys and sessions; exim.c does.
 */
#ifndef EHLOG_FORMAT_EXIM_TELL_H
#define EHLOG_FORMAT_EXIM_TELL_H

#include "format/exim_line.h"
#include "format/exim_parts.h"
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
	bool words;              /* are asked for: only then `d` is anything */
	bool lost;               /* CLOSE: not as it should be */
	bool joins;              /* begins nothing */
	bool daemon;             /* the process is not the connection's */
	bool arrival;            /* the message came in by this connection */
	bool completed;          /* nothing more will be told of the message */
	bool delivery;           /* by a process of its own */
	bool final;              /* as in struct detail */
	uint8_t verb;
	uint16_t says, code;
	uint32_t enhanced;
	struct exim_host host;   /* of the connection, or delivered to */
	struct slice connection; /* Ci=, a process id; empty: not told */
	struct slice caller;     /* a local user in place of a host */
	struct slice protocol;   /* P= of an arrival */
	struct slice origin;     /* R= of one: the message a bounce is about */
	struct slice helo, from, to, server;     /* as in struct detail */
	struct detail d;         /* what is set of it without `words` is never
	                            read */
};

void exim_tell(const struct exim_line *l, struct exim_tale *t);
/* With all its words in t->d. */
void exim_tell_words(const struct exim_line *l, struct exim_tale *t);

/* --- parts of a tale (exim_fields.c) --------------------------------------- */

/* No names and words are told. */
void exim_tell_forget(struct exim_tale *t);
/* A host, unless one was told before. */
void exim_tell_host(struct exim_tale *t, const struct exim_host *h);
/* Fields and hosts as far as they go: what is known of them goes into *t. */
void exim_tell_fields(struct slice *s, struct exim_tale *t);
/*
 * The connection it is of, "H=host I=.. Ci=.." or the same without H=, or a
 * caller; then fields.  False: none is named.
 */
bool exim_tell_source(struct slice *s, struct exim_tale *t);
/*
 * A reply of which the class is known: its code, where the text begins with
 * one of that class, else the class.
 */
void exim_tell_reply(struct exim_tale *t, unsigned class, struct slice text);
/* A refusal with this code, or a class. */
void exim_tell_refused(struct exim_tale *t, unsigned code, struct slice text);
/* The end of the connection. */
void exim_tell_end(struct exim_tale *t, bool lost);

/* --- rooms that tell: each gets the words behind what led to it ------------- */

/* exim_message.c: `<= ...`, `=> ...`, `Completed`; false: none of these. */
bool exim_tell_message(const struct exim_line *l, struct exim_tale *t);
/* `SMTP error from remote mail server after ...`, `LMTP error after ...`;
   false: not that. */
bool exim_tell_remote(struct slice s, struct exim_tale *t);

/* exim_refusal.c: "H=...", "F=...", and the rest as its name says. */
void exim_tell_by_source(struct slice s, const struct exim_line *l,
    struct exim_tale *t);
bool exim_tell_by_sender(struct slice s, const struct exim_line *l,
    struct exim_tale *t);
bool exim_tell_authenticator(struct slice s, struct exim_tale *t);
bool exim_tell_rejecting(struct slice s, const struct exim_line *l,
    struct exim_tale *t);
bool exim_tell_odd_refusal(struct slice s, struct exim_tale *t);

/* exim_connection.c: behind "SMTP ", "no MAIL in ", "unexpected "; a
   connection that is refused. */
bool exim_tell_smtp(struct slice s, struct exim_tale *t);
bool exim_tell_no_mail(struct slice s, struct exim_tale *t);
bool exim_tell_unexpected(struct slice s, struct exim_tale *t);
bool exim_tell_denied(struct slice s, struct exim_tale *t);

#endif
