/*
 * Transcripts: a heading and every line of a session; only what a server says
 * of its inner doings, among which the dialogue would be lost, is counted
 * unless it is asked for.  The failing exchange is marked in front, `>` its
 * command and `!` its reply.
 */
#include "config.h"

#include "report/forms.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "index/shown.h"
#include "query/column.h"
#include "report/explain.h"
#include "report/export.h"
#include "report/put.h"
#include "report/report.h"
#include "smtp/reply.h"

#define DELTA_WIDTH 9

struct transcript_report {
	struct put put;
	const struct report_options *o;
	struct buf text, tmp;
	size_t sessions;
};

/* C and S: client and server; B message text; = raw twin; - remark; ?. */
static char
letter_of(const struct fact_line *l)
{
	switch (l->role) {
	case ROLE_COMMAND:
	case ROLE_AUTH:
		return 'C';
	case ROLE_REPLY:
	case ROLE_REPLY_MORE:
		return 'S';
	case ROLE_BODY:
		return 'B';
	case ROLE_TWIN:
	case ROLE_TWIN_MORE:
	case ROLE_TRACE:
		return '=';
	case ROLE_OPEN:
	case ROLE_CLOSE:
	case ROLE_NOTE:
	case ROLE_REPORT:
		return '-';
	default:
		return l->text.n ? '?' : ' ';
	}
}

/* What stands behind the letter: protocol text, or a remark's words. */
static void
add_words(struct buf *out, const struct facts *f,
    const struct fact_line *l, bool secrets, struct buf *tmp)
{
	struct slice text = fact_line_text(f, l, secrets, tmp);
	struct slice what = l->context;

	if (l->gone) {
		buf_add(out, SLICE("[no longer in the log]"));
		return;
	}
	if (text.n == 0 && l->role == ROLE_CLOSE) {
		text = what;
		what = SLICE("disconnected");
	} else if (text.n == 0 && what.n == 0 && l->role == ROLE_OPEN) {
		text = SLICE("connected");
	}
	buf_add(out, what);
	if (what.n && text.n)
		buf_add(out, SLICE(": "));
	buf_add(out, text);
	if (l->cut)
		buf_add(out, SLICE(" [cut]"));
}

/* --- the heading ---------------------------------------------------------- */

static void
failure_words(struct buf *out, const struct facts *f, bool secrets)
{
	struct buf tmp = { 0 };
	struct slice command = export_failed_command(f, secrets, &tmp);
	struct worst_reply w;
	char code[REPLY_CODE_SIZE];

	export_worst(f, &w);
	reply_code_text(w.code, code);
	buf_addf(out, "%s: %s", outcome_name(session_outcome(&f->rec)), code);
	if (w.enhanced) {
		buf_add_char(out, ' ');
		enhanced_format(out, w.enhanced);
	}
	if (f->worst < f->nreplies && f->replies[f->worst].of_text) {
		buf_add(out, SLICE(" to the message text"));
	} else if (command.p) {
		buf_add(out, SLICE(" to "));
		buf_add(out, command);
	} else if (f->rec.verb == VERB_CONNECT) {
		buf_add(out, SLICE(" to the connection"));
	} else {
		buf_add(out, SLICE(" unasked"));
	}
	buf_free(&tmp);
}

static void
add_outcome(struct buf *out, const struct facts *f, bool secrets)
{
	enum outcome o = session_outcome(&f->rec);

	if (o == OUTCOME_PERMANENT || o == OUTCOME_TEMPORARY)
		failure_words(out, f, secrets);
	else if (o == OUTCOME_DROPPED || o == OUTCOME_REFUSED)
		column_text(COLUMN_OUTCOME, f, out);
	else
		buf_add(out, slice_of(outcome_name(o)));
}

/* The client is at the left, as the mail goes. */
static void
add_ends(struct buf *out, const struct facts *f)
{
	bool outbound = f->rec.flags & SESSION_OUT;
	struct slice left = outbound ? f->server : f->peer;
	struct slice right = outbound ? f->peer : f->server;
	int32_t left_port = outbound ? -1 : f->port;
	int32_t right_port = outbound ? f->port : -1;

	if (!left.n && !right.n)
		return;
	buf_add(out, SLICE("   "));
	buf_add(out, left.n ? left : SLICE("?"));
	if (left.n && left_port >= 0)
		buf_addf(out, ":%d", (int)left_port);
	if (!right.n)
		return;
	buf_add(out, SLICE(" -> "));
	buf_add(out, right);
	if (right_port >= 0)
		buf_addf(out, ":%d", (int)right_port);
}

/* What is not as a session should be is told, not passed over. */
static void
add_reservations(struct buf *out, const struct facts *f)
{
	enum ending e = session_ending(&f->rec);

	if (f->rec.flags & SESSION_CUT)
		buf_add(out, SLICE("   begins before the log does"));
	if (f->rec.flags & SESSION_CONTINUED)
		buf_add(out, SLICE("   continued"));
	if (e != ENDING_SAID && session_outcome(&f->rec) != OUTCOME_OPEN) {
		buf_add(out, SLICE("   "));
		buf_add(out, slice_of(ending_words(e)));
	}
	if (f->truncated)
		buf_addf(out, "   only the first %zu lines", f->nlines);
}

static void
add_heading(struct transcript_report *t, const struct facts *f)
{
	struct buf *text = &t->text;

	text->n = 0;
	buf_addf(text, "---- session %u", (unsigned)f->number);
	if (f->rec.start != CLOCK_NONE) {
		buf_add(text, SLICE("   "));
		stream_iso(text, f->stream, f->rec.start);
	}
	add_ends(text, f);
	buf_addf(text, "   %u line%s   ", (unsigned)f->rec.lines,
	    f->rec.lines == 1 ? "" : "s");
	add_outcome(text, f, t->o->secrets);
	if (f->key.n) {
		buf_add(text, SLICE("   "));
		buf_add(text, f->key);
	}
	add_reservations(text, f);
}

/* --- lines ---------------------------------------------------------------- */

static void
put_unit(struct buf *out, int64_t n, struct slice unit)
{
	put_number(out, (uint64_t)n);
	buf_add(out, unit);
}

/* Time passed since the line before; nothing when either has none. */
static void
add_delta(struct buf *out, int64_t before, int64_t t, bool ms)
{
	int64_t d;

	if (before == CLOCK_NONE || t == CLOCK_NONE)
		return;
	d = (int64_t)((uint64_t)t - (uint64_t)before);
	/* A second is as fine as such a log can tell. */
	if (!ms && d == 0)
		return;
	if (d >= 0)
		buf_add_char(out, '+');
	if (ms && d >= 0 && d < 10000)
		put_unit(out, d, SLICE("ms"));
	else if (!ms && d > 0 && d < 60000)
		put_unit(out, d / 1000, SLICE("s"));
	else
		clock_duration(out, d);
}

static char
mark_of(const struct fact_line *l)
{
	if (!l->failed)
		return ' ';
	return l->role == ROLE_COMMAND ? '>' : '!';
}

static void
add_margin(struct transcript_report *t, const struct stream *sm,
    const struct fact_line *l, int64_t before)
{
	bool ms = sm->traits.times_have_ms;
	struct buf *out = &t->put.buf, *delta = &t->tmp;

	buf_add_char(out, mark_of(l));
	buf_add_char(out, ' ');
	put_time_of_day(out, stream_wall(sm, l->time), ms);
	delta->n = 0;
	add_delta(delta, before, l->time, ms);
	if (delta->n < DELTA_WIDTH)
		put_blanks(out, DELTA_WIDTH - delta->n);
	buf_add(out, buf_slice(delta));
	put_blanks(out, 2);
	buf_add_char(out, letter_of(l));
}

static void
add_text(struct transcript_report *t, struct slice text)
{
	if (t->o->safe)
		text_safe(&t->put.buf, text, SIZE_MAX);
	else
		buf_add(&t->put.buf, text);
}

static bool
start_colour(struct transcript_report *t, const struct fact_line *l)
{
	struct buf *out = &t->put.buf;

	if (!t->o->colour)
		return false;
	if (l->role == ROLE_REPLY || l->role == ROLE_REPLY_MORE)
		put_colour(out, l->code);
	else if (l->role == ROLE_COMMAND)
		put_bold(out);
	else
		return false;
	return true;
}

static int
add_line(struct transcript_report *t, const struct facts *f,
    const struct fact_line *l, int64_t before)
{
	struct buf *out = &t->put.buf;
	bool coloured;

	add_margin(t, f->stream, l, before);
	t->text.n = 0;
	add_words(&t->text, f, l, t->o->secrets, &t->tmp);
	if (t->text.n) {
		buf_add_char(out, ' ');
		coloured = start_colour(t, l);
		add_text(t, buf_slice(&t->text));
		if (coloured)
			put_plain(out);
	}
	buf_add_char(out, '\n');
	return put_row(&t->put);
}

/* The line behind those about inner doings that begin at i. */
static size_t
end_of_internals(const struct transcript_report *t, const struct facts *f,
    size_t i)
{
	if (t->o->internals)
		return i;
	while (i < f->nlines && f->lines[i].role == ROLE_TRACE &&
	    !f->lines[i].gone)
		i++;
	return i;
}

/* As many lines about inner doings, in one row. */
static int
add_internals(struct transcript_report *t, const struct facts *f, size_t i,
    size_t n)
{
	add_margin(t, f->stream, &f->lines[i], CLOCK_NONE);
	buf_addf(&t->put.buf, " %zu raw line%s\n", n, n == 1 ? "" : "s");
	return put_row(&t->put);
}

#define INDENT 24

/* What a failing reply means, below its last line. */
static int
add_explanation(struct transcript_report *t, const struct fact_reply *r)
{
	struct explain_part parts[EXPLAIN_PARTS_MAX];
	struct explain_query q = explain_query_of(r);
	struct arena arena = { 0 };
	struct buf margin = { 0 };
	struct explanation x;
	size_t n;

	explain_find(t->o->explain, &q, &x);
	n = explain_parts(&x, true, &arena, parts);
	put_blanks(&margin, INDENT + 2);
	for (size_t i = 0; i < n; i++) {
		struct slice label = parts[i].label;

		put_blanks(&t->put.buf, INDENT);
		buf_addf(&t->put.buf, "%.*s: ", SLICE_ARGS(label));
		explain_wrap(&t->put.buf, parts[i].text, INDENT + label.n + 2,
		    buf_slice(&margin), t->o->columns);
	}
	buf_free(&margin);
	arena_free(&arena);
	return put_row(&t->put);
}

/* The failing reply that line i ends; NULL when it ends none. */
static const struct fact_reply *
ends_failure(const struct facts *f, size_t i)
{
	uint32_t at = f->lines[i].reply;

	if (at >= f->nreplies || reply_class(f->replies[at].code) < 4 ||
	    (i + 1 < f->nlines && f->lines[i + 1].reply == at))
		return NULL;
	return &f->replies[at];
}

static int
add_session(struct transcript_report *t, const struct facts *f)
{
	int64_t before = CLOCK_NONE;
	const struct fact_reply *failed;

	if (t->sessions++)
		buf_add_char(&t->put.buf, '\n');
	add_heading(t, f);
	if (t->o->colour)
		put_bold(&t->put.buf);
	add_text(t, buf_slice(&t->text));
	if (t->o->colour)
		put_plain(&t->put.buf);
	buf_add_char(&t->put.buf, '\n');
	for (size_t i = 0, end; i < f->nlines; i++) {
		const struct fact_line *l = &f->lines[i];
		/* Stamps in message text are the text's own. */
		bool timed = l->time != CLOCK_NONE && l->role != ROLE_BODY;

		end = end_of_internals(t, f, i);
		if (end > i) {
			if (add_internals(t, f, i, end - i) < 0)
				return -1;
			i = end - 1;
			continue;
		}
		if (add_line(t, f, l, timed ? before : CLOCK_NONE) < 0)
			return -1;
		failed = t->o->explain ? ends_failure(f, i) : NULL;
		if (failed && add_explanation(t, failed) < 0)
			return -1;
		if (timed)
			before = l->time;
	}
	return put_row(&t->put);
}

/* --- the form ------------------------------------------------------------- */

static void
transcript_init(struct transcript_report *t, const struct report_options *o)
{
	*t = (struct transcript_report){ .o = o, .put = { .out = o->out,
	    .at_once = o->safe || o->at_once } };
}

static int
transcript_finish(struct transcript_report *t)
{
	int status = put_flush(&t->put);

	put_free(&t->put);
	buf_free(&t->text);
	buf_free(&t->tmp);
	return status;
}

int
form_transcript_begin(void **state, const struct report_options *o)
{
	*state = mem_alloc(sizeof(struct transcript_report));
	transcript_init(*state, o);
	return 0;
}

int
form_transcript_row(void *state, const struct report_options *o,
    const struct facts *f)
{
	(void)o;
	return add_session(state, f);
}

int
form_transcript_end(void *state, const struct report_options *o)
{
	int status = transcript_finish(state);

	(void)o;
	free(state);
	return status;
}

int
report_transcript(const struct report_options *o, const struct facts *f)
{
	struct transcript_report t;
	int status;

	transcript_init(&t, o);
	status = add_session(&t, f);
	if (transcript_finish(&t) < 0)
		status = -1;
	return status;
}
