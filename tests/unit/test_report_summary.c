/*
 * The summary's counts and their order; --stats.
 */
#include "config.h"

#include "report_sample.h"

#include <string.h>

#include "report/tally.h"

/* A store that knows two peers. */
static struct store *
two_peers(void)
{
	struct store *st = store_new();
	struct progress p = { .unowned_lines = 4 };

	assert_int_equal(intern_add(&st->peers, SLICE("192.0.2.210")), 1);
	assert_int_equal(intern_add(&st->peers, SLICE("a\033b")), 2);
	intern_publish(&st->peers);
	store_publish_progress(st, &p);
	return st;
}

static void
add(const struct report_format *rf, void *st, const struct report_options *o,
    struct sample *s, uint32_t number, int hour, uint32_t peer,
    enum outcome outcome)
{
	s->f.number = number;
	s->f.rec.start = sample_time(hour * 3600000 + 500);
	s->f.rec.peer = peer;
	s->f.rec.state = (uint8_t)((unsigned)outcome | ENDING_SAID << 4);
	if (outcome != OUTCOME_PERMANENT)
		s->f.nreplies = 0;
	assert_int_equal(rf->row(st, o, &s->f), 0);
	s->f.nreplies = 4;
}

static void
test_counts(void **state)
{
	const struct report_format *rf = report_by_name("summary");
	struct report_options o = { .source = "x\033y" };
	struct sample s;
	char *text = NULL;
	size_t n = 0;
	void *st = NULL;

	(void)state;
	sample_refused(&s);
	o.store = two_peers();
	o.out = open_memstream(&text, &n);
	assert_int_equal(rf->begin(&st, &o), 0);
	add(rf, st, &o, &s, 1, 9, 1, OUTCOME_OK);
	add(rf, st, &o, &s, 2, 9, 1, OUTCOME_DROPPED);
	add(rf, st, &o, &s, 3, 8, 2, OUTCOME_PERMANENT);
	/* Two kinds of failure in one session, one of them twice. */
	s.replies[1] = s.replies[3];
	s.replies[2].code = 451;
	s.replies[2].enhanced = ENHANCED(4, 7, 0);
	s.replies[2].text = SLICE("try again");
	add(rf, st, &o, &s, 4, 9, 2, OUTCOME_PERMANENT);
	assert_int_equal(rf->end(st, &o), 0);
	fclose(o.out);
	assert_string_equal(text,
	    "x^[y\n"
	    "first     2026-11-23T08:00:00.500Z\n"
	    "last      2026-11-23T09:00:02.600Z\n"
	    "lines     36\n"
	    "unowned   4 that belong to no session\n"
	    "\n"
	    "Outcome        sessions        %\n"
	    "permanent             2     50.0\n"
	    "temporary             0      0.0\n"
	    "dropped               1     25.0\n"
	    "ok                    1     25.0\n"
	    "empty                 0      0.0\n"
	    "open                  0      0.0\n"
	    "all                   4\n"
	    "\n"
	    "  Replies  sessions   example  Failing reply\n"
	    "        3         2         3  550 5.7.1 not, \"ever\"\n"
	    "        1         1         4  451 4.7.0 try again\n"
	    "\n"
	    "   Failed  sessions  Peer\n"
	    "        2         2  a^[b\n"
	    "        1         2  192.0.2.210\n"
	    "\n"
	    "Hour (UTC)         sessions  permanent  temporary    dropped\n"
	    "2026-11-23 08:00          1          1          0          0"
	    "  ######\n"
	    "2026-11-23 09:00          3          1          0          1"
	    "  #############-------\n");
	free(text);
	store_free((struct store *)(uintptr_t)o.store);
}

static void
test_nothing(void **state)
{
	struct report_options o = { 0 };
	char *text = sample_report("summary", o, NULL, 0);

	(void)state;
	assert_string_equal(text,
	    "lines     0\n"
	    "\n"
	    "Outcome        sessions        %\n"
	    "permanent             0      0.0\n"
	    "temporary             0      0.0\n"
	    "dropped               0      0.0\n"
	    "ok                    0      0.0\n"
	    "empty                 0      0.0\n"
	    "open                  0      0.0\n"
	    "all                   0\n");
	free(text);
}

/* Hours that come in any order, each counted once; before 1970, too. */
static void
test_hours(void **state)
{
	enum { HOURS = 3000, ROUNDS = 7 };
	struct sample s;
	struct tally t;

	(void)state;
	sample_nothing(&s);
	tally_init(&t);
	for (int r = 0; r < ROUNDS; r++) {
		for (int64_t h = 0; h < HOURS; h++) {
			/* 7 has no divisor in common with 3000. */
			s.f.rec.start = (h * 7 % HOURS - 5) * 3600000 + r;
			tally_add(&t, &s.f);
		}
	}
	s.f.rec.start = CLOCK_NONE;
	tally_add(&t, &s.f);
	tally_sort(&t);
	assert_int_equal(t.nhours, HOURS);
	assert_int_equal(t.sessions, HOURS * ROUNDS + 1);
	for (int64_t h = 0; h < HOURS; h++) {
		assert_int_equal(t.hours[h].hour, h - 5);
		assert_int_equal(t.hours[h].by_outcome[OUTCOME_EMPTY], ROUNDS);
	}
	tally_free(&t);
}

/* A long text is looked at up to a whole character. */
static void
test_long_reply(void **state)
{
	struct buf long_text = { 0 };
	struct sample s;
	struct tally t;
	struct slice text;

	(void)state;
	for (int i = 0; i < 400; i++)
		buf_add(&long_text, SLICE("x\xd0\x96"));
	sample_refused(&s);
	s.replies[3].text = buf_slice(&long_text);
	tally_init(&t);
	tally_add(&t, &s.f);
	/* What comes later tells no kind of failure from another. */
	buf_add(&long_text, SLICE(" other"));
	s.replies[3].text = buf_slice(&long_text);
	s.f.number++;
	tally_add(&t, &s.f);
	tally_sort(&t);
	assert_int_equal(t.nreplies, 1);
	assert_int_equal(t.replies[0].sessions, 2);
	text = intern_text(&t.texts, t.replies[0].text);
	assert_true(text.n > 300 && text.n < 600);
	assert_true(utf8_valid(text));
	tally_free(&t);
	buf_free(&long_text);
}

/* More kinds than are shown: the rest is counted. */
static void
test_rest(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	struct report_options o = { 0 };
	const struct report_format *rf = report_by_name("summary");
	struct sample s;
	char *text = NULL, words[] = "no ab";
	size_t n = 0, shown = 0;
	void *st = NULL;

	(void)state;
	sample_refused(&s);
	o.out = open_memstream(&text, &n);
	assert_int_equal(rf->begin(&st, &o), 0);
	for (int i = 0; i < 60; i++) {
		words[3] = letters[i / 26];
		words[4] = letters[i % 26];
		s.replies[3].text = slice_of(words);
		assert_int_equal(rf->row(st, &o, &s.f), 0);
	}
	assert_int_equal(rf->end(st, &o), 0);
	fclose(o.out);
	for (char *p = text; (p = strstr(p, "550 5.7.1 no ")); p++)
		shown++;
	assert_int_equal(shown, 50);
	assert_non_null(strstr(text, "\n       10                       "
	    "10 more texts\n"));
	free(text);
}

static void
test_stats(void **state)
{
	static const char expected[] =
	    "bytes: 3000000000\nlines: 20\nsessions: 3\nseconds: 1.500\n"
	    "rate: 2000000000\nindex-bytes: ";
	struct progress p = { .bytes = 3000000000, .lines = 20, .sessions = 3,
	    .elapsed_ms = 1500, .unowned_lines = 5, .meta_lines = 6,
	    .cut_lines = 7, .unreadable_lines = 2 };
	struct store *st = store_new();
	char *text = NULL, *rest;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	unsigned long long peak;

	(void)state;
	store_publish_progress(st, &p);
	report_stats(out, st, NULL);
	fclose(out);
	assert_memory_equal(text, expected, sizeof expected - 1);
	assert_non_null(strstr(text, "\npercent: 0.0"));
	rest = strstr(text, "\nunowned-lines: 5\nunreadable-lines: 2\n"
	    "meta-lines: 6\ncut-lines: 7\npeak-memory: ");
	assert_non_null(rest);
	peak = strtoull(strrchr(rest, ' '), NULL, 10);
	assert_true(peak > 100000);
	free(text);
	store_free(st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_long_reply),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_stats),
	};

	return cmocka_run_group_tests(tests, sample_setup, NULL);
}
