/*
 * The functions of each form: rows of the table in report.c, and of no use to
 * anybody else.  `end` frees what `begin` made, whatever failed between.
 */
#ifndef EHLOG_REPORT_FORMS_H
#define EHLOG_REPORT_FORMS_H

#include <stdint.h>

struct report_options;
struct facts;
struct store;

#define REPORT_FORM(name)                                                   \
	int form_##name##_begin(void **state,                               \
	    const struct report_options *o);                                \
	int form_##name##_row(void *state, const struct report_options *o,  \
	    const struct facts *f);                                         \
	int form_##name##_end(void *state, const struct report_options *o)

REPORT_FORM(table);
REPORT_FORM(csv);
REPORT_FORM(json);
REPORT_FORM(transcript);
REPORT_FORM(summary);

int form_strays_write(const struct report_options *o, const struct store *st,
    uint64_t *rows);

#undef REPORT_FORM

#endif
