/*
 * A log file: opening it for reading, its head, telling one file from another.
 * Files are read with pread(2) and never mapped: they may be cut under us.
 */
#ifndef EHLOG_INPUT_FILE_H
#define EHLOG_INPUT_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/slice.h"

/* Which file a name stood for when it was looked at. */
struct file_id {
	dev_t dev;
	ino_t ino;
	uint64_t size;
	int64_t written;         /* when it was last written: ms since 1970 */
};

/* A descriptor, or -1 with words.  *id, when not NULL, tells the file. */
int file_open(const char *path, struct file_id *id, struct err *err);
/* What the name stands for now; false when it is not there. */
bool file_look(const char *path, struct file_id *id);
/* Whether something has the name that is no such file: a folder, a pipe. */
bool file_is_other(const char *path);
/* What a descriptor stands for, whatever it is. */
bool file_size(int fd, struct file_id *id);
bool file_same(const struct file_id *a, const struct file_id *b);

/*
 * Reads up to n bytes at an offset; how many, or -1 with words when none could
 * be read.  *broken (or NULL) is set, with words, when what is behind them
 * cannot be read: fewer bytes than n alone mean the end of the file.
 */
ssize_t file_read(int fd, const char *path, void *buf, size_t n, uint64_t at,
    bool *broken, struct err *err);

/*
 * The first bytes of a file, to know it again: a file that was cut and has
 * grown past its old size differs in them.
 */
#define FILE_SAMPLE 1024
struct file_sample {
	char bytes[FILE_SAMPLE];
	_Atomic size_t n;        /* read first; bytes behind it may be written */
};
void file_take_sample(int fd, struct file_sample *s);
/*
 * Of a file that was shorter than a sample: what it has grown by.  By one thread,
 * while others may compare.
 */
void file_more_sample(int fd, struct file_sample *s);
/* Whether the file still begins with the sample. */
bool file_has_sample(int fd, const struct file_sample *s);

/*
 * A pipe whose ends no program that is started inherits; neither is one of the
 * standard descriptors.  -1 with errno.
 */
int file_pipe(int fd[2]);

/* Lets as many files be open as the system allows. */
void file_raise_limit(void);

#endif
