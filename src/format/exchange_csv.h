/*
 * The SmtpReceive and SmtpSend protocol logs of Exchange 2007 to 2019 and SE.
 */
#ifndef EHLOG_FORMAT_EXCHANGE_CSV_H
#define EHLOG_FORMAT_EXCHANGE_CSV_H

#include "format/format.h"

extern const struct format format_exchange_csv;

#endif
