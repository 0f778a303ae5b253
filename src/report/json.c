/*
 * JSON: an object a line, all facts of a session, exact and valid UTF-8.
 *
 * One object serves all rows: its names are set up once, a row replaces the
 * values.  On a terminal, what must not be drawn raw becomes \uXXXX, so that
 * the output stays JSON of the same value.
 */
#include "config.h"

#include "report/forms.h"

#include <errno.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/utf8.h"
#include "report/explain.h"
#include "report/export.h"
#include "report/put.h"
#include "report/report.h"
#include "smtp/reply.h"

struct json {
	struct put put;
	struct explain_book *explain;    /* NULL: not asked for */
	struct export_context context;
	struct buf text;         /* text made UTF-8 */
	struct buf line;         /* before it is made safe */
	json_t *row;
};

int
form_json_begin(void **state, const struct report_options *o)
{
	struct json *j = mem_alloc(sizeof *j);

	*state = j;
	j->put.out = o->out;
	j->put.at_once = o->safe || o->at_once;
	j->explain = o->explain;
	export_context_init(&j->context, o->secrets);
	j->row = json_object();
	return j->row ? 0 : -1;
}

static json_t *
text_value(struct json *j, struct slice s)
{
	if (!s.p)
		return json_null();
	if (!utf8_valid(s)) {
		j->text.n = 0;
		text_to_utf8(&j->text, s);
		s = buf_slice(&j->text);
	}
	return json_stringn_nocheck(s.p, s.n);
}

static json_t *
number_value(uint64_t n)
{
	/* A number that JSON readers could not hold either. */
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

static json_t *
code_value(unsigned code)
{
	return reply_code_known(code) ? json_integer(code) : json_null();
}

static json_t *
enhanced_value(struct json *j, uint32_t enhanced)
{
	if (!enhanced)
		return json_null();
	j->text.n = 0;
	enhanced_format(&j->text, enhanced);
	return json_stringn_nocheck(j->text.p, j->text.n);
}

/* json_object_set_new() takes NULL for a failure: memory has run out. */
static int
add_reply(struct json *j, json_t *to, unsigned code, uint32_t enhanced,
    struct slice text)
{
	return json_object_set_new_nocheck(to, "code", code_value(code)) |
	    json_object_set_new_nocheck(to, "enhanced",
	    enhanced_value(j, enhanced)) |
	    json_object_set_new_nocheck(to, "text", text_value(j, text));
}

static json_t *
part_value(struct json *j, const struct explain_entry *e, enum explain_key key)
{
	return e ? text_value(j, e->text[key]) : json_null();
}

/*
 * `explanation` of a failing reply, where it was asked for: what leads, and
 * the user's own note.
 */
static int
add_explanation(struct json *j, json_t *to, const struct explain_query *q)
{
	static const struct {
		const char *name;
		enum explain_key key;
	} keys[] = {
		{ "means", EXPLAIN_TITLE }, { "cause", EXPLAIN_CAUSE },
		{ "next", EXPLAIN_NEXT }, { "whose", EXPLAIN_WHOSE },
		{ "source", EXPLAIN_SOURCE },
	};
	struct explanation x;
	const struct explain_entry *leading;
	json_t *one;
	int bad = 0;

	if (!j->explain)
		return 0;
	if (reply_class(q->code) < 4)
		return json_object_set_new_nocheck(to, "explanation",
		    json_null());
	explain_find(j->explain, q, &x);
	leading = explain_leading(&x);
	one = json_object();
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		bad |= json_object_set_new_nocheck(one, keys[i].name,
		    part_value(j, leading, keys[i].key));
	bad |= json_object_set_new_nocheck(one, "note",
	    part_value(j, x.nown ? x.own[0] : NULL, EXPLAIN_NOTE));
	return bad | json_object_set_new_nocheck(to, "explanation", one);
}

static json_t *
recipients_value(struct json *j, const struct facts *f,
    const struct fact_message *m)
{
	json_t *list = json_array();
	int bad = 0;

	for (uint32_t i = 0; i < m->recipients; i++) {
		const struct fact_recipient *r =
		    &f->recipients[m->first_recipient + i];
		json_t *one = json_object();

		bad |= json_object_set_new_nocheck(one, "to",
		    text_value(j, r->to));
		bad |= add_reply(j, one, r->code, r->enhanced, r->text);
		bad |= add_explanation(j, one, &(struct explain_query){
		    .code = r->code, .enhanced = r->enhanced,
		    .text = r->text, .verb = VERB_RCPT });
		bad |= json_array_append_new(list, one);
	}
	if (!bad)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *
message_value(struct json *j, const struct facts *f,
    const struct fact_message *m)
{
	json_t *one = json_object();
	int bad;

	bad = json_object_set_new_nocheck(one, "from", text_value(j, m->from));
	bad |= json_object_set_new_nocheck(one, "size",
	    m->has_size ? number_value(m->size) : json_null());
	bad |= json_object_set_new_nocheck(one, "recipients",
	    recipients_value(j, f, m));
	bad |= add_reply(j, one, m->code, m->enhanced, m->text);
	bad |= json_object_set_new_nocheck(one, "id", text_value(j, m->id));
	if (!bad)
		return one;
	json_decref(one);
	return NULL;
}

static json_t *
messages_value(struct json *j, const struct facts *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->nmessages; i++) {
		if (json_array_append_new(list,
		    message_value(j, f, &f->messages[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
codes_value(const struct facts *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->nreplies; i++) {
		if (!reply_code_known(f->replies[i].code))
			continue;
		if (json_array_append_new(list,
		    json_integer(f->replies[i].code)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
field_json(struct json *j, const struct facts *f, const struct export_field *fd)
{
	struct export_value v = { .kind = EXPORT_NULL };

	j->context.text.n = 0;
	fd->get(&j->context, f, &v);
	switch (v.kind) {
	case EXPORT_FLAG:
		return json_boolean(v.number);
	case EXPORT_NUMBER:
		return number_value(v.number);
	case EXPORT_TEXT:
		return text_value(j, v.text);
	case EXPORT_CODES:
		return codes_value(f);
	case EXPORT_MESSAGES:
		return messages_value(j, f);
	default:
		return json_null();
	}
}

static int
dump_piece(const char *p, size_t n, void *arg)
{
	buf_add(arg, (struct slice){ p, n });
	return 0;
}

static void
add_unit(struct buf *out, unsigned unit)
{
	buf_addf(out, "\\u%04X", unit);
}

static void
add_code_point(struct buf *out, uint32_t cp)
{
	if (cp < 0x10000) {
		add_unit(out, cp);
		return;
	}
	cp -= 0x10000;
	add_unit(out, 0xd800 + (cp >> 10));
	add_unit(out, 0xdc00 + (cp & 0x3ff));
}

/*
 * Valid UTF-8 whose controls below U+0020 are escaped already: what is left to
 * hide stands inside of strings, where \u is understood.
 */
static void
add_safe(struct buf *out, struct slice s)
{
	while (s.n) {
		struct glyph g;
		int32_t cp;
		size_t n;

		text_next(s, &g);
		if (!g.escaped) {
			/* The bytes, not g.text: that one drops selectors. */
			buf_add(out, slice_head(s, g.bytes));
			s = slice_from(s, g.bytes);
			continue;
		}
		n = utf8_decode(s, &cp);
		add_code_point(out, cp < 0 ? 0xfffd : (uint32_t)cp);
		s = slice_from(s, n);
	}
}

/* Of the worst reply, beside its code and text. */
static int
add_worst_explanation(struct json *j, const struct facts *f)
{
	struct explain_query q = { .code = 0 };

	if (f->worst < f->nreplies)
		q = explain_query_of(&f->replies[f->worst]);
	return add_explanation(j, j->row, &q);
}

int
form_json_row(void *state, const struct report_options *o,
    const struct facts *f)
{
	struct json *j = state;
	struct buf *to = o->safe ? &j->line : &j->put.buf;

	for (const struct export_field *fd = export_fields; fd->name; fd++) {
		if (!(fd->use & EXPORT_IN_JSON))
			continue;
		if (json_object_set_new_nocheck(j->row, fd->name,
		    field_json(j, f, fd)) != 0) {
			errno = ENOMEM;
			return -1;
		}
	}
	if (add_worst_explanation(j, f) != 0) {
		errno = ENOMEM;
		return -1;
	}
	if (json_dump_callback(j->row, dump_piece, to,
	    JSON_COMPACT | JSON_PRESERVE_ORDER) != 0) {
		errno = ENOMEM;
		return -1;
	}
	if (o->safe) {
		add_safe(&j->put.buf, buf_slice(&j->line));
		j->line.n = 0;
	}
	buf_add_char(&j->put.buf, '\n');
	return put_row(&j->put);
}

int
form_json_end(void *state, const struct report_options *o)
{
	struct json *j = state;
	int status = put_flush(&j->put);

	(void)o;
	json_decref(j->row);
	put_free(&j->put);
	export_context_free(&j->context);
	buf_free(&j->text);
	buf_free(&j->line);
	free(j);
	return status;
}
