/*
 * The envelope that Postfix writes behind an action:
 *
 *   ; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<h>
 *
 * Addresses stand there as they were said, without quotes, and HELO may be
 * anything, so that each can look like the ends of the others.  What helps is
 * that the reply in front repeats the address that it is about.
 */
#include "config.h"

#include "format/postfix_line.h"

static const struct slice from_mark = SLICE("; from=<");
static const struct slice to_mark = SLICE("; to=<");
static const struct slice proto_mark = SLICE("; proto=");

/* --- finding -------------------------------------------------------------- */

/* The first occurrence from `at` on, or -1. */
static ptrdiff_t
find_from(struct slice s, size_t at, struct slice needle)
{
	ptrdiff_t hit = slice_find(slice_from(s, at), needle);

	return hit < 0 ? -1 : hit + (ptrdiff_t)at;
}

static ptrdiff_t
find_last(struct slice s, struct slice needle)
{
	for (size_t i = s.n >= needle.n ? s.n - needle.n + 1 : 0; i-- > 0;)
		if (memcmp(s.p + i, needle.p, needle.n) == 0)
			return (ptrdiff_t)i;
	return -1;
}

static bool
stands_at(struct slice s, size_t at, struct slice what)
{
	return at <= s.n && slice_starts(slice_from(s, at), what);
}

static struct slice
between(struct slice s, size_t from, size_t to)
{
	return slice_from(slice_head(s, to), from);
}

/* "> NAME" or ">, NAME" at i: where NAME begins, 0: it does not. */
static size_t
followed_by(struct slice s, size_t i, struct slice name)
{
	if (i >= s.n || s.p[i] != '>')
		return 0;
	i++;
	i += i < s.n && s.p[i] == ',';
	return i < s.n && s.p[i] == ' ' && stands_at(s, i + 1, name) ? i + 1 : 0;
}

/* The first `>` from `at` on that NAME follows; s.n: none. */
static size_t
end_before(struct slice s, size_t at, struct slice name)
{
	for (; at < s.n; at++)
		if (followed_by(s, at, name))
			return at;
	return s.n;
}

/* --- the parts ------------------------------------------------------------ */

/* HELO is the last, but for who is authenticated: found from the end. */
static void
cut_helo(struct slice s, struct postfix_envelope *env)
{
	static const struct slice user = SLICE("> sasl_username=<");
	ptrdiff_t at = find_last(s, user), end;

	end = s.n && s.p[s.n - 1] == '>' ? (ptrdiff_t)s.n - 1 :
	    find_last(s, SLICE(">: "));
	if (end < 0)
		end = (ptrdiff_t)s.n;
	env->helo = slice_head(s, (size_t)end);
	if (at >= 0 && at < end) {
		env->user = between(s, (size_t)at + user.n, (size_t)end);
		env->helo = slice_head(s, (size_t)at);
	}
	s = slice_from(s, (size_t)end + 1);
	if (slice_starts(s, SLICE(": ")))
		env->after = slice_from(s, 2);
}

/* "proto=ESMTP helo=<..>" */
static void
cut_rest(struct slice s, struct postfix_envelope *env)
{
	static const struct slice helo = SLICE("helo=<");
	ptrdiff_t at = find_from(s, 0, helo);
	ptrdiff_t end = find_from(s, 0, SLICE(": "));

	if (at >= 0 && (end < 0 || at < end || s.p[s.n - 1] == '>'))
		cut_helo(slice_from(s, (size_t)at + helo.n), env);
	else if (end >= 0)
		env->after = slice_from(s, (size_t)end + 2);
}

/*
 * postscreen leaves quotes where they are: what they hold ends no address.
 * Returns where the quoted part that begins at `at` ends; `at`: there is none.
 */
static size_t
quoted_end(struct slice s, size_t at)
{
	size_t i = at + 1;

	if (at >= s.n || s.p[at] != '"')
		return at;
	for (; i < s.n && s.p[i] != '"'; i++)
		if (s.p[i] == '\\')
			i++;
	return stands_at(s, i, SLICE("\"@")) ? i : at;
}

/* A sender: nothing, or with a domain. */
static bool
may_be_sender(struct slice s)
{
	return s.n == 0 || slice_find_char(s, '@') >= 0;
}

/* Where the sender that begins at `at` ends: a recipient or more follows. */
static size_t
sender_end(struct slice s, size_t at)
{
	size_t first = s.n;

	for (size_t end = quoted_end(s, at); end < s.n; end++) {
		if (!followed_by(s, end, SLICE("to=<")) &&
		    !followed_by(s, end, SLICE("proto=")))
			continue;
		if (may_be_sender(between(s, at, end)))
			return end;
		if (first == s.n)
			first = end;
	}
	return first;
}

/* `a@b> to=<c@d> proto=ESMTP helo=<h>` from the sender on. */
static void
cut_sender(struct slice s, size_t at, size_t end, struct postfix_envelope *env)
{
	static const struct slice to = SLICE("to=<");
	static const struct slice proto = SLICE("proto=");
	size_t next;

	if (end >= s.n)
		end = end_before(s, at, proto);
	if (end >= s.n && s.n && s.p[s.n - 1] == '>')
		end = s.n - 1;           /* nothing follows it */
	env->from = between(s, at, end);
	next = followed_by(s, end, to);
	if (next) {
		at = next + to.n;
		end = end_before(s, quoted_end(s, at), proto);
		if (end >= s.n && s.p[s.n - 1] == '>')
			end = s.n - 1;
		env->to = between(s, at, end);
	}
	next = followed_by(s, end, proto);
	if (next)
		cut_rest(slice_from(s, next), env);
	else if (stands_at(s, end, SLICE(">: ")))
		env->after = slice_from(s, end + 3);
}

/*
 * The reply repeats an address, `<X>: `.  Where X ends nobody knows, but it
 * stands in the envelope again.  True when it was found there.
 */
static bool
cut_by_echo(struct slice s, size_t echo, struct postfix_envelope *env)
{
	static const struct slice proto = SLICE("proto=");
	size_t end = echo;
	ptrdiff_t hit;

	while ((hit = find_from(s, end, SLICE(">: "))) >= 0) {
		struct slice x = between(s, echo, (size_t)hit);
		ptrdiff_t mark = find_from(s, (size_t)hit, from_mark);
		size_t at;

		if (mark < 0)
			return false;
		at = (size_t)mark + from_mark.n;
		env->before = slice_head(s, (size_t)mark);
		if (stands_at(s, at, x) && (followed_by(s, at + x.n,
		    SLICE("to=<")) || followed_by(s, at + x.n, proto))) {
			cut_sender(s, at, at + x.n, env);
			return true;
		}
		for (size_t e = at; (e = end_before(s, e, SLICE("to=<"))) < s.n;
		    e++) {
			size_t to = followed_by(s, e, SLICE("to=<")) + 4;

			if (stands_at(s, to, x) &&
			    followed_by(s, to + x.n, proto)) {
				cut_sender(s, at, e, env);
				return true;
			}
		}
		end = (size_t)hit + 1;
	}
	return false;
}

/* --- the whole ------------------------------------------------------------ */

static void
cut_at(struct slice s, size_t at, struct postfix_envelope *env)
{
	env->before = slice_head(s, at);
	if (stands_at(s, at, from_mark)) {
		at += from_mark.n;
		cut_sender(s, at, sender_end(s, at), env);
	} else if (stands_at(s, at, to_mark)) {
		size_t end;

		at += to_mark.n;
		end = end_before(s, quoted_end(s, at), SLICE("proto="));
		env->to = between(s, at, end);
		cut_rest(slice_from(s, end), env);
	} else {
		cut_rest(slice_from(s, at), env);
	}
}

static bool
starts_envelope(struct slice s, size_t at)
{
	return s.p[at] == ';' && (stands_at(s, at, from_mark) ||
	    stands_at(s, at, to_mark) || stands_at(s, at, proto_mark));
}

void
postfix_envelope(struct slice s, bool forged, struct postfix_envelope *env)
{
	struct slice rest = s;
	size_t at, found = s.n;
	unsigned code;
	uint32_t enhanced;
	ptrdiff_t echo;

	*env = (struct postfix_envelope){ .before = s };
	postfix_codes(s, &code, &enhanced, &rest);
	at = (size_t)(rest.p - s.p);
	if (!forged && rest.n && rest.p[0] == '<') {
		if (cut_by_echo(s, at + 1, env))
			return;
		*env = (struct postfix_envelope){ .before = s };
		echo = find_from(s, at, SLICE(">: "));
		at = echo < 0 ? at : (size_t)echo;
	}
	for (; at < s.n && (forged || found == s.n); at++)
		if (starts_envelope(s, at))
			found = at;
	if (found < s.n)
		cut_at(s, found, env);
}
