/*
 * Grouping: counts by a string, in a hash table, handed out as sorted rows.
 * What the strings mean is the caller's to know; the words of a reply are
 * made equal in normalise.c.
 */
#include "config.h"

#include "query/group.h"

#include <stdlib.h>

struct group {
	struct group_row *rows;  /* in order of coming, or sorted */
	size_t nrows, cap;
	uint32_t *slots;         /* index in rows + 1; 0: free */
	size_t mask;             /* size of slots - 1; 0: none yet */
	uint64_t seed;           /* so that no log can be made to collide */
	bool sorted;             /* rows have moved: slots are stale */
	struct arena text;
};

struct group *
group_new(void)
{
	struct group *g = mem_alloc(sizeof *g);

	g->seed = (uint64_t)(uintptr_t)g * UINT64_C(0x9e3779b97f4a7c15);
	return g;
}

void
group_free(struct group *g)
{
	if (!g)
		return;
	arena_free(&g->text);
	free(g->rows);
	free(g->slots);
	free(g);
}

static uint32_t *
find_slot(const struct group *g, struct slice text)
{
	size_t i = (size_t)slice_hash(text, g->seed) & g->mask;

	while (g->slots[i] && !slice_eq(g->rows[g->slots[i] - 1].text, text))
		i = (i + 1) & g->mask;
	return &g->slots[i];
}

static void
rehash(struct group *g, size_t size)
{
	free(g->slots);
	g->slots = mem_array(size, sizeof *g->slots);
	g->mask = size - 1;
	g->sorted = false;
	for (size_t i = 0; i < g->nrows; i++)
		*find_slot(g, g->rows[i].text) = (uint32_t)i + 1;
}

void
group_add(struct group *g, struct slice text, bool failed)
{
	size_t size = g->mask ? g->mask + 1 : 64;
	struct group_row *row;
	uint32_t *slot;

	if (!g->mask || g->nrows * 2 >= size)
		rehash(g, g->mask ? size * 2 : size);
	else if (g->sorted)
		rehash(g, size);
	slot = find_slot(g, text);
	if (!*slot) {
		mem_reserve(&g->rows, &g->cap, g->nrows + 1, sizeof *g->rows);
		g->rows[g->nrows++] = (struct group_row){
			.text = arena_dup(&g->text, text) };
		*slot = (uint32_t)g->nrows;
	}
	row = &g->rows[*slot - 1];
	row->count++;
	row->failed += failed;
}

static int
row_order(const void *va, const void *vb)
{
	const struct group_row *a = va, *b = vb;
	size_t n = a->text.n < b->text.n ? a->text.n : b->text.n;
	int d;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	d = n ? memcmp(a->text.p, b->text.p, n) : 0;
	return d ? d : (a->text.n > b->text.n) - (a->text.n < b->text.n);
}

size_t
group_rows(struct group *g, const struct group_row **rows)
{
	if (g->nrows)
		qsort(g->rows, g->nrows, sizeof *g->rows, row_order);
	g->sorted = true;
	*rows = g->rows;
	return g->nrows;
}
