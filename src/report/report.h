/*
 * Reports: a selection written to a stream, in one of several forms.  Each
 * form is a row of a table of functions; nothing here knows the terminal.
 *
 * Into a file or a pipe, JSON and CSV are exact and valid UTF-8.  What goes to
 * a terminal goes through text_safe() (`safe`).
 */
#ifndef EHLOG_REPORT_REPORT_H
#define EHLOG_REPORT_REPORT_H

#include <stdio.h>

#include "index/facts.h"
#include "input/sources.h"
#include "query/selection.h"

struct explain_book;

struct report_options {
	FILE *out;
	bool safe;               /* out is a terminal */
	bool at_once;            /* each session is written when it is there */
	bool colour;             /* SGR colours allowed (terminal, no NO_COLOR) */
	bool secrets;            /* show AUTH data */
	bool internals;          /* each line about inner doings */
	unsigned columns;        /* width of the terminal; 0: no limit */
	uint64_t limit;          /* sessions; 0: all */
	const char *source;      /* what is shown, for headings */
	struct explain_book *explain;    /* explain failing replies; or NULL */
	const struct store *store;   /* report_write() sets it */
};

struct report_format {
	const char *name;        /* --print=NAME */
	const char *help;
	bool needs_facts;        /* row gets decoded facts, else only rec */
	bool needs_failures;     /* the same, of sessions with 4xx and 5xx */
	bool streams;            /* a row needs no other session: may be written
	                            while the log grows */
	/* Any of them may be NULL.  0, or -1 when the stream fails. */
	int (*begin)(void **state, const struct report_options *o);
	int (*row)(void *state, const struct report_options *o,
	    const struct facts *f);
	int (*end)(void *state, const struct report_options *o);
	/* Instead of all of these: a report about the logs, not about a
	   selection; *rows counts what it wrote. */
	int (*write)(const struct report_options *o, const struct store *st,
	    uint64_t *rows);
};

/* Ended by a NULL name. */
extern const struct report_format report_formats[];
const struct report_format *report_by_name(const char *name);

/*
 * Writes the selection.  *rows gets how many sessions were written.  -1 with
 * words when writing or reading fails; a closed pipe (EPIPE) is no error and
 * sets *rows to what was written.
 */
int report_write(const struct report_format *rf,
    const struct report_options *o, const struct store *st,
    const struct selection *sel, uint64_t *rows, struct err *err);

/*
 * The same, session by session, for a form that streams.  report_session() is -1
 * when nothing more can be written.  report_close() is as report_write().
 */
struct report_run;
struct report_run *report_open(const struct report_format *rf,
    const struct report_options *o, const struct store *st);
int report_session(struct report_run *r, uint32_t number);
int report_flush(struct report_run *r);
int report_close(struct report_run *r, struct err *err);

/* One session's transcript: `s` in the face, --print=transcript. */
int report_transcript(const struct report_options *o, const struct facts *f);
/* One session as a line of text, as the list shows it: `y` in the face. */
void report_line(struct buf *out, const struct facts *f);

/* --stats: what was read, on `out`; `ss` (or NULL) has the commands. */
void report_stats(FILE *out, const struct store *st, const struct sources *ss);

#endif
