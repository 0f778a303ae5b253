/*
 * Bytes by the sixty-four: which of them are a given one, as a mask.  What is
 * looked for in every line of a log (line ends, separators) is found so without
 * a call or a branch for each byte.  Mostly inline; SSE2 where the compiler has it.
 */
#ifndef EHLOG_BASE_MASK_H
#define EHLOG_BASE_MASK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define MASK_BYTES 64

/* Bit i is set where p[i] is c; p has 64 bytes. */
static inline uint64_t
mask_of(const char *p, char c)
{
#ifdef __SSE2__
	const __m128i want = _mm_set1_epi8(c);
	const __m128i *v = (const __m128i *)(const void *)p;
#define MASK_PART(i) ((uint64_t)(unsigned)_mm_movemask_epi8( \
	_mm_cmpeq_epi8(_mm_loadu_si128(v + (i)), want)) << 16 * (i))

	return MASK_PART(0) | MASK_PART(1) | MASK_PART(2) | MASK_PART(3);
#undef MASK_PART
#else
	uint64_t hits = 0;

	for (unsigned i = 0; i < MASK_BYTES; i++)
		hits |= (uint64_t)(p[i] == c) << i;
	return hits;
#endif
}

/* The same for the n < 64 bytes that there are. */
static inline uint64_t
mask_of_few(const char *p, unsigned n, char c)
{
	uint64_t hits = 0;

	for (unsigned i = 0; i < n; i++)
		hits |= (uint64_t)(p[i] == c) << i;
	return hits;
}

static inline unsigned
mask_first(uint64_t hits)
{
	return (unsigned)__builtin_ctzll(hits);
}

/* Where one of three bytes first stands in n; n where none does. */
static inline size_t
mask_find_first(const char *p, size_t n, char a, char b, char c)
{
	size_t i = 0;
#ifdef __SSE2__
	const __m128i va = _mm_set1_epi8(a), vb = _mm_set1_epi8(b),
	    vc = _mm_set1_epi8(c);

	for (; n - i >= 16; i += 16) {
		const __m128i v = _mm_loadu_si128(
		    (const __m128i *)(const void *)(p + i));
		unsigned hits = (unsigned)_mm_movemask_epi8(_mm_or_si128(
		    _mm_or_si128(_mm_cmpeq_epi8(v, va),
		    _mm_cmpeq_epi8(v, vb)), _mm_cmpeq_epi8(v, vc)));

		if (hits)
			return i + mask_first(hits);
	}
#endif
	while (i < n && p[i] != a && p[i] != b && p[i] != c)
		i++;
	return i;
}

/*
 * Where c stands in n <= 65536 bytes: fills `at`, which has room for n, and
 * returns how often.  With the widest vectors that the processor has, or
 * (plain) that the compiler takes for granted.
 */
size_t mask_find_all(const char *p, size_t n, char c, uint16_t *at);
size_t mask_find_all_plain(const char *p, size_t n, char c, uint16_t *at);

#endif
