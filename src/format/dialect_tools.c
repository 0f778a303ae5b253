/*
 * Dialects of programs that send mail or talk to a server by hand: swaks,
 * curl, msmtp, sendmail -v, telnet, openssl s_client, Apple Mail.
 */
#include "config.h"

#include "format/dialect.h"

/*
 * A word of the form host:port that ends in `end`, as `Trying host:25...`.
 */
static struct slice
endpoint_before(struct slice s, const char *end)
{
	ptrdiff_t at = slice_find(s, slice_of(end));

	return at > 0 ? slice_head(s, (size_t)at) : s;
}

/* --- swaks ------------------------------------------------------------------ */

/*
 * Two characters say who, the third how: -> to the server, <- from it, ~ under
 * TLS, * what was not expected, and blanks where hints are left out.
 */
static bool
swaks_remark(struct slice s, struct event *ev)
{
	struct slice rest = s;

	if (dialect_skip(&rest, "Trying ")) {
		ev->peer = endpoint_before(rest, "...");
		return dialect_note(ev, EVENT_ATTEMPT, s);
	}
	if (slice_starts(s, SLICE("Connected to ")))
		return dialect_note(ev, EVENT_OPEN, s);
	if (slice_starts(s, SLICE("Connection closed")) ||
	    slice_starts(s, SLICE("Dropping connection")))
		return dialect_note(ev, EVENT_CLOSE, s);
	if (slice_starts(s, SLICE("TLS started with cipher "))) {
		ev->context = slice_from(s, 24);
		return dialect_note(ev, EVENT_TLS, SLICE(""));
	}
	return dialect_note(ev, EVENT_NOTE, s);
}

static bool
swaks_error(struct slice s, struct event *ev)
{
	ev->flags |= EVENT_LOST;
	if (slice_starts(s, SLICE("Error connecting"))) {
		ev->says = SAYS_NEVER_UP;
		return dialect_note(ev, EVENT_CLOSE, s);
	}
	if (slice_starts(s, SLICE("Remote host closed")))
		return dialect_note(ev, EVENT_CLOSE, s);
	/* More words of an error that was the end. */
	ev->flags = EVENT_JOINS;
	return dialect_note(ev, EVENT_NOTE, s);
}

bool
dialect_swaks(struct slice s, struct transcript_state *ts, struct event *ev)
{
	static const struct {
		const char *mark;
		enum event_dir dir;
	} marks[] = {
		{ "<-  ", DIR_IN }, { " -> ", DIR_OUT }, { "<** ", DIR_IN },
		{ "**> ", DIR_OUT }, { "<~  ", DIR_IN }, { " ~> ", DIR_OUT },
		{ "<~* ", DIR_IN }, { "*~> ", DIR_OUT }, { "<   ", DIR_IN },
		{ "  > ", DIR_OUT },
	};

	(void)ts;
	if (dialect_skip(&s, "=== "))
		return swaks_remark(s, ev);
	if (slice_starts(s, SLICE("*** ")))
		return swaks_error(slice_from(s, 4), ev);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		/* An empty line of the message has lost its last blank. */
		struct slice mark = slice_of(marks[i].mark);

		if (slice_starts(s, mark))
			return dialect_line(ev, marks[i].dir,
			    slice_from(s, mark.n));
		if (slice_eq(s, slice_head(mark, mark.n - 1)) && s.p[0] != '<')
			return dialect_line(ev, marks[i].dir, SLICE(""));
	}
	return false;
}

/* --- curl ------------------------------------------------------------------- */

/* "Connected to NAME (ADDRESS) port 25 (#0)": ADDRESS) port 25. */
static struct slice
curl_connected(struct slice s)
{
	ptrdiff_t open = slice_find(s, SLICE(" ("));
	size_t n;

	if (open < 0)
		return SLICE_NONE;
	s = slice_from(s, (size_t)open + 2);
	open = slice_find(s, SLICE(") port "));
	if (open < 1)
		return SLICE_NONE;
	n = (size_t)open + 7;
	while (n < s.n && ascii_is_digit((unsigned char)s.p[n]))
		n++;
	return slice_head(s, n);
}

static bool
curl_remark(struct slice s, struct event *ev)
{
	struct slice rest = s;

	if (dialect_skip(&rest, "Trying ")) {
		ev->peer = endpoint_before(rest, "...");
		return dialect_note(ev, EVENT_NOTE, s);
	}
	if (slice_starts(s, SLICE("Connected to ")) ||
	    slice_starts(s, SLICE("Established connection to "))) {
		/* The session before may have been left open, with the
		   "Trying" of this one as its last line. */
		ev->peer = curl_connected(s);
		return dialect_note(ev, EVENT_OPEN, s);
	}
	if (slice_starts(s, SLICE("Closing connection")) ||
	    slice_starts(s, SLICE("Connection #"))  ||
	    slice_starts(s, SLICE("shutting down connection")))
		return dialect_note(ev, slice_find(s, SLICE("left intact")) >=
		    0 ? EVENT_NOTE : EVENT_CLOSE, s);
	if (slice_starts(s, SLICE("SSL connection using "))) {
		ev->context = slice_from(s, 21);
		return dialect_note(ev, EVENT_TLS, SLICE(""));
	}
	return dialect_note(ev, EVENT_NOTE, s);
}

/* curl: (7) Failed to connect ...: the last word of a run that failed. */
static bool
curl_verdict(struct slice s, struct event *ev)
{
	ev->flags |= EVENT_JOINS;
	return dialect_note(ev, EVENT_NOTE, s);
}

bool
dialect_curl(struct slice s, struct transcript_state *ts, struct event *ev)
{
	struct slice rest = s;

	(void)ts;
	if (dialect_skip(&rest, "* "))
		return curl_remark(slice_trim(rest), ev);
	if (dialect_skip(&rest, "< "))
		return dialect_line(ev, DIR_IN, rest);
	if (dialect_skip(&rest, "> "))
		return dialect_line(ev, DIR_OUT, rest);
	if (slice_starts(s, SLICE("{ [")) || slice_starts(s, SLICE("} [")))
		return dialect_note(ev, EVENT_NOTE, s);
	if (slice_starts(s, SLICE("curl: (")))
		return curl_verdict(s, ev);
	return false;
}

/* --- msmtp, sendmail -v ------------------------------------------------------ */

bool
dialect_msmtp(struct slice s, struct transcript_state *ts, struct event *ev)
{
	(void)ts;
	if (dialect_skip(&s, "<-- "))
		return dialect_line(ev, DIR_IN, s);
	if (dialect_skip(&s, "--> ") || slice_eq(s, SLICE("-->")))
		return dialect_line(ev, DIR_OUT, slice_eq(s, SLICE("-->")) ?
		    SLICE("") : s);
	return false;
}

/* user... Connecting to host via relay...; >>> command; bare replies. */
bool
dialect_sendmail(struct slice s, struct transcript_state *ts, struct event *ev)
{
	ptrdiff_t dots = slice_find(s, SLICE("... "));
	struct slice rest = dots > 0 ? slice_from(s, (size_t)dots + 4) :
	    SLICE_NONE;

	if (dialect_skip(&s, ">>> "))
		return dialect_line(ev, DIR_OUT, s);
	/* QUIT comes behind it. */
	if (ts->bare == BARE_REPLIES && slice_starts(s,
	    SLICE("Closing connection to ")))
		return dialect_note(ev, EVENT_NOTE, s);
	if (dialect_is_talk(s) || !rest.n)
		return false;
	if (dialect_skip(&rest, "Connecting to ")) {
		ev->peer = endpoint_before(rest, " ");
		return dialect_note(ev, EVENT_ATTEMPT, s);
	}
	if (slice_starts(rest, SLICE("Sent (")) ||
	    slice_starts(rest, SLICE("Deferred")))
		return dialect_note(ev, EVENT_NOTE, s);
	return false;
}

/* --- telnet, openssl s_client -------------------------------------------------- */

bool
dialect_telnet(struct slice s, struct transcript_state *ts, struct event *ev)
{
	struct slice rest = s;

	if (ts->bare != BARE_TALK)
		return false;
	if (dialect_skip(&rest, "Trying ") && rest.n > 3) {
		ev->peer = endpoint_before(rest, "...");
		return dialect_note(ev, EVENT_NOTE, s);
	}
	if (slice_starts(s, SLICE("Connected to ")) ||
	    slice_starts(s, SLICE("CONNECTED(")))
		return dialect_note(ev, EVENT_OPEN, s);
	if (slice_starts(s, SLICE("Connection closed by ")) ||
	    slice_eq(s, SLICE("closed")))
		return dialect_note(ev, EVENT_CLOSE, s);
	if (slice_starts(s, SLICE("New, TLS")) ||
	    slice_starts(s, SLICE("New, SSL"))) {
		ev->context = slice_from(s, 5);
		return dialect_note(ev, EVENT_TLS, SLICE(""));
	}
	if (slice_eq(s, SLICE("---")) || slice_eq(s, SLICE("read R BLOCK")) ||
	    slice_starts(s, SLICE("Escape character is ")))
		return dialect_note(ev, EVENT_NOTE, s);
	return false;
}

/* --- Apple Mail ------------------------------------------------------------------ */

static bool
apple_heading(struct slice s)
{
	return slice_find(s, SLICE(" -- host:")) > 0 &&
	    slice_find(s, SLICE(" -- port:")) > 0;
}

/* READ Oct 25 14:45:38.736 [..] -- host:h -- port:25 -- ...: raw lines follow. */
bool
dialect_apple(struct slice s, struct transcript_state *ts, struct event *ev)
{
	ptrdiff_t host = slice_find(s, SLICE(" -- host:"));
	uint8_t before = ts->bare;

	if (!apple_heading(s))
		return false;
	if (slice_starts(s, SLICE("READ "))) {
		ts->bare = BARE_IN;
	} else if (slice_starts(s, SLICE("WROTE "))) {
		ts->bare = BARE_OUT;
	} else if (slice_starts(s, SLICE("CONNECTED "))) {
		ev->peer = endpoint_before(slice_from(s, (size_t)host + 9),
		    " -- ");
		return dialect_note(ev, EVENT_OPEN, s);
	} else {
		return false;
	}
	if (ts->bare != before)
		ev->flags |= EVENT_STATE;
	return dialect_note(ev, EVENT_NOTE, s);
}
