/*
 * Formats that come from files: what is read of them, mistakes with their
 * places, what a line gives, limits, several threads at once.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/pattern.h"
#include "format/set.h"
#include "with_log.h"

/* A format that each test adds to. */
#define FORMAT "[format]\nname = test\nsessions = keyed\nside = server\n"
#define TIMED "time = %Y-%m-%d %H:%M:%S%f\n"
#define LINE "[line]\nmatch = (?<time>[0-9-]+ [0-9:.]+) (?<session>\\w+) " \
	"(?<rest>.*)\n"
#define DIALOGUE "[words]\nin = <\nout = >\n[rule dialogue]\n" \
	"match = (?<direction>[<>]) (?<text>.*)\n"
#define STAMP "2026-11-23 10:00:01.250 "

struct made {
	struct with_log folder;
	const struct format *fm;
	struct buf mistakes;
	struct format_state st;
};

static void
make(struct made *m, const char *text)
{
	*m = (struct made){ 0 };
	with_folder(&m->folder);
	with_file(&m->folder, "test.conf", text, strlen(text));
	m->fm = pattern_load(m->folder.path, &m->mistakes);
	buf_add_char(&m->mistakes, '\0');
}

static void
unmake(struct made *m)
{
	if (m->fm)
		pattern_free(m->fm);
	buf_free(&m->mistakes);
	without_log(&m->folder);
}

static struct event
scan(struct made *m, const char *line)
{
	struct event ev;

	assert_non_null(m->fm);
	m->fm->scan(m->fm, &m->st, slice_of(line), &ev);
	return ev;
}

static void
has_mistake(const char *text, const char *words)
{
	struct made m;

	make(&m, text);
	assert_null(m.fm);
	if (!strstr(m.mistakes.p, words))
		fail_msg("no \"%s\" in:\n%s", words, m.mistakes.p);
	unmake(&m);
}

static void
assert_text(struct slice got, const char *want)
{
	if (!slice_eq(got, slice_of(want)))
		fail_msg("\"%.*s\", not \"%s\"", SLICE_ARGS(got), want);
}

static void
lines_give_events(void **state)
{
	struct made m;
	struct event ev, other;

	(void)state;
	make(&m, FORMAT TIMED LINE DIALOGUE "[rule from]\nis = open\n"
	    "match = from (?<peer>\\S+) to (?<local>\\S+)\n");
	ev = scan(&m, STAMP "a7 < EHLO x");
	assert_int_equal(ev.kind, EVENT_LINE);
	assert_int_equal(ev.dir, DIR_IN);
	assert_int_equal(ev.side, SIDE_SERVER);
	assert_text(ev.text, "EHLO x");
	assert_text(ev.id, "a7");
	/* 2026-11-23T10:00:01.250Z */
	assert_int_equal(ev.time, INT64_C(1795428001250));
	other = scan(&m, STAMP "b8 > 250 x");
	assert_int_equal(other.dir, DIR_OUT);
	assert_int_not_equal(other.key, ev.key);
	assert_int_equal(scan(&m, STAMP "a7 > 250 x").key, ev.key);
	ev = scan(&m, STAMP "a7 from 192.0.2.1:99 to 192.0.2.2:25");
	assert_int_equal(ev.kind, EVENT_OPEN);
	assert_text(ev.peer, "192.0.2.1:99");
	assert_text(ev.local, "192.0.2.2:25");
	assert_int_equal(scan(&m, STAMP "a7 ? what").kind, EVENT_FOREIGN);
	assert_int_equal(scan(&m, "cron: something else").kind, EVENT_FOREIGN);
	assert_int_equal(scan(&m, "").kind, EVENT_META);
	unmake(&m);
}

/* Every way in which the lines of a reply may share one. */
static void
joined_replies_are_parted(void **state)
{
	static const struct {
		const char *join, *line;
	} cases[] = {
		{ "|", "> 250-one|250-TWO 25|250 three" },
		{ "nothing", "> 250-one250-TWO 25250 three" },
		{ "[nl]", "> 250-one[nl]250-TWO 25[nl]250 three" },
		{ "blank", "> 250-one 250-TWO 25 250 three" },
		{ "\\r\\n", "> 250-one\\r\\n250-TWO 25\\r\\n250 three\\r\\n" },
	};
	static const char *const parts[] = { "250-one", "250-TWO 25",
		"250 three" };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf text = { 0 };
		struct slice rest;
		struct made m;

		buf_addf(&text, "%sjoin = %s\n", FORMAT, cases[i].join);
		buf_add(&text, SLICE(TIMED LINE DIALOGUE));
		buf_add_char(&text, '\0');
		make(&m, text.p);
		text.n = 0;
		buf_addf(&text, "%sa7 %s", STAMP, cases[i].line);
		rest = buf_slice(&text);
		for (size_t k = 0; k < 3; k++) {
			struct event ev;
			size_t used = m.fm->scan(m.fm, &m.st, rest, &ev);

			assert_text(ev.text, parts[k]);
			assert_int_equal(ev.kind, k ? EVENT_MORE : EVENT_LINE);
			assert_int_equal(used < rest.n, k < 2);
			rest = slice_from(rest, used);
		}
		buf_free(&text);
		unmake(&m);
	}
}

static void
reports_tell(void **state)
{
	struct made m;
	struct event ev;
	struct detail d = { .commands = 0 };
	const char *line = STAMP "a7 refused <x@y> from <u@v>: 550 5.1.1 no";

	(void)state;
	make(&m, FORMAT TIMED LINE "[rule refused]\nis = report\nverb = RCPT\n"
	    "session = alone\nmatch = refused <(?<to>[^>]*)> from "
	    "<(?<from>[^>]*)>: (?<code>\\d+) (?<reply>.*)\n");
	ev = scan(&m, line);
	assert_int_equal(ev.kind, EVENT_REPORT);
	assert_int_equal(ev.code, 550);
	assert_int_equal(ev.enhanced, 5u << 20 | 1u << 10 | 1u);
	assert_int_equal(ev.says, SAYS_FROM | SAYS_TO);
	assert_int_equal(ev.flags, EVENT_BEGINS | EVENT_UNLINK);
	m.fm->detail(m.fm, &m.st, slice_of(line), &ev, &d);
	assert_text(d.to, "x@y");
	assert_text(d.from, "u@v");
	assert_text(d.reply, "5.1.1 no");
	assert_text(d.command, "RCPT");
	unmake(&m);
}

/* A day in the file's name, and syslog's year. */
static void
days_come_from_elsewhere(void **state)
{
	const struct format_hint hint = { .written = CLOCK_NONE,
		.name = SLICE("mail-2026-11-23.log") };
	struct format_traits traits = { false, false };
	struct made m;

	(void)state;
	make(&m, FORMAT "time = %H:%M:%S\n[files]\nday = mail-"
	    "(?<text>[0-9-]{10})\nday-form = %Y-%m-%d\n[line]\nmatch = "
	    "(?<time>[0-9:]+) (?<session>\\w+) (?<rest>.*)\n" DIALOGUE);
	assert_non_null(m.fm);
	m.fm->probe(m.fm, SLICE("10:00:01 a7 < NOOP\n"), &hint, &m.st,
	    &traits, NULL);
	assert_int_equal(scan(&m, "10:00:01 a7 < NOOP").time,
	    INT64_C(1795428001000));
	m.st = (struct format_state){ { 0 } };
	assert_int_equal(scan(&m, "10:00:01 a7 < NOOP").time, CLOCK_NONE);
	unmake(&m);
}

static void
files_make_streams(void **state)
{
	struct made m;

	(void)state;
	make(&m, FORMAT TIMED "[files]\nstream = (?<text>relay)-\\d+\\.log$\n"
	    LINE DIALOGUE);
	assert_text(m.fm->stream_of(m.fm, SLICE("relay-17.log")), "relay");
	assert_int_equal(m.fm->stream_of(m.fm, SLICE("relay.log")).n, 0);
	unmake(&m);
}

static void
mistakes_have_their_place(void **state)
{
	(void)state;
	has_mistake(FORMAT "[rule x]\nmatch = (?<session>a)(?<text>b\n",
	    "test.conf:6: missing closing parenthesis\n"
	    "    match = (?<session>a)(?<text>b\n"
	    "                                  ^\n");
	/* In a piece: where the piece is wrong. */
	has_mistake("[define]\nbad = a[\n" FORMAT "[rule x]\n"
	    "match = (?<session>x) %{bad} (?<text>.*)\n",
	    "test.conf:2: missing terminating ] for character class\n");
	has_mistake(FORMAT "[rule x]\nmatch = (?<session>a)(?<txet>b)\n",
	    "    match = (?<session>a)(?<txet>b)\n"
	    "                            ^\n");
	has_mistake("[define]\na = %{b}\nb = %{c}\nc = %{a}\n" FORMAT
	    "[rule x]\nmatch = %{a}\n", "'a' stands for itself: a circle\n"
	    "    c = %{a}\n        ^\n");
	has_mistake(FORMAT "[rule x]\nmatch = (?<text>.*)\n",
	    "no group (?<session>");
	has_mistake(FORMAT "[rule x]\nis = exchange\nmatch = (?<session>a)"
	    "(?<command>b)\n", "no group (?<reply>");
	has_mistake(FORMAT "[line]\nmatch = (?<session>a)\n" DIALOGUE,
	    "no group (?<rest>");
	has_mistake(FORMAT "[rule x]\nis = nonsense\nmatch = x\n",
	    "'nonsense' is none of line, exchange");
	has_mistake(FORMAT "[rule x]\nsays = user nonsense\nmatch = x\n",
	    "    says = user nonsense\n                ^\n");
	has_mistake(FORMAT "[rule x]\nis = line\n", "[rule x] has no `match`");
	has_mistake(FORMAT "time = %d %H:%M:%S\n" LINE DIALOGUE,
	    "a day without a year");
	has_mistake(FORMAT LINE DIALOGUE, "no `time` to say its form");
	has_mistake("[format]\ntitle = x\n" LINE DIALOGUE, "has no `name`");
	has_mistake("[format]\nname = No Good\n" LINE DIALOGUE,
	    "a name is of small letters");
	has_mistake("", "has no `name`");
}

/* All of them are told, not the first alone. */
static void
all_mistakes_are_told(void **state)
{
	struct made m;

	(void)state;
	make(&m, FORMAT "nonsense = 1\n[rule a]\nmatch = (\n[rule b]\n"
	    "match = )\n");
	assert_null(m.fm);
	assert_non_null(strstr(m.mistakes.p, "test.conf:5: there is no key"));
	assert_non_null(strstr(m.mistakes.p, "test.conf:7: "));
	assert_non_null(strstr(m.mistakes.p, "test.conf:9: "));
	unmake(&m);
}

static void
wild_patterns_meet_a_limit(void **state)
{
	static const char *const wild[] = { "(?:v+)*[0-9]", "(?:v|vv)+[0-9]",
		"(?:v*)*(?:v*)*[0-9]", "(?:.*v){20}[0-9]" };
	char line[300] = STAMP "a7 ";

	(void)state;
	memset(line + strlen(line), 'v', 200);
	for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
		struct buf text = { 0 };
		struct made m;

		buf_add(&text, SLICE(FORMAT TIMED LINE));
		buf_addf(&text, "[rule wild]\nis = note\nmatch = %s\n%s",
		    wild[i], DIALOGUE);
		buf_add_char(&text, '\0');
		make(&m, text.p);
		assert_int_equal(scan(&m, line).kind, EVENT_UNREADABLE);
		assert_int_equal(scan(&m, STAMP "a7 < NOOP").kind, EVENT_LINE);
		buf_free(&text);
		unmake(&m);
	}
}

#define THREADS 4
#define ROUNDS 20000

static void *
scan_much(void *arg)
{
	const struct format *fm = arg;
	struct format_state st = { { 0 } };
	char line[64];

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct event ev;

		snprintf(line, sizeof line, STAMP "s%u < NOOP %u", i, i);
		fm->scan(fm, &st, slice_of(line), &ev);
		if (ev.kind != EVENT_LINE || ev.dir != DIR_IN ||
		    !slice_eq(ev.text, slice_of(strchr(line, 'N'))))
			return NULL;
	}
	return arg;
}

/* The first scans prepare the patterns, in whichever thread they are. */
static void
threads_scan_at_once(void **state)
{
	pthread_t thread[THREADS];
	struct made m;

	(void)state;
	make(&m, FORMAT TIMED LINE DIALOGUE);
	assert_non_null(m.fm);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, scan_much,
		    (void *)m.fm), 0);
	for (int i = 0; i < THREADS; i++) {
		void *fine = NULL;

		assert_int_equal(pthread_join(thread[i], &fine), 0);
		assert_non_null(fine);
	}
	unmake(&m);
}

static void
release(const struct format_entry *e)
{
	pattern_free(e->format);
}

static void
a_set_knows_names(void **state)
{
	struct format_set set;
	struct made m, other;
	size_t before;

	(void)state;
	format_set_init(&set);
	before = set.n;
	assert_non_null(format_set_find(&set, "exchange-csv"));
	assert_null(format_set_find(&set, "test"));
	make(&m, FORMAT TIMED LINE DIALOGUE);
	make(&other, FORMAT TIMED LINE DIALOGUE);
	format_set_add(&set, &(struct format_entry){ .format = m.fm,
	    .release = release });
	assert_int_equal(set.n, before + 1);
	assert_ptr_equal(format_set_find(&set, "test"), m.fm);
	/* The same name takes its place. */
	format_set_add(&set, &(struct format_entry){ .format = other.fm,
	    .own = true, .release = release });
	assert_int_equal(set.n, before + 1);
	assert_ptr_equal(format_set_find(&set, "test"), other.fm);
	m.fm = other.fm = NULL;
	format_set_free(&set);
	unmake(&m);
	unmake(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_give_events),
		cmocka_unit_test(joined_replies_are_parted),
		cmocka_unit_test(reports_tell),
		cmocka_unit_test(days_come_from_elsewhere),
		cmocka_unit_test(files_make_streams),
		cmocka_unit_test(mistakes_have_their_place),
		cmocka_unit_test(all_mistakes_are_told),
		cmocka_unit_test(wild_patterns_meet_a_limit),
		cmocka_unit_test(threads_scan_at_once),
		cmocka_unit_test(a_set_knows_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
