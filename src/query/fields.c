/*
 * The fields of the filter language: one row each, with what help shows and
 * with the functions that read its value and ask a session.
 */
#include "config.h"

#include "query/fields.h"

#include <stdarg.h>
#include <stdio.h>

#include "query/field.h"

/* name, example, help, indexed, aliases, parse, ask */
#define FIELDS(F)                                                          \
	F("code", "code:550..554",                                         \
	    "a reply has this code: 550, 5xx, a range (2xx, 3xx, and codes " \
	    "that are rare may need decoding)",                            \
	    false, "codes reply replies", parse_code, ask_code)            \
	F("worst", "worst:5xx", "code of the worst reply",                 \
	    true, "", parse_worst, ask_worst)                              \
	F("esc", "esc:5.1.*", "a reply has this enhanced status code",     \
	    false, "enhanced dsn", parse_enhanced, ask_enhanced)           \
	F("from", "from:*@play.com",                                       \
	    "sender of a message; @play.com: any at that domain; <>: the " \
	    "null sender",                                                 \
	    false, "sender", parse_path, ask_from)                         \
	F("to", "to:ann@play.com", "recipient of a message",               \
	    false, "recipient", parse_path, ask_to)                        \
	F("helo", "helo:*.example.org", "name given in HELO or EHLO",      \
	    false, "ehlo", parse_text, ask_helo)                           \
	F("peer", "peer:10.0.0.0/8",                                       \
	    "address of the other side: a glob, a net, a range of addresses", \
	    true, "ip client remote", parse_peer, ask_peer)           \
	F("port", "port:25", "port of the other side",                     \
	    false, "", parse_port, ask_port)                               \
	F("server", "server:10.0.0.5",                                     \
	    "this side's end of the connection, with or without the port", \
	    false, "local", parse_text, ask_server)                        \
	F("verb", "verb:rcpt",                                             \
	    "verb of the failing command; connect: the connection itself", \
	    true, "", parse_verb, ask_verb)                                \
	F("cmd", "cmd:\"RCPT TO:*\"", "the failing command, all of it",    \
	    false, "command", parse_text, ask_command)              \
	F("took", "took>30s", "duration: 500ms, 30s, 2m, 1h30m",           \
	    true, "duration", parse_took, ask_took)                   \
	F("lines", "lines>100", "lines in the log",                        \
	    true, "", parse_count, ask_lines)                              \
	F("messages", "messages>1", "MAIL commands",                       \
	    true, "msgs mails", parse_count16, ask_messages)               \
	F("rcpts", "rcpts>=50", "RCPT commands",                           \
	    true, "recipients", parse_count16, ask_recipients)             \
	F("size", "size>10M", "size of a message in bytes, k, M or G",     \
	    false, "bytes", parse_size, ask_size)                          \
	F("start", "start:10:00..10:30",                                   \
	    "when it began: a time of any day, a day, a time",             \
	    true, "date", parse_time, ask_start)                           \
	F("end", "end<2026-11-01T10:00", "time of its last line",          \
	    true, "", parse_time, ask_end)                                 \
	F("is", "is:dropped",                                              \
	    "ok temporary permanent refused dropped empty open closed lost " \
	    "displaced cut guessed failed fine in out tls auth",           \
	    true, "outcome", parse_is, ask_is)                             \
	F("auth", "auth:contoso\\*", "user who logged in",                 \
	    false, "user", parse_text, ask_auth)                   \
	F("tls", "tls:*TLS1_2*", "TLS protocol and cipher",                \
	    false, "cipher", parse_text, ask_tls)                  \
	F("number", "number:17..20", "number of the session",              \
	    true, "", parse_count, ask_number)                   \
	F("key", "key:08D*", "key of the session in the log",              \
	    false, "", parse_text, ask_key)                                \
	F("source", "source:RECV*", "log it stands in",                    \
	    true, "file log", parse_source, ask_source)                    \
	F("host", "host:mx1", "host whose log it is, as --host names it",    \
	    true, "", parse_source, ask_host)                              \
	F("id", "id:*@mail.example.org", "id of a message, or queue id",   \
	    false, "queue msgid", parse_path, ask_id)                        \
	F("text", "text:/over ?quota/",                                    \
	    "found in a line of the log, as a bare word is",               \
	    false, "line", parse_word, ask_word)

const struct filter_field filter_fields[] = {
#define ROW(name, example, help, indexed, aliases, parse, ask)             \
	{ name, example, help, indexed },
	FIELDS(ROW)
#undef ROW
	{ NULL, NULL, NULL, false },
};

static const struct field fields[] = {
#define ROW(name, example, help, indexed, aliases, parse, ask)             \
	{ aliases, parse, ask },
	FIELDS(ROW)
#undef ROW
};

#define FIELD_COUNT (sizeof fields / sizeof *fields)

_Static_assert(FIELD_COUNT + 1 == sizeof filter_fields / sizeof *filter_fields,
    "a row each");

const char *
field_name(const struct field *f)
{
	return filter_fields[f - fields].name;
}

static bool
is_alias(const char *aliases, struct slice name)
{
	struct slice rest = slice_of(aliases), word;

	while (slice_cut(&rest, ' ', &word))
		if (slice_case_eq(word, name))
			return true;
	return false;
}

const struct field *
field_by_name(struct slice name)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (slice_case_eq(slice_of(filter_fields[i].name), name) ||
		    is_alias(fields[i].aliases, name))
			return &fields[i];
	return NULL;
}

const struct field *
field_of_text(void)
{
	return &fields[FIELD_COUNT - 1];
}

static void
try_aliases(struct nearest *n, size_t i)
{
	struct slice rest = slice_of(fields[i].aliases), word;
	char alias[32];

	while (slice_cut(&rest, ' ', &word)) {
		const char *before = n->best;

		snprintf(alias, sizeof alias, "%.*s", SLICE_ARGS(word));
		nearest_try(n, alias);
		/* A slip in an alias means the field. */
		if (n->best != before)
			n->best = filter_fields[i].name;
	}
}

int
field_unknown(struct slice name, size_t at, struct filter_error *fe)
{
	struct nearest near = nearest_to(name);
	char all[200] = "";
	size_t n = 0;

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		int k = snprintf(all + n, sizeof all - n, " %s",
		    filter_fields[i].name);

		nearest_try(&near, filter_fields[i].name);
		try_aliases(&near, i);
		if (k > 0 && (size_t)k < sizeof all - n)
			n += (size_t)k;
	}
	if (near.best)
		return mistake(fe, at, name.n, "there is no field %s; did you "
		    "mean %s? (quote it to look for the text)",
		    excerpt(name).text, near.best);
	return mistake(fe, at, name.n, "no field %s (quote it to look for the "
	    "text); there are%s", excerpt(name).text, all);
}

int
value_mistake(const struct value *v, const char *fmt, ...)
{
	char words[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	return mistake(v->fe, v->typed_at, v->typed_length, "%s", words);
}

int
value_mistake_in(const struct value *v, struct slice part, const char *fmt, ...)
{
	char words[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	/* With quotes and backslashes the place inside is not the same. */
	if (!v->exact || part.n == 0)
		return mistake(v->fe, v->typed_at, v->typed_length, "%s",
		    words);
	return mistake(v->fe, v->at + (size_t)(part.p - v->text.p), part.n,
	    "%s", words);
}

int
value_must_be_equal(const struct value *v)
{
	if (v->op == OP_IS)
		return 0;
	return value_mistake(v, "%s cannot be compared with %s; write %s:%s",
	    excerpt(v->name).text, term_op_text(v->op), excerpt(v->name).text,
	    excerpt(v->text).text);
}

int
value_must_be_word(const struct value *v)
{
	if (value_must_be_equal(v) < 0)
		return -1;
	if (v->regex)
		return value_mistake(v, "%s takes a word, no expression",
		    excerpt(v->name).text);
	return 0;
}
