/*
 * The columns of the session list: their table, the text of their cells, the
 * order of two sessions by what the index knows of them.  It knows neither
 * colours nor screens; how wide columns are is in layout.c.
 */
#include "config.h"

#include "query/column.h"

#include <stdio.h>

#include "base/clock.h"
#include "index/shown.h"
#include "index/store.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

/*
 * Outcome and replies have no drop: the eye is to be led to what failed.  At
 * 65 columns number, start, sender, replies and outcome are left, at 80 the
 * peer joins them, then the recipient, the source, the time taken, and last of
 * all HELO.
 */
const struct column columns[COLUMN_COUNT] = {
	[COLUMN_NUMBER] = {
		.id = COLUMN_NUMBER, .name = "number", .title = "#",
		.help = "number of the session, in order of opening",
		.min = 3, .ideal = 3, .max = 10, .drop = 1,
		.right = true, .indexed = true },
	[COLUMN_START] = {
		.id = COLUMN_START, .name = "start", .title = "Start",
		.help = "time of its first line",
		.min = 8, .ideal = 12, .max = 23, .drop = 2,
		.indexed = true },
	[COLUMN_TOOK] = {
		.id = COLUMN_TOOK, .name = "took", .title = "Took",
		.help = "from its first line to its last",
		.min = 5, .ideal = 6, .max = 6, .weight = 1, .drop = 7,
		.spare = 8, .right = true, .indexed = true },
	[COLUMN_SOURCE] = {
		.id = COLUMN_SOURCE, .name = "source", .title = "Source",
		.help = "the log it stands in, where there are several",
		.min = 10, .ideal = 14, .max = 40, .weight = 1, .drop = 6,
		.indexed = true },
	[COLUMN_PEER] = {
		.id = COLUMN_PEER, .name = "peer", .title = "Peer",
		.help = "address of the other end",
		.min = 15, .ideal = 15, .max = 39, .weight = 1, .drop = 4,
		.indexed = true },
	[COLUMN_HELO] = {
		.id = COLUMN_HELO, .name = "helo", .title = "HELO",
		.help = "the name the client gave",
		.min = 14, .ideal = 20, .max = 32, .weight = 1, .drop = 8,
		.spare = 28 },
	[COLUMN_FROM] = {
		.id = COLUMN_FROM, .name = "from", .title = "From",
		.help = "first sender; <> is the null sender",
		.min = 10, .ideal = 22, .max = 64, .weight = 2, .drop = 3 },
	[COLUMN_TO] = {
		.id = COLUMN_TO, .name = "to", .title = "To",
		.help = "first recipient, and how many more",
		.min = 10, .ideal = 20, .max = 64, .weight = 2, .drop = 5 },
	[COLUMN_REPLIES] = {
		.id = COLUMN_REPLIES, .name = "replies", .title = "Replies",
		.help = "the reply codes in order",
		.min = 7, .ideal = 23, .max = 47, .weight = 2 },
	[COLUMN_OUTCOME] = {
		.id = COLUMN_OUTCOME, .name = "outcome", .title = "Outcome",
		.help = "how it ended, with the worst reply",
		.min = 24, .ideal = 40, .max = 1000, .weight = 4,
		.indexed = true },
};

int
column_by_name(const char *name)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (slice_case_eq(slice_of(columns[i].name), slice_of(name)))
			return i;
	return -1;
}

static void
start_text(const struct facts *f, struct buf *out)
{
	const struct format_traits *traits = f->stream ? &f->stream->traits :
	    NULL;
	struct civil c;

	if (f->rec.start == CLOCK_NONE)
		return;
	clock_to_civil(stream_wall(f->stream, f->rec.start), &c);
	buf_addf(out, "%04d-%02d-%02d ", c.year, c.month, c.day);
	buf_addf(out, "%02d:%02d:%02d", c.hour, c.minute, c.second);
	if (traits && traits->times_have_ms)
		buf_addf(out, ".%03d", c.ms);
}

static void
from_text(const struct facts *f, struct buf *out)
{
	struct slice from = facts_from(f);

	if (from.p && from.n == 0)
		buf_add(out, SLICE("<>"));
	buf_add(out, from);
}

static void
to_text(const struct facts *f, struct buf *out)
{
	buf_add(out, facts_to(f));
	if (f->nrecipients > 1)
		buf_addf(out, " +%zu", f->nrecipients - 1);
}

static void
replies_text(const struct facts *f, struct buf *out)
{
	char code[REPLY_CODE_SIZE];

	for (size_t i = 0; i < f->nreplies; i++) {
		reply_code_text(f->replies[i].code, code);
		buf_addf(out, i ? " %s" : "%s", code);
	}
}

/* A command without what must not be seen: AUTH keeps its mechanism. */
static void
command_text(struct slice command, struct buf *out)
{
	struct slice args, mechanism;
	enum smtp_verb verb = verb_parse(command, &args);

	if (verb != VERB_AUTH && verb != VERB_XEXPS) {
		buf_add(out, command);
		return;
	}
	buf_add(out, slice_of(verb_name(verb)));
	if (slice_cut(&args, ' ', &mechanism)) {
		buf_add_char(out, ' ');
		buf_add(out, mechanism);
	}
}

/* Index in lines[] of the last line of a role, FACT_NONE when there is none. */
static size_t
last_line(const struct facts *f, enum role role)
{
	for (size_t i = f->nlines; i > 0; i--)
		if (f->lines[i - 1].role == role)
			return i - 1;
	return FACT_NONE;
}

static void
dropped_text(const struct facts *f, struct buf *out)
{
	size_t said = last_line(f, ROLE_COMMAND);
	size_t close = last_line(f, ROLE_CLOSE);
	bool in_text = f->nreplies > 0 &&
	    f->replies[f->nreplies - 1].code == 354;

	buf_add(out, SLICE("dropped"));
	if (f->rec.flags & SESSION_NEVER_UP) {
		buf_add(out, SLICE(": never connected"));
		if (close != FACT_NONE && f->lines[close].context.n) {
			buf_add(out, SLICE(": "));
			buf_add(out, f->lines[close].context);
		}
	} else if (f->told_command.n && f->failed_command.n) {
		buf_add(out, SLICE(" after "));
		command_text(f->failed_command, out);
	} else if (in_text) {
		buf_add(out, SLICE(" in message text"));
	} else if (f->failed_command.n) {
		buf_add(out, SLICE(": "));
		command_text(f->failed_command, out);
		buf_add(out, SLICE(" never answered"));
	} else if (said != FACT_NONE) {
		buf_add(out, SLICE(" after "));
		command_text(f->lines[said].text, out);
	}
}

static void
failure_text(const struct facts *f, struct buf *out)
{
	const struct fact_reply *r = f->worst < f->nreplies ?
	    &f->replies[f->worst] : NULL;
	uint32_t enhanced = r ? r->enhanced : f->rec.enhanced;
	char code[REPLY_CODE_SIZE];

	reply_code_text(r ? r->code : f->rec.worst, code);
	buf_add(out, slice_of(code));
	if (enhanced) {
		buf_add_char(out, ' ');
		enhanced_format(out, enhanced);
	}
	if (r && r->text.n) {
		buf_add_char(out, ' ');
		buf_add(out, r->text);
	}
}

static void
ok_text(const struct facts *f, struct buf *out)
{
	size_t more = 0;

	buf_add(out, SLICE("ok"));
	for (size_t i = 0; i < f->nmessages; i++) {
		if (f->messages[i].id.n == 0)
			continue;
		if (more++ > 0)
			continue;
		buf_add_char(out, ' ');
		buf_add(out, f->messages[i].id);
	}
	if (more > 1)
		buf_addf(out, " +%zu", more - 1);
}

static void
outcome_text(const struct facts *f, struct buf *out)
{
	enum outcome o = session_outcome(&f->rec);

	switch (o) {
	case OUTCOME_PERMANENT:
	case OUTCOME_TEMPORARY:
		failure_text(f, out);
		break;
	case OUTCOME_DROPPED:
		dropped_text(f, out);
		break;
	case OUTCOME_REFUSED:
		buf_add(out, SLICE("refused"));
		if (slice_eq(f->failed_command, SLICE("?"))) {
			buf_add(out, SLICE(": an unknown command"));
		} else if (f->failed_command.n) {
			buf_add(out, SLICE(": "));
			command_text(f->failed_command, out);
		}
		break;
	case OUTCOME_OK:
		ok_text(f, out);
		break;
	default:
		buf_add(out, slice_of(outcome_name(o)));
		break;
	}
}

void
column_text(enum column_id id, const struct facts *f, struct buf *out)
{
	switch (id) {
	case COLUMN_NUMBER:
		buf_addf(out, "%u", (unsigned)f->number);
		break;
	case COLUMN_START:
		start_text(f, out);
		break;
	case COLUMN_TOOK:
		if (f->rec.start != CLOCK_NONE)
			clock_duration(out, f->rec.duration);
		break;
	case COLUMN_SOURCE:
		if (f->stream)
			buf_add(out, slice_of(f->stream->name));
		break;
	case COLUMN_PEER:
		buf_add(out, f->peer);
		break;
	case COLUMN_HELO:
		buf_add(out, f->helo);
		break;
	case COLUMN_FROM:
		from_text(f, out);
		break;
	case COLUMN_TO:
		to_text(f, out);
		break;
	case COLUMN_REPLIES:
		replies_text(f, out);
		break;
	case COLUMN_OUTCOME:
		outcome_text(f, out);
		break;
	case COLUMN_COUNT:
		break;
	}
}

/* How bad an outcome is: the worst comes first. */
static const unsigned char outcome_rank[OUTCOME_COUNT] = {
	[OUTCOME_PERMANENT] = 0, [OUTCOME_TEMPORARY] = 1,
	[OUTCOME_REFUSED] = 2, [OUTCOME_DROPPED] = 3,
	[OUTCOME_OPEN] = 4, [OUTCOME_EMPTY] = 5, [OUTCOME_OK] = 6,
};

/* Four numbers with dots between, and at most one behind them. */
static bool
dotted_quad(struct slice s, uint64_t *key)
{
	unsigned value = 0, digits = 0, parts = 0;

	*key = 0;
	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	for (size_t i = 0; i <= s.n; i++) {
		unsigned char c = i < s.n ? (unsigned char)s.p[i] : '.';

		if (ascii_is_digit(c)) {
			value = value * 10 + c - '0';
			if (++digits > 3 || value > 255)
				return false;
			continue;
		}
		if (c != '.' || digits == 0 || ++parts > 4)
			return false;
		*key = *key << 8 | value;
		value = digits = 0;
	}
	return parts == 4;
}

/*
 * Dotted quads in front, as numbers; any other peer by its first bytes, of
 * which there are so few that the keys of both together differ in 41 bits.
 */
uint64_t
column_peer_key(struct slice peer)
{
	uint64_t key;

	if (dotted_quad(peer, &key))
		return key;
	key = UINT64_C(1);
	for (size_t i = 0; i < 5; i++)
		key = key << 8 | (i < peer.n ?
		    ascii_lower((unsigned char)peer.p[i]) : 0);
	return key;
}

uint64_t
column_key(enum column_id id, const struct store *st, uint32_t number,
    const struct session *s)
{
	enum outcome o = session_outcome(s);

	switch (id) {
	case COLUMN_START:
		return (uint64_t)s->start + (UINT64_C(1) << 63);
	case COLUMN_TOOK:
		return s->duration;
	case COLUMN_SOURCE:
		return s->stream;
	case COLUMN_PEER:
		return column_peer_key(store_peer(st, s->peer));
	case COLUMN_OUTCOME:
		return (uint64_t)(o < OUTCOME_COUNT ? outcome_rank[o] : 15)
		    << 48 | (uint64_t)s->worst << 32 | s->enhanced;
	default:
		return number;
	}
}

static int
peer_order(const struct store *st, const struct session *a,
    const struct session *b)
{
	struct slice pa = store_peer(st, a->peer), pb = store_peer(st, b->peer);
	size_t n = pa.n < pb.n ? pa.n : pb.n;

	for (size_t i = 0; i < n; i++) {
		int d = ascii_lower((unsigned char)pa.p[i]) -
		    ascii_lower((unsigned char)pb.p[i]);

		if (d)
			return d;
	}
	return (pa.n > pb.n) - (pa.n < pb.n);
}

int
column_compare(enum column_id id, const struct store *st,
    uint32_t na, const struct session *a, uint32_t nb, const struct session *b)
{
	uint64_t ka = column_key(id, st, na, a), kb = column_key(id, st, nb, b);
	int d = (ka > kb) - (ka < kb);

	if (d == 0 && id == COLUMN_PEER && a->peer != b->peer)
		d = peer_order(st, a, b);
	return d ? d : (na > nb) - (na < nb);
}
