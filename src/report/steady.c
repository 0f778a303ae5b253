/*
 * It runs in the thread that reads, between two publications.
 */
#include "config.h"

#include "report/steady.h"

#include <stdlib.h>

#include "base/mem.h"
#include "index/forget.h"

/* What a session brings to the report. */
static void
write_session(struct steady *s, uint32_t number, const struct session *rec)
{
	uint64_t limit = s->report.limit;

	if (s->full || (s->filter &&
	    !filter_match(s->filter, s->context, number, rec)))
		return;
	if (report_session(s->run, number) < 0) {
		s->full = true;
		return;
	}
	s->rows++;
	s->full = limit && s->rows >= limit;
}

/* What the form says of the log as such is known when the log is. */
static void
begin(struct steady *s)
{
	if (s->run)
		return;
	s->context = filter_context_new(s->store);
	s->run = report_open(s->form, &s->report, s->store);
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

	for (; s->written < n; s->written++) {
		uint32_t number = (uint32_t)s->written + 1;
		struct session rec;

		store_session(s->store, number, &rec);
		if (all || (!session_is_held(&rec) && rec.last <=
		    stream_lines(store_stream(s->store, rec.stream)))) {
			begin(s);
			write_session(s, number, &rec);
		} else if (session_is_silent(s->store, &rec)) {
			add_late(s, number);
		} else {
			break;
		}
	}
	store_forget(s->store, (uint32_t)s->written + 1, s->late, s->nlate);
}

void
steady_look(void *steady)
{
	look(steady, false);
}

static void
write_late(struct steady *s)
{
	for (size_t i = 0; i < s->nlate; i++) {
		struct session rec;

		store_session(s->store, s->late[i], &rec);
		write_session(s, s->late[i], &rec);
	}
	free(s->late);
}

int
steady_end(struct steady *s, struct err *err)
{
	int status;

	begin(s);
	look(s, true);
	write_late(s);
	status = report_close(s->run, err);
	s->limits = filter_limits(s->context) > 0;
	filter_context_free(s->context);
	filter_free(s->filter);
	return status;
}
