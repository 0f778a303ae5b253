/*
 * OpenSMTPD: what smtpd reports to its filters, kept by one of them.
 */
#ifndef EHLOG_FORMAT_OPENSMTPD_REPORT_H
#define EHLOG_FORMAT_OPENSMTPD_REPORT_H

#include "format/format.h"

extern const struct format format_opensmtpd_report;

#endif
