/*
 * Fetching what a filter asks of a session: single lines, all raw lines, the
 * decoded facts.  A line that cannot be read is as if it were not there.
 */
#include "config.h"

#include "query/evidence.h"

#include <stdlib.h>

#include "index/share.h"
#include "query/tree.h"
#include "smtp/verb.h"

struct filter_context *
evidence_new(const struct store *st)
{
	struct filter_context *c = mem_alloc(sizeof *c);

	c->store = st;
	c->reader = reader_new(st);
	c->work = match_work_new();
	facts_init(&c->facts);
	return c;
}

void
evidence_free(struct filter_context *c)
{
	if (!c)
		return;
	reader_free(c->reader);
	match_work_free(c->work);
	facts_free(&c->facts);
	for (int i = 0; i < HEAD_COUNT; i++)
		buf_free(&c->head[i].text);
	buf_free(&c->undone);
	free(c->answer_room);
	free(c);
}

void
evidence_stop(struct filter_context *c, const atomic_bool *stop)
{
	c->stop = stop;
	match_work_stop(c->work, stop);
}

void
evidence_begin_record(struct filter_context *c, uint32_t number,
    const struct session *rec)
{
	c->number = number;
	c->rec = rec;
	c->stream = store_stream(c->store, rec->stream);
	c->answers = NULL;
}

void
evidence_begin(struct filter_context *c, uint32_t number,
    const struct session *rec, uint32_t terms)
{
	evidence_begin_record(c, number, rec);
	c->decoded = false;
	for (int i = 0; i < HEAD_COUNT; i++)
		c->head[i].looked = false;
	mem_reserve(&c->answer_room, &c->answers_cap, terms, 1);
	c->answers = c->answer_room;
	memset(c->answers, ANSWER_UNKNOWN, terms);
}

const struct facts *
evidence_facts(struct filter_context *c)
{
	struct err ignored;

	/* On an error what could be read is there, and is asked. */
	if (!c->decoded)
		(void)facts_decode(&c->facts, c->store, c->reader, c->number,
		    &ignored);
	c->decoded = true;
	return &c->facts;
}

static bool
is_stopped(const struct filter_context *c)
{
	return c->stop && atomic_load_explicit(c->stop, memory_order_relaxed);
}

bool
evidence_find(struct filter_context *c, const struct match *m,
    struct slice text)
{
	size_t start, end;
	enum match_result r = match_find(m, c->work, text, 0, &start, &end);

	if (r == MATCH_LIMIT && !is_stopped(c))
		c->limits++;
	return r == MATCH_YES;
}

bool
evidence_lines(struct filter_context *c,
    bool (*ask)(struct filter_context *, struct slice, const void *),
    const void *arg)
{
	uint64_t known = stream_lines(c->stream);
	uint32_t last = c->rec->last < known ? c->rec->last : (uint32_t)known;
	uint32_t line = c->rec->first;
	struct line_text lt;
	struct err ignored;

	for (; line && line <= last; line++) {
		line = share_next_line(c->stream, c->rec, c->number, line,
		    last);
		if (line == 0 || is_stopped(c))
			break;
		if (reader_line(c->reader, c->stream, line, &lt,
		    &ignored) == 0 && ask(c, lt.text, arg))
			return true;
	}
	return false;
}

static uint32_t
head_line(const struct session *rec, enum head h)
{
	return h == HEAD_HELO ? rec->helo_line :
	    h == HEAD_FROM ? rec->from_line : rec->to_line;
}

static bool
is_verb_of(enum head h, enum smtp_verb v)
{
	switch (h) {
	case HEAD_HELO:
		return v == VERB_HELO || v == VERB_EHLO || v == VERB_LHLO;
	case HEAD_FROM:
		return v == VERB_MAIL;
	default:
		return v == VERB_RCPT;
	}
}

static struct slice
first_word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && !ascii_is_blank((unsigned char)s.p[n]))
		n++;
	return slice_head(s, n);
}

/* What facts_decode() makes of the arguments of these commands. */
static bool
head_argument(enum head h, struct slice args, struct slice *text)
{
	struct slice params;

	if (h == HEAD_HELO) {
		*text = first_word(args);
		return true;
	}
	if (verb_path(args, text, &params))
		return true;
	*text = args;
	return h == HEAD_TO;
}

/* The line is one entry, a command that says what is looked for. */
static bool
head_read(struct filter_context *c, enum head h, struct head_text *ht)
{
	uint32_t line = head_line(c->rec, h);
	const struct stream *sm = c->stream;
	struct format_state state;
	struct line_text lt;
	struct err ignored;
	struct event ev;
	struct slice text, args;

	if (line > stream_lines(sm) ||
	    reader_line(c->reader, sm, line, &lt, &ignored) < 0 || lt.gone)
		return false;
	state = *stream_state(sm, line);
	/* Glued entries and cut lines are for the decoder. */
	if (sm->format->scan(sm->format, &state, lt.text, &ev) < lt.text.n ||
	    lt.length != lt.text.n || ev.kind != EVENT_LINE)
		return false;
	mem_reserve(&c->undone.p, &c->undone.cap, ev.text.n + 1, 1);
	text = event_text(&ev, ev.text, c->undone.p);
	if (!is_verb_of(h, verb_parse(text, &args)))
		return false;
	ht->given = head_argument(h, args, &text);
	ht->text.n = 0;
	if (ht->given)
		buf_add(&ht->text, text);
	return true;
}

bool
evidence_head(struct filter_context *c, enum head h, struct slice *text)
{
	struct head_text *ht = &c->head[h];

	if (!ht->looked) {
		ht->looked = true;
		ht->known = head_read(c, h, ht);
	}
	*text = !ht->given ? SLICE_NONE : ht->text.n ? buf_slice(&ht->text) :
	    (struct slice){ "", 0 };
	return ht->known;
}
