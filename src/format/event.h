/*
 * An event: what a format says of one entry of a log.
 *
 * A format turns a line into an event and knows nothing of sessions.  It says
 * what the log says: when, which session key, which way the bytes went, the
 * protocol text.  Whether that text is a command, a reply or part of a
 * message is for the dialogue (smtp/dialogue.h) to find out.  Logs that hold
 * no protocol lines give reports: facts in the log's own words.
 *
 * All slices point into the scanned line and live as long as it does.
 */
#ifndef EHLOG_FORMAT_EVENT_H
#define EHLOG_FORMAT_EVENT_H

#include "base/clock.h"
#include "base/slice.h"
#include "smtp/gist.h"

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
	EVENT_TRACE,     /* a note about the server's inner doings, among which
	                    the dialogue stands: folded away */
	EVENT_USER,      /* a note: `text` is the authenticated user */
	EVENT_TLS,       /* a note: TLS stands, `text` says how */
	EVENT_EXCHANGE,  /* a command in `text` and its reply in `context`, in
	                    one entry: taken as two lines, event_split() */
	EVENT_UNREADABLE,/* looking at the line met a limit: counted */
	EVENT_REPORT,    /* not a protocol line: the log tells in its own words
	                    what happened; `says` and format.h's detail() */
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
	EVENT_LATER = 16,    /* of a message, perhaps long after its connection:
	                        no silence makes `key` another's, and it adds
	                        nothing to the time that the connection took */
	EVENT_LINK = 32,     /* from now on `link` leads to this session, too */
	EVENT_UNLINK = 64,   /* `key` leads there no more after this entry; the
	                        session is over if nothing else leads to it */
	EVENT_BEGINS = 128,  /* opens a session, though it is a LINE or REPORT */
	EVENT_GUESSED = 256, /* the log does not say which session this is of */
	EVENT_JOINS = 512,   /* begins no session: without one it is unowned;
	                        with LATER, until `key` is the `link` of
	                        another entry, or the `also` of one with
	                        LATER, and so becomes that session's */
	EVENT_STATE = 1024,  /* the scan changed the format's state */
	EVENT_PLUS = 2048,   /* text has `+` for blanks (W3C), and where it is
	                        of several columns, `-` in those that are
	                        empty: event_text() */
	EVENT_REPR = 4096,   /* text is the inside of a literal with backslash
	                        escapes (C, Python): event_text() */
	EVENT_OCTAL = 8192,  /* text has \ooo and \n, \r, \t for bytes that are
	                        not printed (Exim): event_text() */
	EVENT_ALSO = 16384,  /* `also` finds the session where `key` does not.
	                        It is another key of the same connection and
	                        both lead there from now on (with LATER: only
	                        this once).  Where either is known with another
	                        partner it is another session */
	EVENT_LASTING = 32768,   /* no silence makes `key` another session's;
	                        with LATER: where lines wait for its key to be
	                        linked (JOINS with LATER) it does so, too */
	/* Two of these at once stand for ways of writing of their own. */
	EVENT_COMMAS = EVENT_QUOTED | EVENT_PLUS,
	                     /* `VERB, target, argument` (MS IIS) */
	EVENT_NL = EVENT_QUOTED | EVENT_OCTAL,
	                     /* lines of a reply joined by `[nl]` (hMailServer) */
	EVENT_VIS = EVENT_PLUS | EVENT_REPR,
	                     /* \^[, \M-i, \M^?, \\ as vis(3) has them
	                        (OpenSMTPD) */
	EVENT_ESCAPES = EVENT_QUOTED | EVENT_PLUS | EVENT_REPR | EVENT_OCTAL,
};

/*
 * What a REPORT tells, beyond its code.  The bits are enough for the record of
 * the session; the words are the format's detail() to find again.
 */
enum event_says {
	SAYS_HELO = 1,       /* what the client called itself */
	SAYS_FROM = 2,       /* a message begins: its sender */
	SAYS_TO = 4,         /* a recipient, named for the first time or with
	                        what became of it */
	SAYS_TLS = 8,
	SAYS_USER = 16,      /* who authenticated, with success */
	SAYS_TRANSACTION = 32,   /* a transaction is under way */
	SAYS_REFUSED = 64,   /* a command was refused; no code is told anywhere */
	SAYS_LOST = 128,     /* the connection was lost amid a transaction, or
	                        with a command unanswered */
	SAYS_NEVER_UP = 256, /* outbound: the connection never stood */
	SAYS_UP = 512,       /* the connection stands (as OPEN) */
	SAYS_DONE = 1024,    /* the transaction is over: accepted, or reset */
	SAYS_ECHO = 2048,    /* where the session's dialogue is logged as well,
	                        the reply is told for the second time */
	SAYS_ENDS = 4096,    /* where connections are not logged: nothing is
	                        under way behind this, it may be over */
	SAYS_GONE = 8192,    /* the client is gone: a transaction that is under
	                        way was broken off, and that `verb` was not
	                        done, as is told later, means no more than
	                        that */
	SAYS_MESSAGE = 16384,    /* a message begins; its sender is told
	                        elsewhere */
	SAYS_SENDER = 32768, /* the sender of a message that began before */
};

struct event {
	enum event_kind kind;
	enum event_dir dir;
	enum event_side side;
	uint16_t flags;          /* enum event_flag */
	uint8_t verb;            /* REPORT: enum smtp_verb it answers */
	uint16_t says;           /* REPORT: enum event_says */
	uint16_t code;           /* REPORT: a reply's code; 4 or 5 where only
	                            the class is told (reply.h); 0: none */
	uint32_t enhanced;       /* REPORT: packed, 0: none */
	int64_t time;            /* ms, CLOCK_NONE where the line has none */
	uint64_t key;            /* equal keys: same session; 0: the stream's
	                            one current session or, where sessions
	                            interleave, that of the entry before */
	union {
		uint64_t key_before; /* EVENT_ALIAS: the key it had so far */
		uint64_t also;       /* EVENT_ALSO */
	};
	uint64_t link;           /* EVENT_LINK */
	struct slice id;         /* the key as the log writes it */
	struct slice text;       /* protocol text, or the words of a note */
	struct slice context;    /* further words of a note */
	struct slice peer;       /* the other end as written: host[:port] */
	struct slice local;      /* this end */
};

_Static_assert(sizeof(struct event) == 136, "event_clear() knows all fields");

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
	ev->verb = 0;
	ev->says = ev->code = 0;
	ev->enhanced = 0;
	ev->time = CLOCK_NONE;
	ev->key = 0;
	ev->key_before = 0;
	ev->link = 0;
	/* One by one: what was just written in halves is not to be read. */
	ev->id = SLICE_NONE;
	ev->text = SLICE_NONE;
	ev->context = SLICE_NONE;
	ev->peer = SLICE_NONE;
	ev->local = SLICE_NONE;
}

/* What another entry told already: no more than a note of its session. */
static inline void
event_hush(struct event *ev)
{
	ev->kind = EVENT_NOTE;
	ev->flags = (uint16_t)((ev->flags & EVENT_ESCAPES) | EVENT_LATER);
	ev->verb = 0;
	ev->says = ev->code = 0;
	ev->enhanced = 0;
}

/*
 * Undoes what the log did to text (EVENT_ESCAPES): writes into `out` (at least
 * s.n bytes) and returns the result; else returns s.
 */
struct slice event_text(const struct event *ev, struct slice s, char *out);

/*
 * An EXCHANGE is taken as two lines: *ev becomes that of the command, an
 * EXCHANGE still, since the next line answers it whatever was said before;
 * *reply is a LINE, the server's.  A `dir` of the entry is the command's.
 */
void event_split(struct event *ev, struct event *reply);
/* The same in one place, without a copy: what the first returns is the other's. */
unsigned event_become_command(struct event *ev);
void event_become_reply(struct event *ev, unsigned flags);

/* Whether it is of no session, whatever the log holds around it. */
static inline bool
event_is_stray(const struct event *ev)
{
	return ev->kind == EVENT_FOREIGN || ev->kind == EVENT_UNREADABLE;
}

/* Events whose text is a protocol line, or may be. */
static inline bool
event_is_said(enum event_kind kind)
{
	return kind == EVENT_LINE || kind == EVENT_RAW || kind == EVENT_MORE ||
	    kind == EVENT_EXCHANGE;
}

/* What is looked at of a text that the log wrote with escapes. */
#define EVENT_HEAD_MAX 256

/* event_text() of the head of the text. */
struct slice event_head(const struct event *ev, char out[EVENT_HEAD_MAX]);

/* The gist of its text, of the head of one with escapes; else nothing. */
struct gist event_gist_escaped(const struct event *ev);

static inline struct gist
event_gist(const struct event *ev)
{
	if (!event_is_said(ev->kind))
		return (struct gist){ 0 };
	return ev->flags & (EVENT_ESCAPES & ~EVENT_QUOTED) ?
	    event_gist_escaped(ev) : gist_of(ev->text);
}

/* Whether it tells facts in words, whatever else it is. */
static inline bool
event_tells(const struct event *ev)
{
	return ev->kind == EVENT_REPORT || ev->says || ev->code;
}

#endif
