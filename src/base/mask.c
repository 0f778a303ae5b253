/*
 * Many bytes by the sixty-four: what is worth asking the processor for.
 */
#include "config.h"

#include "base/mask.h"

#if defined __x86_64__ && defined __GNUC__
#define MASK_WIDE __attribute__((target("avx2,bmi")))
#include <immintrin.h>
#endif

/* One or none in 64 bytes takes no branch that depends on which. */
#define FIND_ALL(mask) do { \
	for (size_t i = 0; i < n; i += MASK_BYTES) { \
		uint64_t hits = n - i >= MASK_BYTES ? mask(p + i, c) : \
		    mask_of_few(p + i, (unsigned)(n - i), c); \
\
		at[count] = (uint16_t)(i + \
		    mask_first(hits | UINT64_C(1) << 63)); \
		count += hits != 0; \
		for (hits &= hits - 1; hits; hits &= hits - 1) \
			at[count++] = (uint16_t)(i + mask_first(hits)); \
	} \
} while (0)

size_t
mask_find_all_plain(const char *p, size_t n, char c, uint16_t *at)
{
	size_t count = 0;

	FIND_ALL(mask_of);
	return count;
}

#ifdef MASK_WIDE
static inline MASK_WIDE uint64_t
mask_of_wide(const char *p, char c)
{
	const __m256i want = _mm256_set1_epi8(c);
	const __m256i *v = (const __m256i *)(const void *)p;

	return (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(
	    _mm256_loadu_si256(v), want)) |
	    (uint64_t)(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(
	    _mm256_loadu_si256(v + 1), want)) << 32;
}

static MASK_WIDE size_t
find_all_wide(const char *p, size_t n, char c, uint16_t *at)
{
	size_t count = 0;

	FIND_ALL(mask_of_wide);
	return count;
}
#endif

size_t
mask_find_all(const char *p, size_t n, char c, uint16_t *at)
{
#ifdef MASK_WIDE
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
		return find_all_wide(p, n, c, at);
#endif
	return mask_find_all_plain(p, n, c, at);
}
