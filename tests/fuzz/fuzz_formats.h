/*
 * All formats for the targets, those that come with ehlog as files among
 * them: read once, from $EHLOG_DATADIR/formats or where ehlog is installed.
 */
#ifndef EHLOG_TESTS_FUZZ_FORMATS_H
#define EHLOG_TESTS_FUZZ_FORMATS_H

#include <stdlib.h>

#include "query/known.h"

static struct format_set fuzz_set;

static void
fuzz_forget_formats(void)
{
	format_set_free(&fuzz_set);
}

static inline const struct format_set *
fuzz_formats(void)
{
	struct buf mistakes = { 0 };

	if (fuzz_set.n == 0) {
		known_formats(&fuzz_set, false, &mistakes);
		buf_free(&mistakes);
		atexit(fuzz_forget_formats);
	}
	return &fuzz_set;
}

#endif
