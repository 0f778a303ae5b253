/*
 * Exchange 2007 to 2019 and SE: SmtpReceive and SmtpSend protocol logs.
 *
 *   date-time,connector-id,session-id,sequence-number,local-endpoint,
 *   remote-endpoint,event,data,context
 *
 * CSV by RFC 4180 but for line ends inside quotes, which Exchange never
 * writes.  The order of the fields is the one of the last #Fields: line.
 * Sessions interleave; the session id tells them apart.  Sequence numbers
 * have gaps and repeats and are not used.  Event: + connected, - closed,
 * > sent, < received, * a note; logs pasted through a forum lose the * .
 * Message text is never logged.
 */
#include "config.h"

#include "format/exchange_csv.h"

#include <string.h>

#include "format/csv.h"
#include "format/hex.h"

enum field {
	FIELD_TIME, FIELD_CONNECTOR, FIELD_SESSION, FIELD_SEQUENCE,
	FIELD_LOCAL, FIELD_REMOTE, FIELD_EVENT, FIELD_DATA, FIELD_CONTEXT,
	FIELD_COUNT,
	FIELD_OTHER = FIELD_COUNT        /* a column we have no use for */
};

static const char *const field_names[FIELD_COUNT] = {
	[FIELD_TIME] = "date-time",
	[FIELD_CONNECTOR] = "connector-id",
	[FIELD_SESSION] = "session-id",
	[FIELD_SEQUENCE] = "sequence-number",
	[FIELD_LOCAL] = "local-endpoint",
	[FIELD_REMOTE] = "remote-endpoint",
	[FIELD_EVENT] = "event",
	[FIELD_DATA] = "data",
	[FIELD_CONTEXT] = "context",
};

#define COLUMNS_MAX 16
#define ID_DIGITS 16             /* of a session id */

/*
 * The state: which side the log is of, and the columns in their order.  No
 * columns stands for the usual order, as does `other_order` unset.  The minute
 * of the last row saves the arithmetic of the calendar for most of the next;
 * it changes no result.
 */
struct csv_state {
	uint8_t side;
	uint8_t other_order;
	uint8_t columns;
	uint8_t column[COLUMNS_MAX];
	char minute[16];         /* 2024-03-13T09:01, or zeros */
	int64_t minute_time;
};
_Static_assert(sizeof(struct csv_state) <= FORMAT_STATE_MAX, "state fits");

/* --- one row into its fields ------------------------------------------- */

static struct slice
cut_last(struct slice line, const char *p, bool *doubled)
{
	struct csv_cursor c = csv_begin(line, p);

	return csv_cut_field(&c, p, doubled).text;
}

/*
 * A row in the usual order whose time and session id have the usual lengths
 * and whose endpoints have no quotes: nearly every row there is.  False when
 * it is another one.
 *
 * The commas are looked for anew behind the id, so that most of what follows
 * lies in one mask wherever the row's fields end.
 */
static inline bool
cut_usual_row(struct slice line, struct event *ev, char *kind_char)
{
	const char *start = line.p, *id, *local, *remote, *kind, *comma;
	struct csv_cursor c;
	struct csv_field f;
	bool doubled = false;

	if (line.n < MASK_BYTES || start[24] != ',')
		return false;
	c = csv_begin(line, start + 25);
	id = start[25] != '"' ? csv_next_comma(&c) :
	    csv_cut_quoted(start + 26, c.end, &doubled).comma;
	doubled = false;         /* it is no text */
	/* Where all sixteen are digits there is no comma among them. */
	if (c.end - id < ID_DIGITS + 3 || id[ID_DIGITS + 1] != ',' ||
	    !hex16(id + 1, &ev->key))
		return false;
	c = csv_begin(line, id + ID_DIGITS + 2);
	local = csv_next_comma(&c);
	remote = csv_next_comma(&c);
	kind = csv_next_comma(&c);
	comma = csv_next_comma(&c);
	if (comma - kind != 2 || comma == c.end || local[1] == '"' ||
	    remote[1] == '"')
		return false;
	*kind_char = kind[1];
	ev->id = (struct slice){ id + 1, ID_DIGITS };
	ev->local = (struct slice){ local + 1, (size_t)(remote - local) - 1 };
	ev->peer = (struct slice){ remote + 1, (size_t)(kind - remote) - 1 };
	f.text.p = comma + 1;
	if (f.text.p < c.end && *f.text.p == '"') {
		f = csv_cut_quoted(f.text.p + 1, c.end, &doubled);
	} else {
		f.comma = csv_next_comma(&c);
		f.text.n = (size_t)(f.comma - f.text.p);
	}
	ev->text = f.text;
	ev->context = c.end - f.comma > 1 ?
	    cut_last(line, f.comma + 1, &doubled) : SLICE_NONE;
	ev->flags = doubled ? EVENT_QUOTED : 0;
	return true;
}

/* --- the parts of a row ------------------------------------------------- */

static inline unsigned
two(const char *p)
{
	return ((unsigned)(unsigned char)p[0] - '0') * 10 +
	    ((unsigned)(unsigned char)p[1] - '0');
}

/* 2024-03-13T09:01, the first sixteen bytes of a time, into the state. */
static bool
parse_minute(struct csv_state *cs, const char *p)
{
	struct civil c = { 0 };

	if (p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':')
		return false;
	c.year = (int)(two(p) * 100 + two(p + 2));
	c.month = (int)two(p + 5);
	c.day = (int)two(p + 8);
	c.hour = (int)two(p + 11);
	c.minute = (int)two(p + 14);
	if (!civil_is_valid(&c))
		return false;
	memcpy(cs->minute, p, sizeof cs->minute);
	cs->minute_time = clock_from_civil(&c);
	return true;
}

static inline bool
same_minute(const char *a, const char *b)
{
	uint64_t x[2], y[2];

	memcpy(x, a, sizeof x);
	memcpy(y, b, sizeof y);
	return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

/* 2024-03-13T09:01:18.723Z; false when it is nothing of the kind. */
static inline bool
parse_time(struct csv_state *cs, struct slice s, int64_t *t)
{
	const char *p = s.p;
	unsigned second, ms = 0;

	if (s.n < 20 || p[16] != ':' || p[s.n - 1] != 'Z' ||
	    (!same_minute(p, cs->minute) &&
	    !parse_minute(cs, p)))
		return false;
	second = two(p + 17);
	if (s.n >= 24 && p[19] == '.')
		ms = ((unsigned)(unsigned char)p[20] - '0') * 100 +
		    two(p + 21);
	/* Second 60 is a leap second. */
	if (second > 60 || ms > 999)
		return false;
	*t = cs->minute_time + second * 1000 + ms;
	return true;
}

static bool
all_zero(struct slice id)
{
	for (size_t i = 0; i < id.n; i++)
		if (id.p[i] != '0')
			return false;
	return true;
}

/*
 * Ids of sixteen digits are their own number.  Logs that were made anonymous
 * have nothing but zeros there: then the two endpoints tell sessions apart,
 * and since Send logs know the local one only from the + row on, the key
 * without it may have been the session's name so far.
 */
static void
set_other_key(struct event *ev)
{
	struct slice id = ev->id;

	if (id.n && !all_zero(id)) {
		ev->key = slice_hash(id, 1) | 1;
		return;
	}
	ev->key_before = slice_hash(ev->peer, 2) | 1;
	ev->key = ev->local.n ? slice_hash(ev->local, ev->key_before) | 1 :
	    ev->key_before;
	ev->flags |= EVENT_ALIAS;
}

static inline void
set_key(struct event *ev)
{
	if (ev->id.n != ID_DIGITS || !hex16(ev->id.p, &ev->key) || ev->key == 0)
		set_other_key(ev);
}

static void
scan_close(struct event *ev)
{
	ev->kind = EVENT_CLOSE;
	if (slice_starts(ev->context, SLICE("Remote")))
		ev->flags |= EVENT_REMOTE;
	if (slice_find_char(ev->context, '(') >= 0)
		ev->flags |= EVENT_LOST;
}

/* `*` rows: mostly remarks, some of which are facts. */
static void
scan_note(struct event *ev)
{
	struct slice context = ev->context;

	ev->kind = EVENT_NOTE;
	if (slice_eq(context, SLICE("attempting to connect"))) {
		ev->kind = EVENT_ATTEMPT;
		ev->side = SIDE_CLIENT;
	} else if (slice_starts(context, SLICE("Failed to connect"))) {
		ev->kind = EVENT_CLOSE;
		ev->flags |= EVENT_LOST;
		ev->side = SIDE_CLIENT;
	} else if (ev->text.n && slice_eq(context, SLICE("authenticated"))) {
		ev->kind = EVENT_USER;
	} else if (slice_starts(context, SLICE("TLS protocol ")) &&
	    slice_find(context, SLICE("succeeded")) >= 0) {
		ev->kind = EVENT_TLS;
	}
}

/* What kind of entry a row is whose fields are in the event. */
static inline void
scan_kind(char kind, struct event *ev)
{
	switch (kind) {
	case '<':
		ev->kind = EVENT_LINE;
		ev->dir = DIR_IN;
		break;
	case '>':
		ev->kind = EVENT_LINE;
		ev->dir = DIR_OUT;
		break;
	case '+':
		ev->kind = EVENT_OPEN;
		break;
	case '-':
		scan_close(ev);
		break;
	default:
		scan_note(ev);
		break;
	}
}

/* --- header lines ------------------------------------------------------- */

static void
read_fields(struct csv_state *cs, struct slice list)
{
	struct slice name;
	unsigned n = 0;

	while (n < COLUMNS_MAX && slice_cut(&list, ',', &name)) {
		unsigned id = FIELD_OTHER;

		name = slice_trim(name);
		for (unsigned i = 0; i < FIELD_COUNT; i++)
			if (slice_case_eq(name, slice_of(field_names[i])))
				id = i;
		cs->column[n++] = (uint8_t)id;
	}
	memset(cs->column + n, 0, COLUMNS_MAX - n);
	cs->columns = (uint8_t)n;
	cs->other_order = n != FIELD_COUNT;
	for (unsigned i = 0; i < n; i++)
		cs->other_order |= cs->column[i] != i;
}

static void
read_header(struct format_state *st, struct slice line)
{
	static const struct slice fields = { "#Fields:", 8 };
	static const struct slice type = { "#Log-type:", 10 };
	struct csv_state cs;

	memcpy(&cs, st->bytes, sizeof cs);
	if (slice_case_starts(line, fields))
		read_fields(&cs, slice_from(line, fields.n));
	else if (slice_case_starts(line, type) &&
	    slice_find(line, SLICE("Receive")) >= 0)
		cs.side = SIDE_SERVER;
	else if (slice_case_starts(line, type) &&
	    slice_find(line, SLICE("Send")) >= 0)
		cs.side = SIDE_CLIENT;
	memcpy(st->bytes, &cs, sizeof cs);
}

/* --- the format --------------------------------------------------------- */

static inline struct slice
without_bom(struct slice line)
{
	return line.n && line.p[0] == '\xef' &&
	    slice_starts(line, SLICE("\xef\xbb\xbf")) ?
	    slice_from(line, 3) : line;
}

/* The rest of an event whose fields are cut.  False: no row of such a log. */
static inline bool
scan_row(struct csv_state *cs, struct slice time, char kind, struct event *ev)
{
	if (!parse_time(cs, time, &ev->time))
		return false;
	ev->side = (enum event_side)cs->side;
	if (ev->key == 0)
		set_key(ev);
	scan_kind(kind, ev);
	return true;
}

/* A row in any order; fields that it does not reach stay NULL. */
static bool
scan_other_row(struct csv_state *cs, struct slice line, struct event *ev)
{
	struct slice field[FIELD_COUNT + 1] = { { NULL, 0 } }, kind;
	const char *p = line.p, *end = line.p + line.n;
	unsigned columns = cs->columns ? cs->columns : FIELD_COUNT;
	struct csv_cursor c = csv_begin(line, p);

	ev->flags = 0;
	ev->key = 0;
	for (unsigned n = 0; n < columns; n++) {
		unsigned id = cs->columns ? cs->column[n] : n;
		bool doubled = false;
		struct csv_field f = csv_cut_field(&c, p, &doubled);

		field[id] = f.text;
		if (doubled && (id == FIELD_DATA || id == FIELD_CONTEXT))
			ev->flags = EVENT_QUOTED;
		if (f.comma == end)
			break;
		p = f.comma + 1;
	}
	ev->id = field[FIELD_SESSION];
	ev->local = field[FIELD_LOCAL];
	ev->peer = field[FIELD_REMOTE];
	ev->text = field[FIELD_DATA];
	ev->context = field[FIELD_CONTEXT];
	kind = field[FIELD_EVENT];
	/* A row cut off behind its event still says something. */
	return kind.p && ev->id.p && scan_row(cs, field[FIELD_TIME],
	    kind.n == 1 ? kind.p[0] : '*', ev);
}

static size_t
csv_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev)
{
	struct csv_state *cs = (void *)st->bytes;
	size_t whole = line.n;
	char kind;

	(void)fm;
	event_clear(ev);
	line = without_bom(line);
	if (line.n == 0 || line.p[0] == '#') {
		ev->kind = EVENT_META;
		if (line.n)
			read_header(st, line);
		return whole;
	}
	if (!cs->other_order && cut_usual_row(line, ev, &kind) ?
	    scan_row(cs, (struct slice){ line.p, 24 }, kind, ev) :
	    scan_other_row(cs, line, ev))
		return whole;
	event_clear(ev);
	return whole;
}

static bool
csv_state_is_sound(const struct format_state *st)
{
	const struct csv_state *cs = (const void *)st->bytes;

	for (unsigned i = 0; i < COLUMNS_MAX; i++)
		if (cs->column[i] > FIELD_COUNT)
			return false;
	return cs->columns <= COLUMNS_MAX && cs->side <= SIDE_CLIENT &&
	    clock_is_near(cs->minute_time);
}

/* How sure: by the header, else by the share of rows that scan. */
static int
csv_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct slice line;
	unsigned rows = 0, good = 0;
	struct event ev;
	struct csv_state *cs = (void *)st->bytes;

	(void)fm;
	(void)hint;
	(void)traits;
	while (rows < 200 && slice_cut(&head, '\n', &line)) {
		line = without_bom(line);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n && line.p[0] == '#') {
			read_header(st, line);
			continue;
		}
		if (line.n == 0)
			continue;
		rows++;
		/* Where a header names the columns, rows are not asked. */
		if (cs->columns)
			continue;
		csv_scan(fm, st, line, &ev);
		if (ev.kind != EVENT_FOREIGN && ev.id.n &&
		    (head.n || ev.kind != EVENT_NOTE))
			good++;
	}
	if (cs->columns) {
		bool has[FIELD_COUNT + 1] = { false };

		for (unsigned i = 0; i < cs->columns; i++)
			has[cs->column[i]] = true;
		if (!has[FIELD_TIME] || !has[FIELD_SESSION] ||
		    !has[FIELD_EVENT] || !has[FIELD_DATA])
			return 0;
		err_set(why, "#Fields: names session-id, event and data");
		return 100;
	}
	err_set(why, "%u of %u rows have a time, a session id and an event",
	    good, rows);
	return rows ? (int)(good * 95 / rows) : 0;
}

/* RECV2026112300-1.LOG, SEND20261123-2.LOG: one stream by their letters. */
static struct slice
csv_stream_of(const struct format *fm, struct slice name)
{
	size_t letters = 0, digits = 0;

	(void)fm;
	while (letters < name.n &&
	    ascii_lower((unsigned char)name.p[letters]) >= 'a' &&
	    ascii_lower((unsigned char)name.p[letters]) <= 'z')
		letters++;
	while (letters + digits < name.n &&
	    ascii_is_digit((unsigned char)name.p[letters + digits]))
		digits++;
	return letters && digits >= 8 ? slice_head(name, letters) : SLICE_NONE;
}

#define ROW "2024-03-13T09:01:18.723Z,EX\\Default,08DC42C8FF236A1F,1," \
	"10.0.0.5:25,192.0.2.9:62136,"

static const struct format_sample csv_samples[] = {
	{ "#Fields: date-time,connector-id,session-id", EVENT_META, DIR_NONE,
	    NULL },
	{ ROW "+,,", EVENT_OPEN, DIR_NONE, "" },
	{ ROW ">,\"220 ready at Wed, 13 Mar 2024\",", EVENT_LINE, DIR_OUT,
	    "220 ready at Wed, 13 Mar 2024" },
	{ ROW "<,EHLO mail.example.org,", EVENT_LINE, DIR_IN,
	    "EHLO mail.example.org" },
	{ ROW "<,\"MAIL FROM:<\"\"a b\"\"@example.org>\",", EVENT_LINE,
	    DIR_IN, "MAIL FROM:<\"a b\"@example.org>" },
	{ ROW "*,Tarpit for '0.00:00:05',", EVENT_NOTE, DIR_NONE,
	    "Tarpit for '0.00:00:05'" },
	{ ROW ",,attempting to connect", EVENT_ATTEMPT, DIR_NONE, "" },
	{ ROW "*,EX\\svc,authenticated", EVENT_USER, DIR_NONE, "EX\\svc" },
	{ ROW "-,,Remote(ConnectionReset)", EVENT_CLOSE, DIR_NONE, "" },
	{ "no row of such a log", EVENT_FOREIGN, DIR_NONE, NULL },
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

const struct format format_exchange_csv = {
	.name = "exchange-csv",
	.title = "SMTP protocol logs of Exchange (SmtpReceive, SmtpSend)",
	.origin = "Microsoft Exchange 2007 to 2019 and SE",
	.traits = { .times_are_utc = true, .times_have_ms = true },
	.one_at_a_time = false,
	.bodies_logged = false,
	.probe = csv_probe,
	.scan = csv_scan,
	.state_is_sound = csv_state_is_sound,
	.stream_of = csv_stream_of,
	.samples = csv_samples,
};
