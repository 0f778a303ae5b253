/*
 * What a line of a transcript says: the words that are shown, searched and
 * copied; and the heading over the transcript.
 */
#include "config.h"

#include "base/utf8.h"
#include "index/shown.h"
#include "ui/figure.h"
#include "ui/transcript.h"

/* Narrower than this, the outcome is more than the peer in any case. */
#define PEER_SCREEN 50

static void
add_with_context(struct buf *out, const char *otherwise, struct slice text,
    struct slice context)
{
	if (text.n == 0 && context.n == 0)
		buf_add(out, slice_of(otherwise));
	buf_add(out, context);
	if (text.n && context.n)
		buf_add(out, SLICE(": "));
	buf_add(out, text);
}

struct slice
transcript_words(struct transcript *t, uint32_t line)
{
	const struct fact_line *l = &t->facts.lines[line];
	struct slice text;

	if (l->gone)
		return SLICE("(this line can no longer be read)");
	t->plain.n = t->words.n = 0;
	text = fact_line_text(&t->facts, l, t->view.scene->secrets, &t->plain);
	switch (l->role) {
	case ROLE_OPEN:
		add_with_context(&t->words, "connected", text, l->context);
		break;
	case ROLE_CLOSE:
		if (text.n == 0)
			buf_add(&t->words, SLICE("disconnected"));
		if (text.n == 0 && l->context.n)
			buf_add(&t->words, SLICE(": "));
		add_with_context(&t->words, "", text, l->context);
		break;
	case ROLE_NOTE:
	case ROLE_REPORT:
		add_with_context(&t->words, "(a note without words)", text,
		    l->context);
		break;
	default:
		return text;
	}
	return buf_slice(&t->words);
}

struct slice
transcript_raw(struct transcript *t, uint32_t line)
{
	const struct fact_line *l = &t->facts.lines[line];
	struct scene *sc = t->view.scene;
	struct line_text lt;
	struct err err;

	if (reader_line(sc->reader, t->facts.stream, l->line, &lt, &err) < 0) {
		t->words.n = 0;
		buf_addf(&t->words, "(%s)", err.text);
		return buf_slice(&t->words);
	}
	if (lt.gone)
		return SLICE("(this line can no longer be read)");
	t->plain.n = 0;
	return fact_raw_text(&t->facts, l, lt.text, sc->secrets, &t->plain);
}

/* --- what is gone ------------------------------------------------------------- */

uint32_t
transcript_gone(const struct transcript *t)
{
	if (t->facts.nlines == 0 || (t->parts.n == 0 && t->trouble))
		return t->rec.lines;
	return t->facts.gone;
}

void
transcript_gone_words(uint32_t lines, struct buf *out)
{
	buf_add(out, SLICE("the log was truncated; the text of "));
	figure_count(out, lines);
	buf_add(out, lines == 1 ? SLICE(" line is gone") :
	    SLICE(" lines is gone"));
}

/* --- the heading -------------------------------------------------------------- */

/* The peer alone, for where there is no room for more. */
static void
add_peer(const struct facts *f, struct buf *out)
{
	buf_add(out, SLICE("   "));
	buf_add(out, f->peer.n ? f->peer : SLICE("?"));
}

static void
add_endpoints(const struct facts *f, bool server, struct buf *out)
{
	bool out_bound = f->rec.flags & SESSION_OUT;
	bool known = f->rec.flags & SESSION_SIDE_KNOWN;
	struct buf peer = { 0 };

	buf_add(&peer, f->peer.n ? f->peer : SLICE("?"));
	if (f->port >= 0)
		buf_addf(&peer, ":%d", (int)f->port);
	buf_add(out, SLICE("   "));
	if (!server || f->server.n == 0) {
		buf_add(out, !known ? SLICE("") : out_bound ? SLICE("to ") :
		    SLICE("from "));
		buf_add(out, buf_slice(&peer));
	} else {
		buf_add(out, out_bound ? f->server : buf_slice(&peer));
		buf_add(out, known ? SLICE(" -> ") : SLICE(" - "));
		buf_add(out, out_bound ? buf_slice(&peer) : f->server);
	}
	buf_free(&peer);
}

static void
add_date(const struct facts *f, struct buf *out)
{
	struct civil c;

	if (f->rec.start == CLOCK_NONE)
		return;
	clock_to_civil(stream_wall(f->stream, f->rec.start), &c);
	buf_addf(out, "   %04d-%02d-%02d", c.year, c.month, c.day);
}

/* What the worst reply answers; FACT_NONE when that is no command. */
static uint32_t
add_reply_to(const struct fact_reply *r, struct buf *out)
{
	char code[REPLY_CODE_SIZE];

	reply_code_text(r->code, code);
	buf_add(out, slice_of(code));
	if (r->of_text) {
		buf_add(out, SLICE(" to the message text"));
		return FACT_NONE;
	}
	if (r->command != FACT_NONE)
		buf_add(out, SLICE(" to "));
	else if (r->verb == VERB_CONNECT)
		buf_add(out, SLICE(" to the connection"));
	else if (r->verb > VERB_CONNECT)
		buf_addf(out, " to %s", verb_name(r->verb));
	return r->command;
}

/* The reply can no longer be read; what the index knows of it. */
static void
add_reply_gone(const struct session *rec, struct buf *out)
{
	char code[REPLY_CODE_SIZE];

	reply_code_text(rec->worst, code);
	buf_add(out, slice_of(code));
	if (rec->verb == VERB_CONNECT)
		buf_add(out, SLICE(" to the connection"));
	else if (rec->verb > VERB_CONNECT)
		buf_addf(out, " to %s", verb_name(rec->verb));
}

static uint32_t
unanswered(const struct facts *f)
{
	uint32_t command = FACT_NONE;

	for (uint32_t i = 0; i < f->nlines; i++)
		if (f->lines[i].failed && f->lines[i].role == ROLE_COMMAND)
			command = i;
	return command;
}

/* `named`: by its name, too, where a code says it. */
static void
add_outcome(const struct transcript *t, bool named, struct buf *out)
{
	const struct facts *f = &t->facts;
	enum outcome o = session_outcome(&f->rec);
	bool coded = o == OUTCOME_PERMANENT || o == OUTCOME_TEMPORARY;
	struct buf tmp = { 0 };
	uint32_t command = FACT_NONE;

	buf_add(out, SLICE("   "));
	if (named || !coded)
		buf_add(out, slice_of(outcome_name(o)));
	if (named && coded)
		buf_add(out, SLICE(": "));
	if (coded && f->worst < f->nreplies &&
	    reply_class(f->replies[f->worst].code) >= 4) {
		command = add_reply_to(&f->replies[f->worst], out);
	} else if (coded) {
		add_reply_gone(&f->rec, out);
	} else if (f->told_command.n && f->failed_command.n) {
		buf_add(out, o == OUTCOME_REFUSED ? SLICE(": ") :
		    SLICE(" after "));
		buf_add(out, slice_eq(f->failed_command, SLICE("?")) ?
		    SLICE("an unknown command") :
		    slice_head(f->failed_command, 200));
	} else if (o == OUTCOME_DROPPED && f->failed_command.p) {
		buf_add(out, SLICE(": no answer to "));
		command = unanswered(f);
	}
	if (command < f->nlines)
		buf_add(out, fact_line_text(f, &f->lines[command],
		    t->view.scene->secrets, &tmp));
	buf_free(&tmp);
}

static void
add_remarks(const struct facts *f, struct buf *out)
{
	if (f->rec.flags & SESSION_CUT)
		buf_add(out, SLICE("   begins before the log"));
	if (session_is_guessed(&f->rec))
		buf_add(out, SLICE("   guessed: the log does not tell sessions "
		    "apart"));
	if (session_ending(&f->rec) == ENDING_DISPLACED ||
	    session_ending(&f->rec) == ENDING_NEXT)
		buf_addf(out, "   %s", ending_words(session_ending(&f->rec)));
	if (f->truncated)
		buf_add(out, SLICE("   more lines than are shown"));
}

void
transcript_heading(const struct transcript *t, int cols, struct buf *out)
{
	const struct facts *f = &t->facts;
	size_t start = out->n;
	/* What failed is said to its end, and if it costs the endpoints. */
	bool to_its_end = cols < PEER_SCREEN ||
	    outcome_failed(session_outcome(&f->rec));

	/* From all there is to say down to what fits. */
	for (int level = 0; level < (to_its_end ? 6 : 3); level++) {
		out->n = start;
		buf_addf(out, "session %u", (unsigned)t->number);
		if (level < 1)
			add_date(f, out);
		if (level < 3)
			add_endpoints(f, level < 2, out);
		else if (level < 5)
			add_peer(f, out);
		if (level < 1) {
			buf_add(out, SLICE("   "));
			figure_count(out, f->rec.lines);
			buf_add(out, f->rec.lines == 1 ? SLICE(" line") :
			    SLICE(" lines"));
		}
		add_outcome(t, level < 4, out);
		if (level < 2)
			add_remarks(f, out);
		if (t->trouble)
			buf_add(out, SLICE("   reading failed"));
		if (text_width(slice_from(buf_slice(out), start)) <=
		    (size_t)(cols > 0 ? cols : 0))
			break;
	}
}
