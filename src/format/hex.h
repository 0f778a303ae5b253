/*
 * Sixteen hexadecimal digits to a number, all at once: session ids and queue
 * ids stand in every line of some logs.  Inline; SSE2 where the compiler has it.
 */
#ifndef EHLOG_FORMAT_HEX_H
#define EHLOG_FORMAT_HEX_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined __SSE2__ && defined __x86_64__
#include <emmintrin.h>

/* Bytes that lie in [lo, hi], of those below 0x80. */
static inline __m128i
hex_within(__m128i v, char lo, char hi)
{
	return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8((char)(lo - 1))),
	    _mm_cmplt_epi8(v, _mm_set1_epi8((char)(hi + 1))));
}

/* False when one of them is none. */
static inline bool
hex16(const char *p, uint64_t *out)
{
	const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	const __m128i letters = hex_within(_mm_or_si128(v,
	    _mm_set1_epi8(0x20)), 'a', 'f');
	__m128i n;

	if (_mm_movemask_epi8(_mm_or_si128(letters,
	    hex_within(v, '0', '9'))) != 0xffff)
		return false;
	/* A digit's low nibble, and nine more for a letter. */
	n = _mm_add_epi8(_mm_and_si128(v, _mm_set1_epi8(0x0f)),
	    _mm_and_si128(letters, _mm_set1_epi8(9)));
	/* Of two digits, the first is the high nibble. */
	n = _mm_and_si128(_mm_or_si128(_mm_slli_epi16(n, 4),
	    _mm_srli_epi16(n, 8)), _mm_set1_epi16(0x00ff));
	*out = __builtin_bswap64((uint64_t)_mm_cvtsi128_si64(
	    _mm_packus_epi16(n, n)));
	return true;
}

#else

#define HEX_EACH(b) (UINT64_C(0x0101010101010101) * (b))

/* Bit 7 of each byte that lies in [lo, hi]; all bytes must be below 0x80. */
static inline uint64_t
hex_within(uint64_t v, unsigned lo, unsigned hi)
{
	return (v + HEX_EACH(0x80 - lo)) & ~(v + HEX_EACH(0x7f - hi)) &
	    HEX_EACH(0x80);
}

/*
 * Eight hexadecimal digits at once: a digit's low nibble, and nine more for a
 * letter.  False when one of them is none.
 */
static inline bool
hex8(const char *p, uint64_t *out)
{
	uint64_t v, letters;

	memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	if (v & HEX_EACH(0x80))
		return false;
	letters = hex_within(v | HEX_EACH(0x20), 'a', 'f');
	if ((letters | hex_within(v, '0', '9')) != HEX_EACH(0x80))
		return false;
	v = (v & HEX_EACH(0x0f)) + (letters >> 7) * 9;
	v = (v | v >> 4) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v | v >> 8) & UINT64_C(0x0000ffff0000ffff);
	*out = (v | v >> 16) & UINT64_C(0xffffffff);
	return true;
}

static inline bool
hex16(const char *p, uint64_t *out)
{
	uint64_t high, low;

	if (!hex8(p, &high) || !hex8(p + 8, &low))
		return false;
	*out = high << 32 | low;
	return true;
}

#endif
#endif
