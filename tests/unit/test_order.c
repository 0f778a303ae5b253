/*
 * Sorted lists of sessions, against the plainest way to sort and to merge.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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

/* --- many, against qsort() -------------------------------------------------- */

/* In no order, some alike but for case; 0 is no text. */
static const char *const words[] = { "", "zoe", "Ann", "annabel", "bob", "ANN",
    "an", "mail.example.org", "MAIL.example.com", "b", "zoe-2", "mail.example" };
#define WORDS (sizeof words / sizeof *words)

static int
compare_words(const char *a, const char *b)
{
	for (; *a && tolower((unsigned char)*a) == tolower((unsigned char)*b);
	    a++, b++)
		;
	return tolower((unsigned char)*a) - tolower((unsigned char)*b);
}

static int
compare_plainly(const void *pa, const void *pb)
{
	const struct order_entry *a = pa, *b = pb;
	int d;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	d = compare_words(words[a->text], words[b->text]);
	return d ? d : a->number < b->number ? -1 : a->number > b->number;
}

enum numbers { DENSE, SPARSE, VERY_SPARSE, SHUFFLED };

struct shape {
	uint64_t bits;           /* of the key that may be set */
	uint64_t fixed;          /* and those that are */
	unsigned texts;          /* how many of the words */
	enum numbers numbers;
};

/* One entry for each i < n; 37 has no divisor in common with any n. */
static struct order_entry *
make_shape(const struct shape *s, size_t n, uint32_t *seed)
{
	static const uint32_t step[] = { 1, 5, 20000, 1 };
	struct order_entry *e = calloc(n, sizeof *e);

	assert_non_null(e);
	for (size_t i = 0; i < n; i++) {
		uint64_t r = (uint64_t)next_random(seed) << 44 ^
		    (uint64_t)next_random(seed) << 20 ^ next_random(seed);
		size_t k = s->numbers == SHUFFLED ? i * 37 % n : i;

		e[i].number = (uint32_t)k * step[s->numbers] + 3;
		e[i].key = (r & s->bits) | s->fixed;
		e[i].text = s->texts ? next_random(seed) % s->texts : 0;
	}
	return e;
}

static void
check_shape(const struct intern *texts, const struct shape *s, size_t n,
    uint32_t *seed)
{
	struct order_entry *e = make_shape(s, n, seed);
	struct order_entry *expected = calloc(n, sizeof *expected);

	assert_non_null(expected);
	memcpy(expected, e, n * sizeof *e);
	qsort(expected, n, sizeof *expected, compare_plainly);
	order_sort(texts, e, n);
	for (size_t i = 0; i < n; i++) {
		assert_true(e[i].key == expected[i].key);
		assert_int_equal(e[i].number, expected[i].number);
		assert_int_equal(e[i].text, expected[i].text);
	}
	free(e);
	free(expected);
}

/* Entries of every shape, as many as one thread takes and as two take. */
static void
test_sort_as_qsort(void **state)
{
	static const struct shape shapes[] = {
		{ 0, 7, 0, DENSE }, { 0, 7, 0, SPARSE }, { 0, 7, WORDS, DENSE },
		{ 0, 0, WORDS, VERY_SPARSE }, { 1, 0, 0, DENSE },
		{ 0xfffff, 0, 0, DENSE }, { 0xfffff, 0, WORDS, DENSE },
		{ 0xfffff, UINT64_C(1) << 63, 0, VERY_SPARSE },
		{ 0xffffffff, 0, 0, SPARSE }, { 0xff, 0, WORDS, SPARSE },
		{ UINT64_C(0x70f0303000f01), UINT64_C(1) << 60, 0, DENSE },
		{ UINT64_C(0x5555555500000000), 5, 0, DENSE },
		{ UINT64_C(0x8000000000000001), 0, 3, DENSE },
		{ UINT64_C(0xffffffffffff), 0, 0, DENSE },
		{ UINT64_MAX, 0, 0, DENSE }, { UINT64_MAX, 0, WORDS, SPARSE },
		{ 0xfff, 0, 0, SHUFFLED }, { 0xfff, 0, WORDS, SHUFFLED },
	};
	static const size_t sizes[] = { 5, 511, 513, 20000, 40001 };
	struct intern texts;
	uint32_t seed = 11;

	(void)state;
	intern_init(&texts);
	for (uint32_t i = 1; i < WORDS; i++)
		assert_int_equal(intern_add(&texts, slice_of(words[i])), i);
	intern_publish(&texts);
	for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			check_shape(&texts, &shapes[k], sizes[i], &seed);
	intern_free(&texts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_sort_any_bits),
		cmocka_unit_test(test_sort_as_qsort),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_apply_takes_out_only_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
