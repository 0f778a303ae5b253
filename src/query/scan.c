/*
 * Looking at sessions.  See scan.h.
 */
#include "config.h"

#include "query/scan.h"

#include <stdlib.h>

#include "index/reader.h"

/* Sessions at a time, where the record answers; else one, it may be long. */
#define CHUNK 1024
/* How much of a text is a sort key. */
#define KEY_MAX 128

void
scan_init(struct scan *s, const struct store *st, const struct filter *f,
    enum column_id sort, const atomic_bool *cancel)
{
	bool quick = columns[sort].indexed && (!f || filter_is_indexed(f));

	*s = (struct scan){ .store = st, .filter = f, .sort = sort,
	    .cancel = cancel, .next = 1, .chunk = quick ? CHUNK : 1 };
	s->context = filter_context_new(st);
	filter_context_stop(s->context, cancel);
	s->reader = reader_new(st);
	facts_init(&s->facts);
	intern_init(&s->texts);
}

void
scan_free(struct scan *s)
{
	order_free(&s->pending.gone);
	order_free(&s->pending.come);
	free(s->watched);
	filter_context_free(s->context);
	reader_free(s->reader);
	facts_free(&s->facts);
	buf_free(&s->key);
	intern_free(&s->texts);
}

const struct intern *
scan_texts(const struct scan *s)
{
	return s->sort == COLUMN_PEER ? &s->store->peers : &s->texts;
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

static void
make_entry(struct scan *s, uint32_t number, const struct session *rec,
    struct order_entry *e)
{
	struct slice text;

	if (scan_entry(s, number, rec, e))
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

static bool
is_cancelled(const struct scan *s)
{
	return atomic_load_explicit(s->cancel, memory_order_relaxed);
}

/*
 * A record says no more than it does now: it is over, and the name of its
 * peer can be read (which is published a moment after a record that closes).
 */
static bool
is_settled(const struct scan *s, const struct session *rec)
{
	return !session_is_open(rec) &&
	    rec->peer <= table_count(&s->store->peers.entries);
}

static bool
passes(struct scan *s, uint32_t number, const struct session *rec)
{
	return !s->filter ||
	    filter_match(s->filter, s->context, number, rec);
}

static void
watch(struct watched *x, const struct session *rec)
{
	x->last = rec->last;
	x->lines = rec->lines;
	x->sequence = rec->sequence;
	x->state = rec->state;
	x->over = !session_is_open(rec);
}

static void
look_at(struct scan *s, uint32_t number)
{
	struct watched x = { 0 };
	struct session rec;
	bool settled;

	store_session(s->store, number, &rec);
	settled = is_settled(s, &rec);
	x.entry.number = number;
	x.in = passes(s, number, &rec);
	if (x.in) {
		make_entry(s, number, &rec, &x.entry);
		order_push(&s->pending.come, &x.entry);
	}
	if (settled)
		return;
	watch(&x, &rec);
	mem_reserve(&s->watched, &s->watched_cap, s->nwatched + 1,
	    sizeof *s->watched);
	s->watched[s->nwatched++] = x;
}

/* One that was open: what has become of it. */
static void
look_again(struct scan *s, struct watched *x, const struct session *rec)
{
	struct order_entry e = x->entry;
	bool in = passes(s, e.number, rec);

	if (in)
		make_entry(s, e.number, rec, &e);
	if (x->in && (!in || e.key != x->entry.key || e.text != x->entry.text))
		order_push(&s->pending.gone, &x->entry);
	if (in && (!x->in || e.key != x->entry.key || e.text != x->entry.text))
		order_push(&s->pending.come, &e);
	x->in = in;
	x->entry = e;
	watch(x, rec);
}

/* Goes over the open ones; those that are over are watched no longer. */
void
scan_watched(struct scan *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->nwatched; i++) {
		struct watched *x = &s->watched[i];
		struct session rec;
		bool settled;

		store_session(s->store, x->entry.number, &rec);
		settled = is_settled(s, &rec);
		if (!is_cancelled(s) && (x->over || rec.last != x->last ||
		    rec.lines != x->lines || rec.state != x->state ||
		    rec.sequence != x->sequence))
			look_again(s, x, &rec);
		if (!settled)
			s->watched[kept++] = *x;
	}
	s->nwatched = kept;
}

bool
scan_new(struct scan *s)
{
	uint64_t end = store_sessions(s->store);

	if (s->next > end)
		return false;
	/* All will come: growing by and by would copy them over and over. */
	if (!s->filter || filter_is_empty(s->filter))
		order_reserve(&s->pending.come, s->pending.come.n +
		    (size_t)(end - s->next + 1));
	if (end - s->next >= s->chunk)
		end = s->next + s->chunk - 1;
	while (s->next <= end && !is_cancelled(s))
		look_at(s, s->next++);
	return true;
}

void
scan_sort(struct scan *s)
{
	intern_publish(&s->texts);
	order_sort(scan_texts(s), s->pending.gone.e, s->pending.gone.n);
	order_sort(scan_texts(s), s->pending.come.e, s->pending.come.n);
}
