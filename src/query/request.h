/*
 * What the command line asks for, looked up in the tables of the lower
 * layers: the format to force, the filter, the order.  The face and the
 * reports begin with the same request.
 */
#ifndef EHLOG_QUERY_REQUEST_H
#define EHLOG_QUERY_REQUEST_H

#include "config/options.h"
#include "format/set.h"
#include "index/keep_options.h"
#include "query/column.h"
#include "query/filter.h"

struct request {
	struct format_set formats;   /* all that there are */
	struct buf mistakes;         /* lines about format files that are
	                                left out; they stop nothing */
	const struct format *format; /* NULL: look at the content */
	char *expr;                  /* filter with --since and --until in it;
	                                NULL: none */
	bool sorted;                 /* --sort was given */
	enum column_id sort;         /* else COLUMN_NUMBER */
	bool reverse;
	struct keep_options keep;    /* its folder is the request's; NULL: no
	                                index is kept */
};

/*
 * -1 when a name, a time or the filter is wrong; *words then has lines for a
 * person (the filter's with a caret below the mistake), each ended by a
 * newline.  Free the request in either case.
 */
int request_read(struct request *r, const struct options *o,
    struct buf *words);
void request_free(struct request *r);

/* Where indexes are kept; NULL: nowhere. */
const struct keep_options *request_keep(const struct request *r);
/* The filter anew, for a selection to take over; NULL when there is none. */
struct filter *request_filter(const struct request *r, const struct zone *z);

#endif
