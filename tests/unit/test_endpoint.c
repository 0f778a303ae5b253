/*
 * Endpoints, names of folders, keys of open sessions: small parts of indexing.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "index/endpoint.h"
#include "index/open_map.h"
#include "input/gather.h"

static void
check_endpoint(const char *s, const char *host, int32_t port)
{
	struct slice h;
	int32_t p;

	endpoint_split(slice_of(s), &h, &p);
	if (!slice_eq(h, slice_of(host)) || p != port)
		fail_msg("%s: '%.*s' %d", s, SLICE_ARGS(h), (int)p);
}

static void
endpoints(void **state)
{
	(void)state;
	check_endpoint("192.0.2.1:25", "192.0.2.1", 25);
	check_endpoint("192.0.2.1", "192.0.2.1", -1);
	check_endpoint("[2001:db8::1]:587", "2001:db8::1", 587);
	check_endpoint("[2001:db8::1]", "2001:db8::1", -1);
	check_endpoint("2001:db8::25", "2001:db8::25", -1);
	check_endpoint("mail.test.com:2525", "mail.test.com", 2525);
	check_endpoint("x.x.x.x:25", "x.x.x.x", 25);
	check_endpoint("host:99999", "host:99999", -1);
	check_endpoint("192.0.2.1', 40000", "192.0.2.1", 40000);
	check_endpoint("2001:db8::1', 40000", "2001:db8::1", 40000);
	check_endpoint("192.0.2.1) port 25", "192.0.2.1", 25);
	check_endpoint("x', y", "x', y", -1);
	check_endpoint("host:", "host:", -1);
	check_endpoint("[broken", "[broken", -1);
	check_endpoint("", "", -1);
}

static void
names_order_by_number(void **state)
{
	(void)state;
	assert_true(gather_compare("RECV2026-9.LOG", "RECV2026-10.LOG") < 0);
	assert_true(gather_compare("a2b10", "a2b9") > 0);
	assert_true(gather_compare("a", "b") < 0);
	assert_true(gather_compare("a", "a1") < 0);
	assert_int_equal(gather_compare("a1", "a1"), 0);
	/* Equal by value, still two names with one order. */
	assert_true(gather_compare("a01", "a1") != 0);
	assert_true((gather_compare("a01", "a1") < 0) ==
	    (gather_compare("a1", "a01") > 0));
}

/* Against an array: whatever comes and goes, the same is there. */
static void
map_holds_what_was_put(void **state)
{
	enum { KEYS = 3000 };
	struct open_map m;
	uint32_t there[KEYS] = { 0 };
	uint64_t dice = 12345;

	(void)state;
	open_map_init(&m);
	for (int round = 0; round < 60000; round++) {
		uint64_t key;

		dice = dice * UINT64_C(6364136223846793005) + 1;
		key = (dice >> 33) % KEYS;
		if (there[key]) {
			assert_int_equal(open_map_get(&m, key * 64),
			    there[key]);
			open_map_remove(&m, key * 64);
			there[key] = 0;
		} else {
			assert_int_equal(open_map_get(&m, key * 64), 0);
			there[key] = (uint32_t)round + 1;
			open_map_put(&m, key * 64, there[key]);
		}
	}
	for (uint64_t key = 0; key < KEYS; key++)
		assert_int_equal(open_map_get(&m, key * 64), there[key]);
	open_map_remove(&m, 77);         /* never put: nothing happens */
	open_map_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints),
		cmocka_unit_test(names_order_by_number),
		cmocka_unit_test(map_holds_what_was_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
