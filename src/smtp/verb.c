/*
 * Verbs and their arguments.
 *
 * verb_parse() runs once for every client line of a log: the length of the
 * first word leaves one to three candidates, and a word of four letters is
 * compared as one number.  Arguments are read more generously than RFC 5321
 * writes them, since a log also holds what was refused.
 */
#include "config.h"

#include "smtp/verb.h"

#include <assert.h>

static const char *const names[] = {
#define V(name, text) [VERB_##name] = text,
	SMTP_VERBS(V)
#undef V
};
static_assert(sizeof names / sizeof *names == VERB_COUNT, "a name each");
/* Records of sessions keep a verb in a byte. */
static_assert(VERB_COUNT <= 256, "a verb fits a byte");

/* Four letters as a number; bit 5 makes letters lower case. */
#define FOUR(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | \
	(uint32_t)(c) << 16 | (uint32_t)(d) << 24)

static uint32_t
load_four(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return FOUR(u[0], u[1], u[2], u[3]) | UINT32_C(0x20202020);
}

static enum smtp_verb
verb_of_four(const char *p)
{
	switch (load_four(p)) {
	case FOUR('h', 'e', 'l', 'o'): return VERB_HELO;
	case FOUR('e', 'h', 'l', 'o'): return VERB_EHLO;
	case FOUR('l', 'h', 'l', 'o'): return VERB_LHLO;
	case FOUR('m', 'a', 'i', 'l'): return VERB_MAIL;
	case FOUR('s', 'e', 'n', 'd'): return VERB_SEND;
	case FOUR('s', 'o', 'm', 'l'): return VERB_SOML;
	case FOUR('s', 'a', 'm', 'l'): return VERB_SAML;
	case FOUR('r', 'c', 'p', 't'): return VERB_RCPT;
	case FOUR('d', 'a', 't', 'a'): return VERB_DATA;
	case FOUR('b', 'd', 'a', 't'): return VERB_BDAT;
	case FOUR('r', 's', 'e', 't'): return VERB_RSET;
	case FOUR('n', 'o', 'o', 'p'): return VERB_NOOP;
	case FOUR('q', 'u', 'i', 't'): return VERB_QUIT;
	case FOUR('h', 'e', 'l', 'p'): return VERB_HELP;
	case FOUR('v', 'r', 'f', 'y'): return VERB_VRFY;
	case FOUR('e', 'x', 'p', 'n'): return VERB_EXPN;
	case FOUR('t', 'u', 'r', 'n'): return VERB_TURN;
	case FOUR('a', 't', 'r', 'n'): return VERB_ATRN;
	case FOUR('e', 't', 'r', 'n'): return VERB_ETRN;
	case FOUR('b', 'u', 'r', 'l'): return VERB_BURL;
	case FOUR('a', 'u', 't', 'h'): return VERB_AUTH;
	default: return VERB_UNKNOWN;
	}
}

static enum smtp_verb
one_of(struct slice word, enum smtp_verb a, enum smtp_verb b, enum smtp_verb c)
{
	if (slice_case_eq(word, slice_of(names[a])))
		return a;
	if (slice_case_eq(word, slice_of(names[b])))
		return b;
	if (slice_case_eq(word, slice_of(names[c])))
		return c;
	return VERB_UNKNOWN;
}

static enum smtp_verb
verb_of_word(struct slice word)
{
	unsigned char first = word.n ?
	    ascii_lower((unsigned char)word.p[0]) : '\0';

	if (word.n == 4)
		return verb_of_four(word.p);
	/* All others begin with an X, but for STARTTLS. */
	if (first != 'x' && first != 's')
		return VERB_UNKNOWN;
	switch (word.n) {
	case 6:
		return one_of(word, VERB_XEXPS, VERB_XPROXY, VERB_XPROXY);
	case 7:
		return one_of(word, VERB_XEXCH50, VERB_XCLIENT, VERB_XSHADOW);
	case 8:
		return one_of(word, VERB_STARTTLS, VERB_XFORWARD,
		    VERB_XPROXYTO);
	case 9:
		return one_of(word, VERB_XQDISCARD, VERB_XQDISCARD,
		    VERB_XQDISCARD);
	case 10:
		return one_of(word, VERB_XPROXYFROM, VERB_XPROXYFROM,
		    VERB_XPROXYFROM);
	case 14:
		return one_of(word, VERB_XANONYMOUSTLS, VERB_XSHADOWREQUEST,
		    VERB_XSESSIONPARAMS);
	default:
		return VERB_UNKNOWN;
	}
}

static struct slice
skip_blanks(struct slice s)
{
	while (s.n && ascii_is_blank((unsigned char)s.p[0]))
		s = slice_from(s, 1);
	return s;
}

/* The first word of s; *rest becomes what follows, without blanks. */
static struct slice
first_word(struct slice s, struct slice *rest)
{
	size_t n = 0;

	while (n < s.n && !ascii_is_blank((unsigned char)s.p[n]))
		n++;
	*rest = skip_blanks(slice_from(s, n));
	return slice_head(s, n);
}

/* No verb has so many letters. */
#define LETTERS_MAX 15

enum smtp_verb
verb_parse(struct slice line, struct slice *args)
{
	enum smtp_verb verb;
	const unsigned char *p;
	size_t n = 0;

	if (line.n && (unsigned char)line.p[0] <= ' ')
		line = skip_blanks(line);
	p = (const unsigned char *)line.p;
	/* A CR or a NUL that a log kept is no part of a verb either. */
	if (line.n >= 4 && (line.n == 4 || p[4] <= ' ') &&
	    (verb = verb_of_four(line.p)) != VERB_UNKNOWN) {
		n = 4;
	} else {
		while (n < line.n && p[n] > ' ' && (args || n < LETTERS_MAX))
			n++;
		verb = verb_of_word(slice_head(line, n));
	}
	if (args)
		*args = skip_blanks(slice_from(line, n));
	return verb;
}

const char *
verb_name(enum smtp_verb v)
{
	return (unsigned)v < VERB_COUNT ? names[v] : "";
}

enum smtp_verb
verb_by_name(struct slice name)
{
	if (slice_case_eq(name, SLICE("UNKNOWN")))
		return VERB_UNKNOWN;
	if (name.n == 0)
		return VERB_NONE;
	/* The first letters differ more often than not. */
	for (unsigned v = VERB_NONE + 1; v < VERB_COUNT; v++)
		if (((names[v][0] ^ name.p[0]) & ~0x20) == 0 &&
		    slice_case_eq(name, slice_of(names[v])))
			return (enum smtp_verb)v;
	return VERB_NONE;
}

/* --- paths ---------------------------------------------------------------- */

/* Behind FROM or TO and the colon, which a careless client leaves out. */
static bool
skip_keyword(struct slice *args)
{
	struct slice s = *args;
	bool colon;

	if (slice_case_starts(s, SLICE("FROM")))
		s = slice_from(s, 4);
	else if (slice_case_starts(s, SLICE("TO")))
		s = slice_from(s, 2);
	else
		return false;
	*args = skip_blanks(s);
	colon = args->n && args->p[0] == ':';
	if (colon)
		*args = skip_blanks(slice_from(*args, 1));
	/* FROMAGE is no keyword. */
	return colon || (s.n && (s.p[0] == '<' ||
	    ascii_is_blank((unsigned char)s.p[0])));
}

/*
 * Index of the bracket that closes s, which begins with an opening one; a
 * quoted local part may hold brackets.  -1 when there is none.
 */
static ptrdiff_t
closing_bracket(struct slice s)
{
	bool quoted = false;

	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '\\' && quoted)
			i++;
		else if (s.p[i] == '"')
			quoted = !quoted;
		else if (s.p[i] == '>' && !quoted)
			return (ptrdiff_t)i;
	}
	/* A quote that is never closed is no quote. */
	return quoted ? slice_find_char(s, '>') : -1;
}

/* Without `@relay,@relay:` (RFC 5321, appendix C). */
static struct slice
skip_route(struct slice path)
{
	ptrdiff_t at;

	if (path.n == 0 || path.p[0] != '@')
		return path;
	at = slice_find_char(path, ':');
	return at < 0 ? path : slice_from(path, (size_t)at + 1);
}

bool
verb_path(struct slice args, struct slice *path, struct slice *params)
{
	struct slice rest;
	ptrdiff_t end;

	*path = *params = SLICE_NONE;
	args = skip_blanks(args);
	if (!skip_keyword(&args) || args.n == 0)
		return false;
	if (args.p[0] != '<') {
		*path = skip_route(first_word(args, params));
		return true;
	}
	end = closing_bracket(args);
	if (end < 0) {
		args = skip_blanks(slice_from(args, 1));
		if (args.n == 0)
			return false;
		*path = skip_route(first_word(args, &rest));
	} else {
		*path = slice_head(slice_from(args, 1), (size_t)end - 1);
		*path = skip_route(slice_trim(*path));
		rest = skip_blanks(slice_from(args, (size_t)end + 1));
	}
	*params = rest;
	return true;
}

bool
verb_size(struct slice params, uint64_t *size)
{
	while ((params = skip_blanks(params)).n) {
		struct slice word = first_word(params, &params);

		if (slice_case_starts(word, SLICE("SIZE=")))
			return slice_to_u64(slice_from(word, 5), size);
	}
	return false;
}

bool
verb_bdat(struct slice args, uint64_t *size, bool *last)
{
	struct slice word = first_word(skip_blanks(args), &args);
	uint64_t n;

	args = slice_trim(args);
	*last = slice_case_eq(args, SLICE("LAST"));
	if ((args.n && !*last) || !slice_to_u64(word, &n))
		return false;
	*size = n;
	return true;
}
