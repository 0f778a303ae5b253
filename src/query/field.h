/*
 * What a field of the filter language is behind its row in query/fields.h:
 * how its value is read, and how a session is asked.
 */
#ifndef EHLOG_QUERY_FIELD_H
#define EHLOG_QUERY_FIELD_H

#include "base/clock.h"
#include "query/evidence.h"
#include "query/lexer.h"
#include "query/tree.h"

/* A value on its way into a term. */
struct value {
	struct slice name;       /* of the field, for messages */
	enum term_op op;         /* never OP_BARE, never OP_IS_NOT */
	struct slice text;       /* a glob, or a regex */
	size_t at;               /* of it in the expression */
	size_t typed_at, typed_length;   /* with its quotes or slashes */
	bool regex, quoted, exact;
	const struct zone *zone;
	struct arena *arena;
	struct filter_error *fe;
};

struct field {
	const char *aliases;     /* further names, blanks between; or "" */
	/* Fills the term; -1 with v->fe filled. */
	int (*parse)(struct term *t, const struct value *v);
	/*
	 * Answers from what `level` allows to look at.  May be unknown below
	 * the term's level only.
	 */
	enum answer (*ask)(const struct term *t, struct filter_context *c,
	    enum ask_level level);
};

/* The field of a name or an alias, in any case; NULL. */
const struct field *field_by_name(struct slice name);
/* The field of bare words. */
const struct field *field_of_text(void);
const char *field_name(const struct field *f);
/* Says that there is no such field, and which may be meant. */
int field_unknown(struct slice name, size_t at, struct filter_error *fe);

/* A mistake in the value: about all of it, or about a part of its text. */
int value_mistake(const struct value *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int value_mistake_in(const struct value *v, struct slice part,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* -1 unless the operator is `:` and the value no expression in slashes. */
int value_must_be_word(const struct value *v);
/* -1 unless the operator is `:`. */
int value_must_be_equal(const struct value *v);

/* Whether a text is what the term wants; one that is not there is not. */
bool text_holds(const struct term *t, struct filter_context *c,
    struct slice text);

/* field_text.c: texts, compared by glob, equality or expression. */
int parse_word(struct term *t, const struct value *v);      /* sought in text */
int parse_text(struct term *t, const struct value *v);      /* the whole text */
int parse_path(struct term *t, const struct value *v);      /* in <> or not */
int parse_source(struct term *t, const struct value *v);
enum answer ask_word(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_from(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_to(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_helo(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_server(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_tls(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_auth(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_key(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_command(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_id(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_host(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_source(const struct term *, struct filter_context *,
    enum ask_level);

/* field_number.c */
int parse_count(struct term *t, const struct value *v);     /* of the record */
int parse_count16(struct term *t, const struct value *v);   /* it saturates */
int parse_port(struct term *t, const struct value *v);
int parse_size(struct term *t, const struct value *v);
int parse_took(struct term *t, const struct value *v);
enum answer ask_number(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_lines(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_messages(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_recipients(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_port(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_size(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_took(const struct term *, struct filter_context *,
    enum ask_level);

/* field_time.c */
int parse_time(struct term *t, const struct value *v);
enum answer ask_start(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_end(const struct term *, struct filter_context *,
    enum ask_level);

/* field_reply.c: codes, enhanced codes, verbs. */
int parse_code(struct term *t, const struct value *v);
int parse_worst(struct term *t, const struct value *v);
int parse_enhanced(struct term *t, const struct value *v);
int parse_verb(struct term *t, const struct value *v);
enum answer ask_code(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_worst(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_enhanced(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_verb(const struct term *, struct filter_context *,
    enum ask_level);

/* field_state.c: is:, peer: */
int parse_is(struct term *t, const struct value *v);
int parse_peer(struct term *t, const struct value *v);
enum answer ask_is(const struct term *, struct filter_context *,
    enum ask_level);
enum answer ask_peer(const struct term *, struct filter_context *,
    enum ask_level);

#endif
