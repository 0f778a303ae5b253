/*
 * The table of commands, and the man page's part of it.
 */
#ifndef EHLOG_UI_COMMANDS_H
#define EHLOG_UI_COMMANDS_H

#include <stdio.h>

#include "base/slice.h"

/* Views, as bits: where a command works. */
enum command_views {
	IN_LIST = 1,
	IN_TRANSCRIPT = 2,
	IN_HELP = 4,
	IN_STRAYS = 8,
	IN_EXPLAINED = 16,
	IN_ALL = IN_LIST | IN_TRANSCRIPT | IN_HELP | IN_STRAYS | IN_EXPLAINED,
};

enum command {
	COMMAND_NONE,
#define COMMAND(id, name, views, keys, hint, group, help) COMMAND_##id,
#include "ui/commands.def"
#undef COMMAND
	COMMAND_COUNT
};

struct command_row {
	const char *name;
	unsigned views;
	const char *keys;        /* the default ones */
	const char *hint;
	const char *group;
	const char *help;
};

/* Row 0 is no command and has no name. */
extern const struct command_row command_rows[COMMAND_COUNT];

enum command command_by_name(struct slice name);

/* "in the list", "in list and transcript", ... ; "" when everywhere. */
const char *command_places(unsigned views);

/* mdoc: .Ss a group, .It a command, for the man page. */
void commands_dump_man(FILE *out);

#endif
