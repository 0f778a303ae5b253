/*
 * Syslog lines of Postfix's programs, for the generators of such logs: stamps,
 * and process ids that are used again as soon as they are free.
 */
#ifndef GENERATE_SYSLOG_H
#define GENERATE_SYSLOG_H

#include "generate_log.h"

void *postfix_log_open(const struct options *o);
/*
 * Begins a line of `daemon`, a name of n letters.  smtpd's process is the
 * session's own, until it is given back.
 */
void postfix_log_begin(void *state, struct session *s, int64_t now,
    const char *daemon, size_t n);
/* Whether stamps have milliseconds and a zone. */
bool postfix_log_is_zoned(const void *state);
struct text *postfix_log_text(void *state);
/* Ends it; its number. */
uint32_t postfix_log_end(void *state, struct session *s);
void postfix_log_free(void *state, struct session *s);
void postfix_log_close(void *state);

#endif
