/*
 * The truth: what a viewer must say of each session that was written, as JSON
 * lines under the names that `ehlog --print=json` uses.  It is worked out from
 * what the scripts meant (generate_session.h) and from which entries came to
 * stand in the log, by these rules:
 *
 * - outcome: a 5xx reply, permanent; else a 4xx, temporary; else no end seen,
 *   open; else lost in a transaction, or a command other than QUIT never
 *   answered, or a connection that never stood, dropped; else no MAIL, empty;
 *   else ok.
 * - worst: 5xx before 4xx, of one class the first.
 * - a key that is left out here is not settled by the log.  true: there is
 *   one, whatever it reads.
 */
#ifndef GENERATE_TRUTH_H
#define GENERATE_TRUTH_H

#include <stdio.h>

#include "generate_session.h"

struct truth {
	FILE *out;               /* NULL: nobody asked */
	bool utc, ms;            /* times have a zone, milliseconds */
	bool keyed;              /* the log gives sessions a key */
	bool names_peer;         /* each line names the peer; a key, if there
	                            is one, is not looked at */
	bool uuids;              /* written as a UUID */
	bool decimal;            /* and that is a number like any other */
	bool late_peer;          /* only the reply to HELO names it, inbound */
	bool timeless;           /* the log has no times */
	bool endless;            /* only the first line of a session has one */
	bool placeless;          /* where lines come to stand is the viewer's to
	                            say: they are counted alone */
	/* In place of the rules above, for a log that tells in words. */
	void (*row)(const struct session *s, struct text *row);
	char **rows;             /* by serial, from `first` on; NULL: not yet */
	size_t cap, count;
	uint64_t first;          /* serial of rows[0] */
};

/* Gives the session its place: call when its first line is written. */
void truth_begin(struct truth *t, struct session *s);
/* Its last line was written.  `file`: where, NULL when there is only one. */
void truth_end(struct truth *t, struct session *s, const char *file);
/* Writes what is left. */
void truth_flush(struct truth *t);

#endif
