/*
 * Times: the calendar against the C library's, and times and durations as text.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "base/clock.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

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
	const struct zone none = { .kind = ZONE_NONE, .offset = 3600 };
	const struct zone east = { .kind = ZONE_FIXED,
		.offset = 5 * 3600 + 1800 };
	const struct zone west = { .kind = ZONE_FIXED,
		.offset = -(3 * 3600 + 1800) };
	const struct zone zero = { .kind = ZONE_FIXED };

	(void)state;
	check_iso(t, true, true, NULL, "2009-02-13T23:31:30.123Z");
	check_iso(t, true, false, &none, "2009-02-13T23:31:30Z");
	check_iso(t, false, true, NULL, "2009-02-13T23:31:30.123");
	check_iso(t, false, false, &none, "2009-02-13T23:31:30");
	/* An instant, on clocks elsewhere. */
	check_iso(t, false, false, &east, "2009-02-14T05:01:30+05:30");
	check_iso(t, true, false, &east, "2009-02-14T05:01:30+05:30");
	check_iso(t, false, true, &west, "2009-02-13T20:01:30.123-03:30");
	check_iso(t, false, false, &zero, "2009-02-13T23:31:30Z");
	check_iso(-1, true, true, NULL, "1969-12-31T23:59:59.999Z");
	check_iso(CLOCK_NONE, true, true, NULL, "");
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
		cmocka_unit_test(test_duration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
