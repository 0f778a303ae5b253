/*
 * Forgetting records of sessions.  See forget.c.
 */
#include "config.h"

#include "index/forget.h"
#include "index/forget_parts.h"

/* Sessions of a step. */
#define STEP_SESSIONS 4096u

/* The same of ghosts. */
static uint32_t
next_ghost(const struct forget_not *not, uint32_t number)
{
	size_t lo = 0, hi = not->nghosts;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (not->ghost[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < not->nghosts ? not->ghost[lo].number : UINT32_MAX;
}

/* The first that stays and ends behind a number; *loose: it may go yet. */
static struct numbers
next_kept(const struct forget_not *not, uint32_t number, bool *loose)
{
	uint32_t late = forget_next_late(not, number);
	uint32_t ghost = next_ghost(not, number);
	size_t lo = 0, hi = not->napart;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (not->apart[mid].to <= number)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (ghost < late)
		late = ghost;
	*loose = lo == not->napart || late < not->apart[lo].from;
	return *loose ? (struct numbers){ late, late == UINT32_MAX ? late :
	    late + 1 } : not->apart[lo];
}

/*
 * Records of a step, those behind the first `from`; how many are gone.  *loose:
 * some that stay may go yet.
 */
static uint32_t
forget_records(struct store *st, const struct forget_not *not, uint32_t from,
    uint32_t *run, bool *loose)
{
	uint32_t at = from + 1, to = from + STEP_SESSIONS + 1, gone = 0;
	uint32_t before = *run;

	*loose = false;
	while (at < to) {
		bool may_go;
		struct numbers kept = next_kept(not, at, &may_go);
		uint32_t end = kept.from < to ? kept.from : to;

		if (end > at) {
			table_forget(&st->sessions, at - 1, end - 1, before);
			gone += end - at;
			before = end == to ? end - at + before : 0;
		}
		if (kept.from >= to)
			break;
		*loose = *loose || may_go;
		before = 0;
		at = kept.to;
	}
	*run = before < STEP_SESSIONS ? before : STEP_SESSIONS;
	return gone;
}

void
forget_sessions(struct store *st, const struct forget_not *not)
{
	struct forget_step *old = forget_step_next(&st->stayed);
	uint32_t gone, run = 0;
	bool loose;

	if (old) {
		gone = forget_records(st, not, old->from, &run, &loose);
		table_note_forgotten(&st->sessions, gone - old->gone);
		forget_step_end(&st->stayed, gone, loose ? STEP_SESSIONS : gone);
	}
	while (st->passed - st->passed_done >= STEP_SESSIONS) {
		gone = forget_records(st, not, st->passed_done,
		    &st->passed_run, &loose);
		table_note_forgotten(&st->sessions, gone);
		if (loose)
			forget_step_add(&st->stayed, &(struct forget_step){
			    st->passed_done, gone, 0 });
		st->passed_done += STEP_SESSIONS;
	}
}
