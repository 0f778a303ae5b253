/*
 * Unpacking: compressed files and archives, told by their content, read from
 * begin to end.  It knows nothing of logs.
 */
#ifndef EHLOG_INPUT_UNPACK_H
#define EHLOG_INPUT_UNPACK_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/slice.h"

/* A form of compression or archive. */
struct unpack_form {
	const char *name;        /* "gzip" */
	size_t at;               /* where its mark is in a file */
	const char *mark;
	size_t n;
	bool archive;            /* it holds files with names */
	bool refused;            /* known, and not read */
};

/* So many bytes of a file tell its form. */
#define UNPACK_HEAD 512

/* What a file is that begins so; NULL: nothing that is unpacked. */
const struct unpack_form *unpack_recognise(struct slice head);

/*
 * Where packed bytes come from: a file that can be read at any place (fd), or
 * what can only be read on (fd is -1).
 */
struct unpack_from {
	int fd;
	ssize_t (*read)(void *arg, void *buf, size_t n, struct err *err);
	void *arg;
};

struct unpack;

/*
 * `name` is for words and must outlive it; so must what `from` has.  NULL with
 * words when this form cannot be read.
 */
struct unpack *unpack_new(const struct unpack_form *form,
    const struct unpack_from *from, const char *name, struct err *err);
void unpack_free(struct unpack *u);

/*
 * The next file in it: 1, and *member is its name, NULL when the whole has
 * none; 0 when there is no further one; -1 with words.
 */
int unpack_next(struct unpack *u, const char **member, struct err *err);
/*
 * Text of that file: how many bytes, 0 at its end, -1 with words, also when it
 * is protected or packed once more.
 */
ssize_t unpack_read(struct unpack *u, void *buf, size_t n, struct err *err);
/* As many of n bytes as there are: fewer at the end or with trouble. */
size_t unpack_fill(struct unpack *u, void *buf, size_t n, struct err *err);

#endif
