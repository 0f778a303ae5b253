/*
 * is: (what a session is, all of it in the record) and peer: (who the other
 * side was, interned).
 */
#include "config.h"

#include <stdio.h>

#include "query/field.h"
#include "query/glob.h"

struct state_row {
	const char *name;
	unsigned outcomes;       /* one of these bits; 0: any */
	unsigned endings;        /* the same */
	unsigned flags, want;    /* these flags are as in want */
	bool guessed;
};

#define OUTCOMES(o) .outcomes = 1u << OUTCOME_##o
#define ENDINGS(e)  .endings = 1u << ENDING_##e

static const struct state_row states[] = {
	{ "ok", OUTCOMES(OK) },
	{ "temporary", OUTCOMES(TEMPORARY) },
	{ "permanent", OUTCOMES(PERMANENT) },
	{ "dropped", OUTCOMES(DROPPED) },
	{ "refused", OUTCOMES(REFUSED) },
	{ "empty", OUTCOMES(EMPTY) },
	{ "failed", OUTCOMES(TEMPORARY) | 1u << OUTCOME_PERMANENT |
	    1u << OUTCOME_DROPPED | 1u << OUTCOME_REFUSED },
	{ "fine", OUTCOMES(OK) | 1u << OUTCOME_EMPTY | 1u << OUTCOME_OPEN },
	{ "open", ENDINGS(NONE) },
	{ "closed", ENDINGS(SAID) | 1u << ENDING_LOST | 1u << ENDING_NEXT |
	    1u << ENDING_DISPLACED | 1u << ENDING_IDLE },
	{ "lost", ENDINGS(LOST) },
	{ "displaced", ENDINGS(DISPLACED) },
	{ "guessed", .guessed = true },
	{ "cut", .flags = SESSION_CUT, .want = SESSION_CUT },
	{ "in", .flags = SESSION_SIDE_KNOWN | SESSION_OUT,
	    .want = SESSION_SIDE_KNOWN },
	{ "out", .flags = SESSION_OUT, .want = SESSION_OUT },
	{ "tls", .flags = SESSION_TLS, .want = SESSION_TLS },
	{ "auth", .flags = SESSION_AUTH, .want = SESSION_AUTH },
};

#define STATE_COUNT (sizeof states / sizeof *states)

_Static_assert(OUTCOME_COUNT == 7, "is: names each outcome");
_Static_assert(ENDING_COUNT == 6, "is:closed has each ending");

int
parse_is(struct term *t, const struct value *v)
{
	struct nearest near;
	char all[160] = "";
	size_t n = 0;

	if (value_must_be_word(v) < 0)
		return -1;
	t->by_word = true;
	near = nearest_to(v->text);
	for (size_t i = 0; i < STATE_COUNT; i++) {
		int k = snprintf(all + n, sizeof all - n, " %s",
		    states[i].name);

		if (slice_case_eq(v->text, slice_of(states[i].name))) {
			t->row = &states[i];
			return 0;
		}
		nearest_try(&near, states[i].name);
		if (k > 0 && (size_t)k < sizeof all - n)
			n += (size_t)k;
	}
	if (near.best)
		return value_mistake(v, "nothing is %s; did you mean %s? "
		    "There are%s", excerpt(v->text).text, near.best, all);
	return value_mistake(v, "nothing is %s: there are%s",
	    excerpt(v->text).text, all);
}

enum answer
ask_is(const struct term *t, struct filter_context *c, enum ask_level level)
{
	const struct state_row *row = t->row;
	const struct session *rec = c->rec;

	(void)level;
	if (row->outcomes && !(row->outcomes >> session_outcome(rec) & 1))
		return ANSWER_NO;
	if (row->endings && !(row->endings >> session_ending(rec) & 1))
		return ANSWER_NO;
	if (row->guessed && !session_is_guessed(rec))
		return ANSWER_NO;
	return answer_of((rec->flags & row->flags) == row->want);
}

/* --- peer ---------------------------------------------------------------- */

static int
parse_net(struct term *t, const struct value *v, struct slice s, size_t slash)
{
	struct address a;
	uint64_t bits;

	t->nets = true;
	if (address_parse(slice_head(s, slash), &a) &&
	    slice_to_u64(slice_from(s, slash + 1), &bits) &&
	    address_net(&a, bits, &t->first, &t->last))
		return 0;
	return value_mistake(v, "%s is no net: write 10.0.0.0/8 or "
	    "2001:db8::/32", excerpt(s).text);
}

/* a..b, a.., ..b; an open end is that of the other's family. */
static int
parse_addresses(struct term *t, const struct value *v, struct slice s,
    size_t dots)
{
	struct slice lo = slice_head(s, dots), hi = slice_from(s, dots + 2);
	struct address a = { .v4 = false }, b = { .v4 = false }, unused;
	bool ok = (lo.n || hi.n) && (!lo.n || address_parse(lo, &a)) &&
	    (!hi.n || address_parse(hi, &b));

	if (!ok)
		return value_mistake(v, "%s is no range of addresses: write "
		    "192.0.2.1..192.0.2.9", excerpt(s).text);
	if (!lo.n)
		address_net(&b, 0, &a, &unused);
	if (!hi.n)
		address_net(&a, 0, &unused, &b);
	t->nets = true;
	t->first = a;
	t->last = b;
	if (a.v4 != b.v4)
		return value_mistake(v, "this range goes from one family of "
		    "addresses to the other");
	if (address_compare(&a, &b) > 0)
		return value_mistake(v, "this range runs backwards: write "
		    "%s..%s", excerpt(hi).text, excerpt(lo).text);
	return 0;
}

/* Figures and dots that make no address would never match anything. */
static bool
is_half_an_address(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit((unsigned char)s.p[i]) && s.p[i] != '.')
			return false;
	return s.n > 0;
}

int
parse_peer(struct term *t, const struct value *v)
{
	ptrdiff_t slash, dots;
	struct slice s;

	if (parse_text(t, v) < 0)
		return -1;
	t->level = ASK_RECORD;
	if (v->regex)
		return 0;
	s = t->test.plain;
	slash = slice_find_char(s, '/');
	dots = slice_find(s, SLICE(".."));
	if (slash >= 0)
		return parse_net(t, v, s, (size_t)slash);
	if (dots >= 0)
		return parse_addresses(t, v, s, (size_t)dots);
	if (t->test.kind == TEXT_EQUAL && address_parse(s, &t->first)) {
		t->last = t->first;
		t->nets = true;
	} else if (t->test.kind == TEXT_EQUAL && is_half_an_address(s)) {
		return value_mistake(v, "%s is no address: write 192.0.2.* or "
		    "192.0.2.0/24", excerpt(s).text);
	}
	return 0;
}

enum answer
ask_peer(const struct term *t, struct filter_context *c, enum ask_level level)
{
	struct slice peer = store_peer(c->store, c->rec->peer);
	struct address a;

	(void)level;
	if (!t->nets)
		return answer_of(text_holds(t, c, peer));
	return answer_of(peer.p && address_parse(peer, &a) &&
	    a.v4 == t->first.v4 && address_compare(&a, &t->first) >= 0 &&
	    address_compare(&a, &t->last) <= 0);
}
