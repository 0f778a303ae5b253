/*
 * Bytes by the sixty-four and the CSV cursor on top of them against loops that
 * look at one byte at a time, hexadecimal numbers against strtoull().  Each text lies in memory of exactly its
 * size, so that the sanitizers see a look beyond it.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mask.h"
#include "format/csv.h"
#include "format/hex.h"

#define ROUNDS 20000

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* n bytes out of the letters, exactly n of memory. */
static char *
random_text(uint32_t *seed, size_t n, struct slice letters)
{
	char *p = malloc(n ? n : 1);

	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = letters.p[next_random(seed) % letters.n];
	return p;
}

static void
one_way(size_t (*find)(const char *, size_t, char, uint16_t *), const char *p,
    size_t n)
{
	uint16_t *at = malloc((n + 1) * sizeof *at);
	size_t found, k = 0;

	assert_non_null(at);
	found = find(p, n, '\n', at);
	for (size_t i = 0; i < n; i++)
		if (p[i] == '\n') {
			assert_true(k < found);
			assert_int_equal(at[k++], i);
		}
	assert_int_equal(k, found);
	free(at);
}

static void
one_text(uint32_t *seed, size_t n, struct slice letters)
{
	char *p = random_text(seed, n, letters);

	one_way(mask_find_all, p, n);
	one_way(mask_find_all_plain, p, n);
	free(p);
}

static void
test_find_all(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t n = 0; n < 400; n++) {
		one_text(&seed, n, SLICE("\n"));
		one_text(&seed, n, SLICE("ab\n\xff\0\x8a"));
		one_text(&seed, n, SLICE("0123456789abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ\n"));
	}
	one_text(&seed, 65536, SLICE("abcdefgh\n"));
}

/* One field, a byte at a time: its text, and where its comma stands. */
static struct csv_field
cut_slowly(const char *p, const char *end, bool *doubled)
{
	struct csv_field f;
	const char *q = p;

	if (p < end && *p == '"') {
		for (q = ++p; q < end; q++) {
			if (*q != '"')
				continue;
			if (q + 1 == end || q[1] != '"')
				break;
			*doubled = true;
			q++;
		}
		if (q > end)
			q = end;
	} else {
		while (q < end && *q != ',')
			q++;
	}
	f.text = (struct slice){ p, (size_t)(q - p) };
	while (q < end && *q != ',')
		q++;
	f.comma = q;
	return f;
}

static void
one_row(uint32_t *seed, size_t n, struct slice letters)
{
	char *row = random_text(seed, n, letters);
	const char *p = row, *end = row + n;
	struct csv_cursor c = csv_begin((struct slice){ row, n }, row);

	for (;;) {
		bool doubled = false, slowly = false;
		struct csv_field f = csv_cut_field(&c, p, &doubled);
		struct csv_field s = cut_slowly(p, end, &slowly);

		assert_ptr_equal(f.text.p, s.text.p);
		assert_int_equal(f.text.n, s.text.n);
		assert_ptr_equal(f.comma, s.comma);
		assert_int_equal(doubled, slowly);
		if (f.comma == end)
			break;
		p = f.comma + 1;
	}
	free(row);
}

static void
test_rows(void **state)
{
	uint32_t seed = 2;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = next_random(&seed) % 300;

		one_row(&seed, n, SLICE("ab,\""));
		one_row(&seed, n, SLICE("abcdefghijklmnopqrstuvwxyz,"));
		one_row(&seed, n, SLICE("abcdefghijklmnopqrstuvwxyzabcdefghijk"
		    "lmnopqrstuvwxyz\xac\0,,,,\""));
	}
}

/* Sixteen bytes by strtoull(), which takes more than digits. */
static void
one_number(const char p[17])
{
	bool digits = strspn(p, "0123456789abcdefABCDEF") == 16;
	uint64_t n = 0;

	assert_int_equal(hex16(p, &n), digits);
	if (digits)
		assert_true(n == strtoull(p, NULL, 16));
}

static void
test_hex(void **state)
{
	uint32_t seed = 3;
	char p[17] = { 0 };

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		for (int k = 0; k < 16; k++)
			p[k] = "0123456789abcdefABCDEF"[next_random(&seed) % 22];
		one_number(p);
		p[next_random(&seed) % 16] = (char)next_random(&seed);
		one_number(p);
	}
	for (int c = 0; c < 256; c++)
		for (int k = 0; k < 16; k++) {
			memset(p, 'F', 16);
			p[k] = (char)c;
			one_number(p);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find_all),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
