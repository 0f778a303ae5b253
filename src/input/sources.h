/*
 * The sources of one run that must be opened once and no more: pipes, and the
 * commands whose output is read.  They outlive the stores that show them, so
 * that a log can be read again as another format.  Here too: what was said of
 * unpacking and of the spill.
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

/*
 * A command and the name of its output, which must be another for each; both
 * are copied.  It is started when its source is asked for.
 */
void sources_add_command(struct sources *ss, const char *command,
    const char *name);
size_t sources_commands(const struct sources *ss);
/* Of command i; the first call starts it.  NULL with words. */
struct source *sources_command(struct sources *ss, size_t i, struct err *err);
/* How command i stands, in words. */
void sources_command_words(const struct sources *ss, size_t i,
    struct err *words);
/* Any thread: whether commands that end are started again from now on. */
void sources_follow(struct sources *ss, bool on);
/*
 * What commands say and become is asked for while they run, from the first on:
 * not only at the end.
 */
void sources_listen(struct sources *ss);
/*
 * Pipes and commands that come later wait where they are far ahead of who reads
 * them, though nobody may: that of no known format, and while reading is paused.
 */
void sources_bound(struct sources *ss);
/*
 * Any thread: what a command says, or becomes of it, each once; false: nothing
 * more.  It need not be trouble; sources_went_wrong() tells whether some was.
 */
bool sources_note(struct sources *ss, struct err *note);
bool sources_has_note(const struct sources *ss);
bool sources_went_wrong(const struct sources *ss);

#define STANDARD_INPUT "standard input"

#endif
