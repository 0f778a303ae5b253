/*
 * The SMTP protocol log of the Internet Mail Service of Exchange 4.0 to 5.5.
 */
#ifndef EHLOG_FORMAT_EXCHANGE_IMS_H
#define EHLOG_FORMAT_EXCHANGE_IMS_H

#include "format/format.h"

extern const struct format format_exchange_ims;

#endif
