/*
 * Stores made by hand, for tests of what chooses among sessions.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "with_store.h"

void
session_set(struct session *r, enum outcome o, bool open)
{
	r->state = (uint8_t)((unsigned)(open ? ENDING_NONE : ENDING_SAID) << 4 |
	    (unsigned)o);
}

struct session_cell *
session_cell_at(struct store *st, uint32_t number)
{
	return table_at(&st->sessions, number - 1);
}

uint32_t
store_add(struct store *st, const struct session *r)
{
	table_append(&st->sessions);
	session_store(session_cell_at(st, (uint32_t)st->sessions.used), r);
	return (uint32_t)st->sessions.used;
}

void
store_publish(struct store *st, uint64_t changes)
{
	const struct progress p = { .changes = changes,
	    .sessions = st->sessions.used };

	intern_publish(&st->peers);
	table_publish(&st->sessions);
	store_publish_progress(st, &p);
}

struct session
session_nth(struct store *st, uint32_t n)
{
	static const char *const peers[] = { "192.0.2.1", "10.0.0.10",
	    "10.0.0.9", "mx.example.org", "MX.example.com", "2001:db8::1",
	    "mx.example.org.invalid" };
	static const enum outcome outcomes[] = { OUTCOME_OK, OUTCOME_EMPTY,
	    OUTCOME_PERMANENT, OUTCOME_OK, OUTCOME_TEMPORARY, OUTCOME_DROPPED,
	    OUTCOME_OK };
	uint32_t h = n * 2654435761u;
	struct session r = {
		.start = INT64_C(1700000000000) + h % 100000,
		.first = n + 1, .last = n + 1,
		.duration = h >> 7 & 4095, .lines = n % 10 + 1,
		.worst = (uint16_t)(h % 5 ? 0 : 550 + h % 3),
	};

	r.peer = intern_add(&st->peers, slice_of(peers[h / 3 % 7]));
	session_set(&r, outcomes[h / 11 % 7], false);
	return r;
}

/* An empty store with one stream, of which no text was ever there. */
struct store *
bare_store(void)
{
	struct store *st = store_new();
	struct stream *sm = stream_new();

	sm->format = formats[0];
	sm->name = mem_strdup("bare");
	*(struct stream **)table_append(&st->streams) = sm;
	table_publish(&st->streams);
	return st;
}

struct store *
store_of(uint32_t n)
{
	struct store *st = bare_store();

	for (uint32_t i = 1; i <= n; i++) {
		struct session r = session_nth(st, i);

		store_add(st, &r);
	}
	store_publish(st, 1);
	return st;
}

struct filter *
filter_of(const char *expr)
{
	struct filter_error fe = { .text = "" };
	struct filter *f = filter_parse(expr, NULL, &fe);

	assert_string_equal(fe.text, "");
	assert_non_null(f);
	return f;
}
