/*
 * How sure a format from a file is of a log, and what it begins with: the day
 * in the file's name, the year, whether times are UTC.
 */
#include "config.h"

#include "format/pattern_parts.h"

#define DAY_MS INT64_C(86400000)

/* So many lines of the head say enough. */
#define LINES_MAX 200

static struct slice
match_name(struct pattern *p, const struct regex *x, unsigned group,
    struct slice name)
{
	struct regex_work *w;
	struct slice found = SLICE_NONE;

	pattern_prepare(p);
	w = regex_take(p->pool);
	if (regex_match(x, w, name) == REGEX_YES)
		found = regex_found(w, name, group);
	regex_give(p->pool, w);
	return found;
}

struct slice
pattern_stream_of(const struct format *fm, struct slice name)
{
	struct pattern *p = (struct pattern *)fm->data;

	return p->stream ? match_name(p, p->stream, p->stream_group, name) :
	    SLICE_NONE;
}

/* The day of a log whose stamps have none: in its name, or when it was written. */
static void
begin_day(struct pattern *p, const struct format_hint *hint,
    struct pattern_state *ps)
{
	struct slice day;
	int64_t t = hint->written;
	bool utc;

	if (p->date_in_name) {
		day = match_name(p, p->date_in_name, p->date_group, hint->name);
		if (day.p) {
			int64_t named = timeform_read(&p->date, day, &utc);

			t = named != CLOCK_NONE ? named : t;
		}
	}
	if (t != CLOCK_NONE && t > 0)
		ps->day = (int32_t)(t / DAY_MS);
}

struct tally {
	unsigned lines, known, counted;
	unsigned stamps, utc, ms;
};

static void
look_at(struct pattern *p, struct pattern_state *ps, struct slice line,
    struct tally *t)
{
	struct found f;
	bool utc;

	pattern_find(p, ps, line, &f);
	t->lines++;
	/* A cry of `foreign` or a bare line speaks for nobody. */
	if (!f.rule || f.rule->kind == EVENT_FOREIGN)
		return;
	t->known++;
	t->counted += f.rule->counts;
	if (f.g[GROUP_TIME].p) {
		int64_t time = pattern_time(p, ps, f.g[GROUP_TIME], &utc);

		t->stamps += time != CLOCK_NONE;
		t->utc += time != CLOCK_NONE && utc;
		t->ms += time != CLOCK_NONE && time % 1000 != 0;
	}
}

static bool
has_marks(const struct pattern *p, struct slice head)
{
	for (size_t i = 0; i < p->nmarks; i++)
		if (slice_find(head, p->mark[i]) < 0)
			return false;
	return true;
}

int
pattern_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why)
{
	struct pattern *p = (struct pattern *)fm->data;
	struct pattern_state *ps = (void *)st->bytes;
	struct tally t = { 0 };
	struct slice line, rest = head;
	bool marks = has_marks(p, head);

	begin_day(p, hint, ps);
	if (p->syslog)
		syslog_begin(&ps->syslog, head, hint, traits);
	if (!marks) {
		err_set(why, "a mark that must be there is missing");
		return 0;
	}
	pattern_prepare(p);
	while (t.lines < LINES_MAX && slice_cut(&rest, '\n', &line)) {
		struct pattern_state copy = *ps;

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n)
			look_at(p, &copy, line, &t);
	}
	/* One zone for a log: stamps tell theirs, or most do not. */
	if (t.stamps) {
		traits->times_are_utc = p->times_are_utc ||
		    t.utc * 2 > t.stamps;
		traits->times_have_ms = t.ms > 0;
	}
	err_set(why, "%u of %u lines are known, %u of them tell of SMTP",
	    t.known, t.lines, t.counted);
	if (t.counted < p->least || t.known * 100 < p->share * t.lines ||
	    t.lines == 0)
		return 0;
	/* Where only a few lines are known, others may know more. */
	return (int)(p->score * (50 + 50 * t.known / t.lines) / 100);
}
