/*
 * PCRE2 with limits: compiling what a person typed, matching it against text
 * that strangers wrote.  A pattern that runs wild meets the match, depth or
 * heap limit: that is a notice, not an end.
 */
#ifndef EHLOG_QUERY_MATCH_H
#define EHLOG_QUERY_MATCH_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/slice.h"
#include "query/required.h"

struct match;            /* a compiled pattern; any thread may use it */
struct match_work;       /* match data and limits; one per thread */

enum match_case { MATCH_SMART, MATCH_EXACT, MATCH_IGNORE };

struct match_error {
	char text[256];
	size_t at;       /* byte offset in the pattern */
};

/*
 * Smart case: case is ignored unless the pattern holds an upper-case letter
 * outside an escape.  Text is matched as UTF-8 where it is valid and as bytes
 * where it is not (PCRE2_MATCH_INVALID_UTF); a pattern that means the same in
 * bytes is matched in bytes, for speed.  `^` and `$` match at lines, which end
 * in LF, CR or CRLF.
 */
struct match *match_compile(struct slice pattern, enum match_case how,
    struct match_error *me);
/* A literal, taken to the letter. */
struct match *match_literal(struct slice text, enum match_case how);
void match_free(struct match *m);

/* A text that stands in each match; its text is empty when none is known. */
const struct required *match_required(const struct match *m);

struct match_work *match_work_new(void);
void match_work_free(struct match_work *w);
/*
 * Once *stop is true, a match_find() under way gives up within milliseconds
 * and says MATCH_LIMIT: how another thread cancels.  NULL: never.
 */
void match_work_stop(struct match_work *w, const atomic_bool *stop);

enum match_result { MATCH_NO, MATCH_YES, MATCH_LIMIT };

/* The first match at or after `from`; *start and *end in bytes. */
enum match_result match_find(const struct match *m, struct match_work *w,
    struct slice text, size_t from, size_t *start, size_t *end);

#endif
