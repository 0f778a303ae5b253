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

void
scan_init(struct scan *s, const struct store *st, const struct filter *f,
    enum column_id sort, struct scan_among among, struct order_list room,
    const atomic_bool *cancel)
{
	bool quick = columns[sort].indexed && (!f || filter_is_indexed(f));

	*s = (struct scan){ .store = st, .filter = f, .sort = sort,
	    .cancel = cancel, .next = store_kept_at(st, 0),
	    .chunk = quick ? CHUNK : 1 };
	s->among = among;
	s->pending.come = room;
	s->reader = reader_new(st);
	facts_init(&s->facts);
	intern_init(&s->texts);
	scan_half_init(s);
}

void
scan_free(struct scan *s)
{
	order_free(&s->pending.gone);
	order_free(&s->pending.come);
	free(s->watched);
	free(s->among.bit);
	scan_half_free(s);
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

/* One that was open: what has become of it. */
static void
look_again(struct scan *s, struct watched *x, const struct session *rec)
{
	struct order_entry e = x->entry;
	bool in = scan_half_passes(&s->half[0], e.number, rec);

	if (in)
		scan_make_entry(s, e.number, rec, &e);
	if (x->in && (!in || e.key != x->entry.key || e.text != x->entry.text))
		order_push(&s->pending.gone, &x->entry);
	if (in && (!x->in || e.key != x->entry.key || e.text != x->entry.text))
		order_push(&s->pending.come, &e);
	x->in = in;
	x->entry = e;
	scan_note_watched(x, rec);
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
		settled = scan_is_settled(s, &rec);
		if (!scan_is_cancelled(s) && (x->over || rec.last != x->last ||
		    rec.lines != x->lines || rec.state != x->state ||
		    rec.sequence != x->sequence))
			look_again(s, x, &rec);
		if (!settled)
			s->watched[kept++] = *x;
	}
	s->nwatched = kept;
}

/* Goes on with the next that may pass, if there is one up to `end`. */
static void
skip_those_out(struct scan *s, uint64_t end)
{
	while (s->next <= end && scan_is_out(s, s->next)) {
		bool all = s->next % 64 == 0 && end - s->next >= 63 &&
		    s->next / 64 < s->among.to / 64 &&
		    s->among.bit[s->next / 64] == 0;

		s->next += all ? 64 : 1;
	}
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
		worker_both(scan_look_at_half, &s->half[0], &s->half[1]);
	else
		scan_look_at_half(&s->half[0]);
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
