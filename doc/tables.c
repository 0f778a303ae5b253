/*
 * Prints the parts of the documents and of the shell completion that come
 * from tables, so that they cannot tell something else than the program does.
 * Not installed; `make update-docs` runs it, and a test compares.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "config/options.h"
#include "query/column.h"
#include "query/filter.h"
#include "query/known.h"
#include "report/report.h"
#include "ui/commands.h"
#include "ui/theme.h"

/* roff: no escape, and no line that begins with a control character. */
static void
put_roff(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text; text++) {
		switch (*text) {
		case '\\':
			fputs("\\e", stdout);
			break;
		case '-':
			fputs("\\-", stdout);
			break;
		case '^':
			fputs("\\(ha", stdout);
			break;
		case '~':
			fputs("\\(ti", stdout);
			break;
		case '"':
			fputs("\\(dq", stdout);
			break;
		default:
			putchar(*text);
		}
	}
}

static void
put_item(const char *macro, const char *term, const char *help)
{
	printf(".It %s ", macro);
	put_roff(term);
	putchar('\n');
	put_roff(help);
	fputs(".\n", stdout);
}

static void
dump_options(void)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *o = &option_rows[i];

		fputs(".It ", stdout);
		if (o->letter)
			printf("Fl %c , ", o->letter);
		printf("Fl \\-%s", o->name);
		if (o->value)
			printf(" Ns = Ns Ar %s", o->value);
		putchar('\n');
		put_roff(o->help);
		fputs(".\n", stdout);
	}
}

static void
dump_filter(void)
{
	for (const struct filter_field *f = filter_fields; f->name; f++) {
		fputs(".It Li ", stdout);
		put_roff(f->example);
		putchar('\n');
		put_roff(f->help);
		fputs(".\n", stdout);
	}
}

static void
dump_columns(void)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		put_item("Cm", columns[i].name, columns[i].help);
}

static void
dump_forms(void)
{
	for (const struct report_format *r = report_formats; r->name; r++)
		put_item("Cm", r->name, r->help);
}

static void
dump_formats(void)
{
	struct format_set set;
	struct buf mistakes = { 0 };

	known_formats(&set, false, &mistakes);
	for (size_t i = 0; i < set.n; i++)
		put_item("Cm", set.entry[i].format->name,
		    set.entry[i].format->title);
	format_set_free(&set);
	buf_free(&mistakes);
}

static void
dump_styles(void)
{
#define S(id, name, letter, colour, mono, help) put_item("Cm", name, help);
	STYLES(S)
#undef S
}

static void
dump_keys(void)
{
	commands_dump_man(stdout);
}

static void
put_format_names(void)
{
	struct format_set set;
	struct buf mistakes = { 0 };

	known_formats(&set, false, &mistakes);
	for (size_t i = 0; i < set.n; i++)
		printf(" %s", set.entry[i].format->name);
	format_set_free(&set);
	buf_free(&mistakes);
}

/* Words of an option's value, for the completion. */
static void
put_values(enum option_id id)
{
	if (id == OPTION_PRINT) {
		for (const struct report_format *r = report_formats; r->name; r++)
			printf(" %s", r->name);
	} else if (id == OPTION_FORMAT) {
		put_format_names();
	} else if (id == OPTION_SORT) {
		for (int i = 0; i < COLUMN_COUNT; i++)
			printf(" %s -%s", columns[i].name, columns[i].name);
	}
}

static void
dump_bash(void)
{
	fputs("# Completion of ehlog for bash.  Made from tables by\n"
	    "# `make update-docs`: do not edit.\n"
	    "_ehlog()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} option words=\n"
	    "\tlocal before=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "\tif [[ $cur == = ]]; then\n"
	    "\t\toption=$before cur=\n"
	    "\telif [[ $before == = ]]; then\n"
	    "\t\toption=${COMP_WORDS[COMP_CWORD-2]}\n"
	    "\tfi\n"
	    "\tcase $option in\n", stdout);
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (i != OPTION_PRINT && i != OPTION_FORMAT && i != OPTION_SORT)
			continue;
		printf("\t--%s) words=\"", option_rows[i].name);
		put_values((enum option_id)i);
		fputs("\" ;;\n", stdout);
	}
	fputs("\tesac\n"
	    "\tif [[ $words ]]; then\n"
	    "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "\telif [[ -z $option && $cur == -* ]]; then\n"
	    "\t\tCOMPREPLY=($(compgen -W \"", stdout);
	for (int i = 0; i < OPTION_COUNT; i++)
		printf("%s--%s%s", i ? " " : "", option_rows[i].name,
		    option_rows[i].value ? "=" : "");
	fputs("\" -- \"$cur\"))\n"
	    "\t\t[[ ${COMPREPLY-} == *= ]] && compopt -o nospace\n"
	    "\telse\n"
	    "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	    "\tfi\n}\n"
	    "complete -o filenames -F _ehlog ehlog\n", stdout);
}

static const struct {
	const char *name;
	void (*dump)(void);
} tables[] = {
	{ "options", dump_options },
	{ "filter", dump_filter },
	{ "columns", dump_columns },
	{ "forms", dump_forms },
	{ "formats", dump_formats },
	{ "styles", dump_styles },
	{ "keys", dump_keys },
	{ "bash", dump_bash },
};

int
main(int argc, char *argv[])
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		if (argc == 2 && strcmp(argv[1], tables[i].name) == 0) {
			tables[i].dump();
			return ferror(stdout) || fflush(stdout) != 0;
		}
	}
	fputs("usage: tables", stderr);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		fprintf(stderr, "%s%s", i ? "|" : " ", tables[i].name);
	fputc('\n', stderr);
	return 2;
}
