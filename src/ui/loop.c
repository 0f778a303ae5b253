/*
 * From the command line to the face: the store, the indexer's thread, the
 * pipe that wakes the face; and what could not be opened.
 */
#include "config.h"

#include "input/wake.h"
#include "ui/loop.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "report/report.h"
#include "ui/face.h"

enum { STATUS_TROUBLE = 2 };

/* Words of what could not be opened, one a line. */
struct complaints {
	struct buf words;
	unsigned count;
};

static void
complain(void *arg, const char *words)
{
	struct complaints *c = arg;

	buf_addf(&c->words, "ehlog: ");
	text_safe(&c->words, slice_of(words), SIZE_MAX);
	buf_add_char(&c->words, '\n');
	c->count++;
}

/* The first complaint, and how many more there are; else of formats. */
static char *
notice(const struct complaints *c, const struct buf *mistakes)
{
	struct slice rest = buf_slice(c->count ? &c->words : mistakes), first;
	struct buf b = { 0 };

	if (!slice_cut(&rest, '\n', &first))
		return NULL;
	buf_add(&b, c->count ? slice_from(first, strlen("ehlog: ")) : first);
	if (c->count > 1)
		buf_addf(&b, " (and %u more)", c->count - 1);
	buf_add_char(&b, '\0');
	return b.p;
}

/* The name of what is opened first without its folders, as the header has it. */
static const char *
source_name(const struct options *o)
{
	const char *first = request_first(o);
	const char *slash = o->npaths > 0 ? strrchr(first, '/') : NULL;

	return slash && slash[1] ? slash + 1 : first;
}

/* What the face cannot do, or does not know, is told before anything opens. */
static int
check_options(const struct options *o, struct err *err)
{
	static const char *const sections[] = { "options", "keys", "colours",
	    "colors", "columns", "zones", "skews" };
	size_t n = sizeof sections / sizeof sections[0], known;

	/* As a setting it is meant for reports. */
	if (option_given(o, OPTION_LIMIT) && !o->from_file[OPTION_LIMIT])
		return err_set(err, "--limit is for reports: add "
		    "--print=table, or leave it away");
	for (size_t i = 0; i < o->nsettings; i++) {
		const struct setting *s = &o->settings[i];

		for (known = 0; known < n; known++)
			if (slice_case_eq(slice_of(s->section),
			    slice_of(sections[known])))
				break;
		if (known == n)
			return err_set(err, "%s:%d: there is no section "
			    "[%.40s]; there are options, keys, colours, "
			    "columns, zones, skews", o->config_path ? o->config_path :
			    "configuration", s->line, s->section);
	}
	return 0;
}

/* --- the logs, opened and opened again ------------------------------------- */

struct logs {
	const struct options *options;
	const struct request *request;
	struct complaints complaints;
	struct sources *sources;         /* pipes, opened once */
	struct source_label *labels;
	struct store *store, *old_store;
	struct indexer *indexer, *old_indexer;
	const struct format *all;        /* read as this, NULL: see for each */
	struct format_choice *choice;
	size_t nchoices, choices_cap;
	int wake[2];
	bool follow, paused;
};

/* What could not be opened, where that is known when the face is there. */
static void
say_late(void *arg, struct err *words)
{
	const struct logs *l = arg;
	const struct buf none = { 0 };
	char *text = notice(&l->complaints, &none);

	if (text)
		err_set(words, "%s", text);
	free(text);
}

static int
open_logs(struct logs *l, bool early, struct err *err)
{
	struct indexer_options io = { .formats = &l->request->formats,
	    .format = l->all, .choice = l->choice,
	    .nchoices = l->nchoices, .sources = l->sources, .labels = l->labels,
	    .keep = request_keep(l->request), .follow = l->follow,
	    .wake_fd = l->wake[1], .early = early && !l->paused,
	    .planned = say_late, .arg = l };

	l->store = store_new();
	l->indexer = indexer_new(l->store, l->options->paths,
	    l->options->npaths, &io, complain, &l->complaints, err);
	if (!l->indexer)
		return -1;
	indexer_pause(l->indexer, l->paused);
	return indexer_start(l->indexer, err);
}

/* For the first time. */
static int
begin_logs(struct logs *l, struct err *err)
{
	request_add_commands(l->options, l->sources);
	sources_listen(l->sources);
	if (l->options->keep)
		sources_bound(l->sources);
	return open_logs(l, true, err);
}

static void
close_logs(struct indexer **ix, struct store **st)
{
	indexer_free(*ix);
	store_free(*st);
	*ix = NULL;
	*st = NULL;
}

/* Each file of a stream is read as `format` from now on. */
static void
choose(struct logs *l, const struct stream *sm, const struct format *format)
{
	for (uint64_t i = 0; i < table_count(&sm->segments); i++) {
		const struct segment *seg = table_at(&sm->segments, i);

		/* Its file was chosen by its head; but of a pipe that is what
		   was forgotten. */
		if (seg->from && !seg->borrowed)
			continue;
		mem_reserve(&l->choice, &l->choices_cap, l->nchoices + 1,
		    sizeof *l->choice);
		memmove(l->choice + 1, l->choice,
		    l->nchoices * sizeof *l->choice);
		/* The last word comes first. */
		l->choice[0] = (struct format_choice){
			mem_strdup(seg->path), format };
		l->nchoices++;
	}
}

/*
 * Which files are logs, and which is the newest, is not known before; the face
 * does not wait for that where files are far away.
 */
static bool
are_looked_at(const struct logs *l, struct err *err)
{
	if (indexer_is_planned(l->indexer))
		return true;
	err_set(err, "not all files were looked at yet: try again in a moment");
	return false;
}

static int
reopen_logs(void *arg, const char *name, const struct stream *sm,
    struct face_options *o, struct err *err)
{
	struct logs *l = arg;
	bool any = strcmp(name, "auto") == 0;
	const struct format *format = any ? NULL :
	    format_set_find(&l->request->formats, name);
	struct complaints said;

	if (!any && !format)
		return err_set(err, "there is no format '%.60s'; ehlog "
		    "--list-formats lists them", name);
	if (!are_looked_at(l, err))
		return -1;
	l->paused = false;
	l->old_store = l->store;
	l->old_indexer = l->indexer;
	l->follow = o->follow;
	said = l->complaints;
	if (sm)
		choose(l, sm, format);
	else
		l->all = format;
	if (open_logs(l, false, err) < 0) {
		close_logs(&l->indexer, &l->store);
		l->store = l->old_store;
		l->indexer = l->old_indexer;
		l->old_store = NULL;
		l->old_indexer = NULL;
		return -1;
	}
	/* What cannot be opened was said the first time. */
	l->complaints.words.n = said.words.n;
	l->complaints.count = said.count;
	o->store = l->store;
	o->indexer = l->indexer;
	return 0;
}

static void
release_logs(void *arg)
{
	struct logs *l = arg;

	close_logs(&l->old_indexer, &l->old_store);
}

/* So much of the end of a log is read in a moment. */
#define AHEAD_BYTES (4u << 20)

static void
say_nothing(void *arg, const char *words)
{
	(void)arg;
	(void)words;
}

static int
ahead_of_index(void *arg, struct store **st, struct err *err)
{
	const struct logs *l = arg;
	struct source_label label;
	struct indexer_options io = { .formats = &l->request->formats,
	    .format = l->all, .choice = l->choice,
	    .nchoices = l->nchoices, .last_bytes = AHEAD_BYTES,
	    .labels = &label, .wake_fd = -1 };
	struct indexer *ix;
	char *path;

	if (!are_looked_at(l, err))
		return -1;
	path = (char *)indexer_newest(l->indexer, &label);
	if (!path)
		return err_set(err, "the end of this log cannot be read before "
		    "the rest");
	*st = store_new();
	ix = indexer_new(*st, &path, 1, &io, say_nothing, NULL, err);
	if (!ix) {
		store_free(*st);
		return -1;
	}
	indexer_run(ix);
	indexer_free(ix);
	return 0;
}

static void
release_ahead(void *arg, struct store *st)
{
	(void)arg;
	store_free(st);
}

static void
logs_free(struct logs *l)
{
	close_logs(&l->indexer, &l->store);
	sources_free(l->sources);
	free(l->labels);
	for (size_t i = 0; i < l->nchoices; i++)
		free(l->choice[i].path);
	free(l->choice);
	buf_free(&l->complaints.words);
	for (int i = 0; i < 2; i++)
		if (l->wake[i] >= 0)
			close(l->wake[i]);
}

/* --- the face --------------------------------------------------------------- */

static int
run_face(struct logs *l)
{
	const struct options *o = l->options;
	const struct request *r = l->request;
	const struct face_logs logs = { l, ahead_of_index, release_ahead,
	    reopen_logs, release_logs };
	const struct complaints none = { 0 };
	char *words = notice(indexer_is_early(l->indexer) ? &none :
	    &l->complaints, &r->mistakes);
	struct face_options face = {
		.store = l->store, .indexer = l->indexer,
		.wake = { l->wake[0], l->wake[1] }, .formats = &r->formats,
		.options = o, .filter = r->expr, .sorted = r->sorted,
		.sort = r->sort, .reverse = r->reverse,
		.follow = l->follow, .paused = l->paused,
		.secrets = option_given(o, OPTION_SECRETS),
		.zone = o->zone, .source = source_name(o), .notice = words,
		.logs = &logs,
	};
	int status = face_run(&face);

	free(words);
	return status;
}

int
loop_run(const struct options *o, const struct request *r)
{
	struct logs l = { .options = o, .request = r, .all = r->format,
	    .follow = option_given(o, OPTION_FOLLOW),
	    .paused = option_given(o, OPTION_PAUSED), .wake = { -1, -1 } };
	struct err err = { "" };
	int status = STATUS_TROUBLE;

	l.labels = request_labels(o);
	if (check_options(o, &err) < 0 || wake_pipe(l.wake, &err) < 0)
		complain(&l.complaints, err.text);
	else if (!(l.sources = sources_new(o->unpack_limit,
	    o->value[OPTION_SPILL], &err)))
		complain(&l.complaints, err.text);
	else if (begin_logs(&l, &err) == 0)
		status = run_face(&l);
	else if (l.indexer || l.complaints.count == 0)
		complain(&l.complaints, err.text);
	/* Its thread must be over before what it read is counted. */
	indexer_free(l.indexer);
	l.indexer = NULL;
	if (r->mistakes.n)
		fwrite(r->mistakes.p, 1, r->mistakes.n, stderr);
	if (l.complaints.count > 0) {
		fwrite(l.complaints.words.p, 1, l.complaints.words.n, stderr);
		status = STATUS_TROUBLE;
	}
	if (option_given(o, OPTION_STATS) && l.store)
		report_stats(stderr, l.store, l.sources);
	logs_free(&l);
	return status;
}
