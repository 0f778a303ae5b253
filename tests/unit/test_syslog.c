/*
 * The frame of syslog: every form of stamp, the year that most leave out, and
 * what stands between it and the words of the server.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "format/syslog.h"
#include "format/syslog_stamp.h"

static int64_t
at(int year, int month, int day, int hour, int minute, int second, int ms)
{
	struct civil c = { year, month, day, hour, minute, second, ms };

	return clock_from_civil(&c);
}

static void
is_slice(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_of(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARGS(s), want);
}

/* The state of a log of 2024 whose last stamp was in March. */
static struct syslog_state
march(void)
{
	return (struct syslog_state){ .year = 2024, .month = 3 };
}

static void
gives(const char *line, int64_t time, const char *host, const char *program,
    const char *pid, const char *text)
{
	struct syslog_state ss = march();
	struct syslog_line l;

	/* Twice: by the long way, then by what was remembered. */
	for (int i = 0; i < 2; i++) {
		if (!syslog_cut(&ss, slice_of(line), &l))
			fail_msg("no frame: %s", line);
		if (l.time != time)
			fail_msg("%s: time %lld, not %lld (%d)", line,
			    (long long)l.time, (long long)time, i);
		is_slice(l.host, host);
		is_slice(l.program, program);
		is_slice(l.pid, pid);
		is_slice(l.text, text);
		assert_ptr_equal(l.body.p, l.program.p);
		assert_ptr_equal(l.body.p + l.body.n, line + strlen(line));
	}
}

#define REST "mx postfix/smtpd[3610]: connect from a[192.0.2.1]"
#define PARTS "mx", "postfix/smtpd", "3610", "connect from a[192.0.2.1]"

static void
stamps_of_every_form(void **state)
{
	int64_t t = at(2024, 3, 9, 8, 30, 42, 0);

	(void)state;
	gives("Mar  9 08:30:42 " REST, t, PARTS);
	gives("Mar 9 08:30:42 " REST, t, PARTS);
	gives("Mar 09 08:30:42 " REST, t, PARTS);
	gives("mar 09 08:30:42 " REST, t, PARTS);
	gives("Mar 09 08:30:42.071 " REST, t + 71, PARTS);
	gives("Mar  9 2024 08:30:42 " REST, t, PARTS);
	gives("mars  9 08:30:42 " REST, t, PARTS);
	gives("2024-03-09T08:30:42 " REST, t, PARTS);
	gives("2024-03-09 08:30:42 " REST, t, PARTS);
	gives("2024-03-09T08:30:42Z " REST, t, PARTS);
	gives("2024-03-09T08:30:42.5Z " REST, t + 500, PARTS);
	gives("2024-03-09T18:30:42.070830+10:00 " REST, t + 70, PARTS);
	gives("2024-03-09T02:00:42.070830-0630 " REST, t + 70, PARTS);
	gives("<22>Mar  9 08:30:42 " REST, t, PARTS);
	gives("<22>1 2024-03-09T09:30:42.071+01:00 mx postfix/smtpd 3610 - - "
	    "connect from a[192.0.2.1]", t + 71, PARTS);
	gives("<22>1 2024-03-09T08:30:42Z mx postfix/smtpd 3610 ID7 "
	    "[a@1 b=\"\\]\"][c@1] \xef\xbb\xbf" "connect from a[192.0.2.1]", t,
	    PARTS);
}

static void
names_of_months(void **state)
{
	(void)state;
	gives("\xd0\xb8\xd1\x8e\xd0\xbd 27 19:51:03 " REST,
	    at(2024, 6, 27, 19, 51, 3, 0), PARTS);
	gives("M\xc3\xa4r 27 19:51:03 " REST, at(2024, 3, 27, 19, 51, 3, 0),
	    PARTS);
	gives("6\xe6\x9c\x88 27 19:51:03 " REST, at(2024, 6, 27, 19, 51, 3, 0),
	    PARTS);
	gives(" 6\xe6\x9c\x88  7 19:51:03 " REST, at(2024, 6, 7, 19, 51, 3, 0),
	    PARTS);
	assert_int_equal(syslog_month(SLICE("Dec")), 12);
	assert_int_equal(syslog_month(SLICE("f\xc3\xa9vr.")), 2);
	assert_int_equal(syslog_month(SLICE("Foo")), 0);
	assert_int_equal(syslog_month(SLICE("1")), 0);
	assert_int_equal(syslog_month(SLICE("13\xe6\x9c\x88")), 0);
	assert_int_equal(syslog_month(SLICE("")), 0);
}

/* The stamp that the container's log adds is the whole one. */
static void
two_stamps(void **state)
{
	int64_t t = at(2024, 7, 3, 17, 18, 6, 604);

	(void)state;
	gives("2024-07-03T17:18:06.604077805Z Jul 03 19:18:06 " REST, t, PARTS);
	gives("2024-07-03T17:18:06.604Z stdout F Jul  3 19:18:06 " REST, t,
	    PARTS);
	gives("2024-07-03T17:18:06.604Z stderr P <22>Jul  3 19:18:06 " REST, t,
	    PARTS);
	gives("2024-07-03T17:18:06.604Z 2024-07-03T19:18:06.1+02:00 " REST, t,
	    PARTS);
	gives("mail-1  | Mar  9 08:30:42 " REST, at(2024, 3, 9, 8, 30, 42, 0),
	    PARTS);
}

static void
what_stands_between(void **state)
{
	int64_t t = at(2024, 3, 9, 8, 30, 42, 0);

	(void)state;
	gives("Mar  9 08:30:42 postfix/smtpd[3610]: x", t, "", "postfix/smtpd",
	    "3610", "x");
	gives("Mar  9 08:30:42 exim: x: y", t, "", "exim", "", "x: y");
	gives("Mar  9 08:30:42 mx exim: x: y", t, "mx", "exim", "", "x: y");
	gives("Mar  9 08:30:42 mx a[1]: [ID 197553 mail.info] x", t, "mx", "a",
	    "1", "x");
	gives("Mar  9 08:30:42 mx mail:info a[1]: x", t, "mx", "a", "1", "x");
	gives("Mar  9 08:30:42 mx mail: x", t, "mx", "mail", "", "x");
	gives("Mar  9 08:30:42 mx <mail.info> a[1]: x", t, "mx", "a", "1", "x");
	gives("Mar  9 08:30:42 mx a[1]:", t, "mx", "a", "1", "");
	gives("Mar  9 08:30:42 mx a[b]: x", t, "mx", "a", "", "[b]: x");
	gives("Mar  9 08:30:42 mx a[1]: [ID", t, "mx", "a", "1", "[ID");
	gives("Feb 31 08:30:42 mx a[1]: x", CLOCK_NONE, "mx", "a", "1", "x");
	gives("Mar  9 08:99:42 mx a[1]: x", CLOCK_NONE, "mx", "a", "1", "x");
}

static void
no_frame(void **state)
{
	static const char *const lines[] = {
		"", "Mar", "Mar  9", "Mar  9 08:30", "Foo  9 08:30:42 mx a: x",
		"Mar  9 08:30:42", "Mar  9 08:30:42 ", "Mar  9 08:30:42 mx",
		"2024-03-09T08:30:42", "2024-03-09T08:30:42+ mx a[1]: x",
		"2024-03-09", "<22>", "<22>1 ", "<22>1 2024-03-09T08:30:42Z ",
		"<22>1 2024-03-09T08:30:42Z mx", "<999999>Mar  9 08:30:42 mx a",
		" | ", "x | y", "\xff\xff\xff\xff \xff 9 08:30:42 mx a[1]: x",
		"99999999999999999999999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct syslog_state ss = march();
		struct syslog_line l;

		if (syslog_cut(&ss, slice_of(lines[i]), &l))
			fail_msg("a frame: '%s'", lines[i]);
	}
}

/* Every beginning of a line, in memory that ends with it. */
static void
cut_anywhere(void **state)
{
	static const char whole[] =
	    "<22>1 2024-03-09T09:30:42.071+01:00 mx p 1 - [a b=\"]\"] text";
	char copy[sizeof whole];

	(void)state;
	for (size_t from = 0; from < sizeof whole - 1; from += 4) {
		for (size_t n = 0; n < sizeof whole - from; n++) {
			struct syslog_state ss = march();
			struct syslog_line l;
			struct slice s = { memcpy(copy + sizeof copy - n,
			    whole + from, n), n };

			for (int i = 0; i < 2; i++)
				if (syslog_cut(&ss, s, &l))
					assert_ptr_equal(l.body.p + l.body.n,
					    copy + sizeof copy);
		}
	}
}

static int64_t
time_of(struct syslog_state *ss, const char *line, bool changes)
{
	struct syslog_line l;

	assert_true(syslog_cut(ss, slice_of(line), &l));
	assert_int_equal(l.new_year, changes);
	return l.time;
}

/* After December comes January; what was late stays in its year. */
static void
the_year_goes_on(void **state)
{
	struct syslog_state ss = { .year = 2023, .month = 12 };

	(void)state;
	assert_int_equal(time_of(&ss, "Dec 31 23:59:59 h a[1]: x", false),
	    at(2023, 12, 31, 23, 59, 59, 0));
	assert_int_equal(time_of(&ss, "Jan  1 00:00:00 h a[1]: x", true),
	    at(2024, 1, 1, 0, 0, 0, 0));
	assert_int_equal(time_of(&ss, "Dec 31 23:59:59 h a[1]: x", false),
	    at(2023, 12, 31, 23, 59, 59, 0));
	assert_int_equal(time_of(&ss, "Jan  1 00:00:01 h a[1]: x", false),
	    at(2024, 1, 1, 0, 0, 1, 0));
	assert_int_equal(time_of(&ss, "Feb 29 00:00:01 h a[1]: x", true),
	    at(2024, 2, 29, 0, 0, 1, 0));
	assert_int_equal(time_of(&ss, "Jan 31 00:00:01 h a[1]: x", false),
	    at(2024, 1, 31, 0, 0, 1, 0));
	assert_int_equal(ss.year, 2024);
	assert_int_equal(ss.month, 2);
}

static struct syslog_state
begun(const char *head, int64_t written, struct format_traits *traits)
{
	struct format_hint hint = { .written = written };
	struct syslog_state ss;

	*traits = (struct format_traits){ false, false };
	syslog_begin(&ss, slice_of(head), &hint, traits);
	return ss;
}

static void
how_a_log_begins(void **state)
{
	struct format_traits traits;
	struct syslog_state ss;
	int64_t written = at(2025, 3, 10, 12, 0, 0, 0);

	(void)state;
	ss = begun("noise\nMar  9 08:30:42 h a[1]: x\n", written, &traits);
	assert_int_equal(ss.year, 2025);
	assert_int_equal(ss.month, 3);
	assert_false(traits.times_are_utc || traits.times_have_ms);
	/* Tomorrow's may be a zone's; later ones are last year's. */
	assert_int_equal(begun("Mar 11 09:00:00 h a: x\n", written,
	    &traits).year, 2025);
	assert_int_equal(begun("Mar 12 09:00:00 h a: x\n", written,
	    &traits).year, 2024);
	assert_int_equal(begun("Feb 29 09:00:00 h a: x\n", written,
	    &traits).year, 2024);
	ss = begun("2024-03-09T08:30:42.1+01:00 h a: x\n", written, &traits);
	assert_true(traits.times_are_utc && traits.times_have_ms);
	assert_int_equal(ss.year, 0);
	begun("2024-03-09T08:30:42 h a: x\n", written, &traits);
	assert_false(traits.times_are_utc || traits.times_have_ms);
}

/* Where the log's times have no zone, a later stamp's is left out. */
static void
one_kind_of_time(void **state)
{
	struct format_traits traits;
	struct syslog_state ss = begun("Mar  9 08:30:42 h a[1]: x\n",
	    at(2025, 3, 10, 12, 0, 0, 0), &traits);

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(time_of(&ss,
		    "2025-03-10T08:30:42+10:00 h a[1]: x", false),
		    at(2025, 3, 10, 8, 30, 42, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_of_every_form),
		cmocka_unit_test(names_of_months),
		cmocka_unit_test(two_stamps),
		cmocka_unit_test(what_stands_between),
		cmocka_unit_test(no_frame),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(the_year_goes_on),
		cmocka_unit_test(how_a_log_begins),
		cmocka_unit_test(one_kind_of_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
