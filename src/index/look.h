/*
 * Looking at the heads of files: which format it is, and how it begins.  Of
 * many at once, on both processors: a folder of some thousand files is to be
 * on the screen at once, and each look is independent of the others.
 *
 * It knows nothing of streams, nor of what was asked for on the command line.
 */
#ifndef EHLOG_INDEX_LOOK_H
#define EHLOG_INDEX_LOOK_H

#include "format/set.h"

/* So many bytes are enough for it. */
#define LOOK_HEAD 32768

/* What the head of a file tells. */
struct look_found {
	const struct format *format;
	struct format_state state;       /* to begin with */
	struct format_traits traits;
	int64_t began;           /* its first time; CLOCK_NONE if there is none */
	bool packed;             /* it is compressed, or in an archive */
	uint64_t size;           /* of the file, when it was looked at */
};

/* Finds format and state from the head of a file; words if it is no log. */
enum look_is {
	LOOK_LOG,
	LOOK_EMPTY,
	LOOK_NO_LOG,             /* its content is of no format */
	LOOK_UNREADABLE,
	LOOK_ARCHIVE,            /* it holds files, which may be logs */
};
/*
 * `err` has the words of a refusal, or else says why it is this format.  The
 * clock of its log is `ahead` by so many ms.
 */
enum look_is look_at_file(const char *path, int64_t ahead,
    const struct format_set *set, const struct format *forced,
    struct look_found *found, struct err *err);
/* Of struct format_hint. */
struct look_when {
	int64_t written, ahead;
};

/* The same of bytes that a file of that name begins with. */
enum look_is look_at_head(const char *path, struct slice head,
    struct look_when when, const struct format_set *set, const struct format *forced,
    struct look_found *found, struct err *err);

/* One file of many; what look_at_file() takes and what it says. */
struct look_job {
	const char *path;        /* the caller's */
	int64_t ahead;
	const struct format *forced;
	struct look_found found;
	enum look_is is;
	struct err why;
	bool done;               /* it was looked at */
};

/*
 * Looks at all of them that were not, but for those that are NULL.  Returns when
 * that is done, or when *stop is true (NULL: nobody stops it), which is asked
 * before each; what it says does not depend on which thread looked.
 */
void look_at_many(struct look_job *const *look, size_t n,
    const struct format_set *set, const _Atomic bool *stop);

#endif
