/*
 * Two logs of one server, the second of which repeats part of the first: each
 * session is there once, with the lines of both.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "index/recall.h"
#include "with_follow.h"

#define AT     "2026-11-25 10:00:0"
#define HOST(n) "H=(mail.example.org) [192.0.2." n "]"
#define REFUSED(s, n) AT s " " HOST(n) " F=<a@example.org> rejected RCPT " \
	"<x@example.net>: Unknown user\n"
#define ARRIVED(s, n) AT s " 1rABCD-0000000000" n "-0000 <= a@example.org " \
	HOST(n) " P=esmtp S=500\n"
#define HEADER "Envelope-from: <a@example.org>\n" \
	"P Received: from [192.0.2.1]\n\tby mx.example.net\n" \
	"  Subject: " AT "0 H=(z) [192.0.2.99] rejected RCPT <z@z>: no\n"

/* --- what is known again -------------------------------------------------------- */

static uint32_t
number_of(const struct recalled *l)
{
	return l ? l->number : 0;
}

static void
the_oldest_of_the_other_log(void **state)
{
	struct recall r = { 0 };
	const uint64_t a = 7, b = 7 + RECALL_MAX;    /* one chain */

	(void)state;
	assert_null(recall_take(&r, a, true));
	recall_add(&r, a, false, 1, 11);
	recall_add(&r, b, false, 2, 12);
	recall_add(&r, a, false, 3, 13);
	/* In the log where it stands it is no repetition. */
	assert_null(recall_take(&r, a, false));
	assert_int_equal(number_of(recall_take(&r, a, true)), 11);
	assert_int_equal(number_of(recall_take(&r, a, true)), 13);
	assert_null(recall_take(&r, a, true));
	recall_add(&r, a, true, 4, 14);
	assert_null(recall_take(&r, a, true));
	assert_int_equal(number_of(recall_take(&r, a, false)), 14);
	assert_int_equal(number_of(recall_take(&r, b, true)), 12);
	recall_free(&r);
}

static void
not_for_ever(void **state)
{
	struct recall r = { 0 };

	(void)state;
	recall_add(&r, 5, false, 1, 1);
	for (uint32_t i = 0; i < RECALL_MAX - 2; i++)
		recall_add(&r, 6, false, 1, 2);
	assert_int_equal(number_of(recall_take(&r, 5, true)), 1);
	recall_add(&r, 5, false, 1, 3);
	for (uint32_t i = 0; i < RECALL_MAX; i++)
		recall_add(&r, 6, false, 1, 2);
	assert_null(recall_take(&r, 5, true));
	recall_free(&r);
}

/* --- files that are there -------------------------------------------------------- */

static void
add_file(struct with_log *w, const char *name, const char *text)
{
	with_file(w, name, text, strlen(text));
}

static void
text_of(const struct facts *f, size_t i, const char *part)
{
	assert_true(i < f->nlines);
	if (slice_find(f->lines[i].text, slice_of(part)) < 0)
		fail_msg("entry %zu is '%.*s'", i,
		    SLICE_ARGS(f->lines[i].text));
}

static struct progress
progress_of(const struct with_log *w)
{
	struct progress p;

	store_progress(w->store, &p);
	return p;
}

static void
one_session_with_both(void **state)
{
	struct with_log w;
	const struct facts *f;

	(void)state;
	with_folder(&w);
	add_file(&w, "exim_mainlog", ARRIVED("1", "1") REFUSED("2", "2")
	    REFUSED("2", "2") ARRIVED("4", "3"));
	add_file(&w, "exim_rejectlog", REFUSED("2", "2") HEADER
	    REFUSED("2", "2"));
	assert_true(with_index(&w, NULL));
	assert_int_equal(table_count(&w.store->streams), 1);
	assert_int_equal(store_sessions(w.store), 3);
	assert_int_equal(progress_of(&w).unowned_lines, 0);
	assert_int_equal(progress_of(&w).sources, 2);
	f = with_session(&w, 2);
	assert_int_equal(f->rec.lines, 8);
	assert_int_equal(f->nlines, 8);
	assert_int_equal(f->nreplies, 2);
	assert_int_equal(f->nrecipients, 1);
	text_of(f, 2, "rejected RCPT");
	assert_int_equal(f->lines[2].role, ROLE_NOTE);
	text_of(f, 3, "Envelope-from:");
	text_of(f, 6, "Subject:");
	assert_int_equal(with_session(&w, 3)->nlines, 1);
	without_log(&w);
}

/* What stands in the second alone is told by it. */
static void
told_by_the_second(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	add_file(&w, "rejectlog", REFUSED("3", "4") HEADER);
	add_file(&w, "mainlog", ARRIVED("1", "1") ARRIVED("5", "2"));
	assert_true(with_index(&w, NULL));
	assert_int_equal(store_sessions(w.store), 3);
	assert_int_equal(with_session(&w, 3)->rec.worst, 5);
	assert_int_equal(w.facts.nlines, 5);
	/* Their places in the files: the text is read where it lies. */
	text_of(&w.facts, 4, "Subject:");
	text_of(with_session(&w, 2), 0, "192.0.2.2");
	without_log(&w);
}

static void
alone_it_is_a_log(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	add_file(&w, "rejectlog", REFUSED("3", "4") HEADER REFUSED("4", "5"));
	assert_true(with_index(&w, NULL));
	assert_int_equal(store_sessions(w.store), 2);
	assert_int_equal(with_session(&w, 1)->nreplies, 1);
	without_log(&w);
}

/* Both were rotated, each at its own time. */
static void
rotated(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	add_file(&w, "mainlog.1", ARRIVED("1", "1") REFUSED("2", "2"));
	add_file(&w, "mainlog", REFUSED("4", "4") ARRIVED("5", "5"));
	add_file(&w, "rejectlog.2", REFUSED("2", "2"));
	add_file(&w, "rejectlog.1", "");
	add_file(&w, "rejectlog", REFUSED("4", "4") HEADER);
	assert_true(with_index(&w, NULL));
	assert_int_equal(table_count(&w.store->streams), 1);
	assert_int_equal(store_sessions(w.store), 4);
	assert_int_equal(with_session(&w, 2)->rec.lines, 2);
	assert_int_equal(with_session(&w, 3)->rec.lines, 6);
	text_of(&w.facts, 5, "Subject:");
	without_log(&w);
}

/*
 * Where the head of a file is looked at, what is cut off by its end says what
 * the line does not: that a connection begins.
 */
static void
half_a_line_of_the_head(void **state)
{
	static char text[40000];
	static const char half[] = AT "9 SMTP connection from (x) [192.0.2.9]";
	struct with_log w;
	size_t n = 0;

	(void)state;
	while (n < 32768 - sizeof half - 400)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s",
		    ARRIVED("1", "1"));
	while (n < 32768 - sizeof half)
		text[n++] = ' ';
	text[n++] = '\n';
	n += (size_t)snprintf(text + n, sizeof text - n, "%s", half);
	assert_int_equal(n, 32768);
	snprintf(text + n, sizeof text - n, " lost\n%s", ARRIVED("9", "2"));
	with_log(&w, "mainlog", text);
	/* No beginning is logged, so no end is waited for. */
	assert_int_equal(session_outcome(&with_session(&w, 1)->rec),
	    OUTCOME_OK);
	without_log(&w);
}

/* --- files that grow -------------------------------------------------------------- */

static void
both_grow(void **state)
{
	struct with_follow g = { 0 };
	char old[512], path[512];

	(void)state;
	with_folder(&g.w);
	follow_append(&g, "mainlog", ARRIVED("1", "1"));
	with_follow(&g, g.w.dir, FOLLOW_ON);
	follow_await_lines(&g, 1);
	/* The second log is made by the first refusal. */
	follow_append(&g, "mainlog", REFUSED("2", "2"));
	follow_append(&g, "rejectlog", REFUSED("2", "2") HEADER);
	follow_await_lines(&g, 7);
	follow_append(&g, "mainlog", REFUSED("3", "3"));
	follow_append(&g, "rejectlog", REFUSED("3", "3"));
	follow_await_lines(&g, 9);
	snprintf(path, sizeof path, "%s/rejectlog", g.w.dir);
	snprintf(old, sizeof old, "%s/rejectlog.1", g.w.dir);
	assert_int_equal(rename(path, old), 0);
	follow_append(&g, "mainlog", REFUSED("4", "4"));
	follow_append(&g, "rejectlog", REFUSED("4", "4") HEADER);
	follow_await_lines(&g, 15);
	assert_int_equal(table_count(&g.w.store->streams), 1);
	assert_int_equal(store_sessions(g.w.store), 4);
	assert_int_equal(with_session(&g.w, 2)->nlines, 6);
	assert_int_equal(with_session(&g.w, 3)->nlines, 2);
	assert_int_equal(with_session(&g.w, 4)->nlines, 6);
	text_of(&g.w.facts, 5, "Subject:");
	without_follow(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_of_the_other_log),
		cmocka_unit_test(not_for_ever),
		cmocka_unit_test(one_session_with_both),
		cmocka_unit_test(told_by_the_second),
		cmocka_unit_test(alone_it_is_a_log),
		cmocka_unit_test(rotated),
		cmocka_unit_test(half_a_line_of_the_head),
		cmocka_unit_test(both_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
