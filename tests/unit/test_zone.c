/*
 * Zones: the words for them, and the offset at the edges of summer time.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/clock.h"

static void
test_zone_words(void **state)
{
	static const struct {
		const char *text;
		int offset;
	} good[] = {
		{ "Z", 0 }, { "z", 0 }, { "UTC", 0 }, { "+00:00", 0 },
		{ "+02:00", 7200 }, { "+0200", 7200 }, { "+02", 7200 },
		{ "-03:30", -12600 }, { "-11", -39600 }, { "+05:45", 20700 },
		{ "+14:00", 50400 },
	};
	static const char *const bad[] = { "", "+", "+2", "+2:00", "+24:00",
		"+02:60", "+02:0", "+02:000", "02:00", "+02:00x", "++2:00",
		"+020", "Nowhere/Land", "../../etc/passwd", "/etc/localtime",
		"Europe", "a b", "-", "." };
	struct zone z;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(zone_parse(&z, good[i].text, &err), 0);
		assert_int_equal(z.kind, ZONE_FIXED);
		assert_int_equal(z.offset, good[i].offset);
		assert_int_equal(zone_offset(&z, 0), good[i].offset);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err.text[0] = '\0';
		assert_int_equal(zone_parse(&z, bad[i], &err), -1);
		assert_true(err.text[0] != '\0');
		assert_int_equal(z.kind, ZONE_NONE);
	}
	z = (struct zone){ ZONE_NONE, 3600 };
	assert_int_equal(zone_offset(&z, 0), 0);
}

struct wall {
	struct civil c;
	int minutes;                 /* east of UTC */
};

static void
check_walls(const struct zone *z, const struct wall *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(zone_offset(z, clock_from_civil(&w[i].c)),
		    w[i].minutes * 60);
}

/* Central Europe: 29 March 2026 at 02:00, 25 October 2026 at 03:00. */
static const struct wall berlin[] = {
	{ { 2026, 1, 15, 12, 0, 0, 0 }, 60 },
	{ { 2026, 3, 29, 1, 59, 59, 999 }, 60 },
	{ { 2026, 3, 29, 2, 30, 0, 0 }, 60 },     /* does not exist */
	{ { 2026, 3, 29, 3, 0, 0, 0 }, 120 },
	{ { 2026, 7, 1, 0, 0, 0, 0 }, 120 },
	{ { 2026, 10, 25, 1, 59, 59, 0 }, 120 },
	{ { 2026, 10, 25, 2, 0, 0, 0 }, 120 },    /* comes twice */
	{ { 2026, 10, 25, 2, 59, 59, 999 }, 120 },
	{ { 2026, 10, 25, 3, 0, 0, 0 }, 60 },
	{ { 2026, 10, 26, 2, 30, 0, 0 }, 60 },
};

/* United States, east: 8 March at 02:00, 1 November at 02:00. */
static const struct wall new_york[] = {
	{ { 2026, 3, 8, 1, 59, 59, 999 }, -300 },
	{ { 2026, 3, 8, 3, 0, 0, 0 }, -240 },
	{ { 2026, 11, 1, 0, 59, 59, 0 }, -240 },
	{ { 2026, 11, 1, 1, 30, 0, 0 }, -240 },
	{ { 2026, 11, 1, 2, 0, 0, 0 }, -300 },
};

/* Lord Howe Island: half an hour; summer is at the turn of the year. */
static const struct wall lord_howe[] = {
	{ { 2026, 1, 1, 0, 0, 0, 0 }, 660 },
	{ { 2026, 4, 5, 1, 45, 0, 0 }, 660 },     /* comes twice */
	{ { 2026, 4, 5, 2, 0, 0, 0 }, 630 },
	{ { 2026, 10, 4, 1, 59, 0, 0 }, 630 },
	{ { 2026, 10, 4, 2, 30, 0, 0 }, 660 },
};

static void
use_local(const char *rule, struct zone *z)
{
	struct err err;

	assert_int_equal(setenv("TZ", rule, 1), 0);
	assert_int_equal(zone_parse(z, "local", &err), 0);
	assert_int_equal(z->kind, ZONE_NAMED);
}

#define WALLS(z, list) check_walls((z), (list), sizeof(list) / sizeof(list)[0])

/* Rules in the variable itself: no zone database is needed. */
static void
test_summer_time(void **state)
{
	struct zone z;
	struct buf b = { 0 };

	(void)state;
	use_local("CET-1CEST,M3.5.0,M10.5.0/3", &z);
	WALLS(&z, berlin);
	clock_iso(&b, clock_from_civil(&berlin[4].c), false, true, &z);
	assert_true(slice_eq(buf_slice(&b),
	    SLICE("2026-07-01T00:00:00.000+02:00")));
	buf_free(&b);
	/* Asked the other way round: what was asked before must not matter. */
	for (size_t i = sizeof berlin / sizeof berlin[0]; i-- > 0;)
		check_walls(&z, &berlin[i], 1);
	use_local("EST5EDT,M3.2.0,M11.1.0", &z);
	WALLS(&z, new_york);
	use_local("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", &z);
	WALLS(&z, lord_howe);
	use_local("UTC0", &z);
	assert_int_equal(zone_offset(&z, 0), 0);
}

static void
test_named_zone(void **state)
{
	struct zone z;
	struct err err;

	(void)state;
	if (zone_parse(&z, "Europe/Berlin", &err) != 0)
		skip(); /* this system has no zone database */
	assert_int_equal(z.kind, ZONE_NAMED);
	WALLS(&z, berlin);
	assert_int_equal(zone_parse(&z, "America/New_York", &err), 0);
	WALLS(&z, new_york);
	assert_int_equal(zone_parse(&z, "Asia/Kolkata", &err), 0);
	assert_int_equal(zone_offset(&z, clock_from_civil(&berlin[4].c)),
	    330 * 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zone_words),
		cmocka_unit_test(test_summer_time),
		cmocka_unit_test(test_named_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
