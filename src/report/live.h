/*
 * A report of logs that are followed: each session is written when it is over,
 * those that are still open at the end, when no more can come or a signal
 * (SIGINT, SIGTERM, SIGHUP) asks for it.
 */
#ifndef EHLOG_REPORT_LIVE_H
#define EHLOG_REPORT_LIVE_H

#include "query/request.h"
#include "report/report.h"

struct live {
	const struct options *options;
	const struct request *request;
	const struct report_format *form;    /* one that streams */
	struct report_options report;
	struct store *store;
	struct sources *sources;
	/* What goes wrong, as it comes; and what is said and no trouble. */
	void (*complain)(void *arg, const char *words);
	void (*say)(const char *words);
	void *arg;
};

/* How many sessions were written; 0, too, where there is nothing to follow. */
uint64_t live_run(const struct live *l);

#endif
