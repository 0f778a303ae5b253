/*
 * A line of an Exim log taken apart: stamp, process, message id, and what is
 * behind them, whose parts are exim_parts.h's and whose meaning exim_tell.h's.
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

#endif
