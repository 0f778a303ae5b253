/*
 * Who quits while the heads of files are looked at, which may take long where
 * they are far away, does not wait for the rest of them.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <stdatomic.h>

#include "index/indexing.h"
#include "with_early.h"

/* A format that looks at a head until the indexer is stopped. */
static const _Atomic bool *_Atomic until;
static _Atomic unsigned looks;
static const struct format *real;

static int
slow_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	const _Atomic bool *stop = atomic_load(&until);

	(void)fm;
	if (stop)
		atomic_fetch_add(&looks, 1);
	while (stop && !atomic_load(stop))
		sched_yield();
	return real->probe(real, head, hint, st, traits, why);
}

static void
ignore(void *arg, const char *words)
{
	(void)arg;
	(void)words;
}

static void
quit_while_heads_are_looked_at(void **state)
{
	struct format slow;
	struct indexer_options opt = { .early = true, .wake_fd = -1,
	    .format = &slow };
	struct store *st = store_new();
	struct indexer *ix;
	struct with_log w;
	struct err err;
	char *path;

	(void)state;
	real = format_set_find(NULL, "exchange-csv");
	slow = *real;
	slow.probe = slow_probe;
	with_folder(&w);
	early_write_logs(&w, "RECV2026112300-", ".LOG");
	path = w.dir;
	ix = indexer_new(st, &path, 1, &opt, ignore, NULL, &err);
	assert_non_null(ix);
	assert_true(indexer_is_early(ix));
	assert_true(store_sessions(st) > 0);
	atomic_store(&until, &ix->stop);
	assert_int_equal(indexer_start(ix, &err), 0);
	while (atomic_load(&looks) == 0)
		sched_yield();
	assert_false(indexer_is_planned(ix));
	indexer_stop(ix);
	/* No more than those that the two threads were at. */
	assert_in_range(atomic_load(&looks), 1, 2);
	assert_false(indexer_is_planned(ix));
	indexer_free(ix);
	store_free(st);
	early_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quit_while_heads_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
