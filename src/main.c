/*
 * ehlog: locale, options, and hand over: to the face where there is a
 * terminal, to a report where there is none.
 */
#include "config.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "config/datadir.h"
#include "input/command.h"
#include "input/gather.h"
#include "report/batch.h"
#include "report/explain.h"
#include "report/formats.h"
#include "ui/loop.h"

enum { STATUS_TROUBLE = 2 };

/* --help and its like: true when that was all. */
static bool
answer(const struct options *o, int *status)
{
	*status = 0;
	if (option_given(o, OPTION_HELP))
		options_help(stdout, 80);
	else if (option_given(o, OPTION_VERSION))
		puts(PACKAGE_STRING);
	else if (option_given(o, OPTION_LIST_FORMATS))
		report_list_formats(!option_given(o, OPTION_NO_CONFIG));
	else if (option_given(o, OPTION_EXPLAIN))
		*status = report_explain(o->value[OPTION_EXPLAIN],
		    !option_given(o, OPTION_NO_CONFIG));
	else if (option_given(o, OPTION_CHECK_FORMAT))
		*status = report_check_format(o->value[OPTION_CHECK_FORMAT]);
	else
		return false;
	return true;
}

static int
trouble(const char *words)
{
	fprintf(stderr, "ehlog: %s\n", words);
	return STATUS_TROUBLE;
}

static int
show(const struct options *o)
{
	struct buf words = { 0 };
	struct request r;
	int status = STATUS_TROUBLE;

	if (request_read(&r, o, &words) < 0)
		fprintf(stderr, "ehlog: %.*s", SLICE_ARGS(buf_slice(&words)));
	else if (option_given(o, OPTION_PRINT) || !isatty(STDOUT_FILENO))
		status = batch_run(o, &r);
	else
		status = loop_run(o, &r);
	buf_free(&words);
	request_free(&r);
	return status;
}

/* Whether something stands on standard input: a pipe or a file. */
static bool
input_is_given(void)
{
	struct stat sb;

	return fstat(STDIN_FILENO, &sb) == 0 && (S_ISFIFO(sb.st_mode) ||
	    S_ISSOCK(sb.st_mode) || S_ISREG(sb.st_mode));
}

static int
run(struct options *o, int argc, char *argv[])
{
	char *demo = NULL;
	struct err err;
	int status;

	if (options_parse(o, argc, argv, &err) < 0)
		return trouble(err.text);
	if (answer(o, &status))
		return fflush(stdout) == 0 ? status : trouble("cannot write");
	if (options_read_config(o, &err) < 0)
		return trouble(err.text);
	/* There is room: --demo itself is an argument that is no path. */
	if (option_given(o, OPTION_DEMO)) {
		demo = datadir_path("demo.log");
		options_add_path(o, demo);
	}
	/* So is there when there is none: for the name of the program. */
	if (o->npaths == 0 && o->ncommands == 0 && input_is_given())
		options_add_path(o, (char *)GATHER_INPUT);
	if (o->npaths == 0 && o->ncommands == 0) {
		options_help(stderr, 80);
		return STATUS_TROUBLE;
	}
	/* Who ends ehlog ends what it started. */
	if (o->ncommands)
		commands_guard();
	status = show(o);
	free(demo);
	return status;
}

int
main(int argc, char *argv[])
{
	struct options o = { 0 };
	int status;

	setlocale(LC_ALL, "");
	/* A file that may not grow is a write that failed, no end of ehlog. */
	signal(SIGXFSZ, SIG_IGN);
	text_init(slice_case_eq(slice_of(nl_langinfo(CODESET)),
	    SLICE("UTF-8")));
	signal(SIGPIPE, SIG_IGN);
	status = run(&o, argc, argv);
	options_free(&o);
	return status;
}
