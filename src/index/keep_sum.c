/*
 * Eight lanes side by side, so that no word waits for the one before.  Each
 * step of a lane can be undone, so that one changed word changes the sum.
 */
#include "config.h"

#include "index/keep_sum.h"

#include <string.h>

#define FACTOR UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t
step(uint64_t lane, uint64_t word)
{
	lane = (lane ^ word) * FACTOR;
	return lane << 29 | lane >> 35;
}

void
keep_sum_init(struct keep_sum *s)
{
	*s = (struct keep_sum){ .n = 0 };
	for (unsigned i = 0; i < KEEP_SUM_LANES; i++)
		s->lane[i] = (i + 1) * FACTOR;
}

void
keep_sum_add(struct keep_sum *s, const void *p, size_t n)
{
	const char *from = p;
	uint64_t lane[KEEP_SUM_LANES], word[KEEP_SUM_LANES];

	s->n += n;
	memcpy(lane, s->lane, sizeof lane);
	for (; n; n -= n < sizeof word ? n : sizeof word) {
		if (n < sizeof word)
			memset(word, 0, sizeof word);
		memcpy(word, from, n < sizeof word ? n : sizeof word);
		from += n < sizeof word ? n : sizeof word;
		for (unsigned i = 0; i < KEEP_SUM_LANES; i++)
			lane[i] = step(lane[i], word[i]);
	}
	memcpy(s->lane, lane, sizeof lane);
}

uint64_t
keep_sum_end(const struct keep_sum *s)
{
	uint64_t sum = s->n * FACTOR;

	for (unsigned i = 0; i < KEEP_SUM_LANES; i++)
		sum = step(sum, s->lane[i]);
	return sum ^ sum >> 32;
}

uint64_t
keep_sum_of(const void *p, size_t n)
{
	struct keep_sum s;

	keep_sum_init(&s);
	keep_sum_add(&s, p, n);
	return keep_sum_end(&s);
}
