/*
 * ehlog without the screen.  One thread but for what the selection starts.
 */
#include "config.h"

#include "report/batch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/utf8.h"
#include "index/indexer.h"
#include "index/oldest.h"
#include "query/replies.h"
#include "report/explain.h"
#include "report/live.h"
#include "report/report.h"
#include "report/steady.h"

enum { STATUS_FOUND = 0, STATUS_NONE = 1, STATUS_TROUBLE = 2 };

static const char pattern_limit[] =
    "a pattern met its limit: some sessions may be missing";

struct batch {
	const struct options *options;
	const struct request *request;
	const struct report_format *form;
	struct sources *sources;
	struct store *store;
	struct steady steady;    /* without a form: all is read first */
	bool trouble;
};

/* A path may hold any byte, and standard error may be a terminal. */
static void
say(const char *words)
{
	struct buf line = { 0 };

	text_safe(&line, slice_of(words), SIZE_MAX);
	fprintf(stderr, "ehlog: %.*s\n", SLICE_ARGS(buf_slice(&line)));
	buf_free(&line);
}

static void
complain(void *arg, const char *words)
{
	struct batch *b = arg;

	b->trouble = true;
	say(words);
}

static int
find_form(struct batch *b)
{
	const char *name = b->options->value[OPTION_PRINT];

	b->form = report_by_name(name ? name : "table");
	if (b->form)
		return 0;
	fprintf(stderr, "ehlog: --print: there is no form '%.60s'; there are:",
	    name);
	for (const struct report_format *rf = report_formats; rf->name; rf++)
		fprintf(stderr, " %s", rf->name);
	fputc('\n', stderr);
	return -1;
}

static struct report_options
terminal_options(const struct options *o)
{
	struct report_options ro = {
		.out = stdout,
		.secrets = option_given(o, OPTION_SECRETS),
		.internals = option_given(o, OPTION_WITH_INTERNALS),
		.limit = o->limit,
		.source = (size_t)o->npaths + o->ncommands == 1 ?
		    request_first(o) : NULL,
	};
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize ws;

	if (!isatty(STDOUT_FILENO))
		return ro;
	ro.safe = true;
	ro.colour = !(no_colour && *no_colour) && term &&
	    !slice_eq(slice_of(term), SLICE("dumb"));
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0)
		ro.columns = ws.ws_col;
	return ro;
}

/* Mistakes in the files of explanations; the words are safe already. */
static void
complain_lines(struct batch *b, struct slice words)
{
	if (words.n == 0)
		return;
	b->trouble = true;
	fwrite(words.p, 1, words.n, stderr);
}

static void
tell_wild(struct batch *b, const struct explain_book *book)
{
	const struct explain_entry *wild;
	struct buf words = { 0 };

	for (size_t i = 0; book && (wild = explain_book_wild(book, i)); i++) {
		explain_wild_words(wild, &words);
		buf_add_char(&words, '\n');
	}
	complain_lines(b, buf_slice(&words));
	buf_free(&words);
}

static struct explain_book *
load_book(struct batch *b)
{
	struct buf mistakes = { 0 };
	struct explain_book *book = NULL;

	if (option_given(b->options, OPTION_WITH_EXPLANATIONS))
		book = replies_load(!option_given(b->options,
		    OPTION_NO_CONFIG), &mistakes);
	complain_lines(b, buf_slice(&mistakes));
	buf_free(&mistakes);
	return book;
}

/*
 * Where the order of reading is the order of writing, and nobody keeps the
 * tables for another time.
 */
static bool
can_be_steady(const struct batch *b, size_t streams)
{
	const struct request *r = b->request;

	return b->form->streams && streams == 1 && !request_keep(r) &&
	    (!r->sorted ||
	    (r->sort == COLUMN_NUMBER && !r->reverse));
}

static void
begin_steady(struct batch *b)
{
	b->steady.report = terminal_options(b->options);
	b->steady.report.explain = load_book(b);
	b->steady.store = b->store;
	b->steady.filter = request_filter(b->request, &b->options->zone);
	b->steady.form = b->form;
}

/* Most of it is written; how many sessions were. */
static uint64_t
end_steady(struct batch *b)
{
	struct explain_book *book = b->steady.report.explain;
	struct err err = { "" };

	if (steady_end(&b->steady, &err) < 0)
		complain(b, err.text);
	if (b->steady.writing.met_limit)
		complain(b, pattern_limit);
	tell_wild(b, book);
	explain_book_free(book);
	return b->steady.writing.rows;
}

static void
forget_oldest(const struct batch *b, bool strict)
{
	const struct oldest_rule rule = { .keep = b->options->keep,
	    .strict = strict };

	oldest_forget(b->store, &rule);
}

/* What --stats says is of the whole log. */
static bool
look_steadily(void *arg)
{
	struct batch *b = arg;

	if (b->steady.form)
		return steady_look(&b->steady) ||
		    option_given(b->options, OPTION_STATS);
	if (b->options->keep)
		forget_oldest(b, false);
	return true;
}

/* All was read: what is kept is to the line what is to be kept. */
static void
tell_forgotten(const struct batch *b)
{
	struct buf words = { 0 };
	uint64_t n;

	if (!b->options->keep || b->steady.form)
		return;
	forget_oldest(b, true);
	n = store_forgotten(b->store);
	if (n == 0)
		return;
	buf_addf(&words, "%" PRIu64 " of the oldest sessions are not among "
	    "these: they were forgotten (--keep)", n);
	buf_add_char(&words, '\0');
	say(words.p);
	buf_free(&words);
}

/* Reads everything; false when there is nothing to select from. */
static bool
read_logs(struct batch *b)
{
	const struct options *o = b->options;
	struct indexer_options io = {
		.formats = &b->request->formats,
		.format = b->request->format, .sources = b->sources,
		.keep = request_keep(b->request),
		.wake_fd = -1, .published = look_steadily, .arg = b,
	};
	struct source_label *labels;
	struct err err = { "" };
	uint32_t seen = 0;
	struct indexer *ix;

	io.labels = labels = request_labels(o);
	ix = indexer_new(b->store, o->paths, o->npaths, &io, complain, b,
	    &err);
	if (ix) {
		if (can_be_steady(b, indexer_streams(ix)))
			begin_steady(b);
		indexer_run(ix);
		while (indexer_trouble(ix, &seen, &err))
			complain(b, err.text);
	}
	indexer_free(ix);
	free(labels);
	/* What a command says and ends well is no trouble. */
	while (sources_note(b->sources, &err))
		say(err.text);
	tell_forgotten(b);
	return ix != NULL;
}

/* Sessions as they end; how many were written. */
static uint64_t
write_live(struct batch *b)
{
	struct live live = {
		.options = b->options, .request = b->request,
		.form = b->form, .report = terminal_options(b->options),
		.store = b->store, .sources = b->sources,
		.complain = complain, .say = say, .arg = b,
	};
	uint64_t rows;

	live.report.at_once = true;
	live.report.explain = load_book(b);
	rows = live_run(&live);
	tell_wild(b, live.report.explain);
	explain_book_free(live.report.explain);
	return rows;
}

/* Returns how many sessions were written. */
static uint64_t
write_report(struct batch *b)
{
	const struct request *r = b->request;
	struct report_options ro = terminal_options(b->options);
	struct selection *sel = selection_new(b->store, -1);
	struct progress p;
	uint64_t rows = 0;
	struct err err = { "" };
	enum column_id sort = r->sort;

	/* Several streams were read one after another: their own order says
	   little. */
	store_progress(b->store, &p);
	if (!r->sorted && p.streams > 1)
		sort = COLUMN_START;
	ro.explain = load_book(b);
	selection_set(sel, request_filter(r, &b->options->zone), sort,
	    r->reverse);
	selection_finish(sel);
	if (report_write(b->form, &ro, b->store, sel, &rows, &err) < 0)
		complain(b, err.text);
	if (selection_limits(sel))
		complain(b, pattern_limit);
	selection_free(sel);
	tell_wild(b, ro.explain);
	explain_book_free(ro.explain);
	return rows;
}

/* What cannot be said of a log that goes on. */
static int
check_live(const struct batch *b)
{
	if (!b->form->streams)
		fprintf(stderr, "ehlog: --print=%s is made of a whole log: with "
		    "--follow there are csv, json, transcript\n",
		    b->form->name);
	else if (b->request->sorted &&
	    !b->options->from_file[OPTION_SORT])
		say("--sort needs the whole log: with --follow sessions are "
		    "written as they end");
	else
		return 0;
	return -1;
}

int
batch_run(const struct options *o, const struct request *r)
{
	struct batch b = { .options = o, .request = r };
	struct err err = { "" };
	uint64_t rows = 0;
	/* As a setting it is meant for the screen. */
	bool live = option_given(o, OPTION_FOLLOW) &&
	    !o->from_file[OPTION_FOLLOW];

	if (option_given(o, OPTION_PAUSED) && !o->from_file[OPTION_PAUSED]) {
		say("--paused needs the screen: leave --print away, and let "
		    "standard output be a terminal");
		return STATUS_TROUBLE;
	}
	if (find_form(&b) < 0 || (live && check_live(&b) < 0))
		return STATUS_TROUBLE;
	if (r->mistakes.n)
		fwrite(r->mistakes.p, 1, r->mistakes.n, stderr);
	b.sources = sources_new(o->unpack_limit, o->value[OPTION_SPILL], &err);
	if (!b.sources) {
		say(err.text);
		return STATUS_TROUBLE;
	}
	request_add_commands(o, b.sources);
	if (o->keep)
		sources_bound(b.sources);
	b.store = store_new();
	if (live)
		rows = write_live(&b);
	else if (read_logs(&b))
		rows = b.steady.form ? end_steady(&b) : write_report(&b);
	if (option_given(o, OPTION_STATS))
		report_stats(stderr, b.store, b.sources);
	store_free(b.store);
	b.trouble = b.trouble || sources_went_wrong(b.sources);
	sources_free(b.sources);
	if (b.trouble)
		return STATUS_TROUBLE;
	return rows ? STATUS_FOUND : STATUS_NONE;
}
