/*
 * The log of hMailServer.
 */
#ifndef EHLOG_FORMAT_HMAILSERVER_H
#define EHLOG_FORMAT_HMAILSERVER_H

#include "format/format.h"

extern const struct format format_hmailserver;

#endif
