/*
 * From the command line to the face: the store, the indexer's thread, the
 * pipe that wakes the face; and what could not be opened.
 */
#include "config.h"

#include "ui/loop.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "report/report.h"
#include "ui/face.h"
#include "ui/wake.h"

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

/* The first complaint, and how many more there are. */
static char *
notice(const struct complaints *c)
{
	struct slice rest = buf_slice(&c->words), first;
	struct buf b = { 0 };

	if (c->count == 0)
		return NULL;
	slice_cut(&rest, '\n', &first);
	buf_add(&b, slice_from(first, strlen("ehlog: ")));
	if (c->count > 1)
		buf_addf(&b, " (and %u more)", c->count - 1);
	buf_add_char(&b, '\0');
	return b.p;
}

/* The name of the first path without its folders, as the header has it. */
static const char *
source_name(const struct options *o)
{
	const char *path = o->npaths > 0 ? o->paths[0] : "";
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* What the face cannot do, or does not know, is told before anything opens. */
static int
check_options(const struct options *o, struct err *err)
{
	static const char *const sections[] = { "options", "keys", "colours",
	    "colors", "columns" };
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
			    "columns", o->config_path ? o->config_path :
			    "configuration", s->line, s->section);
	}
	return 0;
}

static int
run_face(const struct options *o, const struct request *r,
    struct store *st, struct indexer *ix, const int wake[2],
    const struct complaints *c)
{
	char *words = notice(c);
	struct face_options face = {
		.store = st, .indexer = ix, .wake = { wake[0], wake[1] },
		.options = o, .filter = r->expr, .sorted = r->sorted,
		.sort = r->sort, .reverse = r->reverse,
		.follow = option_given(o, OPTION_FOLLOW),
		.secrets = option_given(o, OPTION_SECRETS),
		.zone = o->zone, .source = source_name(o), .notice = words,
	};
	int status = face_run(&face);

	free(words);
	return status;
}

int
loop_run(const struct options *o, const struct request *r)
{
	struct indexer_options io = { .format = r->format,
	    .follow = option_given(o, OPTION_FOLLOW) };
	struct complaints c = { 0 };
	struct store *st = store_new();
	struct indexer *ix = NULL;
	struct err err = { "" };
	int wake[2] = { -1, -1 }, status = STATUS_TROUBLE;

	if (check_options(o, &err) < 0 || wake_pipe(wake, &err) < 0) {
		complain(&c, err.text);
		goto out;
	}
	io.wake_fd = wake[1];
	ix = indexer_new(st, o->paths, o->npaths, &io, complain, &c, &err);
	if (!ix) {
		if (c.count == 0)
			complain(&c, err.text);
		goto out;
	}
	if (indexer_start(ix, &err) < 0)
		complain(&c, err.text);
	else
		status = run_face(o, r, st, ix, wake, &c);
out:
	indexer_free(ix);
	if (c.count > 0) {
		fwrite(c.words.p, 1, c.words.n, stderr);
		status = STATUS_TROUBLE;
	}
	if (option_given(o, OPTION_STATS))
		report_stats(stderr, st);
	store_free(st);
	buf_free(&c.words);
	if (wake[0] >= 0)
		close(wake[0]);
	if (wake[1] >= 0)
		close(wake[1]);
	return status;
}
