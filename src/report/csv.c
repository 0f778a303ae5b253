/*
 * CSV as RFC 4180 has it: a header row, CRLF, quotes where they are needed.
 *
 * Values are exact.  A value that begins with = + - or @ is left as it is,
 * though a spreadsheet may take it for a formula: this is for programs, and a
 * changed address would be a wrong one.  A fact that the log does not hold is
 * an empty field; one that it holds and that is empty is "".
 */
#include "config.h"

#include "report/forms.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "report/export.h"
#include "report/put.h"
#include "report/report.h"

struct csv {
	struct put put;
	struct export_context context;
	struct buf text;
	bool safe;
};

int
form_csv_begin(void **state, const struct report_options *o)
{
	struct csv *c = mem_alloc(sizeof *c);
	const char *comma = "";

	*state = c;
	c->put.out = o->out;
	c->put.at_once = o->safe || o->at_once;
	c->safe = o->safe;
	export_context_init(&c->context, o->secrets);
	for (const struct export_field *fd = export_fields; fd->name; fd++) {
		if (!(fd->use & EXPORT_IN_CSV))
			continue;
		buf_addf(&c->put.buf, "%s%s", comma, fd->name);
		comma = ",";
	}
	buf_add(&c->put.buf, SLICE("\r\n"));
	return put_row(&c->put);
}

static bool
needs_quotes(struct slice s)
{
	if (s.n == 0 || s.p[0] == ' ' || s.p[s.n - 1] == ' ')
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\r' ||
		    s.p[i] == '\n')
			return true;
	return false;
}

static void
add_quoted(struct buf *out, struct slice s)
{
	ptrdiff_t at;

	buf_add_char(out, '"');
	while ((at = slice_find_char(s, '"')) >= 0) {
		buf_add(out, slice_head(s, (size_t)at + 1));
		buf_add_char(out, '"');
		s = slice_from(s, (size_t)at + 1);
	}
	buf_add(out, s);
	buf_add_char(out, '"');
}

static void
add_text(struct csv *c, struct slice s)
{
	if (c->safe || !utf8_valid(s)) {
		c->text.n = 0;
		if (c->safe)
			text_safe(&c->text, s, SIZE_MAX);
		else
			text_to_utf8(&c->text, s);
		s = buf_slice(&c->text);
	}
	if (needs_quotes(s))
		add_quoted(&c->put.buf, s);
	else
		buf_add(&c->put.buf, s);
}

int
form_csv_row(void *state, const struct report_options *o, const struct facts *f)
{
	struct csv *c = state;
	bool first = true;

	(void)o;
	for (const struct export_field *fd = export_fields; fd->name; fd++) {
		struct export_value v = { .kind = EXPORT_NULL };

		if (!(fd->use & EXPORT_IN_CSV))
			continue;
		if (!first)
			buf_add_char(&c->put.buf, ',');
		first = false;
		c->context.text.n = 0;
		fd->get(&c->context, f, &v);
		if (v.kind == EXPORT_NUMBER ||
		    (v.kind == EXPORT_FLAG && v.number))
			put_number(&c->put.buf, v.number);
		else if (v.kind == EXPORT_TEXT)
			add_text(c, v.text);
	}
	buf_add(&c->put.buf, SLICE("\r\n"));
	return put_row(&c->put);
}

int
form_csv_end(void *state, const struct report_options *o)
{
	struct csv *c = state;
	int status = put_flush(&c->put);

	(void)o;
	put_free(&c->put);
	export_context_free(&c->context);
	buf_free(&c->text);
	free(c);
	return status;
}
