/*
 * Keys: names, the table of commands, what the configuration makes of it.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/keys.h"

static int
key(const char *name)
{
	return keys_by_name(slice_of(name));
}

static void
names_are_keys(void **state)
{
	(void)state;
	assert_int_equal(key("j"), 'j');
	assert_int_equal(key("^F"), 6);
	assert_int_equal(key("^f"), 6);
	assert_int_equal(key("^["), KEYS_ESC);
	assert_int_equal(key("esc"), KEYS_ESC);
	assert_int_equal(key("Enter"), '\r');
	assert_int_equal(key("PAGEDOWN"), KEYS_PGDN);
	assert_int_equal(key("F1"), KEYS_F0 + 1);
	assert_int_equal(key("F63"), KEYS_F0 + 63);
	assert_int_equal(key("\xc3\xa4"), 0xe4);
	assert_int_equal(key("^"), '^');
	assert_int_equal(key("F"), 'F');
}

static void
nonsense_is_no_key(void **state)
{
	static const char *const wrong[] = { "", "F0", "F64", "F1x", "jj",
	    "^jj", "\xff", " " };

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(key(wrong[i]), KEYS_NONE);
}

/* Every default key is one, has a name that leads back, and is nobody else's. */
static void
the_table_makes_sense(void **state)
{
	struct keymap m;
	struct err err;

	(void)state;
	assert_int_equal(keymap_init(&m, NULL, &err), 0);
	for (size_t i = 0; i < m.n; i++) {
		const struct binding *a = &m.bindings[i];
		struct buf name = { 0 };

		assert_int_not_equal(a->key, KEYS_NONE);
		keys_name(a->key, &name);
		assert_int_equal(keys_by_name(buf_slice(&name)), a->key);
		buf_free(&name);
		for (size_t j = i + 1; j < m.n; j++)
			assert_false(m.bindings[j].key == a->key &&
			    (command_rows[m.bindings[j].command].views &
			    command_rows[a->command].views));
	}
	keymap_free(&m);
}

static void
every_command_is_complete(void **state)
{
	(void)state;
	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &command_rows[i];

		/* Who takes words is typed, and has no key. */
		assert_true(*row->name && (*row->keys || i == COMMAND_FORMAT) &&
		    *row->help && *row->group && row->views);
		assert_int_equal(command_by_name(slice_of(row->name)), i);
	}
}

/* Not every keyboard, and not every terminal, has the F-keys. */
static void
every_f_key_has_a_letter(void **state)
{
	(void)state;
	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++) {
		struct slice keys = slice_of(command_rows[i].keys), word;
		int f_keys = 0, others = 0;

		while (slice_cut(&keys, ' ', &word)) {
			if (keys_by_name(word) > KEYS_F0)
				f_keys++;
			else
				others++;
		}
		assert_true(f_keys == 0 || others > 0);
	}
}

static struct setting settings[4];

static struct options
configured(const char *command, const char *keys)
{
	static char section[] = "keys", path[] = "test.conf";

	settings[0] = (struct setting){ section, (char *)(uintptr_t)command,
	    (char *)(uintptr_t)keys, 7 };
	return (struct options){ .settings = settings, .nsettings = 1,
	    .config_path = path };
}

static void
the_configuration_gives_other_keys(void **state)
{
	struct options o = configured("open", "x  F7");
	struct keymap m;
	struct err err;

	(void)state;
	assert_int_equal(keymap_init(&m, &o, &err), 0);
	assert_int_equal(keymap_find(&m, IN_LIST, 'x'), COMMAND_OPEN);
	assert_int_equal(keymap_find(&m, IN_LIST, KEYS_F0 + 7), COMMAND_OPEN);
	assert_int_equal(keymap_find(&m, IN_LIST, KEYS_ENTER), COMMAND_NONE);
	assert_int_equal(keymap_find(&m, IN_TRANSCRIPT, KEYS_ENTER),
	    COMMAND_FOLD);
	keymap_free(&m);
}

/* A key that is given to one command is taken from the others of its views. */
static void
a_key_has_one_meaning_in_a_view(void **state)
{
	struct options o = configured("open", "j");
	struct keymap m;
	struct err err;

	(void)state;
	assert_int_equal(keymap_init(&m, &o, &err), 0);
	assert_int_equal(keymap_find(&m, IN_LIST, 'j'), COMMAND_OPEN);
	assert_int_equal(keymap_find(&m, IN_LIST, KEYS_DOWN), COMMAND_DOWN);
	keymap_free(&m);
}

static void
a_command_may_have_no_key(void **state)
{
	struct options o = configured("quit", "");
	struct keymap m;
	struct err err;

	(void)state;
	assert_int_equal(keymap_init(&m, &o, &err), 0);
	assert_int_equal(keymap_find(&m, IN_LIST, 'Q'), COMMAND_NONE);
	keymap_free(&m);
}

static void
mistakes_name_file_and_line(void **state)
{
	struct options o = configured("opne", "x");
	struct keymap m;
	struct err err;

	(void)state;
	assert_int_equal(keymap_init(&m, &o, &err), -1);
	assert_string_equal(err.text,
	    "test.conf:7: there is no command 'opne'");
	o = configured("open", "x Entre");
	assert_int_equal(keymap_init(&m, &o, &err), -1);
	assert_string_equal(err.text, "test.conf:7: there is no key 'Entre'");
}

static void
the_man_page_has_every_command(void **state)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	assert_non_null(out);
	commands_dump_man(out);
	assert_int_equal(fclose(out), 0);
	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++) {
		char wanted[80];

		snprintf(wanted, sizeof wanted, ".Pq Cm %s\n",
		    command_rows[i].name);
		assert_non_null(strstr(text, wanted));
	}
	assert_non_null(strstr(text, ".It Ic \\&j , Ic \\&Down , Ic \\&\\(haN\n"
	    "one line down.\n"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_keys),
		cmocka_unit_test(nonsense_is_no_key),
		cmocka_unit_test(the_table_makes_sense),
		cmocka_unit_test(every_command_is_complete),
		cmocka_unit_test(every_f_key_has_a_letter),
		cmocka_unit_test(the_configuration_gives_other_keys),
		cmocka_unit_test(a_key_has_one_meaning_in_a_view),
		cmocka_unit_test(a_command_may_have_no_key),
		cmocka_unit_test(mistakes_name_file_and_line),
		cmocka_unit_test(the_man_page_has_every_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
