/*
 * The gist of a line.  Once for every protocol line of a log.
 */
#include "config.h"

#include "smtp/gist.h"

#include "smtp/reply.h"
#include "smtp/verb.h"

static bool
is_blank(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_blank((unsigned char)s.p[i]) && s.p[i] != '\r')
			return false;
	return true;
}

static bool
is_bdat_last(struct slice text)
{
	struct slice args;
	uint64_t size;
	bool last;

	verb_parse(text, &args);
	return verb_bdat(args, &size, &last) && last;
}

static struct gist
gist_of_command(struct slice text)
{
	enum smtp_verb verb = verb_parse(text, NULL);
	struct gist g = { .verb = (uint8_t)verb };

	if (verb == VERB_BDAT && is_bdat_last(text))
		g.bits |= GIST_BDAT_LAST;
	if (verb != VERB_UNKNOWN)
		return g;
	if (is_blank(text))
		g.bits |= GIST_BLANK;
	if (text.n && text.p[0] == '.' && is_blank(slice_from(text, 1)))
		g.bits |= GIST_DOT;
	return g;
}

struct gist
gist_of(struct slice text)
{
	struct gist g = { .verb = VERB_UNKNOWN };
	bool more = false;
	size_t i = 4;

	g.code = reply_head(text, &more);
	if (!g.code)
		return gist_of_command(text);
	if (more)
		g.bits = GIST_MORE;
	while (i < text.n && ascii_is_blank((unsigned char)text.p[i]))
		i++;
	if (i < text.n)
		enhanced_parse(slice_from(text, i), &g.enhanced, NULL);
	return g;
}
