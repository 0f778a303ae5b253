/*
 * The folder of kept indexes: what they are called, who may see them, how much
 * they take together.
 */
#ifndef EHLOG_INDEX_KEEP_CACHE_H
#define EHLOG_INDEX_KEEP_CACHE_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

/*
 * Makes the folder, with those above it, for its owner alone.  -1 with words
 * when that cannot be done or somebody else could write there.
 */
int keep_cache_prepare(const char *folder, struct err *err);

/* The path of an index in it, allocated; `name` is a hash of what it is of. */
char *keep_cache_path(const char *folder, uint64_t name);

/*
 * Throws away those that were not used for longest until `bytes` more fit below
 * `limit`; what is called `path` is about to be replaced and does not count.
 */
void keep_cache_make_room(const char *folder, const char *path, uint64_t limit,
    uint64_t bytes);

/* It was used just now. */
void keep_cache_touch(const char *path);

#endif
