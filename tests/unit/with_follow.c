/*
 * Logs that grow under the indexer, for tests.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "with_follow.h"

/* Longer than any healthy run needs, shorter than a test's limit. */
#define DEADLINE_MS 20000

void
follow_ignore(void *arg, const char *words)
{
	(void)arg;
	(void)words;
}

void
with_follow(struct with_follow *f, const char *path, unsigned how)
{
	struct indexer_options opt = { .follow = how & FOLLOW_ON };
	struct err err = { "" };

	assert_int_equal(pipe(f->wake), 0);
	opt.wake_fd = f->wake[1];
	f->paths[0] = (char *)path;
	f->w.store = store_new();
	f->ix = indexer_new(f->w.store, f->paths, 1, &opt, follow_ignore, NULL,
	    &err);
	assert_non_null(f->ix);
	indexer_pause(f->ix, how & FOLLOW_PAUSED);
	assert_int_equal(indexer_start(f->ix, &err), 0);
	f->w.reader = reader_new(f->w.store);
}

void
without_follow(struct with_follow *f)
{
	indexer_free(f->ix);
	close(f->wake[0]);
	close(f->wake[1]);
	without_log(&f->w);
}

void
follow_await_news(struct with_follow *f)
{
	struct pollfd p = { f->wake[0], POLLIN, 0 };
	char byte;

	if (poll(&p, 1, DEADLINE_MS) != 1)
		fail_msg("no news within %d ms", DEADLINE_MS);
	assert_int_equal(read(f->wake[0], &byte, 1), 1);
	indexer_woken(f->ix);
}

struct progress
follow_await_lines(struct with_follow *f, uint64_t lines)
{
	struct progress p;

	for (;;) {
		store_progress(f->w.store, &p);
		if (p.lines >= lines && p.done)
			return p;
		follow_await_news(f);
	}
}

void
follow_append(struct with_follow *f, const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", f->w.dir, name);
	file = fopen(path, "ab");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
}

void
follow_text_of_line(struct with_follow *f, uint32_t line, const char *part)
{
	struct line_text lt;
	struct err err;

	assert_int_equal(reader_line(f->w.reader, store_stream(f->w.store, 0),
	    line, &lt, &err), 0);
	if (slice_find(lt.text, slice_of(part)) < 0)
		fail_msg("line %u is '%.*s'", line, SLICE_ARGS(lt.text));
}
