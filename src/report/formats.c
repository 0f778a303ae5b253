/*
 * --list-formats and --check-format.
 */
#include "config.h"

#include "report/formats.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"
#include "format/pattern.h"
#include "query/known.h"

enum { STATUS_FINE = 0, STATUS_TROUBLE = 2 };

static void
put(FILE *out, struct slice words)
{
	fwrite(words.p ? words.p : "", 1, words.n, out);
}

static void
add_padded(struct buf *line, const char *text, size_t width)
{
	size_t from = line->n;

	text_safe(line, slice_of(text), SIZE_MAX);
	do
		buf_add_char(line, ' ');
	while (line->n - from <= width);
}

void
report_list_formats(bool own)
{
	struct buf mistakes = { 0 };
	struct format_set set;

	known_formats(&set, own, &mistakes);
	for (size_t i = 0; i < set.n; i++) {
		const struct format_entry *e = &set.entry[i];
		struct buf line = { 0 };

		add_padded(&line, e->format->name, 14);
		add_padded(&line, e->format->title, 55);
		text_safe(&line, slice_of(e->format->origin), SIZE_MAX);
		if (e->own) {
			buf_add(&line, SLICE("  ("));
			text_safe(&line, slice_of(e->path), SIZE_MAX);
			buf_add_char(&line, ')');
		}
		buf_add_char(&line, '\n');
		put(stdout, buf_slice(&line));
		buf_free(&line);
	}
	put(stderr, buf_slice(&mistakes));
	buf_free(&mistakes);
	format_set_free(&set);
}

int
report_check_format(const char *path)
{
	struct buf words = { 0 };
	const struct format *fm = pattern_load(path, &words);
	unsigned lines = 0, events = 0, wrong = 1;

	if (fm)
		wrong = pattern_check(fm, &words, &lines, &events);
	put(wrong ? stderr : stdout, buf_slice(&words));
	if (fm && !wrong)
		printf("%s: %u lines give the %u events they should\n",
		    fm->name, lines, events);
	if (fm)
		pattern_free(fm);
	buf_free(&words);
	return wrong ? STATUS_TROUBLE : STATUS_FINE;
}
