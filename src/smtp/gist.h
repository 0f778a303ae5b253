/*
 * The gist of a protocol line: all that the dialogue wants to know of its text,
 * in eight bytes.  It depends on the text alone, so that it can be taken by
 * whoever has the text at hand.
 */
#ifndef EHLOG_SMTP_GIST_H
#define EHLOG_SMTP_GIST_H

#include "base/slice.h"

struct gist {
	uint32_t enhanced;       /* of a reply: packed, or 0 */
	uint16_t code;           /* of a reply; 0: it is none */
	uint8_t verb;            /* enum smtp_verb; VERB_UNKNOWN for replies */
	uint8_t bits;            /* enum gist_bit */
};

enum gist_bit {
	GIST_MORE = 1,           /* NNN-: a line of the reply follows */
	GIST_BLANK = 2,
	GIST_DOT = 4,            /* the line that ends message text */
	GIST_BDAT_LAST = 8,      /* BDAT n LAST */
};

struct gist gist_of(struct slice text);

static inline bool
gist_is_reply(const struct gist *g)
{
	return g->code != 0;
}

#endif
