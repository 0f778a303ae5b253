/*
 * Fuzz targets.  Each file defines LLVMFuzzerTestOneInput(): built with
 * clang -fsanitize=fuzzer it looks for trouble, built with replay.c it runs
 * over its corpus in `make check`.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What must always hold; ends the program with the condition. */
#define MUST(condition) \
	((condition) ? (void)0 : fuzz_failed(__FILE__, __LINE__, #condition))

_Noreturn void fuzz_failed(const char *file, int line, const char *condition);

#endif
