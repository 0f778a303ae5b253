/*
 * --help, out of the table of options: one block a group, in the order in
 * which the groups first appear, wrapped to the width of whoever reads it.
 */
#include "config.h"

#include "config/options.h"

#define NAMES_COLUMN 2
#define HELP_COLUMN  26
#define NARROW       60

static const char usage[] =
    "Usage: ehlog [OPTION]... [FILE|FOLDER]...\n"
    "Shows the sessions of SMTP protocol logs: which failed, what exactly the "
    "server\nanswered, and to which command.\n";

static const char trailer[] =
    "A name may be cut short as long as it stays unique; -- ends the options. "
    "Exit status: 0 when a session was selected, 1 when none was, 2 on "
    "trouble.";

/*
 * Writes text, word by word, with `indent` blanks before each line but the
 * first, whose cursor is at that column already.
 */
static void
put_wrapped(FILE *out, const char *text, size_t indent, size_t columns)
{
	struct slice rest = slice_of(text), word;
	size_t at = indent;

	while (slice_cut(&rest, ' ', &word)) {
		if (at > indent && at + 1 + word.n > columns) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		}
		if (at > indent) {
			fputc(' ', out);
			at++;
		}
		fwrite(word.p, 1, word.n, out);
		at += word.n;
	}
	fputc('\n', out);
}

static size_t
put_names(FILE *out, const struct option_row *row)
{
	struct buf names = { 0 };
	size_t width;

	if (row->letter)
		buf_addf(&names, "-%c, ", row->letter);
	else
		buf_add(&names, SLICE("    "));
	buf_addf(&names, "--%s", row->name);
	if (row->value)
		buf_addf(&names, "=%s", row->value);
	width = NAMES_COLUMN + names.n;
	fprintf(out, "%*s%.*s", NAMES_COLUMN, "", SLICE_ARGS(buf_slice(&names)));
	buf_free(&names);
	return width;
}

static void
put_row(FILE *out, const struct option_row *row, size_t columns)
{
	size_t indent = columns < NARROW ? 8 : HELP_COLUMN;
	size_t at = put_names(out, row);

	/* The names leave no room: the help begins on a line of its own. */
	if (at + 2 > indent) {
		fputc('\n', out);
		at = 0;
	}
	fprintf(out, "%*s", (int)(indent - at), "");
	put_wrapped(out, row->help, indent, columns);
}

static bool
group_is_new(size_t i)
{
	struct slice group = slice_of(option_rows[i].group);

	for (size_t k = 0; k < i; k++)
		if (slice_eq(group, slice_of(option_rows[k].group)))
			return false;
	return true;
}

void
options_help(FILE *out, unsigned columns)
{
	if (columns == 0)
		columns = 80;
	fputs(usage, out);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const char *group = option_rows[i].group;

		if (!group_is_new(i))
			continue;
		fprintf(out, "\n%s\n", group);
		for (size_t k = i; k < OPTION_COUNT; k++)
			if (slice_eq(slice_of(group),
			    slice_of(option_rows[k].group)))
				put_row(out, &option_rows[k], columns);
	}
	fputc('\n', out);
	put_wrapped(out, trailer, 0, columns);
}
