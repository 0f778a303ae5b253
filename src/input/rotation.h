/*
 * Rotation: what the name of a log says of the set it belongs to.
 *
 * Programs that rotate logs mark the older ones by a number or a date behind
 * the name, or before its extension, and may compress them after that:
 * mail.log, mail.log.1, mail.log.2.gz; maillog-20261122; mail-20261122.log.
 * Only names are looked at here, never files.
 */
#ifndef EHLOG_INPUT_ROTATION_H
#define EHLOG_INPUT_ROTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum rotation_mark {
	ROTATION_LIVE,           /* no mark: the one that is written to */
	ROTATION_NUMBER,         /* the higher, the older */
	ROTATION_DATE,           /* the higher, the newer */
};

struct rotation {
	struct slice name;       /* without the ending of a compression */
	struct slice base;       /* and up to the mark */
	struct slice ending;     /* behind a date: ".log"; or empty */
	enum rotation_mark mark;
	uint64_t rank;           /* the number, or the date's digits */
};

/*
 * `name` is without folder; the slices point into it.  Files of one folder
 * whose base and ending, one behind the other, are the same are one set.
 */
void rotation_of(struct slice name, struct rotation *out);

/* <0: a is older than b, as far as their marks tell; 0: they do not. */
int rotation_compare(const struct rotation *a, const struct rotation *b);

#endif
