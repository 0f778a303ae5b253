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
#include "report/writing.h"

struct steady {
	const struct report_format *form;    /* one that streams */
	struct report_options report;
	struct store *store;
	struct filter *filter;   /* NULL: all; steady_end() frees it */
	/* What follows is its own and begins as zeros. */
	struct writing writing;
	uint64_t decided;        /* so many sessions were */
	uint32_t *late;          /* numbers of those to come at the end */
	size_t nlate, late_cap;
};

/*
 * Something was published: writes what can be.  False when no more will be
 * written, whatever comes.
 */
bool steady_look(struct steady *s);
/* All that is wanted was read: writes the rest.  As report_close(). */
int steady_end(struct steady *s, struct err *err);

#endif
