/*
 * Sendmail: what it writes by syslog, at any LogLevel.
 */
#ifndef EHLOG_FORMAT_SENDMAIL_H
#define EHLOG_FORMAT_SENDMAIL_H

#include "format/format.h"

extern const struct format format_sendmail;

#endif
