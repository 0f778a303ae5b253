/*
 * Reading ranges of numbers: n, a..b, a.., ..b, with an operator before them.
 */
#ifndef EHLOG_QUERY_RANGE_H
#define EHLOG_QUERY_RANGE_H

#include "query/field.h"

/* How one number is written. */
struct unit {
	/*
	 * Reads all of s: what it says is from range->lo to range->hi (5xx
	 * says 500 to 599).  -1 with words.
	 */
	int (*read)(struct slice s, struct range *range, struct err *err);
	/*
	 * A comparison looks at range->lo alone: took>30s means more than
	 * 30,000 ms, though took:30s means any of 30,000 to 30,999.
	 */
	bool point;
};

/* The two sides of a value, as slices of its text. */
struct sides {
	enum term_op op;         /* with an operator taken from the value */
	struct slice lo, hi;     /* lo alone where it is no range */
	bool is_range;
};

/* -1 with a mistake for a value that is no number nor range at all. */
int range_split(const struct value *v, struct sides *sides);

int range_parse(const struct value *v, const struct unit *u,
    struct range *range);

/* The numbers x with `x op said`. */
struct range range_compare(enum term_op op, struct range said, bool point);

#endif
