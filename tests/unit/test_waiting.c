/*
 * Lines that wait for their session: in their order, by key, only so many.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/mem.h"
#include "index/waiting.h"

static void
add(struct waiting *w, uint64_t key, uint32_t line)
{
	struct event ev;

	event_clear(&ev);
	ev.kind = EVENT_REPORT;
	ev.side = SIDE_CLIENT;
	ev.says = SAYS_TLS;
	ev.flags = EVENT_JOINS | EVENT_LATER;
	ev.time = line * 1000;
	ev.key = key;
	assert_true(waiting_wants(w, &ev));
	waiting_add(w, &ev, line);
}

/* The next line that waits for the key; 0: none. */
static uint32_t
take(struct waiting *w, uint64_t key, uint32_t least)
{
	struct event ev;
	uint32_t line;

	if (!waiting_take(w, key, least, &ev, &line))
		return 0;
	assert_int_equal(ev.kind, EVENT_REPORT);
	assert_int_equal(ev.side, SIDE_CLIENT);
	assert_int_equal(ev.says, SAYS_TLS);
	assert_int_equal(ev.time, line * 1000);
	assert_int_equal(ev.key, key);
	return line;
}

/* Both keys lie in one chain; each line is taken once. */
static void
by_key(void **state)
{
	struct waiting *w = mem_alloc(sizeof *w);
	const uint64_t a = 7, b = 7 + WAITING_HEADS;

	(void)state;
	add(w, a, 3);
	add(w, b, 4);
	add(w, a, 5);
	add(w, a, 6);
	assert_int_equal(take(w, 8, 0), 0);
	assert_int_equal(take(w, a, 4), 5);
	assert_int_equal(take(w, a, 4), 6);
	assert_int_equal(take(w, a, 4), 0);
	assert_int_equal(take(w, a, 0), 3);
	assert_int_equal(take(w, a, 0), 0);
	assert_int_equal(take(w, b, 0), 4);
	assert_int_equal(take(w, b, 0), 0);
	add(w, b, 9);
	assert_int_equal(take(w, b, 0), 9);
	free(w);
}

static bool
wants(const struct waiting *w, unsigned flags, uint64_t key, unsigned code)
{
	struct event ev;

	event_clear(&ev);
	ev.flags = (uint16_t)flags;
	ev.key = key;
	ev.code = (uint16_t)code;
	return waiting_wants(w, &ev);
}

/* Some say that they wait, others follow those that do. */
static void
who_waits(void **state)
{
	struct waiting *w = mem_alloc(sizeof *w);

	(void)state;
	assert_false(wants(w, EVENT_LATER | EVENT_LASTING, 7, 0));
	add(w, 7, 3);
	assert_true(wants(w, EVENT_LATER | EVENT_LASTING, 7, 0));
	assert_false(wants(w, EVENT_LATER | EVENT_LASTING, 7, 5));
	assert_false(wants(w, EVENT_LATER | EVENT_LASTING, 8, 0));
	assert_false(wants(w, EVENT_LATER | EVENT_LASTING,
	    7 + WAITING_HEADS, 0));
	assert_false(wants(w, EVENT_LASTING, 7, 0));
	assert_false(wants(w, EVENT_JOINS, 7, 0));
	assert_false(wants(w, EVENT_JOINS | EVENT_LATER, 0, 0));
	assert_int_equal(take(w, 7, 0), 3);
	assert_false(wants(w, EVENT_LATER | EVENT_LASTING, 7, 0));
	free(w);
}

/* Those that waited for longest are given up. */
static void
so_many(void **state)
{
	struct waiting *w = mem_alloc(sizeof *w);

	(void)state;
	add(w, 1, 1);
	add(w, 1, 2);
	for (uint32_t i = 3; i <= WAITING_MAX + 1; i++)
		add(w, i, i);
	assert_int_equal(take(w, 1, 0), 2);
	assert_int_equal(take(w, 1, 0), 0);
	assert_int_equal(take(w, 2, 0), 0);
	assert_int_equal(take(w, WAITING_MAX, 0), WAITING_MAX);
	for (uint32_t i = 1; i <= WAITING_MAX; i++)
		add(w, 5, 5000 + i);
	assert_int_equal(take(w, 6, 0), 0);
	assert_int_equal(take(w, 5, 0), 5001);
	free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_key),
		cmocka_unit_test(who_waits),
		cmocka_unit_test(so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
