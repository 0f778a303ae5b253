/*
 * Haraka: protocol lines, and notices that tell the same in words.
 *
 *   [PROTOCOL] [UUID.1] [core] C: RCPT TO:<a@b> state=1
 *   [PROTOCOL] [UUID.1] [core] S: 250 recipient <a@b> OK
 *   [NOTICE] [UUID.1] [core] recipient <a@b> code=DENY msg="no such user"
 *
 * A session is its UUID, whatever transaction is counted behind it.  C is the
 * client by role: for mail that goes out (origin `outbound`), where the id with
 * all its numbers is the session, that is Haraka.  The notices are there at
 * each level; where protocol lines are logged they only repeat them.  Message
 * text is logged at level DATA alone.
 *
 * DENY stands for 550 and DENYSOFT for 450 where a plugin refuses a sender, a
 * recipient or a message, unless it brings a reply of its own, which shows as
 * [object Object]; at other hooks only the class is sure.
 */
#include "config.h"

#include "format/haraka.h"

#include "format/haraka_line.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

/* --- sessions ------------------------------------------------------------------- */

#define UUID_LENGTH 36

static bool
is_outbound(const struct haraka_line *l)
{
	return slice_eq(l->origin, SLICE("outbound"));
}

/* The session's part of an id: `UUID.1` is the UUID. */
static struct slice
session_id(const struct haraka_line *l)
{
	ptrdiff_t dot;

	if (is_outbound(l))
		return l->id;
	dot = slice_find_char(l->id, '.');
	return dot < 0 ? l->id : slice_head(l->id, (size_t)dot);
}

/* Four words of a UUID at a time; ids of another shape byte by byte. */
static uint64_t
key_of(struct slice id)
{
	uint64_t word[4], h = 0;

	if (id.n != UUID_LENGTH)
		return slice_hash(id, 7) | 1;
	memcpy(word, id.p, sizeof word);
	for (int i = 0; i < 4; i++)
		h = (h ^ word[i]) * UINT64_C(0x9e3779b97f4a7c15);
	memcpy(word, id.p + UUID_LENGTH - 8, 8);
	h = (h ^ h >> 29 ^ word[0]) * UINT64_C(0xbf58476d1ce4e5b9);
	return (h ^ h >> 32) | 1;
}

/* --- protocol lines --------------------------------------------------------------- */

/* ` state=1` stands behind a command; the client may have said the same. */
static struct slice
without_state(struct slice s)
{
	size_t n = s.n;

	while (n && ascii_is_digit((unsigned char)s.p[n - 1]))
		n--;
	return n < s.n && n >= 7 && memcmp(s.p + n - 7, " state=", 7) == 0 ?
	    slice_head(s, n - 7) : s;
}

/* Line ends are written as \r and \n, the latter only at this level. */
static struct slice
without_line_end(struct slice s)
{
	while (s.n >= 2 && s.p[s.n - 2] == '\\' &&
	    (s.p[s.n - 1] == 'r' || s.p[s.n - 1] == 'n'))
		s.n -= 2;
	return s;
}

static bool
scan_protocol(const struct haraka_line *l, struct event *ev)
{
	struct slice s = l->message;
	bool client, out = is_outbound(l);

	if (s.n < 3 || s.p[1] != ':' || s.p[2] != ' ' ||
	    (s.p[0] != 'C' && s.p[0] != 'S'))
		return false;
	client = s.p[0] == 'C';
	s = slice_from(s, 3);
	if (slice_starts(s, SLICE("(after-disconnect)")))
		return false;
	ev->kind = EVENT_LINE;
	ev->dir = client == out ? DIR_OUT : DIR_IN;
	if (client && !l->escaped)
		s = without_state(s);
	ev->text = without_line_end(s);
	/* One id after another connection: it tries the next host. */
	if (out && !client && slice_starts(s, SLICE("220")))
		ev->flags |= EVENT_BEGINS;
	return true;
}

/* --- notices ----------------------------------------------------------------------- */

/*
 * Behind `sender ` or `recipient `: an address in angle brackets, which may
 * have quotes in it.  *rest is what follows.
 */
static bool
cut_address(const struct haraka_line *l, struct slice s, struct slice *address,
    struct slice *rest)
{
	bool quoted = false;

	if (s.n < 2 || s.p[0] != '<')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '>' && !quoted) {
			*address = slice_from(slice_head(s, i), 1);
			*rest = slice_from(s, i + 1);
			return true;
		}
		/* In escaped forms quotes and backslashes have one more. */
		if (s.p[i] == '\\' && i + 1 < s.n) {
			i++;
			if (l->escaped && s.p[i] == '"')
				quoted = !quoted;
			else if (l->escaped && i + 2 < s.n &&
			    s.p[i + 1] == '\\')
				i += 2;
		} else if (s.p[i] == '"') {
			quoted = !quoted;
		}
	}
	return false;
}

/* `sender <a@b> code=CONT msg=""`: what stands behind the address. */
struct verdict {
	struct slice address, code, msg;
};

static bool
read_verdict(const struct haraka_line *l, struct slice word, struct verdict *v)
{
	struct haraka_line behind = *l;
	struct slice rest;

	if (!slice_starts(l->message, word) || !cut_address(l,
	    slice_from(l->message, word.n), &v->address, &rest))
		return false;
	if (!l->escaped)
		behind.values = rest;
	v->code = haraka_value(&behind, SLICE("code"));
	v->msg = haraka_value(&behind, SLICE("msg"));
	return v->code.p != NULL;
}

/* 5 or 4 for what refuses, else 0. */
static unsigned
class_of(struct slice code)
{
	if (slice_starts(code, SLICE("DENYSOFT")))
		return 4;
	return slice_starts(code, SLICE("DENY")) ? 5 : 0;
}

static uint16_t
code_of(unsigned class, struct slice msg)
{
	if (class == 0)
		return 0;
	if (slice_eq(msg, SLICE("[object Object]")))
		return (uint16_t)class;
	return class == 5 ? 550 : 450;
}

static void
report(struct event *ev, enum smtp_verb verb, unsigned says, unsigned code)
{
	ev->kind = EVENT_REPORT;
	ev->verb = (uint8_t)verb;
	ev->says = (uint16_t)(says | SAYS_ECHO);
	ev->code = (uint16_t)code;
}

static bool
scan_verdict(const struct haraka_line *l, struct event *ev)
{
	struct verdict v;
	unsigned class;

	if (read_verdict(l, SLICE("sender "), &v)) {
		class = class_of(v.code);
		report(ev, VERB_MAIL, class ? SAYS_FROM :
		    SAYS_FROM | SAYS_TRANSACTION, code_of(class, v.msg));
		return true;
	}
	if (read_verdict(l, SLICE("recipient "), &v)) {
		class = class_of(v.code);
		report(ev, VERB_RCPT, SAYS_TO, code_of(class, v.msg));
		return true;
	}
	return false;
}

static bool
is_message(const struct haraka_line *l, struct slice word)
{
	return l->escaped ? slice_eq(l->message, word) :
	    slice_starts(l->message, word) && l->message.n > word.n &&
	    l->message.p[word.n] == ' ';
}

/* What became of the text of a message. */
static bool
scan_message(const struct haraka_line *l, struct event *ev)
{
	struct slice code, msg;
	unsigned class, reply;

	if (!is_message(l, SLICE("queue")) && !is_message(l, SLICE("message")))
		return false;
	code = haraka_value(l, SLICE("code"));
	msg = haraka_value(l, SLICE("msg"));
	if (!code.p)
		return false;
	class = class_of(code);
	reply = code_of(class, msg);
	if (l->message.p[0] == 'q' && !class)
		/* CONT: of a client that may relay, the next entry tells; of
		   others it is put off, and lr= tells that. */
		reply = slice_eq(code, SLICE("OK")) ? 250 : 0;
	report(ev, VERB_DATA, reply ? SAYS_DONE : SAYS_TRANSACTION, reply);
	return true;
}

static const struct {
	struct slice hook;
	enum smtp_verb verb;
} hooks[] = {
	{ { "connect", 7 }, VERB_CONNECT },
	{ { "lookup_rdns", 11 }, VERB_CONNECT },
	{ { "helo", 4 }, VERB_HELO }, { { "ehlo", 4 }, VERB_EHLO },
	{ { "data", 4 }, VERB_DATA },
};

/* Hooks of which there is no other notice. */
static bool
scan_hook(const struct haraka_line *l, struct event *ev)
{
	struct slice hook;
	unsigned class;

	if (!(l->escaped ? l->message.n == 0 :
	    slice_starts(l->message, SLICE(" hook="))))
		return false;
	hook = haraka_value(l, SLICE("hook"));
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
		if (!slice_eq(hook, hooks[i].hook))
			continue;
		class = class_of(haraka_value(l, SLICE("retval")));
		if (class)
			report(ev, hooks[i].verb, 0, class);
		return class != 0;
	}
	return false;
}

static bool
scan_connect(const struct haraka_line *l, struct event *ev)
{
	if (!is_message(l, SLICE("connect")))
		return false;
	ev->kind = EVENT_OPEN;
	ev->says = SAYS_UP;
	ev->peer = haraka_value(l, SLICE("ip"));
	ev->local = haraka_value(l, SLICE("local_ip"));
	return true;
}

/* The summary: lr is the last reply that refused something. */
static bool
scan_disconnect(const struct haraka_line *l, struct event *ev)
{
	struct slice helo, last;
	struct reply r;

	if (!is_message(l, SLICE("disconnect")))
		return false;
	ev->kind = EVENT_CLOSE;
	ev->peer = haraka_value(l, SLICE("ip"));
	helo = haraka_value(l, SLICE("helo"));
	last = haraka_value(l, SLICE("lr"));
	ev->says = SAYS_DONE | SAYS_ECHO;
	if (helo.n)
		ev->says |= SAYS_HELO;
	if (slice_eq(haraka_value(l, SLICE("tls")), SLICE("Y")))
		ev->says |= SAYS_TLS;
	if (reply_parse(last, &r)) {
		ev->code = r.code;
		ev->enhanced = r.enhanced;
	}
	return true;
}

/* The client went; whether that broke off anything the session knows. */
static bool
scan_gone(const struct haraka_line *l, struct event *ev)
{
	static const struct slice heads[] = {
		{ "client half closed connection", 29 },
		{ "client dropped connection", 25 },
		{ "client connection error: ", 25 },
		{ "client connection timed out", 27 },
	};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (slice_starts(l->message, heads[i])) {
			ev->kind = EVENT_REPORT;
			ev->says = SAYS_GONE;
			return true;
		}
	return false;
}

static bool
scan_inbound(const struct haraka_line *l, struct event *ev)
{
	if (!slice_eq(l->origin, SLICE("core"))) {
		if (!slice_starts(l->message, SLICE("secured: ")))
			return false;
		ev->kind = EVENT_TLS;
		ev->context = slice_from(l->message, 9);
		ev->flags |= EVENT_JOINS;
		return true;
	}
	return scan_connect(l, ev) || scan_disconnect(l, ev) ||
	    scan_verdict(l, ev) || scan_message(l, ev) || scan_hook(l, ev) ||
	    scan_gone(l, ev);
}

static bool
scan_outbound(const struct haraka_line *l, struct event *ev)
{
	if (slice_starts(l->message, SLICE("delivered file")) ||
	    (l->escaped && l->message.n == 0 &&
	    haraka_value(l, SLICE("delivered file")).p)) {
		ev->kind = EVENT_CLOSE;
	} else if (slice_starts(l->message, SLICE("Remote end ")) &&
	    slice_find(l->message, SLICE(" closed connection ")) >= 0) {
		ev->kind = EVENT_CLOSE;
		ev->flags |= EVENT_LOST | EVENT_REMOTE;
	} else {
		return false;
	}
	ev->flags |= EVENT_JOINS;
	return true;
}

/* --- the scan --------------------------------------------------------------------- */

static void
scan_line(const struct haraka_line *l, struct event *ev)
{
	bool protocol = slice_eq(l->level, SLICE("PROTOCOL")) ||
	    slice_eq(l->level, SLICE("DATA"));

	ev->text = l->message;
	if (l->escaped)
		ev->flags |= EVENT_REPR;
	ev->side = is_outbound(l) ? SIDE_CLIENT : SIDE_SERVER;
	if (protocol && scan_protocol(l, ev))
		return;
	if (!protocol && (is_outbound(l) ? scan_outbound(l, ev) :
	    scan_inbound(l, ev)))
		return;
	/* Remarks begin no session: they also come behind its end. */
	ev->kind = EVENT_NOTE;
	ev->flags |= EVENT_JOINS;
	if (l->escaped && !l->message.n)
		ev->text = l->values;
}

static size_t
haraka_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev)
{
	struct haraka_line l;

	(void)fm;
	event_clear(ev);
	if (line.n == 0) {
		ev->kind = EVENT_META;
		return 0;
	}
	if (haraka_cut((void *)st->bytes, line, &l) &&
	    !slice_eq(l.id, SLICE("-")) && l.id.n) {
		ev->time = l.time;
		ev->id = session_id(&l);
		ev->key = key_of(ev->id);
		scan_line(&l, ev);
	}
	if (l.new_year)
		ev->flags |= EVENT_STATE;
	return line.n;
}

static void
haraka_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct format_state state = *st;
	struct haraka_line l;
	struct verdict v;
	struct reply r;
	uint64_t n;

	(void)fm;
	if (!haraka_cut((void *)state.bytes, line, &l))
		return;
	if (ev->kind == EVENT_OPEN) {
		if (slice_to_u64(haraka_value(&l, SLICE("port")), &n) &&
		    n < 65536)
			d->port = (int32_t)n;
		return;
	}
	if (ev->kind == EVENT_CLOSE) {
		d->helo = haraka_value(&l, SLICE("helo"));
		if (ev->code && reply_parse(haraka_value(&l, SLICE("lr")), &r))
			d->reply = r.text;
		return;
	}
	if (ev->says & (SAYS_FROM | SAYS_TO | SAYS_DONE | SAYS_TRANSACTION))
		d->queue = l.id;
	if ((ev->says & SAYS_FROM) && read_verdict(&l, SLICE("sender "), &v)) {
		d->from = v.address;
		d->reply = v.msg;
		d->final = ev->code != 0;
	} else if ((ev->says & SAYS_TO) &&
	    read_verdict(&l, SLICE("recipient "), &v)) {
		d->to = v.address;
		d->reply = ev->code ? v.msg : SLICE_NONE;
	} else {
		d->reply = haraka_value(&l, SLICE("msg"));
		d->final = ev->verb == VERB_DATA && ev->code != 0 && d->queue.n;
		d->has_size = slice_to_u64(haraka_value(&l, SLICE("size")),
		    &d->size);
	}
}

/* --- the format -------------------------------------------------------------------- */

static bool
is_level(struct slice word)
{
	static const char *const levels[] = { "DATA", "PROTOCOL", "DEBUG",
		"INFO", "NOTICE", "WARN", "ERROR", "CRIT", "ALERT", "EMERG" };

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (slice_eq(word, slice_of(levels[i])))
			return true;
	return false;
}

#define PROBE_LINES 200

static bool
haraka_state_is_sound(const struct format_state *st)
{
	const struct haraka_state *hs = (const void *)st->bytes;

	return iso_minute_is_sound(&hs->minute);
}

static int
haraka_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct haraka_state *hs = (void *)st->bytes;
	unsigned lines = 0, good = 0, stamps = 0, iso = 0;
	struct slice line;

	(void)fm;
	syslog_begin(&hs->syslog, head, hint, traits);
	while (lines < PROBE_LINES && slice_cut(&head, '\n', &line)) {
		struct haraka_line l;
		int64_t t;

		line = slice_trim(line);
		if (line.n == 0)
			continue;
		lines++;
		if (!haraka_cut(hs, line, &l) || !is_level(l.level))
			continue;
		good++;
		stamps += l.time != CLOCK_NONE;
		iso += iso_stamp(&hs->minute, line, &t) > 0;
	}
	if (iso == stamps)
		*traits = (struct format_traits){ .times_are_utc = true,
			.times_have_ms = true };
	err_set(why, "%u of %u lines are of Haraka's logger", good, lines);
	/* It begins with lines of others that it loads. */
	return good > 2 && good * 2 > lines ? 96 : lines ?
	    (int)(good * 90 / lines) : 0;
}

#define U "2026-11-23T10:00:00.123Z [NOTICE] " \
	"[D01B4388-7099-4560-9A22-C6ABBBDCEA93.1] [core] "
#define P "[PROTOCOL] [D01B4388-7099-4560-9A22-C6ABBBDCEA93] [core] "
#define O "[PROTOCOL] [D01B4388-7099-4560-9A22-C6ABBBDCEA93.1.1] [outbound] "
#define K "level=PROTOCOL uuid=D01B4388-7099-4560-9A22-C6ABBBDCEA93 origin=core "

static const struct format_sample haraka_samples[] = {
	{ U "connect ip=192.0.2.7 port=49486 local_ip=127.0.0.1 local_port=25",
	    EVENT_OPEN, DIR_NONE, NULL },
	{ P "C: EHLO mail.example.org state=1", EVENT_LINE, DIR_IN,
	    "EHLO mail.example.org" },
	{ P "S: 250-mx Hello", EVENT_LINE, DIR_OUT, "250-mx Hello" },
	{ O "S: 220 mx.example.net\\r\\n", EVENT_LINE, DIR_IN,
	    "220 mx.example.net" },
	{ O "C: EHLO mx.example.org", EVENT_LINE, DIR_OUT,
	    "EHLO mx.example.org" },
	{ K "message=\"C: NOOP \\\"x\\\"\" state=1", EVENT_LINE, DIR_IN,
	    "NOOP \"x\"" },
	{ "{\"level\":\"PROTOCOL\",\"uuid\":\"D01B4388\",\"origin\":\"core\","
	    "\"message\":\"S: 250 a \\\"b\\\"\"}", EVENT_LINE, DIR_OUT,
	    "250 a \"b\"" },
	{ U "recipient <a@example.org> code=DENY msg=\"no such user\"",
	    EVENT_REPORT, DIR_NONE, NULL },
	{ "Feb 12 15:37:38 mx haraka[1803]: [DEBUG] [72F10B19] [core] running",
	    EVENT_NOTE, DIR_NONE, "running" },
	{ "[INFO] [-] [core] loading tls.ini", EVENT_FOREIGN, DIR_NONE, NULL },
	{ "loaded TLD files: 1=1437", EVENT_FOREIGN, DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_haraka = {
	.name = "haraka",
	.title = "log of Haraka (default, logfmt, JSON)",
	.origin = "Haraka 2 and 3",
	.traits = { .times_are_utc = true, .times_have_ms = true },
	.bodies_logged = true,
	.probe = haraka_probe,
	.scan = haraka_scan,
	.state_is_sound = haraka_state_is_sound,
	.detail = haraka_detail,
	.samples = haraka_samples,
};
