/*
 * Comma separated values by RFC 4180, one row at a time, quotes around a field
 * taken off and doubled ones left in it.  The inner loop of indexing: inline.
 *
 * A cursor holds the commas of 64 bytes of the row as a mask, so that fields of
 * any length cost the same few instructions and no branch that depends on them.
 */
#ifndef EHLOG_FORMAT_CSV_H
#define EHLOG_FORMAT_CSV_H

#include "base/mask.h"
#include "base/slice.h"

/* A compiler's own measure leaves them out of line in the one hot place. */
#ifdef __GNUC__
#define CSV_INLINE static inline __attribute__((always_inline))
#else
#define CSV_INLINE static inline
#endif

struct csv_cursor {
	const char *start, *end; /* of the row */
	const char *at;          /* what bit 0 of `commas` stands for */
	uint64_t commas;
};

/* A field, and where the comma behind it stands, or the end of the row. */
struct csv_field {
	struct slice text;
	const char *comma;
};

/*
 * A field in quotes; p is behind the first one.  *doubled is set when quotes
 * stand in it.
 */
struct csv_field csv_cut_quoted(const char *p, const char *end, bool *doubled);

/*
 * The last mask of a row reaches back over bytes that it leaves out; whether it
 * is the last takes no branch.
 */
CSV_INLINE void
csv_look(struct csv_cursor *c)
{
	size_t left = (size_t)(c->end - c->at);
	size_t back = left < MASK_BYTES ? MASK_BYTES - left : 0;

	if (left && c->end - c->start >= MASK_BYTES)
		c->commas = mask_of(c->at - back, ',') >> back;
	else
		c->commas = mask_of_few(c->at, (unsigned)left, ',');
}

/* A cursor at p, a byte of the row or its end. */
static inline struct csv_cursor
csv_begin(struct slice row, const char *p)
{
	struct csv_cursor c = { row.p, row.p + row.n, p, 0 };

	csv_look(&c);
	return c;
}

/* Goes to the next comma and returns where it stands; the end if none does. */
CSV_INLINE const char *
csv_next_comma(struct csv_cursor *c)
{
	const char *comma;

	while (!c->commas) {
		if (c->end - c->at <= MASK_BYTES)
			return c->end;
		c->at += MASK_BYTES;
		csv_look(c);
	}
	comma = c->at + mask_first(c->commas);
	c->commas &= c->commas - 1;
	return comma;
}

/* Cuts the field that begins at p, where the cursor is. */
static inline struct csv_field
csv_cut_field(struct csv_cursor *c, const char *p, bool *doubled)
{
	struct csv_field f;

	if (p < c->end && *p == '"') {
		f = csv_cut_quoted(p + 1, c->end, doubled);
		c->at = f.comma < c->end ? f.comma + 1 : c->end;
		csv_look(c);
		return f;
	}
	f.comma = csv_next_comma(c);
	f.text = (struct slice){ p, (size_t)(f.comma - p) };
	return f;
}

#endif
