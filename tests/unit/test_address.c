/*
 * IP addresses, nets, order.
 */
#include "config.h"

#include "query/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct address
address(const char *text)
{
	struct address a;

	if (!address_parse(slice_of(text), &a))
		fail_msg("%s is an address", text);
	return a;
}

static void
test_parse(void **state)
{
	struct address a = address("192.0.2.17"), b;

	(void)state;
	assert_true(a.v4);
	assert_int_equal(a.byte[12], 192);
	assert_int_equal(a.byte[15], 17);
	b = address("::ffff:192.0.2.17");
	assert_int_equal(address_compare(&a, &b), 0);
	b = address("[192.0.2.17]");
	assert_int_equal(address_compare(&a, &b), 0);
	a = address("2001:db8::1");
	assert_false(a.v4);
	b = address("2001:0DB8:0:0:0:0:0:1");
	assert_int_equal(address_compare(&a, &b), 0);
	b = address("[IPv6:2001:db8::1]");
	assert_int_equal(address_compare(&a, &b), 0);
	a = address("fe80::1%eth0");
	b = address("fe80::1");
	assert_int_equal(address_compare(&a, &b), 0);
}

static void
test_no_address(void **state)
{
	static const char *const wrong[] = {
		"", "1.2.3", "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "1..2.3",
		"a.b.c.d", "1.2.3.4 ", "pop3.test.com", ":", "::1::", "[]",
		"0001.2.3.4", "1.2.3.-4", "12345::1",
		"2001:db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001",
	};
	struct address a;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (address_parse(slice_of(wrong[i]), &a))
			fail_msg("%s is no address", wrong[i]);
	assert_false(address_parse((struct slice){ "::1\0", 4 }, &a));
	assert_false(address_parse(SLICE_NONE, &a));
}

static bool
in_net(const char *text, const char *net, uint64_t bits)
{
	struct address a = address(text), n = address(net), first, last;

	assert_true(address_net(&n, bits, &first, &last));
	return address_compare(&a, &first) >= 0 &&
	    address_compare(&a, &last) <= 0;
}

static void
test_nets(void **state)
{
	struct address a = address("10.0.0.0"), first, last;

	(void)state;
	assert_true(in_net("10.255.0.1", "10.0.0.0", 8));
	assert_false(in_net("11.0.0.0", "10.0.0.0", 8));
	assert_false(in_net("9.255.255.255", "10.0.0.0", 8));
	assert_true(in_net("10.9.8.7", "10.1.2.3", 8));
	assert_true(in_net("192.0.2.130", "192.0.2.128", 25));
	assert_false(in_net("192.0.2.127", "192.0.2.128", 25));
	assert_true(in_net("192.0.2.1", "192.0.2.1", 32));
	assert_false(in_net("192.0.2.2", "192.0.2.1", 32));
	assert_true(in_net("203.0.113.7", "0.0.0.0", 0));
	assert_false(in_net("2001:db8::1", "0.0.0.0", 0));
	assert_true(in_net("2001:db8:ffff::1", "2001:db8::", 32));
	assert_false(in_net("2001:db9::1", "2001:db8::", 32));
	assert_true(in_net("2001:db8::1", "::", 0));
	assert_false(address_net(&a, 33, &first, &last));
	a = address("::");
	assert_false(address_net(&a, 129, &first, &last));
}

static void
test_order(void **state)
{
	struct address a = address("9.0.0.0"), b = address("10.0.0.0");
	struct address c = address("::1");

	(void)state;
	assert_true(address_compare(&a, &b) < 0);
	assert_true(address_compare(&b, &a) > 0);
	assert_true(address_compare(&b, &c) < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_nets),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
