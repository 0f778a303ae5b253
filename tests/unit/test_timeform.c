/*
 * Time stamps by a form.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/timeform.h"

/* 2026-11-23T10:00:01Z */
#define THEN INT64_C(1795428001000)

static int64_t
time_by(const char *form, const char *stamp, bool *utc)
{
	struct timeform tf;
	struct err err = { "" };
	size_t at;
	int64_t t;

	assert_int_equal(timeform_make(&tf, slice_of(form), &at, &err), 0);
	t = timeform_read(&tf, slice_of(stamp), utc);
	timeform_free(&tf);
	return t;
}

static void
forms_are_read(void **state)
{
	static const struct {
		const char *form, *stamp;
		int64_t time;
		bool utc;
	} cases[] = {
		{ "%Y-%m-%d %H:%M:%S", "2026-11-23 10:00:01", THEN, false },
		{ "%d/%b/%Y %H:%M:%S", "23/Nov/2026 10:00:01", THEN, false },
		{ "%m/%d/%y %I:%M:%S %p", "11/23/26 10:00:01 AM", THEN, false },
		{ "%m/%d/%y %I:%M:%S %p", "11/23/26 12:00:01 AM",
		    THEN - 10 * 3600000, false },
		{ "%a %Y-%m-%d %H:%M:%S%f", "Mon 2026-11-23 10:00:01.250",
		    THEN + 250, false },
		{ "%a %Y-%m-%d %H:%M:%S%f", "Mon 2026-11-23 10:00:01", THEN,
		    false },
		{ "%d %b %Y %H:%M:%S", "23  nov   2026 10:00:01", THEN, false },
		{ "iso", "2026-11-23T10:00:01.5Z", THEN + 500, true },
		{ "iso", "2026-11-23T12:00:01+02:00", THEN, true },
		{ "iso", "2026-11-23T10:00:01,123456789", THEN + 123, false },
		{ "unix", "1795428001.250", THEN + 250, true },
		{ "tai64n", "@400000006b040eab0ee6b280", THEN + 250, true },
		{ "%H:%M:%S%f", "10:00:01.44", 36001440, false },
		{ "%H%%%M", "10%30", 37800000, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool utc = !cases[i].utc;
		int64_t t = time_by(cases[i].form, cases[i].stamp, &utc);

		if (t != cases[i].time)
			fail_msg("%s by %s: %lld", cases[i].stamp,
			    cases[i].form, (long long)t);
		assert_int_equal(utc, cases[i].utc);
	}
}

static void
others_are_refused(void **state)
{
	static const struct {
		const char *form, *stamp;
	} cases[] = {
		{ "%Y-%m-%d %H:%M:%S", "2026-11-23 10:00:01x" },
		{ "%Y-%m-%d %H:%M:%S", "2026-11-23T10:00:01" },
		{ "%Y-%m-%d %H:%M:%S", "2026-13-23 10:00:01" },
		{ "%Y-%m-%d %H:%M:%S", "2026-02-30 10:00:01" },
		{ "%Y-%m-%d %H:%M:%S", "" },
		{ "%d-%m-%Y %H:%M:%S", "2026-11-23 10:00:01" },
		{ "%m/%d/%y %I:%M:%S %p", "11/23/26 13:00:01 PM" },
		{ "tai64n", "@400000006b03faab" },
		{ "tai64n", "@z00000006b03faab0ee6b280" },
		{ "%d %b %Y %H", "23 Nob 2026 10" },
	};
	bool utc;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (time_by(cases[i].form, cases[i].stamp, &utc) != CLOCK_NONE)
			fail_msg("%s by %s", cases[i].stamp, cases[i].form);
}

static void
wrong_forms_are_told(void **state)
{
	struct timeform tf;
	struct err err;
	size_t at;

	(void)state;
	assert_int_equal(timeform_make(&tf, SLICE("%Y-%Q"), &at, &err), -1);
	assert_int_equal(at, 3);
	assert_non_null(strstr(err.text, "%Q"));
	assert_int_equal(timeform_make(&tf, SLICE("%d.%m. %H:%M"), &at, &err),
	    -1);
	assert_non_null(strstr(err.text, "without a year"));
	assert_int_equal(timeform_make(&tf, SLICE("yesterday"), &at, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_read),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(wrong_forms_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
