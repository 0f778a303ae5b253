/*
 * Matching globs.  Only the last star is ever taken back to, which is enough
 * for a glob and keeps hostile ones from running wild.
 */
#include "config.h"

#include "query/glob.h"

#include "base/utf8.h"

bool
glob_is_plain(struct slice glob)
{
	for (size_t i = 0; i < glob.n; i++) {
		if (glob.p[i] == '\\')
			i++;
		else if (memchr("*?[", glob.p[i], 3))
			return false;
	}
	return true;
}

struct slice
glob_unescape(struct slice glob, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < glob.n; i++) {
		if (glob.p[i] == '\\' && i + 1 < glob.n)
			i++;
		out[n++] = glob.p[i];
	}
	return (struct slice){ out, n };
}

static int32_t
lower(int32_t cp)
{
	return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
}

static int32_t
upper(int32_t cp)
{
	return cp >= 'a' && cp <= 'z' ? cp - 32 : cp;
}

/* One character; a byte that is no UTF-8 stands for itself, apart from all. */
static size_t
next_char(struct slice s, int32_t *cp)
{
	size_t n = utf8_decode(s, cp);

	if (*cp < 0)
		*cp = 0x200000 + (unsigned char)s.p[0];
	return n;
}

/* A character of a class at glob[*i]. */
static int32_t
class_char(struct slice glob, size_t *i)
{
	int32_t cp;

	if (glob.p[*i] == '\\' && *i + 1 < glob.n)
		++*i;
	*i += next_char(slice_from(glob, *i), &cp);
	return cp;
}

static bool
within(int32_t cp, int32_t lo, int32_t hi)
{
	return (lower(cp) >= lo && lower(cp) <= hi) ||
	    (upper(cp) >= lo && upper(cp) <= hi) || (cp >= lo && cp <= hi);
}

/* The class at glob[0]; its length, or 0 where a `[` is never closed. */
static size_t
class_match(struct slice glob, int32_t cp, bool *matches)
{
	size_t i = 1;
	bool negated = false, found = false, first = true;

	if (i < glob.n && (glob.p[i] == '!' || glob.p[i] == '^')) {
		negated = true;
		i++;
	}
	for (; i < glob.n && (first || glob.p[i] != ']'); first = false) {
		int32_t lo = class_char(glob, &i), hi = lo;

		if (i + 1 < glob.n && glob.p[i] == '-' &&
		    glob.p[i + 1] != ']') {
			i++;
			hi = class_char(glob, &i);
		}
		found = found || within(cp, lo, hi);
	}
	if (i >= glob.n)
		return 0;
	*matches = found != negated;
	return i + 1;
}

/*
 * What stands at the head of both (neither a star): true when they match, and
 * then the bytes they take.
 */
static bool
match_one(struct slice glob, struct slice text, size_t *glob_n, size_t *text_n)
{
	int32_t cp;
	size_t n = next_char(text, &cp), used;
	bool matches;

	if (glob.p[0] == '?') {
		*glob_n = 1;
		*text_n = n;
		return true;
	}
	if (glob.p[0] == '[' && (used = class_match(glob, cp, &matches))) {
		*glob_n = used;
		*text_n = n;
		return matches;
	}
	*glob_n = glob.p[0] == '\\' && glob.n > 1 ? 2 : 1;
	*text_n = 1;
	return ascii_lower((unsigned char)glob.p[*glob_n - 1]) ==
	    ascii_lower((unsigned char)text.p[0]);
}

bool
glob_match(struct slice glob, struct slice text)
{
	struct slice star = SLICE_NONE, again = SLICE_NONE;
	size_t g, t;

	while (text.n) {
		if (glob.n && glob.p[0] == '*') {
			glob = slice_from(glob, 1);
			if (glob.n == 0)
				return true;
			star = glob;
			again = text;
		} else if (glob.n && match_one(glob, text, &g, &t)) {
			glob = slice_from(glob, g);
			text = slice_from(text, t);
		} else if (star.p) {
			again = slice_from(again, 1);
			glob = star;
			text = again;
		} else {
			return false;
		}
	}
	while (glob.n && glob.p[0] == '*')
		glob = slice_from(glob, 1);
	return glob.n == 0;
}
