/*
 * Slices: comparing, finding and cutting bytes that belong to somebody else.
 * Knows nothing of what the bytes mean.
 */
#include "config.h"

#include "base/slice.h"

#include "base/mask.h"

bool
slice_case_eq(struct slice a, struct slice b)
{
	return a.n == b.n && slice_case_starts(a, b);
}

bool
slice_case_starts(struct slice s, struct slice head)
{
	if (s.n < head.n)
		return false;
	for (size_t i = 0; i < head.n; i++)
		if (ascii_lower((unsigned char)s.p[i]) !=
		    ascii_lower((unsigned char)head.p[i]))
			return false;
	return true;
}

ptrdiff_t
slice_find_char(struct slice s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

	return hit ? hit - s.p : -1;
}

/* Needles up to this length are looked for by their first and last bytes. */
#define NEEDLE_SHORT 32

/* In fewer places than a mask has. */
static const char *
find_near(struct slice s, struct slice needle)
{
	const char *p = s.p, *end = s.p + (s.n - needle.n) + 1;

	while ((p = memchr(p, needle.p[0], (size_t)(end - p)))) {
		if (memcmp(p, needle.p, needle.n) == 0)
			return p;
		if (++p == end)
			return NULL;
	}
	return NULL;
}

/*
 * Sixty-four places at a time: where the first byte and the last one stand as
 * they should, the rest is compared.  In short texts memmem() takes longer to
 * get ready.
 */
static const char *
find_short(struct slice s, struct slice needle)
{
	size_t places = s.n - needle.n + 1, last = needle.n - 1, at = 0;

	if (places < MASK_BYTES)
		return find_near(s, needle);
	for (;;) {
		const char *p = s.p + at;
		uint64_t hits = mask_of(p, needle.p[0]) &
		    mask_of(p + last, needle.p[last]);

		for (; hits; hits &= hits - 1) {
			const char *hit = p + mask_first(hits);

			if (memcmp(hit, needle.p, needle.n) == 0)
				return hit;
		}
		if (at == places - MASK_BYTES)
			return NULL;
		/* The last ones are looked at together with some before. */
		at = at + 2 * MASK_BYTES <= places ? at + MASK_BYTES :
		    places - MASK_BYTES;
	}
}

ptrdiff_t
slice_find(struct slice s, struct slice needle)
{
	const char *hit;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return -1;
	hit = needle.n <= NEEDLE_SHORT ? find_short(s, needle) :
	    memmem(s.p, s.n, needle.p, needle.n);
	return hit ? hit - s.p : -1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice
slice_trim(struct slice s)
{
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

bool
slice_cut(struct slice *s, char sep, struct slice *word)
{
	ptrdiff_t at;

	if (s->n == 0)
		return false;
	at = slice_find_char(*s, sep);
	if (at < 0) {
		*word = *s;
		*s = slice_from(*s, s->n);
	} else {
		*word = slice_head(*s, (size_t)at);
		*s = slice_from(*s, (size_t)at + 1);
	}
	return true;
}

bool
slice_to_u64(struct slice s, uint64_t *value)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned)(unsigned char)s.p[i] - '0';

		if (d > 9 || v > (UINT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*value = v;
	return true;
}

static inline uint64_t
load64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static inline uint64_t
load32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* One to one in h and in v, so that what differs in one word stays apart. */
static inline uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

uint64_t
slice_hash(struct slice s, uint64_t seed)
{
	/* Seeds differ in a few bits; so do lengths. */
	uint64_t h = mix(seed * UINT64_C(0xd1342543de82ef95), s.n);
	const char *p = s.p;

	if (s.n >= 8) {
		const char *last = p + (s.n - 8);

		for (; p < last; p += 8)
			h = mix(h, load64(p));
		h = mix(h, load64(last));
	} else if (s.n >= 4) {
		h = mix(h, load32(p) |
		    load32(p + (s.n - 4)) << 32);
	} else if (s.n) {
		h = mix(h, (uint64_t)(unsigned char)p[0] |
		    (uint64_t)(unsigned char)p[s.n / 2] << 8 |
		    (uint64_t)(unsigned char)p[s.n - 1] << 16);
	}
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 29;
}
