/*
 * The facts of a session as JSON and CSV name them: one table for both, and
 * for the manual page.  A name in it is a promise to other people's scripts.
 */
#ifndef EHLOG_REPORT_EXPORT_H
#define EHLOG_REPORT_EXPORT_H

#include <stdio.h>

#include "base/clock.h"
#include "index/facts.h"

enum export_kind {
	EXPORT_NULL,              /* the log does not hold it */
	EXPORT_NUMBER,
	EXPORT_FLAG,              /* number is 0 or 1; CSV: 1, or nothing */
	EXPORT_TEXT,              /* bytes of the log, UTF-8 or not */
	EXPORT_CODES,             /* JSON: array of f->replies' codes */
	EXPORT_MESSAGES,          /* JSON: array of f->messages */
};

struct export_value {
	enum export_kind kind;
	uint64_t number;
	struct slice text;       /* lives until the next value is asked for */
};

/* What the values depend on beside the facts. */
struct export_context {
	bool secrets;
	struct buf text, tmp;    /* own memory, reused */
};

enum export_use { EXPORT_IN_JSON = 1, EXPORT_IN_CSV = 2, EXPORT_IN_BOTH = 3 };

struct export_field {
	const char *name;
	enum export_use use;
	void (*get)(struct export_context *c, const struct facts *f,
	    struct export_value *v);
	const char *help;
};

/* In the order of output; ended by a NULL name. */
extern const struct export_field export_fields[];

void export_context_init(struct export_context *c, bool secrets);
void export_context_free(struct export_context *c);

/* The code and texts of the worst reply, if it is a 4xx or 5xx. */
struct worst_reply {
	unsigned code;           /* 0: nothing failed */
	uint32_t enhanced;
	struct slice text;       /* NULL: not known */
};
void export_worst(const struct facts *f, struct worst_reply *w);

/*
 * The failing command without what must not be seen; NULL p when there is
 * none.  The result lives in `tmp` or in the facts.
 */
struct slice export_failed_command(const struct facts *f, bool secrets,
    struct buf *tmp);

/* mdoc: .It a name, what it holds; for the manual page. */
void export_dump_man(FILE *out, enum export_use use);

#endif
