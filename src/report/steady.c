/*
 * It runs in the thread that reads, between two publications.
 */
#include "config.h"

#include "report/steady.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/forget.h"

/* What the form says of the log as such is known when the log is. */
static void
begin(struct steady *s)
{
	if (!s->writing.run)
		writing_begin(&s->writing, s->form, &s->report, s->store,
		    s->filter);
}

/* It is written at the end. */
static void
add_late(struct steady *s, uint32_t number)
{
	mem_reserve(&s->late, &s->late_cap, s->nlate + 1, sizeof *s->late);
	s->late[s->nlate++] = number;
}

static void
look(struct steady *s, bool all)
{
	uint64_t n = store_sessions(s->store);

	for (; s->decided < n; s->decided++) {
		uint32_t number = (uint32_t)s->decided + 1;
		struct session rec;

		store_session(s->store, number, &rec);
		if (all || (!session_is_held(&rec) && rec.last <=
		    stream_lines(store_stream(s->store, rec.stream)))) {
			begin(s);
			writing_session(&s->writing, number, &rec);
		} else if (session_is_silent(s->store, &rec)) {
			add_late(s, number);
		} else {
			break;
		}
	}
	store_forget(s->store, (uint32_t)s->decided + 1, s->late, s->nlate);
}

bool
steady_look(struct steady *s)
{
	look(s, false);
	return !s->writing.full;
}

static void
write_late(struct steady *s)
{
	for (size_t i = 0; i < s->nlate; i++) {
		struct session rec;

		store_session(s->store, s->late[i], &rec);
		writing_session(&s->writing, s->late[i], &rec);
	}
	free(s->late);
}

int
steady_end(struct steady *s, struct err *err)
{
	begin(s);
	look(s, true);
	write_late(s);
	return writing_end(&s->writing, err);
}
