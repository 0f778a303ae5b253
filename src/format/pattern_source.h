/*
 * The text of a format file: its settings, each with its place, so that a
 * mistake can be shown where it stands.  Knows nothing of what they mean.
 */
#ifndef EHLOG_FORMAT_PATTERN_SOURCE_H
#define EHLOG_FORMAT_PATTERN_SOURCE_H

#include "base/mem.h"
#include "base/slice.h"

/* One `key = value`. */
struct source_row {
	char *section;           /* "rule greeting" */
	uint32_t section_nth;    /* sections of one name are told apart */
	uint32_t section_line;
	char *key;
	struct slice value;      /* in the text, without blanks at both ends */
	struct slice whole;      /* all behind the blank that follows the = */
	uint32_t line;
	size_t column;           /* of value, from 0 */
};

struct source {
	char *path;
	struct buf text;
	struct source_row *row;
	size_t n, cap;
	struct buf *mistakes;    /* lines for a person */
	unsigned wrong;          /* how many mistakes there are */
};

/*
 * Reads a file.  What cannot be read, or is neither [section] nor key =
 * value, becomes a mistake.  Free the source in either case.
 */
int source_read(struct source *s, const char *path, struct buf *mistakes);
void source_free(struct source *s);

/*
 * Notes a mistake: FILE:LINE: words, the line itself, and a caret below
 * `column` of it (SIZE_MAX: none).  Returns -1.
 */
int source_mistake(struct source *s, uint32_t line, size_t column,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The same at a row's value, `at` bytes into it. */
#define source_row_mistake(s, row, at, ...) \
	source_mistake(s, (row)->line, (row)->column + (at), __VA_ARGS__)

#endif
