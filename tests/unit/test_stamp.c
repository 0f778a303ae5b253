/*
 * Stamps of a log that leave their zone out, and of a clock that was wrong: what
 * the index and the decoder make of them, and what is shown.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "index/shown.h"
#include "index/stamp.h"
#include "with_log.h"

#define HOUR_MS INT64_C(3600000)

static int64_t
at(int month, int day, int hour, int minute, int second)
{
	const struct civil c = { 2026, month, day, hour, minute, second, 0 };

	return clock_from_civil(&c);
}

static void
parse_berlin(struct zone *z)
{
	struct err err;

	assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
	assert_int_equal(zone_parse(z, "local", &err), 0);
}

static void
test_correct(void **state)
{
	struct source_clock c = { .skew = -90000 };

	(void)state;
	assert_false(source_clock_is_plain(&c));
	assert_true(source_clock_correct(&c, 0) == -90000);
	assert_true(source_clock_ahead(&c) == 90000);
	parse_berlin(&c.zone);
	/* Winter, summer, the hour that is not there, the one that is twice. */
	assert_true(source_clock_correct(&c, at(1, 15, 12, 1, 30)) ==
	    at(1, 15, 11, 0, 0));
	assert_true(source_clock_correct(&c, at(7, 1, 0, 1, 30)) ==
	    at(6, 30, 22, 0, 0));
	assert_true(source_clock_correct(&c, at(3, 29, 2, 31, 30)) ==
	    at(3, 29, 1, 30, 0));
	assert_true(source_clock_correct(&c, at(10, 25, 2, 31, 30)) ==
	    at(10, 25, 0, 30, 0));
	assert_true(source_clock_correct(&c, at(10, 25, 3, 1, 30)) ==
	    at(10, 25, 2, 0, 0));
	/* What is no time stays none, and what would overflow as it is. */
	assert_true(source_clock_correct(&c, CLOCK_NONE) == CLOCK_NONE);
	assert_true(source_clock_correct(&c, INT64_MAX) == INT64_MAX);
	assert_true(source_clock_correct(&c, INT64_MIN + 1) == INT64_MIN + 1);
	zone_free(&c.zone);
	c = (struct source_clock){ .zone = { .kind = ZONE_FIXED } };
	assert_false(source_clock_is_plain(&c));
	assert_true(source_clock_correct(&c, 7) == 7);
	assert_true(source_clock_ahead(&c) == 0);
	c = (struct source_clock){ .skew = 1 };
	assert_true(source_clock_ahead(&c) == 0);
	c = (struct source_clock){ .skew = 0 };
	assert_true(source_clock_is_plain(&c));
}

/* Many at once are as each by itself, in whatever order they come. */
static void
test_correct_all(void **state)
{
	struct { int64_t t; int other; } many[4000];
	int64_t said[4000];
	struct source_clock c = { .skew = 1500 };
	uint32_t dice = 1;

	(void)state;
	parse_berlin(&c.zone);
	for (size_t i = 0; i < 4000; i++) {
		dice = dice * 1664525 + 1013904223;
		said[i] = many[i].t = i % 97 == 0 ? CLOCK_NONE :
		    at(1, 1, 0, 0, 0) + (i < 2000 ? (int64_t)i * 4 * HOUR_MS :
		    (int64_t)(dice >> 8) % 8760 * HOUR_MS);
		many[i].other = (int)i;
	}
	source_clock_correct_all(&c, &many[0].t, 4000, sizeof many[0]);
	for (size_t i = 0; i < 4000; i++) {
		assert_true(many[i].t == source_clock_correct(&c, said[i]));
		assert_int_equal(many[i].other, i);
	}
	source_clock_correct_all(&c, NULL, 0, 0);
	zone_free(&c.zone);
}

/* --- a log ------------------------------------------------------------------- */

#define CONNECT(stamp, pid) stamp " mx1 postfix/smtpd[" pid "]: connect from " \
	"a.example[192.0.2.1]\n"
#define DISCONNECT(stamp, pid) stamp " mx1 postfix/smtpd[" pid "]: " \
	"disconnect from a.example[192.0.2.1] ehlo=1 quit=1 commands=2\n"

static const char bsd_log[] =
    CONNECT("Oct 24 10:00:00", "100") DISCONNECT("Oct 24 10:00:02", "100")
    CONNECT("Oct 25 01:59:00", "101") DISCONNECT("Oct 25 03:01:00", "101")
    CONNECT("Oct 26 10:00:00", "102") DISCONNECT("Oct 26 10:00:02", "102");
static const char iso_log[] =
    CONNECT("2026-10-24T10:00:00+02:00", "100")
    DISCONNECT("2026-10-24T10:00:02+02:00", "100");

/* Written, as the system has it, at a time. */
static void
read_log(struct with_log *w, const char *text, size_t n, int64_t written,
    const struct source_label *label)
{
	struct timespec ts[2] = { { .tv_sec = (time_t)(written / 1000) },
		{ .tv_sec = (time_t)(written / 1000) } };

	with_folder(w);
	w->label = label;
	with_file(w, "mail.log", text, n);
	assert_int_equal(utimensat(AT_FDCWD, w->path, ts, 0), 0);
	assert_true(with_index(w, w->path));
}

static void
expect_session(struct with_log *w, uint32_t number, int64_t start,
    int64_t end, const char *shown)
{
	struct session rec;
	const struct facts *f = with_session(w, number);
	struct buf b = { 0 };

	store_session(w->store, number, &rec);
	assert_true(rec.start == start);
	assert_int_equal(rec.duration, end - start);
	assert_true(f->rec.start == start);
	assert_true(f->lines[0].time == start);
	assert_true(f->lines[f->nlines - 1].time == end);
	assert_true(f->end == end);
	stream_iso(&b, f->stream, rec.start);
	buf_add_char(&b, '\0');
	assert_string_equal(b.p, shown);
	buf_free(&b);
}

static void
test_zone_of_log(void **state)
{
	struct source_label label = { .host = NULL };
	struct with_log w;

	(void)state;
	parse_berlin(&label.clock.zone);
	label.shown = &label.clock.zone;
	read_log(&w, bsd_log, sizeof bsd_log - 1, at(10, 27, 0, 0, 0), &label);
	expect_session(&w, 1, at(10, 24, 8, 0, 0), at(10, 24, 8, 0, 2),
	    "2026-10-24T10:00:00+02:00");
	/* The clocks went back: it took an hour more than they show. */
	expect_session(&w, 2, at(10, 24, 23, 59, 0), at(10, 25, 2, 1, 0),
	    "2026-10-25T01:59:00+02:00");
	expect_session(&w, 3, at(10, 26, 9, 0, 0), at(10, 26, 9, 0, 2),
	    "2026-10-26T10:00:00+01:00");
	assert_true(stream_wall(store_stream(w.store, 0),
	    at(10, 26, 9, 0, 0)) == at(10, 26, 10, 0, 0));
	without_log(&w);
	zone_free(&label.clock.zone);
}

/* A log that tells its zone is not moved by another, but its clock may lie. */
static void
test_zone_in_log(void **state)
{
	const struct zone east = { .kind = ZONE_FIXED, .offset = 7 * 3600 };
	struct source_label label = { .clock = { .zone = east },
		.shown = &east };
	struct with_log w;

	(void)state;
	read_log(&w, iso_log, sizeof iso_log - 1, at(10, 27, 0, 0, 0), &label);
	expect_session(&w, 1, at(10, 24, 8, 0, 0), at(10, 24, 8, 0, 2),
	    "2026-10-24T08:00:00Z");
	assert_true(stream_shows_utc(store_stream(w.store, 0)));
	without_log(&w);
	label.clock.skew = 90 * 1000;
	label.always_shown = true;
	read_log(&w, iso_log, sizeof iso_log - 1, at(10, 27, 0, 0, 0), &label);
	expect_session(&w, 1, at(10, 24, 8, 1, 30), at(10, 24, 8, 1, 32),
	    "2026-10-24T15:01:30+07:00");
	assert_false(stream_shows_utc(store_stream(w.store, 0)));
	without_log(&w);
}

/* Nothing is known but that the clock was wrong. */
static void
test_skew_alone(void **state)
{
	const struct zone east = { .kind = ZONE_FIXED, .offset = 7 * 3600 };
	struct source_label label = { .clock = { .skew = -2500 },
		.shown = &east, .always_shown = true };
	struct with_log w;

	(void)state;
	read_log(&w, bsd_log, sizeof bsd_log - 1, at(10, 27, 0, 0, 0), &label);
	expect_session(&w, 1, at(10, 24, 9, 59, 57) + 500,
	    at(10, 24, 9, 59, 59) + 500, "2026-10-24T09:59:57.500");
	assert_false(stream_shows_utc(store_stream(w.store, 0)));
	without_log(&w);
}

/*
 * A stamp without a year is of the last year in which it was not to come; by a
 * clock that is a month ahead it may be.
 */
static void
test_year(void **state)
{
	struct source_label label = { .host = NULL };
	struct with_log w;

	(void)state;
	read_log(&w, bsd_log, sizeof bsd_log - 1, at(9, 26, 0, 0, 0), &label);
	expect_session(&w, 1, at(10, 24, 10, 0, 0) - 365 * 24 * HOUR_MS,
	    at(10, 24, 10, 0, 2) - 365 * 24 * HOUR_MS, "2025-10-24T10:00:00");
	without_log(&w);
	label.clock.skew = -30 * 24 * HOUR_MS;
	read_log(&w, bsd_log, sizeof bsd_log - 1, at(9, 26, 0, 0, 0), &label);
	expect_session(&w, 1, at(9, 24, 10, 0, 0), at(9, 24, 10, 0, 2),
	    "2026-09-24T10:00:00");
	without_log(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_correct),
		cmocka_unit_test(test_correct_all),
		cmocka_unit_test(test_zone_of_log),
		cmocka_unit_test(test_zone_in_log),
		cmocka_unit_test(test_skew_alone),
		cmocka_unit_test(test_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
