/*
 * Events of Postfix's lines: what the scanners of its programs share.
 * Private to postfix*.c.
 */
#ifndef EHLOG_FORMAT_POSTFIX_SCAN_H
#define EHLOG_FORMAT_POSTFIX_SCAN_H

#include "format/postfix_line.h"

/* Each fills an event that has its time and text. */
void postfix_scan_smtpd(const struct postfix_line *pl, struct event *ev);
/* postscreen and, for its sake, tlsproxy. */
void postfix_scan_screen(const struct postfix_line *pl, struct event *ev);
/* A line about a queue id, of any program but smtpd. */
void postfix_scan_message(const struct postfix_line *pl, struct event *ev);

/* What the client or the content earned; all programs log it alike. */
void postfix_scan_action(const struct postfix_line *pl, struct event *ev);
/* "Anonymous TLS connection established ..."; false: it is another line. */
bool postfix_scan_tls(struct slice words, struct event *ev);
/* `< name[192.0.2.1]: EHLO x`; false: it is another line. */
bool postfix_scan_dialogue(const struct postfix_line *pl, struct event *ev);
/* "reject: " and its like at the head of words. */
bool postfix_names_action(struct slice s);
/* Words that are no internals, though nothing follows from them. */
bool postfix_is_remark(struct slice s);
/* "smtpd[3610]" */
struct slice postfix_process_id(const struct postfix_line *pl);

/* `head` is not empty; mostly the first byte tells. */
static inline bool
postfix_starts(struct slice s, struct slice head)
{
	return s.n >= head.n && s.p[0] == head.p[0] &&
	    memcmp(s.p, head.p, head.n) == 0;
}

static inline void
postfix_report(struct event *ev, unsigned says)
{
	ev->kind = EVENT_REPORT;
	ev->says = (uint16_t)says;
}

/* A remark that begins no session. */
static inline void
postfix_remark(struct event *ev)
{
	ev->kind = EVENT_NOTE;
	ev->flags |= EVENT_JOINS;
}

static inline void
postfix_trace(struct event *ev)
{
	ev->kind = EVENT_TRACE;
	ev->flags |= EVENT_JOINS;
}

#endif
