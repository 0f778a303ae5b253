/*
 * The forms of Haraka's log.
 */
#include "config.h"

#include "format/haraka_line.h"

/* --- the default form --------------------------------------------------------- */

/* `[word] ` at the head of *s. */
static bool
cut_bracket(struct slice *s, struct slice *word)
{
	ptrdiff_t end;

	if (s->n < 3 || s->p[0] != '[')
		return false;
	end = slice_find_char(*s, ']');
	if (end < 2 || (size_t)end + 1 >= s->n || s->p[end + 1] != ' ')
		return false;
	*word = slice_from(slice_head(*s, (size_t)end), 1);
	*s = slice_from(*s, (size_t)end + 2);
	return true;
}

static bool
cut_default(struct slice s, struct haraka_line *out)
{
	if (!cut_bracket(&s, &out->level) || !cut_bracket(&s, &out->id) ||
	    !cut_bracket(&s, &out->origin))
		return false;
	/* What was said about nothing has a blank before its values. */
	out->message = out->values = s;
	return true;
}

/* --- named values --------------------------------------------------------------- */

/* Up to the quote that ends a text with escapes; the whole where none does. */
static size_t
quoted_length(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			return i;
		if (s.p[i] == '\\')
			i++;
	}
	return s.n;
}

/* A value at the head of *s: in quotes, or up to `stop`. */
static struct slice
cut_value(struct slice *s, char stop)
{
	struct slice value;
	size_t n;

	if (s->n && s->p[0] == '"') {
		value = slice_from(*s, 1);
		n = quoted_length(value);
		value = slice_head(value, n);
		*s = slice_from(*s, n + 2);
	} else {
		for (n = 0; n < s->n && s->p[n] != stop && s->p[n] != '}'; n++)
			;
		value = slice_head(*s, n);
		*s = slice_from(*s, n);
	}
	return value;
}

/* ` name=value` */
static bool
cut_pair(struct slice *s, struct slice *name, struct slice *value)
{
	ptrdiff_t equals, blank;

	while (s->n && s->p[0] == ' ')
		*s = slice_from(*s, 1);
	equals = slice_find_char(*s, '=');
	if (equals <= 0)
		return false;
	blank = slice_find_char(slice_head(*s, (size_t)equals), ' ');
	if (blank >= 0) {
		/* A word of the message. */
		*s = slice_from(*s, (size_t)blank);
		*name = *value = SLICE_NONE;
		return true;
	}
	*name = slice_head(*s, (size_t)equals);
	*s = slice_from(*s, (size_t)equals + 1);
	*value = cut_value(s, ' ');
	return true;
}

/* `"name":value,` */
static bool
cut_member(struct slice *s, struct slice *name, struct slice *value)
{
	while (s->n && (s->p[0] == ',' || s->p[0] == '{' || s->p[0] == ' '))
		*s = slice_from(*s, 1);
	if (s->n < 2 || s->p[0] != '"')
		return false;
	*name = cut_value(s, ',');
	if (s->n < 1 || s->p[0] != ':')
		return false;
	*s = slice_from(*s, 1);
	*value = cut_value(s, ',');
	return true;
}

struct slice
haraka_value(const struct haraka_line *l, struct slice name)
{
	struct slice rest = l->values, key, value;

	while (l->json ? cut_member(&rest, &key, &value) :
	    cut_pair(&rest, &key, &value))
		if (key.n && slice_eq(key, name))
			return value;
	return SLICE_NONE;
}

/* The four that begin each line of the forms that have nothing but values. */
static bool
cut_values(struct slice s, struct haraka_line *out)
{
	static const struct slice names[] = {
		{ "level", 5 }, { "uuid", 4 }, { "origin", 6 },
		{ "message", 7 },
	};
	struct slice *fields[] = { &out->level, &out->id, &out->origin,
		&out->message };

	for (size_t i = 0; i < 4; i++) {
		struct slice name, value;

		if (!(out->json ? cut_member(&s, &name, &value) :
		    cut_pair(&s, &name, &value)))
			return false;
		/* Releases before 3 said source. */
		if (!slice_eq(name, names[i]) &&
		    !(i == 2 && slice_eq(name, SLICE("source"))))
			return false;
		*fields[i] = value;
	}
	out->escaped = true;
	out->values = s;
	return true;
}

/* --- the line -------------------------------------------------------------------- */

static bool
cut_forms(struct slice s, struct haraka_line *out)
{
	if (s.n < 8)
		return false;
	if (s.p[0] == '[')
		return cut_default(s, out);
	if (s.p[0] == '{') {
		out->json = true;
		return cut_values(s, out);
	}
	return slice_starts(s, SLICE("level=")) && cut_values(s, out);
}

bool
haraka_cut(struct haraka_state *hs, struct slice line,
    struct haraka_line *out)
{
	struct syslog_line sl;
	size_t n;

	*out = (struct haraka_line){ .time = CLOCK_NONE };
	n = iso_stamp(&hs->minute, line, &out->time);
	if (n && n < line.n && line.p[n] == ' ') {
		if (cut_forms(slice_from(line, n + 1), out))
			return true;
	} else if (cut_forms(line, out)) {
		return true;
	}
	if (!syslog_cut(&hs->syslog, line, &sl))
		return false;
	*out = (struct haraka_line){ .time = sl.time, .new_year = sl.new_year };
	return slice_find(sl.program, SLICE("haraka")) >= 0 &&
	    cut_forms(sl.text, out);
}
