/*
 * An explanation as a reader gets it: which labels, in which order; and a
 * reply that a person pasted, taken apart.
 */
#include "config.h"

#include "smtp/explain.h"

struct maker {
	struct explain_part *parts;
	size_t n;
	struct arena *arena;
};

static void
add(struct maker *m, struct slice label, struct slice text)
{
	if (text.n && m->n < EXPLAIN_PARTS_MAX)
		m->parts[m->n++] = (struct explain_part){ label, text };
}

static struct slice
keep(struct maker *m, struct buf *words)
{
	struct slice s = arena_dup(m->arena, buf_slice(words));

	buf_free(words);
	return s;
}

/* "550", "550 to RCPT", "5.7.1", "5xx", "x5x". */
static struct slice
label_of(struct maker *m, const struct explanation *x,
    const struct explain_entry *e)
{
	struct buf words = { 0 };

	switch (e->kind) {
	case EXPLAIN_ENHANCED:
		enhanced_format(&words, x->query.enhanced);
		break;
	case EXPLAIN_CODE:
		buf_addf(&words, "%03u", e->code);
		break;
	case EXPLAIN_COMMAND:
		if (e->of_text)
			buf_addf(&words, "%03u to text", e->code);
		else
			buf_addf(&words, "%03u to %s", e->code,
			    verb_name(x->query.verb));
		break;
	case EXPLAIN_CLASS:
		buf_addf(&words, "%uxx", e->code);
		break;
	case EXPLAIN_DIGIT:
		buf_addf(&words, "x%ux", e->code);
		break;
	default:
		return SLICE("Means");
	}
	return keep(m, &words);
}

/* "title (origin)", and for what does not lead its cause in the same breath. */
static struct slice
heading_of(struct maker *m, const struct explain_entry *e, bool whole)
{
	struct buf words = { 0 };
	struct slice cause = e->text[EXPLAIN_CAUSE];

	buf_add(&words, e->text[EXPLAIN_TITLE]);
	if (e->text[EXPLAIN_ORIGIN].n) {
		buf_add(&words, SLICE(" ("));
		buf_add(&words, e->text[EXPLAIN_ORIGIN]);
		buf_add_char(&words, ')');
	}
	if (whole && cause.n) {
		buf_add(&words, words.n ? SLICE(". ") : SLICE(""));
		buf_add(&words, cause);
	}
	if (whole && e->text[EXPLAIN_SOURCE].n) {
		buf_add(&words, SLICE(" ["));
		buf_add(&words, e->text[EXPLAIN_SOURCE]);
		buf_add_char(&words, ']');
	}
	return keep(m, &words);
}

/* "the sender", "the network or this server, the one that answered". */
static struct slice
whose_words(struct maker *m, struct slice whose)
{
	struct buf words = { 0 };
	struct slice word;

	while (slice_cut(&whose, ',', &word)) {
		word = slice_trim(word);
		if (words.n)
			buf_add(&words, SLICE(" or "));
		if (slice_case_eq(word, SLICE("this server")))
			buf_add(&words, SLICE("this server, the one that "
			    "answered"));
		else
			buf_addf(&words, "the %.*s", SLICE_ARGS(word));
	}
	return keep(m, &words);
}

/* The entry that speaks first, in full. */
static void
add_leading(struct maker *m, const struct explanation *x,
    const struct explain_entry *e)
{
	add(m, e->own ? SLICE("Your note") : label_of(m, x, e),
	    e->text[EXPLAIN_NOTE].n ? e->text[EXPLAIN_NOTE] :
	    heading_of(m, e, false));
	add(m, SLICE("Cause"), e->text[EXPLAIN_CAUSE]);
	add(m, SLICE("Next step"), e->text[EXPLAIN_NEXT]);
	add(m, SLICE("Whose"), whose_words(m, e->text[EXPLAIN_WHOSE]));
	add(m, SLICE("Source"), e->text[EXPLAIN_SOURCE]);
}

static void
add_other(struct maker *m, const struct explanation *x,
    const struct explain_entry *e, const struct explain_entry *leading)
{
	if (e && e != leading)
		add(m, label_of(m, x, e), heading_of(m, e, true));
}

/* A note of the user's that has no cause, or stands behind another. */
static void
add_own(struct maker *m, const struct explain_entry *e)
{
	add(m, SLICE("Your note"), e->text[EXPLAIN_NOTE].n ?
	    e->text[EXPLAIN_NOTE] : heading_of(m, e, true));
	add(m, SLICE("Next step"), e->text[EXPLAIN_NEXT]);
}

size_t
explain_parts(const struct explanation *x, bool brief, struct arena *arena,
    struct explain_part parts[EXPLAIN_PARTS_MAX])
{
	struct maker m = { .parts = parts, .arena = arena };
	const struct explain_entry *leading = explain_leading(x);

	for (size_t i = 0; i < x->nown; i++)
		if (x->own[i] != leading)
			add_own(&m, x->own[i]);
	if (leading)
		add_leading(&m, x, leading);
	if (brief)
		return m.n;
	add_other(&m, x, x->sentence, leading);
	add_other(&m, x, x->enhanced, leading);
	add_other(&m, x, x->command, leading);
	add_other(&m, x, x->code, leading);
	add_other(&m, x, x->class, leading);
	add_other(&m, x, x->digit, leading);
	return m.n;
}

/* --- what a person pastes ----------------------------------------------------- */

/* "RCPT: " or "RCPT " in front of a code. */
static struct slice
take_verb(struct explain_query *q, struct slice s)
{
	struct slice word, rest = s;
	enum smtp_verb v;

	while (rest.n && !ascii_is_blank((unsigned char)rest.p[0]) &&
	    rest.p[0] != ':')
		rest = slice_from(rest, 1);
	word = slice_head(s, s.n - rest.n);
	while (rest.n && (rest.p[0] == ':' ||
	    ascii_is_blank((unsigned char)rest.p[0])))
		rest = slice_from(rest, 1);
	v = verb_by_name(word);
	/* "help 550" is no command, but nothing else begins with one either. */
	if (v == VERB_NONE || v == VERB_UNKNOWN || !rest.n ||
	    !ascii_is_digit((unsigned char)rest.p[0]))
		return s;
	q->verb = v;
	return rest;
}

/* Adds one line without its codes. */
static void
take_line(struct explain_query *q, struct slice line, struct buf *joined)
{
	struct reply r;
	uint32_t enhanced;

	if (reply_parse(line, &r) && (q->code == 0 || q->code == r.code)) {
		q->code = r.code;
		if (!q->enhanced)
			q->enhanced = r.enhanced;
		line = r.text;
	} else if (enhanced_parse(line, &enhanced, &line) && !q->enhanced) {
		q->enhanced = enhanced;
	}
	if (line.n && joined->n)
		buf_add_char(joined, ' ');
	buf_add(joined, line);
}

void
explain_query_read(struct explain_query *q, struct slice pasted,
    struct buf *joined)
{
	struct slice line;

	*q = (struct explain_query){ .verb = VERB_NONE };
	joined->n = 0;
	pasted = take_verb(q, slice_trim(pasted));
	while (slice_cut(&pasted, '\n', &line))
		take_line(q, slice_trim(line), joined);
	q->text = buf_slice(joined);
}
