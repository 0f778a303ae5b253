/*
 * User names out of AUTH data.  The base64 was made with another program.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "smtp/auth.h"

static void
check(const char *mechanism, unsigned turn, const char *data, const char *want)
{
	struct buf user = { 0 };
	bool found = auth_user(slice_of(mechanism), turn, slice_of(data),
	    &user);

	assert_int_equal(found, want != NULL);
	if (want && !slice_eq(buf_slice(&user), slice_of(want)))
		fail_msg("%s: '%.*s'", mechanism,
		    SLICE_ARGS(buf_slice(&user)));
	buf_free(&user);
}

static void
names(void **state)
{
	(void)state;
	/* "\0ann\0secret", "x\0ann@play.com\0secret" */
	check("PLAIN", 0, "AGFubgBzZWNyZXQ=", "ann");
	check("plain", 0, "eABhbm5AcGxheS5jb20Ac2VjcmV0", "ann@play.com");
	check("LOGIN", 0, "YW5u", "ann");
	check("LOGIN", 1, "c2VjcmV0", NULL);     /* that is the password */
	check("CRAM-MD5", 0, "YW5u", NULL);
}

static void
nonsense(void **state)
{
	(void)state;
	check("PLAIN", 0, "", NULL);
	check("PLAIN", 0, "*", NULL);
	check("PLAIN", 0, "YW5u", NULL);         /* no NUL in it */
	check("PLAIN", 0, "AGFubg==", NULL);     /* only one */
	check("NTLM", 0, "TlRMTVNTUAABAAAA", NULL);
	/* Type 3 with lengths and offsets far outside. */
	check("NTLM", 0, "TlRMTVNTUAADAAAA//////////////////////////////////"
	    "//////////////////////////////////////////////////////////////",
	    NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
