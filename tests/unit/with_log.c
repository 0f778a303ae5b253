/*
 * Logs for tests.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtp/code_set.h"
#include "with_log.h"

void
with_folder(struct with_log *w)
{
	const char *tmp = getenv("TMPDIR");

	memset(w, 0, sizeof *w);
	snprintf(w->dir, sizeof w->dir, "%s/ehlog-test-XXXXXX",
	    tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(w->dir));
	facts_init(&w->facts);
}

void
with_file(struct with_log *w, const char *name, const char *text, size_t n)
{
	FILE *f;

	snprintf(w->path, sizeof w->path, "%s/%s", w->dir, name);
	f = fopen(w->path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
keep_complaint(void *arg, const char *words)
{
	struct with_log *w = arg;

	snprintf(w->complaint, sizeof w->complaint, "%s", words);
}

bool
with_index(struct with_log *w, const char *path)
{
	struct indexer_options opt = { .labels = w->label, .wake_fd = -1 };
	struct indexer *ix;
	struct err err = { "" };
	char *paths[1] = { (char *)(path ? path : w->dir) };

	w->store = store_new();
	ix = indexer_new(w->store, paths, 1, &opt, keep_complaint, w, &err);
	if (!ix)
		return false;
	indexer_run(ix);
	assert_false(indexer_trouble(ix, &(uint32_t){ 0 }, &err));
	indexer_free(ix);
	w->reader = reader_new(w->store);
	return true;
}

void
with_log(struct with_log *w, const char *name, const char *text)
{
	with_folder(w);
	with_file(w, name, text, strlen(text));
	assert_true(with_index(w, w->path));
}

/* The record holds those codes of failures that the text has. */
static void
codes_agree(const struct facts *f)
{
	unsigned codes = 0;

	for (size_t i = 0; i < f->nreplies; i++)
		if (f->replies[i].code != f->rec.worst)
			codes |= code_set_of(f->replies[i].code);
	assert_int_equal(f->rec.codes, codes);
}

const struct facts *
with_session(struct with_log *w, uint32_t number)
{
	struct err err = { "" };

	assert_true(number >= 1 && number <= store_sessions(w->store));
	assert_int_equal(facts_decode(&w->facts, w->store, w->reader, number,
	    &err), 0);
	codes_agree(&w->facts);
	return &w->facts;
}

void
without_log(struct with_log *w)
{
	char command[600];

	reader_free(w->reader);
	store_free(w->store);
	facts_free(&w->facts);
	/* The name comes from mkdtemp: no byte a shell would mind. */
	snprintf(command, sizeof command, "rm -rf '%s'", w->dir);
	assert_int_equal(system(command), 0);
}
