/*
 * The sum over a run of bytes by which damage is noticed, taken as fast as
 * memory is read.  It is no secret and no defence against who means it: it
 * depends on the order of bytes in a word and is for this machine alone.
 */
#ifndef EHLOG_INDEX_KEEP_SUM_H
#define EHLOG_INDEX_KEEP_SUM_H

#include <stddef.h>
#include <stdint.h>

#define KEEP_SUM_LANES 8
/* What is added, but for the last, comes in multiples of so many bytes. */
#define KEEP_SUM_UNIT (KEEP_SUM_LANES * sizeof(uint64_t))

struct keep_sum {
	uint64_t lane[KEEP_SUM_LANES];
	uint64_t n;
};

void keep_sum_init(struct keep_sum *s);
void keep_sum_add(struct keep_sum *s, const void *p, size_t n);
uint64_t keep_sum_end(const struct keep_sum *s);

/*
 * The sum of two pieces whose sums were taken apart; which comes first counts.
 */
uint64_t keep_sum_join(uint64_t before, uint64_t next);

/* Of bytes that lie in one piece. */
uint64_t keep_sum_of(const void *p, size_t n);

#endif
