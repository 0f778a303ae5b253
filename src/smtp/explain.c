/*
 * The book of explanations: its entries, their patterns, and finding those
 * that speak about a reply.  How they are put into words for a reader is
 * explain_parts.c.
 *
 * Replies are written by strangers and patterns by users: a match runs under
 * limits, and a pattern that meets them is left out from then on, so that it
 * costs a moment once.
 */
#include "config.h"

#include "smtp/explain.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

/* Of a reply more than this is not looked at. */
#define TEXT_LOOK_MAX 2048u
/* At each of the places where a match may begin. */
#define LIMIT_STEPS 20000u
#define LIMIT_DEPTH 10000u
#define LIMIT_HEAP  4096u        /* KiB */

struct explain_book {
	struct arena arena;
	struct explain_entry **entry;
	size_t n, cap;
	const struct explain_entry **wild;
	size_t nwild, wild_cap;
	pcre2_match_context *context;
	pcre2_match_data *data;
	struct buf subject;
};

struct explain_book *
explain_book_new(void)
{
	struct explain_book *b = mem_alloc(sizeof *b);

	b->context = pcre2_match_context_create(NULL);
	b->data = pcre2_match_data_create(1, NULL);
	if (!b->context || !b->data)
		abort();
	pcre2_set_match_limit(b->context, LIMIT_STEPS);
	pcre2_set_depth_limit(b->context, LIMIT_DEPTH);
	pcre2_set_heap_limit(b->context, LIMIT_HEAP);
	return b;
}

void
explain_book_free(struct explain_book *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n; i++)
		pcre2_code_free(b->entry[i]->pattern);
	pcre2_match_context_free(b->context);
	pcre2_match_data_free(b->data);
	buf_free(&b->subject);
	free(b->entry);
	free(b->wild);
	arena_free(&b->arena);
	free(b);
}

struct arena *
explain_book_arena(struct explain_book *b)
{
	return &b->arena;
}

void
explain_book_add(struct explain_book *b, const struct explain_entry *e)
{
	struct explain_entry *copy = arena_alloc(&b->arena, sizeof *copy);

	*copy = *e;
	mem_reserve(&b->entry, &b->cap, b->n + 1, sizeof *b->entry);
	b->entry[b->n++] = copy;
}

const struct explain_entry *
explain_book_entry(const struct explain_book *b, size_t n)
{
	return n < b->n ? b->entry[n] : NULL;
}

const struct explain_entry *
explain_book_wild(const struct explain_book *b, size_t n)
{
	return n < b->nwild ? b->wild[n] : NULL;
}

/* --- names of sections ------------------------------------------------------- */

/* "550", and nothing else, within a range. */
static bool
number_of(struct slice s, unsigned least, unsigned most, unsigned *value)
{
	uint64_t n;

	if (s.n > 3 || !slice_to_u64(s, &n) || n < least || n > most)
		return false;
	*value = (unsigned)n;
	return true;
}

/* HELO is EHLO and so on: what is said about one holds for its kin. */
static enum smtp_verb
kin_of(enum smtp_verb v)
{
	switch (v) {
	case VERB_HELO:
	case VERB_LHLO:
		return VERB_EHLO;
	case VERB_SEND:
	case VERB_SOML:
	case VERB_SAML:
		return VERB_MAIL;
	case VERB_BDAT:
		return VERB_DATA;
	case VERB_XANONYMOUSTLS:
		return VERB_STARTTLS;
	case VERB_XEXPS:
		return VERB_AUTH;
	default:
		return v;
	}
}

static bool
name_code(struct explain_entry *e, struct slice rest)
{
	struct slice code = SLICE_NONE;

	slice_cut(&rest, ' ', &code);
	rest = slice_trim(rest);
	e->kind = rest.n ? EXPLAIN_COMMAND : EXPLAIN_CODE;
	if (!number_of(code, 200, 599, &e->code))
		return false;
	if (!rest.n)
		return true;
	if (slice_case_eq(rest, SLICE("TEXT"))) {
		e->of_text = true;
		e->verb = VERB_DATA;
		return true;
	}
	e->verb = kin_of(verb_by_name(rest));
	return e->verb != VERB_NONE && e->verb != VERB_UNKNOWN;
}

/* "5.7.1", or "X.7.1" for any class. */
static bool
name_enhanced(struct explain_entry *e, struct slice code)
{
	char digits[16];
	struct slice rest;
	bool any = code.n && (code.p[0] == 'X' || code.p[0] == 'x');

	e->kind = EXPLAIN_ENHANCED;
	if (code.n < 5 || code.n > sizeof digits)
		return false;
	memcpy(digits, code.p, code.n);
	if (any)
		digits[0] = '5';
	if (!enhanced_parse((struct slice){ digits, code.n }, &e->enhanced,
	    &rest) || rest.n)
		return false;
	if (any)
		e->enhanced = ENHANCED(0, ENHANCED_SUBJECT(e->enhanced),
		    ENHANCED_DETAIL(e->enhanced));
	return true;
}

bool
explain_entry_name(struct explain_entry *e, struct slice section)
{
	struct slice rest = slice_trim(section), word;

	if (!slice_cut(&rest, ' ', &word))
		return false;
	rest = slice_trim(rest);
	e->name = rest;
	if (slice_case_eq(word, SLICE("sentence"))) {
		e->kind = EXPLAIN_SENTENCE;
		return rest.n > 0;
	}
	if (slice_case_eq(word, SLICE("enhanced")))
		return name_enhanced(e, rest);
	if (slice_case_eq(word, SLICE("code")))
		return name_code(e, rest);
	if (slice_case_eq(word, SLICE("class"))) {
		e->kind = EXPLAIN_CLASS;
		return number_of(rest, 2, 5, &e->code);
	}
	e->kind = EXPLAIN_DIGIT;
	return slice_case_eq(word, SLICE("digit")) &&
	    number_of(rest, 0, 9, &e->code);
}

bool
explain_whose(struct slice whose, struct slice *bad)
{
	static const char *const words[] = {
		"sender", "recipient", "network", "this server",
	};
	struct slice word;

	while (slice_cut(&whose, ',', &word)) {
		bool known = false;

		word = slice_trim(word);
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			known = known || slice_case_eq(word,
			    slice_of(words[i]));
		if (!known) {
			*bad = word;
			return false;
		}
	}
	return true;
}

/* --- patterns ------------------------------------------------------------------ */

bool
explain_entry_compile(struct explain_entry *e, struct explain_error *ee)
{
	struct slice s = e->text[EXPLAIN_PATTERN];
	PCRE2_SIZE at = 0;
	int error = 0;

	/* Bytes, not characters: logs are in any code page. */
	e->pattern = pcre2_compile((PCRE2_SPTR)(s.p ? s.p : ""), s.n,
	    PCRE2_CASELESS | PCRE2_DOTALL | PCRE2_NEVER_UTF |
	    PCRE2_NO_AUTO_CAPTURE, &error, &at, NULL);
	if (e->pattern)
		return true;
	ee->at = at < s.n ? at : s.n;
	if (pcre2_get_error_message(error, (PCRE2_UCHAR *)ee->text,
	    sizeof ee->text) < 0)
		snprintf(ee->text, sizeof ee->text, "PCRE2 error %d", error);
	return false;
}

void
explain_entry_drop(struct explain_entry *e)
{
	pcre2_code_free(e->pattern);
	e->pattern = NULL;
}

static bool
matches(struct explain_book *b, struct explain_entry *e)
{
	int rc;

	if (e->kind != EXPLAIN_SENTENCE || !e->pattern || e->wild)
		return false;
	rc = pcre2_match(e->pattern, (PCRE2_SPTR)b->subject.p, b->subject.n, 0,
	    0, b->data, b->context);
	if (rc >= 0)
		return true;
	if (rc != PCRE2_ERROR_NOMATCH) {
		e->wild = true;
		mem_reserve(&b->wild, &b->wild_cap, b->nwild + 1,
		    sizeof *b->wild);
		b->wild[b->nwild++] = e;
	}
	return false;
}

/* Text without the enhanced code that each line of a long reply repeats. */
static void
add_text(struct buf *out, struct slice text, struct slice repeated)
{
	ptrdiff_t at;

	while (repeated.n && (at = slice_find(text, repeated)) >= 0) {
		buf_add(out, slice_head(text, (size_t)at));
		text = slice_from(text, (size_t)at + repeated.n);
	}
	buf_add(out, text);
}

/* What patterns are held against: "550 5.7.1 text", as far as it is known. */
static void
make_subject(struct explain_book *b, const struct explain_query *q)
{
	struct buf enhanced = { 0 };

	b->subject.n = 0;
	if (reply_code_known(q->code))
		buf_addf(&b->subject, "%03u ", q->code);
	enhanced_format(&enhanced, q->enhanced);
	if (enhanced.n)
		buf_add_char(&enhanced, ' ');
	buf_add(&b->subject, buf_slice(&enhanced));
	add_text(&b->subject, slice_head(q->text, TEXT_LOOK_MAX),
	    buf_slice(&enhanced));
	buf_free(&enhanced);
	/* PCRE2 takes no NULL. */
	buf_add_char(&b->subject, '\n');
	b->subject.n--;
}

/* --- looking up ------------------------------------------------------------------ */

static bool
is_enhanced(const struct explain_entry *e, uint32_t enhanced)
{
	if (!enhanced || (ENHANCED_CLASS(e->enhanced) != 0 &&
	    e->enhanced != enhanced))
		return false;
	return ENHANCED_SUBJECT(e->enhanced) == ENHANCED_SUBJECT(enhanced) &&
	    ENHANCED_DETAIL(e->enhanced) == ENHANCED_DETAIL(enhanced);
}

/* Whether an entry that is no sentence speaks about a reply. */
static bool
is_about(const struct explain_entry *e, const struct explain_query *q)
{
	switch (e->kind) {
	case EXPLAIN_CLASS:
		return q->code && e->code == reply_class(q->code);
	case EXPLAIN_DIGIT:
		return reply_code_known(q->code) &&
		    e->code == q->code / 10 % 10;
	case EXPLAIN_CODE:
		return q->code && e->code == q->code;
	case EXPLAIN_COMMAND:
		return q->code && e->code == q->code &&
		    e->verb == kin_of(q->verb) && (!e->of_text || q->of_text);
	case EXPLAIN_ENHANCED:
		return is_enhanced(e, q->enhanced);
	default:
		return false;
	}
}

/* The more specific of two of one kind; of equals the first. */
static const struct explain_entry *
better(const struct explain_entry *old, const struct explain_entry *e)
{
	if (!old)
		return e;
	if (e->of_text && !old->of_text)
		return e;
	if (e->kind == EXPLAIN_ENHANCED && ENHANCED_CLASS(e->enhanced) != 0 &&
	    ENHANCED_CLASS(old->enhanced) == 0)
		return e;
	return old;
}

static void
take(struct explanation *x, const struct explain_entry *e)
{
	switch (e->kind) {
	case EXPLAIN_CLASS:
		x->class = better(x->class, e);
		break;
	case EXPLAIN_DIGIT:
		x->digit = better(x->digit, e);
		break;
	case EXPLAIN_CODE:
		x->code = better(x->code, e);
		break;
	case EXPLAIN_COMMAND:
		x->command = better(x->command, e);
		break;
	case EXPLAIN_ENHANCED:
		x->enhanced = better(x->enhanced, e);
		break;
	case EXPLAIN_SENTENCE:
		x->sentence = better(x->sentence, e);
		break;
	}
}

/* Own notes, sentences before enhanced codes before commands before codes. */
static void
take_own(struct explanation *x, const struct explain_entry *e)
{
	size_t at = x->nown;

	while (at > 0 && x->own[at - 1]->kind < e->kind)
		at--;
	if (at == EXPLAIN_OWN_MAX)
		return;
	if (x->nown == EXPLAIN_OWN_MAX)
		x->nown--;
	memmove(&x->own[at + 1], &x->own[at],
	    (x->nown - at) * sizeof x->own[0]);
	x->own[at] = e;
	x->nown++;
}

bool
explain_find(struct explain_book *b, const struct explain_query *q,
    struct explanation *x)
{
	/* What succeeded needs no remedy: "250 OK, greylisting passed". */
	bool failed = q->code == 0 || reply_class(q->code) >= 4;

	*x = (struct explanation){ .query = *q };
	make_subject(b, q);
	for (size_t i = 0; i < b->n; i++) {
		struct explain_entry *e = b->entry[i];

		if (e->own) {
			if (is_about(e, q) || matches(b, e))
				take_own(x, e);
		} else if (is_about(e, q) ||
		    (failed && !x->sentence && matches(b, e))) {
			take(x, e);
		}
	}
	return x->nown || x->sentence || x->enhanced || x->command || x->code;
}

const struct explain_entry *
explain_leading(const struct explanation *x)
{
	const struct explain_entry *by_rank[EXPLAIN_OWN_MAX + 5];
	size_t n = 0;

	for (size_t i = 0; i < x->nown; i++)
		by_rank[n++] = x->own[i];
	by_rank[n++] = x->sentence;
	by_rank[n++] = x->enhanced;
	by_rank[n++] = x->command;
	by_rank[n++] = x->code;
	by_rank[n++] = x->class;
	for (size_t i = 0; i < n; i++)
		if (by_rank[i] && by_rank[i]->text[EXPLAIN_CAUSE].n)
			return by_rank[i];
	return NULL;
}
