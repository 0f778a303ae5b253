/*
 * A text that stands in whatever a regular expression matches: a line without
 * it need not be matched.  Also how that text is found.  Knows nothing of PCRE2
 * but how patterns are written.
 */
#ifndef EHLOG_QUERY_REQUIRED_H
#define EHLOG_QUERY_REQUIRED_H

#include "base/mem.h"

struct required {
	struct buf text;         /* ASCII, of one line; n == 0: there is none */
	bool any_case;           /* letters in either case; then lower in text */
};

/*
 * Fills *r, which comes zeroed.  None where the pattern may have such a text
 * but only a thorough reading would tell, and where it begins with it: there
 * the matcher looks for it as fast.
 */
void required_of(struct required *r, struct slice pattern, bool any_case,
    bool utf);
void required_free(struct required *r);

/* Where it first stands in s, or -1. */
ptrdiff_t required_find(const struct required *r, struct slice s);

#endif
