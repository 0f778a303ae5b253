/*
 * The lines of OpenSMTPD taken apart: session, subject, event, and the pairs
 * of key and value behind them.  It knows nothing of sessions.
 */
#ifndef EHLOG_FORMAT_OPENSMTPD_LINE_H
#define EHLOG_FORMAT_OPENSMTPD_LINE_H

#include "format/format.h"

/* "e0a577e66fc6bcb1 smtp failed-command command=..." */
struct osmtpd_line {
	struct slice id;         /* 16 hexadecimal digits */
	struct slice subject;    /* "smtp", "mta", "mda" */
	struct slice event;      /* "failed-command" */
	struct slice pairs;
};

bool osmtpd_cut(struct slice text, struct osmtpd_line *l);

/* "smtp: 0x557f067be290: words"; what it is of stands in `subject`. */
bool osmtpd_cut_trace(struct slice text, struct slice *subject,
    struct slice *pointer, struct slice *words);

/*
 * The value of a key, without quotes.  Values written by clients come last or
 * in quotes; the first pair of that name counts.
 */
struct slice osmtpd_value(struct slice pairs, const char *key);
/* The same of the key that comes last: without quotes it ends with the line. */
struct slice osmtpd_last(struct slice pairs, const char *key);

/* "smtp+notls://192.0.2.7:25" from behind the slashes on. */
struct slice osmtpd_host(struct slice s);
/* "BANNER rejected: 421 no": the reply, and to what; else the whole. */
struct slice osmtpd_rejected(struct slice reason, struct slice *what);

/* "<a@b>" without its brackets; the null path is empty, not absent. */
struct slice osmtpd_path(struct slice s);

/* `command="..." result="..."`: both may hold quotes. */
struct slice osmtpd_command(struct slice pairs, struct slice *result);

/* The path of a MAIL or RCPT command; p == NULL when it has none. */
struct slice osmtpd_asked(struct slice command);

/* The session that a line of the older form names, 16 digits, or empty. */
struct slice osmtpd_session(struct slice text);

#endif
