/*
 * Evidence: what is known of the session that a filter is asked about, fetched
 * only when a question needs it, and once.  This is what a filter_context is.
 */
#ifndef EHLOG_QUERY_EVIDENCE_H
#define EHLOG_QUERY_EVIDENCE_H

#include "index/facts.h"
#include "query/match.h"

/* Lines that the record names. */
enum head { HEAD_HELO, HEAD_FROM, HEAD_TO, HEAD_COUNT };

struct head_text {
	bool looked;
	bool known;              /* read and understood */
	bool given;              /* the line has such a text */
	struct buf text;
};

struct filter_context {
	const struct store *store;
	struct reader *reader;
	struct match_work *work;
	const atomic_bool *stop;
	uint64_t limits;
	/* The session in hand. */
	uint32_t number;
	const struct session *rec;
	const struct stream *stream;
	struct head_text head[HEAD_COUNT];
	struct buf undone;       /* text without doubled quotes */
	bool decoded;
	struct facts facts;
	unsigned char *answers;  /* by term: enum answer; NULL: not kept */
	unsigned char *answer_room;
	size_t answers_cap;
};

struct filter_context *evidence_new(const struct store *st);
void evidence_free(struct filter_context *c);
void evidence_stop(struct filter_context *c, const atomic_bool *stop);

/*
 * Begins with another session.  Answers of `terms` terms will be kept, so that
 * none is asked twice.
 */
void evidence_begin(struct filter_context *c, uint32_t number,
    const struct session *rec, uint32_t terms);
/* The same where nothing but the record will be asked: a million times fast. */
void evidence_begin_record(struct filter_context *c, uint32_t number,
    const struct session *rec);

/* The decoded session. */
const struct facts *evidence_facts(struct filter_context *c);

/*
 * HELO name, sender or recipient out of the one line that the record names.
 * False when only decoding can tell.  *text as in struct facts.
 */
bool evidence_head(struct filter_context *c, enum head h, struct slice *text);

/*
 * Calls ask() with the raw lines of the session until it says true, and
 * returns whether it did.
 */
bool evidence_lines(struct filter_context *c,
    bool (*ask)(struct filter_context *c, struct slice line, const void *arg),
    const void *arg);

/* Whether the pattern is found; a limit that was met is counted. */
bool evidence_find(struct filter_context *c, const struct match *m,
    struct slice text);

#endif
