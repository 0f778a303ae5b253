/*
 * The fields of the filter language as the help screen, the man page and the
 * parser know them: a table.
 */
#ifndef EHLOG_QUERY_FIELDS_H
#define EHLOG_QUERY_FIELDS_H

#include <stdbool.h>

struct filter_field {
	const char *name;
	const char *example;
	const char *help;
	bool indexed;            /* the record alone always answers */
};

/* Ended by a NULL name. */
extern const struct filter_field filter_fields[];

#endif
