/*
 * Comparing filters.  See narrow.h.
 *
 * Questions are the same when all that their terms were made of is.  Times that
 * were typed as so long ago differ when they were typed at different moments.
 */
#include "config.h"

#include "query/narrow.h"

static bool
same_range(struct range a, struct range b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static bool
same_address(const struct address *a, const struct address *b)
{
	return a->v4 == b->v4 && memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

static bool
same_term(const struct term *a, const struct term *b)
{
	return a->field == b->field && a->level == b->level &&
	    a->test.kind == b->test.kind &&
	    slice_eq(a->test.glob, b->test.glob) &&
	    slice_eq(a->test.plain, b->test.plain) &&
	    !a->test.match == !b->test.match &&
	    same_range(a->range, b->range) &&
	    same_range(a->zoned, b->zoned) && a->of_day == b->of_day &&
	    a->as_shown == b->as_shown && a->mask == b->mask &&
	    a->row == b->row && a->nets == b->nets &&
	    same_address(&a->first, &b->first) &&
	    same_address(&a->last, &b->last);
}

static bool
same_node(const struct node *a, const struct node *b)
{
	const struct node *i, *k;

	if (a->kind != b->kind || a->negated != b->negated)
		return false;
	if (a->kind == NODE_TERM)
		return same_term(a->term, b->term);
	for (i = a->child, k = b->child; i && k; i = i->next, k = k->next)
		if (!same_node(i, k))
			return false;
	return !i && !k;
}

static bool
wants_all(const struct node *n)
{
	return n->kind == NODE_AND && !n->negated;
}

/* Whether n is true only where `one` is. */
static bool
wants(const struct node *n, const struct node *one)
{
	if (same_node(n, one))
		return true;
	if (!wants_all(n))
		return false;
	for (const struct node *i = n->child; i; i = i->next)
		if (wants(i, one))
			return true;
	return false;
}

static bool
wants_each(const struct node *n, const struct node *all)
{
	if (wants(n, all))
		return true;
	if (!wants_all(all))
		return false;
	for (const struct node *i = all->child; i; i = i->next)
		if (!wants_each(n, i))
			return false;
	return true;
}

bool
tree_narrows(const struct tree *tree, const struct tree *before)
{
	return !before->root || (tree->root &&
	    wants_each(tree->root, before->root));
}
