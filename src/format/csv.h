/*
 * Comma separated values by RFC 4180, one row at a time, quotes around a field
 * taken off and doubled ones left in it.  The inner loop of indexing: inline.
 */
#ifndef EHLOG_FORMAT_CSV_H
#define EHLOG_FORMAT_CSV_H

#include "base/slice.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/*
 * A field in quotes; p is behind the first one.  Returns where the comma behind
 * the field stands, or end; *doubled is set when quotes stand in it.
 */
const char *csv_cut_quoted(const char *p, const char *end, struct slice *f,
    bool *doubled);

/*
 * The next comma at or after p, or end.  Fields are short, so a call of
 * memchr() for each costs more than the search: sixteen bytes at a time are
 * looked at in place.  The last load reaches back before p and never past the
 * end; `start` is how far back it may go.
 */
static inline const char *
csv_find_comma(const char *start, const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i comma = _mm_set1_epi8(',');
	unsigned hits;

	for (; end - p >= 16; p += 16) {
		hits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
		    _mm_loadu_si128((const __m128i *)(const void *)p), comma));
		if (hits)
			return p + __builtin_ctz(hits);
	}
	if (p < end && end - start >= 16) {
		hits = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(
		    _mm_loadu_si128((const __m128i *)(const void *)(end - 16)),
		    comma)) >> (16 - (end - p));
		return hits ? p + __builtin_ctz(hits) : end;
	}
#else
	(void)start;
#endif
	while (p < end && *p != ',')
		p++;
	return p;
}

/* Cuts one field at p; returns where its comma stands, or end. */
static inline const char *
csv_cut_field(const char *start, const char *p, const char *end, struct slice *f,
    bool *doubled)
{
	const char *q;

	if (p < end && *p == '"')
		return csv_cut_quoted(p + 1, end, f, doubled);
	q = csv_find_comma(start, p, end);
	*f = (struct slice){ p, (size_t)(q - p) };
	return q;
}

#endif
