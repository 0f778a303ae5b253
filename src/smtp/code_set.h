/*
 * A set of reply codes that tell of failures, 4xx and 5xx, in fourteen bits:
 * those that are asked for most have a bit each, others share one.  So a set
 * may not know which of some codes is in it, but it knows of most that they
 * are not.
 */
#ifndef EHLOG_SMTP_CODE_SET_H
#define EHLOG_SMTP_CODE_SET_H

#include <stdint.h>

#define CODE_SET_BITS 14

/* The bit of a code, which may be a class alone (reply.h); 0: it has none. */
uint16_t code_set_of(unsigned code);

/* Codes that are sought, held against sets. */
struct code_sought {
	uint16_t sure;           /* a set with one of these has a sought code */
	uint16_t maybe;          /* and one with none of these has none */
};

/*
 * The codes from lo to hi, of 400 to 599.  A code of which the class alone is
 * known is among them where all of its class is.
 */
struct code_sought code_set_seek(int64_t lo, int64_t hi);

#endif
