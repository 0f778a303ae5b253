/*
 * Filters: asking the tree of an expression of a session.
 *
 * A session is asked level by level (query/tree.h): first everything that the
 * record can tell; only while that leaves the whole undecided, single lines;
 * then all lines, and last the decoded session.  So most sessions are decided
 * without a look at the log.
 */
#include "config.h"

#include "query/filter.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "query/evidence.h"
#include "query/field.h"
#include "query/narrow.h"
#include "query/parser.h"

struct filter {
	struct tree tree;
};

struct filter *
filter_parse(const char *expr, const struct zone *zone,
    struct filter_error *fe)
{
	struct filter *f = mem_alloc(sizeof *f);

	if (tree_parse(&f->tree, expr, zone, fe) == 0)
		return f;
	free(f);
	return NULL;
}

void
filter_free(struct filter *f)
{
	if (!f)
		return;
	tree_free(&f->tree);
	free(f);
}

struct filter_context *
filter_context_new(const struct store *st)
{
	return evidence_new(st);
}

void
filter_context_free(struct filter_context *c)
{
	evidence_free(c);
}

void
filter_context_stop(struct filter_context *c, const atomic_bool *stop)
{
	evidence_stop(c, stop);
}

uint64_t
filter_limits(const struct filter_context *c)
{
	return c->limits;
}

bool
filter_is_empty(const struct filter *f)
{
	return !f->tree.root;
}

bool
filter_is_indexed(const struct filter *f)
{
	return !f->tree.root || f->tree.root->level == ASK_RECORD;
}

bool
filter_is_by_word(const struct filter *f)
{
	const struct term *t = f->tree.terms;

	while (t && t->by_word)
		t = t->next;
	return !t && filter_is_indexed(f) && !filter_is_empty(f);
}

bool
filter_narrows(const struct filter *f, const struct filter *before)
{
	return tree_narrows(&f->tree, &before->tree);
}

/* A term is asked until it answers, and then no more. */
static enum answer
ask_term(const struct term *t, struct filter_context *c, enum ask_level level)
{
	unsigned char *known = c->answers ? &c->answers[t->index] : NULL;
	enum answer a;

	if (known && *known != ANSWER_UNKNOWN)
		return (enum answer)*known;
	a = t->field->ask(t, c, level);
	if (known)
		*known = (unsigned char)a;
	return a;
}

static enum answer
negate(enum answer a, bool negated)
{
	if (!negated || a == ANSWER_UNKNOWN)
		return a;
	return answer_of(a == ANSWER_NO);
}

static enum answer
ask_node(const struct node *n, struct filter_context *c, enum ask_level level)
{
	/* One child that says this decides. */
	enum answer decides = n->kind == NODE_AND ? ANSWER_NO : ANSWER_YES;
	enum answer all = answer_of(n->kind == NODE_AND);

	if (n->kind == NODE_TERM)
		return negate(ask_term(n->term, c, level), n->negated);
	for (const struct node *i = n->child; i; i = i->next) {
		enum answer a = ask_node(i, c, level);

		if (a == decides)
			return negate(a, n->negated);
		if (a == ANSWER_UNKNOWN)
			all = ANSWER_UNKNOWN;
	}
	return negate(all, n->negated);
}

bool
filter_match(const struct filter *f, struct filter_context *c,
    uint32_t number, const struct session *rec)
{
	const struct node *root = f->tree.root;
	enum answer a = ANSWER_UNKNOWN;

	if (!root)
		return true;
	if (root->level == ASK_RECORD) {
		evidence_begin_record(c, number, rec);
		return ask_node(root, c, ASK_RECORD) == ANSWER_YES;
	}
	evidence_begin(c, number, rec, f->tree.nterms);
	for (int level = ASK_RECORD; a == ANSWER_UNKNOWN &&
	    level <= (int)root->level; level++)
		a = ask_node(root, c, (enum ask_level)level);
	return a == ANSWER_YES;
}

static size_t
at_most(size_t n, size_t most)
{
	return n < most ? n : most;
}

void
filter_error_show(struct buf *out, const char *expr,
    const struct filter_error *fe)
{
	struct slice all = slice_of(expr);
	size_t at = at_most(fe->at, all.n);
	struct slice part = slice_head(slice_from(all, at), fe->length);
	size_t column = text_width(slice_head(all, at));
	size_t width = text_width(part);

	text_safe(out, all, SIZE_MAX);
	buf_add_char(out, '\n');
	while (column-- > 0)
		buf_add_char(out, ' ');
	buf_add_char(out, '^');
	while (width-- > 1)
		buf_add_char(out, '~');
	buf_add_char(out, ' ');
	text_safe(out, slice_of(fe->text), SIZE_MAX);
	buf_add_char(out, '\n');
}
