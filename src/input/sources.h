/*
 * The sources of one run that must be opened once and no more: pipes.  They
 * outlive the stores that show them, so that a log can be read again as
 * another format.  Here too: what was said of unpacking and of the spill.
 */
#ifndef EHLOG_INPUT_SOURCES_H
#define EHLOG_INPUT_SOURCES_H

#include "input/source.h"

struct sources;

/* spill_folder may be NULL.  NULL with words when it cannot be used. */
struct sources *sources_new(uint64_t unpack_limit, const char *spill_folder,
    struct err *err);
/* Behind all stores and indexers. */
void sources_free(struct sources *ss);

/* What to open others with; also of NULL. */
const struct source_options *sources_options(const struct sources *ss);
/*
 * The pipe of that name, "-" for standard input; the first call opens it.
 * NULL with words.
 */
struct source *sources_pipe(struct sources *ss, const char *path,
    struct err *err);
/* Something that went wrong and ended nothing, once; false: nothing did. */
bool sources_trouble(struct sources *ss, struct err *err);

#define STANDARD_INPUT "standard input"

#endif
