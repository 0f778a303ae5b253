/*
 * The header and the status line.  Each is said in the longest words that fit.
 */
#include "config.h"

#include "ui/bar.h"

#include "base/utf8.h"
#include "ui/figure.h"

/* --- the header ----------------------------------------------------------------- */

enum level { WORDY, PLAIN, TERSE, TINY, LEVELS };

/* One class of sessions: its key, its words in each level, its colour. */
static const struct {
	enum quick quick;
	enum style style;
	const char *before[LEVELS];
	const char *after[LEVELS];
} classes[] = {
	{ QUICK_PERMANENT, STYLE_PERMANENT, { "", "", "5xx ", "5xx " },
	    { " permanent", " permanent", "", "" } },
	{ QUICK_TEMPORARY, STYLE_TEMPORARY, { "", "", "4xx ", "4xx " },
	    { " temporary", " temporary", "", "" } },
	{ QUICK_DROPPED, STYLE_DROPPED, { "", "", "dropped ", "lost " },
	    { " dropped", " dropped", "", "" } },
	{ QUICK_REFUSED, STYLE_REFUSED, { "", "", "refused ", "ref. " },
	    { " refused", " refused", "", "" } },
	{ QUICK_FINE, STYLE_FINE, { "", "", "fine ", "fine " },
	    { " fine", " fine", "", "" } },
};

#define CLASSES (sizeof classes / sizeof classes[0])

struct header {
	const struct bar *bar;
	enum level level;
	bool name_alone;         /* formats are left out for want of room */
	struct buf title, date, sessions, class[CLASSES], progress;
};

static void
add_rate(struct buf *out, const struct progress *p)
{
	if (!p->unsized) {
		buf_add(out, SLICE("  "));
		figure_bytes(out, p->bytes);
	}
	if (!p->unsized && p->bytes_total > p->bytes) {
		buf_add(out, SLICE(" of "));
		figure_bytes(out, p->bytes_total);
	}
	if (p->elapsed_ms > 0) {
		buf_add(out, SLICE("  "));
		figure_bytes(out, p->bytes * 1000 / (uint64_t)p->elapsed_ms);
		buf_add(out, SLICE("/s"));
	}
}

/* "3 stray lines", behind what stands there. */
static void
add_lines(struct header *h, uint64_t n, const char *what)
{
	if (h->progress.n)
		buf_add(&h->progress, SLICE("  "));
	figure_count(&h->progress, n);
	buf_addf(&h->progress, n == 1 ? " %s line" : " %s lines", what);
}

/* As many lines as that is at the length of those that were read. */
static uint64_t
lines_in(uint64_t bytes, const struct progress *p)
{
	if (p->bytes == 0)
		return 0;
	return (uint64_t)((double)bytes * (double)p->lines / (double)p->bytes);
}

static void
say_pause(struct header *h)
{
	const struct progress *p = &h->bar->scene->progress;
	uint64_t lines = lines_in(p->behind, p);

	if (h->level == TINY) {
		buf_add(&h->progress, SLICE("P"));
		return;
	}
	buf_add(&h->progress, SLICE("paused"));
	if (p->behind == 0 && !p->behind_least)
		return;
	buf_add(&h->progress, p->behind_least ? SLICE(", at least ") :
	    SLICE(", "));
	figure_bytes(&h->progress, p->behind);
	if (lines && h->level < TERSE) {
		buf_add(&h->progress, SLICE(" (about "));
		figure_count(&h->progress, lines);
		buf_add(&h->progress, lines == 1 ? SLICE(" line)") :
		    SLICE(" lines)"));
	}
	if (h->level < TERSE)
		buf_add(&h->progress, SLICE(" behind"));
}

/* How much of all is indexed, in percent. */
static int
percent(const struct progress *p)
{
	uint64_t total = p->bytes_total > p->bytes ? p->bytes_total : p->bytes;

	return total ? (int)((double)p->bytes / (double)total * 100) : 0;
}

/* The list is of the end of the log alone. */
static void
say_ahead(struct header *h)
{
	const struct progress *whole = h->bar->scene->whole;

	if (h->level == TINY) {
		buf_add(&h->progress, SLICE("ahead"));
		return;
	}
	buf_addf(&h->progress, "index at %d %%", percent(whole));
	if (h->level < TERSE)
		buf_add(&h->progress, SLICE(": the last, read ahead"));
	else
		buf_add(&h->progress, SLICE(", ahead"));
}

static void
say_progress(struct header *h)
{
	const struct scene *sc = h->bar->scene;
	const struct progress *p = &sc->progress;
	bool reading = scene_is_reading(sc);

	if (sc->whole) {
		say_ahead(h);
	} else if (sc->paused) {
		say_pause(h);
	} else if (reading) {
		if (h->level < TINY)
			buf_add(&h->progress, p->pipes ? SLICE("reading ") :
			    SLICE("indexing "));
		if (p->bytes_total > 0 && !p->unsized)
			buf_addf(&h->progress, "%d %%", percent(p));
		else
			figure_bytes(&h->progress, p->bytes);
		if (h->level == WORDY)
			add_rate(&h->progress, p);
	} else if (sc->following) {
		buf_add(&h->progress, h->level < TINY ? SLICE("following") :
		    SLICE("F"));
	}
	/* Nothing is left out in silence. */
	if (h->level < TERSE && p->unreadable_lines > 0)
		add_lines(h, p->unreadable_lines, "unreadable");
	if (h->level < TERSE && !reading &&
	    p->unowned_lines > p->unreadable_lines)
		add_lines(h, p->unowned_lines - p->unreadable_lines, "stray");
}

/* The format, or how many there are. */
static void
say_formats(struct header *h, const struct store *st)
{
	uint64_t n = table_count(&st->streams);
	const struct format *first = NULL;
	unsigned kinds = 0;

	for (uint64_t i = 0; i < n; i++) {
		const struct format *fm = store_stream(st, (uint32_t)i)->format;
		uint64_t k = 0;

		if (i == 0)
			first = fm;
		while (k < i && store_stream(st, (uint32_t)k)->format != fm)
			k++;
		kinds += k == i;
	}
	if (kinds == 1)
		buf_addf(&h->title, "   %s", first->name);
	else if (kinds > 1)
		buf_addf(&h->title, "   %u formats", kinds);
}

static void
say_title(struct header *h)
{
	const struct bar *b = h->bar;
	const struct store *st = b->scene->store;

	if (h->level == WORDY)
		buf_add(&h->title, SLICE("ehlog  "));
	buf_add(&h->title, slice_of(b->source));
	if (b->scene->progress.sources > 1)
		buf_addf(&h->title, h->level < TERSE ? " (%u logs)" : " (%u)",
		    (unsigned)b->scene->progress.sources);
	if (h->level < TERSE && !h->name_alone)
		say_formats(h, st);
}

static void
add_day(struct buf *out, int64_t t)
{
	struct civil c;

	clock_to_civil(t, &c);
	buf_addf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

/* The list shows a time of day, or a day without its year. */
static void
say_date(struct header *h)
{
	struct column_days days;

	h->date.n = 0;
	column_days(&days, h->bar->scene->store);
	if (days.first == CLOCK_NONE)
		return;
	add_day(&h->date, days.first);
	if (days.date == DATE_NONE)
		return;
	buf_add(&h->date, SLICE(" to "));
	add_day(&h->date, days.last);
}

static void
header_say(struct header *h)
{
	const struct progress *p = &h->bar->scene->progress;

	h->title.n = h->sessions.n = h->progress.n = 0;
	say_title(h);
	figure_count(&h->sessions, p->sessions);
	if (h->level < TINY)
		buf_add(&h->sessions, p->sessions == 1 ? SLICE(" session") :
		    SLICE(" sessions"));
	for (size_t i = 0; i < CLASSES; i++) {
		struct buf *out = &h->class[i];

		out->n = 0;
		/* Most logs tell each code: then there is no such class. */
		if (classes[i].quick == QUICK_REFUSED &&
		    quick_count(QUICK_REFUSED, p) == 0)
			continue;
		buf_add(out, slice_of(classes[i].before[h->level]));
		figure_count(out, quick_count(classes[i].quick, p));
		buf_add(out, slice_of(classes[i].after[h->level]));
	}
	say_progress(h);
}

static int
columns_of(const struct buf *b)
{
	return b->n ? (int)text_width(buf_slice(b)) + 2 : 0;
}

/* Columns that all but the title take. */
static int
header_width(const struct header *h)
{
	int width = columns_of(&h->sessions) + columns_of(&h->progress);

	for (size_t i = 0; i < CLASSES; i++)
		width += columns_of(&h->class[i]);
	return width;
}

static void
header_draw(const struct header *h, const struct area *a)
{
	struct ink ink = { .style = STYLE_HEADER };
	int room = a->cols - header_width(h), x = 0;
	int title = columns_of(&h->title) - 2;

	area_blank(a, 0, 0, a->cols, STYLE_NORMAL);
	if (title > room)
		title = room;
	if (title >= 4) {
		area_field(a, 0, 0, title, buf_slice(&h->title), &ink, false);
		x = title + 2;
	}
	if (x + columns_of(&h->date) + header_width(h) <= a->cols + 2 &&
	    h->date.n)
		x = area_text(a, 0, x, STYLE_HEADER, buf_slice(&h->date)) + 2;
	x = area_text(a, 0, x, STYLE_NORMAL, buf_slice(&h->sessions)) + 2;
	for (size_t i = 0; i < CLASSES; i++) {
		bool on = h->bar->list->quick == classes[i].quick;

		if (!h->class[i].n)
			continue;
		/* Nor does half a class, or how far reading is behind it. */
		if (x + columns_of(&h->class[i]) + columns_of(&h->progress) >
		    a->cols + 2)
			break;
		x = area_text(a, 0, x, on ? STYLE_ACTIVE : classes[i].style,
		    buf_slice(&h->class[i])) + 2;
	}
	area_text(a, 0, x, STYLE_HEADER, buf_slice(&h->progress));
}

void
bar_header(const struct bar *b, const struct area *a)
{
	struct header h = { .bar = b };

	for (int level = WORDY; level < LEVELS; level++) {
		int title;

		h.level = (enum level)level;
		header_say(&h);
		title = columns_of(&h.title) - 2;
		/* A long name may be cut before words are. */
		if (level > WORDY && title > 24)
			title = 24;
		if (title + header_width(&h) <= a->cols)
			break;
	}
	/* Half a word tells nothing: the name goes first. */
	if (columns_of(&h.title) - 2 + header_width(&h) > a->cols) {
		h.name_alone = true;
		header_say(&h);
	}
	say_date(&h);
	header_draw(&h, a);
	buf_free(&h.title);
	buf_free(&h.date);
	buf_free(&h.sessions);
	buf_free(&h.progress);
	for (size_t i = 0; i < CLASSES; i++)
		buf_free(&h.class[i]);
}

/* --- the status line --------------------------------------------------------------- */

/* What is offered, the most useful first. */
static const enum command list_hints[] = {
	COMMAND_OPEN, COMMAND_SEARCH, COMMAND_FILTER, COMMAND_ONLY_PERMANENT,
	COMMAND_ONLY_TEMPORARY, COMMAND_ONLY_DROPPED, COMMAND_ONLY_REFUSED,
	COMMAND_SHOW_ALL,
	COMMAND_NEXT_FAILURE, COMMAND_FOLLOW, COMMAND_NONE,
};
static const enum command transcript_hints[] = {
	COMMAND_BACK, COMMAND_NEXT_SESSION, COMMAND_NEXT_FAILURE,
	COMMAND_EXPLAIN, COMMAND_RAW, COMMAND_SEARCH, COMMAND_FOLD, COMMAND_NONE,
};
static const enum command help_hints[] = { COMMAND_BACK, COMMAND_NONE };

/* "5 permanent"; false when the command has no key. */
static bool
hint_words(const struct bar *b, enum command command, struct buf *key,
    struct slice *word)
{
	key->n = 0;
	keymap_names(&b->scene->keys, command, 1, key);
	*word = slice_of(command_rows[command].hint);
	return key->n > 0;
}

static int
draw_hint(const struct bar *b, const struct area *a, int x, int end,
    enum command command)
{
	struct buf key = { 0 };
	struct slice word;

	if (hint_words(b, command, &key, &word)) {
		int width = (int)text_width(buf_slice(&key)) + 1 + (int)word.n;

		if (x + width <= end) {
			area_text(a, 0, x, STYLE_KEY, buf_slice(&key));
			area_text(a, 0, x + width - (int)word.n, STYLE_STATUS,
			    word);
			x += width + 2;
		}
	}
	buf_free(&key);
	return x;
}

/*
 * A notice stands where the keys do; only where there is no room for both does
 * it cover where the reader is.
 */
static void
draw_notice(const struct bar *b, const struct area *a, int from)
{
	const struct scene *sc = b->scene;

	if (from + (int)text_width(buf_slice(&sc->hint)) > a->cols) {
		area_blank(a, 0, 0, a->cols, STYLE_STATUS);
		from = 0;
	}
	area_text(a, 0, from, sc->hint_is_mistake ? STYLE_MISTAKE :
	    STYLE_HINT, buf_slice(&sc->hint));
}

/* From column `from` on; help stands at the very right, always. */
static void
draw_hints(const struct bar *b, const struct area *a, int from)
{
	const enum command *hints = help_hints;
	int x = from, end = a->cols - 8;

	if (b->focus->kind->bit == IN_LIST)
		hints = list_hints;
	else if (b->focus->kind->bit == IN_TRANSCRIPT)
		hints = transcript_hints;
	if (end >= from && b->focus->kind->bit != IN_HELP)
		draw_hint(b, a, a->cols - 6, a->cols, COMMAND_HELP);
	if (b->split)
		x = draw_hint(b, a, x, end, COMMAND_FOCUS);
	for (; *hints != COMMAND_NONE; hints++) {
		/* Most logs tell each code: then there is no such class. */
		if (*hints == COMMAND_ONLY_REFUSED &&
		    quick_count(QUICK_REFUSED, &b->scene->progress) == 0)
			continue;
		x = draw_hint(b, a, x, end, *hints);
	}
}

/* "only 5xx  filter code:550", in at most `width` columns. */
static int
draw_choice(const struct bar *b, const struct area *a, int width)
{
	const struct list *l = b->list;
	struct ink ink = { .style = STYLE_HINT };
	int x = 0, room;

	if (l->quick != QUICK_ALL)
		x = area_words(a, 0, x, STYLE_ACTIVE, quick_words(l->quick)) +
		    2;
	if (l->filter.n <= 1)
		return x;
	x = area_words(a, 0, x, STYLE_STATUS, "filter ");
	room = (int)text_width(slice_of(l->filter.p));
	if (room > width - x)
		room = width - x > 8 ? width - x : 8;
	area_field(a, 0, x, room, slice_of(l->filter.p), &ink, false);
	return x + room + 2;
}

static void
say_order(const struct list *l, struct buf *out)
{
	if (l->sort == COLUMN_NUMBER && !l->reverse)
		return;
	buf_addf(out, "  by %s%s", columns[l->sort].name,
	    l->reverse ? ", reversed" : "");
}

static void
say_position(const struct bar *b, struct buf *out)
{
	const struct finder *f = &b->scene->finder;
	bool transcript = b->focus->kind->bit == IN_TRANSCRIPT;

	b->focus->kind->title(b->focus, out);
	if (transcript && b->transcript->searched) {
		buf_add(out, SLICE("  "));
		transcript_hit_words(b->transcript, out);
	} else if (b->focus->kind->bit == IN_LIST && finder_is_on(f)) {
		buf_add(out, SLICE("  "));
		finder_words(f, b->list->place.at, out);
	}
	if (b->focus->kind->bit == IN_LIST)
		say_order(b->list, out);
}

void
bar_status(const struct bar *b, const struct area *a)
{
	struct buf position = { 0 };
	int x = 0, width;

	area_blank(a, 0, 0, a->cols, STYLE_STATUS);
	say_position(b, &position);
	width = (int)text_width(buf_slice(&position));
	if (b->focus->kind->bit == IN_LIST)
		x = draw_choice(b, a, a->cols - width - 12);
	x = area_text(a, 0, x, STYLE_STATUS, buf_slice(&position)) + 3;
	if (b->scene->hint.n > 0)
		draw_notice(b, a, x);
	else
		draw_hints(b, a, x);
	buf_free(&position);
}
