/*
 * A report that is written while the log is read: the same sessions in the same
 * order as with a selection of all, and each is forgotten when it was written,
 * so that memory does not grow with the log.
 *
 * A session waits until it is over, and until all before it are.  One that the
 * log has been silent of for long keeps the others waiting no longer: it comes
 * at the end.
 */
#ifndef EHLOG_REPORT_STEADY_H
#define EHLOG_REPORT_STEADY_H

#include "query/request.h"
#include "report/report.h"

struct steady {
	const struct report_format *form;    /* one that streams */
	struct report_options report;
	struct store *store;
	struct filter *filter;   /* NULL: all; steady_end() frees it */
	/* What follows is its own and begins as zeros. */
	struct filter_context *context;
	struct report_run *run;
	uint64_t written, rows;  /* sessions that were decided, and written */
	uint32_t *late;          /* numbers of those to come at the end */
	size_t nlate, late_cap;
	bool full;               /* no more is to be written, or can be */
	bool limits;             /* at the end: some pattern met its limit */
};

/* Something was published: writes what can be (an indexer's `published`). */
void steady_look(void *steady);
/*
 * All was read: writes the rest.  As report_close(); s->rows is the number of
 * sessions written.
 */
int steady_end(struct steady *s, struct err *err);

#endif
