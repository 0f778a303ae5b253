/*
 * Logs that hold a dialogue, a line for an entry, and differ only in how an
 * entry is written: each has a struct vendor, and generate_vendor.c makes the
 * sessions.  What a line looks like is from logs that such servers wrote
 * or from the source that writes them, never from what ehlog reads.
 */
#ifndef GENERATE_VENDOR_H
#define GENERATE_VENDOR_H

#include "generate_log.h"
#include "generate_script.h"

struct vendor {
	const char *name;
	/*
	 * What stands between the lines of a reply that share an entry, NULL
	 * where each has its own, as in all sessions to elsewhere.
	 */
	const char *join;
	bool buffers;            /* pipelined commands share an entry, too */
	bool whole;              /* a session is written when it is over */
	bool v6;                 /* peers may have such addresses */
	bool utf8;               /* bytes that are none never get there */
	bool no_port;            /* of the peer */
	bool late_open;          /* the greeting may stand before OPEN */
	int64_t grain;           /* ms that times are cut down to */
	const char *local;       /* this end, as written; NULL: it is not */
	const char *secret;      /* in place of what answers 334 */
	void (*dress)(struct dialect *d, bool send);
	/* Of a session to elsewhere: what comes before OPEN.  NULL: none is. */
	void (*before)(struct session *s);
	/* All of an entry up to its text; behind it. */
	void (*line)(struct text *t, const struct session *s,
	    const struct entry *e);
	void (*tail)(struct text *t, const struct session *s,
	    const struct entry *e);
	void (*bytes)(struct text *t, const char *p, size_t n);
	/* A line between two sessions. */
	void (*between)(struct text *t, int64_t now);
};

extern const struct vendor vendor_communigate, vendor_kumomta, vendor_mdaemon,
    vendor_postal, vendor_qmail, vendor_smartermail, vendor_stalwart;

/* A CLOSE entry of a connection that broke. */
static inline bool
entry_is_lost(const struct session *s, const struct entry *e)
{
	return e->context.n > 6 && piece_at(s, e->context)[6] == '(';
}

/* An entry that this side sent. */
static inline bool
entry_is_sent(const struct session *s, const struct entry *e)
{
	return (e->kind == ENTRY_REPLY || e->kind == ENTRY_MORE) == s->inbound;
}

#endif
