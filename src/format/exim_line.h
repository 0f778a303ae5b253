/*
 * A line of an Exim log taken apart: stamp, process, message id, and the
 * pieces of what follows: hosts, fields, addresses.
 *
 * What strangers write (HELO names, addresses) is cut by the rules by which
 * Exim writes it, never by a search for what comes behind.  This room knows
 * nothing of what the words mean; exim_tell.c does.
 */
#ifndef EHLOG_FORMAT_EXIM_LINE_H
#define EHLOG_FORMAT_EXIM_LINE_H

#include "format/syslog.h"

/* The minute of the last stamp saves arithmetic and changes no result. */
struct exim_state {
	struct syslog_state syslog;
	char minute[16];         /* as written, or zeros */
	int32_t minute_number;   /* since 1970 */
	uint8_t connections;     /* beginnings of connections are logged */
	uint8_t by_address;      /* but without ports: nothing joins the rest */
	uint8_t zoned;           /* times tell their zone */
	uint8_t unused;
};
_Static_assert(sizeof(struct exim_state) <= FORMAT_STATE_MAX, "state fits");

struct exim_line {
	int64_t time;            /* CLOCK_NONE: none */
	struct slice pid;        /* digits; empty: not told */
	struct slice id;         /* of the message; empty: none */
	struct slice text;       /* behind all that */
	struct slice shown;      /* the message id and the text */
	bool piece;              /* a further piece of a long syslog record */
	bool state;              /* *st changed: set EVENT_STATE */
	bool zoned;              /* the stamp has an offset */
};

/* False: it has no stamp, so it is not an entry of its own. */
bool exim_cut_line(struct exim_state *st, struct slice line,
    struct exim_line *l);

/* A host as Exim names it: `name (helo) [address]:port`, each but the address
   may be missing. */
struct exim_host {
	struct slice name, helo; /* p == NULL: not there */
	struct slice address;    /* without brackets */
	struct slice end;        /* "[address]" or "[address]:port" */
	bool has_port;
};

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
/* Drops `head` off the front of *s if it is there. */
bool exim_cut_words(struct slice *s, struct slice head);

/* How long a message id stands at the head: 16 or 23; 0: none does. */
size_t exim_id_length(struct slice s);

#endif
