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
#include "index/plan.h"
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

/* Hands the commands over, each with a name of its own. */
void request_add_commands(const struct options *o, struct sources *ss);
/*
 * What is said of each path, and behind them of each command: free() it.  Of
 * all paths that there are, so behind the last one that is added to them.
 */
struct source_label *request_labels(const struct options *o);
/* What is opened first, for headings: a path, or a command's name. */
const char *request_first(const struct options *o);

#endif
