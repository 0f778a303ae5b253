/*
 * Measures what the parts of ehlog take on one log, without the face:
 *
 *   measure LOG [STEP]...
 *
 * prints a line for the index and one for each step:
 *   index SECONDS SESSIONS LINES BYTES INDEX-BYTES
 *   filter:EXPR MS SESSIONS       until every session is decided
 *   sort:COLUMN MS SESSIONS
 *   search:PATTERN MS LINES       over all text, hit lines as grep -c counts
 *   decode:N MS                   the facts of N sessions, spread out
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "index/facts.h"
#include "index/indexer.h"
#include "query/search.h"
#include "query/selection.h"

static _Noreturn void
fail(const char *what, const char *words)
{
	fprintf(stderr, "measure: %s: %s\n", what, words);
	exit(2);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
ms_since(double begun)
{
	return (now() - begun) * 1000;
}

static void
complain(void *arg, const char *words)
{
	(void)arg;
	fprintf(stderr, "measure: %s\n", words);
}

static struct indexer *
build_index(struct store *st, char *path)
{
	struct indexer_options opt = { .wake_fd = -1 };
	struct err err = { "" };
	struct progress p;
	double begun = now();
	uint32_t seen = 0;
	struct indexer *ix = indexer_new(st, &path, 1, &opt, complain, NULL,
	    &err);

	if (!ix)
		fail(path, err.text);
	indexer_run(ix);
	if (indexer_trouble(ix, &seen, &err))
		fail(path, err.text);
	store_progress(st, &p);
	printf("index %.4f %llu %llu %llu %llu\n", now() - begun,
	    (unsigned long long)store_sessions(st),
	    (unsigned long long)p.lines, (unsigned long long)p.bytes,
	    (unsigned long long)store_bytes(st));
	return ix;
}

static void
select_sessions(const struct store *st, const char *step, const char *expr,
    enum column_id sort)
{
	struct selection *sel = selection_new(st, -1);
	struct zone zone = { .kind = ZONE_NONE };
	struct filter_error fe;
	struct filter *f;
	double begun;

	/* Everything in order of number is there before. */
	selection_finish(sel);
	begun = now();
	f = filter_parse(expr, &zone, &fe);
	if (!f)
		fail(expr, fe.text);
	selection_set(sel, f, sort, false);
	selection_finish(sel);
	printf("%s %.3f %llu\n", step, ms_since(begun),
	    (unsigned long long)selection_count(sel));
	selection_free(sel);
}

static void
search_text(const struct store *st, const char *step, const char *pattern)
{
	struct search_counts counts;
	struct match_error me;
	struct search *s;
	double begun = now();
	struct match *m = match_compile(slice_of(pattern), MATCH_EXACT, &me);

	if (!m)
		fail(pattern, me.text);
	s = search_start(st, m, -1);
	search_finish(s);
	search_counts(s, &counts);
	printf("%s %.3f %llu\n", step, ms_since(begun),
	    (unsigned long long)(counts.lines + counts.unowned));
	search_free(s);
}

static void
decode(const struct store *st, const char *step, const char *count)
{
	uint64_t n = strtoull(count, NULL, 10), all = store_sessions(st);
	struct reader *r = reader_new(st);
	struct err err = { "" };
	struct facts f;
	double begun = now();

	facts_init(&f);
	for (uint64_t i = 0; i < n && all; i++)
		if (facts_decode(&f, st, r, (uint32_t)(i * all / n + 1),
		    &err) != 0)
			fail(step, err.text);
	printf("%s %.3f\n", step, ms_since(begun));
	facts_free(&f);
	reader_free(r);
}

static void
sort_sessions(const struct store *st, const char *step, const char *name)
{
	int column = column_by_name(name);

	if (column < 0)
		fail(name, "there is no such column");
	select_sessions(st, step, "", (enum column_id)column);
}

static void
do_step(const struct store *st, const char *step)
{
	const char *value = strchr(step, ':');

	if (!value)
		fail(step, "a step has no colon");
	value++;
	if (strncmp(step, "filter:", 7) == 0)
		select_sessions(st, step, value, COLUMN_NUMBER);
	else if (strncmp(step, "sort:", 5) == 0)
		sort_sessions(st, step, value);
	else if (strncmp(step, "search:", 7) == 0)
		search_text(st, step, value);
	else if (strncmp(step, "decode:", 7) == 0)
		decode(st, step, value);
	else
		fail(step, "there is no such step");
}

int
main(int argc, char *argv[])
{
	struct store *st;
	struct indexer *ix;

	if (argc < 2)
		fail("usage", "measure LOG [STEP]...");
	st = store_new();
	ix = build_index(st, argv[1]);
	for (int i = 2; i < argc; i++)
		do_step(st, argv[i]);
	indexer_free(ix);
	store_free(st);
	return 0;
}
