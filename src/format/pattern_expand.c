/*
 * Putting pieces into patterns.  A piece is put in as a group, so that what
 * stands behind it holds for the whole of it.
 */
#include "config.h"

#include "format/pattern_expand.h"

#include <stdlib.h>

/* Deeper, or longer, is no pattern a person wrote. */
#define DEPTH_MAX 16
#define LENGTH_MAX 16384u

static void
note_part(struct expanded *e, const struct source_row *row, size_t offset)
{
	mem_reserve(&e->part, &e->cap, e->n + 1, sizeof *e->part);
	e->part[e->n++] = (struct expanded_part){ e->text.n, offset, row };
}

static const struct source_row *
find_piece(const struct source *s, struct slice name)
{
	for (size_t i = 0; i < s->n; i++)
		if (slice_eq(slice_of(s->row[i].section), SLICE("define")) &&
		    slice_eq(slice_of(s->row[i].key), name))
			return &s->row[i];
	return NULL;
}

/* The rows that are being put in, the innermost first. */
struct chain {
	const struct source_row *row;
	const struct chain *up;
	int depth;
};

static int put_in(struct source *s, const struct chain *c, struct expanded *e);

static int
put_piece(struct source *s, const struct chain *up, size_t at,
    struct slice name, struct expanded *e)
{
	struct chain c = { find_piece(s, name), up, up->depth + 1 };
	int rc;

	if (!c.row)
		return source_row_mistake(s, up->row, at, "[define] has no "
		    "'%.*s'", (int)slice_head(name, 60).n, name.p);
	for (const struct chain *k = up; k; k = k->up)
		if (k->row == c.row)
			return source_row_mistake(s, up->row, at, "'%s' "
			    "stands for itself: a circle", c.row->key);
	if (c.depth > DEPTH_MAX)
		return source_row_mistake(s, up->row, at, "pieces within "
		    "pieces, more than %d deep", DEPTH_MAX);
	note_part(e, up->row, at);
	buf_add(&e->text, SLICE("(?:"));
	rc = put_in(s, &c, e);
	note_part(e, up->row, at);
	buf_add_char(&e->text, ')');
	return rc;
}

static int
put_in(struct source *s, const struct chain *c, struct expanded *e)
{
	struct slice value = c->row->value;
	size_t done = 0;
	ptrdiff_t hit;

	while ((hit = slice_find(slice_from(value, done), SLICE("%{"))) >= 0) {
		size_t at = done + (size_t)hit;
		struct slice name = slice_from(value, at + 2);
		ptrdiff_t end = slice_find_char(name, '}');

		if (end < 0)
			return source_row_mistake(s, c->row, at, "%%{ without "
			    "its }");
		note_part(e, c->row, done);
		buf_add(&e->text, slice_head(slice_from(value, done),
		    (size_t)hit));
		if (put_piece(s, c, at, slice_head(name, (size_t)end), e) < 0)
			return -1;
		done = at + 2 + (size_t)end + 1;
	}
	note_part(e, c->row, done);
	buf_add(&e->text, slice_from(value, done));
	if (e->text.n > LENGTH_MAX)
		return source_row_mistake(s, c->row, 0, "the pattern is "
		    "longer than %u bytes", LENGTH_MAX);
	return 0;
}

int
expand(struct source *s, const struct source_row *row, struct expanded *e)
{
	struct chain c = { row, NULL, 0 };

	*e = (struct expanded){ 0 };
	return put_in(s, &c, e);
}

void
expanded_free(struct expanded *e)
{
	buf_free(&e->text);
	free(e->part);
	*e = (struct expanded){ 0 };
}

const struct source_row *
expanded_place(const struct expanded *e, size_t byte, size_t *at)
{
	size_t i = e->n;

	while (i > 1 && e->part[i - 1].at > byte)
		i--;
	*at = e->part[i - 1].offset + (byte - e->part[i - 1].at);
	if (*at > e->part[i - 1].row->value.n)
		*at = e->part[i - 1].row->value.n;
	return e->part[i - 1].row;
}
