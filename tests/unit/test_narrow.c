/*
 * Narrower filters: which are, and that a selection which looks only at what
 * passed the filter before finds what one that looks at all finds.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "query/selection.h"
#include "with_store.h"

static bool
narrows(const char *expr, const char *before)
{
	struct filter *f = filter_of(expr), *b = filter_of(before);
	bool is = filter_narrows(f, b);

	filter_free(f);
	filter_free(b);
	return is;
}

static void
test_which_are(void **state)
{
	static const char *const yes[][2] = {
		{ "is:ok", "is:ok" },
		{ "is:ok lines>3", "is:ok" },
		{ "lines>3 is:ok", "is:ok" },
		{ "a is:failed b", "b a" },
		{ "(is:ok or is:empty) lines>3", "is:ok or is:empty" },
		{ "(is:ok lines>3) took>1s", "is:ok took>1s" },
		{ "lines>3 not is:ok", "not is:ok" },
		{ "helo:/a.c/ lines>3", "helo:/a.c/" },
		{ "peer:10.0.0.0/8 lines>3", "peer:10.0.0.0/8" },
		{ "verb:rcpt lines>3", "verb:rcpt" },
		{ "start>2026-11-23 lines>3", "start>2026-11-23" },
		{ "is:ok", "" },
	};
	static const char *const no[][2] = {
		{ "is:ok", "is:empty" },
		{ "is:ok", "is:ok lines>3" },
		{ "is:ok or lines>3", "is:ok" },
		{ "not is:ok", "is:ok" },
		{ "not (is:ok lines>3)", "is:ok" },
		{ "lines>3", "lines>4" },
		{ "lines>=3", "lines>3" },
		{ "helo:abc", "helo:/abc/" },
		{ "/abc/", "abc" },
		{ "/abc/ lines>3", "/abd/" },
		{ "from:abc", "to:abc" },
		{ "peer:10.0.0.0/8", "peer:10.0.0.0/9" },
		{ "verb:rcpt", "verb:mail" },
		{ "start>2026-11-23", "start>2026-11-24" },
		{ "is:ok or is:empty", "is:empty or is:dropped" },
		{ "", "is:ok" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!narrows(yes[i][0], yes[i][1]))
			fail_msg("%s does narrow %s", yes[i][0], yes[i][1]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (narrows(no[i][0], no[i][1]))
			fail_msg("%s does not narrow %s", no[i][0], no[i][1]);
}

/* All sessions that pass are in it and no others. */
static void
check(const struct selection *s, const struct store *st, const char *expr)
{
	struct filter *f = filter_of(expr);
	struct filter_context *c = filter_context_new(st);
	uint64_t n = 0;

	for (uint32_t i = 1; i <= store_sessions(st); i++) {
		struct session r;
		bool in;

		store_session(st, i, &r);
		in = filter_match(f, c, i, &r);
		n += in;
		assert_int_equal(selection_has(s, i), in);
	}
	assert_int_equal(selection_count(s), n);
	for (uint64_t i = 0; i < n; i++)
		assert_true(selection_has(s, selection_at(s, i)));
	filter_context_free(c);
	filter_free(f);
}

static void
select_all(struct selection *s, const char *expr, enum column_id sort)
{
	selection_set(s, filter_of(expr), sort, false);
	selection_finish(s);
}

static void
test_step_by_step(void **state)
{
	static const char *const steps[] = {
		"is:failed", "is:failed lines>2", "is:failed lines>2 took>1s",
		"is:failed lines>2 took>1s peer:10.0.0.9", "peer:10.0.0.9",
		"peer:10.0.0.9 lines:1", "peer:10.0.0.9 lines:1 lines:2",
		"peer:10.0.0.9 lines:1 lines:2 is:ok", "lines:1 is:ok",
	};
	/* A last word of the bits that is whole, and others. */
	static const uint32_t sizes[] = { 1, 63, 64, 65, 128, 5000, 40000 };

	(void)state;
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		struct store *st = store_of(sizes[k]);
		struct selection *s = selection_new(st, -1);

		for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
			select_all(s, steps[i], i % 2 ? COLUMN_TOOK :
			    COLUMN_NUMBER);
			check(s, st, steps[i]);
		}
		selection_free(s);
		store_free(st);
	}
}

/* What did not pass is not looked at again, and only for a narrower filter. */
static void
test_looks_at_no_more(void **state)
{
	struct store *st = store_of(1000);
	struct selection *s = selection_new(st, -1);
	struct session r;

	(void)state;
	store_session(st, 500, &r);
	session_set(&r, OUTCOME_OK, false);
	session_store(session_cell_at(st, 500), &r);
	select_all(s, "is:permanent", COLUMN_NUMBER);
	assert_false(selection_has(s, 500));
	/* No indexer does that to a session that is over. */
	session_set(&r, OUTCOME_PERMANENT, false);
	session_store(session_cell_at(st, 500), &r);
	select_all(s, "is:permanent lines>0", COLUMN_NUMBER);
	assert_false(selection_has(s, 500));
	select_all(s, "is:permanent", COLUMN_NUMBER);
	assert_true(selection_has(s, 500));
	check(s, st, "is:permanent");
	selection_free(s);
	store_free(st);
}

/* What may change may come, and what is new. */
static void
test_what_may_change(void **state)
{
	struct store *st = store_of(1000);
	struct selection *s = selection_new(st, -1);
	struct session open = session_nth(st, 1001), held = open, r = open;

	(void)state;
	session_set(&open, OUTCOME_OPEN, true);
	session_set(&held, OUTCOME_OK, false);
	held.held = 1;
	store_add(st, &open);
	store_add(st, &held);
	store_publish(st, 2);
	select_all(s, "is:permanent", COLUMN_NUMBER);
	assert_false(selection_has(s, 1001));
	assert_false(selection_has(s, 1002));
	session_set(&r, OUTCOME_PERMANENT, false);
	session_store(session_cell_at(st, 1001), &r);
	session_store(session_cell_at(st, 1002), &r);
	store_add(st, &r);
	store_publish(st, 3);
	select_all(s, "is:permanent lines>0", COLUMN_NUMBER);
	for (uint32_t i = 1001; i <= 1003; i++)
		assert_true(selection_has(s, i));
	check(s, st, "is:permanent lines>0");
	selection_free(s);
	store_free(st);
}

/* A message of a session that is over fails: the list takes note of it. */
static void
test_held_is_watched(void **state)
{
	struct store *st = store_of(10);
	struct selection *s = selection_new(st, -1);
	struct session r = session_nth(st, 11);

	(void)state;
	session_set(&r, OUTCOME_OK, false);
	r.held = 1;
	store_add(st, &r);
	store_publish(st, 2);
	select_all(s, "is:permanent", COLUMN_NUMBER);
	assert_false(selection_has(s, 11));
	session_set(&r, OUTCOME_PERMANENT, false);
	session_store(session_cell_at(st, 11), &r);
	store_publish(st, 3);
	selection_update(s);
	selection_finish(s);
	selection_update(s);
	assert_true(selection_has(s, 11));
	selection_free(s);
	store_free(st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_are),
		cmocka_unit_test(test_step_by_step),
		cmocka_unit_test(test_looks_at_no_more),
		cmocka_unit_test(test_what_may_change),
		cmocka_unit_test(test_held_is_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
