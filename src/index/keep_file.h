/*
 * The file that an index is kept in: a head, then parts, each from the
 * beginning of a page on, with zeros up to the end of its last.  It is written
 * under another name, renamed when it is whole, and never changed after that;
 * so it can be mapped.  This room knows nothing of what the parts hold.
 *
 * The file is for the machine and the ehlog that wrote it.  A reader believes
 * none of it before the sums agree; they tell damage from what was written, and
 * the owner and mode of file and folder tell who may have written it.
 */
#ifndef EHLOG_INDEX_KEEP_FILE_H
#define EHLOG_INDEX_KEEP_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum keep_part {
	KEEP_STATE,              /* what is no table: keep_state.h */
	KEEP_SESSIONS,
	KEEP_SLOTS,
	KEEP_SLOTS_HIGH,
	KEEP_MARKS,
	KEEP_SHARES,
	KEEP_PEERS,              /* texts, as intern.h keeps them */
	KEEP_PARTS
};

/* --- reading ---------------------------------------------------------------- */

struct keep_file {
	int fd;
	const char *map;         /* all of it, for reading */
	size_t size;
	struct slice part[KEEP_PARTS];
};

/*
 * Opens and maps what is kept under that name.  `fits` is what keep_file_write()
 * was given.  False, and nothing to close, when it is not there, does not fit
 * or cannot be trusted; its parts are not looked at yet.
 */
bool keep_file_open(struct keep_file *f, const char *path, uint64_t fits);
/*
 * A part is looked at in pieces, so that several threads can do it: how many
 * there are, none of an empty one.  A piece has KEEP_PIECE bytes but for the
 * last.
 */
#define KEEP_PIECE ((size_t)4 << 20)
size_t keep_file_pieces(const struct keep_file *f, enum keep_part part);
/*
 * The sum of piece i.  False when it cannot be read, when anything but zeros is
 * behind the part's bytes (who goes on in a table that its pages became counts
 * on them), or when `look` (or NULL) does not like what it is shown, which is a
 * multiple of 64 bytes at a time but for the last.  It is read for that: to touch
 * each mapped page costs more, and most are not needed.  Any thread.
 */
bool keep_file_piece(const struct keep_file *f, enum keep_part part, size_t i,
    bool (*look)(void *arg, const void *p, size_t n), void *arg,
    uint64_t *sum);
/* Whether a part is as it was written, by the sums of its pieces. */
bool keep_file_is_whole(const struct keep_file *f, enum keep_part part,
    const uint64_t *sums);
/* Where a part begins in the file. */
uint64_t keep_file_at(const struct keep_file *f, enum keep_part part);
/* The file alone: what was mapped stays until keep_file_unmap(). */
void keep_file_close(struct keep_file *f);
void keep_file_unmap(const char *map, size_t size);

/* --- writing ---------------------------------------------------------------- */

struct keep_writer;

/* A new file in the folder of `path`.  NULL with words. */
struct keep_writer *keep_writer_new(const char *path, struct err *err);
/* What is put from now on belongs to this part; parts in any order, once each. */
void keep_writer_begin(struct keep_writer *w, enum keep_part part);
/* A failure is told by keep_writer_end(). */
void keep_writer_put(struct keep_writer *w, const void *p, size_t n);
/*
 * Gives the file its name and frees the writer.  -1 with words when some of it
 * could not be written: nothing of it is left then.
 */
int keep_writer_end(struct keep_writer *w, uint64_t fits, struct err *err);
/* Gives up: nothing of it is left. */
void keep_writer_drop(struct keep_writer *w);

/* So many bytes at most a file has that are of no part. */
uint64_t keep_file_overhead(void);

/* What stands behind the name of a file that is not whole yet. */
#define KEEP_UNFINISHED ".part"

#endif
