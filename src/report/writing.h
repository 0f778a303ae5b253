/*
 * Sessions that are written one by one, as somebody finds them: those that a
 * filter lets through, up to report_options.limit.
 */
#ifndef EHLOG_REPORT_WRITING_H
#define EHLOG_REPORT_WRITING_H

#include "query/filter.h"
#include "report/report.h"

struct writing {
	struct filter *filter;   /* NULL: all */
	struct filter_context *context;
	struct report_run *run;
	uint64_t limit;          /* 0: none */
	uint64_t rows;           /* sessions that were written */
	bool full;               /* enough was, or no more can be */
	bool met_limit;          /* at the end: a pattern met its limit */
};

/* Begins the report; `form` is one that streams.  writing_end() frees the filter. */
void writing_begin(struct writing *w, const struct report_format *form,
    const struct report_options *o, const struct store *st,
    struct filter *filter);
void writing_session(struct writing *w, uint32_t number,
    const struct session *rec);
void writing_flush(struct writing *w);
/* As report_close(). */
int writing_end(struct writing *w, struct err *err);

#endif
