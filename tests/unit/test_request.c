/*
 * The command line as a request: names looked up, times made part of the
 * filter, mistakes told with what there is instead.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "query/request.h"

struct ask {
	struct options o;
	struct request r;
	struct buf words;
};

/* What request_read() returns; the arguments end in NULL. */
static int
ask(struct ask *a, const char *first, ...)
{
	char *argv[16] = { (char *)"ehlog" };
	int argc = 1;
	struct err err = { "" };
	va_list ap;

	*a = (struct ask){ 0 };
	va_start(ap, first);
	for (const char *s = first; s; s = va_arg(ap, const char *))
		argv[argc++] = (char *)s;
	va_end(ap);
	if (options_parse(&a->o, argc, argv, &err) < 0)
		fail_msg("%s", err.text);
	return request_read(&a->r, &a->o, &a->words);
}

static void
done(struct ask *a)
{
	options_free(&a->o);
	request_free(&a->r);
	buf_free(&a->words);
}

static void
has(const struct ask *a, const char *part)
{
	if (slice_find(buf_slice(&a->words), slice_of(part)) < 0)
		fail_msg("no '%s' in '%.*s'", part,
		    SLICE_ARGS(buf_slice(&a->words)));
}

static void
nothing_is_asked_for(void **state)
{
	struct ask a;

	(void)state;
	assert_int_equal(ask(&a, NULL), 0);
	assert_null(a.r.format);
	assert_null(a.r.expr);
	assert_false(a.r.sorted);
	assert_false(a.r.reverse);
	assert_int_equal(a.r.sort, COLUMN_NUMBER);
	assert_null(request_filter(&a.r, &a.o.zone));
	done(&a);
}

static void
names_are_looked_up(void **state)
{
	struct ask a;

	(void)state;
	assert_int_equal(ask(&a, "--format=exchange-ims", "--sort=-took",
	    NULL), 0);
	assert_string_equal(a.r.format->name, "exchange-ims");
	assert_true(a.r.sorted);
	assert_true(a.r.reverse);
	assert_int_equal(a.r.sort, COLUMN_TOOK);
	done(&a);
}

static void
unknown_names_are_told(void **state)
{
	struct ask a;

	(void)state;
	assert_int_equal(ask(&a, "--format=telegram", "--sort=beauty", NULL),
	    -1);
	has(&a, "telegram");
	has(&a, "exchange-csv");
	has(&a, "beauty");
	has(&a, "took");
	assert_int_equal(a.words.p[a.words.n - 1], '\n');
	done(&a);
}

static void
times_join_the_filter(void **state)
{
	struct ask a;
	struct filter *f;

	(void)state;
	assert_int_equal(ask(&a, "--filter=is:ok or is:open",
	    "--since=2026-11-01", "--until=12:30", NULL), 0);
	assert_string_equal(a.r.expr, "(is:ok or is:open) "
	    "start>=\"2026-11-01\" not start>=\"12:30\"");
	f = request_filter(&a.r, &a.o.zone);
	assert_non_null(f);
	filter_free(f);
	done(&a);
	assert_int_equal(ask(&a, "--since=2026-11-01T10:00:00.500Z", NULL), 0);
	f = request_filter(&a.r, &a.o.zone);
	assert_non_null(f);
	filter_free(f);
	done(&a);
	assert_int_equal(ask(&a, "--filter=is:ok or is:open", NULL), 0);
	assert_string_equal(a.r.expr, "is:ok or is:open");
	done(&a);
}

static void
mistakes_are_told(void **state)
{
	struct ask a;

	(void)state;
	assert_int_equal(ask(&a, "--filter=colour:red", NULL), -1);
	has(&a, "colour:red\n");
	has(&a, "^");
	done(&a);
	assert_int_equal(ask(&a, "--since=soon", NULL), -1);
	has(&a, "--since");
	done(&a);
	/* What would end the quotes is no time. */
	assert_int_equal(ask(&a, "--until=10:30\" or \"", NULL), -1);
	has(&a, "--until");
	done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_asked_for),
		cmocka_unit_test(names_are_looked_up),
		cmocka_unit_test(unknown_names_are_told),
		cmocka_unit_test(times_join_the_filter),
		cmocka_unit_test(mistakes_are_told),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
