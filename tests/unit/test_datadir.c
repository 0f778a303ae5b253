/*
 * Where the demo log is looked for.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "config/datadir.h"

static void
the_environment_goes_first(void **state)
{
	char *path;

	(void)state;
	setenv("EHLOG_DATADIR", "/somewhere/else", 1);
	path = datadir_path("demo.log");
	assert_string_equal(path, "/somewhere/else/demo.log");
	free(path);
}

/* No share/ lies beside this program: what is installed is the answer. */
static void
what_is_installed_comes_last(void **state)
{
	char *path;

	(void)state;
	setenv("EHLOG_DATADIR", "", 1);
	path = datadir_path("no-such-file");
	assert_string_equal(path, EHLOG_PKGDATADIR "/no-such-file");
	free(path);
	unsetenv("EHLOG_DATADIR");
	path = datadir_path("no-such-file");
	assert_string_equal(path, EHLOG_PKGDATADIR "/no-such-file");
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_environment_goes_first),
		cmocka_unit_test(what_is_installed_comes_last),
	};

	return cmocka_run_group_tests_name("datadir", tests, NULL, NULL);
}
