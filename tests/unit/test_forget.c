/*
 * Forgetting in a stream so long that its marks lie in large pages: what a session
 * that is late needs can be read however often one looks again, and nothing stays
 * when it is late no more.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "index/forget.h"
#include "with_store.h"

/* Marks of lines from here on are in memory that is given back. */
#define FAR     (UINT32_C(257) << 16)
#define LINES   (FAR + (UINT32_C(8) << 16))
#define LINE    16
#define SLOT    5
/* Lines of the session, in two steps. */
static const uint32_t its[] = { FAR + 100 * 64 + 7, FAR + 100 * 64 + 9,
	FAR + 65536 + 600 * 64 + 1, FAR + 3 * 65536 + 1023 * 64 + 63 };
#define ITS (sizeof its / sizeof *its)

static void
line_text(char text[LINE + 1], uint32_t line)
{
	snprintf(text, LINE + 1, "line %010u\n", (unsigned)line);
}

static struct pack *
fill_pack(void)
{
	struct pack *p = pack_new(NULL);
	struct buf text = { 0 };
	char one[LINE + 1];

	for (uint32_t i = 1; i <= LINES; i++) {
		line_text(one, i);
		buf_add(&text, (struct slice){ one, LINE });
		if (i % 65536 == 0) {
			pack_append(p, text.p, text.n);
			text.n = 0;
		}
	}
	pack_append(p, text.p, text.n);
	pack_end(p, NULL);
	buf_free(&text);
	return p;
}

static bool
is_its(uint32_t line)
{
	for (size_t i = 0; i < ITS; i++)
		if (its[i] == line)
			return true;
	return false;
}

/* A stream of which the lines of one session alone are anybody's. */
static struct store *
long_store(struct source *source)
{
	struct store *st = bare_store();
	struct stream *sm = store_stream(st, 0);
	struct session rec = { .first = its[0], .last = its[ITS - 1],
	    .lines = ITS, .slot_low = SLOT };
	struct segment *seg;

	for (uint32_t i = 1; i <= LINES; i++) {
		if (i % LINES_PER_MARK == 1)
			*(uint64_t *)table_append(&sm->marks) =
			    (uint64_t)(i - 1) * LINE;
		*(uint16_t *)table_append(&sm->slots) = is_its(i) ? SLOT : 0;
	}
	table_append(&sm->states);
	seg = table_append(&sm->segments);
	*seg = (struct segment){ .first_line = 1, .source = source,
	    .borrowed = true, .path = mem_strdup("pipe") };
	table_publish(&sm->marks);
	table_publish(&sm->slots);
	table_publish(&sm->states);
	table_publish(&sm->segments);
	store_add(st, &rec);
	store_publish(st, 1);
	return st;
}

static void
check_its(struct pack *p)
{
	struct pack_cache *c = pack_cache_new();
	char got[LINE], wanted[LINE + 1];
	struct err err;

	for (size_t i = 0; i < ITS; i++) {
		line_text(wanted, its[i]);
		assert_int_equal(pack_read(p, c, got, LINE,
		    (uint64_t)(its[i] - 1) * LINE, &err), LINE);
		assert_memory_equal(got, wanted, LINE);
	}
	pack_cache_free(c);
}

static void
what_is_late_can_be_read_and_then_goes(void **state)
{
	struct source source = { .fd = -1, .pack = fill_pack() };
	struct store *st = long_store(&source);
	struct stream *sm = store_stream(st, 0);
	uint64_t all = pack_memory(source.pack), some;
	const uint32_t late = 1;

	(void)state;
	for (int i = 0; i < 6; i++) {
		store_forget(st, 2, &late, 1);
		assert_int_equal(sm->gone.stayed.n, 3);
		check_its(source.pack);
		for (size_t k = 0; k < ITS; k++)
			assert_int_equal(stream_slot(sm, its[k]), SLOT);
	}
	some = pack_memory(source.pack);
	assert_true(some < all / 8);
	for (int i = 0; i < 6; i++)
		store_forget(st, 2, NULL, 0);
	assert_int_equal(sm->gone.stayed.n, 0);
	assert_true(pack_memory(source.pack) < some);
	/* The last lines are there, whatever was said: they may be waited for. */
	assert_true(sm->gone.done >= LINES - 3 * 65536);
	assert_true(sm->gone.done <= LINES - 65536);
	assert_true(table_bytes(&sm->slots) <= 3 * 65536 * sizeof(uint16_t));
	assert_true(table_bytes(&sm->marks) <= 3 * 1024 * sizeof(uint64_t));
	store_free(st);
	pack_free(source.pack);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_late_can_be_read_and_then_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
