/*
 * Exchange 4.0 to 5.5: the SMTP protocol log of the Internet Mail Service.
 *
 *   4/2/01 11:44:31 AM : A connection was accepted from pop3.test.com.
 *   4/2/01 11:44:31 AM : <<< IO: |HELO pop3.test.com
 *   4/2/01 11:44:31 AM : <<< HELO pop3.test.com
 *   4/2/01 11:44:31 AM : >>> 250 OK
 *
 * `<<<` is what was received, `>>>` what was sent, in both directions of a
 * session.  At the highest level each received buffer stands before its lines
 * as `IO: |`.  Lines without a stamp belong to the entry before them: further
 * lines of a reply, message text, blanks.  Each connection slot of the server
 * writes a file of its own, one session after another, with an opener and no
 * closing line.  Version 4.0 left out some line ends, so that two entries can
 * share a line.
 *
 * The stamp has the form of the server's locale.  Articles quote such logs
 * with the stamps or the arrows taken out; both are read.
 */
#include "config.h"

#include "format/exchange_ims.h"

#include "format/locale_date.h"

struct ims_state {
	uint8_t order;           /* enum locale_order */
	uint8_t bare;            /* the log has no stamps at all */
};
_Static_assert(sizeof(struct ims_state) <= FORMAT_STATE_MAX, "state fits");

static const struct slice arrow_in = { "<<< ", 4 };
static const struct slice arrow_out = { ">>> ", 4 };
static const struct slice accepted = { "A connection was accepted from ", 31 };
static const struct slice connected = { "A connection to ", 16 };
static const struct slice established = { " was established", 16 };
static const struct slice raw_mark = { "IO: |", 5 };

/* --- the stamp ---------------------------------------------------------- */

/* The stamp at the head of s, with the " : " behind it. */
static bool
parse_stamp(struct slice s, struct locale_stamp *st)
{
	size_t at = 0;

	if (s.n < 10 || !ascii_is_digit((unsigned char)s.p[0]))
		return false;
	if (!locale_date(s, &at, st) || at >= s.n || s.p[at++] != ' ' ||
	    !locale_clock(s, &at, st))
		return false;
	if (!slice_starts(slice_from(s, at), SLICE(" : ")) &&
	    !slice_eq(slice_from(s, at), SLICE(" :")))
		return false;
	st->length = at + 3 < s.n ? at + 3 : s.n;
	return true;
}

/* --- one entry ---------------------------------------------------------- */

/*
 * Whether text of an entry without arrows can be a protocol line: a reply
 * code, or a verb in capitals that ends at a blank, a colon or the end.
 */
static bool
looks_like_protocol(struct slice s)
{
	size_t n = 0;

	if (s.n >= 3 && s.p[0] >= '2' && s.p[0] <= '5' &&
	    ascii_is_digit((unsigned char)s.p[1]) &&
	    ascii_is_digit((unsigned char)s.p[2]))
		return s.n == 3 || s.p[3] == ' ' || s.p[3] == '-';
	while (n < s.n && s.p[n] >= 'A' && s.p[n] <= 'Z')
		n++;
	return n >= 4 && n <= 8 && (n == s.n || s.p[n] == ' ');
}

static bool
scan_opener(struct slice rest, struct event *ev)
{
	struct slice host;

	if (slice_starts(rest, accepted)) {
		host = slice_from(rest, accepted.n);
		ev->side = SIDE_SERVER;
	} else if (slice_starts(rest, connected)) {
		ptrdiff_t at = slice_find(rest, established);

		if (at < (ptrdiff_t)connected.n)
			return false;
		host = slice_from(slice_head(rest, (size_t)at), connected.n);
		ev->side = SIDE_CLIENT;
	} else {
		return false;
	}
	host = slice_trim(host);
	if (host.n && host.p[host.n - 1] == '.')
		host.n--;
	ev->kind = EVENT_OPEN;
	ev->peer = host;
	return true;
}

/* What stands behind the stamp. */
static void
scan_rest(struct slice rest, struct event *ev)
{
	ev->text = rest;
	if (scan_opener(rest, ev))
		return;
	if (slice_starts(rest, arrow_in) || slice_eq(rest, SLICE("<<<"))) {
		ev->dir = DIR_IN;
		rest = slice_from(rest, arrow_in.n);
	} else if (slice_starts(rest, arrow_out) ||
	    slice_eq(rest, SLICE(">>>"))) {
		ev->dir = DIR_OUT;
		rest = slice_from(rest, arrow_out.n);
	}
	if (ev->dir != DIR_OUT && slice_starts(rest, raw_mark)) {
		/* Raw buffers are of what was received, arrow or not. */
		ev->kind = EVENT_RAW;
		ev->dir = DIR_IN;
		rest = slice_from(rest, raw_mark.n);
	} else if (ev->dir != DIR_NONE || (looks_like_protocol(rest) &&
	    slice_find(rest, SLICE(" Rescheduling delivery")) < 0)) {
		/* The server's word of a delivery that failed begins with a
		   code, too (499), and was said to nobody. */
		ev->kind = EVENT_LINE;
	} else {
		ev->kind = EVENT_NOTE;
	}
	ev->text = rest;
}

static bool
starts_entry(struct slice rest)
{
	return slice_starts(rest, arrow_in) || slice_starts(rest, arrow_out) ||
	    slice_starts(rest, accepted) || slice_starts(rest, connected);
}

#define DAY_MS INT64_C(86400000)

/*
 * A second entry glued to the first: a stamp with an arrow or an opener
 * behind it, not earlier than the entry it is glued to and within a day of
 * it.  Text of strangers can hold such things, too; the time gives pasted
 * ones away.  Returns where the second entry begins, or 0.
 */
static size_t
find_glued(struct slice line, size_t from, const struct ims_state *is,
    int64_t time)
{
	struct locale_stamp st;
	ptrdiff_t hit;

	while ((hit = slice_find(slice_from(line, from), SLICE(" : "))) >= 0) {
		size_t colon = from + (size_t)hit;

		from = colon + 3;
		if (!starts_entry(slice_from(line, from)))
			continue;
		/* A stamp is at most 22 bytes; the shortest date wins, since
		   this server writes no leading zeros. */
		for (size_t n = 12; n <= 22 && n <= colon; n++) {
			struct slice s = slice_from(line, colon - n);
			int64_t t;

			if (!parse_stamp(s, &st) || st.length != n + 3)
				continue;
			t = locale_time(&st, (enum locale_order)is->order);
			if (t == CLOCK_NONE || (time != CLOCK_NONE &&
			    (t < time || t > time + DAY_MS)))
				continue;
			return colon - n;
		}
	}
	return 0;
}

static size_t
ims_scan(const struct format *fm, struct format_state *state,
    struct slice line, struct event *ev)
{
	const struct ims_state *is = (const void *)state->bytes;
	struct locale_stamp st;
	struct slice rest = line;
	size_t glued, used = line.n;

	(void)fm;
	*ev = (struct event){ .kind = EVENT_MORE, .time = CLOCK_NONE,
	    .text = line };
	if (!is->bare && parse_stamp(line, &st)) {
		ev->time = locale_time(&st, (enum locale_order)is->order);
		rest = slice_from(line, st.length);
	} else if (!is->bare || !(starts_entry(line) ||
	    slice_starts(line, raw_mark))) {
		st.length = 0;
		if (line.n < 16)
			return used;
	} else {
		scan_rest(rest, ev);
		return used;
	}
	if (!is->bare &&
	    (glued = find_glued(line, st.length, is, ev->time)) > 0) {
		used = glued;
		rest = slice_trim(slice_head(line, glued));
		rest = slice_from(rest, st.length);
		ev->text = rest;
	}
	if (st.length)
		scan_rest(rest, ev);
	return used;
}

/* --- the format --------------------------------------------------------- */

static bool
ims_state_is_sound(const struct format_state *st)
{
	const struct ims_state *is = (const void *)st->bytes;

	return is->order <= LOCALE_YMD;
}

static int
ims_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *state,
    struct format_traits *traits, struct err *why)
{
	struct ims_state *is = (void *)state->bytes;
	struct locale_votes votes = { 0 };
	struct slice line;
	struct locale_stamp st;
	unsigned openers = 0, entries = 0, bare = 0, arrows = 0, lines = 0;

	(void)fm;
	(void)hint;
	(void)traits;
	while (slice_cut(&head, '\n', &line)) {
		struct event ev = { .kind = EVENT_MORE };

		line = slice_trim(line);
		lines += line.n > 0;
		if (parse_stamp(line, &st)) {
			locale_vote(&votes, &st);
			line = slice_from(line, st.length);
			scan_rest(line, &ev);
			openers += ev.kind == EVENT_OPEN;
			arrows += ev.kind == EVENT_RAW || (ev.dir != DIR_NONE &&
			    !slice_starts(ev.text, SLICE("200 ")) &&
			    !slice_starts(ev.text, SLICE("+OK")) &&
			    !slice_starts(ev.text, SLICE("* OK")));
			entries++;
		} else if (starts_entry(line) || slice_starts(line, raw_mark)) {
			openers += slice_starts(line, accepted) ||
			    slice_starts(line, connected);
			bare++;
		}
	}
	is->order = (uint8_t)locale_order_of(&votes);
	is->bare = entries == 0;
	err_set(why, "%u of %u lines are stamped entries, %u of them openers",
	    entries, lines, openers);
	if (entries)
		return openers ? 98 : arrows * 2 > entries ? 80 : 0;
	return openers && bare > 2 ? 70 : 0;
}

#define STAMP "4/2/01 11:44:31 AM : "

static const struct format_sample ims_samples[] = {
	{ STAMP "A connection was accepted from pop3.test.com.", EVENT_OPEN,
	    DIR_NONE, NULL },
	{ STAMP "A connection to 192.0.2.25 was established.", EVENT_OPEN,
	    DIR_NONE, NULL },
	{ STAMP "<<< IO: |MAIL  From:<richie@test.com>", EVENT_RAW, DIR_IN,
	    "MAIL  From:<richie@test.com>" },
	{ STAMP "<<< MAIL From:<richie@test.com>", EVENT_LINE, DIR_IN,
	    "MAIL From:<richie@test.com>" },
	{ STAMP ">>> 250 OK", EVENT_LINE, DIR_OUT, "250 OK" },
	{ STAMP "499 No routing hosts are reachable for test.com. Message "
	    "subject: \"x\". Rescheduling delivery for later.", EVENT_NOTE,
	    DIR_NONE, NULL },
	{ "250 AUTH=LOGIN", EVENT_MORE, DIR_NONE, "250 AUTH=LOGIN" },
	{ "", EVENT_MORE, DIR_NONE, "" },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_exchange_ims = {
	.name = "exchange-ims",
	.title = "SMTP protocol log of the Exchange Internet Mail Service",
	.origin = "Microsoft Exchange 4.0 to 5.5",
	.traits = { .times_are_utc = false, .times_have_ms = false },
	.one_at_a_time = true,
	.bodies_logged = true,
	.probe = ims_probe,
	.scan = ims_scan,
	.state_is_sound = ims_state_is_sound,
	.samples = ims_samples,
};
