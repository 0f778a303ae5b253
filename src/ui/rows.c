/*
 * Rows of the list: a small cache of what the columns say of sessions.
 */
#include "config.h"

#include "ui/rows.h"

#include <stdlib.h>
#include <string.h>

#include "smtp/verb.h"

void
rows_init(struct rows *r, const struct store *st, struct reader *reader)
{
	*r = (struct rows){ .store = st, .reader = reader };
	r->sets = mem_array(ROWS_SETS, sizeof *r->sets);
	facts_init(&r->facts);
}

void
rows_free(struct rows *r)
{
	for (int set = 0; r->sets && set < ROWS_SETS; set++)
		for (int way = 0; way < ROWS_WAYS; way++)
			buf_free(&r->sets[set][way].text);
	free(r->sets);
	facts_free(&r->facts);
	*r = (struct rows){ 0 };
}

/* --- sessions too long to be decoded for a row ----------------------------- */

/*
 * The text of one line of the log, as its format sees it, that begins with a
 * verb (or, VERB_NONE, is a reply); kept in the facts' arena.
 */
static struct slice
one_line(struct rows *r, uint32_t line, bool reply)
{
	struct facts *f = &r->facts;
	struct format_state state;
	struct line_text lt;
	struct slice rest;
	struct err err;

	if (line == 0 || line > stream_lines(f->stream) ||
	    reader_line(r->reader, f->stream, line, &lt, &err) < 0)
		return SLICE_NONE;
	state = *stream_state(f->stream, line);
	rest = lt.text;
	while (rest.n > 0) {
		struct event ev;
		struct reply parsed;
		const struct format *fm = f->stream->format;
		size_t used = fm->scan(fm, &state, rest, &ev);
		char *copy = arena_alloc(&f->arena, ev.text.n + 1);
		struct slice text = event_text(&ev, ev.text, copy);

		if (reply ? reply_parse(text, &parsed) :
		    verb_parse(text, NULL) > VERB_CONNECT)
			return arena_dup(&f->arena, text);
		if (used == 0 || used > rest.n)
			break;
		rest = slice_from(rest, used);
	}
	return SLICE_NONE;
}

/* What a report in that line tells, with its slices kept; false if none. */
static bool
told(struct rows *r, uint32_t line, struct event *ev, struct detail *d)
{
	struct facts *f = &r->facts;
	const struct format *fm = f->stream->format;
	struct format_state state;
	struct line_text lt;
	struct err err;

	*d = (struct detail){ .commands = 0 };
	if (!fm->detail || line == 0 || line > stream_lines(f->stream) ||
	    reader_line(r->reader, f->stream, line, &lt, &err) < 0)
		return false;
	state = *stream_state(f->stream, line);
	lt.text = arena_dup(&f->arena, lt.text);
	fm->scan(fm, &state, lt.text, ev);
	if (!event_tells(ev))
		return false;
	fm->detail(fm, &state, lt.text, ev, d);
	return true;
}

static struct slice
path_of(struct rows *r, uint32_t line)
{
	struct slice args, path, params;
	struct slice text = one_line(r, line, false);
	struct event ev;
	struct detail d;

	if (told(r, line, &ev, &d) && (d.from.p || d.to.p))
		return line == r->facts.rec.from_line && d.from.p ? d.from :
		    d.to;
	if (!text.p)
		return SLICE_NONE;
	verb_parse(text, &args);
	return verb_path(args, &path, &params) ? path : SLICE_NONE;
}

/* Facts of a long session: the record, and the lines it names. */
static void
brief_facts(struct rows *r, uint32_t number, const struct session *rec)
{
	struct facts *f = &r->facts;
	struct slice text, args;
	struct reply reply;
	struct event ev;
	struct detail d;
	bool known;
	struct slice peer = store_peer(r->store, rec->peer);

	facts_free(f);
	f->number = number;
	f->rec = *rec;
	f->stream = store_stream(r->store, rec->stream);
	f->peer = peer;
	f->port = -1;
	f->end = CLOCK_NONE;
	f->worst = FACT_NONE;
	f->truncated = true;
	text = one_line(r, rec->helo_line, false);
	if (told(r, rec->helo_line, &ev, &d) && d.helo.p) {
		f->helo = d.helo;
	} else if (text.p) {
		verb_parse(text, &args);
		slice_cut(&args, ' ', &f->helo);
	}
	mem_reserve(&f->messages, &f->messages_cap, 1, sizeof *f->messages);
	mem_reserve(&f->recipients, &f->recipients_cap,
	    rec->recipients + 1u, sizeof *f->recipients);
	memset(f->messages, 0, sizeof *f->messages);
	memset(f->recipients, 0,
	    (rec->recipients + 1u) * sizeof *f->recipients);
	f->nmessages = rec->from_line ? 1 : 0;
	f->messages[0].from = path_of(r, rec->from_line);
	f->messages[0].recipients = rec->recipients;
	f->nrecipients = rec->recipients;
	f->recipients[0].to = path_of(r, rec->to_line);
	text = one_line(r, rec->worst_line, true);
	known = text.p && reply_parse(text, &reply);
	if (!known && told(r, rec->worst_line, &ev, &d)) {
		reply.text = d.reply;
		known = true;
	}
	if (rec->worst && known) {
		mem_reserve(&f->replies, &f->replies_cap, 1,
		    sizeof *f->replies);
		f->replies[0] = (struct fact_reply){
			.code = rec->worst, .enhanced = rec->enhanced,
			.text = reply.text, .command = FACT_NONE };
		f->nreplies = 1;
		f->worst = 0;
	}
}

/* --- the cache -------------------------------------------------------------- */

/* All codes where they fit; else some of the first, and those about the worst. */
static void
take_codes(struct row *row, const struct facts *f)
{
	size_t first = 0, n = f->nreplies;

	row->more_codes = n > ROWS_CODES_MAX || f->truncated;
	if (n > ROWS_CODES_MAX) {
		n = ROWS_CODES_MAX;
		if (f->worst < f->nreplies && f->worst >= n)
			first = f->worst - n + 1;
	}
	for (size_t i = 0; i < n; i++)
		row->codes[i] = f->replies[first + i].code;
	row->ncodes = (uint8_t)n;
	row->worst = f->worst < f->nreplies ? (uint8_t)(f->worst - first) :
	    UINT8_MAX;
}

static void
row_fill(struct row *row, const struct facts *f)
{
	row->number = f->number;
	row->rec = f->rec;
	row->text.n = 0;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (i != COLUMN_REPLIES)
			column_text((enum column_id)i, f, &row->text);
		row->end[i] = (uint32_t)row->text.n;
	}
	take_codes(row, f);
}

static bool
same_record(const struct session *a, const struct session *b)
{
	return memcmp(a, b, offsetof(struct session, sequence)) == 0;
}

const struct row *
rows_get(struct rows *r, uint32_t number)
{
	struct row *set = r->sets[number % ROWS_SETS], *row = &set[0];
	struct session rec;
	struct err err;

	store_session(r->store, number, &rec);
	r->clock++;
	for (int way = 0; way < ROWS_WAYS; way++) {
		if (set[way].number == number) {
			row = &set[way];
			break;
		}
		if (set[way].used < row->used)
			row = &set[way];
	}
	row->used = r->clock;
	if (row->number == number && same_record(&row->rec, &rec))
		return row;
	/* An error of the log leaves what could be read. */
	if (rec.lines > ROWS_LINES_MAX)
		brief_facts(r, number, &rec);
	else
		(void)facts_decode(&r->facts, r->store, r->reader, number,
		    &err);
	row_fill(row, &r->facts);
	return row;
}

struct slice
row_text(const struct row *row, enum column_id id)
{
	uint32_t from = id > 0 ? row->end[id - 1] : 0;

	return slice_from(slice_head(buf_slice(&row->text), row->end[id]),
	    from);
}
