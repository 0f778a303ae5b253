/*
 * What the rooms of OpenSMTPD's format share: the state, the keys, how replies
 * and deliveries are told; the words of both forms of the log.  Inline, what
 * nearly each line needs.
 */
#ifndef EHLOG_FORMAT_OPENSMTPD_TELL_H
#define EHLOG_FORMAT_OPENSMTPD_TELL_H

#include "format/opensmtpd_line.h"
#include "format/syslog.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

struct osmtpd_state {
	struct syslog_state syslog;      /* first: by its contract */
	uint64_t fresh[2];               /* keys of the pointers, of smtp and
	                                    mta, that have no digits yet */
};

enum osmtpd_seed {
	OSMTPD_SESSION = 31, OSMTPD_POINTER, OSMTPD_ENVELOPE
};

static inline uint64_t
osmtpd_key(struct slice s, enum osmtpd_seed seed)
{
	return slice_hash(s, seed) | 1;
}

static inline void
osmtpd_report(struct event *ev, unsigned says, enum smtp_verb verb)
{
	ev->kind = EVENT_REPORT;
	ev->says = (uint16_t)(says | SAYS_ECHO);
	ev->verb = (uint8_t)verb;
}

/* The code of a reply, if it is one. */
static inline void
osmtpd_tell_reply(struct slice s, struct event *ev)
{
	struct reply r;

	if (!reply_parse(s, &r))
		return;
	ev->code = r.code;
	ev->enhanced = r.enhanced;
}

/* "Ok", "TempFail", "PermFail", and the reply of the other host. */
void osmtpd_tell_delivery(struct slice result, struct slice stat,
    struct event *ev);

/* Why a connection to another host ended: `BANNER rejected: 421 no`. */
void osmtpd_tell_error(struct slice reason, struct event *ev);

/* Traces on standard error: the digits are those of a pointer just seen. */
static inline void
osmtpd_tie(struct osmtpd_state *os, unsigned which, struct event *ev)
{
	if (!os->fresh[which])
		return;
	ev->also = ev->key;
	ev->key = os->fresh[which];
	ev->flags |= EVENT_ALSO | EVENT_STATE | EVENT_JOINS;
	os->fresh[which] = 0;
}

/* The words of a reply; of a command and the reply that refused it. */
void osmtpd_detail_reply(struct slice s, struct detail *d);
void osmtpd_detail_command(struct slice command, struct slice result,
    const struct event *ev, struct detail *d);

/* `ID smtp failed-command ...`, which opensmtpd.c scans. */
void osmtpd_detail_event(const struct osmtpd_line *l, const struct event *ev,
    struct detail *d);

/* `smtp-in: New session ...`: opensmtpd_old.c.  False: it is none. */
bool osmtpd_scan_old(struct osmtpd_state *os, struct slice text,
    struct event *ev);
/* The line is one that was told of. */
void osmtpd_detail_old(struct slice text, const struct event *ev,
    struct detail *d);

#endif
