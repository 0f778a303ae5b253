/*
 * Logs that are known and hold no SMTP sessions: named when they are refused,
 * so that nobody wonders why.
 */
#ifndef EHLOG_FORMAT_OTHERS_H
#define EHLOG_FORMAT_OTHERS_H

#include "base/slice.h"

/* "a POP3 log of Exchange", or NULL when it is none that is known. */
const char *other_log_kind(struct slice head);

#endif
