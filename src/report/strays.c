/*
 * The lines that no session owns, as `log:line: text`: what is in a log
 * besides SMTP, and what its format did not understand.
 */
#include "config.h"

#include "report/forms.h"

#include "base/utf8.h"
#include "index/oldest.h"
#include "index/stray.h"
#include "report/put.h"
#include "report/report.h"

static void
add_stray(struct put *p, const struct report_options *o,
    const struct stream *sm, uint32_t line, struct slice text)
{
	if (o->safe)
		text_safe(&p->buf, slice_of(sm->name), SIZE_MAX);
	else
		buf_add(&p->buf, slice_of(sm->name));
	buf_addf(&p->buf, ":%u: ", (unsigned)line);
	if (o->safe)
		text_safe(&p->buf, text, SIZE_MAX);
	else
		buf_add(&p->buf, text);
	buf_add_char(&p->buf, '\n');
}

static int
put_stream(struct put *p, const struct report_options *o, struct reader *r,
    const struct stream *sm, uint64_t *rows)
{
	uint32_t line = stream_forgotten(sm) + 1, next, found;
	struct line_text lt;

	while (line && (!o->limit || *rows < o->limit)) {
		found = stray_find(r, sm, line, UINT32_MAX, &next, &lt);
		if (!found)
			break;
		add_stray(p, o, sm, found, lt.text);
		++*rows;
		if (put_row(p) < 0)
			return -1;
		line = next;
	}
	return 0;
}

int
form_strays_write(const struct report_options *o, const struct store *st,
    uint64_t *rows)
{
	struct put put = { .out = o->out, .at_once = o->safe };
	struct reader *r = reader_new(st);
	int status = 0;

	for (uint64_t i = 0; i < table_count(&st->streams) && !status; i++)
		status = put_stream(&put, o, r, store_stream(st, (uint32_t)i),
		    rows);
	if (status == 0)
		status = put_flush(&put);
	put_free(&put);
	reader_free(r);
	return status;
}
