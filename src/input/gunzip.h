/*
 * Unpacking gzip, one member after another, as far as it goes: of a file that
 * was cut, all that can be had is given before the trouble is told.
 */
#ifndef EHLOG_INPUT_GUNZIP_H
#define EHLOG_INPUT_GUNZIP_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/* Reads on: how many bytes, 0 at the end, -1 with words. */
typedef ssize_t (*gunzip_read_fn)(void *arg, void *buf, size_t n,
    struct err *err);

struct gunzip;

struct gunzip *gunzip_new(gunzip_read_fn read, void *arg);
void gunzip_free(struct gunzip *g);
/* How many bytes of text, 0 at the end; -1 with words, all text given. */
ssize_t gunzip_read(struct gunzip *g, void *buf, size_t n, struct err *err);

#endif
