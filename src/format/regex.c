/*
 * The pool holds a few sets of match data.  A thread takes one that is free,
 * beginning at a place that its stack's address gives, so that threads seldom
 * meet; when all are taken it makes one of its own.
 */
#include "config.h"

#include "format/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/*
 * Enough for a few unbounded pieces over a line of kilobytes; met within a
 * fraction of a millisecond with JIT, and in two without.
 */
#define LIMIT_STEPS  100000u
#define LIMIT_DEPTH  20000u
#define LIMIT_HEAP   16384u      /* KiB */
#define STACK_FIRST  32768u
#define STACK_MAX    (1u << 20)

#define POOL_SLOTS 16

struct regex {
	pcre2_code *code;
	bool jit;
};

struct regex_work {
	_Alignas(64) atomic_bool taken;  /* take acquires, give releases */
	bool own;                /* of no pool */
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	PCRE2_SIZE *pair;        /* of the last match */
};

struct regex_pool {
	struct regex_work slot[POOL_SLOTS];
	unsigned groups;
};

/* --- patterns -------------------------------------------------------------- */

struct regex *
regex_new(struct slice pattern, struct regex_error *re)
{
	struct regex *x;
	PCRE2_SIZE at = 0;
	int error = 0;
	/* Bytes, not characters: logs are in any code page. */
	pcre2_code *code = pcre2_compile(
	    (PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.n,
	    PCRE2_ANCHORED | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
	    PCRE2_NEVER_UTF | PCRE2_NO_AUTO_CAPTURE, &error, &at, NULL);

	if (!code) {
		re->at = at < pattern.n ? at : pattern.n;
		if (pcre2_get_error_message(error, (PCRE2_UCHAR *)re->text,
		    sizeof re->text) < 0)
			snprintf(re->text, sizeof re->text, "PCRE2 error %d",
			    error);
		return NULL;
	}
	x = mem_alloc(sizeof *x);
	x->code = code;
	return x;
}

void
regex_free(struct regex *x)
{
	if (!x)
		return;
	pcre2_code_free(x->code);
	free(x);
}

bool
regex_group(const struct regex *x, unsigned n, const char **name,
    unsigned *number)
{
	uint32_t count = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(x->code, PCRE2_INFO_NAMECOUNT, &count);
	if (n >= count)
		return false;
	pcre2_pattern_info(x->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(x->code, PCRE2_INFO_NAMETABLE, &table);
	table += (size_t)n * size;
	*number = (unsigned)table[0] << 8 | table[1];
	*name = (const char *)table + 2;
	return true;
}

/* Tried, since PCRE2 tells nothing of anchored patterns: one byte each. */
void
regex_first(const struct regex *x, bool first[257])
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);

	for (int c = 0; c < 257; c++) {
		unsigned char byte = (unsigned char)c;
		int rc = data ? pcre2_match(x->code, &byte, c < 256, 0,
		    PCRE2_PARTIAL_HARD, data, NULL) : 0;

		first[c] = rc != PCRE2_ERROR_NOMATCH;
	}
	pcre2_match_data_free(data);
}

void
regex_prepare(struct regex *x)
{
	size_t size = 0;

	/* Where there is no JIT the interpreter does the same, slower. */
	x->jit = pcre2_jit_compile(x->code, PCRE2_JIT_COMPLETE) == 0 &&
	    pcre2_pattern_info(x->code, PCRE2_INFO_JITSIZE, &size) == 0 &&
	    size > 0;
}

/* --- work -------------------------------------------------------------------- */

static void
make_work(struct regex_work *w, unsigned groups)
{
	w->data = pcre2_match_data_create(groups + 1, NULL);
	w->context = pcre2_match_context_create(NULL);
	/* No stack of our own leaves JIT its small one: it still works. */
	w->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MAX, NULL);
	if (!w->data || !w->context)
		abort();
	pcre2_set_match_limit(w->context, LIMIT_STEPS);
	pcre2_set_depth_limit(w->context, LIMIT_DEPTH);
	pcre2_set_heap_limit(w->context, LIMIT_HEAP);
	if (w->stack)
		pcre2_jit_stack_assign(w->context, NULL, w->stack);
	w->pair = pcre2_get_ovector_pointer(w->data);
}

static void
free_work(struct regex_work *w)
{
	pcre2_match_data_free(w->data);
	pcre2_match_context_free(w->context);
	pcre2_jit_stack_free(w->stack);
}

struct regex_pool *
regex_pool_new(unsigned groups)
{
	struct regex_pool *p = aligned_alloc(64, sizeof *p);

	if (!p)
		abort();
	memset(p, 0, sizeof *p);
	p->groups = groups;
	for (int i = 0; i < POOL_SLOTS; i++)
		atomic_init(&p->slot[i].taken, false);
	return p;
}

void
regex_pool_free(struct regex_pool *p)
{
	if (!p)
		return;
	for (int i = 0; i < POOL_SLOTS; i++)
		free_work(&p->slot[i]);
	free(p);
}

struct regex_work *
regex_take(struct regex_pool *p)
{
	struct regex_work *w;
	uintptr_t here = (uintptr_t)&w >> 16;
	unsigned at = (unsigned)(here ^ here >> 4 ^ here >> 8);

	for (unsigned i = 0; i < POOL_SLOTS; i++) {
		w = &p->slot[(at + i) % POOL_SLOTS];
		if (atomic_load_explicit(&w->taken, memory_order_relaxed) ||
		    atomic_exchange_explicit(&w->taken, true,
		    memory_order_acquire))
			continue;
		if (!w->data)
			make_work(w, p->groups);
		return w;
	}
	w = aligned_alloc(64, sizeof *w);
	if (!w)
		abort();
	memset(w, 0, sizeof *w);
	w->own = true;
	make_work(w, p->groups);
	return w;
}

void
regex_give(struct regex_pool *p, struct regex_work *w)
{
	(void)p;
	if (w->own) {
		free_work(w);
		free(w);
		return;
	}
	atomic_store_explicit(&w->taken, false, memory_order_release);
}

enum regex_result
regex_match(const struct regex *x, struct regex_work *w, struct slice text)
{
	PCRE2_SPTR p = (PCRE2_SPTR)(text.p ? text.p : "");
	int rc = x->jit ?
	    pcre2_jit_match(x->code, p, text.n, 0, 0, w->data, w->context) :
	    pcre2_match(x->code, p, text.n, 0, 0, w->data, w->context);

	if (rc >= 0)
		return REGEX_YES;
	return rc == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_LIMIT;
}

struct slice
regex_found(const struct regex_work *w, struct slice text, unsigned number)
{
	PCRE2_SIZE from = w->pair[2 * number], to = w->pair[2 * number + 1];

	if (from == PCRE2_UNSET || to < from || to > text.n)
		return SLICE_NONE;
	return (struct slice){ text.p + from, to - from };
}
