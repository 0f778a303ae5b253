/*
 * Reading that begins before all files were looked at: it does where names and
 * a few heads leave no doubt, and what comes of it is what comes of a plan that
 * was made first: sessions, names of streams, complaints, how much there is.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "with_early.h"

static void
one_series(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, "RECV2026112300-", ".LOG");
	/* More of the first than is read at once. */
	early_write_log(&w, "RECV2026112300-1.LOG", 9000, 0);
	early_check_folder(&w, true, 9000 + FILES - 1, "RECV*");
	early_done(&w);
}

static void
files_of_many_names(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, "host", "-smtp.log");
	early_check_folder(&w, true, FILES, "host1-smtp.log");
	early_done(&w);
}

static void
others_before_and_between(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_file(&w, "A.txt", "read me\nand weep\n");
	early_write_file(&w, "B.txt", "");
	early_write_file(&w, "C.gz", "\037\213\010nothing that unpacks");
	early_write_logs(&w, "host", "-smtp.log");
	early_write_file(&w, "host5-smtp.log", "gone away\n");
	early_write_file(&w, "host7.gz", "\037\213\010nothing that unpacks");
	early_check_folder(&w, true, FILES - 1, "host1-smtp.log");
	early_done(&w);
}

static void
several_folders(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_make_folder(&w, "mx1");
	early_make_folder(&w, "mx2");
	early_write_logs(&w, "mx1/RECV2026112300-", ".LOG");
	early_write_logs(&w, "mx2/RECV2026112300-", ".LOG");
	early_check_folder(&w, true, 2 * FILES, "mx1/RECV*");
	early_done(&w);
}

/* What else is there is no log: then names leave out the folder. */
static void
a_folder_without_logs(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_make_folder(&w, "mx1");
	early_make_folder(&w, "notes");
	early_write_logs(&w, "mx1/RECV2026112300-", ".LOG");
	early_write_file(&w, "notes/one.txt", "nothing\n");
	early_check_folder(&w, false, FILES, "RECV*");
	early_done(&w);
}

/* The newest has no mark, and times go with the numbers; or against them. */
static void
write_set(struct with_log *w, bool against)
{
	for (unsigned i = 0; i < FILES; i++) {
		char name[100];

		snprintf(name, sizeof name, i ? "smtp.log.%u" : "smtp.log", i);
		early_write_log(w, name, 1 + i, against ? i : FILES - i);
	}
}

#define SET_SESSIONS (FILES * (FILES + 1) / 2)

static void
a_rotated_set(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	write_set(&w, false);
	early_check_folder(&w, true, SET_SESSIONS, "smtp.log*");
	early_done(&w);
}

/* Which is the first of a rotated set is told by its times. */
static void
a_rotated_set_whose_numbers_lie(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	write_set(&w, true);
	early_check_folder(&w, true, SET_SESSIONS, "smtp.log*");
	early_done(&w);
}

/* Others beside it, one of them of its name and no log. */
static void
a_rotated_set_among_others(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, "auth.log.", "");
	for (int i = 1; i <= FILES; i++) {
		char name[100];

		snprintf(name, sizeof name, "auth.log.%d", i);
		early_write_file(&w, name, "somebody came\n");
	}
	write_set(&w, false);
	early_write_file(&w, "smtp.log.7", "gone away\n");
	early_check_folder(&w, true, SET_SESSIONS - 8, "smtp.log*");
	early_done(&w);
}

/* The oldest are compressed: what is read first is. */
static void
a_rotated_set_that_is_compressed(void **state)
{
	struct with_log w;
	struct buf b = { 0 };

	(void)state;
	with_folder(&w);
	write_set(&w, false);
	early_write_log(&w, "smtp.log.19", 9000, 1);
	buf_addf(&b, "gzip %s/smtp.log.1?%c", w.dir, 0);
	assert_int_equal(system(b.p), 0);
	buf_free(&b);
	early_check_folder(&w, true, SET_SESSIONS + 9000 - FILES, "smtp.log*");
	early_done(&w);
}

/* So many that they are not looked at before. */
static void
a_rotated_set_without_end(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	for (int i = 1; i <= 130; i++) {
		char name[100];

		snprintf(name, sizeof name, "smtp.log.%d", i);
		early_write_log(&w, name, 1, 0);
	}
	early_check_folder(&w, false, 130, "smtp.log*");
	early_done(&w);
}

/* Alone of its stream, if the others are no logs: it has no star then. */
static void
a_series_of_one(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, "host", "-smtp.log");
	early_write_log(&w, "RECV2026112300-1.LOG", 1, 0);
	early_write_file(&w, "RECV2026112300-2.LOG", "gone away\n");
	early_check_folder(&w, true, FILES + 1, "RECV2026112300-1.LOG");
	early_done(&w);
}

/* So many that are none: it is not looked for the one that may be. */
static void
a_series_of_two_with_many_between(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_logs(&w, "RECV2026112300-", ".LOG");
	for (int i = 2; i < FILES; i++) {
		char name[100];

		snprintf(name, sizeof name, "RECV2026112300-%d.LOG", i);
		early_write_file(&w, name, "gone away\n");
	}
	early_check_folder(&w, false, 2, "RECV*");
	early_done(&w);
}

static void
few_files(void **state)
{
	struct with_log w;

	(void)state;
	with_folder(&w);
	early_write_log(&w, "RECV2026112300-1.LOG", 3, 0);
	early_write_log(&w, "RECV2026112300-2.LOG", 3, 0);
	early_check_folder(&w, false, 6, "RECV*");
	early_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_series),
		cmocka_unit_test(files_of_many_names),
		cmocka_unit_test(others_before_and_between),
		cmocka_unit_test(several_folders),
		cmocka_unit_test(a_folder_without_logs),
		cmocka_unit_test(a_rotated_set),
		cmocka_unit_test(a_rotated_set_whose_numbers_lie),
		cmocka_unit_test(a_rotated_set_among_others),
		cmocka_unit_test(a_rotated_set_that_is_compressed),
		cmocka_unit_test(a_rotated_set_without_end),
		cmocka_unit_test(a_series_of_one),
		cmocka_unit_test(a_series_of_two_with_many_between),
		cmocka_unit_test(few_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
