/*
 * Looking at sessions.  See scan.h.
 */
#include "config.h"

#include "query/scan.h"

#include <stdlib.h>
#include <time.h>

#include "index/oldest.h"
#include "index/reader.h"
#include "query/worker.h"

/* Sessions at a time, where the record answers; else one, it may be long. */
#define CHUNK 4096
/* More at a time while they take less than that, fewer when they take more. */
#define SHORT_NS 4000000
#define LONG_NS 60000000
/* Work of that length is worth another thread. */
#define THREADS_NS 400000
/* Bytes of records asked for before it is their turn. */
#define AHEAD 2048
/* Sessions between two looks whether it is cancelled. */
#define RUN 256
/* How much of a text is a sort key. */
#define KEY_MAX 128

void
scan_init(struct scan *s, const struct store *st, const struct filter *f,
    enum column_id sort, struct scan_among among, const atomic_bool *cancel)
{
	bool quick = columns[sort].indexed && (!f || filter_is_indexed(f));

	*s = (struct scan){ .store = st, .filter = f, .sort = sort,
	    .cancel = cancel, .next = store_kept_at(st, 0),
	    .chunk = quick ? CHUNK : 1 };
	s->among = among;
	s->reader = reader_new(st);
	facts_init(&s->facts);
	intern_init(&s->texts);
	if (sort != COLUMN_NUMBER || !f || !filter_is_by_word(f))
		return;
	for (int i = 0; i < 2; i++)
		s->half[i].verdicts = mem_array(VERDICTS,
		    sizeof *s->half[i].verdicts);
}

void
scan_free(struct scan *s)
{
	order_free(&s->pending.gone);
	order_free(&s->pending.come);
	free(s->watched);
	free(s->among.bit);
	for (int i = 0; i < 2; i++) {
		filter_context_free(s->half[i].context);
		free(s->half[i].verdicts);
	}
	peer_keys_free(&s->peer_keys);
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

/* The same, with what this scan keeps of peers. */
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

/* What must be decoded is decoded by one thread alone: s->texts has one writer. */
static void
make_entry(struct scan *s, uint32_t number, const struct session *rec,
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

static bool
is_cancelled(const struct scan *s)
{
	return atomic_load_explicit(s->cancel, memory_order_relaxed);
}

/* What is over may change for as long as messages of it are on their way. */
static bool
may_change(const struct session *rec)
{
	return session_is_open(rec) || session_is_held(rec);
}

/*
 * A record says no more than it does now: it is over, and the name of its
 * peer can be read (which is published a moment after a record that closes).
 */
static bool
is_settled(const struct scan *s, const struct session *rec)
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

static bool
passes(struct scan_half *h, uint32_t number, const struct session *rec)
{
	return !h->scan->filter ||
	    filter_match(h->scan->filter, context_of(h), number, rec);
}

static void
watch(struct watched *x, const struct session *rec)
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
	if (passes(h, number, rec)) {
		make_entry(s, number, rec, e);
		h->ncome++;
	} else {
		x.in = false;
	}
	if (is_settled(s, rec))
		return;
	if (x.in)
		x.entry = *e;
	x.entry.number = number;
	watch(&x, rec);
	mem_reserve(&h->watched, &h->watched_cap, h->nwatched + 1,
	    sizeof *h->watched);
	h->watched[h->nwatched++] = x;
}

/* One that was open: what has become of it. */
static void
look_again(struct scan *s, struct watched *x, const struct session *rec)
{
	struct order_entry e = x->entry;
	bool in = passes(&s->half[0], e.number, rec);

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

	s->pending.all_from = 0;
	for (size_t i = 0; i < s->nwatched; i++) {
		struct watched *x = &s->watched[i];
		struct session rec;
		bool settled;

		store_session(s->store, x->entry.number, &rec);
		if (session_is_blank(&rec))
			continue;
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

/* Known not to pass. */
static inline bool
is_out(const struct scan *s, uint32_t number)
{
	return number <= s->among.to &&
	    !(s->among.bit[number / 64] >> number % 64 & 1);
}

/* Goes on with the next that may pass, if there is one up to `end`. */
static void
skip_those_out(struct scan *s, uint64_t end)
{
	while (s->next <= end && is_out(s, s->next)) {
		bool all = s->next % 64 == 0 && end - s->next >= 63 &&
		    s->next / 64 < s->among.to / 64 &&
		    s->among.bit[s->next / 64] == 0;

		s->next += all ? 64 : 1;
	}
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
		*verdict_at(h, session_word(&rec)) = (struct verdict){
		    session_word(&rec), h->ncome > before };
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
		if (is_out(h->scan, i))
			continue;
		word = session_load_word(cell);
		v = verdict_at(h, word);
		if (!word || v->word != word) {
			ask_for_verdict(h, i);
			continue;
		}
		/* There is room for each: to write is cheaper than to ask. */
		h->come[h->ncome] = (struct order_entry){ .key = i,
		    .number = i };
		h->ncome += v->in;
	}
}

static void
look_at_records(struct scan_half *h, uint32_t n)
{
	const struct table *t = &h->scan->store->sessions;
	struct session rec;

	for (uint32_t i = h->from; i < h->from + n &&
	    !is_cancelled(h->scan); i++) {
		if (is_out(h->scan, i))
			continue;
		fetch_ahead(table_at(t, i - 1));
		store_session(h->scan->store, i, &rec);
		look_at(h, i, &rec);
	}
}

static void *
look_at_half(void *arg)
{
	struct scan_half *h = arg;
	const struct table *t = &h->scan->store->sessions;

	while (h->from < h->to && !is_cancelled(h->scan)) {
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

/* What a half found goes behind what is there. */
static void
take_half(struct scan *s, struct scan_half *h)
{
	struct order_list *come = &s->pending.come;

	if (come->e + come->n != h->come)
		memmove(come->e + come->n, h->come,
		    h->ncome * sizeof *h->come);
	come->n += h->ncome;
	if (h->nwatched == 0)
		return;
	mem_reserve(&s->watched, &s->watched_cap, s->nwatched + h->nwatched,
	    sizeof *s->watched);
	memcpy(s->watched + s->nwatched, h->watched,
	    h->nwatched * sizeof *h->watched);
	s->nwatched += h->nwatched;
	free(h->watched);
	h->watched = NULL;
	h->nwatched = h->watched_cap = 0;
}

static void
begin_half(struct scan *s, struct scan_half *h, uint32_t from, uint32_t to)
{
	h->scan = s;
	h->from = from;
	h->to = to;
	h->come = s->pending.come.e + s->pending.come.n + (from - s->next);
	h->ncome = 0;
}

static int64_t
now_ns(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Looks at n sessions from s->next on. */
static void
look_at_chunk(struct scan *s, uint32_t n)
{
	bool two = columns[s->sort].indexed && s->pace > THREADS_NS / n;
	int64_t begun = now_ns(), took;

	begin_half(s, &s->half[0], s->next, s->next + (two ? n / 2 : n));
	begin_half(s, &s->half[1], s->half[0].to, s->next + n);
	if (two)
		worker_both(look_at_half, &s->half[0], &s->half[1]);
	else
		look_at_half(&s->half[0]);
	for (int i = 0; i < 2; i++)
		take_half(s, &s->half[i]);
	s->next += n;
	took = now_ns() - begun;
	s->pace = took * (two ? 2 : 1) / n;
	if (took < SHORT_NS && n == s->chunk && n < UINT32_MAX / 4)
		s->chunk *= 4;
	else if (took > LONG_NS && s->chunk > 1)
		s->chunk /= 2;
}

bool
scan_new(struct scan *s)
{
	uint64_t end = store_sessions(s->store);
	struct order_list *come = &s->pending.come;
	uint64_t n;

	skip_those_out(s, end);
	if (s->next > end)
		return false;
	n = end - s->next + 1;
	if (s->sort == COLUMN_PEER)
		peer_keys_extend(&s->peer_keys, &s->store->peers);
	/* All will come: growing by and by would copy them over and over. */
	if (!s->filter || filter_is_empty(s->filter))
		order_reserve(come, come->n + (size_t)n);
	n = n < s->chunk ? n : s->chunk;
	order_reserve(come, come->n + (size_t)n);
	if (come->n == 0)
		s->pending.all_from = s->next;
	look_at_chunk(s, (uint32_t)n);
	s->pending.all_to = s->next - 1;
	return true;
}

uint64_t
scan_limits(const struct scan *s)
{
	uint64_t n = 0;

	for (int i = 0; i < 2; i++)
		if (s->half[i].context)
			n += filter_limits(s->half[i].context);
	return n;
}

void
scan_sort(struct scan *s)
{
	intern_publish(&s->texts);
	order_sort(scan_texts(s), s->pending.gone.e, s->pending.gone.n);
	order_sort(scan_texts(s), s->pending.come.e, s->pending.come.n);
}
