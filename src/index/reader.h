/*
 * A reader fetches text of the log again: lines by number, runs of bytes.
 * One per thread; it keeps blocks it has read in a small cache.  Slices that
 * it returns live until the next call on the same reader.
 */
#ifndef EHLOG_INDEX_READER_H
#define EHLOG_INDEX_READER_H

#include <sys/types.h>

#include "index/store.h"

/* How much of one line is looked at when it is scanned or drawn. */
#define LINE_LOOK_MAX 65536

/* Text is read in blocks of so many bytes, counted from the stream's begin. */
#define READER_BLOCK 65536

struct reader;

struct line_text {
	struct slice text;       /* at most LINE_LOOK_MAX bytes, no line end */
	uint64_t length;         /* of the whole line */
	uint64_t offset;         /* in the stream */
	bool gone;               /* cannot be read any more: text is empty */
	const char *path;        /* the file it lies in */
};

struct reader *reader_new(const struct store *st);
void reader_free(struct reader *r);

/* 0, or -1 with words when the log gives an error. */
int reader_line(struct reader *r, const struct stream *sm, uint32_t line,
    struct line_text *out, struct err *err);

/*
 * Bytes [offset, offset + n) of a stream into buf; returns how many could be
 * read before the end, or -1.  Text that is gone reads as newlines.
 */
ssize_t reader_bytes(struct reader *r, const struct stream *sm,
    uint64_t offset, void *buf, size_t n, struct err *err);

/* Offset at which a published line begins. */
int reader_offset(struct reader *r, const struct stream *sm, uint32_t line,
    uint64_t *offset, struct err *err);

#endif
