/*
 * The keys of a format file that hold for the whole format: [format], [words],
 * [detect], [files], [line].
 */
#include "config.h"

#include "format/pattern_build.h"

#include <stdlib.h>

#include "base/mem.h"

/* Without the quotes that keep blanks at its ends. */
static struct slice
unquoted(struct slice s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return (struct slice){ s.p + 1, s.n - 2 };
	return s;
}

/* --- [format] ------------------------------------------------------------------ */

static int
take_name(struct build *b)
{
	struct slice v = b->row->value;

	for (size_t i = 0; i < v.n; i++)
		if (!ascii_is_digit((unsigned char)v.p[i]) &&
		    !(v.p[i] >= 'a' && v.p[i] <= 'z') && v.p[i] != '-')
			return source_row_mistake(&b->p->source, b->row, i,
			    "a name is of small letters, digits and -");
	if (v.n == 0 || v.n > 32)
		return MISTAKE(b, "a name has 1 to 32 letters");
	free(b->p->name);
	b->p->name = mem_slicedup(v);
	return 0;
}

static int
take_title(struct build *b)
{
	free(b->p->title);
	b->p->title = mem_slicedup(b->row->value);
	return 0;
}

static int
take_origin(struct build *b)
{
	free(b->p->origin);
	b->p->origin = mem_slicedup(b->row->value);
	return 0;
}

static int
take_sessions(struct build *b)
{
	enum { KEYED, ONE, GUESSED };
	static const struct choice list[] = { { "keyed", KEYED },
		{ "one-at-a-time", ONE }, { "guessed", GUESSED }, { NULL, 0 } };
	unsigned v;

	if (build_choose_value(b, list, &v) < 0)
		return -1;
	b->p->one_at_a_time = v == ONE;
	b->p->format.guessed = v == GUESSED;
	return 0;
}

static int
take_idle(struct build *b)
{
	struct err err;

	return clock_parse_duration(b->row->value, &b->p->format.idle, &err) < 0
	    ? MISTAKE(b, "%s", err.text) : 0;
}

const struct choice build_sides[] = { { "server", SIDE_SERVER },
	{ "client", SIDE_CLIENT }, { NULL, 0 } };

static int
take_side(struct build *b)
{
	unsigned v;

	if (build_choose_value(b, build_sides, &v) < 0)
		return -1;
	b->p->side = (enum event_side)v;
	return 0;
}

static int
take_bodies(struct build *b)
{
	return build_yes_or_no(b, &b->p->format.bodies_logged);
}

static int
take_frame(struct build *b)
{
	static const struct choice list[] = { { "none", 0 }, { "syslog", 1 },
		{ NULL, 0 } };
	unsigned v;

	if (build_choose_value(b, list, &v) < 0)
		return -1;
	b->p->syslog = v != 0;
	return 0;
}

static int
take_time(struct build *b)
{
	struct pattern *p = b->p;
	struct err err;
	size_t at;

	mem_reserve(&p->time, &p->times_cap, p->ntimes + 1, sizeof *p->time);
	if (timeform_make(&p->time[p->ntimes], b->row->value, &at, &err) < 0)
		return source_row_mistake(&p->source, b->row, at, "%s",
		    err.text);
	if (!p->time[p->ntimes].clocked) {
		timeform_free(&p->time[p->ntimes]);
		return MISTAKE(b, "a day without a time of day");
	}
	p->ntimes++;
	return 0;
}

static int
take_zone(struct build *b)
{
	static const struct choice list[] = { { "local", 0 }, { "utc", 1 },
		{ NULL, 0 } };
	unsigned v;

	if (build_choose_value(b, list, &v) < 0)
		return -1;
	b->p->times_are_utc = v != 0;
	return 0;
}

static int
take_join(struct build *b)
{
	struct slice v = b->row->value;

	b->p->joined = !slice_eq(v, SLICE("lines"));
	b->p->join = slice_eq(v, SLICE("nothing")) ?
	    (struct slice){ "", 0 } : slice_eq(v, SLICE("blank")) ?
	    SLICE(" ") : unquoted(v);
	return 0;
}

static int
take_pipelined(struct build *b)
{
	return build_yes_or_no(b, &b->p->pipelined);
}

static int
take_escapes(struct build *b)
{
	static const struct choice list[] = { { "none", 0 },
		{ "backslash", EVENT_REPR }, { "octal", EVENT_OCTAL },
		{ "plus", EVENT_PLUS }, { "quotes", EVENT_QUOTED },
		{ NULL, 0 } };
	unsigned v;

	if (build_choose_value(b, list, &v) < 0)
		return -1;
	b->p->escapes = (uint16_t)v;
	return 0;
}

/* --- [words], [detect], [files], [line] ----------------------------------------- */

/* The words of a value, parted by blanks: each means `who`. */
static int
take_words(struct build *b, enum who who, bool of_side)
{
	struct pattern *p = b->p;
	struct slice rest = b->row->value, word;

	while (slice_cut(&rest, ' ', &word)) {
		if (word.n == 0)
			continue;
		mem_reserve(&p->word, &p->words_cap, p->nwords + 1,
		    sizeof *p->word);
		p->word[p->nwords++] = (struct word){ word, who, of_side };
	}
	return 0;
}

static int
take_word_in(struct build *b)
{
	return take_words(b, WHO_IN, false);
}

static int
take_word_out(struct build *b)
{
	return take_words(b, WHO_OUT, false);
}

static int
take_word_client(struct build *b)
{
	return take_words(b, WHO_CLIENT, false);
}

static int
take_word_server(struct build *b)
{
	return take_words(b, WHO_SERVER, false);
}

static int
take_word_inbound(struct build *b)
{
	return take_words(b, WHO_SERVER, true);
}

static int
take_word_outbound(struct build *b)
{
	return take_words(b, WHO_CLIENT, true);
}

static int
take_mark(struct build *b)
{
	struct pattern *p = b->p;

	mem_reserve(&p->mark, &p->marks_cap, p->nmarks + 1, sizeof *p->mark);
	p->mark[p->nmarks++] = unquoted(b->row->value);
	return 0;
}

static int
take_least(struct build *b)
{
	return build_number(b, 200, &b->p->least);
}

static int
take_share(struct build *b)
{
	return build_number(b, 100, &b->p->share);
}

static int
take_score(struct build *b)
{
	return build_number(b, 100, &b->p->score);
}

static struct regex *
name_pattern(struct build *b, unsigned *group)
{
	struct regex *x = pattern_compile(b->p, b->row);
	const char *name;

	*group = 0;
	if (x)
		regex_group(x, 0, &name, group);
	return x;
}

static int
take_stream(struct build *b)
{
	regex_free(b->p->stream);
	b->p->stream = name_pattern(b, &b->p->stream_group);
	return b->p->stream && b->p->stream_group <= REGEX_GROUPS ? 0 : -1;
}

static int
take_day(struct build *b)
{
	regex_free(b->p->date_in_name);
	b->p->date_in_name = name_pattern(b, &b->p->date_group);
	return b->p->date_in_name && b->p->date_group <= REGEX_GROUPS ? 0 : -1;
}

static int
take_day_form(struct build *b)
{
	struct err err;
	size_t at;

	timeform_free(&b->p->date);
	if (timeform_make(&b->p->date, b->row->value, &at, &err) < 0)
		return source_row_mistake(&b->p->source, b->row, at, "%s",
		    err.text);
	return b->p->date.dated ? 0 : MISTAKE(b, "a form of a day needs %%d");
}

static int
take_frame_match(struct build *b)
{
	return pattern_add_frame(b->p, b->row);
}

const struct key format_keys[] = {
	{ "format", "name", take_name },
	{ "format", "title", take_title },
	{ "format", "origin", take_origin },
	{ "format", "sessions", take_sessions },
	{ "format", "idle", take_idle },
	{ "format", "side", take_side },
	{ "format", "bodies", take_bodies },
	{ "format", "frame", take_frame },
	{ "format", "time", take_time },
	{ "format", "zone", take_zone },
	{ "format", "join", take_join },
	{ "format", "pipelined", take_pipelined },
	{ "format", "escapes", take_escapes },
	{ "words", "in", take_word_in },
	{ "words", "out", take_word_out },
	{ "words", "client", take_word_client },
	{ "words", "server", take_word_server },
	{ "words", "inbound", take_word_inbound },
	{ "words", "outbound", take_word_outbound },
	{ "detect", "mark", take_mark },
	{ "detect", "least", take_least },
	{ "detect", "share", take_share },
	{ "detect", "score", take_score },
	{ "files", "stream", take_stream },
	{ "files", "day", take_day },
	{ "files", "day-form", take_day_form },
	{ "line", "match", take_frame_match },
	{ NULL, NULL, NULL }
};
