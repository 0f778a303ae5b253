/*
 * The summary: totals by outcome, failing replies by reason, peers, hours.
 * For people: plain text, aligned, made safe, the same in a pipe.
 */
#include "config.h"

#include "report/forms.h"

#include <inttypes.h>
#include <stdlib.h>

#include "index/oldest.h"
#include "index/shown.h"
#include "report/put.h"
#include "report/report.h"
#include "report/tally.h"

#define REPLIES_SHOWN 50
#define PEERS_SHOWN 20
#define BAR 20
/* What stands before a reply's text, and before the bar of an hour. */
#define REPLY_MARGIN 32
#define HOUR_MARGIN 62

struct summary {
	struct put put;
	struct tally tally;
	const struct report_options *o;
};

int
form_summary_begin(void **state, const struct report_options *o)
{
	struct summary *s = mem_alloc(sizeof *s);

	*state = s;
	s->put.out = o->out;
	s->o = o;
	tally_init(&s->tally);
	return 0;
}

int
form_summary_row(void *state, const struct report_options *o,
    const struct facts *f)
{
	struct summary *s = state;

	(void)o;
	tally_add(&s->tally, f);
	return 0;
}

/* --- the head ------------------------------------------------------------- */

static void
put_time(struct summary *s, const char *name, int64_t t,
    const struct stream *sm)
{
	if (t == CLOCK_NONE)
		return;
	buf_addf(&s->put.buf, "%-10s", name);
	stream_iso(&s->put.buf, sm, t);
	buf_add_char(&s->put.buf, '\n');
}

static void
put_head(struct summary *s)
{
	struct buf *out = &s->put.buf;
	struct progress p = { 0 };

	if (s->o->source) {
		put_safe(out, slice_of(s->o->source), SIZE_MAX);
		buf_add_char(out, '\n');
	}
	put_time(s, "first", s->tally.first, s->tally.first_of);
	put_time(s, "last", s->tally.last, s->tally.last_of);
	buf_addf(out, "%-10s%" PRIu64 "\n", "lines", s->tally.lines);
	if (!s->o->store)
		return;
	store_progress_kept(s->o->store, &p);
	/* Of the whole log, whatever was selected. */
	buf_addf(out, "%-10s%" PRIu64 " that belong to no session\n",
	    "unowned", p.unowned_lines);
}

static void
put_title(struct summary *s, const char *title)
{
	buf_add_char(&s->put.buf, '\n');
	if (s->o->colour)
		put_bold(&s->put.buf);
	buf_add(&s->put.buf, slice_of(title));
	if (s->o->colour)
		put_plain(&s->put.buf);
	buf_add_char(&s->put.buf, '\n');
}

/* --- outcomes ------------------------------------------------------------- */

static void
put_outcomes(struct summary *s)
{
	static const enum outcome order[] = {
		OUTCOME_PERMANENT, OUTCOME_TEMPORARY, OUTCOME_REFUSED,
		OUTCOME_DROPPED, OUTCOME_OK, OUTCOME_EMPTY, OUTCOME_OPEN,
	};
	const struct tally *t = &s->tally;
	struct buf *out = &s->put.buf;

	_Static_assert(sizeof order / sizeof *order == OUTCOME_COUNT,
	    "every outcome is shown");
	put_title(s, "Outcome        sessions        %");
	for (size_t i = 0; i < OUTCOME_COUNT; i++) {
		uint64_t n = t->by_outcome[order[i]];
		/* In tenths; no fraction of the C library, for its comma. */
		uint64_t share = t->sessions ?
		    (n * 1000 + t->sessions / 2) / t->sessions : 0;

		/* Most logs tell each code: then there is no such outcome. */
		if (order[i] == OUTCOME_REFUSED && n == 0)
			continue;
		if (s->o->colour)
			put_outcome_colour(out, order[i]);
		buf_addf(out, "%-10s", outcome_name(order[i]));
		if (s->o->colour)
			put_plain(out);
		buf_addf(out, " %12" PRIu64 " %6" PRIu64 ".%" PRIu64 "\n", n,
		    share / 10, share % 10);
	}
	buf_addf(out, "%-10s %12" PRIu64 "\n", "all", t->sessions);
}

/* --- replies -------------------------------------------------------------- */

static void
put_reply(struct summary *s, const struct tally_reply *r)
{
	struct buf *out = &s->put.buf;
	struct slice text = intern_text(&s->tally.texts, r->text);
	size_t room = SIZE_MAX;

	if (s->o->columns > REPLY_MARGIN + 20)
		room = s->o->columns - REPLY_MARGIN;
	buf_addf(out, "%9" PRIu64 " %9" PRIu64 " %9u  ", r->replies,
	    r->sessions, (unsigned)r->example);
	if (s->o->colour && text.n)
		put_colour(out, (unsigned)(text.p[0] - '0') * 100);
	put_safe(out, text, room);
	if (s->o->colour)
		put_plain(out);
	buf_add_char(out, '\n');
}

static void
put_replies(struct summary *s)
{
	const struct tally *t = &s->tally;
	uint64_t rest = 0;

	if (t->nreplies == 0)
		return;
	put_title(s, "  Replies  sessions   example  Failing reply");
	for (size_t i = 0; i < t->nreplies; i++) {
		if (i < REPLIES_SHOWN)
			put_reply(s, &t->replies[i]);
		else
			rest += t->replies[i].replies;
	}
	if (rest)
		buf_addf(&s->put.buf, "%9" PRIu64 "%23s%zu more texts\n", rest,
		    "", t->nreplies - REPLIES_SHOWN);
}

/* --- peers ---------------------------------------------------------------- */

static void
put_peers(struct summary *s)
{
	const struct tally *t = &s->tally;
	struct buf *out = &s->put.buf;
	uint64_t failed = 0, sessions = 0;

	if (t->npeers == 0 || !s->o->store)
		return;
	put_title(s, "   Failed  sessions  Peer");
	for (size_t i = 0; i < t->npeers; i++) {
		const struct tally_peer *p = &t->peers[i];

		if (i >= PEERS_SHOWN) {
			failed += p->failed;
			sessions += p->sessions;
			continue;
		}
		buf_addf(out, "%9" PRIu64 " %9" PRIu64 "  ", p->failed,
		    p->sessions);
		put_safe(out, store_peer(s->o->store, p->peer), SIZE_MAX);
		buf_add_char(out, '\n');
	}
	if (t->npeers > PEERS_SHOWN)
		buf_addf(out, "%9" PRIu64 " %9" PRIu64 "  %zu more peers\n",
		    failed, sessions, t->npeers - PEERS_SHOWN);
}

/* --- hours ---------------------------------------------------------------- */

static uint64_t
hour_sessions(const struct tally_hour *h)
{
	uint64_t n = 0;

	for (int i = 0; i < OUTCOME_COUNT; i++)
		n += h->by_outcome[i];
	return n;
}

static uint64_t
hour_failed(const struct tally_hour *h)
{
	return h->by_outcome[OUTCOME_PERMANENT] +
	    h->by_outcome[OUTCOME_TEMPORARY] +
	    h->by_outcome[OUTCOME_DROPPED] + h->by_outcome[OUTCOME_REFUSED];
}

/* `#` the failed ones, `-` the others; what is there shows at least one. */
static void
put_bar(struct buf *out, const struct tally_hour *h, uint64_t most)
{
	uint64_t all = hour_sessions(h), failed = hour_failed(h);
	uint64_t length = all * BAR / most, bad = failed * BAR / most;

	if (length == 0)
		length = 1;
	if (failed && bad == 0)
		bad = 1;
	buf_add(out, SLICE("  "));
	for (uint64_t i = 0; i < length; i++)
		buf_add_char(out, i < bad ? '#' : '-');
}

static void
put_hour(struct summary *s, const struct tally_hour *h, uint64_t most)
{
	struct buf *out = &s->put.buf;
	struct civil c;

	clock_to_civil(h->hour * 3600000, &c);
	buf_addf(out, "%04d-%02d-%02d %02d:00", c.year, c.month, c.day, c.hour);
	buf_addf(out, " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64,
	    hour_sessions(h), h->by_outcome[OUTCOME_PERMANENT],
	    h->by_outcome[OUTCOME_TEMPORARY], h->by_outcome[OUTCOME_DROPPED]);
	if (s->o->columns == 0 || s->o->columns >= HOUR_MARGIN + BAR)
		put_bar(out, h, most);
	buf_add_char(out, '\n');
}

static void
put_hours(struct summary *s)
{
	const struct tally *t = &s->tally;
	uint64_t most = 1;

	if (t->nhours == 0)
		return;
	for (size_t i = 0; i < t->nhours; i++)
		if (hour_sessions(&t->hours[i]) > most)
			most = hour_sessions(&t->hours[i]);
	put_title(s, t->all_utc ?
	    "Hour (UTC)         sessions  permanent  temporary    dropped" :
	    "Hour               sessions  permanent  temporary    dropped");
	for (size_t i = 0; i < t->nhours; i++)
		put_hour(s, &t->hours[i], most);
}

int
form_summary_end(void *state, const struct report_options *o)
{
	struct summary *s = state;
	int status;

	(void)o;
	tally_sort(&s->tally);
	put_head(s);
	put_outcomes(s);
	put_replies(s);
	put_peers(s);
	put_hours(s);
	status = put_flush(&s->put);
	tally_free(&s->tally);
	put_free(&s->put);
	free(s);
	return status;
}
