/*
 * Sendmail's traffic file (-X), without any time:
 *
 *   30206 <<< EHLO client.example.org^M       read; the CR is kept
 *   30206 >>> 250-mx Hello [192.0.2.7], pleased to meet you
 *   30217 === CONNECT mx.example.net          the process becomes a client
 *   30217 === EXEC mailer args                message text for a program
 *
 * The process is the session, from its greeting on: process ids come again.
 * Message text is in it.  What a client sent without a line end is followed by
 * the next entry in the same line; since a client may as well have sent what
 * looks like one, a line is split only where the CR is missing, too.
 */
#include "config.h"

#include "format/sendmail_x.h"

#include "format/digits.h"

#define PID_MIN 5
#define PID_MAX 10
#define EXECS 11

/* Processes that write to a program: their lines are no greetings. */
struct x_state {
	uint32_t pid[EXECS];
	uint32_t at;
};
_Static_assert(sizeof(struct x_state) <= FORMAT_STATE_MAX, "state fits");

struct x_head {
	struct slice pid;
	uint32_t number;         /* of it; of ten digits its last bits */
	char mark;               /* '<', '>' or '=' */
	size_t n;                /* of the whole head */
};

/* "30206 <<< " */
static inline bool
cut_head(struct slice s, struct x_head *h)
{
	const char *p = s.p;
	size_t digits = s.n < PID_MAX + 1 ? s.n : PID_MAX + 1, n = 0;
	uint32_t v = 0;
	unsigned d;

	while (n < digits && (d = digit_value(p[n])) <= 9) {
		v = v * 10 + d;
		n++;
	}
	if (n < PID_MIN || n > PID_MAX || s.n < n + 5 || p[n] != ' ')
		return false;
	p += n + 1;
	if (memcmp(p, "<<< ", 4) != 0 && memcmp(p, ">>> ", 4) != 0 &&
	    memcmp(p, "=== ", 4) != 0)
		return false;
	h->pid = (struct slice){ s.p, n };
	h->number = v;
	h->mark = p[0];
	h->n = n + 5;
	return true;
}

static bool
is_exec(const struct x_state *xs, const struct event *ev)
{
	uint32_t pid = (uint32_t)(ev->key - 1);

	for (size_t i = 0; i < EXECS; i++)
		if (pid && xs->pid[i] == pid)
			return true;
	return false;
}

/* --- glued entries ----------------------------------------------------------- */

/*
 * Where the next entry begins in what was read without a line end; the end of
 * the text when there is none.
 */
static size_t
find_next(struct slice text)
{
	size_t from = 0;

	for (;;) {
		struct slice rest = slice_from(text, from);
		ptrdiff_t n = slice_find_char(rest, ' ');
		struct x_head h;
		size_t digits = 0, at;

		if (n < 0)
			return text.n;
		at = from + (size_t)n;
		while (digits < at && digits < PID_MAX &&
		    ascii_is_digit((unsigned char)text.p[at - digits - 1]))
			digits++;
		/* Digits before the five of the process may be text. */
		if (digits > PID_MIN && text.p[at - digits] == '0')
			digits = PID_MIN;
		if (digits >= PID_MIN &&
		    cut_head(slice_from(text, at - digits), &h) &&
		    h.mark != '<')
			return at - digits;
		from = at + 1;
	}
}

/* --- entries ------------------------------------------------------------------ */

/* "name [address]" */
static struct slice
address_at_end(struct slice s)
{
	size_t open = s.n;

	if (s.n < 2 || s.p[s.n - 1] != ']')
		return SLICE_NONE;
	while (open > 0 && s.p[open - 1] != '[')
		open--;
	if (open == 0)
		return SLICE_NONE;
	s = slice_head(slice_from(s, open), s.n - open - 1);
	return slice_starts(s, SLICE("IPv6:")) ? slice_from(s, 5) : s;
}

/* The peer, where the greeting or the reply to EHLO names it. */
static void
learn_peer(struct event *ev)
{
	const struct slice pleased = { "], pleased to meet you", 22 };
	struct slice s = ev->text;
	ptrdiff_t n;

	if (s.p[1] == '5') {
		if (s.n > pleased.n && s.p[s.n - 1] == 'u' && slice_eq(slice_from(s,
		    s.n - pleased.n), pleased))
			ev->peer = address_at_end(slice_head(s,
			    s.n - pleased.n + 1));
		return;
	}
	n = slice_find(s, SLICE("logging access from: "));
	if (n < 0)
		return;
	s = slice_from(s, (size_t)n);
	n = slice_find_char(s, ']');
	if (n > 0)
		ev->peer = address_at_end(slice_head(s, (size_t)n + 1));
}

static bool
is_reply(struct slice s, const char *code)
{
	return s.n >= 3 && memcmp(s.p, code, 3) == 0 &&
	    (s.n == 3 || s.p[3] == ' ' || s.p[3] == '-');
}

static void
scan_written(const struct x_state *xs, struct event *ev)
{
	bool greeting = is_reply(ev->text, "220");
	bool refusal = is_reply(ev->text, "554") || is_reply(ev->text, "421");

	ev->kind = EVENT_LINE;
	ev->dir = DIR_OUT;
	if (greeting && !is_exec(xs, ev)) {
		ev->flags |= EVENT_BEGINS;
		ev->side = SIDE_SERVER;
	} else if (refusal && !is_exec(xs, ev)) {
		/* Where a greeting should be, or behind all that was said. */
		ev->flags |= EVENT_LATER;
	} else {
		ev->flags |= EVENT_JOINS;
	}
	if (greeting || slice_starts(ev->text, SLICE("250")))
		learn_peer(ev);
}

static void
scan_read(struct event *ev, bool ended)
{
	if (!ended && (slice_eq(ev->text, SLICE("[EOF]")) ||
	    slice_eq(ev->text, SLICE("[TIMEOUT]")))) {
		ev->kind = EVENT_CLOSE;
		ev->flags |= EVENT_LOST | EVENT_JOINS;
		if (ev->text.p[1] == 'E')
			ev->flags |= EVENT_REMOTE;
		return;
	}
	ev->kind = EVENT_LINE;
	ev->dir = DIR_IN;
}

static void
scan_remark(struct x_state *xs, struct event *ev)
{
	if (slice_starts(ev->text, SLICE("CONNECT "))) {
		ev->kind = EVENT_ATTEMPT;
		ev->side = SIDE_CLIENT;
		ev->flags |= EVENT_BEGINS;
		ev->peer = slice_from(ev->text, 8);
		return;
	}
	ev->kind = EVENT_NOTE;
	ev->flags |= EVENT_JOINS;
	if (slice_starts(ev->text, SLICE("EXEC ")) &&
	    !is_exec(xs, ev)) {
		xs->pid[xs->at++ % EXECS] = (uint32_t)(ev->key - 1);
		xs->at %= EXECS;
		ev->flags |= EVENT_STATE;
	}
}

static size_t
x_scan(const struct format *fm, struct format_state *st, struct slice line,
    struct event *ev)
{
	struct x_state *xs = (void *)st->bytes;
	struct x_head h;
	bool ended = line.n && line.p[line.n - 1] == '\r';
	size_t used = line.n;

	(void)fm;
	event_clear(ev);
	if (!cut_head(line, &h)) {
		if (line.n == 0)
			ev->kind = EVENT_META;
		return line.n;
	}
	ev->id = h.pid;
	ev->key = (uint64_t)h.number + 1;
	ev->text = slice_from(line, h.n);
	if (ended)
		ev->text.n--;
	if (h.mark == '<' && !ended) {
		ev->text.n = find_next(ev->text);
		used = h.n + ev->text.n;
	}
	if (h.mark == '<')
		scan_read(ev, ended);
	else if (h.mark == '>')
		scan_written(xs, ev);
	else
		scan_remark(xs, ev);
	return used;
}

/* --- the format ---------------------------------------------------------------- */

#define PROBE_LINES 100

static int
x_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	unsigned lines = 0, good = 0;
	struct slice line;

	(void)fm;
	(void)hint;
	(void)st;
	(void)traits;
	while (lines < PROBE_LINES && slice_cut(&head, '\n', &line)) {
		struct x_head h;

		if (line.n == 0 || line.p[0] == '\r')
			continue;
		lines++;
		good += cut_head(line, &h);
	}
	err_set(why, "%u of %u lines begin with a process and <<<, >>> or ===",
	    good, lines);
	return lines ? (int)(good * 97 / lines) : 0;
}

static const struct format_sample x_samples[] = {
	{ "30206 >>> 220 mx.example.net ESMTP Sendmail 8.17.1", EVENT_LINE,
	    DIR_OUT, "220 mx.example.net ESMTP Sendmail 8.17.1" },
	{ "30206 <<< EHLO client.example.org\r", EVENT_LINE, DIR_IN,
	    "EHLO client.example.org" },
	{ "30206 <<< 04242 >>> 550 5.7.1 text\r", EVENT_LINE, DIR_IN,
	    "04242 >>> 550 5.7.1 text" },
	{ "30206 <<< [EOF]", EVENT_CLOSE, DIR_NONE, "[EOF]" },
	{ "30206 <<< [TIMEOUT]", EVENT_CLOSE, DIR_NONE, "[TIMEOUT]" },
	{ "30206 <<< [EOF]\r", EVENT_LINE, DIR_IN, "[EOF]" },
	{ "00217 === CONNECT mx.example.net", EVENT_ATTEMPT, DIR_NONE, NULL },
	{ "00217 === EXEC procmail -t", EVENT_NOTE, DIR_NONE, NULL },
	{ "217 >>> 250 ok", EVENT_FOREIGN, DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_sendmail_x = {
	.name = "sendmail-x",
	.title = "traffic file of Sendmail (-X)",
	.origin = "Sendmail 8",
	.bodies_logged = true,
	.sent_bodies_logged = true,
	.keep_cr = true,
	.quits = true,
	.lingers = true,
	.probe = x_probe,
	.scan = x_scan,
	.samples = x_samples,
};
