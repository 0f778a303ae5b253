/*
 * What can be read before the plan is made: of thousands of files, the head of
 * each of which must be looked at, the first file of the first stream, where
 * names and a few heads leave no doubt which that is and what its stream is
 * called.  What it says is what the plan will say.
 */
#ifndef EHLOG_INDEX_EARLY_H
#define EHLOG_INDEX_EARLY_H

#include "index/plan.h"

struct early {
	struct plan plan;        /* of that stream alone, with those files of
	                            it that tell where it begins */
	struct planned_stream stream;
	uint64_t size;           /* of the first, when it was looked at */
	bool packed;
};

/*
 * Gathers the files of the paths that are opened, which plan_paths() then need
 * not do, and decides.  False: the plan must be made first.  With true, *e
 * refers to what *p has, and to itself; early_free() it before *p.
 */
bool early_look(struct early *e, struct plan *p, char *const paths[],
    int npaths, const struct format *forced, bool follow);
void early_free(struct early *e);

#endif
