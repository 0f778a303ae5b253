/*
 * A log for a test: written to a file of its own, read by the real indexer,
 * its sessions decoded.
 */
#ifndef EHLOG_TESTS_WITH_LOG_H
#define EHLOG_TESTS_WITH_LOG_H

#include "index/facts.h"
#include "index/indexer.h"

struct with_log {
	char dir[256];
	char path[512];          /* of the first file */
	struct store *store;
	struct reader *reader;
	struct facts facts;
	char complaint[1024];    /* the last one */
	const struct source_label *label;    /* what is said of it; or NULL */
};

/* A fresh folder with nothing in it. */
void with_folder(struct with_log *w);
/* Writes a file into it; its path is w->path afterwards. */
void with_file(struct with_log *w, const char *name, const char *text,
    size_t n);
/* Reads the whole folder, or the one path.  False when nothing is there. */
bool with_index(struct with_log *w, const char *path);
/* All three for one log. */
void with_log(struct with_log *w, const char *name, const char *text);
/* Decodes a session into w->facts. */
const struct facts *with_session(struct with_log *w, uint32_t number);
void without_log(struct with_log *w);

#endif
