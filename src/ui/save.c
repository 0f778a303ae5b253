/*
 * Saving.  ehlog writes only what it was asked to write, and never to a log:
 * a file is compared with every file that the index has open.
 */
#include "config.h"

#include "ui/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
stream_holds(const struct stream *sm, const struct stat *file)
{
	uint64_t n = table_count(&sm->segments);

	for (uint64_t i = 0; i < n; i++) {
		const struct segment *seg = table_at(&sm->segments, i);
		struct stat log;

		if ((seg->fd >= 0 && fstat(seg->fd, &log) == 0 &&
		    log.st_dev == file->st_dev &&
		    log.st_ino == file->st_ino) ||
		    (seg->path && stat(seg->path, &log) == 0 &&
		    log.st_dev == file->st_dev && log.st_ino == file->st_ino))
			return true;
	}
	return false;
}

static bool
is_log(const struct store *st, const struct stat *file)
{
	uint64_t n = table_count(&st->streams);

	for (uint64_t i = 0; i < n; i++)
		if (stream_holds(store_stream(st, (uint32_t)i), file))
			return true;
	return false;
}

static enum save_check
check_file(const struct store *st, const char *path, const struct stat *file,
    struct err *err)
{
	if (is_log(st, file)) {
		err_set(err, "%.200s is the log itself: not written", path);
		return SAVE_REFUSED;
	}
	if (!S_ISREG(file->st_mode)) {
		err_set(err, "%.200s is no plain file", path);
		return SAVE_REFUSED;
	}
	return SAVE_EXISTS;
}

enum save_check
save_check(const struct store *st, const char *path, struct err *err)
{
	char *full = expand(path);
	struct stat file;
	enum save_check is = SAVE_FREE;

	if (*full == '\0') {
		err_set(err, "a file needs a name");
		is = SAVE_REFUSED;
	} else if (stat(full, &file) == 0) {
		is = check_file(st, full, &file, err);
	} else if (errno != ENOENT) {
		err_set(err, "%.200s: %s", full, strerror(errno));
		is = SAVE_REFUSED;
	}
	free(full);
	return is;
}

/* What is there is looked at again once it is open, before it is cut. */
static FILE *
open_file(const struct store *st, const char *path, bool over,
    struct err *err)
{
	char *full = expand(path);
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(full, over ? flags : flags | O_EXCL, 0666);
	struct stat file;
	FILE *out = NULL;

	if (fd < 0) {
		err_set(err, "%.200s: %s", full, strerror(errno));
		goto out;
	}
	if (fstat(fd, &file) < 0 ||
	    check_file(st, full, &file, err) != SAVE_EXISTS) {
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

static int
close_file(FILE *out, const char *path, bool failed, struct err *err)
{
	failed = ferror(out) || failed;
	if (fclose(out) != 0)
		failed = true;
	if (failed)
		return err_set(err, "%.200s: writing failed", path);
	return 0;
}

int
save_transcript(const struct store *st, const char *path, bool over,
    const struct report_options *o, const struct facts *f, struct err *err)
{
	struct report_options mine = *o;
	bool failed;

	mine.out = open_file(st, path, over, err);
	if (!mine.out)
		return -1;
	failed = report_transcript(&mine, f) < 0;
	return close_file(mine.out, path, failed, err);
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

int
save_list(struct saver *s, const struct store *st, const char *path,
    bool over, const struct report_options *o, const struct selection *sel,
    struct err *err)
{
	FILE *out = open_file(st, path, over, err);

	if (!out)
		return -1;
	*s = (struct saver){ .on = true, .path = mem_strdup(path),
	    .out = out, .form = form_for(path), .options = *o,
	    .count = selection_count(sel), .reader = reader_new(st) };
	s->options.out = out;
	s->options.store = st;
	facts_init(&s->facts);
	s->numbers = mem_array(s->count, sizeof *s->numbers);
	for (uint64_t i = 0; i < s->count; i++)
		s->numbers[i] = selection_at(sel, i);
	if (s->form->begin && s->form->begin(&s->state, &s->options) < 0) {
		save_cancel(s);
		return err_set(err, "%.200s: writing failed", path);
	}
	return 0;
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
finish(struct saver *s, bool failed, struct err *err)
{
	int status;

	if (s->form->end && s->form->end(s->state, &s->options) < 0)
		failed = true;
	status = close_file(s->out, s->path, failed, err);
	saver_free(s);
	return status;
}

void
save_cancel(struct saver *s)
{
	struct err err;

	if (s->on)
		(void)finish(s, false, &err);
}

int
save_work(struct saver *s, const struct store *st, int64_t until,
    struct err *err)
{
	while (s->done < s->count) {
		struct err ignored;

		/* What cannot be read is left out; the rest is written. */
		(void)facts_decode(&s->facts, st, s->reader,
		    s->numbers[s->done++], &ignored);
		if (s->form->row &&
		    s->form->row(s->state, &s->options, &s->facts) < 0)
			return finish(s, true, err);
		if (clock_now_ms() >= until)
			return 1;
	}
	return finish(s, false, err);
}
