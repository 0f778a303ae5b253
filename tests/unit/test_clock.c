/*
 * Times: the calendar against the C library's, zones at the edges of summer
 * time, and what a person types.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
/* From tables: `date -u -d 2026-11-01 +%s`. */
#define NOV_1_2026 (INT64_C(1793491200) * SECOND)

/* Every day of 1600..2400 and every 97th of all: against gmtime_r(). */
static void
check_day(int64_t day)
{
	time_t t = (time_t)(day * 86400 + 86399);
	struct civil c;
	struct tm tm;

	assert_non_null(gmtime_r(&t, &tm));
	clock_to_civil((int64_t)t * SECOND + 999, &c);
	assert_int_equal(c.year, tm.tm_year + 1900);
	assert_int_equal(c.month, tm.tm_mon + 1);
	assert_int_equal(c.day, tm.tm_mday);
	assert_true(c.hour == 23 && c.minute == 59 && c.second == 59 &&
	    c.ms == 999);
	assert_true(clock_from_civil(&c) == (int64_t)t * SECOND + 999);
}

static void
test_calendar(void **state)
{
	(void)state;
	/* 1600-01-01 and 2400-01-01; 0001-01-01 and 9999-12-31. */
	for (int64_t day = -135140; day < 157054; day++)
		check_day(day);
	for (int64_t day = -719162; day < 2932896; day += 97)
		check_day(day);
}

static void
check_civil(int64_t t, struct civil expected)
{
	struct civil c;

	assert_true(clock_from_civil(&expected) == t);
	clock_to_civil(t, &c);
	assert_memory_equal(&c, &expected, sizeof c);
}

static void
test_known_times(void **state)
{
	(void)state;
	check_civil(0, (struct civil){ 1970, 1, 1, 0, 0, 0, 0 });
	check_civil(-1, (struct civil){ 1969, 12, 31, 23, 59, 59, 999 });
	check_civil(INT64_C(951782400000),
	    (struct civil){ 2000, 2, 29, 0, 0, 0, 0 });
	check_civil(INT64_C(986125471000),
	    (struct civil){ 2001, 4, 1, 11, 44, 31, 0 });
	check_civil(INT64_C(1234567890123),
	    (struct civil){ 2009, 2, 13, 23, 31, 30, 123 });
	check_civil(INT64_C(2147483648000),
	    (struct civil){ 2038, 1, 19, 3, 14, 8, 0 });
}

static void
test_valid(void **state)
{
	const struct civil good = { 2026, 11, 30, 23, 59, 59, 999 };
	struct civil c = good;

	(void)state;
	assert_true(civil_is_valid(&good));
#define BAD(field, value) \
	do { c = good; c.field = (value); assert_false(civil_is_valid(&c)); } \
	while (0)
	BAD(year, 0);
	BAD(year, 10000);
	BAD(month, 0);
	BAD(month, 13);
	BAD(month, INT32_MIN);
	BAD(day, 0);
	BAD(day, 31);
	BAD(hour, 24);
	BAD(hour, -1);
	BAD(minute, 60);
	BAD(second, 61);
	BAD(ms, 1000);
	BAD(ms, -1);
#undef BAD
	c.ms = 0;
	c.second = 60;
	assert_true(civil_is_valid(&c));
	assert_true(civil_is_valid(&(struct civil){ 2024, 2, 29, 0, 0, 0, 0 }));
	assert_true(civil_is_valid(&(struct civil){ 2000, 2, 29, 0, 0, 0, 0 }));
	assert_false(civil_is_valid(&(struct civil){ 1900, 2, 29, 0, 0, 0, 0 }));
	assert_false(civil_is_valid(&(struct civil){ 2026, 2, 29, 0, 0, 0, 0 }));
}

/* Fields that nobody checked must not make the sanitizer cry. */
static void
test_wild_fields(void **state)
{
	const int wild[] = { INT32_MIN, -1, 0, 1, INT32_MAX };
	struct civil c;

	(void)state;
	for (size_t i = 0; i < 5 * 5 * 5; i++) {
		int a = wild[i % 5], b = wild[i / 5 % 5], d = wild[i / 25];

		c = (struct civil){ a, b, d, a, b, d, a };
		clock_from_civil(&c);
	}
	/* The last ms of the type: known to be in the year 292278994. */
	clock_to_civil(INT64_MAX, &c);
	assert_int_equal(c.year, 292278994);
	assert_int_equal(c.month, 8);
	assert_int_equal(c.day, 17);
	clock_to_civil(INT64_MIN, &c);
	assert_int_equal(c.ms, 192);
}

static void
test_monotonic(void **state)
{
	int64_t a = clock_now_ms(), b = clock_now_ms();

	(void)state;
	assert_true(a > 0 && b >= a && b - a < 60000);
}

static void
check_iso(int64_t t, bool utc, bool ms, const struct zone *z,
    const char *expected)
{
	struct buf b = { 0 };

	clock_iso(&b, t, utc, ms, z);
	buf_add_char(&b, '\0');
	assert_string_equal(b.p, expected);
	buf_free(&b);
}

static void
test_iso(void **state)
{
	const int64_t t = INT64_C(1234567890123);
	const struct zone none = { ZONE_NONE, 0 };
	const struct zone east = { ZONE_FIXED, 5 * 3600 + 1800 };
	const struct zone west = { ZONE_FIXED, -(3 * 3600 + 1800) };
	const struct zone zero = { ZONE_FIXED, 0 };

	(void)state;
	check_iso(t, true, true, NULL, "2009-02-13T23:31:30.123Z");
	check_iso(t, true, false, &east, "2009-02-13T23:31:30Z");
	check_iso(t, false, true, NULL, "2009-02-13T23:31:30.123");
	check_iso(t, false, false, &none, "2009-02-13T23:31:30");
	check_iso(t, false, false, &east, "2009-02-13T23:31:30+05:30");
	check_iso(t, false, true, &west, "2009-02-13T23:31:30.123-03:30");
	check_iso(t, false, false, &zero, "2009-02-13T23:31:30Z");
	check_iso(-1, true, true, NULL, "1969-12-31T23:59:59.999Z");
	check_iso(CLOCK_NONE, true, true, NULL, "");
}

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

	(void)state;
	use_local("CET-1CEST,M3.5.0,M10.5.0/3", &z);
	WALLS(&z, berlin);
	check_iso(clock_from_civil(&berlin[4].c), false, true, &z,
	    "2026-07-01T00:00:00.000+02:00");
	/* Asked the other way round: what was asked before must not matter. */
	for (size_t i = sizeof berlin / sizeof berlin[0]; i-- > 0;)
		check_walls(&z, &berlin[i], 1);
	use_local("EST5EDT,M3.2.0,M11.1.0", &z);
	WALLS(&z, new_york);
	use_local("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", &z);
	WALLS(&z, lord_howe);
	use_local("UTC0", &z);
	assert_int_equal(zone_offset(&z, NOV_1_2026), 0);
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
	assert_int_equal(zone_offset(&z, NOV_1_2026), 330 * 60);
}

struct typed {
	const char *text;
	int64_t t, length;
	bool day;
};

static void
test_parse_time(void **state)
{
	static const struct typed good[] = {
		{ "2026-11-01", NOV_1_2026, DAY, true },
		{ "2026-11-1", NOV_1_2026, DAY, true },
		{ "2026-11-01Z", NOV_1_2026, DAY, true },
		{ "2026-11-01T10:30", NOV_1_2026 + 630 * MINUTE, MINUTE, true },
		{ "2026-11-01 10:30", NOV_1_2026 + 630 * MINUTE, MINUTE, true },
		{ "2026-11-01t10:30z", NOV_1_2026 + 630 * MINUTE, MINUTE, true },
		{ " 2026-11-01 9:05 ", NOV_1_2026 + 545 * MINUTE, MINUTE, true },
		{ "2026-11-01T10:30:15", NOV_1_2026 + 630 * MINUTE + 15 * SECOND,
		    SECOND, true },
		{ "2026-11-01T10:30:15.250", NOV_1_2026 + 630 * MINUTE + 15250,
		    1, true },
		{ "2026-11-01T10:30:15.2", NOV_1_2026 + 630 * MINUTE + 15200,
		    100, true },
		{ "2026-11-01T10:30:15.250999Z",
		    NOV_1_2026 + 630 * MINUTE + 15250, 1, true },
		{ "2026-11-01T02:00+02:00", NOV_1_2026, MINUTE, true },
		{ "2026-10-31T22:00:00-0200", NOV_1_2026, SECOND, true },
		{ "2026-11-01T00:00 +01", NOV_1_2026 - HOUR, MINUTE, true },
		{ "10:30", 630 * MINUTE, MINUTE, false },
		{ "9:30", 570 * MINUTE, MINUTE, false },
		{ "00:00", 0, MINUTE, false },
		{ "23:59:59", 86399 * SECOND, SECOND, false },
		{ "23:59:59.999", DAY - 1, 1, false },
		{ "00:00:01.5", 1500, 100, false },
		{ "1969-12-31T23:59:59.999", -1, 1, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		int64_t t = 0, end = 0;
		bool day = !good[i].day;
		struct err err = { "" };

		if (clock_parse(slice_of(good[i].text), &t, &end, &day, &err))
			fail_msg("%s: %s", good[i].text, err.text);
		if (t != good[i].t || end != t + good[i].length)
			fail_msg("%s: %lld %lld", good[i].text, (long long)t,
			    (long long)end);
		assert_int_equal(day, good[i].day);
	}
}

static void
test_parse_time_refuses(void **state)
{
	static const char *const bad[] = { "", " ", "x", "2026", "2026-11",
		"2026-13-01", "2026-02-29", "2026-11-31", "2026-00-10",
		"0000-01-01", "26-11-01", "20261101", "2026-11-01T",
		"2026-11-01T10", "2026-11-01T1030", "2026-11-01T24:00",
		"2026-11-01T10:60", "2026-11-01T10:30:61", "2026-11-01T10:30:5",
		"2026-11-01T10:30.5", "2026-11-01T10:30:15.", "10", "10:", "10:5",
		"24:00", "10:30:", "10:30x", "10:30Z", "2026-11-01x10:30",
		"2026-11-01T10:30+25:00", "2026-11-01T10:30 Berlin",
		"2026-11-01 10:30 10:30", "-2026-11-01", "99999-01-01" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int64_t t, end;
		bool day;
		struct err err = { "" };

		if (clock_parse(slice_of(bad[i]), &t, &end, &day, &err) != -1)
			fail_msg("'%s' was taken", bad[i]);
		assert_true(err.text[0] != '\0');
	}
}

/* What a person typed is shown in part, and never as control bytes. */
static void
test_parse_words(void **state)
{
	char text[600];
	int64_t t, end;
	bool day;
	struct err err;

	(void)state;
	memset(text, 'x', sizeof text);
	text[1] = '\x1b';
	assert_int_equal(clock_parse((struct slice){ text, sizeof text }, &t,
	    &end, &day, &err), -1);
	assert_non_null(strstr(err.text, "'x?xxx"));
	assert_non_null(strstr(err.text, "x...'"));
	assert_true(strlen(err.text) < 250);
	assert_null(strchr(err.text, '\x1b'));
	assert_int_equal(clock_parse(SLICE("2026-02-30"), &t, &end, &day, &err),
	    -1);
	assert_non_null(strstr(err.text, "no such day"));
}

static void
test_parse_duration(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{ "0", 0 }, { "30", 30000 }, { "30s", 30000 }, { "500ms", 500 },
		{ "2m", 2 * MINUTE }, { "1h", HOUR }, { "1d", DAY },
		{ "1.5s", 1500 }, { "0.25", 250 }, { "1.5h", 90 * MINUTE },
		{ "1.5d", 36 * HOUR }, { "1h30m", 90 * MINUTE },
		{ "4m03s", 243 * SECOND }, { "3d04h", 76 * HOUR },
		{ " 10S ", 10 * SECOND }, { "0.0019s", 1 },
		{ "999999999d", 999999999 * DAY },
	};
	static const char *const bad[] = { "", "s", "-1s", "+1s", "1x", "1 s",
		"1.s", ".5s", "1h30", "1m1m", "1s1m", "1sec2", "1e3", "1,5s",
		"9999999999s", "99999999999999999999", "1..5s" };
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		int64_t ms = -1;

		if (clock_parse_duration(slice_of(good[i].text), &ms, &err))
			fail_msg("%s: %s", good[i].text, err.text);
		if (ms != good[i].ms)
			fail_msg("%s: %lld", good[i].text, (long long)ms);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int64_t ms;

		err.text[0] = '\0';
		if (clock_parse_duration(slice_of(bad[i]), &ms, &err) != -1)
			fail_msg("'%s' was taken", bad[i]);
		assert_true(err.text[0] != '\0');
	}
}

static void
test_duration(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ 0, "0ms" }, { 13, "13ms" }, { 999, "999ms" }, { 1000, "1.0s" },
		{ 1299, "1.2s" }, { 9999, "9.9s" }, { 10000, "10s" },
		{ 59999, "59s" }, { 60000, "1m00s" }, { 243000, "4m03s" },
		{ HOUR - 1, "59m59s" }, { HOUR, "1h00m" },
		{ 125 * MINUTE, "2h05m" }, { DAY - 1, "23h59m" },
		{ DAY, "1d00h" }, { 76 * HOUR, "3d04h" },
		{ 100 * DAY - 1, "99d23h" }, { 100 * DAY, "100d" },
		{ 99999 * DAY, "99999d" }, { 100000 * DAY, ">9999d" },
		{ INT64_MAX, ">9999d" }, { -1, "-1ms" }, { -999, "-999ms" },
		{ -1500, "-1s" }, { -61000, "-1m" }, { -2 * HOUR, "-2h" },
		{ -3 * DAY, "-3d" }, { INT64_MIN + 1, "<-999d" },
		{ CLOCK_NONE, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf b = { 0 };

		clock_duration(&b, rows[i].ms);
		assert_in_range(b.n, 0, 6);
		buf_add_char(&b, '\0');
		assert_string_equal(b.p, rows[i].text);
		buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_known_times),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_wild_fields),
		cmocka_unit_test(test_monotonic),
		cmocka_unit_test(test_iso),
		cmocka_unit_test(test_zone_words),
		cmocka_unit_test(test_summer_time),
		cmocka_unit_test(test_named_zone),
		cmocka_unit_test(test_parse_time),
		cmocka_unit_test(test_parse_time_refuses),
		cmocka_unit_test(test_parse_words),
		cmocka_unit_test(test_parse_duration),
		cmocka_unit_test(test_duration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
