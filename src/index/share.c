/*
 * Lines of several sessions, as their readers see them.  What goes into the
 * table is the assembler's matter.
 */
#include "config.h"

#include "index/share.h"

static const struct share *
share_at(const struct stream *sm, uint64_t i)
{
	return table_at(&sm->shares, i);
}

/* How many come before the given entry of a line. */
static uint64_t
count_before(const struct stream *sm, uint32_t line, uint32_t entry)
{
	uint64_t lo = 0, hi = table_count(&sm->shares);

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;
		const struct share *s = share_at(sm, mid);

		if (s->line < line || (s->line == line && s->entry < entry))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
share_is_anothers(const struct stream *sm, uint32_t number, uint32_t line,
    uint32_t entry)
{
	uint64_t n = count_before(sm, line, entry + 1);

	return n && share_at(sm, n - 1)->line == line &&
	    share_at(sm, n - 1)->session != number;
}

/* Whether a session was named before in its line. */
static bool
is_repeated(const struct stream *sm, uint64_t i)
{
	const struct share *s = share_at(sm, i);

	for (uint64_t k = i; k > 0; k--) {
		const struct share *before = share_at(sm, k - 1);

		if (before->line != s->line)
			return false;
		if (before->session == s->session)
			return true;
	}
	return false;
}

uint32_t
share_owner(const struct stream *sm, uint32_t line, uint64_t *at)
{
	uint64_t n = table_count(&sm->shares), i;

	if (n == 0)
		return 0;
	for (i = *at ? *at : count_before(sm, line, 0);
	    i < n && share_at(sm, i)->line == line; i++) {
		uint32_t session = share_at(sm, i)->session;

		if (session && !is_repeated(sm, i)) {
			*at = i + 1;
			return session;
		}
	}
	*at = i;
	return 0;
}

uint32_t
share_next_line(const struct stream *sm, const struct session *rec,
    uint32_t number, uint32_t line, uint32_t last)
{
	uint32_t own = stream_next_line(sm, session_slot(rec), line, last);
	uint64_t n = table_count(&sm->shares);

	if (n == 0)
		return own;
	for (uint64_t i = count_before(sm, line, 0); i < n; i++) {
		const struct share *s = share_at(sm, i);

		if (s->line > (own ? own : last))
			break;
		if (s->session == number)
			return s->line;
	}
	return own;
}
