/*
 * What one thread looks at.  See scan_half.h.
 */
#include "config.h"

#include "query/scan_half.h"

#include <stdlib.h>

#include "index/oldest.h"

/* Sessions between two looks whether it is cancelled. */
#define RUN 256
/* Bytes of records asked for before it is their turn. */
#define AHEAD 2048
/* How much of a text is a sort key. */
#define KEY_MAX 128

/* The word of a record in which a column's key is; -1: not in one word. */
static int
word_of_key(enum column_id sort)
{
	switch (sort) {
	case COLUMN_START:
		return SESSION_WORD(start);
	case COLUMN_TOOK:
		return SESSION_WORD(duration);
	case COLUMN_SOURCE:
		return SESSION_WORD(stream);
	case COLUMN_PEER:
		return SESSION_WORD(peer);
	case COLUMN_OUTCOME:
		/* With the last one, which says the rest. */
		return SESSION_WORD_OF_ENHANCED;
	case COLUMN_NUMBER:
		return SESSION_LAST_WORD;
	default:
		return -1;
	}
}

void
scan_half_init(struct scan *s)
{
	s->key_word = word_of_key(s->sort);
	if (s->key_word < 0 || (s->filter && !filter_is_empty(s->filter) &&
	    !filter_is_by_word(s->filter)))
		return;
	for (int i = 0; i < 2; i++)
		s->half[i].verdicts = mem_array(VERDICTS,
		    sizeof *s->half[i].verdicts);
}

void
scan_half_free(struct scan *s)
{
	for (int i = 0; i < 2; i++) {
		filter_context_free(s->half[i].context);
		free(s->half[i].verdicts);
	}
}

/* Whether the record says that a text column is empty. */
static bool
has_text(enum column_id id, const struct session *rec)
{
	switch (id) {
	case COLUMN_HELO:
		return rec->helo_line != 0;
	case COLUMN_FROM:
		return rec->from_line != 0;
	case COLUMN_TO:
		return rec->to_line != 0;
	default:
		return true;
	}
}

bool
scan_entry(const struct scan *s, uint32_t number, const struct session *rec,
    struct order_entry *e)
{
	*e = (struct order_entry){ .number = number };
	if (columns[s->sort].indexed) {
		e->key = column_key(s->sort, s->store, number, rec);
		e->text = s->sort == COLUMN_PEER ? rec->peer : 0;
		return true;
	}
	return !has_text(s->sort, rec);
}

/* scan_entry(), with what this scan keeps of peers. */
static bool
quick_entry(const struct scan *s, uint32_t number, const struct session *rec,
    struct order_entry *e)
{
	if (s->sort != COLUMN_PEER || rec->peer > s->peer_keys.n || !rec->peer)
		return scan_entry(s, number, rec, e);
	*e = (struct order_entry){ .key = s->peer_keys.key[rec->peer],
	    .number = number, .text = rec->peer };
	return true;
}

void
scan_make_entry(struct scan *s, uint32_t number, const struct session *rec,
    struct order_entry *e)
{
	struct slice text;

	if (quick_entry(s, number, rec, e))
		return;
	/* What cannot be read is empty; the list says so where it is shown. */
	if (facts_decode(&s->facts, s->store, s->reader, number, NULL) < 0)
		return;
	s->key.n = 0;
	column_text(s->sort, &s->facts, &s->key);
	text = slice_head(buf_slice(&s->key), KEY_MAX);
	e->key = order_text_key(text);
	e->text = intern_add(&s->texts, text);
}

/* What is over may change for as long as messages of it are on their way. */
static bool
may_change(const struct session *rec)
{
	return session_is_open(rec) || session_is_held(rec);
}

bool
scan_is_settled(const struct scan *s, const struct session *rec)
{
	return !may_change(rec) &&
	    rec->peer <= table_count(&s->store->peers.entries);
}

static struct filter_context *
context_of(struct scan_half *h)
{
	if (!h->context) {
		h->context = filter_context_new(h->scan->store);
		filter_context_stop(h->context, h->scan->cancel);
	}
	return h->context;
}

bool
scan_half_passes(struct scan_half *h, uint32_t number, const struct session *rec)
{
	return !h->scan->filter ||
	    filter_match(h->scan->filter, context_of(h), number, rec);
}

void
scan_note_watched(struct watched *x, const struct session *rec)
{
	x->last = rec->last;
	x->lines = rec->lines;
	x->sequence = rec->sequence;
	x->state = rec->state;
	x->over = !may_change(rec);
}

static void
look_at(struct scan_half *h, uint32_t number, const struct session *rec)
{
	struct scan *s = h->scan;
	struct order_entry *e = &h->come[h->ncome];
	struct watched x = { .in = true };

	if (session_is_blank(rec))
		return;
	if (scan_half_passes(h, number, rec)) {
		scan_make_entry(s, number, rec, e);
		h->ncome++;
	} else {
		x.in = false;
	}
	if (scan_is_settled(s, rec))
		return;
	if (x.in)
		x.entry = *e;
	x.entry.number = number;
	scan_note_watched(&x, rec);
	mem_reserve(&h->watched, &h->watched_cap, h->nwatched + 1,
	    sizeof *h->watched);
	h->watched[h->nwatched++] = x;
}

static inline void
fetch_ahead(const struct session_cell *cell)
{
	__builtin_prefetch((void *)((uintptr_t)cell + AHEAD));
}

static struct verdict *
verdict_at(const struct scan_half *h, uint64_t word)
{
	return &h->verdicts[word * UINT64_C(0x9e3779b97f4a7c15) >> 55];
}

_Static_assert(VERDICTS == 1 << (64 - 55), "a place for each");

/* Asks the filter of one, and keeps the answer where it is for good. */
static void
ask_for_verdict(struct scan_half *h, uint32_t number)
{
	size_t before = h->ncome;
	struct session rec;

	store_session(h->scan->store, number, &rec);
	look_at(h, number, &rec);
	if (!session_is_blank(&rec) && !may_change(&rec))
		*verdict_at(h, session_last(&rec)) = (struct verdict){
		    session_last(&rec), h->ncome > before };
}

/*
 * The entry of a session that is over, of which the last word was seen: nothing
 * in its record changes any more, so that the one word that holds the key can be
 * read by itself.  False where its peer is not known yet.
 */
static inline bool
entry_by_words(const struct scan *s, uint32_t number, uint64_t last,
    const struct session_cell *cell, struct order_entry *e)
{
	struct session rec = { 0 };

	if (s->sort == COLUMN_NUMBER) {
		*e = (struct order_entry){ .key = number, .number = number };
		return true;
	}
	session_set_word(&rec, SESSION_LAST_WORD, last);
	session_set_word(&rec, (unsigned)s->key_word,
	    session_load_word(cell, (unsigned)s->key_word));
	return (s->sort != COLUMN_PEER || rec.peer <= s->peer_keys.n) &&
	    quick_entry(s, number, &rec, e);
}

/* Sessions from h->from on, whose records lie side by side. */
static void
look_at_words(struct scan_half *h, uint32_t n)
{
	const struct session_cell *cell = table_at(&h->scan->store->sessions,
	    h->from - 1);

	for (uint32_t i = h->from; i < h->from + n; i++, cell++) {
		uint64_t word;
		const struct verdict *v;

		fetch_ahead(cell);
		if (scan_is_out(h->scan, i))
			continue;
		word = session_load_last(cell);
		v = verdict_at(h, word);
		/* There is room for each: to write is cheaper than to ask. */
		if (word && v->word == word && entry_by_words(h->scan, i, word,
		    cell, &h->come[h->ncome]))
			h->ncome += v->in;
		else
			ask_for_verdict(h, i);
	}
}

static void
look_at_records(struct scan_half *h, uint32_t n)
{
	const struct table *t = &h->scan->store->sessions;
	struct session rec;

	for (uint32_t i = h->from; i < h->from + n &&
	    !scan_is_cancelled(h->scan); i++) {
		if (scan_is_out(h->scan, i))
			continue;
		fetch_ahead(table_at(t, i - 1));
		store_session(h->scan->store, i, &rec);
		look_at(h, i, &rec);
	}
}

void *
scan_look_at_half(void *arg)
{
	struct scan_half *h = arg;
	const struct table *t = &h->scan->store->sessions;

	while (h->from < h->to && !scan_is_cancelled(h->scan)) {
		uint64_t run = table_run(t, h->from - 1);
		uint32_t n = h->to - h->from;

		n = n < RUN ? n : RUN;
		n = n < run ? n : (uint32_t)run;
		if (h->verdicts)
			look_at_words(h, n);
		else
			look_at_records(h, n);
		h->from += n;
	}
	return NULL;
}
