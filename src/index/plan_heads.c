/*
 * Heads of files for the plan: looked at ahead of it, many at once, whichever
 * path led to them; and what the paths lead to, for who wants to know before.
 * Which files make which streams is not its matter.
 */
#include "config.h"

#include "index/plan.h"

#include <stdlib.h>

#include "base/mem.h"

/* So many are looked at at a time. */
#define HEADS_MAX 512

/* There is room for what each gathered file's head says. */
static void
reserve_heads(struct plan *p)
{
	mem_reserve(&p->head, &p->heads_cap, p->seen.n, sizeof *p->head);
	while (p->nheads < p->seen.n)
		p->head[p->nheads++] = NULL;
}

void
plan_look(struct plan *p, const size_t *at, size_t n,
    const struct format *forced)
{
	struct look_job **look = mem_array(n + 1, sizeof *look);

	reserve_heads(p);
	for (size_t i = 0; i < n; i++) {
		const struct gathered *g = &p->seen.file[at[i]];

		if (!p->head[at[i]]) {
			look[i] = p->head[at[i]] = mem_alloc(sizeof **look);
			*look[i] = (struct look_job){ .path = g->path,
			    .ahead = source_clock_ahead(
			    &plan_label(p, g->from)->clock),
			    .forced = plan_choice(p, g->path, forced) };
		}
	}
	look_at_many(look, n, p->formats, p->stop);
	free(look);
}

/* What is no plain file is passed over. */
void
plan_look_on(struct plan *p, const struct format *forced)
{
	size_t *at = mem_array(HEADS_MAX, sizeof *at), n = 0, i = p->looked;

	for (; i < p->seen.n && i < p->looked + HEADS_MAX; i++) {
		const struct gathered *g = &p->seen.file[i];

		if (!p->begun && !g->member && !g->pipe && !g->missing)
			at[n++] = i;
	}
	plan_look(p, at, n, forced);
	p->heads_seen = i;
	free(at);
}

bool
plan_gather(struct plan *p, char *const paths[], int npaths, bool follow)
{
	return npaths > 0 && (p->seen.part || gather_paths(&p->seen, paths,
	    (size_t)npaths, follow));
}
