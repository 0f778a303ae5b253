/*
 * A log format: how a line becomes an event, how files make streams, how sure
 * it is of the first lines of a file.  One file per format, one array of all.
 *
 * A scan is a pure function of the line and of a small state that changes
 * rarely (the field order of a CSV, the date form of a locale), so that any
 * line can be scanned again, by any thread, given the state in force there.
 */
#ifndef EHLOG_FORMAT_FORMAT_H
#define EHLOG_FORMAT_FORMAT_H

#include "format/event.h"

#define FORMAT_STATE_MAX 48

/*
 * Opaque to all but the format; compared byte for byte at header lines, so zero
 * it first.  What a format remembers there to be quick must change no result.
 */
struct format_state {
	_Alignas(8) unsigned char bytes[FORMAT_STATE_MAX];
};

struct format_sample;

struct format {
	const char *name;            /* --format=NAME */
	const char *title;           /* for a person */
	const char *origin;          /* which software writes it */
	bool times_are_utc;
	bool times_have_ms;
	bool one_at_a_time;          /* a stream holds one session at a time:
	                                the key of an event is 0 */
	bool bodies_logged;          /* message text stands in the log */

	/*
	 * Scores the head of a file, 0 (not mine) to 100 (certain), and sets
	 * the state to begin with.  `why`, when not NULL, gets a reason.
	 */
	int (*probe)(struct slice head, struct format_state *st,
	    struct err *why);

	/*
	 * Scans the entry at the head of `line` (no line end, one CR dropped).
	 * Returns how many bytes of the line the entry takes: less than line.n
	 * only where a second entry is glued to the first.  May change *st,
	 * and then returns with *st different from before.
	 */
	size_t (*scan)(struct format_state *st, struct slice line,
	    struct event *ev);

	/*
	 * The stream a file belongs to, by its name without folder: files of
	 * one folder with equal keys are one stream, ordered as their names
	 * are.  The slice points into `name`.  Empty: a stream of its own.
	 */
	struct slice (*stream_of)(struct slice name);

	/* Lines with the events they must give; ended by a NULL line. */
	const struct format_sample *samples;
};

struct format_sample {
	const char *line;
	enum event_kind kind;
	enum event_dir dir;
	const char *text;            /* NULL: not looked at */
};

/* All formats, ended by NULL, in the order of detection. */
extern const struct format *const formats[];

const struct format *format_by_name(const char *name);

/*
 * The format with the best score for the head of a file.  NULL when none is
 * sure enough; *why then has words for a person (and names the kind of log
 * where it is one that is known and holds no SMTP sessions).
 */
const struct format *format_detect(struct slice head, struct format_state *st,
    struct err *why);

#endif
