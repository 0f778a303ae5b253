/*
 * Gathering: the paths a person named become a list of files.  Folders are
 * walked, each file is taken once, whatever names lead to it.
 */
#ifndef EHLOG_INPUT_GATHER_H
#define EHLOG_INPUT_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct gathered {
	char *path;              /* as it can be opened */
	bool in_folder;          /* found in a folder, not named itself */
	bool missing;            /* named, and not there */
	bool pipe;               /* or "-", standard input: no file */
	bool member;             /* one file of an archive; the rest is the
	                            archive's */
	size_t from;             /* the caller's: which path led to it */
	bool refused;            /* the caller's: looked at, and no log so far */
	off_t size;              /* when it was last looked at */
	dev_t dev;
	ino_t ino;
	size_t next;             /* in its chain: 0, or another's place and 1 */
};

#define GATHER_INPUT "-"

/* One of several paths, behind the gathering of which there was so much. */
struct gather_part {
	size_t files, troubles;
	char *failed;            /* words; NULL: it is there */
};

struct gather {
	struct gathered *file;
	size_t n, cap;
	size_t *chain;           /* by number of the file: the last added and 1,
	                            so that each is found without looking at
	                            all; as many as there is room for files */
	size_t chains;           /* a power of two */
	char **folder;           /* every folder that was walked, once */
	size_t nfolders, folders_cap;
	struct gather_folder {   /* those walked since gather_path() began: a */
		dev_t dev;       /* link may lead back to one of them */
		ino_t ino;
	} *walked;
	size_t nwalked, walked_cap;
	char **trouble;          /* folders that could not be read: words */
	size_t ntroubles, troubles_cap;
	size_t renamed;          /* how often a file was met under another name */
	struct gather_part *part;    /* of gather_paths(), or NULL */
	size_t nparts;
};

/*
 * Adds the files of one path that are not there yet, or a pipe that is named,
 * or standard input (GATHER_INPUT), or a member of an archive
 * (source_member()).  Files of a folder come in the order of their names,
 * numbers in names by value.  A path that is not there is added as missing
 * when `may_come` is set.  0, or -1 with words.
 */
int gather_path(struct gather *g, const char *path, bool may_come,
    struct err *err);
/*
 * The same of several paths, before any of their files is looked at; what each
 * gave is in part[], and the number of the path in `from` of its files.  False,
 * and all is as it was: which files there are depends on what they hold, since
 * one that is refused may be another path's, too.  For an empty *g.
 */
bool gather_paths(struct gather *g, char *const paths[], size_t n,
    bool may_come);
/* Its parts are needed no more. */
void gather_parts_free(struct gather *g);
/* The file of that name, or of another that it has; NULL: it is not there yet. */
const struct gathered *gather_known(const struct gather *g, const char *path);
void gather_free(struct gather *g);

/* Order of names: digits by value, the rest by byte. */
int gather_compare(const char *a, const char *b);

#endif
