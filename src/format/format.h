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
struct format;

/* What is known of a file beside its head. */
struct format_hint {
	int64_t written;         /* when the file was last written: ms, UTC; or
	                            CLOCK_NONE */
	int64_t ahead;           /* so many ms the log's clock was ahead of what
	                            is right; 0 or more */
	struct slice name;       /* without folder */
};

/* What differs from file to file within a format; set by its probe. */
struct format_traits {
	bool times_are_utc;      /* else the wall clock of the server */
	bool times_have_ms;
};

/*
 * The words of a REPORT, as facts_decode() needs them.  Slices point into the
 * line or to constants; p == NULL is what the entry does not tell.
 */
struct detail {
	struct slice helo, user, server;
	struct slice tls, cipher;    /* shown with a blank between */
	struct slice queue;      /* the id of the message this is about */
	struct slice next_queue; /* the id that it got behind a content filter */
	struct slice message_id;
	struct slice from, to;
	struct slice more_to;    /* further recipients, with blanks between */
	struct slice paths;      /* further ones, as `<a@b>,<c@d>` */
	struct slice command;    /* the command a reply answers, as far as told */
	struct slice reply;      /* text of the reply or the reason, no codes */
	uint64_t size;           /* octets, with has_size */
	bool has_size;
	bool delivery;           /* `to` and the reply are of a delivery onwards,
	                            not of the session that brought it in */
	bool folded;             /* further lines of the reply follow in it with
	                            blanks between, each with its codes */
	bool final;              /* the reply decides over the whole message,
	                            of which `to` is one recipient */
	int32_t port;            /* of the peer; 0: not told */
	uint32_t commands;       /* how many there were in the session; 0: not
	                            told */
};

struct format {
	const char *name;            /* --format=NAME */
	const char *title;           /* for a person */
	const char *origin;          /* which software writes it */
	struct format_traits traits;
	bool one_at_a_time;          /* a stream holds one session at a time:
	                                the key of an event is 0 */
	bool bodies_logged;      /* message text stands in the log */
	bool sent_bodies_logged; /* also that of sessions in which this host is
	                            the client */
	bool guessed;                /* which session a line is of is a guess */
	bool keep_cr;                /* a CR before a line end means something */
	bool whole_replies;          /* a reply is one entry, though it may begin
	                                with NNN-: no further lines come */
	int64_t idle;                /* ms: an entry so much later than the one
	                                before begins another session; 0: no */
	bool quits;                  /* no entry says that a connection is over:
	                                the reply to QUIT, or 421, ends it */
	bool lingers;                /* entries of a connection may come behind
	                                the one that says it is closed */
	const void *data;            /* of formats that come from a file */
	uint64_t definition;         /* of those: a hash of what the file says */

	/*
	 * Scores the head of a file, 0 (not mine) to 100 (certain), and sets
	 * the state to begin with.  *traits comes as the format's own and may
	 * be changed.  `why`, when not NULL, gets a reason.
	 */
	int (*probe)(const struct format *fm, struct slice head,
	    const struct format_hint *hint, struct format_state *st,
	    struct format_traits *traits, struct err *why);

	/*
	 * Scans the entry at the head of `line` (no line end, one CR dropped).
	 * Returns how many bytes of the line the entry takes: less than line.n
	 * only where a second entry is glued to the first.  May change *st,
	 * and then gives a META or sets EVENT_STATE.
	 */
	size_t (*scan)(const struct format *fm, struct format_state *st,
	    struct slice line, struct event *ev);

	/*
	 * Whether scan() may be given a state that was read from a file: it
	 * trusts what is in one.  NULL: any bytes will do.
	 */
	bool (*state_is_sound)(const struct format_state *st);

	/*
	 * The words of an entry that scan() called a REPORT: `ev` is what it
	 * said of `line`.  *d comes zeroed.  NULL where no scan gives reports.
	 */
	void (*detail)(const struct format *fm, const struct format_state *st,
	    struct slice line, const struct event *ev, struct detail *d);

	/*
	 * The stream a file belongs to, by its name without folder and
	 * without the ending of a compression: files of one folder with equal
	 * keys are one stream, ordered as their names are.  The slice points
	 * into `name`.  Empty, and where this is NULL: a rotated set is one
	 * stream (input/rotation.h), ordered by the times its files begin with.
	 */
	struct slice (*stream_of)(const struct format *fm, struct slice name);

	/*
	 * Words in the names of two logs of one server, the second of which
	 * says part of what the first one says once more, in the same bytes,
	 * and may add to it.  NULL: there is no such thing.
	 */
	const char *first_log, *second_log;

	/* Lines with the events they must give; ended by a NULL line. */
	const struct format_sample *samples;
};

struct format_sample {
	const char *line;
	enum event_kind kind;
	enum event_dir dir;
	const char *text;            /* NULL: not looked at */
};

/* The built-in formats, ended by NULL, in the order of detection (set.h). */
extern const struct format *const formats[];

/* Among the built-in formats alone: format_set_find(), format_set_detect(). */
const struct format *format_by_name(const char *name);
const struct format *format_detect(struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why);

#endif
