/*
 * Holding a small log against what happened in it.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "unit/expect_log.h"

struct event
expect_scan(const char *format, const char *line)
{
	const struct format *fm = format_by_name(format);
	struct format_state st = { 0 };
	struct event ev;

	assert_int_equal(fm->scan(fm, &st, slice_of(line), &ev), strlen(line));
	return ev;
}

struct detail
expect_detail(const char *format, const char *line)
{
	const struct format *fm = format_by_name(format);
	struct format_state st = { 0 };
	struct event ev = expect_scan(format, line);
	struct detail d = { .commands = 0 };

	fm->detail(fm, &st, slice_of(line), &ev, &d);
	return d;
}

void
expect_slice(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_of(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARGS(s), want);
}

static void
expect_text(const struct expected_log *x, const char *what, struct slice got,
    const char *wanted)
{
	if (wanted ? !got.p || !slice_eq(got, slice_of(wanted)) : got.p != NULL)
		fail_msg("%s: %s is %.*s, not %s", x->name, what,
		    SLICE_ARGS(got), wanted ? wanted : "unknown");
}

static void
expect_number(const struct expected_log *x, const char *what, uint64_t got,
    uint64_t wanted)
{
	if (got != wanted)
		fail_msg("%s: %llu %s, not %llu", x->name,
		    (unsigned long long)got, what, (unsigned long long)wanted);
}

static unsigned
count_role(const struct facts *f, enum role role)
{
	unsigned n = 0;

	for (size_t i = 0; i < f->nlines; i++)
		n += f->lines[i].role == role;
	return n;
}

static void
expect_session(const struct expected_log *x, const struct facts *f)
{
	if (session_outcome(&f->rec) != x->outcome)
		fail_msg("%s: the outcome is %s", x->name,
		    outcome_name(session_outcome(&f->rec)));
	expect_text(x, "the failed command", f->failed_command, x->failed);
	expect_text(x, "the peer", f->peer, x->peer);
	expect_text(x, "HELO", f->helo, x->helo);
	expect_text(x, "the sender", facts_from(f), x->from);
	expect_text(x, "the recipient", facts_to(f), x->to);
	expect_number(x, "is the worst reply", f->rec.worst, x->worst);
	expect_number(x, "replies", f->nreplies, x->replies);
	expect_number(x, "commands", f->commands, x->commands);
	expect_number(x, "lines of text", count_role(f, ROLE_BODY), x->bodies);
	expect_number(x, "of it begin before the log",
	    (f->rec.flags & SESSION_CUT) != 0, x->cut);
	expect_number(x, "inbound", !(f->rec.flags & SESSION_OUT),
	    x->inbound);
}

void
expect_log(const char *format, const struct expected_log *x)
{
	struct with_log w;
	struct progress p;

	with_log(&w, "some.log", x->log);
	if (!table_count(&w.store->streams))
		fail_msg("%s: %s", x->name, w.complaint);
	if (strcmp(store_stream(w.store, 0)->format->name, format) != 0)
		fail_msg("%s: taken for %s", x->name,
		    store_stream(w.store, 0)->format->name);
	store_progress(w.store, &p);
	expect_number(x, "sessions", store_sessions(w.store), x->sessions);
	expect_number(x, "lines of no session", p.unowned_lines, x->strays);
	expect_session(x, with_session(&w, 1));
	without_log(&w);
}
