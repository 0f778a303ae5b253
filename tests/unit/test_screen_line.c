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
#include <stdlib.h>

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

/* What no session owns is listed; headers and blanks are none of it. */
static void
lines_of_no_session(void **state)
{
	struct with_stage w;
	struct buf log = { 0 };

	(void)state;
	buf_add(&log, slice_of(sample_log));
	buf_add(&log, SLICE("what is\033[2J this\n\n"));
	for (int i = 0; i < 100; i++)
		buf_addf(&log, "foreign %d of them\n", i);
	buf_add_char(&log, '\0');
	with_stage(&w, log.p, 24, 80);
	press(&w, "U");
	expect_seen(&w, "what is^[[2J this");
	expect_seen(&w, "line 1 of 101");
	expect_not_seen(&w, "#Fields");
	press(&w, "G");
	expect_seen(&w, "foreign 99 of them");
	expect_seen(&w, "line 101 of 101");
	press(&w, "h l l");
	expect_not_seen(&w, "foreign 99 of them");
	press(&w, "5");
	expect_seen(&w, "leave these lines first");
	press(&w, "?");
	expect_seen(&w, "one line down");
	press(&w, "q");
	expect_seen(&w, "of them");
	press(&w, "q");
	expect_cursor_at(&w, "1 ");
	without_stage(&w);
	with_stage(&w, sample_log, 10, 40);
	press(&w, "U");
	expect_seen(&w, "every line belongs to a session");
	press(&w, "j y U");
	expect_not_seen(&w, "every line belongs");
	without_stage(&w);
	buf_free(&log);
}

/* The server's own text stands first; what is meant is where the cursor is. */
static void
a_reply_is_explained(void **state)
{
	struct buf data = { 0 };
	const char *top;
	struct with_stage w;

	(void)state;
	top = getenv("abs_top_srcdir");
	buf_addf(&data, "%s/data", top ? top : ".");
	buf_add_char(&data, '\0');
	setenv("EHLOG_DATADIR", data.p, 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	with_stage(&w, sample_log, 40, 80);
	press(&w, "5 x");
	expect_seen(&w, "550 5.1.10 Recipient not found");
	expect_seen(&w, "Next step");
	expect_seen(&w, "550 to RCPT");
	press(&w, "x");
	expect_not_seen(&w, "Next step");
	press(&w, "Enter x");
	expect_seen(&w, "550 to RCPT");
	press(&w, "Esc");
	expect_not_seen(&w, "Next step");
	press(&w, "G k x");
	expect_seen(&w, "221 2.0.0 Bye");
	press(&w, "5");
	expect_seen(&w, "leave the explanation first");
	press(&w, "? q q q 0 g x");
	expect_seen(&w, "there is no failing reply to explain");
	/* A log writes what it likes, and the screen shows it. */
	press(&w, "5 G x");
	expect_seen(&w, "552 5.2.2 Mailbox ^[]0;full^G");
	resize(&w, 10, 40);
	expect_seen(&w, "552 5.2.2");
	press(&w, "G h l Space");
	without_stage(&w);
	buf_free(&data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_by_its_name),
		cmocka_unit_test(what_is_no_command),
		cmocka_unit_test(the_log_as_another_format),
		cmocka_unit_test(lines_of_no_session),
		cmocka_unit_test(a_reply_is_explained),
	};

	setlocale(LC_ALL, "C.UTF-8");
	text_init(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
