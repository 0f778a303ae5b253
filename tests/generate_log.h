/*
 * Logs that the generator can write: what was asked for, the file that bytes
 * go to, and the functions of a format.
 */
#ifndef GENERATE_LOG_H
#define GENERATE_LOG_H

#include "generate_session.h"

struct options {
	const struct log_kind *kind;
	uint64_t sessions;       /* how many to begin */
	uint32_t open;           /* how many at any time */
	uint64_t seed;
	bool send;               /* csv: a Send log */
	uint64_t rotate;         /* csv: bytes for a file; 0: one file */
	uint32_t rate;           /* lines a second; 0: as fast as can be */
	uint32_t pause;          /* ms from one session of a place to the next,
	                            beside the few there are: how busy the
	                            server was */
	bool start_cut, end_cut; /* the log begins, ends amid sessions */
	bool bom, reorder, zero_ids, lost_stars, blank_lines;
	bool plain;              /* only sessions that end well */
	bool folder;             /* exim: a main log and a reject log in it */
	bool glue;               /* ims: entries that share a line */
	bool raw;                /* ims: level Maximum, with IO: lines */
	char date;               /* ims: u(s), k (uk), d(e), i(so) */
	bool clocked;            /* the log is of a clock that shows so many ms */
	int64_t clock;           /* more than UTC does, as the truth knows */
	const char *truth;
	const char *output;
};

/* A file under construction. */
struct log_file {
	int fd;
	struct text pending;
	uint64_t bytes;          /* of the present file */
	uint32_t line;           /* lines of the stream so far */
	const struct options *options;
	int64_t next_at;         /* rate: when the next line may go, in ns */
};

void log_open(struct log_file *f, const char *path, const struct options *o);
/* Ends the line that pending ends in. */
void log_end_line(struct log_file *f);
void log_close(struct log_file *f);

/* For a kind whose state is the file and nothing more: its open and close. */
void *log_new(const struct options *o);
void log_free(void *state);
/* The text of an entry ends the line: it stands there. */
void log_end_entry(struct log_file *f, struct session *s, struct entry *e);

struct log_kind {
	const char *name;
	bool lf;                 /* lines end in LF alone */
	bool one_at_a_time;      /* each slot has one session after the other */
	bool utc, ms;            /* for the truth: what times are */
	bool keyed;              /* lines have a key of 16 digits */
	bool names_peer;         /* lines name the peer, and have no such key */
	bool decimal, timeless, endless;
	bool late_peer;          /* inbound, the reply to HELO names it first */
	bool zoned;              /* times have ms and a zone: --date=iso */
	bool uuids;              /* keys are written as such */
	/* The truth of a session in a log that tells in words, as JSON. */
	void (*row)(const struct session *s, struct text *row);
	void *(*open)(const struct options *o);
	/* Writes the script of a session that begins at s->start. */
	void (*make)(void *state, struct session *s);
	/*
	 * Writes entry `at`, whose time is set, and sets its line; only
	 * `visible` ones reach the log.
	 */
	void (*write)(void *state, struct session *s, size_t at, bool visible);
	/* Name of the file a session is in; NULL when there is one stream. */
	const char *(*file)(void *state, const struct session *s);
	/* Half of the sessions are through. */
	void (*half_way)(void *state);
	void (*close)(void *state);
};

extern const struct log_kind log_communigate, log_courier, log_csv, log_domino,
    log_exim, log_exim_debug, log_exim_default, log_halon, log_haraka,
    log_hmailserver, log_iis, log_ims, log_kerio, log_kumomta, log_mailenable,
    log_mdaemon, log_opensmtpd, log_opensmtpd_report, log_postal, log_postfix,
    log_postfix_verbose, log_qmail, log_sendmail, log_sendmail_x,
    log_smartermail, log_stalwart, log_transcript;

#endif
