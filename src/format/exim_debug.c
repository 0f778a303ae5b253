/*
 * Exim's debugging output (-d, -v, -bh): the dialogue, in much else.
 *
 *   10:00:00.123  4242 SMTP<< EHLO mail.example.org
 *   10:00:00.123  4242 SMTP>> 250-mx.example.com Hello mail.example.org
 *   10:00:00.123  4242        250 HELP
 *
 * Clock and process stand there when they were asked for; without a process
 * all is of one.  A process that serves a connection can have one of its own
 * to another host: what is said there is indented.  Header fields of messages
 * come through with their folds and may read like anything: so an indented
 * line is no more than the rest of a reply, and only while one is unfinished.
 *
 * The rest of the output is no session's.  Lines of the main log that pass by
 * (`LOG:`) are remarks, except in -bh, which shows nothing else.
 */
#include "config.h"

#include "format/exim_debug.h"

#include "format/exim_debug_line.h"
#include "format/exim_tell.h"
#include "format/syslog_stamp.h"

enum seed { SEED_SERVED = 21, SEED_CALLED };

/* --- the dialogue ----------------------------------------------------------- */

static void
set_key(const struct debug_line *l, bool called, struct event *ev)
{
	ev->key = slice_hash(l->pid, called ? SEED_CALLED : SEED_SERVED) | 1;
	ev->id = l->pid;
	ev->side = called ? SIDE_CLIENT : SIDE_SERVER;
}

/* "<<", ">>", "|>", "+>", ">|" behind "SMTP"; "(close)>>" and the like. */
static enum event_dir
cut_arrow(struct slice *s)
{
	static const struct slice out[] = { { ">>", 2 }, { "|>", 2 },
		{ "+>", 2 }, { ">|", 2 } };

	if (exim_cut_words(s, SLICE("<<")))
		return DIR_IN;
	for (size_t i = 0; i < sizeof out / sizeof *out; i++)
		if (exim_cut_words(s, out[i]))
			return DIR_OUT;
	return DIR_NONE;
}

/* "SMTP(close)>>", "SMTP(shutdown)>>", "SMTP(closed)<<". */
static bool
scan_event(const struct debug_line *l, struct slice s, struct event *ev)
{
	ptrdiff_t n = slice_find_char(s, ')');

	if (n < 2 || n > 40)
		return false;
	set_key(l, l->indent >= 2, ev);
	ev->kind = EVENT_NOTE;
	ev->flags |= EVENT_JOINS;
	if (slice_starts(s, SLICE("(close)>>")))
		ev->kind = EVENT_CLOSE;
	return true;
}

static bool
scan_dialogue(const struct debug_line *l, struct event *ev)
{
	struct slice s = l->text, words;
	bool called = l->indent >= 2;

	if (!exim_cut_words(&s, SLICE("SMTP")) || l->indent == 1)
		return false;
	if (s.n && s.p[0] == '(')
		return scan_event(l, s, ev);
	ev->dir = cut_arrow(&s);
	if (ev->dir == DIR_NONE)
		return false;
	words = slice_from(s, s.n && s.p[0] == ' ');
	set_key(l, called, ev);
	if (slice_starts(s, SLICE("(close on process exit)"))) {
		ev->dir = DIR_NONE;
		ev->kind = EVENT_CLOSE;
		ev->flags |= EVENT_JOINS;
	} else if (slice_starts(words, SLICE("(writing message)")) ||
	    slice_starts(words, SLICE("writing message and termin"))) {
		ev->dir = DIR_NONE;
		ev->kind = EVENT_NOTE;
		ev->flags |= EVENT_JOINS;
	} else {
		ev->kind = EVENT_LINE;
		ev->text = words;
		/* A header field can be folded so that it looks like this;
		   what Exim says to one who is gone comes behind the end. */
		if ((called && l->pid.n) || slice_starts(words,
		    SLICE("421 ")))
			ev->flags |= EVENT_JOINS;
	}
	return true;
}

/* The rest of a reply: under the text of its first line. */
static bool
scan_more(const struct debug_line *l, struct event *ev)
{
	struct reply r;

	if (l->indent < 7 || !reply_parse(l->text, &r))
		return false;
	set_key(l, l->indent > 8, ev);
	ev->kind = EVENT_MORE;
	ev->text = l->text;
	return true;
}

/* --- beginnings and ends ----------------------------------------------------- */

/* "4242 is handling incoming connection from HOST" */
static bool
scan_serving(const struct debug_line *l, struct event *ev)
{
	static const struct slice handling = {
		"handling incoming connection from ", 34 };
	struct slice s = l->text;
	struct exim_host h;
	bool opens = exim_cut_words(&s, SLICE("Process "));
	ptrdiff_t n;

	if (l->indent || (!opens &&
	    !exim_cut_words(&s, SLICE("set_process_info: "))))
		return false;
	n = slice_find(slice_head(s, 64), handling);
	if (n < 0 || n > 16)
		return false;
	s = slice_from(s, (size_t)n + handling.n);
	if (!exim_cut_host(&s, &h))
		return false;
	set_key(l, false, ev);
	ev->kind = opens ? EVENT_OPEN : EVENT_NOTE;
	ev->peer = h.end;
	if (!opens)
		ev->text = l->text;
	return true;
}

/* "Connecting to HOST ... connected", where the outcome may come apart. */
static bool
scan_calling(const struct debug_line *l, struct event *ev)
{
	struct slice s = l->text;
	struct exim_host h;
	bool again = exim_cut_words(&s, SLICE("already connected to "));

	if (slice_eq(l->text, SLICE("connected"))) {
		set_key(l, true, ev);
		ev->kind = EVENT_OPEN;
		ev->flags |= l->pid.n ? EVENT_JOINS : 0;
		return true;
	}
	if (slice_starts(s, SLICE("sock_connect failed: ")) ||
	    slice_starts(s, SLICE("failed: Connection")) ||
	    slice_starts(s, SLICE("unable to bind outgoing SMTP call"))) {
		set_key(l, true, ev);
		ev->kind = EVENT_CLOSE;
		ev->flags |= EVENT_JOINS | EVENT_LOST;
		return true;
	}
	if (!again && !exim_cut_words(&s, SLICE("Connecting to ")))
		return false;
	if (!exim_cut_host(&s, &h))
		return false;
	set_key(l, true, ev);
	ev->peer = h.end;
	if (again)
		ev->kind = EVENT_NOTE;
	else if (slice_find(s, SLICE("... connected")) >= 0)
		ev->kind = EVENT_OPEN;
	else
		ev->kind = EVENT_ATTEMPT;
	return true;
}

/* ">>>>>>>>>>>>>>>> Exim pid=4242 (daemon-accept) terminating with rc=0" */
static bool
scan_exit(const struct debug_line *l, struct event *ev)
{
	if (!slice_starts(l->text, SLICE(">>>>>>>>>>>>>>>> Exim pid=")) ||
	    (slice_find(l->text, SLICE(" (daemon-accept) ")) < 0 &&
	    slice_find(l->text, SLICE(" (fresh-exec) ")) < 0))
		return false;
	set_key(l, false, ev);
	ev->side = SIDE_UNKNOWN;
	ev->kind = EVENT_CLOSE;
	ev->flags |= EVENT_JOINS;
	return true;
}

/* --- what goes to the main log ----------------------------------------------- */

static void
tell_log(struct slice text, struct exim_tale *t, bool words)
{
	/* The id is left out here, though it is known to whom it is about. */
	struct exim_line l = { .time = CLOCK_NONE, .id = SLICE("-"),
	    .text = text, .shown = text };

	if (words)
		exim_tell_words(&l, t);
	else
		exim_tell(&l, t);
	t->d.queue = SLICE_NONE;
	if (t->about == EXIM_MESSAGE && t->kind == EVENT_NOTE &&
	    !t->completed && !slice_starts(text, SLICE("H=")))
		t->about = EXIM_NOTHING;
}

static bool
is_logged(const struct debug_line *l, struct slice *text, bool *bare)
{
	*text = l->text;
	*bare = l->indent == 0 && exim_cut_words(text, SLICE("LOG: "));
	return *bare || l->indent == 2;
}

static void
copy_tale(const struct exim_tale *t, struct event *ev)
{
	ev->kind = t->kind;
	ev->says = t->says | SAYS_ECHO;
	ev->code = t->code;
	ev->enhanced = t->enhanced;
	ev->verb = t->verb;
	if (t->about == EXIM_CONNECTION)
		ev->peer = t->host.end;
	if (t->lost)
		ev->flags |= EVENT_LOST;
}

static bool
scan_logged(const struct debug_line *l, struct event *ev)
{
	struct exim_tale t;
	struct slice text;
	bool bare;

	if (!is_logged(l, &text, &bare))
		return false;
	tell_log(text, &t, false);
	if (t.about == EXIM_NOTHING)
		return false;
	copy_tale(&t, ev);
	ev->text = text;
	set_key(l, t.about == EXIM_MESSAGE && !t.arrival && !bare, ev);
	/* Replies still follow some of these. */
	if (!bare && ev->kind == EVENT_CLOSE &&
	    !slice_starts(text, SLICE("SMTP connection")))
		ev->kind = EVENT_REPORT;
	/* Another process than the one that talked says it, if that is told. */
	if (t.about == EXIM_MESSAGE && l->pid.n)
		ev->kind = EVENT_META;
	if (t.completed)
		ev->flags |= EVENT_JOINS;
	return true;
}

/* --- a dialogue by hand (-bh) ------------------------------------------------- */

static bool
scan_bare(struct debug_state *ds, const struct debug_line *l,
    struct slice line, struct event *ev)
{
	static const struct slice banner = {
		"**** SMTP testing session as if from host ", 42 };
	struct reply r;

	if (line.n && line.p[0] == '*' && slice_starts(line, banner)) {
		set_key(l, false, ev);
		ev->kind = EVENT_OPEN;
		ev->peer = slice_from(line, banner.n);
		if (!ds->bare)
			ev->flags |= EVENT_STATE;
		ds->bare = 1;
		return true;
	}
	if (!ds->bare || l->pid.n || slice_starts(line, SLICE("****")) ||
	    slice_starts(line, SLICE(">>>")) ||
	    slice_starts(line, SLICE("LOG:")))
		return false;
	set_key(l, false, ev);
	ev->text = line;
	ev->kind = EVENT_MORE;
	if (reply_parse(line, &r)) {
		ev->kind = EVENT_LINE;
		ev->dir = DIR_OUT;
	} else if (verb_parse(line, NULL) != VERB_UNKNOWN ||
	    slice_eq(line, SLICE("."))) {
		ev->kind = EVENT_LINE;
		ev->dir = DIR_IN;
	}
	return true;
}

/* --- the format ---------------------------------------------------------------- */

/* Most lines are noise, and their first byte says so. */
static bool
scan_known(const struct debug_line *l, struct event *ev)
{
	switch (l->text.n ? l->text.p[0] : '\0') {
	case 'S':
		return scan_dialogue(l, ev);
	case '2':
	case '3':
	case '4':
	case '5':
		return scan_more(l, ev);
	case 'P':
		return scan_serving(l, ev);
	case 's':
		return scan_serving(l, ev) || scan_calling(l, ev);
	case 'C':
	case 'a':
	case 'c':
	case 'f':
	case 'u':
		return scan_calling(l, ev);
	case '>':
		return scan_exit(l, ev);
	default:
		return false;
	}
}

static size_t
debug_scan(const struct format *fm, struct format_state *st, struct slice line,
    struct event *ev)
{
	struct debug_state *ds = (void *)st->bytes;
	struct debug_line l;

	(void)fm;
	event_clear(ev);
	debug_cut_line(ds, line, &l);
	/* Not l.text: what was just written in halves is not to be read. */
	ev->text = slice_from(line, line.n - l.text.n);
	ev->time = l.time;
	if (l.state)
		ev->flags = EVENT_STATE;
	if (scan_known(&l, ev) || scan_bare(ds, &l, line, ev) ||
	    scan_logged(&l, ev))
		return line.n;
	/* Noise: thousands of lines that nobody counts as lost. */
	ev->kind = EVENT_META;
	ev->text = line;
	return line.n;
}

static void
debug_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct debug_state own = *(const struct debug_state *)
	    (const void *)st->bytes;
	struct debug_line l;
	struct exim_tale t;
	struct slice text;
	bool bare;

	(void)fm;
	debug_cut_line(&own, line, &l);
	if (ev->says == 0 || !is_logged(&l, &text, &bare))
		return;
	tell_log(text, &t, true);
	*d = t.d;
}

/* --- detection ------------------------------------------------------------------ */

/* "Thu, 26 Nov 2026 10:00:00 +0000" at the end of Exim's greeting. */
static int32_t
day_of_greeting(struct slice s)
{
	ptrdiff_t n = slice_find(s, SLICE(", "));
	struct slice word, day;
	uint64_t d, y;
	struct civil c = { .hour = 0 };

	if (n < 0 || !slice_starts(s, SLICE("220 ")) ||
	    slice_find(s, SLICE(" Exim ")) < 0)
		return 0;
	s = slice_from(s, (size_t)n + 2);
	if (!slice_cut(&s, ' ', &day) || !slice_to_u64(day, &d) ||
	    !slice_cut(&s, ' ', &word))
		return 0;
	c.month = (int)syslog_month(word);
	if (!slice_cut(&s, ' ', &word) || !slice_to_u64(word, &y) ||
	    y < 1970 || y > 9999 || d > 31)
		return 0;
	c.year = (int)y;
	c.day = (int)d;
	return civil_is_valid(&c) ? (int32_t)(clock_from_civil(&c) / DAY_MS) :
	    0;
}

struct votes {
	unsigned lines, tags, others;
	int32_t day;             /* of the first line, once a greeting tells */
	uint8_t hour;            /* and its hour */
	bool clocked, ms;
};

static bool
is_other(struct slice s)
{
	return slice_starts(s, SLICE("set_process_info:")) ||
	    slice_starts(s, SLICE("LOG: ")) ||
	    slice_starts(s, SLICE("Exim version ")) ||
	    slice_starts(s, SLICE("search_tidyup called")) ||
	    slice_starts(s, SLICE(">>> host in ")) ||
	    slice_starts(s, SLICE("cmdlog: '")) ||
	    slice_starts(s, SLICE("**** SMTP testing session as if"));
}

static void
vote(struct debug_state *ds, struct slice line, struct votes *v)
{
	struct debug_line l;
	struct event ev;
	uint8_t hour = ds->hour;
	int32_t day;

	debug_cut_line(ds, line, &l);
	v->lines++;
	if (l.clocked && !v->clocked) {
		v->clocked = true;
		ds->hour = v->hour = hour = l.hour;
	}
	/* Midnights before the day is known: so much earlier it began. */
	if (!ds->day && l.state && ds->hour < hour)
		v->day--;
	event_clear(&ev);
	if (scan_dialogue(&l, &ev)) {
		v->tags++;
		day = ds->day ? 0 : day_of_greeting(ev.text);
		if (day) {
			ds->day = day;
			v->day += day;
		}
	}
	v->others += is_other(l.text);
	v->ms = v->ms || (l.time != CLOCK_NONE && l.time % 1000);
}

static int
debug_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct debug_state *ds = (void *)st->bytes;
	struct votes v = { 0 };
	struct slice line;

	(void)fm;
	(void)hint;
	while (slice_cut(&head, '\n', &line))
		vote(ds, line, &v);
	ds->day = ds->day ? v.day : 0;
	ds->hour = v.hour;
	traits->times_have_ms = v.ms;
	err_set(why, "%u of %u lines are a dialogue as Exim's debugging "
	    "output has it, %u others are its own", v.tags, v.lines, v.others);
	if (v.tags + v.others == 0)
		return 0;
	/* A message can quote a line or two. */
	if (v.others == 0)
		return v.tags * 4 > v.lines ? 85 : 45;
	return v.others > 1 && (v.tags + v.others) * 100 > v.lines ? 90 : 50;
}

static const struct format_sample debug_samples[] = {
	{ " 4242 Process 4242 is handling incoming connection from "
	    "[192.0.2.1]:4711", EVENT_OPEN, DIR_NONE, NULL },
	{ "10:00:00.123  4242 SMTP<< EHLO mail.example.org", EVENT_LINE,
	    DIR_IN, "EHLO mail.example.org" },
	{ "42420 SMTP>> 250-mx.example.com Hello", EVENT_LINE, DIR_OUT,
	    "250-mx.example.com Hello" },
	{ "42420        250 HELP", EVENT_MORE, DIR_NONE, "250 HELP" },
	{ "  SMTP|> MAIL FROM:<ann@example.org>", EVENT_LINE, DIR_OUT,
	    "MAIL FROM:<ann@example.org>" },
	{ "  SMTP>> (writing message)", EVENT_NOTE, DIR_NONE, NULL },
	{ "Connecting to mx.example.com [192.0.2.2]:25 ... ", EVENT_ATTEMPT,
	    DIR_NONE, NULL },
	{ " connected", EVENT_OPEN, DIR_NONE, NULL },
	{ "  SMTP(close)>>", EVENT_CLOSE, DIR_NONE, NULL },
	{ "42420 using ACL \"rcpt\"", EVENT_META, DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_exim_debug = {
	.name = "exim-debug",
	.title = "debugging output of Exim (-d, -v, -bh)",
	.origin = "Exim 4",
	.traits = { .times_are_utc = false, .times_have_ms = false },
	.lingers = true,
	.probe = debug_probe,
	.scan = debug_scan,
	.detail = debug_detail,
	.samples = debug_samples,
};
