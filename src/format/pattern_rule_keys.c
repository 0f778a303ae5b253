/*
 * The keys of [rule NAME]: what a line is that its patterns know.
 */
#include "config.h"

#include "format/pattern_build.h"

#include "smtp/verb.h"

const struct choice build_kinds[] = {
	{ "line", EVENT_LINE }, { "exchange", EVENT_EXCHANGE },
	{ "open", EVENT_OPEN }, { "attempt", EVENT_ATTEMPT },
	{ "close", EVENT_CLOSE }, { "note", EVENT_NOTE },
	{ "user", EVENT_USER }, { "tls", EVENT_TLS },
	{ "report", EVENT_REPORT }, { "more", EVENT_MORE },
	{ "skip", EVENT_META }, { "foreign", EVENT_FOREIGN },
	{ NULL, 0 }
};

static int
take_is(struct build *b)
{
	unsigned v;

	if (build_choose_value(b, build_kinds, &v) < 0)
		return -1;
	b->model.kind = (enum event_kind)v;
	b->model.counts = v != EVENT_NOTE && v != EVENT_MORE &&
	    v != EVENT_META && v != EVENT_FOREIGN;
	return 0;
}

static int
take_on(struct build *b)
{
	static const struct choice list[] = { { "rest", 0 }, { "bare", 1 },
		{ NULL, 0 } };
	unsigned v;

	if (build_choose_value(b, list, &v) < 0)
		return -1;
	b->model.bare = v != 0;
	return 0;
}

static int
take_direction(struct build *b)
{
	static const struct choice list[] = { { "in", WHO_IN },
		{ "out", WHO_OUT }, { "client", WHO_CLIENT },
		{ "server", WHO_SERVER }, { NULL, 0 } };
	unsigned v;

	if (build_choose_value(b, list, &v) < 0)
		return -1;
	b->model.who = (enum who)v;
	return 0;
}

static int
take_rule_side(struct build *b)
{
	unsigned v;

	if (build_choose_value(b, build_sides, &v) < 0)
		return -1;
	b->model.side = (enum event_side)v;
	return 0;
}

static int
take_session(struct build *b)
{
	static const struct choice list[] = { { "begins", EVENT_BEGINS },
		{ "joins", EVENT_JOINS }, { "ends", EVENT_UNLINK },
		{ "alone", EVENT_BEGINS | EVENT_UNLINK },
		{ "guessed", EVENT_GUESSED }, { "lost", EVENT_LOST },
		{ "remote", EVENT_REMOTE }, { NULL, 0 } };
	struct slice rest = b->row->value, word;
	unsigned v;

	while (slice_cut(&rest, ' ', &word)) {
		if (word.n && build_choose(b, list, word, &v) < 0)
			return -1;
		if (word.n)
			b->model.flags |= (uint16_t)v;
	}
	return 0;
}

static int
take_says(struct build *b)
{
	enum { DELIVERY = 1 << 16, FINAL = 1 << 17 };
	static const struct choice list[] = {
		{ "user", SAYS_USER }, { "tls", SAYS_TLS },
		{ "transaction", SAYS_TRANSACTION },
		{ "refused", SAYS_REFUSED }, { "lost", SAYS_LOST },
		{ "never-up", SAYS_NEVER_UP }, { "up", SAYS_UP },
		{ "done", SAYS_DONE }, { "echo", SAYS_ECHO },
		{ "ends", SAYS_ENDS },
		{ "delivery", DELIVERY }, { "final", FINAL }, { NULL, 0 } };
	struct slice rest = b->row->value, word;
	unsigned v;

	while (slice_cut(&rest, ' ', &word)) {
		if (word.n == 0)
			continue;
		if (build_choose(b, list, word, &v) < 0)
			return -1;
		b->model.says |= (uint16_t)(v & UINT16_MAX);
		b->model.delivery = b->model.delivery || v == DELIVERY;
		b->model.final = b->model.final || v == FINAL;
	}
	return 0;
}

static int
take_code(struct build *b)
{
	unsigned v;

	if (build_number(b, 599, &v) < 0)
		return -1;
	if (v != 4 && v != 5 && v < 200)
		return MISTAKE(b, "a reply code, or 4 or 5 where only the "
		    "class is told");
	b->model.code = (uint16_t)v;
	return 0;
}

static int
take_verb(struct build *b)
{
	enum smtp_verb v = verb_by_name(b->row->value);

	if (v == VERB_NONE)
		return MISTAKE(b, "there is no command '%.*s'",
		    SLICE_ARGS(slice_head(b->row->value, 20)));
	b->model.verb = (uint8_t)v;
	return 0;
}

static int
take_counts(struct build *b)
{
	return build_yes_or_no(b, &b->model.counts);
}

/* Compiled when the whole rule was read. */
static int
take_match(struct build *b)
{
	if (b->matches == MATCHES_MAX)
		return MISTAKE(b, "more than %d patterns in a rule",
		    MATCHES_MAX);
	b->match[b->matches++] = b->row;
	return 0;
}

const struct key rule_keys[] = {
	{ "rule", "is", take_is },
	{ "rule", "on", take_on },
	{ "rule", "direction", take_direction },
	{ "rule", "side", take_rule_side },
	{ "rule", "session", take_session },
	{ "rule", "says", take_says },
	{ "rule", "code", take_code },
	{ "rule", "verb", take_verb },
	{ "rule", "counts", take_counts },
	{ "rule", "match", take_match },
	{ NULL, NULL, NULL }
};
