/*
 * Whether a log file still begins with what was read of it once: told by its
 * length, by when it was written, and by samples of its text.
 */
#ifndef EHLOG_INDEX_KEEP_LOG_H
#define EHLOG_INDEX_KEEP_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct keep_log {
	uint64_t bytes;          /* of it that were read */
	uint64_t size;           /* it had when this was noted */
	int64_t written, written_ns;     /* and when it was written: seconds,
	                            and their fraction */
	uint64_t sample;         /* the sum over samples of those bytes */
};

/* Up to here all of it is the sample. */
#define KEEP_LOG_WHOLE (256u << 10)

/* Notes the first l->bytes of an open file.  False when it has no more so many. */
bool keep_log_note(struct keep_log *l, int fd);
/*
 * Whether it begins as noted.  A file that is as long as then must have been
 * written when it was then; one that may have grown (`grows`) is longer.
 */
bool keep_log_fits(const struct keep_log *l, int fd, bool grows);

#endif
