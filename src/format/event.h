/*
 * An event: what a format says of one entry of a log.
 *
 * A format turns a line into an event and knows nothing of sessions.  It says
 * what the log says: when, which session key, which way the bytes went, the
 * protocol text.  Whether that text is a command, a reply or part of a
 * message is for the dialogue (smtp/dialogue.h) to find out.
 *
 * All slices point into the scanned line and live as long as it does.
 */
#ifndef EHLOG_FORMAT_EVENT_H
#define EHLOG_FORMAT_EVENT_H

#include "base/clock.h"
#include "base/slice.h"

enum event_kind {
	EVENT_FOREIGN,   /* a line this format does not know: counted, listed */
	EVENT_META,      /* header, comment, blank: belongs to no session */
	EVENT_OPEN,      /* the connection stands */
	EVENT_ATTEMPT,   /* before it stands: trying to connect */
	EVENT_CLOSE,     /* the connection is over */
	EVENT_LINE,      /* a protocol line */
	EVENT_RAW,       /* raw twin of protocol lines (IMS: IO:) */
	EVENT_MORE,      /* belongs to the entry before it in the stream */
	EVENT_NOTE,      /* the server's own remark about the session */
	EVENT_USER,      /* a note: `text` is the authenticated user */
	EVENT_TLS,       /* a note: TLS stands, `text` says how */
};

/* Seen from the host that writes the log. */
enum event_dir {
	DIR_NONE,        /* no direction, or the log lost it */
	DIR_IN,          /* received by this host */
	DIR_OUT,         /* sent by this host */
};

enum event_side {
	SIDE_UNKNOWN,    /* the dialogue finds out by who sends reply codes */
	SIDE_SERVER,     /* this host is the server: an inbound session */
	SIDE_CLIENT,     /* this host is the client: an outbound session */
};

enum event_flag {
	EVENT_QUOTED = 1,    /* text holds doubled quotes (CSV): event_text() */
	EVENT_LOST = 2,      /* CLOSE: reset, timed out, failed to connect */
	EVENT_REMOTE = 4,    /* CLOSE: the peer did it */
	EVENT_ALIAS = 8,     /* key_before may know this session by now */
	EVENT_FIRST = 16,    /* the log counts this as a session's first line */
};

struct event {
	enum event_kind kind;
	enum event_dir dir;
	enum event_side side;
	unsigned flags;
	int64_t time;            /* ms, CLOCK_NONE where the line has none */
	uint64_t key;            /* equal keys: same session; 0: the stream's
	                            one current session */
	uint64_t key_before;     /* with EVENT_ALIAS: the key it had so far */
	struct slice id;         /* the key as the log writes it */
	struct slice text;       /* protocol text, or the words of a note */
	struct slice context;    /* further words of a note */
	struct slice peer;       /* the other end as written: host[:port] */
	struct slice local;      /* this end */
};

_Static_assert(sizeof(struct event) == 120, "event_clear() knows all fields");

/*
 * An event to begin with: FOREIGN, without a time.  Once for each line, and a
 * compiler makes something slower of an assignment of the whole.
 */
static inline void
event_clear(struct event *ev)
{
	ev->kind = EVENT_FOREIGN;
	ev->dir = DIR_NONE;
	ev->side = SIDE_UNKNOWN;
	ev->flags = 0;
	ev->time = CLOCK_NONE;
	ev->key = ev->key_before = 0;
	ev->id = ev->text = ev->context = ev->peer = ev->local = SLICE_NONE;
}

/*
 * Undoes doubled quotes where the event is EVENT_QUOTED: writes into `out`
 * (at least s.n bytes) and returns the result; else returns s itself.
 */
struct slice event_text(const struct event *ev, struct slice s, char *out);

#endif
