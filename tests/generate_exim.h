/*
 * The files of an Exim log: the main log, and with --folder the reject log,
 * which has the lines of refusals once more, in the same bytes, and behind
 * those of a text that was refused the header of that message.
 */
#ifndef GENERATE_EXIM_H
#define GENERATE_EXIM_H

#include "generate_log.h"

/*
 * Who writes an entry, in `sequence`.  An entry that is `final` stands in the
 * reject log, too, and the header of the message behind it where it is `last`.
 * What the REJECTER writes stands there alone, where there is such a log.
 */
enum exim_writer { DAEMON, CHILD, DELIVERY, REJECTER, NOBODY };

/* Ports are in one of the two kinds of logs, and only there. */
static inline bool
exim_is_default(const struct session *s)
{
	return s->port == NOTHING;
}

void *exim_open(const struct options *o);
const struct options *exim_options(const void *state);
void exim_write(void *state, struct session *s, size_t at, bool visible);
void exim_close(void *state);

#endif
