/*
 * Explanations: what is looked up, which entry speaks first, own notes, bad
 * files and bad patterns; and every entry that comes with ehlog.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "query/replies.h"

/* The basic codes of the RFCs and the registry, and those seen beside them. */
static const unsigned basic_codes[] = {
	211, 214, 220, 221, 235, 250, 251, 252, 253, 334, 354, 421, 422, 430,
	432, 450, 451, 452, 453, 454, 455, 458, 459, 500, 501, 502, 503, 504,
	521, 523, 524, 525, 530, 533, 534, 535, 538, 550, 551, 552, 553, 554,
	555, 556, 200, 240, 456, 499, 520, 541, 557,
};

/* The registry of enhanced codes: so many details of each subject. */
static const struct {
	unsigned subject, first, last;
} registry[] = {
	{ 0, 0, 0 }, { 1, 0, 10 }, { 2, 0, 4 }, { 3, 0, 6 }, { 4, 0, 7 },
	{ 5, 0, 6 }, { 6, 0, 10 }, { 7, 0, 30 },
};

struct with {
	struct explain_book *book;
	struct buf mistakes, joined;
	struct arena arena;
	char path[64];
};

static int
set_up(void **state)
{
	struct with *w = mem_alloc(sizeof *w);

	w->book = explain_book_new();
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct with *w = *state;

	explain_book_free(w->book);
	buf_free(&w->mistakes);
	buf_free(&w->joined);
	arena_free(&w->arena);
	if (w->path[0])
		unlink(w->path);
	free(w);
	return 0;
}

/* Reads a text as a file; how many mistakes it has. */
static unsigned
read_text(struct with *w, const char *text, bool own)
{
	int fd;
	FILE *file;

	snprintf(w->path, sizeof w->path, "%s", "/tmp/ehlog-explain.XXXXXX");
	fd = mkstemp(w->path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	return replies_read(w->book, w->path, own, &w->mistakes);
}

static void
read_bundled(struct with *w)
{
	struct buf path = { 0 };
	const char *top = getenv("abs_top_srcdir");

	buf_addf(&path, "%s/data/replies.conf", top ? top : ".");
	buf_add_char(&path, '\0');
	assert_int_equal(replies_read(w->book, path.p, false, &w->mistakes),
	    0);
	assert_int_equal(w->mistakes.n, 0);
	buf_free(&path);
}

static struct explanation
look_up(struct with *w, const char *pasted)
{
	struct explain_query q;
	struct explanation x;

	explain_query_read(&q, slice_of(pasted), &w->joined);
	explain_find(w->book, &q, &x);
	return x;
}

static void
assert_text(struct slice got, const char *wanted)
{
	char text[256];

	snprintf(text, sizeof text, "%.*s", SLICE_ARGS(got));
	assert_string_equal(text, wanted);
}

static void
assert_mistake(const struct with *w, const char *words)
{
	if (slice_find(buf_slice(&w->mistakes), slice_of(words)) < 0)
		fail_msg("no '%s' in: %.*s", words,
		    SLICE_ARGS(buf_slice(&w->mistakes)));
}

/* --- what a person pastes --------------------------------------------------- */

static void
test_pasted(void **state)
{
	struct with *w = *state;
	struct explain_query q;

	explain_query_read(&q, SLICE(" 550 5.7.1 no, thanks \n"), &w->joined);
	assert_int_equal(q.code, 550);
	assert_int_equal(q.enhanced, ENHANCED(5, 7, 1));
	assert_text(q.text, "no, thanks");
	assert_int_equal(q.verb, VERB_NONE);

	explain_query_read(&q, SLICE("RCPT: 451 later"), &w->joined);
	assert_int_equal(q.code, 451);
	assert_int_equal(q.verb, VERB_RCPT);

	explain_query_read(&q,
	    SLICE("550-5.7.26 This mail\r\n550 5.7.26 is bad"), &w->joined);
	assert_int_equal(q.enhanced, ENHANCED(5, 7, 26));
	assert_text(q.text, "This mail is bad");

	explain_query_read(&q, SLICE("4.2.2"), &w->joined);
	assert_int_equal(q.code, 0);
	assert_int_equal(q.enhanced, ENHANCED(4, 2, 2));

	explain_query_read(&q, SLICE("help me"), &w->joined);
	assert_int_equal(q.code, 0);
	assert_int_equal(q.verb, VERB_NONE);
	assert_text(q.text, "help me");

	explain_query_read(&q, SLICE(""), &w->joined);
	assert_int_equal(q.code, 0);
	assert_int_equal(q.text.n, 0);
}

/* --- which entry speaks --------------------------------------------------------- */

static const char shelf[] =
    "[class 5]\ntitle = c5\ncause = x\n"
    "[digit 5]\ntitle = d5\n"
    "[code 550]\ntitle = code\ncause = x\n"
    "[code 550 RCPT]\ntitle = rcpt\ncause = x\n"
    "[code 550 DATA]\ntitle = data\ncause = x\n"
    "[code 550 TEXT]\ntitle = text\ncause = x\n"
    "[enhanced X.7.1]\ntitle = any\ncause = x\n"
    "[enhanced 4.7.1]\ntitle = four\ncause = x\n"
    "[sentence first]\npattern = \\bapple\ncause = x\ntitle = first\n"
    "[sentence second]\npattern = apple pie\ncause = x\ntitle = second\n";

static void
assert_leads(struct with *w, const char *pasted, const char *title)
{
	struct explanation x = look_up(w, pasted);
	const struct explain_entry *e = explain_leading(&x);

	assert_non_null(e);
	assert_text(e->text[EXPLAIN_TITLE], title);
}

static void
test_specific_first(void **state)
{
	struct with *w = *state;
	struct explain_query q = { .code = 550, .verb = VERB_BDAT };
	struct explanation x;

	assert_int_equal(read_text(w, shelf, false), 0);
	assert_leads(w, "550 no", "code");
	assert_leads(w, "RCPT 550 no", "rcpt");
	assert_leads(w, "MAIL 550 no", "code");
	assert_leads(w, "551 no", "c5");
	assert_leads(w, "RCPT 550 5.7.1 no", "any");
	assert_leads(w, "450 4.7.1 no", "four");
	assert_leads(w, "550 5.7.1 an APPLE pie", "first");
	assert_leads(w, "an apple", "first");
	/* A reply that succeeded needs no remedy. */
	x = look_up(w, "250 apple");
	assert_null(x.sentence);

	assert_true(explain_find(w->book, &q, &x));
	assert_text(x.command->text[EXPLAIN_TITLE], "data");
	q.of_text = true;
	assert_true(explain_find(w->book, &q, &x));
	assert_text(x.command->text[EXPLAIN_TITLE], "text");
	q = (struct explain_query){ .code = 299 };
	assert_false(explain_find(w->book, &q, &x));
	assert_null(explain_leading(&x));
}

static void
test_own_notes_first(void **state)
{
	struct with *w = *state;
	struct explain_part parts[EXPLAIN_PARTS_MAX];
	struct explanation x;
	size_t n;

	assert_int_equal(read_text(w,
	    "[code 550]\nnote = ask Ann\n"
	    "[enhanced 5.7.1]\nnote = the old relay\n"
	    "[sentence pie]\npattern = pie\nnote = they mean\n"
	    "note = the bakery\n", true), 0);
	unlink(w->path);
	assert_int_equal(read_text(w, shelf, false), 0);
	x = look_up(w, "550 5.7.1 an apple pie");
	assert_int_equal(x.nown, 3);
	assert_text(x.own[0]->text[EXPLAIN_NOTE], "they mean the bakery");
	assert_text(x.own[1]->text[EXPLAIN_NOTE], "the old relay");
	assert_text(x.own[2]->text[EXPLAIN_NOTE], "ask Ann");
	n = explain_parts(&x, false, &w->arena, parts);
	assert_true(n > 4);
	assert_text(parts[0].label, "Your note");
	assert_text(parts[0].text, "they mean the bakery");
	/* What ships speaks after them. */
	assert_text(parts[3].label, "Means");
	assert_text(parts[3].text, "first");
	n = explain_parts(&x, true, &w->arena, parts);
	assert_int_equal(n, 5);
}

static void
test_repeated_code(void **state)
{
	struct with *w = *state;
	struct explain_query q = { .code = 550, .enhanced = ENHANCED(5, 7, 1),
	    .text = SLICE("an apple 5.7.1 pie") };
	struct explanation x;

	assert_int_equal(read_text(w,
	    "[sentence a]\npattern = an apple pie\ncause = x\n", false), 0);
	assert_true(explain_find(w->book, &q, &x));
	assert_non_null(x.sentence);
}

/* --- bad files -------------------------------------------------------------------- */

static void
test_bad_entries(void **state)
{
	struct with *w = *state;
	struct explanation x;

	assert_int_equal(read_text(w,
	    "note = homeless\n"
	    "[sentence broken]\npattern = (apple\nnote = x\n"
	    "[sentence bare]\nnote = x\n"
	    "[sentence dumb]\npattern = x\n"
	    "[code 99]\nnote = x\n"
	    "[code 550 FLY]\nnote = x\n"
	    "[enhanced 7.7]\nnote = x\n"
	    "[code 551]\nwhose = sender, moon\n"
	    "[code 552]\ncolour = red\n"
	    "[sentence twice]\npattern = a\npattern = b\nnote = x\n"
	    "rubbish\n"
	    "[code 550]\nnote = the rest works\n", true), 11);
	assert_mistake(w, ":1: a key stands before the first [section]");
	assert_mistake(w, ":3: the pattern is wrong: missing closing");
	assert_mistake(w, "pattern = (apple\n                    ^\n");
	assert_mistake(w, ":5: a sentence needs the key 'pattern'");
	assert_mistake(w, ":8: it says nothing");
	assert_mistake(w, ":9: a section is [code N]");
	assert_mistake(w, ":11: a section is [code N]");
	assert_mistake(w, ":13: a section is [code N]");
	assert_mistake(w, ":16: 'moon' is none of");
	assert_mistake(w, ":18: there is no key 'colour'");
	assert_mistake(w, ":21: this sentence has a pattern already");
	assert_mistake(w, ":23: neither [section] nor key = value");
	x = look_up(w, "550 apple");
	assert_int_equal(x.nown, 1);
	assert_text(x.own[0]->text[EXPLAIN_NOTE], "the rest works");
}

/* It costs a moment once, is told, and the others work on. */
static void
test_wild_pattern(void **state)
{
	struct with *w = *state;
	struct buf text = { 0 };
	struct explain_query q = { .code = 550 };
	struct explanation x;
	clock_t before;

	assert_int_equal(read_text(w,
	    "[sentence wild]\npattern = (a+)+[bc]\nnote = never\n"
	    "[sentence tame]\npattern = aaa\nnote = tame\n", true), 0);
	for (int i = 0; i < 1000; i++)
		buf_add(&text, SLICE("aaaaaaaaaa"));
	buf_add_char(&text, '!');
	q.text = buf_slice(&text);
	before = clock();
	for (int i = 0; i < 100; i++) {
		assert_true(explain_find(w->book, &q, &x));
		assert_int_equal(x.nown, 1);
		assert_text(x.own[0]->text[EXPLAIN_NOTE], "tame");
	}
	/* Without the limit this takes longer than anybody lives. */
	assert_true((clock() - before) / CLOCKS_PER_SEC < 5);
	assert_non_null(explain_book_wild(w->book, 0));
	assert_text(explain_book_wild(w->book, 0)->name, "wild");
	assert_int_equal(explain_book_wild(w->book, 0)->line, 2);
	assert_null(explain_book_wild(w->book, 1));
	buf_free(&text);
}

/* --- what comes with ehlog -------------------------------------------------------- */

static void
test_every_code(void **state)
{
	struct with *w = *state;

	read_bundled(w);
	for (size_t i = 0; i < sizeof basic_codes / sizeof basic_codes[0];
	    i++) {
		struct explain_query q = { .code = basic_codes[i] };
		struct explanation x;

		if (!explain_find(w->book, &q, &x) || !x.code || !x.class ||
		    !x.code->text[EXPLAIN_TITLE].n)
			fail_msg("%u is not explained", q.code);
		/* A failure says what to do, or that the text must tell. */
		if (q.code >= 500 && !x.code->text[EXPLAIN_CAUSE].n &&
		    !x.code->text[EXPLAIN_NEXT].n)
			fail_msg("%u has neither cause nor next step", q.code);
	}
}

static void
test_every_enhanced_code(void **state)
{
	struct with *w = *state;
	unsigned known = 0;

	read_bundled(w);
	for (size_t i = 0; i < sizeof registry / sizeof registry[0]; i++) {
		for (unsigned d = registry[i].first; d <= registry[i].last;
		    d++, known++) {
			struct explain_query q = { .code = 550,
			    .enhanced = ENHANCED(5, registry[i].subject, d) };
			struct explanation x;

			explain_find(w->book, &q, &x);
			if (!x.enhanced || !x.enhanced->text[EXPLAIN_TITLE].n ||
			    !x.enhanced->text[EXPLAIN_SOURCE].n)
				fail_msg("5.%u.%u is not explained",
				    registry[i].subject, d);
		}
	}
	assert_int_equal(known, 81);
}

/* Each sample is of its own entry; no entry before it takes it away. */
static void
test_every_sample(void **state)
{
	static const enum explain_key needed[] = { EXPLAIN_TITLE,
	    EXPLAIN_SAMPLE, EXPLAIN_ORIGIN, EXPLAIN_CAUSE, EXPLAIN_NEXT,
	    EXPLAIN_WHOSE, EXPLAIN_SOURCE };
	struct with *w = *state;
	const struct explain_entry *e;
	unsigned n = 0, bad = 0;

	read_bundled(w);
	for (size_t i = 0; (e = explain_book_entry(w->book, i)); i++) {
		struct explain_query q;
		struct explanation x;

		if (e->kind != EXPLAIN_SENTENCE)
			continue;
		n++;
		for (size_t k = 0; k < sizeof needed / sizeof needed[0]; k++)
			if (!e->text[needed[k]].n)
				fail_msg("%.*s lacks a key",
				    SLICE_ARGS(e->name));
		explain_query_read(&q, e->text[EXPLAIN_SAMPLE], &w->joined);
		explain_find(w->book, &q, &x);
		if (x.sentence == e)
			continue;
		bad++;
		print_error("the sample of %.*s is taken by %.*s\n",
		    SLICE_ARGS(e->name), SLICE_ARGS(x.sentence ?
		    x.sentence->name : SLICE("none")));
	}
	assert_null(explain_book_wild(w->book, 0));
	assert_int_equal(bad, 0);
	assert_true(n >= 120);
}

/* A log in words tells no more than the class: 5 is no 005. */
static void
only_the_class_is_told(void **state)
{
	struct with *w = *state;
	struct explain_query q = { .code = 5,
	    .text = SLICE("unrecognized command") };
	struct explanation x;

	read_bundled(w);
	assert_true(explain_find(w->book, &q, &x));
	assert_non_null(x.sentence);
	assert_non_null(x.class);
	assert_int_equal(x.class->code, 5);
	assert_null(x.digit);
	assert_null(x.code);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(only_the_class_is_told),
		T(test_pasted), T(test_specific_first),
		T(test_own_notes_first), T(test_repeated_code),
		T(test_bad_entries), T(test_wild_pattern), T(test_every_code),
		T(test_every_enhanced_code), T(test_every_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
