/*
 * Folding blanks and hashing in one go, without a copy of the text.
 */
#include "config.h"

#include "smtp/twin.h"

/* Version 4.0 of the IMS cut its entries at about a thousand bytes. */
#define CUT_LENGTH 900
/* A broken line says enough from here on. */
#define BROKEN_LENGTH 12

#define FNV_BASIS UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

static bool
is_blank(unsigned char c)
{
	return ascii_is_blank(c) || c == '\r';
}

/* Folds at most `limit` bytes; *whole tells whether that was all. */
static struct twin
fold(struct slice s, size_t limit, bool *whole)
{
	struct twin t = { .hash = FNV_BASIS };
	bool blank = false;

	*whole = true;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_blank(c)) {
			blank = t.length > 0;
			continue;
		}
		if (t.length + blank >= limit) {
			*whole = false;
			break;
		}
		if (blank)
			t.hash = (t.hash ^ ' ') * FNV_PRIME;
		t.hash = (t.hash ^ c) * FNV_PRIME;
		t.length += 1 + (size_t)blank;
		blank = false;
	}
	return t;
}

struct twin
twin_of(struct slice text)
{
	bool whole;

	return fold(text, SIZE_MAX, &whole);
}

bool
twin_matches(const struct twin *t, struct slice text, bool head)
{
	bool whole;
	struct twin other = fold(text, t->length, &whole);

	if (other.length != t->length || other.hash != t->hash)
		return false;
	return whole || t->length >= CUT_LENGTH ||
	    (head && t->length >= BROKEN_LENGTH);
}
