/*
 * The samples of a format file: lines, and behind each the events that it must
 * give, one `gives` an event, each followed by what else is asked of it.
 *
 *   [sample a refused recipient]
 *   line = 10:00:01 A17 < RCPT TO:<x@example.org>
 *   gives = line in: RCPT TO:<x@example.org>
 *   session = A17
 */
#include "config.h"

#include "format/pattern_build.h"

#include <stdlib.h>

#include "base/mem.h"
#include "smtp/reply.h"

/* What detection asks for at least (set.c). */
#define SCORE_MIN 40

struct check {
	struct pattern *p;
	const struct source_row *row;    /* in hand */
	const struct source_row *line_row;
	struct buf line;         /* the sample's line, escapes undone */
	struct slice rest;       /* of it: not scanned so far */
	bool pending;            /* there is an event that nothing asked for */
	struct format_state state;
	struct format_hint hint;
	struct event ev;         /* the last */
	unsigned lines, events, section, wrong;
	bool skip;               /* the last event is another than wanted */
	int best;                /* score of the samples as logs */
};

#define WRONG(c, ...) \
	((c)->wrong++, (void)source_row_mistake(&(c)->p->source, (c)->row, 0, \
	    __VA_ARGS__))

static const char *
kind_name(enum event_kind kind)
{
	for (const struct choice *k = build_kinds; k->word; k++)
		if (k->value == (unsigned)kind)
			return k->word;
	return "unreadable";
}

/* --- lines -------------------------------------------------------------------- */

/* \e, \t, \\ for what an editor does not like to hold. */
static void
unescape(struct slice s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\' && i + 1 < s.n) {
			c = s.p[++i];
			c = c == 'e' ? '\x1b' : c == 't' ? '\t' :
			    c == 'r' ? '\r' : c == 's' ? ' ' : c;
		}
		buf_add_char(out, c);
	}
}

static bool
is_line(const struct source_row *row, bool *escaped)
{
	*escaped = slice_eq(slice_of(row->key), SLICE("escaped"));
	return *escaped || slice_eq(slice_of(row->key), SLICE("line"));
}

static void
add_line(const struct source_row *row, bool escaped, struct buf *out)
{
	if (escaped)
		unescape(row->whole, out);
	else
		buf_add(out, row->whole);
}

static void
left_over(struct check *c)
{
	const struct source_row *row = c->row;

	if (c->pending) {
		c->row = c->line_row;
		WRONG(c, "the line gives more than is asked for: what begins "
		    "with \"%.*s\"", SLICE_ARGS(slice_head(c->rest, 60)));
		c->row = row;
	}
	c->pending = false;
}

static void
take_line(struct check *c, bool escaped)
{
	left_over(c);
	c->line.n = 0;
	add_line(c->row, escaped, &c->line);
	c->line_row = c->row;
	c->rest = buf_slice(&c->line);
	c->pending = true;
	c->skip = false;
	c->lines++;
}

/* The next event of the line in hand. */
static void
next_event(struct check *c)
{
	const struct format *fm = &c->p->format;
	size_t used = fm->scan(fm, &c->state, c->rest, &c->ev);

	c->events++;
	c->pending = used > 0 && used < c->rest.n;
	c->rest = slice_from(c->rest, used);
}

/* --- what is asked ------------------------------------------------------------- */

static void
ask_text(struct check *c, const char *what, struct slice got, struct slice want)
{
	if (!got.p && want.n)
		WRONG(c, "the line tells no %s", what);
	else if (!slice_eq(got, want))
		WRONG(c, "%s is \"%.*s\"", what, SLICE_ARGS(slice_head(got,
		    120)));
}

static void
ask_direction(struct check *c, struct slice want)
{
	static const char *const names[] = { [DIR_NONE] = "none",
		[DIR_IN] = "in", [DIR_OUT] = "out" };

	if (!slice_eq(slice_of(names[c->ev.dir]), want))
		WRONG(c, "the direction is %s", names[c->ev.dir]);
}

/* KIND [in|out|none][: TEXT] */
static void
ask_event(struct check *c)
{
	struct slice want = c->row->value, words, kind, text = SLICE_NONE;
	ptrdiff_t colon = slice_find_char(want, ':');
	char *plain;

	if (!c->pending) {
		if (!c->skip)
			WRONG(c, "the line gives nothing more");
		return;
	}
	next_event(c);
	words = colon < 0 ? want : slice_head(want, (size_t)colon);
	if (colon >= 0)
		text = slice_from(want, (size_t)colon + 1);
	if (text.n && text.p[0] == ' ')
		text = slice_from(text, 1);
	slice_cut(&words, ' ', &kind);
	if (!slice_eq(slice_of(kind_name(c->ev.kind)), kind)) {
		WRONG(c, "it gives `%s`", kind_name(c->ev.kind));
		c->skip = true;
		return;
	}
	if (words.n)
		ask_direction(c, slice_trim(words));
	if (colon < 0)
		return;
	plain = mem_alloc(c->ev.text.n + 1);
	ask_text(c, "text", event_text(&c->ev, c->ev.text, plain), text);
	free(plain);
}

static void
ask_time(struct check *c)
{
	int64_t t, end;
	bool day;
	struct err err;

	if (slice_eq(c->row->value, SLICE("none")))
		t = CLOCK_NONE;
	else if (clock_parse(c->row->value, &t, &end, &day, &err) < 0) {
		WRONG(c, "%s", err.text);
		return;
	}
	if (c->ev.time != t) {
		struct buf got = { 0 };

		if (c->ev.time == CLOCK_NONE)
			buf_add(&got, SLICE("none"));
		else
			clock_iso(&got, c->ev.time, false, true,
			    &(struct zone){ .kind = ZONE_NONE });
		WRONG(c, "the time is %.*s", SLICE_ARGS(buf_slice(&got)));
		buf_free(&got);
	}
}

static void
ask_code(struct check *c)
{
	char text[REPLY_CODE_SIZE] = "0";

	if (c->ev.code)
		reply_code_text(c->ev.code, text);
	ask_text(c, "code", slice_of(text), c->row->value);
}

static void
ask_session(struct check *c)
{
	ask_text(c, "session", c->ev.id, c->row->value);
}

static void
ask_detail(struct check *c, struct slice key)
{
	const struct format *fm = &c->p->format;
	struct detail d = { .commands = 0 };
	const struct {
		struct slice name;
		const struct slice *value;
	} parts[] = {
		{ SLICE("peer"), &c->ev.peer }, { SLICE("local"), &c->ev.local },
		{ SLICE("context"), &c->ev.context },
		{ SLICE("helo"), &d.helo }, { SLICE("user"), &d.user },
		{ SLICE("tls"), &d.tls }, { SLICE("from"), &d.from },
		{ SLICE("to"), &d.to }, { SLICE("id"), &d.queue },
		{ SLICE("messageid"), &d.message_id },
		{ SLICE("command"), &d.command }, { SLICE("reply"), &d.reply },
	};

	fm->detail(fm, &c->state, buf_slice(&c->line), &c->ev, &d);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (slice_eq(parts[i].name, key)) {
			ask_text(c, c->row->key, *parts[i].value,
			    c->row->value);
			return;
		}
	WRONG(c, "there is no key '%.40s' in [sample]; there are name, "
	    "written, line, escaped, gives, time, session, code, peer, local, "
	    "context, helo, user, tls, from, to, id, messageid, command, reply",
	    c->row->key);
}

/* --- sections -------------------------------------------------------------------- */

/* The state that the lines of this section begin with. */
static void
begin_section(struct check *c, size_t from)
{
	const struct format *fm = &c->p->format;
	const struct source *s = &c->p->source;
	struct format_traits traits = fm->traits;
	struct buf head = { 0 };
	int64_t end;
	bool escaped, day;
	struct err err;
	int score;

	left_over(c);
	c->section = s->row[from].section_nth;
	c->hint = (struct format_hint){ .written = CLOCK_NONE };
	c->state = (struct format_state){ { 0 } };
	for (size_t i = from; i < s->n &&
	    s->row[i].section_nth == c->section; i++) {
		const struct source_row *row = &s->row[i];

		if (is_line(row, &escaped)) {
			add_line(row, escaped, &head);
			buf_add_char(&head, '\n');
		} else if (slice_eq(slice_of(row->key), SLICE("name"))) {
			c->hint.name = row->value;
		} else if (slice_eq(slice_of(row->key), SLICE("written")) &&
		    clock_parse(row->value, &c->hint.written, &end, &day,
		    &err) < 0) {
			c->row = row;
			WRONG(c, "%s", err.text);
		}
	}
	score = fm->probe(fm, buf_slice(&head), &c->hint, &c->state, &traits,
	    NULL);
	if (score > c->best)
		c->best = score;
	buf_free(&head);
}

static void
take_row(struct check *c)
{
	struct slice key = slice_of(c->row->key);
	bool escaped;

	if (is_line(c->row, &escaped))
		take_line(c, escaped);
	else if (slice_eq(key, SLICE("name")) ||
	    slice_eq(key, SLICE("written")))
		;                /* the section began with them */
	else if (!c->line_row)
		WRONG(c, "there is no `line` before it");
	else if (slice_eq(key, SLICE("gives")))
		ask_event(c);
	else if (c->skip)
		;                /* one mistake says it */
	else if (slice_eq(key, SLICE("time")))
		ask_time(c);
	else if (slice_eq(key, SLICE("code")))
		ask_code(c);
	else if (slice_eq(key, SLICE("session")))
		ask_session(c);
	else
		ask_detail(c, key);
}

unsigned
pattern_check(const struct format *fm, struct buf *mistakes,
    unsigned *samples, unsigned *events)
{
	struct check c = { .p = (struct pattern *)fm->data };
	struct source *s = &c.p->source;

	s->mistakes = mistakes;
	for (size_t i = 0; i < s->n; i++) {
		c.row = &s->row[i];
		if (!slice_eq(slice_of(c.row->section), SLICE("sample")) &&
		    !slice_starts(slice_of(c.row->section), SLICE("sample ")))
			continue;
		if (c.row->section_nth != c.section)
			begin_section(&c, i);
		c.row = &s->row[i];
		take_row(&c);
	}
	left_over(&c);
	if (c.lines == 0) {
		c.wrong++;
		source_mistake(s, 0, SIZE_MAX, "has no [sample NAME]: nothing "
		    "was checked");
	} else if (c.best < SCORE_MIN) {
		c.wrong++;
		source_mistake(s, 0, SIZE_MAX, "would not be detected by any "
		    "of its samples (%d of 100; %d are needed)", c.best,
		    SCORE_MIN);
	}
	s->mistakes = NULL;
	*samples = c.lines;
	*events = c.events;
	buf_free(&c.line);
	return c.wrong;
}
