/*
 * The table: a header row and a row a session, with the columns of the list.
 *
 * On a terminal the columns fit its width.  In a pipe there is no width: the
 * first sessions are held back, their texts say how wide columns are to be,
 * and the last column is never cut.  A table is for people, so that its texts
 * are always made safe.
 */
#include "config.h"

#include "report/forms.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "index/shown.h"
#include "report/put.h"
#include "report/report.h"

/* What is held back at most: rows, and bytes of their texts. */
#define SAMPLE 256
#define SAMPLE_BYTES (1u << 20)

struct table_row {
	size_t nreplies;
	uint32_t worst;
	enum outcome outcome;
	struct slice cell[COLUMN_COUNT];
};

struct table_report {
	struct put put;
	bool colour;
	bool fitted;             /* the layout is known */
	struct column_layout layout;
	struct column_days days;
	enum column_id last;     /* the column at the right edge */
	unsigned shown;          /* bits of the columns that tell something */
	unsigned number_width;
	struct buf text;         /* the cells of the present row */
	struct buf cell;         /* one cell made safe */
	struct table_row *sample;
	size_t nsample, sample_bytes;
	struct arena arena;      /* texts of the sample */
};

static void
read_cells(struct table_report *t, const struct facts *f, struct table_row *row)
{
	size_t end[COLUMN_COUNT], at = 0;

	t->text.n = 0;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		column_text((enum column_id)i, f, &t->text);
		end[i] = t->text.n;
	}
	for (int i = 0; i < COLUMN_COUNT; i++) {
		row->cell[i] = end[i] == at ? SLICE_NONE :
		    (struct slice){ t->text.p + at, end[i] - at };
		at = end[i];
	}
	row->cell[COLUMN_START] = column_start(row->cell[COLUMN_START],
	    t->days.date, SIZE_MAX);
	row->nreplies = f->nreplies;
	row->worst = f->worst;
	row->outcome = session_outcome(&f->rec);
}

/* --- drawing -------------------------------------------------------------- */

/* The codes stand in the cell as `220 250 550`: code i at byte 4 * i. */
static size_t
draw_replies(struct table_report *t, const struct table_row *row, size_t width)
{
	struct facts codes = { .nreplies = row->nreplies, .worst = row->worst };
	struct slice text = row->cell[COLUMN_REPLIES];
	struct buf *out = &t->put.buf;
	size_t first, end, used;

	column_replies(&codes, (unsigned)width, &first, &end);
	used = end > first ? (end - first) * 4 - 1 : 0;
	if (first > 0) {
		buf_add(out, put_more());
		buf_add_char(out, ' ');
		used += 2;
	}
	for (size_t i = first; i < end; i++) {
		struct slice code = slice_head(slice_from(text, 4 * i), 3);

		if (i > first)
			buf_add_char(out, ' ');
		if (t->colour)
			put_colour(out, (unsigned)(code.p[0] - '0') * 100);
		buf_add(out, code);
		if (t->colour)
			put_plain(out);
	}
	if (end < row->nreplies) {
		buf_add_char(out, ' ');
		buf_add(out, put_more());
		used += 2;
	}
	return used;
}

static void
draw_cell(struct table_report *t, enum column_id id,
    const struct table_row *row, size_t width)
{
	struct buf *out = &t->put.buf;
	struct slice text = row->cell[id];
	size_t used;

	t->cell.n = 0;
	if (id == COLUMN_REPLIES) {
		used = draw_replies(t, row, width);
	} else {
		if (id == COLUMN_START)
			text = column_start(text, t->days.date, width);
		used = put_safe(&t->cell, text, width);
		if (columns[id].right && used < width)
			put_blanks(out, width - used);
		if (t->colour && id == COLUMN_OUTCOME)
			put_outcome_colour(out, row->outcome);
		buf_add(out, buf_slice(&t->cell));
		if (t->colour && id == COLUMN_OUTCOME)
			put_plain(out);
		if (columns[id].right)
			used = width;
	}
	if (id != t->last && used < width)
		put_blanks(out, width - used);
}

static size_t
column_room(const struct table_report *t, enum column_id id)
{
	/* Nothing is to the right of it, and nothing ends the line. */
	if (id == COLUMN_OUTCOME && t->layout.width[id] >= columns[id].max)
		return SIZE_MAX;
	return t->layout.width[id];
}

static int
draw_row(struct table_report *t, const struct table_row *row)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		size_t room = column_room(t, (enum column_id)i);

		if (room == 0)
			continue;
		draw_cell(t, (enum column_id)i, row, room);
		if (i != (int)t->last)
			put_blanks(&t->put.buf, t->layout.gap);
	}
	buf_add_char(&t->put.buf, '\n');
	return put_row(&t->put);
}

static int
draw_header(struct table_report *t)
{
	struct buf *out = &t->put.buf;

	if (t->colour)
		put_bold(out);
	for (int i = 0; i < COLUMN_COUNT; i++) {
		struct slice title = slice_of(columns[i].title);
		size_t width = t->layout.width[i];

		if (width == 0)
			continue;
		title = slice_head(title, width);
		if (columns[i].right)
			put_blanks(out, width - title.n);
		buf_add(out, title);
		if (i == (int)t->last)
			break;
		if (!columns[i].right)
			put_blanks(out, width - title.n);
		put_blanks(out, t->layout.gap);
	}
	if (t->colour)
		put_plain(out);
	buf_add_char(out, '\n');
	return put_row(&t->put);
}

/* --- widths --------------------------------------------------------------- */

static void
find_last(struct table_report *t)
{
	t->fitted = true;
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (t->layout.width[i])
			t->last = (enum column_id)i;
}

static bool
any_ms(const struct store *st)
{
	uint64_t n = st ? table_count(&st->streams) : 0;

	for (uint64_t i = 0; i < n; i++)
		if (store_stream(st, (uint32_t)i)->traits.times_have_ms)
			return true;
	return false;
}

static void
fit_sample(struct table_report *t)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		size_t width = slice_of(columns[i].title).n;

		if (!(t->shown & 1u << i)) {
			t->layout.width[i] = 0;
			continue;
		}
		if (i == COLUMN_NUMBER && width < t->number_width)
			width = t->number_width;
		for (size_t r = 0; r < t->nsample; r++) {
			size_t w = text_width(t->sample[r].cell[i]);

			width = w > width ? w : width;
		}
		if (i != COLUMN_NUMBER && width > columns[i].max)
			width = columns[i].max;
		t->layout.width[i] = (unsigned)width;
	}
	t->layout.width[COLUMN_OUTCOME] = columns[COLUMN_OUTCOME].max;
	t->layout.gap = 2;
	find_last(t);
}

static int
end_sample(struct table_report *t)
{
	int status;

	fit_sample(t);
	status = draw_header(t);
	for (size_t i = 0; i < t->nsample && status == 0; i++)
		status = draw_row(t, &t->sample[i]);
	free(t->sample);
	t->sample = NULL;
	arena_free(&t->arena);
	return status;
}

static int
hold_back(struct table_report *t, struct table_row *row)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		row->cell[i] = arena_dup(&t->arena, row->cell[i]);
	t->sample[t->nsample++] = *row;
	t->sample_bytes += t->text.n;
	if (t->nsample < SAMPLE && t->sample_bytes < SAMPLE_BYTES)
		return 0;
	return end_sample(t);
}

/* --- the form ------------------------------------------------------------- */

int
form_table_begin(void **state, const struct report_options *o)
{
	struct table_report *t = mem_alloc(sizeof *t);
	uint64_t sessions = o->store ? store_sessions(o->store) : 0;

	*state = t;
	t->put.out = o->out;
	t->put.at_once = o->safe || o->at_once;
	t->colour = o->colour;
	column_days(&t->days, o->store);
	t->shown = columns_telling(o->store);
	for (t->number_width = 1; sessions >= 10; sessions /= 10)
		t->number_width++;
	if (o->columns == 0) {
		t->sample = mem_array(SAMPLE, sizeof *t->sample);
		return 0;
	}
	column_fit(&t->layout, &(struct column_need){
	    .screen = o->columns, .shown = t->shown,
	    .sessions = o->store ? store_sessions(o->store) : 0,
	    .ms = any_ms(o->store), .date = t->days.date });
	find_last(t);
	return draw_header(t);
}

int
form_table_row(void *state, const struct report_options *o,
    const struct facts *f)
{
	struct table_report *t = state;
	struct table_row row;

	(void)o;
	read_cells(t, f, &row);
	return t->fitted ? draw_row(t, &row) : hold_back(t, &row);
}

int
form_table_end(void *state, const struct report_options *o)
{
	struct table_report *t = state;
	int status = t->fitted ? 0 : end_sample(t);

	(void)o;
	if (put_flush(&t->put) < 0)
		status = -1;
	free(t->sample);
	arena_free(&t->arena);
	put_free(&t->put);
	buf_free(&t->text);
	buf_free(&t->cell);
	free(t);
	return status;
}

/* --- one session ---------------------------------------------------------- */

void
report_line(struct buf *out, const struct facts *f)
{
	struct buf text = { 0 };

	for (int i = 0; i < COLUMN_COUNT; i++) {
		text.n = 0;
		/* What is copied into a message tells of the session alone. */
		if (i == COLUMN_SOURCE)
			continue;
		if (i == COLUMN_START && f->stream)
			stream_iso(&text, f->stream, f->rec.start);
		else
			column_text((enum column_id)i, f, &text);
		if (text.n == 0)
			continue;
		if (i)
			buf_add(out, SLICE("  "));
		text_safe(out, buf_slice(&text), SIZE_MAX);
	}
	buf_free(&text);
}
