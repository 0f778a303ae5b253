/*
 * Commands typed by name, and a log that is to be read as another format.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>

#include "base/utf8.h"
#include "unit/with_stage.h"

static void
type_line(struct with_stage *w, const char *words)
{
	press(w, ":");
	type(w, words);
	press(w, "Enter");
}

static void
a_command_by_its_name(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	type_line(&w, "only-permanent");
	expect_seen(&w, "only 5xx");
	/* No other command begins so. */
	type_line(&w, "sh");
	expect_not_seen(&w, "only 5xx");
	press(&w, ":");
	type(&w, "only-fine");
	expect_seen(&w, "only sessions without a failure");
	press(&w, "Esc");
	without_stage(&w);
}

static void
what_is_no_command(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 80);
	type_line(&w, "frobnicate it");
	expect_seen(&w, "there is no command 'frobnicate'");
	/* Two commands begin with it. */
	type_line(&w, "only");
	expect_seen(&w, "there is no command 'only'");
	type_line(&w, "raw");
	expect_seen(&w, "raw works in: transcript");
	type_line(&w, "  ");
	expect_not_seen(&w, "there is no command");
	without_stage(&w);
}

static void
the_log_as_another_format(void **state)
{
	struct with_stage w;

	(void)state;
	with_stage(&w, sample_log, 24, 120);
	type_line(&w, "format");
	expect_seen(&w, "is read as exchange-csv (100 of 100:");
	assert_false(w.changed & CHANGED_REOPEN);
	type_line(&w, "format exchange-ims");
	assert_true(w.changed & CHANGED_REOPEN);
	assert_string_equal(w.stage.reopen_as, "exchange-ims");
	assert_ptr_equal(w.stage.reopen_stream, store_stream(w.log.store, 0));
	type_line(&w, "format auto");
	assert_string_equal(w.stage.reopen_as, "auto");
	without_stage(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_by_its_name),
		cmocka_unit_test(what_is_no_command),
		cmocka_unit_test(the_log_as_another_format),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
