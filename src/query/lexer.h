/*
 * The words of a filter expression: parentheses, and/or/not, and terms, which
 * are values with or without a field and an operator before them.
 */
#ifndef EHLOG_QUERY_LEXER_H
#define EHLOG_QUERY_LEXER_H

#include "base/mem.h"
#include "query/mistake.h"

enum token_kind {
	TOKEN_END, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_AND, TOKEN_OR, TOKEN_NOT,
	TOKEN_TERM,
};

enum term_op {
	OP_BARE,                 /* no field, no operator */
	OP_IS,                   /* : or = */
	OP_IS_NOT,               /* != */
	OP_LESS, OP_AT_MOST, OP_MORE, OP_AT_LEAST,
	OP_COUNT
};

struct token {
	enum token_kind kind;
	size_t at, length;       /* all of it, in the expression */
	struct slice field;      /* TERM: as typed; empty when OP_BARE */
	enum term_op op;
	size_t op_at;
	bool regex;              /* the value is what stands between slashes */
	bool quoted;             /* some of the value stands in quotes */
	bool exact;              /* value is, byte for byte, what was typed */
	size_t value_at, value_length;   /* as typed, with quotes or slashes */
	struct slice value;      /* a glob: quotes undone, and what stood in
	                            them behind backslashes; or the regex */
};

struct lexer {
	struct slice expr;       /* lives as long as the tokens */
	size_t pos;
	struct arena *arena;     /* for values */
	struct filter_error *fe;
};

/* The next token; -1 with *lx->fe filled. */
int lexer_next(struct lexer *lx, struct token *tok);

/* ":", ">=", ... */
const char *term_op_text(enum term_op op);

#endif
