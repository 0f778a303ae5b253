/*
 * The overlap of a stream that begins again with what was there, against the
 * truth that trying every line gives; logs that are mixed anew; a past that is
 * longer than what is looked through.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/overlap.h"

static uint32_t seed = 1;

static uint32_t
any(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static ssize_t
read_buf(void *arg, void *to, size_t n, uint64_t at)
{
	struct buf *past = arg;

	assert_true(at + n <= past->n);
	memcpy(to, past->p + at, n);
	return (ssize_t)n;
}

/* What is new, with the stream given in pieces of at most `most` bytes. */
static struct buf
fresh_of(struct buf *past, struct slice stream, uint32_t most, uint64_t *seen)
{
	struct overlap_past p = { .read = read_buf, .arg = past,
	    .size = past->n };
	struct overlap *o = overlap_new(&p);
	struct buf fresh = { 0 };

	while (stream.n) {
		size_t n = 1 + any(most);

		overlap_take(o, slice_head(stream, n), &fresh);
		stream = slice_from(stream, n);
	}
	overlap_end(o, &fresh);
	if (seen)
		*seen = overlap_seen(o);
	overlap_free(o);
	return fresh;
}

static bool
stands_at(const struct buf *past, size_t at, struct slice s)
{
	return past->n - at >= s.n && memcmp(past->p + at, s.p, s.n) == 0;
}

/*
 * Every line of the past is tried, the first one first.  False when the
 * stream begins at none of them.
 */
static bool
truth(const struct buf *past, struct slice stream, struct slice *fresh)
{
	*fresh = SLICE_NONE;
	for (size_t at = 0; at < past->n; at++)
		if ((at == 0 || past->p[at - 1] == '\n') &&
		    past->n - at > stream.n && stands_at(past, at, stream))
			return true;
	for (size_t at = 0; at < past->n; at++) {
		size_t n = past->n - at;

		if ((at == 0 || past->p[at - 1] == '\n') && stream.n >= n &&
		    memcmp(past->p + at, stream.p, n) == 0) {
			*fresh = slice_from(stream, n);
			return true;
		}
	}
	return false;
}

/* Lines of few kinds, so that they repeat. */
static void
add_lines(struct buf *b, unsigned n, unsigned kinds)
{
	while (n-- > 0) {
		unsigned kind = any(kinds);

		buf_addf(b, "%.*s%u\n", (int)any(3), "ab", kind);
	}
}

static void
as_every_line_says(void **state)
{
	unsigned found = 0, whole = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct buf past = { 0 }, stream = { 0 }, fresh;
		unsigned kinds = 1 + any(round % 3 ? 4 : 40);
		struct slice want;
		size_t at;

		add_lines(&past, 1 + any(30), kinds);
		/* The run before may have ended within a line. */
		if (any(4) == 0)
			past.n -= any((uint32_t)(past.n < 4 ? past.n : 4));
		at = any(3) ? any((uint32_t)past.n) : 0;
		while (at > 0 && past.p[at - 1] != '\n')
			at--;
		buf_add(&stream, slice_from(buf_slice(&past), at));
		if (any(8) == 0)
			stream.n -= any((uint32_t)stream.n);
		else if (stream.n && stream.p[stream.n - 1] != '\n')
			buf_add_char(&stream, '\n');
		add_lines(&stream, any(6), kinds);
		if (!memchr(stream.p, '\n', stream.n) ||
		    !truth(&past, buf_slice(&stream), &want)) {
			buf_free(&past);
			buf_free(&stream);
			continue;
		}
		found++;
		whole += want.n == 0;
		fresh = fresh_of(&past, buf_slice(&stream), 1 + any(40), NULL);
		if (!slice_eq(buf_slice(&fresh), want))
			fail_msg("past:\n%.*s|\nstream:\n%.*s|\nnew:\n%.*s|\n"
			    "wanted:\n%.*s|", SLICE_ARGS(buf_slice(&past)),
			    SLICE_ARGS(buf_slice(&stream)),
			    SLICE_ARGS(buf_slice(&fresh)), SLICE_ARGS(want));
		buf_free(&fresh);
		buf_free(&past);
		buf_free(&stream);
	}
	/* The rounds were about something. */
	assert_true(found > 10000 && whole > 500 && whole < found / 2);
}

#define STAMP "2026-11-26T08:00:00 host%u line %u of the log\n"

/* Two logs, each in its order, and then new lines of both. */
static void
mixed_anew(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		struct buf past = { 0 }, stream = { 0 }, want = { 0 }, fresh;
		unsigned at[2] = { 0, 0 }, n = 1 + any(60);

		for (unsigned i = 0; i < n; i++) {
			unsigned host = any(2);

			buf_addf(&past, STAMP, host, at[host]++);
		}
		for (unsigned host = 0; host < 2; host++) {
			unsigned more = any(10);
			unsigned from = any(2) ? any(at[host] + 1) : 0;

			for (unsigned i = from; i < at[host] + more; i++)
				buf_addf(&stream, STAMP, host, i);
			for (unsigned i = at[host]; i < at[host] + more; i++)
				buf_addf(&want, STAMP, host, i);
		}
		fresh = fresh_of(&past, buf_slice(&stream), 1 + any(200), NULL);
		/*
		 * Where the stream's begin is the past's end, the rest is
		 * believed to be new, though the other log comes once more.
		 */
		if (!slice_eq(buf_slice(&fresh), buf_slice(&want))) {
			struct slice rest;

			if (!truth(&past, buf_slice(&stream), &rest) ||
			    !slice_eq(buf_slice(&fresh), rest))
				fail_msg("past:\n%.*s|\nstream:\n%.*s|\n"
				    "new:\n%.*s|", SLICE_ARGS(buf_slice(&past)),
				    SLICE_ARGS(buf_slice(&stream)),
				    SLICE_ARGS(buf_slice(&fresh)));
		}
		buf_free(&fresh);
		buf_free(&past);
		buf_free(&stream);
		buf_free(&want);
	}
}

static void
check_fresh(const char *before, const char *now, const char *want)
{
	struct buf past = { 0 }, fresh;

	for (uint32_t most = 1; most < 100; most += 7) {
		past.n = 0;
		buf_add(&past, slice_of(before));
		fresh = fresh_of(&past, slice_of(now), most, NULL);
		if (!slice_eq(buf_slice(&fresh), slice_of(want)))
			fail_msg("of '%s' behind '%s' is new '%.*s', not '%s'",
			    now, before, SLICE_ARGS(buf_slice(&fresh)), want);
		buf_free(&fresh);
	}
	buf_free(&past);
}

static void
by_hand(void **state)
{
	(void)state;
	check_fresh("", "a\n", "a\n");
	check_fresh("a\n", "a\n", "");
	check_fresh("a\nb\n", "a\nb\nc\n", "c\n");
	check_fresh("a\nb\n", "b\nc\n", "c\n");
	check_fresh("a\nb\n", "c\nd\n", "c\nd\n");
	/* Three times the same, and once more. */
	check_fresh("a\na\na\n", "a\na\na\na\n", "a\n");
	/* A line that was cut is made whole. */
	check_fresh("a\nbcd", "a\nbcdef\ng\n", "ef\ng\n");
	check_fresh("a\nbcd", "bcdef\ng\n", "ef\ng\n");
	check_fresh("a\nbcd", "bcd", "");
	/* One that never will be is ended before what follows. */
	check_fresh("a\nbcd", "xyz\n", "\nxyz\n");
	/* A head that differs each time, as journalctl has had it. */
	check_fresh("-- Logs begin at one --\n"
	    "Nov 26 08:00:00 mx1 postfix/smtpd[7]: connect from a\n"
	    "Nov 26 08:00:01 mx1 postfix/smtpd[7]: connect from b\n",
	    "-- Logs begin at two --\n"
	    "Nov 26 08:00:01 mx1 postfix/smtpd[7]: connect from b\n"
	    "Nov 26 08:00:02 mx1 postfix/smtpd[7]: connect from c\n",
	    "-- Logs begin at two --\n"
	    "Nov 26 08:00:02 mx1 postfix/smtpd[7]: connect from c\n");
	/* Lines that are short or repeat themselves are not thought known. */
	check_fresh("250 OK\n250 OK\n354 go\n", "220 x\n250 OK\n",
	    "220 x\n250 OK\n");
}

/* A pause: what may be the end of the past is believed to be. */
static void
at_rest(void **state)
{
	struct buf past = { 0 }, fresh = { 0 };
	struct overlap_past p = { .read = read_buf, .arg = &past };
	struct overlap *o;

	(void)state;
	buf_add(&past, SLICE("a\nb\na\n"));
	p.size = past.n;
	o = overlap_new(&p);
	/* The begin of the past, or its last line and a new one? */
	overlap_take(o, SLICE("a\nb\n"), &fresh);
	assert_int_equal(fresh.n, 0);
	overlap_rest(o, &fresh);
	assert_true(slice_eq(buf_slice(&fresh), SLICE("b\n")));
	assert_true(overlap_is_over(o));
	overlap_take(o, SLICE("c\n"), &fresh);
	assert_true(slice_eq(buf_slice(&fresh), SLICE("b\nc\n")));
	overlap_free(o);
	/* Without such an end nothing of it is new. */
	fresh.n = 0;
	o = overlap_new(&p);
	overlap_take(o, SLICE("b\n"), &fresh);
	overlap_rest(o, &fresh);
	assert_int_equal(fresh.n, 0);
	assert_false(overlap_is_over(o));
	overlap_free(o);
	buf_free(&fresh);
	buf_free(&past);
}

/* --- a long past --------------------------------------------------------------- */

#define WIDE 40

static ssize_t
read_made(void *arg, void *to, size_t n, uint64_t at)
{
	char *out = to;

	(void)arg;
	for (size_t i = 0; i < n; i++) {
		char line[WIDE + 32];

		snprintf(line, sizeof line, "%010llu a line of the log, as made"
		    "..\n", (unsigned long long)((at + i) / WIDE));
		out[i] = line[(at + i) % WIDE];
		/* The rest of the line at once. */
		while ((at + i + 1) % WIDE && i + 1 < n) {
			i++;
			out[i] = line[(at + i) % WIDE];
		}
	}
	return (ssize_t)n;
}

static void
check_long(uint64_t lines, uint64_t from)
{
	struct overlap_past p = { .read = read_made, .size = lines * WIDE };
	struct overlap *o = overlap_new(&p);
	struct buf fresh = { 0 };
	char *text = mem_alloc(WIDE * 1000);

	for (uint64_t i = from; i < lines + 1000; i += 1000) {
		read_made(NULL, text, (size_t)WIDE * 1000, i * WIDE);
		overlap_take(o, (struct slice){ text, (size_t)WIDE * 1000 },
		    &fresh);
	}
	assert_true(overlap_is_over(o));
	assert_int_equal(overlap_seen(o), (lines - from) * WIDE);
	assert_true(fresh.n > 0 && fresh.n % WIDE == 0);
	read_made(NULL, text, WIDE, lines * WIDE);
	assert_memory_equal(fresh.p, text, WIDE);
	overlap_free(o);
	buf_free(&fresh);
	free(text);
}

static void
a_long_past(void **state)
{
	uint64_t lines = OVERLAP_WINDOW / WIDE + 100000;

	(void)state;
	check_long(lines, 0);
	check_long(lines, lines - 123456);
	check_long(lines, lines - 7);
}

/* --- a past of which something was forgotten ---------------------------------- */

struct holed {
	struct buf text;
	struct overlap_gap gone;
};

static ssize_t
read_holed(void *arg, void *to, size_t n, uint64_t at)
{
	struct holed *h = arg;

	/* Nobody asks for what is not there. */
	assert_true(at >= h->gone.to || at + n <= h->gone.from);
	assert_true(at + n <= h->text.n);
	memcpy(to, h->text.p + at, n);
	return (ssize_t)n;
}

/* n lines, of which none is another; where the k-th begins. */
static size_t
add_named(struct buf *b, const char *what, unsigned n, unsigned k)
{
	size_t place = 0;

	for (unsigned i = 0; i < n; i++) {
		if (i == k)
			place = b->n;
		buf_addf(b, "%s: line number %u of this log\n", what, i);
	}
	return place;
}

static void
give_pieces(const struct holed *h, struct slice stream, struct buf *fresh)
{
	const struct overlap_past p = { .read = read_holed, .arg = (void *)h,
	    .size = h->text.n, .gone = h->gone };
	struct overlap *o = overlap_new(&p);

	while (stream.n) {
		size_t n = 1 + any(30000);

		overlap_take(o, slice_head(stream, n), fresh);
		stream = slice_from(stream, n);
	}
	overlap_end(o, fresh);
	overlap_free(o);
}

static void
check_holed(const struct holed *h, const struct buf *stream,
    struct slice wanted)
{
	struct buf fresh = { 0 };

	give_pieces(h, buf_slice(stream), &fresh);
	assert_int_equal(fresh.n, wanted.n);
	assert_memory_equal(fresh.p ? fresh.p : "", wanted.p ? wanted.p : "",
	    wanted.n);
	buf_free(&fresh);
}

static void
test_forgotten(void **state)
{
	struct holed h = { .text = { 0 } };
	struct buf again = { 0 }, other = { 0 };
	size_t size, last;

	(void)state;
	h.gone.to = add_named(&h.text, "mx", 20000, 15000);
	h.gone.from = 1000;
	size = h.text.n;
	/* All of it, and more. */
	last = add_named(&again, "mx", 20000, 19000);
	check_holed(&h, &again, SLICE_NONE);
	buf_add(&again, SLICE("one more line of this log\n"));
	check_holed(&h, &again, slice_from(buf_slice(&again), size));
	/* Its last lines, and more. */
	check_holed(&h, &(struct buf){ again.p + last, again.n - last, 0 },
	    slice_from(buf_slice(&again), size));
	/* Another log that begins as another does. */
	add_named(&other, "another", 3000, 0);
	check_holed(&h, &other, buf_slice(&other));
	/* It begins as this one does, and is another behind what is known. */
	other.n = 0;
	buf_add(&other, slice_head(buf_slice(&again), h.gone.to));
	add_named(&other, "another", 3000, 0);
	check_holed(&h, &other, slice_from(buf_slice(&other), h.gone.to));
	buf_free(&again);
	buf_free(&other);
	buf_free(&h.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test(as_every_line_says),
		cmocka_unit_test(mixed_anew),
		cmocka_unit_test(at_rest),
		cmocka_unit_test(a_long_past),
		cmocka_unit_test(test_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
