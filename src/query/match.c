/*
 * PCRE2 behind one small face: how patterns are compiled here, and the limits
 * under which they run.
 *
 * Knows nothing of logs.  A match is looked for in windows of starting places
 * (PCRE2_USE_OFFSET_LIMIT): the limits of PCRE2 hold for each starting place
 * alone, so a pattern that is slow at every one of a million places would
 * never meet them; between windows the time is looked at.
 */
#include "config.h"

#include "query/match.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "query/pattern.h"

/*
 * Backtracks at one starting place: enough for `.*word` to walk back over a
 * line of a megabyte, and met after a millisecond with JIT, ten without.
 */
#define MATCH_LIMIT_STEPS  1000000u
/* The interpreter keeps frames on the heap: 32 MiB of them, in KiB. */
#define MATCH_LIMIT_HEAP   32768u
#define MATCH_LIMIT_DEPTH  250000u
#define JIT_STACK_MIN      65536u
#define JIT_STACK_MAX      (8u << 20)

/* Starting places between two looks at the clock. */
#define WINDOW_MIN   128u
#define WINDOW_FIRST 1024u
#define WINDOW_MAX   32768u
/*
 * Without JIT, PCRE2 looks through all the rest of the text at each call, to
 * see what of it is UTF-8: windows must be few.
 */
#define WINDOW_CHECKED 262144u
#define WINDOW_FAST_NS  500000
#define WINDOW_SLOW_NS 4000000
/* Processor time of one call: so much, and so much more for each byte. */
#define BUDGET_NS          100000000
#define BUDGET_NS_PER_BYTE 1000

struct match {
	pcre2_code *code;
	size_t window_min;
	struct required required;
};

struct match_work {
	pcre2_match_context *context;
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
	size_t window;
	const atomic_bool *stop;
};

static void
error_at(struct match_error *me, int code, size_t at)
{
	if (!me)
		return;
	me->at = at;
	if (pcre2_get_error_message(code, (PCRE2_UCHAR *)me->text,
	    sizeof me->text) < 0)
		snprintf(me->text, sizeof me->text, "PCRE2 error %d", code);
}

static struct match *
compile(struct slice pattern, uint32_t options, struct match_error *me)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	struct match *m = NULL;
	pcre2_code *code;
	PCRE2_SIZE at = 0;
	int error = 0;

	if (!context) {
		error_at(me, PCRE2_ERROR_NOMEMORY, 0);
		return NULL;
	}
	/* A `$` stands before CRLF as before LF. */
	pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
	pcre2_set_bsr(context, PCRE2_BSR_ANYCRLF);
	code = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""),
	    pattern.n, options | PCRE2_USE_OFFSET_LIMIT, &error, &at, context);
	pcre2_compile_context_free(context);
	if (!code) {
		error_at(me, error, at < pattern.n ? at : pattern.n);
		return NULL;
	}
	m = mem_alloc(sizeof *m);
	m->code = code;
	m->window_min = WINDOW_MIN;
	/* Where there is no JIT the interpreter does the same, slower. */
	if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0 &&
	    (options & PCRE2_UTF))
		m->window_min = WINDOW_CHECKED;
	return m;
}

static uint32_t
case_option(enum match_case how, bool has_upper)
{
	if (how == MATCH_IGNORE || (how == MATCH_SMART && !has_upper))
		return PCRE2_CASELESS;
	return 0;
}

/* A pattern that is no UTF-8 can only mean bytes. */
static uint32_t
utf_option(struct slice pattern, bool suits_bytes)
{
	if (suits_bytes || !utf8_valid(pattern))
		return 0;
	return PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
}

struct match *
match_compile(struct slice pattern, enum match_case how,
    struct match_error *me)
{
	/* \C would cut characters in two. */
	uint32_t options = PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
	struct match *m;

	options |= case_option(how, pattern_has_upper(pattern));
	options |= utf_option(pattern, pattern_suits_bytes(pattern));
	m = compile(pattern, options, me);
	if (m)
		required_of(&m->required, pattern, options & PCRE2_CASELESS,
		    options & PCRE2_UTF);
	return m;
}

struct match *
match_literal(struct slice text, enum match_case how)
{
	uint32_t options = PCRE2_LITERAL;

	options |= case_option(how, literal_has_upper(text));
	options |= utf_option(text, literal_suits_bytes(text));
	return compile(text, options, NULL);
}

void
match_free(struct match *m)
{
	if (!m)
		return;
	pcre2_code_free(m->code);
	required_free(&m->required);
	free(m);
}

const struct required *
match_required(const struct match *m)
{
	return &m->required;
}

struct match_work *
match_work_new(void)
{
	struct match_work *w = mem_alloc(sizeof *w);

	w->window = WINDOW_FIRST;
	w->context = pcre2_match_context_create(NULL);
	w->data = pcre2_match_data_create(1, NULL);
	/* No stack of our own leaves JIT its small one: it still works. */
	w->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (!w->context || !w->data)
		abort();
	pcre2_set_match_limit(w->context, MATCH_LIMIT_STEPS);
	pcre2_set_depth_limit(w->context, MATCH_LIMIT_DEPTH);
	pcre2_set_heap_limit(w->context, MATCH_LIMIT_HEAP);
	if (w->stack)
		pcre2_jit_stack_assign(w->context, NULL, w->stack);
	return w;
}

void
match_work_free(struct match_work *w)
{
	if (!w)
		return;
	pcre2_match_data_free(w->data);
	pcre2_match_context_free(w->context);
	pcre2_jit_stack_free(w->stack);
	free(w);
}

void
match_work_stop(struct match_work *w, const atomic_bool *stop)
{
	w->stop = stop;
}

static int64_t
clock_ns(clockid_t id)
{
	struct timespec t = { 0 };

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Keeps looks at the clock rare where matching is fast, and often else. */
static void
window_adapt(struct match_work *w, int64_t took)
{
	if (took < WINDOW_FAST_NS && w->window < WINDOW_MAX)
		w->window *= 2;
	else if (took > WINDOW_SLOW_NS && w->window > WINDOW_MIN)
		w->window /= 2;
}

static bool
is_stopped(const struct match_work *w)
{
	return w->stop && atomic_load_explicit(w->stop, memory_order_relaxed);
}

/* Wall time is cheap to ask; processor time then tells a loaded machine. */
static bool
is_over_budget(int64_t wall, int64_t cpu_begin, size_t bytes)
{
	int64_t budget = BUDGET_NS +
	    (int64_t)(bytes < (1u << 30) ? bytes : 1u << 30) *
	    BUDGET_NS_PER_BYTE;

	return wall > budget &&
	    clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_begin > budget;
}

/* One call of PCRE2 for a match that begins in [at, last]. */
static int
find_in_window(const struct match *m, struct match_work *w,
    struct slice text, size_t at, size_t last)
{
	pcre2_set_offset_limit(w->context, last);
	return pcre2_match(m->code, (PCRE2_SPTR)text.p, text.n, at, 0,
	    w->data, w->context);
}

static bool
is_within_crlf(struct slice text, size_t at)
{
	return at && text.p[at - 1] == '\r' && text.p[at] == '\n';
}

/*
 * The last starting place of a window.  A window must neither begin nor end
 * between CR and LF: PCRE2 skips that place in passing, but takes it for the
 * start of a line when it is told to begin there, and JIT when told to end
 * there.  Nor must one begin within a character.
 */
static size_t
window_last(struct slice text, size_t from, size_t window)
{
	size_t last;

	if (text.n - from <= window)
		return text.n;
	last = from + window;
	for (int i = 0; i < 3 && last + 1 < text.n; i++) {
		if (((unsigned char)text.p[last + 1] & 0xc0) != 0x80)
			break;
		last++;
	}
	while (last + 1 < text.n && (is_within_crlf(text, last) ||
	    is_within_crlf(text, last + 1)))
		last++;
	return last;
}

static enum match_result
take_result(const struct match_work *w, int rc, size_t *start, size_t *end)
{
	const PCRE2_SIZE *pair = pcre2_get_ovector_pointer(w->data);

	if (rc == PCRE2_ERROR_NOMATCH)
		return MATCH_NO;
	if (rc < 0)
		return MATCH_LIMIT;
	/* \K can put the start behind the end. */
	*start = pair[0] < pair[1] ? pair[0] : pair[1];
	*end = pair[0] < pair[1] ? pair[1] : pair[0];
	return MATCH_YES;
}

static size_t
window_size(const struct match *m, const struct match_work *w)
{
	return w->window > m->window_min ? w->window : m->window_min;
}

enum match_result
match_find(const struct match *m, struct match_work *w, struct slice text,
    size_t from, size_t *start, size_t *end)
{
	int64_t begin = 0, cpu_begin = 0, before, now = 0;

	if (from > text.n)
		return MATCH_NO;
	if (!text.p)
		text.p = "";
	for (;;) {
		size_t last = window_last(text, from, window_size(m, w));
		int rc = find_in_window(m, w, text, from, last);

		if (rc != PCRE2_ERROR_NOMATCH || last == text.n)
			return take_result(w, rc, start, end);
		before = now;
		now = clock_ns(CLOCK_MONOTONIC);
		/* Most calls end in their first window and need no clock. */
		if (before) {
			window_adapt(w, now - before);
		} else {
			begin = now;
			cpu_begin = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		}
		if (is_stopped(w) ||
		    is_over_budget(now - begin, cpu_begin, text.n))
			return MATCH_LIMIT;
		from = last + 1;
	}
}
