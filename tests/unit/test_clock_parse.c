/*
 * Times and durations that a person types: what is taken, and what is refused
 * with words.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
/* From tables: `date -u -d 2026-11-01 +%s`. */
#define NOV_1_2026 (INT64_C(1793491200) * SECOND)

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
test_shift(void **state)
{
	static const struct {
		const char *said, *written;
		int64_t ms;
	} good[] = {
		{ "+2.5s", "+2.5s", 2500 }, { "-90s", "-1m30s", -90000 },
		{ "1h", "+1h", 3600000 }, { "0", "0s", 0 }, { "-0", "0s", 0 },
		{ "500ms", "+0.5s", 500 }, { "-7", "-7s", -7000 },
		{ "+1d1h", "+1d1h", 90000000 }, { "1ms", "+0.001s", 1 },
		{ " -1m1.25s ", "-1m1.25s", -61250 },
	};
	static const char *const bad[] = { "", "+", "-", "+-1s", "--1s", "- 1s",
		"1s1h", "s", "1x", "+1s-1s", "1,5s" };
	struct err err;
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct buf b = { 0 };

		assert_int_equal(clock_parse_shift(slice_of(good[i].said), &ms,
		    &err), 0);
		assert_true(ms == good[i].ms);
		clock_shift(&b, ms);
		buf_add_char(&b, '\0');
		assert_string_equal(b.p, good[i].written);
		buf_free(&b);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(clock_parse_shift(slice_of(bad[i]), &ms,
		    &err), -1);
		assert_non_null(strstr(err.text, "+2.5s"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shift),
		cmocka_unit_test(test_parse_time),
		cmocka_unit_test(test_parse_time_refuses),
		cmocka_unit_test(test_parse_words),
		cmocka_unit_test(test_parse_duration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
