/*
 * The help screen.  Its lines are made anew when the width changes.
 */
#include "config.h"

#include "ui/help.h"

#include <stdlib.h>
#include <string.h>

#define LEFT_WIDTH 22
#define SIDEWAYS_STEP 8

static void
help_clear(struct help *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->lines[i].left);
		free(h->lines[i].right);
	}
	h->n = 0;
}

static void
add(struct help *h, struct slice left, struct slice right, bool heading)
{
	mem_reserve(&h->lines, &h->cap, h->n + 1, sizeof *h->lines);
	h->lines[h->n++] = (struct help_row){
		.left = mem_slicedup(left), .right = mem_slicedup(right),
		.heading = heading,
	};
}

/* Bytes of the words that fit a width; at least one word. */
static size_t
fitting(const char *s, size_t width)
{
	size_t n = strlen(s), at;

	if (n <= width)
		return n;
	for (at = width; at > 0 && s[at] != ' '; at--)
		continue;
	return at ? at : n;
}

/* A row, and further ones for the words that have no room in it. */
static void
add_wrapped(struct help *h, struct slice left, const char *right, int cols)
{
	size_t width = cols > LEFT_WIDTH + 20 ?
	    (size_t)(cols - LEFT_WIDTH - 1) : 20;

	do {
		size_t n = fitting(right, width);

		add(h, left, (struct slice){ right, n }, false);
		left = SLICE("");
		right += n;
		while (*right == ' ')
			right++;
	} while (*right);
}

static void
add_heading(struct help *h, const char *words)
{
	if (h->n > 0)
		add(h, SLICE(""), SLICE(""), false);
	add(h, slice_of(words), SLICE(""), true);
}

static void
add_commands(struct help *h, int cols)
{
	struct buf keys = { 0 }, words = { 0 };
	const char *group = "";

	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &command_rows[i];
		const char *places = command_places(row->views);

		if (strcmp(group, row->group) != 0)
			add_heading(h, row->group);
		group = row->group;
		keys.n = words.n = 0;
		keymap_names(&h->view.scene->keys, (enum command)i, 4, &keys);
		if (keys.n == 0)
			buf_addf(&keys, ":%s", row->name);
		buf_add(&words, slice_of(row->help));
		if (*places)
			buf_addf(&words, " (%s)", places);
		buf_add_char(&words, '\0');
		add_wrapped(h, buf_slice(&keys), words.p, cols);
	}
	buf_free(&keys);
	buf_free(&words);
}

static void
add_filter(struct help *h, int cols)
{
	add_heading(h, "Filter language");
	add_wrapped(h, SLICE("a b"), "sessions that match both", cols);
	add_wrapped(h, SLICE("a or b"), "sessions that match either", cols);
	add_wrapped(h, SLICE("not a, -a"), "sessions that do not match", cols);
	add_wrapped(h, SLICE("(a or b) c"), "what belongs together", cols);
	add_wrapped(h, SLICE("word, \"two words\""),
	    "found anywhere in the session", cols);
	for (const struct filter_field *f = filter_fields; f->name; f++) {
		struct buf words = { 0 };

		buf_addf(&words, "%s: %s", f->name, f->help);
		buf_add_char(&words, '\0');
		add_wrapped(h, slice_of(f->example), words.p, cols);
		buf_free(&words);
	}
}

static void
help_build(struct help *h, int cols)
{
	help_clear(h);
	add_commands(h, cols);
	add_filter(h, cols);
	add_heading(h, "Columns");
	for (int i = 0; i < COLUMN_COUNT; i++)
		add_wrapped(h, slice_of(columns[i].name), columns[i].help,
		    cols);
	h->wrapped_for = cols;
}

static void
help_draw(struct view *v, const struct area *a, bool focus)
{
	struct help *h = (struct help *)v;

	if (h->wrapped_for != a->cols)
		help_build(h, a->cols);
	h->rows = a->rows;
	place_fit(&h->place, h->n, h->rows);
	for (int i = 0; i < a->rows; i++) {
		uint64_t at = h->place.top + (uint64_t)i;
		const struct help_row *row;
		struct ink ink = { .style = STYLE_KEY, .skip = h->sideways };

		if (at >= h->n)
			break;
		row = &h->lines[at];
		if (row->heading)
			ink.style = STYLE_HEADER;
		area_ink(a, i, 0, a->cols, slice_of(row->left), &ink);
		ink.style = STYLE_NORMAL;
		if (*row->right)
			area_ink(a, i, LEFT_WIDTH, a->cols - LEFT_WIDTH,
			    slice_of(row->right), &ink);
	}
	if (focus && !a->cv->cursor_shown) {
		a->cv->cursor_row = a->row;
		a->cv->cursor_col = a->col;
	}
}

/* There is no cursor: what moves is the window. */
static unsigned
help_command(struct view *v, enum command command)
{
	struct help *h = (struct help *)v;
	uint64_t window = h->rows > 0 ? (uint64_t)h->rows : 1;
	uint64_t places = h->n > window ? h->n - window + 1 : 1;
	struct place p = { .at = h->place.top };

	switch (command) {
	case COMMAND_LEFT:
		h->sideways -= h->sideways < SIDEWAYS_STEP ? h->sideways :
		    SIDEWAYS_STEP;
		return CHANGED_VIEW;
	case COMMAND_RIGHT:
		h->sideways += h->sideways < 200 ? SIDEWAYS_STEP : 0;
		return CHANGED_VIEW;
	default:
		break;
	}
	if (!place_move(&p, command, places, (int)window))
		return CHANGED_FOREIGN;
	h->place.at = h->place.top = p.at;
	return CHANGED_VIEW;
}

static void
help_title(struct view *v, struct buf *out)
{
	struct help *h = (struct help *)v;
	uint64_t end = h->place.top + (uint64_t)(h->rows > 0 ? h->rows : 0);

	buf_addf(out, "help  lines %llu to %llu of %zu",
	    (unsigned long long)h->place.top + 1,
	    (unsigned long long)(end < h->n ? end : h->n), h->n);
}

static unsigned
help_update(struct view *v)
{
	(void)v;
	return CHANGED_NOTHING;
}

static void
help_close(struct view *v)
{
	struct help *h = (struct help *)v;

	help_clear(h);
	free(h->lines);
}

static const struct view_kind help_kind = {
	.name = "help", .bit = IN_HELP,
	.draw = help_draw, .command = help_command, .title = help_title,
	.update = help_update, .close = help_close,
};

void
help_init(struct help *h, struct scene *sc)
{
	*h = (struct help){ .view = { &help_kind, sc }, .rows = 20 };
}
