/*
 * Key names and bindings.  It knows no terminal and no view.
 */
#include "config.h"

#include "ui/keys.h"

#include <stdlib.h>

#include "base/utf8.h"

static const struct {
	const char *name;
	int key;
} key_names[] = {
	/* The first name of a key is the one that is shown. */
	{ "Enter", KEYS_ENTER }, { "Return", KEYS_ENTER },
	{ "Esc", KEYS_ESC }, { "Escape", KEYS_ESC },
	{ "Tab", KEYS_TAB }, { "BackTab", KEYS_BACKTAB },
	{ "Space", ' ' },
	{ "Up", KEYS_UP }, { "Down", KEYS_DOWN },
	{ "Left", KEYS_LEFT }, { "Right", KEYS_RIGHT },
	{ "PgUp", KEYS_PGUP }, { "PageUp", KEYS_PGUP },
	{ "PgDn", KEYS_PGDN }, { "PageDown", KEYS_PGDN },
	{ "Home", KEYS_HOME }, { "End", KEYS_END },
	{ "Ins", KEYS_INSERT }, { "Insert", KEYS_INSERT },
	{ "Del", KEYS_DELETE }, { "Delete", KEYS_DELETE },
	{ "Backspace", KEYS_BACKSPACE }, { "BS", KEYS_BACKSPACE },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* "F1" to "F63". */
static int
function_key(struct slice name)
{
	uint64_t number;

	if (name.n < 2 || ascii_lower((unsigned char)name.p[0]) != 'f' ||
	    !slice_to_u64(slice_from(name, 1), &number) ||
	    number < 1 || number > 63)
		return KEYS_NONE;
	return KEYS_F0 + (int)number;
}

int
keys_by_name(struct slice name)
{
	int32_t cp;

	for (size_t i = 0; i < COUNT(key_names); i++)
		if (slice_case_eq(name, slice_of(key_names[i].name)))
			return key_names[i].key;
	if (name.n == 2 && name.p[0] == '^') {
		int c = ascii_lower((unsigned char)name.p[1]);

		if (c == '?')
			return KEYS_BACKSPACE;
		return c >= '@' && c < 127 ? KEYS_CTRL(c) : KEYS_NONE;
	}
	if (name.n == 0)
		return KEYS_NONE;
	if (utf8_decode(name, &cp) == name.n && cp > ' ' && cp != 127)
		return (int)cp;
	return function_key(name);
}

void
keys_name(int key, struct buf *out)
{
	char utf8[4];

	for (size_t i = 0; i < COUNT(key_names); i++)
		if (key_names[i].key == key) {
			buf_add(out, slice_of(key_names[i].name));
			return;
		}
	if (key > KEYS_F0)
		buf_addf(out, "F%d", key - KEYS_F0);
	else if (key >= KEYS_UP)
		buf_add(out, SLICE("this key"));
	else if (key < ' ')
		buf_addf(out, "^%c", key + '@');
	else
		buf_add(out, (struct slice){ utf8,
		    utf8_encode((uint32_t)key, utf8) });
}

static void
keymap_add(struct keymap *m, int key, enum command command)
{
	mem_reserve(&m->bindings, &m->cap, m->n + 1, sizeof *m->bindings);
	m->bindings[m->n++] = (struct binding){ key, command };
}

/* Takes away: a command's keys; or a key, from all commands of some views. */
static void
keymap_remove(struct keymap *m, enum command command, int key,
    unsigned views)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++) {
		struct binding b = m->bindings[i];

		if (b.command == command || (key != KEYS_NONE &&
		    b.key == key && (command_rows[b.command].views & views)))
			continue;
		m->bindings[kept++] = b;
	}
	m->n = kept;
}

static int
keymap_set(struct keymap *m, const struct options *o,
    const struct setting *s, struct err *err)
{
	const char *path = o->config_path ? o->config_path : "configuration";
	enum command command = command_by_name(slice_of(s->key));
	struct slice keys = slice_of(s->value), word;

	if (command == COMMAND_NONE)
		return err_set(err, "%s:%d: there is no command '%.40s'",
		    path, s->line, s->key);
	keymap_remove(m, command, KEYS_NONE, 0);
	while (slice_cut(&keys, ' ', &word)) {
		int key;

		word = slice_trim(word);
		if (word.n == 0)
			continue;
		key = keys_by_name(word);
		if (key == KEYS_NONE)
			return err_set(err, "%s:%d: there is no key '%.*s'",
			    path, s->line, SLICE_ARGS(slice_head(word, 40)));
		keymap_remove(m, COMMAND_NONE, key,
		    command_rows[command].views);
		keymap_add(m, key, command);
	}
	return 0;
}

int
keymap_init(struct keymap *m, const struct options *o, struct err *err)
{
	*m = (struct keymap){ 0 };
	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++) {
		struct slice keys = slice_of(command_rows[i].keys), word;

		while (slice_cut(&keys, ' ', &word))
			keymap_add(m, keys_by_name(word), (enum command)i);
	}
	for (size_t i = 0; o && i < o->nsettings; i++)
		if (slice_case_eq(slice_of(o->settings[i].section),
		    SLICE("keys")) &&
		    keymap_set(m, o, &o->settings[i], err) < 0) {
			keymap_free(m);
			return -1;
		}
	return 0;
}

void
keymap_free(struct keymap *m)
{
	free(m->bindings);
	*m = (struct keymap){ 0 };
}

enum command
keymap_find(const struct keymap *m, unsigned view, int key)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->bindings[i].key == key &&
		    (command_rows[m->bindings[i].command].views & view))
			return m->bindings[i].command;
	return COMMAND_NONE;
}

unsigned
keymap_views(const struct keymap *m, int key)
{
	unsigned views = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->bindings[i].key == key)
			views |= command_rows[m->bindings[i].command].views;
	return views;
}

void
keymap_names(const struct keymap *m, enum command command, size_t most,
    struct buf *out)
{
	size_t named = 0;

	for (size_t i = 0; i < m->n && named < most; i++) {
		if (m->bindings[i].command != command)
			continue;
		if (named++ > 0)
			buf_add_char(out, ' ');
		keys_name(m->bindings[i].key, out);
	}
}
