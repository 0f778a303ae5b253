/*
 * Reading a format file.  inih takes its lines apart; it is given them one by
 * one, and without their values, which it would cut at a blank with a
 * semicolon behind it: patterns and log lines must stay whole.
 */
#include "config.h"

#include "format/pattern_source.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* A format needs a few thousand bytes. */
#define TEXT_MAX (1u << 20)
/* What of a long line is shown beside a mistake. */
#define SHOWN_MAX 160u

struct feed {
	struct source *s;
	struct slice rest;
	struct slice line;       /* that inih has in hand */
	uint32_t number;
	uint32_t section_nth, section_line;
};

static struct slice
line_at(const struct source *s, uint32_t line)
{
	struct slice rest = buf_slice(&s->text), text = SLICE_NONE;

	for (uint32_t i = 0; i < line; i++)
		if (!slice_cut(&rest, '\n', &text))
			return SLICE_NONE;
	if (text.n && text.p[text.n - 1] == '\r')
		text.n--;
	return text;
}

/* The line and a caret below it; of a long line what is around the caret. */
static void
show_place(struct buf *out, struct slice text, size_t column)
{
	size_t from = column > SHOWN_MAX / 2 && text.n > SHOWN_MAX ?
	    column - SHOWN_MAX / 2 : 0;
	struct slice before, shown = slice_head(slice_from(text, from),
	    SHOWN_MAX);
	struct buf safe = { 0 };

	/* A tab is as wide as the blank that stands for it here. */
	for (size_t i = 0; i < shown.n; i++)
		buf_add_char(&safe, shown.p[i] == '\t' ? ' ' : shown.p[i]);
	shown = buf_slice(&safe);
	buf_add(out, SLICE("    "));
	text_safe(out, shown, SIZE_MAX);
	buf_add_char(out, '\n');
	before = slice_head(shown, column - from);
	for (size_t n = text_width(before) + 4; n > 0; n--)
		buf_add_char(out, ' ');
	buf_add(out, SLICE("^\n"));
	buf_free(&safe);
}

int
source_mistake(struct source *s, uint32_t line, size_t column,
    const char *fmt, ...)
{
	char words[400];
	struct slice text = line_at(s, line);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	s->wrong++;
	text_safe(s->mistakes, slice_of(s->path), SIZE_MAX);
	if (line)
		buf_addf(s->mistakes, ":%u", line);
	buf_add(s->mistakes, SLICE(": "));
	text_safe(s->mistakes, slice_of(words), SIZE_MAX);
	buf_add_char(s->mistakes, '\n');
	if (line && column <= text.n)
		show_place(s->mistakes, text, column);
	return -1;
}

static int
read_text(struct source *s)
{
	FILE *file = fopen(s->path, "r");
	char part[4096];
	size_t n;

	if (!file)
		return source_mistake(s, 0, SIZE_MAX, "%s", strerror(errno));
	while ((n = fread(part, 1, sizeof part, file)) > 0 &&
	    s->text.n <= TEXT_MAX)
		buf_add(&s->text, (struct slice){ part, n });
	n = (size_t)ferror(file);
	fclose(file);
	if (n)
		return source_mistake(s, 0, SIZE_MAX, "cannot be read");
	if (s->text.n > TEXT_MAX)
		return source_mistake(s, 0, SIZE_MAX, "is too long for a "
		    "format");
	if (s->text.n && memchr(s->text.p, '\0', s->text.n))
		return source_mistake(s, 0, SIZE_MAX, "has a NUL byte: this "
		    "is no text");
	return 0;
}

/* One line for inih, like fgets(): a header whole, of a key its name. */
static char *
feed_line(char *str, int num, void *user)
{
	struct feed *f = user;
	struct slice line;
	ptrdiff_t equals;
	size_t n;

	if (!slice_cut(&f->rest, '\n', &f->line))
		return NULL;
	f->number++;
	line = slice_trim(f->line);
	if (line.n && line.p[0] == '[') {
		f->section_nth++;
		f->section_line = f->number;
	} else if (line.n && line.p[0] != '#' && line.p[0] != ';' &&
	    (equals = slice_find_char(line, '=')) >= 0) {
		line.n = (size_t)equals + 1;
	}
	/* Room for a newline and the NUL. */
	n = line.n + 2 > (size_t)num ? (size_t)num - 2 : line.n;
	if (n)
		memcpy(str, line.p, n);
	str[n] = '\n';
	str[n + 1] = '\0';
	return str;
}

static int
take_row(void *user, const char *section, const char *key, const char *value)
{
	struct feed *f = user;
	struct source *s = f->s;
	struct source_row *row;
	ptrdiff_t equals = slice_find_char(f->line, '=');

	(void)value;
	if (equals < 0)
		return 0;
	mem_reserve(&s->row, &s->cap, s->n + 1, sizeof *s->row);
	row = &s->row[s->n++];
	*row = (struct source_row){
		.section = mem_strdup(section), .key = mem_strdup(key),
		.section_nth = f->section_nth, .section_line = f->section_line,
		.whole = slice_from(f->line, (size_t)equals + 1),
		.line = f->number,
	};
	if (row->whole.n && row->whole.p[row->whole.n - 1] == '\r')
		row->whole.n--;
	row->value = slice_trim(row->whole);
	row->column = (size_t)(row->value.p - f->line.p);
	if (row->whole.n && row->whole.p[0] == ' ')
		row->whole = slice_from(row->whole, 1);
	return 1;
}

int
source_read(struct source *s, const char *path, struct buf *mistakes)
{
	struct feed f = { .s = s };
	int wrong;

	*s = (struct source){ .path = mem_strdup(path), .mistakes = mistakes };
	if (read_text(s) < 0)
		return -1;
	f.rest = buf_slice(&s->text);
	wrong = ini_parse_stream(feed_line, &f, take_row, &f);
	if (wrong > 0)
		return source_mistake(s, (uint32_t)wrong, 0,
		    "neither [section] nor key = value");
	if (wrong < 0)
		return source_mistake(s, 0, SIZE_MAX, "out of memory");
	return 0;
}

void
source_free(struct source *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->row[i].section);
		free(s->row[i].key);
	}
	free(s->row);
	free(s->path);
	buf_free(&s->text);
	*s = (struct source){ 0 };
}
