/*
 * Counting for the summary.  Memory grows with different hours, peers and
 * reply texts, not with sessions.
 */
#include "config.h"

#include "report/tally.h"

#include <stdlib.h>

#include "index/shown.h"
#include "query/group.h"
#include "smtp/reply.h"

#define HOUR_MS INT64_C(3600000)
/* Of a reply's text: what comes later does not tell one reason from another. */
#define REPLY_LOOK 512
/* Hours are put together when this many have come out of order. */
#define HOURS_SLACK 4096

void
tally_init(struct tally *t)
{
	*t = (struct tally){ .first = CLOCK_NONE, .last = CLOCK_NONE,
	    .all_utc = true };
	intern_init(&t->texts);
}

void
tally_free(struct tally *t)
{
	free(t->hours);
	free(t->replies);
	free(t->peers);
	intern_free(&t->texts);
	buf_free(&t->text);
}

/* --- hours ---------------------------------------------------------------- */

static int
hour_order(const void *pa, const void *pb)
{
	const struct tally_hour *a = pa, *b = pb;

	return (a->hour > b->hour) - (a->hour < b->hour);
}

static void
merge_hours(struct tally *t)
{
	size_t n = 0;

	if (t->nhours == 0)
		return;
	qsort(t->hours, t->nhours, sizeof *t->hours, hour_order);
	for (size_t i = 1; i < t->nhours; i++) {
		if (t->hours[i].hour != t->hours[n].hour) {
			t->hours[++n] = t->hours[i];
			continue;
		}
		for (int o = 0; o < OUTCOME_COUNT; o++)
			t->hours[n].by_outcome[o] += t->hours[i].by_outcome[o];
	}
	t->nhours = t->hours_sorted = n + 1;
}

static void
add_hour(struct tally *t, int64_t time, enum outcome o)
{
	int64_t hour = time / HOUR_MS - (time % HOUR_MS < 0);

	/* Sessions come by time, or nearly so. */
	if (t->nhours == 0 || t->hours[t->nhours - 1].hour != hour) {
		if (t->nhours > 2 * t->hours_sorted + HOURS_SLACK)
			merge_hours(t);
		mem_reserve(&t->hours, &t->hours_cap, t->nhours + 1,
		    sizeof *t->hours);
		t->hours[t->nhours++] = (struct tally_hour){ .hour = hour };
	}
	t->hours[t->nhours - 1].by_outcome[o]++;
}

static void
add_times(struct tally *t, const struct facts *f, enum outcome o)
{
	int64_t start = f->rec.start, end;

	t->all_utc = t->all_utc && stream_shows_utc(f->stream);
	if (start == CLOCK_NONE)
		return;
	add_hour(t, stream_wall(f->stream, start), o);
	end = start > INT64_MAX - f->rec.duration ? start :
	    start + f->rec.duration;
	if (t->first == CLOCK_NONE || start < t->first) {
		t->first = start;
		t->first_of = f->stream;
	}
	if (t->last == CLOCK_NONE || end > t->last) {
		t->last = end;
		t->last_of = f->stream;
	}
}

/* --- replies -------------------------------------------------------------- */

/* Not in the middle of a character. */
static struct slice
head_of_text(struct slice s)
{
	size_t n = REPLY_LOOK;

	if (s.n <= n)
		return s;
	while (n > REPLY_LOOK - 4 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return slice_head(s, n);
}

static void
add_reply(struct tally *t, const struct facts *f, const struct fact_reply *r)
{
	struct tally_reply *row;
	uint32_t text;

	t->text.n = 0;
	group_normalise(&t->text, r->code, r->enhanced, head_of_text(r->text));
	text = intern_add(&t->texts, buf_slice(&t->text));
	if (text == 0)
		return;
	if (text > t->nreplies) {
		mem_reserve(&t->replies, &t->replies_cap, text,
		    sizeof *t->replies);
		t->replies[t->nreplies++] = (struct tally_reply){
			.text = text, .example = f->number };
	}
	row = &t->replies[text - 1];
	row->replies++;
	if (row->last != f->number)
		row->sessions++;
	row->last = f->number;
}

/* --- peers ---------------------------------------------------------------- */

static void
add_peer(struct tally *t, uint32_t peer, bool failed)
{
	if (peer == 0)
		return;
	mem_reserve(&t->peers, &t->peers_cap, (size_t)peer + 1,
	    sizeof *t->peers);
	while (t->npeers <= peer) {
		t->peers[t->npeers] = (struct tally_peer){
			.peer = (uint32_t)t->npeers };
		t->npeers++;
	}
	t->peers[peer].sessions++;
	t->peers[peer].failed += failed;
}

void
tally_add(struct tally *t, const struct facts *f)
{
	enum outcome o = session_outcome(&f->rec);

	if (o >= OUTCOME_COUNT)
		return;
	t->sessions++;
	t->lines += f->rec.lines;
	t->by_outcome[o]++;
	add_times(t, f, o);
	add_peer(t, f->rec.peer, outcome_failed(o));
	for (size_t i = 0; i < f->nreplies; i++)
		if (reply_class(f->replies[i].code) >= 4)
			add_reply(t, f, &f->replies[i]);
}

/* --- order ---------------------------------------------------------------- */

static int
reply_order(const void *pa, const void *pb)
{
	const struct tally_reply *a = pa, *b = pb;

	if (a->replies != b->replies)
		return a->replies < b->replies ? 1 : -1;
	return (a->text > b->text) - (a->text < b->text);
}

static int
peer_order(const void *pa, const void *pb)
{
	const struct tally_peer *a = pa, *b = pb;

	if (a->failed != b->failed)
		return a->failed < b->failed ? 1 : -1;
	if (a->sessions != b->sessions)
		return a->sessions < b->sessions ? 1 : -1;
	return (a->peer > b->peer) - (a->peer < b->peer);
}

void
tally_sort(struct tally *t)
{
	size_t n = 0;

	merge_hours(t);
	intern_publish(&t->texts);
	if (t->nreplies)
		qsort(t->replies, t->nreplies, sizeof *t->replies, reply_order);
	for (size_t i = 0; i < t->npeers; i++)
		if (t->peers[i].sessions)
			t->peers[n++] = t->peers[i];
	t->npeers = n;
	if (n)
		qsort(t->peers, n, sizeof *t->peers, peer_order);
}
