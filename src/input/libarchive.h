/*
 * libarchive, loaded when something is met that needs it: it brings a dozen
 * libraries with it, and to load these takes longer than to read a log's first
 * lines.  The one file that knows how it is found.
 */
#ifndef EHLOG_INPUT_LIBARCHIVE_H
#define EHLOG_INPUT_LIBARCHIVE_H

#include "base/err.h"

#ifdef HAVE_LIBARCHIVE
#include <archive.h>
#include <archive_entry.h>

/* What is used of it. */
#define LIBARCHIVE_FUNCTIONS(F) \
	F(archive_entry_filetype) \
	F(archive_entry_is_encrypted) \
	F(archive_entry_pathname) \
	F(archive_error_string) \
	F(archive_filter_count) \
	F(archive_format) \
	F(archive_read_data) \
	F(archive_read_free) \
	F(archive_read_new) \
	F(archive_read_next_header) \
	F(archive_read_open1) \
	F(archive_read_set_callback_data) \
	F(archive_read_set_read_callback) \
	F(archive_read_set_seek_callback) \
	F(archive_read_set_skip_callback) \
	F(archive_read_support_filter_all) \
	F(archive_read_support_format_raw) \
	F(archive_read_support_format_tar) \
	F(archive_read_support_format_zip) \
	F(archive_set_error)

/* Each under its own name, with the type that its header gives it. */
struct libarchive {
#define F(name) __typeof__(name) *name;
	LIBARCHIVE_FUNCTIONS(F)
#undef F
};

/*
 * Loads it, the first time.  NULL with words when it cannot be had, which is
 * then so for the whole run.  Any thread; it stays until the end.
 */
const struct libarchive *libarchive_get(struct err *err);

#endif
#endif
