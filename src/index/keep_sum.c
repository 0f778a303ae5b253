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

/* Written out, so that the lanes stay in registers. */
static void
add_units(uint64_t lane[KEEP_SUM_LANES], const char *from, size_t units)
{
	uint64_t a = lane[0], b = lane[1], c = lane[2], d = lane[3];
	uint64_t e = lane[4], f = lane[5], g = lane[6], h = lane[7];
	uint64_t word[KEEP_SUM_LANES];

	for (; units; units--, from += sizeof word) {
		memcpy(word, from, sizeof word);
		a = step(a, word[0]);
		b = step(b, word[1]);
		c = step(c, word[2]);
		d = step(d, word[3]);
		e = step(e, word[4]);
		f = step(f, word[5]);
		g = step(g, word[6]);
		h = step(h, word[7]);
	}
	memcpy(lane, (uint64_t [KEEP_SUM_LANES]){ a, b, c, d, e, f, g, h },
	    sizeof word);
}

void
keep_sum_add(struct keep_sum *s, const void *p, size_t n)
{
	size_t whole = n / KEEP_SUM_UNIT, rest = n % KEEP_SUM_UNIT;
	char last[KEEP_SUM_UNIT] = { 0 };

	s->n += n;
	add_units(s->lane, p, whole);
	if (!rest)
		return;
	memcpy(last, (const char *)p + whole * KEEP_SUM_UNIT, rest);
	add_units(s->lane, last, 1);
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
keep_sum_join(uint64_t before, uint64_t next)
{
	return step(before, next);
}

uint64_t
keep_sum_of(const void *p, size_t n)
{
	struct keep_sum s;

	keep_sum_init(&s);
	keep_sum_add(&s, p, n);
	return keep_sum_end(&s);
}
