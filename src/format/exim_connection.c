/*
 * What Exim says of how connections begin and end.
 *
 * Codes that Exim always sends with certain words are taken for told: 421 at a
 * timeout and when there are too many connections, 554 when the client did not
 * wait.
 */
#include "config.h"

#include "format/exim_tell.h"

/* --- SMTP ... -------------------------------------------------------------- */

/* Behind "SMTP connection[ Ci=..] from ". */
static void
tell_connection(struct slice s, struct exim_tale *t)
{
	if (!exim_tell_source(&s, t)) {
		t->about = EXIM_NOTHING;
		return;
	}
	if (s.n == 0 ||
	    slice_starts(s, SLICE(" (TCP/IP connection count = ")) ||
	    slice_find(s, SLICE("(TCP/IP connection count = ")) >= 0 ||
	    slice_eq(s, SLICE(" (via inetd)")) ||
	    slice_eq(s, SLICE(" (ODMR customer)"))) {
		t->kind = EVENT_OPEN;
		t->says |= SAYS_UP;
		t->daemon = s.n != 0;
		return;
	}
	exim_tell_fields(&s, t);         /* D=5s */
	s = slice_trim(s);
	exim_tell_end(t, slice_starts(s, SLICE("lost")) ||
	    slice_starts(s, SLICE("TFO lost")) ||
	    slice_starts(s, SLICE("closed after")));
	if (slice_starts(s, SLICE("lost while reading message data"))) {
		t->says |= SAYS_LOST;
		t->verb = VERB_DATA;
	}
}

/* Behind "SMTP call from ". */
static void
tell_call(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n;
	struct slice last;

	if (!exim_tell_source(&s, t)) {
		t->about = EXIM_NOTHING;
		return;
	}
	s = slice_trim(s);
	if (!exim_cut_words(&s, SLICE("dropped: ")))
		return;
	exim_tell_refused(t, 5, s);
	n = slice_find_char(s, '"');
	if (n >= 0) {
		last = slice_from(s, (size_t)n + 1);
		n = slice_find_char(last, '"');
		t->d.command = slice_head(last, n < 0 ? last.n : (size_t)n);
		t->verb = (uint8_t)verb_parse(t->d.command, NULL);
	}
	exim_tell_end(t, false);
}

/*
 * The last place where a quote is closed and a source follows: what the
 * client said stands in the quotes, with quotes of its own perhaps.
 */
static ptrdiff_t
end_of_quote(struct slice s)
{
	struct exim_host h;

	for (size_t i = s.n; i-- > 1;) {
		struct slice rest = slice_from(s, i);

		if (s.p[i] != '"')
			continue;
		if (exim_cut_words(&rest, SLICE("\" H=")) &&
		    exim_cut_host(&rest, &h))
			return (ptrdiff_t)i;
		if (slice_starts(rest, SLICE("\" U=")))
			return (ptrdiff_t)i;
	}
	return -1;
}

/* `"command" H=... words` behind "error in " and "rejected ". */
static bool
tell_quoted(struct slice s, struct exim_tale *t, unsigned code)
{
	ptrdiff_t n = end_of_quote(s);

	if (n < 1 || s.p[0] != '"')
		return false;
	t->d.command = slice_head(slice_from(s, 1), (size_t)n - 1);
	t->verb = (uint8_t)verb_parse(t->d.command, NULL);
	s = slice_from(s, (size_t)n + 2);
	if (!exim_tell_source(&s, t))
		return false;
	exim_tell_refused(t, code, slice_trim(s));
	return true;
}

/* "SMTP protocol synchronization error (...): rejected ...": 554, and gone. */
static void
tell_unsynchronised(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n = slice_find(s, SLICE("): rejected "));

	if (n < 0)
		return;
	s = slice_from(s, (size_t)n + 12);
	if (exim_cut_words(&s, SLICE("connection from "))) {
		t->verb = VERB_CONNECT;
		if (!exim_tell_source(&s, t))
			return;
	} else if (!tell_quoted(s, t, 554)) {
		return;
	}
	exim_tell_refused(t, 554, SLICE("SMTP synchronization error"));
	exim_tell_end(t, false);
}

static void
tell_timeout(struct slice s, struct exim_tale *t)
{
	bool data = slice_starts(s, SLICE("data"));
	ptrdiff_t n = slice_find(s, SLICE("connection from "));

	if (n < 0 || n > 64)
		return;
	s = slice_from(s, (size_t)n + 16);
	if (!exim_tell_source(&s, t)) {
		t->about = EXIM_NOTHING;
		return;
	}
	exim_tell_refused(t, 421, data ? SLICE("SMTP incoming data timeout") :
	    SLICE("SMTP command timeout"));
	if (data)
		t->verb = VERB_DATA;
	exim_tell_end(t, true);
}

/* Behind "SMTP ". */
bool
exim_tell_smtp(struct slice s, struct exim_tale *t)
{
	struct slice key, value;

	if (exim_cut_words(&s, SLICE("connection lost after final dot"))) {
		exim_cut_words(&s, SLICE(" "));
		if (!exim_tell_source(&s, t))
			return false;
		t->says |= SAYS_LOST;
		t->verb = VERB_DATA;
		exim_tell_end(t, true);
	} else if (exim_cut_words(&s, SLICE("connection"))) {
		if (exim_cut_field(&s, &key, &value))
			t->connection = value;
		if (!exim_cut_words(&s, SLICE(" from ")))
			return false;
		tell_connection(s, t);
	} else if (exim_cut_words(&s, SLICE("call from "))) {
		tell_call(s, t);
	} else if (exim_cut_words(&s, SLICE("syntax error in ")) ||
	    exim_cut_words(&s, SLICE("protocol error in "))) {
		return tell_quoted(s, t, 5);
	} else if (slice_starts(s, SLICE("protocol synchronization error"))) {
		tell_unsynchronised(s, t);
	} else if (slice_starts(s, SLICE("command timeout")) ||
	    slice_starts(s, SLICE("data timeout"))) {
		tell_timeout(s, t);
	} else {
		return false;
	}
	return t->about != EXIM_NOTHING;
}

/* --- other words ----------------------------------------------------------- */

/* "no MAIL in [TFO ]SMTP connection from HOST D=0s C=EHLO,QUIT" */
bool
exim_tell_no_mail(struct slice s, struct exim_tale *t)
{
	exim_cut_words(&s, SLICE("TFO* "));
	exim_cut_words(&s, SLICE("TFO "));
	if (!exim_cut_words(&s, SLICE("SMTP connection from ")) ||
	    !exim_tell_source(&s, t))
		return false;
	exim_tell_end(t, false);
	return true;
}

/* "unexpected disconnection while reading SMTP command from HOST D=1s" */
bool
exim_tell_unexpected(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n = slice_find(s, SLICE(" while reading SMTP command from "));

	if (n < 0 || n > 16)
		return false;
	s = slice_from(s, (size_t)n + 33);
	if (!exim_tell_source(&s, t))
		return false;
	t->says |= SAYS_LOST;
	exim_tell_end(t, true);
	return true;
}

/* "refused connection from HOST ...", "Connection from HOST refused: ..." */
bool
exim_tell_denied(struct slice s, struct exim_tale *t)
{
	bool later = exim_cut_words(&s, SLICE("temporarily "));

	if (exim_cut_words(&s, SLICE("refused connection from ")) ||
	    exim_cut_words(&s, SLICE("connection from "))) {
		if (!exim_tell_source(&s, t))
			return false;
		if (!later && slice_starts(s, SLICE(" closed")))
			return true;
		exim_tell_refused(t, later ? 421 : 554, slice_trim(s));
	} else if (exim_cut_words(&s, SLICE("Connection from "))) {
		if (!exim_tell_source(&s, t))
			return false;
		if (!exim_cut_words(&s, SLICE(" refused: ")))
			return true;
		t->daemon = true;
		exim_tell_refused(t, 421, s);
	} else {
		return false;
	}
	t->verb = VERB_CONNECT;
	exim_tell_end(t, false);
	return true;
}
