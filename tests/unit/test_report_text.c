/*
 * Reports for people: the table, the transcript, the line of one session.
 */
#include "config.h"

#include "report_sample.h"

#include <string.h>

static void
test_table_in_a_pipe(void **state)
{
	struct report_options o = { 0 };
	struct sample s;

	(void)state;
	sample_refused(&s);
	/* As wide as the texts are; nothing at the right edge. */
	sample_expect("table", &o, &s.f,
	    " #  Start         Took  Peer         HELO                From"
	    "  To              Replies          Outcome\n"
	    "21  00:00:00.088  2.1s  192.0.2.210  mail21.example.org  <>  "
	    "  chris@play.com  220 250 250 550  550 5.7.1 not, \"ever\"\n");
}

static void
test_table_of_nothing(void **state)
{
	struct report_options o = { 0 };
	char *text = sample_report("table", o, NULL, 0);

	(void)state;
	assert_string_equal(text,
	    "#  Start  Took  Peer  HELO  From  To  Replies  Outcome\n");
	free(text);
}

/* Widths come from the first rows; later texts that are longer are cut. */
static void
test_table_sample(void **state)
{
	const struct report_format *rf = report_by_name("table");
	struct report_options o = { 0 };
	struct sample s, longer;
	char *text = NULL, *line, *last = NULL;
	size_t n = 0, rows = 0;
	void *st = NULL;

	(void)state;
	sample_refused(&s);
	sample_refused(&longer);
	longer.f.helo = SLICE("mail2100.example.org");
	o.out = open_memstream(&text, &n);
	assert_int_equal(rf->begin(&st, &o), 0);
	for (int i = 0; i < 300; i++)
		assert_int_equal(rf->row(st, &o, &s.f), 0);
	assert_int_equal(rf->row(st, &o, &longer.f), 0);
	assert_int_equal(rf->end(st, &o), 0);
	fclose(o.out);
	for (line = strtok_r(text, "\n", &last); line;
	    line = strtok_r(NULL, "\n", &last)) {
		rows++;
		if (rows == 302)
			assert_non_null(strstr(line,
			    "  mail2100.example.\xe2\x80\xa6  <>"));
		else if (rows > 1)
			assert_non_null(strstr(line, "  mail21.example.org  "));
	}
	assert_int_equal(rows, 302);
	free(text);
}

static void
test_table_on_terminals(void **state)
{
	static const unsigned widths[] = { 20, 40, 65, 80, 120, 250 };
	struct sample s;

	(void)state;
	sample_refused(&s);
	s.f.helo = SLICE("\xe6\x97\xa5\xe6\x9c\xac.example.org");
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		struct report_options o = { .columns = widths[i],
		    .safe = true };
		char *text = sample_report("table", o, &s.f, 1), *next = text;
		int rows = 0;

		for (char *end; (end = strchr(next, '\n')); next = end + 1) {
			struct slice row = { next, (size_t)(end - next) };

			assert_true(text_width(row) <= widths[i]);
			rows++;
		}
		assert_int_equal(rows, 2);
		if (widths[i] >= 40)
			assert_non_null(strstr(text, "550"));
		free(text);
	}
}

static void
test_table_is_safe(void **state)
{
	struct report_options o = { .colour = false };
	struct sample s;
	char *text;

	(void)state;
	sample_refused(&s);
	s.f.helo = SLICE("\033]0;x\007\xc2\x9b\xff");
	text = sample_report("table", o, &s.f, 1);
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '\007'));
	assert_null(strchr(text, '\xff'));
	assert_non_null(strstr(text, "^[]0;x^G\\u{9B}\\xFF"));
	free(text);
}

static void
test_table_colours(void **state)
{
	struct report_options o = { .colour = true };
	struct sample s;
	char *text;

	(void)state;
	sample_refused(&s);
	s.replies[1].code = 354;
	s.replies[2].code = 451;
	text = sample_report("table", o, &s.f, 1);
	assert_non_null(strstr(text, "\033[32m220\033[m \033[36m354\033[m "
	    "\033[33m451\033[m \033[31m550\033[m  \033[31m550 5.7.1"));
	free(text);
}

/* More replies than fit: the worst is among those that are left. */
static void
test_table_replies(void **state)
{
	struct report_options o = { 0 };
	struct fact_reply many[40];
	struct sample s;
	char *text;

	(void)state;
	sample_refused(&s);
	for (int i = 0; i < 40; i++)
		many[i] = s.replies[1];
	many[30] = s.replies[3];
	s.f.replies = many;
	s.f.nreplies = 40;
	s.f.worst = 30;
	text = sample_report("table", o, &s.f, 1);
	assert_non_null(strstr(text, "  \xe2\x80\xa6 250 "));
	assert_non_null(strstr(text, " 550 250 \xe2\x80\xa6 "));
	free(text);
}

static void
test_transcript(void **state)
{
	struct report_options o = { 0 };
	struct sample s;

	(void)state;
	sample_refused(&s);
	s.lines[3].time = CLOCK_NONE;
	sample_expect("transcript", &o, &s.f,
	    "---- session 21   2026-11-23T00:00:00.088Z   "
	    "192.0.2.210:50447 -> 10.0.0.5:25   9 lines   "
	    "permanent: 550 5.7.1 to RCPT TO:<chris@play.com>   "
	    "08DC42C8FF236A1F\n"
	    "  00:00:00.088           - connected\n"
	    "  00:00:00.101    +13ms  S 220 ex01.example.com ready\n"
	    "  00:00:00.160    +59ms  C EHLO mail21.example.org\n"
	    "                         S 250 ex01.example.com SIZE\n"
	    "  00:00:00.200    +40ms  C MAIL FROM:<> SIZE=2048\n"
	    "  00:00:00.212    +12ms  S 250 2.1.0 Sender OK\n"
	    "> 00:00:01.420  +1208ms  C RCPT TO:<chris@play.com>\n"
	    "! 00:00:01.431    +11ms  S 550 5.7.1 not, \"ever\"\n"
	    "  00:00:02.188   +757ms  - disconnected: "
	    "Remote(ConnectionReset)\n");
}

/* Whole seconds, all kinds of lines, and what is not as it should be. */
static void
test_transcript_of_whole_seconds(void **state)
{
	struct report_options o = { 0 };
	struct sample s;

	(void)state;
	sample_refused(&s);
	s.stream.traits = (struct format_traits){ false };
	s.f.key = s.f.server = SLICE_NONE;
	s.f.port = -1;
	s.f.rec.state = OUTCOME_DROPPED | ENDING_NEXT << 4;
	s.f.rec.flags |= SESSION_CUT;
	s.f.worst = FACT_NONE;
	s.f.rec.worst = 0;
	s.f.nreplies = 0;
	s.f.nlines = 8;
	s.f.failed_command = SLICE("DATA");
	sample_line(&s, 0, ROLE_TWIN, 1000, "DATA");
	sample_line(&s, 1, ROLE_COMMAND, 1000, "DATA");
	sample_line(&s, 2, ROLE_BODY, 2000, "550 is only text");
	sample_line(&s, 3, ROLE_NONE, 2000, "");
	sample_line(&s, 4, ROLE_NOTE, 63000, "ann");
	s.lines[4].context = SLICE("authenticated");
	sample_line(&s, 5, ROLE_NOTE, 61000, "set back");
	sample_line(&s, 6, ROLE_NONE, 61000, "what?");
	s.lines[6].cut = true;
	sample_line(&s, 7, ROLE_REPLY_MORE, 61000, "");
	s.lines[7].gone = true;
	s.lines[1].failed = true;
	sample_expect("transcript", &o, &s.f,
	    "---- session 21   2026-11-23T00:00:00   192.0.2.210   9 lines   "
	    "dropped: DATA never answered   begins before the log does   "
	    "no end in the log, the next session began\n"
	    "  00:00:01           = DATA\n"
	    "> 00:00:01           C DATA\n"
	    "  00:00:02           B 550 is only text\n"
	    "  00:00:02      +1s   \n"
	    "  00:01:03   +1m01s  - authenticated: ann\n"
	    "  00:01:01      -2s  - set back\n"
	    "  00:01:01           ? what? [cut]\n"
	    "  00:01:01           S [no longer in the log]\n");
}

static void
test_transcript_text(void **state)
{
	static const char raw[] = "EHLO a\033[2Jb\xff";
	struct report_options o = { 0 };
	struct sample s;
	char *text;

	(void)state;
	sample_refused(&s);
	s.lines[2].text = SLICE(raw);
	text = sample_report("transcript", o, &s.f, 2);
	/* Into a file: exact; an empty line between sessions. */
	assert_non_null(strstr(text, "C EHLO a\033[2Jb\xff\n"));
	assert_non_null(strstr(text, "\n\n---- session 21 "));
	free(text);
	o.safe = true;
	text = sample_report("transcript", o, &s.f, 1);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "C EHLO a^[[2Jb\\xFF\n"));
	free(text);
	o.colour = true;
	text = sample_report("transcript", o, &s.f, 1);
	assert_non_null(strstr(text, "S \033[31m550 5.7.1 not, \"ever\""
	    "\033[m\n"));
	free(text);
}

static void
test_transcript_secrets(void **state)
{
	struct report_options o = { 0 };
	struct sample s;
	char *text;

	(void)state;
	sample_refused(&s);
	sample_make_auth(&s);
	text = sample_report("transcript", o, &s.f, 1);
	assert_non_null(strstr(text, "550 5.7.1 to AUTH PLAIN [hidden]   "));
	assert_non_null(strstr(text, "C AUTH PLAIN [hidden]\n"));
	free(text);
	o.secrets = true;
	text = sample_report("transcript", o, &s.f, 1);
	assert_non_null(strstr(text, "C AUTH PLAIN AGFubgBzZWNyZXQ=\n"));
	free(text);
}

/* What `s` in the face writes is what the report writes. */
static void
test_one_transcript(void **state)
{
	struct report_options o = { 0 };
	struct sample s;
	char *text = NULL, *whole;
	size_t n = 0;

	(void)state;
	sample_refused(&s);
	o.out = open_memstream(&text, &n);
	assert_int_equal(report_transcript(&o, &s.f), 0);
	fclose(o.out);
	whole = sample_report("transcript", o, &s.f, 1);
	assert_string_equal(text, whole);
	free(whole);
	free(text);
}

/* The client stands at the left, also where it is this host. */
static void
test_outbound(void **state)
{
	struct report_options o = { 0 };
	struct sample s;
	char *text;

	(void)state;
	sample_refused(&s);
	s.f.rec.flags |= SESSION_OUT;
	s.f.server = SLICE("10.0.0.5:5012");
	s.f.port = 25;
	text = sample_report("transcript", o, &s.f, 1);
	assert_non_null(strstr(text, "   10.0.0.5:5012 -> 192.0.2.210:25   "));
	free(text);
}

static void
test_line(void **state)
{
	struct buf out = { 0 };
	struct sample s;

	(void)state;
	sample_refused(&s);
	s.f.helo = SLICE("a\033b");
	report_line(&out, &s.f);
	buf_add_char(&out, '\0');
	assert_string_equal(out.p, "21  2026-11-23T00:00:00.088Z  2.1s  "
	    "192.0.2.210  a^[b  <>  chris@play.com  220 250 250 550  "
	    "550 5.7.1 not, \"ever\"");
	out.n = 0;
	sample_nothing(&s);
	report_line(&out, &s.f);
	buf_add_char(&out, '\0');
	assert_string_equal(out.p, "7  empty");
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_in_a_pipe),
		cmocka_unit_test(test_table_of_nothing),
		cmocka_unit_test(test_table_sample),
		cmocka_unit_test(test_table_on_terminals),
		cmocka_unit_test(test_table_is_safe),
		cmocka_unit_test(test_table_colours),
		cmocka_unit_test(test_table_replies),
		cmocka_unit_test(test_transcript),
		cmocka_unit_test(test_transcript_of_whole_seconds),
		cmocka_unit_test(test_transcript_text),
		cmocka_unit_test(test_transcript_secrets),
		cmocka_unit_test(test_one_transcript),
		cmocka_unit_test(test_outbound),
		cmocka_unit_test(test_line),
	};

	return cmocka_run_group_tests(tests, sample_setup, NULL);
}
