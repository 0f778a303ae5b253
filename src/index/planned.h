/*
 * A planned stream: its files in the order of reading, and what it is known by,
 * so that the files of one log find each other: by what the format says of
 * names, by the names of rotated sets, by folder and host.
 *
 * It looks at names and at what heads told, never at files.
 */
#ifndef EHLOG_INDEX_PLANNED_H
#define EHLOG_INDEX_PLANNED_H

#include "index/look.h"
#include "index/stamp.h"
#include "input/source.h"

struct planned_file {
	char *path;
	int64_t began;           /* as in struct look_found */
	bool packed;
	uint64_t size;
	struct source *pipe;     /* it is one; NULL: it is a file */
	bool second;             /* of a second log: index/second.h */
};

/* What is said of a source by the one who opens it. */
struct source_label {
	const char *host;        /* whose log it is; NULL: not named */
	struct source_clock clock;   /* of stamps that may lack a zone */
	const struct zone *shown;    /* in which its times are shown; NULL: as
	                            they are. It outlives who reads */
	bool always_shown;       /* also where the log tells a zone */
};

/* Files that are one stream. */
struct planned_stream {
	const struct format *format;     /* NULL: not known yet (no content) */
	struct format_state state;
	struct format_traits traits;
	char *why;               /* how sure the format is, and by what */
	struct source_label label;
	char *odd;               /* a file of it of which another clock was
	                            said; NULL: there is none */
	char *folder;            /* with the slash; "" for the current one */
	char *key;               /* of struct format's stream_of, or what the
	                            names of a rotated set have in common */
	bool rotated;            /* the latter */
	struct planned_file *file;       /* in the order of reading, those of
	                            a second log behind the others */
	size_t n, cap, seconds;
};

/* How many files it has without those of a second log. */
static inline size_t
planned_firsts(const struct planned_stream *ps)
{
	return ps->n - ps->seconds;
}

/* The two parts of a path; the folder with its slash. */
struct slice planned_folder(const char *path);
struct slice planned_name(const char *path);

/*
 * What a file's stream is known by in its folder: what the format says, or
 * else the name that a rotated set has in common.  To free.
 */
char *planned_key(const struct format *fm, struct slice name, bool *rotated);
/*
 * The key of the log that says first what a log with this key says again, to
 * free; NULL: it is no such log.
 */
char *planned_first_key(const struct format *fm, const char *key);
/*
 * Of n streams the one of a folder, and of a host, that is known by that key;
 * NULL: there is none.
 */
struct planned_stream *planned_find(struct planned_stream *stream, size_t n,
    const struct format *fm, struct slice folder, const char *key,
    const struct source_label *label);

/* Whether they are of one host, as far as that was said. */
bool planned_same_host(const struct source_label *a,
    const struct source_label *b);

/* Notes that another clock was said of a file that has become one of its. */
void planned_check_clock(struct planned_stream *ps, const char *path,
    const struct source_label *label);
/* What its stamps need: their log may tell the zone itself. */
struct source_clock planned_clock(const struct planned_stream *ps);

/* Takes the file over.  One that joins later goes to the end. */
void planned_add(struct planned_stream *ps, struct planned_file file,
    bool later);
/*
 * Of n streams those that are second logs and were found before their first one
 * join it.
 */
void planned_join_seconds(struct planned_stream *stream, size_t *n);
/* How much of their folders they all have in common, up to a slash. */
size_t planned_common(const struct planned_stream *stream, size_t n);
/*
 * Whether what a new name of a followed stream holds was read under another:
 * the log that was written to is moved or copied to a name with a mark, and
 * compressed after that.
 */
bool planned_was_read(const struct planned_stream *ps, const char *path);
/* All but its files. */
void planned_free(struct planned_stream *ps);

#endif
