/*
 * The dialects of transcripts: how the lines of one tool are read.  A line is
 * offered to all of them in turn; each knows its own marks and nothing of the
 * others.  For transcript.c alone.
 */
#ifndef EHLOG_FORMAT_DIALECT_H
#define EHLOG_FORMAT_DIALECT_H

#include "format/event.h"

/* What the lines without any mark are. */
enum bare_lines {
	BARE_REST,               /* the rest of the entry before */
	BARE_TALK,               /* replies and commands: telnet, s_client,
	                            JavaMail */
	BARE_REPLIES,            /* replies: sendmail -v */
	BARE_IN, BARE_OUT,       /* what a heading before them said was read, or
	                            written (Apple Mail) */
};

/*
 * The state.  Of several sessions in one file only the dialects that name
 * them have keys; the others have one at a time, and key ONE_AT_A_TIME.
 */
struct transcript_state {
	uint8_t bare;            /* enum bare_lines */
};

#define ONE_AT_A_TIME 1u

struct dialect {
	const char *name;
	/*
	 * True when the line is of this dialect: *ev, cleared, has all that it
	 * says.  May change *ts.
	 */
	bool (*take)(struct slice line, struct transcript_state *ts,
	    struct event *ev);
};

/* Ended by a NULL name. */
extern const struct dialect dialects[];

/* --- for the dialects ------------------------------------------------------ */

/* A protocol line of the one session, seen from a client. */
bool dialect_line(struct event *ev, enum event_dir dir, struct slice text);
/* A remark of the tool. */
bool dialect_note(struct event *ev, enum event_kind kind, struct slice text);
/* Whether `head` stands at the head of *s; then *s is what follows. */
bool dialect_skip(struct slice *s, const char *head);
/*
 * "2017-04-24 13:07:50", "2017-04-24T13:07:50.123Z", "2026/07/19 18:01:50",
 * "18:01:50.123456" at the head of *s: *time, and *s becomes what follows.  A
 * time of day alone is skipped and leaves CLOCK_NONE.
 */
bool dialect_stamp(struct slice *s, int64_t *time);

/* A bare line that can only be protocol: a reply, or a verb that is known. */
bool dialect_is_talk(struct slice s);

/* dialect_tools.c, dialect_code.c */
bool dialect_swaks(struct slice, struct transcript_state *, struct event *);
bool dialect_curl(struct slice, struct transcript_state *, struct event *);
bool dialect_msmtp(struct slice, struct transcript_state *, struct event *);
bool dialect_sendmail(struct slice, struct transcript_state *, struct event *);
bool dialect_telnet(struct slice, struct transcript_state *, struct event *);
bool dialect_apple(struct slice, struct transcript_state *, struct event *);
bool dialect_roles(struct slice, struct transcript_state *, struct event *);
bool dialect_phpmailer(struct slice, struct transcript_state *, struct event *);
bool dialect_javamail(struct slice, struct transcript_state *, struct event *);
bool dialect_nodemailer(struct slice, struct transcript_state *,
    struct event *);
bool dialect_aiosmtpd(struct slice, struct transcript_state *, struct event *);
bool dialect_smtplib(struct slice, struct transcript_state *, struct event *);
bool dialect_gomail(struct slice, struct transcript_state *, struct event *);

#endif
