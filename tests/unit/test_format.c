/*
 * Formats: each one's samples give their events; detection; what is refused.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "format/format.h"
#include "format/set.h"

#define HEAD "#Software: Microsoft Exchange Server\r\n" \
	"#Log-type: SMTP Receive Protocol Log\r\n"

static void
samples_give_their_events(void **state)
{
	(void)state;
	for (const struct format *const *f = formats; *f; f++) {
		const struct format_sample *s = (*f)->samples;

		assert_non_null(s->line);
		for (; s->line; s++) {
			struct format_state st = { 0 };
			struct event ev;
			char buf[512];
			struct slice line = slice_of(s->line), text;

			assert_int_equal((*f)->scan(*f, &st, line, &ev),
			    line.n);
			if (ev.kind != s->kind || ev.dir != s->dir)
				fail_msg("%s: %s: kind %d dir %d", (*f)->name,
				    s->line, ev.kind, ev.dir);
			text = event_text(&ev, ev.text, buf);
			if (s->text && !slice_eq(text, slice_of(s->text)))
				fail_msg("%s: %s: text %.*s", (*f)->name,
				    s->line, SLICE_ARGS(text));
		}
	}
}

static const struct format_hint no_hint = { .written = CLOCK_NONE };

static const struct format *
look(struct slice head, struct format_state *st, struct err *why)
{
	struct format_traits traits;

	return format_detect(head, &no_hint, st, &traits, why);
}

static const struct format *
detect(const char *head)
{
	struct format_state st;
	struct err why = { "" };

	return look(slice_of(head), &st, &why);
}

static void
formats_are_detected(void **state)
{
	const char *csv = HEAD "#Fields: date-time,connector-id,session-id,"
	    "sequence-number,local-endpoint,remote-endpoint,event,data,"
	    "context\r\n";

	(void)state;
	assert_ptr_equal(detect(csv), format_by_name("exchange-csv"));
	assert_ptr_equal(detect("2024-03-13T09:01:18.723Z,EX\\Default,"
	    "08DC42C8FF236A1F,0,10.0.0.5:25,192.0.2.9:6213,+,,\r\n"),
	    format_by_name("exchange-csv"));
	assert_ptr_equal(detect("4/2/01 11:44:31 AM : A connection was "
	    "accepted from pop3.test.com.\n"), format_by_name("exchange-ims"));
	assert_null(detect("Nov 23 10:00:00 mx dovecot: imap-login: x\n"));
	assert_null(detect(""));
}

static void
refusals_name_the_kind(void **state)
{
	struct format_state st;
	struct err why = { "" };

	(void)state;
	assert_null(look(SLICE("#Software: Microsoft Exchange "
	    "Server\r\n#Log-type: Message Tracking Log\r\n#Fields: date-time,"
	    "client-ip\r\n"), &st, &why));
	assert_non_null(strstr(why.text, "message tracking log"));
	assert_null(look(SLICE("9/30/98 1:15:14 PM : Connection to "
	    "[192.0.2.1] established\r\n9/30/98 1:15:14 PM : <<< 200 news\r\n"
	    "9/30/98 1:15:15 PM : >>> mode reader\r\n"), &st, &why));
	assert_non_null(strstr(why.text, "NNTP"));
	assert_null(look(SLICE("\0\1\2"), &st, &why));
	assert_non_null(strstr(why.text, "binary"));
}

static struct event
scan(const char *format, struct format_state *st, const char *line)
{
	const struct format *fm = format_by_name(format);
	struct event ev;

	fm->scan(fm, st, slice_of(line), &ev);
	return ev;
}

static void
csv_fields_move(void **state)
{
	struct format_state st = { 0 };
	struct event ev;

	(void)state;
	scan("exchange-csv", &st, "#Fields: session-id,event,data,date-time,"
	    "remote-endpoint,new-column,context");
	ev = scan("exchange-csv", &st, "00000000000000AB,<,\"NOOP \"\"x\"\"\","
	    "2026-01-02T03:04:05.678Z,192.0.2.1:99,?,why");
	assert_int_equal(ev.kind, EVENT_LINE);
	assert_int_equal(ev.key, 0xab);
	assert_int_equal(ev.time, INT64_C(1767323045678));
	assert_true(slice_eq(ev.peer, SLICE("192.0.2.1:99")));
	assert_true(slice_eq(ev.context, SLICE("why")));
	assert_true(ev.flags & EVENT_QUOTED);
}

/*
 * A header says which log it is whatever its rows are, and the last header of
 * a head says how the log begins.
 */
static void
csv_headers_are_all_read(void **state)
{
	static const char head[] =
	    "#Fields: date-time,connector-id,session-id,event,data\n"
	    "2024-03-13T09:01:18.723Z,c,A1,+,\n"
	    "no row at all\n"
	    "#Fields: session-id,date-time,event,data\n"
	    "B2,2024-03-13T09:01:19.000Z,+,\n";
	static const char row[] = "C3,2024-03-13T09:01:20.000Z,>,220 hello";
	struct format_traits traits;
	struct format_state st = { 0 };
	struct err why = { "" };
	struct event ev;
	const struct format *fm = format_set_detect(NULL, slice_of(head),
	    &no_hint, &st, &traits, &why);

	(void)state;
	assert_non_null(fm);
	assert_string_equal(fm->name, "exchange-csv");
	assert_non_null(strstr(why.text, "100 of 100"));
	fm->scan(fm, &st, slice_of(row), &ev);
	assert_true(slice_eq(ev.id, SLICE("C3")));
	assert_true(slice_eq(ev.text, SLICE("220 hello")));
}

static void
csv_keys_are_exact(void **state)
{
#define KEYED(id) "2026-01-02T03:04:05.678Z,C," id ",1,l,r,<,NOOP,"
	struct format_state st = { 0 };

	(void)state;
	assert_int_equal(scan("exchange-csv", &st,
	    KEYED("08DC42C8FF236A1F")).key, UINT64_C(0x08DC42C8FF236A1F));
	assert_int_equal(scan("exchange-csv", &st,
	    KEYED("08dc42c8ff236a1f")).key, UINT64_C(0x08DC42C8FF236A1F));
	/* Sixteen characters, but no number: each its own key. */
	assert_int_not_equal(
	    scan("exchange-csv", &st, KEYED("08DC42C8FF236A1G")).key,
	    scan("exchange-csv", &st, KEYED("08DC42C8FF236A1W")).key);
	assert_true(scan("exchange-csv", &st,
	    KEYED("0000000000000000")).flags & EVENT_ALIAS);
}

/* 2001-04-02T11:44:31 and the day of the month in each order. */
#define NOON_APRIL_2 INT64_C(986211871000)

static int64_t
ims_time(const char *line)
{
	const struct format *fm = format_by_name("exchange-ims");
	struct format_traits traits = fm->traits;
	struct format_state st = { 0 };
	char head[256];

	snprintf(head, sizeof head, "%sA connection was accepted from x.\n",
	    line);
	fm->probe(fm, slice_of(head), &no_hint, &st, &traits, NULL);
	return scan("exchange-ims", &st, head).time;
}

static void
ims_dates_by_locale(void **state)
{
	(void)state;
	assert_int_equal(ims_time("4/2/01 11:44:31 AM : "), NOON_APRIL_2);
	assert_int_equal(ims_time("02.04.01 11:44:31 : "), NOON_APRIL_2);
	assert_int_equal(ims_time("02/04/2001 11:44:31 : "), NOON_APRIL_2);
	assert_int_equal(ims_time("2001-04-02 11:44:31 : "), NOON_APRIL_2);
	assert_int_equal(ims_time("4/2/01 11:44:31 PM : "),
	    NOON_APRIL_2 + 12 * 3600000);
	assert_int_equal(ims_time("4/2/01 12:44:31 AM : "),
	    NOON_APRIL_2 - 11 * 3600000);
	/* 4/13: only month/day makes sense; 13/4: only day/month. */
	assert_int_equal(ims_time("4/13/01 11:44:31 : "),
	    ims_time("13/4/01 11:44:31 AM : "));
}

static void
ims_glued_entries(void **state)
{
	static const char line[] = "5/13/00 2:36:28 PM : >>> 221 closing"
	    "5/13/00 2:36:29 PM : A connection was accepted from test.com.";
	const struct format *fm = format_by_name("exchange-ims");
	struct format_state st = { 0 };
	struct event ev;
	size_t used;

	(void)state;
	used = fm->scan(fm, &st, slice_of(line), &ev);
	assert_true(slice_eq(ev.text, SLICE("221 closing")));
	assert_int_equal(used, strlen("5/13/00 2:36:28 PM : >>> 221 closing"));
	fm->scan(fm, &st,
	    slice_from(slice_of(line), used), &ev);
	assert_int_equal(ev.kind, EVENT_OPEN);
	/* An older stamp is text that quotes a log. */
	used = fm->scan(fm, &st, SLICE(
	    "5/13/00 2:36:28 PM : <<< NOOP 5/13/99 2:36:29 PM : >>> 250 x"),
	    &ev);
	assert_true(slice_starts(ev.text, SLICE("NOOP 5/13/99")));
}

/* Any bytes give an event and use up the line. */
static void
any_bytes_scan(void **state)
{
	uint64_t seed = 88172645463325252;
	char line[400];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		static const char bits[] = "4/2/01 11:44:31 AM : <<< >>> IO: |"
		    "2026-01-02T03:04:05.678Z,C,00,1,l,r,<,\"\",-+*#\r\0\x1b";
		size_t n;

		for (n = 0; n < sizeof line; n++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			line[n] = bits[seed % (sizeof bits - 1)];
		}
		n = (size_t)(seed >> 20) % sizeof line;
		for (const struct format *const *f = formats; *f; f++) {
			struct format_state st = { 0 };
			struct event ev;
			size_t used = (*f)->scan(*f, &st,
			    (struct slice){ line, n }, &ev);

			assert_true(used <= n);
			assert_true(used > 0 || n == 0);
			assert_true(ev.text.n <= n);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_give_their_events),
		cmocka_unit_test(formats_are_detected),
		cmocka_unit_test(refusals_name_the_kind),
		cmocka_unit_test(csv_fields_move),
		cmocka_unit_test(csv_headers_are_all_read),
		cmocka_unit_test(csv_keys_are_exact),
		cmocka_unit_test(ims_dates_by_locale),
		cmocka_unit_test(ims_glued_entries),
		cmocka_unit_test(any_bytes_scan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
