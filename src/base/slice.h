/*
 * A slice is a view of bytes that somebody else owns: a line of a log, a part
 * of one, a literal.  It may hold any byte, NUL included, and is not ended by
 * one.  Whoever hands out a slice says how long the bytes behind it live.
 */
#ifndef EHLOG_BASE_SLICE_H
#define EHLOG_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *p;
	size_t n;
};

#define SLICE(literal) ((struct slice){ (literal), sizeof(literal) - 1 })
#define SLICE_NONE     ((struct slice){ NULL, 0 })
/* For printf: the caller answers for the bytes being printable. */
#define SLICE_ARGS(s)  (int)(s).n, (s).p

static inline struct slice
slice_of(const char *s)
{
	return (struct slice){ s, s ? strlen(s) : 0 };
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
slice_starts(struct slice s, struct slice head)
{
	/* Mostly the first byte tells, without a call. */
	return s.n >= head.n && (head.n == 0 || (s.p[0] == head.p[0] &&
	    memcmp(s.p, head.p, head.n) == 0));
}

/* The rest of s from byte n on; empty where s is shorter. */
static inline struct slice
slice_from(struct slice s, size_t n)
{
	if (n > s.n)
		n = s.n;
	return (struct slice){ s.p ? s.p + n : NULL, s.n - n };
}

static inline struct slice
slice_head(struct slice s, size_t n)
{
	if (n < s.n)
		s.n = n;
	return s;
}

static inline unsigned char
ascii_lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static inline bool
ascii_is_digit(unsigned char c)
{
	return (unsigned)c - '0' < 10;
}

static inline bool
ascii_is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

/* ASCII letters compare alike in both cases; other bytes compare as they are. */
bool slice_case_eq(struct slice a, struct slice b);
bool slice_case_starts(struct slice s, struct slice head);

/* Index of the first occurrence, or -1. */
ptrdiff_t slice_find_char(struct slice s, char c);
ptrdiff_t slice_find(struct slice s, struct slice needle);

/* Without blanks, tabs, CR and LF at both ends. */
struct slice slice_trim(struct slice s);

/*
 * Cuts the next word, up to `sep`, off the front of *s, and the separator with
 * it.  False when *s was empty.
 */
bool slice_cut(struct slice *s, char sep, struct slice *word);

/* A decimal number that fills the whole slice; false if not, or on overflow. */
bool slice_to_u64(struct slice s, uint64_t *value);

/*
 * Eight bytes at a time: for tables in memory, never for anything kept, as it
 * depends on the order of bytes in a word.
 */
uint64_t slice_hash(struct slice s, uint64_t seed);

#endif
