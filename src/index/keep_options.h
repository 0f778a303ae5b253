/*
 * Where indexes are kept on disk, and how much of them.
 */
#ifndef EHLOG_INDEX_KEEP_OPTIONS_H
#define EHLOG_INDEX_KEEP_OPTIONS_H

#include <stdint.h>

struct keep_options {
	char *folder;
	uint64_t limit;          /* bytes of all in the folder */
};

#endif
