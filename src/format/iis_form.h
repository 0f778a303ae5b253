/*
 * Rows of the three forms in which IIS writes its logs, cut into columns.  It
 * knows nothing of SMTP but where a command and its argument stand.
 */
#ifndef EHLOG_FORMAT_IIS_FORM_H
#define EHLOG_FORMAT_IIS_FORM_H

#include "format/format.h"

enum iis_field {
	IIS_DATE, IIS_TIME, IIS_PEER, IIS_USER, IIS_SITE, IIS_LOCAL, IIS_METHOD,
	IIS_STEM, IIS_QUERY, IIS_STATUS,
	IIS_FIELDS,
	IIS_OTHER = IIS_FIELDS       /* a column we have no use for */
};

struct iis_row {
	int64_t time;                /* CLOCK_NONE: the row has none */
	uint16_t flags;              /* how text is written (enum event_flag) */
	struct slice text;           /* the command: verb to argument */
	struct slice field[IIS_FIELDS + 1];  /* p == NULL: no such column */
};

/* Takes in a header line: #Fields:, #Date:. */
void iis_header(struct format_state *st, struct slice line);

/* False when the line is no row of any of the three forms. */
bool iis_cut(struct format_state *st, struct slice line, struct iis_row *r);

/*
 * For a probe: the order of dates and what kind of times there are.  True when
 * there is a header that names the columns of a service of IIS.
 */
bool iis_begin(struct format_state *st, struct slice head,
    struct format_traits *traits);
/* The state as it is before the first line, but for what iis_begin() found. */
void iis_rewind(struct format_state *st);
/* Of struct format. */
bool iis_state_is_sound(const struct format_state *st);

#endif
