/*
 * Facts that a log tells in words: what a report's details (struct detail,
 * format/format.h) make of the facts of a session.  The dialogue has no part
 * in it.
 */
#ifndef EHLOG_INDEX_TOLD_H
#define EHLOG_INDEX_TOLD_H

#include "index/facts.h"

/*
 * Takes in entry `at` of lines[], for which event_tells().  `spoken`: protocol
 * lines of the session were seen, so that what only repeats them (SAYS_ECHO)
 * is left out.  Slices of `d` are copied.
 */
void told_take(struct facts *f, uint32_t at, const struct event *ev,
    const struct detail *d, bool spoken);

#endif
