/*
 * What is said of formats: which there are, and whether a file makes one.
 */
#ifndef EHLOG_REPORT_FORMATS_H
#define EHLOG_REPORT_FORMATS_H

#include <stdbool.h>

/* --list-formats, to standard output.  `own`: with those of the user. */
void report_list_formats(bool own);

/*
 * --check-format: reads a format file and scans its samples.  Says what is
 * wrong and where; returns the exit status.
 */
int report_check_format(const char *path);

#endif
