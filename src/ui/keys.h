/*
 * Keys and what they do.  A key is a code point, or one of the codes below;
 * the terminal's own codes never leave term.c.
 */
#ifndef EHLOG_UI_KEYS_H
#define EHLOG_UI_KEYS_H

#include <stddef.h>

#include "base/mem.h"
#include "config/options.h"
#include "ui/commands.h"

enum key {
	KEYS_NONE = 0,
	KEYS_TAB = '\t',
	KEYS_ENTER = '\r',
	KEYS_ESC = 27,
	/* Beyond Unicode. */
	KEYS_UP = 0x110000, KEYS_DOWN, KEYS_LEFT, KEYS_RIGHT,
	KEYS_PGUP, KEYS_PGDN, KEYS_HOME, KEYS_END,
	KEYS_INSERT, KEYS_DELETE, KEYS_BACKSPACE, KEYS_BACKTAB,
	KEYS_UNKNOWN,            /* the terminal sent what we have no name for */
	KEYS_F0 = 0x110100,      /* F1 is KEYS_F0 + 1, up to F63 */
};

#define KEYS_CTRL(letter) ((letter) & 31)

/* "j", "^F", "PgDn", "F1"; any case for the longer names.  0: no key. */
int keys_by_name(struct slice name);
void keys_name(int key, struct buf *out);

struct binding {
	int key;
	enum command command;
};

/* The bindings in force.  A key may mean different things in two views. */
struct keymap {
	struct binding *bindings;
	size_t n, cap;
};

/*
 * The default keys, then [keys] of the configuration: `command = key ...`
 * gives a command other keys and takes these from commands of the same views;
 * an empty value leaves it without.  -1 with file, line and words.
 */
int keymap_init(struct keymap *m, const struct options *o, struct err *err);
void keymap_free(struct keymap *m);

/* COMMAND_NONE when the key means nothing in this view. */
enum command keymap_find(const struct keymap *m, unsigned view, int key);
/* The views in which a key means something, as bits. */
unsigned keymap_views(const struct keymap *m, int key);
/* Appends the names of a command's keys; `most`: how many at most. */
void keymap_names(const struct keymap *m, enum command command, size_t most,
    struct buf *out);

#endif
