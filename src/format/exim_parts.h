/*
 * The parts of what an entry of an Exim log says: hosts, fields, addresses.
 *
 * What strangers write (HELO names, addresses) is cut by the rules by which
 * Exim writes it, never by a search for what comes behind.  This room knows
 * nothing of what the words mean.
 */
#ifndef EHLOG_FORMAT_EXIM_PARTS_H
#define EHLOG_FORMAT_EXIM_PARTS_H

#include "base/slice.h"

/* A host as Exim names it: `name (helo) [address]:port`, each but the address
   may be missing. */
struct exim_host {
	struct slice name, helo; /* p == NULL: not there */
	struct slice address;    /* without brackets */
	struct slice end;        /* "[address]" or "[address]:port" */
	bool has_port;
};

/*
 * Drops `head` off the front of *s if it is there.  Inline, as most of what is
 * asked for is a literal: a comparison of known length is no call.
 */
static inline bool
exim_cut_words(struct slice *s, struct slice head)
{
	if (!slice_starts(*s, head))
		return false;
	s->p += head.n;
	s->n -= head.n;
	return true;
}

/* Each cuts what its name says off the front of *s; false: it is not there. */
bool exim_cut_host(struct slice *s, struct exim_host *h);
/* " KEY=value", the value without quotes or angle brackets. */
bool exim_cut_field(struct slice *s, struct slice *key, struct slice *value);
/* " PRDR", " K", " TFO*", ...: what stands among fields without a value. */
bool exim_cut_mark(struct slice *s);
/* Up to a blank or a colon and blank, outside of quotes. */
struct slice exim_cut_address(struct slice *s);
/* "<...>": what is in it, quotes respected. */
bool exim_cut_path(struct slice *s, struct slice *path);

/* What follows a colon and a blank; p == NULL: nothing does. */
static inline struct slice
exim_behind_colon(struct slice s)
{
	ptrdiff_t n;

	if (slice_starts(s, SLICE(": ")))
		return slice_from(s, 2);
	n = slice_find(s, SLICE(": "));
	return n < 0 ? SLICE_NONE : slice_from(s, (size_t)n + 2);
}

#endif
