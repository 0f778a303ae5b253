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
		assert_int_equal(zone_offset_at(&z, 0), good[i].offset);
		assert_ptr_equal(z.name, good[i].text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err.text[0] = '\0';
		assert_int_equal(zone_parse(&z, bad[i], &err), -1);
		assert_true(err.text[0] != '\0');
		assert_int_equal(z.kind, ZONE_NONE);
	}
	z = (struct zone){ .kind = ZONE_NONE, .offset = 3600 };
	assert_int_equal(zone_offset(&z, 0), 0);
	assert_int_equal(zone_offset_at(&z, 0), 0);
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

/* The same changes as instants: 01:00 UTC in all of Europe. */
static const struct wall berlin_at[] = {
	{ { 1969, 12, 31, 23, 0, 0, 0 }, 60 },
	{ { 2026, 3, 29, 0, 59, 59, 999 }, 60 },
	{ { 2026, 3, 29, 1, 0, 0, 0 }, 120 },
	{ { 2026, 10, 25, 0, 59, 59, 999 }, 120 },
	{ { 2026, 10, 25, 1, 0, 0, 0 }, 60 },
	{ { 2060, 7, 1, 0, 0, 0, 0 }, 120 },
	{ { 2060, 12, 1, 0, 0, 0, 0 }, 60 },
};
static const struct wall new_york_at[] = {
	{ { 2026, 3, 8, 6, 59, 59, 999 }, -300 },
	{ { 2026, 3, 8, 7, 0, 0, 0 }, -240 },
	{ { 2026, 11, 1, 5, 59, 59, 999 }, -240 },
	{ { 2026, 11, 1, 6, 0, 0, 0 }, -300 },
};

/* Summer time for a week, less an hour: the shortest there ever was. */
static const struct wall recife_at[] = {
	{ { 2000, 10, 8, 2, 59, 59, 999 }, -180 },
	{ { 2000, 10, 8, 3, 0, 0, 0 }, -120 },
	{ { 2000, 10, 10, 12, 0, 0, 0 }, -120 },
	{ { 2000, 10, 15, 1, 59, 59, 999 }, -120 },
	{ { 2000, 10, 15, 2, 0, 0, 0 }, -180 },
};

static void
check_instants(const struct zone *z, const struct wall *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(zone_offset_at(z, clock_from_civil(&w[i].c)),
		    w[i].minutes * 60);
}

#define AT(z, list) \
	check_instants((z), (list), sizeof(list) / sizeof(list)[0])

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
	    SLICE("2026-07-01T02:00:00.000+02:00")));
	buf_free(&b);
	AT(&z, berlin_at);
	/* Asked the other way round: what was asked before must not matter. */
	for (size_t i = sizeof berlin / sizeof berlin[0]; i-- > 0;)
		check_walls(&z, &berlin[i], 1);
	zone_free(&z);
	use_local("EST5EDT,M3.2.0,M11.1.0", &z);
	WALLS(&z, new_york);
	AT(&z, new_york_at);
	zone_free(&z);
	use_local("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", &z);
	WALLS(&z, lord_howe);
	zone_free(&z);
	use_local("UTC0", &z);
	assert_int_equal(zone_offset(&z, 0), 0);
	zone_free(&z);
}

/* Where one offset ends, the next begins: no time lies between, or in both. */
static void
test_spans(void **state)
{
	static const struct civil winter = { 2026, 1, 15, 12, 0, 0, 0 };
	static const struct civil gap = { 2026, 3, 29, 3, 0, 0, 0 };
	static const struct civil twice = { 2026, 10, 25, 3, 0, 0, 0 };
	struct zone_span s;
	struct zone z;

	(void)state;
	use_local("CET-1CEST,M3.5.0,M10.5.0/3", &z);
	s = zone_span(&z, clock_from_civil(&winter));
	assert_int_equal(s.offset, 3600);
	assert_true(s.to == clock_from_civil(&gap));
	s = zone_span(&z, s.to);
	assert_int_equal(s.offset, 7200);
	assert_true(s.from == clock_from_civil(&gap));
	assert_true(s.to == clock_from_civil(&twice));
	s = zone_span(&z, s.to);
	assert_int_equal(s.offset, 3600);
	assert_true(s.from == clock_from_civil(&twice));
	/* Far from all that is known of it. */
	assert_true(zone_span(&z, INT64_MAX).to == INT64_MAX);
	assert_true(zone_span(&z, INT64_MIN).from == INT64_MIN);
	zone_free(&z);
	z = (struct zone){ .kind = ZONE_FIXED, .offset = -3600 };
	s = zone_span(&z, 0);
	assert_true(s.from == INT64_MIN && s.to == INT64_MAX);
	assert_int_equal(s.offset, -3600);
}

static void
test_same(void **state)
{
	const struct zone none = { .kind = ZONE_NONE };
	const struct zone one = { .kind = ZONE_FIXED, .offset = 3600 };
	const struct zone zero = { .kind = ZONE_FIXED };
	struct zone cet, again, mez, west;

	(void)state;
	use_local("CET-1CEST,M3.5.0,M10.5.0/3", &cet);
	use_local("MEZ-1MESZ,M3.5.0,M10.5.0/3", &again);
	use_local("CET-1", &mez);
	use_local("WET0WEST,M3.5.0/1,M10.5.0/2", &west);
	assert_true(zone_is_same(&none, &none));
	assert_false(zone_is_same(&none, &zero));
	assert_false(zone_is_same(&zero, &none));
	assert_false(zone_is_same(&one, &zero));
	assert_true(zone_is_same(&cet, &again));
	assert_false(zone_is_same(&cet, &west));
	assert_false(zone_is_same(&cet, &mez));
	/* By whatever name. */
	assert_true(zone_is_same(&one, &mez));
	assert_true(zone_is_same(&mez, &one));
	zone_free(&cet);
	zone_free(&again);
	zone_free(&mez);
	zone_free(&west);
}

static void
test_named_zone(void **state)
{
	struct zone z, y;
	struct err err;

	(void)state;
	assert_int_equal(setenv("TZ", "UTC0", 1), 0);
	if (zone_parse(&z, "Europe/Berlin", &err) != 0)
		skip(); /* this system has no zone database */
	assert_int_equal(z.kind, ZONE_NAMED);
	assert_int_equal(zone_parse(&y, "America/New_York", &err), 0);
	/* Several at a time, and what the process is in is none of them. */
	WALLS(&z, berlin);
	WALLS(&y, new_york);
	AT(&z, berlin_at);
	AT(&y, new_york_at);
	assert_string_equal(getenv("TZ"), "UTC0");
	zone_free(&y);
	zone_free(&z);
	assert_int_equal(zone_parse(&z, "America/Recife", &err), 0);
	AT(&z, recife_at);
	zone_free(&z);
	assert_int_equal(zone_parse(&z, "Asia/Kolkata", &err), 0);
	assert_int_equal(zone_offset(&z, clock_from_civil(&berlin[4].c)),
	    330 * 60);
	zone_free(&z);
	unsetenv("TZ");
	assert_int_equal(zone_parse(&z, "Asia/Kolkata", &err), 0);
	assert_null(getenv("TZ"));
	zone_free(&z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zone_words),
		cmocka_unit_test(test_summer_time),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_named_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
