/*
 * Slices: comparing, finding and cutting bytes that belong to somebody else.
 * Knows nothing of what the bytes mean.
 */
#include "config.h"

#include "base/slice.h"

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

ptrdiff_t
slice_find(struct slice s, struct slice needle)
{
	const char *hit;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return -1;
	hit = memmem(s.p, s.n, needle.p, needle.n);
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

uint64_t
slice_hash(struct slice s, uint64_t seed)
{
	/* Seeds differ in a few bits; so do first bytes. */
	uint64_t h = UINT64_C(14695981039346656037) ^
	    seed * UINT64_C(0xd1342543de82ef95);

	for (size_t i = 0; i < s.n; i++) {
		h ^= (unsigned char)s.p[i];
		h *= UINT64_C(1099511628211);
	}
	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ (h >> 29);
}
