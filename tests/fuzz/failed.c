/*
 * A fuzz target found something that must not be.
 */
#include "config.h"

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void
fuzz_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, condition);
	abort();
}
