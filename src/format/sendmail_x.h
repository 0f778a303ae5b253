/*
 * Sendmail's traffic file: what `sendmail -X FILE` writes.
 */
#ifndef EHLOG_FORMAT_SENDMAIL_X_H
#define EHLOG_FORMAT_SENDMAIL_X_H

#include "format/format.h"

extern const struct format format_sendmail_x;

#endif
