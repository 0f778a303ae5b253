/*
 * The logs of the SMTP service of IIS, and so of Exchange 2000 and 2003: W3C
 * extended, Microsoft IIS, and NCSA.
 */
#ifndef EHLOG_FORMAT_IIS_H
#define EHLOG_FORMAT_IIS_H

#include "format/format.h"

extern const struct format format_iis;

#endif
