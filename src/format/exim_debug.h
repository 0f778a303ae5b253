/*
 * Exim's debugging output: -d, -v and -bh, what it writes on standard error.
 */
#ifndef EHLOG_FORMAT_EXIM_DEBUG_H
#define EHLOG_FORMAT_EXIM_DEBUG_H

#include "format/format.h"

extern const struct format format_exim_debug;

#endif
