/*
 * Saving.  ehlog writes only what it was asked to write, and never to a log:
 * a file is compared with every file that the index has open, and with those
 * that it was told to read and may not have come to yet.
 */
#include "config.h"

#include "ui/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index/look.h"
#include "input/gather.h"

static char *
expand(const char *path)
{
	const char *home = getenv("HOME");
	struct buf b = { 0 };

	if (path[0] == '~' && path[1] == '/' && home) {
		buf_add(&b, slice_of(home));
		path++;
	}
	buf_add(&b, slice_of(path));
	buf_add_char(&b, '\0');
	return b.p;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool
stream_holds(const struct stream *sm, const struct stat *file)
{
	uint64_t n = table_count(&sm->segments);

	for (uint64_t i = 0; i < n; i++) {
		const struct segment *seg = table_at(&sm->segments, i);
		struct stat log;

		if ((seg->source->id.dev == file->st_dev &&
		    seg->source->id.ino == file->st_ino) ||
		    (seg->path && stat(seg->path, &log) == 0 &&
		    same_file(&log, file)))
			return true;
	}
	return false;
}

/*
 * Whether a file of a folder that is read would be taken for a log.  What is
 * empty is waited for; a list that was saved there is none.
 */
static bool
folder_holds(const struct save_guard *g, const char *folder, const char *path,
    const struct stat *file, const struct format *forced)
{
	struct gather in = { 0 };
	struct look_found found;
	struct err ignored;
	bool there = false;

	(void)gather_path(&in, folder, false, &ignored);
	for (size_t i = 0; i < in.n && !there; i++)
		there = in.file[i].dev == file->st_dev &&
		    in.file[i].ino == file->st_ino;
	gather_free(&in);
	return there && look_at_file(path, 0, g->formats, forced,
	    &found, &ignored) != LOOK_NO_LOG;
}

static bool
options_name(const struct save_guard *g, const char *path,
    const struct stat *file)
{
	const struct options *o = g->options;
	const char *name = o->value[OPTION_FORMAT];
	const struct format *forced = name ?
	    format_set_find(g->formats, name) : NULL;

	for (int i = 0; i < o->npaths; i++) {
		struct stat named;

		if (stat(o->paths[i], &named) < 0)
			continue;
		if (same_file(&named, file) || (S_ISDIR(named.st_mode) &&
		    folder_holds(g, o->paths[i], path, file, forced)))
			return true;
	}
	return false;
}

static bool
is_log(const struct save_guard *g, const char *path, const struct stat *file)
{
	uint64_t n = table_count(&g->store->streams);

	for (uint64_t i = 0; i < n; i++)
		if (stream_holds(store_stream(g->store, (uint32_t)i), file))
			return true;
	return g->options && options_name(g, path, file);
}

/* The folder of a path and the name in it; false when it is not there. */
static bool
look_at_folder(const char *path, struct stat *folder, const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) + 1 : 0;
	char *its = n ? mem_slicedup((struct slice){ path, n }) :
	    mem_strdup(".");
	bool there = stat(its, folder) == 0;

	*name = path + n;
	free(its);
	return there;
}

/* Whether a file that is not there is one that the command line names. */
static bool
is_awaited(const struct save_guard *g, const char *path)
{
	const struct options *o = g->options;
	struct stat here, there;
	const char *name, *other;

	if (!o || !look_at_folder(path, &here, &name))
		return false;
	for (int i = 0; i < o->npaths; i++)
		if (look_at_folder(o->paths[i], &there, &other) &&
		    same_file(&here, &there) && strcmp(name, other) == 0)
			return true;
	return false;
}

static enum save_check
refuse_log(const char *path, struct err *err)
{
	err_set(err, "%.200s is the log itself: not written", path);
	return SAVE_REFUSED;
}

static enum save_check
check_file(const struct save_guard *g, const char *path,
    const struct stat *file, struct err *err)
{
	if (is_log(g, path, file))
		return refuse_log(path, err);
	if (!S_ISREG(file->st_mode)) {
		err_set(err, "%.200s is no plain file", path);
		return SAVE_REFUSED;
	}
	return SAVE_EXISTS;
}

enum save_check
save_check(const struct save_guard *g, const char *path, struct err *err)
{
	char *full = expand(path);
	struct stat file;
	enum save_check is = SAVE_FREE;

	if (*full == '\0') {
		err_set(err, "a file needs a name");
		is = SAVE_REFUSED;
	} else if (stat(full, &file) == 0) {
		is = check_file(g, full, &file, err);
	} else if (errno != ENOENT) {
		err_set(err, "%.200s: %s", full, strerror(errno));
		is = SAVE_REFUSED;
	} else if (is_awaited(g, full)) {
		is = refuse_log(full, err);
	}
	free(full);
	return is;
}

/* What is there is looked at again once it is open, before it is cut. */
static FILE *
open_file(const struct save_guard *g, const char *path, bool over,
    struct err *err)
{
	char *full = expand(path);
	int flags = O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(full, over ? flags : flags | O_CREAT | O_EXCL, 0666);
	struct stat file;
	FILE *out = NULL;

	if (fd < 0) {
		err_set(err, "%.200s: %s", full, strerror(errno));
		goto out;
	}
	/* One that was made here just now is no log, although it is empty. */
	if (over && (fstat(fd, &file) < 0 ||
	    check_file(g, full, &file, err) != SAVE_EXISTS)) {
		close(fd);
		goto out;
	}
	if (ftruncate(fd, 0) < 0 || !(out = fdopen(fd, "w"))) {
		err_set(err, "%.200s: %s", full, strerror(errno));
		close(fd);
	}
out:
	free(full);
	return out;
}

/* Why the last write failed: never 0. */
static int
write_error(void)
{
	return errno ? errno : EIO;
}

/* `error`: errno of a write that failed before, or 0. */
static int
close_file(FILE *out, const char *path, int error, struct err *err)
{
	if (ferror(out) && !error)
		error = EIO;
	if (fclose(out) != 0 && !error)
		error = write_error();
	if (error)
		return err_set(err, "%.200s: writing failed: %s", path,
		    strerror(error));
	return 0;
}

int
save_transcript(const struct save_guard *g, const char *path, bool over,
    const struct report_options *o, const struct facts *f, struct err *err)
{
	struct report_options mine = *o;
	int error = 0;

	mine.out = open_file(g, path, over, err);
	if (!mine.out)
		return -1;
	if (report_transcript(&mine, f) < 0)
		error = write_error();
	return close_file(mine.out, path, error, err);
}

static const struct report_format *
form_for(const char *path)
{
	const char *dot = strrchr(path, '.');
	struct slice end = slice_of(dot ? dot : "");

	if (slice_case_eq(end, SLICE(".csv")))
		return report_by_name("csv");
	if (slice_case_eq(end, SLICE(".json")) ||
	    slice_case_eq(end, SLICE(".jsonl")))
		return report_by_name("json");
	return report_by_name("table");
}

static void
saver_free(struct saver *s)
{
	free(s->path);
	free(s->numbers);
	facts_free(&s->facts);
	reader_free(s->reader);
	*s = (struct saver){ 0 };
}

static int
finish(struct saver *s, int error, struct err *err)
{
	int status;

	if (s->form->end && s->form->end(s->state, &s->options) < 0 && !error)
		error = write_error();
	status = close_file(s->out, s->path, error, err);
	if (status == 0 && s->unread > 0)
		status = err_set(err, "saved, but %llu of the sessions could "
		    "not be read whole: %s", (unsigned long long)s->unread,
		    s->why.text);
	saver_free(s);
	return status;
}

int
save_list(struct saver *s, const struct save_guard *g, const char *path,
    bool over, const struct report_options *o, const struct selection *sel,
    struct err *err)
{
	FILE *out = open_file(g, path, over, err);

	if (!out)
		return -1;
	*s = (struct saver){ .on = true, .path = mem_strdup(path),
	    .out = out, .form = form_for(path), .options = *o,
	    .count = selection_count(sel), .reader = reader_new(g->store) };
	s->options.out = out;
	s->options.store = g->store;
	facts_init(&s->facts);
	s->numbers = mem_array(s->count, sizeof *s->numbers);
	for (uint64_t i = 0; i < s->count; i++)
		s->numbers[i] = selection_at(sel, i);
	if (s->form->begin && s->form->begin(&s->state, &s->options) < 0)
		return finish(s, write_error(), err);
	return 0;
}

void
save_cancel(struct saver *s)
{
	struct err err;

	if (s->on)
		(void)finish(s, 0, &err);
}

int
save_work(struct saver *s, const struct store *st, int64_t until,
    struct err *err)
{
	while (s->done < s->count) {
		struct err why = { "the log no longer has their text" };

		/* What cannot be read is left out; the rest is written. */
		if ((facts_decode(&s->facts, st, s->reader,
		    s->numbers[s->done++], &why) < 0 || s->facts.gone > 0) &&
		    s->unread++ == 0)
			s->why = why;
		if (s->form->row &&
		    s->form->row(s->state, &s->options, &s->facts) < 0)
			return finish(s, write_error(), err);
		if (clock_now_ms() >= until)
			return 1;
	}
	return finish(s, 0, err);
}
