/*
 * The parser: recursive descent over the lexer's tokens.  What a value means
 * is its field's matter.
 */
#include "config.h"

#include "query/parser.h"

#include "query/field.h"
#include "query/glob.h"
#include "query/lexer.h"

struct parser {
	struct tree *tree;
	struct lexer lexer;
	struct token token;      /* the next one, not yet taken */
	struct token before;     /* the one taken last */
	const struct zone *zone;
	unsigned depth;
};

static int
advance(struct parser *p)
{
	struct token *t = &p->token;

	p->before = *t;
	if (lexer_next(&p->lexer, t) == 0)
		return 0;
	/* Whatever is wrong with http://x, first of all http is no field. */
	if (t->field.n && !field_by_name(t->field))
		return field_unknown(t->field, t->at, p->lexer.fe);
	return -1;
}

static struct node *
new_node(struct parser *p, enum node_kind kind)
{
	struct node *n = arena_alloc(&p->tree->arena, sizeof *n);

	n->kind = kind;
	return n;
}

/* --- terms --------------------------------------------------------------- */

/*
 * `took > 30s`: the operator would be a word of its own, looked for in the
 * text, and nobody would know why nothing is found.
 */
static int
check_stray_operator(struct parser *p, const struct token *tok)
{
	const struct token *b = &p->before;
	char c = tok->value.n && !tok->quoted ? tok->value.p[0] : '\0';

	if (b->kind != TOKEN_TERM || b->op != OP_BARE || b->regex ||
	    b->quoted || !c || !memchr("<>=:!", c, 5) ||
	    !field_by_name(b->value))
		return 0;
	return mistake(p->lexer.fe, tok->at, tok->length, "no blank may stand "
	    "around the operator: write %s%s, or quote it to look for the "
	    "text", excerpt(b->value).text, excerpt(tok->value).text);
}

static int
fill_term(struct parser *p, struct term *t, const struct token *tok)
{
	struct value v = {
		.name = tok->field,
		.op = tok->op == OP_BARE || tok->op == OP_IS_NOT ? OP_IS :
		    tok->op,
		.text = tok->value,
		.at = tok->value_at + tok->regex,
		.typed_at = tok->value_at, .typed_length = tok->value_length,
		.regex = tok->regex, .quoted = tok->quoted,
		.exact = tok->exact,
		.zone = p->zone, .arena = &p->tree->arena,
		.fe = p->lexer.fe,
	};

	if (tok->op == OP_BARE) {
		v.name = SLICE("text");
		t->field = field_of_text();
		if (check_stray_operator(p, tok) < 0)
			return -1;
	} else {
		t->field = field_by_name(tok->field);
		if (!t->field)
			return field_unknown(tok->field, tok->at,
			    p->lexer.fe);
	}
	return t->field->parse(t, &v);
}

static int
parse_term(struct parser *p, struct node **out)
{
	struct token tok = p->token;
	struct term *t = arena_alloc(&p->tree->arena, sizeof *t);

	/* In the list at once: what it holds is freed after a mistake, too. */
	t->index = p->tree->nterms++;
	t->next = p->tree->terms;
	p->tree->terms = t;
	if (fill_term(p, t, &tok) < 0 || advance(p) < 0)
		return -1;
	*out = new_node(p, NODE_TERM);
	(*out)->term = t;
	(*out)->level = t->level;
	(*out)->negated = tok.op == OP_IS_NOT;
	return 0;
}

/* --- and, or, not -------------------------------------------------------- */

static int parse_or(struct parser *p, struct node **out);

static int
parse_group(struct parser *p, struct node **out)
{
	struct token open = p->token;
	int status;

	if (++p->depth > PARSER_DEPTH_MAX)
		return mistake(p->lexer.fe, open.at, 1,
		    "parentheses are nested too deeply here");
	if (advance(p) < 0)
		return -1;
	if (p->token.kind == TOKEN_CLOSE)
		return mistake(p->lexer.fe, open.at,
		    p->token.at + 1 - open.at,
		    "there is nothing between these parentheses");
	status = parse_or(p, out);
	if (status < 0)
		return -1;
	if (p->token.kind != TOKEN_CLOSE)
		return mistake(p->lexer.fe, open.at, 1,
		    "this parenthesis is never closed");
	p->depth--;
	return advance(p);
}

/* A term is wanted, and something else is there. */
static int
no_term(struct parser *p)
{
	const struct token *t = &p->token, *b = &p->before;
	struct slice expr = p->lexer.expr;

	if (t->kind == TOKEN_CLOSE && b->kind != TOKEN_AND &&
	    b->kind != TOKEN_OR && b->kind != TOKEN_NOT)
		return mistake(p->lexer.fe, t->at, 1,
		    "no parenthesis is open here");
	if (t->kind == TOKEN_END || t->kind == TOKEN_CLOSE)
		return mistake(p->lexer.fe, b->at, b->length,
		    "something must follow %s", excerpt(slice_head(
		    slice_from(expr, b->at), b->length)).text);
	return mistake(p->lexer.fe, t->at, t->length, "something must stand "
	    "before %s; quote it to look for the text", excerpt(slice_head(
	    slice_from(expr, t->at), t->length)).text);
}

static int
parse_not(struct parser *p, struct node **out)
{
	bool negated = false;
	int status;

	for (; p->token.kind == TOKEN_NOT; negated = !negated)
		if (advance(p) < 0)
			return -1;
	if (p->token.kind == TOKEN_TERM)
		status = parse_term(p, out);
	else if (p->token.kind == TOKEN_OPEN)
		status = parse_group(p, out);
	else
		return no_term(p);
	if (status == 0 && negated)
		(*out)->negated = !(*out)->negated;
	return status;
}

/* Cheap questions first; among equals as they were written. */
static void
insert_by_level(struct node *parent, struct node *child)
{
	struct node **at = &parent->child;

	while (*at && (*at)->level <= child->level)
		at = &(*at)->next;
	child->next = *at;
	*at = child;
	if (child->level > parent->level)
		parent->level = child->level;
}

/* Adds to *list, which becomes an AND or OR at its second child. */
static void
join(struct parser *p, enum node_kind kind, struct node **list,
    bool *is_list, struct node *child)
{
	struct node *first = *list;

	if (!first) {
		*list = child;
		return;
	}
	if (!*is_list) {
		*list = new_node(p, kind);
		insert_by_level(*list, first);
		*is_list = true;
	}
	insert_by_level(*list, child);
}

static bool
begins_term(enum token_kind k)
{
	return k == TOKEN_TERM || k == TOKEN_NOT || k == TOKEN_OPEN;
}

static int
parse_and(struct parser *p, struct node **out)
{
	struct node *child;
	bool is_list = false;

	*out = NULL;
	for (;;) {
		if (parse_not(p, &child) < 0)
			return -1;
		join(p, NODE_AND, out, &is_list, child);
		if (p->token.kind == TOKEN_AND) {
			if (advance(p) < 0)
				return -1;
		} else if (!begins_term(p->token.kind)) {
			return 0;
		}
	}
}

static int
parse_or(struct parser *p, struct node **out)
{
	struct node *child;
	bool is_list = false;

	*out = NULL;
	for (;;) {
		if (parse_and(p, &child) < 0)
			return -1;
		join(p, NODE_OR, out, &is_list, child);
		if (p->token.kind != TOKEN_OR)
			return 0;
		if (advance(p) < 0)
			return -1;
	}
}

int
tree_parse(struct tree *t, const char *expr, const struct zone *zone,
    struct filter_error *fe)
{
	struct parser p = { .tree = t, .zone = zone };

	*t = (struct tree){ 0 };
	p.lexer = (struct lexer){
		.expr = slice_of(expr), .arena = &t->arena, .fe = fe,
	};
	if (advance(&p) < 0)
		goto wrong;
	if (p.token.kind == TOKEN_END)
		return 0;
	if (parse_or(&p, &t->root) < 0)
		goto wrong;
	if (p.token.kind != TOKEN_END) {
		mistake(fe, p.token.at, p.token.length,
		    "no parenthesis is open here");
		goto wrong;
	}
	return 0;
wrong:
	tree_free(t);
	return -1;
}

void
tree_free(struct tree *t)
{
	for (struct term *i = t->terms; i; i = i->next)
		match_free(i->test.match);
	arena_free(&t->arena);
	*t = (struct tree){ 0 };
}
