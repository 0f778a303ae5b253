/*
 * A line of Postfix taken apart: which of its programs speaks, about which
 * queue id, and the pieces that its messages share.  Scanning and telling
 * (postfix.c, postfix_detail.c) look at lines through these, so that both see
 * the same.
 *
 * What strangers say stands in many lines: names of HELO, addresses, replies.
 * Pieces are cut from the end that Postfix itself wrote.
 */
#ifndef EHLOG_FORMAT_POSTFIX_LINE_H
#define EHLOG_FORMAT_POSTFIX_LINE_H

#include "format/syslog.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

enum postfix_daemon {
	DAEMON_NONE,         /* not of Postfix */
	DAEMON_OTHER,        /* of Postfix, and nothing of a session */
	DAEMON_SMTPD,
	DAEMON_POSTSCREEN,
	DAEMON_TLSPROXY,     /* TLS for postscreen */
	DAEMON_CLEANUP,
	DAEMON_PICKUP,
	DAEMON_QUEUE,        /* qmgr, postsuper */
	DAEMON_CLIENT,       /* smtp, lmtp */
	DAEMON_DELIVERY,     /* local, virtual, pipe, error, discard */
	DAEMON_BOUNCE,
};

struct postfix_line {
	struct syslog_line sl;
	enum postfix_daemon daemon;
	struct slice shown;      /* from the program to the end */
	struct slice queue;      /* queue id; empty: none, or NOQUEUE */
	struct slice words;      /* behind the queue id */
};

/* False when the line is not of Postfix at all. */
bool postfix_cut(struct syslog_state *ss, struct slice line,
    struct postfix_line *pl);

/* The daemon of "postfix/submission/smtpd". */
enum postfix_daemon postfix_daemon_of(struct slice program);
bool postfix_is_queue_id(struct slice s);

/* Keys: a process, a queue id, a connection's far end (all of one host). */
uint64_t postfix_key(const struct postfix_line *pl, struct slice s);
uint64_t postfix_process_key(const struct postfix_line *pl);

/*
 * "name[192.0.2.1]:port" at the head of s: *peer from the bracket on.  Returns
 * its length, 0 when there is none.
 */
size_t postfix_client(struct slice s, struct slice *peer);
/* Behind the last " from " that a client follows; false when there is none. */
bool postfix_from_client(struct slice s, struct slice *before,
    struct slice *peer, struct slice *rest);

/* "RCPT", "END-OF-MESSAGE" ..: *text is true for the end of the message. */
enum smtp_verb postfix_stage(struct slice s, bool *text);

/* A code, an enhanced code or both at the head of words. */
void postfix_codes(struct slice s, unsigned *code, uint32_t *enhanced,
    struct slice *rest);

/* `; from=<> to=<> proto=ESMTP helo=<>` at the end of a line. */
struct postfix_envelope {
	struct slice from, to, helo, user;   /* p == NULL: not there */
	struct slice before;                 /* what stands in front of it */
	struct slice after;                  /* and behind: `: text` */
};
/*
 * `forged`: text of strangers stands in front of it, so that it is the last of
 * its kind; else HELO behind it is the likelier place, and it is the first.
 */
void postfix_envelope(struct slice s, bool forged,
    struct postfix_envelope *env);

/* What a reject or another action of smtpd says. */
struct postfix_action {
	struct slice name;       /* "reject", "milter-reject", "hold" */
	enum smtp_verb verb;
	bool rejects, of_text;
	bool of_content;         /* a header or another part of the text */
	struct slice peer;
	struct slice reply;      /* code and text, and the envelope behind */
};
bool postfix_action(struct slice words, struct postfix_action *a);

/* How the statistics of a disconnect read. */
struct postfix_counts {
	uint32_t commands;       /* all, 0: not told */
	enum smtp_verb failed;   /* one that was not always done, or NONE */
	bool transaction;        /* MAIL, RCPT or DATA among them */
};
void postfix_counts(struct slice s, struct postfix_counts *c);

/* A delivery: `to=<>, orig_to=<>, relay=, .. dsn=, status=.. (text)`. */
struct postfix_delivery {
	struct slice to, relay, status, text;
	uint32_t dsn;
};
bool postfix_delivery(struct slice words, struct postfix_delivery *d);

/* What the other end said, or why it could not: see postfix_said(). */
struct postfix_reply {
	unsigned code;           /* a class where no more is told */
	uint32_t enhanced;
	enum smtp_verb verb;
	struct slice text;       /* without codes */
	struct slice command;    /* "RCPT TO", or p == NULL */
	struct slice host;       /* who said it, or p == NULL */
};
/*
 * `host x[ip] said: 550 .. (in reply to RCPT TO command)` and its like.
 * False when it is no word of another host.
 */
bool postfix_said(struct slice text, struct postfix_reply *r);
/* The reply of a delivery, `dsn` standing in where none is told. */
void postfix_outcome(const struct postfix_delivery *d, struct postfix_reply *r);

/* The id behind the last "queued as " or "forwarded as " of a text. */
struct slice postfix_next_queue(struct slice text);

#endif
