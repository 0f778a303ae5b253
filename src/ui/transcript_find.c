/*
 * The search within a transcript.  Lines are looked at piece by piece, so
 * that a long session never holds up a key.
 *
 * A hit is a line.  Raw twins are searched only among raw lines: what they
 * say is said by the line they belong to.
 */
#include "config.h"

#include "ui/figure.h"
#include "ui/transcript.h"

/* Lines between two looks at the clock. */
#define SCAN_STEP 64

const struct match *
transcript_pattern(const struct transcript *t)
{
	return t->own ? t->own : finder_pattern(&t->view.scene->finder);
}

void
transcript_rescan(struct transcript *t)
{
	t->searched = transcript_pattern(t);
	t->nhits = t->scanned = 0;
}

static bool
is_searched(const struct transcript *t, uint32_t line)
{
	const struct fact_line *l = &t->facts.lines[line];

	if (l->gone)
		return false;
	if (t->raw)
		return line == 0 || l->line != l[-1].line;
	return l->role != ROLE_TWIN && l->role != ROLE_TWIN_MORE &&
	    l->role != ROLE_TRACE;
}

static bool
is_hit(struct transcript *t, uint32_t line)
{
	struct slice text;
	size_t start, end;

	if (!is_searched(t, line))
		return false;
	text = t->raw ? transcript_raw(t, line) : transcript_words(t, line);
	return match_find(t->searched, t->view.scene->work, text, 0, &start,
	    &end) == MATCH_YES;
}

static void
go_line(struct transcript *t, uint32_t line)
{
	parts_uncover(t, line);
	t->place.at = parts_find(t, line);
	parts_centre(t);
}

/* Index in hits[] of the first one at or after a line. */
static size_t
first_from(const struct transcript *t, uint32_t line)
{
	size_t lo = 0, hi = t->nhits;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->hits[mid] < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
jump(struct transcript *t)
{
	size_t i = first_from(t, t->jump_from);
	bool done = t->scanned >= t->facts.nlines;

	if (!t->jumping || (i == t->nhits && !done))
		return;
	t->jumping = false;
	if (t->nhits > 0)
		go_line(t, t->hits[i < t->nhits ? i : 0]);
}

/* The list found the session by what only its raw lines say. */
static void
say_where(struct transcript *t)
{
	struct scene *sc = t->view.scene;

	if (t->nhits == 0 && !t->raw && !t->own && transcript_gone(t) == 0 &&
	    search_session_hits(sc->finder.search, t->number) > 0)
		scene_hint(sc, "the hits are in the raw lines: r shows them");
}

bool
transcript_scan(struct transcript *t, int64_t until)
{
	size_t n = t->facts.nlines;

	if (t->searched != transcript_pattern(t))
		transcript_rescan(t);
	if (!t->searched || t->scanned >= n)
		return false;
	while (t->scanned < n) {
		uint32_t line = (uint32_t)t->scanned++;

		if (is_hit(t, line)) {
			mem_reserve(&t->hits, &t->hits_cap, t->nhits + 1,
			    sizeof *t->hits);
			t->hits[t->nhits++] = line;
		}
		if (t->scanned % SCAN_STEP == 0 && clock_now_ms() >= until)
			break;
	}
	jump(t);
	if (t->scanned >= n)
		say_where(t);
	return t->scanned < n;
}

static void
say_no_hit(const struct transcript *t)
{
	struct scene *sc = t->view.scene;
	struct buf words = { 0 };

	if (t->scanned < t->facts.nlines) {
		scene_hint(sc, "no hit yet");
	} else if (transcript_gone(t) == 0) {
		scene_hint(sc, "no hit in this session");
	} else {
		transcript_gone_words(transcript_gone(t), &words);
		scene_hint(sc, "no hit; %.*s", SLICE_ARGS(words));
	}
	buf_free(&words);
}

unsigned
transcript_go_hit(struct transcript *t, bool back)
{
	struct scene *sc = t->view.scene;
	uint32_t line = transcript_line(t);
	size_t i = first_from(t, back ? line : line + 1);

	if (!t->searched) {
		scene_hint(sc, "nothing was searched for yet");
		return CHANGED_VIEW;
	}
	if (t->nhits == 0) {
		say_no_hit(t);
		return CHANGED_VIEW;
	}
	if (back ? i == 0 : i == t->nhits)
		scene_hint(sc, back ? "went on from the end" :
		    "went on from the top");
	if (back)
		i = i > 0 ? i - 1 : t->nhits - 1;
	else if (i == t->nhits)
		i = 0;
	go_line(t, t->hits[i]);
	return CHANGED_VIEW;
}

void
transcript_hit_words(const struct transcript *t, struct buf *out)
{
	size_t i = first_from(t, transcript_line(t));

	if (!t->searched)
		return;
	if (t->nhits == 0 && t->scanned >= t->facts.nlines) {
		buf_add(out, SLICE("no hit"));
		if (transcript_gone(t) > 0)
			buf_add(out, SLICE(" (text is gone)"));
		return;
	}
	buf_add(out, SLICE("hit "));
	if (i < t->nhits && t->hits[i] == transcript_line(t))
		figure_count(out, i + 1);
	else
		buf_add_char(out, '-');
	buf_add(out, SLICE(" of "));
	figure_count(out, t->nhits);
	if (t->scanned < t->facts.nlines)
		buf_add(out, SLICE(" so far"));
}
