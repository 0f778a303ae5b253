/*
 * Fields that are text: names, addresses, commands, and words anywhere in a
 * session.
 */
#include "config.h"

#include "index/endpoint.h"
#include "query/field.h"
#include "query/glob.h"

static int
parse_regex(struct term *t, const struct value *v)
{
	struct match_error me;

	t->test.kind = TEXT_REGEX;
	t->test.glob = arena_dup(v->arena, v->text);
	t->test.match = match_compile(v->text, MATCH_SMART, &me);
	if (t->test.match)
		return 0;
	return mistake(v->fe, v->at + me.at, 1, "%.200s", me.text);
}

static void
set_glob(struct term *t, struct slice glob, struct arena *arena)
{
	t->test.kind = glob_is_plain(glob) ? TEXT_EQUAL : TEXT_GLOB;
	t->test.glob = glob;
	t->test.plain = glob_unescape(glob, arena_alloc(arena, glob.n + 1));
}

int
parse_text(struct term *t, const struct value *v)
{
	t->level = ASK_FACTS;
	if (value_must_be_equal(v) < 0)
		return -1;
	if (v->regex)
		return parse_regex(t, v);
	set_glob(t, v->text, v->arena);
	return 0;
}

/* <ann@play.com> is ann@play.com; @play.com is whoever is there. */
int
parse_path(struct term *t, const struct value *v)
{
	struct slice s = v->text;
	char *p;

	if (parse_text(t, v) < 0)
		return -1;
	if (v->regex)
		return 0;
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = slice_from(slice_head(s, s.n - 1), 1);
	if (s.n > 1 && s.p[0] == '@' && glob_is_plain(s)) {
		p = arena_alloc(v->arena, s.n + 1);
		p[0] = '*';
		memcpy(p + 1, s.p, s.n);
		s = (struct slice){ p, s.n + 1 };
	}
	set_glob(t, s, v->arena);
	return 0;
}

int
parse_source(struct term *t, const struct value *v)
{
	if (parse_text(t, v) < 0)
		return -1;
	t->level = ASK_RECORD;
	return 0;
}

int
parse_word(struct term *t, const struct value *v)
{
	char *plain;

	t->level = ASK_TEXT;
	if (value_must_be_equal(v) < 0)
		return -1;
	if (v->regex)
		return parse_regex(t, v);
	if (v->text.n == 0)
		return value_mistake(v, "there are no words to look for");
	plain = arena_alloc(v->arena, v->text.n + 1);
	t->test.plain = glob_unescape(v->text, plain);
	t->test.kind = TEXT_REGEX;
	t->test.match = match_literal(t->test.plain, MATCH_IGNORE);
	if (!t->test.match)
		return value_mistake(v, "this text is too long");
	return 0;
}

bool
text_holds(const struct term *t, struct filter_context *c, struct slice text)
{
	const struct text_test *test = &t->test;

	if (!text.p)
		return false;
	if (test->kind == TEXT_REGEX)
		return evidence_find(c, test->match, text);
	/* What was typed matches itself: helo:[192.0.2.1] is no class. */
	if (slice_case_eq(test->plain, text))
		return true;
	return test->kind == TEXT_GLOB && glob_match(test->glob, text);
}

static bool
word_holds(struct filter_context *c, struct slice line, const void *arg)
{
	return text_holds(arg, c, line);
}

enum answer
ask_word(const struct term *t, struct filter_context *c, enum ask_level level)
{
	if (level < ASK_TEXT)
		return ANSWER_UNKNOWN;
	return answer_of(evidence_lines(c, word_holds, t));
}

enum answer
ask_from(const struct term *t, struct filter_context *c, enum ask_level level)
{
	const struct facts *f;
	struct slice text;

	if (c->rec->messages == 0)
		return ANSWER_NO;
	if (level >= ASK_HEAD && evidence_head(c, HEAD_FROM, &text)) {
		if (text_holds(t, c, text))
			return ANSWER_YES;
		if (c->rec->messages == 1)
			return ANSWER_NO;
	}
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	f = evidence_facts(c);
	for (size_t i = 0; i < f->nmessages; i++)
		if (text_holds(t, c, f->messages[i].from))
			return ANSWER_YES;
	return ANSWER_NO;
}

enum answer
ask_to(const struct term *t, struct filter_context *c, enum ask_level level)
{
	const struct session *rec = c->rec;
	const struct facts *f;
	struct slice text;

	/* RCPT before any MAIL names no recipient of a message. */
	if (rec->recipients == 0 || rec->messages == 0)
		return ANSWER_NO;
	if (level >= ASK_HEAD && rec->to_line > rec->from_line &&
	    evidence_head(c, HEAD_TO, &text)) {
		if (text_holds(t, c, text))
			return ANSWER_YES;
		if (rec->recipients == 1)
			return ANSWER_NO;
	}
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	f = evidence_facts(c);
	for (size_t i = 0; i < f->nrecipients; i++)
		if (text_holds(t, c, f->recipients[i].to))
			return ANSWER_YES;
	return ANSWER_NO;
}

enum answer
ask_helo(const struct term *t, struct filter_context *c, enum ask_level level)
{
	struct slice text;

	if (c->rec->helo_line == 0)
		return ANSWER_NO;
	if (level >= ASK_HEAD && evidence_head(c, HEAD_HELO, &text))
		return answer_of(text_holds(t, c, text));
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	return answer_of(text_holds(t, c, evidence_facts(c)->helo));
}

/* The endpoint as written, or its host alone. */
enum answer
ask_server(const struct term *t, struct filter_context *c,
    enum ask_level level)
{
	struct slice text, host;
	int32_t port;

	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	text = evidence_facts(c)->server;
	endpoint_split(text, &host, &port);
	return answer_of(text_holds(t, c, text) || text_holds(t, c, host));
}

enum answer
ask_tls(const struct term *t, struct filter_context *c, enum ask_level level)
{
	if (!(c->rec->flags & SESSION_TLS))
		return ANSWER_NO;
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	return answer_of(text_holds(t, c, evidence_facts(c)->tls));
}

enum answer
ask_auth(const struct term *t, struct filter_context *c, enum ask_level level)
{
	if (!(c->rec->flags & SESSION_AUTH))
		return ANSWER_NO;
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	return answer_of(text_holds(t, c, evidence_facts(c)->auth));
}

enum answer
ask_key(const struct term *t, struct filter_context *c, enum ask_level level)
{
	if (c->stream->format->one_at_a_time)
		return ANSWER_NO;
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	return answer_of(text_holds(t, c, evidence_facts(c)->key));
}

enum answer
ask_command(const struct term *t, struct filter_context *c,
    enum ask_level level)
{
	if (!outcome_failed(session_outcome(c->rec)))
		return ANSWER_NO;
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	return answer_of(text_holds(t, c,
	    evidence_facts(c)->failed_command));
}

enum answer
ask_id(const struct term *t, struct filter_context *c, enum ask_level level)
{
	const struct facts *f;

	if (c->rec->messages == 0)
		return ANSWER_NO;
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	f = evidence_facts(c);
	for (size_t i = 0; i < f->nmessages; i++)
		if (text_holds(t, c, f->messages[i].id))
			return ANSWER_YES;
	return ANSWER_NO;
}

/* Whose log it is; "" where nobody said. */
enum answer
ask_host(const struct term *t, struct filter_context *c, enum ask_level level)
{
	(void)level;
	return answer_of(text_holds(t, c, slice_of(c->stream->host)));
}

/* The name as shown, or without its folder. */
enum answer
ask_source(const struct term *t, struct filter_context *c,
    enum ask_level level)
{
	const char *name = c->stream->name, *slash = strrchr(name, '/');

	(void)level;
	return answer_of(text_holds(t, c, slice_of(name)) ||
	    (slash && text_holds(t, c, slice_of(slash + 1))));
}
