/*
 * OpenSMTPD: what smtpd writes into the log, and its traces.
 */
#ifndef EHLOG_FORMAT_OPENSMTPD_H
#define EHLOG_FORMAT_OPENSMTPD_H

#include "format/format.h"

extern const struct format format_opensmtpd;

#endif
