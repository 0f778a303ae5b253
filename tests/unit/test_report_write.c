/*
 * From a log to a report: which sessions are written, and what happens when
 * the stream fails or the log does.
 */
#include "config.h"

#include "report_sample.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "with_log.h"

/* Three sessions: refused, fine, refused for a while. */
#define ROW(ms, key, n, kind, data)                                         \
	"2026-11-23T00:00:0" ms "Z,EX01\\Default,08DC42C8FF23000" key "," n \
	",10.0.0.5:25,192.0.2.1" key ":5000" key "," kind "," data ",\r\n"
#define SESSION(key, rcpt)                                                  \
	ROW(key ".000", key, "0", "+", "")                                  \
	ROW(key ".001", key, "1", ">", "220 ready")                         \
	ROW(key ".002", key, "2", "<", "EHLO a.example.org")                \
	ROW(key ".003", key, "3", ">", "250 ok")                            \
	ROW(key ".004", key, "4", "<", "MAIL FROM:<a@example.org>")         \
	ROW(key ".005", key, "5", ">", "250 ok")                            \
	ROW(key ".006", key, "6", "<", "RCPT TO:<b@example.net>")           \
	ROW(key ".007", key, "7", ">", rcpt)                                \
	ROW(key ".008", key, "8", "<", "QUIT")                              \
	ROW(key ".009", key, "9", ">", "221 bye")                           \
	ROW(key ".010", key, "10", "-", "")

static const char log_text[] =
	"#Software: Microsoft Exchange Server\r\n"
	"#Version: 15.0.0.0\r\n"
	"#Log-type: SMTP Receive Protocol Log\r\n"
	"#Date: 2026-11-23T00:00:00.000Z\r\n"
	"#Fields: date-time,connector-id,session-id,sequence-number,"
	"local-endpoint,remote-endpoint,event,data,context\r\n"
	SESSION("1", "550 5.1.1 unknown")
	SESSION("2", "250 ok")
	SESSION("3", "451 4.7.1 later");

struct fixture {
	struct with_log log;
	struct selection *sel;
};

static int
setup(void **state)
{
	struct fixture *x = mem_alloc(sizeof *x);

	if (sample_setup(state) < 0)
		return -1;
	/* What main() does: a closed pipe is an error of write(2). */
	signal(SIGPIPE, SIG_IGN);
	with_log(&x->log, "RECV2026112300-1.LOG", log_text);
	x->sel = selection_new(x->log.store, -1);
	selection_finish(x->sel);
	*state = x;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *x = *state;

	selection_free(x->sel);
	without_log(&x->log);
	free(x);
	return 0;
}

static char *
write_all(struct fixture *x, const char *form, struct report_options o,
    uint64_t expected_rows)
{
	char *text = NULL;
	size_t n = 0;
	struct err err = { "" };
	uint64_t rows = 99;

	o.out = open_memstream(&text, &n);
	assert_int_equal(report_write(report_by_name(form), &o, x->log.store,
	    x->sel, &rows, &err), 0);
	assert_int_equal(rows, expected_rows);
	assert_string_equal(err.text, "");
	fclose(o.out);
	return text;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

static void
test_every_form(void **state)
{
	struct fixture *x = *state;
	struct report_options o = { 0 };
	char *text = write_all(x, "json", o, 3);

	assert_int_equal(count(text, "\n"), 3);
	assert_int_equal(count(text, "\"outcome\":\"permanent\""), 1);
	assert_int_equal(count(text, "\"outcome\":\"temporary\""), 1);
	assert_int_equal(count(text, "\"outcome\":\"ok\""), 1);
	assert_non_null(strstr(text,
	    "\"worst\":550,\"worst_enhanced\":\"5.1.1\","
	    "\"worst_text\":\"unknown\","
	    "\"failed_command\":\"RCPT TO:<b@example.net>\""));
	free(text);
	text = write_all(x, "csv", o, 3);
	assert_int_equal(count(text, "\r\n"), 4);
	free(text);
	text = write_all(x, "table", o, 3);
	assert_int_equal(count(text, "\n"), 4);
	free(text);
	text = write_all(x, "transcript", o, 3);
	/* Headings, their lines, and an empty line between two. */
	assert_int_equal(count(text, "\n"), 3 + 3 * 11 + 2);
	assert_int_equal(count(text, "\n> "), 2);
	assert_int_equal(count(text, "\n! "), 2);
	free(text);
	text = write_all(x, "summary", o, 3);
	assert_non_null(strstr(text, "  550 5.1.1 unknown\n"));
	assert_non_null(strstr(text, "  451 4.7.1 later\n"));
	assert_non_null(strstr(text, "\nall                   3\n"));
	assert_non_null(strstr(text, "192.0.2.13"));
	free(text);
	text = write_all(x, "none", o, 3);
	assert_string_equal(text, "");
	free(text);
	assert_null(report_by_name("xml"));
}

static void
test_limit(void **state)
{
	struct report_options o = { .limit = 2 };
	char *text = write_all(*state, "json", o, 2);

	assert_int_equal(count(text, "\n"), 2);
	free(text);
	free(write_all(*state, "none", o, 2));
	o.limit = 4;
	free(write_all(*state, "none", o, 3));
}

/* The order is the selection's. */
static void
test_order(void **state)
{
	struct fixture *x = *state;
	struct report_options o = { .limit = 1 };
	char *text;

	selection_set(x->sel, NULL, COLUMN_NUMBER, true);
	selection_finish(x->sel);
	text = write_all(x, "json", o, 1);
	assert_memory_equal(text, "{\"number\":3,", 12);
	free(text);
	selection_set(x->sel, NULL, COLUMN_NUMBER, false);
	selection_finish(x->sel);
}

/* A row that every form can write, and a stream that takes none. */
static void
expect_failure(struct fixture *x, FILE *out, const char *form, int status,
    bool words)
{
	struct report_options o = { .out = out };
	struct err err = { "" };
	uint64_t rows = 0;

	assert_int_equal(report_write(report_by_name(form), &o, x->log.store,
	    x->sel, &rows, &err), status);
	assert_int_equal(err.text[0] != '\0', words);
	/* Gathered, though the block they are in went nowhere. */
	assert_int_equal(rows, 3);
}

static void
test_closed_pipe(void **state)
{
	static const char *const forms[] = {
		"table", "csv", "json", "transcript", "summary",
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		int fd[2];
		FILE *out;

		assert_int_equal(pipe(fd), 0);
		close(fd[0]);
		out = fdopen(fd[1], "w");
		assert_non_null(out);
		expect_failure(*state, out, forms[i], 0, false);
		fclose(out);
	}
}

static void
test_full_disk(void **state)
{
	FILE *out = fopen("/dev/full", "w");

	if (!out)
		skip();
	expect_failure(*state, out, "json", -1, true);
	fclose(out);
}

/* A log that was cut short: what is left is written, to the last session. */
static void
test_log_gone(void **state)
{
	struct fixture *x = *state;
	struct report_options o = { 0 };
	char *text = NULL;
	size_t n = 0;
	struct err err = { "" };
	uint64_t rows = 0;

	assert_int_equal(truncate(x->log.path, 0), 0);
	o.out = open_memstream(&text, &n);
	report_write(report_by_name("json"), &o, x->log.store, x->sel, &rows,
	    &err);
	fclose(o.out);
	assert_int_equal(rows, 3);
	assert_int_equal(count(text, "\n"), 3);
	/* The record still knows how it ended. */
	assert_int_equal(count(text, "\"worst\":550"), 1);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_closed_pipe),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_log_gone),    /* the last: it is gone */
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
