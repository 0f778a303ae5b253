/*
 * The prompt: one line that a person edits, with a history for each kind of
 * question and a row below it for what is wrong with the answer.  It knows
 * nothing of what it asks for.
 */
#ifndef EHLOG_UI_PROMPT_H
#define EHLOG_UI_PROMPT_H

#include "base/mem.h"
#include "ui/canvas.h"

enum prompt_kind {
	PROMPT_NONE,
	PROMPT_SEARCH,
	PROMPT_FILTER,
	PROMPT_SAVE,
	PROMPT_LINE,             /* a command by its name */
	PROMPT_SURE,             /* one key: y, or anything else */
	PROMPT_KINDS
};

enum prompt_result {
	PROMPT_SAME,             /* nothing changed but the cursor */
	PROMPT_EDITED,           /* the text is another */
	PROMPT_DONE,             /* Enter; it is closed, the text is kept */
	PROMPT_CANCELLED,        /* Esc; it is closed */
};

struct prompt_history {
	char **lines;            /* the newest last */
	size_t n, cap;
};

struct prompt {
	enum prompt_kind kind;   /* PROMPT_NONE: closed */
	const char *label;
	struct buf text;         /* valid UTF-8 */
	size_t cursor;           /* byte offset in text */
	struct prompt_history history[PROMPT_KINDS];
	size_t recalled;         /* line of the history, n: none */
	struct buf draft;        /* what was typed before going back in it */

	/* What is wrong with the text, or good to know; with its place. */
	struct buf note;
	bool wrong;
	size_t wrong_at, wrong_length;
};

void prompt_init(struct prompt *p);
void prompt_free(struct prompt *p);

/* `label` must outlive the prompt's being open; `text` is what stands there. */
void prompt_open(struct prompt *p, enum prompt_kind kind, const char *label,
    struct slice text);
void prompt_close(struct prompt *p);
static inline bool
prompt_is_open(const struct prompt *p)
{
	return p->kind != PROMPT_NONE;
}

/* The text, ended by a NUL. */
const char *prompt_text(struct prompt *p);

/* A key; the kind stays readable in *kind after the prompt is closed. */
enum prompt_result prompt_key(struct prompt *p, int key,
    enum prompt_kind *kind);

/* A word to the reader under the line; "" takes it away. */
void prompt_note(struct prompt *p, const char *words);
/* What is wrong, shown under its place. */
void prompt_mistake(struct prompt *p, const char *words, size_t at,
    size_t length);

/* Two rows: the line and what there is to say of it.  Sets the cursor. */
void prompt_draw(const struct prompt *p, const struct area *a);

#endif
