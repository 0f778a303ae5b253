/*
 * Unpacking by libarchive; gzip by zlib, which gives all of a file that was
 * cut, where libarchive gives nothing of the last 64 KB.
 */
#include "config.h"

#include "input/unpack.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/gunzip.h"
#include "input/libarchive.h"

#define IN_SIZE 65536

#define MARK(text) text, sizeof(text) - 1
static const struct unpack_form forms[] = {
	{ "gzip", 0, MARK("\037\213\010"), false, false },
	{ "bzip2", 0, MARK("BZh"), false, false },
	{ "xz", 0, MARK("\3757zXZ\0"), false, false },
	{ "zstd", 0, MARK("\050\265\057\375"), false, false },
	{ "lz4", 0, MARK("\004\042\115\030"), false, false },
	{ "lzip", 0, MARK("LZIP\1"), false, false },
	{ "compress", 0, MARK("\037\235"), false, false },
	{ "zip", 0, MARK("PK\3\4"), true, false },
	{ "zip", 0, MARK("PK\5\6"), true, false },
	{ "tar", 257, MARK("ustar"), true, false },
	{ "7-Zip", 0, MARK("7z\274\257\047\034"), true, true },
	{ "RAR", 0, MARK("Rar!\032\007"), true, true },
};

struct unpack {
	const struct unpack_form *form;
	struct unpack_from from;
	const char *name;
	uint64_t at;             /* of the packed bytes, if it has an fd */
	struct err trouble;      /* while packed bytes were read */
	struct gunzip *gunzip;   /* NULL: libarchive does it */
	bool given;              /* the one file of a gunzip was */
#ifdef HAVE_LIBARCHIVE
	const struct libarchive *lib;
	struct archive *archive;
	char in[IN_SIZE];
#endif
	char *member;            /* that is read */
	bool protected;
	/* The first bytes of the member's text. */
	char head[UNPACK_HEAD];
	size_t nhead, head_used;
	struct err head_err;     /* what came behind them; "" if nothing did */
};

const struct unpack_form *
unpack_recognise(struct slice head)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const struct unpack_form *f = &forms[i];

		if (head.n >= f->at + f->n &&
		    memcmp(head.p + f->at, f->mark, f->n) == 0 &&
		    /* A line may begin so, too. */
		    (strcmp(f->name, "bzip2") != 0 || (head.n > 9 &&
		    head.p[3] >= '1' && head.p[3] <= '9' &&
		    (memcmp(head.p + 4, "1AY&SY", 6) == 0 ||
		    memcmp(head.p + 4, "\027rE8P\220", 6) == 0))))
			return f;
	}
	return NULL;
}

/* --- packed bytes --------------------------------------------------------------- */

static ssize_t
read_packed(void *arg, void *buf, size_t n, struct err *err)
{
	struct unpack *u = arg;
	ssize_t k;

	if (u->from.fd < 0)
		return u->from.read(u->from.arg, buf, n, err);
	do
		k = pread(u->from.fd, buf, n, (off_t)u->at);
	while (k < 0 && errno == EINTR);
	if (k < 0)
		return err_set(err, "%s", strerror(errno));
	u->at += (uint64_t)k;
	return k;
}

#ifdef HAVE_LIBARCHIVE

static la_ssize_t
give_packed(struct archive *a, void *arg, const void **bytes)
{
	struct unpack *u = arg;
	ssize_t n = read_packed(u, u->in, IN_SIZE, &u->trouble);

	*bytes = u->in;
	if (n < 0)
		u->lib->archive_set_error(a, EIO, "%s", u->trouble.text);
	return n;
}

static la_int64_t
skip_packed(struct archive *a, void *arg, la_int64_t n)
{
	struct unpack *u = arg;

	(void)a;
	if (u->from.fd < 0 || n < 0)
		return 0;
	u->at += (uint64_t)n;
	return n;
}

static la_int64_t
seek_packed(struct archive *a, void *arg, la_int64_t offset, int whence)
{
	struct unpack *u = arg;
	struct stat sb;
	la_int64_t base = 0;

	(void)a;
	if (whence == SEEK_CUR)
		base = (la_int64_t)u->at;
	else if (whence == SEEK_END && fstat(u->from.fd, &sb) == 0)
		base = sb.st_size;
	if (base + offset < 0)
		return ARCHIVE_FATAL;
	u->at = (uint64_t)(base + offset);
	return base + offset;
}

/* What libarchive says, as far as it says anything. */
static int
archive_words(struct unpack *u, struct err *err)
{
	const char *words = u->lib->archive_error_string(u->archive);

	return err_set(err, "is damaged or was cut: %.200s", words ? words :
	    "it cannot be unpacked");
}

static int
open_archive(struct unpack *u, struct err *err)
{
	struct err why = { "" };
	const struct libarchive *lib = u->lib = libarchive_get(&why);
	struct archive *a;

	if (!lib)
		return err_set(err, "is %s, and %s", u->form->name, why.text);
	a = u->archive = lib->archive_read_new();
	lib->archive_read_support_filter_all(a);
	lib->archive_read_support_format_tar(a);
	lib->archive_read_support_format_zip(a);
	lib->archive_read_support_format_raw(a);
	lib->archive_read_set_callback_data(a, u);
	lib->archive_read_set_read_callback(a, give_packed);
	lib->archive_read_set_skip_callback(a, skip_packed);
	if (u->from.fd >= 0)
		lib->archive_read_set_seek_callback(a, seek_packed);
	if (lib->archive_read_open1(a) != ARCHIVE_OK)
		return archive_words(u, err);
	return 0;
}

static int
next_entry(struct unpack *u, struct err *err)
{
	struct archive_entry *e;
	int r;

	do
		r = u->lib->archive_read_next_header(u->archive, &e);
	while (r == ARCHIVE_RETRY || ((r == ARCHIVE_OK || r == ARCHIVE_WARN) &&
	    u->lib->archive_entry_filetype(e) != AE_IFREG));
	if (r == ARCHIVE_EOF)
		return 0;
	if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
		return archive_words(u, err);
	/* A filter within a filter: "none" is one, too. */
	if (u->lib->archive_filter_count(u->archive) > 2)
		return err_set(err, "is packed twice: unpack it once");
	if (u->lib->archive_format(u->archive) != ARCHIVE_FORMAT_RAW) {
		const char *name = u->lib->archive_entry_pathname(e);

		u->member = mem_strdup(name && *name ? name : "?");
	}
	u->protected = u->lib->archive_entry_is_encrypted(e);
	return 1;
}

static ssize_t
read_entry(struct unpack *u, void *buf, size_t n, struct err *err)
{
	la_ssize_t k;

	do
		k = u->lib->archive_read_data(u->archive, buf, n);
	while (k == ARCHIVE_RETRY);
	return k < 0 ? archive_words(u, err) : k;
}

#else

static int
open_archive(struct unpack *u, struct err *err)
{
	return err_set(err, "is %s: this ehlog was built without libarchive, "
	    "which reads that", u->form->name);
}

static int
next_entry(struct unpack *u, struct err *err)
{
	(void)u;
	(void)err;
	return 0;
}

static ssize_t
read_entry(struct unpack *u, void *buf, size_t n, struct err *err)
{
	(void)u;
	(void)buf;
	(void)n;
	(void)err;
	return 0;
}

#endif

/* --- members -------------------------------------------------------------------- */

static ssize_t
read_text(struct unpack *u, void *buf, size_t n, struct err *err)
{
	return u->gunzip ? gunzip_read(u->gunzip, buf, n, err) :
	    read_entry(u, buf, n, err);
}

/* The first bytes of a member: they tell whether it is packed once more. */
static void
read_head(struct unpack *u)
{
	ssize_t k = 1;

	u->nhead = u->head_used = 0;
	u->head_err.text[0] = '\0';
	while (!u->protected && k > 0 && u->nhead < sizeof u->head) {
		k = read_text(u, u->head + u->nhead,
		    sizeof u->head - u->nhead, &u->head_err);
		if (k > 0)
			u->nhead += (size_t)k;
	}
}

struct unpack *
unpack_new(const struct unpack_form *form, const struct unpack_from *from,
    const char *name, struct err *err)
{
	struct unpack *u = mem_alloc(sizeof *u);
	struct err why = { "" };
	bool gzip = strcmp(form->name, "gzip") == 0;

	u->form = form;
	u->from = *from;
	u->name = name;
	if (form->refused) {
		err_set(&why, "is a %s archive, which is not read", form->name);
	} else if (gzip) {
		u->gunzip = gunzip_new(read_packed, u);
		read_head(u);
		form = unpack_recognise((struct slice){ u->head, u->nhead });
		/* A tar in it has files with names. */
		if (form && strcmp(form->name, "tar") == 0 && from->fd >= 0) {
			gunzip_free(u->gunzip);
			u->gunzip = NULL;
			u->at = 0;
			open_archive(u, &why);
		}
	} else {
		open_archive(u, &why);
	}
	if (!why.text[0])
		return u;
	err_set(err, "%.200s: %.280s", name, why.text);
	unpack_free(u);
	return NULL;
}

void
unpack_free(struct unpack *u)
{
	if (!u)
		return;
	gunzip_free(u->gunzip);
#ifdef HAVE_LIBARCHIVE
	if (u->archive)
		u->lib->archive_read_free(u->archive);
#endif
	free(u->member);
	free(u);
}

int
unpack_next(struct unpack *u, const char **member, struct err *err)
{
	struct err why;
	int r;

	*member = NULL;
	if (u->gunzip) {
		r = !u->given;
		u->given = true;
		return r;
	}
	free(u->member);
	u->member = NULL;
	r = next_entry(u, &why);
	if (r < 0)
		err_set(err, "%.200s: %.280s", u->name, why.text);
	if (r > 0)
		read_head(u);
	*member = u->member;
	return r;
}

/* "archive.zip:member: words" */
static int
member_words(const struct unpack *u, struct err *err, const char *words)
{
	return err_set(err, "%.160s%s%.100s: %.230s", u->name,
	    u->member ? ":" : "", u->member ? u->member : "", words);
}

ssize_t
unpack_read(struct unpack *u, void *buf, size_t n, struct err *err)
{
	struct err why;
	ssize_t k;

	if (u->protected)
		return member_words(u, err, "is protected by a password");
	if (u->head_used == 0) {
		const struct unpack_form *f = unpack_recognise(
		    (struct slice){ u->head, u->nhead });

		if (f) {
			struct err words;

			err_set(&words, "holds %s once more, which is not "
			    "read: unpack it once", f->name);
			return member_words(u, err, words.text);
		}
	}
	if (u->head_used < u->nhead) {
		if (n > u->nhead - u->head_used)
			n = u->nhead - u->head_used;
		memcpy(buf, u->head + u->head_used, n);
		u->head_used += n;
		return (ssize_t)n;
	}
	if (u->head_err.text[0])
		return member_words(u, err, u->head_err.text);
	k = read_text(u, buf, n, &why);
	return k < 0 ? member_words(u, err, why.text) : k;
}

size_t
unpack_fill(struct unpack *u, void *buf, size_t n, struct err *err)
{
	size_t got = 0;
	ssize_t k = 1;

	err->text[0] = '\0';
	while (got < n && (k = unpack_read(u, (char *)buf + got, n - got,
	    err)) > 0)
		got += (size_t)k;
	return got;
}
