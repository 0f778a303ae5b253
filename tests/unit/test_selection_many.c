/*
 * Selections of so many sessions that two threads share the work, against
 * qsort() over keys that are told by hand.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/mem.h"
#include "index/store.h"
#include "query/selection.h"
#include "with_store.h"

struct plain {
	uint32_t number;
	int64_t key;
};

static int
compare_plainly(const void *pa, const void *pb)
{
	const struct plain *a = pa, *b = pb;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* Where the peers of session_nth() stand among each other, written down by hand. */
static int
place_of_peer(struct slice peer)
{
	static const char *const order[] = { "10.0.0.9", "10.0.0.10",
	    "192.0.2.1", "2001:db8::1", "MX.example.com", "mx.example.org",
	    "mx.example.org.invalid" };

	for (int i = 0; i < 7; i++)
		if (slice_eq(peer, slice_of(order[i])))
			return i;
	fail();
	return -1;
}

/* And the outcomes of its sessions, the worst first; of one the lower code. */
static int64_t
place_of_outcome(const struct session *r)
{
	static const int place[OUTCOME_COUNT] = { [OUTCOME_PERMANENT] = 0,
	    [OUTCOME_TEMPORARY] = 1, [OUTCOME_DROPPED] = 2,
	    [OUTCOME_EMPTY] = 3, [OUTCOME_OK] = 4 };

	return (int64_t)place[session_outcome(r)] * 1000 + r->worst;
}

static int64_t
plain_key(const struct store *st, enum column_id sort, const struct session *r)
{
	switch (sort) {
	case COLUMN_START:
		return r->start;
	case COLUMN_TOOK:
		return r->duration;
	case COLUMN_PEER:
		return place_of_peer(store_peer(st, r->peer));
	case COLUMN_OUTCOME:
		return place_of_outcome(r);
	default:
		return 0;
	}
}

static void
check_plainly(const struct selection *s, const struct store *st, bool failed,
    enum column_id sort)
{
	struct plain *p = mem_array((size_t)store_sessions(st), sizeof *p);
	size_t n = 0;

	for (uint32_t i = 1; i <= store_sessions(st); i++) {
		struct session r;
		bool in;

		store_session(st, i, &r);
		in = !failed || session_outcome(&r) == OUTCOME_PERMANENT ||
		    session_outcome(&r) == OUTCOME_TEMPORARY ||
		    session_outcome(&r) == OUTCOME_DROPPED;
		assert_int_equal(selection_has(s, i), in);
		if (in)
			p[n++] = (struct plain){ i, plain_key(st, sort, &r) };
	}
	qsort(p, n, sizeof *p, compare_plainly);
	assert_int_equal(selection_count(s), n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(selection_at(s, i), p[i].number);
	free(p);
}

/* So many that two threads share the work. */
static void
test_many(void **state)
{
	static const enum column_id sorts[] = { COLUMN_NUMBER, COLUMN_START,
	    COLUMN_TOOK, COLUMN_PEER, COLUMN_OUTCOME };
	struct store *st = store_of(100000);
	struct selection *s = selection_new(st, -1);

	(void)state;
	for (size_t k = 0; k < sizeof sorts / sizeof sorts[0]; k++) {
		selection_set(s, NULL, sorts[k], false);
		selection_finish(s);
		check_plainly(s, st, false, sorts[k]);
		selection_set(s, filter_of("is:failed"), sorts[k], false);
		selection_finish(s);
		check_plainly(s, st, true, sorts[k]);
	}
	selection_free(s);
	store_free(st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
