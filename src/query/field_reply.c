/*
 * Fields about replies: codes, enhanced codes, and the verb that failed.
 */
#include "config.h"

#include <stdio.h>

#include "query/glob.h"
#include "query/range.h"
#include "smtp/code_set.h"
#include "smtp/verb.h"

#define CODE_MIN 200
#define CODE_MAX 599

_Static_assert(VERB_COUNT <= 64, "a set of verbs fits 64 bits");

/* 550, 55x, 5xx. */
static int
read_code(struct slice s, struct range *range, struct err *err)
{
	int64_t lo = 0, hi = 0;
	bool any = false, ok = s.n == 3;

	for (size_t i = 0; ok && i < s.n; i++) {
		bool digit = ascii_is_digit((unsigned char)s.p[i]);

		ok = digit ? !any : i && ascii_lower((unsigned char)s.p[i]) ==
		    'x';
		any = any || !digit;
		lo = lo * 10 + (digit ? s.p[i] - '0' : 0);
		hi = hi * 10 + (digit ? s.p[i] - '0' : 9);
	}
	if (!ok || lo < CODE_MIN || hi > CODE_MAX)
		return err_set(err, "%s is no reply code: write 550, 55x or "
		    "5xx", excerpt(s).text);
	*range = (struct range){ lo, hi };
	return 0;
}

int
parse_worst(struct term *t, const struct value *v)
{
	static const struct unit codes = { .read = read_code };

	t->level = ASK_RECORD;
	t->by_word = true;
	if (range_parse(v, &codes, &t->range) < 0)
		return -1;
	if (t->range.lo < CODE_MIN)
		t->range.lo = CODE_MIN;
	if (t->range.hi > CODE_MAX)
		t->range.hi = CODE_MAX;
	return 0;
}

/*
 * The record holds the worst code of a session (its first 5xx, or its first 4xx
 * if it has no 5xx, or else its first code) and what else it drew of 4xx and
 * 5xx, where some codes share a bit.  Of other codes it tells whether there are
 * any.
 */
int
parse_code(struct term *t, const struct value *v)
{
	if (parse_worst(t, v) < 0)
		return -1;
	t->sought = code_set_seek(t->range.lo, t->range.hi);
	if (t->range.lo <= t->range.hi && !(t->range.lo == CODE_MIN &&
	    t->range.hi == CODE_MAX) && (t->range.lo < 400 ||
	    t->sought.sure != t->sought.maybe))
		t->level = ASK_FACTS;
	t->by_word = t->level == ASK_RECORD;
	return 0;
}

/* A code of which the log tells the class alone is in ranges that hold all. */
static bool
code_holds(struct range range, unsigned code)
{
	if (reply_code_known(code) || code == 0)
		return range_holds(range, code);
	return range_holds(range, code * 100) &&
	    range_holds(range, code * 100 + 99);
}

enum answer
ask_worst(const struct term *t, struct filter_context *c, enum ask_level level)
{
	(void)level;
	return answer_of(code_holds(t->range, c->rec->worst));
}

enum answer
ask_code(const struct term *t, struct filter_context *c, enum ask_level level)
{
	unsigned codes = c->rec->codes;
	const struct facts *f;

	if (code_holds(t->range, c->rec->worst) || (codes & t->sought.sure))
		return ANSWER_YES;
	if (c->rec->worst == 0 || t->range.lo > t->range.hi)
		return ANSWER_NO;
	if (t->range.lo >= 400 && !(codes & t->sought.maybe))
		return ANSWER_NO;
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	f = evidence_facts(c);
	for (size_t i = 0; i < f->nreplies; i++)
		if (code_holds(t->range, f->replies[i].code))
			return ANSWER_YES;
	return ANSWER_NO;
}

/* --- enhanced codes ------------------------------------------------------- */

/* 5.1 is 5.1.*, and 5.1.x too. */
int
parse_enhanced(struct term *t, const struct value *v)
{
	struct value full = *v;
	char *p = arena_alloc(v->arena, v->text.n + 2);
	size_t n = 0, dots = 0;

	if (value_must_be_equal(v) < 0)
		return -1;
	if (v->regex)
		return parse_text(t, v);
	for (size_t i = 0; i < v->text.n; i++) {
		char c = v->text.p[i];

		if (!ascii_is_digit((unsigned char)c) &&
		    !memchr(".*?[]-!xX", c, 9))
			return value_mistake(v, "%s is no enhanced status "
			    "code: write 5.1.1 or 5.1.*",
			    excerpt(v->text).text);
		dots += c == '.';
		p[n++] = c == 'x' || c == 'X' ? '*' : c;
	}
	if (n == 0 || dots > 2)
		return value_mistake(v, "an enhanced status code has three "
		    "numbers: write 5.1.1 or 5.1.*");
	if (dots < 2 && p[n - 1] != '*') {
		if (p[n - 1] != '.')
			p[n++] = '.';
		p[n++] = '*';
	}
	full.text = (struct slice){ p, n };
	return parse_text(t, &full);
}

static bool
enhanced_holds(const struct term *t, struct filter_context *c, uint32_t e)
{
	char text[40];
	int n;

	if (e == 0)
		return false;
	n = snprintf(text, sizeof text, "%u.%u.%u", ENHANCED_CLASS(e),
	    ENHANCED_SUBJECT(e), ENHANCED_DETAIL(e));
	return text_holds(t, c, (struct slice){ text, (size_t)n });
}

enum answer
ask_enhanced(const struct term *t, struct filter_context *c,
    enum ask_level level)
{
	const struct facts *f;

	if (c->rec->worst == 0)
		return ANSWER_NO;
	if (enhanced_holds(t, c, c->rec->enhanced))
		return ANSWER_YES;
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	f = evidence_facts(c);
	for (size_t i = 0; i < f->nreplies; i++)
		if (enhanced_holds(t, c, f->replies[i].enhanced))
			return ANSWER_YES;
	return ANSWER_NO;
}

/* --- verbs --------------------------------------------------------------- */

static const char *
typed_verb_name(enum smtp_verb v)
{
	return v == VERB_UNKNOWN ? "unknown" : verb_name(v);
}

int
parse_verb(struct term *t, const struct value *v)
{
	struct nearest near;

	if (value_must_be_word(v) < 0)
		return -1;
	t->by_word = true;
	near = nearest_to(v->text);
	for (int i = VERB_NONE + 1; i < VERB_COUNT; i++) {
		const char *name = typed_verb_name((enum smtp_verb)i);

		if (glob_match(v->text, slice_of(name)))
			t->mask |= UINT64_C(1) << i;
		nearest_try(&near, name);
	}
	if (t->mask)
		return 0;
	if (near.best)
		return value_mistake(v, "there is no verb %s; did you mean "
		    "%s?", excerpt(v->text).text, near.best);
	return value_mistake(v, "there is no verb %s: it is the first word of "
	    "a command, or connect, or unknown", excerpt(v->text).text);
}

enum answer
ask_verb(const struct term *t, struct filter_context *c, enum ask_level level)
{
	(void)level;
	return answer_of(t->mask >> c->rec->verb & 1);
}
