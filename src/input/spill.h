/*
 * A spill: a file without a name that takes packed blocks when they shall not
 * lie in memory (--spill=DIR).  It is there while ehlog runs and leaves nothing
 * behind.  Any thread.
 */
#ifndef EHLOG_INPUT_SPILL_H
#define EHLOG_INPUT_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct spill;

/* NULL with words when the folder takes no file. */
struct spill *spill_new(const char *folder, struct err *err);
void spill_free(struct spill *s);

/* *at is where the bytes lie; false: they could not be written. */
bool spill_put(struct spill *s, const void *bytes, size_t n, uint64_t *at);
/* Reads them again; false when they cannot be read. */
bool spill_get(struct spill *s, void *buf, size_t n, uint64_t at);
/* Words about the first write that failed, once; false: none failed. */
bool spill_trouble(struct spill *s, struct err *err);

#endif
