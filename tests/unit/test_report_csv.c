/*
 * CSV: the header row, quoting, what is not known, exact text; and the table
 * of exported facts itself.
 */
#include "config.h"

#include "report_sample.h"

#include <string.h>

#include "report/export.h"

#define HEADER                                                              \
	"number,format,source,key,start,end,duration_ms,direction,peer,"    \
	"port,server,helo,tls,auth,from,to,messages,recipients,size,id,"    \
	"commands,replies,codes,worst,worst_enhanced,worst_text,"           \
	"failed_command,outcome,guessed,first_line,last_line,lines\r\n"

static void
test_row(void **state)
{
	struct report_options o = { 0 };
	struct sample s;

	(void)state;
	sample_refused(&s);
	sample_expect("csv", &o, &s.f, HEADER
	    "21,exchange-csv,RECV2026112300-1.LOG,08DC42C8FF236A1F,"
	    "2026-11-23T00:00:00.088Z,2026-11-23T00:00:02.188Z,2100,in,"
	    "192.0.2.210,50447,10.0.0.5:25,mail21.example.org,,,<>,"
	    "chris@play.com,1,1,2048,,3,4,220 250 250 550,550,5.7.1,"
	    "\"not, \"\"ever\"\"\",RCPT TO:<chris@play.com>,permanent,,"
	    "100,124,9\r\n");
}

static void
test_nothing_known(void **state)
{
	struct report_options o = { 0 };
	struct sample s;

	(void)state;
	sample_nothing(&s);
	s.f.auth = (struct slice){ "", 0 };
	sample_expect("csv", &o, &s.f, HEADER
	    "7,exchange-csv,RECV2026112300-1.LOG,,,,,,,,,,,\"\",,,0,0,,,0,0,,"
	    ",,,,empty,,0,0,0\r\n");
}

static void
expect_helo(const struct report_options *o, struct slice helo,
    struct slice field)
{
	struct buf expected = { 0 };
	struct sample s;

	sample_nothing(&s);
	s.f.helo = helo;
	buf_add(&expected, SLICE(HEADER
	    "7,exchange-csv,RECV2026112300-1.LOG,,,,,,,,,"));
	buf_add(&expected, field);
	buf_add(&expected, SLICE(",,,,,0,0,,,0,0,,,,,,empty,,0,0,0\r\n"));
	buf_add_char(&expected, '\0');
	sample_expect("csv", o, &s.f, expected.p);
	buf_free(&expected);
}

static void
test_fields(void **state)
{
	struct report_options o = { 0 }, safe = { .safe = true };

	(void)state;
	expect_helo(&o, SLICE("a\nb"), SLICE("\"a\nb\""));
	expect_helo(&o, SLICE("a\rb"), SLICE("\"a\rb\""));
	expect_helo(&o, SLICE(" a"), SLICE("\" a\""));
	expect_helo(&o, SLICE("\""), SLICE("\"\"\"\""));
	/* A spreadsheet may take it for a formula; it is what was said. */
	expect_helo(&o, SLICE("=1+1"), SLICE("=1+1"));
	expect_helo(&o, SLICE("\xd0\x96\xe9\x1b"),
	    SLICE("\xd0\x96\xc3\xa9\x1b"));
	expect_helo(&safe, SLICE("\xd0\x96\xe9\x1b"), SLICE("\xd0\x96\\xE9^["));
}

static void
test_lists(void **state)
{
	struct fact_message m[3] = {
		{ .from = SLICE("a@example.org"), .has_size = true,
		    .size = 10, .id = SLICE("id1") },
		{ .from = { "", 0 } },
		{ .from = SLICE("b@example.org"), .has_size = true,
		    .size = 5, .id = SLICE("id3") },
	};
	struct fact_recipient r[2] = { { .to = SLICE("x@example.net") },
	    { .to = SLICE("\"y,z\"@example.net") } };
	struct report_options o = { 0 };
	struct sample s;
	char *text;

	(void)state;
	sample_nothing(&s);
	s.f.messages = m;
	s.f.nmessages = 3;
	s.f.recipients = r;
	s.f.nrecipients = 2;
	text = sample_report("csv", o, &s.f, 1);
	assert_non_null(strstr(text, ",a@example.org;<>;b@example.org,"
	    "\"x@example.net;\"\"y,z\"\"@example.net\",3,2,15,id1;id3,"));
	free(text);
	/* A sum that does not fit is the most that does. */
	m[0].size = UINT64_MAX;
	text = sample_report("csv", o, &s.f, 1);
	assert_non_null(strstr(text, ",3,2,18446744073709551615,"));
	free(text);
}

static void
test_secrets(void **state)
{
	struct report_options o = { 0 };
	struct sample s;
	char *text;

	(void)state;
	sample_refused(&s);
	sample_make_auth(&s);
	text = sample_report("csv", o, &s.f, 1);
	assert_null(strstr(text, "AGFubgBzZWNyZXQ="));
	free(text);
	/* Not even when the line it came from cannot be found. */
	s.f.failed_command = SLICE("AUTH PLAIN AGFubgBzZWNyZXQ= ");
	text = sample_report("csv", o, &s.f, 1);
	assert_null(strstr(text, "AGFubgBzZWNyZXQ="));
	free(text);
	o.secrets = true;
	text = sample_report("csv", o, &s.f, 1);
	assert_non_null(strstr(text, "AGFubgBzZWNyZXQ="));
	free(text);
}

/* The promise to scripts is documented: each name has its help. */
static void
test_table(void **state)
{
	char *text = NULL;
	size_t n = 0, rows = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	for (const struct export_field *fd = export_fields; fd->name; fd++) {
		assert_true(fd->help && fd->help[0] && fd->get);
		assert_true(fd->use & EXPORT_IN_BOTH);
		rows += (fd->use & EXPORT_IN_CSV) != 0;
	}
	assert_int_equal(rows, 32);
	export_dump_man(out, EXPORT_IN_CSV);
	fclose(out);
	assert_memory_equal(text, ".It Cm number\n", 14);
	assert_non_null(strstr(text, "\n.It Cm failed_command\n"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_row),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, sample_setup, NULL);
}
