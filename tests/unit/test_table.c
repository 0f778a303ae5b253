/*
 * Published tables: places that never move, nothing seen before it is
 * published, and one writer beside one reader.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/table.h"

#define DEADLINE_MS 20000
#define ELEMENTS    200000

struct element {
	uint64_t number, square;
	char tail[7];
};

static void
test_places_stay(void **state)
{
	struct table t;
	uint32_t *place[1000];

	(void)state;
	table_init(&t, sizeof(uint32_t), 2);
	for (uint32_t i = 0; i < 1000; i++) {
		place[i] = table_append(&t);
		assert_int_equal(*place[i], 0);
		*place[i] = i + 1;
	}
	table_publish(&t);
	for (uint32_t i = 0; i < 1000; i++) {
		assert_ptr_equal(table_at(&t, i), place[i]);
		assert_int_equal(*place[i], i + 1);
	}
	table_free(&t);
}

static void
test_publish(void **state)
{
	struct table t;

	(void)state;
	table_init(&t, 3, 0);
	assert_true(table_count(&t) == 0);
	table_append(&t);
	table_append(&t);
	assert_true(table_count(&t) == 0);
	assert_true(table_bytes(&t) == 0);
	table_publish(&t);
	assert_true(table_count(&t) == 2);
	assert_true(table_bytes(&t) == 6);
	table_free(&t);
	assert_true(table_count(&t) == 0);
}

static void
test_free_empty(void **state)
{
	struct table t;

	(void)state;
	table_init(&t, 8, 10);
	table_free(&t);
	assert_true(table_bytes(&t) == 0);
}

/* Batches of 1 to 64, so that the ends of segments fall anywhere in them. */
static void *
write_elements(void *user)
{
	struct table *t = user;

	for (uint64_t i = 0; i < ELEMENTS; i++) {
		struct element *e = table_append(t);

		e->number = i;
		e->square = i * i;
		e->tail[6] = (char)(i % 100);
		if (i % 64 >= i / 64 % 64)
			table_publish(t);
	}
	table_publish(t);
	return NULL;
}

/* How many elements up to `count` are not what was written. */
static uint64_t
wrong_elements(const struct table *t, uint64_t from, uint64_t count)
{
	uint64_t wrong = 0;

	for (uint64_t i = from; i < count; i++) {
		const struct element *e = table_at(t, i);

		wrong += e->number != i || e->square != i * i ||
		    e->tail[6] != (char)(i % 100);
	}
	return wrong;
}

static void
test_writer_and_reader(void **state)
{
	struct table t;
	pthread_t writer;
	uint64_t seen = 0, wrong = 0, backwards = 0;
	int64_t end = clock_now_ms() + DEADLINE_MS;

	(void)state;
	table_init(&t, sizeof(struct element), 3);
	assert_int_equal(pthread_create(&writer, NULL, write_elements, &t), 0);
	while (seen < ELEMENTS && clock_now_ms() < end) {
		uint64_t count = table_count(&t);

		backwards += count < seen;
		wrong += wrong_elements(&t, seen, count);
		seen = count;
	}
	pthread_join(writer, NULL);
	assert_true(seen == ELEMENTS);
	assert_true(backwards == 0);
	assert_true(wrong == 0);
	assert_true(wrong_elements(&t, 0, ELEMENTS) == 0);
	table_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places_stay),
		cmocka_unit_test(test_publish),
		cmocka_unit_test(test_free_empty),
		cmocka_unit_test(test_writer_and_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
