/*
 * The prompt: editing a line, its history, what is wrong under its place.
 */
#include "config.h"

#include "ui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/keys.h"

#define HISTORY_MAX 50
#define TEXT_MAX 4096

void
prompt_init(struct prompt *p)
{
	*p = (struct prompt){ 0 };
}

void
prompt_free(struct prompt *p)
{
	for (int kind = 0; kind < PROMPT_KINDS; kind++) {
		struct prompt_history *h = &p->history[kind];

		for (size_t i = 0; i < h->n; i++)
			free(h->lines[i]);
		free(h->lines);
	}
	buf_free(&p->text);
	buf_free(&p->draft);
	buf_free(&p->note);
	*p = (struct prompt){ 0 };
}

static void
set_text(struct prompt *p, struct slice text)
{
	p->text.n = 0;
	buf_add(&p->text, text);
	p->cursor = p->text.n;
}

void
prompt_open(struct prompt *p, enum prompt_kind kind, const char *label,
    struct slice text)
{
	p->kind = kind;
	p->label = label;
	set_text(p, text);
	p->recalled = p->history[kind].n;
	p->draft.n = 0;
	prompt_note(p, "");
}

void
prompt_close(struct prompt *p)
{
	p->kind = PROMPT_NONE;
}

const char *
prompt_text(struct prompt *p)
{
	mem_reserve(&p->text.p, &p->text.cap, p->text.n + 1, 1);
	p->text.p[p->text.n] = '\0';
	return p->text.p;
}

void
prompt_note(struct prompt *p, const char *words)
{
	p->note.n = 0;
	p->wrong = false;
	buf_add(&p->note, slice_of(words));
}

void
prompt_mistake(struct prompt *p, const char *words, size_t at, size_t length)
{
	prompt_note(p, words);
	p->wrong = true;
	p->wrong_at = at;
	p->wrong_length = length ? length : 1;
}

static void
history_keep(struct prompt_history *h, const char *line)
{
	if (!*line || (h->n && strcmp(h->lines[h->n - 1], line) == 0))
		return;
	if (h->n == HISTORY_MAX) {
		free(h->lines[0]);
		h->n--;
		memmove(h->lines, h->lines + 1, h->n * sizeof *h->lines);
	}
	mem_reserve(&h->lines, &h->cap, h->n + 1, sizeof *h->lines);
	h->lines[h->n++] = mem_strdup(line);
}

static enum prompt_result
recall(struct prompt *p, int step)
{
	struct prompt_history *h = &p->history[p->kind];

	if (step < 0 ? p->recalled == 0 : p->recalled >= h->n)
		return PROMPT_SAME;
	if (p->recalled == h->n) {
		p->draft.n = 0;
		buf_add(&p->draft, buf_slice(&p->text));
	}
	p->recalled = step < 0 ? p->recalled - 1 : p->recalled + 1;
	set_text(p, p->recalled == h->n ? buf_slice(&p->draft) :
	    slice_of(h->lines[p->recalled]));
	return PROMPT_EDITED;
}

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t
before(const struct prompt *p, size_t at)
{
	if (at > 0)
		at--;
	while (at > 0 && is_continuation(p->text.p[at]))
		at--;
	return at;
}

static size_t
after(const struct prompt *p, size_t at)
{
	if (at < p->text.n)
		at++;
	while (at < p->text.n && is_continuation(p->text.p[at]))
		at++;
	return at;
}

static size_t
word_before(const struct prompt *p)
{
	size_t at = p->cursor;

	while (at > 0 && p->text.p[at - 1] == ' ')
		at--;
	while (at > 0 && p->text.p[at - 1] != ' ')
		at--;
	return at;
}

static enum prompt_result
erase(struct prompt *p, size_t from, size_t to)
{
	if (from == to)
		return PROMPT_SAME;
	memmove(p->text.p + from, p->text.p + to, p->text.n - to);
	p->text.n -= to - from;
	p->cursor = from;
	return PROMPT_EDITED;
}

static enum prompt_result
insert(struct prompt *p, int key)
{
	char utf8[4];
	size_t n;

	if (key < ' ' || key == 127 || key >= KEYS_UP ||
	    p->text.n + 4 > TEXT_MAX)
		return PROMPT_SAME;
	n = utf8_encode((uint32_t)key, utf8);
	mem_reserve(&p->text.p, &p->text.cap, p->text.n + n, 1);
	memmove(p->text.p + p->cursor + n, p->text.p + p->cursor,
	    p->text.n - p->cursor);
	memcpy(p->text.p + p->cursor, utf8, n);
	p->text.n += n;
	p->cursor += n;
	return PROMPT_EDITED;
}

static enum prompt_result
go(struct prompt *p, size_t to)
{
	p->cursor = to;
	return PROMPT_SAME;
}

static enum prompt_result
edit(struct prompt *p, int key)
{
	switch (key) {
	case KEYS_BACKSPACE:
	case KEYS_CTRL('H'):
	case 127:
		return erase(p, before(p, p->cursor), p->cursor);
	case KEYS_DELETE:
	case KEYS_CTRL('D'):
		return erase(p, p->cursor, after(p, p->cursor));
	case KEYS_CTRL('W'):
		return erase(p, word_before(p), p->cursor);
	case KEYS_CTRL('U'):
		return erase(p, 0, p->cursor);
	case KEYS_CTRL('K'):
		return erase(p, p->cursor, p->text.n);
	case KEYS_LEFT:
	case KEYS_CTRL('B'):
		return go(p, before(p, p->cursor));
	case KEYS_RIGHT:
	case KEYS_CTRL('F'):
		return go(p, after(p, p->cursor));
	case KEYS_HOME:
	case KEYS_CTRL('A'):
		return go(p, 0);
	case KEYS_END:
	case KEYS_CTRL('E'):
		return go(p, p->text.n);
	case KEYS_UP:
	case KEYS_CTRL('P'):
		return recall(p, -1);
	case KEYS_DOWN:
	case KEYS_CTRL('N'):
		return recall(p, 1);
	default:
		return insert(p, key);
	}
}

enum prompt_result
prompt_key(struct prompt *p, int key, enum prompt_kind *kind)
{
	*kind = p->kind;
	if (p->kind == PROMPT_SURE) {
		prompt_close(p);
		return key == 'y' || key == 'Y' ? PROMPT_DONE :
		    PROMPT_CANCELLED;
	}
	/* Nothing is left to take away. */
	if (key == KEYS_BACKSPACE && p->text.n == 0)
		key = KEYS_ESC;
	switch (key) {
	case KEYS_ENTER:
	case '\n':
		history_keep(&p->history[p->kind], prompt_text(p));
		prompt_close(p);
		return PROMPT_DONE;
	case KEYS_ESC:
	case KEYS_CTRL('C'):
	case KEYS_CTRL('G'):
		prompt_close(p);
		return PROMPT_CANCELLED;
	default:
		return edit(p, key);
	}
}

/* The note stands behind the caret, or before it where there is no room. */
static void
draw_mistake(const struct prompt *p, const struct area *a, int place)
{
	size_t from = p->wrong_at < p->text.n ? p->wrong_at : p->text.n;
	struct slice wrong = slice_head(slice_from(buf_slice(&p->text), from),
	    p->wrong_length);
	int width = (int)text_width(slice_head(wrong, 512));
	int words = (int)text_width(buf_slice(&p->note));

	if (place > a->cols - 2)
		place = a->cols - 2;
	if (place < 0)
		place = 0;
	area_text(a, 1, place, STYLE_MISTAKE, SLICE("^"));
	for (int i = 1; i < width && place + i < a->cols; i++)
		area_text(a, 1, place + i, STYLE_MISTAKE, SLICE("~"));
	if (width < 1)
		width = 1;
	if (place + width + 1 + words <= a->cols || place < words + 2)
		area_text(a, 1, place + width + 1, STYLE_MISTAKE,
		    buf_slice(&p->note));
	else
		area_text(a, 1, place - words - 1, STYLE_MISTAKE,
		    buf_slice(&p->note));
}

void
prompt_draw(const struct prompt *p, const struct area *a)
{
	struct ink ink = { .style = STYLE_NORMAL };
	struct slice text = buf_slice(&p->text);
	int begin, room, cursor;
	size_t place;

	area_blank(a, 0, 0, a->cols, STYLE_NORMAL);
	area_blank(a, 1, 0, a->cols, STYLE_NORMAL);
	begin = area_words(a, 0, 0, STYLE_KEY, p->label);
	room = a->cols - begin - 1;
	cursor = (int)text_width(slice_head(text, p->cursor));
	if (room > 0 && cursor > room)
		ink.skip = (size_t)(cursor - room);
	area_ink(a, 0, begin, a->cols - begin, text, &ink);
	a->cv->cursor_row = a->row;
	a->cv->cursor_col = a->col + begin + cursor - (int)ink.skip;
	if (a->cv->cursor_col >= a->cv->cols)
		a->cv->cursor_col = a->cv->cols - 1;
	a->cv->cursor_shown = true;
	if (!p->wrong) {
		area_text(a, 1, 0, STYLE_STATUS, buf_slice(&p->note));
		return;
	}
	place = text_width(slice_head(text, p->wrong_at));
	draw_mistake(p, a, begin + (int)place - (int)ink.skip);
}
