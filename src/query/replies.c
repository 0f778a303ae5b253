/*
 * Files of explanations into the book.  Each section becomes an entry when the
 * next one begins; what is wrong with it is told at its place.
 */
#include "config.h"

#include "query/replies.h"

#include <stdlib.h>
#include <unistd.h>

#include "config/datadir.h"
#include "format/pattern_source.h"

static const char *const key_names[EXPLAIN_KEY_COUNT] = {
#define K(id, name) [EXPLAIN_##id] = name,
	EXPLAIN_KEYS(K)
#undef K
};

/* One file being read. */
struct reading {
	struct explain_book *book;
	struct source source;
	bool own;
	struct slice path;
};

static int
find_key(const char *name)
{
	for (int i = 0; i < EXPLAIN_KEY_COUNT; i++)
		if (slice_case_eq(slice_of(name), slice_of(key_names[i])))
			return i;
	return -1;
}

/* A key that stands twice goes on: long texts are several lines. */
static void
add_value(struct reading *r, struct slice *text, struct slice value)
{
	struct buf whole = { 0 };

	buf_add(&whole, *text);
	if (text->n)
		buf_add_char(&whole, ' ');
	buf_add(&whole, value);
	*text = arena_dup(explain_book_arena(r->book), buf_slice(&whole));
	buf_free(&whole);
}

static bool
take_pattern(struct reading *r, struct explain_entry *e,
    const struct source_row *row)
{
	struct explain_error ee;

	if (explain_entry_compile(e, &ee))
		return true;
	source_row_mistake(&r->source, row, ee.at, "the pattern is wrong: %s",
	    ee.text);
	return false;
}

/* One key of an entry; false when it is wrong. */
static bool
take_key(struct reading *r, struct explain_entry *e,
    const struct source_row *row)
{
	int key = find_key(row->key);
	struct slice bad;

	if (key < 0) {
		source_mistake(&r->source, row->line, 0,
		    "there is no key '%.40s'", row->key);
		return false;
	}
	if (key == EXPLAIN_WHOSE && !explain_whose(row->value, &bad)) {
		source_row_mistake(&r->source, row,
		    (size_t)(bad.p - row->value.p), "'%.*s' is none of "
		    "sender, recipient, network, this server",
		    SLICE_ARGS(slice_head(bad, 40)));
		return false;
	}
	if (key == EXPLAIN_PATTERN && e->pattern) {
		source_mistake(&r->source, row->line, 0,
		    "this sentence has a pattern already");
		return false;
	}
	add_value(r, &e->text[key], row->value);
	if (key != EXPLAIN_PATTERN || e->kind != EXPLAIN_SENTENCE)
		return true;
	e->line = row->line;
	return take_pattern(r, e, row);
}

/* What an entry must have, once it is whole. */
static bool
is_whole(struct reading *r, const struct explain_entry *e, uint32_t line)
{
	if (e->kind == EXPLAIN_SENTENCE && !e->pattern) {
		source_mistake(&r->source, line, 0, "a sentence needs the "
		    "key 'pattern'");
		return false;
	}
	if (e->text[EXPLAIN_NOTE].n || e->text[EXPLAIN_CAUSE].n ||
	    e->text[EXPLAIN_NEXT].n || e->text[EXPLAIN_TITLE].n)
		return true;
	source_mistake(&r->source, line, 0, "it says nothing: one of 'note', "
	    "'title', 'cause', 'next' is needed");
	return false;
}

/* The rows of one section, from row `at` on; returns the row behind them. */
static size_t
take_section(struct reading *r, size_t at)
{
	const struct source_row *first = &r->source.row[at];
	struct explain_entry e = { .own = r->own, .path = r->path,
	    .line = first->section_line };
	struct slice name = arena_dup(explain_book_arena(r->book),
	    slice_of(first->section));
	bool good = explain_entry_name(&e, name);

	if (!good)
		source_mistake(&r->source, first->section_nth ?
		    first->section_line : first->line, 0, first->section_nth ?
		    "a section is [code N], [code N COMMAND], [enhanced N.N.N] "
		    "or [sentence NAME]" :
		    "a key stands before the first [section]");
	for (; at < r->source.n &&
	    r->source.row[at].section_nth == first->section_nth; at++)
		good = good && take_key(r, &e, &r->source.row[at]);
	if (good && is_whole(r, &e, e.line))
		explain_book_add(r->book, &e);
	else
		explain_entry_drop(&e);
	return at;
}

unsigned
replies_read(struct explain_book *b, const char *path, bool own,
    struct buf *mistakes)
{
	struct reading r = { .book = b, .own = own };
	unsigned wrong;

	r.path = arena_dup(explain_book_arena(b), slice_of(path));
	/* What inih did not understand is told; the rows are good. */
	(void)source_read(&r.source, path, mistakes);
	for (size_t at = 0; at < r.source.n;)
		at = take_section(&r, at);
	wrong = r.source.wrong;
	source_free(&r.source);
	return wrong;
}

struct explain_book *
replies_load(bool own, struct buf *mistakes)
{
	struct explain_book *b = explain_book_new();
	char *path = own ? configdir_path("replies.conf") : NULL;

	if (path && access(path, F_OK) == 0)
		replies_read(b, path, true, mistakes);
	free(path);
	path = datadir_path("replies.conf");
	replies_read(b, path, false, mistakes);
	free(path);
	return b;
}
