/*
 * The table of commands: names, keys, help; and what the man page takes from
 * it.  What a command does is the views' matter.
 */
#include "config.h"

#include "ui/commands.h"

#include <string.h>

const struct command_row command_rows[COMMAND_COUNT] = {
	[COMMAND_NONE] = { "", 0, "", "", "", "" },
#define COMMAND(id, name, views, keys, hint, group, help) \
	[COMMAND_##id] = { name, views, keys, hint, group, help },
#include "ui/commands.def"
#undef COMMAND
};

enum command
command_by_name(struct slice name)
{
	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++)
		if (slice_case_eq(name, slice_of(command_rows[i].name)))
			return (enum command)i;
	return COMMAND_NONE;
}

const char *
command_places(unsigned views)
{
	switch (views & ~(unsigned)(IN_STRAYS | IN_EXPLAINED)) {
	case IN_LIST:
		return "list";
	case IN_TRANSCRIPT:
		return "transcript";
	case IN_LIST | IN_TRANSCRIPT:
		return "list, transcript";
	default:
		return "";
	}
}

/* roff takes some characters for its own; a zero-width \& stands before. */
static void
dump_word(FILE *out, struct slice word)
{
	fputs(" \\&", out);
	for (size_t i = 0; i < word.n; i++) {
		switch (word.p[i]) {
		case '^':
			fputs("\\(ha", out);
			break;
		case '\\':
			fputs("\\e", out);
			break;
		case '-':
			fputs("\\-", out);
			break;
		case '~':
			fputs("\\(ti", out);
			break;
		default:
			fputc(word.p[i], out);
			break;
		}
	}
}

static void
dump_command(FILE *out, const struct command_row *row)
{
	struct slice keys = slice_of(row->keys), key;
	bool first = true;

	fputs(".It", out);
	while (slice_cut(&keys, ' ', &key)) {
		fputs(first ? " Ic" : " , Ic", out);
		dump_word(out, key);
		first = false;
	}
	/* One that takes words has no key. */
	if (first)
		fprintf(out, " Ic \\&:%s", row->name);
	fprintf(out, "\n%s.\n.Pq Cm %s\n", row->help, row->name);
}

void
commands_dump_man(FILE *out)
{
	const char *group = "";

	for (int i = COMMAND_NONE + 1; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &command_rows[i];

		if (strcmp(group, row->group) != 0) {
			if (*group)
				fputs(".El\n", out);
			group = row->group;
			fprintf(out, ".Ss %s\n", group);
			fputs(".Bl -tag -width Ds\n", out);
		}
		dump_command(out, row);
	}
	fputs(".El\n", out);
}
