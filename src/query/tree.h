/*
 * The tree of a filter: and, or, not and terms.  The parser builds it, the
 * fields fill its terms, the filter asks it.  It is never changed after that,
 * so any thread may ask.
 */
#ifndef EHLOG_QUERY_TREE_H
#define EHLOG_QUERY_TREE_H

#include "base/mem.h"
#include "query/address.h"
#include "query/match.h"
#include "smtp/code_set.h"

/*
 * How much of a session must be looked at before a question is surely
 * answered.  The order is that of the cost.
 */
enum ask_level {
	ASK_RECORD,              /* the record, and what is interned */
	ASK_HEAD,                /* single lines that the record names */
	ASK_TEXT,                /* the raw lines */
	ASK_FACTS,               /* the decoded session */
	ASK_LEVELS
};

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

static inline enum answer
answer_of(bool yes)
{
	return yes ? ANSWER_YES : ANSWER_NO;
}

/* Numbers from lo to hi, both inclusive; none where lo > hi. */
struct range {
	int64_t lo, hi;
};

static inline bool
range_holds(struct range r, int64_t v)
{
	return v >= r.lo && v <= r.hi;
}

/* How a text is compared. */
enum text_test_kind { TEXT_EQUAL, TEXT_GLOB, TEXT_REGEX };

struct text_test {
	enum text_test_kind kind;
	struct slice glob;       /* with backslashes; an expression as it is */
	struct slice plain;      /* without */
	struct match *match;     /* TEXT_REGEX, owned by the tree */
};

struct field;

struct term {
	const struct field *field;
	uint32_t index;          /* of the terms of its tree */
	enum ask_level level;    /* where the answer is sure */
	struct term *next;       /* all terms of the tree */
	struct text_test test;
	struct range range;      /* numbers; times that are shown as they are */
	struct range zoned;      /* times that are shown in the reader's zone */
	bool of_day;             /* ranges are ms since midnight */
	bool as_shown;           /* of a time: what is shown must be so, too */
	uint64_t mask;           /* verbs */
	struct code_sought sought;       /* codes of failures */
	bool by_word;            /* the record's last word alone answers */
	const void *row;         /* of the field's own table */
	bool nets;               /* compare addresses, from .. to */
	struct address first, last;
};

enum node_kind { NODE_TERM, NODE_AND, NODE_OR };

struct node {
	enum node_kind kind;
	bool negated;
	enum ask_level level;    /* the highest of its terms */
	struct term *term;       /* NODE_TERM */
	struct node *child;      /* else: the cheapest first */
	struct node *next;
};

struct tree {
	struct node *root;       /* NULL: matches everything */
	struct term *terms;
	uint32_t nterms;
	struct arena arena;
};

#endif
