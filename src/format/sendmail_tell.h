/*
 * What a line of Sendmail tells, in words.  It knows nothing of syslog and of
 * keys.
 */
#ifndef EHLOG_FORMAT_SENDMAIL_TELL_H
#define EHLOG_FORMAT_SENDMAIL_TELL_H

#include "format/format.h"

/* Whom a line is about. */
enum sendmail_about {
	SENDMAIL_CONNECTION,     /* the connection that the process serves */
	SENDMAIL_MESSAGE,        /* a message, whichever process has it now */
	SENDMAIL_NOBODY,         /* the server itself */
};

struct sendmail_tale {
	enum sendmail_about about;
	bool arrival;            /* the message is this connection's */
	bool joins;              /* alone it would be no session */
	bool done;               /* nothing more comes of the message */
	struct slice text;       /* without marks such as `<--` */
	struct slice peer;
	bool words;              /* they are asked for: */
	struct detail d;         /* else nothing is said of it */
};

/*
 * `qid` is empty, or "NOQUEUE".  Fills what *ev says (kind, says, code, verb,
 * enhanced, dir, side, flags but for keys), and *t; with `words` also t->d.
 */
void sendmail_tell(struct slice qid, struct slice text, bool words,
    struct event *ev, struct sendmail_tale *t);

#endif
