/*
 * Sorted lists of sessions, against the plainest way to sort and to merge.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "query/order.h"

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Entries by number, with keys that share some digits and are often equal. */
static struct order_entry *
make(size_t n, uint32_t seed, unsigned keys, unsigned texts)
{
	struct order_entry *e = calloc(n, sizeof *e);

	assert_non_null(e);
	for (size_t i = 0; i < n; i++) {
		e[i].number = (uint32_t)i + 1;
		e[i].key = (uint64_t)(next_random(&seed) % keys) << 37 |
		    UINT64_C(0x8000000000000001);
		e[i].text = texts ? next_random(&seed) % texts : 0;
	}
	return e;
}

static void
check_sorted(const struct intern *texts, const struct order_entry *e, size_t n)
{
	for (size_t i = 1; i < n; i++)
		assert_true(order_compare(texts, &e[i - 1], &e[i]) < 0);
}

static void
make_texts(struct intern *texts)
{
	intern_init(texts);
	assert_int_equal(intern_add(texts, SLICE("zoe")), 1);
	assert_int_equal(intern_add(texts, SLICE("Ann")), 2);
	assert_int_equal(intern_add(texts, SLICE("annabel")), 3);
	assert_int_equal(intern_add(texts, SLICE("bob")), 4);
	intern_publish(texts);
}

static void
test_compare(void **state)
{
	struct order_entry a = { .key = 1, .number = 9 };
	struct order_entry b = { .key = 2, .number = 1 };
	struct intern texts;

	(void)state;
	make_texts(&texts);
	assert_true(order_compare(&texts, &a, &b) < 0);
	a.key = 2;
	assert_true(order_compare(&texts, &a, &b) > 0);
	b.text = 2;              /* a has none */
	assert_true(order_compare(&texts, &a, &b) < 0);
	a.text = 3;              /* annabel after Ann */
	assert_true(order_compare(&texts, &a, &b) > 0);
	b.text = 4;
	assert_true(order_compare(&texts, &a, &b) < 0);
	a.text = 4;
	b.number = 9;
	assert_int_equal(order_compare(&texts, &a, &b), 0);
	assert_true(order_text_key(SLICE("ann")) < order_text_key(SLICE("ANNA")));
	assert_true(order_text_key(SLICE("\xff")) > order_text_key(SLICE("z")));
	assert_int_equal(order_text_key(SLICE_NONE), 0);
	intern_free(&texts);
}

static void
test_sort(void **state)
{
	static const struct {
		size_t n;
		unsigned keys, texts;
	} cases[] = {
		{ 0, 1, 0 }, { 1, 1, 0 }, { 2, 2, 0 }, { 17, 5, 3 },
		{ 511, 1000, 5 }, { 512, 1000, 5 }, { 5000, 7, 5 },
		{ 5000, 1, 5 }, { 5000, 1 << 24, 0 },
	};
	struct intern texts;

	(void)state;
	make_texts(&texts);
	for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
		size_t n = cases[k].n;
		struct order_entry *e = make(n, (uint32_t)k, cases[k].keys,
		    cases[k].texts);
		uint64_t sum = 0;

		order_sort(&texts, e, n);
		check_sorted(&texts, e, n);
		for (size_t i = 0; i < n; i++)
			sum += e[i].number;
		assert_int_equal(sum, n * (n + 1) / 2);
		free(e);
	}
	intern_free(&texts);
}

/* Some go, some come, over and over; the truth is kept by hand. */
static void
test_apply(void **state)
{
	enum { N = 400 };
	struct order_entry *all = make(N, 42, 50, 5);
	unsigned char in[N] = { 0 };
	struct order_list l = { 0 };
	struct intern texts;
	uint32_t seed = 7;

	(void)state;
	make_texts(&texts);
	for (int round = 0; round < 200; round++) {
		struct order_list gone = { 0 }, come = { 0 };
		unsigned share = next_random(&seed) % 60 + 1;
		size_t expected = 0, at = 0;

		for (size_t i = 0; i < N; i++) {
			if (next_random(&seed) % share)
				continue;
			order_push(in[i] ? &gone : &come, &all[i]);
			in[i] ^= 1;
		}
		order_sort(&texts, gone.e, gone.n);
		order_sort(&texts, come.e, come.n);
		order_apply(&texts, &l, &gone, &come);
		check_sorted(&texts, l.e, l.n);
		for (size_t i = 0; i < N; i++)
			expected += in[i];
		assert_int_equal(l.n, expected);
		for (size_t i = 0; i < l.n; i++)
			assert_int_equal(in[l.e[i].number - 1], 1);
		for (size_t i = 0; i < l.n; i++, at++)
			assert_int_equal(order_lower(&texts, &l, &l.e[i]), at);
		order_free(&gone);
		order_free(&come);
	}
	order_free(&l);
	intern_free(&texts);
	free(all);
}

static void
test_apply_takes_out_only_what_is_there(void **state)
{
	const struct order_entry e[] = { { 1, 1, 0 }, { 2, 2, 0 }, { 3, 3, 0 },
	    { 2, 9, 0 } };
	struct order_list l = { 0 }, gone = { 0 }, come = { 0 };
	struct intern texts;

	(void)state;
	make_texts(&texts);
	order_push(&come, &e[0]);
	order_push(&come, &e[2]);
	order_apply(&texts, &l, &gone, &come);
	assert_int_equal(l.n, 2);
	order_push(&gone, &e[1]);
	order_push(&gone, &e[3]);
	come.n = 0;
	order_apply(&texts, &l, &gone, &come);
	assert_int_equal(l.n, 2);
	order_free(&l);
	order_free(&gone);
	order_free(&come);
	intern_free(&texts);
}

/* Keys that differ in so many bits, anywhere in the word. */
static void
test_sort_any_bits(void **state)
{
	enum { N = 700 };
	struct intern texts;
	uint32_t seed = 5;

	(void)state;
	intern_init(&texts);
	for (unsigned bits = 1; bits <= 64; bits++) {
		for (unsigned low = 0; low + bits <= 64; low += 7) {
			struct order_entry *e = calloc(N, sizeof *e);
			uint64_t sum = 0, after = 0;

			assert_non_null(e);
			for (unsigned i = 0; i < N; i++) {
				uint64_t r = (uint64_t)next_random(&seed) << 40 ^
				    (uint64_t)next_random(&seed) << 20 ^
				    next_random(&seed);

				e[i].number = i + 1;
				e[i].key = r >> (64 - bits) << low;
				sum += e[i].key * (i + 1);
			}
			order_sort(&texts, e, N);
			check_sorted(&texts, e, N);
			for (unsigned i = 0; i < N; i++)
				after += e[i].key * e[i].number;
			assert_true(after == sum);
			free(e);
		}
	}
	intern_free(&texts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_sort_any_bits),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_apply_takes_out_only_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
