/*
 * Explanations as text.  What comes from a person or a log is made safe where
 * a terminal reads it.
 */
#include "config.h"

#include "report/explain.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/utf8.h"
#include "index/facts.h"
#include "query/replies.h"

enum { STATUS_KNOWN = 0, STATUS_UNKNOWN = 1, STATUS_TROUBLE = 2 };

#define LABEL_WIDTH 14
#define COLUMNS_USUAL 80
/* Wider lines are hard to read. */
#define COLUMNS_MOST 100

struct explain_query
explain_query_of(const struct fact_reply *r)
{
	return (struct explain_query){ .code = r->code,
	    .enhanced = r->enhanced, .text = r->text, .verb = r->verb,
	    .of_text = r->of_text };
}

void
explain_wrap(struct buf *out, struct slice words, size_t at,
    struct slice indent, size_t columns)
{
	size_t begin = text_width(indent);
	struct slice word;
	bool first = true;

	while (slice_cut(&words, ' ', &word)) {
		size_t width = text_width(word);

		if (!first && columns && at + 1 + width > columns) {
			buf_add_char(out, '\n');
			buf_add(out, indent);
			at = begin;
			first = true;
		}
		if (!first) {
			buf_add_char(out, ' ');
			at++;
		}
		text_safe(out, word, SIZE_MAX);
		at += width;
		first = false;
	}
	buf_add_char(out, '\n');
}

void
explain_wild_words(const struct explain_entry *e, struct buf *out)
{
	text_safe(out, e->path, SIZE_MAX);
	buf_addf(out, ":%u: the pattern of '", e->line);
	text_safe(out, e->name, SIZE_MAX);
	buf_add(out, SLICE("' met its limit and is left out"));
}

static size_t
columns_here(void)
{
	struct winsize ws;

	if (!isatty(STDOUT_FILENO) ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) != 0 || ws.ws_col < 30)
		return COLUMNS_USUAL;
	return ws.ws_col < COLUMNS_MOST ? ws.ws_col : COLUMNS_MOST;
}

/* The server's own text, line by line as it came. */
static void
add_pasted(struct buf *out, struct slice pasted)
{
	struct slice line;

	pasted = slice_trim(pasted);
	while (slice_cut(&pasted, '\n', &line)) {
		line = slice_trim(line);
		if (isatty(STDOUT_FILENO))
			text_safe(out, line, SIZE_MAX);
		else
			buf_add(out, line);
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
}

static void
add_parts(struct buf *out, const struct explanation *x)
{
	struct explain_part parts[EXPLAIN_PARTS_MAX];
	struct arena arena = { 0 };
	size_t n = explain_parts(x, false, &arena, parts);
	size_t columns = columns_here();
	struct buf blanks = { 0 };

	for (size_t i = 0; i < LABEL_WIDTH; i++)
		buf_add_char(&blanks, ' ');
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "%-*.*s", LABEL_WIDTH,
		    SLICE_ARGS(parts[i].label));
		explain_wrap(out, parts[i].text, LABEL_WIDTH,
		    buf_slice(&blanks), columns);
	}
	buf_free(&blanks);
	arena_free(&arena);
}

static void
put(FILE *file, struct slice words)
{
	fwrite(words.p ? words.p : "", 1, words.n, file);
}

int
report_explain(const char *pasted, bool own)
{
	struct buf mistakes = { 0 }, joined = { 0 }, out = { 0 };
	struct explain_book *b = replies_load(own, &mistakes);
	const struct explain_entry *wild;
	struct explain_query q;
	struct explanation x;
	int status;

	explain_query_read(&q, slice_of(pasted), &joined);
	status = explain_find(b, &q, &x) ? STATUS_KNOWN : STATUS_UNKNOWN;
	add_pasted(&out, slice_of(pasted));
	if (status == STATUS_UNKNOWN)
		buf_add(&out, SLICE("Nothing more is known of this reply.\n"));
	add_parts(&out, &x);
	for (size_t i = 0; (wild = explain_book_wild(b, i)); i++) {
		explain_wild_words(wild, &mistakes);
		buf_add_char(&mistakes, '\n');
	}
	put(stdout, buf_slice(&out));
	put(stderr, buf_slice(&mistakes));
	if (mistakes.n)
		status = STATUS_TROUBLE;
	buf_free(&mistakes);
	buf_free(&joined);
	buf_free(&out);
	explain_book_free(b);
	return status;
}
