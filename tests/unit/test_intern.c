/*
 * Interned strings: one number for one text, places that stay, and one writer
 * beside one reader.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/intern.h"
#include "base/mem.h"

#define DEADLINE_MS 20000
#define STRINGS     30000u

struct name {
	char text[32];
	size_t n;
};

/* The text that gets number i; different lengths, some with a NUL. */
static struct name
name_of(uint32_t i)
{
	struct name name;

	name.n = (size_t)snprintf(name.text, sizeof name.text,
	    "mail%u.example.%s", i, i % 3 ? "com" : "org");
	if (i % 5 == 0)
		name.text[name.n - 2] = '\0';
	return name;
}

static struct slice
slice_of_name(const struct name *name)
{
	return (struct slice){ name->text, name->n };
}

static void
test_numbers(void **state)
{
	struct intern in;
	char copy[] = "a.example.com";

	(void)state;
	intern_init(&in);
	assert_int_equal(intern_add(&in, SLICE_NONE), 0);
	assert_int_equal(intern_add(&in, SLICE("")), 0);
	assert_int_equal(intern_add(&in, slice_of(copy)), 1);
	/* The text was copied. */
	copy[0] = 'b';
	assert_int_equal(intern_add(&in, slice_of(copy)), 2);
	assert_int_equal(intern_add(&in, SLICE("a.example.com")), 1);
	assert_int_equal(intern_add(&in, SLICE("A.example.com")), 3);
	assert_int_equal(intern_add(&in, SLICE("a.example.co")), 4);
	intern_publish(&in);
	assert_true(slice_eq(intern_text(&in, 1), SLICE("a.example.com")));
	assert_true(slice_eq(intern_text(&in, 2), SLICE("b.example.com")));
	assert_null(intern_text(&in, 0).p);
	assert_null(intern_text(&in, 5).p);
	assert_null(intern_text(&in, UINT32_MAX).p);
	intern_free(&in);
}

static void
test_unpublished_is_unseen(void **state)
{
	struct intern in;

	(void)state;
	intern_init(&in);
	assert_int_equal(intern_add(&in, SLICE("x")), 1);
	assert_null(intern_text(&in, 1).p);
	intern_publish(&in);
	assert_true(slice_eq(intern_text(&in, 1), SLICE("x")));
	intern_free(&in);
}

static void
test_many(void **state)
{
	struct intern in;
	struct slice first;
	uint64_t text = 0;

	(void)state;
	intern_init(&in);
	intern_add(&in, slice_of(name_of(1).text));
	intern_publish(&in);
	first = intern_text(&in, 1);
	for (uint32_t i = 2; i <= STRINGS; i++) {
		struct name name = name_of(i);

		assert_int_equal(intern_add(&in, slice_of_name(&name)), i);
		text += name.n;
	}
	for (uint32_t i = 2; i <= STRINGS; i++) {
		struct name name = name_of(i);

		assert_int_equal(intern_add(&in, slice_of_name(&name)), i);
	}
	intern_publish(&in);
	assert_ptr_equal(intern_text(&in, 1).p, first.p);
	for (uint32_t i = 2; i <= STRINGS; i++) {
		struct name name = name_of(i);

		assert_true(slice_eq(intern_text(&in, i), slice_of_name(&name)));
	}
	/* All texts, a slice each, a hash place each: no less, not ten times. */
	assert_true(intern_bytes(&in) > text + STRINGS * 20);
	assert_true(intern_bytes(&in) < 2 * text + STRINGS * 40);
	intern_free(&in);
	assert_true(intern_bytes(&in) == 0);
}

static void
test_large_texts(void **state)
{
	struct intern in;
	char *large = mem_alloc(1000000);

	(void)state;
	intern_init(&in);
	memset(large, 'x', 1000000);
	/* Around and over the size of what the texts are kept in. */
	for (uint32_t i = 1; i <= 20; i++) {
		assert_int_equal(intern_add(&in,
		    (struct slice){ large, i * 50000 }), 2 * i - 1);
		assert_int_equal(intern_add(&in,
		    (struct slice){ large, i * 4001 - 100 }), 2 * i);
	}
	intern_publish(&in);
	for (uint32_t i = 1; i <= 20; i++) {
		assert_true(slice_eq(intern_text(&in, 2 * i - 1),
		    (struct slice){ large, i * 50000 }));
		assert_true(slice_eq(intern_text(&in, 2 * i),
		    (struct slice){ large, i * 4001 - 100 }));
	}
	intern_free(&in);
	free(large);
}

struct shared {
	struct intern in;
	_Atomic uint32_t last;   /* release by the writer, acquire here */
};

static void *
write_names(void *user)
{
	struct shared *sh = user;

	for (uint32_t i = 1; i <= STRINGS; i++) {
		struct name name = name_of(i);
		uint32_t number = intern_add(&sh->in, slice_of_name(&name));

		intern_publish(&sh->in);
		atomic_store_explicit(&sh->last, number, memory_order_release);
	}
	return NULL;
}

static void
test_writer_and_reader(void **state)
{
	struct shared sh = { .last = 0 };
	pthread_t writer;
	uint32_t seen = 0;
	unsigned wrong = 0;
	int64_t end = clock_now_ms() + DEADLINE_MS;

	(void)state;
	intern_init(&sh.in);
	assert_int_equal(pthread_create(&writer, NULL, write_names, &sh), 0);
	while (seen < STRINGS && clock_now_ms() < end) {
		uint32_t last = atomic_load_explicit(&sh.last,
		    memory_order_acquire);

		for (; seen < last; seen++) {
			struct name name = name_of(seen + 1);

			wrong += !slice_eq(intern_text(&sh.in, seen + 1),
			    slice_of_name(&name));
		}
		wrong += last && intern_bytes(&sh.in) == 0;
	}
	pthread_join(writer, NULL);
	assert_int_equal(seen, STRINGS);
	assert_int_equal(wrong, 0);
	intern_free(&sh.in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_unpublished_is_unseen),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_large_texts),
		cmocka_unit_test(test_writer_and_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
