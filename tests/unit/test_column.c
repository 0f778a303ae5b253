/*
 * Columns: their texts from facts, their order, their widths on screens.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/clock.h"
#include "query/column.h"

static void
expect(enum column_id id, const struct facts *f, const char *expected)
{
	struct buf b = { 0 };

	column_text(id, f, &b);
	buf_add_char(&b, '\0');
	assert_string_equal(b.p, expected);
	buf_free(&b);
}

static void
set_outcome(struct facts *f, enum outcome o, enum ending e)
{
	f->rec.state = (uint8_t)((unsigned)e << 4 | (unsigned)o);
}

/* Facts that hold nothing: as of a session of which the log says nothing. */
static struct facts
nothing(void)
{
	struct facts f = { .number = 7, .port = -1, .worst = FACT_NONE };

	f.rec.start = CLOCK_NONE;
	f.end = CLOCK_NONE;
	return f;
}

static void
test_table(void **state)
{
	(void)state;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		const struct column *c = &columns[i];

		assert_int_equal(c->id, i);
		assert_true(c->name && c->name[0] && c->title && c->help &&
		    c->help[0]);
		assert_true(c->min <= c->ideal && c->ideal <= c->max);
		assert_int_equal(column_by_name(c->name), i);
	}
	assert_int_equal(columns[COLUMN_OUTCOME].drop, 0);
	assert_int_equal(columns[COLUMN_REPLIES].drop, 0);
	assert_int_equal(column_by_name("Took"), COLUMN_TOOK);
	assert_int_equal(column_by_name("tookk"), -1);
	assert_int_equal(column_by_name(""), -1);
}

static void
test_nothing_known(void **state)
{
	struct facts f = nothing();

	(void)state;
	set_outcome(&f, OUTCOME_EMPTY, ENDING_SAID);
	expect(COLUMN_NUMBER, &f, "7");
	expect(COLUMN_START, &f, "");
	expect(COLUMN_TOOK, &f, "");
	expect(COLUMN_PEER, &f, "");
	expect(COLUMN_HELO, &f, "");
	expect(COLUMN_FROM, &f, "");
	expect(COLUMN_TO, &f, "");
	expect(COLUMN_REPLIES, &f, "");
	expect(COLUMN_OUTCOME, &f, "empty");
	set_outcome(&f, OUTCOME_OPEN, ENDING_NONE);
	expect(COLUMN_OUTCOME, &f, "open");
}

/* The log says that a command was refused, but not with what. */
static void
test_outcome_of_refused(void **state)
{
	struct facts f = nothing();

	(void)state;
	set_outcome(&f, OUTCOME_REFUSED, ENDING_SAID);
	expect(COLUMN_OUTCOME, &f, "refused");
	f.failed_command = f.told_command = SLICE("MAIL");
	expect(COLUMN_OUTCOME, &f, "refused: MAIL");
	f.failed_command = f.told_command = SLICE("?");
	expect(COLUMN_OUTCOME, &f, "refused: an unknown command");
	/* A reply of which no more than the class is known. */
	set_outcome(&f, OUTCOME_PERMANENT, ENDING_SAID);
	f.rec.worst = 5;
	expect(COLUMN_OUTCOME, &f, "5xx");
}

static void
test_times(void **state)
{
	struct stream stream = { .traits = { .times_have_ms = true } };
	struct facts f = nothing();

	(void)state;
	f.stream = &stream;
	/* 2001-04-02 11:44:31.007 */
	f.rec.start = INT64_C(986211871007);
	f.rec.duration = 13;
	expect(COLUMN_START, &f, "2001-04-02 11:44:31.007");
	expect(COLUMN_TOOK, &f, "13ms");
	stream.traits.times_have_ms = false;
	expect(COLUMN_START, &f, "2001-04-02 11:44:31");
	f.rec.start = -1;
	expect(COLUMN_START, &f, "1969-12-31 23:59:59");
}

static void
test_envelope(void **state)
{
	struct fact_message m[2] = { { .from = { "", 0 } },
	    { .from = SLICE("b@example.org"), .first_recipient = 0 } };
	struct fact_recipient r[3] = { { .to = SLICE("chris@play.com") } };
	struct facts f = nothing();

	(void)state;
	f.peer = SLICE("192.0.2.1");
	f.helo = SLICE("mx.example.org");
	f.messages = m;
	f.nmessages = 1;
	m[0].recipients = 1;
	f.recipients = r;
	f.nrecipients = 1;
	expect(COLUMN_PEER, &f, "192.0.2.1");
	expect(COLUMN_HELO, &f, "mx.example.org");
	expect(COLUMN_FROM, &f, "<>");
	expect(COLUMN_TO, &f, "chris@play.com");
	m[0].recipients = 3;
	f.nrecipients = 3;
	expect(COLUMN_TO, &f, "chris@play.com +2");
	m[0].from = SLICE("ann@example.com");
	expect(COLUMN_FROM, &f, "ann@example.com");
}

static void
test_outcome_of_failures(void **state)
{
	struct fact_reply r[3] = { { .code = 220 }, { .code = 250 },
	    { .code = 550, .enhanced = ENHANCED(5, 1, 10),
	      .text = SLICE("recipient not found") } };
	struct facts f = nothing();

	(void)state;
	f.replies = r;
	f.nreplies = 3;
	f.worst = 2;
	set_outcome(&f, OUTCOME_PERMANENT, ENDING_SAID);
	expect(COLUMN_REPLIES, &f, "220 250 550");
	expect(COLUMN_OUTCOME, &f, "550 5.1.10 recipient not found");
	r[2].enhanced = 0;
	expect(COLUMN_OUTCOME, &f, "550 recipient not found");
	r[2].text = SLICE_NONE;
	r[2].code = 451;
	set_outcome(&f, OUTCOME_TEMPORARY, ENDING_NONE);
	expect(COLUMN_OUTCOME, &f, "451");
	/* The text is gone: the record still knows the code. */
	f.nreplies = 0;
	f.worst = FACT_NONE;
	f.rec.worst = 450;
	f.rec.enhanced = ENHANCED(4, 2, 1);
	expect(COLUMN_OUTCOME, &f, "450 4.2.1");
}

static void
test_outcome_of_dropped(void **state)
{
	struct fact_line l[3] = {
		{ .role = ROLE_COMMAND, .text = SLICE("MAIL FROM:<>") },
		{ .role = ROLE_REPLY, .text = SLICE("250 ok") },
		{ .role = ROLE_CLOSE, .text = SLICE_NONE,
		  .context = SLICE("timed out") } };
	struct fact_reply r[1] = { { .code = 250 } };
	struct facts f = nothing();

	(void)state;
	f.lines = l;
	f.nlines = 3;
	f.replies = r;
	f.nreplies = 1;
	set_outcome(&f, OUTCOME_DROPPED, ENDING_LOST);
	expect(COLUMN_OUTCOME, &f, "dropped after MAIL FROM:<>");
	f.failed_command = SLICE("RCPT TO:<chris@play.com>");
	expect(COLUMN_OUTCOME, &f,
	    "dropped: RCPT TO:<chris@play.com> never answered");
	r[0].code = 354;
	f.failed_command = SLICE("DATA");
	expect(COLUMN_OUTCOME, &f, "dropped in message text");
	f.rec.flags = SESSION_NEVER_UP;
	expect(COLUMN_OUTCOME, &f, "dropped: never connected: timed out");
	f.nlines = 2;
	expect(COLUMN_OUTCOME, &f, "dropped: never connected");
}

/* Credentials never reach the list. */
static void
test_auth_is_hidden(void **state)
{
	struct fact_line l[1] = { { .role = ROLE_COMMAND,
	    .text = SLICE("auth plain c2VjcmV0") } };
	struct facts f = nothing();

	(void)state;
	set_outcome(&f, OUTCOME_DROPPED, ENDING_LOST);
	f.failed_command = SLICE("AUTH PLAIN c2VjcmV0");
	expect(COLUMN_OUTCOME, &f, "dropped: AUTH PLAIN never answered");
	f.failed_command = SLICE_NONE;
	f.lines = l;
	f.nlines = 1;
	expect(COLUMN_OUTCOME, &f, "dropped after AUTH plain");
}

static void
test_outcome_ok(void **state)
{
	struct fact_message m[3] = { { .id = SLICE_NONE },
	    { .id = SLICE("4F2A1B") }, { .id = SLICE("4F2A1C") } };
	struct facts f = nothing();

	(void)state;
	set_outcome(&f, OUTCOME_OK, ENDING_SAID);
	expect(COLUMN_OUTCOME, &f, "ok");
	f.messages = m;
	f.nmessages = 1;
	expect(COLUMN_OUTCOME, &f, "ok");
	f.nmessages = 2;
	expect(COLUMN_OUTCOME, &f, "ok 4F2A1B");
	f.nmessages = 3;
	expect(COLUMN_OUTCOME, &f, "ok 4F2A1B +1");
}

static void
fit(struct column_layout *l, unsigned screen, unsigned shown, bool ms)
{
	const struct column_need need = { .screen = screen, .shown = shown,
	    .sessions = 1000, .ms = ms };

	column_fit(l, &need);
}

static unsigned
end_of(const struct column_layout *l)
{
	unsigned end = 0;

	for (int i = 0; i < COLUMN_COUNT; i++)
		if (l->width[i])
			end = l->x[i] + l->width[i];
	return end;
}

/* What a list of one log shows. */
#define ONE_LOG (COLUMNS_ALL & ~(1u << COLUMN_SOURCE))

static void
test_fit_common_screens(void **state)
{
	struct column_layout l;

	(void)state;
	/* Two columns are the margin of the list. */
	fit(&l, 63, ONE_LOG, true);
	assert_true(l.width[COLUMN_NUMBER] && l.width[COLUMN_START]);
	assert_true(l.width[COLUMN_FROM] >= 10);
	assert_true(l.width[COLUMN_REPLIES] >= 7);
	assert_true(l.width[COLUMN_OUTCOME] >= 26);
	assert_false(l.width[COLUMN_HELO] || l.width[COLUMN_TOOK]);
	fit(&l, 78, ONE_LOG, true);
	assert_true(l.width[COLUMN_NUMBER] && l.width[COLUMN_START]);
	assert_true(l.width[COLUMN_FROM] >= 10 && l.width[COLUMN_PEER] >= 15);
	assert_true(l.width[COLUMN_REPLIES] >= 7);
	assert_true(l.width[COLUMN_OUTCOME] >= 26);
	fit(&l, 120, ONE_LOG, true);
	assert_int_equal(l.width[COLUMN_START], 12);
	assert_true(l.width[COLUMN_PEER] >= 15 && l.width[COLUMN_TOOK] >= 5);
	assert_true(l.width[COLUMN_OUTCOME] >= 20);
	assert_int_equal(l.width[COLUMN_HELO], 0);
	fit(&l, 138, ONE_LOG, true);
	assert_true(l.width[COLUMN_HELO] >= 14);
	fit(&l, 250, ONE_LOG, true);
	for (int i = 0; i < COLUMN_COUNT; i++)
		assert_true(l.width[i] >= columns[i].ideal ||
		    i == COLUMN_SOURCE);
	/* Of several the source is told as soon as there is room. */
	fit(&l, 78, COLUMNS_ALL, true);
	assert_int_equal(l.width[COLUMN_SOURCE], 0);
	fit(&l, 98, COLUMNS_ALL, true);
	assert_true(l.width[COLUMN_SOURCE] >= 10);
	assert_true(l.width[COLUMN_OUTCOME] >= 26);
}

/* On any screen, with any columns: nothing overlaps, nothing is wasted. */
static void
test_fit_any(void **state)
{
	struct column_layout l;

	(void)state;
	for (unsigned shown = 0; shown <= COLUMNS_ALL; shown += 7) {
		for (unsigned screen = 1; screen < 300; screen += 13) {
			unsigned x = 0;

			fit(&l, screen, shown, screen & 1);
			for (int i = 0; i < COLUMN_COUNT; i++) {
				if (!(shown & 1u << i))
					assert_int_equal(l.width[i], 0);
				if (!l.width[i])
					continue;
				assert_int_equal(l.x[i], x);
				x += l.width[i] + l.gap;
			}
			assert_true(end_of(&l) <= screen);
			if (shown & 1u << COLUMN_OUTCOME)
				assert_int_equal(end_of(&l), screen);
			if (l.width[COLUMN_START])
				assert_true(l.width[COLUMN_START] == 8 ||
				    l.width[COLUMN_START] == 12 ||
				    end_of(&l) == screen);
		}
	}
	fit(&l, 0, COLUMNS_ALL, true);
	for (int i = 0; i < COLUMN_COUNT; i++)
		assert_true(l.width[i] >= columns[i].ideal);
}

/* What a column does not need goes to the outcome; what is there stays. */
static void
test_fit_texts(void **state)
{
	unsigned texts[COLUMN_COUNT] = { [COLUMN_PEER] = 9,
	    [COLUMN_FROM] = 12, [COLUMN_REPLIES] = 11,
	    [COLUMN_OUTCOME] = 200 };
	struct column_need need = { .screen = 138, .shown = COLUMNS_ALL,
	    .sessions = 61, .ms = true, .texts = texts };
	struct column_layout l;

	(void)state;
	column_fit(&l, &need);
	assert_int_equal(l.width[COLUMN_NUMBER], 3);
	assert_int_equal(l.width[COLUMN_PEER], 9);
	assert_int_equal(l.width[COLUMN_FROM], 12);
	assert_int_equal(l.width[COLUMN_TO], 2);
	assert_int_equal(l.width[COLUMN_REPLIES], 11);
	assert_int_equal(end_of(&l), 138);
	texts[COLUMN_PEER] = 39;
	need.screen = 250;
	column_fit(&l, &need);
	assert_int_equal(l.width[COLUMN_PEER], 39);
	/* And an outcome that is short leaves it to the replies. */
	texts[COLUMN_PEER] = 9;
	texts[COLUMN_OUTCOME] = 5;
	texts[COLUMN_REPLIES] = 31;
	need.screen = 118;
	column_fit(&l, &need);
	assert_int_equal(l.width[COLUMN_REPLIES], 31);
	assert_int_equal(l.width[COLUMN_OUTCOME], 26);
}

static void
test_fit_dates(void **state)
{
	struct column_need need = { .screen = 63, .shown = ONE_LOG,
	    .sessions = 61, .ms = true, .date = DATE_DAY };
	struct column_layout l;

	(void)state;
	column_fit(&l, &need);
	assert_int_equal(l.width[COLUMN_START], 14);
	assert_true(l.width[COLUMN_FROM] >= 10);
	need.screen = 118;
	column_fit(&l, &need);
	assert_int_equal(l.width[COLUMN_START], 18);
	need.screen = 250;
	column_fit(&l, &need);
	assert_int_equal(l.width[COLUMN_START], 23);
	need.date = DATE_YEAR;
	need.screen = 80;
	column_fit(&l, &need);
	assert_int_equal(l.width[COLUMN_START], 19);
}

static void
expect_start(enum column_date date, size_t width, const char *expected)
{
	struct slice s = column_start(SLICE("2001-04-02 11:44:31.007"), date,
	    width);

	assert_true(slice_eq(s, slice_of(expected)));
}

static void
test_start_is_cut(void **state)
{
	(void)state;
	expect_start(DATE_NONE, 8, "11:44:31");
	expect_start(DATE_NONE, 12, "11:44:31.007");
	expect_start(DATE_DAY, 14, "04-02 11:44:31");
	expect_start(DATE_DAY, 18, "04-02 11:44:31.007");
	expect_start(DATE_DAY, 23, "2001-04-02 11:44:31.007");
	expect_start(DATE_YEAR, 19, "2001-04-02 11:44:31");
	assert_int_equal(column_start(SLICE_NONE, DATE_DAY, 8).n, 0);
}

static void
test_fit_big_numbers(void **state)
{
	const struct column_need need = { .screen = 80, .shown = ONE_LOG,
	    .sessions = 12345678 };
	struct column_layout l;

	(void)state;
	column_fit(&l, &need);
	assert_int_equal(l.width[COLUMN_NUMBER], 8);
	assert_int_equal(l.width[COLUMN_START], 8);
}

static void
test_replies_window(void **state)
{
	struct fact_reply r[10] = { { 0 } };
	struct facts f = nothing();
	size_t first, end;

	(void)state;
	f.replies = r;
	column_replies(&f, 15, &first, &end);
	assert_int_equal(first, 0);
	assert_int_equal(end, 0);
	f.nreplies = 4;
	column_replies(&f, 15, &first, &end);
	assert_int_equal(first, 0);
	assert_int_equal(end, 4);
	/* Five do not fit in 15; three and a sign do. */
	f.nreplies = 5;
	column_replies(&f, 15, &first, &end);
	assert_int_equal(first, 0);
	assert_int_equal(end, 3);
	f.worst = 4;
	column_replies(&f, 15, &first, &end);
	assert_int_equal(first, 2);
	assert_int_equal(end, 5);
	f.nreplies = 10;
	for (unsigned width = 3; width < 45; width++)
		for (f.worst = 0; f.worst < 10; f.worst++) {
			unsigned need;

			column_replies(&f, width, &first, &end);
			assert_true(first <= f.worst && f.worst < end);
			assert_true(end <= 10);
			need = (unsigned)(end - first) * 4 - 1;
			if (width >= 7)
				need += (first > 0) * 2u + (end < 10) * 2u;
			assert_true(need <= width);
		}
}

static int
order(enum column_id id, const struct store *st, const struct session *a,
    const struct session *b)
{
	int d = column_compare(id, st, 1, a, 2, b);

	/* Seen from the other side it is the other way round. */
	assert_int_equal((d > 0) - (d < 0),
	    -((column_compare(id, st, 2, b, 1, a) > 0) -
	    (column_compare(id, st, 2, b, 1, a) < 0)));
	return d;
}

static void
test_compare(void **state)
{
	static const char *const peers[] = { "9.255.0.1", "10.0.0.2",
	    "10.0.0.10", "192.0.2.1", "2001:db8::1", "mx.example.com",
	    "MX.example.org" };
	struct store *st = store_new();
	struct session a = { .start = 5 }, b = { .start = 6 };

	(void)state;
	assert_true(order(COLUMN_NUMBER, st, &a, &b) < 0);
	assert_true(order(COLUMN_START, st, &a, &b) < 0);
	b.start = CLOCK_NONE;
	assert_true(order(COLUMN_START, st, &a, &b) > 0);
	b.start = -5;
	assert_true(order(COLUMN_START, st, &a, &b) > 0);
	a.duration = UINT32_MAX;
	assert_true(order(COLUMN_TOOK, st, &a, &b) > 0);
	b.duration = UINT32_MAX;
	assert_true(order(COLUMN_TOOK, st, &a, &b) < 0);
	a.state = OUTCOME_PERMANENT;
	b.state = OUTCOME_OK;
	assert_true(order(COLUMN_OUTCOME, st, &a, &b) < 0);
	b.state = OUTCOME_PERMANENT;
	a.worst = 554;
	b.worst = 550;
	assert_true(order(COLUMN_OUTCOME, st, &a, &b) > 0);
	for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++)
		assert_int_equal(intern_add(&st->peers, slice_of(peers[i])),
		    i + 1);
	intern_publish(&st->peers);
	for (uint32_t i = 1; i < sizeof peers / sizeof peers[0]; i++) {
		a.peer = i;
		b.peer = i + 1;
		assert_true(order(COLUMN_PEER, st, &a, &b) < 0);
		assert_true(column_key(COLUMN_PEER, st, 1, &a) <=
		    column_key(COLUMN_PEER, st, 1, &b));
	}
	store_free(st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_outcome_of_refused),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_envelope),
		cmocka_unit_test(test_outcome_of_failures),
		cmocka_unit_test(test_outcome_of_dropped),
		cmocka_unit_test(test_auth_is_hidden),
		cmocka_unit_test(test_outcome_ok),
		cmocka_unit_test(test_fit_common_screens),
		cmocka_unit_test(test_fit_any),
		cmocka_unit_test(test_fit_texts),
		cmocka_unit_test(test_fit_dates),
		cmocka_unit_test(test_start_is_cut),
		cmocka_unit_test(test_fit_big_numbers),
		cmocka_unit_test(test_replies_window),
		cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
