/*
 * Scripts: which commands, replies and notes a made-up session consists of.
 * How the log writes them down is for the formats (generate_csv.c,
 * generate_ims.c); what a kind of server says is a dialect.
 */
#ifndef GENERATE_SCRIPT_H
#define GENERATE_SCRIPT_H

#include "generate_session.h"

struct verdicts {
	const struct verdict *list;
	size_t n;
};

/* A note: what stands in the columns data and context; NULL: none is written */
struct remark {
	const char *text, *context;
};

struct dialect {
	struct verdicts greetings;       /* n == 0: they are not in the log */
	struct verdicts unwelcome;       /* greetings that refuse */
	struct verdict hello;            /* to HELO */
	struct verdict hello_one_row;    /* to EHLO */
	struct verdict hello_rows;
	struct verdict mail_fine, rcpt_fine, data_go, chunk, done, bye;
	struct verdicts queued;
	struct verdicts mail_bad, rcpt_bad, rcpt_later, text_bad, unknown;
	struct verdict text_none;        /* DATA without recipients */
	struct verdict out_of_order;     /* RCPT or DATA without MAIL */
	struct verdict timeout;          /* the 421 of a server that gave up */
	struct verdict tls_go, tls_off;
	struct verdict auth_go, auth_fine, auth_off;
	struct verdicts auth_bad;
	struct remark tls_note, certificate, user_note, failed_note;
	struct remark before_mail, after_mail, tarpit;
	bool secrets;                    /* answers to 334 are in the log */
	bool chunking;                   /* knows BDAT */
	bool junk;                       /* strangers may call */
	void (*text)(struct session *s); /* writes message text, or NULL */
};

/* From the greeting to the last word before the connection ends. */
void script_dialogue(struct session *s, const struct dialect *d);

/*
 * Cuts the session off after a random entry behind the first `least`.  Never
 * in the middle of a reply when `whole` is set.
 */
void script_cut(struct session *s, size_t least, bool whole);

/* What a Send log says before the connection stands. */
void script_attempt(struct session *s);
/* The host is not there, and the log may not even say so. */
bool script_attempt_fails(struct session *s);
/* The log says that the session is over. */
void script_close(struct session *s, bool lost);

/* Who speaks how. */
extern const struct dialect dialect_exchange;    /* a Receive log's server */
extern const struct dialect dialect_elsewhere;   /* who a Send log talks to */
extern const struct dialect dialect_ims;         /* Exchange 5.5 as server */
extern const struct dialect dialect_nineties;    /* who it talks to */
/* Of logs that have the dialogue and nothing else. */
void dialect_without_remarks(struct dialect *d);

#endif
