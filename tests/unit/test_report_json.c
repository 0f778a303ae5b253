/*
 * JSON: names and their order, null for what is not known, exact text.
 */
#include "config.h"

#include "report_sample.h"

#include <jansson.h>
#include <string.h>

static void
test_names_and_order(void **state)
{
	struct report_options o = { 0 };
	struct sample s;

	(void)state;
	sample_refused(&s);
	sample_expect("json", &o, &s.f,
	    "{\"number\":21,\"format\":\"exchange-csv\","
	    "\"source\":\"RECV2026112300-1.LOG\","
	    "\"key\":\"08DC42C8FF236A1F\","
	    "\"start\":\"2026-11-23T00:00:00.088Z\","
	    "\"end\":\"2026-11-23T00:00:02.188Z\",\"duration_ms\":2100,"
	    "\"direction\":\"in\",\"peer\":\"192.0.2.210\",\"port\":50447,"
	    "\"server\":\"10.0.0.5:25\",\"helo\":\"mail21.example.org\","
	    "\"tls\":null,\"auth\":null,"
	    "\"messages\":[{\"from\":\"\",\"size\":2048,\"recipients\":["
	    "{\"to\":\"chris@play.com\",\"code\":550,\"enhanced\":\"5.7.1\","
	    "\"text\":\"not, \\\"ever\\\"\"}],\"code\":null,"
	    "\"enhanced\":null,\"text\":null,\"id\":null}],"
	    "\"commands\":3,\"replies\":4,\"codes\":[220,250,250,550],"
	    "\"worst\":550,\"worst_enhanced\":\"5.7.1\","
	    "\"worst_text\":\"not, \\\"ever\\\"\","
	    "\"failed_command\":\"RCPT TO:<chris@play.com>\","
	    "\"outcome\":\"permanent\",\"guessed\":false,\"first_line\":100,"
	    "\"last_line\":124,\"lines\":9}\n");
}

static void
test_nothing_known(void **state)
{
	struct report_options o = { 0 };
	struct sample s;

	(void)state;
	sample_nothing(&s);
	sample_expect("json", &o, &s.f,
	    "{\"number\":7,\"format\":\"exchange-csv\","
	    "\"source\":\"RECV2026112300-1.LOG\",\"key\":null,"
	    "\"start\":null,\"end\":null,\"duration_ms\":null,"
	    "\"direction\":null,\"peer\":null,\"port\":null,\"server\":null,"
	    "\"helo\":null,\"tls\":null,\"auth\":null,\"messages\":[],"
	    "\"commands\":0,\"replies\":0,\"codes\":[],\"worst\":null,"
	    "\"worst_enhanced\":null,\"worst_text\":null,"
	    "\"failed_command\":null,\"outcome\":\"empty\","
	    "\"guessed\":false,\"first_line\":0,\"last_line\":0,\"lines\":0}\n");
}

/* The row object is used again: nothing may stay of the session before. */
static void
test_rows_are_apart(void **state)
{
	const struct report_format *rf = report_by_name("json");
	struct report_options o = { 0 };
	struct sample full, none;
	char *text = NULL, *alone;
	size_t n = 0;
	void *st = NULL;

	(void)state;
	sample_refused(&full);
	sample_nothing(&none);
	alone = sample_report("json", o, &none.f, 1);
	o.out = open_memstream(&text, &n);
	assert_int_equal(rf->begin(&st, &o), 0);
	assert_int_equal(rf->row(st, &o, &full.f), 0);
	assert_int_equal(rf->row(st, &o, &none.f), 0);
	assert_int_equal(rf->end(st, &o), 0);
	fclose(o.out);
	assert_non_null(strchr(text, '\n'));
	assert_string_equal(strchr(text, '\n') + 1, alone);
	free(text);
	free(alone);
}

static json_t *
parse(const char *form_of, struct report_options o, const struct facts *f)
{
	char *text = sample_report(form_of, o, f, 1);
	json_t *row = json_loads(text, JSON_ALLOW_NUL, NULL);

	assert_non_null(row);
	free(text);
	return row;
}

static void
test_any_byte_is_kept(void **state)
{
	static const char helo[] = "a\0b\033[31m\x7f\xff\xd0\x96\t";
	static const char expected[] =
	    "a\0b\033[31m\x7f\xc3\xbf\xd0\x96\t";
	struct report_options o = { 0 };
	struct sample s;
	json_t *row, *value;

	(void)state;
	sample_refused(&s);
	s.f.helo = SLICE(helo);
	row = parse("json", o, &s.f);
	value = json_object_get(row, "helo");
	assert_int_equal(json_string_length(value), sizeof expected - 1);
	assert_memory_equal(json_string_value(value), expected,
	    sizeof expected - 1);
	json_decref(row);
}

/* On a terminal: no control goes out, and the value stays the same. */
static void
test_terminal(void **state)
{
	/* ESC, DEL, C1 CSI, right-to-left override, a tag; and a letter. */
	static const char helo[] =
	    "\033[2J\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81\xd0\x96";
	struct report_options o = { .safe = true };
	struct sample s;
	char *text;
	json_t *row;

	(void)state;
	sample_refused(&s);
	s.f.helo = SLICE(helo);
	text = sample_report("json", o, &s.f, 1);
	for (const char *p = text; *p; p++)
		assert_true(*p == '\n' || ((unsigned char)*p >= 0x20 &&
		    *p != 0x7f));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_non_null(strstr(text, "\xd0\x96"));
	row = json_loads(text, 0, NULL);
	assert_non_null(row);
	assert_string_equal(json_string_value(json_object_get(row, "helo")),
	    helo);
	json_decref(row);
	free(text);
	/* Without UTF-8 nothing but ASCII goes out, of the same value. */
	text_init(false);
	text = sample_report("json", o, &s.f, 1);
	text_init(true);
	for (const char *p = text; *p; p++)
		assert_true((unsigned char)*p < 0x7f);
	row = json_loads(text, 0, NULL);
	assert_non_null(row);
	assert_string_equal(json_string_value(json_object_get(row, "helo")),
	    helo);
	json_decref(row);
	free(text);
}

static void
test_secrets(void **state)
{
	struct report_options o = { 0 };
	struct sample s;
	json_t *row;

	(void)state;
	sample_refused(&s);
	sample_make_auth(&s);
	row = parse("json", o, &s.f);
	assert_string_equal(json_string_value(json_object_get(row,
	    "failed_command")), "AUTH PLAIN [hidden]");
	json_decref(row);
	o.secrets = true;
	row = parse("json", o, &s.f);
	assert_string_equal(json_string_value(json_object_get(row,
	    "failed_command")), "AUTH PLAIN AGFubgBzZWNyZXQ=");
	json_decref(row);
}

static void
expect_start(struct sample *s, const struct report_options *o,
    const char *expected)
{
	json_t *row = parse("json", *o, &s->f);

	assert_string_equal(json_string_value(json_object_get(row, "start")),
	    expected);
	json_decref(row);
}

static void
test_times(void **state)
{
	const struct zone east = { .kind = ZONE_FIXED, .offset = 7200 };
	struct report_options o = { 0 };
	struct sample s;
	json_t *row;

	(void)state;
	sample_refused(&s);
	s.stream.traits.times_are_utc = false;
	expect_start(&s, &o, "2026-11-23T00:00:00.088");
	s.stream.traits.times_have_ms = false;
	expect_start(&s, &o, "2026-11-23T00:00:00");
	s.stream.shown = &east;
	expect_start(&s, &o, "2026-11-23T02:00:00+02:00");
	s.stream.traits.times_are_utc = true;
	expect_start(&s, &o, "2026-11-23T02:00:00+02:00");
	s.stream.shown = NULL;
	expect_start(&s, &o, "2026-11-23T00:00:00Z");
	/* The record ends at 49 days. */
	s.f.rec.duration = UINT32_MAX;
	s.f.end = s.f.rec.start + INT64_C(5000000000);
	row = parse("json", o, &s.f);
	assert_int_equal(json_integer_value(json_object_get(row,
	    "duration_ms")), INT64_C(5000000000));
	json_decref(row);
}

/* 3xx is no failure; a size no reader could hold is not negative. */
static void
test_numbers(void **state)
{
	struct report_options o = { 0 };
	struct sample s;
	json_t *row, *size;

	(void)state;
	sample_refused(&s);
	s.f.rec.worst = s.replies[3].code = 354;
	s.f.failed_command = SLICE_NONE;
	s.f.auth = (struct slice){ "", 0 };
	s.f.rec.flags |= SESSION_OUT;
	s.message.size = UINT64_MAX;
	row = parse("json", o, &s.f);
	assert_true(json_is_null(json_object_get(row, "worst")));
	assert_true(json_is_null(json_object_get(row, "worst_enhanced")));
	assert_true(json_is_null(json_object_get(row, "worst_text")));
	assert_string_equal(json_string_value(json_object_get(row, "auth")),
	    "");
	assert_string_equal(json_string_value(json_object_get(row,
	    "direction")), "out");
	size = json_object_get(json_array_get(json_object_get(row, "messages"),
	    0), "size");
	assert_true(json_integer_value(size) == INT64_MAX);
	json_decref(row);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_order),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_rows_are_apart),
		cmocka_unit_test(test_any_byte_is_kept),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, sample_setup, NULL);
}
