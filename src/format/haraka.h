/*
 * The log of Haraka: default, logfmt and JSON.
 */
#ifndef EHLOG_FORMAT_HARAKA_H
#define EHLOG_FORMAT_HARAKA_H

#include "format/format.h"

extern const struct format format_haraka;

#endif
