/*
 * Search through the real index of generated logs.  What a pattern must find
 * is known from how the log was made, or counted by grep.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "index/indexer.h"
#include "query/search.h"

/* Long enough for any machine; nothing waits for it when all is well. */
#define DEADLINE_MS 30000

#define FIELDS "#Software: Microsoft Exchange Server\r\n" \
	"#Version: 15.0.0.0\r\n#Log-type: SMTP Receive Protocol Log\r\n" \
	"#Date: 2026-11-23T00:00:00.000Z\r\n#Fields: date-time,connector-id," \
	"session-id,sequence-number,local-endpoint,remote-endpoint,event," \
	"data,context\r\n"

/* --- logs ------------------------------------------------------------------ */

static void
row(struct buf *b, unsigned session, unsigned sequence, const char *event,
    const char *data)
{
	buf_addf(b, "2026-11-23T%02u:%02u:%02u.%03uZ,EX01\\In,08D%013X,%u,"
	    "10.0.0.5:25,192.0.2.%u:%u,%s,%s,\r\n", session / 3600 % 24,
	    session / 60 % 60, session % 60, sequence, session + 1, sequence,
	    session % 250 + 1, 1024 + session % 60000, event, data);
}

/*
 * Sessions of six lines each, eight of them at a time, line by line in turns.
 * Each third says a needle in its fourth line, each ninth also in its fifth.
 */
enum { LINES = 6, TURN = 8 };

static void
say(struct buf *b, unsigned session, unsigned line)
{
	char text[200];

	switch (line) {
	case 0:
		row(b, session, line, "+", "");
		return;
	case 3:
		snprintf(text, sizeof text, "RCPT TO:<user%u@%s>", session,
		    session % 3 ? "play.com" : "needle.example.org");
		row(b, session, line, "<", text);
		return;
	case 4:
		row(b, session, line, ">", session % 9 ?
		    "250 2.1.5 Recipient OK" : "550 5.1.1 no such needle");
		return;
	case LINES - 1:
		row(b, session, line, "-", "");
		return;
	default:
		row(b, session, line, line & 1 ? ">" : "<", line & 1 ?
		    "220 mx.example.com ready" : "EHLO client.example.net");
	}
}

static void
make_log(struct buf *b, unsigned sessions)
{
	buf_add(b, SLICE(FIELDS));
	for (unsigned first = 0; first < sessions; first += TURN)
		for (unsigned line = 0; line < LINES; line++)
			for (unsigned k = 0; k < TURN; k++)
				say(b, first + k, line);
}

static uint32_t
needles(unsigned session)
{
	return (session % 3 == 0) + (session % 9 == 0);
}

struct log {
	char folder[256];
	char path[300];
	char *paths[1];          /* the indexer keeps them in use */
	struct store *st;
	struct indexer *ix;
};

static void
log_write(const struct log *l, const char *how, struct slice text)
{
	FILE *f = fopen(l->path, how);

	assert_non_null(f);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	assert_int_equal(fclose(f), 0);
}

static void
log_make(struct log *l, struct slice text)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(l->folder, sizeof l->folder, "%s/ehlog-search-XXXXXX",
	    tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(l->folder));
	snprintf(l->path, sizeof l->path, "%s/RECV20261123-1.LOG", l->folder);
	log_write(l, "wb", text);
	l->st = store_new();
	l->ix = NULL;
}

static void
complain(void *arg, const char *words)
{
	(void)arg;
	fail_msg("%s", words);
}

static void
log_index(struct log *l, bool follow)
{
	const struct indexer_options opt = { .follow = follow, .wake_fd = -1 };
	struct err err = { "" };

	l->paths[0] = l->path;
	l->ix = indexer_new(l->st, l->paths, 1, &opt, complain, NULL, &err);
	assert_non_null(l->ix);
	if (!follow)
		indexer_run(l->ix);
	assert_false(indexer_trouble(l->ix, &(uint32_t){ 0 }, &err));
}

static void
log_free(struct log *l)
{
	indexer_free(l->ix);
	store_free(l->st);
	unlink(l->path);
	rmdir(l->folder);
}

static struct match *
pattern(const char *text)
{
	struct match_error me;
	struct match *m = match_compile(slice_of(text), MATCH_EXACT, &me);

	assert_non_null(m);
	return m;
}

static struct search_counts
run(struct log *l, const char *text, struct search **keep)
{
	struct search *s = search_start(l->st, pattern(text), -1);
	struct search_counts c;

	search_finish(s);
	search_counts(s, &c);
	assert_true(c.done);
	assert_int_equal(c.progress, 1000);
	if (keep)
		*keep = s;
	else
		search_free(s);
	return c;
}

static uint64_t
hits(struct log *l, const char *text)
{
	struct search_counts c = run(l, text, NULL);

	return c.lines + c.unowned;
}

/* What grep counts; -1 where there is no such grep. */
static long
grep(const struct log *l, const char *options, const char *text)
{
	char command[700], answer[32] = "";
	FILE *p;

	snprintf(command, sizeof command,
	    "LC_ALL=C grep -c -a %s -e '%s' %s 2>/dev/null", options, text,
	    l->path);
	p = popen(command, "r");
	if (!p || !fgets(answer, sizeof answer, p))
		answer[0] = '\0';
	if (p)
		pclose(p);
	return answer[0] ? strtol(answer, NULL, 10) : -1;
}

/* --- tests ----------------------------------------------------------------- */

/* Hits by session are those that the log was made with. */
static void
test_hits_by_session(void **state)
{
	enum { SESSIONS = 8000 };        /* some 5 MB: several blocks */
	struct buf b = { 0 };
	struct search_counts c;
	struct search *s;
	struct log l;
	uint64_t all = 0;

	(void)state;
	make_log(&b, SESSIONS);
	log_make(&l, buf_slice(&b));
	log_index(&l, false);
	assert_int_equal(store_sessions(l.st), SESSIONS);
	c = run(&l, "needle", &s);
	for (unsigned i = 0; i < SESSIONS; i++) {
		assert_int_equal(search_session_hits(s, i + 1), needles(i));
		all += needles(i);
	}
	assert_int_equal(c.lines, all);
	assert_int_equal(c.unowned, 0);
	assert_int_equal(c.limits, 0);
	assert_int_equal(search_session_hits(s, 0), 0);
	assert_int_equal(search_session_hits(s, SESSIONS + 1), 0);
	assert_non_null(search_pattern(s));
	search_free(s);
	/* Lines of no session are counted apart: the first of the header. */
	c = run(&l, "Microsoft Exchange", NULL);
	assert_int_equal(c.lines, 0);
	assert_int_equal(c.unowned, 1);
	log_free(&l);
	buf_free(&b);
}

static void
test_counts_as_grep_does(void **state)
{
	static const struct {
		const char *grep, *text;
	} cases[] = {
		{ "-E", "needle" }, { "-E", "^2026-.*550 " }, { "-E", "x*" },
		{ "-E", "user1[0-9]*@" }, { "-E", "no such line at all" },
		{ "-E", "^#" }, { "-E", "(250|550) [25]\\.1\\.[15]" },
		{ "-E", "[^x]*" }, { "-F", "," }, { "-E", "\\+,," },
		{ "-P", "\\d{4}-\\d\\d" }, { "-P", "RCPT(?=.*needle)" },
		{ "-P", "^(?!.*Z,EX01)" }, { "-P", "(?<=user)7\\d+@" },
		{ "-P", "m[^q]*q" }, { "-P", "[^,]{60}" },
	};
	struct buf b = { 0 };
	struct log l;
	int compared = 0;

	(void)state;
	make_log(&b, 4000);
	buf_add(&b, SLICE("\r\n\n\n\nblank lines, and a last line without end"));
	log_make(&l, buf_slice(&b));
	log_index(&l, false);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		long expected = grep(&l, cases[i].grep, cases[i].text);

		if (expected < 0)
			continue;
		compared++;
		if (hits(&l, cases[i].text) != (uint64_t)expected)
			fail_msg("%s: %lu, grep says %ld", cases[i].text,
			    (unsigned long)hits(&l, cases[i].text), expected);
	}
	if (!compared)
		skip();
	log_free(&l);
	buf_free(&b);
}

/* A line ends before its CR; nothing matches from one line into the next. */
static void
test_line_ends(void **state)
{
	struct buf b = { 0 };
	struct log l;

	(void)state;
	buf_add(&b, SLICE(FIELDS "\r\n"));       /* 6 lines, one empty */
	buf_add(&b, SLICE("one two\r\nthree\n\ntwo\r\nfour \r\n"));
	buf_add(&b, SLICE("five\rsix\n\r\nend"));
	log_make(&l, buf_slice(&b));
	log_index(&l, false);
	assert_int_equal(hits(&l, "two$"), 2);
	assert_int_equal(hits(&l, "^two"), 1);
	assert_int_equal(hits(&l, "^$"), 3);
	assert_int_equal(hits(&l, "^"), 14);
	assert_int_equal(hits(&l, "(?m)two\\s"), 0);
	assert_int_equal(hits(&l, "\\n"), 0);
	assert_int_equal(hits(&l, "\\s$"), 1);
	assert_int_equal(hits(&l, "two\\s*three"), 0);
	assert_int_equal(hits(&l, "e[^q]*n"), hits(&l, "e[^q\n\r]*n"));
	assert_int_equal(hits(&l, "five\\rsix"), 1);
	assert_int_equal(hits(&l, "end$"), 1);
	log_free(&l);
	buf_free(&b);
}

/* Lines longer than any buffer: found once, wherever the hit lies. */
static void
test_long_lines(void **state)
{
	static const size_t at[] = { 0, 1, 70000, (1u << 20) - 3,
	    (2u << 20) - 3, (2u << 20) - 60000, 4000000, 4999994 };
	enum { LONG = 5000000 };
	struct buf b = { 0 };
	struct log l;
	char *line = malloc(LONG);

	(void)state;
	assert_non_null(line);
	buf_add(&b, SLICE(FIELDS));
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		memset(line, 'x', LONG);
		memcpy(line + at[i], "needle", 6);
		buf_add(&b, (struct slice){ line, LONG });
		buf_add(&b, i & 1 ? SLICE("\r\n") : SLICE("\n"));
		buf_add(&b, SLICE("a short needle between\r\n"));
	}
	memset(line, 'x', LONG);
	buf_add(&b, (struct slice){ line, LONG });
	log_make(&l, buf_slice(&b));
	log_index(&l, false);
	assert_int_equal(hits(&l, "needle"), 16);
	assert_int_equal(hits(&l, "^needle"), 1);
	assert_int_equal(hits(&l, "needle$"), 1);
	assert_int_equal(hits(&l, "^x"), 8);
	assert_int_equal(hits(&l, "x$"), 8);
	assert_int_equal(hits(&l, "short"), 8);
	assert_int_equal(hits(&l, "q*"), 5 + 17);
	log_free(&l);
	buf_free(&b);
	free(line);
}

/* A file that ends without a line end ends its line all the same. */
static void
test_two_files(void **state)
{
	struct buf b = { 0 };
	struct log l, second;
	const struct indexer_options opt = { .wake_fd = -1 };
	struct err err = { "" };
	char *paths[1];

	(void)state;
	make_log(&b, 200);
	b.n -= 2;
	buf_add(&b, SLICE("nee"));
	log_make(&l, buf_slice(&b));
	second = l;
	snprintf(second.path, sizeof second.path, "%s/RECV20261123-2.LOG",
	    l.folder);
	b.n = 0;
	buf_add(&b, SLICE("dle\r\n"));
	make_log(&b, 80);
	log_write(&second, "wb", buf_slice(&b));
	paths[0] = l.folder;
	l.ix = indexer_new(l.st, paths, 1, &opt, complain, NULL, &err);
	assert_non_null(l.ix);
	indexer_run(l.ix);
	assert_false(indexer_trouble(l.ix, &(uint32_t){ 0 }, &err));
	assert_int_equal(table_count(&l.st->streams), 1);
	/* 67 + 23 of the first 200 sessions, 27 + 9 of the next 80. */
	assert_int_equal(hits(&l, "needle"), 126);
	assert_int_equal(hits(&l, "nee$"), 1);
	assert_int_equal(hits(&l, "^dle$"), 1);
	assert_int_equal(hits(&l, "^"), 5 + 200 * LINES + 1 + 5 + 80 * LINES);
	unlink(second.path);
	log_free(&l);
	buf_free(&b);
}

static void
wait_for_hits(struct search *s, uint64_t expected)
{
	int64_t end = clock_now_ms() + DEADLINE_MS;
	struct search_counts c = { 0 };

	for (;;) {
		search_update(s);
		search_counts(s, &c);
		if (c.lines + c.unowned == expected && c.done)
			return;
		if (c.lines + c.unowned > expected || clock_now_ms() > end)
			fail_msg("%lu hits, expected %lu", (unsigned long)
			    (c.lines + c.unowned), (unsigned long)expected);
		poll(NULL, 0, 1);
	}
}

static uint64_t
bytes_read(const struct log *l)
{
	return table_count(&l->st->streams) == 0 ? 0 :
	    atomic_load(&store_stream(l->st, 0)->bytes);
}

static void
wait_for_bytes(const struct log *l, uint64_t expected)
{
	int64_t end = clock_now_ms() + DEADLINE_MS;

	while (bytes_read(l) < expected) {
		assert_true(clock_now_ms() < end);
		poll(NULL, 0, 1);
	}
}

/* What is written while the search stands is searched, and nothing twice. */
static void
test_log_grows(void **state)
{
	struct buf b = { 0 };
	struct err err = { "" };
	struct search *s;
	struct log l;
	uint64_t expected = 0;

	(void)state;
	make_log(&b, 80);
	for (unsigned i = 0; i < 80; i++)
		expected += needles(i);
	log_make(&l, buf_slice(&b));
	log_index(&l, true);
	assert_int_equal(indexer_start(l.ix, &err), 0);
	s = search_start(l.st, pattern("needle"), -1);
	wait_for_bytes(&l, b.n);
	wait_for_hits(s, expected);
	for (unsigned round = 0; round < 20; round++) {
		size_t before = b.n;

		for (unsigned i = 0; i < 7; i++)
			row(&b, round, i, ">", i % 2 ? "a needle" : "hay");
		expected += 3;
		log_write(&l, "ab", slice_from(buf_slice(&b), before));
		wait_for_bytes(&l, b.n);
		wait_for_hits(s, expected);
	}
	search_free(s);
	/* And once more, all at once. */
	assert_int_equal(hits(&l, "needle"), expected);
	log_free(&l);
	buf_free(&b);
}

/* The index is still being made while it is searched. */
static void
test_while_indexing(void **state)
{
	enum { SESSIONS = 8000 };
	struct buf b = { 0 };
	struct err err = { "" };
	struct search *s;
	struct log l;
	uint64_t expected = 0;

	(void)state;
	make_log(&b, SESSIONS);
	for (unsigned i = 0; i < SESSIONS; i++)
		expected += needles(i);
	log_make(&l, buf_slice(&b));
	log_index(&l, true);
	s = search_start(l.st, pattern("needle"), -1);
	assert_int_equal(indexer_start(l.ix, &err), 0);
	for (int64_t end = clock_now_ms() + DEADLINE_MS;
	    bytes_read(&l) < b.n;) {
		assert_true(clock_now_ms() < end);
		search_update(s);
	}
	wait_for_hits(s, expected);
	for (unsigned i = 0; i < SESSIONS; i++)
		assert_int_equal(search_session_hits(s, i + 1), needles(i));
	search_free(s);
	log_free(&l);
	buf_free(&b);
}

/*
 * A last line without an end was taken as it stood; then it goes on.  What
 * matched in it is not counted again, what did not may match now.
 */
static void
test_half_line_grows(void **state)
{
	static const char *const heads[] = { "half a nee", "a needle, half" };
	struct buf b = { 0 };

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct err err = { "" };
		struct search *s;
		struct log l;

		b.n = 0;
		make_log(&b, 8);         /* 3 + 1 needles */
		buf_add(&b, slice_of(heads[k]));
		log_make(&l, buf_slice(&b));
		log_index(&l, false);
		run(&l, "needle", &s);
		wait_for_hits(s, 4 + (uint64_t)k);
		/* Followed from here on. */
		assert_int_equal(indexer_start(l.ix, &err), 0);
		indexer_follow(l.ix, true);
		log_write(&l, "ab", SLICE("dle, and its end\r\nno more\r\n"));
		wait_for_bytes(&l, b.n + 27);
		wait_for_hits(s, 5);
		search_free(s);
		log_free(&l);
	}
	buf_free(&b);
}

static void
test_nothing_there(void **state)
{
	struct store *st = store_new();
	struct search *s = search_start(st, pattern("x"), -1);
	struct search_counts c;

	(void)state;
	search_finish(s);
	search_counts(s, &c);
	assert_true(c.done);
	assert_int_equal(c.lines + c.unowned + c.limits, 0);
	search_free(s);
	search_free(NULL);
	store_free(st);
}

/* The owner is woken when hits came, and not once for each. */
static void
test_wakes_its_owner(void **state)
{
	struct buf b = { 0 };
	struct pollfd p = { .events = POLLIN };
	struct search_counts c;
	struct search *s;
	struct log l;
	char bytes[64];
	int fds[2];

	(void)state;
	make_log(&b, 4000);
	log_make(&l, buf_slice(&b));
	log_index(&l, false);
	assert_int_equal(pipe(fds), 0);
	p.fd = fds[0];
	s = search_start(l.st, pattern("EX01"), fds[1]);
	do {
		assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
		assert_int_equal(read(fds[0], bytes, sizeof bytes), 1);
		search_update(s);
		search_counts(s, &c);
	} while (!c.done);
	assert_int_equal(c.lines, 4000 * LINES);
	search_free(s);
	close(fds[0]);
	close(fds[1]);
	log_free(&l);
	buf_free(&b);
}

/*
 * A pattern that runs wild meets its limit on some lines, is counted, and
 * can be given up at any moment.
 */
static void
test_wild_pattern(void **state)
{
	struct buf b = { 0 };
	struct search_counts c;
	struct search *s;
	struct log l;
	int64_t begin;

	(void)state;
	buf_add(&b, SLICE(FIELDS));
	for (int i = 0; i < 3; i++) {
		buf_add(&b, SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
		buf_add(&b, SLICE("\r\naa\r\n"));
	}
	log_make(&l, buf_slice(&b));
	log_index(&l, false);
	c = run(&l, "^(a|aa)+$", NULL);
	assert_int_equal(c.limits, 3);
	assert_int_equal(c.lines + c.unowned, 3);
	log_free(&l);
	for (int i = 0; i < 20000; i++)
		buf_add(&b, SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\r\n"));
	log_make(&l, buf_slice(&b));
	log_index(&l, false);
	s = search_start(l.st, pattern("(a|aa)+$"), -1);
	search_update(s);
	begin = clock_now_ms();
	search_free(s);
	/* 20,000 lines would take far longer than this. */
	assert_true(clock_now_ms() - begin < 2000);
	log_free(&l);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hits_by_session),
		cmocka_unit_test(test_counts_as_grep_does),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_two_files),
		cmocka_unit_test(test_log_grows),
		cmocka_unit_test(test_while_indexing),
		cmocka_unit_test(test_half_line_grows),
		cmocka_unit_test(test_nothing_there),
		cmocka_unit_test(test_wakes_its_owner),
		cmocka_unit_test(test_wild_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
