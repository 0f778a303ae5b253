/*
 * How wide the columns of the session list are on a screen of a given width:
 * which of them are shown, what each needs, who gets what is left over.
 * Nothing here knows what stands in them.
 */
#include "config.h"

#include "query/column.h"

/* Beyond this the eye gets two blanks between columns. */
#define ROOMY 160
#define START_SHORT 8    /* HH:MM:SS */
#define START_LONG 12    /* HH:MM:SS.mmm */
/* What must be left over before the milliseconds of a start are shown. */
#define MS_SPARE 14

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
	fit->least[COLUMN_START] = START_SHORT;
	fit->ideal[COLUMN_START] = need->ms ? START_LONG : START_SHORT;
	fit->max[COLUMN_START] = fit->ideal[COLUMN_START];
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

/* Too narrow even for what never drops: the outcome keeps the longest. */
static void
squeeze(struct column_layout *l, unsigned screen)
{
	for (int i = 0; i < COLUMN_COUNT && used(l) > screen; i++) {
		unsigned over = used(l) - screen;

		if (!l->width[i] || i == COLUMN_OUTCOME)
			continue;
		/* Two codes are the least that is worth a column. */
		l->width[i] = l->width[i] >= over + 7 ? l->width[i] - over : 0;
	}
	if (l->width[COLUMN_OUTCOME] && used(l) > screen) {
		unsigned over = used(l) - screen;
		unsigned w = l->width[COLUMN_OUTCOME];

		l->width[COLUMN_OUTCOME] = w > over ? w - over : 0;
	}
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

void
column_fit(struct column_layout *l, const struct column_need *need)
{
	struct fit fit;
	unsigned left, more;

	*l = (struct column_layout){ .gap = need->screen == 0 ||
	    need->screen >= ROOMY ? 2 : 1 };
	fit_init(&fit, need);
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (need->shown & 1u << i)
			l->width[i] = need->screen ? fit.least[i] : fit.max[i];
	if (need->screen) {
		choose(l, need->screen);
		left = need->screen - used(l);
		more = fit.ideal[COLUMN_START] - fit.least[COLUMN_START];
		if (l->width[COLUMN_START] && more && left >= MS_SPARE) {
			l->width[COLUMN_START] += more;
			left -= more;
		}
		left = grow(l, fit.least, fit.ideal, left);
		grow(l, fit.least, fit.max, left);
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
