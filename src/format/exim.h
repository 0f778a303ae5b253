/*
 * Exim: mainlog and rejectlog, as files and through syslog.
 */
#ifndef EHLOG_FORMAT_EXIM_H
#define EHLOG_FORMAT_EXIM_H

#include "format/format.h"

extern const struct format format_exim;

#endif
