/*
 * Patterns of a format file with the pieces put in that %{name} stands for,
 * and the way back from a byte of the result to its place in the file.
 */
#ifndef EHLOG_FORMAT_PATTERN_EXPAND_H
#define EHLOG_FORMAT_PATTERN_EXPAND_H

#include "format/pattern_source.h"

/* From `at` on the bytes are those of a row's value from `offset` on. */
struct expanded_part {
	size_t at, offset;
	const struct source_row *row;
};

struct expanded {
	struct buf text;
	struct expanded_part *part;
	size_t n, cap;
};

/*
 * Pieces are the rows of section [define]: `name = PATTERN`, which may hold
 * other pieces.  A name that is not there, or that stands for itself by a
 * circle, is a mistake: -1.  Free *e in either case.
 */
int expand(struct source *s, const struct source_row *row, struct expanded *e);
void expanded_free(struct expanded *e);
/* Where a byte of the result comes from; *at is the offset in its value. */
const struct source_row *expanded_place(const struct expanded *e, size_t byte,
    size_t *at);

#endif
