/*
 * ehlog without the screen: reads the logs to the end, writes what was
 * selected to standard output, says on standard error what went wrong.
 */
#ifndef EHLOG_REPORT_BATCH_H
#define EHLOG_REPORT_BATCH_H

#include "config/options.h"
#include "query/request.h"

/* The exit status: 0 sessions were selected, 1 none was, 2 trouble. */
int batch_run(const struct options *o, const struct request *r);

#endif
