/*
 * Decoding a session: its lines are read and scanned again and fed to the same
 * digest as the indexer's, with all text kept.
 */
#include "config.h"

#include "index/facts.h"

#include <stdlib.h>

#include "index/digest.h"
#include "index/endpoint.h"
#include "index/share.h"
#include "index/told.h"
#include "index/transaction.h"
#include "smtp/auth.h"

/* What decoding needs beyond the facts themselves. */
struct decoder {
	struct facts *f;
	struct digest digest;
	struct buf quoted;       /* for quotes to be undone */
	struct buf more;         /* the reply whose lines are being joined */
	uint32_t joining;        /* its index, FACT_NONE */
	size_t text_bytes;
	uint32_t auth_command;   /* index in lines[] of the last AUTH */
	unsigned auth_turn;
	struct slice auth_name;  /* what the client called itself */
	bool begun;              /* an entry of this session was seen */
	struct format_state state;   /* in force at the line in hand */
};

static void
facts_reset(struct facts *f)
{
	struct facts old = *f;

	arena_reset(&old.arena);
	*f = (struct facts){
		.lines = old.lines, .lines_cap = old.lines_cap,
		.replies = old.replies, .replies_cap = old.replies_cap,
		.messages = old.messages, .messages_cap = old.messages_cap,
		.recipients = old.recipients,
		.recipients_cap = old.recipients_cap,
		.arena = old.arena,
		.port = -1, .worst = FACT_NONE, .end = CLOCK_NONE,
	};
}

/* --- facts of the connection --------------------------------------------- */

static struct slice
first_word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && !ascii_is_blank((unsigned char)s.p[n]))
		n++;
	return slice_head(s, n);
}

/* The word after `mark`, up to a blank or a comma. */
static struct slice
word_behind(struct slice s, struct slice mark)
{
	ptrdiff_t at = slice_find(s, mark);

	s = at < 0 ? SLICE_NONE : first_word(slice_from(s, (size_t)at + mark.n));
	while (s.n && s.p[s.n - 1] == ',')
		s.n--;
	return s;
}

static void
take_tls(struct decoder *d, struct slice words)
{
	struct facts *f = d->f;
	struct slice protocol = word_behind(words, SLICE("TLS protocol "));
	struct slice cipher = word_behind(words, SLICE("algorithm "));
	struct buf b = { 0 };

	if (protocol.n)
		buf_add(&b, protocol);
	if (protocol.n && cipher.n)
		buf_add_char(&b, ' ');
	buf_add(&b, cipher);
	f->tls = arena_dup(&f->arena, b.n ? buf_slice(&b) : words);
	buf_free(&b);
}

static void
take_connection(struct decoder *d, const struct event *ev)
{
	struct facts *f = d->f;

	if (!f->key.p && ev->id.n)
		f->key = arena_dup(&f->arena, ev->id);
	if (!f->peer.p && ev->peer.n) {
		endpoint_split(ev->peer, &f->peer, &f->port);
		f->peer = arena_dup(&f->arena, f->peer);
	}
	if (!f->server.p && ev->local.n)
		f->server = arena_dup(&f->arena, ev->local);
	if (ev->kind == EVENT_TLS)
		take_tls(d, ev->context);
	if (ev->kind == EVENT_USER)
		f->auth = arena_dup(&f->arena, ev->text);
	if (ev->kind == EVENT_NOTE && ev->context.n)
		transaction_note(f, f->lines[f->nlines - 1].context);
}

/* --- AUTH ----------------------------------------------------------------- */

static void
auth_data(struct decoder *d, struct slice data)
{
	struct facts *f = d->f;
	struct slice args;
	struct buf name = { 0 };

	verb_parse(f->lines[d->auth_command].text, &args);
	if (auth_user(first_word(args), d->auth_turn++, data, &name))
		d->auth_name = arena_dup(&f->arena, buf_slice(&name));
	buf_free(&name);
}

static void
auth_command(struct decoder *d, uint32_t line)
{
	struct slice args, initial;

	d->auth_command = line;
	d->auth_turn = 0;
	d->auth_name = SLICE_NONE;
	verb_parse(d->f->lines[line].text, &args);
	initial = slice_trim(slice_from(args, first_word(args).n));
	if (initial.n)
		auth_data(d, initial);
}

static void
auth_reply(struct decoder *d, unsigned code)
{
	struct facts *f = d->f;

	if (code / 100 != 2 || f->auth.p)
		return;
	f->auth = d->auth_name.p ? d->auth_name : (struct slice){ "", 0 };
}

/* --- replies -------------------------------------------------------------- */

/* Further lines of a reply stand in one text, with blanks between. */
static void
end_reply(struct decoder *d)
{
	if (d->joining != FACT_NONE && d->more.n)
		d->f->replies[d->joining].text = arena_dup(&d->f->arena,
		    buf_slice(&d->more));
	d->more.n = 0;
	d->joining = FACT_NONE;
}

static void
more_of_reply(struct decoder *d, struct slice text)
{
	struct facts *f = d->f;
	struct reply r;
	struct slice rest;
	uint32_t e;

	if (d->joining == FACT_NONE)
		return;
	if (reply_parse(text, &r))
		text = r.text;
	/* Each line repeats the enhanced code. */
	if (f->replies[d->joining].enhanced && enhanced_parse(text, &e, &rest))
		text = rest;
	if (!d->more.n)
		buf_add(&d->more, f->replies[d->joining].text);
	if (d->more.n > LINE_LOOK_MAX)
		return;
	buf_add_char(&d->more, ' ');
	buf_add(&d->more, text);
}

/* The nth of a line's entries (glued ones share a line) with that role. */
static uint32_t
index_of_line(const struct facts *f, uint32_t line, enum role role,
    unsigned nth)
{
	size_t lo = 0, hi = f->nlines;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->lines[mid].line < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < f->nlines && f->lines[lo].line == line; lo++)
		if (f->lines[lo].role == role && nth-- == 0)
			return (uint32_t)lo;
	return FACT_NONE;
}

static void
add_reply(struct decoder *d, const struct step *s, uint32_t at)
{
	struct facts *f = d->f;
	struct reply r = { 0 };
	struct fact_reply *fr;

	end_reply(d);
	reply_parse(f->lines[at].text, &r);
	mem_reserve(&f->replies, &f->replies_cap, f->nreplies + 1,
	    sizeof *f->replies);
	f->lines[at].reply = (uint32_t)f->nreplies;
	fr = &f->replies[f->nreplies++];
	*fr = (struct fact_reply){
		.code = s->code, .enhanced = s->enhanced, .verb = s->verb,
		.of_text = s->of_text, .line = at, .command = FACT_NONE,
		.text = r.text,
	};
	if (s->command_line)
		fr->command = index_of_line(f, s->command_line, ROLE_COMMAND,
		    s->command_nth);
	d->joining = (uint32_t)f->nreplies - 1;
	if (s->verb == VERB_AUTH || s->verb == VERB_XEXPS)
		auth_reply(d, s->code);
}

/* --- lines ---------------------------------------------------------------- */

static void
take_command(struct decoder *d, uint32_t at)
{
	struct facts *f = d->f;
	struct fact_line *l = &f->lines[at];
	struct slice args;
	const struct fact_reply *last = f->nreplies ?
	    &f->replies[f->nreplies - 1] : NULL;

	f->commands++;
	if (last && !f->tls.p &&
	    digest_tls_stands(l->verb, last->verb, last->code))
		f->tls = slice_of(verb_name(last->verb));
	transaction_command(f, at);
	switch (l->verb) {
	case VERB_HELO:
	case VERB_EHLO:
	case VERB_LHLO:
		verb_parse(l->text, &args);
		f->helo = first_word(args);
		break;
	case VERB_AUTH:
	case VERB_XEXPS:
		auth_command(d, at);
		break;
	default:
		break;
	}
}

/*
 * What the dialogue found out about a line: the present one, or (`held`) a raw
 * line before it whose twin did not come.
 */
static void
take_step(struct decoder *d, const struct step *s, bool held)
{
	struct facts *f = d->f;
	uint32_t at = (uint32_t)f->nlines - 1;
	struct fact_line *l;

	if (held)
		at = index_of_line(f, s->line, ROLE_TWIN, 0);
	if (at == FACT_NONE)
		return;
	l = &f->lines[at];
	l->role = s->role;
	l->verb = s->verb;
	l->code = s->code;
	l->from_server = s->from_server;
	if (s->role == ROLE_COMMAND) {
		take_command(d, at);
	} else if (s->role == ROLE_REPLY) {
		add_reply(d, s, at);
	} else if (s->role == ROLE_REPLY_MORE) {
		l->reply = (uint32_t)f->nreplies - 1;
		more_of_reply(d, l->text);
	} else if (s->role == ROLE_AUTH) {
		auth_data(d, l->text);
	}
}

static enum role
role_of_kind(enum event_kind k)
{
	switch (k) {
	case EVENT_OPEN:
	case EVENT_ATTEMPT:
		return ROLE_OPEN;
	case EVENT_CLOSE:
		return ROLE_CLOSE;
	case EVENT_NOTE:
	case EVENT_USER:
	case EVENT_TLS:
		return ROLE_NOTE;
	case EVENT_TRACE:
		return ROLE_TRACE;
	case EVENT_REPORT:
		return ROLE_REPORT;
	default:
		return ROLE_NONE;
	}
}

/* Quotes undone, and kept: a slice that lives as long as the facts. */
static struct slice
keep_text(struct decoder *d, const struct event *ev, struct slice s, bool *cut)
{
	if (d->text_bytes + s.n > FACT_TEXT_MAX) {
		*cut = true;
		return (struct slice){ "", 0 };
	}
	d->text_bytes += s.n;
	mem_reserve(&d->quoted.p, &d->quoted.cap, s.n + 1, 1);
	return arena_dup(&d->f->arena, event_text(ev, s, d->quoted.p));
}

/* `text` is the whole line: where the state changes, it is behind it. */
static void
take_told(struct decoder *d, const struct event *ev, struct slice text)
{
	const struct format *fm = d->f->stream->format;
	struct detail detail = { .commands = 0 };

	if (fm->detail)
		fm->detail(fm, &d->state, text, ev, &detail);
	told_take(d->f, (uint32_t)d->f->nlines - 1, ev, &detail,
	    d->digest.spoken);
}

static void
add_line(struct decoder *d, struct event *ev, uint32_t line, uint32_t part,
    const struct line_text *lt)
{
	struct facts *f = d->f;
	struct step steps[DIALOGUE_STEPS];
	struct fact_line *l;
	int n;

	mem_reserve(&f->lines, &f->lines_cap, f->nlines + 1, sizeof *f->lines);
	l = &f->lines[f->nlines++];
	*l = (struct fact_line){
		.line = line, .part = part, .role = role_of_kind(ev->kind),
		.dir = ev->dir, .time = ev->time, .gone = lt->gone,
		.cut = lt->length > lt->text.n, .reply = FACT_NONE,
		.about = FACT_NONE,
	};
	f->gone += lt->gone;
	l->text = keep_text(d, ev, ev->text, &l->cut);
	if (ev->context.n)
		l->context = keep_text(d, ev, ev->context, &l->cut);
	take_connection(d, ev);
	n = digest_feed(&d->digest, ev, line, steps);
	if (event_tells(ev))
		take_told(d, ev, lt->text);
	for (int i = 0; i < n; i++)
		take_step(d, &steps[i], i < n - 1 || ev->kind == EVENT_OPEN ||
		    ev->kind == EVENT_CLOSE);
}

/*
 * Entries that are this session's, of one line that may hold glued ones of
 * several sessions.
 */
static void
add_entries(struct decoder *d, const struct line_text *lt,
    struct format_state *st, uint32_t line)
{
	const struct format *fm = d->f->stream->format;
	struct slice rest = lt->text;
	uint32_t part = 0, entry = 0;

	do {
		struct event ev, reply = { .kind = EVENT_META };
		size_t used = fm->scan(fm, st, rest, &ev);
		const struct source_clock *clock = &d->f->stream->clock;
		bool anothers = share_is_anothers(d->f->stream, d->f->number,
		    line, entry++);

		if (!source_clock_is_plain(clock))
			ev.time = source_clock_correct(clock, ev.time);
		if (stream_repeats(d->f->stream, line))
			event_hush(&ev);
		if (ev.kind == EVENT_EXCHANGE) {
			event_split(&ev, &reply);
			entry++;
		}
		if (ev.kind == EVENT_OPEN && d->begun && fm->one_at_a_time) {
			ev.kind = EVENT_MORE;    /* pasted into a message */
			ev.dir = DIR_NONE;
		}
		if (!anothers) {
			d->begun = true;
			d->state = *st;
			add_line(d, &ev, line, part++, lt);
			if (reply.kind == EVENT_LINE)
				add_line(d, &reply, line, part++, lt);
		}
		if (used == 0 || used >= rest.n)
			break;
		rest = slice_from(rest, used);
	} while (rest.n);
}

static int
read_lines(struct decoder *d, struct reader *r, struct err *err)
{
	struct facts *f = d->f;
	const struct stream *sm = f->stream;
	uint64_t known = stream_lines(sm);
	uint32_t line = f->rec.first;
	uint32_t last = f->rec.last < known ? f->rec.last : (uint32_t)known;
	int status = 0;

	while (line <= last && (line = share_next_line(sm, &f->rec, f->number,
	    line, last)) != 0) {
		struct line_text lt;
		struct format_state st = *stream_state(sm, line);

		if (f->nlines >= FACT_LINES_MAX) {
			f->truncated = true;
			break;
		}
		if (reader_line(r, sm, line, &lt, err) < 0)
			status = -1;
		add_entries(d, &lt, &st, line);
		line++;
	}
	return status;
}

/* --- the end -------------------------------------------------------------- */

static void
mark_reply(struct facts *f, uint32_t reply)
{
	const struct fact_reply *r = &f->replies[reply];

	for (size_t i = r->line; i < f->nlines; i++) {
		if (f->lines[i].reply == reply)
			f->lines[i].failed = true;
		else if (f->lines[i].role == ROLE_REPLY)
			break;
	}
	if (r->command != FACT_NONE)
		f->lines[r->command].failed = true;
}

static void
find_failure(struct decoder *d)
{
	struct facts *f = d->f;
	struct dialogue_command c;
	uint32_t at;

	for (uint32_t i = 0; i < f->nreplies; i++)
		if (f->worst == FACT_NONE || code_is_worse(f->replies[i].code,
		    f->replies[f->worst].code))
			f->worst = i;
	if (f->worst != FACT_NONE &&
	    reply_class(f->replies[f->worst].code) >= 4) {
		at = f->replies[f->worst].command;
		mark_reply(f, f->worst);
		f->failed_command = at != FACT_NONE ? f->lines[at].text :
		    f->replies[f->worst].asked;
	} else if (f->told_command.p && outcome_failed(
	    session_outcome(&f->rec))) {
		f->lines[f->told_failure].failed = true;
		f->failed_command = f->told_command;
	} else if (session_outcome(&f->rec) == OUTCOME_DROPPED) {
		if (dialogue_unanswered(&d->digest.dialogue, &c) &&
		    (at = index_of_line(f, c.line, ROLE_COMMAND, c.nth)) !=
		    FACT_NONE) {
			f->lines[at].failed = true;
			f->failed_command = f->lines[at].text;
		} else if (f->nlines) {
			f->lines[f->nlines - 1].failed = true;
		}
	}
}

static void
finish(struct decoder *d)
{
	struct facts *f = d->f;

	if (d->digest.dialogue.raw_line) {
		/* A raw line is held back: no twin of it came. */
		struct event ev = { .kind = EVENT_CLOSE, .time = CLOCK_NONE };
		struct step steps[DIALOGUE_STEPS];
		int n = digest_feed(&d->digest, &ev, f->rec.last, steps);

		for (int i = 0; i < n; i++)
			take_step(d, &steps[i], true);
	}
	end_reply(d);
	transaction_finish(f);
	f->end = d->digest.last_time;
	find_failure(d);
}

int
facts_decode(struct facts *f, const struct store *st, struct reader *r,
    uint32_t number, struct err *err)
{
	struct decoder d = { .f = f, .joining = FACT_NONE };
	int status;

	facts_reset(f);
	f->number = number;
	store_session(st, number, &f->rec);
	f->stream = store_stream(st, f->rec.stream);
	digest_init(&d.digest, f->stream->format);
	status = read_lines(&d, r, err);
	finish(&d);
	if (!f->peer.p && f->rec.peer)
		f->peer = store_peer(st, f->rec.peer);
	digest_free(&d.digest);
	buf_free(&d.quoted);
	buf_free(&d.more);
	return status;
}
