/*
 * Unpacking: each form that ehlog reads, made by the tool that everybody uses
 * for it; forms are told by content; what was cut gives what is there.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#ifdef LIBARCHIVE_SONAME
#include <dlfcn.h>
#endif
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/unpack.h"

#define LINES 20000

static char folder[64], *text;
static size_t ntext;

/* Runs a command in the folder; whether it went well. */
static bool
shell(const char *command)
{
	struct buf line = { 0 };
	int status;

	buf_addf(&line, "cd %s && { %s; } >/dev/null 2>&1", folder, command);
	status = system(line.p);
	buf_free(&line);
	return status == 0;
}

static int
open_in_folder(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	return fd;
}

static const struct unpack_form *
form_of(int fd)
{
	char head[UNPACK_HEAD];
	ssize_t n = pread(fd, head, sizeof head, 0);

	assert_true(n >= 0);
	return unpack_recognise((struct slice){ head, (size_t)n });
}

/* All text of the first file in it; *err has what came behind. */
static size_t
unpack_all(const char *name, char *buf, size_t n, char *member,
    struct err *err)
{
	struct unpack_from from = { .fd = open_in_folder(name) };
	const struct unpack_form *form = form_of(from.fd);
	const char *its = NULL;
	struct unpack *u;
	size_t got = 0;

	assert_non_null(form);
	err->text[0] = member[0] = '\0';
	u = unpack_new(form, &from, name, err);
	if (u && unpack_next(u, &its, err) > 0) {
		snprintf(member, 100, "%s", its ? its : "");
		got = unpack_fill(u, buf, n, err);
	}
	unpack_free(u);
	close(from.fd);
	return got;
}

/* `command` makes a file `packed` of the file `text`. */
static void
check_form(const char *command, const char *form, const char *member)
{
	char *got, its[100];
	struct err err;
	size_t n;
	int fd;

	if (!shell(command)) {
		print_message("no tool for %s here\n", form);
		skip();
	}
	fd = open_in_folder("packed");
	assert_non_null(form_of(fd));
	assert_string_equal(form_of(fd)->name, form);
	close(fd);
	got = mem_alloc(ntext + 10);
	n = unpack_all("packed", got, ntext + 10, its, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(n, ntext);
	assert_memory_equal(got, text, ntext);
	assert_string_equal(its, member);
	free(got);
}

#define FORM(name, command, form, member) \
	static void \
	name(void **state) \
	{ \
		(void)state; \
		check_form(command, form, member); \
	}

FORM(gzip, "gzip -c text >packed", "gzip", "")
FORM(gzip_members,
    "{ head -n 7 text | gzip -c; tail -n +8 text | gzip -c; } >packed",
    "gzip", "")
FORM(gzip_padded, "{ gzip -c text; head -c 999 /dev/zero; } >packed", "gzip",
    "")
#ifdef HAVE_LIBARCHIVE
FORM(lz4, "lz4 -q -c text >packed", "lz4", "")
FORM(bzip2, "bzip2 -c text >packed", "bzip2", "")
FORM(xz, "xz -c text >packed", "xz", "")
FORM(zstd, "zstd -q -c text >packed", "zstd", "")
FORM(zip, "rm -f p.zip && zip -q p.zip text && mv p.zip packed", "zip",
    "text")
FORM(tar, "bsdtar -cf packed text", "tar", "text")
FORM(tar_gz, "bsdtar -czf packed text", "gzip", "text")
FORM(tar_xz, "bsdtar -cJf packed text", "xz", "text")
#endif

#ifdef LIBARCHIVE_SONAME

static bool
libarchive_is_loaded(void)
{
	void *library = dlopen(LIBARCHIVE_SONAME, RTLD_LAZY | RTLD_NOLOAD);

	if (library)
		dlclose(library);
	return library != NULL;
}

/* The first test of all: who reads plain logs or gzip does not wait for it. */
static void
libarchive_is_loaded_when_it_is_needed(void **state)
{
	char *got = mem_alloc(ntext), its[100];
	struct err err;

	(void)state;
	assert_false(libarchive_is_loaded());
	assert_true(shell("gzip -c text >packed"));
	assert_int_equal(unpack_all("packed", got, ntext, its, &err), ntext);
	assert_false(libarchive_is_loaded());
	/* That it is no zip is said by libarchive. */
	assert_true(shell("printf 'PK\\003\\004' >packed"));
	assert_int_equal(unpack_all("packed", got, ntext, its, &err), 0);
	assert_true(libarchive_is_loaded());
	free(got);
}
#endif

/* --- what is wrong with files ---------------------------------------------------- */

static void
a_cut_gzip_gives_what_is_there(void **state)
{
	char *got = mem_alloc(ntext), its[100];
	struct err err;
	size_t whole, n;
	int fd;

	(void)state;
	assert_true(shell("gzip -c text >whole && head -c 30000 whole >packed"));
	/* What gunzip makes of it is what there is. */
	(void)shell("gzip -dc <packed >wanted");
	assert_true(shell("test -s wanted"));
	fd = open_in_folder("wanted");
	whole = (size_t)lseek(fd, 0, SEEK_END);
	close(fd);
	n = unpack_all("packed", got, ntext, its, &err);
	assert_true(n >= whole);
	assert_memory_equal(got, text, n);
	assert_non_null(strstr(err.text, "packed: "));
	assert_non_null(strstr(err.text, "cut"));
	free(got);
}

static void
damage_is_told(void **state)
{
	char *got = mem_alloc(ntext), its[100];
	struct err err;
	size_t n;

	(void)state;
	assert_true(shell("gzip -c text >whole && { head -c 20000 whole; "
	    "head -c 500 /dev/zero | tr '\\0' x; tail -c +20501 whole; } "
	    ">packed"));
	n = unpack_all("packed", got, ntext, its, &err);
	assert_true(n < ntext);
	assert_non_null(strstr(err.text, "damaged"));
	free(got);
}

#ifdef HAVE_LIBARCHIVE
/* The words that a file is refused with. */
static void
check_refused(const char *command, const char *words)
{
	char *got, its[100];
	struct err err;

	if (!shell(command)) {
		print_message("no tool here for: %s\n", command);
		skip();
	}
	got = mem_alloc(ntext);
	assert_int_equal(unpack_all("packed", got, ntext, its, &err), 0);
	assert_non_null(strstr(err.text, words));
	free(got);
}

static void
a_password_is_told(void **state)
{
	(void)state;
	check_refused("rm -f p.zip && zip -q -P secret p.zip text && "
	    "mv p.zip packed", "packed:text: is protected by a password");
}

static void
an_archive_in_an_archive_is_told(void **state)
{
	(void)state;
	check_refused("gzip -c text >t.gz && rm -f p.zip && zip -q p.zip t.gz "
	    "&& mv p.zip packed", "packed:t.gz: holds gzip once more");
}

static void
what_is_packed_twice_is_told(void **state)
{
	(void)state;
	check_refused("gzip -c text | gzip -c >packed", "once more");
	check_refused("gzip -c text | xz -c >packed", "packed twice");
}
#endif

static void
other_archives_are_known(void **state)
{
	const struct unpack_form *f = unpack_recognise(
	    SLICE("7z\274\257\047\034xx"));

	(void)state;
	assert_non_null(f);
	assert_true(f->refused);
}

static void
text_is_no_form(void **state)
{
	(void)state;
	assert_null(unpack_recognise(SLICE_NONE));
	assert_null(unpack_recognise(SLICE("Nov  1 10:00:00 mx postfix")));
	assert_null(unpack_recognise(SLICE("BZhello everybody, it is me")));
	assert_null(unpack_recognise(SLICE("\037")));
}

/* --- the folder -------------------------------------------------------------------- */

static int
make_folder(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct buf b = { 0 };
	uint32_t x = 1;
	char path[128];
	FILE *f;

	(void)state;
	for (int i = 0; i < LINES; i++) {
		x = x * 1103515245 + 12345;
		buf_addf(&b, "%d 2026-11-01 session %08x >250 2.1.0 Ok\n", i, x);
	}
	text = b.p;
	ntext = b.n;
	snprintf(folder, sizeof folder, "%.30s/ehlog-test-XXXXXX",
	    tmp && strlen(tmp) < 30 ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/text", folder);
	f = fopen(path, "wb");
	if (!f || fwrite(text, 1, ntext, f) != ntext || fclose(f) != 0)
		return -1;
	return 0;
}

static int
remove_folder(void **state)
{
	struct buf line = { 0 };
	int status;

	(void)state;
	free(text);
	buf_addf(&line, "rm -rf '%s'", folder);
	status = system(line.p);
	buf_free(&line);
	return status;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef LIBARCHIVE_SONAME
		cmocka_unit_test(libarchive_is_loaded_when_it_is_needed),
#endif
		cmocka_unit_test(gzip),
		cmocka_unit_test(gzip_members),
		cmocka_unit_test(gzip_padded),
#ifdef HAVE_LIBARCHIVE
		cmocka_unit_test(lz4),
		cmocka_unit_test(bzip2),
		cmocka_unit_test(xz),
		cmocka_unit_test(zstd),
		cmocka_unit_test(zip),
		cmocka_unit_test(tar),
		cmocka_unit_test(tar_gz),
		cmocka_unit_test(tar_xz),
		cmocka_unit_test(a_password_is_told),
		cmocka_unit_test(an_archive_in_an_archive_is_told),
		cmocka_unit_test(what_is_packed_twice_is_told),
#endif
		cmocka_unit_test(a_cut_gzip_gives_what_is_there),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(other_archives_are_known),
		cmocka_unit_test(text_is_no_form),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
