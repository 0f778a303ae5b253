/*
 * Sorted lists of sessions.  See order.h.
 */
#include "config.h"

#include "query/order.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/order_pack.h"

/* Below this many entries a plain sort is as fast. */
#define RADIX_MIN 512
#define DIGIT_BITS 11
#define DIGITS_MAX (1u << DIGIT_BITS)

uint64_t
order_text_key(struct slice text)
{
	uint64_t key = 0;

	for (size_t i = 0; i < 8; i++)
		key = key << 8 | (i < text.n ?
		    ascii_lower((unsigned char)text.p[i]) : 0);
	return key;
}

static int
text_order(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		int d = ascii_lower((unsigned char)a.p[i]) -
		    ascii_lower((unsigned char)b.p[i]);

		if (d)
			return d;
	}
	return (a.n > b.n) - (a.n < b.n);
}

int
order_compare(const struct intern *texts, const struct order_entry *a,
    const struct order_entry *b)
{
	int d = 0;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->text != b->text)
		d = text_order(intern_text(texts, a->text),
		    intern_text(texts, b->text));
	return d ? d : (a->number > b->number) - (a->number < b->number);
}

static void
insertion_sort(const struct intern *texts, struct order_entry *e, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct order_entry x = e[i];
		size_t k = i;

		for (; k > 0 && order_compare(texts, &e[k - 1], &x) > 0; k--)
			e[k] = e[k - 1];
		e[k] = x;
	}
}

/* Merges the sorted halves of e by way of tmp. */
static void
merge_halves(const struct intern *texts, struct order_entry *e, size_t half,
    size_t n, struct order_entry *tmp)
{
	size_t i = 0, j = half, k = 0;

	if (order_compare(texts, &e[half - 1], &e[half]) <= 0)
		return;
	memcpy(tmp, e, half * sizeof *e);
	while (i < half && j < n)
		e[k++] = order_compare(texts, &tmp[i], &e[j]) <= 0 ?
		    tmp[i++] : e[j++];
	memcpy(e + k, tmp + i, (half - i) * sizeof *e);
}

static void
merge_sort(const struct intern *texts, struct order_entry *e, size_t n,
    struct order_entry *tmp)
{
	size_t half = n / 2;

	if (n <= 16) {
		insertion_sort(texts, e, n);
		return;
	}
	merge_sort(texts, e, half, tmp);
	merge_sort(texts, e + half, n - half, tmp);
	merge_halves(texts, e, half, n, tmp);
}

static void
radix_pass(const struct order_entry *from, struct order_entry *to, size_t n,
    unsigned shift, unsigned width)
{
	size_t at[DIGITS_MAX] = { 0 }, sum = 0;
	uint64_t mask = (UINT64_C(1) << width) - 1;

	for (size_t i = 0; i < n; i++)
		at[from[i].key >> shift & mask]++;
	for (size_t d = 0; d <= mask; d++) {
		size_t count = at[d];

		at[d] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[at[from[i].key >> shift & mask]++] = from[i];
}

/*
 * By key alone, keeping the order of equals.  Bits that all keys share at
 * either end cost nothing; the others are shared out over an even number of
 * passes, so that the last one ends in e.
 */
static void
radix_sort(struct order_entry *e, size_t n, struct order_entry *tmp)
{
	uint64_t any = 0, all = UINT64_MAX, differ;
	unsigned shift, bits, passes, width;

	for (size_t i = 0; i < n; i++) {
		any |= e[i].key;
		all &= e[i].key;
	}
	differ = any ^ all;
	if (!differ)
		return;
	shift = (unsigned)__builtin_ctzll(differ);
	/* One bit is sorted by two times. */
	shift = shift > 62 ? 62 : shift;
	bits = 64 - (unsigned)__builtin_clzll(differ) - shift;
	passes = (bits + 2 * DIGIT_BITS - 1) / (2 * DIGIT_BITS) * 2;
	width = (bits + passes - 1) / passes;
	for (; passes; passes -= 2) {
		radix_pass(e, tmp, n, shift, width);
		radix_pass(tmp, e, n, shift + width, width);
		shift += 2 * width;
	}
}

/* What has equal keys: by text, then by number. */
static void
sort_equals(const struct intern *texts, struct order_entry *e, size_t n,
    struct order_entry *tmp)
{
	for (size_t i = 0, k; i < n; i = k) {
		bool differ = false;

		for (k = i + 1; k < n && e[k].key == e[i].key; k++)
			differ |= e[k].text != e[i].text ||
			    e[k].number < e[k - 1].number;
		if (differ)
			merge_sort(texts, e + i, k - i, tmp);
	}
}

void
order_sort(const struct intern *texts, struct order_entry *e, size_t n)
{
	enum order_packed packed = n < RADIX_MIN ? PACKED_NOT :
	    order_pack_sort(e, n);
	struct order_entry *tmp;

	if (packed == PACKED_DONE)
		return;
	tmp = mem_table(n, sizeof *tmp);
	if (n < RADIX_MIN) {
		merge_sort(texts, e, n, tmp);
	} else {
		if (packed == PACKED_NOT)
			radix_sort(e, n, tmp);
		sort_equals(texts, e, n, tmp);
	}
	mem_table_free(tmp, n, sizeof *tmp);
}

static size_t
lower(const struct intern *texts, const struct order_entry *e, size_t n,
    const struct order_entry *x)
{
	size_t lo = 0;

	while (n > lo) {
		size_t mid = lo + (n - lo) / 2;

		if (order_compare(texts, &e[mid], x) < 0)
			lo = mid + 1;
		else
			n = mid;
	}
	return lo;
}

size_t
order_lower(const struct intern *texts, const struct order_list *l,
    const struct order_entry *x)
{
	return lower(texts, l->e, l->n, x);
}

void
order_reserve(struct order_list *l, size_t n)
{
	size_t before = l->cap;

	mem_reserve(&l->e, &l->cap, n, sizeof *l->e);
	if (l->cap != before)
		mem_prefer_large(l->e, l->cap * sizeof *l->e);
}

void
order_push(struct order_list *l, const struct order_entry *x)
{
	mem_reserve(&l->e, &l->cap, l->n + 1, sizeof *l->e);
	l->e[l->n++] = *x;
}

void
order_free(struct order_list *l)
{
	free(l->e);
	*l = (struct order_list){ 0 };
}

static void
take_out(const struct intern *texts, struct order_list *l,
    const struct order_list *gone)
{
	size_t to = 0, from = 0;

	for (size_t i = 0; i < gone->n; i++) {
		size_t at = from + lower(texts, l->e + from, l->n - from,
		    &gone->e[i]);

		if (at >= l->n || l->e[at].number != gone->e[i].number)
			continue;
		if (at > from && to != from)
			memmove(l->e + to, l->e + from,
			    (at - from) * sizeof *l->e);
		to += at - from;
		from = at + 1;
	}
	if (from == to)
		return;
	memmove(l->e + to, l->e + from, (l->n - from) * sizeof *l->e);
	l->n -= from - to;
}

void
order_apply(const struct intern *texts, struct order_list *l,
    const struct order_list *gone, struct order_list *come)
{
	size_t end;

	take_out(texts, l, gone);
	if (l->n == 0) {
		struct order_list swap = *l;

		*l = *come;
		*come = swap;
		return;
	}
	end = l->n;
	mem_reserve(&l->e, &l->cap, l->n + come->n, sizeof *l->e);
	l->n += come->n;
	for (size_t i = come->n; i > 0; i--) {
		size_t at = lower(texts, l->e, end, &come->e[i - 1]);

		memmove(l->e + at + i, l->e + at, (end - at) * sizeof *l->e);
		l->e[at + i - 1] = come->e[i - 1];
		end = at;
	}
}
