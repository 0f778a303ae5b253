/*
 * What Postfix's messages are made of: actions, the counts of a disconnect.
 * Envelopes and deliveries are in files of their own.
 */
#include "config.h"

#include "format/postfix_line.h"

/* --- actions -------------------------------------------------------------- */

/* "reject: ", "milter-reject: ", "reject_warning: " at the head of *s. */
static struct slice
cut_name(struct slice *s)
{
	struct slice name;
	size_t n = 0;

	while (n < s->n && ((s->p[n] >= 'a' && s->p[n] <= 'z') ||
	    s->p[n] == '-' || s->p[n] == '_'))
		n++;
	if (n == 0 || n + 1 >= s->n || s->p[n] != ':' || s->p[n + 1] != ' ')
		return SLICE_NONE;
	name = slice_head(*s, n);
	*s = slice_from(*s, n + 2);
	return name;
}

/* `reject: header Subject: x from name[ip]; from=<> ..: text`. */
static bool
content_action(struct slice s, struct postfix_action *a)
{
	struct postfix_envelope env;

	if (!slice_starts(s, SLICE("header ")) &&
	    !slice_starts(s, SLICE("body ")) &&
	    !slice_starts(s, SLICE("mime-")) &&
	    !slice_starts(s, SLICE("nested")))
		return false;
	postfix_envelope(s, true, &env);
	a->verb = VERB_DATA;
	a->of_text = a->of_content = true;
	a->reply = env.after.p ? env.after : (struct slice){ "", 0 };
	return true;
}

bool
postfix_action(struct slice words, struct postfix_action *a)
{
	struct slice s = words, rest;
	size_t n = 0, client;

	*a = (struct postfix_action){ .name = cut_name(&s) };
	if (!a->name.p)
		return false;
	a->rejects = a->name.n >= 6 && memcmp(a->name.p + a->name.n - 6,
	    "reject", 6) == 0;
	if (content_action(s, a))
		return true;
	while (n < s.n && ((s.p[n] >= 'A' && s.p[n] <= 'Z') || s.p[n] == '-'))
		n++;
	if (n == 0)
		return false;
	a->verb = postfix_stage(slice_head(s, n), &a->of_text);
	rest = slice_from(s, n);
	if (slice_starts(rest, SLICE(" from "))) {
		rest = slice_from(rest, 6);
		client = postfix_client(rest, &a->peer);
		if (!client)
			return false;
		rest = slice_from(rest, client);
	}
	if (!slice_starts(rest, SLICE(": ")))
		return false;
	a->reply = slice_from(rest, 2);
	return true;
}

/* --- counts --------------------------------------------------------------- */

static uint32_t
cut_count(struct slice *s)
{
	uint32_t v = 0;

	while (s->n && ascii_is_digit((unsigned char)s->p[0])) {
		if (v < 100000000)
			v = v * 10 + (uint32_t)(s->p[0] - '0');
		*s = slice_from(*s, 1);
	}
	return v;
}

/*
 * A command that fails once may be the one during which the connection was
 * lost.  These can be: where others failed as well, they are the ones named.
 */
static bool
may_be_lost_in(enum smtp_verb v)
{
	return v == VERB_DATA || v == VERB_BDAT || v == VERB_AUTH ||
	    v == VERB_STARTTLS;
}

static void
take_count(struct slice name, uint32_t good, uint32_t all,
    struct postfix_counts *c)
{
	enum smtp_verb v;

	if (slice_eq(name, SLICE("commands"))) {
		c->commands = all;
		return;
	}
	v = verb_by_name(name);
	if (v == VERB_MAIL || v == VERB_RCPT || v == VERB_DATA ||
	    v == VERB_BDAT)
		c->transaction = true;
	if (good < all && (c->failed == VERB_NONE ||
	    (may_be_lost_in(c->failed) && !may_be_lost_in(v))))
		c->failed = v == VERB_NONE ? VERB_UNKNOWN : v;
}

void
postfix_counts(struct slice s, struct postfix_counts *c)
{
	*c = (struct postfix_counts){ .failed = VERB_NONE };
	while (s.n) {
		struct slice name = s;
		uint32_t good, all;
		size_t n = 0;

		if (s.p[0] == ' ') {
			s = slice_from(s, 1);
			continue;
		}
		while (n < s.n && s.p[n] >= 'a' && s.p[n] <= 'z')
			n++;
		if (n == 0 || n >= s.n || s.p[n] != '=')
			return;
		name = slice_head(s, n);
		s = slice_from(s, n + 1);
		all = good = cut_count(&s);
		if (s.n && s.p[0] == '/') {
			s = slice_from(s, 1);
			all = cut_count(&s);
		}
		take_count(name, good, all, c);
	}
}
