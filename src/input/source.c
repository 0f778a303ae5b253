/*
 * Sources: opening them, and looking at what they hold.
 */
#include "config.h"

#include "input/source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* More files in one archive are no logs. */
#define MEMBERS_MAX 10000

_Static_assert(FILE_SAMPLE >= UNPACK_HEAD, "a sample tells a file's form");

/* --- archive.zip:member --------------------------------------------------------- */

const char *
source_member(const char *path)
{
	const char *p = strchr(path, ':');
	struct file_id id;

	/* What is there and cannot be opened is no archive's. */
	if (p && access(path, F_OK) == 0)
		return NULL;
	for (; p; p = strchr(p + 1, ':')) {
		char *file = mem_slicedup((struct slice){ path,
		    (size_t)(p - path) });
		bool is_file = file_look(file, &id);

		free(file);
		if (is_file)
			return p + 1;
	}
	return NULL;
}

struct opened {
	int fd;
	const char *member;      /* of it, part of the path; NULL: all */
	const struct unpack_form *form;  /* NULL: it is plain */
};

/*
 * Opens the file, or the archive of a member; nearly all are files.  As much
 * of its head is read as is asked for: how many bytes, or -1 with words.
 */
static ssize_t
open_path(struct opened *o, const char *path, void *head, size_t nhead,
    struct file_id *id, struct err *err)
{
	ssize_t n;

	*o = (struct opened){ .fd = file_open(path, id, err) };
	if (o->fd < 0 && (o->member = source_member(path)) != NULL) {
		char *file = mem_slicedup((struct slice){ path,
		    (size_t)(o->member - 1 - path) });

		o->fd = file_open(file, id, err);
		free(file);
	}
	if (o->fd < 0)
		return -1;
	n = file_read(o->fd, path, head, nhead, 0, NULL, err);
	if (n >= 0)
		o->form = unpack_recognise((struct slice){ head, (size_t)n });
	if (n >= 0 && o->member && !o->form)
		n = err_set(err, "%s: is in no archive", path);
	if (n < 0)
		close(o->fd);
	return n;
}

/* --- opening -------------------------------------------------------------------- */

static int
begin_feed(struct source *s, const struct source_options *o,
    struct feed_from *from, struct err *err)
{
	from->fd = s->fd;
	from->name = s->path;
	from->limit = o ? o->unpack_limit : 0;
	from->heard = o && o->heard;
	s->fd = -1;
	s->pack = pack_new(o ? o->spill : NULL);
	if (o && o->bounded && !from->form)
		pack_bound(s->pack);
	s->feed = feed_start(s->pack, from, err);
	return s->feed ? 0 : -1;
}

struct source *
source_open(const char *path, const struct source_options *o, struct err *err)
{
	struct source *s = mem_alloc(sizeof *s);
	struct opened file;
	ssize_t n = open_path(&file, path, s->sample.bytes,
	    sizeof s->sample.bytes, &s->id, err);

	if (n < 0) {
		free(s);
		return NULL;
	}
	s->fd = file.fd;
	s->path = mem_strdup(path);
	s->sample.n = (size_t)n;
	if (file.form) {
		struct feed_from from = { .form = file.form };

		/* The member's name is the end of the path. */
		if (file.member)
			from.member = s->path + (file.member - path);
		if (begin_feed(s, o, &from, err) < 0) {
			source_close(s);
			return NULL;
		}
	}
	return s;
}

struct source *
source_pipe(const char *name, int fd, const struct source_options *o,
    struct err *err)
{
	struct source *s = mem_alloc(sizeof *s);
	struct feed_from from = { .form = NULL };

	s->fd = fd;
	s->path = mem_strdup(name);
	file_size(fd, &s->id);
	if (begin_feed(s, o, &from, err) == 0)
		return s;
	source_close(s);
	return NULL;
}

struct source *
source_command(const char *name, const char *command, struct account *account,
    const _Atomic bool *again, const struct source_options *o,
    struct err *err)
{
	struct source *s = mem_alloc(sizeof *s);
	struct feed_from from = { .command = command, .account = account,
	    .again = again };

	s->fd = -1;
	s->path = mem_strdup(name);
	if (begin_feed(s, o, &from, err) == 0)
		return s;
	source_close(s);
	return NULL;
}

void
source_cancel(struct source *s)
{
	if (s->feed)
		feed_cancel(s->feed);
}

void
source_stop(struct source *s)
{
	feed_stop(s->feed);
	s->feed = NULL;
}

void
source_close(struct source *s)
{
	if (!s)
		return;
	source_stop(s);
	if (s->fd >= 0)
		close(s->fd);
	pack_free(s->pack);
	free(s->path);
	free(s);
}

ssize_t
source_read_pack(struct source *s, struct pack_cache **c, void *buf, size_t n,
    uint64_t at, bool *broken, struct err *err)
{
	bool over = pack_is_over(s->pack);
	struct err why;
	ssize_t got;

	if (!*c)
		*c = pack_cache_new();
	got = pack_read(s->pack, *c, buf, n, at, &why);
	if (got < 0)
		err_set(err, "%.200s: %.280s", s->path, why.text);
	if (broken)
		*broken = got < 0 || (over && (size_t)got < n &&
		    pack_trouble(s->pack, err));
	return got;
}

/* --- looking -------------------------------------------------------------------- */

/* A head that ends in trouble is a head: whoever reads on will be told. */
static ssize_t
packed_head(const struct opened *file, const char *path, void *buf, size_t n,
    bool *archive, struct err *err)
{
	struct unpack_from from = { .fd = file->fd };
	struct unpack *u = unpack_new(file->form, &from, path, err);
	const char *name;
	ssize_t got = -1;
	int r = 0;

	while (u && (r = unpack_next(u, &name, err)) > 0) {
		if (!file->member && name) {
			*archive = true;
			got = 0;
			break;
		}
		if (!file->member || strcmp(name ? name : "",
		    file->member) == 0) {
			got = (ssize_t)unpack_fill(u, buf, n, err);
			if (got == 0 && err->text[0])
				got = -1;
			break;
		}
	}
	if (u && r == 0)
		err_set(err, file->member ? "%s: is not in its archive" :
		    "%s: is an archive with no files in it", path);
	unpack_free(u);
	return got;
}

ssize_t
source_head(const char *path, void *buf, size_t n, struct file_id *id,
    bool *packed, bool *archive, struct err *err)
{
	struct opened file;
	ssize_t got;

	*packed = *archive = false;
	got = open_path(&file, path, buf, n, id, err);
	if (got < 0)
		return -1;
	if (file.form) {
		*packed = true;
		got = packed_head(&file, path, buf, n, archive, err);
	}
	close(file.fd);
	return got;
}

static int
show_members(struct unpack *u, const char *path, void *buf, size_t n,
    void (*show)(void *arg, const char *path, size_t n,
    const struct err *why), void *arg, struct err *err)
{
	const char *name;
	int r;

	for (unsigned i = 0; (r = unpack_next(u, &name, err)) > 0; i++) {
		struct buf whole = { 0 };
		struct err why;
		size_t got;

		if (i == MEMBERS_MAX)
			return err_set(err, "%s: holds more than %d files: "
			    "the rest is left out", path, MEMBERS_MAX);
		got = unpack_fill(u, buf, n, &why);
		buf_addf(&whole, "%s:%s", path, name ? name : "?");
		show(arg, whole.p, got, &why);
		buf_free(&whole);
	}
	return r;
}

int
source_members(const char *path, void *buf, size_t n,
    void (*show)(void *arg, const char *path, size_t n,
    const struct err *why), void *arg, struct err *err)
{
	struct opened file;
	struct unpack_from from;
	struct unpack *u;
	int r = -1;

	if (open_path(&file, path, buf, n, NULL, err) < 0)
		return -1;
	from = (struct unpack_from){ .fd = file.fd };
	u = file.form ? unpack_new(file.form, &from, path, err) : NULL;
	if (u)
		r = show_members(u, path, buf, n, show, arg, err);
	unpack_free(u);
	close(file.fd);
	return r;
}
