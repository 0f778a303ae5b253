/*
 * How wide the columns of the session list are on a screen of a given width:
 * which of them are shown, what each needs, who gets what is left over.
 * Of what stands in them it knows the widest text, and how a start is written.
 */
#include "config.h"

#include "query/column.h"

#include "base/clock.h"
#include "index/oldest.h"
#include "index/shown.h"
#include "index/store.h"

/* Beyond this the eye gets two blanks between columns. */
#define ROOMY 160
#define DAY_MS INT64_C(86400000)
#define START_TIME 8     /* HH:MM:SS */
#define START_DAY 6      /* MM-DD and a blank */
#define START_YEAR 5     /* YYYY- */
#define START_MS 4       /* .mmm */
#define START_YEARS (START_YEAR + START_DAY + START_TIME)
/* What must be left over before the milliseconds of a start are shown. */
#define MS_SPARE 14
/* The same for a year that tells nothing. */
#define YEAR_SPARE 40
/* What these two get before any other gets more: a failure to be read. */
#define OUTCOME_GOOD 26
#define REPLIES_GOOD 11
/* The outcome gives way so far before the codes go. */
#define OUTCOME_LEAST 14

struct fit {
	unsigned least[COLUMN_COUNT];
	unsigned ideal[COLUMN_COUNT];
	unsigned max[COLUMN_COUNT];
};

static unsigned
digits(uint64_t n)
{
	unsigned d = 1;

	while (n >= 10) {
		n /= 10;
		d++;
	}
	return d;
}

/* --- starts --------------------------------------------------------------- */

static int64_t
day_of(int64_t t)
{
	return t / DAY_MS - (t % DAY_MS < 0);
}

static void
take_day(struct column_days *d, const struct store *st, uint32_t number)
{
	struct session s;

	if (number == 0 || number > store_sessions(st))
		return;
	store_session(st, number, &s);
	if (s.start == CLOCK_NONE)
		return;
	s.start = stream_wall(store_stream(st, s.stream), s.start);
	if (d->first == CLOCK_NONE || s.start < d->first)
		d->first = s.start;
	if (d->last == CLOCK_NONE || s.start > d->last)
		d->last = s.start;
}

void
column_days(struct column_days *d, const struct store *st)
{
	uint64_t n = st ? table_count(&st->streams) : 0;
	struct civil first, last;

	*d = (struct column_days){ CLOCK_NONE, CLOCK_NONE, DATE_NONE };
	for (uint64_t i = 0; i < n; i++) {
		struct stream *sm = store_stream(st, (uint32_t)i);

		uint32_t lo = atomic_load(&sm->session_lo);

		/* Or the first that is there still. */
		if (lo)
			take_day(d, st, store_kept_at(st,
			    store_kept_before(st, lo)));
		take_day(d, st, atomic_load(&sm->session_hi));
	}
	if (d->first == CLOCK_NONE || day_of(d->first) == day_of(d->last))
		return;
	clock_to_civil(d->first, &first);
	clock_to_civil(d->last, &last);
	d->date = first.year == last.year ? DATE_DAY : DATE_YEAR;
}

struct slice
column_start(struct slice text, enum column_date date, size_t width)
{
	ptrdiff_t blank = slice_find_char(text, ' ');
	size_t cut = 0;

	if (blank >= START_DAY - 1 && date == DATE_NONE)
		cut = (size_t)blank + 1;
	else if (blank >= START_DAY - 1 && date == DATE_DAY &&
	    width < START_YEARS)
		cut = (size_t)blank + 1 - START_DAY;
	/* The milliseconds go first, and without a sign. */
	return slice_head(slice_from(text, cut), width);
}

unsigned
columns_telling(const struct store *st)
{
	if (st && table_count(&st->streams) > 1)
		return COLUMNS_ALL;
	return COLUMNS_ALL & ~(1u << COLUMN_SOURCE);
}

/* --- widths --------------------------------------------------------------- */

/*
 * No column is wider than what stands in it, its title included; the outcome
 * keeps the room of a short failure, which may come up at any time.
 */
static void
fit_texts(struct fit *fit, const unsigned *texts)
{
	for (int i = COLUMN_TOOK; i < COLUMN_COUNT; i++) {
		unsigned want = i == COLUMN_OUTCOME ? OUTCOME_GOOD :
		    (unsigned)slice_of(columns[i].title).n;

		if (texts[i] > want)
			want = texts[i];
		if (fit->max[i] > want)
			fit->max[i] = want;
		if (fit->ideal[i] > want)
			fit->ideal[i] = want;
	}
}

static void
fit_init(struct fit *fit, const struct column_need *need)
{
	unsigned n = digits(need->sessions);

	for (int i = 0; i < COLUMN_COUNT; i++) {
		fit->least[i] = columns[i].min;
		fit->ideal[i] = columns[i].ideal;
		fit->max[i] = columns[i].max;
	}
	if (n > fit->least[COLUMN_NUMBER])
		fit->least[COLUMN_NUMBER] = n;
	if (n > fit->ideal[COLUMN_NUMBER])
		fit->ideal[COLUMN_NUMBER] = n;
	fit->max[COLUMN_NUMBER] = fit->ideal[COLUMN_NUMBER];
	fit->least[COLUMN_START] = START_TIME +
	    (need->date >= DATE_DAY ? START_DAY : 0) +
	    (need->date == DATE_YEAR ? START_YEAR : 0);
	fit->ideal[COLUMN_START] = fit->least[COLUMN_START] +
	    (need->ms ? START_MS : 0);
	fit->max[COLUMN_START] = fit->ideal[COLUMN_START] +
	    (need->date == DATE_DAY ? START_YEAR : 0);
	if (need->texts)
		fit_texts(fit, need->texts);
}

static unsigned
used(const struct column_layout *l)
{
	unsigned sum = 0, shown = 0;

	for (int i = 0; i < COLUMN_COUNT; i++) {
		sum += l->width[i];
		shown += l->width[i] > 0;
	}
	return sum + (shown ? (shown - 1) * l->gap : 0);
}

/* The shown column that goes first, -1 when none may go. */
static int
next_to_drop(const struct column_layout *l)
{
	int worst = -1;

	for (int i = 0; i < COLUMN_COUNT; i++)
		if (l->width[i] && columns[i].drop &&
		    (worst < 0 || columns[i].drop > columns[worst].drop))
			worst = i;
	return worst;
}

/* A column gives up to what it has beyond `least`. */
static void
give(struct column_layout *l, enum column_id id, unsigned least,
    unsigned screen)
{
	unsigned over = used(l) > screen ? used(l) - screen : 0;
	unsigned most = l->width[id] > least ? l->width[id] - least : 0;

	l->width[id] -= over < most ? over : most;
}

/* Too narrow even for what never drops: the outcome keeps the longest. */
static void
squeeze(struct column_layout *l, unsigned screen)
{
	give(l, COLUMN_OUTCOME, OUTCOME_LEAST, screen);
	for (int i = 0; i < COLUMN_COUNT && used(l) > screen; i++) {
		unsigned over = used(l) - screen;

		if (!l->width[i] || i == COLUMN_OUTCOME)
			continue;
		/* Two codes are the least that is worth a column. */
		l->width[i] = l->width[i] >= over + 7 ? l->width[i] - over : 0;
	}
	give(l, COLUMN_OUTCOME, 0, screen);
}

/*
 * Hands out what is left, a column at a time, to whom its weight says is
 * furthest behind.
 */
static unsigned
grow(struct column_layout *l, const unsigned *least, const unsigned *limit,
    unsigned left)
{
	while (left > 0) {
		int best = -1;

		for (int i = 0; i < COLUMN_COUNT; i++) {
			if (!l->width[i] || !columns[i].weight ||
			    l->width[i] >= limit[i])
				continue;
			if (best < 0 || (l->width[i] - least[i]) *
			    columns[best].weight < (l->width[best] -
			    least[best]) * columns[i].weight)
				best = i;
		}
		if (best < 0)
			break;
		l->width[best]++;
		left--;
	}
	return left;
}

static void
place(struct column_layout *l)
{
	unsigned x = 0;

	for (int i = 0; i < COLUMN_COUNT; i++) {
		l->x[i] = x;
		if (l->width[i])
			x += l->width[i] + l->gap;
	}
}

static void
choose(struct column_layout *l, unsigned screen)
{
	int out;

	while ((out = next_to_drop(l)) >= 0 &&
	    used(l) + columns[out].spare > screen)
		l->width[out] = 0;
	squeeze(l, screen);
}

/* A shown column takes of what is left until it is `want` wide. */
static void
take(struct column_layout *l, enum column_id id, unsigned want, unsigned *left)
{
	unsigned more = want > l->width[id] ? want - l->width[id] : 0;

	if (!l->width[id])
		return;
	if (more > *left)
		more = *left;
	l->width[id] += more;
	*left -= more;
}

/* The chosen columns share the screen. */
static void
share(struct column_layout *l, const struct fit *fit, unsigned screen)
{
	unsigned left, replies = fit->max[COLUMN_REPLIES];

	for (int i = 0; i < COLUMN_COUNT; i++)
		if (l->width[i] > fit->max[i])
			l->width[i] = fit->max[i];
	left = screen - used(l);
	take(l, COLUMN_OUTCOME, OUTCOME_GOOD, &left);
	take(l, COLUMN_REPLIES, replies < REPLIES_GOOD ? replies :
	    REPLIES_GOOD, &left);
	if (left >= MS_SPARE)
		take(l, COLUMN_START, fit->ideal[COLUMN_START], &left);
	if (left >= YEAR_SPARE)
		take(l, COLUMN_START, fit->max[COLUMN_START], &left);
	left = grow(l, fit->least, fit->ideal, left);
	grow(l, fit->least, fit->max, left);
}

void
column_fit(struct column_layout *l, const struct column_need *need)
{
	struct fit fit;

	*l = (struct column_layout){ .gap = need->screen == 0 ||
	    need->screen >= ROOMY ? 2 : 1 };
	fit_init(&fit, need);
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (need->shown & 1u << i)
			l->width[i] = need->screen ? fit.least[i] : fit.max[i];
	if (need->screen) {
		choose(l, need->screen);
		share(l, &fit, need->screen);
	}
	place(l);
}

void
column_replies(const struct facts *f, unsigned width, size_t *first,
    size_t *end)
{
	size_t fit = (width + 1) / 4, n = f->nreplies;
	size_t worst = f->worst < n ? f->worst : 0;
	size_t most;

	*first = 0;
	*end = n;
	if (n <= fit)
		return;
	/* A sign and a blank at one end, then at both. */
	most = width >= 5 ? (width - 1) / 4 : 1;
	*end = most;
	if (worst < most)
		return;
	if (worst + 1 == n) {
		*first = n - most;
		*end = n;
		return;
	}
	most = width >= 7 ? (width - 3) / 4 : 1;
	/* One reply after the worst tells what came of it. */
	*end = most > 1 ? worst + 2 : worst + 1;
	if (*end == n)
		most = width >= 5 ? (width - 1) / 4 : 1;
	*first = *end - most;
}
