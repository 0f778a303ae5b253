/*
 * The lexer of the filter language.  Knows how words end, what quotes and
 * backslashes do, and what an operator looks like; knows no field.
 *
 * A backslash before a letter, a digit or `_` is a backslash: the names in
 * Windows logs are full of them (CONTOSO\user).  Before anything else it takes
 * the meaning from what follows.
 */
#include "config.h"

#include "query/lexer.h"

static const char *const op_texts[OP_COUNT] = {
	[OP_BARE] = "", [OP_IS] = ":", [OP_IS_NOT] = "!=", [OP_LESS] = "<",
	[OP_AT_MOST] = "<=", [OP_MORE] = ">", [OP_AT_LEAST] = ">=",
};

const char *
term_op_text(enum term_op op)
{
	return op_texts[op];
}

/* The byte at pos, or NUL at the end. */
static char
peek(const struct lexer *lx, size_t pos)
{
	return pos < lx->expr.n ? lx->expr.p[pos] : '\0';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_word_byte(char c)
{
	unsigned char u = (unsigned char)c;

	return ascii_is_digit(u) || c == '_' ||
	    (ascii_lower(u) >= 'a' && ascii_lower(u) <= 'z');
}

/* Nothing of a word can stand here. */
static bool
ends_word(const struct lexer *lx, size_t pos)
{
	return pos >= lx->expr.n || is_blank(lx->expr.p[pos]);
}

/* An operator at pos; its length, or 0. */
static size_t
operator_at(const struct lexer *lx, size_t pos, enum term_op *op)
{
	bool equals = peek(lx, pos + 1) == '=';

	switch (peek(lx, pos)) {
	case ':':
	case '=':
		*op = OP_IS;
		return 1;
	case '!':
		*op = OP_IS_NOT;
		return equals ? 2 : 0;
	case '<':
		*op = equals ? OP_AT_MOST : OP_LESS;
		return equals ? 2 : 1;
	case '>':
		*op = equals ? OP_AT_LEAST : OP_MORE;
		return equals ? 2 : 1;
	default:
		return 0;
	}
}

/* `name:` and the like at pos; leaves tok as it is where there is none. */
static size_t
field_at(const struct lexer *lx, size_t pos, struct token *tok)
{
	size_t end = pos, n;
	enum term_op op;

	if (ascii_is_digit((unsigned char)peek(lx, pos)))
		return 0;
	while (is_word_byte(peek(lx, end)) ||
	    (end > pos && peek(lx, end) == '-'))
		end++;
	if (end == pos || !(n = operator_at(lx, end, &op)))
		return 0;
	tok->field = slice_head(slice_from(lx->expr, pos), end - pos);
	tok->op = op;
	tok->op_at = end;
	return end - pos + n;
}

static void
put_literal(struct buf *out, char c)
{
	if (memchr("*?[]\\", c, 5))
		buf_add_char(out, '\\');
	buf_add_char(out, c);
}

/* A quoted part at pos, quotes included; 0 when its end is missing. */
static size_t
quoted_at(const struct lexer *lx, size_t pos, struct buf *out)
{
	size_t i = pos + 1;

	for (; i < lx->expr.n; i++) {
		char c = lx->expr.p[i];

		if (c == '"')
			return i + 1 - pos;
		if (c == '\\' && (peek(lx, i + 1) == '"' ||
		    peek(lx, i + 1) == '\\'))
			c = lx->expr.p[++i];
		put_literal(out, c);
	}
	return 0;
}

/* One unquoted character of a value, or an escape. */
static size_t
plain_at(const struct lexer *lx, size_t pos, struct buf *out)
{
	char c = lx->expr.p[pos], next = peek(lx, pos + 1);

	if (c != '\\') {
		buf_add_char(out, c);
		return 1;
	}
	buf_add_char(out, '\\');
	if (pos + 1 >= lx->expr.n || is_word_byte(next)) {
		buf_add_char(out, '\\');
		return 1;
	}
	buf_add_char(out, next);
	return 2;
}

static bool
is_keyword(struct slice s, enum token_kind *kind)
{
	if (slice_case_eq(s, SLICE("and")))
		*kind = TOKEN_AND;
	else if (slice_case_eq(s, SLICE("or")))
		*kind = TOKEN_OR;
	else if (slice_case_eq(s, SLICE("not")))
		*kind = TOKEN_NOT;
	else
		return false;
	return true;
}

/* `not(a or b)`: the word before the parenthesis is no part of a name. */
static bool
is_keyword_so_far(const struct lexer *lx, const struct token *tok)
{
	enum token_kind kind;

	return tok->op == OP_BARE && is_keyword(slice_head(
	    slice_from(lx->expr, tok->value_at), lx->pos - tok->value_at),
	    &kind);
}

/*
 * A value up to a blank, or to a parenthesis that was not opened in it: so
 * `(a or text:f(x))` is what it looks like.
 */
static int
lex_plain(struct lexer *lx, struct token *tok)
{
	struct buf out = { 0 };
	unsigned depth = 0;
	size_t n;

	for (; !ends_word(lx, lx->pos); lx->pos += n) {
		char c = lx->expr.p[lx->pos];

		if (c == '(' && is_keyword_so_far(lx, tok))
			break;
		if (c == ')' && depth-- == 0)
			break;
		if (c == '(')
			depth++;
		if (c == '"') {
			n = quoted_at(lx, lx->pos, &out);
			tok->quoted = true;
			if (n == 0) {
				buf_free(&out);
				return mistake(lx->fe, lx->pos,
				    lx->expr.n - lx->pos,
				    "this quote is never closed; write \\\" "
				    "for a quote that means itself");
			}
		} else {
			n = plain_at(lx, lx->pos, &out);
		}
	}
	tok->value_length = lx->pos - tok->value_at;
	tok->value = arena_dup(lx->arena, buf_slice(&out));
	tok->exact = slice_eq(tok->value, slice_head(slice_from(lx->expr,
	    tok->value_at), tok->value_length));
	buf_free(&out);
	return 0;
}

static int
lex_regex(struct lexer *lx, struct token *tok)
{
	size_t begin = lx->pos, i = begin + 1;

	while (i < lx->expr.n && lx->expr.p[i] != '/')
		i += lx->expr.p[i] == '\\' ? 2 : 1;
	if (i >= lx->expr.n)
		return mistake(lx->fe, begin, lx->expr.n - begin,
		    "the / that ends this expression is missing");
	tok->regex = true;
	tok->exact = true;
	tok->value = slice_head(slice_from(lx->expr, begin + 1),
	    i - begin - 1);
	tok->value_length = i + 1 - begin;
	lx->pos = i + 1;
	if (!ends_word(lx, lx->pos) && peek(lx, lx->pos) != ')')
		return mistake(lx->fe, lx->pos, 1, "the expression ended at "
		    "the / before this; write \\/ for a / inside it, or quote "
		    "words that begin with /");
	if (tok->value.n == 0)
		return mistake(lx->fe, begin, 2,
		    "there is no expression between these slashes");
	return 0;
}

static int
lex_value(struct lexer *lx, struct token *tok)
{
	char c = peek(lx, lx->pos);

	tok->value_at = lx->pos;
	if (tok->op != OP_BARE && (ends_word(lx, lx->pos) || c == ')'))
		return mistake(lx->fe, tok->at, lx->pos - tok->at,
		    "a value must follow %s%s, without a blank between",
		    excerpt(tok->field).text, op_texts[tok->op]);
	if (tok->op != OP_BARE && c == '(')
		return mistake(lx->fe, lx->pos, 1, "a value must follow %s%s; "
		    "write the field before each value of a group",
		    excerpt(tok->field).text, op_texts[tok->op]);
	if (c == '/')
		return lex_regex(lx, tok);
	return lex_plain(lx, tok);
}

static int
lex_term(struct lexer *lx, struct token *tok)
{
	struct slice typed;

	tok->kind = TOKEN_TERM;
	tok->op = OP_BARE;
	lx->pos += field_at(lx, lx->pos, tok);
	if (lex_value(lx, tok) < 0)
		return -1;
	tok->length = lx->pos - tok->at;
	if (tok->op != OP_BARE || tok->quoted)
		return 0;
	typed = slice_head(slice_from(lx->expr, tok->at), tok->length);
	if (slice_eq(typed, SLICE("||")) || slice_eq(typed, SLICE("&&")))
		return mistake(lx->fe, tok->at, tok->length, "write %s; "
		    "quote it to look for the text",
		    typed.p[0] == '|' ? "or" : "and");
	is_keyword(typed, &tok->kind);
	return 0;
}

/* - or ! before what is not wanted. */
static int
lex_not(struct lexer *lx, struct token *tok)
{
	char sign = lx->expr.p[lx->pos], next;

	tok->kind = TOKEN_NOT;
	tok->length = 1;
	lx->pos++;
	next = peek(lx, lx->pos);
	if (ends_word(lx, lx->pos) || next == ')')
		return mistake(lx->fe, tok->at, 1, "%c must stand right before "
		    "what it excludes; quote it to look for the text", sign);
	return 0;
}

int
lexer_next(struct lexer *lx, struct token *tok)
{
	while (lx->pos < lx->expr.n && is_blank(lx->expr.p[lx->pos]))
		lx->pos++;
	*tok = (struct token){ .at = lx->pos, .length = 1 };
	if (lx->pos >= lx->expr.n)
		return 0;
	switch (lx->expr.p[lx->pos]) {
	case '(':
		tok->kind = TOKEN_OPEN;
		lx->pos++;
		return 0;
	case ')':
		tok->kind = TOKEN_CLOSE;
		lx->pos++;
		return 0;
	case '!':
		/* `took != 3`: the parser has better words for that. */
		if (peek(lx, lx->pos + 1) == '=')
			return lex_term(lx, tok);
		return lex_not(lx, tok);
	case '-':
		return lex_not(lx, tok);
	default:
		return lex_term(lx, tok);
	}
}
