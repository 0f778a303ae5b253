/*
 * A source: one place bytes come from, to be read at any offset.  A plain file
 * is read with pread(2); what cannot be read twice (compressed files, pipes)
 * lies in a pack, which its feed goes on filling.  Nobody else needs to know
 * which of them it is.
 */
#ifndef EHLOG_INPUT_SOURCE_H
#define EHLOG_INPUT_SOURCE_H

#include "input/feed.h"
#include "input/file.h"

struct source_options {
	uint64_t unpack_limit;   /* of struct feed_from; 0: the usual */
	struct spill *spill;     /* or NULL; outlives the sources */
	bool heard;              /* of commands; of struct feed_from */
	bool bounded;            /* pipes and commands: pack_bound() */
};

struct source {
	int fd;                  /* of a plain file; -1: it is a pack */
	struct pack *pack;
	struct feed *feed;       /* NULL when it is over */
	char *path;
	struct file_id id;       /* of the file or pipe itself, when opened */
	struct file_sample sample;   /* of a file: its head, to know it again */
};

/*
 * Opens a file, a compressed one, or a member of an archive (its name behind
 * the archive's and a colon).  NULL with words.
 */
struct source *source_open(const char *path, const struct source_options *o,
    struct err *err);
/* A pipe, from a descriptor that is the source's from now on. */
struct source *source_pipe(const char *name, int fd,
    const struct source_options *o, struct err *err);
/* What a command writes, run by the source; as struct feed_from says. */
struct source *source_command(const char *name, const char *command,
    struct account *account, const _Atomic bool *again,
    const struct source_options *o, struct err *err);
/* Tells its feed to end and does not wait. */
void source_cancel(struct source *s);
/* Ends its feed; what came can still be read. */
void source_stop(struct source *s);
void source_close(struct source *s);

/* Reading a pack; *c is made when it is needed. */
ssize_t source_read_pack(struct source *s, struct pack_cache **c, void *buf,
    size_t n, uint64_t at, bool *broken, struct err *err);

/* As file_read() says; *c belongs to the reader and begins as NULL. */
static inline ssize_t
source_read(struct source *s, struct pack_cache **c, const char *path,
    void *buf, size_t n, uint64_t at, bool *broken, struct err *err)
{
	return s->fd >= 0 ? file_read(s->fd, path, buf, n, at, broken, err) :
	    source_read_pack(s, c, buf, n, at, broken, err);
}

/* Whether there may be more than can be read now, by itself. */
static inline bool
source_goes_on(const struct source *s)
{
	return s->pack && !pack_is_over(s->pack);
}

/*
 * The name behind an archive's and a colon, in a path that is no file itself;
 * NULL where no file stands before a colon.
 */
const char *source_member(const char *path);

/*
 * The first bytes of a file's text, for a look at it: how many, or -1 with
 * words; n is at least UNPACK_HEAD.  *archive: it is one, and holds files:
 * source_members().  *packed: it is compressed or in an archive.
 */
ssize_t source_head(const char *path, void *buf, size_t n,
    struct file_id *id, bool *packed, bool *archive, struct err *err);

/*
 * Shows the path and the first bytes of each file in an archive; `why` has
 * words where it cannot be read.  -1 with words when the rest of the archive
 * cannot be had.
 */
int source_members(const char *path, void *buf, size_t n,
    void (*show)(void *arg, const char *path, size_t n,
    const struct err *why), void *arg, struct err *err);

#endif
