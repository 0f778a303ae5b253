/*
 * Lines of a session as they may be shown: what was said in AUTH exchanges is
 * hidden unless it was asked for.
 */
#include "config.h"

#include "index/facts.h"

static const struct slice hidden = { "[hidden]", 8 };

/*
 * The secret part of a line's text; empty when there is none.  The raw twin of
 * AUTH data is as secret as the data.
 */
static struct slice
secret_part(const struct facts *f, const struct fact_line *l)
{
	const struct fact_line *end = f->lines + f->nlines, *said = l;
	struct slice args, rest;

	while (said < end &&
	    (said->role == ROLE_TWIN || said->role == ROLE_TWIN_MORE))
		said++;
	if (said == end || (l->role == ROLE_TWIN_MORE))
		return SLICE_NONE;
	if (said->role == ROLE_AUTH)
		return l->text;
	if (said->role != ROLE_COMMAND ||
	    (said->verb != VERB_AUTH && said->verb != VERB_XEXPS))
		return SLICE_NONE;
	verb_parse(l->text, &args);
	/* AUTH MECHANISM initial-response */
	for (rest = args; rest.n && !ascii_is_blank((unsigned char)rest.p[0]);)
		rest = slice_from(rest, 1);
	return slice_trim(rest);
}

static struct slice
replace(struct slice text, struct slice part, struct buf *tmp)
{
	size_t at = (size_t)(part.p - text.p);

	tmp->n = 0;
	buf_add(tmp, slice_head(text, at));
	buf_add(tmp, hidden);
	buf_add(tmp, slice_from(text, at + part.n));
	return buf_slice(tmp);
}

struct slice
fact_line_text(const struct facts *f, const struct fact_line *l, bool secrets,
    struct buf *tmp)
{
	struct slice part;

	if (secrets)
		return l->text;
	part = secret_part(f, l);
	return part.n ? replace(l->text, part, tmp) : l->text;
}

/* Appends text with every `part` hidden; false when there is none in it. */
static bool
hide_all(struct slice text, struct slice part, struct buf *out)
{
	bool any = false;
	ptrdiff_t at;

	while ((at = slice_find(text, part)) >= 0) {
		any = true;
		buf_add(out, slice_head(text, (size_t)at));
		buf_add(out, hidden);
		text = slice_from(text, (size_t)at + part.n);
	}
	buf_add(out, text);
	return any;
}

/*
 * A line may hold several entries: what must not be seen of one is hidden
 * whichever of them is asked for.
 */
struct slice
fact_raw_text(const struct facts *f, const struct fact_line *l,
    struct slice raw, bool secrets, struct buf *tmp)
{
	const struct fact_line *end = f->lines + f->nlines, *first = l;
	struct buf other = { 0 };
	bool found = true;

	if (secrets)
		return raw;
	while (first > f->lines && first[-1].line == l->line)
		first--;
	for (; found && first < end && first->line == l->line; first++) {
		struct slice part = secret_part(f, first);
		struct buf full = *tmp;

		if (part.n == 0)
			continue;
		other.n = 0;
		found = hide_all(raw, part, &other);
		*tmp = other;
		other = full;
		raw = buf_slice(tmp);
	}
	buf_free(&other);
	return found ? raw : hidden;
}
